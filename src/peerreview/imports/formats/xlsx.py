"""Workbooks of references as text."""

from collections.abc import Iterator

from peerreview.imports.formats import Warned, spreadsheet
from peerreview.imports.formats.openings import SHEET
from peerreview.tables import workbooks, writing
from peerreview.values.counts import counted

IN_CELL = "\u2028"
"""What a line end within a cell becomes, so that a row stays one line and its number is that of the sheet."""


def to_text(content: bytes) -> tuple[str, tuple[Warned, ...]]:
    """
    Return a workbook's sheets of references as CSV, each row one line, and what is odd about them.

    Where only some sheets have a header row that names references, the
    others (search histories, legends) are left out, and told. Each sheet
    below the first is told, too: stages of one review may be in one book.

    Raises
    ------
    MissingToolError
        Where python-calamine is not installed.
    InputError
        Where the workbook is damaged.
    """
    sheets = _with_text(content)
    taken = _of_references(sheets)
    names = {sheet.name for sheet, _ in taken}
    warnings = [
        Warned(1, f"sheet {sheet.name!r} has no columns of references: left out ({counted(n, 'row')})")
        for sheet, _ in sheets
        if sheet.name not in names and (n := sum(any(row) for row in sheet.rows))
    ]
    n_above = 0
    texts: list[str] = []
    for sheet, text in taken:
        remarks = sheet.remarks
        if texts:
            remarks = ((1, f"records from here on, {counted(len(sheet.rows), 'row')}"), *remarks)
        warnings += [Warned(n_above + row, f"sheet {sheet.name!r}: {message}") for row, message in remarks]
        texts.append(_opened(text) if texts else text)
        n_above += len(sheet.rows)
    return "".join(texts), tuple(warnings)


def sheets_of(content: bytes) -> list[tuple[workbooks.Sheet, str]]:
    """Return the sheets of a workbook that name references, each with its text; all where none does."""
    return _of_references(_with_text(content))


def _opened(text: str) -> str:
    """Return a sheet's text, marked in its first cell."""
    return f'"{SHEET}{text[1:]}' if text.startswith('"') else SHEET + text


def _with_text(content: bytes) -> list[tuple[workbooks.Sheet, str]]:
    return [(sheet, "".join(_lines(sheet))) for sheet in workbooks.read(content)]


def _of_references(sheets: list[tuple[workbooks.Sheet, str]]) -> list[tuple[workbooks.Sheet, str]]:
    return [(sheet, text) for sheet, text in sheets if spreadsheet.looks_like(text)] or sheets


def _lines(sheet: workbooks.Sheet) -> Iterator[str]:
    for row in sheet.rows:
        yield writing.csv_line(cell.replace("\n", IN_CELL) for cell in row) + "\n"
