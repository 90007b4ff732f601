"""Tests of the audit command."""

import csv
import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app

run = CliRunner().invoke

ADDS_UP = """\
A review of bicycle bells

Abstract

We searched three databases. Twelve studies were included.

Results

Study selection

The database searches identified 1,204 records. After removing 204 duplicates, 1,000 titles and abstracts were
screened, and 960 were excluded. We assessed 40 full-text articles for eligibility, of which 28 were excluded
with reasons. Twelve studies were included in the review (Figure 1).
"""
DIFFERS = ADDS_UP.replace("960 were excluded", "950 were excluded").replace("assessed 40", "assessed 55")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bells.txt").write_text(ADDS_UP, encoding="utf-8")
    Path("horns.txt").write_text(DIFFERS, encoding="utf-8")


def test_a_review_that_adds_up_is_found_to_hold_with_each_number_s_sentence() -> None:
    result = run(app, ["audit", "bells.txt"])

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("bells.txt: holds\n")
    assert "  1,204  Records identified from databases\n" in result.stdout
    assert (
        "“The database searches identified 1,204 records.” Results › Study selection, paragraph 1 (line 11)"
        in result.stdout
    )
    assert "D1 holds: identified less removed is screened: 1,204 - 204 = 1,000" in result.stdout
    assert "I1 holds: assessed less excluded is reports included: 40 - 28 = 12" in result.stdout


def test_a_review_that_does_not_add_up_differs_and_says_by_what() -> None:
    result = run(app, ["audit", "horns.txt"])

    assert result.exit_code == 1
    assert "D2 differs: screened less excluded is sought: 1,000 - 950 is not 55" in result.stdout


def test_a_text_without_a_flow_cannot_be_checked() -> None:
    Path("note.md").write_text("# A note\n\nNobody counted anything here, and there is no more to say.\n")

    result = run(app, ["audit", "note.md"])

    assert result.exit_code == 3
    assert "note.md: cannot be checked: no number of a flow is read in the text" in result.stdout


def test_many_papers_are_a_row_each_and_a_damaged_one_costs_the_others_nothing() -> None:
    Path("cut.xml").write_text("<article><front><article-meta/></front><body><p>We found", encoding="utf-8")

    result = run(app, ["audit", "bells.txt", "cut.xml", "horns.txt", "-o", "audits.csv"])

    header, *rows = Path("audits.csv").read_text(encoding="utf-8").splitlines()
    assert result.exit_code == 0, result.output
    assert header.startswith("file,doi,title,verdict,differs,why,readings,databases,")
    assert [row.split(",")[3] for row in rows] == ["holds", "cannot be checked", "differs"]
    assert "cut.xml:1: is not sound XML" in result.stderr


def test_each_number_of_many_papers_is_a_row_with_its_sentence_beside_the_papers() -> None:
    run(app, ["audit", "bells.txt", "horns.txt", "-o", "audits.csv"])

    header, *rows = Path("audits-numbers.csv").read_text(encoding="utf-8").splitlines()
    assert header == "file,n,box,sentence,place,told_once"
    assert {row.split(",")[0] for row in rows} == {"bells.txt", "horns.txt"}
    assert any(row.startswith("bells.txt,1204,databases,") for row in rows)


def test_a_number_that_is_told_once_is_marked_wherever_an_audit_is_written() -> None:
    text = ADDS_UP.replace(
        "Twelve studies were included in", "Hand searching found 7 records. Twelve were included in"
    )
    Path("bells.txt").write_text(text, encoding="utf-8")

    told = run(app, ["audit", "bells.txt"]).stdout
    said = json.loads(run(app, ["audit", "bells.txt", "--json"]).stdout)["papers"][0]
    run(app, ["audit", "bells.txt", "-o", "audits.csv"])
    run(app, ["audit", "bells.txt", "-o", "audit.md"])

    assert [line for line in told.splitlines() if "told once" in line] == [
        "  7  Hand searching; told once, and no sum bears it out"
    ]
    assert [each["n"] for each in said["numbers"] if each["told_once"]] == [7]
    (row,) = csv.DictReader(Path("audits.csv").read_text(encoding="utf-8").splitlines())
    assert row["told_once"] == "hand_searching"
    numbers = csv.DictReader(Path("audits-numbers.csv").read_text(encoding="utf-8").splitlines())
    assert [each["n"] for each in numbers if each["told_once"]] == ["7"]
    assert Path("audit.md").read_text(encoding="utf-8").count("| yes |") == 1


def test_one_damaged_paper_is_an_error() -> None:
    Path("cut.xml").write_text("<article><front><article-meta/></front><body><p>We found", encoding="utf-8")

    result = run(app, ["audit", "cut.xml"])

    assert result.exit_code == 1
    assert result.stderr == "cut.xml:1: is not sound XML: no element found\n"


