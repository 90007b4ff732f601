"""What each source gave the review: records, works that no other has, works screened in and included."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

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
    of; 0 where no report names its study.
    """

    source: str
    kinds: tuple[str, ...]
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
        return any(kind in DATABASE_KINDS for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Yields:
    """
    What all sources gave.

    ``fewest`` are the smallest sets of databases that have each included work that a database has, all of
    that size; none where nothing is included, or there are more than ``MOST_COMBINED``. ``n_in_databases``
    is how many works those are, ``included`` the record ids of all that are. ``n_open`` works are not judged
    to the end, so that more may be.
    """

    sources: tuple[Yield, ...]
    n_included: int
    n_studies: int
    n_in_databases: int
    n_open: int
    fewest: tuple[tuple[str, ...], ...]
    included: frozenset[str] = frozenset()

    @property
    def without_loss(self) -> tuple[str, ...]:
        """Databases that have no included work alone: without any one of these none would be missing."""
        return tuple(each.source for each in self.sources if each.is_database and not each.included_alone)


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
    records : ``source, source_kind``, a row per record that an export holds.
    unique : ``record_id, sources``: a row per work, and where it was found.
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
    having = {
        record_id: frozenset(listed.split(tables.LIST))
        for record_id, listed in zip(unique["record_id"], unique["sources"], strict=True)
    }
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
    kinds: dict[str, set[str]] = {}
    for source, kind in zip(records["source"], records["source_kind"], strict=True):
        kinds.setdefault(source, set()).add(kind)
    n_records = records["source"].value_counts()
    of_included = _of(having, included)
    works, alone = _tally(having.values())
    n_screened, _ = _tally(_of(having, screened))
    n_screened_in, _ = _tally(_of(having, screened_in))
    n_included, included_alone = _tally(of_included)
    n_studies, studies_alone = _tally(studies.values())
    found = tuple(
        Yield(
            source=source,
            kinds=tuple(sorted(kinds[source])),
            records=int(n_records[source]),
            works=works[source],
            alone=alone[source],
            screened=n_screened[source],
            screened_in=n_screened_in[source],
            included=n_included[source],
            included_alone=included_alone[source],
            studies=n_studies[source],
            studies_alone=studies_alone[source],
        )
        for source in sorted(kinds)
    )
    databases = frozenset(each.source for each in found if each.is_database)
    to_have = [own for sources in of_included if (own := sources & databases)]
    return Yields(
        sources=found,
        n_included=len(of_included),
        n_studies=len(studies),
        n_in_databases=len(to_have),
        n_open=sum(_is_open(outcomes.get(each, {})) for each in having),
        fewest=_fewest(to_have, databases),
        included=frozenset(included),
    )


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
