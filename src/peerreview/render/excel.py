"""Sheets and forms as workbooks: the only door to what openpyxl writes."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from peerreview.errors import MissingToolError
from peerreview.paper.sheets import Cell, Sheet
from peerreview.render.ooxml import plain, undated


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
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415  an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

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
                value, form = _number(content) if column.number else (plain(str(content)), "@")
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
            page.cell(below, 1, plain(note)).data_type = "s"
        page.freeze_panes = "B2"
        page.print_title_rows = "1:1"
        page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    return _saved(book)


def form(cells: pd.DataFrame, allowed: Mapping[str, Sequence[str]]) -> bytes:
    """
    Return a table to fill in as a workbook: drop-downs in the columns of ``allowed``, text as text.

    Parameters
    ----------
    cells : the table as people are to see it, any columns, all text.
    allowed : column → what its cells may say.

    Raises
    ------
    MissingToolError
        Without openpyxl.
    """
    book = _blank()
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415  an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    page = book.active
    page.title = "form"
    choices = book.create_sheet("allowed")
    choices.sheet_state = "hidden"
    for number, column in enumerate(cells.columns, start=1):
        letter = get_column_letter(number)
        page.cell(1, number, column).font = Font(bold=True)
        longest = max([len(column), *(len(text) for text in cells[column])])
        page.column_dimensions[letter].width = min(longest + 2, 60)
        for below, text in enumerate(cells[column], start=2):
            cell = page.cell(below, number, plain(text))
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if column in allowed and len(cells):
            place = list(allowed).index(column) + 1
            for below, value in enumerate(allowed[column], start=1):
                choices.cell(below, place, plain(value)).data_type = "s"
            listed = (
                f"allowed!${get_column_letter(place)}$1:${get_column_letter(place)}${len(allowed[column])}"
            )
            rule = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True)
            rule.add(f"{letter}2:{letter}{len(cells) + 1}")
            page.add_data_validation(rule)
            for below in range(2, len(cells) + 2):
                page.cell(below, number).fill = PatternFill("solid", fgColor="FFF7E0")
    page.freeze_panes = "B2"
    return _saved(book)


def _blank() -> Any:
    try:
        from openpyxl import Workbook  # noqa: PLC0415  an extra
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
    return plain(str(content)), "@"
