import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests.builders import make

Run = Callable[..., Result]
HEADER = "record_id,reviewer,stage,decision,reason,decided_at\n"
BOTH = "r1,{0},title_abstract,include,,\nr2,{0},title_abstract,exclude,,\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run ``peerreview`` in a review of four records that ana and bo screen."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "decisions").mkdir()
    unique = make(
        tables.UNIQUE,
        record_id=["r1", "r2", "r3", "r4"],
        title=["One", "Two", "Three", "=Four"],
        source_kinds=["database"] * 4,
    )
    writing.write(unique, tmp_path / "unique.csv")
    _vote("ana", BOTH.format("ana"))
    _vote("bo", BOTH.format("bo") + "r3,bo,title_abstract,include,,\n")
    return lambda *arguments: CliRunner().invoke(app, [*arguments])


def _vote(name: str, rows: str) -> None:
    Path(f"decisions/{name}.csv").write_text(HEADER + rows, encoding="utf-8")


def _outcomes() -> list[str]:
    table = reading.read(Path("screening.csv"), tables.SCREENING)
    columns = ("record_id", "stage", "outcome")
    return [" ".join(cells) for cells in zip(*(table[column] for column in columns), strict=True)]


def test_votes_in_the_folder_are_settled_where_none_are_named(run: Run) -> None:
    result = run("screen")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "read decisions/ana.csv, decisions/bo.csv" in result.stderr
    assert _outcomes() == [
        "r1 title_abstract include",
        "r1 full_text pending",
        "r2 title_abstract exclude",
        "r3 title_abstract pending",
        "r4 title_abstract pending",
    ]


def test_the_order_of_files_changes_nothing(run: Run) -> None:
    run("screen", "unique.csv", "decisions/ana.csv", "decisions/bo.csv")
    first = Path("screening.csv").read_bytes()

    run("screen", "unique.csv", "decisions/bo.csv", "decisions/ana.csv", "decisions/ana.csv")

    assert Path("screening.csv").read_bytes() == first


def test_check_writes_nothing_and_says_what_is_open(run: Run) -> None:
    result = run("screen", "--check")

    assert result.exit_code == 3
    assert "3 records wait" in result.stderr
    assert not Path("screening.csv").exists()


def test_a_review_without_a_vote_is_unfinished_and_not_at_fault(run: Run) -> None:
    for path in Path("decisions").iterdir():
        path.unlink()

    for named in ([], ["unique.csv", "decisions/*.csv"]):
        result = run("screen", *named, "--check")
        assert result.exit_code == 3
        assert "4 records wait" in result.stderr
    assert run("screen").exit_code == 1


def test_one_open_record_is_told_as_one(run: Run) -> None:
    _vote("cy", "r3,cy,title_abstract,include,,\nr4,cy,title_abstract,exclude,,\nr3,cy,full_text,include,,\n")
    _vote("di", "r4,di,title_abstract,exclude,,\nr3,di,full_text,include,,\nr1,di,full_text,include,,\n")

    assert "1 record waits" in run("screen", "--check").stderr


@pytest.mark.slow
def test_an_answered_conflict_is_kept_for_ever(run: Run) -> None:
    _vote("cy", "r2,cy,title_abstract,include,,\n")
    run("screen")
    conflicts = reading.read(Path("conflicts.csv"), tables.CONFLICTS)
    assert conflicts["votes"].tolist() == ["ana: exclude; bo: exclude; cy: include"]
    conflicts["decision"], conflicts["reviewer"] = "exclude", "zed"
    writing.write(conflicts, Path("conflicts.csv"))

    refused = run("screen")
    assert refused.exit_code == 1
    assert "conflicts.csv:2: this answer is in no decisions file yet" in refused.stderr

    taken = run("screen", "--resolve", "conflicts.csv")
    assert taken.exit_code == 0, taken.stderr
    assert "r2 title_abstract exclude" in _outcomes()
    assert reading.read(Path("conflicts.csv"), tables.CONFLICTS).empty
    kept = Path("decisions/resolutions.csv").read_bytes()
    assert b"r2,zed,title_abstract,exclude,,adjudicator" in kept

    again = run("screen")
    assert again.exit_code == 0, again.stderr
    assert Path("decisions/resolutions.csv").read_bytes() == kept


