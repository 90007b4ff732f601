"""Tests of the report command."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import writing
from tests.builders import make

run = CliRunner().invoke


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small review's folder as the working folder: extraction, appraisal, themes, screening."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "peerreview.toml": '[review]\ntitle = "Hope & <care>"\n[appraisal]\ninstrument = "casp-qualitative"\n'
        'ratings = [{name = "good", at_least = 0.5}]\n',
        "studies.csv": "study_id,label,country\ns1,Ada 2001,Chad\ns2,Bo 2002,Mali\n",
        "reports.csv": "record_id,study_id\nr1,s1\nr2,s2\n",
        "codebook.csv": "theme,parent,label\nhope,,Hope\n",
        "themes.csv": "study_id,theme,coder\ns1,hope,ana\ns1,hope,ben\n",
        "appraisal.csv": "study_id,item,judgement\n"
        + "".join(f"s1,{number},yes\n" for number in range(1, 11)),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    writing.write(make(tables.UNIQUE, title=["A", "B", "C"]), tmp_path / "unique.csv")
    outcomes = make(
        tables.SCREENING,
        record_id=["r3"],
        stage=["full_text"],
        outcome=["exclude"],
        reason=["Why"],
        reviewers=["ana"],
    )
    writing.write(outcomes, tmp_path / "screening.csv")
    return tmp_path


def test_a_report_has_every_part_that_the_folder_has_tables_for(review: Path) -> None:
    result = run(app, ["report", "-o", "report.md"])

    text = (review / "report.md").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        r"# Hope & \<care\>", "## Deduplication", "## Screening", "## Included studies",
        "## Quality appraisal", "## Themes",
    ]  # fmt: skip
    assert r"The review includes 2 studies in 2 reports. *[studies.csv, 2 rows; reports.csv, 2 rows]*" in text
    assert "Ratings: good 1 and not rated 1." in text
    assert "no sources.csv: what rests on it is left out" in result.stderr
    for picture in ("report-themes.svg", "report-appraisal.svg", "report-by-country.svg"):
        assert f"]({picture})" in text
        assert (review / picture).exists()


def test_protocol_and_findings_are_in_report_checklist_and_table(review: Path) -> None:
    (review / "peerreview.toml").write_text(
        'question = "What helps?"\n[appraisal]\ninstrument = "casp-qualitative"\n[criteria]\n'
        'exclude = ["Letters"]\n',
        encoding="utf-8",
    )
    (review / "findings.csv").write_text(
        "finding,themes,confidence,why\nPeers give hope,hope,moderate,Few studies\n", encoding="utf-8"
    )

    run(app, ["report", "-o", "report.md"])
    run(app, ["table", "checklist", "-o", "checklist.csv"])
    laid_out = run(app, ["table", "findings"])

    text = (review / "report.md").read_text(encoding="utf-8")
    assert "Question: What helps?" in text
    assert "Reasons for exclusion in the words of no criterion: Why." in text
    assert "1 finding, by confidence: moderate 1." in text
    row = "| Peers give hope | Hope | 1 | Ada 2001 | moderate | Few studies |"
    assert row in text
    assert row in laid_out.stdout
    filled = (review / "checklist.csv").read_text(encoding="utf-8")
    assert "Excluded are: Letters. [peerreview.toml, criteria]" in filled
    assert "1 finding, by confidence: moderate 1. [findings.csv, column confidence]" in filled


def test_a_page_of_html_stands_alone(review: Path) -> None:
    run(app, ["report"])

    assert sorted(path.name for path in review.glob("report*")) == ["report.html", "reports.csv"]
    text = (review / "report.html").read_text(encoding="utf-8")
    assert "<title>Hope &amp; &lt;care&gt;</title>" in text
    assert text.count('src="data:image/svg+xml;base64,') == 4


def test_a_word_report_has_headings_tables_and_figures(review: Path) -> None:
    run(app, ["report", "-o", "report.docx"])

    content = (review / "report.docx").read_bytes()
    document = docx.Document(io.BytesIO(content))
    headings = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 1"]
    assert headings == ["Deduplication", "Screening", "Included studies", "Quality appraisal", "Themes"]
    assert len(document.tables) == 8
    assert sum(name.endswith(".png") for name in zipfile.ZipFile(io.BytesIO(content)).namelist()) == 4


@pytest.mark.slow
def test_one_reviewer_alone_has_no_table_of_agreement(review: Path) -> None:
    votes = "record_id,reviewer,stage,decision,reason\nr1,ana,full_text,exclude,Why\n"
    (review / "decisions").mkdir()
    (review / "decisions" / "ana.csv").write_text(votes, encoding="utf-8")
    run(app, ["agreement", "-o", "agreement.json"])
    run(app, ["report", "-o", "alone.md"])
    (review / "decisions" / "ben.csv").write_text(votes.replace("ana", "ben"), encoding="utf-8")
    run(app, ["agreement", "-o", "agreement.json"])
    run(app, ["report", "-o", "two.md"])

    title = "**Agreement between reviewers before resolution**"
    assert title not in (review / "alone.md").read_text(encoding="utf-8")
    assert title in (review / "two.md").read_text(encoding="utf-8")


def test_an_update_tells_what_its_figure_counts(review: Path) -> None:
    (review / "flow.toml").write_text(
        "studies = 2\nprevious_studies = 3\ntotal_studies = 5\n", encoding="utf-8"
    )
    run(app, ["prisma", "--flow", "flow.toml", "-o", "flow.json"])
    run(app, ["report", "-o", "report.md"])

    text = (review / "report.md").read_text(encoding="utf-8")
    assert (
        "it counts 3 studies of the earlier version, 2 new studies of this one and 5 studies in all;" in text
    )
    assert "This version adds 2 studies in 2 reports; with the earlier ones the review includes 5." in text


def test_the_flow_is_drawn_from_what_prisma_wrote(review: Path) -> None:
    (review / "flow.json").write_text(
        '{"schema": "peerreview/flow/1", "boxes": {"databases": {"n": 3}, "screened": {"n": 3}}}',
        encoding="utf-8",
    )

    run(app, ["report", "-o", "report.md"])

    assert "(n\u00a0=\u00a03)" in (review / "report-flow.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_same_review_gives_the_same_report(review: Path) -> None:
    for name in ("a.docx", "b.docx", "a.html", "b.html"):
        run(app, ["report", "-o", name])

    assert (review / "a.docx").read_bytes() == (review / "b.docx").read_bytes()
    assert (review / "a.html").read_bytes() == (review / "b.html").read_bytes()


@pytest.mark.usefixtures("review")
def test_a_folder_without_a_review_is_told(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()

    result = run(app, ["report", "none", "-q"])

    assert result.exit_code == 1
    assert result.stderr == "none: holds no table of a review; name the review's folder\n"


@pytest.mark.usefixtures("review")
def test_a_report_in_another_format_is_a_usage_error() -> None:
    result = run(app, ["report", "-o", "report.odt"])

    assert result.exit_code == 2
    assert "report.odt: a report is written as .html, .docx, .md" in result.stderr


def test_the_checklist_says_what_the_review_s_files_say(review: Path) -> None:
    result = run(app, ["table", "checklist", "-o", "checklist.md"])

    text = (review / "checklist.md").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert "1 report excluded at full text is listed, 1 with a reason." in text
    assert "The review includes 2 studies in 2 reports." in text
    assert "Pre-filled: 8 of 42 items" in text


@pytest.mark.usefixtures("review")
def test_a_report_on_a_stream_is_one_page_of_html() -> None:
    result = run(app, ["report", "-o", "-", "-q"])

    assert result.exit_code == 0
    assert result.stdout.startswith("<!DOCTYPE html>")


@pytest.mark.slow
def test_agreement_that_was_not_measured_for_the_report_is_missed(review: Path) -> None:
    missing = "no agreement.json; write it with agreement -o agreement.json to have it in the report\n"
    (review / "decisions").mkdir()
    votes = "record_id,reviewer,stage,decision\nr1,{0},title_abstract,include\n"
    assert missing not in run(app, ["report"]).stderr
    for name in ("ana", "bo"):
        (review / "decisions" / f"{name}.csv").write_text(votes.format(name), encoding="utf-8")

    assert missing in run(app, ["report", "-o", "report.md"]).stderr
    run(app, ["agreement", "-o", "agreement.json"])
    assert missing not in run(app, ["report", "-o", "report.md"]).stderr
    told = (review / "report.md").read_text(encoding="utf-8")
    assert "ana and bo agreed on 100.0% of 1 record before" in told


def test_outcomes_that_votes_no_longer_add_up_to_are_told(review: Path) -> None:
    newer = "outcomes would be otherwise by the votes in decisions/ now"
    (review / "decisions").mkdir()
    votes = "record_id,reviewer,stage,decision\nr1,{0},title_abstract,include\nr2,{0},title_abstract,maybe\n"
    for name in ("ana", "bo"):
        (review / "decisions" / f"{name}.csv").write_text(votes.format(name), encoding="utf-8")

    assert newer in run(app, ["report"]).stderr
    run(app, ["screen"])
    assert newer not in run(app, ["report"]).stderr


@pytest.mark.slow
def test_agreement_that_was_measured_on_other_votes_is_told(review: Path) -> None:
    other = "agreement.json was measured on other votes; write it again with agreement -o agreement.json\n"
    (review / "decisions").mkdir()
    votes = "record_id,reviewer,stage,decision\nr1,{0},title_abstract,{1}\nr2,{0},title_abstract,exclude\n"
    for name, decision in (("ana", "include"), ("bo", "maybe")):
        (review / "decisions" / f"{name}.csv").write_text(votes.format(name, decision), encoding="utf-8")
    # Neither who is named first nor an option of its own makes them others.
    named = ["decisions/bo.csv", "decisions/ana.csv", "--maybe", "exclude", "--of", "final"]
    run(app, ["agreement", *named, "-o", "agreement.json"])
    assert other not in run(app, ["report"]).stderr
    (review / "decisions" / "bo.csv").write_text(votes.format("bo", "include"), encoding="utf-8")

    assert other in run(app, ["report"]).stderr
    (review / "decisions" / "bo.csv").write_text(votes.format("consensus", "include"), encoding="utf-8")
    assert other in run(app, ["report"]).stderr


def test_a_flow_counted_from_other_tables_is_told(review: Path) -> None:
    writing.write(make(tables.RECORDS, title=["A", "B", "C"]), review / "records.csv")
    counted = run(app, ["prisma", "-o", "flow.json", "--allow-inconsistent"])
    assert counted.exit_code == 0, counted.stderr
    assert "flow.json was counted" not in run(app, ["report"]).stderr
    with (review / "screening.csv").open("a", encoding="utf-8") as screening:
        screening.write("r2,full_text,pending,,,\n")

    result = run(app, ["report"])

    assert result.exit_code == 0
    assert (
        "flow.json was counted from another screening.csv; write it again with prisma -o flow.json"
        in result.stderr
    )
