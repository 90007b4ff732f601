import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.render import excel
from peerreview.tables import reading, writing
from tests.builders import make, make_records

TITLE = "Peer support workers in mental health services"
CLI = CliRunner()


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with four records: two are one work, one may be the same, one is another."""
    monkeypatch.chdir(tmp_path)
    records = make_records(
        title=[TITLE, TITLE.upper(), TITLE, "Supervision of lived experience staff"],
        authors=["Reeves, Ann; Singh, Bo"] * 4,
        year=["2019", "2019", "2021", "2019"],
        doi=["10.5555/a", "10.5555/a", "", ""],
        volume=["3", "3", "4", "9"],
        source=["Scopus", "Embase", "Scopus", "Embase"],
    )
    writing.write(records, tmp_path / "records.csv")
    return tmp_path


def pair(verdict: str, one: str = "r3", other: str = "r1") -> pd.DataFrame:
    return make(tables.OVERRIDE, record_id=[one], duplicate_of=[other], verdict=[verdict])


def make_possible(review: Path) -> None:
    records = reading.read(review / "records.csv", tables.RECORDS)
    records.loc[2, "year"] = "2020"
    writing.write(records, review / "records.csv")


def test_outputs_lie_beside_each_other(review: Path) -> None:
    result = CLI.invoke(app, ["dedupe", "records.csv", "-o", "out/unique.csv"])

    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert reading.read(review / "out/unique.csv", tables.UNIQUE)["record_id"].tolist() == ["r1", "r3", "r4"]
    removed = reading.read(review / "out/duplicates.csv", tables.DUPLICATES)
    assert removed[removed["verdict"] == "duplicate"]["record_id"].tolist() == ["r2"]
    assert (review / "out/possible.csv").exists()
    assert "4 records: 1 duplicate removed, 3 kept" in result.stderr
    assert "Embase" in result.stderr


@pytest.mark.parametrize("name", ["possible.csv", "possible.xlsx"])
def test_verdicts_that_people_wrote_beside_pairs_are_not_written_over(review: Path, name: str) -> None:
    make_possible(review)
    CLI.invoke(app, ["dedupe", "--possible", "possible.csv"])
    pairs = reading.read_raw(review / "possible.csv")
    pairs["verdict"] = "distinct"
    judged = review / name
    if name.endswith(".csv"):
        writing.write(pairs, judged)
    else:
        judged.write_bytes(excel.form(pairs, {"verdict": tables.OVERRIDES}))
    before = judged.read_bytes()

    refused = CLI.invoke(app, ["dedupe", "--possible", name])
    writing.write(pairs, review / "overrides.csv")
    taken = CLI.invoke(app, ["dedupe", "--possible", name])

    assert refused.exit_code == 1
    assert f"{name}: 1 verdict stands here and not in overrides.csv; run dedupe --resolve" in refused.stderr
    assert before != judged.read_bytes()
    assert taken.exit_code == 0, taken.stderr


@pytest.mark.parametrize("name", ["possible.csv", "possible.xlsx"])
def test_verdicts_beside_pairs_are_taken_into_the_overrides(review: Path, name: str) -> None:
    make_possible(review)
    (review / "overrides.csv").write_text("record_id;duplicate_of;verdict;by\nr4;r1;distinct;ben\n")
    CLI.invoke(app, ["dedupe", "--possible", name])
    pairs = reading.read_raw(review / name).assign(verdict="Duplicate", why="the same trial")
    filled = writing.to_csv(pairs).encode()
    workbook = excel.form(pairs, {"verdict": tables.OVERRIDES})
    (review / name).write_bytes(filled if name.endswith(".csv") else workbook)

    result = CLI.invoke(app, ["dedupe", "--resolve", name, "--possible", name, "--by", "ana"])

    assert result.exit_code == 0, result.stderr
    assert "1 verdict went to overrides.csv" in result.stderr
    written = (review / "overrides.csv").read_text().splitlines()
    assert written[1].startswith("r4;r1;distinct;ben")
    assert written[2] == "r3;r1;duplicate;ana;the same trial"
    assert reading.read(review / "unique.csv", tables.UNIQUE)["record_id"].tolist() == ["r1", "r4"]
    assert reading.read_raw(review / name).empty


@pytest.mark.slow
def test_a_verdict_taken_before_is_taken_once(review: Path) -> None:
    make_possible(review)
    CLI.invoke(app, ["dedupe"])
    pairs = reading.read_raw(review / "possible.csv").assign(verdict="distinct")
    writing.write(pairs, review / "judged.csv")
    for _ in range(2):
        result = CLI.invoke(app, ["dedupe", "--resolve", "judged.csv"])

    assert "0 verdicts went to overrides.csv" in result.stderr
    assert len(reading.read(review / "overrides.csv", tables.OVERRIDE)) == 1


@pytest.mark.parametrize(
    ("verdicts", "message"),
    [
        (["same", ""], "possible.csv:2: verdict 'same' is not duplicate, distinct, all duplicate or all"),
        (
            ["duplicate", "all distinct"],
            "possible.csv:2: verdict 'distinct' here, and 'duplicate' in",
        ),
        (["", "duplicate"], "possible.csv:3: verdict 'duplicate' here, and 'distinct' in the overrides"),
    ],
)
def test_a_verdict_that_is_none_or_contradicts_another_is_told_by_line(
    review: Path, verdicts: list[str], message: str
) -> None:
    writing.write(pair("distinct", one="r4", other="r1"), review / "overrides.csv")
    pairs = make(
        tables.POSSIBLE,
        record_id=["r3", "r4"],
        duplicate_of=["r1", "r1"],
        verdict=verdicts,
        group=["1", "1"],
    )
    writing.write(pairs, review / "possible.csv")

    result = CLI.invoke(app, ["dedupe", "--resolve", "possible.csv"])

    assert result.exit_code == 1
    assert message in result.stderr
    assert not (review / "unique.csv").exists()
    assert len(reading.read(review / "overrides.csv", tables.OVERRIDE)) == 1


def test_verdicts_that_are_not_in_the_file_taken_are_not_written_over(review: Path) -> None:
    make_possible(review)
    CLI.invoke(app, ["dedupe"])
    pairs = reading.read_raw(review / "possible.csv")
    writing.write(pairs.assign(verdict="distinct"), review / "possible.csv")
    writing.write(pairs, review / "other.csv")

    result = CLI.invoke(app, ["dedupe", "--resolve", "other.csv"])

    assert result.exit_code == 1
    assert "possible.csv: 1 verdict stands here and not in overrides.csv" in result.stderr


def test_an_answer_about_an_unknown_record_is_told_where_it_stands(review: Path) -> None:
    possible = make(tables.POSSIBLE, record_id=["r9"], duplicate_of=["r1"], verdict=["distinct"])
    writing.write(possible, review / "possible.csv")

    result = CLI.invoke(app, ["dedupe", "--resolve", "possible.csv"])

    assert result.exit_code == 1
    assert "possible.csv:2: record_id 'r9' is not in the records" in result.stderr
    assert not (review / "overrides.csv").exists()


@pytest.mark.usefixtures("review")
def test_pairs_are_judged_in_one_way_at_a_time() -> None:
    result = CLI.invoke(app, ["dedupe", "--resolve", "records.csv", "--explain", "r1", "r2"])

    assert result.exit_code == 2
    assert "--explain, --review and --resolve are one at a time" in result.stderr


def test_unique_records_are_not_searched_again(review: Path) -> None:
    CLI.invoke(app, ["dedupe"])

    result = CLI.invoke(app, ["dedupe", "unique.csv", "-o", "again.csv"])

    assert result.exit_code == 1
    assert "unique.csv: holds unique records; name the records that import wrote" in result.stderr
    assert not (review / "again.csv").exists()


def test_a_title_that_is_a_formula_runs_nothing_where_people_judge_pairs(review: Path) -> None:
    make_possible(review)
    records = reading.read(review / "records.csv", tables.RECORDS)
    records["title"] = [f"=HYPERLINK({title})" for title in records["title"]]
    writing.write(records, review / "records.csv")

    CLI.invoke(app, ["dedupe"])

    pairs = reading.read_raw(review / "possible.csv")
    assert len(pairs) > 0
    assert all(title.startswith("'=HYPERLINK(") for title in pairs["title"])


def test_a_source_that_is_a_formula_runs_nothing_in_the_summary(review: Path) -> None:
    records = reading.read(review / "records.csv", tables.RECORDS)
    writing.write(records.assign(source="=cmd()"), review / "records.csv")

    CLI.invoke(app, ["dedupe", "--summary", "counts.csv"])

    assert reading.read_raw(review / "counts.csv")["source"].tolist() == ["'=cmd()"]


def test_a_pair_of_odd_ids_is_copied_from_possible_to_overrides_as_it_stands(review: Path) -> None:
    make_possible(review)
    records = reading.read(review / "records.csv", tables.RECORDS)
    records["record_id"] = [f"={each}" for each in records["record_id"]]
    writing.write(records, review / "records.csv")
    CLI.invoke(app, ["dedupe"])
    pairs = reading.read_raw(review / "possible.csv").assign(verdict="distinct")
    writing.write(pairs, review / "possible.csv")
    writing.write(pairs[["record_id", "duplicate_of", "verdict"]], review / "overrides.csv")

    result = CLI.invoke(app, ["dedupe"])

    assert pairs["record_id"].str.startswith("'=").all()
    assert result.exit_code == 0, result.stderr
    assert reading.read_raw(review / "possible.csv").empty


def test_unique_records_are_a_table(review: Path) -> None:
    result = CLI.invoke(app, ["dedupe", "records.csv", "-o", "unique.xlsx"])

    assert result.exit_code == 2
    assert "unique.xlsx: a table is written as .csv or .parquet, or to -" in result.stderr
    assert not (review / "duplicates.csv").exists()


@pytest.mark.parametrize(
    ("option", "name", "suffixes"),
    [("--possible", "pairs.doc", ".csv or .xlsx"), ("--summary", "counts.txt", ".csv or .json")],
)
def test_lists_of_pairs_and_counts_have_a_form_by_their_name(
    review: Path, option: str, name: str, suffixes: str
) -> None:
    result = CLI.invoke(app, ["dedupe", "records.csv", option, name])

    assert result.exit_code == 2
    assert f"{name}: {option} is written as {suffixes}" in result.stderr
    assert not (review / "unique.csv").exists()


def test_overrides_are_read_where_they_lie(review: Path) -> None:
    writing.write(pair("duplicate"), review / "overrides.csv")

    result = CLI.invoke(app, ["dedupe"])

    assert "read overrides.csv" in result.stderr
    assert reading.read(review / "unique.csv", tables.UNIQUE)["record_id"].tolist() == ["r1", "r4"]


def test_an_override_of_an_unknown_record_is_told_with_file_and_line(review: Path) -> None:
    writing.write(pair("distinct", other="r9"), review / "overrides.csv")

    result = CLI.invoke(app, ["dedupe"])

    assert result.exit_code == 1
    assert result.stderr.endswith("overrides.csv:2: record_id 'r9' is not in the records\n")
    assert not (review / "unique.csv").exists()


@pytest.mark.usefixtures("review")
def test_overrides_that_were_named_must_be_there() -> None:
    result = CLI.invoke(app, ["dedupe", "--overrides", "nowhere.csv"])

    assert result.exit_code == 1
    assert result.stderr == "nowhere.csv: no such file\n"


def test_a_rules_file_may_take_the_place_of_the_rules(review: Path) -> None:
    rules = '[[rule]]\nname = "x"\nwhy = "y"\nverdict = "duplicate"\ntitle = ">= 0.9"\n'
    (review / "rules.toml").write_text(rules)

    CLI.invoke(app, ["dedupe", "--rules", "rules.toml"])

    assert reading.read(review / "unique.csv", tables.UNIQUE)["record_id"].tolist() == ["r1", "r4"]


def test_a_rule_of_one_s_own_that_does_not_decide_its_example_is_told(review: Path) -> None:
    rules = '[[rule]]\nname = "x"\nwhy = "y"\nverdict = "duplicate"\ntitle = ">= 0.9"\n'
    (review / "rules.toml").write_text(f'{rules}decides = [{{ title = "a" }}, {{ title = "b" }}]\n')

    result = CLI.invoke(app, ["dedupe", "--rules", "rules.toml"])

    assert result.exit_code == 0, result.stderr
    assert "rules.toml: rule 'x' does not decide its example: no rule decides it" in result.stderr


def test_a_wrong_rule_is_told_with_file_and_line(review: Path) -> None:
    rules = '[[rule]]\nname = "x"\nwhy = "y"\nverdict = "duplicate"\ntitle = "nearly"\n'
    (review / "rules.toml").write_text(rules)

    result = CLI.invoke(app, ["dedupe", "--rules", "rules.toml"])

    assert result.exit_code == 1
    assert result.stderr.startswith("rules.toml:5: title = 'nearly' is not one of")


def test_records_without_titles_are_refused(review: Path) -> None:
    writing.write(make_records(title=["", ""], doi=["10.5555/a"] * 2), review / "records.csv")

    result = CLI.invoke(app, ["dedupe"])

    assert result.exit_code == 1
    assert result.stderr.startswith("records.csv:2: no record here has a title")


def test_a_pair_is_explained_on_standard_output(review: Path) -> None:
    result = CLI.invoke(app, ["dedupe", "--explain", "r1", "r2"])

    assert "verdict: duplicate, by the rule 'same DOI'" in result.stdout
    assert "in the run: one work; r1 is kept" in result.stdout
    assert not (review / "unique.csv").exists()


def test_an_explanation_says_what_people_said(review: Path) -> None:
    writing.write(pair("distinct", one="r2"), review / "overrides.csv")

    result = CLI.invoke(app, ["dedupe", "--explain", "r2", "r1"])

    assert "people say: distinct" in result.stdout
    assert "two works" in result.stdout


@pytest.mark.parametrize(
    ("ids", "status", "message"),
    [
        (("r1", "r9"), 1, "records.csv: record_id 'r9' is not in the records"),
        (("r1", "r1"), 2, "--explain takes two records"),
    ],
)
@pytest.mark.usefixtures("review")
def test_only_two_known_records_can_be_explained(ids: tuple[str, str], status: int, message: str) -> None:
    result = CLI.invoke(app, ["dedupe", "--explain", *ids])

    assert status == result.exit_code
    assert message in result.stderr


def test_what_is_new_since_a_round_is_printed(review: Path) -> None:
    records = reading.read(review / "records.csv", tables.RECORDS)
    records["round"] = ["1", "2", "1", "2"]
    writing.write(records, review / "records.csv")

    result = CLI.invoke(app, ["dedupe", "--since", "2"])

    assert [line.split(",")[0] for line in result.stdout.splitlines()[1:]] == ["r4"]
    assert "1 record is new to screen since round 2" in result.stderr


@pytest.mark.usefixtures("review")
def test_data_and_a_list_cannot_both_be_printed() -> None:
    assert CLI.invoke(app, ["dedupe", "--since", "2", "-o", "-"]).exit_code == 2


def test_a_record_that_joins_two_kept_ones_is_told(review: Path) -> None:
    records = make_records(
        title=[TITLE, "Peer work", TITLE],
        authors=["Reeves, A"] * 3,
        doi=["10.5555/a", "10.5555/a", "10.5555/a"],
        pmid=["", "77", "77"],
        round=["1", "1", "2"],
    )
    writing.write(records, review / "records.csv")
    words = pd.concat([pair("duplicate", "r3", "r2"), pair("duplicate", "r3", "r1")])
    writing.write(words, review / "overrides.csv")

    result = CLI.invoke(app, ["dedupe"])

    assert "r2 is now a duplicate of r1: its votes count for that" in result.stderr


def test_the_summary_is_written_as_asked(review: Path) -> None:
    CLI.invoke(app, ["dedupe", "--summary", "summary.json"])
    CLI.invoke(app, ["dedupe", "--summary", "summary.csv"])

    assert json.loads((review / "summary.json").read_text())["removed"] == 1
    assert (review / "summary.csv").read_text().startswith("source,source_kinds,found,within,across,unique")


def test_possible_pairs_can_be_a_workbook(review: Path) -> None:
    pytest.importorskip("openpyxl")
    make_possible(review)

    result = CLI.invoke(app, ["dedupe", "--possible", "possible.xlsx"])

    assert result.exit_code == 0, result.stderr
    assert (review / "possible.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.usefixtures("review")
def test_review_without_a_terminal_is_refused() -> None:
    result = CLI.invoke(app, ["dedupe", "--review"])

    assert result.exit_code == 2
    assert result.stderr == "--review asks questions and needs a terminal; without one, judge possible.csv\n"


@pytest.mark.usefixtures("review")
def test_review_needs_a_file_to_write() -> None:
    result = CLI.invoke(app, ["dedupe", "--review", "-o", "-"])

    assert result.exit_code == 2
    assert result.stderr == "--review talks on the terminal; -o names a file\n"


@pytest.mark.parametrize("option", ["--output", "--summary", "--possible"])
def test_no_output_takes_the_place_of_the_records(review: Path, option: str) -> None:
    before = (review / "records.csv").read_bytes()

    result = CLI.invoke(app, ["dedupe", option, "records.csv"])

    assert result.exit_code == 2
    assert before == (review / "records.csv").read_bytes()


def test_the_overlap_of_many_sources_is_left_to_the_summary(review: Path) -> None:
    sources = [f"Database {number}" for number in range(30)]
    writing.write(
        make_records(title=[f"{TITLE} {s}" for s in sources], source=sources), review / "records.csv"
    )

    result = CLI.invoke(app, ["dedupe"])

    assert "30 sources: --summary FILE has what each shares with the others" in result.stderr
    assert max(map(len, result.stderr.splitlines())) < 100


@pytest.fixture
def conference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    records = make_records(
        title=["Routes of letters in towns on rivers"] * 2,
        authors=["Ek, Bo", "Ek, Bo"],
        year=["2010", "2010"],
        journal=["PeerDays", "Symposium of Routes"],
    )
    writing.write(records, tmp_path / "records.csv")
    return tmp_path


def test_venues_that_people_call_one_are_one(conference: Path) -> None:
    (conference / "venues.csv").write_text("venue,same_as,verdict\nSymposium of Routes,PeerDays,same\n")

    result = CLI.invoke(app, ["dedupe", "--summary", "summary.json"])
    explained = CLI.invoke(app, ["dedupe", "--explain", "r1", "r2"])

    assert len((conference / "unique.csv").read_text().splitlines()) == 2
    assert "'peerdays' is the same venue as 'symposium routes': people say so" in result.stderr
    assert "'peerdays' is the same venue as 'symposium routes': people say so" in explained.stdout
    assert "verdict: duplicate" in explained.stdout
    said = json.loads((conference / "summary.json").read_text())["venues"]
    assert [(row["venue"], row["same_as"]) for row in said] == [("peerdays", "symposium routes")]


def test_a_file_of_venues_that_is_not_there_is_told(conference: Path) -> None:
    result = CLI.invoke(app, ["dedupe", "--venues", "names.csv"])

    assert (result.exit_code, (conference / "unique.csv").exists()) == (1, False)
    assert result.stderr.startswith("names.csv: no such file")
