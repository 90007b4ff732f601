"""Rows of a large CSV file are read one at a time, and others written among them, whatever cells hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from peerreview.tables import lines, writing
from peerreview.tables.lines import Lines

COLUMNS = ("record_id", "duplicate_of", "rule")
CELLS = ("a", "", "a, b", 'said "so"', "two\nlines", "\r", "Müller", "支援", '"', ",")


def some_rows(n_rows: int, seed: int) -> list[list[str]]:
    chance = np.random.default_rng(seed)
    return [
        [f"r{row:03}" if row % 5 else f"r{row:03}, or", *chance.choice(CELLS, 2).tolist()]
        for row in range(n_rows)
    ]


def as_file(rows: list[list[str]]) -> bytes:
    return writing.to_csv(pd.DataFrame(rows, columns=COLUMNS, dtype="str")).encode()


@pytest.mark.parametrize("seed", range(4))
def test_rows_are_read_by_their_number_and_written_with_others(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_AT_ONCE", 7)
    rows = some_rows(40, seed)
    path = tmp_path / "duplicates.csv"
    path.write_bytes(as_file(rows))
    there = Lines(path)
    chance = np.random.default_rng(seed)
    gone = set(chance.choice(30, 5, replace=False).tolist())
    added = [(int(row), [f"r{row:03}-new", *CELLS[:2]]) for row in sorted(chance.integers(0, 31, 6))]

    content = b"".join(there.spliced(30, gone, added))

    assert rows == [there[row] for row in range(len(there))] == there[:]
    assert rows[7:9] == there[7:9]
    assert [cells[0] for cells in rows] == [there.first(row) for row in range(len(there))]
    expected = []
    for row in range(31):
        expected += [cells for place, cells in added if place == row]
        expected += [rows[row]] if row < 30 and row not in gone else []
    assert as_file(expected) == content


def test_a_table_without_rows_is_one() -> None:
    there = Lines(as_file([]))

    assert len(there) == 0
    assert there[:] == []
    assert as_file([["r1", "r0", "same DOI"]]) == b"".join(
        there.spliced(0, (), [(0, ["r1", "r0", "same DOI"])])
    )
