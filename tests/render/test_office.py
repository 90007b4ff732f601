"""Sheets as Word documents and workbooks: text as it is, numbers as numbers, the same bytes."""

import io
import sys
from collections.abc import Callable

import docx
import openpyxl
import pandas as pd
import pytest

from peerreview.errors import InputError, MissingToolError
from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.render import excel, word
from peerreview.tables import SYNTHETIC_NOTE

NASTY = "=cmd() & <b> \x01 50%"
SHEET = Sheet(
    "counts",
    "Studies by country",
    (Column("country", "Country"), Column("n", "n", number=True), Column("percent", "%", number=True)),
    (
        (Cell(NASTY), Cell("1,200"), Cell("75%", synthetic=True)),
        (Cell("Finland", synthetic=True, indent=1), Cell("1", synthetic=True), Cell("")),
    ),
    ("Unit: studies.",),
)
WIDE = Sheet("wide", "Wide", tuple(Column(str(n), f"Column {n}") for n in range(12)), ((Cell("x"),) * 12,))


def test_a_word_table_repeats_its_header_row_and_prints_text_as_it_is() -> None:
    document = docx.Document(io.BytesIO(word.write([SHEET])))

    (table,) = document.tables
    assert [cell.text for cell in table.rows[1].cells] == [NASTY.replace("\x01", ""), "1,200", "75%†"]
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert [each.text for each in document.paragraphs] == [
        "Studies by country",
        "Unit: studies.",
        SYNTHETIC_NOTE,
    ]


def test_a_wide_word_table_turns_its_page_and_the_next_turns_back() -> None:
    document = docx.Document(io.BytesIO(word.write([SHEET, WIDE, SHEET])))

    widths = [section.page_width for section in document.sections]
    heights = [section.page_height for section in document.sections]
    turned = [width > height for width, height in zip(widths, heights, strict=True) if width and height]
    assert turned == [False, True, False]


def test_a_workbook_holds_numbers_as_numbers_and_never_a_formula() -> None:
    page = openpyxl.load_workbook(io.BytesIO(excel.write([SHEET])))["counts"]

    assert (page["A2"].value, page["A2"].data_type) == (NASTY.replace("\x01", ""), "s")
    assert (page["B2"].value, page["C2"].value) == (1200, 0.75)
    assert (page["C2"].number_format, page["B3"].number_format) == ('0%"†"', '#,##0"†"')
    assert page["A3"].value == "Finland†"
    assert page.print_title_rows == "$1:$1"


def test_the_same_sheets_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = word.write([SHEET, WIDE]), excel.write([SHEET, WIDE])
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))

    assert (word.write([SHEET, WIDE]), excel.write([SHEET, WIDE])) == first


@pytest.mark.parametrize(
    ("module", "library", "write"),
    [("docx", "python-docx", word.write), ("openpyxl", "openpyxl", excel.write)],
)
def test_a_missing_library_is_told_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, module: str, library: str, write: Callable[[list[Sheet]], bytes]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingToolError, match=f"needs {library}: pip install {library}$"):
        write([SHEET])


def test_a_text_longer_than_a_cell_of_excel_is_cut_and_says_so() -> None:
    long = Sheet("long", "Long", (Column("said", "Said"),), ((Cell("ä" * 40_000),),))
    page = openpyxl.load_workbook(io.BytesIO(excel.write([long]))).worksheets[0]

    said = page.cell(2, 1).value
    assert len(said) == excel.MOST_LETTERS
    assert said.endswith("ä … [cut here: a cell of Excel holds no more]")


def test_a_form_cuts_what_is_shown_and_refuses_to_cut_what_people_wrote() -> None:
    shown = pd.DataFrame({"record_id": ["r1"], "abstract": ["a" * 145_000], "note": [""]})
    page = openpyxl.load_workbook(io.BytesIO(excel.form(shown, {"note": ("yes", "no")}))).worksheets[0]
    cells = {page.cell(1, column).value: page.cell(2, column).value for column in range(1, 4)}
    assert cells["abstract"].endswith(excel.CUT)

    with pytest.raises(InputError, match="note of row 2 is longer than a cell of Excel"):
        excel.form(shown.assign(note=["b" * 40_000]), {"note": ("yes", "no")})
