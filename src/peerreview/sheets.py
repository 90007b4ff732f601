"""What a printed table is: columns, cells, the notes under it; the same for every format."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

SYNTHETIC = "† synthetic, for demonstration; not a finding about the study"
"""Printed under every table with a cell that rests on synthetic rows alone."""
DAGGER = "†"
MOST_UPRIGHT = 8
"""A table with more columns is laid out in landscape."""
CHARACTERS_ACROSS = 85
"""What an upright page takes on one line of a table."""


class Cell(NamedTuple):
    """
    One cell: its text, whether what it says is synthetic, how far it is indented.

    ``data`` is what data formats say in place of a text that is a symbol.
    """

    text: str = ""
    synthetic: bool = False
    indent: int = 0
    data: str = ""

    def __str__(self) -> str:
        return f"{self.text}{DAGGER}" if self.synthetic and self.text else self.text

    @property
    def value(self) -> str:
        """The cell in a data format, without a dagger."""
        return self.data or self.text

    @property
    def marked_value(self) -> str:
        """The cell in a data format, with a dagger where it is synthetic."""
        return f"{self.value}{DAGGER}" if self.synthetic and self.text else self.value


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

    @property
    def synthetic(self) -> bool:
        """Whether any cell is synthetic."""
        return any(cell.synthetic for row in self.rows for cell in row)

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes, and what the dagger means where a cell has one."""
        return (*self.notes, SYNTHETIC) if self.synthetic else self.notes

    @property
    def landscape(self) -> bool:
        """Whether there are too many columns for an upright page; narrow ones count a third."""
        return sum(1 if column.narrow else 3 for column in self.columns) > 3 * MOST_UPRIGHT

    @property
    def widths(self) -> tuple[int, ...]:
        """The characters that each column needs to keep every cell on one line."""
        return tuple(
            max(
                [len(column.heading) if not column.narrow else 1]
                + [len(str(row[position])) + 2 * row[position].indent for row in self.rows]
            )
            for position, column in enumerate(self.columns)
        )

    @property
    def one_line(self) -> bool:
        """Whether every row fits on one line of an upright page."""
        return sum(self.widths) + 2 * len(self.columns) <= CHARACTERS_ACROSS

    @property
    def shares(self) -> tuple[float, ...]:
        """
        How much of the page's width each column asks for; they add up to 1.

        A column asks for what most of its cells need, within limits, so that
        one long quotation does not starve the others.
        """
        wanted = []
        for position, column in enumerate(self.columns):
            lengths = sorted(len(str(row[position])) for row in self.rows)
            most = lengths[len(lengths) * 3 // 4] if lengths else 0
            word = max((len(word) for word in column.heading.split()), default=1)
            narrowest = 3 if column.narrow else word + 1
            wanted.append(min(max(most, narrowest), 40))
        return tuple(width / sum(wanted) for width in wanted)

    def named_rows(self) -> list[dict[str, Cell]]:
        """Return the rows by their columns' names, as a user's own template wants them."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


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
