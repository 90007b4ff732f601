"""Tests of tables in workbooks: every cell as a person sees it, or a word on why not."""

import contextlib
import datetime as dt
import io
import re
import struct
import zipfile
from pathlib import Path

import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.tables import places, reading, workbooks, writing
from tests.builders import make

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")

VOTES = Path(__file__).parent / "samples" / "votes.xls"
"""Written by xlwt: letters, numbers, a date, an error in F3 and merged cells A5:B6."""
HEADER: list[object] = ["record_id", "reviewer", "stage", "decision"]
VOTE: list[object] = ["r1", "ana", "full_text", "include"]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: object) -> bytes:
    stream = io.BytesIO()
    book.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def with_part(content: bytes, part: str, pattern: bytes, by: bytes) -> bytes:
    """Return an archive with a part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            there = old.read(name)
            new.writestr(name, re.sub(pattern, by, there) if name == part else there)
    return stream.getvalue()


PREFIXES = {"o": "office", "t": "table", "x": "text", "c": "calcext", "m": "manifest"}


def opendocument(rows: str) -> bytes:
    """Return a table as LibreOffice writes it; rows may call its prefixes by their first letter (x: text)."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    calc = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    spaces = " ".join(f'xmlns:{name}="{space}:{name}:1.0"' for name in PREFIXES.values() if name != "calcext")
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<m:manifest {spaces}><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    table = f'<o:spreadsheet><t:table t:name="Blad1">{rows}</t:table></o:spreadsheet>'
    content = (
        f'<o:document-content {spaces} xmlns:calcext="{calc}"><o:body>{table}</o:body></o:document-content>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        for name, part in (("META-INF/manifest.xml", entry), ("content.xml", content)):
            archive.writestr(
                name, re.sub(r"(?<=[</ ])([otxcm]):", lambda each: f"{PREFIXES[each[1]]}:", part)
            )
    return stream.getvalue()


def text(*cells: str) -> str:
    return "".join(f'<t:table-cell o:value-type="string"><x:p>{cell}</x:p></t:table-cell>' for cell in cells)


def row(cells: str, *, repeated: int = 1) -> str:
    return f'<t:table-row t:number-rows-repeated="{repeated}">{cells}</t:table-row>'


SHEET = "xl/worksheets/sheet1.xml"


def write(folder: Path, content: bytes, name: str = "votes.xlsx") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("dimension", [b'<dimension ref="A1:B2"/>', b"", b'<dimension ref="A1:XFD1048576"/>'])
def test_the_cells_are_what_stands_there_whatever_the_dimension_says(
    tmp_path: Path, dimension: bytes
) -> None:
    content = workbook(votes=[HEADER, *([f"r{n}", *VOTE[1:]] for n in range(5))])
    path = write(tmp_path, with_part(content, SHEET, rb"<dimension[^>]*/>", dimension))

    assert reading.read(path, tables.VOTES)["record_id"].tolist() == ["r0", "r1", "r2", "r3", "r4"]


def test_a_fault_names_sheet_and_row(tmp_path: Path) -> None:
    path = write(tmp_path, workbook(votes=[[], [None], HEADER, VOTE, [], ["r2", "ana", "full_text", "hm"]]))

    with pytest.raises(InputErrors, match=r"votes.xlsx:votes:6: decision 'hm' is not include"):
        reading.read(path, tables.VOTES)


def test_a_column_that_is_missing_names_the_header_s_row(tmp_path: Path) -> None:
    path = write(tmp_path, workbook(votes=[[], ["record_id", "stage"], ["r1", "full_text"]]))

    with pytest.raises(InputErrors, match=r"votes.xlsx:votes:2: columns reviewer, decision are missing"):
        reading.read(path, tables.VOTES)


def test_a_cell_is_read_as_a_person_sees_it() -> None:
    book = openpyxl.Workbook()
    seen = {
        5.0: "5", 36522839: "36522839", 2.5: "2.5", 0.1 + 0.2: "0.3", 1e-7: "0.0000001", -3: "-3",
        True: "TRUE", "0007": "0007", " x ": " x ", "two\r\nlines": "two\nlines", "=1+": "=1+",
        dt.datetime(2024, 3, 1): "2024-03-01", dt.datetime(2024, 3, 1, 12, 30): "2024-03-01 12:30:00",  # noqa: DTZ001
        dt.time(8, 30): "08:30:00", dt.timedelta(hours=30, minutes=5): "30:05:00",
    }  # fmt: skip
    for number, value in enumerate(seen, start=1):
        book.active.cell(1, number).value = value
        if value == "=1+":
            book.active.cell(1, number).data_type = "s"

    (sheet,) = workbooks.read(saved(book))

    assert sheet.rows == [list(seen.values())]
    assert sheet.remarks == ()


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.25, "0%", "25%"), (0.285, "0.0%", "28.5%"), (42, "0000", "0042"), (0.25, "0.0", "0.25"),
        (1204, "#,##0", "1204"), (5, '0" %"', "5"), (12345, "0000", "12345"),
    ],
)  # fmt: skip
def test_a_percentage_and_leading_zeros_are_what_is_seen(
    value: float, number_format: str, expected: str
) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = value
    book.active["B2"].number_format = number_format

    assert workbooks.read(saved(book))[0].rows[1][1] == expected


