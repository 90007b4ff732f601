"""Where a review stands: what is done and left, what is stale, what is odd, and what to do next."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from peerreview import tables
from peerreview.flow.unjudged import unjudged
from peerreview.paper import STAGES
from peerreview.screening.people import shown_as, without_addresses
from peerreview.screening.votes import REVIEWER
from peerreview.tables import REVIEWED_STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.paper.retractions import Retracted
    from peerreview.screening.outcomes import Settled
    from peerreview.synthesis.appraisal import Appraised
    from peerreview.synthesis.themes import Coding

SCHEMA = "peerreview/status/1"
State = Literal["fresh", "stale", "differs", "missing", "blocked", "unchecked"]
"""
What an output is beside what its command would write now: the same bytes; others; others, unless
it was written with options; not there; not to be made, for something is wrong; not compared.
"""
_STATES: Mapping[str, str] = {
    "stale": "would be written otherwise now",
    "differs": "would be written otherwise now, unless it was written with options",
    "missing": "is not written yet",
    "blocked": "cannot be made",
}


@dataclass(frozen=True)
class Output:
    """A file that a command writes, and its state; ``why`` says more where there is more to say."""

    file: str
    state: State
    command: str
    why: str = ""

    @property
    def told(self) -> str:
        """What is wrong with it, in words."""
        why = f": {without_addresses(self.why)}" if self.why else ""
        return f"{self.file} {_STATES[self.state]}{why}"


@dataclass(frozen=True)
class Awaited:
    """A person who is awaited, and on how many records."""

    reviewer: str
    n: int


@dataclass(frozen=True)
class Part:
    """A part of the work: of how many things it is, and how many are done, left and in conflict."""

    name: str
    unit: str
    n: int
    done: int
    left: int
    conflicts: int = 0
    awaited: tuple[Awaited, ...] = ()


@dataclass(frozen=True)
class Standing:
    """Where a review stands; ``next_step`` is blank where nothing is left to do."""

    parts: tuple[Part, ...]
    outputs: tuple[Output, ...]
    odd: tuple[str, ...]
    next_step: str = ""

    @property
    def stale(self) -> tuple[Output, ...]:
        """Outputs that are not what their commands would write now, or that cannot be made."""
        return tuple(each for each in self.outputs if each.state not in ("fresh", "unchecked"))

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left, stale or odd."""
        return not (self.stale or self.odd or any(part.left or part.conflicts for part in self.parts))

    @property
    def still_open(self) -> str:
        """What is open, in one line."""
        said = [
            f"{part.name.lower()}: {part.left + part.conflicts:,} of {part.n:,} {part.unit} open"
            for part in self.parts
            if part.left or part.conflicts
        ]
        said += [each.told for each in self.stale]
        return "; ".join([*said, *self.odd])


def of_screening(
    settled: Settled, required: Mapping[str, int], assignments: pd.DataFrame | None = None
) -> list[Part]:
    """
    Return how far the two stages of screening have come.

    Awaited is who was assigned a record and has not voted; for a record that
    nobody was assigned, who has voted at the stage at all and not on that record.

    Parameters
    ----------
    required : votes that each stage needs.
    assignments : ``record_id, reviewer, stage``; of a record merged since, the one kept is meant.
    """
    parts = []
    for stage in REVIEWED_STAGES:
        at_stage = settled.screening[settled.screening["stage"] == stage]
        outcomes = dict(zip(at_stage["record_id"], at_stage["outcome"], strict=True))
        voted = {
            record_id: {name for role, name in settled.ballots.of(record_id, stage) if role == REVIEWER}
            for record_id in outcomes
        }
        pending = [each for each, outcome in outcomes.items() if outcome == "pending"]
        n_conflicts = sum(outcome == "conflict" for outcome in outcomes.values())
        short = [each for each in pending if len(voted[each]) < required.get(stage, 2)]
        asked = _asked(settled, short, voted, stage, assignments)
        named = {**settled.shown} | shown_as([name for name in asked if name not in settled.shown], ())
        parts.append(
            Part(
                STAGES[stage],
                "records" if stage == "title_abstract" else "reports",
                len(outcomes),
                len(outcomes) - len(pending) - n_conflicts,
                len(pending),
                n_conflicts,
                tuple(Awaited(named[name], n) for name, n in sorted(asked.items()) if n),
            )
        )
    return parts


