"""Excel workbooks as text: the door to openpyxl, which comes with the extra ``xlsx``."""

import csv
import datetime as dt
import io
import warnings
import zipfile
import zlib
from typing import Any
from xml.etree.ElementTree import ParseError

from peerreview.errors import InputError, MissingToolError
from peerreview.imports.formats import spreadsheet

IN_CELL = "\u2028"
"""What a line end within a cell becomes, so that a row stays one line and its number is that of the sheet."""


def to_text(content: bytes) -> str:
    """
    Return a workbook's sheets of references as CSV; each row is one line.

    Where only some sheets have a header row that names references, the
    others (search histories, legends) are left out.

    Raises
    ------
    MissingToolError
        Where openpyxl is not installed.
    InputError
        Where the workbook is damaged.
    """
    try:
        import openpyxl  # noqa: PLC0415  an extra
    except ImportError as error:
        raise MissingToolError.of(".xlsx", "openpyxl", instead="save the sheet as CSV UTF-8") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = [_to_csv(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets]
    except (
        *(zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, RuntimeError),
        *(KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError),
    ) as error:
        message = "is a workbook that is damaged, or locked by a password; save it again, or as CSV UTF-8"
        raise InputError(message) from error
    return "".join([sheet for sheet in sheets if spreadsheet.looks_like(sheet)] or sheets)


def _to_csv(rows: Any) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in rows:
        writer.writerow([_to_cell(value) for value in row])
    return stream.getvalue()


def _to_cell(value: Any) -> str:
    """Return a cell's value as the sheet shows it: no 2024.0 for a year."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    text = str(value).replace("_x000D_", "")
    return IN_CELL.join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
