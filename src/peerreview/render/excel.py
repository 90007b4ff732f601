"""Sheets and forms as workbooks: the only door to what openpyxl writes."""

import io
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd

from peerreview.errors import InputError, MissingToolError
from peerreview.paper.forms import DATE, DECIMAL, LINK, WHOLE, Field, Form, lay_out
from peerreview.paper.sheets import Cell, Sheet
from peerreview.render.ooxml import plain, undated

MOST_LETTERS = 32_767
"""What a cell of Excel holds, in code units of UTF-16: Microsoft, "Excel specifications and limits"."""
CUT = " … [cut here: a cell of Excel holds no more]"


def fitting(text: str) -> str:
    """
    Return text as a cell of Excel can hold it: one that is longer is cut, and says so.

    >>> fitting("short"), fitting("a" * 40_000).endswith("a" + CUT), len(fitting("😀" * 40_000))
    ('short', True, 16405)
    """
    shown = plain(text)
    if len(shown) * 2 <= MOST_LETTERS:
        return shown
    units = shown.encode("utf-16-le", "surrogatepass")
    if len(units) <= MOST_LETTERS * 2:
        return shown
    return units[: (MOST_LETTERS - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT


def write(sheets: Sequence[Sheet]) -> bytes:
    """
    Return sheets as a workbook, one worksheet each: text is text, never a formula, numbers are numbers.

    A dagger on a number is part of its format, so that it still adds up.
    The same sheets give the same bytes.

    Raises
    ------
    MissingToolError
        Without openpyxl.
    """
    book = _blank()
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    book.remove(book.active)
    head, line = Font(bold=True), Border(top=Side("thin"), bottom=Side("thin"))
    for sheet in sheets:
        page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.name)[:31])
        for number, column in enumerate(sheet.columns, start=1):
            cell = page.cell(1, number, plain(column.heading))
            cell.data_type = "s"
            cell.font, cell.border = head, line
            cell.alignment = Alignment(
                text_rotation=90 if column.narrow else 0, wrap_text=True, vertical="bottom"
            )
            width = 4 if column.narrow else min(max(sheet.widths[number - 1] + 2, 8), 60)
            page.column_dimensions[get_column_letter(number)].width = width
        for below, row in enumerate(sheet.rows, start=2):
            for number, (column, content) in enumerate(zip(sheet.columns, row, strict=True), start=1):
                if not content.text:
                    continue
                value, form = _number(content) if column.number else (fitting(str(content)), "@")
                cell = page.cell(below, number, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                cell.number_format = form
                cell.alignment = Alignment(
                    wrap_text=True,
                    vertical="top",
                    indent=content.indent,
                    horizontal="center" if column.narrow else "right" if column.number else "left",
                )
        for below, note in enumerate((sheet.title, *sheet.all_notes), start=len(sheet.rows) + 3):
            page.cell(below, 1, fitting(note)).data_type = "s"
        page.freeze_panes = "B2"
        page.print_title_rows = "1:1"
        page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    return _saved(book)


def form(cells: pd.DataFrame, allowed: Mapping[str, Sequence[str]]) -> bytes:
    """
    Return a table to fill in as a workbook, with drop-downs in the columns of ``allowed``.

    Parameters
    ----------
    cells : the table as people are to see it, any columns, all text.
    allowed : column → what its cells may say.

    Raises
    ------
    MissingToolError
        Without openpyxl.
    """
    return fill_in(lay_out(cells, allowed))


def fill_in(form_: Form) -> bytes:
    """
    Return a form as a workbook: what to fill in stands first and still, text wraps and is text.

    A second sheet counts what is left, and says what it is about. The same form gives the same bytes.

    Raises
    ------
    MissingToolError
        Without openpyxl.
    """
    book = _blank()
    from openpyxl.utils import get_column_letter

    page = book.active
    page.title = "form"
    n_rows = len(form_.cells)
    heights = [_HEIGHT] * n_rows
    for number, field in enumerate(form_.fields, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = field.width
        texts = form_.cells[field.name].tolist()
        size = _write_column(page, number, field, texts)
        for row, text in enumerate(texts):
            heights[row] = max(heights[row], _height(text, field.width, size[row]))
    for row, height in enumerate(heights, start=2):
        page.row_dimensions[row].height = height
    page.row_dimensions[1].height = 20
    _offer(book, page, form_)
    page.freeze_panes = f"{get_column_letter(form_.n_frozen + 1)}2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    _tell_about(book, form_)
    return _saved(book)


_HEIGHT, _HIGHEST, _MOST = 30.0, 320.0, 409.0
"""
Points of a row: above the second an abstract and its decision are not on one small screen; Excel has no
higher row than the third.
"""
_FONT = "Calibri"
_SIZES = (10, 9, 8)
"""Points of letters, from the usual one down to what the longest abstracts are set in."""


def _lines(text: str, width: int, size: int) -> int:
    # A column is as wide as so many digits of 11 points; letters are narrower than digits, on the whole.
    most = max(int(width * 12 / size), 1)
    return sum(max(len(textwrap.wrap(part, most)), 1) for part in text.split("\n"))


def _height(text: str, width: int, size: int) -> float:
    return min(_lines(text, width, size) * (size * 1.3) + 6, _MOST) if text else _HEIGHT


def _size(text: str, width: int) -> int:
    """Return the largest letters in which a text fits into a row; the smallest where it fits in none."""
    fitting = (size for size in _SIZES if _lines(text, width, size) * (size * 1.3) + 6 <= _HIGHEST)
    return next(fitting, _SIZES[-1])


def _write_column(page: Any, number: int, field: Field, texts: Sequence[str]) -> list[int]:
    """Write a column's cells; return the size of the letters in each."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    head = page.cell(1, number, plain(field.name))
    head.data_type, head.font = "s", Font(name=_FONT, bold=True)
    head.alignment = Alignment(vertical="center")
    head.fill = PatternFill("solid", fgColor="F2D27A" if field.is_filled else "E4E8EC")
    if field.help:
        head.comment = Comment(plain(field.help), "peerreview", width=320, height=120)
    sizes = [_size(text, field.width) for text in texts]
    fonts = {size: Font(name=_FONT, size=size) for size in _SIZES}
    links = {size: Font(name=_FONT, size=size, color="0563C1", underline="single") for size in _SIZES}
    around = Side("thin", color="D9C48A")
    to_fill = PatternFill("solid", fgColor="FFF7E0"), Border(around, around, around, around)
    wrapped = Alignment(wrap_text=True, vertical="top")
    for below, (text, size) in enumerate(zip(texts, sizes, strict=True), start=2):
        if field.is_filled and fitting(text).endswith(CUT):
            message = f"{field.name} of row {below} is longer than a cell of Excel; write the form as .csv"
            raise InputError(message)
        cell = page.cell(below, number, fitting(text) or None)
        cell.alignment, cell.font = wrapped, fonts[size]
        if text:
            cell.data_type = "s"
        cell.number_format = "yyyy-mm-dd" if field.kind == DATE else _FORMS.get(field.kind, "@")
        if field.kind == LINK and (target := _target(text)):
            cell.hyperlink, cell.font = target, links[size]
        if field.is_filled or field.kind == DATE:
            cell.fill, cell.border = to_fill
    return sizes


_FORMS = {WHOLE: "0", DECIMAL: "General"}


def _target(text: str) -> str:
    """Return where a DOI or a web address leads; blank for anything else."""
    if text.startswith(("http://", "https://")):
        return plain(text)
    return f"https://doi.org/{quote(text, safe='/():;.-_')}" if text.startswith("10.") else ""


def _offer(book: Any, page: Any, form_: Form) -> None:
    """Offer the words that a column may say, and ask for dates as dates."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = book.create_sheet("allowed")
    choices.sheet_state = "hidden"
    place = 0
    for number, field in enumerate(form_.fields, start=1):
        rows = f"{get_column_letter(number)}2:{get_column_letter(number)}{len(form_.cells) + 1}"
        if not len(form_.cells) or not (field.allowed or field.kind == DATE):
            continue
        if field.kind == DATE:
            rule = DataValidation(
                type="date", operator="greaterThan", formula1="1", allow_blank=True, showErrorMessage=True,
                errorStyle="warning", error="write the day as 2026-05-04",
            )  # fmt: skip
        else:
            place += 1
            for below, value in enumerate(field.allowed, start=1):
                choices.cell(below, place, plain(value)).data_type = "s"
            column = get_column_letter(place)
            rule = DataValidation(
                type="list", formula1=f"allowed!${column}$1:${column}${len(field.allowed)}",
                allow_blank=True, showErrorMessage=True,
                errorStyle="stop" if field.is_strict else "warning",
                error="choose one of the list" if field.is_strict else "is none of the list",
            )  # fmt: skip
        rule.add(rows)
        page.add_data_validation(rule)


def _tell_about(book: Any, form_: Form) -> None:
    """Add a sheet that counts what is left, and says what the form is about."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    if not form_.about:
        return
    page = book.create_sheet("about", 1)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 22, 100
    lines: list[tuple[str, str]] = list(form_.about)
    names = [field.name for field in form_.fields]
    if form_.counted and len(form_.cells):
        letter = get_column_letter(names.index(form_.counted) + 1)
        counted = f"COUNTBLANK(form!{letter}2:{letter}{len(form_.cells) + 1})"
        page["A1"], page["B1"] = "left to fill in", f'={counted}&" of {len(form_.cells)}"'
    for row, (heading, text) in enumerate(lines, start=2):
        for number, said in enumerate((heading, text), start=1):
            cell = page.cell(row, number, plain(said))
            cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
    for row in range(1, len(lines) + 2):
        page.cell(row, 1).font = Font(name=_FONT, bold=True)


def _blank() -> Any:
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise MissingToolError.of(".xlsx", "openpyxl") from error
    return Workbook()


def _saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return undated(stream.getvalue())


def _number(content: Cell) -> tuple[str | int | float, str]:
    mark = f'"{content.mark}"' if content.mark else ""
    text = content.text.replace(",", "")
    if re.fullmatch(r"[0-9]{1,15}", text):
        return int(text), f"#,##0{mark}"
    if re.fullmatch(r"[0-9]+%", text):
        return int(text[:-1]) / 100, f"0%{mark}"
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return float(text), f"0.{'0' * len(text.partition('.')[2])}{mark}"
    return fitting(str(content)), "@"
