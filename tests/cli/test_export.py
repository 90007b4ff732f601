"""Tests of the export command."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests.builders import make_records

run = CliRunner().invoke
CONTENT = [column for column in tables.CONTENT if column != "extra"]


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with three records, as the working folder."""
    monkeypatch.chdir(tmp_path)
    records = make_records(
        record_id=["müller2001-a1", "r2", "r3"],
        title=["Peer work & {hope} -- 5% of $3", "Über_uns", "C"],
        type=["JOUR", "Journal Article", "book"],
        authors=["Müller, J.; World Health Organization", "van Gogh, Vincent", "King, Martin L, Jr"],
        journal=["Psych Services", "J", ""],
        year=["2001", "2002", ""],
        pages=["12-20", "e5", ""],
        doi=["10.5555/a_b", "", ""],
        pmid=["", "123", ""],
        pmcid=["", "PMC99", ""],
        accession=["X1", "123", "L5"],
        issn=["1234-5678", "1234-5678; 2345-678X", ""],
        isbn=["", "", "9783161484100"],
        keywords=["hope; Child, Preschool", "Child, Preschool", ""],
        abstract=["An abstract, with \\ and ~ and ^", "", ""],
        url=["", "https://example.org/?a=1&b=2", ""],
    )
    writing.write(records, tmp_path / "unique.csv")
    return tmp_path


@pytest.mark.parametrize("suffix", ["ris", "bib", "json", "xml", "nbib", "csv"])
def test_importing_what_was_exported_gives_the_records_back(review: Path, suffix: str) -> None:
    written = run(app, ["export", "-o", f"out.{suffix}"])
    run(app, ["import", f"out.{suffix}", "--source", "MEDLINE", "-o", "again.csv"])

    assert (written.exit_code, written.stdout) == (0, "")
    before = reading.read(review / "unique.csv", tables.RECORDS)[CONTENT]
    after = reading.read(review / "again.csv", tables.RECORDS)[CONTENT]
    for column in CONTENT:
        assert list(before[column]) == list(after[column]), column


@pytest.mark.parametrize("suffix", ["ris", "bib", "json", "xml", "nbib", "csv"])
def test_no_records_make_a_file_all_the_same(review: Path, suffix: str) -> None:
    writing.write(make_records(), review / "none.csv")

    assert run(app, ["export", "none.csv", "-o", f"out.{suffix}"]).exit_code == 0
    assert (review / f"out.{suffix}").exists()


@pytest.mark.usefixtures("review")
def test_an_unknown_suffix_is_a_usage_error() -> None:
    result = run(app, ["export", "-o", "out.docx"])

    assert result.exit_code == 2
    assert result.stderr == "out.docx: suffix '.docx' is not one of .ris, .bib, .json, .xml, .nbib, .csv\n"


def test_records_go_to_a_stream_as_ris(review: Path) -> None:
    result = run(app, ["export", "-o", "-"])

    assert result.exit_code == 0
    assert len(reading.read(review / "unique.csv", tables.RECORDS)) == result.stdout.count("TY  - ")


def test_an_export_of_a_database_is_not_written_over(review: Path) -> None:
    records = make_records(title=["Peer work"], source_file=["exports/scopus.ris"])
    writing.write(records, review / "unique.csv")

    result = run(app, ["export", "-o", "exports/scopus.ris"])

    assert result.exit_code == 2
    assert result.stderr == "exports/scopus.ris: is read by this command; name another file\n"
