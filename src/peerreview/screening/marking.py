"""Words that speak for or against a record, found in its title and abstract."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

FOR, AGAINST = "include", "exclude"
"""Which way a marked word speaks: for including the record, or for excluding it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text that is a marked word, and which way that speaks."""

    start: int
    end: int
    speaks: str


def marks(text: str, words: Mapping[str, Sequence[str]]) -> list[Mark]:
    """
    Return where marked words stand in a text, case aside, from the first to the last.

    A word is a whole one unless ``*`` ends it; a blank in it is any blank.
    Where one begins within another, the first is found, of two at one place the longer.

    >>> marks("Peers in trials", {"include": ["peer*"], "exclude": ["trial"]})
    [Mark(start=0, end=5, speaks='include')]

    Parameters
    ----------
    words : under ``include`` and ``exclude``.
    """
    found = [
        Mark(*each.span(), speaks)
        for speaks in (FOR, AGAINST)
        if (pattern := _pattern(tuple(words.get(speaks, ())))) is not None
        for each in pattern.finditer(text)
    ]
    apart: list[Mark] = []
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if not apart or mark.start >= apart[-1].end:
            apart.append(mark)
    return apart


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    written = []
    for word in sorted(words, key=len, reverse=True):
        stem = word.strip().rstrip("*").split()
        if stem:
            end = r"\w*" if word.strip().endswith("*") else r"(?!\w)"
            written.append(r"\s+".join(map(re.escape, stem)) + end)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})", re.IGNORECASE) if written else None
