"""Judgements → summaries: what the appraisers said of each study, what is missing, and a rating by a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from peerreview.protocol import Rating
from peerreview.synthesis.instrument import Design, Instrument, Judgement
from peerreview.tables import RESOLUTIONS, SYNTHETIC, row_errors


@dataclass(frozen=True)
class Judged:
    """What was settled on one item of one study; ``judgement`` is None where appraisers differ."""

    judgement: Judgement | None
    said: tuple[tuple[str, str], ...]
    synthetic: bool = False


@dataclass(frozen=True)
class Appraised:
    """
    One study's appraisal.

    ``asked`` are the items that its design asks for; ``missing`` those of them
    without a judgement, ``conflicts`` those on which appraisers differ,
    ``unasked`` items that were judged though the design does not ask for them.
    ``undecided_sets`` are the sets of which one is asked for, and none was judged.
    ``rating`` is blank where there is no rule, or the appraisal is not complete.
    """

    study_id: str
    label: str
    design: str
    judged: Mapping[str, Judged]
    asked: tuple[str, ...]
    missing: tuple[str, ...]
    conflicts: tuple[str, ...]
    unasked: tuple[str, ...]
    undecided_sets: tuple[str, ...]
    unknown_design: bool
    n_favourable: int
    n_applicable: int
    rating: str

    @property
    def complete(self) -> bool:
        """Whether every item that is asked for has one judgement."""
        return not (self.missing or self.conflicts or self.undecided_sets or self.unknown_design)

    @property
    def synthetic(self) -> bool:
        """Whether a judgement that the rating rests on is synthetic."""
        return any(self.judged[item].synthetic for item in self.asked if item in self.judged)


def appraise(
    appraisal: pd.DataFrame,
    studies: pd.DataFrame,
    *,
    instrument: Instrument,
    ratings: Sequence[Rating] = (),
) -> tuple[Appraised, ...]:
    """
    Return each study's appraisal, in the order of the studies.

    Appraisers who agree have settled an item; where they differ, a row by
    ``consensus`` or ``adjudicator`` settles it, else it is a conflict. A
    rating is given only to a complete appraisal: the first word of
    ``ratings`` whose ``at_least`` the share of favourable judgements among the
    rated, applicable items reaches.

    Parameters
    ----------
    appraisal, studies : as in ``tables``; ``studies`` may have a column ``design``.
    ratings : from the highest ``at_least`` down; shares in [0, 1].

    Raises
    ------
    InputErrors
        For a study, item or judgement that is not known, or an item judged
        twice by one reviewer.
    """
    known_items = {each.item: each for each in instrument.items}
    known_studies = set(studies["study_id"])
    said: dict[tuple[str, str], list[tuple[str, Judgement, bool]]] = {}
    problems = []
    doubled = appraisal.duplicated(["study_id", "item", "reviewer"])
    for position, row in enumerate(appraisal.to_dict("records")):
        study_id, item = row["study_id"], row["item"]
        judgement = instrument.find_judgement(row["judgement"])
        faults = []
        if study_id not in known_studies:
            faults.append(f"study_id {study_id!r} is not in the studies; add it there or correct it")
        if item not in known_items:
            faults.append(f"item {item!r} is not an item of {instrument.name}")
        legal = instrument.permitted(known_items[item]) if item in known_items else instrument.judgements
        if judgement is None or judgement not in legal:
            words = ", ".join(each.judgement for each in legal)
            of_item = f", the answers to item {item}" if len(legal) < len(instrument.judgements) else ""
            faults.append(f"judgement {row['judgement']!r} is not one of {words}{of_item}")
        if doubled.iloc[position]:
            by = f" by {row['reviewer']!r}" if row["reviewer"] else "; name the reviewers in a column"
            faults.append(f"item {item!r} of study {study_id!r} is judged twice{by}")
        problems += [(position, fault) for fault in faults]
        if judgement is not None:
            said.setdefault((study_id, item), []).append(
                (row["reviewer"], judgement, row["basis"] == SYNTHETIC)
            )
    if problems:
        raise row_errors(appraisal, problems)
    settled = {cell: _settle(votes) for cell, votes in said.items()}
    appraised = []
    for row in studies.to_dict("records"):
        judged = {
            each.item: settled[row["study_id"], each.item]
            for each in instrument.items
            if (row["study_id"], each.item) in settled
        }
        appraised.append(
            _appraise_study(
                row["study_id"],
                row["label"],
                row.get("design", ""),
                judged=judged,
                instrument=instrument,
                ratings=ratings,
            )
        )
    return tuple(appraised)


def rule(ratings: Sequence[Rating], instrument: Instrument) -> str:
    """
    Return the rating rule as a sentence to print; blank without one.

    A study below the lowest ``at_least`` is not rated.
    """
    if not ratings:
        return ""
    favourable = " or ".join(each.judgement for each in instrument.judgements if each.favourable)
    steps = ", ".join(f"{each.name} from {each.at_least:.0%}" for each in ratings)
    aside = [instrument.sets[each] for each in instrument.sets if _unrated(instrument, each)]
    without = f", {' and '.join(aside).lower()} aside" if aside else ""
    return (
        f"Rating: the reviewers' own rule, the share of “{favourable}” among the applicable items{without}: "
        f"{steps}; only complete appraisals are rated."
    )


def summarise(appraised: Sequence[Appraised], *, instrument: Instrument) -> pd.DataFrame:
    """
    Return how often each judgement was given per item.

    Returns
    -------
    One row per item that any study was asked: ``item, text, set``, one
    integer column per judgement of the instrument, ``conflict``, ``missing``, ``n_asked``, and
    ``n_synthetic``, the studies whose judgement on it is synthetic.
    """
    rows = []
    for each in instrument.items:
        asked = [study for study in appraised if each.item in study.asked]
        if not asked:
            continue
        row: dict[str, str | int] = {"item": each.item, "text": each.text, "set": each.set}
        for judgement in instrument.judgements:
            row[judgement.judgement] = sum(
                study.judged[each.item].judgement == judgement for study in asked if each.item in study.judged
            )
        row["conflict"] = sum(each.item in study.conflicts for study in asked)
        row["missing"] = sum(each.item in study.missing for study in asked)
        row["n_asked"] = len(asked)
        row["n_synthetic"] = sum(
            study.judged[each.item].synthetic for study in asked if each.item in study.judged
        )
        rows.append(row)
    columns = [
        "item", "text", "set", *(each.judgement for each in instrument.judgements),
        "conflict", "missing", "n_asked", "n_synthetic",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def to_json(
    appraised: Sequence[Appraised], *, instrument: Instrument, ratings: Sequence[Rating] = ()
) -> dict[str, Any]:
    """Return the appraisals, the counts per item and per rating, schema ``peerreview/appraisal/1``."""
    studies = [
        {
            "study_id": study.study_id,
            "label": study.label,
            "design": study.design,
            "judgements": {
                item: judged.judgement.judgement if judged.judgement else None
                for item, judged in study.judged.items()
            },
            "missing": list(study.missing),
            "conflicts": list(study.conflicts),
            "unasked": list(study.unasked),
            "n_favourable": study.n_favourable,
            "n_applicable": study.n_applicable,
            "rating": study.rating or None,
            "synthetic": study.synthetic,
        }
        for study in appraised
    ]
    return {
        "schema": "peerreview/appraisal/1",
        "instrument": instrument.name,
        "rule": rule(ratings, instrument),
        "ratings": {each.name: sum(study.rating == each.name for study in appraised) for each in ratings},
        "items": summarise(appraised, instrument=instrument).to_dict("records"),
        "studies": studies,
    }


def _settle(votes: Sequence[tuple[str, Judgement, bool]]) -> Judged:
    said = tuple((reviewer, judgement.judgement) for reviewer, judgement, _ in votes)
    last_word = [vote for vote in votes if vote[0].casefold() in RESOLUTIONS]
    # An adjudicator is called where consensus was not found.
    last_word.sort(key=lambda vote: RESOLUTIONS.index(vote[0].casefold()))
    chosen = last_word[-1:] or votes
    judgements = {judgement for _, judgement, _ in chosen}
    synthetic = all(synthetic for *_, synthetic in chosen)
    return Judged(chosen[0][1] if len(judgements) == 1 else None, said, synthetic)


def _appraise_study(
    study_id: str,
    label: str,
    design: str,
    *,
    judged: Mapping[str, Judged],
    instrument: Instrument,
    ratings: Sequence[Rating],
) -> Appraised:
    of_set = {each.item: each.set for each in instrument.items}
    judged_sets = {of_set[item] for item in judged}
    found: Design | None = None
    undecided: tuple[str, ...] = ()
    unknown = False
    if not instrument.designs:
        sets = set(instrument.sets)
    else:
        found = instrument.find_design(design)
        unknown = found is None
        # Without a known design, what was judged is the only word on what applies.
        sets = judged_sets if found is None else set(found.sets)
        if found is not None and found.one_of:
            chosen = [each for each in found.one_of if each in judged_sets]
            sets |= set(chosen)
            undecided = () if chosen else found.one_of
    asked = tuple(each.item for each in instrument.items if each.set in sets)
    rated = {each.item for each in instrument.items if each.rated}
    judgements = [judged[item].judgement for item in asked if item in rated and item in judged]
    applicable = [each for each in judgements if each is not None and each.applicable]
    missing = tuple(item for item in asked if item not in judged)
    conflicts = tuple(item for item in asked if item in judged and judged[item].judgement is None)
    n_favourable = sum(each.favourable for each in applicable)
    complete = not (missing or conflicts or undecided or unknown)
    return Appraised(
        study_id=study_id,
        label=label,
        design=design if found is None else found.design,
        judged=judged,
        asked=asked,
        missing=missing,
        conflicts=conflicts,
        unasked=tuple(item for item in judged if item not in asked),
        undecided_sets=undecided,
        unknown_design=unknown,
        n_favourable=n_favourable,
        n_applicable=len(applicable),
        rating=_rate(n_favourable, len(applicable), ratings) if complete else "",
    )


def _rate(n_favourable: int, n_applicable: int, ratings: Sequence[Rating]) -> str:
    if not n_applicable:
        return ""
    # 0.1 in binary is a little more than 0.1: without the margin 3 of 5 would miss 0.6.
    share = n_favourable / n_applicable + 1e-9
    return next((each.name for each in ratings if share >= each.at_least), "")


def _unrated(instrument: Instrument, name: str) -> bool:
    return not any(each.rated for each in instrument.items if each.set == name)