def test_an_error_is_no_blank() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["C4"] = "x", "#REF!"
    book.active["C4"].data_type = "e"

    (sheet,) = workbooks.read(saved(book))

    assert sheet.rows == [["x", "", ""], ["", "", ""], ["", "", ""], ["", "", "#REF!"]]


def test_a_number_that_a_workbook_cannot_keep_is_blank_and_told() -> None:
    content = workbook(a=[["id"], [1.2345678901234567e19], [1]])
    whole = with_part(content, SHEET, b"<v>1</v>", b"<v>12345678901234567</v>")

    (sheet,) = workbooks.read(whole)

    assert sheet.rows == [["id"], [""], ["12345678901234567"]]
    assert sheet.remarks == (
        (2, "column A holds a number of more than 15 digits, which a workbook does not keep: read as blank"),
    )


def test_a_formula_without_its_value_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, workbook(studies=[["study_id", "label", "n"], ["s1", "Ade", "=1+1"]]))

    studies = reading.read(path, tables.STUDIES)

    assert studies["n"].tolist() == [""]
    (remark,) = places.remarks(studies)
    assert remark == (
        f"{path}:studies:2: C2 holds a formula that was never computed: read as blank; open the workbook "
        "in a spreadsheet and save it"
    )


def test_merged_cells_are_told() -> None:
    book = openpyxl.Workbook()
    book.active.append(["study_id", "label"])
    book.active["A2"] = "s1"
    book.active.merge_cells("A2:A3")

    assert workbooks.read(saved(book))[0].remarks == (
        (1, "merged cells (A2:A3): what they say stands in the first one alone"),
    )


def test_of_several_sheets_the_table_s_own_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, workbook(legend=[["how to"]], votes=[["Record_ID ", *HEADER[1:]], VOTE], empty=[]))

    assert reading.read(path, tables.VOTES)["record_id"].tolist() == ["r1"]


def test_two_sheets_of_one_table_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, workbook(ana=[HEADER, VOTE], bo=[HEADER, VOTE]))

    with pytest.raises(InputError, match=r"votes.xlsx: the sheets 'ana' and 'bo' all hold this table"):
        reading.read(path, tables.VOTES)
    with pytest.raises(InputError, match=r"votes.xlsx: holds the sheets 'ana' and 'bo'; save the one meant"):
        reading.read_raw(path)
    with pytest.raises(InputError, match="none holds the columns study_id, label"):
        reading.read(path, tables.STUDIES)
    with pytest.raises(InputError, match="is empty"):
        reading.read_raw(write(tmp_path, workbook(empty=[[]])))


def test_a_hidden_sheet_is_not_asked(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ana=[HEADER, VOTE], old=[HEADER, VOTE, VOTE])))
    book["old"].sheet_state = "hidden"

    assert len(reading.read(write(tmp_path, saved(book)), tables.VOTES)) == 1


def test_a_cell_far_from_all_others_is_refused_and_takes_no_memory() -> None:
    content = workbook(votes=[HEADER, VOTE])
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

    with pytest.raises(InputError, match="a sheet reaches to cell XFD1048576; delete what stands far"):
        workbooks.read(with_part(content, SHEET, b"</sheetData>", far))


def test_an_old_excel_workbook_is_read() -> None:
    votes = reading.read_raw(VOTES)

    assert votes.to_numpy().tolist() == [
        ["r1", "Jörg", "full_text", "Include", "36522839", "2024-03-01"],
        ["r2", "Jörg", "full_text", "exclude", "5", ""],
        ["m", "", "", "", "", ""],
    ]
    assert places.remarks(votes) == (
        f"{VOTES}:Votes:1: F3 holds #DIV/0!: read as blank",
        f"{VOTES}:Votes:1: merged cells (A5:B6): what they say stands in the first one alone",
    )


