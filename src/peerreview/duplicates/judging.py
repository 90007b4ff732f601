"""Records that share a block to pairs judged: each by the first rule that passes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.compared import FIELDS
from peerreview.duplicates.engines import Pool
from peerreview.duplicates.lessons import Teaching
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity import Mask, Pairs, Similarities, Values

_AT_ONCE = 50_000
"""Pairs that are numbers of Python's at a time."""
LARGEST_COMPLETED = 40
"""In provisional clusters up to this size every pair is compared, so that a contradiction shows."""
SHOWN = tuple(
    field
    for field in FIELDS
    if field
    not in {
        "agree",
        "differ",
        "n_words",
        "n_authors",
        "front",
        "source",
        "preprint",
        "conference",
        "supplement",
        "in_supplement",
        "brief",
        "registrations",
        "theses",
        "thesis",
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs of rows, each with the place of the rule that decided; only pairs that some rule decided."""

    low: Numbers
    high: Numbers
    rule: Numbers
    score: Values
    similarities: Similarities


def complete(
    judged: Judged, pool: Pool, together: Clusters, rules: Rules, teaching: Teaching, *, since: int = 0
) -> Judged:
    """
    Return the pairs judged, and those within provisional clusters that shared no block.

    Parameters
    ----------
    together : how the rows are provisionally joined before; the pairs judged are joined to that.
    teaching : tells pairs what the records taught of venues and headings.
    since : the first row that is new; of pairs without a new one nothing is asked.
    """
    together.join_all(edges(judged, np.ones(len(judged.low), dtype=np.bool_), rules))
    groups = [members for members in together.groups() if 2 < len(members) <= LARGEST_COMPLETED]
    is_asked = np.zeros(together.n_rows, dtype=np.bool_)
    is_asked[[row for members in groups for row in members]] = True
    among = is_asked[judged.low] & is_asked[judged.high]
    seen = set(zip(judged.low[among].tolist(), judged.high[among].tolist(), strict=True))
    missing = [
        pair
        for members in groups
        for pair in combinations(members, 2)
        if pair[1] >= since and pair not in seen
    ]
    if not missing:
        return judged
    low, high = (np.array(side, dtype=np.int64) for side in zip(*missing, strict=True))
    return joined([judged, pool.compare(low, high).judged(rules, teaching)])


def decide(pairs: Pairs, rules: Rules) -> Judged:
    """Return the pairs that some rule decided."""
    low, high, similarities = pairs
    decided, is_open = np.zeros(len(low), dtype=np.int64), np.ones(len(low), dtype=np.bool_)
    for place, rule in enumerate(rules.rules):
        passes = rule.passes(similarities, is_open)
        decided[passes] = place
        is_open &= ~passes
    told = np.flatnonzero(~is_open)
    similarities = {field: similarities[field][told] for field in dict.fromkeys((*SHOWN, *rules.weights))}
    total, weight = np.zeros(len(told), dtype=np.float64), np.zeros(len(told), dtype=np.float64)
    for field, counts in rules.weights.items():
        known = ~np.isnan(similarities[field])
        total[known] += counts * similarities[field][known]
        weight[known] += counts
    score = np.round(total / np.maximum(weight, 1e-9), 4).astype(np.float32)
    return Judged(low[told], high[told], decided[told], score, similarities)


def joined(parts: Sequence[Judged]) -> Judged:
    """Return several stretches of judged pairs as one."""
    return Judged(
        low=np.concatenate([part.low for part in parts]),
        high=np.concatenate([part.high for part in parts]),
        rule=np.concatenate([part.rule for part in parts]),
        score=np.concatenate([part.score for part in parts]),
        similarities={
            field: np.concatenate([part.similarities[field] for part in parts])
            for field in parts[0].similarities
        },
    )


def are(judged: Judged, rules: Rules, *verdicts: str) -> Mask:
    """Return which pairs have one of these verdicts."""
    return have_verdict(judged.rule, rules, *verdicts)


def have_verdict(decided: Numbers, rules: Rules, *verdicts: str) -> Mask:
    """Return which rules, by their places, have one of these verdicts."""
    return np.isin(decided, [place for place, rule in enumerate(rules.rules) if rule.verdict in verdicts])


def edges(judged: Judged, among: Mask, rules: Rules) -> Iterator[tuple[int, int]]:
    """Yield the pairs judged duplicate, the surest first."""
    chosen = np.flatnonzero(are(judged, rules, "duplicate") & among)
    order = np.lexsort((judged.high[chosen], judged.low[chosen], -judged.score[chosen]))
    for start in range(0, len(chosen), _AT_ONCE):
        here = chosen[order[start : start + _AT_ONCE]]
        yield from zip(judged.low[here].tolist(), judged.high[here].tolist(), strict=True)


def contradictions(
    n_rows: int, judged: Judged, among: Mask, rules: Rules, earlier: Numbers | None = None
) -> list[tuple[int, int]]:
    """
    Return pairs that are no duplicates, or not surely, where a chain of duplicates could join them.

    Parameters
    ----------
    earlier : the row kept of each of the first rows, where these were joined before.
    """
    together = Clusters(n_rows, earlier)
    together.join_all(edges(judged, np.ones(len(judged.low), dtype=np.bool_), rules))
    roots = together.roots()
    apart = ~are(judged, rules, "duplicate") & among & (roots[judged.low] == roots[judged.high])
    return list(zip(judged.low[apart].tolist(), judged.high[apart].tolist(), strict=True))