@pytest.mark.slow
def test_another_answer_is_appended_to_the_resolutions(run: Run) -> None:
    _vote("cy", "r2,cy,title_abstract,include,,\nr1,cy,title_abstract,exclude,,\n")
    for record_id in ("r1", "r2"):
        run("screen")
        conflicts = reading.read(Path("conflicts.csv"), tables.CONFLICTS)
        conflicts.loc[conflicts["record_id"] == record_id, "decision"] = "include"
        writing.write(conflicts, Path("answers.csv"))
        assert run("screen", "--resolve", "answers.csv").exit_code == 0

    resolutions = reading.read(Path("decisions/resolutions.csv"), tables.VOTES)
    assert resolutions["record_id"].tolist() == ["r1", "r2"]
    assert resolutions["role"].tolist() == ["consensus", "consensus"]


def test_faults_are_told_by_file_and_line_and_nothing_is_written(run: Run) -> None:
    _vote(
        "cy",
        "r9,cy,title_abstract,include,,\n\nr1,cy,title_abstract,include,,\nr8,cy,title_abstract,exclude,,\n",
    )

    result = run("screen")

    assert result.exit_code == 1
    assert "decisions/cy.csv:2: record_id 'r9' is not among the records of this review" in result.stderr
    assert "decisions/cy.csv:5: record_id 'r8'" in result.stderr
    assert not Path("screening.csv").exists()


def test_a_value_that_is_no_decision_is_told(run: Run) -> None:
    _vote("cy", "r1,cy,title_abstract,perhaps,,\n")

    result = run("screen")

    assert result.exit_code == 1
    assert "decisions/cy.csv:2: decision 'perhaps' is not" in result.stderr


def test_files_of_different_stages_are_told(run: Run) -> None:
    _vote("ana", "r1,ana,title_abstract,include,,\n")
    _vote("bo", "r1,bo,full_text,include,,\n")

    result = run("screen")

    assert result.exit_code == 1
    assert "decisions/ana.csv:2: reviewers vote at different stages" in result.stderr
    assert "decisions/bo.csv:2: reviewers vote at different stages" in result.stderr


def test_a_review_without_votes_says_where_they_belong(run: Run) -> None:
    for path in Path("decisions").iterdir():
        path.unlink()

    result = run("screen")

    assert result.exit_code == 1
    assert result.stderr == "decisions/*.csv: no decisions; name the files, or put them there\n"


def test_a_merged_record_takes_its_votes_along(run: Run) -> None:
    merged = make(tables.DUPLICATES, record_id=["r3"], duplicate_of=["r1"], verdict=["duplicate"])
    unique = reading.read(Path("unique.csv"), tables.UNIQUE)
    writing.write(merged, Path("duplicates.csv"))
    writing.write(unique[unique["record_id"] != "r3"], Path("unique.csv"))

    result = run("screen")

    assert "decisions/bo.csv, duplicates.csv\n" in result.stderr
    assert "r1 title_abstract include" in _outcomes()


def test_status_tells_who_has_what_left(run: Run) -> None:
    found = json.loads(run("screen", "--status", "--json").stdout)["stages"][0]

    assert found["n_awaiting_second"] == 1
    assert found["n_without_votes"] == 1
    assert found["reviewers"] == [
        {"reviewer": "ana", "done": 2, "left": 2, "conflicts": 0, "awaiting": 0},
        {"reviewer": "bo", "done": 3, "left": 1, "conflicts": 0, "awaiting": 1},
    ]


def test_a_reviewer_s_name_in_brackets_is_shown_as_it_is(run: Run) -> None:
    _vote("al", BOTH.format("[/red]Al :x:"))

    result = run("screen", "--status")

    assert result.exit_code == 0, result.exception
    assert "[/red]Al :x:" in result.stdout


def test_a_form_says_how_its_votes_are_taken(run: Run) -> None:
    told = run("screen", "--form", "cy", "-o", "cy's form.csv").stderr
    form = reading.read_raw(Path("cy's form.csv"))
    writing.write(form.assign(decision=["include", ""]), Path("cy's form.csv"))

    command = shlex.split(told.splitlines()[-1].partition(": peerreview ")[2])

    assert command == ["decisions", "cy's form.csv", "-o", "decisions/cy's form.csv"]
    assert run(*command).exit_code == 0
    assert run("screen").exit_code == 0


def test_status_is_a_table_for_people_and_a_file_for_programs(run: Run) -> None:
    shown = run("screen", "--status")
    run("screen", "--status", "-o", "status.json")

    assert "title_abstract: 4 records (1 include, 1 exclude, 2 pending)" in " ".join(shown.stdout.split())
    assert json.loads(Path("status.json").read_text())["schema"] == "peerreview/screening-status/1"
    assert not Path("screening.csv").exists()


