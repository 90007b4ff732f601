"""Tables as people keep them: the row that names the columns found, two rows of headings joined."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from peerreview.screening.screeners import markup
from peerreview.tables import dialects
from peerreview.values.folding import same

NAMING = frozenset({
    "record_id", "record id", "id", "key", "doi", "pmid", "pubmed id", "pubmed_id", "title", "study_id",
    "ref", "refid", "article title", "document title", "studyid", "covidence #",
})  # fmt: skip
"""Columns that say which record a row is about."""
_OPENING = 6
"""Rows in which the one that names the columns is looked for."""
_COPY = re.compile(r"(.+?)(?:\.\d{1,2}|\s*\(\d{1,2}\)|[ _-]?\(?copy\)?)")
_NUMBER = re.compile(r"-?[0-9.,]+%?")

Row = tuple[int, list[str]]


@dataclass(frozen=True, eq=False)
class Grid:
    """
    A table's cells as text, all rows of one length.

    ``header`` are the columns as they stand, or both headings where there are
    two; ``lines`` the 1-based line of each row; ``above`` what stood over the header.
    """

    header: tuple[str, ...]
    lines: Sequence[int]
    rows: Sequence[list[str]]
    above: tuple[str, ...] = ()
    counted: dict[int, Counter[str]] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Columns without case."""
        return tuple(name.casefold() for name in self.header)

    @cached_property
    def columns(self) -> list[list[str]]:
        """The cells of each column, without blanks around them."""
        if not self.rows:
            return [[] for _ in self.header]
        return [[cell.strip() for cell in column] for column in zip(*self.rows, strict=True)]

    def count(self, place: int) -> Counter[str]:
        """Return how often each filled cell stands in a column."""
        if place not in self.counted:
            self.counted[place] = Counter(self.columns[place])
            self.counted[place].pop("", None)
        return self.counted[place]

    def cells(self, *names: str) -> list[str]:
        """Return each row's first filled cell of these columns."""
        found: list[str] = []
        for name in names:
            if name in self.names:
                column = self.columns[self.names.index(name)]
                found = [one or other for one, other in zip(found, column, strict=True)] if found else column
        return found or [""] * len(self.rows)

    def copied(self, name: str, others: Sequence[str] = ()) -> str:
        """Return the column, or one of other names, that a name is a copy of; blank where it is none."""
        found = _COPY.fullmatch(name.casefold())
        known = {same(each) for each in (*self.names, *others)}
        return found[1] if found and same(found[1]) in known else ""

    def doubled(self) -> list[str]:
        """Return names that several columns of different cells have; programs call the second ``title.1``."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self.names):
            if name:
                places.setdefault(same(self.copied(name) or name), []).append(place)
        return [
            self.header[found[0]]
            for found in places.values()
            if any(self.columns[found[0]] != self.columns[other] for other in found[1:])
        ]


def read(text: str) -> Grid:
    """Return a table in CSV or in a web page."""
    listed = [(line, cells) for line, cells in _rows(text) if "".join(cells).strip()]
    if not listed:
        return Grid((), (), ())
    top = _header(listed)
    header = [name.strip() for name in listed[top][1]]
    above = [" ".join(filter(None, (cell.strip() for cell in cells))) for _, cells in listed[:top]]
    below = listed[top + 1 :]
    if top and _is_heading(listed[top - 1][1]):
        header = _under(_filled_right(listed[top - 1][1], len(header)), header)
    elif below and _is_second(header, below[0][1]):
        header = _over(header, below[0][1])
        below = below[1:]
    width = len(header)
    rows = [cells if len(cells) == width else (cells + [""] * width)[:width] for _, cells in below]
    return Grid(tuple(header), [line for line, _ in below], rows, tuple(above))


def _rows(text: str) -> list[Row]:
    if markup.looks_like(text):
        return markup.rows(text)
    layout = dialects.sniff(text)
    return list(dialects.records(text, layout.delimiter, layout.start, layout.above))


def _header(rows: Sequence[Row]) -> int:
    """Return which row names the columns: the first, unless one further down does and it does not."""
    for place, (_, cells) in enumerate(rows[:_OPENING]):
        names = {same(cell) for cell in cells if cell.strip()}
        if names & NAMING and len(names) > 1:
            return place
    return 0


def _is_heading(cells: Sequence[str]) -> bool:
    """Return whether a row stands over parts of a table; a sheet's own title stands at its left, alone."""
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    return bool(filled) and filled != [0]


def _is_second(header: Sequence[str], cells: Sequence[str]) -> bool:
    """Return whether the row below a header goes on with it: names beneath merged cells, and no record."""
    from peerreview.screening.screeners.words import fold  # noqa: PLC0415  words need no table

    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    naming = [place for place, name in enumerate(header) if same(name) in NAMING]
    if not filled or not naming or set(naming) & set(filled):
        return False
    if any(fold(cells[place]) is not None or _NUMBER.fullmatch(cells[place].strip()) for place in filled):
        return False
    # A merged cell is one filled and blank ones to its right.
    return any(place >= len(header) or not header[place].strip() for place in filled)


def _filled_right(cells: Sequence[str], width: int) -> list[str]:
    filled: list[str] = []
    for place in range(width):
        own = cells[place].strip() if place < len(cells) else ""
        filled.append(own or (filled[-1] if filled else ""))
    return filled


def _under(groups: Sequence[str], header: Sequence[str]) -> list[str]:
    """Return the names of columns under a heading: with it where they are not enough by themselves."""
    folded: dict[str, list[str]] = {}
    for group, name in zip(groups, header, strict=True):
        folded.setdefault(same(name), []).append(group)
    several = len(set(filter(None, groups))) > 1
    joined = []
    for group, name in zip(groups, header, strict=True):
        over = folded[same(name)]
        is_plain = not name or (len(over) > 1 and all(over) and len(set(over)) == len(over))
        is_plain |= several and same(name) in ("decision", "vote", "reason", "notes")
        joined.append(f"{group} {name}".strip() if is_plain and same(name) not in NAMING else name)
    return joined


def _over(header: Sequence[str], second: Sequence[str]) -> list[str]:
    width = max(len(header), len(second))
    groups = _filled_right(header, width)
    below = [cell.strip() for cell in (*second, *[""] * (width - len(second)))]
    repeated = Counter(same(name) for name in below if name)
    joined = []
    for place, name in enumerate(below):
        own = header[place].strip() if place < len(header) else ""
        if not name:
            joined.append(own)
        elif repeated[same(name)] > 1 or same(name) in ("decision", "vote", "reason"):
            joined.append(f"{groups[place]} {name}".strip())
        else:
            joined.append(name)
    return joined
