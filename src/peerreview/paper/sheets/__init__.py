"""What a printed table is: columns, cells, the notes under it; the same for every format."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from peerreview.tables import OUTSIDE_NOTE, SYNTHETIC_NOTE

DAGGER, DOUBLE_DAGGER = "†", "‡"
MOST_UPRIGHT = 8
"""A table with more columns is laid out in landscape."""
CHARACTERS_ACROSS = 85
"""What an upright page takes on one line of a table."""
_LONGEST_WORD = 20
_MOST_WANTED = 2.2
"""How many pages' widths the text of a row may ask for before the page is turned."""


class Cell(NamedTuple):
    """
    One cell: its text, whether what it says is synthetic, how far it is indented.

    ``data`` is what data formats say in place of a text that is a symbol;
    ``tip`` is what stands behind the cell, where a format can show it;
    ``outside`` whether it is known from elsewhere than the reports.
    """

    text: str = ""
    synthetic: bool = False
    indent: int = 0
    data: str = ""
    tip: str = ""
    outside: bool = False

    @property
    def mark(self) -> str:
        """What stands behind the cell: a dagger where it is synthetic, a double one where from outside."""
        return (DAGGER if self.synthetic else DOUBLE_DAGGER if self.outside else "") if self.text else ""

    def __str__(self) -> str:
        return self.text + self.mark

    @property
    def value(self) -> str:
        """The cell in a data format, without a dagger."""
        return self.data or self.text

    @property
    def marked_value(self) -> str:
        """The cell in a data format, with a dagger where it is synthetic."""
        return self.value + self.mark


BLANK = Cell()


@dataclass(frozen=True)
class Column:
    """
    A column: its name in data, its heading in print.

    ``number``: cells are numbers, set to the right. ``narrow``: cells are
    symbols, and the heading may be turned.
    """

    name: str
    heading: str
    number: bool = False
    narrow: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table to print. ``rows`` hold one cell for each column; ``notes`` stand under it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def synthetic(self) -> bool:
        """Whether any cell is synthetic."""
        return any(cell.synthetic for row in self.rows for cell in row)

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes, and what the dagger means where a cell has one."""
        is_outside = any(cell.mark == DOUBLE_DAGGER for row in self.rows for cell in row)
        marks = [
            note for there, note in ((self.synthetic, SYNTHETIC_NOTE), (is_outside, OUTSIDE_NOTE)) if there
        ]
        return (*self.notes, *marks)

    @cached_property
    def landscape(self) -> bool:
        """Whether an upright page is too narrow, for the columns (narrow ones count a third) or the text."""
        n_wide = sum(1 if column.narrow else 3 for column in self.columns) / 3
        return n_wide > MOST_UPRIGHT or sum(self._wanted) > _MOST_WANTED * CHARACTERS_ACROSS

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The characters that each column needs to keep every cell on one line."""
        return tuple(
            max(
                [len(column.heading) if not column.narrow else 1]
                + [len(str(row[position])) + 2 * row[position].indent for row in self.rows]
            )
            for position, column in enumerate(self.columns)
        )

    @cached_property
    def characters(self) -> int:
        """The characters that the longest cells of all columns take side by side."""
        return sum(self.widths) + 2 * len(self.columns)

    @property
    def one_line(self) -> bool:
        """Whether every row fits on one line of an upright page."""
        return self.characters <= CHARACTERS_ACROSS

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """
        How much of the page's width each column asks for; they add up to 1.

        A column asks for what most of its cells need on one line, and gets at
        least its longest word; what is left goes to those that ask for more.
        """
        across = CHARACTERS_ACROSS * (1.5 if self.landscape else 1)
        least, wanted = self._least, self._wanted
        room = max(across - sum(least), 0)
        more = [want - low for want, low in zip(wanted, least, strict=True)]
        if sum(wanted) > across and any(more):
            wanted = [low + room * extra / sum(more) for low, extra in zip(least, more, strict=True)]
        return tuple(width / sum(wanted) for width in wanted)

    @cached_property
    def _least(self) -> list[float]:
        """The characters of each column's longest word, heading and all."""
        least: list[float] = []
        for position, column in enumerate(self.columns):
            words = [] if column.narrow else column.heading.split()
            words += [word for row in self.rows for word in str(row[position]).split()]
            longest = max(map(len, words), default=1)
            least.append(max(min(longest, _LONGEST_WORD) + 2, 3))
        return least

    @cached_property
    def _wanted(self) -> list[float]:
        """The characters that nine in ten cells of each column would take on one line, within limits."""
        wanted: list[float] = []
        for position, low in enumerate(self._least):
            lengths = sorted(len(str(row[position])) for row in self.rows)
            most = lengths[len(lengths) * 9 // 10] if lengths else 0
            wanted.append(max(low, min(most, CHARACTERS_ACROSS)))
        return wanted

    def named_rows(self) -> list[dict[str, Cell]]:
        """Return the rows by their columns' names, as a user's own template wants them."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def panels(sheet: Sheet, most: int) -> tuple[Sheet, ...]:
    """
    Return a sheet in parts of at most ``most`` narrow columns, for formats with pages.

    Columns before the first narrow one are repeated in each part; those
    after the last stand in the last part; the notes under the last.
    """
    narrow = [position for position, column in enumerate(sheet.columns) if column.narrow]
    if len(narrow) <= most:
        return (sheet,)
    before = list(range(narrow[0]))
    after = list(range(narrow[-1] + 1, len(sheet.columns)))
    n_parts = -(-len(narrow) // most)
    parts = []
    for number in range(n_parts):
        last = number == n_parts - 1
        chosen = before + narrow[number * most : (number + 1) * most] + (after if last else [])
        parts.append(
            replace(
                sheet,
                name=f"{sheet.name}-{number + 1}",
                title=f"{sheet.title} (part {number + 1} of {n_parts})",
                columns=tuple(sheet.columns[position] for position in chosen),
                rows=tuple(tuple(row[position] for position in chosen) for row in sheet.rows),
                notes=sheet.notes if last else (),
            )
        )
    return tuple(parts)


def without_blank_columns(sheet: Sheet) -> Sheet:
    """Return a sheet without the columns in which no cell says anything."""
    kept = [
        position
        for position in range(len(sheet.columns))
        if not sheet.rows or any(row[position].text for row in sheet.rows)
    ]
    return Sheet(
        sheet.name,
        sheet.title,
        tuple(sheet.columns[position] for position in kept),
        tuple(tuple(row[position] for position in kept) for row in sheet.rows),
        sheet.notes,
    )


def rows_of(cells: Sequence[Sequence[Cell | str]]) -> tuple[tuple[Cell, ...], ...]:
    """Return rows whose bare texts are cells."""
    return tuple(
        tuple(cell if isinstance(cell, Cell) else Cell(cell) if cell else BLANK for cell in row)
        for row in cells
    )


def heading_of(column: str) -> str:
    """
    Return a column's name as people print it.

    >>> heading_of("sample_size")
    'Sample size'
    """
    words = column.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def percent(part: int, whole: int) -> str:
    """
    Return a share as a whole percentage, halves up; blank of nothing.

    >>> percent(12, 16), percent(1, 8), percent(0, 0)
    ('75%', '13%', '')
    """
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else ""
