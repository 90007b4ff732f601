"""Forms for reports, studies, themes, appraisal, findings and conflicts, filled in and taken back."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests.builders import make

Run = Callable[..., Result]
FIELDS = (
    "field,type,required,values,description\n"
    "country,text,yes,,Where it took place\n"
    "design,choice,no,qualitative; cohort,\n"
    "n,integer,no,,People in it\n"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run ``peerreview`` in a review that included two of three records."""
    monkeypatch.chdir(tmp_path)
    unique = make(
        tables.UNIQUE,
        title=["One", "=Two", "Three"],
        abstract=["Of lamps", "", ""],
        source_kinds=["database"] * 3,
    )
    writing.write(unique, Path("unique.csv"))
    Path("screening.csv").write_text(
        "record_id,stage,outcome,reason,reviewers,resolved_by\n"
        "r1,full_text,include,,,votes\nr2,full_text,include,,,votes\nr3,full_text,exclude,No peers,,votes\n",
        encoding="utf-8",
    )
    return lambda *arguments: CliRunner().invoke(app, [*arguments])


def _studies(*rows: str) -> None:
    Path("studies.csv").write_text("\n".join(["study_id,label,country,design", *rows, ""]), encoding="utf-8")


def _fill(file: str, **cells: list[str]) -> None:
    """Fill columns of a workbook's form from its first row on."""
    book = openpyxl.load_workbook(file)
    names = [cell.value for cell in book["form"][1]]
    for column, texts in cells.items():
        for row, text in enumerate(texts, start=2):
            if text:
                book["form"].cell(row, names.index(column) + 1, text)
    book.save(file)


def test_each_included_record_says_which_study_it_tells_of(run: Run) -> None:
    made = run("form", "reports", "-o", "which.xlsx")
    assert made.exit_code == 0, made.stderr
    _fill("which.xlsx", study_id=["s1; s2", ""])

    taken = run("form", "reports", "which.xlsx", "-o", "reports.csv")

    assert taken.exit_code == 0, taken.stderr
    assert Path("reports.csv").read_text() == "record_id,study_id\nr1,s1\nr1,s2\n"
    assert "which.xlsx: 1 row is not filled in, and left out" in taken.stderr
    assert run("form", "reports", "-o", "again.csv").exit_code == 0
    assert reading.read_raw(Path("again.csv"))["study_id"].tolist() == ["s1; s2", ""]
    # The rows of a review's own table are not dropped by a form that lacks them.
    _fill("which.xlsx", study_id=["s9"])
    refused = run("form", "reports", "which.xlsx", "-o", "reports.csv")
    assert refused.exit_code == 1
    assert "holds 2 rows of reports that are not in these forms" in refused.stderr


def test_two_people_extract_and_agree(run: Run) -> None:
    Path("fields.csv").write_text(FIELDS, encoding="utf-8")
    Path("reports.csv").write_text("record_id,study_id\nr1,s1\nr2,s2\n", encoding="utf-8")
    for name in ("ana", "ben"):
        made = run("form", "studies", "--reviewer", name, "-o", f"{name}.xlsx")
        assert made.exit_code == 0, made.stderr
    rules = {
        str(rule.sqref): rule
        for rule in openpyxl.load_workbook("ana.xlsx")["form"].data_validations.dataValidation
    }
    _fill("ana.xlsx", label=["A", "B"], country=["Norway", "Chile"], design=["cohort", ""], n=["12", "40"])
    _fill(
        "ben.xlsx", label=["A", "B"], country=["norway", "Chile"], design=["qualitative", ""], n=["12", "41"]
    )

    differ = run("form", "studies", "ana.xlsx", "ben.xlsx", "-o", "studies.csv")
    asked = run("form", "studies", "ana.xlsx", "ben.xlsx", "--reviewer", "consensus", "-o", "both.xlsx")
    said = reading.read_raw(Path("both.xlsx"), tables.Table("f", columns=("study_id", "country")))
    _fill("both.xlsx", design=["cohort"], n=["", "41"])
    taken = run("form", "studies", "ana.xlsx", "ben.xlsx", "both.xlsx", "-o", "studies.csv")

    assert [rule.type for rule in rules.values()] == ["list"]
    assert differ.exit_code == 1
    assert "s1 design: ana 'cohort', ben 'qualitative'; settle it in form studies" in differ.stderr
    assert asked.exit_code == 0, asked.stderr
    assert said["country"].tolist() == ["Norway", "Chile"]
    assert said["n"].tolist() == ["12", ""]
    assert said["said"].tolist() == ["design: ana 'cohort', ben 'qualitative'", "n: ana '40', ben '41'"]
    assert taken.exit_code == 0, taken.stderr
    assert Path("studies.csv").read_text() == (
        "study_id,label,country,design,n\ns1,A,Norway,cohort,12\ns2,B,Chile,,41\n"
    )
    people = ("--extraction", "ana.xlsx", "--extraction", "ben.xlsx", "--consensus", "both.xlsx")
    table = run("table", "extraction", *people)
    assert table.exit_code == 0, table.stderr
    assert "| A | Design | cohort | qualitative | cohort |" in table.stdout
    assert "0 of 2 cells are left to settle" in table.stdout


