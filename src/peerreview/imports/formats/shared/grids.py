"""The cells of tables of references: where the header stands, and which rows are not as they were written."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from peerreview.imports.formats.shared.tableheads import count_known, is_header

DELIMITERS = (",", ";", "\t", "|")
_LONGEST = 400
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
                if hits > most and is_header(cells, hits) and not (above and len(cells) < 3):
                    best = Shape(delimiter, strip_header(cells), reader.line_num)
                    most = hits
                above = above or any(cells)
        except csv.Error:
            continue
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


def is_plain(lines: Sequence[str], n_columns: int) -> bool:
    """Whether a table with tabs has one row per line: Web of Science then quotes nothing."""
    widths = [line.count("\t") + 1 for line in lines if line.strip()]
    return bool(widths) and sum(width >= n_columns for width in widths) > 0.9 * len(widths)


def find_row(rows: Rows, start: int, end: int) -> int:
    """Return the first line after a damaged row's first at which a sound row begins."""
    for here in range(start, min(end, start + _FARTHEST)):
        if rows.delimiter not in rows.lines[here]:
            continue
        reader = rows.read(here, min(here + _LONGEST, len(rows.lines)))
        cells: list[str] = next(reader, [])
        if len(cells) in rows.widths and not rows.find_fault(cells, here, here + reader.line_num):
            return here
    return end
