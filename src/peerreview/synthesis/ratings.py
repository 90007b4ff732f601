"""The team's own rule for a word on the whole: by the share of favourable judgements, or by points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peerreview.protocol import Rating
    from peerreview.synthesis.instrument import Instrument, Judgement


def share(judgements: Sequence[Judgement]) -> tuple[int, int]:
    """Return how many judgements are favourable, of how many that apply."""
    applicable = [each for each in judgements if each.applicable]
    return sum(each.favourable for each in applicable), len(applicable)


def in_all(points: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Return the points of all sets together, and the most that there are; ``points`` as in ``rate``."""
    return sum(given for given, _ in points.values()), sum(most for _, most in points.values())


def rate(counted: tuple[int, int], points: Mapping[str, tuple[int, int]], ratings: Sequence[Rating]) -> str:
    """
    Return the first rating that a study reaches; blank where it reaches none, or nothing applies to it.

    Parameters
    ----------
    counted : of a share, its part and its whole; ``points`` set → those given, and the most there are.
    ratings : as ``appraise`` takes them.
    """
    if points:
        counted = in_all(points)
    given = {"": in_all(points)[0], **{name: each for name, (each, _) in points.items()}}
    if not counted[1]:
        return ""
    # 0.1 in binary is a little more than 0.1: without the margin 3 of 5 would miss 0.6.
    reached = counted[0] / counted[1] + 1e-9
    for each in ratings:
        by_points = all(given.get(name, 0) >= least for name, least in each.points)
        if by_points if each.points else reached >= each.at_least:
            return each.name
    return ""


def check(ratings: Sequence[Rating], instrument: Instrument) -> None:
    """
    Refuse ratings by points where an instrument has none, or has no such set.

    Raises
    ------
    InputError
        With the rating, and the sets that there are.
    """
    for rating in ratings:
        if rating.points and not instrument.unit:
            message = f"rating {rating.name!r} goes by points, and {instrument.name} counts none"
            raise InputError(f"{message}; write at_least, a share from 0 to 1")
        rated = {each.set for each in instrument.items if each.rated}
        sets = [name for name in instrument.sets if name in rated]
        for name, _ in rating.points:
            if name and name not in sets:
                message = f"set {name!r} of rating {rating.name!r} is not one of {', '.join(sets)}"
                raise InputError(f"{message}, those of {instrument.name}")


def rule(ratings: Sequence[Rating], instrument: Instrument) -> str:
    """
    Return the rating rule as a sentence to print; blank without one.

    A study below the lowest rating is not rated.
    """
    if not ratings:
        return ""
    source = f" ({ratings[0].source})" if ratings[0].source else ""
    own = f"Rating: the reviewers' own rule{source}"
    if instrument.unit:
        by = f"by {instrument.unit}" if ratings[0].points else f"the share of the {instrument.unit} there are"
        steps = "; ".join(f"{each.name} from {_least(each, instrument)}" for each in ratings)
        return f"{own}, {by}: {steps}; only complete appraisals are rated."
    favourable = " or ".join(each.judgement for each in instrument.judgements if each.favourable)
    steps = ", ".join(f"{each.name} from {each.at_least:.0%}" for each in ratings)
    aside = [instrument.sets[each] for each in instrument.sets if _unrated(instrument, each)]
    without = f", {' and '.join(aside).lower()} aside" if aside else ""
    weakest = [
        f" Of {each.design} studies the component with the lowest share counts ({each.weakest})."
        for each in instrument.designs
        if each.weakest
    ]
    gate = dict.fromkeys(instrument.sets[each.set].lower() for each in instrument.items if each.gate)
    passing = f", of studies that pass the {' and '.join(gate)}" if gate else ""
    return (
        f"{own}, the share of “{favourable}” among the applicable items{without}: "
        f"{steps}; only complete appraisals are rated{passing}.{''.join(weakest)}"
    )


def _least(rating: Rating, instrument: Instrument) -> str:
    """
    Return the least that a rating takes.

    In words: 7; 3 in selection, 1 in comparability and 2 in outcome.
    """
    if not rating.points:
        return f"{rating.at_least:.0%}"
    told = [
        f"{least} in {instrument.sets[name].lower()}" if name else f"{least}" for name, least in rating.points
    ]
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def _unrated(instrument: Instrument, name: str) -> bool:
    return not any(each.rated for each in instrument.items if each.set == name)