COVIDENCE = """Covidence #,Study ID,Title,Reviewer Name,Country,Design
7,Kay 2020,Nights,Ana Ruiz,Norway,cohort
7,Kay 2020,Nights,Ben Li,Norway,survey
7,Kay 2020,Nights,Consensus,Norway,survey
9,Lee 2021,Days,Ana Ruiz,Chile,RCT
"""


def test_what_covidence_exports_of_several_people_becomes_the_studies(run: Run) -> None:
    Path("review_77.csv").write_text(COVIDENCE, encoding="utf-8-sig")
    lines = COVIDENCE.splitlines(keepends=True)
    Path("open.csv").write_text("".join(lines[:3]), encoding="utf-8")
    Path("twice.csv").write_text(COVIDENCE + "11,Lee 2021,Other days,Ana Ruiz,Peru,RCT\n", encoding="utf-8")

    taken = run("form", "studies", "review_77.csv", "-o", "studies.csv")
    left_open = run("form", "studies", "open.csv", "-o", "other.csv")
    twice = run("form", "studies", "twice.csv", "-o", "other.csv")

    assert taken.exit_code == 0, taken.stderr
    assert Path("studies.csv").read_text() == (
        "study_id,label,Covidence #,Title,Country,Design\n"
        "Kay 2020,Kay 2020,7,Nights,Norway,survey\nLee 2021,Lee 2021,9,Days,Chile,RCT\n"
    )
    assert "Kay 2020 Design: Ana Ruiz 'cohort', Ben Li 'survey'; settle it" in left_open.stderr
    assert "twice.csv:6: study 'Lee 2021' stands here twice by 'Ana Ruiz'" in twice.stderr


def test_an_appraisal_asks_the_items_of_a_design_in_the_instruments_words(run: Run) -> None:
    _studies("s1,Ade 2020,Norway,qualitative")
    for name in ("ana", "ben"):
        made = run("form", "appraisal", "--reviewer", name, "-o", f"{name}.xlsx")
        assert made.exit_code == 0, made.stderr
    page = openpyxl.load_workbook("ana.xlsx")
    items = [cell.value for cell in page["form"]["D"][1:]]
    _fill("ana.xlsx", judgement=["yes"] * len(items))
    _fill("ben.xlsx", judgement=["yes", "no", *["yes"] * (len(items) - 2)])

    assert run("form", "appraisal", "ana.xlsx", "ben.xlsx", "-o", "appraisal.csv").exit_code == 0
    both = run("form", "appraisal", "--reviewer", "consensus", "-o", "both.xlsx")
    _fill("both.xlsx", judgement=["no"])
    taken = run("form", "appraisal", "ana.xlsx", "ben.xlsx", "both.xlsx", "-o", "appraisal.csv")

    assert len(items) == 7
    assert [cell.value for cell in page["allowed"]["A"]] == ["yes", "no", "can't tell"]
    assert "1 row to fill in" in both.stderr
    assert taken.exit_code == 0, taken.stderr
    judged = reading.read(Path("appraisal.csv"), tables.APPRAISAL)
    assert len(judged) == 15
    assert judged["reviewer"].value_counts().to_dict() == {"ana": 7, "ben": 7, "consensus": 1}
    assert run("appraise", "-o", "-").exit_code == 0


def test_a_judgement_that_the_instrument_lacks_is_told_with_its_row(run: Run) -> None:
    _studies("s1,Ade 2020,Norway,qualitative")
    run("form", "appraisal", "--reviewer", "ana", "-o", "ana.csv")
    form = reading.read_raw(Path("ana.csv"))
    writing.write(form.assign(judgement=["", "perhaps", *[""] * 5]), Path("ana.csv"))
    run("form", "appraisal", "ana.csv", "-o", "appraisal.csv")

    result = run("appraise", "-o", "-")

    assert result.exit_code == 1
    assert "judgement 'perhaps' is not one of" in result.stderr


def test_themes_and_findings_are_written_down_by_study_and_by_theme(run: Run) -> None:
    _studies("s1,Ade,Norway,", "s2,Bo,Chile,")
    Path("codebook.csv").write_text("theme,parent,label\nhope,,Hope\nfear,,Fear\n", encoding="utf-8")
    assert run("form", "themes", "--reviewer", "ana", "-o", "ana.xlsx").exit_code == 0
    _fill("ana.xlsx", theme=["hope", "hope"], quote=["we hope", ""])
    taken = run("form", "themes", "ana.xlsx", "-o", "themes.csv")
    assert taken.exit_code == 0, taken.stderr

    made = run("form", "findings", "-o", "findings.xlsx")
    _fill("findings.xlsx", finding=["Peers give hope"], confidence=["moderate"])
    written = run("form", "findings", "findings.xlsx", "-o", "findings.csv")

    assert Path("themes.csv").read_text().splitlines()[1] == "s1,hope,ana,we hope,,"
    assert made.exit_code == 0, made.stderr
    assert written.exit_code == 0, written.stderr
    assert Path("findings.csv").read_text().splitlines() == [
        "finding,themes,studies,confidence,why", "Peers give hope,hope,s1; s2,moderate,",
    ]  # fmt: skip


