import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.tables import places, reading, writing
from tests.builders import make, make_votes

VOTES = "record_id,reviewer,stage,decision\n"


def lines(table: pd.DataFrame) -> list[int]:
    return [line for stretch in places.of(table) for line in stretch.lines]


def votes_file(folder: Path, text: str) -> Path:
    path = folder / "ana.csv"
    path.write_bytes(text.encode())
    return path


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_a_table_read_back_is_the_table_written(rows: list[tuple[str, str]]) -> None:
    reports = make(
        tables.REPORTS,
        record_id=[f"r{number}" for number in range(len(rows))],
        study_id=["s" + label.replace("\0", "") for label, _ in rows],
    ).assign(note=[note.replace("\0", "") for _, note in rows])

    text = writing.to_csv(reports)

    assert reports.equals(pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_filter=False))


def test_an_id_is_never_a_number(tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("record_id,study_id\n0042,1e5\nNA,null\n")

    assert reading.read(path, tables.REPORTS).to_numpy().tolist() == [["0042", "1e5"], ["NA", "null"]]


def test_a_fault_is_named_with_its_line_though_cells_span_lines(tmp_path: Path) -> None:
    path = votes_file(
        tmp_path, VOTES.strip() + ',note\nr1,ana,full_text,maybe,"two\nlines"\n\nr2,ana,full_text,hm,\n'
    )

    with pytest.raises(InputErrors, match=r"ana.csv:5: decision 'hm' is not"):
        reading.read(path, tables.VOTES)


def test_rows_that_a_spreadsheet_left_blank_are_none(tmp_path: Path) -> None:
    path = votes_file(tmp_path, VOTES + "r1,ana,full_text,maybe\r\n,,,\r\n  \r\n , , , \r\n")

    assert reading.read(path, tables.VOTES)["record_id"].tolist() == ["r1"]


def test_a_fault_after_a_blank_row_is_named_with_its_line(tmp_path: Path) -> None:
    path = votes_file(tmp_path, VOTES + ",,,\n \nr1,ana,full_text,hm\n")

    with pytest.raises(InputErrors, match=r"ana.csv:4: decision 'hm' is not"):
        reading.read(path, tables.VOTES)


def test_a_row_of_too_many_cells_is_an_error_and_not_an_index(tmp_path: Path) -> None:
    path = votes_file(tmp_path, VOTES + "r1,ana,full_text,maybe\nr2,ana,full_text,maybe,one,more\n")

    with pytest.raises(InputError, match=r"ana.csv:3: 6 cells in a table of 4 columns"):
        reading.read(path, tables.VOTES)


def test_every_row_of_too_many_cells_is_an_error(tmp_path: Path) -> None:
    path = votes_file(tmp_path, VOTES + "r1,ana,full_text,maybe,x\n")

    with pytest.raises(InputError, match=r"ana.csv:2: 5 cells"):
        reading.read(path, tables.VOTES)


def test_an_unclosed_quote_is_one_line(tmp_path: Path) -> None:
    path = votes_file(tmp_path, VOTES + 'r1,ana,full_text,"maybe\n')

    with pytest.raises(InputError, match="a quote may be missing"):
        reading.read(path, tables.VOTES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_of_every_country_are_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "reports.csv"
    path.write_bytes(f"record_id{delimiter}study_id\r\nr1{delimiter}Müller\r\n".encode(encoding))

    assert reading.read(path, tables.REPORTS)["study_id"].tolist() == ["Müller"]


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_bytes(b"record_id,study_id\nr1,M\x81ller\n")

    with pytest.raises(InputError, match=r"reports.csv:2: is not UTF-8, and byte 81 is none of Windows-1252"):
        reading.read(path, tables.REPORTS)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        reading.read(votes_file(tmp_path, ""), tables.VOTES)


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column 'stage' stands here twice"):
        reading.read(votes_file(tmp_path, "record_id,stage,stage\n"), tables.VOTES)


def test_a_missing_file_or_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        reading.read(tmp_path / "none.csv", tables.VOTES)
    with pytest.raises(InputError, match="is a folder"):
        reading.read(tmp_path, tables.VOTES)


def test_optional_tables_may_be_missing(tmp_path: Path) -> None:
    assert reading.read_optional(tmp_path / "none.csv", tables.REPORTS).empty
    assert reading.read_all([], tables.VOTES).empty


def test_several_files_are_one_table_and_keep_their_lines(tmp_path: Path) -> None:
    for name in ("ana", "bo"):
        (tmp_path / f"{name}.csv").write_text(VOTES + f"r1,{name},full_text,maybe\n")

    votes = reading.read_all([tmp_path / "ana.csv", tmp_path / "bo.csv"], tables.VOTES)

    assert (
        str(tables.row_errors(votes, [(1, "unknown record")])) == f"{tmp_path / 'bo.csv'}:2: unknown record"
    )


def test_a_key_may_not_repeat_across_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text("record_id,study_id\nr1,s1\n")

    with pytest.raises(InputErrors, match=r"two.csv:2: record_id and study_id 'r1' 's1' stands here twice"):
        reading.read_all([tmp_path / "one.csv", tmp_path / "two.csv"], tables.REPORTS)


def test_rows_of_no_file_keep_their_number() -> None:
    votes = make_votes("r1 ana full_text include", "r2 ana full_text include")

    assert str(tables.row_errors(votes, [(1, "unknown record")])) == "row 2: unknown record"


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    side, main = tmp_path / "side.csv", tmp_path / "main"
    side.write_text("old")
    main.mkdir()

    with pytest.raises(InputError, match="is a folder"):
        writing.write_all({side: "new", main: "new"})

    assert side.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["main", "side.csv"]


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocking = tmp_path / "file"
    blocking.write_text("")

    with pytest.raises(InputError, match=r"out.csv: cannot be written"):
        writing.write("text", blocking / "out.csv")


def test_a_folder_for_the_output_is_made(tmp_path: Path) -> None:
    writing.write(b"bytes", tmp_path / "decisions" / "ana.csv")

    assert (tmp_path / "decisions" / "ana.csv").read_bytes() == b"bytes"


def test_streams_are_read_and_written(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"record_id,study_id\nr1,s1\n")))

    writing.write(reading.read(tables.STREAM, tables.REPORTS), tables.STREAM)

    assert capfdbinary.readouterr().out == b"record_id,study_id\nr1,s1\n"


