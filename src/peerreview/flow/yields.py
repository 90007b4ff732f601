"""What each source gave the review: records, works that no other has, works screened in and included."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType

import pandas as pd

from peerreview import tables
from peerreview.flow.amended import kept_of
from peerreview.tables import DATABASE_KINDS, OPEN

MOST_COMBINED = 16
"""Databases up to which each combination is tried: 65,536 of them."""
_LATER = ("retrieval", "full_text")


@dataclass(frozen=True, slots=True)
class Yield:
    """
    What one source gave.

    ``records`` as it gave them, duplicates too; ``works`` is what is left of them
    after deduplication, ``alone`` those that no other source has. Of the works,
    ``screened`` have an outcome, ``screened_in`` went on to their full texts,
    ``included`` are in the review, ``included_alone`` of these no other source has.
    ``studies`` and ``studies_alone`` count the studies that the included works tell
    of; 0 where no report names its study. ``name`` is what it is called among the others: a source that was
    searched in several ways, as Scopus as a database and for citations, is one for each.
    """

    source: str
    name: str
    kind: str
    records: int
    works: int
    alone: int
    screened: int
    screened_in: int
    included: int
    included_alone: int
    studies: int
    studies_alone: int

    @property
    def number_needed_to_read(self) -> float | None:
        """
        How many works of the source are read for one included; ``None`` where none is.

        References
        ----------
        The inverse of precision: Bachmann et al. 2002, doi:10.1197/jamia.M1124.
        """
        return self.screened / self.included if self.included else None

    @property
    def is_database(self) -> bool:
        """Whether it is searched as databases and registers are: what could be left out next time."""
        return self.kind in DATABASE_KINDS


@dataclass(frozen=True, slots=True)
class Yields:
    """
    What all sources gave.

    ``fewest`` are the smallest sets of databases that have each included work that a database has, all of
    that size; none where nothing is included, or there are more than ``MOST_COMBINED``. ``n_in_databases``
    is how many works those are, ``included`` the record ids of all that are. ``n_open`` works are not judged
    to the end, so that more may be. ``having`` are the names of the sources that have each work, by its
    record id.
    """

    sources: tuple[Yield, ...]
    n_included: int
    n_studies: int
    n_in_databases: int
    n_open: int
    fewest: tuple[tuple[str, ...], ...]
    included: frozenset[str] = frozenset()
    having: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, source: str, kind: str) -> Yield | None:
        """Return what a source gave where it was searched in one way; None where it gave nothing."""
        return next((each for each in self.sources if (each.source, each.kind) == (source, kind)), None)

    @property
    def without_loss(self) -> tuple[str, ...]:
        """Databases that have no included work alone: without any one of these none would be missing."""
        return tuple(each.name for each in self.sources if each.is_database and not each.included_alone)


def count_yields(
    records: pd.DataFrame,
    unique: pd.DataFrame,
    screening: pd.DataFrame,
    reports: pd.DataFrame,
    duplicates: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
) -> Yields:
    """
    Return what each source gave, in the order of their names.

    Parameters
    ----------
    records : ``record_id, source, source_kind``, a row per record that an export holds.
    unique : ``record_id, sources, duplicates``: a row per work, and where it was found.
    screening : ``record_id, stage, outcome``, of the works.
    reports : ``record_id, study_id``; may be empty.
    duplicates : ``record_id, duplicate_of, verdict``; a report of a record that was removed is one of the
        record kept, as in the flow.
    changes : ``study_id, change``; studies that were retired are not in the review, nor are reports of these
        alone.

    References
    ----------
    Which combination of databases would have found what is included: Bramer et al. 2017,
    doi:10.1186/s13643-017-0644-y.
    """
    names = _names(records)
    having = _having(records, unique, names)
    outcomes = _outcomes(screening)
    screened_in = {
        record_id
        for record_id, at in outcomes.items()
        if at.get("title_abstract") == "include" or any(stage in at for stage in _LATER)
    }
    screened = {
        record_id
        for record_id, at in outcomes.items()
        if record_id in screened_in or at.get("title_abstract", "pending") not in OPEN
    }
    included = {record_id for record_id, at in outcomes.items() if at.get("full_text") == "include"}
    retired = set() if changes is None else set(changes.loc[changes["change"] == "retired", "study_id"])
    studies: dict[str, set[str]] = {}
    gone: set[str] = set()
    stays: set[str] = set()
    kept = {} if duplicates is None else kept_of(duplicates)
    for reported, study_id in zip(reports["record_id"], reports["study_id"], strict=True):
        record_id = kept.get(reported, reported)
        if record_id in included and record_id in having and study_id:
            (gone if study_id in retired else stays).add(record_id)
            if study_id not in retired:
                studies.setdefault(study_id, set()).update(having[record_id])
    included = (included - (gone - stays)) & having.keys()
    n_records: Counter[str] = Counter()
    for pair, n in Counter(zip(records["source"], records["source_kind"], strict=True)).items():
        n_records[names[pair]] += n
    of_included = _of(having, included)
    works, alone = _tally(having.values())
    n_screened, _ = _tally(_of(having, screened))
    n_screened_in, _ = _tally(_of(having, screened_in))
    n_included, included_alone = _tally(of_included)
    n_studies, studies_alone = _tally(studies.values())
    found = tuple(
        Yield(
            source=source,
            name=name,
            kind=kind,
            records=n_records[name],
            works=works[name],
            alone=alone[name],
            screened=n_screened[name],
            screened_in=n_screened_in[name],
            included=n_included[name],
            included_alone=included_alone[name],
            studies=n_studies[name],
            studies_alone=studies_alone[name],
        )
        for (source, kind), name in sorted(names.items())
    )
    databases = frozenset(each.name for each in found if each.is_database)
    to_have = [own for sources in of_included if (own := sources & databases)]
    return Yields(
        sources=found,
        n_included=len(of_included),
        n_studies=len(studies),
        n_in_databases=len(to_have),
        n_open=sum(_is_open(outcomes.get(each, {})) for each in having),
        fewest=_fewest(to_have, databases),
        included=frozenset(included),
        having=having,
    )


def _names(records: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return what each source of a kind is called: by its name, and by its kind where it is of several."""
    pairs = set(zip(records["source"], records["source_kind"], strict=True))
    n_kinds = Counter(source for source, _ in pairs)
    return {
        (source, kind): f"{source} ({kind.replace('_', ' ')})" if n_kinds[source] > 1 else source
        for source, kind in pairs
    }


