"""What blank counts can be, given the others: the bounds that identities set, and where they leave none."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_TERM = re.compile(r"([+-]?)\s*([a-z_]+(?:\[\])?)(\??)")


class Term(NamedTuple):
    """A box within an identity; an ``optional`` one counts as nothing where it is blank."""

    sign: int
    key: str
    optional: bool


def sides(formula: str) -> tuple[str, list[Term], list[Term]]:
    """
    Return a formula's relation and the terms on its left and right.

    >>> sides("sought - not_retrieved = assessed + awaiting_assessment?")[2]
    [Term(sign=1, key='assessed', optional=False), Term(sign=1, key='awaiting_assessment', optional=True)]
    """
    left, relation, right = re.split(r"(<=|>=|=)", formula)

    def terms(side: str) -> list[Term]:
        return [Term(-1 if sign == "-" else 1, key, bool(mark)) for sign, key, mark in _TERM.findall(side)]

    return relation, terms(left), terms(right)


@dataclass(frozen=True)
class Rule:
    """Signed boxes whose sum is zero or, where ``at_most``, zero at most."""

    terms: tuple[tuple[int, str], ...]
    at_most: bool = False


@dataclass(frozen=True)
class Bound:
    """A number that a count cannot pass, and the given boxes that it is the signed sum of."""

    n: int
    of: Mapping[str, int] = field(default_factory=dict)


class Clash(NamedTuple):
    """
    A count that would have to be more than it can be.

    ``by`` is by how many; ``of`` are the given boxes whose signed sum, which
    no count can be below, is minus that.
    """

    by: int
    of: Mapping[str, int]


@dataclass(frozen=True)
class Bounds:
    """The least and the most that each count can be; a count without a most is not in ``most``."""

    least: Mapping[str, Bound]
    most: Mapping[str, Bound]
    clashes: Mapping[int, Clash]


def find_bounds(rules: Sequence[Rule], known: Mapping[str, int]) -> Bounds:
    """
    Return what each count can be, and the rules, by position, that leave some count no value.

    A count that is not known is 0 or more. What one rule says of it goes into
    the others, so that 30 records less 20 duplicates cannot become 25 reports,
    whether or not it is known how many were screened. A rule of known counts
    alone is left to whoever adds them up.

    >>> rules = [Rule(((1, "found"), (-1, "screened"))), Rule(((1, "screened"), (-1, "out"), (-1, "sought")))]
    >>> find_bounds(rules, {"found": 10, "sought": 25}).clashes
    {1: Clash(by=15, of={'found': 1, 'sought': -1})}
    """
    least = {key: Bound(n, {key: 1}) for key, n in known.items()}
    most = dict(least)
    for rule in rules:
        for _, key in rule.terms:
            least.setdefault(key, Bound(0))
    clashes: dict[int, Clash] = {}
    # A bound passes through each rule once; where rules form a ring it could go on for as long as the counts.
    for _ in rules:
        before = (dict(least), dict(most))
        for position, rule in enumerate(rules):
            if position in clashes or all(key in known for _, key in rule.terms):
                continue
            clash = _tighten(rule, known, least, most)
            if clash:
                clashes[position] = clash
        if before == (least, most):
            break
    return Bounds(least, most, clashes)


def _tighten(
    rule: Rule, known: Mapping[str, int], least: dict[str, Bound], most: dict[str, Bound]
) -> Clash | None:
    """Narrow what a rule's blank counts can be; return the clash where one is left no value."""
    for key, bound, is_most in _new_bounds(rule, known, least, most):
        low, high = (least[key], bound) if is_most else (bound, most.get(key))
        if high is not None and low.n > high.n:
            return Clash(low.n - high.n, _sum((1, high), (-1, low)))
        if is_most and (key not in most or bound.n < most[key].n):
            most[key] = bound
        elif not is_most and bound.n > least[key].n:
            least[key] = bound
    return None


def _new_bounds(
    rule: Rule, known: Mapping[str, int], least: Mapping[str, Bound], most: Mapping[str, Bound]
) -> Iterator[tuple[str, Bound, bool]]:
    """Yield what a rule says of its blank counts: which, its bound, and whether that is the most."""
    turns = (1,) if rule.at_most else (1, -1)
    for turn in turns:
        terms = [(turn * sign, key) for sign, key in rule.terms]
        for sign, key in terms:
            if key in known:
                continue
            # sign * count is at most what the others leave when each is as small as it can be.
            others = [
                (-each, least[other] if each > 0 else most.get(other))
                for each, other in terms
                if other != key
            ]
            parts = [(each, bound) for each, bound in others if bound is not None]
            if len(parts) == len(others):
                of = _sum(*((sign * each, bound) for each, bound in parts))
                yield key, Bound(sum(sign * each * bound.n for each, bound in parts), of), sign > 0


def _sum(*parts: tuple[int, Bound]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for sign, bound in parts:
        for key, times in bound.of.items():
            total[key] += sign * times
    return {key: times for key, times in total.items() if times}
