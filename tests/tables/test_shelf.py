"""Columns on a shelf come back as they were put there, whole, by rows or by stretches."""

import sys
from pathlib import Path

import numpy as np
import pytest

from peerreview.errors import InputError, MissingToolError
from peerreview.tables.shelf import Shelf


def texts(*cells: str) -> np.ndarray:
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array


def test_columns_come_back_as_they_were(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    columns = {
        "title": texts("Études", "", 'a "b"\n'),
        "year": np.array([2001, 0, -1]),
        "hash": np.array([2**64 - 1, 0, 7], dtype=np.uint64),
        "likeness": np.array([0.5, np.nan, 1], dtype=np.float32),
        "fresh": np.array([True, False, True]),
    }

    shelf.put("records", columns)

    kept = shelf.get("records")
    assert kept.names == list(columns)
    assert len(kept) == 3
    for name, values in columns.items():
        assert kept.whole(name).dtype == values.dtype
        np.testing.assert_array_equal(kept.whole(name), values)
        np.testing.assert_array_equal(kept.take(name, np.array([2, 0, 0])), values[[2, 0, 0]])


def test_stretches_are_read_alone_and_may_be_empty(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)

    shelf.put("keys", {"row": np.arange(5), "name": texts(*"abcde")}, ends=[2, 2, 5])

    read = [
        [column.tolist() for column in shelf.get("keys").stretch(number, "row", "name")]
        for number in range(3)
    ]
    assert read == [[[0, 1], ["a", "b"]], [[], []], [[2, 3, 4], ["c", "d", "e"]]]


def test_a_column_without_rows_keeps_its_kind(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)

    shelf.put("none", {"year": np.array([], dtype=np.int64), "title": texts()})

    assert shelf.get("none").whole("year").dtype == np.int64
    assert shelf.get("none").whole("title").dtype == object


def test_what_was_put_is_there_until_it_is_removed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("a", {"row": np.arange(2)})

    assert shelf.has("a")
    assert not shelf.has("b")
    shelf.remove("a")
    shelf.remove("a")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: No such file or directory") as raised:
        Shelf(tmp_path / "gone").put("a", {"row": np.arange(2)})

    assert raised.value.path == str(tmp_path / "gone")


def test_without_pyarrow_the_way_to_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.ipc", None)

    with pytest.raises(MissingToolError, match="pip install pyarrow"):
        Shelf(tmp_path).put("a", {"row": np.arange(2)})
