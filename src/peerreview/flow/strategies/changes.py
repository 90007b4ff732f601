"""A search and the same one run again → what changed, line by line, whatever the numbers are now."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import pandas as pd

from peerreview import tables

SAME, CHANGED, ADDED, LEFT_OUT = "same", "changed", "added", "left out"
_LEAST_ALIKE = 0.4
"""How much of two lines' text must be alike for one to be the other, changed."""
_BETWEEN = re.compile(r"\s+or\s+", re.IGNORECASE)
_FIELD = re.compile(
    r"\)*(?:\.[a-z]{2}(?:,[a-z]{2})*\.?|:[a-z]{2}(?:,[a-z]{2})*|\s?\[[^\]]*\])?\Z", re.IGNORECASE
)
_EDGES = "() \t"
Line = Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """
    A line before and after: either may be missing, None.

    ``what`` says what became of it; ``words`` which terms came and went,
    where it is a list of them.
    """

    what: str
    before: Line | None
    after: Line | None
    words: str = ""


def compare(before: pd.DataFrame, after: pd.DataFrame) -> tuple[Change, ...]:
    """
    Return what became of each line of a search, in the order of the new one.

    A line that combines others is the same where it combines the same lines,
    whatever their numbers are now.

    Parameters
    ----------
    before, after : the columns of ``strategies.csv``, of one search each.
    """
    old, new = tables.rows(before), tables.rows(after)
    pairs = list(_pair(old, new))
    numbers = {
        one["number"]: other["number"] for one, other in pairs if one is not None and other is not None
    }
    return tuple(_change(one, other, numbers) for one, other in pairs)


def _pair(old: Sequence[Line], new: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    matcher = SequenceMatcher(None, [_key(row) for row in old], [_key(row) for row in new], autojunk=False)
    for tag, one, one_end, other, other_end in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(old[one:one_end], new[other:other_end], strict=True)
        else:
            yield from _alike(old[one:one_end], new[other:other_end])


def _key(row: Line) -> tuple[str, str]:
    """Return what a line is known by: its text, or how it combines others, without their numbers."""
    if row["combination"]:
        operators = " ".join(sorted(set(re.findall(r"AND|OR|NOT|LIMIT|DEDUPE", row["combination"]))))
        return (operators, row["limits"])
    return ("", " ".join(row["text"].split()).casefold())


def _alike(old: Sequence[Line], new: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Yield lines of two stretches, those beside each other that are most alike."""
    left = list(new)
    for row in old:
        scores = [(_likeness(row, other), -at) for at, other in enumerate(left)]
        score, at = max(scores, default=(0.0, 0))
        if score < _LEAST_ALIKE:
            yield row, None
            continue
        for other in left[:-at]:
            yield None, other
        yield row, left[-at]
        left = left[-at + 1 :]
    for other in left:
        yield None, other


def _likeness(one: Line, other: Line) -> float:
    if bool(one["combination"]) != bool(other["combination"]):
        return 0.0
    return SequenceMatcher(None, one["text"].casefold(), other["text"].casefold(), autojunk=False).ratio()


def _change(one: Line | None, other: Line | None, numbers: Mapping[str, str]) -> Change:
    if one is None or other is None:
        return Change(ADDED if one is None else LEFT_OUT, one, other)
    if one["combination"] and other["combination"]:
        renumbered = re.sub(r"\d+", lambda found: numbers.get(found[0], "?"), one["combination"])
        is_same = renumbered == other["combination"] and one["limits"] == other["limits"]
        if is_same and "…" not in renumbered:
            return Change(SAME, one, other)
    if _key(one) == _key(other) and not one["combination"]:
        return Change(SAME, one, other)
    return Change(CHANGED, one, other, _words(one["text"], other["text"]) if not one["combination"] else "")


def _words(before: str, after: str) -> str:
    """
    Return which terms of a list came and went, without the brackets and the fields around it.

    >>> _words("(nurs* or midwi*).ti.", "(nurs* or carer*).ti,ab.")
    'new: carer*; gone: midwi*'
    """
    old, new = (dict.fromkeys(_bare(term) for term in _BETWEEN.split(text)) for text in (before, after))
    came, went = [term for term in new if term not in old], [term for term in old if term not in new]
    parts = [f"{name}: {', '.join(terms)}" for name, terms in (("new", came), ("gone", went)) if terms]
    return "; ".join(parts)


def _bare(term: str) -> str:
    return _FIELD.sub("", term.strip()).strip(_EDGES)
