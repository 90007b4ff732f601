"""Sums that fail in a paper → numbers in its text that would make them add up, and were not read so."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from peerreview.flow.bounds import sides
from peerreview.flow.identities import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.flow import Flow
    from peerreview.flow.identities import Verdict
    from peerreview.flow.printed import Number, Read

_FEW, _FEWEST_BY_CHANCE = 10, 3
"""A number that stands by and is no larger explains no gap: every text has a two, and most a ten."""


def explained(reads: Sequence[Read], numbers: Sequence[Number]) -> str:
    """Return numbers that were left unread and are as large as a reading's gaps; blank where none are."""
    telling = {each.passage for each in numbers if each.boxes}
    left = {each.n for each in numbers if not each.boxes and (each.noun or each.passage in telling)}
    unread = sorted(n for n in left if n > _FEWEST_BY_CHANCE)
    sums = {n: (n,) for n in unread} | {one + other: (one, other) for one, other in combinations(unread, 2)}
    used = {n for read in reads for box in read.flow.boxes if (n := read.flow.n(box)) is not None}
    others = {each.n for each in numbers if each.passage in telling and each.n > _FEW} - used
    for read in reads:
        by = [
            sums.get(abs(verdict.d or 0), ()) or tuple(sorted(others & _instead(read.flow, verdict)))
            for verdict in read.failing
        ]
        if all(by):
            return ", ".join(f"{n:,}" for n in dict.fromkeys(n for of in by for n in of))
    return ""


def _instead(flow: Flow, verdict: Verdict) -> set[int]:
    """Return numbers that would make a sum come out in the place of one of its own."""
    wanted, d = set(), verdict.d or 0
    for identity in (each for each in IDENTITIES if each.id == verdict.id):
        _, left, right = sides(identity.formula)
        terms = [(-term.sign, term.key) for term in left] + [(term.sign, term.key) for term in right]
        wanted |= {n + sign * d for sign, box in terms if (n := flow.n(box)) is not None}
    return wanted
