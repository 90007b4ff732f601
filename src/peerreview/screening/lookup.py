"""Records found again: the names that another tool uses for them to record ids, or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat

import numpy as np
import pandas as pd

from peerreview.screening.coded import Coded
from peerreview.screening.screeners import Reference
from peerreview.tables.memory import uncollected
from peerreview.values import folding, identifiers, years
from peerreview.values.folding import same, same_all

BY_ID = "record id"
"""How a record is found that is named as in this review."""
Names = dict[str, set[str]]
"""Records by a name that they go by."""


@dataclass(eq=False)
class Index:
    """
    The records of a review by each name that they go by; ``kept`` leads from a duplicate to its record.

    A kind of name is read where one of that kind is asked for: most sheets carry record ids.
    """

    kept: Mapping[str, str]
    records: pd.DataFrame
    by_tool: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    @cached_property
    def ids(self) -> list[str]:
        """All records."""
        return self._column("record_id")

    @cached_property
    def by_id(self) -> Names:
        """By record id, case aside; those removed as duplicates among them."""
        found: Names = {}
        for name, record_id in zip(same_all(self._names), self._names, strict=True):
            found.setdefault(name, set()).add(record_id)
        return found

    def by_own_id(self, ids: Sequence[str]) -> tuple[Coded[str], np.ndarray]:
        """Return the records of ids, case aside, and whether each is one record's; all others are open."""
        places = np.fromiter(map(self._places.get, same_all(ids), repeat(-1)), "int32", len(ids))
        return Coded(self._names, places), places >= 0

    @cached_property
    def _names(self) -> list[str]:
        return list(dict.fromkeys((*self.ids, *self.kept))) if self.kept else self.ids

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where among the names each stands that is one record's, case aside."""
        folded = same_all(self._names)
        places = {name: place for place, name in enumerate(folded) if name}
        if len(places) < len(folded):
            for name in [name for name, n in Counter(folded).items() if n > 1]:
                places.pop(name, None)
        return places

    @cached_property
    def by_key(self) -> Names:
        """By the accession number of the database."""
        return self._by(same_all(self._column("accession")))

    @cached_property
    def by_doi(self) -> Names:
        """By DOI."""
        return self._by(self.dois.values())

    @cached_property
    def by_pmid(self) -> Names:
        """By PMID."""
        return self._by(map(identifiers.pmid, self._column("pmid")))

    @cached_property
    def by_title(self) -> Names:
        """By title, letters and digits alone."""
        return self._by(self.titles.values())

    @cached_property
    def dois(self) -> dict[str, str]:
        """The DOI of each record."""
        return dict(zip(self.ids, map(identifiers.same_doi, self._column("doi")), strict=True))

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each record, letters and digits alone."""
        return dict(zip(self.ids, map(folding.plain_title, self._column("title")), strict=True))

    @cached_property
    def years(self) -> dict[str, str]:
        """The year of each record."""
        return dict(zip(self.ids, map(years.year, self._column("year")), strict=True))

    def _column(self, name: str) -> list[str]:
        cells: list[str] = self.records[name].tolist()
        return cells

    def _by(self, names: Iterable[str]) -> Names:
        found: Names = {}
        with uncollected():
            for name, record_id in zip(names, self.ids, strict=True):
                if name:
                    found.setdefault(name, set()).add(record_id)
        return found


def index(records: pd.DataFrame, kept: Mapping[str, str]) -> Index:
    """
    Return records by the names that they go by.

    Parameters
    ----------
    records : all records, or those of ``unique.csv``.
    kept : the record kept of each one removed as a duplicate.
    """
    return Index(kept, records[["record_id", "accession", "doi", "pmid", "title", "year"]])


@dataclass(frozen=True)
class Found:
    """
    The records that a reference could be; one where it is known.

    ``how`` says by what it was found; ``members`` are the records of that
    name, duplicates among them.
    """

    ids: tuple[str, ...]
    how: str = ""
    members: tuple[str, ...] = ()


def match(reference: Reference, records: Index) -> tuple[str, ...]:
    """Return the record that a reference names; none, or several where it could be each of them."""
    return find(reference, records).ids


def find(reference: Reference, records: Index) -> Found:
    """
    Return the record that a reference names, and how; none, or several where it could be each of them.

    The first of record id, the tool's key, DOI, PMID and title with year
    that names a record decides; of the last three, one that names another
    record makes both possible. Duplicates of one record are that record.
    """
    by_id = records.by_id.get(same(reference.record_id), set()) if reference.record_id else set()
    if len(by_id) == 1:
        # A vote stays with the very record it was cast on: duplicates may come apart again.
        return Found(tuple(by_id), BY_ID, tuple(by_id))
    if not by_id and reference == Reference(record_id=reference.record_id):
        # People paste a title or a DOI where an id should stand; a number may be any tool's.
        pasted = reference.record_id
        reference = Reference(key=pasted, doi=pasted, title=pasted)
    title, doi = folding.plain_title(reference.title), identifiers.same_doi(reference.doi)
    named = by_id or _by_key(reference.key, title, records)
    if named:
        return _found(named, BY_ID if by_id else "key", records)
    by_doi = records.by_doi.get(doi, set())
    by_pmid = records.by_pmid.get(identifiers.pmid(reference.pmid), set())
    by_title = _by_title(title, reference.year, records)
    if not by_doi and not by_pmid:
        # A title that another DOI goes with is another work's: many an editorial is called so.
        by_title = {each for each in by_title if not (doi and records.dois[each])}
    ways = (("DOI", by_doi), ("PMID", by_pmid), (_title_way(by_title, reference.year, records), by_title))
    found = [(way, each, _kept(each, records)) for way, each in ways if each]
    if not found:
        return _by_remembered(reference, records)
    apart = [kept for _, _, kept in found[1:] if not kept & found[0][2]]
    return Found(tuple(sorted(set().union(found[0][2], *apart))), found[0][0], tuple(sorted(found[0][1])))


def remember(records: Index, keys: pd.DataFrame) -> None:
    """
    Add the keys of other tools that were found to be of a record before, as ``keys.csv`` holds them.

    Parameters
    ----------
    keys : ``tool, key, record_id``, as ``keys.csv``.
    """
    there = set(records.ids) if len(keys) else set()
    for tool, key, record_id in zip(keys["tool"], keys["key"], keys["record_id"], strict=True):
        if record_id in there:
            records.by_tool.setdefault((tool, own_key(tool, key)), set()).add(record_id)


def own_key(tool: str, key: str) -> str:
    """
    Return a tool's key as one spelling: exports of one tool write it differently.

    >>> own_key("covidence", "#1581"), own_key("rayyan", "201")
    ('1581', 'rayyan-201')
    """
    text = same(key)
    if tool == "covidence":
        return text.removeprefix("#")
    return f"rayyan-{text}" if tool == "rayyan" and text.isdigit() else text


def _by_remembered(reference: Reference, records: Index) -> Found:
    """Return the record of a tool's key; one that no tool is named for must be no bare number."""
    key = reference.key or reference.record_id
    if not key:
        return Found(())
    if reference.tool:
        known = records.by_tool.get((reference.tool, own_key(reference.tool, key)), set())
    elif key.strip().lstrip("#").isdigit():
        known = set()
    else:
        tools = {tool for tool, _ in records.by_tool}
        known = set().union(*(records.by_tool.get((tool, own_key(tool, key)), set()) for tool in tools))
    return _found(known, "key", records) if known else Found(())


