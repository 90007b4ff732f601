"""Tests of workbooks."""

import datetime as dt
import io
import re
import sys

import pytest

from peerreview.errors import InputError, MissingToolError
from peerreview.imports import formats
from peerreview.imports.formats import mixture, xlsx

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {number}")
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


HEADER: list[object] = ["Title", "Year", "Pages", "Abstract"]


def test_a_year_is_no_decimal_number_and_a_date_no_time() -> None:
    row: list[object] = ["Peer work", 2024.0, dt.datetime(2024, 3, 25), True]  # noqa: DTZ001

    assert xlsx.to_text(workbook([HEADER, row]))[0].split("\n")[1] == "Peer work,2024,2024-03-25,TRUE"


def test_lines_within_a_cell_do_not_shift_the_numbers_of_rows() -> None:
    content = workbook([HEADER, ["Peer work", 2024, None, "one\ntwo"], ["Recovery", 2020, None, None]])
    text = formats.decode(content).text
    found = mixture.detect(text)
    parts = list(found.parse(text))

    assert [part.line for part in parts] == [2, 3]
    assert found.to_fields(parts[0])["abstract"] == "one two"  # type: ignore[arg-type]


def test_sheets_without_references_are_left_out_and_told() -> None:
    searches: list[list[object]] = [["Searches"], ["peer work"]]
    text, told = xlsx.to_text(workbook(searches, [HEADER, ["Peer work", 2024, None, None]]))

    assert text == "Title,Year,Pages,Abstract\nPeer work,2024,,\n"
    assert [each.message for each in told] == [
        "sheet 'sheet 0' has no columns of references: left out (2 rows)"
    ]


def test_a_codebook_beside_the_records_is_no_sheet_of_records() -> None:
    codebook: list[list[object]] = [
        ["Field", "Definition", "Type", "Rule"],
        ["title", "Article title.", "string", "As the database gives it"],
        ["doi", "DOI", "string", "Blank where there is none"],
        ["year", "Publication year", "int", ""],
    ]
    rows: list[list[object]] = [HEADER, ["Peer work", 2024, None, None]]

    for sheets in ([rows, codebook], [codebook, rows]):
        text, told = xlsx.to_text(workbook(*sheets))

        assert text == "Title,Year,Pages,Abstract\nPeer work,2024,,\n"
        assert ["has no columns of references" in each.message for each in told] == [True]


def test_what_stands_above_the_header_of_a_second_sheet_is_no_record_of_the_first() -> None:
    first: list[list[object]] = [["Search of PubMed"], HEADER, ["Peer work", 2024, None, None]]
    second: list[list[object]] = [
        ["Search of Scopus, 2 May 2024", "found 1", None, None],
        [],
        HEADER,
        ["Recovery", 2020, None, None],
    ]
    text, told = xlsx.to_text(workbook(first, second))
    parts = [part for part in mixture.detect(text).parse(text) if isinstance(part, formats.RawRecord)]

    assert [(part.line, dict(part.tags)["Title"]) for part in parts] == [(3, "Peer work"), (7, "Recovery")]
    assert [(each.line, each.message) for each in told] == [
        (4, "sheet 'sheet 1': records from here on, 4 rows")
    ]


def test_a_second_sheet_is_read_below_its_own_header_whatever_that_lacks() -> None:
    first: list[list[object]] = [["Title", "Document Type", "Keywords"], ["Peer work", "Article", "peers"]]
    second: list[list[object]] = [
        ["Notes", "Title", None, "Task", "Model", "Method", "Tool", "Open", "Domain", "Phase"],
        ["snowballing", "Recovery", None, "a", "b", "c", "d", "yes", "e", "f"],
    ]
    text, _ = xlsx.to_text(workbook(first, second))
    parts = [part for part in mixture.detect(text).parse(text) if isinstance(part, formats.RawRecord)]

    assert [dict(part.tags)["Title"] for part in parts] == ["Peer work", "Recovery"]


def test_a_sheet_with_a_header_alone_is_no_fault() -> None:
    rows: list[list[object]] = [HEADER, ["Peer work", 2024, None, None]]

    for sheets in ([[HEADER], rows], [rows, [HEADER]], [rows, [["Title, or name", "DOI", "Year"]], rows]):
        text, _ = xlsx.to_text(workbook(*sheets))
        parts = [part for part in mixture.detect(text).parse(text) if not isinstance(part, formats.Warned)]

        assert {dict(part.tags)["Title"] for part in parts if isinstance(part, formats.RawRecord)} == {
            "Peer work"
        }
        assert [part for part in parts if isinstance(part, formats.Piece)] == []


def test_records_under_another_header_in_a_second_sheet_are_kept() -> None:
    first: list[list[object]] = [HEADER, ["Peer work", 2024, None, None]]
    second: list[list[object]] = [
        ["Title", "Year"],
        ["Recovery", 2020],
        HEADER,
        ["Housing", 2021, None, None],
    ]
    text, _ = xlsx.to_text(workbook(first, second))
    parts = [part for part in mixture.detect(text).parse(text) if isinstance(part, formats.RawRecord)]

    assert [dict(part.tags)["Title"] for part in parts] == ["Peer work", "Recovery", "Housing"]


def test_a_workbook_without_references_is_refused_with_its_columns() -> None:
    with pytest.raises(InputError, match="no column of it is known"):
        mixture.detect(formats.decode(workbook([["a", "b"], [1, 2]])).text)


def test_a_damaged_workbook_is_refused() -> None:
    with pytest.raises(InputError, match="workbook that is damaged"):
        xlsx.to_text(workbook([HEADER])[:-200] + b"xl/")


def test_a_locked_workbook_is_refused() -> None:
    # Bit 0 of a file's flags, in its directory entry, says that it is encrypted.
    locked = re.sub(rb"(PK\x01\x02....)\x00", b"\\g<1>\x01", workbook([HEADER]), flags=re.DOTALL)

    with pytest.raises(InputError, match="locked by a password"):
        xlsx.to_text(locked)


def test_without_calamine_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)

    with pytest.raises(MissingToolError, match="pip install python-calamine"):
        xlsx.to_text(workbook_bytes())


def workbook_bytes() -> bytes:
    return b"PK\x03\x04xl/"
