"""Rounds of a review and its earlier version → the sentences that tell them apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from peerreview.paper import report
from peerreview.paper.document import Sentence
from peerreview.tables import REVIEWED_STAGES, SYNTHETIC
from peerreview.values.counts import counted
from peerreview.values.lists import series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.protocol import Protocol


def rounds_of(records: pd.DataFrame) -> dict[str, str]:
    """
    Return the round of each record.

    Parameters
    ----------
    records : ``record_id, round``, as ``records.csv``.
    """
    return dict(zip(records["record_id"], records["round"], strict=True))


def search(sources: pd.DataFrame, records: pd.DataFrame, laid_down: Protocol | None = None) -> list[Sentence]:
    """
    Return what was searched and found, round by round where there are several.

    What was searched in the first round alone was not searched up to the last
    round's day, and an update's figure counts the last round.

    Parameters
    ----------
    sources : the columns of ``sources.csv``.
    records : ``source_kind, round``, as ``records.csv``.
    """
    of_source = sources["round"].replace("", "1")
    rounds = _in_order({*of_source, *records["round"]})
    if len(rounds) < 2:
        return report.search(sources, records, laid_down)
    # What was removed elsewhere was removed once: before the first round that has records of a library.
    libraries = laid_down.libraries if laid_down else ()
    held = _in_order(records.loc[records["source"].isin(libraries), "round"])
    first = held[0] if held else rounds[0]
    later = replace(laid_down, elsewhere={}) if laid_down else None
    return [
        sentence
        for each in rounds
        for sentence in report.search(
            sources[of_source == each],
            records[records["round"] == each],
            laid_down if each == first else later,
            of_round=each,
        )
    ]


def deduplication(
    duplicates: pd.DataFrame, unique: pd.DataFrame, rounds: Mapping[str, str]
) -> list[Sentence]:
    """
    Return how many records each round's searches lost to duplicates, and how many were left.

    Parameters
    ----------
    duplicates : ``record_id, verdict``.
    unique : ``round``.
    rounds : the round of each record.
    """
    removed = Counter(
        rounds[record_id]
        for record_id in duplicates.loc[duplicates["verdict"] == "duplicate", "record_id"]
        if record_id in rounds
    )
    left = Counter(unique["round"])
    if len(removed | left) < 2:
        return []
    parts = [
        f"{removed[each]:,} removed and {left[each]:,} left of round {each}"
        for each in _in_order({*removed, *left})
    ]
    return [
        Sentence(f"By round: {'; '.join(parts)}.", "duplicates.csv and unique.csv; records.csv, column round")
    ]


def screening(outcomes: pd.DataFrame, rounds: Mapping[str, str]) -> list[Sentence]:
    """
    Return what came of each round's records, stage by stage.

    Parameters
    ----------
    outcomes : ``record_id, stage, outcome``, as ``screening.csv``, and what passed a stage by its votes.
    rounds : the round of each record.
    """
    told = []
    for stage, begins in report.AT.items():
        at_stage = outcomes[outcomes["stage"] == stage]
        by_round: dict[str, Counter[str]] = {}
        for record_id, outcome in zip(at_stage["record_id"], at_stage["outcome"], strict=True):
            if record_id in rounds:
                by_round.setdefault(rounds[record_id], Counter())[outcome] += 1
        if len(by_round) < 2:
            continue
        parts = [
            f"in round {each}, "
            + series([f"{n:,} {outcome.replace('_', ' ')}" for outcome, n in sorted(counts.items())])
            for each, counts in ((each, by_round[each]) for each in _in_order(by_round))
        ]
        told.append(
            Sentence(
                f"{begins}, by round: {'; '.join(parts)}.",
                f"{_by_votes(stage, at_stage)}screening.csv, rows of {stage} by outcome; "
                "records.csv, column round",
            )
        )
    return told


def _by_votes(stage: str, at_stage: pd.DataFrame) -> str:
    """Return that votes say what came of a stage, where screening.csv does not list what passed it."""
    is_told = stage not in REVIEWED_STAGES and (at_stage["outcome"] == "include").any()
    return "decisions; " if is_told else ""


def included(
    studies: pd.DataFrame, reports: pd.DataFrame, rounds: Mapping[str, str], *, kept: Mapping[str, str]
) -> list[Sentence]:
    """
    Return in which round the first report of each study was found.

    Parameters
    ----------
    studies : ``study_id``.
    reports : ``record_id, study_id``.
    rounds : the round of each record.
    kept : names the record kept for each record removed as a duplicate.
    """
    known = set(studies["study_id"])
    first: dict[str, int] = {}
    for record_id, study in zip(reports["record_id"], reports["study_id"], strict=True):
        found = rounds.get(kept.get(record_id, record_id))
        if study in known and found is not None:
            first[study] = min(int(found), first.get(study, int(found)))
    counts = Counter(map(str, first.values()))
    if len(counts) < 2:
        return []
    parts = [f"{counts[each]:,} in round {each}" for each in _in_order(counts)]
    return [
        Sentence(
            f"By the round of a study's first report: {series(parts)}.",
            "reports.csv; studies.csv; records.csv, column round",
        )
    ]


def retired(gone: Mapping[str, tuple[str, str]]) -> list[Sentence]:
    """Return which studies were retired, by study their round and the reason; else nothing."""
    if not gone:
        return []
    named = [f"{study} (round {number}: {reason.rstrip('.')})" for study, (number, reason) in gone.items()]
    were, are = ("was", "is") if len(gone) == 1 else ("were", "are")
    return [
        Sentence(
            f"{counted(len(gone), 'study', 'studies')} included earlier {were} retired, and {are} in no "
            f"number here: {series(named)}.",
            "changes.csv, rows of retired",
        )
    ]


def update(flow: Flow) -> list[Sentence]:
    """Return what an update adds to its earlier version, as far as it is counted; else nothing."""
    if not flow.is_updated:
        return []
    count = _counts(flow)
    parts = [
        f"{said} {whose}"
        for said, whose in (
            (count("previous_studies", "previous_reports"), "of the earlier version"),
            (count("studies", "reports", "new "), "of this one"),
            (_new_reports(flow), "of studies of the earlier version"),
            (count("retired_studies", "retired_reports"), "retired since"),
            (count("total_studies", "total_reports"), "in all"),
        )
        if said
    ]
    return [
        Sentence(
            f"The flow diagram is of an update: it counts {series(parts)}; the boxes between are of the "
            "records of this version.",
            "flow.json, boxes of previous, new and total studies",
            any(flow[key].basis == SYNTHETIC for key in ("previous_studies", "studies", "total_studies")),
        )
    ]


def _new_reports(flow: Flow) -> str:
    """Return how many new reports tell of studies that an earlier version has; blank where none does."""
    n = flow.n("reports_of_previous")
    return counted(n, "new report") if n else ""


def not_listed(flow: Flow, studies: pd.DataFrame) -> int | None:
    """
    Return how many studies an update includes, where the table lists the new ones alone; else None.

    Parameters
    ----------
    flow : an update's or not.
    studies : ``study_id``, a row per study.
    """
    total = flow.n("total_studies")
    lists_new = flow.is_updated and flow.n("studies") == len(studies)
    return total if lists_new and total != len(studies) else None


def _counts(flow: Flow) -> Callable[..., str]:
    def count(studies: str, reports: str, new: str = "") -> str:
        n, n_reports = flow.n(studies), flow.n(reports)
        said = [] if n is None else [counted(n, f"{new}study", f"{new}studies")]
        said += [] if n_reports is None else [counted(n_reports, f"{'' if said else new}report")]
        return " in ".join(said)

    return count


def _in_order(rounds: Iterable[str]) -> Sequence[str]:
    return sorted(rounds, key=int)
