"""Tests of the appraise command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.tables import SYNTHETIC_NOTE

run = CliRunner().invoke
ITEMS = ("S1", "S2", "1.1", "1.2", "1.3", "1.4", "1.5")
ADVICE = "further appraisal may not be feasible or appropriate (MMAT 2018, part I)"
RULE = '[appraisal]\nratings = [{name = "good", at_least = 0.8}, {name = "fair", at_least = 0.6}]\n'


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with two qualitative studies, one fully appraised, as the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies.csv").write_text(
        "study_id,label,design\ns1,Ada 2001,qualitative\ns2,Bo 2002,Qualitative\n", encoding="utf-8"
    )
    rows = [f"s1,{item},Yes,text" for item in ITEMS] + [f"s2,{item},No,synthetic" for item in ITEMS[:-1]]
    (tmp_path / "appraisal.csv").write_text(
        "\n".join(["study_id,item,judgement,basis", *rows]) + "\n", encoding="utf-8"
    )
    return tmp_path


def test_judgements_are_shown_by_study_and_item_and_what_is_missing_is_told(review: Path) -> None:
    result = run(app, ["appraise"])

    text = (review / "appraisal.md").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"s2 (Bo 2002): screening questions S1 no, S2 no; not rated: {ADVICE}",
        "s2 (Bo 2002): not judged: 1.5",
    ]
    assert "| Ada 2001 | qualitative | + | + | + | + | + | + | + |" in text
    assert "| Bo 2002 | qualitative | −† | −† | −† | −† | −† | −† | … |" in text
    assert SYNTHETIC_NOTE in text


def test_without_a_rule_no_study_is_rated(review: Path) -> None:
    run(app, ["appraise"])

    assert "Rating" not in (review / "appraisal.md").read_text(encoding="utf-8")


def test_the_rule_stands_under_the_ratings_it_gave(review: Path) -> None:
    (review / "peerreview.toml").write_text(RULE, encoding="utf-8")

    run(app, ["appraise"])

    text = (review / "appraisal.md").read_text(encoding="utf-8")
    assert "| 5/5 | good |" in text
    assert "| 0/4† | not rated† |" in text
    assert "good from 80%, fair from 60%; only complete appraisals are rated" in text


def test_json_gives_ratings_and_judgements(review: Path) -> None:
    (review / "peerreview.toml").write_text(RULE, encoding="utf-8")

    run(app, ["appraise", "-o", "a.json"])

    told = json.loads((review / "a.json").read_text(encoding="utf-8"))
    assert told["ratings"] == {"good": 1, "fair": 0}
    assert told["studies"][1]["missing"] == ["1.5"]


def test_csv_says_words_and_not_symbols(review: Path) -> None:
    run(app, ["appraise", "-o", "a.csv"])

    lines = (review / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "Ada 2001,qualitative,yes,yes,yes,yes,yes,yes,yes,"
    assert (review / "a-summary.csv").exists()


def test_bad_judgements_are_told_with_file_and_line(review: Path) -> None:
    (review / "appraisal.csv").write_text(
        "study_id,item,judgement\ns1,1.1,perhaps\ns9,1.1,yes\ns1,7.7,yes\n", encoding="utf-8"
    )

    result = run(app, ["appraise"])

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "appraisal.csv:2: judgement 'perhaps' is not one of yes, no, can't tell",
        "appraisal.csv:3: study_id 's9' is not in the studies; add it there or correct it",
        "appraisal.csv:4: item '7.7' is not an item of mmat-2018",
    ]


@pytest.mark.usefixtures("review")
def test_an_unknown_instrument_is_told_with_those_there_are() -> None:
    result = run(app, ["appraise", "--instrument", "mmat-1066"])

    assert result.exit_code == 1
    assert "instrument 'mmat-1066' is not one of" in result.stderr
    assert "mmat-2018" in result.stderr


def test_a_team_may_bring_its_own_instrument(review: Path) -> None:
    (review / "own.toml").write_text(
        'title = "Ours"\n[[judgements]]\njudgement = "ok"\nlevel = "good"\n'
        '[[sets]]\nset = "all"\n[sets.items]\nQ1 = "Is it sound?"\n',
        encoding="utf-8",
    )
    (review / "appraisal.csv").write_text("study_id,item,judgement\ns1,Q1,OK\n", encoding="utf-8")

    result = run(app, ["appraise", "--instrument", "own.toml"])

    assert result.exit_code == 0
    assert "| Ada 2001 | ok |" in (review / "appraisal.md").read_text(encoding="utf-8")


def test_the_team_s_copy_of_the_wording_stands_beside_the_counts(review: Path) -> None:
    run(app, ["appraise"])
    ours = (review / "appraisal.md").read_text(encoding="utf-8")
    (review / "wording.csv").write_text("item,text\nS1,Their very words?\n", encoding="utf-8")

    result = run(app, ["appraise"])

    assert "| S1 | Research questions | 1† | 1† |" in ours
    assert "short labels, not in the instrument's words, which are at mixedmethods" in ours
    assert "read wording.csv" in result.stderr
    assert "| S1 | Their very words? | 1† | 1† |" in (review / "appraisal.md").read_text(encoding="utf-8")


def test_an_answer_that_the_item_does_not_have_is_refused_with_those_it_has(review: Path) -> None:
    (review / "appraisal.csv").write_text(
        "study_id,item,judgement\ns1,2,partial yes\ns1,3,PY\ns1,14,NA\ns1,15,NA\n", encoding="utf-8"
    )

    result = run(app, ["appraise", "--instrument", "amstar-2"])

    assert result.stderr.splitlines() == [
        "appraisal.csv:3: judgement 'PY' is not one of yes, no, the answers to item 3",
        "appraisal.csv:4: judgement 'NA' is not one of yes, no, the answers to item 14",
    ]


SHEET = (
    "Study,D1,D2,D3,D4,D5,Overall,Weight\n"
    "Ada 2001,Low,High,Low,Some concerns,Low,High,12.5\nBo 2002,Low,Low,Low,Low,Low,Low,40\n"
)


def test_robvis_sheet_is_read_and_written_to_the_letter(review: Path) -> None:
    (review / "sheet.csv").write_text(SHEET, encoding="utf-8")

    result = run(
        app, ["appraise", "--appraisal", "sheet.csv", "--instrument", "rob-2", "--robvis", "out.csv"]
    )

    assert result.exit_code == 0, result.stderr
    assert (review / "out.csv").read_text(encoding="utf-8") == SHEET


def test_the_weighted_summary_counts_studies_by_their_weight(review: Path) -> None:
    (review / "sheet.csv").write_text(SHEET, encoding="utf-8")

    for name in ("a.md", "a.svg", "a.json"):
        run(app, ["appraise", "--appraisal", "sheet.csv", "--instrument", "rob-2", "-o", name])

    assert "| D2 | Deviations from intended interventions | 1 | 0 | 1 | 76.2 | 0.0 | 23.8 | 2 |" in (
        review / "a.md"
    ).read_text(encoding="utf-8")
    drawn = (review / "a-summary.svg").read_text(encoding="utf-8")
    assert "+ 76%" in drawn
    assert "shares of the weight of the n studies" in " ".join(drawn.split())


def test_an_overall_judgement_better_than_a_domain_is_told_and_printed(review: Path) -> None:
    (review / "sheet.csv").write_text(
        "Study,D1,D2,D3,D4,D5,Overall\nAda 2001,L,H,L,L,L,L\n", encoding="utf-8"
    )

    result = run(app, ["appraise", "--appraisal", "sheet.csv", "--instrument", "rob-2"])

    told = "overall low, with D2 high: it is no better than the worst domain (Sterne et al. 2019, table 1)"
    assert f"s1 (Ada 2001): {told}" in result.stderr
    assert f"Ada 2001: {told}" in (review / "appraisal.md").read_text(encoding="utf-8")


def test_amstar_2_s_confidence_stands_beside_the_items(review: Path) -> None:
    rows = [f"s1,{item},{'no' if item in (2, 7) else 'yes'}" for item in range(1, 17)]
    (review / "appraisal.csv").write_text(
        "\n".join(["study_id,item,judgement", *rows]) + "\n", encoding="utf-8"
    )

    for name in ("a.md", "a.svg"):
        run(app, ["appraise", "--instrument", "amstar-2", "-o", name])

    text = (review / "a.md").read_text(encoding="utf-8")
    assert "| + | + | critically low |" in text
    assert "| critically low | 1 | 50% |" in text
    assert "critically low" in (review / "a.svg").read_text(encoding="utf-8")


def test_what_was_answered_in_words_has_a_table_of_its_own(review: Path) -> None:
    (review / "appraisal.csv").write_text(
        "study_id,item,judgement\ns1,1,yes\ns1,10,Adds to what is known\n", encoding="utf-8"
    )

    run(app, ["appraise", "--instrument", "casp-qualitative"])
    run(app, ["appraise", "--instrument", "casp-qualitative", "-o", "a.svg"])

    text = (review / "appraisal.md").read_text(encoding="utf-8")
    assert "| Ada 2001 | 10 | Adds to what is known |" in text
    assert "not judged: 2, 3, 4, 5, 6, 7, 8, 9\n" in text


def test_results_of_a_study_have_a_row_each(review: Path) -> None:
    (review / "appraisal.csv").write_text(
        "study_id,result,item,judgement\ns1,pain,D1,low\ns1,death,D1,high\n", encoding="utf-8"
    )

    run(app, ["appraise", "--instrument", "rob-2"])

    text = (review / "appraisal.md").read_text(encoding="utf-8")
    assert "| Ada 2001 | pain | + |" in text
    assert "Counts are results of studies." in text


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_the_traffic_light_and_the_bars_are_drawn(review: Path, suffix: str) -> None:
    result = run(app, ["appraise", "-o", f"a.{suffix}"])

    assert result.exit_code == 0
    assert (review / f"a.{suffix}").stat().st_size > 1000
    assert (review / f"a-summary.{suffix}").stat().st_size > 1000


def test_two_appraisers_are_compared_before_consensus(review: Path) -> None:
    (review / "appraisal.csv").write_text(
        "study_id,item,judgement,reviewer\ns1,1.1,yes,ana\ns1,1.1,no,ben\ns1,1.1,no,consensus\n"
        "s1,1.2,yes,ana\ns1,1.2,yes,ben\n",
        encoding="utf-8",
    )

    run(app, ["appraise"])

    assert "| ana – ben | 2 | 50.0% | 0.00 |" in (review / "appraisal.md").read_text(encoding="utf-8")
    run(app, ["appraise", "-o", "a.json"])
    (pair,) = json.loads((review / "a.json").read_text(encoding="utf-8"))["agreement"]["pairs"]
    assert (pair["appraiser_1"], pair["n_both"], pair["cohen"]) == ("ana", 2, 0.0)


def test_a_sheet_of_stars_is_counted_and_rated_as_the_protocol_says(review: Path) -> None:
    (review / "appraisal.csv").write_text(
        "Author,Year,1,2,3,4,5,6,7,8,Total\nAda,2001,★,,★,★,★★,★,★,★,8\nBo,2002,1,1,1,0,0,1,1,1,6\n",
        encoding="utf-8",
    )
    (review / "peerreview.toml").write_text(
        '[appraisal]\ninstrument = "nos-cohort"\nblanks = "no star"\nratings_source = "Smith 2021"\n'
        'ratings = [{ name = "good", points = { selection = 3, comparability = 1 } }, '
        '{ name = "poor", points = 0 }]\n',
        encoding="utf-8",
    )

    result = run(app, ["appraise"])

    text = (review / "appraisal.md").read_text(encoding="utf-8")
    assert (result.exit_code, result.stderr) == (0, "read peerreview.toml\n")
    assert r"| Ada 2001 | \* | − | \* | \* | \*\* | \* | \* | \* | 8/9 | 3/4 | 2/2 | good |" in text
    assert r"| Bo 2002 | \* | \* | \* | − | − | \* | \* | \* | 6/9 | 3/4 | 0/2 | poor |" in text
    assert "the reviewers' own rule (Smith 2021), by stars: good from 3 in selection and 1 in comp" in text


def test_sums_of_stars_alone_are_told_with_the_line_of_their_header(review: Path) -> None:
    (review / "appraisal.csv").write_text("Study,Selection,Outcome\nAda 2001,***,**\n", encoding="utf-8")

    result = run(app, ["appraise", "--instrument", "nos-cohort"])

    assert result.exit_code == 1
    assert result.stderr == (
        "appraisal.csv:1: columns 'Selection', 'Outcome' hold the stars of several items, which no one can "
        "take apart; nos-cohort has a column per item (S1, S2, S3, S4 …); for sums alone, name an instrument "
        "of your own, whose items they are\n"
    )
    assert not (review / "appraisal.md").exists()


BY_DESIGN = """[appraisal]
instrument = { cohort = "nos-cohort", "Case–control" = "nos-case-control" }
ratings = [{ name = "good", points = { selection = 3, comparability = 1, outcome = 2, exposure = 2 } }]
"""
STARS = """Study,S1,S2,S3,S4,C1,O1,O2,O3,E1,E2,E3,Funding
Ada 2001,*,*,*,-,**,*,*,-,,,,public
Bo 2002,*,*,-,*,*,,,,*,*,*,public
Cy 2003,*,*,*,*,**,*,*,*,,,,
"""


@pytest.fixture
def two_designs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder of a review with cohort and case-control studies in one sheet of stars."""
    monkeypatch.chdir(tmp_path)
    rows = ("s1,Ada 2001,Cohort", "s2,Bo 2002,case-control", "s3,Cy 2003,cohort ")
    (tmp_path / "studies.csv").write_text("\n".join(["study_id,label,design", *rows, ""]), encoding="utf-8")
    (tmp_path / "appraisal.csv").write_text(STARS, encoding="utf-8")
    (tmp_path / "peerreview.toml").write_text(BY_DESIGN, encoding="utf-8")
    return tmp_path


