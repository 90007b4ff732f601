"""Judgements → summaries: what the appraisers said of each study, what is missing, and a rating by a rule."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from peerreview.synthesis import answers, overall
from peerreview.synthesis.ratings import check, in_all, rate, rule, share
from peerreview.synthesis.spelling import comparable
from peerreview.tables import LIST, RESOLUTIONS, SYNTHETIC, row_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peerreview.protocol import Rating
    from peerreview.synthesis.answers import Meaning
    from peerreview.synthesis.instrument import Design, Instrument, Item, Judgement


@dataclass(frozen=True)
class Judged:
    """
    What was settled on one item of one study; ``judgement`` is None where appraisers differ.

    ``words`` are the answers to an item that takes any, which none differ on.
    """

    judgement: Judgement | None
    said: tuple[tuple[str, str], ...]
    synthetic: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Appraised:
    """
    One study's appraisal, or that of one ``result`` of it.

    ``asked`` are the items that its design asks for; ``missing`` those of them
    without a judgement, ``conflicts`` those on which appraisers differ,
    ``unasked`` items that were judged though the design does not ask for them.
    ``undecided_sets`` are the sets of which one is asked for, and none was judged.
    ``stopped`` are the items of a gate that the study does not pass: it is not
    rated, and where nothing else was judged, nothing else is asked for. ``rating`` is blank where
    there is no rule, or the appraisal is not complete; ``weakest`` is the set
    that gave it, where not all of them do. ``by_rule`` is the instrument's own
    judgement of the whole, ``fault`` what is wrong with the appraisers'.
    ``weight`` is what it counts in the weighted summary; None where none is given. ``points`` are what
    the judgements of each set count, and the most that they could; of a complete appraisal alone, with an
    instrument that counts.
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
    result: str = ""
    stopped: tuple[str, ...] = ()
    weakest: str = ""
    by_rule: str = ""
    fault: str = ""
    weight: float | None = None
    points: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def total(self) -> str:
        """The points of all sets of the most that there are, as in 7/9; blank where they are not counted."""
        if not self.points:
            return ""
        given, most = in_all(self.points)
        return f"{given}/{most}"

    @property
    def name(self) -> str:
        """The study's label, and the result."""
        return f"{self.label}: {self.result}" if self.result else self.label

    @property
    def complete(self) -> bool:
        """Whether every item that is asked for has one judgement."""
        return not (self.missing or self.conflicts or self.undecided_sets or self.unknown_design)

    @property
    def synthetic(self) -> bool:
        """Whether a judgement that the rating rests on is synthetic."""
        return any(self.judged[item].synthetic for item in self.asked if item in self.judged)


@dataclass(frozen=True)
class _Said:
    """One appraiser's answer; ``judgement`` is None where an item took it in words."""

    reviewer: str
    judgement: Judgement | None
    words: str
    synthetic: bool


@dataclass
class _Unit:
    """What was said of one study, or of one result of it, by item."""

    said: dict[str, list[_Said]] = field(default_factory=dict)
    weight: float | None = None


def appraise(
    appraisal: pd.DataFrame,
    studies: pd.DataFrame,
    *,
    instrument: Instrument,
    ratings: Sequence[Rating] = (),
) -> tuple[Appraised, ...]:
    """
    Return each study's appraisal, in the order of the studies; where results are judged, each result's.

    Appraisers who agree have settled an item; where they differ, a row by
    ``consensus`` or ``adjudicator`` settles it, else it is a conflict. A
    rating is given only to a complete appraisal that passes the gate: the
    first word of ``ratings`` whose ``at_least`` the share of favourable
    judgements among the rated, applicable items reaches (of points, where
    the instrument counts), or whose points it has; of a design that is
    no better than its weakest component, the lowest share of one.

    Parameters
    ----------
    appraisal, studies : as in ``tables``; ``studies`` may have a column ``design``.
    ratings : from the highest ``at_least`` down, shares in [0, 1]; or from the most points down.

    Raises
    ------
    InputError
        For ratings by points that the instrument does not have.
    InputErrors
        For a study, item or judgement that is not known, an item judged
        twice by one reviewer, a weight that is none, or is two; and where
        some rows of a study name a result and others do not.
    """
    check(ratings, instrument)
    units = _units(appraisal, studies, instrument)
    appraised = []
    for row in studies.to_dict("records"):
        of_study = units.get(row["study_id"]) or {"": _Unit()}
        for result, unit in of_study.items():
            judged = {
                each.item: _settle(unit.said[each.item], each)
                for each in instrument.items
                if each.item in unit.said
            }
            appraised.append(
                _appraise_study(
                    row["study_id"],
                    row["label"],
                    row.get("design", ""),
                    judged=judged,
                    instrument=instrument,
                    ratings=ratings,
                    result=result,
                    weight=unit.weight,
                )
            )
    return tuple(appraised)


