"""What the studies are worth and what they say → the sentences of a report: appraisal, themes, findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from peerreview.paper.document import Sentence
from peerreview.paper.sheets import heading_of, percent
from peerreview.paper.sheets.appraisal import compare_appraisers
from peerreview.paper.sheets.statistics import compared_sentence
from peerreview.paper.sheets.themes import compare_coders
from peerreview.synthesis import themes
from peerreview.synthesis.ratings import in_all, rule
from peerreview.tables import CONFIDENCE, RESOLUTIONS, SYNTHETIC
from peerreview.values.counts import counted
from peerreview.values.lists import series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.protocol import Protocol
    from peerreview.synthesis.appraisal import Appraised
    from peerreview.synthesis.findings import Finding
    from peerreview.synthesis.instrument import Instrument
    from peerreview.synthesis.themes import Coding


def quality(appraised: Sequence[Appraised], instrument: Instrument, laid_down: Protocol) -> list[Sentence]:
    """Return how many studies were appraised, by how many people and with what, and how they were rated."""
    judged = [study for study in appraised if study.judged]
    n_whole = sum(study.complete for study in judged)
    whole = "" if n_whole == len(judged) else f", {n_whole:,} of them on every item that is asked for"
    units = ("result", "results") if any(study.result for study in appraised) else ("study", "studies")
    n_judged, n_studies = (len({each.study_id for each in part}) for part in (judged, appraised))
    if len(judged) > n_judged:
        whole = f", {counted(len(judged), 'result')} in all{whole}"
    told = [
        Sentence(
            f"{_of(n_judged, n_studies)} appraised with the {instrument.title}{whole}.",
            "appraisal.csv; peerreview.toml, instrument",
            any(study.synthetic for study in judged),
        )
    ]
    if judged:
        # Who judged one result of a study and who another appraised one study.
        by_study: dict[str, list[set[str]]] = {}
        for study in judged:
            names = [_people(each.said) for each in study.judged.values()]
            by_study.setdefault(study.study_id, []).extend(names)
        people = list(by_study.values())
        told.append(
            Sentence(
                f"Appraised by {_by_how_many(people)}.",
                "appraisal.csv, column reviewer",
                any(study.synthetic for study in judged),
            )
        )
    stopped = [study for study in appraised if study.stopped]
    if stopped:
        told.append(
            Sentence(
                f"{_of(len(stopped), len(appraised), *units)} not rated for a screening question: "
                f"{series([study.name for study in stopped])}.",
                "appraisal.csv, screening questions",
                any(study.synthetic for study in stopped),
            )
        )
    told += _points(appraised, instrument)
    if laid_down.ratings:
        counts = Counter(study.rating or "not rated" for study in appraised)
        parts = [f"{each.name} {counts[each.name]:,}" for each in laid_down.ratings]
        parts += [f"not rated {counts['not rated']:,}"] if counts["not rated"] else []
        made_up = any(study.synthetic for study in appraised)
        told.append(Sentence(f"Ratings: {series(parts)}.", "appraisal.csv, rated by the rule", made_up))
        told.append(Sentence(rule(laid_down.ratings, instrument), "peerreview.toml, ratings"))
    agreed = compared_sentence(compare_appraisers(appraised, instrument=instrument), "Appraisers", "items")
    if agreed:
        made_up = any(study.synthetic for study in appraised)
        told.append(Sentence(agreed, "appraisal.csv, rows by reviewer", made_up))
    return told


def certainty(found: Sequence[Finding]) -> list[Sentence]:
    """Return in how many findings the review states how much confidence."""
    if not found:
        return []
    counts = Counter(each.confidence for each in found)
    parts = [f"{level} {counts[level]:,}" for level in CONFIDENCE if counts[level]]
    parts += [f"not stated {counts['']:,}"] if counts[""] and parts else []
    said = f": {series(parts)}" if parts else "; confidence is stated in none"
    made_up = any(each.synthetic for each in found)
    text = f"{counted(len(found), 'finding')}{', by confidence' if parts else ''}{said}."
    return [Sentence(text, "findings.csv, column confidence", made_up)]


def _of(n: int, n_all: int, one: str = "study", more: str = "studies") -> str:
    """
    Return so many of all studies, or of what else there is, to go on with what was done to them.

    >>> _of(3, 3), _of(1, 3)
    ('3 studies were', 'Of 3 studies, 1 was')
    """
    if n == n_all:
        return counted(n, f"{one} was", f"{more} were")
    return f"Of {counted(n_all, one, more)}, {counted(n, 'was', 'were')}"


def _people(said: Sequence[tuple[str, str]]) -> set[str]:
    """Return who said something, without the consensus and the adjudicator, who settle what others said."""
    return {name for name, _ in said if name.casefold() not in RESOLUTIONS}


def _points(appraised: Sequence[Appraised], instrument: Instrument) -> list[Sentence]:
    """Return from how many to how many points studies have, where they could all have as many."""
    counted_ones = [study for study in appraised if study.points]
    sums = [in_all(study.points) for study in counted_ones]
    given, whole = [each for each, _ in sums], {most for _, most in sums}
    if len(whole) != 1:
        return []
    least, most = min(given), max(given)
    span = f"{least}" if least == most else f"from {least} to {most}"
    of = counted(len(counted_ones), "complete appraisal")
    return [
        Sentence(
            f"{heading_of(instrument.unit)} of {of}: {span} of {whole.pop()}.",
            "appraisal.csv, summed",
            any(study.synthetic for study in counted_ones),
        )
    ]


def _by_how_many(people: Sequence[Sequence[set[str]]]) -> str:
    """Return how many studies so many people worked on, from the names at each item of each study."""
    ways: Counter[str] = Counter()
    for items in people:
        names = set().union(*items)
        if all(len(each) > 1 for each in items):
            ways["two people or more"] += 1
        elif len(names) > 1:
            ways["two people or more in part"] += 1
        elif names - {""}:
            ways["one person"] += 1
        else:
            ways["people who are not named"] += 1
    order = ("two people or more", "two people or more in part", "one person", "people who are not named")
    return series([f"{way}: {counted(ways[way], 'study', 'studies')}" for way in order if ways[way]])


def findings(coding: Coding) -> list[Sentence]:
    """Return how many studies were coded, by how many people, and in how many each theme was found."""
    coders: dict[str, set[str]] = {}
    for study, coder in zip(coding.quotes["study_id"], coding.quotes["coder"], strict=True):
        coders.setdefault(study, set()).add(coder)
    people = [[{name for name in names if name.casefold() not in RESOLUTIONS}] for names in coders.values()]
    told = []
    if people:
        told = [
            Sentence(
                f"{_of(len(people), len(coding.studies))} coded; coded by {_by_how_many(people)}.",
                "themes.csv, columns study_id and coder",
                any(
                    all(
                        coding.is_synthetic(study, each.theme)
                        for each in coding.themes
                        if (study, each.theme) in coding.rows
                    )
                    for study in coders
                ),
            )
        ]
    for row in themes.tally(coding).to_dict("records") if coding.studies else ():
        told.append(
            Sentence(
                f"{row['label']}: coded in {row['n']} of {counted(row['n_studies'], 'study', 'studies')} "
                f"({percent(row['n'], row['n_studies'])}).",
                f"themes.csv, rows of theme {row['theme']}",
                row["n_synthetic"] > 0,
            )
        )
    agreed = compared_sentence(compare_coders(coding), "Coders", "studies and themes")
    if agreed:
        made_up = (coding.quotes["basis"] == SYNTHETIC).any()
        told.append(Sentence(agreed, "themes.csv, rows by coder", bool(made_up)))
    return told
