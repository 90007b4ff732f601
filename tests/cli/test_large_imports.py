"""Exports of which a part is held at a time: the command writes what it writes of small ones, or nothing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.imports import pages, records, stretches
from peerreview.tables import contents, reading, spool
from tests.builders import make_ris
from tests.imports.formats.samples import COMMAS, NBIB

run = CliRunner().invoke
EXPORTS = ("scopus.ris", "medline.nbib", "table.csv", "again.ris")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with four exports of many records each, as the working folder."""
    monkeypatch.chdir(tmp_path)
    some = [make_ris(f"TI  - A {number}", "AB  - café au lait", "DB  - Scopus") for number in range(60)]
    (tmp_path / "scopus.ris").write_bytes(b"".join([*some, some[7], make_ris("AB  - no title")]))
    (tmp_path / "medline.nbib").write_bytes(f"{NBIB}\n".encode() * 20)
    header, _, rows = COMMAS.partition("\n")
    (tmp_path / "table.csv").write_bytes(f"{header}\n{rows * 200}".encode("cp1252", "replace"))
    (tmp_path / "again.ris").write_bytes(b"".join(some[20:50]))
    (tmp_path / "sources.csv").write_text(
        "source,source_kind,file,round\nScopus,database,scopus.ris,2\nScopus,database,again.ris,1\n"
    )
    return tmp_path


def hold_little(patch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (pages, "PAGE", 2_000),
        (pages, "_TABLE_PAGE", 40_000),
        (stretches, "LENGTH", 500),
        (contents, "_AT_ONCE", 10_000),
        (records, "AT_ONCE", 7),
        (spool, "MOST", 1),
    ):
        patch.setattr(module, name, value)


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_is_held_at_a_time_changes_no_byte(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["import", *EXPORTS, "--lenient", "--report", "report.json"]
    at_once = run(app, command)
    files = written(review)
    hold_little(monkeypatch)
    in_parts = run(app, command)

    assert (in_parts.exit_code, in_parts.stderr) == (0, at_once.stderr)
    assert written(review) == files
    # What the earlier round found, too, has the plain id there.
    assert files["records.csv"].count(b"~2,Scopus,database,2,scopus.ris") == 31
    assert files["rejects.csv"].count(b"neither title") == 1


@pytest.mark.slow
def test_parquet_comes_in_groups_of_the_same_rows(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    run(app, ["import", *EXPORTS, "--lenient"])
    hold_little(monkeypatch)
    result = run(app, ["import", *EXPORTS, "--lenient", "-o", "records.parquet"])

    table = reading.read(review / "records.csv", tables.RECORDS)
    assert result.exit_code == 0
    assert reading.read(review / "records.parquet", tables.RECORDS).equals(table)
    assert parquet.ParquetFile(review / "records.parquet").num_row_groups == -(-len(table) // 7)


def test_a_fault_on_the_last_page_leaves_all_as_it_was(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = review / "scopus.ris"
    whole.write_bytes(make_ris("TI  - A") * 200)
    run(app, ["import", "scopus.ris"])
    whole.write_bytes(make_ris("TI  - A") * 200 + b"TY  - JOUR\nTI  - B\nAB  - broken o")
    before = written(review)
    hold_little(monkeypatch)
    result = run(app, ["import", "scopus.ris"])

    assert result.exit_code == 1
    line = whole.read_bytes().count(b"\n") - 1
    assert f"scopus.ris:{line}: the file ends within this record" in result.stderr
    assert written(review) == before


def test_whoever_interrupts_an_import_has_all_as_it_was(
    review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(app, ["import", "scopus.ris", "--lenient"])
    before = written(review)
    hold_little(monkeypatch)
    read_stretch, n_read = stretches.try_stretch, 0

    def interrupted(stretch: stretches.Stretch) -> object:
        nonlocal n_read
        n_read += 1
        if n_read > 5:
            raise KeyboardInterrupt
        return read_stretch(stretch)

    monkeypatch.setattr(stretches, "try_stretch", interrupted)
    result = run(app, ["import", "scopus.ris", "--lenient"])

    assert (result.exit_code, n_read) == (130, 6)
    assert written(review) == before


def test_a_full_disk_is_told_and_leaves_all_as_it_was(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = written(review)
    monkeypatch.setattr("pickle.dump", full)
    result = run(app, ["import", "scopus.ris"])

    assert result.exit_code == 1
    assert "what is read cannot be kept here: No space left on device" in result.stderr
    assert written(review) == before
