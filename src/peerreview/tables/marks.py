"""
What the cells of .xlsx and .ods say beside their values: errors, percentages, leading zeros, merged cells.

python-calamine gives an error (``#REF!``) as a blank and a percentage as
its hundredth, and asks for as much memory as the farthest cell asks for.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from peerreview.errors import InputError
from peerreview.tables import biff

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_CELLS = 50_000_000
"""Cells of a sheet, blank ones among them, that are read into memory."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*(?<!/)>")
_LAST_ROW = re.compile(rb"\br=\"[A-Z]{0,3}([0-9]{1,7})\"")
_TAIL = 100_000
_WIDEST = 16_384
_PADDED = re.compile(r"0{2,20}")


@dataclass(frozen=True)
class Marks:
    """Of one sheet: texts by 1-based (row, column), merged cells, and (row, message) to remark on."""

    texts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()


NONE = Marks()


def find(content: bytes) -> dict[str, Marks]:
    """
    Return a workbook's marks by sheet; none for .xls and .xlsb.

    Raises
    ------
    InputError
        Where a cell stands so far from all others that the sheet would not fit into memory.
    ValueError
        Where the file is damaged.
    """
    if not content.startswith(b"PK"):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_unpacked(archive, len(content))
            names = archive.namelist()
            if "xl/workbook.xml" in names:
                return _find_xlsx(archive)
            if "content.xml" in names:
                return _find_ods(archive.read("content.xml"))
            return {}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ValueError(str(error)) from error
    except (KeyError, ET.ParseError, expat.ExpatError, OverflowError) as error:
        raise ValueError(str(error)) from error


_OLD_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_TOLD = 20
_MUCH, _MOST_TIMES = 100_000_000, 200
"""Bytes from which a workbook may not unpack to so many times its size."""
_MOST_UNPACKED = 4_000_000_000
"""Bytes: a sheet of Excel's million rows and fifty columns."""


def old_errors(content: bytes) -> list[str]:
    """
    Return the cells of an .xls that hold errors, which python-calamine gives as blanks.

    Raises
    ------
    InputError
        Where a sheet says that it reaches farther than fits into memory: python-calamine asks for it at once.
    ValueError
        Where the file is damaged.
    """
    told: list[str] = []
    for number, body in biff.records(content) if content.startswith(_OLD) else ():
        if number == biff.DIMENSIONS and len(body) >= _DIMENSIONS.size:
            _check_far(*_DIMENSIONS.unpack_from(body))
        error = _old_error(number, body)
        if error in _OLD_ERRORS and len(told) < _MOST_TOLD:
            row, column = struct.unpack_from("<HH", body)
            told.append(f"{named(row + 1, column + 1)} holds {_OLD_ERRORS[error]}")
    return told


_DIMENSIONS = struct.Struct("<4xI2xH")
"""The rows and columns that a sheet has ([MS-XLS] 2.4.90)."""


def _old_error(number: int, body: bytes) -> int:
    """Return the error that a BoolErr, or the result of a Formula, is, or -1 ([MS-XLS] 2.4.24, 2.4.127)."""
    if number == biff.BOOL_ERR and body[7:8] == b"\x01":
        return body[6]
    if number == biff.FORMULA and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff":
        return body[8]
    return -1


def named(row: int, column: int) -> str:
    """
    Return a cell's name.

    >>> named(3, 1), named(10, 28)
    ('A3', 'AB10')
    """
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def check_unpacked(archive: zipfile.ZipFile, n_packed: int, cure: str = "save it as CSV UTF-8") -> None:
    """
    Refuse what unpacks to far more than cells and text do: they pack to a tenth or a fiftieth of their size.

    Raises
    ------
    InputError
        Before anything is unpacked.
    """
    n_unpacked = sum(part.file_size for part in archive.infolist())
    if n_unpacked > _MOST_UNPACKED or (n_unpacked > _MUCH and n_unpacked > _MOST_TIMES * n_packed):
        told = f"{n_unpacked / 1_000_000:,.0f} MB in a file of {n_packed / 1_000_000:,.1f} MB"
        raise InputError(f"unpacks to {told}, which no table does; {cure}")


