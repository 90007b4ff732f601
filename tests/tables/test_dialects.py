"""Tests of the ways in which people's programs write a table."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from peerreview import tables
from peerreview.errors import InputError
from peerreview.tables import dialects, places, reading, writing
from tests.builders import make

WESTERN = "abc äéß’–€ ,;\t\"'1\n"
CELL = st.text(alphabet=WESTERN, max_size=6)
WAYS = st.tuples(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "sep={}"]),
    st.booleans(),
)


def could_be_another(content: bytes) -> bool:
    """Return whether a line of Windows-1252 is UTF-8 by chance, as the bytes of "é’”" are, or no word."""
    for line in content.split(b"\n"):
        try:
            line.decode()
        except UnicodeDecodeError:
            if dialects._is_foreign(line):
                return True
        else:
            if not line.isascii():
                return True
    return False


def written(rows: list[tuple[str, ...]], way: tuple[str, str, str, str, bool]) -> tuple[bytes, list[int]]:
    """Return a table as bytes, and the line where each row begins."""
    encoding, delimiter, end, told, is_ended = way
    text, begins, line = "", [], 1
    if told:
        text, line = told.format(delimiter) + end, 2
    for row in rows:
        begins.append(line)
        row_text = writing.csv_line(row, delimiter)
        text += row_text + end
        line += row_text.count("\n") + 1
    return text.removesuffix("" if is_ended else end).encode(encoding), begins[1:]


@given(st.lists(st.tuples(CELL, CELL), max_size=5), WAYS)
@example([("ä", "\n\n")], ("cp1252", ";", "\r\n", "sep={}", False))
def test_a_table_is_read_back_however_it_was_written(
    rows: list[tuple[str, str]], way: tuple[str, str, str, str, bool]
) -> None:
    numbered = [(f"r{number}", *row) for number, row in enumerate(rows)]
    content, begins = written([("id", "one", "two"), *numbered], way)
    assume(way[0] != "cp1252" or not could_be_another(content))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(content)
        read = reading.read_raw(path)

    assert [tuple(row) for row in read.to_numpy().tolist()] == numbered
    assert [line for stretch in places.of(read) for line in stretch.lines] == begins


@given(st.lists(st.tuples(CELL, CELL), max_size=3), st.lists(st.tuples(CELL, CELL), max_size=3), WAYS)
def test_rows_are_appended_in_the_file_s_own_way_and_read_back(
    rows: list[tuple[str, str]], more: list[tuple[str, str]], way: tuple[str, str, str, str, bool]
) -> None:
    there = [(f"r{number}", note, "s1", by) for number, (note, by) in enumerate(rows)]
    content, _ = written([("Record_ID ", "note", "study_id", "by"), *there], way)
    cells = "\n".join(cell for row in more for cell in row)
    assume(way[0] != "cp1252" or not could_be_another(content + b"\n" + cells.encode("cp1252")))
    added = make(tables.REPORTS, record_id=[f"n{number}" for number in range(len(more))]).assign(
        study_id="s2", why=[why for why, _ in more], by=[by for _, by in more]
    )

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.csv"
        path.write_bytes(content)
        longer = writing.appended(path, added, tables.REPORTS)
        path.write_bytes(longer)
        read = reading.read(path, tables.REPORTS)

    if not any(why for why, _ in more):
        assert longer.startswith(content)
        added = added.drop(columns="why")
    expected = pd.concat(
        [pd.DataFrame(there, columns=["record_id", "note", "study_id", "by"]), added], ignore_index=True
    ).fillna("")
    assert sorted(read.columns) == sorted(expected.columns)
    assert read[expected.columns].to_numpy().tolist() == expected.to_numpy().tolist()


def append(path: Path, content: bytes, **cells: list[str]) -> bytes:
    path.write_bytes(content)
    return writing.appended(path, make(tables.OVERRIDE, **cells), tables.OVERRIDE)


def test_a_file_without_an_end_to_its_last_line_gets_one(tmp_path: Path) -> None:
    longer = append(
        tmp_path / "overrides.csv",
        b"\xef\xbb\xbfverdict;record_id;duplicate_of;page\r\nDuplicate;r1;r2;9",
        record_id=["r3"],
        duplicate_of=["r4"],
        verdict=["distinct"],
    )

    assert longer.decode("utf-8-sig").split("\r\n")[1:] == ["Duplicate;r1;r2;9", "distinct;r3;r4;", ""]
    assert longer.startswith(b"\xef\xbb\xbf")


def test_a_column_that_was_not_there_is_added_at_the_end(tmp_path: Path) -> None:
    longer = append(
        tmp_path / "overrides.csv",
        b'record_id,duplicate_of,verdict,page\n"r\n1",r2,distinct,9\n\nr5,r6,distinct\n',
        record_id=["r3"],
        duplicate_of=["r4"],
        verdict=["distinct"],
        by=["ana"],
    )

    assert longer.decode() == (
        'record_id,duplicate_of,verdict,page,by\n"r\n1",r2,distinct,9,\n\nr5,r6,distinct,,\nr3,r4,distinct,,ana\n'
    )


def test_rows_begin_a_file_that_is_not_there_or_empty(tmp_path: Path) -> None:
    rows = {"record_id": ["r1"], "duplicate_of": ["r2"], "verdict": ["distinct"]}
    expected = b"record_id,duplicate_of,verdict,by,why\nr1,r2,distinct,,\n"

    assert append(tmp_path / "empty.csv", b"", **rows) == expected
    assert writing.appended(tmp_path / "none.csv", make(tables.OVERRIDE, **rows), tables.OVERRIDE) == expected


def test_a_letter_that_the_file_cannot_hold_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"overrides.csv: is Windows-1252, which has no 'Ł'"):
        append(
            tmp_path / "overrides.csv",
            b"record_id,duplicate_of,verdict,by\nr1,r2,distinct,J\xf6rg\n",
            record_id=["r3"],
            by=["Łucja"],
        )


def test_windows_letters_are_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_bytes(b"record_id;study_id;note\r\nr1;S\xf8r\xf8y;\x93na\xefve\x94\r\nr2;s2;\x80\r\n")

    read = reading.read_all([path, path], make_table())

    assert read.to_numpy().tolist()[:2] == [["r1", "Sørøy", "“naïve”"], ["r2", "s2", "€"]]
    assert places.remarks(read)[0] == (
        f"{path}:2: not UTF-8 and 1 more lines: read as Windows-1252; check the accents"
    )


def make_table() -> tables.Table:
    return tables.Table("notes", columns=("record_id", "study_id", "note"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,Müller\n".encode() + b"2,M\xfcller\n", "table.csv:2: is UTF-8 here and not in other lines"),
        ("a,b\n1,Пётр\n".encode("cp1251"), "table.csv:2: is neither UTF-8 nor Windows-1252"),
        ("a,b\n1,Ελένη\n".encode("cp1253"), "table.csv:2: is neither UTF-8 nor Windows-1252"),
        ("a,b\n1,你好世界\n".encode("gb18030"), "table.csv:2: is neither UTF-8 nor Windows-1252"),
        (b"a,b\n1,\x81\n", "table.csv:2: is not UTF-8, and byte 81 is none of Windows-1252"),
        (b"\xef\xbb\xbfa,b\n1,\xfc\n", "table.csv:2: is not UTF-8 text"),
        (b"\xff\xfea\x00,\x00b\x00\n\x00\x00", "is not UTF-16 text"),
        (b"a,b\n1,\x00\n", "table.csv:2: holds a character NUL"),
    ],
)  # fmt: skip
def test_no_letter_is_guessed(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)

    with pytest.raises(InputError, match=message):
        reading.read_raw(path)


def test_an_estonian_edge_of_the_ice_is_a_word() -> None:
    assert dialects.decode("jäääärne, Töö".encode("cp1252")).text == "jäääärne, Töö"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ('"a, b, c";d\n1;2\n', ";"),
        ("a, b, c;d\n1;2\n3;4\n", ";"),
        ("study;name, first;note, a, b\ns1;x;y\ns2;x;y\n", ";"),
        ("a\tb,c\td\n1\t2,3\t4\n", "\t"),
        ("a,b\n1;1,2\n1;1;1,2\n", ","),
        ("a\n1;2\n", ","),
        ("", ","),
        ("a;b;c\n1;2\n1;2;3\n", ";"),
    ],
)
def test_a_delimiter_is_told_by_header_and_rows(text: str, delimiter: str) -> None:
    assert dialects.sniff(text).delimiter == delimiter


@given(st.lists(st.lists(CELL, min_size=1, max_size=3), min_size=1, max_size=5), st.integers(0, 2))
def test_all_records_are_those_that_are_read_one_by_one(listed: list[list[str]], above: int) -> None:
    text = "sep=,\n" * above + "".join(writing.csv_line(cells) + "\n" for cells in listed)
    layout = dialects.Layout(",", above, 6 * above)

    lines, rows = dialects.all_records(text, layout)

    assert list(dialects.records(text, ",", layout.start, above)) == list(zip(lines, rows, strict=True))


def test_records_read_a_stretch_at_a_time_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'a,b\r\n"1\n2",3\r4,5\n"6\r\n7","8"\n'
    whole = list(dialects.records(text, ","))
    monkeypatch.setattr(dialects, "STRETCH", 1)

    assert list(dialects.records(text, ",")) == whole
    assert [line for line, _ in whole] == [1, 2, 4, 5]