def _having(
    records: pd.DataFrame, unique: pd.DataFrame, names: Mapping[tuple[str, str], str]
) -> dict[str, frozenset[str]]:
    """Return the sources that have each work, by their names."""
    listed = dict(zip(unique["record_id"], unique["sources"].str.split(tables.LIST), strict=True))
    several = {source for (source, _), name in names.items() if name != source}
    if not several:
        return {record_id: frozenset(sources) for record_id, sources in listed.items()}
    stands_for = {
        each: record_id
        for record_id, removed in zip(unique["record_id"], unique["duplicates"], strict=True)
        for each in (record_id, *removed.split(tables.LIST))
    }
    having = {record_id: set(sources) - several for record_id, sources in listed.items()}
    columns = (records[column] for column in ("record_id", "source", "source_kind"))
    for each, source, kind in zip(*columns, strict=True):
        if source in several and each in stands_for:
            having[stands_for[each]].add(names[source, kind])
    return {record_id: frozenset(sources) for record_id, sources in having.items()}


def _outcomes(screening: pd.DataFrame) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for record_id, stage, outcome in zip(
        *(screening[column] for column in ("record_id", "stage", "outcome")), strict=True
    ):
        found.setdefault(record_id, {})[stage] = outcome
    return found


def _is_open(at: Mapping[str, str]) -> bool:
    """Return whether a work still waits for a judgement, by its outcomes."""
    if "full_text" in at:
        return at["full_text"] in OPEN
    ended = ("exclude", "not_retrieved")
    return not any(outcome in ended for outcome in at.values())


def _of(having: Mapping[str, frozenset[str]], ids: Iterable[str]) -> list[frozenset[str]]:
    return [having[each] for each in ids if each in having]


def _tally(each_has: Iterable[Collection[str]]) -> tuple[Counter[str], Counter[str]]:
    """Return how many have each source, and how many have it alone."""
    having: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for sources in each_has:
        having.update(sources)
        if len(sources) == 1:
            alone.update(sources)
    return having, alone


def _fewest(to_have: Iterable[frozenset[str]], databases: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """
    Return the smallest sets of databases that have at least one of each work's, in alphabetical order.

    >>> _fewest([frozenset("AB"), frozenset("BC"), frozenset("C")], frozenset("ABC"))
    (('A', 'C'), ('B', 'C'))
    """
    distinct = set(to_have)
    # Where one work is in A alone, A is taken, and with it each other work that A has.
    needed = [own for own in distinct if not any(other < own for other in distinct)]
    if not needed or len(databases) > MOST_COMBINED:
        return ()
    for size in range(1, len(databases) + 1):
        found = tuple(
            chosen
            for chosen in combinations(sorted(databases), size)
            if all(own.intersection(chosen) for own in needed)
        )
        if found:
            return found
    return ()
