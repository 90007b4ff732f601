"""Records found again: the names that another tool uses for them to record ids, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from peerreview.screening.screeners import Reference
from peerreview.tables.memory import uncollected
from peerreview.values import folding, identifiers, years
from peerreview.values.folding import same


@dataclass
class Index:
    """The records of a review by each name that they go by; ``kept`` leads from a duplicate to its record."""

    kept: Mapping[str, str]
    by_id: dict[str, set[str]] = field(default_factory=dict)
    by_key: dict[str, set[str]] = field(default_factory=dict)
    by_doi: dict[str, set[str]] = field(default_factory=dict)
    by_pmid: dict[str, set[str]] = field(default_factory=dict)
    by_title: dict[str, set[str]] = field(default_factory=dict)
    dois: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    years: dict[str, str] = field(default_factory=dict)
    by_tool: dict[tuple[str, str], set[str]] = field(default_factory=dict)


@uncollected()
def index(records: pd.DataFrame, kept: Mapping[str, str]) -> Index:
    """
    Return records by the names that they go by.

    Parameters
    ----------
    records : all records, or those of ``unique.csv``.
    kept : the record kept of each one removed as a duplicate.
    """
    found = Index(kept)
    columns = ("record_id", "accession", "doi", "pmid", "title", "year")
    for record_id, accession, doi, pmid, title, year in zip(
        *(records[column].tolist() for column in columns), strict=True
    ):
        found.by_id.setdefault(same(record_id), set()).add(record_id)
        found.dois[record_id] = identifiers.same_doi(doi)
        found.titles[record_id] = folding.plain_title(title)
        found.years[record_id] = years.year(year)
        for names, name in (
            (found.by_key, same(accession)),
            (found.by_doi, found.dois[record_id]),
            (found.by_pmid, identifiers.pmid(pmid)),
            (found.by_title, found.titles[record_id]),
        ):
            if name:
                names.setdefault(name, set()).add(record_id)
    for removed in kept:
        found.by_id.setdefault(same(removed), set()).add(removed)
    return found


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
        return Found(tuple(by_id), "record id", tuple(by_id))
    if not by_id and reference == Reference(record_id=reference.record_id):
        # People paste a title or a DOI where an id should stand; a number may be any tool's.
        pasted = reference.record_id
        reference = Reference(key=pasted, doi=pasted, title=pasted)
    title, doi = folding.plain_title(reference.title), identifiers.same_doi(reference.doi)
    named = by_id or _by_key(reference.key, title, records)
    if named:
        return _found(named, "record id" if by_id else "key", records)
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
    for tool, key, record_id in zip(keys["tool"], keys["key"], keys["record_id"], strict=True):
        if record_id in records.titles:
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


def names(reference: Reference) -> str:
    """Return how an export names a record, for people."""
    parts = (reference.record_id, reference.key, reference.doi, reference.pmid, reference.title)
    return next((part for part in parts if part), "without a name")