def _units(
    appraisal: pd.DataFrame, studies: pd.DataFrame, instrument: Instrument
) -> dict[str, dict[str, _Unit]]:
    """Return study → result → what was said of it."""
    known_items = {each.item: each for each in instrument.items}
    known_studies = set(studies["study_id"])
    meanings = answers.read(appraisal["judgement"], instrument)
    starred = answers.is_starred(meanings)
    units: dict[str, dict[str, _Unit]] = {}
    spelled: dict[tuple[str, str], str] = {}
    problems: list[tuple[int, str]] = []
    # A sign that may be two judgements is so in every cell: it is asked about once.
    told_signs: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    for position, row in enumerate(appraisal.to_dict("records")):
        study_id = row["study_id"]
        item = instrument.spellings.get(comparable(row["item"]), row["item"])
        result = spelled.setdefault((study_id, comparable(row["result"])), row["result"])
        by = row["role"] if row["role"] in RESOLUTIONS else row["reviewer"]
        cell, of_item = row["judgement"], known_items.get(item)
        meaning = answers.of_item(cell, meanings[cell], of_item, instrument, starred=starred)
        faults = []
        if study_id not in known_studies:
            faults.append(f"study_id {study_id!r} is not in the studies; add it there or correct it")
        if item not in known_items:
            faults.append(f"item {item!r} is not an item of {instrument.name}")
        if not meaning.fault or meaning.fault not in told_signs:
            faults += _judgement_faults(cell, meaning, of_item, instrument)
        told_signs.add(meaning.fault)
        if (study_id, result, item, by) in seen:
            told = f" by {by!r}" if by else "; name the reviewers in a column"
            faults.append(f"item {item!r} of study {study_id!r} is judged twice{told}")
        seen.add((study_id, result, item, by))
        of_study = units.setdefault(study_id, {})
        unit = of_study.setdefault(result, _Unit())
        if ("" in of_study) != all(not each for each in of_study):
            faults.append(f"some rows of study {study_id!r} name a result, and some do not")
        weight, fault = _weight(row["weight"])
        if fault or (weight is not None and unit.weight not in (None, weight)):
            faults.append(
                fault or f"weight {row['weight']!r} of study {study_id!r} was {unit.weight:g} above"
            )
        unit.weight = unit.weight if weight is None else weight
        problems += [(position, each) for each in faults]
        is_free = item in known_items and known_items[item].free
        if meaning.judgement is not None or is_free:
            said = _Said(by, meaning.judgement, cell.strip(), row["basis"] == SYNTHETIC)
            unit.said.setdefault(item, []).append(said)
    if problems:
        raise row_errors(appraisal, problems)
    return units


def _judgement_faults(cell: str, meaning: Meaning, item: Item | None, instrument: Instrument) -> list[str]:
    if (item is not None and item.free) or meaning.nothing:
        return []
    legal = instrument.permitted(item) if item is not None else instrument.judgements
    if meaning.judgement in legal:
        return []
    if meaning.fault:
        return [meaning.fault]
    words = ", ".join(each.judgement for each in legal)
    of_item = f", the answers to item {item.item}" if item and len(legal) < len(instrument.judgements) else ""
    return [f"judgement {cell!r} is not one of {words}{of_item}"]


def _weight(cell: str) -> tuple[float | None, str]:
    """
    Return a weight, and what is wrong with it.

    >>> _weight("12.5%"), _weight(""), _weight("0")
    ((12.5, ''), (None, ''), (None, "weight '0' is not a number above 0"))
    """
    if not cell:
        return None, ""
    try:
        weight = float(cell.removesuffix("%").strip())
    except ValueError:
        weight = 0.0
    if not math.isfinite(weight) or weight <= 0 or "_" in cell:
        return None, f"weight {cell!r} is not a number above 0"
    return weight, ""


def summarise(appraised: Sequence[Appraised], *, instrument: Instrument) -> pd.DataFrame:
    """
    Return how often each judgement was given per item.

    Returns
    -------
    One row per item that any study was asked: ``item, text, set``, one
    integer column per judgement of the instrument, ``conflict``, ``missing``, ``n_asked``, and
    ``n_synthetic``, the studies whose judgement on it is synthetic. Where results are judged, they are
    counted, not studies. What is answered in words is not here.
    """
    rows = []
    for each in instrument.items:
        asked = [study for study in appraised if _is_counted(study, each)]
        if not asked or (each.free and all(study.judged[each.item].words for study in asked)):
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
            **({"result": study.result} if study.result else {}),
            "design": study.design,
            "judgements": {
                item: judged.judgement.judgement if judged.judgement else LIST.join(judged.words) or None
                for item, judged in study.judged.items()
            },
            "missing": list(study.missing),
            "conflicts": list(study.conflicts),
            "unasked": list(study.unasked),
            **({"points": _points_json(study)} if instrument.unit else {}),
            "n_favourable": study.n_favourable,
            "n_applicable": study.n_applicable,
            "rating": study.rating or None,
            "stopped": list(study.stopped),
            "overall_by_rule": study.by_rule or None,
            "overall_fault": study.fault or None,
            "weight": study.weight,
            "synthetic": study.synthetic,
        }
        for study in appraised
    ]
    return {
        "schema": "peerreview/appraisal/1",
        "instrument": instrument.name,
        "rule": rule(ratings, instrument),
        "overall_rule": overall.sentence(instrument),
        "ratings": {each.name: sum(study.rating == each.name for study in appraised) for each in ratings},
        "items": summarise(appraised, instrument=instrument).to_dict("records"),
        "studies": studies,
    }