def test_a_parquet_file_keeps_a_table(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    reports = make(tables.REPORTS, record_id=["r1"], study_id=["007"])

    writing.write(reports, tmp_path / "reports.parquet")

    assert reports.equals(reading.read(tmp_path / "reports.parquet", tables.REPORTS))
    (tmp_path / "bad.parquet").write_text("no")
    with pytest.raises(InputError, match="is not a parquet file"):
        reading.read(tmp_path / "bad.parquet", tables.REPORTS)


def test_a_digest_is_of_the_bytes(tmp_path: Path) -> None:
    path = votes_file(tmp_path, "")

    assert reading.digest(path).startswith("e3b0c442")


@pytest.mark.parametrize(
    "cells",
    [
        ["007", "8"], ["1.0", "1e5"], ["True", "False"], ["NA", "nan"], ["inf", "-inf"], [" 12", "13 "],
        ["", "5"], ["", ""], ["x", ""], ["12345678901234567890123", "1"], ["2024-01-01", "2024-01-02"],
        ["+1", "-0"],
    ],
)  # fmt: skip
def test_a_cell_stands_as_it_was_written(tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,cell\n" + "".join(f"r,{cell}\n" for cell in cells), encoding="utf-8")

    read = reading.read_raw(path)

    assert read["cell"].tolist() == cells
    assert read["cell"].dtype == "str"


@pytest.mark.skipif(
    not Path("/dev/null").is_char_device(), reason="no /dev/null here: devices were not tried"
)
def test_a_device_is_written_to_and_stays_one() -> None:
    writing.write("text", Path("/dev/null"))

    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_end_as_any_machine_ends_them(tmp_path: Path, end: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(f"a,b{end}1,2{end}3,4{end}".encode())

    assert reading.read_raw(path).to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"]}
    assert lines(reading.read_raw(path)) == [2, 3]


def test_a_line_that_tells_excel_the_separator_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sep=;\na;b\n1,0;2\n1;2;3\n")

    with pytest.raises(InputError) as told:
        reading.read_raw(path)
    path.write_text("sep=;\na;b\n1,0;2\n")

    assert "table.csv:4: 3 cells in a table of 2 columns" in str(told.value)
    assert reading.read_raw(path).to_dict("list") == {"a": ["1,0"], "b": ["2"]}


def test_excel_may_name_the_tab_as_separator(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"sep=\t\r\na\tb\r\n1\t2\r\n")

    assert reading.read_raw(path).to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_a_letter_is_no_separator(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sep=é\naéb\n1é2\n", encoding="utf-8")

    assert list(reading.read_raw(path).columns) == ["sep=é"]


def test_columns_without_name_and_cells_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,,\n1,2,,\n")
    assert reading.read_raw(path).to_dict("list") == {"a": ["1"], "b": ["2"]}

    path.write_text("a,b,,\n1,2,,3\n")
    with pytest.raises(InputError, match="column 4 holds cells and has no name"):
        reading.read_raw(path)


def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path) -> None:
    """Groups of columns above their names, as merged cells leave them; a name in two groups has its group."""
    path = tmp_path / "judged.csv"
    path.write_text(
        "Study,Risk of bias,,Applicability,Total\n,Patients,Flow,Patients,\nAda 2001,+,-,?,3\n"
        "Bo 2002,+,,?,2\n",
        encoding="utf-8",
    )

    raw = reading.read_raw(path)

    assert list(raw.columns) == [
        "Study",
        "Risk of bias: Patients",
        "Flow",
        "Applicability: Patients",
        "Total",
    ]
    assert raw["Study"].tolist() == ["Ada 2001", "Bo 2002"]
    assert places.remarks(raw) == (f"{path}: the header has two rows",)
    assert places.row_errors(raw, [(1, "odd")]).errors[0].line == 4


@pytest.mark.parametrize("row", ["Ada 2001,low,high", ",1,2", ",low,"])
def test_a_name_that_is_missing_is_no_header_of_two_rows(tmp_path: Path, row: str) -> None:
    path = tmp_path / "judged.csv"
    path.write_text(f"Study,D1,\n{row}\nBo 2002,low,high\n", encoding="utf-8")

    with pytest.raises(InputError, match="column 3 holds cells and has no name"):
        reading.read_raw(path)


def test_a_column_that_looks_like_numbers_in_some_stretches_is_read_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,c\n1,x,\n2,3,\n,4,\n05,5,\n,,\nz,6,\n7,7.0,True\n", encoding="utf-8")
    whole = reading.read_raw(path)
    monkeypatch.setattr(reading, "_FEW_LINES", 0)
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", 2)

    again = reading.read_raw(path)

    assert again["a"].tolist() == ["1", "2", "", "05", "z", "7"]
    assert again["b"].tolist() == ["x", "3", "4", "5", "6", "7.0"]
    pd.testing.assert_frame_equal(again, whole)


LOOKS_LIKE = (
    "a", "1", "1.0", "True", '"x"', '"a\nb"', '""', "", " ", "NA", "nan", "é", "0x1", "05", "1e5", "\r\n",
)  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(LOOKS_LIKE), max_size=4), max_size=6))
def test_few_lines_are_read_as_many_are(rows: list[list[str]]) -> None:
    text = "a,b,c\n" + "\n".join(",".join(row) for row in rows)

    def cells(least: int) -> object:
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "_FEW_LINES", least)
            try:
                raw = reading.read_raw(votes_file(Path(folder), text))
            except InputError as error:
                return error.line, error.message
            return raw.dtypes.to_dict(), raw.to_dict("list"), lines(raw)

    assert cells(sys.maxsize) == cells(0)


