"""What people said of other things than records: appraisers, coders, extractors, before they agreed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from peerreview.agreement.coefficients import Kappa, cohen_kappa, percent_agreement
from peerreview.agreement.tallies import Ratings, Tally, statistics_of_all, statistics_of_pair, tally
from peerreview.screening.people import shown_as
from peerreview.tables import RESOLUTIONS

if TYPE_CHECKING:
    from peerreview.agreement.estimates import OverallStatistics, PairStatistics

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True)
class Pair:
    """Two people's judgements of ``n`` things that both judged, as a square table."""

    first: str
    second: str
    counts: list[list[int]]
    categories: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many things both judged."""
        return sum(map(sum, self.counts))

    @property
    def percent(self) -> float | None:
        """The share of them on which they agree, in [0, 1]."""
        return percent_agreement(self.counts)

    @cached_property
    def kappa(self) -> Kappa:
        """Cohen's kappa."""
        return cohen_kappa(self.counts)

    @cached_property
    def statistics(self) -> PairStatistics:
        """Every statistic."""
        return statistics_of_pair(self.counts, self.categories)


@dataclass(frozen=True)
class Compared:
    """People who judged the same things: each pair, and ``overall`` the statistics of all of them."""

    people: tuple[str, ...]
    pairs: tuple[Pair, ...]
    overall: OverallStatistics


def agree(said: Mapping[str, Mapping[Thing, str]], categories: Sequence[str]) -> Compared:
    """Return how far people agree, in pairs and all of them; ``said`` as in ``agree_pairwise``."""
    people, counted = _tallied(said, categories)
    return Compared(people, _pairs(people, counted, categories), statistics_of_all(counted, categories))


def agree_pairwise(said: Mapping[str, Mapping[Thing, str]], categories: Sequence[str]) -> tuple[Pair, ...]:
    """
    Return the agreement of each pair of people who judged something in common.

    Parameters
    ----------
    said : person → thing → one of ``categories``. What settled a difference
        (``consensus``, ``adjudicator``) is no independent judgement and is left out.

    References
    ----------
    Cohen (1960), doi:10.1177/001316446002000104.
    """
    people, counted = _tallied(said, categories)
    return _pairs(people, counted, categories)


def _tallied(
    said: Mapping[str, Mapping[Thing, str]], categories: Sequence[str]
) -> tuple[tuple[str, ...], Tally]:
    place = {category: position for position, category in enumerate(categories)}
    people = tuple(sorted(person for person in said if person and person.casefold() not in RESOLUTIONS))
    rows: dict[Thing, int] = {}
    for person in people:
        for thing in said[person]:
            rows.setdefault(thing, len(rows))
    if not rows:
        return people, Tally({}, {})
    shown = shown_as(people, ())
    matrix = np.full((len(rows), len(people)), -1, dtype=np.int64)
    for column, person in enumerate(people):
        for thing, category in said[person].items():
            matrix[rows[thing], column] = place[category]
    named = tuple(shown[person] for person in people)
    return named, tally(Ratings(matrix, named, tuple(categories)))


def _pairs(people: Sequence[str], counted: Tally, categories: Sequence[str]) -> tuple[Pair, ...]:
    return tuple(
        Pair(people[first], people[second], counts, tuple(categories))
        for (first, second), counts in counted.pairs.items()
        if any(map(any, counts))
    )
