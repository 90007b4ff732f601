"""Records found again: the names that another tool uses for them to record ids, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from peerreview.screening.screeners import Reference
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


def match(reference: Reference, records: Index) -> tuple[str, ...]:
    """
    Return the record that a reference names; none, or several where it could be each of them.

    The first of record id, the tool's key, DOI, PMID and title with year
    that names a record decides; of the last three, one that names another
    record makes both possible. Duplicates of one record are that record.
    """
    by_id = records.by_id.get(same(reference.record_id), set()) if reference.record_id else set()
    if len(by_id) == 1:
        # A vote stays with the very record it was cast on: duplicates may come apart again.
        return tuple(by_id)
    if not by_id and reference == Reference(record_id=reference.record_id):
        # People paste a title or a DOI where an id should stand; a number may be any tool's.
        reference = Reference(doi=reference.record_id, title=reference.record_id)
    title, doi = folding.plain_title(reference.title), identifiers.same_doi(reference.doi)
    named = by_id or _by_key(reference.key, title, records)
    if named:
        return tuple(sorted(_kept(named, records)))
    by_doi = records.by_doi.get(doi, set())
    by_pmid = records.by_pmid.get(identifiers.pmid(reference.pmid), set())
    by_title = _by_title(title, reference.year, records)
    if not by_doi and not by_pmid:
        # A title that another DOI goes with is another work's: many an editorial is called so.
        by_title = {each for each in by_title if not (doi and records.dois[each])}
    found = [_kept(each, records) for each in (by_doi, by_pmid, by_title) if each]
    apart = [other for other in found[1:] if not other & found[0]]
    return tuple(sorted(set().union(*found[:1], *apart)))


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
