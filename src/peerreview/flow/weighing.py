"""
A paper's numbers by box → those whose place earns it, and that the others do not speak against.

A number that stands alone in a results chapter is no step of the flow where
a passage that tells several steps gives that box another; one that is larger
than two steps before it, or smaller than two behind, is of something else;
and what is excluded for one reason is not all that was excluded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview.flow import OTHER_METHODS

if TYPE_CHECKING:
    from peerreview.flow.printed import Number

_By = dict[str, list["Number"]]
_OTHERS = frozenset(OTHER_METHODS.values())
_INCLUDED = frozenset({"studies", "reports"})
_LARGER = MappingProxyType(
    {
        "duplicates": ("databases",),
        "screened": ("databases",),
        "excluded": ("screened", "databases"),
        "sought": ("screened", "databases"),
        "assessed": ("sought", "screened", "databases"),
        "reports_excluded": ("assessed", "sought", "screened", "databases"),
        "studies": ("assessed", "sought", "screened", "databases"),
        "reports": ("assessed", "sought", "screened", "databases"),
    }
)
"""Boxes, each with those that are no smaller."""
_STEPS_TOLD = 3
"""Boxes of the flow in one passage: it tells of the flow, and what it says is of it."""
_FEWEST_AGAINST = 2
"""Of two that contradict each other, either may be the wrong one."""
_ABSTRACT, _BODY = "abstract", "body"


def weigh(sure: _By) -> tuple[_By, list["Number"]]:
    """
    Return the numbers of each box that stand up, and those that others in the flow speak against.

    Parameters
    ----------
    sure : the numbers by box, of one box each.

    Returns
    -------
    The numbers by box without those that stand apart, that are doubted, and
    that are a piece; and what is doubted or a piece: a paper that prints it
    is not known to add up.
    """
    near = _without_loose(_without_strays({box: list(of) for box, of in sure.items() if of}))
    placed = _without_few(_with_support(near))
    kept = _without_pieces(_without_contradicted(placed))
    doubted = [each for box, of in placed.items() for each in of if each not in kept[box]]
    # Where none of several is borne out, the box is blank, and what the paper adds up to is open.
    doubted += [each for box, of in near.items() if not placed[box] for each in of]
    return {box: of for box, of in kept.items() if of}, doubted


def _is_near(one: int, other: int) -> bool:
    """Whether two numbers may be one that a paper tells twice, and not in the same way."""
    return max(one, other) < 2 * min(one, other)


def _told(sure: _By) -> Mapping[int, set[str]]:
    """Return the boxes that each passage tells."""
    told: dict[int, set[str]] = defaultdict(set)
    for box, of in sure.items():
        for each in of:
            told[each.passage].add("included" if box in _INCLUDED else box)
    return told


def _without_strays(sure: _By) -> _By:
    """Leave out numbers that stand alone, of boxes that a passage of the flow gives another number."""
    told = _told(sure)
    kept = {}
    for box, of in sure.items():
        firm = {each.n for each in of if len(told[each.passage]) >= _STEPS_TOLD}
        kept[box] = [
            each
            for each in of
            if not firm
            or each.kind == _ABSTRACT
            or len(told[each.passage]) > 1
            or any(_is_near(each.n, n) for n in firm)
        ]
    return kept


_LONG_TOLD = 4
"""Boxes of the flow in one passage: what it calls included is, whatever the words."""


def _without_loose(sure: _By) -> _By:
    """Leave out included studies that one sentence alone of a chapter tells, in words that may be of some."""
    told = _told(sure)
    kept = dict(sure)
    for box in _INCLUDED & sure.keys():
        borne_out = _borne_out(sure, box)
        kept[box] = [
            each
            for each in sure[box]
            if each.is_firm
            or each.kind != _BODY
            or each.n in borne_out
            or len(told[each.passage]) >= _LONG_TOLD
        ]
    return {box: of for box, of in kept.items() if of}


_ONE = frozenset({"duplicates", "screened", "assessed", "studies", "reports"})
"""Boxes of which a text has one number: of several, one is of something else."""


def _with_support(sure: _By) -> _By:
    """
    Leave out, of several numbers for one box, those that nothing in the text bears out; all, where none is.

    A number is borne out where two passages or the abstract say it, or two others differ by it or come to it.
    """
    kept = dict(sure)
    for box in _ONE & sure.keys():
        of = sure[box]
        if len({each.n for each in of}) > 1:
            borne_out = _borne_out(sure, box) | {each.n for each in of if each.kind == _ABSTRACT}
            kept[box] = [each for each in of if each.n in borne_out]
    return kept


def _borne_out(sure: Mapping[str, Sequence["Number"]], box: str) -> set[int]:
    """Return the numbers of a box that two passages say, or that two of other boxes differ by or come to."""
    of = sure[box]
    counts = {each.n for each in of}
    others = {each.n for numbers in sure.values() for each in numbers} - counts
    return {
        n
        for n in counts
        if len({each.passage for each in of if each.n == n}) > 1
        or any(n - one in others or n + one in others for one in others)
    }


def told_once(
    sure: Mapping[str, Sequence["Number"]], numbers: Sequence["Number"]
) -> Mapping[str, tuple["Number", ...]]:
    """
    Return, by box, the numbers that one passage says and nothing bears out.

    Parameters
    ----------
    sure : the numbers by box, of one box each.
    numbers : all of the text; that of an abstract alone says each once, and none is returned.
    """
    if all(each.kind == _ABSTRACT for each in numbers):
        return {}
    once = {}
    for box, of in sure.items():
        borne_out = _borne_out(sure, box)
        once[box] = tuple(each for each in of if each.n not in borne_out)
    return {box: of for box, of in once.items() if of}


_FEW = 10
"""Fewer are seldom all that was screened or read in full: of five such numbers at first sight none was."""


def _without_few(sure: _By) -> _By:
    """Leave out a few that were screened or assessed, where nothing bears them out."""
    kept = dict(sure)
    for box in {"screened", "assessed"} & sure.keys():
        borne_out = _borne_out(sure, box)
        kept[box] = [each for each in sure[box] if each.n >= _FEW or each.n in borne_out]
    return kept


def _without_contradicted(sure: _By) -> _By:
    """Leave out, one after another, the number that most boxes contradict, and two at least."""
    kept = dict(sure)
    while True:
        worst = max(_contradictions(kept), key=lambda found: found[0], default=None)
        if worst is None or worst[0] < _FEWEST_AGAINST:
            return kept
        _, box, n = worst
        kept[box] = [each for each in kept[box] if each.n != n]


def _contradictions(sure: Mapping[str, Sequence["Number"]]) -> Iterator[tuple[int, str, int]]:
    """Yield how many boxes have no number that one of another may stand with."""
    n_others = sum(max(each.n for each in of) for box, of in sure.items() if box in _OTHERS and of)
    for box, of in sure.items():
        if len({each.passage for each in of}) > 1 and len({each.n for each in of}) == 1:
            # What several passages say is so.
            continue
        for n in {each.n for each in of}:
            above = [other for other in _LARGER.get(box, ()) if sure.get(other)]
            below = [other for other, larger in _LARGER.items() if box in larger and sure.get(other)]
            too_small = sum(all(each.n + n_others < n for each in sure[other]) for other in above)
            too_large = sum(all(each.n > n + n_others for each in sure[other]) for other in below)
            yield too_small + too_large, box, n


def _one(sure: Mapping[str, Sequence["Number"]], *boxes: str) -> int | None:
    """Return the number of the first of some boxes that has any; None where that has several."""
    for box in boxes:
        if counts := {each.n for each in sure.get(box, ())}:
            return next(iter(counts)) if len(counts) == 1 else None
    return None


def _less(whole: int | None, rest: int | None) -> int | None:
    return None if whole is None or rest is None or whole <= rest else whole - rest


_GAPS: Mapping[str, Callable[[Mapping[str, Sequence["Number"]]], int | None]] = MappingProxyType(
    {
        "excluded": lambda sure: _less(_one(sure, "screened"), _one(sure, "sought", "assessed")),
        "reports_excluded": lambda sure: _less(_one(sure, "assessed"), _one(sure, "reports", "studies")),
    }
)
"""How many were excluded, by the steps before and behind."""


def _without_pieces(sure: _By) -> _By:
    """Leave out what was excluded for one reason, where the steps around say how many were in all."""
    kept = dict(sure)
    for box, gap_of in _GAPS.items():
        of, gap = sure.get(box, []), gap_of(sure)
        if gap is not None and gap in {each.n for each in of}:
            # What is not much less is no piece: it may be the paper's own other total.
            kept[box] = [each for each in of if each.n == gap or _is_near(each.n, gap)]
    return kept
