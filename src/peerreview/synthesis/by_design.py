"""Studies of several designs, each appraised with the instrument that the team chose for its design."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.synthesis.spelling import comparable
from peerreview.tables import row_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.protocol import Rating
    from peerreview.synthesis.appraisal import Appraised
    from peerreview.synthesis.instrument import Instrument


@dataclass(frozen=True)
class Appraisal:
    """What was said of the studies that one instrument is for, and the team's ratings as they go by it."""

    instrument: Instrument
    appraised: tuple[Appraised, ...]
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """An instrument, the team's ratings as they go by it, and the studies that it is for."""

    instrument: Instrument
    ratings: tuple[Rating, ...]
    studies: tuple[str, ...]


def apart(appraisals: Sequence[Appraisal]) -> list[tuple[Appraisal, str, str]]:
    """
    Return each appraisal with what its tables and figures have behind their names, and behind their titles.

    One alone has neither; the first of several keeps its names.
    """
    if len(appraisals) == 1:
        return [(appraisals[0], "", "")]
    return [
        (each, f"-{each.instrument.name}" if place else "", f": {each.instrument.title}")
        for place, each in enumerate(appraisals)
    ]


def divide(studies: pd.DataFrame, instruments: Mapping[str, str]) -> dict[str, list[str]]:
    """
    Return instrument → the studies whose design it is for, both in their order.

    Parameters
    ----------
    studies : ``study_id, design``.
    instruments : design → the name of its instrument. A design is the same whatever its case and dashes.

    Raises
    ------
    InputErrors
        With the line of each study whose design has none.
    """
    chosen = {_plain(design): name for design, name in instruments.items()}
    found: dict[str, list[str]] = {name: [] for name in chosen.values()}
    problems = []
    for position, row in enumerate(studies.to_dict("records")):
        design = str(row.get("design", "")).strip()
        name = chosen.get(_plain(design))
        if name is None:
            told = f"design {design!r}" if design else "a blank design"
            have = ", ".join(instruments)
            problems.append(
                (position, f"{told} has no instrument; under [appraisal] in peerreview.toml have one: {have}")
            )
        else:
            found[name].append(str(row["study_id"]))
    if problems:
        raise row_errors(studies, problems)
    return found


def _plain(design: str) -> str:
    """
    Return a design without what people vary: its dashes, too.

    >>> _plain("Case–control") == _plain("case control")
    True
    """
    return comparable(design.replace("–", "-").replace("‐", "-").replace("‑", "-"))


def ratings_for(
    ratings: Sequence[Rating], instrument: Instrument, others: Sequence[Instrument]
) -> tuple[Rating, ...]:
    """
    Return ratings without the points in sets that other instruments have and this one has not.

    Raises
    ------
    InputError
        For one that has points in none of its sets.
    """
    elsewhere = {name for each in others for name in each.sets} - set(instrument.sets)
    found = []
    for rating in ratings:
        points = tuple((name, least) for name, least in rating.points if name not in elsewhere)
        if rating.points and not points:
            raise InputError(f"rating {rating.name!r} has no points in a set of {instrument.name}")
        found.append(replace(rating, points=points))
    return tuple(found)