def test_an_audit_is_written_as_a_table_and_as_data() -> None:
    assert run(app, ["audit", "horns.txt", "-o", "horns.md"]).exit_code == 1
    assert run(app, ["audit", "bells.txt", "-o", "bells.json"]).exit_code == 0

    told = json.loads(Path("bells.json").read_text(encoding="utf-8"))
    assert "| 1,204 | Records identified from databases |" in Path("horns.md").read_text(encoding="utf-8")
    assert told["schema"] == "peerreview/audit/1"
    assert told["papers"][0]["verdict"] == "holds"
    assert told["papers"][0]["boxes"]["screened"] == [1000]


def test_a_pdf_is_read_through_pdftotext_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bells.pdf").write_bytes(b"%PDF-1.7\n...")
    ran = subprocess.CompletedProcess(["pdftotext"], 0, stdout=ADDS_UP.encode(), stderr=b"")
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/pdftotext")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: ran)

    assert run(app, ["audit", "bells.pdf"]).exit_code == 0


def test_a_pdf_without_pdftotext_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bells.pdf").write_bytes(b"%PDF-1.7\n...")
    monkeypatch.setattr("shutil.which", lambda _: None)

    result = run(app, ["audit", "bells.pdf"])

    assert result.exit_code == 1
    assert result.stderr.startswith("bells.pdf: a PDF needs pdftotext")


def test_among_many_papers_none_stops_the_run_whatever_is_wrong_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    Path("scan.pdf").write_bytes(b"%PDF-1.7\n...")
    Path("zero.txt").write_bytes(b"")
    Path("sheet.docx").write_bytes(b"PK\x03\x04 and no more")
    Path("folder").mkdir()

    papers = ["bells.txt", "scan.pdf", "zero.txt", "sheet.docx", "folder", "gone.txt"]
    result = run(app, ["audit", *papers, "-o", "audits.csv"])

    rows = Path("audits.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert result.exit_code == 0, result.output
    assert [row.split(",")[0] for row in rows] == papers
    assert [row.split(",")[3] for row in rows] == ["holds", *["cannot be checked"] * 5]
    for paper in papers[1:]:
        assert f"{paper}: " in result.stderr


def verified(*words: str) -> tuple[int, list[str]]:
    result = run(app, ["verify", *words])
    return result.exit_code, [line.partition(": ")[2] for line in result.stdout.splitlines()]


@pytest.mark.parametrize("file", ["audits.csv", "audits-numbers.csv", "audits.json"])
def test_a_table_of_audits_is_checked_by_reading_each_paper_again(file: str) -> None:
    output = "audits.json" if file.endswith(".json") else "audits.csv"
    assert run(app, ["audit", "bells.txt", "horns.txt", "bells.txt", "-o", output]).exit_code == 0
    assert verified(file) == (0, ["bells.txt: holds", "horns.txt: holds"])

    Path("horns.txt").unlink()
    assert verified(file) == (3, ["bells.txt: holds", "horns.txt: cannot be checked (it is not there)"])

    Path("bells.txt").write_text(ADDS_UP.replace("1,204 records", "1,205 records"), encoding="utf-8")
    assert verified(file)[0] == 1


def test_a_number_edited_in_a_table_of_audits_is_told_beside_that_of_the_paper() -> None:
    run(app, ["audit", "bells.txt", "horns.txt", "-o", "audits.csv"])
    for file, before, after in (("audits.csv", ",1000,", ",1001,"), ("audits-numbers.csv", ",960,", ",961,")):
        text = Path(file).read_text(encoding="utf-8")
        assert before in text
        Path(file).write_text(text.replace(before, after, 1), encoding="utf-8")

    assert verified("audits.csv") == (
        1,
        ["bells.txt: differs (screened: the table says 1001, the paper 1000)", "horns.txt: holds"],
    )
    why = "the table says excluded 961, the paper does not; the paper says excluded 960, the table does not"
    assert verified("audits-numbers.csv") == (1, [f"bells.txt: differs ({why})", "horns.txt: holds"])


def test_a_table_of_audits_with_a_verdict_that_somebody_put_right_differs() -> None:
    run(app, ["audit", "bells.txt", "horns.txt", "-o", "audits.csv"])
    text = Path("audits.csv").read_text(encoding="utf-8")
    header, rows = text.split("\n", 1)
    Path("audits.csv").write_text(f"{header}\n{rows.replace(',differs,', ',holds,')}", encoding="utf-8")

    assert verified("audits.csv") == (
        1,
        ["bells.txt: holds", "horns.txt: differs (verdict: the table says holds, the paper differs)"],
    )


def test_papers_are_found_beside_the_table_wherever_people_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(app, ["audit", "bells.txt", "horns.txt", "-o", "audits.csv"])
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    assert verified("../audits.csv") == (0, ["bells.txt: holds", "horns.txt: holds"])


@pytest.mark.parametrize("file", ["audits.html", "audits.docx"])
def test_an_audit_on_a_page_carries_the_proof_of_its_papers(file: str) -> None:
    run(app, ["audit", "bells.txt", "horns.txt", "-o", file])
    assert verified(file)[0] == 0

    Path("bells.txt").write_text(DIFFERS, encoding="utf-8")

    assert verified(file)[0] == 1
    assert "bells.txt: differs" in verified(file)[1]