def test_a_form_holds_the_records_left_and_comes_back_as_votes(run: Run) -> None:
    assert run("screen", "--form", "ana", "-o", "form.csv").exit_code == 0
    form = reading.read_raw(Path("form.csv"))
    assert sorted(form["record_id"]) == ["r3", "r4"]
    assert "bo" not in Path("form.csv").read_text()

    form["decision"] = ["Yes" if record_id == "r3" else "" for record_id in form["record_id"]]
    writing.write(form, Path("form.csv"))
    taken = run("decisions", "form.csv", "--records", "unique.csv", "-o", "decisions/ana-2.csv")

    assert taken.exit_code == 0, taken.stderr
    assert run("screen").exit_code == 0
    assert "r3 title_abstract include" in _outcomes()


def test_a_form_in_a_workbook_offers_the_allowed_values(run: Run) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    Path("peerreview.toml").write_text('[screening]\nreasons = ["population"]\n', encoding="utf-8")
    run("screen", "--form", "ana", "-o", "form.xlsx")
    first = Path("form.xlsx").read_bytes()
    book = openpyxl.load_workbook("form.xlsx")

    rules = book["form"].data_validations.dataValidation
    assert [str(rule.sqref) for rule in rules] == ["A2:A3", "B2:B3", "D2:D3"]
    assert [cell.value for cell in book["allowed"]["A"]] == ["include", "exclude", "maybe"]
    titles = {cell.value: cell.data_type for cell in book["form"]["E"][1:]}
    assert titles == {"Three": "s", "=Four": "s"}

    for row in book["form"].iter_rows(min_row=2):
        row[0].value = "include"
    book.save("filled.xlsx")
    taken = run("decisions", "filled.xlsx", "--records", "unique.csv", "-o", "decisions/ana-2.csv")
    assert taken.exit_code == 0, taken.stderr
    assert len(reading.read(Path("decisions/ana-2.csv"), tables.VOTES)) == 2

    run("screen", "unique.csv", "decisions/ana.csv", "decisions/bo.csv", "--form", "ana", "-o", "form.xlsx")
    assert Path("form.xlsx").read_bytes() == first


def test_each_reviewer_has_an_order_of_their_own(run: Run) -> None:
    unique = make(tables.UNIQUE, record_id=[f"r{n}" for n in range(30)], source_kinds=["database"] * 30)
    writing.write(unique, Path("unique.csv"))
    orders = []
    for name, seed in (("cy", ()), ("cy", ()), ("di", ()), ("cy", ("--seed", "1"))):
        run("screen", "--form", name, "-o", "form.csv", *seed)
        orders.append(reading.read_raw(Path("form.csv"))["record_id"].tolist())

    assert orders[0] == orders[1]
    assert orders[0] not in (orders[2], orders[3])
    assert sorted(orders[0]) == sorted(orders[2])