def _asked(
    settled: Settled,
    short: Sequence[str],
    voted: Mapping[str, set[str]],
    stage: str,
    assignments: pd.DataFrame | None,
) -> dict[str, int]:
    """Return on how many records, of those short of votes, each person's is awaited."""
    asked: dict[str, set[str]] = {}
    given: set[str] = set()
    wanted = set(short)
    if assignments is not None:
        columns = (assignments[column] for column in ("record_id", "reviewer", "stage"))
        for record_id, reviewer, at in zip(*columns, strict=True):
            kept = settled.ballots.kept.get(record_id, record_id)
            if at == stage and kept in wanted:
                given.add(kept)
                if reviewer not in voted[kept]:
                    asked.setdefault(reviewer, set()).add(kept)
    # What was assigned to nobody is anybody's.
    for name in {name for each in voted.values() for name in each}:
        others = {each for each in wanted - given if name not in voted[each]}
        asked[name] = asked.get(name, set()) | others
    return {name: len(records) for name, records in asked.items()}


def of_duplicates(duplicates: pd.DataFrame, overrides: pd.DataFrame) -> Part:
    """
    Return how many pairs of records people still have to judge.

    Parameters
    ----------
    duplicates : the columns of ``duplicates.csv``.
    overrides : ``record_id, duplicate_of, verdict``.
    """
    n_possible = int((duplicates["verdict"] == "possible").sum())
    left, _ = unjudged(duplicates, overrides)
    return Part("Possible duplicates", "pairs", n_possible, n_possible - left, left)


def of_studies(flow: Flow, studies: pd.DataFrame) -> Part:
    """
    Return how many included reports are linked to a study that is listed.

    Parameters
    ----------
    flow : of the review.
    studies : ``study_id``, a row per study.
    """
    included = flow["included"].ids
    listed = set(studies["study_id"])
    linked = {report for study, reports in flow.reports_of.items() if study in listed for report in reports}
    left = [each for each in included if each not in linked]
    return Part("Reports and studies", "reports", len(included), len(included) - len(left), len(left))


def of_appraisal(appraised: Sequence[Appraised]) -> Part:
    """Return how many studies, or results of theirs, are appraised as a whole, and on which people differ."""
    differ = [each for each in appraised if each.conflicts]
    left = [
        each
        for each in appraised
        if not each.conflicts and (each.missing or each.undecided_sets or each.unknown_design)
    ]
    n = len(appraised)
    unit = "results" if any(each.result for each in appraised) else "studies"
    return Part("Appraisal", unit, n, n - len(left) - len(differ), len(left), len(differ))


def of_themes(coding: Coding) -> Part:
    """Return how many studies have a theme."""
    coded = {study for study, _ in coding.rows}
    n = len(coding.studies)
    n_coded = sum(study in coded for study in coding.studies)
    return Part("Themes", "studies", n, n_coded, n - n_coded)


def of_retractions(works: Sequence[Retracted]) -> Part:
    """Return how many included works are in doubt, and on how many the team has yet to decide."""
    doubted = {each.record_id for each in works if each.is_in_doubt}
    left = {each.record_id for each in works if each.is_open}
    return Part("Retractions", "works", len(doubted), len(doubted) - len(left), len(left))


def odd_searches(sources: pd.DataFrame, there: Sequence[str], imported: Sequence[str]) -> list[str]:
    """
    Return what is odd about the searches and their files.

    Parameters
    ----------
    sources : the columns of ``sources.csv``.
    there : exports in the review's folder, as ``sources.csv`` would name them.
    imported : files that records come from.
    """
    if sources.empty:
        return ["sources.csv lists no search"] if there or imported else []
    odd = []
    named = set(sources["file"])
    for row in tables.rows(sources):
        n = row["records"]
        if row["file"] and row["file"] not in there and n != "0":
            odd.append(f"{row['file']}, the export of {row['source']} in sources.csv, is not here")
    odd += [f"{file} is in no row of sources.csv" for file in there if file not in named]
    return odd


def to_json(standing: Standing) -> dict[str, Any]:
    """Return where a review stands as plain data."""
    return {"schema": SCHEMA, "finished": standing.is_finished, **asdict(standing)}


def to_lines(standing: Standing) -> list[str]:
    """Return what is stale, odd and next as lines."""
    lines = []
    if standing.stale:
        lines.append("Stale or missing")
        lines += [f"  {each.told}" for each in standing.stale]
    if standing.odd:
        lines += ["Odd", *(f"  {each}" for each in standing.odd)]
    n_fresh = sum(each.state == "fresh" for each in standing.outputs)
    unchecked = [each.file for each in standing.outputs if each.state == "unchecked"]
    lines.append(f"{n_fresh} outputs are as they would be written now")
    if unchecked:
        lines.append(f"not compared: {', '.join(unchecked)}")
    return [*lines, f"Next: {standing.next_step or 'nothing; the review is finished'}"]
