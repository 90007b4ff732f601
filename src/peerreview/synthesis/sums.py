"""The sums that people's sheets of judgements hold, beside what their items add up to."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from peerreview.synthesis.answers import signed
from peerreview.synthesis.instrument import Instrument, Judgement

_COUNT = re.compile(r"\s*([0-9]{1,3})(?![0-9.,])")


@dataclass(frozen=True)
class Sum:
    """
    A sum that a sheet ``says``, and what the items ``have`` that it is of.

    Not ``whole`` where one of them is not judged: ``have`` is what the others have.
    """

    column: str
    says: int
    have: int
    whole: bool


def of_row(
    cells: Mapping[Hashable, str],
    columns: Mapping[str, str],
    judged: Mapping[str, Judgement],
    instrument: Instrument,
) -> list[Sum]:
    """
    Return the sums of a row; without those that say no number.

    Parameters
    ----------
    cells : column → cell.
    columns : the columns that hold a sum → its set; blank for that of all sets.
    judged : item → its judgement.
    """
    found = []
    for column, chosen in columns.items():
        says = number(cells[column])
        items = [each for each in instrument.items if each.rated and chosen in ("", each.set)]
        points = [judged[each.item].points for each in items if each.item in judged]
        if says is not None:
            found.append(Sum(column, says, sum(points), len(points) == len(items)))
    return found


def number(cell: str) -> int | None:
    """
    Return how many points a cell says; None where it says none.

    >>> number("7/9"), number("★★★"), number("8 (good)"), number("good"), number("7.5")
    (7, 3, 8, None, None)
    """
    counted = _COUNT.match(cell)
    if counted:
        return int(counted[1])
    sign = signed(cell)
    return len(sign) if sign and set(sign) == {"*"} else None
