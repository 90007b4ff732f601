"""Exports of screening tools: one file per tool, all of one shape, recognised by content."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from peerreview.imports import formats
from peerreview.screening.screeners import markup
from peerreview.tables import dialects

UNATTRIBUTED = "reason of the record, not of one reviewer"
"""Note on a vote whose export keeps reasons per record."""
WIDE = "--reviewer names the columns of votes, --map says what their values mean"
"""How to read a wide table that says little of itself."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How an export names a record; blank where it does not say. ``key`` is the tool's own."""

    record_id: str = ""
    key: str = ""
    doi: str = ""
    pmid: str = ""
    title: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class RawVote:
    """
    One vote as its export gave it; ``line`` is 1-based.

    A blank ``decision`` is a record not rated, a blank ``reviewer`` or
    ``stage`` one that the export does not name.
    """

    line: int
    reference: Reference
    decision: str = ""
    reviewer: str = ""
    stage: str = ""
    reason: str = ""
    role: str = "reviewer"
    decided_at: str = ""
    note: str = ""


@dataclass(frozen=True)
class Export:
    """A file of a screening tool: its name, which some tools speak through, and its text."""

    name: str
    text: str
    reviewers: tuple[str, ...] = ()

    @cached_property
    def table(self) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
        """Column names as they stand, and (line, cells) by lower-case column name."""
        if markup.looks_like(self.text):
            (_, header), *listed = markup.rows(self.text) or [(1, [])]
            names = [name.casefold() for name in header]
            return header, [(line, dict(zip(names, cells, strict=False))) for line, cells in listed]
        layout = dialects.sniff(self.text)
        first, named = dialects.header(self.text, layout)
        header = [name.strip() for name in named]
        lowered = [name.casefold() for name in header]
        rows = [
            (line, dict(zip(lowered, cells, strict=False)))
            for line, cells in dialects.records(self.text, layout.delimiter, layout.start, layout.above)
            if line > first and any(cell.strip() for cell in cells)
        ]
        return header, rows

    @cached_property
    def columns(self) -> frozenset[str]:
        """Column names in lower case; none where the text is RIS or BibTeX."""
        return frozenset() if self.format else frozenset(name.casefold() for name in self.table[0])

    @cached_property
    def format(self) -> str:
        """``ris`` or ``bibtex`` where the text is a list of references."""
        if markup.looks_like(self.text):
            return ""
        return next((name for name, found in _lists().items() if found.looks_like(self.text)), "")

    def references(self) -> Iterator[tuple[int, list[tuple[str, str]], Reference]]:
        """Return line, tags and name of each reference of RIS or BibTeX text."""
        found = _lists()[self.format]
        for part in found.parse(self.text):
            if not isinstance(part, formats.RawRecord):
                continue
            fields = found.to_fields(part)
            # Our own exports write the record id as RIS's ID and as BibTeX's key.
            own = next((value.strip() for tag, value in part.tags if tag == "ID"), "")
            yield (
                part.line,
                part.tags,
                Reference(
                    record_id=own,
                    key=fields.get("accession", "") or own,
                    doi=fields.get("doi", ""),
                    pmid=fields.get("pmid", ""),
                    title=fields.get("title", ""),
                    year=fields.get("year", ""),
                ),
            )


def _lists() -> dict[str, formats.Format]:
    """Return the formats in which screening tools list references."""
    from peerreview.imports.formats import bibtex, ris  # noqa: PLC0415  most exports are tables

    return {ris.NAME: ris, bibtex.NAME: bibtex}


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
    def cast(self, export: Export) -> Iterator[RawVote]: ...  # noqa: D102


def cell(row: dict[str, str], *names: str) -> str:
    """Return the first filled cell of these columns, without blanks around it."""
    return next((found for name in names if (found := row.get(name, "").strip())), "")


def referred(row: dict[str, str], *, key: str = "") -> Reference:
    """Return how a row of a table names its record, by the column names that tools use."""
    return Reference(
        record_id=cell(row, "record_id"),
        key=key,
        doi=cell(row, "doi"),
        pmid=cell(row, "pmid", "pubmed_id", "pubmed id"),
        title=cell(row, "title", "primary_title", "doc_title"),
        year=cell(row, "year", "published year", "publication_year", "py"),
    )