def _check_far(n_rows: int, n_columns: int) -> None:
    if n_rows * n_columns > _MOST_CELLS:
        place = named(n_rows, n_columns)
        raise InputError(f"a sheet reaches to cell {place}; delete what stands far from the table")


def _find_xlsx(archive: zipfile.ZipFile) -> dict[str, Marks]:
    styles = _styles(archive)
    found = {}
    for name, part in _sheets(archive):
        content = archive.read(part)
        _check_extent(content)
        wanted = [rb"\bt=[\"']e[\"']", rb"<(?:\w+:)?f[ >/]", rb">-?[0-9]{16,}<"]
        wanted += [rb"\bs=[\"']%d[\"']" % style for style in styles]
        if re.search(b"|".join(wanted), content):
            found[name] = _XlsxCells(styles).read(content)
    return found


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return each sheet's name and part, worksheets alone."""
    there = set(archive.namelist())
    targets = {}
    if "xl/_rels/workbook.xml.rels" in there:
        for each in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
            target = each.get("Target", "").lstrip("/")
            targets[each.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
    listed = []
    for each in ET.fromstring(archive.read("xl/workbook.xml")).iter():
        if each.tag.rpartition("}")[2] == "sheet":
            key = next((value for name, value in each.items() if name.rpartition("}")[2] == "id"), "")
            part = targets.get(key, "")
            if _SHEET.fullmatch(part) and part in there:
                listed.append((each.get("name", ""), part))
    return listed


def _styles(archive: zipfile.ZipFile) -> dict[int, str]:
    """Return the number formats that change what a number is read as, by style: ``%``, or zeros."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    codes = {9: "%", 10: "%"}
    found: dict[int, str] = {}
    for group in ET.fromstring(archive.read("xl/styles.xml")):
        kind = group.tag.rpartition("}")[2]
        for number, each in enumerate(group):
            if kind == "numFmts":
                code = each.get("formatCode", "")
                bare = re.sub(r"\"[^\"]*\"|\\.|\[[^\]]*\]", "", code)
                codes[int(each.get("numFmtId", "-1"))] = "%" if "%" in bare else code
            elif kind == "cellXfs":
                code = codes.get(int(each.get("numFmtId", "0")), "")
                if code == "%" or _PADDED.fullmatch(code):
                    found[number] = code
    return found


def _check_extent(content: bytes) -> None:
    last = max((int(number) for number in _LAST_ROW.findall(content[-_TAIL:])), default=0)
    if last * _WIDEST <= _MOST_CELLS or not re.search(rb"\br=\"[A-Z]{2,3}[0-9]", content):
        return
    n_rows, columns = 0, set()
    for letters, number in _CELL.findall(content):
        columns.add(letters)
        n_rows = max(n_rows, int(number))
    _check_far(n_rows, max((_column(letters.decode()) for letters in columns), default=0))


class _XlsxCells:
    """The rows of a worksheet's XML, cell by cell."""

    def __init__(self, styles: Mapping[int, str]) -> None:
        self._styles = styles
        self._texts: dict[tuple[int, int], str] = {}
        self._remarks: list[tuple[int, str]] = []
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._text: list[str] | None = None
        self._value = ""
        self._is_formula = False

    def read(self, content: bytes) -> Marks:
        """Return the marks of a worksheet."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        parser.Parse(content, True)  # noqa: FBT003  expat's own
        return Marks(self._texts, (), tuple(self._remarks))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = _column(letters) if letters else self._column + 1
            self._cell, self._value, self._is_formula = attributes, "", False
        elif name == "v":
            self._text = []
        elif name == "f":
            self._is_formula = True

    def _take(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "v":
            self._value, self._text = "".join(self._text or ()).strip(), None
        elif name == "c":
            self._close()

    def _close(self) -> None:
        kind, place = self._cell.get("t", "n"), (self._row, self._column)
        if kind == "e":
            self._texts[place] = self._value
        elif self._is_formula and not self._value and kind == "n":
            message = f"{named(*place)} holds a formula that was never computed: read as blank"
            self._remarks.append((self._row, f"{message}; open the workbook in a spreadsheet and save it"))
        elif kind == "n" and self._value:
            text = _as_formatted(self._value, self._styles.get(int(self._cell.get("s", "0")), ""))
            if text:
                self._texts[place] = text


def _as_formatted(value: str, code: str) -> str:
    """
    Return a number as its format shows it, where that changes what it is read as; blank where it does not.

    >>> _as_formatted("0.285", "%"), _as_formatted("42", "0000"), _as_formatted("2.5", "0000")
    ('28.5%', '0042', '')
    """
    try:
        if code == "%":
            return f"{format((Decimal(f'{float(value):.15g}') * 100).normalize(), 'f')}%"
    except (ValueError, InvalidOperation):
        return ""
    if not re.fullmatch(r"-?[0-9]+", value):
        return ""
    if code:
        return value.zfill(len(code))
    # Of an integer whose digits all stand there, none is lost.
    return value if len(value) > 15 else ""


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def _find_ods(content: bytes) -> dict[str, Marks]:
    cells = _OdsCells()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.take
    parser.Parse(content, True)  # noqa: FBT003  expat's own
    return cells.found


class _OdsCells:
    """The tables of an OpenDocument spreadsheet, cell by cell."""

    def __init__(self) -> None:
        self.found: dict[str, Marks] = {}
        self._name = ""
        self._texts: dict[tuple[int, int], str] = {}
        self._merged: list[str] = []
        self._row = self._column = self._n_columns = self._n_rows = 0
        self._repeated = self._rows_repeated = 1
        self._cell: dict[str, str] | None = None
        self._said: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's beginning."""
        if tag == f"{_TABLE}table":
            self._name, self._texts, self._merged = attributes.get(f"{_TABLE}name", ""), {}, []
            self._row = self._n_rows = self._n_columns = 0
        elif tag == f"{_TABLE}table-row":
            self._rows_repeated = int(attributes.get(f"{_TABLE}number-rows-repeated", "1"))
            self._column = 0
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self._cell, self._said = attributes, []
            self._repeated = int(attributes.get(f"{_TABLE}number-columns-repeated", "1"))

    def take(self, text: str) -> None:
        """Take text."""
        if self._cell is not None:
            self._said.append(text)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self._close()
        elif tag == f"{_TABLE}table-row":
            self._row += self._rows_repeated
        elif tag == f"{_TABLE}table":
            _check_far(self._n_rows, self._n_columns)
            self.found[self._name] = Marks(dict(self._texts), tuple(self._merged))

    def _close(self) -> None:
        cell, said = self._cell or {}, "".join(self._said).strip()
        self._cell = None
        kind = cell.get(f"{_OFFICE}value-type", "")
        row, column = self._row + 1, self._column + 1
        self._column += self._repeated
        if kind:
            self._n_columns = max(self._n_columns, self._column)
            self._n_rows = self._row + self._rows_repeated
            _check_far(self._n_rows, self._n_columns)
        text = ""
        if cell.get(f"{_CALC}value-type") == "error":
            text = said
        elif kind == "percentage":
            text = _as_formatted(cell.get(f"{_OFFICE}value", ""), "%")
        if text:
            for down in range(self._rows_repeated):
                for right in range(self._repeated):
                    self._texts[row + down, column + right] = text
        spans = [int(cell.get(f"{_TABLE}number-{what}-spanned", "1")) for what in ("rows", "columns")]
        if max(spans) > 1:
            self._merged.append(f"{named(row, column)}:{named(row + spans[0] - 1, column + spans[1] - 1)}")
