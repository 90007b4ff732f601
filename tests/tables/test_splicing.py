"""A parquet file with other rows in some places has the bytes of one written whole, and most is copied."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from peerreview.tables import compact, parquet, splicing, writing
from peerreview.tables.splicing import Piece, copies, spliced

pytest.importorskip("pyarrow", reason="parquet files are not tested: pip install pyarrow")

SIZE = 50
"""Rows in a group."""
COLUMNS = ("record_id", "title", "abstract", "extra")

Places = npt.NDArray[np.int64]


def written(rows: pd.DataFrame, path: Path, sizes: list[int]) -> bytes:
    """Return a file whose groups have so many rows."""
    ends = np.cumsum(sizes).tolist()
    parts = (
        rows.iloc[end - size : end].reset_index(drop=True) for size, end in zip(sizes, ends, strict=True)
    )
    writing.write_all({path: writing.in_parts(parts, path)})
    return path.read_bytes()


def some_rows(n_rows: int, *, seed: int = 1) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    words = np.array(["peer", "Müller", "支援", "", "a, b", "x" * 300])
    cells = {name: [" ".join(chance.choice(words, 4)) for _ in range(n_rows)] for name in COLUMNS[1:3]}
    return pd.DataFrame({"record_id": [f"r{n}" for n in range(n_rows)], **cells, "extra": ""}, dtype="str")


class Reader:
    """Takes rows of a table, and counts how many it was asked for."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows, self.n_read = rows, 0

    def take(self, places: Places) -> pd.DataFrame:
        return self.rows.iloc[places].reset_index(drop=True)

    def read(self, places: Places) -> pd.DataFrame:
        self.n_read += len(places)
        return self.take(places)


def amended(path: Path, rows: pd.DataFrame, pieces: list[Piece]) -> tuple[bytes, int]:
    """Return the file that is made of another, and of how many rows all was read for it."""
    reader = Reader(rows)
    return b"".join(spliced(path, pieces, reader.take, reader.read)), reader.n_read


def in_groups(n_rows: int, changed: list[int], rows: pd.DataFrame) -> Iterator[Piece]:
    """Yield all rows of a table, group by group, with other rows in some places."""
    there, first = np.array(changed), 0
    for start in range(0, n_rows, SIZE):
        here = there[(there >= start) & (there < start + SIZE)]
        now = rows.iloc[first : first + len(here)].reset_index(drop=True)
        yield Piece(np.arange(start, min(start + SIZE, n_rows)), here, now)
        first += len(here)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_copied_and_what_is_packed_anew_are_the_bytes_of_one_file(tmp_path: Path, seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = some_rows(230, seed=seed)
    written(rows, tmp_path / "there.parquet", [50, 50, 50, 50, 30])
    changed = sorted(chance.choice(230, 9, replace=False).tolist())
    now = rows.copy()
    now.loc[changed[:4], "extra"] = "round 2"
    now.loc[changed[2:], "abstract"] = "Longer."

    pieces = list(in_groups(230, changed, now.iloc[changed]))
    content, n_read = amended(tmp_path / "there.parquet", rows, pieces)

    assert written(now, tmp_path / "now.parquet", [50, 50, 50, 50, 30]) == content
    assert n_read == (0 if copies() else 230)


def test_a_record_that_goes_costs_its_group_alone(tmp_path: Path) -> None:
    rows = some_rows(120)
    written(rows, tmp_path / "there.parquet", [50, 50, 20])
    stays = np.delete(np.arange(120), 60)
    more = some_rows(5, seed=2).assign(record_id=[f"n{n}" for n in range(5)])
    nothing = rows.iloc[:0]
    pieces = [
        Piece(stays[:50], stays[:0], nothing),
        Piece(stays[50:99], stays[:0], nothing),
        Piece(stays[99:], stays[:0], more),
    ]

    content, n_read = amended(tmp_path / "there.parquet", rows, pieces)

    now = pd.concat([rows.iloc[stays], more], ignore_index=True)
    assert written(now, tmp_path / "now.parquet", [50, 49, 25]) == content
    assert n_read == 49 + 20 + (0 if copies() else 50)


def test_where_more_than_columns_is_written_all_is_packed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splicing, "copies", lambda: False)
    rows = some_rows(100)
    expected = written(rows, tmp_path / "there.parquet", [50, 50])

    content, n_read = amended(tmp_path / "there.parquet", rows, list(in_groups(100, [], rows.iloc[:0])))

    assert expected == content
    assert n_read == 100


def test_a_file_with_other_columns_or_groups_is_packed_anew(tmp_path: Path) -> None:
    rows = some_rows(100)
    written(rows, tmp_path / "there.parquet", [60, 40])
    for now in (rows, rows.assign(setting="").astype("str")):
        content, n_read = amended(tmp_path / "there.parquet", rows, list(in_groups(100, [3], now.iloc[[3]])))

        assert written(now, tmp_path / "now.parquet", [50, 50]) == content
        assert n_read == 100


def test_a_file_of_another_program_is_packed_anew(tmp_path: Path) -> None:
    rows = some_rows(50)
    expected = written(rows, tmp_path / "now.parquet", [50])
    rows.to_parquet(tmp_path / "there.parquet", compression="snappy", write_page_index=True)

    content, n_read = amended(tmp_path / "there.parquet", rows, list(in_groups(50, [], rows.iloc[:0])))

    assert expected == content
    assert n_read == 50


def test_no_rows_are_a_file_with_columns(tmp_path: Path) -> None:
    rows = some_rows(1).iloc[:0]
    expected = written(rows, tmp_path / "there.parquet", [0])
    none = np.empty(0, dtype=np.int64)

    content, _ = amended(tmp_path / "there.parquet", rows, [Piece(none, none, rows)])

    assert expected == content
    assert list(COLUMNS) == list(parquet.read(content, tmp_path / "there.parquet").columns)


@pytest.mark.parametrize("content", [b"", b"\x15", b"\x1e\x00", b"\x18\x05a", b"\x19\xf5\x7f"])
def test_what_is_no_structure_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"ends too soon|is not known"):
        compact.read(content)
