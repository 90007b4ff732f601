"""Tests of where rows stand: whatever writes them, and whatever becomes of the table."""

import copy
from pathlib import Path

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.tables import places, reading
from tests.builders import make_votes


def lines(table: pd.DataFrame) -> list[int]:
    return [line for stretch in places.of(table) for line in stretch.lines]


def read(folder: Path, content: bytes) -> pd.DataFrame:
    path = folder / "table.csv"
    path.write_bytes(content)
    return reading.read_raw(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n3,4\n", [2, 3]),
        (b"a,b\n1,2\n3,4", [2, 3]),
        (b"a,b\r\n1,2\r\n3,4\r\n\r\n\r\n", [2, 3]),
        (b"a,b\r1,2\r3,4\r", [2, 3]),
        (b'a,b\n"1\n1",2\n3,4\n', [2, 4]),
        (b'a,b\r\n"1\r\n\r\n1",2\r\n3,4\r\n', [2, 5]),
        (b'"a\na",b\n1,2\n3,4\n', [3, 4]),
        (b"a,b\n\n1,2\n,\n3,4\n", [3, 5]),
        (b"a,b\n  \n1,2\n3,4\n", [3, 4]),
        (b"sep=,\na,b\n1,2\n3,4\n", [3, 4]),
        (b"sep=;\r\n\r\na;b\r\n\r\n1;2\r\n3;4\r\n", [5, 6]),
        (b"\n\n,\na,b\n1,2\n3,4\n", [5, 6]),
        ("a,b\n1,2\n3,ü\n".encode("utf-16"), [2, 3]),
        (b"a,b\n1,2\n3,\xfc\n", [2, 3]),
    ],
)
def test_a_row_stands_where_an_editor_shows_it(tmp_path: Path, content: bytes, expected: list[int]) -> None:
    assert lines(read(tmp_path, content)) == expected


def test_rows_that_follow_each_other_cost_nothing(tmp_path: Path) -> None:
    (stretch,) = places.of(read(tmp_path, b"a,b\n" + b"1,2\n" * 1_000))

    assert stretch.lines == range(2, 1_002)
    assert copy.deepcopy(stretch) is stretch


def test_a_part_of_a_table_keeps_its_places(tmp_path: Path) -> None:
    whole = read(tmp_path, b"a,b\n1,2\n3,4\n5,6\n")
    part = whole[whole["a"] != "3"]

    assert str(tables.row_errors(part, [(1, "odd")])) == f"{tmp_path / 'table.csv'}:4: odd"


def test_rows_that_were_numbered_anew_are_given_no_wrong_line(tmp_path: Path) -> None:
    whole = read(tmp_path, b"a,b\n1,2\n3,4\n5,6\n")
    part = whole[whole["a"] != "3"].reset_index(drop=True)

    assert str(tables.row_errors(part, [(1, "odd")])) == "row 2: odd"
    assert str(tables.row_errors(part.set_axis(["x", "y"]), [(1, "odd")])) == "row 2: odd"


def test_rows_taken_from_another_table_stand_where_those_do(tmp_path: Path) -> None:
    raw = read(tmp_path, b"a,b\n1,2\n3,4\n5,6\n")
    votes = make_votes("r1 ana full_text include", "r2 ana full_text include", "r3 ana full_text include")

    places.put(votes, places.take(raw, [2, 0, 0]))

    assert lines(votes) == [4, 2, 2]
    assert places.take(raw, [9]) == ()
    assert str(tables.row_errors(votes, [(5, "odd")])) == "row 6: odd"


def test_a_fault_in_a_parquet_file_names_the_row(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "votes.parquet"
    make_votes("r1 ana full_text include", "r2 ana full_text hm").to_parquet(path, index=False)

    with pytest.raises(InputErrors, match=r"votes.parquet: row 2: decision 'hm' is not include"):
        reading.read(path, tables.VOTES)


def test_a_parquet_file_holds_no_path_of_this_machine(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from peerreview.tables import writing

    writing.write(read(tmp_path, b"a,b\n1,2\n"), tmp_path / "out.parquet")

    assert b"table.csv" not in (tmp_path / "out.parquet").read_bytes()
    assert places.of(reading.read_raw(tmp_path / "out.parquet"))[0].path == str(tmp_path / "out.parquet")