def _points_json(study: Appraised) -> dict[str, dict[str, int]] | None:
    return {name: {"given": given, "of": most} for name, (given, most) in study.points.items()} or None


def is_weighted(appraised: Sequence[Appraised]) -> bool:
    """Return whether each appraisal that judges anything has a weight, and not all of them the same."""
    weights = {study.weight for study in appraised if study.judged}
    return len(weights) > 1 and None not in weights


def weigh(appraised: Sequence[Appraised], item: Item) -> dict[str, float]:
    """
    Return the share of each judgement on an item in the weight of those asked, in [0, 1].

    Judgement → share; ``conflict`` and ``missing`` beside them.
    """
    asked = [study for study in appraised if _is_counted(study, item)]
    whole = sum(study.weight or 0.0 for study in asked)
    shares: dict[str, float] = {}
    for study in asked:
        judged = study.judged.get(item.item)
        said = "missing" if judged is None else judged.judgement.judgement if judged.judgement else "conflict"
        shares[said] = shares.get(said, 0.0) + (study.weight or 0.0) / whole
    return shares


def _is_counted(study: Appraised, item: Item) -> bool:
    """Return whether a study counts in an item's summary: where it need not be answered, if it was."""
    return item.item in study.asked and (not item.optional or item.item in study.judged)


def _settle(votes: Sequence[_Said], item: Item) -> Judged:
    said = tuple((each.reviewer, each.judgement.judgement) for each in votes if each.judgement)
    last_word = [vote for vote in votes if vote.reviewer.casefold() in RESOLUTIONS]
    # An adjudicator is called where consensus was not found.
    last_word.sort(key=lambda vote: RESOLUTIONS.index(vote.reviewer.casefold()))
    chosen = last_word[-1:] or votes
    judgements = {each.judgement for each in chosen}
    synthetic = all(each.synthetic for each in chosen)
    settled = chosen[0].judgement if len(judgements) == 1 else None
    if item.free and settled is None:
        words = tuple(dict.fromkeys(each.words for each in chosen))
        return Judged(None, (), synthetic, words)
    return Judged(settled, said, synthetic)


def _appraise_study(
    study_id: str,
    label: str,
    design: str,
    *,
    judged: Mapping[str, Judged],
    instrument: Instrument,
    ratings: Sequence[Rating],
    result: str,
    weight: float | None,
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
    of_design = [each for each in instrument.items if each.set in sets]
    words = {item: each.judgement for item, each in judged.items() if each.judgement is not None}
    stopped = tuple(
        each.item
        for each in of_design
        if each.gate and each.item in words and not words[each.item].favourable
    )
    if stopped and not any(each.rated and each.item in judged for each in of_design):
        undecided = ()
        of_design = [each for each in of_design if each.gate]
    asked = tuple(each.item for each in of_design)
    missing = tuple(each.item for each in of_design if each.item not in judged and not each.optional)
    conflicts = tuple(
        each.item for each in of_design if each.item in judged and not each.free and each.item not in words
    )
    complete = not (missing or conflicts or undecided or unknown)
    by_component = {}
    if found is not None and found.weakest:
        for component in dict.fromkeys(each.set for each in of_design if each.rated):
            of_component = [each.item for each in of_design if each.set == component]
            by_component[component] = share([words[item] for item in of_component if item in words])
    counted = share([words[item.item] for item in of_design if item.rated and item.item in words])
    weakest = ""
    if complete and by_component:
        weakest = min(by_component, key=lambda each: by_component[each][0] / max(by_component[each][1], 1))
        counted = by_component[weakest]
    settled = {item: each for item, each in words.items() if item in asked}
    is_counted = bool(instrument.unit) and complete and not stopped
    points = _points(settled, instrument) if is_counted else {}
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
        n_favourable=counted[0],
        n_applicable=counted[1],
        rating=rate(counted, points, ratings) if complete and not stopped else "",
        result=result,
        stopped=stopped,
        weakest=weakest,
        by_rule=overall.by_rule(settled, instrument) if _is_ruled(complete, missing, instrument) else "",
        fault=overall.fault(settled, instrument),
        weight=weight,
        points=points,
    )


def _points(settled: Mapping[str, Judgement], instrument: Instrument) -> dict[str, tuple[int, int]]:
    """Return set → the points of its rated items, and the most that those which apply could have."""
    found: dict[str, tuple[int, int]] = {}
    for item in instrument.items:
        judgement = settled.get(item.item)
        if item.rated and judgement is not None and judgement.applicable:
            given, most = found.get(item.set, (0, 0))
            found[item.set] = (given + judgement.points, most + instrument.most(item))
    return found


def _is_ruled(complete: bool, missing: Sequence[str], instrument: Instrument) -> bool:  # noqa: FBT001
    """Return whether a rule can say something of the whole: only its own item may be open."""
    of_whole = instrument.overall.item if instrument.overall else ""
    return complete or (bool(of_whole) and tuple(missing) == (of_whole,))
