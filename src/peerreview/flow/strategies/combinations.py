"""How many records a combination of lines can find, from what its lines found."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from peerreview.errors import InputError

MOST = float("inf")
"""As many as there may be: what no number bounds."""
_TOKEN = re.compile(r"\s*(LIMIT|DEDUPE|AND|OR|NOT|…|\d+|[()])")


class Range(NamedTuple):
    """The fewest and the most records that something can find."""

    least: float
    most: float


ANY = Range(0, MOST)


class Node(NamedTuple):
    """A combination: a ``line``, a ``term``, a ``part`` of either, ``and``, ``or``, ``not``, or ``mixed``."""

    kind: str
    parts: "tuple[Node, ...]" = ()
    number: str = ""
    operators: tuple[str, ...] = ()


TERM = Node("term")


def parse(combination: str) -> Node:
    """
    Return what a combination of ``strategies.csv`` says.

    Operators without brackets between them are ``mixed``: platforms differ in which goes first.

    >>> parse("1 OR 2").kind, parse("(1 OR 2) AND 3").kind, parse("1 AND 2 OR 3").kind
    ('or', 'and', 'mixed')

    Raises
    ------
    InputError
        For what is none.
    """
    tokens = _TOKEN.findall(combination)
    if not tokens:
        return TERM
    found, place = _chain(tokens, 0)
    if place < len(tokens) or "".join(tokens) != re.sub(r"\s+", "", combination):
        raise InputError(f"{combination!r} is no combination of lines")
    return found


def _chain(tokens: Sequence[str], place: int) -> tuple[Node, int]:
    parts: list[Node] = []
    operators: list[str] = []
    while place < len(tokens) and tokens[place] != ")":
        sign = tokens[place]
        if sign in ("AND", "OR", "NOT"):
            operators.append(sign.lower())
            place += 1
            continue
        if sign in ("LIMIT", "DEDUPE"):
            inner, place = _chain(tokens, place + 2)
            node = Node("part", (inner,), sign.lower())
            place += 1
        elif sign == "(":
            node, place = _chain(tokens, place + 1)
            place += 1
        else:
            node = TERM if sign == "…" else Node("line", number=sign)
            place += 1
        parts.append(node)
    if len(parts) == 1 and not operators:
        return parts[0], place
    if len(operators) != len(parts) - 1:
        # NOT before the first part, or an operator without one: nothing is said of its number.
        return Node("unclear", tuple(parts)), place
    kind = operators[0] if len(set(operators)) == 1 else "mixed"
    return Node(kind, tuple(parts), operators=tuple(operators)), place


def find_range(node: Node, hits: Mapping[str, int]) -> Range:
    """
    Return how many records a combination can find.

    A and B cannot find more than either; A or B no fewer than the larger
    and no more than both; A not B no more than A, and no fewer than what
    is left where all of B was in it. Where operators stand without
    brackets, it is what any order of them allows.

    Parameters
    ----------
    hits : what each line found, by its number; of lines that are not there, any number is possible.
    """
    if node.kind == "line":
        return Range(hits[node.number], hits[node.number]) if node.number in hits else ANY
    if node.kind in ("term", "unclear"):
        return ANY
    parts = [find_range(part, hits) for part in node.parts]
    if node.kind == "part":
        return Range(0, parts[0].most)
    if node.kind == "mixed":
        return _mixed(parts, node.operators)
    found = parts[0]
    for part in parts[1:]:
        found = _joined(node.kind, found, part)
    return found


def _joined(operator: str, one: Range, other: Range) -> Range:
    if operator == "or":
        return Range(max(one.least, other.least), one.most + other.most)
    if operator == "and":
        return Range(0, min(one.most, other.most))
    return Range(max(0, one.least - other.most), one.most)


_ORDERS = (("not", "and", "or"), ("and", "not", "or"), ("or", "and", "not"), ())
"""In which order platforms take operators without brackets; the last one is from left to right."""


def _mixed(parts: Sequence[Range], operators: Sequence[str]) -> Range:
    found = []
    for order in _ORDERS:
        left, between = list(parts), list(operators)
        for operator in order:
            while operator in between:
                at = between.index(operator)
                left[at : at + 2] = [_joined(operator, left[at], left[at + 1])]
                del between[at]
        while between:
            left[:2] = [_joined(between.pop(0), left[0], left[1])]
        found.append(left[0])
    return Range(min(each.least for each in found), max(each.most for each in found))


def lines_of(node: Node) -> tuple[str, ...]:
    """Return the numbers of the lines that a combination names, each once."""
    own = (node.number,) if node.kind == "line" else ()
    return tuple(dict.fromkeys([*own, *(number for part in node.parts for number in lines_of(part))]))