def test_each_study_is_appraised_with_the_instrument_of_its_design(two_designs: Path) -> None:
    result = run(app, ["appraise"])

    text = (two_designs / "appraisal.md").read_text(encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert result.stderr.splitlines() == [
        "read peerreview.toml",
        "appraisal.csv: columns that are no item and are not read: Funding",
    ]
    first, second = text.split(
        "**Quality appraisal by item: Newcastle-Ottawa Scale (NOS): case-control studies**"
    )
    assert first.startswith("**Quality appraisal by item: Newcastle-Ottawa Scale (NOS): cohort studies**")
    assert (
        "| Ada 2001 | * | * | * | − | ** | * | * | − | 7/9 | 3/4 | 2/2 | 2/3 | good |".replace("*", "\\*")
        in first
    )
    assert "| Cy 2003 |" in first
    assert "Bo 2002" not in first
    assert (
        "| Bo 2002 | * | * | − | * | * | * | * | * | 7/9 | 3/4 | 1/2 | 3/3 | good |".replace("*", "\\*")
        in second
    )
    assert "good from 3 in selection, 1 in comparability and 2 in exposure;" in second


def test_an_instrument_that_is_named_appraises_the_studies_of_its_design(two_designs: Path) -> None:
    result = run(app, ["appraise", "--instrument", "nos-case-control"])

    text = (two_designs / "appraisal.md").read_text(encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert "Bo 2002" in text
    assert "Ada 2001" not in text
    assert run(app, ["table", "appraisal", "--instrument", "nos-cohort"]).stdout.count("2003") == 1


@pytest.mark.parametrize(("design", "told"), [("survey", "design 'survey'"), ("", "a blank design")])
def test_a_design_that_has_no_instrument_is_asked_about(two_designs: Path, design: str, told: str) -> None:
    (two_designs / "studies.csv").write_text(
        f"study_id,label,design\ns1,Ada 2001,cohort\ns2,Bo 2002,{design}\ns3,Cy 2003,cohort\n",
        encoding="utf-8",
    )

    result = run(app, ["appraise"])

    assert result.exit_code == 1
    said = "has no instrument; under [appraisal] in peerreview.toml have one: cohort, Case–control"
    assert result.stderr.splitlines() == [f"studies.csv:3: {told} {said}"]


def test_without_a_column_of_designs_no_instrument_is_guessed(two_designs: Path) -> None:
    (two_designs / "studies.csv").write_text("study_id,label\ns1,Ada 2001\ns2,Bo 2002\n", encoding="utf-8")

    result = run(app, ["appraise"])

    assert result.exit_code == 1
    assert "a blank design has no instrument" in result.stderr


def test_a_study_that_is_not_there_is_told_whatever_instrument_is_read(two_designs: Path) -> None:
    (two_designs / "appraisal.csv").write_text(
        "study_id,item,judgement\ns1,S1,*\ns9,S1,*\n", encoding="utf-8"
    )

    result = run(app, ["appraise"])

    assert result.exit_code == 1
    assert result.stderr.count("appraisal.csv:3: study_id 's9' is not in the studies") == 1


def test_long_rows_go_to_the_instrument_of_their_study(two_designs: Path) -> None:
    (two_designs / "appraisal.csv").write_text(
        "study,item,judgement\nAda 2001,O1,*\nBo 2002,E1,*\n", encoding="utf-8"
    )

    result = run(app, ["appraise", "-o", "a.json"])

    told = json.loads((two_designs / "a.json").read_text(encoding="utf-8"))
    assert result.exit_code == 0, result.output
    assert told["schema"] == "peerreview/appraisals/1"
    assert [each["instrument"] for each in told["appraisals"]] == ["nos-cohort", "nos-case-control"]
    assert told["appraisals"][1]["studies"][0]["judgements"] == {"E1": "one star"}


def test_a_sheet_with_a_column_per_study_is_read_by_design_too(two_designs: Path) -> None:
    turned = [line.split(",") for line in STARS.splitlines()]
    (two_designs / "appraisal.csv").write_text(
        "\n".join(",".join(row) for row in zip(*turned, strict=True)) + "\n", encoding="utf-8"
    )

    assert run(app, ["appraise"]).exit_code == 0
    assert (two_designs / "appraisal.md").read_text(encoding="utf-8").count("7/9") == 2


def test_rows_of_one_instrument_tables_of_another_lie_beside(two_designs: Path) -> None:
    run(app, ["appraise", "-o", "a.csv", "--robvis", "r.csv"])
    run(app, ["appraise", "-o", "a.svg"])

    files = {path.name for path in two_designs.glob("[ar]*")} - {"appraisal.csv"}
    assert files == {
        "a.csv", "a-summary.csv", "a-ratings.csv", "a-appraisal-nos-case-control.csv",
        "a-summary-nos-case-control.csv", "a-ratings-nos-case-control.csv", "r.csv",
        "r-robvis-nos-case-control.csv",
        "a.svg", "a-summary.svg", "a-items-nos-case-control.svg", "a-summary-nos-case-control.svg",
    }  # fmt: skip
    assert "Bo 2002" in (two_designs / "r-robvis-nos-case-control.csv").read_text(encoding="utf-8")


def test_a_rating_that_no_set_of_an_instrument_is_in_is_refused(two_designs: Path) -> None:
    plan = two_designs / "peerreview.toml"
    plan.write_text(BY_DESIGN.partition("points = {")[0] + "points = { outcome = 2 } }]\n", encoding="utf-8")

    for words in (["appraise"], ["config"]):
        result = run(app, words)
        assert result.exit_code == 1
        assert "rating 'good' has no points in a set of nos-case-control" in result.stderr


def test_forms_ask_each_study_what_the_instrument_of_its_design_asks(two_designs: Path) -> None:
    assert run(app, ["form", "appraisal", "--reviewer", "ana", "-o", "form.csv"]).exit_code == 0

    rows = (two_designs / "form.csv").read_text(encoding="utf-8").splitlines()[1:]
    items = {study: [row for row in rows if f",{study}," in row] for study in ("s1", "s2", "s3")}
    assert {study: len(asked) for study, asked in items.items()} == {"s1": 8, "s2": 8, "s3": 8}
    assert not [row for row in items["s1"] if ",E1," in row]
    assert [row for row in items["s2"] if ',E1,"Ascertainment of exposure' in row]


def test_the_report_and_status_have_the_studies_of_all_designs(two_designs: Path) -> None:
    assert run(app, ["report", "-o", "report.md"]).exit_code == 0
    told = json.loads(run(app, ["status", "--json"]).stdout)
    settings = run(app, ["config"]).stdout

    text = (two_designs / "report.md").read_text(encoding="utf-8")
    assert "2 studies were appraised with the Newcastle-Ottawa Scale (NOS): cohort studies." in text
    assert "1 study was appraised with the Newcastle-Ottawa Scale (NOS): case-control studies." in text
    assert [(part["n"], part["done"]) for part in told["parts"] if part["name"] == "Appraisal"] == [(3, 3)]
    assert "cohort = nos-cohort; Case–control = nos-case-control" in settings


def test_an_instrument_that_no_study_needs_has_no_table(two_designs: Path) -> None:
    (two_designs / "studies.csv").write_text(
        "study_id,label,design\ns2,Bo 2002,case-control\n", encoding="utf-8"
    )
    (two_designs / "appraisal.csv").write_text("study_id,item,judgement\ns2,S1,*\n", encoding="utf-8")

    assert run(app, ["appraise"]).exit_code == 0
    assert "cohort studies" not in (two_designs / "appraisal.md").read_text(encoding="utf-8")


def test_an_instrument_of_no_design_appraises_all_studies_once_it_is_named(two_designs: Path) -> None:
    (two_designs / "peerreview.toml").write_text(BY_DESIGN.partition("ratings")[0], encoding="utf-8")
    (two_designs / "appraisal.csv").write_text("Study,D1\nAda 2001,low\nBo 2002,low\n", encoding="utf-8")

    result = run(app, ["appraise", "--instrument", "rob-2"])

    assert result.exit_code == 0, result.output
    assert "| Cy 2003 |" in (two_designs / "appraisal.md").read_text(encoding="utf-8")


def test_a_table_by_design_is_laid_out_again(two_designs: Path) -> None:
    (two_designs / "tables").mkdir()
    (two_designs / "records.csv").write_text("record_id\n", encoding="utf-8")
    for words in (["appraise", "-o", "appraisal.html"], ["table", "appraisal", "-o", "tables/appraisal.md"]):
        assert run(app, words).exit_code == 0
    sheet = two_designs / "appraisal.csv"
    sheet.write_text(
        sheet.read_text(encoding="utf-8").replace("Bo 2002,*,*,-", "Bo 2002,*,-,-"), encoding="utf-8"
    )

    told = run(app, ["verify"]).stdout

    assert "appraisal.html: table appraisal: holds" in told
    assert "appraisal.html: table appraisal-nos-case-control: differs (row Bo 2002, S2: was *, is −; " in told
    assert "tables/appraisal.md: the whole: cannot be checked" in told
