"""A table whose cells lie in files is the table that was read, cell by cell, and its faults are named."""

from pathlib import Path

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.tables import mapped, reading, writing
from tests.variants import invent


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped, "AT_ONCE", 7)


def test_parquet_is_read_some_rows_at_a_time_as_it_is_whole(tmp_path: Path) -> None:
    records, _ = invent(40, seed=1)
    records.loc[3, "title"] = ""
    records.loc[5, "title"] = 'Ärzte, "Peers"\r\nund mehr'
    path = tmp_path / "records.parquet"
    writing.write(records, path)

    table = mapped.read(path, tables.RECORDS, tmp_path)

    pd.testing.assert_frame_equal(reading.read(path, tables.RECORDS), table)
    pd.testing.assert_frame_equal(records.iloc[[30, 2]], table.iloc[[30, 2]])
    assert set(table.dtypes.astype(str)) == {"str"}


@pytest.mark.parametrize("n_records", [0, 1, 7, 20])
def test_a_table_in_text_is_laid_out_too(tmp_path: Path, n_records: int) -> None:
    records = invent(20, seed=1)[0].iloc[:n_records].reset_index(drop=True)
    for name in ("records.csv", "records.parquet"):
        writing.write(records, tmp_path / name)

        table = mapped.read(tmp_path / name, tables.RECORDS, tmp_path)

        pd.testing.assert_frame_equal(reading.read(tmp_path / name, tables.RECORDS), table)


def test_numbers_in_a_parquet_file_are_text_in_every_part(tmp_path: Path) -> None:
    records = invent(20, seed=1)[0]
    years = pd.Series([float("nan")] * 9 + [2001.0] * 11)
    numbers = records.assign(year=years, round=1)
    numbers.to_parquet(tmp_path / "records.parquet")

    table = mapped.read(tmp_path / "records.parquet", tables.RECORDS, tmp_path)

    assert table["year"].tolist() == [""] * 9 + ["2001"] * 11
    assert set(table["round"]) == {"1"}


def test_a_fault_is_named_with_its_row_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    records = invent(20, seed=1)[0]
    records.loc[16, "round"] = "first"
    writing.write(records, path)
    with pytest.raises(InputErrors, match="row 17: round 'first' is not a whole number"):
        mapped.read(path, tables.RECORDS, tmp_path)
    records.loc[16, "round"] = "1"
    records["record_id"] = [*records["record_id"][:16], records["record_id"][1], *records["record_id"][17:]]
    writing.write(records, path)

    with pytest.raises(InputErrors, match=r"row 17: record_id '.*' stands here twice"):
        mapped.read(path, tables.RECORDS, tmp_path)


def test_what_is_no_parquet_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    with pytest.raises(InputError, match="no such file"):
        mapped.read(path, tables.RECORDS, tmp_path)
    path.write_text("record_id,title\n")

    with pytest.raises(InputError, match="is not a parquet file"):
        mapped.read(path, tables.RECORDS, tmp_path)


@pytest.mark.parametrize("name", ["unique.csv", "unique.parquet"])
def test_a_table_in_parts_is_written_as_it_is_whole(tmp_path: Path, name: str) -> None:
    records = invent(20, seed=1)[0]
    parts = (records.iloc[start : start + 6] for start in range(0, 20, 6))

    writing.write_all({tmp_path / name: writing.in_parts(parts, tmp_path / name)})

    writing.write(records, tmp_path / f"whole-{name}")
    whole = reading.read_raw(tmp_path / f"whole-{name}")
    pd.testing.assert_frame_equal(whole, reading.read_raw(tmp_path / name))
    if name.endswith(".csv"):
        assert (tmp_path / name).read_bytes() == (tmp_path / f"whole-{name}").read_bytes()
