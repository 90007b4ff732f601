"""
Workbooks in, sheet by sheet, as text: .xlsx, .xlsm, .xlsb, .xls and .ods.

The door to python-calamine, which comes with the extra ``xlsx`` and reads
the cells themselves, whatever ``<dimension>`` says of them. What it leaves
out of .xlsx and .ods, ``marks`` adds: errors, percentages, leading zeros.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError, MissingToolError
from peerreview.tables import marks
from peerreview.tables.frames import few

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = (b"xl/", b"vnd.oasis.opendocument.spreadsheet")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MOST_NAMED = 3
"""Merged cells named in one line."""
_MOST_DIGITS = 15
"""What a workbook keeps of a number."""
_NO_OLD = "is no old Excel workbook, or one that is damaged or locked by a password; save it as .xlsx or CSV"
_DAMAGED = "is a workbook that is damaged, or locked by a password; save it again, or as CSV UTF-8"


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells from its first row and column on, as text; ``remarks`` are (1-based row, message)."""

    name: str
    rows: list[list[str]]
    is_hidden: bool = False
    remarks: tuple[tuple[int, str], ...] = ()


def looks_like(content: bytes) -> bool:
    """Whether a file is a workbook, by what it holds and not by its name."""
    return content.startswith(_OLD) or (content.startswith(_ZIP) and any(part in content for part in _PARTS))


def read(content: bytes) -> list[Sheet]:
    """
    Return a workbook's sheets, each cell as a person sees it: 5 is never 5.0.

    Numbers stand as they are kept, without what their format adds (currency,
    places after the point); dates are ISO. What a workbook cannot say
    exactly is blank, with a remark.

    Raises
    ------
    MissingToolError
        Where python-calamine is not installed.
    InputError
        Where the workbook is damaged or locked.
    """
    try:
        import python_calamine as calamine  # noqa: PLC0415  an extra
    except ImportError as error:
        message = "workbooks need python-calamine; pip install python-calamine, or save it as CSV UTF-8"
        raise MissingToolError(message) from error
    if content.startswith(_OLD) and _LOCKED in content:
        raise InputError("is a workbook that is locked by a password; save it without one")
    damaged = _NO_OLD if content.startswith(_OLD) else _DAMAGED
    try:
        found = marks.find(content)
        lost = [(1, f"{error}: read as blank") for error in marks.old_errors(content)]
        with _unheard() if content.startswith(_OLD) else nullcontext():
            workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
            return [
                _read_sheet(
                    workbook.get_sheet_by_name(about.name),
                    found.get(about.name, marks.NONE),
                    is_hidden=about.visible != calamine.SheetVisibleEnum.Visible,
                    lost=lost,
                )
                for about in workbook.sheets_metadata
                if about.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise InputError(damaged) from error
    except BaseException as error:
        # What a library in Rust raises where it loses its way is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(damaged) from error


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep from the terminal what a library in Rust writes there of a damaged .xls: its inner places."""
    try:
        terminal = os.dup(2)
    except OSError:
        # There is none.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stderr.flush()
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(nowhere)
        os.close(terminal)


def _read_sheet(
    sheet: Any, marked: marks.Marks, *, is_hidden: bool, lost: Sequence[tuple[int, str]]
) -> Sheet:
    remarks = list(lost)
    rows: list[list[str]] = []
    for row, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = []
        for column, value in enumerate(values, start=1):
            text = marked.texts.get((row, column)) if marked.texts else None
            if text is None:
                text = shown(value)
            if text is None:
                text = ""
                digits = f"a number of more than {_MOST_DIGITS} digits, which a workbook does not keep"
                letters = marks.named(row, column).removesuffix(str(row))
                remarks.append((row, f"column {letters} holds {digits}: read as blank"))
            cells.append(text)
        rows.append(cells)
    for (row, column), text in marked.texts.items():
        # An error in the last row or column is no cell to calamine.
        if row > len(rows) or column > len(rows[0]):
            rows = _widened(rows, row, column)
            rows[row - 1][column - 1] = text
    spans = [
        f"{marks.named(top + 1, left + 1)}:{marks.named(bottom + 1, right + 1)}"
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ] or list(marked.merged)
    if spans:
        remarks.append(
            (1, f"merged cells ({few(spans, _MOST_NAMED)}): what they say stands in the first one alone")
        )
    return Sheet(sheet.name, rows, is_hidden, (*remarks, *marked.remarks))


def _widened(rows: Sequence[Sequence[str]], n_rows: int, n_columns: int) -> list[list[str]]:
    width = max(n_columns, *map(len, rows), 0) if rows else n_columns
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return padded + [[""] * width for _ in range(n_rows - len(rows))]


def shown(value: Any) -> str | None:
    """
    Return a cell's value as text; None for a number that the cell has not kept whole.

    >>> shown(5.0), shown(36522839.0), shown(0.1 + 0.2), shown(1e-7), shown(True)
    ('5', '36522839', '0.3', '0.0000001', 'TRUE')
    >>> shown(dt.datetime(2024, 3, 1)), shown(dt.timedelta(hours=30)), shown(1234567890123456789.0)
    ('2024-03-01', '30:00:00', None)
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(value // dt.timedelta(seconds=1), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return _whole_letters(str(value)).replace("\r\n", "\n").replace("\r", "\n")


def _whole_letters(text: str) -> str:
    """
    Return a cell of an .xls whose letters python-calamine took apart into their bytes, as Ovid's have them.

    >>> _whole_letters("T" + chr(0) + "I" + chr(0)), _whole_letters("TI")
    ('TI', 'TI')
    """
    if "\0" not in text or len(text) % 2:
        return text
    try:
        # The codec leaves five bytes of Windows-1252 out, which the Web's (and calamine's) has.
        found = b"".join(
            letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else "cp1252") for letter in text
        ).decode("utf-16-le")
    except UnicodeError:
        return text
    return text if "\0" in found else found


def _number(value: float) -> str | None:
    if isinstance(value, float) and not value.is_integer():
        # A spreadsheet shows 15 digits of a number, so that 0.1 + 0.2 is 0.3.
        return format(Decimal(f"{value:.{_MOST_DIGITS}g}"), "f")
    return str(int(value)) if abs(value) < 10**_MOST_DIGITS else None


def choose(sheets: Iterable[Sheet], columns: Sequence[str]) -> Sheet:
    """
    Return the sheet of a table: the one that holds its columns, or the only one that holds anything.

    Hidden sheets are not asked.

    Raises
    ------
    InputError
        Where several sheets could be meant, or none.
    """
    filled = [sheet for sheet in sheets if not sheet.is_hidden and _header(sheet)]
    fits = [sheet for sheet in filled if columns and set(columns) <= _header(sheet)]
    if len(fits) == 1 or len(filled) == 1:
        return (fits or filled)[0]
    if not filled:
        raise InputError("is empty; give it a header row, or delete it")
    if fits:
        raise InputError(f"{_listed(fits)} all hold this table; keep one, or save it as CSV UTF-8")
    wanted = f"none holds the columns {', '.join(columns)}" if columns else "save the one meant as CSV UTF-8"
    raise InputError(f"holds {_listed(filled)}; {wanted}")


def _header(sheet: Sheet) -> set[str]:
    first = next((row for row in sheet.rows if any(cell.strip() for cell in row)), [])
    return {cell.strip().casefold() for cell in first if cell.strip()}


def _listed(sheets: Sequence[Sheet]) -> str:
    return f"the sheets {' and '.join(repr(sheet.name) for sheet in sheets)}"