def test_a_separator_behind_the_last_column_is_no_cell(tmp_path: Path) -> None:
    path = votes_file(tmp_path, "a,b\n1,2,\n3,4\n")

    assert reading.read_raw(path).to_numpy().tolist() == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    "content",
    [
        b"record_id,title\nr1,Wages\nr2,Wards\n",
        b'\n\nrecord_id,title\nr1,"Wages\nof peers"\n\nr2,7\n',
        "sep=;\nrecord_id;title\nr1;Größe\n".encode(),
        "record_id,title\nr1,Größe\n".encode("cp1252"),
        "record_id\ttitle\r\nr1\tGröße\r\n".encode("utf-16"),
        "\ufeffrecord_id,title\r\nr1,Größe\r\n\r\n".encode(),
        b"record_id,title\rr1,Wages\r",
        b'record_id,"title\n of two lines"\n\nr1,Wages\n',
    ],
)
@pytest.mark.parametrize("opening", [1_000, 20])
def test_a_large_file_is_read_as_it_goes_and_says_the_same(
    content: bytes, opening: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "records.csv"
    path.write_bytes(content)
    small = reading.read_raw(path)

    monkeypatch.setattr(reading, "LARGE", 0)
    monkeypatch.setattr(reading, "_FEW_LINES", 0)
    monkeypatch.setattr(reading, "_OPENING", opening)
    large = reading.read_raw(path)

    assert large.to_dict("list") == small.to_dict("list")
    assert lines(large) == lines(small)
    assert places.remarks(large) == places.remarks(small)


def test_an_uneven_row_of_a_large_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "records.csv"
    path.write_bytes(b"a,b\n1,2\n1,2,3\n")
    monkeypatch.setattr(reading, "LARGE", 0)
    monkeypatch.setattr(reading, "_FEW_LINES", 0)

    with pytest.raises(InputError, match=r"records\.csv:3: 3 cells in a table of 2 columns"):
        reading.read_raw(path)
