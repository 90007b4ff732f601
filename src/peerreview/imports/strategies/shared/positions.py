"""Lines that have no numbers, where the lines that combine them call them by their place."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from peerreview.imports.strategies import Row

_LIMIT = re.compile(
    r"\s*(?:limit\s+(\d{1,3})\s+to\b.*|(?:remove|delete) duplicates from (\d{1,3}))\s*",
    re.IGNORECASE | re.DOTALL,
)
_ALL_OF = re.compile(r"[\s(]*(?:and|or)\s*/\s*(?P<named>\d[\d,\s\-\u2010-\u2015]*)[\s)]*", re.IGNORECASE)
_COMBINED = re.compile(
    r"[\s(\[]*[#S]?\d{1,3}(?:[\s()\[\]]+(?:or|and|not|and not)[\s()\[\]]+[#S]?\d{1,3})+[\s)\]]*",
    re.IGNORECASE,
)
_SEARCHED = re.compile(
    r"(?:/|\.[a-z]{2}(?:,[a-z]{2})*\.?|[*$\"])\s*\Z|\w[*$]|\[(?:tiab|mh|mesh)", re.IGNORECASE
)
"""What a line of a search has, and a heading above it has not."""


class Placed(NamedTuple):
    """The rows that are lines, numbered by their place, and what stands above and below them."""

    above: Sequence[Row]
    lines: Sequence[Row]
    below: Sequence[Row]


def place(rows: Sequence[Row]) -> Placed | None:
    """
    Return a search's lines by their place; None where no line names others, or two counts of places fit.

    The first line is where the most combinations name the line right above
    them, more than name themselves or a line below, which is an error then.
    """
    named = {at: found for at, row in enumerate(rows) if (found := _named(row.text))}
    if not named:
        return None
    fits: dict[int, int] = {}
    for first in range(min(named)):
        numbers = {at: at - first + 1 for at in named}
        n_wrong = sum(not 1 <= min(found) <= max(found) < numbers[at] for at, found in named.items())
        n_right = sum(max(found) == numbers[at] - 1 for at, found in named.items())
        fits[first] = n_right if n_right > n_wrong else 0
    most = max(fits.values(), default=0)
    best = [first for first, n in fits.items() if n == most]
    if not most or len(best) > 1:
        return None
    first, last = best[0], max(named)
    if any(_SEARCHED.search(row.text) for row in rows[:first]):
        return None  # a line that no count of places has
    lines = [
        Row(row.line, (str(number), " ".join(row.text.split("\t"))))
        for number, row in enumerate(rows[first : last + 1], start=1)
    ]
    return Placed(rows[:first], lines, rows[last + 1 :])


def combines(text: str) -> bool:
    """
    Whether a text names other lines, and does nothing else.

    >>> combines("#1 AND (#2 OR #3)"), combines("or/1-3"), combines("exp Sleep/ and 3")
    (True, True, False)
    """
    return bool(_named(text))


def _named(text: str) -> list[int]:
    """Return the lines that a row combines, if it does nothing else."""
    if limit := _LIMIT.fullmatch(text):
        return [int(limit[1] or limit[2])]
    if (all_of := _ALL_OF.fullmatch(text)) or _COMBINED.fullmatch(text):
        return [int(number) for number in re.findall(r"\d+", all_of["named"] if all_of else text)]
    return []