def test_conflicts_show_votes_reasons_and_notes_and_come_back(run: Run) -> None:
    Path("decisions").mkdir()
    Path("screening.csv").unlink()
    header = "record_id,reviewer,stage,decision,reason,note\n"
    Path("decisions/ana.csv").write_text(header + "r2,ana,title_abstract,include,,ask Bo\n", encoding="utf-8")
    Path("decisions/bo.csv").write_text(header + "r2,bo,title_abstract,exclude,No peers,\n", encoding="utf-8")
    assert run("screen").exit_code == 0
    made = run("form", "conflicts", "-o", "open.xlsx")
    page = openpyxl.load_workbook("open.xlsx")["form"]
    row = dict(zip((cell.value for cell in page[1]), (cell.value for cell in page[2]), strict=True))
    _fill("open.xlsx", decision=["include"], reviewer=["zed"])

    taken = run("screen", "--resolve", "open.xlsx")

    assert made.exit_code == 0, made.stderr
    assert row["votes"] == "ana: include; bo: exclude (No peers)"
    assert row["notes"] == "ana: ask Bo"
    assert row["title"] == "=Two"
    names = list(row)
    widths = [
        page.column_dimensions[openpyxl.utils.get_column_letter(n)].width for n in range(1, len(names) + 1)
    ]
    shown = names.index("abstract") + 1
    assert {"decision", "reason", "votes", "notes", "title"} <= set(names[:shown])
    assert sum(7 * width + 5 for width in widths[:shown]) <= 1_316
    assert taken.exit_code == 0, taken.stderr
    assert "r2,zed,title_abstract,include" in Path("decisions/resolutions.csv").read_text()
    refused = run("form", "conflicts", "open.xlsx", "-o", "x.csv")
    assert refused.exit_code == 2
    assert "screen --resolve takes a filled form" in refused.stderr


def test_a_form_with_answers_is_not_written_over(run: Run) -> None:
    _studies("s1,Ade,Norway,qualitative")
    run("form", "appraisal", "--reviewer", "ana", "-o", "ana.xlsx")
    _fill("ana.xlsx", judgement=["yes", "no"])

    refused = run("form", "appraisal", "--reviewer", "ana", "-o", "ana.xlsx")

    assert refused.exit_code == 1
    assert "holds 2 cells that were filled in" in refused.stderr
    assert run("form", "appraisal", "--reviewer", "ana", "-o", "ana.xlsx", "--replace").exit_code == 0


def test_possible_pairs_are_judged_in_a_form_and_come_back(run: Run) -> None:
    records = make(
        tables.RECORDS,
        title=["Lamps on wards", "Lamps on ward", "Lifts"],
        year=["2001", "2001", "2002"],
        authors=["Doe, J", "Doe, J", "Roe, R"],
    )
    writing.write(records, Path("records.csv"))
    Path("possible.csv").write_text(
        'verdict,why,by,record_id,duplicate_of,title\n,,,r2,r1,"\'=Lamps"\n', encoding="utf-8"
    )
    made = run("form", "possible", "-o", "pairs.xlsx")
    _fill("pairs.xlsx", verdict=["distinct"], by=["ana"])
    taken = run("dedupe", "records.csv", "--resolve", "pairs.xlsx", "-o", "unique.csv")

    assert made.exit_code == 0, made.stderr
    book = openpyxl.load_workbook("pairs.xlsx")
    assert [cell.value for cell in book["allowed"]["A"]][:2] == ["duplicate", "distinct"]
    assert [cell.value for cell in book["form"][1]][:3] == ["verdict", "why", "by"]
    assert taken.exit_code == 0, taken.stderr
    assert "r2,r1,distinct,ana" in Path("overrides.csv").read_text()


def test_an_appraisal_form_says_which_answers_an_item_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies.csv").write_text("study_id,label\ns1,Ada 2001\n", encoding="utf-8")

    runner = CliRunner()
    amstar = runner.invoke(app, ["form", "appraisal", "--instrument", "amstar-2", "-o", "a.csv"])
    casp = runner.invoke(app, ["form", "appraisal", "--instrument", "casp-qualitative", "-o", "c.csv"])

    assert (amstar.exit_code, casp.exit_code) == (0, 0)
    assert '"Comprehensive search (yes, partial yes, no)"' in (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert "Value of the research (in words)" in (tmp_path / "c.csv").read_text(encoding="utf-8")
