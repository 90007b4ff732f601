"""Exports of screening tools: one file per tool, all of one shape, recognised by content."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, Protocol

import numpy as np

from peerreview.imports import formats
from peerreview.imports.formats.shared.latex import plain
from peerreview.imports.formats.shared.marks import OPENING, marked
from peerreview.screening.coded import Coded
from peerreview.screening.screeners import grids, markup
from peerreview.screening.screeners.grids import Grid

WIDE = "--votes COLUMN=REVIEWER names a column of votes, --map says what its values mean"
"""How to read a wide table that says little of itself."""
_RAYYAN = re.compile(r"rayyan-\d+")


class Reference(NamedTuple):
    """How an export names a record; blank where it does not say. ``key`` is that of ``tool``."""

    record_id: str = ""
    key: str = ""
    doi: str = ""
    pmid: str = ""
    title: str = ""
    year: str = ""
    tool: str = ""


class RawVote(NamedTuple):
    """
    One vote as its export gave it; ``line`` is 1-based.

    A blank ``decision`` is a record not rated, a blank ``reviewer``,
    ``stage`` or ``role`` one that the export does not name. ``if_excluded``
    are reasons that hold where the decision turns out to be an exclusion.
    """

    line: int
    reference: Reference
    decision: str = ""
    reviewer: str = ""
    stage: str = ""
    reason: str = ""
    role: str = ""
    decided_at: str = ""
    note: str = ""
    reason_of: str = ""
    if_excluded: str = ""


@dataclass(frozen=True, eq=False)
class References(Sequence[Reference]):
    """How the rows of an export name their records: a column for each field of ``Reference``."""

    columns: tuple[Sequence[str], ...]

    @classmethod
    def of(cls, references: Iterable[Reference]) -> "References":
        """Return references as columns."""
        return cls(tuple(zip(*references, strict=True)) or ((),) * len(Reference._fields))

    def __len__(self) -> int:
        return len(self.columns[0])

    def __getitem__(self, row: int) -> Reference:  # type: ignore[override]
        return Reference(*(cells[row] for cells in self.columns))

    def __iter__(self) -> Iterator[Reference]:
        return map(Reference, *self.columns)

    def column(self, name: str, rows: np.ndarray) -> Sequence[str]:
        """Return the cells of some rows, in their order."""
        cells = self.columns[Reference._fields.index(name)]
        return cells if len(rows) == len(self) else [cells[row] for row in rows.tolist()]


@dataclass(frozen=True, eq=False)
class RawVotes:
    """
    Votes as their export gave them, a column for each field of ``RawVote``, all of one length.

    ``place`` is where in ``references`` each vote's record is named.
    """

    line: np.ndarray
    references: References
    place: np.ndarray
    decision: Coded[str]
    reviewer: Coded[str]
    stage: Coded[str]
    reason: Coded[str]
    role: Coded[str]
    decided_at: Coded[str]
    note: Coded[str]
    reason_of: Coded[str]
    if_excluded: Coded[str]

    @classmethod
    def of(cls, votes: Iterable[RawVote]) -> "RawVotes":
        """Return votes as columns; what is that already as it is."""
        if isinstance(votes, RawVotes):
            return votes
        line, references, *said = list(zip(*votes, strict=True)) or [()] * len(RawVote._fields)
        columns = dict(zip(RawVote._fields[2:], map(Coded.of, said), strict=True))
        return cls.on(References.of(references), line, columns)

    @classmethod
    def on(
        cls, references: References, lines: Sequence[int], said: Mapping[str, Coded[str]], times: int = 1
    ) -> "RawVotes":
        """Return so many votes on each reference in turn; what is not ``said`` is blank."""
        rows = np.arange(len(lines))
        whole = np.arange(lines.start, lines.stop) if isinstance(lines, range) else np.array(lines, "int64")
        blank = Coded.alike("", len(lines) * times)
        columns = [said.get(name, blank) for name in RawVote._fields[2:]]
        return cls(whole.repeat(times), references, rows.repeat(times), *columns)

    def __len__(self) -> int:
        return len(self.line)

    def __iter__(self) -> Iterator[RawVote]:
        named = map(self.references.__getitem__, self.place.tolist())
        return map(RawVote, self.line.tolist(), named, *self._said)

    def where(self, is_kept: np.ndarray) -> "RawVotes":
        """Return the votes that are kept."""
        if is_kept.all():
            return self
        said = (column.take(is_kept) for column in self._said)
        return RawVotes(self.line[is_kept], self.references, self.place[is_kept], *said)

    @property
    def _said(self) -> list[Coded[str]]:
        return [getattr(self, name) for name in RawVote._fields[2:]]


@dataclass(frozen=True)
class Asked:
    """
    What people say of a sheet, so that it is not guessed.

    ``votes`` are (column, reviewer); ``reviewers`` the names of ``--reviewer``,
    columns or people; ``reasons`` columns of reasons; ``meanings`` folded
    words to decisions; ``stage`` the one of votes that name none;
    ``known_reasons`` the protocol's, folded, and its words for them;
    ``known_reviewers`` all names of the protocol's, folded.
    """

    votes: tuple[tuple[str, str], ...] = ()
    reviewers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stage: str = ""
    known_reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    known_reviewers: frozenset[str] = frozenset()


NOTHING_ASKED = Asked()


@dataclass(frozen=True)
class Export:
    """
    A file of a screening tool: its name, which some tools speak through, and its text.

    ``sheet`` is the name of one of several sheets of votes in a workbook.
    """

    name: str
    text: str
    asked: Asked = NOTHING_ASKED
    sheet: str = ""

    @cached_property
    def grid(self) -> Grid:
        """The cells of the table."""
        return grids.read(self.text)

    @cached_property
    def named(self) -> References:
        """How each row of the table names its record."""
        return all_referred(self.grid)

    @cached_property
    def table(self) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
        """Column names as they stand, and (line, cells) by lower-case column name."""
        names = self.grid.names
        rows = zip(self.grid.lines, self.grid.rows, strict=True)
        return list(self.grid.header), [(line, dict(zip(names, cells, strict=True))) for line, cells in rows]

    @cached_property
    def columns(self) -> frozenset[str]:
        """Column names in lower case; none where the text is a list of references."""
        return frozenset() if self.format else frozenset(self.grid.names)

    @cached_property
    def format(self) -> str:
        """``ris``, ``bibtex`` or ``refer`` where the text is a list of references."""
        if markup.looks_like(self.text):
            return ""
        return next((name for name, found in _lists().items() if found.looks_like(self.text)), "")

    def references(self) -> Iterator[tuple[int, list[tuple[str, str]], Reference]]:
        """Return line, tags and name of each reference of RIS, BibTeX or Refer text."""
        found = _lists()[self.format]
        for part in found.parse(self.text):
            if not isinstance(part, formats.RawRecord):
                continue
            fields = found.to_fields(part)
            # Our own exports write the record id as RIS's ID and as BibTeX's key, in whose place tools put
            # theirs, and into a note, which they keep.
            own = marked(plain(value) for _, value in part.tags if OPENING in value) or next(
                (value.strip() for tag, value in part.tags if tag == "ID"), ""
            )
            # Rayyan's log knows its own keys alone; an accession number is another database's.
            rayyan = next((key for _, value in part.tags if _RAYYAN.fullmatch(key := value.strip())), "")
            yield (
                part.line,
                part.tags,
                Reference(
                    record_id=own,
                    key=rayyan or fields.get("accession", "") or own,
                    doi=fields.get("doi", ""),
                    pmid=fields.get("pmid", ""),
                    title=fields.get("title", ""),
                    year=fields.get("year", ""),
                    tool="rayyan" if rayyan else "",
                ),
            )


def _lists() -> dict[str, formats.Format]:
    """Return the formats in which screening tools list references."""
    from peerreview.imports.formats import bibtex, refer, ris  # noqa: PLC0415  most exports are tables

    return {ris.NAME: ris, bibtex.NAME: bibtex, refer.NAME: refer}


class Screener(Protocol):
    """
    The shape of every module here.

    ``VERIFIED`` says whether it was checked against a tool's own file;
    ``ZERO`` how that tool means ``0`` (blank: the file decides);
    ``INDEPENDENT`` whether its votes are surely the first ones.
    ``cast`` returns each vote, and each record not rated.
    """

    NAME: str
    VERIFIED: bool
    ZERO: str
    INDEPENDENT: bool

    def looks_like(self, export: Export) -> bool: ...  # noqa: D102
    def cast(self, export: Export) -> Iterable[RawVote]: ...  # noqa: D102


def cell(row: dict[str, str], *names: str) -> str:
    """Return the first filled cell of these columns, without blanks around it."""
    return next((found for name in names if (found := row.get(name, "").strip())), "")


TOOLS = MappingProxyType({
    "covidence #": "covidence", "covidence_id": "covidence", "covidence id": "covidence",
    "rayyan_id": "rayyan", "rayyan id": "rayyan", "rayyan_key": "rayyan", "rayyan key": "rayyan",
    "(internal) id": "abstrackr", "abstrackr_id": "abstrackr", "itemid": "eppi",
})  # fmt: skip
"""Columns whose numbers are one tool's own."""
KEYS = (
    "key",
    "id",
    "study_id",
    "studyid",
    "ref",
    "refid",
    "doc_uuid",
    "record id",
    "article_id",
    "number",
    "record",
)
_DOIS = ("doi", "doi link", "doi.link")
_PMIDS = ("pmid", "pubmed_id", "pubmed id", "pubmed.id")
# R writes a point where a name held a blank.
_TITLES = (
    "title", "primary_title", "doc_title", "article title", "document title", "paper title", "citation_title",
    "article.title", "document.title", "paper.title", "titel", "título", "titulo", "titre", "titolo",
)  # fmt: skip
_YEARS = (
    "year", "published year", "published_year", "publication_year", "publication year", "py",
    "citation_pub_year", "publication.year", "published.year", "jahr", "año", "ano", "année", "anno", "jaar",
)  # fmt: skip


