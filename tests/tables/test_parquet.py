"""Tables of a review as parquet files: for reviews, and for people, too large for a spreadsheet."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.tables import reading
from tests.builders import make_ris

parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review whose records are a parquet file: one found twice, one without a year."""
    monkeypatch.chdir(tmp_path)
    peers = make_ris("TI  - Peers at work", "AU  - Ade, Bo", "PY  - 2020", "AN  - 007", "DO  - 10.5555/peers")
    trees = make_ris("TI  - Trees in spring; und Bäume", "AU  - Cy, Di")
    Path("medline.ris").write_bytes(peers + trees)
    Path("embase.ris").write_bytes(peers.replace(b"007", b"008"))
    result = CliRunner().invoke(app, ["import", "medline.ris", "embase.ris", "-o", "records.parquet"])
    assert result.exit_code == 0, result.stderr
    return tmp_path


def test_parquet_records_give_what_csv_ones_give(review: Path) -> None:
    CliRunner().invoke(app, ["import", "medline.ris", "embase.ris", "-o", "records.csv"])
    for suffix in ("parquet", "csv"):
        CliRunner().invoke(app, ["dedupe", f"records.{suffix}", "-o", f"unique.{suffix}"])
        CliRunner().invoke(app, ["export", f"unique.{suffix}", "-o", f"{suffix}.ris"])

    assert (review / "parquet.ris").read_bytes() == (review / "csv.ris").read_bytes()
    assert (review / "parquet.ris").read_text(encoding="utf-8").count("TY  - ") == 2


def test_another_program_reads_records_as_the_text_that_they_are(review: Path) -> None:
    records = parquet.read_table(review / "records.parquet")

    assert records["accession"].to_pylist() == ["007", "", "008"]
    assert records["source_file"].to_pylist() == ["medline.ris", "medline.ris", "embase.ris"]
    assert records["year"].to_pylist().count("") == 1


def test_groups_of_rows_are_read_as_columns_of_one_piece(review: Path) -> None:
    whole = parquet.read_table("records.parquet")
    parquet.write_table(whole, "groups.parquet", row_group_size=1)

    raw = reading.read_raw(review / "groups.parquet")

    assert raw["record_id"].tolist() == whole["record_id"].to_pylist()
    assert {raw[name].array.__arrow_array__().num_chunks for name in raw.columns} == {1}