def test_an_opendocument_table_is_read(tmp_path: Path) -> None:
    cells = (
        '<t:table-cell o:value-type="float" o:value="5"/>'
        '<t:table-cell o:value-type="percentage" o:value="0.25"/>'
        '<t:table-cell o:value-type="string" o:string-value="" c:value-type="error"><x:p>#DIV/0!</x:p>'
        '</t:table-cell><t:table-cell o:value-type="date" o:date-value="2024-03-01"/>'
    )
    blank = '<t:table-cell t:number-columns-repeated="1024"/>'
    content = opendocument(
        row(blank, repeated=2)
        + row(text("study_id", "label", "n", "share", "odd", "on"))
        + row(text("s1", "Ade") + cells, repeated=2)
        + row('<t:table-cell t:number-rows-spanned="2" o:value-type="string"><x:p>s2</x:p></t:table-cell>')
        + row(blank, repeated=1_000_000)
    )
    path = write(tmp_path, content, "studies.ods")

    with pytest.raises(InputErrors) as told:
        reading.read(path, tables.STUDIES)
    studies = reading.read_raw(path)

    assert str(told.value).splitlines() == [
        f"{path}:Blad1:5: study_id 's1' stands here twice", f"{path}:Blad1:6: label is blank",
    ]  # fmt: skip
    assert studies.to_numpy().tolist()[0] == ["s1", "Ade", "5", "25%", "#DIV/0!", "2024-03-01"]
    assert places.remarks(studies) == (
        f"{path}:Blad1:1: merged cells (A6:A7): what they say stands in the first one alone",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04xl/", "votes.xlsx: is a workbook that is damaged, or locked"),
        (workbook(votes=[HEADER])[:-300], "votes.xlsx: is a workbook that is damaged, or locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "votes.xlsx: is no old Excel workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "votes.xlsx: is a workbook that is locked by a password",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        reading.read(write(tmp_path, content), tables.VOTES)


def test_rows_are_not_appended_to_a_workbook(tmp_path: Path) -> None:
    path = write(tmp_path, workbook(overrides=[["record_id", "duplicate_of", "verdict"]]), "overrides.xlsx")

    with pytest.raises(InputError, match="rows are appended to CSV only"):
        writing.appended(path, make(tables.OVERRIDE, record_id=["r1"]), tables.OVERRIDE)


def test_an_old_workbook_cut_off_is_one_line_and_no_more(capfd: pytest.CaptureFixture[str]) -> None:
    whole = VOTES.read_bytes()
    for end in range(1_024, len(whole), 128):
        with contextlib.suppress(InputError):
            workbooks.read(whole[:end])

    assert capfd.readouterr().err == ""


def test_an_old_workbook_that_claims_to_be_endless_is_refused() -> None:
    whole = VOTES.read_bytes()
    claimed = re.sub(
        rb"(\x00\x02\x0e\x00....)....", lambda each: each[1] + b"\xff" * 4, whole, flags=re.DOTALL
    )

    with pytest.raises(InputError, match="a sheet reaches to cell"):
        workbooks.read(claimed)


def test_the_fifteenth_cell_of_an_old_sheet_s_row_513_is_no_claim_of_its_size() -> None:
    whole = VOTES.read_bytes()
    # Texts in columns M to R of row 513 ([MS-XLS] 2.4.149, LabelSst), in a record that is passed over.
    cells = b"".join(
        bytes.fromhex("fd000a00") + struct.pack("<HHHI", 512, column, 15, 0x48) for column in range(12, 18)
    )
    ends = whole.rindex(bytes.fromhex("0a000000"))
    grown = whole[:ends] + struct.pack("<HH", 0x00E1, len(cells)) + cells
    grown += whole[ends : ends + 4] + whole[len(grown) + 4 :]

    assert workbooks.read(grown) == workbooks.read(whole)


@pytest.mark.parametrize(
    ("taken_apart", "read"),
    [
        ("T\0i\0t\0l\0e\0", "Title"),
        ('p\0 \0d"1\0', "p \u22641"),
        ("N\0o\0v\0\xe1\0k\0", "Nov\xe1k"),
        ("Title", "Title"),
        ("a\0b", "a\0b"),
    ],
)
def test_letters_that_an_old_workbook_gives_byte_by_byte_are_letters_again(
    taken_apart: str, read: str
) -> None:
    assert workbooks.shown(taken_apart) == read


def test_a_workbook_that_unpacks_to_far_more_than_a_table_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(120):
                part.write(b" " * 1_000_000)

    with pytest.raises(InputError, match=r"unpacks to 120 MB in a file of 0\.1 MB"):
        workbooks.read(stream.getvalue())
