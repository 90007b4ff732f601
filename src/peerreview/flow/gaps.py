"""Sums that fail in a paper → numbers in its text that would make them add up, and were not read so."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from peerreview.flow.bounds import sides
from peerreview.flow.identities import IDENTITIES
from peerreview.flow.parting import PIECED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.flow import Flow
    from peerreview.flow.identities import Verdict
    from peerreview.flow.printed import Number, Read

_FIGURE = "figure"
_FEW, _FEWEST_BY_CHANCE = 10, 3
"""A number that stands by and is no larger explains no gap: every text has a two, and most a ten."""


def explained(reads: Sequence[Read], numbers: Sequence[Number]) -> str:
    """Return numbers as large as one reading's gaps, unread or of another step; blank where none are."""
    telling = {each.passage for each in numbers if each.boxes}
    sentences = {each.sentence for each in numbers if each.boxes}
    of_shares = {each.sentence for each in numbers if each.boxes == ("source",)}
    unread = sorted(
        {
            each.n
            for each in numbers
            if not each.boxes
            and (each.noun or each.passage in telling)
            # A small one does where it stands with the sum's own: in a sentence, or as a box of a figure.
            and (each.n > _FEWEST_BY_CHANCE or each.sentence in sentences or each.kind == _FIGURE)
        }
    )
    unnamed = tuple(each.n for each in numbers if not each.boxes and each.sentence in of_shares)
    sums = {n: (n,) for n in unread} | {one + other: (one, other) for one, other in combinations(unread, 2)}
    others = {each.n for each in numbers if each.passage in telling and each.n > _FEW}
    for read in reads:
        left_out = {n for box in PIECED if (n := read.flow.n(box)) is not None and n > _FEWEST_BY_CHANCE}
        by = [
            # A list of shares of which one was not read may be whole.
            (unnamed if verdict.id == "D0" else ())
            or sums.get(abs(verdict.d or 0), ())
            # What was left out may have been so at another step.
            or tuple(left_out & {abs(verdict.d or 0)})
            or tuple(sorted(others & _instead(read.flow, verdict)))
            for verdict in read.failing
        ]
        if by and all(by):
            return ", ".join(f"{n:,}" for n in dict.fromkeys(n for of in by for n in of))
    return ""


def is_told_in_part(flow: Flow, verdict: Verdict) -> bool:
    """
    Whether a sum lacks as much as a text says was left out, or more, so that this was not all.

    Of the sources' shares it is as much as one of them: a source may not be named.
    """
    if verdict.id == "D0":
        shares = [part.n for part in flow.boxes["databases"].parts]
        return bool(shares) and verdict.d is not None and -verdict.d >= min(shares)
    out = next((flow.n(box) for box, id_ in PIECED.items() if id_ == verdict.id), None)
    return out is not None and verdict.d is not None and verdict.d >= out > 0


def _instead(flow: Flow, verdict: Verdict) -> set[int]:
    """Return numbers that would make a sum come out in the place of one of its own."""
    wanted, own, d = set(), set(), verdict.d or 0
    for identity in (each for each in IDENTITIES if each.id == verdict.id):
        _, left, right = sides(identity.formula)
        terms = [(-term.sign, term.key) for term in left] + [(term.sign, term.key) for term in right]
        told = [(sign, n) for sign, box in terms if (n := flow.n(box)) is not None]
        wanted |= {n + sign * d for sign, n in told}
        own |= {n for _, n in told}
    return wanted - own