def _found(named: set[str], how: str, records: Index) -> Found:
    return Found(tuple(sorted(_kept(named, records))), how, tuple(sorted(named)))


def _title_way(found: set[str], year: str, records: Index) -> str:
    has_year = bool(years.year(year)) and any(records.years[each] for each in found)
    return "title and year" if has_year else "title"


def _kept(found: set[str], records: Index) -> set[str]:
    return {records.kept.get(record_id, record_id) for record_id in found}


def _by_key(key: str, title: str, records: Index) -> set[str]:
    found = records.by_id.get(same(key), set()) if key else set()
    if found or not key:
        return found
    found = records.by_key.get(same(key), set())
    # A bare number may be another tool's for another record; the title must speak for it.
    return {
        record_id
        for record_id in found
        if not key.strip().isdigit() or (title and title == records.titles[record_id])
    }


def _by_title(title: str, year: str, records: Index) -> set[str]:
    year = years.year(year)
    return {
        record_id
        for record_id in records.by_title.get(title, set())
        if title and (not year or not records.years[record_id] or records.years[record_id] == year)
    }


NAMELESS = "without a name"


def names(reference: Reference) -> str:
    """Return how an export names a record, for people."""
    parts = (reference.record_id, reference.key, reference.doi, reference.pmid, reference.title)
    return next((part for part in parts if part), NAMELESS)