def referred(row: dict[str, str], *, key: str = "", tool: str = "") -> Reference:
    """Return how a row of a table names its record, by the column names that tools use."""
    return Reference(
        record_id=cell(row, "record_id") or marked(row.values()),
        key=key,
        doi=cell(row, *_DOIS),
        pmid=cell(row, *_PMIDS),
        title=cell(row, *_TITLES),
        year=cell(row, *_YEARS),
        tool=tool,
    )


def all_referred(grid: Grid, keys: tuple[str, ...] = KEYS) -> References:
    """Return how each row of a table names its record; a column that is one tool's own goes first."""
    column = next((name for name in grid.names if name in TOOLS), "")
    own = grid.cells(column) if column else grid.cells(*keys)
    others = (grid.cells(*names) for names in (_DOIS, _PMIDS, _TITLES, _YEARS))
    return References((_ids(grid), own, *others, [TOOLS.get(column, "")] * len(own)))


def _ids(grid: Grid) -> Sequence[str]:
    """Return the id of each row's record, where the table has it: in a column, or as our mark in a note."""
    ids = grid.cells("record_id")
    # One look at a whole column is faster than one at each cell.
    noted = [column for column in grid.raw if OPENING in "\n".join(column)]
    if not noted:
        return ids
    return [one or marked(notes) for one, notes in zip(ids, zip(*noted, strict=True), strict=True)]
