"""Tests of the table command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import SYNTHETIC_NOTE, writing

run = CliRunner().invoke


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with three studies, two records and their screening, as the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies.csv").write_text(
        "study_id,label,country,country_basis,design\n"
        "s1,Ada 2001,Finland,text,qualitative\ns2,Bo 2002,Finland,synthetic,\ns3,Cy 2003,Chad,text,survey\n",
        encoding="utf-8",
    )
    (tmp_path / "reports.csv").write_text("record_id,study_id\nr1,s1\n", encoding="utf-8")
    record = {"source": "MEDLINE", "source_kind": "database", "round": "1", "source_file": "exports/m.ris"}
    rows = [
        record
        | {"record_id": "r1", "authors": "Ada, A", "year": "2001", "title": "On hope", "journal": "J Hope"},
        record | {"record_id": "r2", "authors": "Zed, Z", "year": "1999", "title": "A|B", "doi": "10.5555/x"},
    ]
    writing.write(tables.make(tables.UNIQUE, rows), tmp_path / "unique.csv")
    writing.write(tables.make(tables.RECORDS, rows), tmp_path / "records.csv")
    (tmp_path / "screening.csv").write_text(
        "record_id,stage,outcome,reason,reviewers,resolved_by\nr1,full_text,include,,ana; ben,votes\n"
        "r2,full_text,exclude,Wrong design,ana; ben,votes\nr2,title_abstract,include,,ana; ben,votes\n",
        encoding="utf-8",
    )
    (tmp_path / "sources.csv").write_text(
        "file,source,source_kind,platform,records,query\n"
        "exports/m.ris,MEDLINE,database,Ovid,1200,hope AND care\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.usefixtures("review")
def test_characteristics_have_a_row_per_study_with_its_references() -> None:
    result = run(app, ["table", "characteristics"])

    assert "| Ada 2001 | Finland | qualitative | Ada A (2001). On hope. J Hope. |" in result.stdout
    assert "| Bo 2002 | Finland† |  |  |" in result.stdout
    assert SYNTHETIC_NOTE in result.stdout
    assert "basis" not in result.stdout
    assert "reports.csv" in result.stderr


@pytest.mark.usefixtures("review")
def test_chosen_columns_are_shown_in_the_order_given() -> None:
    result = run(app, ["table", "characteristics", "--columns", "design,country"])

    assert "| Study | Design | Country | References |" in result.stdout


@pytest.mark.usefixtures("review")
def test_studies_are_counted_by_any_column() -> None:
    result = run(app, ["table", "counts", "--by", "country,design"])

    assert "| Finland | 2† | 67%† |\n| Chad | 1 | 33% |" in result.stdout
    assert "| not reported | 1 | 33% |" in result.stdout


@pytest.mark.usefixtures("review")
def test_full_texts_excluded_stand_with_reason_and_citation() -> None:
    result = run(app, ["table", "excluded"])

    assert r"| Zed Z (1999). A\|B. doi:10.5555/x | Wrong design | r2 |" in result.stdout
    assert "1 reports excluded at full text." not in result.stdout
    assert "1 report excluded at full text." in result.stdout


@pytest.mark.usefixtures("review")
def test_sources_say_what_was_found_and_what_was_imported() -> None:
    result = run(app, ["table", "sources"])

    assert "| MEDLINE | database | Ovid | 1,200 | 2 | hope AND care |" in result.stdout


def test_agreement_is_laid_out_from_what_agreement_wrote(review: Path) -> None:
    pair = {
        "reviewer_1": "ana", "reviewer_2": "ben", "n_both": 5191, "percent": 0.961, "cohen": 0.714,
        "cohen_se": 0.02, "cohen_lo": 0.68, "cohen_hi": 1.03, "pabak": None,
    }  # fmt: skip
    told = {"schema": "peerreview/agreement/1", "stages": [{"stage": "title_abstract", "pairs": [pair]}]}
    (review / "agreement.json").write_text(json.dumps(told), encoding="utf-8")

    result = run(app, ["table", "agreement"])

    assert "| Title and abstract | ana – ben | 5,191 | 96.1% | 0.71 | 0.68 to 1.00 |" in result.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "agreement.json:1: is not JSON"),
        ("{}", "schema '' is not 'peerreview/agreement/1'"),
        *(
            (
                f'{{"schema": "peerreview/agreement/1", "stages": {stages}}}',
                "agreement.json: is not a whole peerreview/agreement/1; write it again with agreement -o",
            )
            for stages in ("5", "[1]", '[{"pairs": 1}]')
        ),
        (
            '{"schema": "peerreview/agreement/1", "stages": [{"pairs": [{"n_both": 1, "cohen": "high"}]}]}',
            "cohen is 'high', which is no number; write it again with agreement -o agreement.json",
        ),
    ],
)
def test_agreement_that_is_not_of_its_schema_is_told(review: Path, content: str, message: str) -> None:
    (review / "agreement.json").write_text(content, encoding="utf-8")

    result = run(app, ["table", "agreement"])

    assert result.exit_code == 1
    assert message in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["counts"], 2, "name the columns to count with --by; studies.csv has country, design"),
        (["counts", "--by", "county"], 1, "studies.csv:1: column 'county' is missing; found study_id"),
        (["characteristics", "--studies", "none.csv"], 1, "none.csv: no such file"),
        (["characteristics", "-o", "studies.csv"], 2, "studies.csv: is read by this command"),
        (["characteristics", "-o", "c.docx", "--template", "t.j2"], 1, "t.j2: no such file"),
        (["characteristics", "-o", "c.docx", "--template", "screening.csv"], 2, "a template lays out text"),
    ],
)
@pytest.mark.usefixtures("review")
def test_what_cannot_be_laid_out_is_told(arguments: list[str], status: int, message: str) -> None:
    result = run(app, ["table", *arguments])

    assert result.exit_code == status
    assert message in result.stderr


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "tex", "html"])
def test_tables_are_written_in_the_format_that_the_suffix_names(review: Path, suffix: str) -> None:
    result = run(app, ["table", "characteristics", "-o", f"c.{suffix}"])

    assert result.exit_code == 0
    assert (review / f"c.{suffix}").stat().st_size > 500


def test_studies_are_checked_against_the_fields_that_the_team_declared(review: Path) -> None:
    (review / "fields.csv").write_text(
        "field,type,required,values\ndesign,choice,yes,qualitative; survey\n", encoding="utf-8"
    )

    result = run(app, ["table", "counts", "--by", "country"])

    assert result.exit_code == 1
    assert result.stderr == "studies.csv:3: design is blank; it is required\n"


def test_two_extractions_are_compared(review: Path) -> None:
    for person, country in (("ana", "Chad"), ("ben", "Mali")):
        (review / f"{person}.csv").write_text(f"study_id,label,country\ns1,Ada,{country}\n", encoding="utf-8")

    result = run(app, ["table", "extraction", "--extraction", "ana.csv", "--extraction", "ben.csv"])

    assert "| Country | ana – ben | 1 | 0 | 0.0% |" in result.stdout
    assert "| Ada | Country | Chad | Mali |" in result.stdout
    assert run(app, ["table", "extraction", "--extraction", "ana.csv"]).exit_code == 2


@pytest.fixture
def coded(review: Path) -> Path:
    """Return the review's folder with a codebook, and themes of three studies."""
    (review / "codebook.csv").write_text(
        "theme,parent,label,description\nhope,,Hope,What lies ahead.\n", encoding="utf-8"
    )
    (review / "themes.csv").write_text(
        "study_id,theme,quote,location,basis\ns3,hope,we | all,p. 4,text\ns1,hope,,,synthetic\n",
        encoding="utf-8",
    )
    return review


