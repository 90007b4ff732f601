"""The cells of tables of references: where the header stands, and which rows are not as they were written."""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from peerreview.imports.formats.shared.tableheads import (
    count_known,
    is_header,
    is_name,
    names_title,
    plain,
)

DELIMITERS = (",", ";", "\t", "|")
HEAD = 60
"""Lines in which a header row is looked for: Embase and others write their search above it."""
LONGEST = 400
"""Lines of one row, where a row is looked for after a damaged one."""
_FARTHEST = 2_000
"""Lines within which it is looked for."""
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Shape:
    """How a table is written: its delimiter, its header's cells, and the 0-based line after its header."""

    delimiter: str
    header: tuple[str, ...]
    begin: int


def split_lines(text: str, most: int = -1) -> list[str]:
    """Return the lines of a text with their ends, or the first ``most`` of them."""
    lines = text.split("\n", most) if most > 0 else text.split("\n")
    rest = lines.pop()
    kept = [f"{line}\n" for line in lines]
    return [*kept, rest] if rest and len(kept) != most else kept


def find_shape(lines: Sequence[str]) -> Shape | None:
    """Return the header row among lines that names most columns, or None where none does."""
    best: Shape | None = None
    most = 0
    for delimiter in DELIMITERS:
        reader = csv.reader(iter(lines), delimiter=delimiter, skipinitialspace=True)
        above = False
        try:
            for cells in reader:
                hits = count_known(cells)
                may_be = is_header(cells, hits) or (not above and names_title(cells))
                if hits > most and may_be and not (above and len(cells) < 3):
                    best = Shape(delimiter, strip_header(cells), reader.line_num)
                    most = hits
                above = above or any(cells)
        except csv.Error:
            continue
    return best


def header_of(text: str) -> tuple[str, ...]:
    """Return the header of a table of references."""
    shape = find_shape(split_lines(text, HEAD))
    return shape.header if shape else ()


_FEWEST = 2
_FIRST = 6
"""Rows from which the header of an unknown table is guessed."""


def guess_header(text: str) -> tuple[str, ...]:
    r"""
    Return the first row of what looks like a table of anything, or nothing.

    >>> guess_header("Paper Name,Year\nA study,2020\n"), guess_header("Dear all,\nplease find")
    (('Paper Name', 'Year'), ())
    """
    best: tuple[str, ...] = ()
    lines = split_lines(text, HEAD)
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(iter(lines), delimiter=delimiter, skipinitialspace=True) if row]
        except csv.Error:
            continue
        header = strip_header(rows[0]) if rows else ()
        alike = {len(row) for row in rows[1:_FIRST]}
        # Of a table of many columns some are called by a whole question.
        n_long = sum(len(cell) >= _LONGEST_NAME for cell in header)
        is_named = len(set(header)) == len(header) and all(header) and _FEW_LONG * n_long <= len(header)
        if len(header) >= _FEWEST and is_named and alike and min(alike) >= len(header) > len(best):
            best = header
    return best


