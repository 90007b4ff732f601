"""Tables as people keep them: the row that names the columns found, two rows of headings joined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from operator import itemgetter

from peerreview.screening.coded import Coded
from peerreview.screening.screeners import markup
from peerreview.tables import dialects
from peerreview.values.folding import same

NAMING = frozenset({
    "record_id", "record id", "id", "key", "doi", "pmid", "pubmed id", "pubmed_id", "title", "study_id",
    "ref", "refid", "article title", "document title", "studyid", "covidence #", "record",
    "titel", "título", "titulo", "titre", "titolo",
})  # fmt: skip
"""Columns that say which record a row is about."""
_OPENING = 6
"""Rows in which the one that names the columns is looked for."""
_COPY = re.compile(r"(.+?)(?:\.\d{1,2}|\s*\(\d{1,2}\)|[ _-]?\(?copy\)?)")
_NUMBER = re.compile(r"-?[0-9.,]+%?")


@dataclass(frozen=True, eq=False)
class Grid:
    """
    A table's cells as text.

    ``header`` are the columns as they stand, or both headings where there are
    two; ``lines`` the 1-based line of each row; ``raw`` the cells of each
    column; ``above`` what stood over the header.
    """

    header: tuple[str, ...]
    lines: Sequence[int]
    raw: Sequence[Sequence[str]]
    above: tuple[str, ...] = ()
    coded: dict[int, Coded[str]] = field(default_factory=dict)
    counted: dict[int, Counter[str]] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Columns without case."""
        return tuple(name.casefold() for name in self.header)

    @property
    def rows(self) -> Iterator[tuple[str, ...]]:
        """The cells of each row."""
        return zip(*self.raw, strict=True) if self.raw else iter(())

    def row(self, number: int) -> list[str]:
        """Return the cells of a row."""
        return [cells[number] for cells in self.raw]

    def column(self, place: int) -> list[str]:
        """Return the cells of a column, without blanks around them."""
        return [cell.strip() for cell in self.raw[place]]

    def words(self, place: int) -> Coded[str]:
        """Return the cells of a column of few words, without blanks around them."""
        if place not in self.coded:
            self.coded[place] = Coded.of(self.column(place))
        return self.coded[place]

    def holds(self, place: int) -> bool:
        """Return whether a cell of a column is filled."""
        return any(map(str.strip, self.raw[place]))

    def count(self, place: int) -> Counter[str]:
        """Return how often each filled cell stands in a column."""
        if place not in self.counted:
            self.counted[place] = self.words(place).counts
            self.counted[place].pop("", None)
        return self.counted[place]

    def cells(self, *names: str) -> list[str]:
        """Return each row's first filled cell of these columns."""
        found: list[str] = []
        for place in self._places(names):
            column = self.column(place)
            found = [one or other for one, other in zip(found, column, strict=True)] if found else column
        return found or [""] * len(self.lines)

    def said(self, *names: str) -> Coded[str]:
        """Return each row's first filled cell of these columns of few words."""
        found = Coded.alike("", len(self.lines))
        for place in self._places(names):
            found = found.where(found.which(bool), self.words(place))
        return found

    def _places(self, names: Sequence[str]) -> list[int]:
        return [self.names.index(name) for name in names if name in self.names]

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
            if any(self.column(found[0]) != self.column(other) for other in found[1:])
        ]


def read(text: str) -> Grid:
    """Return a table in CSV or in a web page."""
    lines, listed = _rows(text)
    is_filled = [any(map(str.strip, cells)) for cells in listed]
    if not all(is_filled):
        lines, listed = list(compress(lines, is_filled)), list(compress(listed, is_filled))
    if not listed:
        return Grid((), (), ())
    top = _header(listed)
    header = [name.strip() for name in listed[top]]
    above = [" ".join(filter(None, (cell.strip() for cell in cells))) for cells in listed[:top]]
    n_above = top + 1
    if top and _is_heading(listed[top - 1]):
        header = _under(_filled_right(listed[top - 1], len(header)), header)
    elif len(listed) > n_above and _is_second(header, listed[n_above]):
        header = _over(header, listed[n_above])
        n_above += 1
    width = len(header)
    rows = [cells if len(cells) == width else (cells + [""] * width)[:width] for cells in listed[n_above:]]
    raw = [list(map(itemgetter(place), rows)) for place in range(width)]
    return Grid(tuple(header), lines[n_above:], raw, tuple(above))


def _rows(text: str) -> tuple[Sequence[int], list[list[str]]]:
    """Return the 1-based lines and the cells of a table's rows."""
    if markup.looks_like(text):
        listed = markup.rows(text)
        return [line for line, _ in listed], [cells for _, cells in listed]
    return dialects.all_records(text, dialects.sniff(text))


def _header(rows: Sequence[Sequence[str]]) -> int:
    """Return which row names the columns: the first, unless one further down does and it does not."""
    for place, cells in enumerate(rows[:_OPENING]):
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
