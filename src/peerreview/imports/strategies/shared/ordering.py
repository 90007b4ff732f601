"""The numbers that may open the lines of a search → those that follow each other, upwards or downwards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from peerreview.errors import InputError
from peerreview.imports.strategies import Row

_NEARBY = 30
"""Numbers that a history may skip, where lines were deleted."""


@dataclass(frozen=True)
class Candidate:
    """A row that may open a line: its place, the number, what stands behind, and how sure a sign that is."""

    place: int
    number: int
    rest: str
    strong: bool
    sign: str = ""


def in_order(candidates: Sequence[Candidate], rows: Sequence[Row]) -> list[Candidate]:
    """
    Return the candidates that follow each other by number, upwards or downwards.

    Raises
    ------
    InputError
        Where numbers begin again: a file holds one search.
    """
    steps = Counter(after.number - before.number for before, after in pairwise(candidates))
    step = -1 if steps[-1] > steps[1] else 1
    first = next(
        (
            place
            for place, each in enumerate(candidates)
            if any(other.number == each.number + step for other in candidates[place + 1 :])
        ),
        None,
    )
    if first is None:
        # A search of one line, numbered all the same.
        return [each for each in candidates if each.number == 1 and each.strong][:1]
    chosen = [*_before(candidates[:first], candidates[first], step, rows), candidates[first]]
    for place, each in enumerate(candidates[first + 1 :], start=first + 1):
        ahead = (each.number - chosen[-1].number) * step
        if ahead == 1 or (
            1 < ahead <= _NEARBY
            and (each.strong or _goes_on(candidates[place:], step))
            and not _is_ahead(candidates[place + 1 :], chosen[-1].number + step)
        ):
            chosen.append(each)
        elif (
            step == 1
            and each.number == chosen[0].number
            and len(chosen) > 2
            and _begins_again(candidates[place:])
        ):
            raise InputError(
                f"its numbers begin again at {each.number}: put each search into a file of its own",
                line=rows[each.place].line,
            )
    return chosen


def _before(
    candidates: Sequence[Candidate], first: Candidate, step: int, rows: Sequence[Row]
) -> list[Candidate]:
    """Return the lines above the first two that follow each other: others between them were left out."""
    found: list[Candidate] = []
    for each in reversed(candidates):
        ahead = ((found or [first])[-1].number - each.number) * step
        if 0 < ahead <= _NEARBY and "\t" in rows[each.place].text:
            found.append(each)
    return found[::-1]


def _goes_on(candidates: Sequence[Candidate], step: int) -> bool:
    """Whether two more lines follow a candidate, each the next one."""
    numbers = [each.number for each in candidates[:3]]
    return len(numbers) == 3 and numbers == [numbers[0], numbers[0] + step, numbers[0] + 2 * step]


def _is_ahead(candidates: Sequence[Candidate], number: int) -> bool:
    return any(each.number == number and each.strong for each in candidates)


def _begins_again(candidates: Sequence[Candidate]) -> bool:
    return len(candidates) > 1 and candidates[0].strong and candidates[1].number == candidates[0].number + 1
