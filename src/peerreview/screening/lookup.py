"""Records found again: the names that another tool uses for them to record ids, or nothing."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from peerreview.screening.screeners import Reference

_PMID = re.compile(r"(?:pmid[:\s]*)?0*([1-9][0-9]*)(?:\.0)?", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+|10\.\d+/\S+")


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
        found.by_id.setdefault(plain_id(record_id), set()).add(record_id)
        for names, name in (
            (found.by_key, plain_id(accession)),
            (found.by_doi, plain_doi(doi)),
            (found.by_pmid, plain_pmid(pmid)),
            (found.by_title, plain_title(title)),
        ):
            if name:
                names.setdefault(name, set()).add(record_id)
        found.dois[record_id] = plain_doi(doi)
        found.titles[record_id] = plain_title(title)
        found.years[record_id] = year.strip()[:4]
    for removed in kept:
        found.by_id.setdefault(plain_id(removed), set()).add(removed)
    return found


def match(reference: Reference, records: Index) -> tuple[str, ...]:
    """
    Return the record that a reference names; none, or several where it could be each of them.

    The first of record id, the tool's key, DOI, PMID and title with year
    that names a record decides; of the last three, one that names another
    record makes both possible. Duplicates of one record are that record.
    """
    by_id = records.by_id.get(plain_id(reference.record_id), set()) if reference.record_id else set()
    if len(by_id) == 1:
        # A vote stays with the very record it was cast on: duplicates may come apart again.
        return tuple(by_id)
    if not by_id and reference == Reference(record_id=reference.record_id):
        # People paste a title or a DOI where an id should stand; a number may be any tool's.
        reference = Reference(doi=reference.record_id, title=reference.record_id)
    title, doi = plain_title(reference.title), plain_doi(reference.doi)
    named = by_id or _by_key(reference.key, title, records)
    if named:
        return tuple(sorted(_kept(named, records)))
    by_doi, by_pmid = records.by_doi.get(doi, set()), records.by_pmid.get(plain_pmid(reference.pmid), set())
    by_title = _by_title(title, reference.year, records)
    if not by_doi and not by_pmid:
        # A title that another DOI goes with is another work's: many an editorial is called so.
        by_title = {each for each in by_title if not (doi and records.dois[each])}
    found = [_kept(each, records) for each in (by_doi, by_pmid, by_title) if each]
    apart = [other for other in found[1:] if not other & found[0]]
    return tuple(sorted(set().union(*found[:1], *apart)))


def plain_id(text: str) -> str:
    """
    Return what makes two ids the same.

    >>> plain_id(" REC-0002 ")
    'rec-0002'
    """
    return text.strip().casefold()


def plain_doi(text: str) -> str:
    """
    Return a DOI without resolver, case and closing marks.

    >>> plain_doi("https://doi.org/10.5555/ABC.")
    '10.5555/abc'
    """
    found = _DOI.search(text)
    return found[0].casefold().rstrip(".,;") if found else ""


def plain_pmid(text: str) -> str:
    """
    Return a PubMed id's digits; tables that took it for a number write ``.0`` after it.

    >>> plain_pmid("PMID: 12566807"), plain_pmid("12566807.0"), plain_pmid("12,566")
    ('12566807', '12566807', '')
    """
    found = _PMID.fullmatch(text.strip())
    return found[1] if found else ""


def plain_title(text: str) -> str:
    """
    Return a title's letters and digits, without case and accents.

    >>> plain_title("<i>Études</i> of A-B.")
    'etudesofab'
    """
    bare = unicodedata.normalize("NFKD", re.sub(r"</?\w+>", "", text).casefold())
    return "".join(character for character in bare if character.isalnum())


def _kept(found: set[str], records: Index) -> set[str]:
    return {records.kept.get(record_id, record_id) for record_id in found}


def _by_key(key: str, title: str, records: Index) -> set[str]:
    found = records.by_id.get(plain_id(key), set()) if key else set()
    if found or not key:
        return found
    found = records.by_key.get(plain_id(key), set())
    # A bare number may be another tool's for another record; the title must speak for it.
    return {
        record_id
        for record_id in found
        if not key.strip().isdigit() or (title and title == records.titles[record_id])
    }


def _by_title(title: str, year: str, records: Index) -> set[str]:
    year = year.strip()[:4]
    return {
        record_id
        for record_id in records.by_title.get(title, set())
        if title and (not year or not records.years[record_id] or records.years[record_id] == year)
    }


def names(reference: Reference) -> str:
    """Return how an export names a record, for people."""
    parts = (reference.record_id, reference.key, reference.doi, reference.pmid, reference.title)
    return next((part for part in parts if part), "without a name")