@pytest.mark.usefixtures("coded")
def test_themes_stand_with_description_and_studies() -> None:
    result = run(app, ["table", "themes"])

    assert "| Hope | What lies ahead. | 2† | 3 | 67%† | Ada 2001†; Cy 2003 |" in result.stdout
    assert SYNTHETIC_NOTE in result.stdout


def test_studies_are_cited_by_the_numbers_of_their_reports(coded: Path) -> None:
    (coded / "reports.csv").write_text(
        "record_id,study_id,ref\nr1,s3,48\nr2,s3,9\nr3,s1,3\n", encoding="utf-8"
    )

    themes = run(app, ["table", "themes", "--references", "numbers"])
    studies = run(app, ["table", "characteristics", "--references", "numbers"])

    assert r"\[3\]†; \[9, 48\]" in themes.stdout
    assert r"| Bo 2002 | Finland† |  | \[2\] |" in studies.stdout


@pytest.mark.usefixtures("coded")
def test_the_evidence_behind_a_cell_is_listed_and_shown_on_the_matrix() -> None:
    evidence = run(app, ["table", "evidence"])
    matrix = run(app, ["table", "matrix", "-o", "m.html"])

    assert r"| Hope | Cy 2003 | we \| all | p. 4 | text |" in evidence.stdout
    assert matrix.exit_code == 0
    assert 'title="“we | all” (p. 4)"' in Path("m.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("arguments", [["matrix"], ["counts", "--by", "country"], ["appraisal"]])
def test_a_table_that_can_be_seen_is_drawn(arguments: list[str]) -> None:
    Path("appraisal.csv").write_text("study_id,item,judgement\ns1,S1,yes\n", encoding="utf-8")

    result = run(app, ["table", *arguments, "-o", "figure.svg"])

    assert result.exit_code == 0
    assert Path("figure.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.usefixtures("review")
def test_a_table_that_is_only_read_is_not_drawn() -> None:
    result = run(app, ["table", "sources", "-o", "figure.svg"])

    assert result.exit_code == 2
    assert "figure.svg: this is written as .md" in result.stderr


def test_appraisal_by_item_is_laid_out(review: Path) -> None:
    (review / "appraisal.csv").write_text("study_id,item,judgement\ns1,S1,yes\n", encoding="utf-8")

    result = run(app, ["table", "appraisal"])

    assert "| Ada 2001 | qualitative | + | … |" in result.stdout


@pytest.mark.usefixtures("review")
def test_the_abstract_s_checklist_has_twelve_items() -> None:
    result = run(app, ["table", "abstract"])

    assert "of 12 items; a blank is for the authors to answer." in result.stdout


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("characteristics", "reports"),
        ("characteristics", "unique"),
        ("sources", "records"),
        ("excluded", "sources"),
        ("characteristics", "fields"),
        ("themes", "codebook"),
    ],
)
def test_a_file_that_is_named_must_be_there(name: str, option: str) -> None:
    result = run(app, ["table", name, f"--{option}", "mispelt.csv"])

    assert (result.exit_code, result.stderr) == (1, "mispelt.csv: no such file\n")
    assert result.stdout == ""


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize("name", ["checklist", "abstract"])
def test_a_checklist_takes_no_file_that_it_would_not_read(name: str) -> None:
    result = run(app, ["table", name, "--studies", "studies.csv"])

    assert result.exit_code == 2
    assert "No such option: --studies" in result.stderr


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("sources", "--instrument"),
        ("characteristics", "--by"),
        ("counts", "--columns"),
        ("matrix", "--references"),
        ("excluded", "--basis"),
        ("agreement", "--studies"),
    ],
)
def test_an_option_of_another_table_is_wrong_usage(name: str, option: str) -> None:
    result = run(app, ["table", name, option, "country"])

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"No such option: {option}" in result.stderr