@pytest.mark.parametrize(
    "arguments",
    [
        ("--form", "ana"),
        ("--status", "--check"),
        ("--form", "ana", "-o", "form.txt"),
        ("--status", "-o", "status.txt"),
    ],
)
def test_options_that_do_not_go_together_are_a_usage_error(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("screen", *arguments).exit_code == 2


def test_an_outcome_is_not_laid_among_the_votes(run: Run) -> None:
    result = run("screen", "-o", "decisions/screening.csv")

    assert result.exit_code == 2
    assert "decisions/ holds votes" in result.stderr
    assert not Path("decisions/conflicts.csv").exists()


@pytest.mark.parametrize("name", ["screening.xyz", "screening", "screening.xlsx", "screening.tsv"])
def test_an_outcome_is_not_written_as_what_it_is_not(run: Run, name: str) -> None:
    result = run("screen", "-q", "-o", name)

    assert result.exit_code == 2
    assert f"{name}: a table is written as .csv or .parquet, or to -; name such a file" in result.stderr
    assert not Path(name).exists()
    assert not Path("conflicts.csv").exists()


def test_answers_are_not_said_to_be_kept_before_they_are(run: Run) -> None:
    _vote("cy", "r2,cy,title_abstract,include,,\n")
    run("screen")
    conflicts = reading.read(Path("conflicts.csv"), tables.CONFLICTS)
    conflicts["decision"], conflicts["reviewer"] = "exclude", "zed"
    writing.write(conflicts, Path("conflicts.csv"))
    conflicts["decision"] = "include"
    writing.write(conflicts, Path("other.csv"))

    result = run("screen", "--resolve", "other.csv")

    assert result.exit_code == 1
    assert "conflicts.csv:2: this answer is in no decisions file yet" in result.stderr
    assert "go to" not in result.stderr
    assert not Path("decisions/resolutions.csv").exists()


def test_a_review_without_votes_is_told_so(run: Run) -> None:
    for name in ("ana", "bo"):
        Path(f"decisions/{name}.csv").unlink()

    for arguments in ((), ("unique.csv", "decisions/*.csv")):
        result = run("screen", *arguments)
        assert result.exit_code == 1
        assert result.stderr == "decisions/*.csv: no decisions; name the files, or put them there\n"
    assert "read 0 files" not in run("screen", "--status").stderr


def test_conflicts_of_a_stream_lie_in_the_working_folder(run: Run) -> None:
    for output in ("-", os.devnull):
        assert run("screen", "-q", "-o", output).exit_code == 0
        assert Path("conflicts.csv").exists()
        Path("conflicts.csv").unlink()
    assert not Path(os.devnull).with_name("conflicts.csv").exists()


def test_a_form_is_for_the_person_who_voted_however_the_name_is_typed(run: Run) -> None:
    result = run("screen", "--form", "Ana ", "-o", "form.csv")

    assert result.exit_code == 2
    assert "--form 'Ana ': the votes are by 'ana'; write the name as it stands there" in result.stderr
    assert not Path("form.csv").exists()


@pytest.mark.parametrize("name", ["form.csv", "form.xlsx"])
def test_a_filled_form_is_not_written_over_before_its_votes_are_taken(run: Run, name: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    run("screen", "--form", "ana", "-o", name)
    assert run("screen", "--form", "ana", "-o", name).exit_code == 0
    if name == "form.csv":
        filled = reading.read_raw(Path(name)).assign(decision=["include", "exclude"])
        writing.write(filled, Path(name))
    else:
        book = openpyxl.load_workbook(name)
        column = [cell.value for cell in book["form"][1]].index("decision") + 1
        book["form"].cell(2, column, "include")
        book["form"].cell(3, column, "exclude")
        book.save(name)
    before = Path(name).read_bytes()

    refused = run("screen", "--form", "ana", "-o", name)

    assert refused.exit_code == 1
    assert (
        f"{name}: holds 2 votes that no decisions file has; run decisions on it, or name another"
        in refused.stderr
    )
    assert Path(name).read_bytes() == before
    run("decisions", name, "--records", "unique.csv", "-o", "decisions/ana-2.csv")
    assert run("screen", "--form", "ana", "-o", name).exit_code == 0


def test_titles_in_place_of_ids_are_told_once(run: Run) -> None:
    _vote("cy", "One,cy,title_abstract,include,,\nTwo,cy,title_abstract,exclude,,\n")
    _vote("bo", BOTH.format("bo") + "r9,bo,title_abstract,include,,\n")

    one, other = run("screen", "-q").stderr.splitlines()
    assert one == "decisions/bo.csv:4: record_id 'r9' is not among the records of this review"
    assert other == (
        "decisions/cy.csv:2: none of 2 votes is on a record of this review, as 'One'; "
        "peerreview decisions finds records by DOI or title"
    )
    taken = run("decisions", "decisions/cy.csv", "--records", "unique.csv", "-o", "-", "-q")
    assert [line.split(",")[0] for line in taken.stdout.splitlines()[1:]] == ["r1", "r2"]


def test_the_protocol_says_that_a_voter_is_a_tool(run: Run) -> None:
    _vote("gpt", "r3,gpt,title_abstract,exclude,,\n")
    assert run("screen").exit_code == 0
    assert "r3 title_abstract conflict" in _outcomes()

    Path("peerreview.toml").write_text('[[reviewers]]\nname = "gpt"\nrole = "ai"\n', encoding="utf-8")
    run("screen")

    assert "r3 title_abstract pending" in _outcomes()


FORMULAS = ("=cmd()", "'=cmd()", "+1+A1", "@SUM(1)", "-2+3", "'t Hooft", "-3.5")


def test_conflicts_run_nothing_in_a_spreadsheet_and_come_back_to_the_letter(run: Run) -> None:
    unique = make(
        tables.UNIQUE, record_id=FORMULAS, title=FORMULAS, source_kinds=["database"] * len(FORMULAS)
    )
    writing.write(unique, Path("unique.csv"))
    for name, decision in (("ana", "include"), ("bo", "exclude")):
        _vote(name, "".join(f"{each},{name},title_abstract,{decision},,\n" for each in FORMULAS))
    run("screen")

    raw = reading.read_raw(Path("conflicts.csv"))
    assert not any(cell[:1] in "=+@" for column in raw for cell in raw[column] if cell)
    assert raw["title"].tolist() == [
        "'=cmd()", "''=cmd()", "'+1+A1", "'@SUM(1)", "'-2+3", "'t Hooft", "-3.5",
    ]  # fmt: skip
    raw["decision"], raw["reason"] = "exclude", raw["title"]
    writing.write(raw, Path("conflicts.csv"))

    assert run("screen", "--resolve", "conflicts.csv").exit_code == 0
    taken = reading.read(Path("decisions/resolutions.csv"), tables.VOTES)
    assert taken["record_id"].tolist() == list(FORMULAS)
    assert taken["reason"].tolist() == list(FORMULAS)
    assert run("screen").exit_code == 0
    assert reading.read(Path("conflicts.csv"), tables.CONFLICTS).empty


def test_one_missing_reason_stops_neither_status_nor_form(run: Run) -> None:
    for name in ("ana", "bo"):
        _vote(name, BOTH.format(name) + f"r1,{name},full_text,exclude,,\n")

    assert run("screen").exit_code == 0
    assert "r1 full_text conflict" in _outcomes()
    assert json.loads(run("screen", "--status", "--json").stdout)["stages"][1]["outcomes"]["conflict"] == 1
    assert run("screen", "--form", "ana", "-o", "form.csv").exit_code == 0
    conflicts = reading.read_raw(Path("conflicts.csv")).assign(decision="exclude", reason="design")
    writing.write(conflicts, Path("conflicts.csv"))
    assert run("screen", "--resolve", "conflicts.csv").exit_code == 0
    assert "r1 full_text exclude" in _outcomes()


PROTOCOL = """
[[reviewers]]
name = "ana"
aliases = ["ana@example.org"]
public = "Reviewer A"
"""


def test_no_address_of_a_reviewer_stands_in_what_is_written(run: Run) -> None:
    Path("peerreview.toml").write_text(PROTOCOL, encoding="utf-8")
    _vote("ana", BOTH.format("ana@example.org"))
    _vote("bo", "r1,bo@example.org,title_abstract,include,,\nr2,bo@example.org,title_abstract,include,,\n")

    told = run("screen").stderr
    written = told + Path("screening.csv").read_text() + Path("conflicts.csv").read_text()
    written += run("screen", "--status").stdout + run("screen", "--status", "--json").stdout

    assert "@" not in written
    assert "Reviewer A; bo" in written
    assert "Reviewer A: exclude; bo: include" in written


@pytest.mark.parametrize(
    ("typed", "name"), [("ana@example.org", "ana"), ("Reviewer A", "ana"), ("bo", "bo@example.org")]
)
def test_a_form_is_for_a_reviewer_by_any_name(run: Run, typed: str, name: str) -> None:
    Path("peerreview.toml").write_text(PROTOCOL, encoding="utf-8")
    _vote("ana", BOTH.format("ana@example.org"))
    _vote("bo", "r1,bo@example.org,title_abstract,include,,\n")

    assert run("screen", "--form", typed, "-o", "form.csv").exit_code == 0
    form = reading.read_raw(Path("form.csv"))
    assert set(form["reviewer"]) == {name}
    assert "r1" not in set(form["record_id"])
    writing.write(form.assign(decision="include"), Path("form.csv"))
    assert run("screen", "--form", typed, "-o", "form.csv").exit_code == 1


def test_unique_records_of_another_run_than_the_pairs_are_refused(run: Run) -> None:
    merged = make(tables.DUPLICATES, record_id=["r3"], duplicate_of=["r1"], verdict=["duplicate"])
    writing.write(merged, Path("duplicates.csv"))

    result = run("screen")

    assert result.exit_code == 1
    assert result.stderr.startswith("unique.csv:4: 'r3' was removed as a duplicate of 'r1'")
    assert "run dedupe again" in result.stderr
    assert not Path("screening.csv").exists()


def test_records_that_came_since_dedupe_are_told(run: Run) -> None:
    writing.write(make(tables.RECORDS, record_id=[f"r{n}" for n in range(1, 7)]), Path("records.csv"))

    result = run("screen")

    assert result.exit_code == 0
    assert "records.csv: holds 2 records that unique.csv does not know, as 'r5'" in result.stderr


def test_unique_records_by_themselves_are_screened_and_it_is_told_what_that_means(run: Run) -> None:
    path = Path("unique.csv")
    unique = reading.read(path, tables.UNIQUE)
    unique.loc[0, "duplicates"] = "another"
    writing.write(unique, path)

    result = run("screen")

    assert result.exit_code == 0, result.stderr
    assert "no duplicates.csv: votes on duplicates are not brought together" in result.stderr