def strip_header(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a header's cells up to the last that is not blank."""
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    return tuple(header)


if TYPE_CHECKING:
    from _csv import Reader as _Reader

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(slots=True)
class Rows:
    """A table being read; ``widths`` are those that sound rows have had, ``told`` those warned of."""

    lines: list[str]
    delimiter: str
    header: tuple[str, ...]
    plain: bool
    widths: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    begin: int = 0
    """The line, 0-based, at which the next row begins."""

    def read(self, start: int, end: int) -> "_Reader":
        """Return a reader of the rows from one line to another."""
        lines = (self.lines[position] for position in range(start, end))
        if self.plain:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=True)

    def text(self, start: int, end: int) -> str:
        """Return lines verbatim."""
        return "".join(self.lines[start:end]).rstrip("\n")

    def unquote(self, cell: str) -> str:
        """Return a cell without quotes that the reader has left standing."""
        quoted = _QUOTED.fullmatch(cell) if self.plain else None
        return quoted[1].replace('""', '"') if quoted else cell

    def _is_torn(self, start: int, end: int, *, is_cut: bool) -> bool:
        """Whether an odd number of quotes is more than a sign within an unquoted cell."""
        if end - start > 1 or is_cut:
            return True
        try:
            next(csv.reader(self.lines[start:end], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return True
        return False

    def find_fault(self, cells: list[str], start: int, end: int) -> str:
        """Return why a row would not be read as it was written, or nothing."""
        is_cut = end >= len(self.lines) and not self.lines[-1].endswith("\n")
        if (
            not self.plain
            and self.text(start, end).count('"') % 2
            and self._is_torn(start, end, is_cut=is_cut)
        ):
            return "a quote is missing, so that cells run into each other; quote them, or export it again"
        n_filled = max((position for position, cell in enumerate(cells, 1) if cell.strip()), default=0)
        if len(self.header) > 2 and n_filled >= 2 * len(self.header) - 1:
            return f"{n_filled} cells in a table of {len(self.header)} columns: two rows have run together"
        if is_cut and len(cells) not in self.widths:
            return "the last row breaks off in the middle; export it again"
        return ""


def is_plain(lines: Iterable[str], n_columns: int) -> bool:
    """Whether a table with tabs has one row per line: Web of Science then quotes nothing."""
    n_lines = n_wide = 0
    for line in lines:
        if line.strip():
            n_lines += 1
            n_wide += line.count("\t") + 1 >= n_columns
    return n_wide > 0.9 * n_lines


def find_row(rows: Rows, start: int, end: int) -> int:
    """Return the first line after a damaged row's first at which a sound row begins."""
    for here in range(start, min(end, start + _FARTHEST)):
        if rows.delimiter not in rows.lines[here]:
            continue
        reader = rows.read(here, min(here + LONGEST, len(rows.lines)))
        cells: list[str] = next(reader, [])
        if len(cells) in rows.widths and not rows.find_fault(cells, here, here + reader.line_num):
            return here
    return end


def number_rows(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield each row's cells with its first line, 0-based, and the line after its last."""
    reader = csv.reader(iter(split_lines(text)), delimiter=delimiter, skipinitialspace=True)
    first = 0
    for cells in reader:
        yield first, reader.line_num, cells
        first = reader.line_num


def is_row(line: str) -> bool:
    """Whether a line has several cells."""
    return any(delimiter in line for delimiter in DELIMITERS)


def opens_with_name(line: str) -> bool:
    """Whether the first cell of a line is what some database calls a column."""
    if not line.lstrip(' "')[:1].isalnum():
        return False
    return any(is_name(line.split(delimiter, 1)[0]) for delimiter in DELIMITERS if delimiter in line)


def end_of_cell(line: str) -> int:
    """Return where the second cell of a line begins, by the delimiter that it has most of."""
    delimiter = max(DELIMITERS, key=line.count)
    return line.find(delimiter) + 1


_LONGEST_NAME = 60
_FEW_LONG = 10
_LONG_NAME = 4
_ENDS = ("EF", "ER")
"""The last line of an export of the Web of Science."""


def find_header(line: str) -> int | None:
    """
    Return where in a line a table's header begins that is joined to the text before it.

    None where there is none, and -1 where nobody can tell where it begins.

    >>> find_header("SO  - J Wards. 2019.Title,Authors,Year,DOI")
    20
    """
    for delimiter in DELIMITERS:
        cells = line.rstrip("\n").split(delimiter)
        bare = [cell.strip().strip('"') for cell in cells]
        named = [is_name(cell) for cell in bare]
        hits = sum(named)
        for place in range(len(cells) - 2):
            hits -= named[place]
            if hits < max(2, 0.6 * (len(cells) - place - 1)) or not named[place + 1]:
                continue
            below = bare[place + 1 :]
            name = _find_name(cells[place])
            if name and is_header([name, *below], count_known([name, *below])):
                end = len(delimiter.join(cells[: place + 1]))
                return end - len(name) - 2 * cells[place].rstrip().endswith('"')
            if hits == len(below) and is_header(below, count_known(below)):
                # The last cell of a row is blank, and another table's header stands where it ends.
                is_value = place > 0 and (not cells[place].strip() or cells[place][-1:].isdigit())
                return len(delimiter.join(cells[: place + 1])) + 1 if is_value else -1
    return None


def _find_name(cell: str) -> str:
    """Return the longest name of a column that a cell ends with."""
    cell = cell.rstrip()
    if cell.endswith('"'):
        quoted = cell[:-1].rpartition('"')[2]
        return quoted if is_name(quoted) else ""
    for start in range(max(0, len(cell) - _LONGEST_NAME), len(cell)):
        name = cell[start:]
        # "called" ends in no "ed", "2019.DOI" in DOI, and "careTitle" in Title.
        above = cell[:start]
        is_apart = not above[-1:].isalpha() or above in _ENDS or (name[0].isupper() and above[-1].islower())
        if name[0].isalpha() and (is_apart or len(name) >= _LONG_NAME) and is_name(name):
            return name
    return ""


class _Layout:
    """A table within a text: its header, and where its rows begin, as far as they were looked for."""

    def __init__(self, text: str, begin: int, shape: Shape, first: Sequence[str]) -> None:
        self.delimiter, self.header = shape.delimiter, shape.header
        self.below = begin + sum(map(len, first[: shape.begin]))
        self.plain = shape.delimiter == "\t" and is_plain(first[shape.begin :], len(shape.header))
        self.begins = [self.below]
        self.sound = True
        self._text, self._place = text, self.below
        lines: list[str] = []
        self._rows = Rows(lines, shape.delimiter, shape.header, self.plain, {len(shape.header)})
        self._reader = csv.reader(self._pull(), delimiter=shape.delimiter, skipinitialspace=True)
        self._n_read = 0

    def _pull(self) -> Iterator[str]:
        """Yield the lines of the text, but no more of one row than a row has."""
        while self._place < len(self._text) and len(self._rows.lines) - self._n_read < LONGEST:
            end = self._text.find("\n", self._place) + 1 or len(self._text)
            self._rows.lines.append(self._text[self._place : end])
            self._place = end
            yield self._rows.lines[-1]

    def reach(self, place: int) -> None:
        """Look at rows until one begins there or below."""
        while self.sound and self.begins[-1] < place:
            cells = next(self._reader, None)
            if cells is None:
                self.sound = False
                return
            start, self._n_read = self._n_read, self._reader.line_num
            is_long = self._n_read - start >= LONGEST
            if is_long or self._rows.find_fault(cells, start, self._n_read):
                self.sound = False
            else:
                self.begins.append(self.begins[-1] + sum(map(len, self._rows.lines[start : self._n_read])))


class Cells:
    """The cells of tables within a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._layouts: dict[int, _Layout | None] = {}

    def _layout(self, begin: int) -> _Layout | None:
        if begin not in self._layouts:
            first = split_lines(self._text[begin : begin + _FIRST_TEXT], HEAD)
            shape = _find_first(first)
            self._layouts[begin] = _Layout(self._text, begin, shape, first) if shape else None
        return self._layouts[begin]

    def hold(self, begin: int, place: int) -> bool:
        """Whether a place stands within a quoted cell of the table that begins somewhere."""
        found = self._layout(begin)
        if found is None or found.plain or place <= found.below:
            return False
        found.reach(place)
        row = bisect_right(found.begins, place) - 1
        if found.begins[row] == place or (not found.sound and row == len(found.begins) - 1):
            return False
        lines = split_lines(self._text[found.begins[row] : place])
        lines[-1] = lines[-1].rstrip("\n") + "\n"
        reader = csv.reader([*lines, "\n"], delimiter=found.delimiter, skipinitialspace=True)
        next(reader)
        return reader.line_num > len(lines)

    def change(self, begin: int, place: int) -> bool:
        """Whether the row at a place is the header of another table than the one that begins somewhere."""
        found = self._layout(begin)
        if found is None or place < found.below:
            return False
        end = self._text.find("\n", place)
        shape = find_shape([self._text[place : end if end >= 0 else len(self._text)]])
        if shape is None or "" in shape.header:
            return False
        names = set(map(plain, shape.header))
        return shape.delimiter != found.delimiter or names != set(map(plain, found.header))


_FIRST_TEXT = 60_000


def _find_first(lines: Sequence[str]) -> Shape | None:
    """Return the first header row among lines; where delimiters differ, the one that names most columns."""
    found = []
    for delimiter in DELIMITERS:
        reader = csv.reader(iter(lines), delimiter=delimiter, skipinitialspace=True)
        try:
            for cells in reader:
                hits = count_known(cells)
                if is_header(cells, hits):
                    found.append((reader.line_num, -hits, delimiter, strip_header(cells)))
                    break
        except csv.Error:
            continue
    if not found:
        return None
    line, _, delimiter, header = min(found)
    return Shape(delimiter, header, line)
