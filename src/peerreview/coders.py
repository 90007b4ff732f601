"""What two people said independently of the same things → how far they agree."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from peerreview.appraisal import SETTLED_BY
from peerreview.coefficients import Kappa, cohen_kappa, percent_agreement

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True)
class Pair:
    """Two people's agreement on ``n`` things that both judged; ``percent`` in [0, 1], None of nothing."""

    first: str
    second: str
    n: int
    percent: float | None
    kappa: Kappa


def agree(said: Mapping[str, Mapping[Thing, str]], categories: Sequence[str]) -> list[Pair]:
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
    place = {category: position for position, category in enumerate(categories)}
    people = sorted(person for person in said if person and person.casefold() not in SETTLED_BY)
    pairs = []
    for first, second in combinations(people, 2):
        common = [thing for thing in said[first] if thing in said[second]]
        if not common:
            continue
        counts = [[0] * len(categories) for _ in categories]
        for thing in common:
            counts[place[said[first][thing]]][place[said[second][thing]]] += 1
        pairs.append(Pair(first, second, len(common), percent_agreement(counts), cohen_kappa(counts)))
    return pairs
