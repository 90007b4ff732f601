"""Numbers that a paper prints for one box → which of them are a total, a step before, a share, or a piece."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview.flow import OTHER_METHODS

if TYPE_CHECKING:
    from peerreview.flow.printed import Number

_UNNAMED = "other_sources"
PIECED = MappingProxyType(
    {"duplicates": "D1", "excluded": "D2", "not_retrieved": "D3", "reports_excluded": "I1"}
)
"""Boxes that a text may give piece by piece, and the sum that each belongs to."""


def part_sought(sure: dict[str, list["Number"]]) -> None:
    """Take what was sought from two numbers of reports assessed, if what was not retrieved is the rest."""
    counts = {each.n for each in sure.get("assessed", [])}
    missing = {each.n for each in sure.get("not_retrieved", [])}
    if len(counts) == 2 and missing == {max(counts) - min(counts)} and not sure.get("sought"):
        sure["sought"] = [each for each in sure["assessed"] if each.n == max(counts)]
        sure["assessed"] = [each for each in sure["assessed"] if each.n == min(counts)]


def part_others(sure: dict[str, list["Number"]]) -> None:
    """Leave out of other sources what a named method found elsewhere in the text: it is told twice."""
    named = {
        (each.n, each.passage)
        for box in OTHER_METHODS.values()
        if box != _UNNAMED
        for each in sure.get(box, [])
    }
    sure[_UNNAMED] = [
        each
        for each in sure.get(_UNNAMED, [])
        if not any(n == each.n and passage != each.passage for n, passage in named)
    ]


def part_total(sure: dict[str, list["Number"]]) -> None:
    """Take what databases and other methods found in all from the numbers of databases."""
    found = sure.get("databases", [])
    others = sum(
        next(iter({each.n for each in sure[box]}))
        for box in OTHER_METHODS.values()
        if len({each.n for each in sure.get(box, [])}) == 1
    )
    parts = {other.n for other in found} | {sum(each.n for each in sources_of(sure.get("source", [])))}
    totals = {each.n for each in found if others and each.n - others in parts}
    shares = sum(each.n for each in sources_of(sure.get("source", [])))
    if shares in {each.n for each in found}:
        # More than all databases together counts what else was found, too.
        totals |= {each.n for each in found if each.n > shares}
    sure["identified"] = [each for each in found if each.n in totals]
    sure["databases"] = [each for each in found if each.n not in totals]


def sources_of(shares: Sequence["Number"]) -> tuple["Number", ...]:
    """Return each database's share, where several are listed in a row: the first list, of what was found."""
    run: list[Number] = []
    for each in shares:
        if run and (each.passage, each.number) != (run[-1].passage, run[-1].number + 1):
            if len(run) > 1:
                break
            run = []
        run.append(each)
    return tuple(run) if len(run) > 1 else ()


def in_pieces(sure: Mapping[str, Sequence["Number"]]) -> dict[str, str]:
    """Return the sums of which a box is given piece by piece in one passage, with the box: more may be."""
    found = {}
    for box, id_ in PIECED.items():
        places = [(each.passage, each.sentence, each.n) for each in sure.get(box, ())]
        told = {here: [(said, n) for passage, said, n in places if passage == here] for here, *_ in places}
        if any(len({said for said, _ in of}) > 1 or len({n for _, n in of}) > 1 for of in told.values()):
            found[id_] = box
    return found


_SIDES = MappingProxyType(
    {
        "D1": (("databases", "source", "identified"), ("duplicates",), ("screened",)),
        "D2": (("screened",), ("excluded",), ("sought", "assessed")),
        "D3": (("sought",), ("not_retrieved",), ("assessed",)),
        "I1": (("assessed",), ("reports_excluded",), ("reports", "studies")),
    }
)
"""Sums, and the boxes that each is of."""
_NEAR = 2
"""Passages: a selection is told in a paragraph, or in a few on end."""


def is_told_together(sure: Mapping[str, Sequence["Number"]], id_: str) -> bool:
    """Whether the numbers of a sum stand in one place, so that they are of one flow."""
    places = []
    for boxes in _SIDES.get(id_, ()):
        if found := {each.passage for box in boxes for each in sure.get(box, ())}:
            places.append(found)
    return not places or any(
        all(any(abs(here - there) <= _NEAR for there in others) for others in places) for here in places[0]
    )
