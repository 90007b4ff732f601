"""How far screening has come: per stage and reviewer, and what is left for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from peerreview import tables
from peerreview.screening.outcomes import Settled
from peerreview.screening.sharing import assigned
from peerreview.screening.votes import REVIEWER
from peerreview.values.folding import same

SCHEMA = "peerreview/screening-status/1"
FORM = (
    "decision", "reason", "note", "decided_at", "title", "abstract", "authors", "year", "journal", "doi",
    "url", "record_id", "reviewer", "stage",
)  # fmt: skip
"""Columns of a form, what people fill in first; a filled one is an export that ``decisions`` reads."""
RELEVANCE = "relevance"
"""The column of a form in that order: the rank, and the words that spoke for and against."""
FORM_STAGES = ("title_abstract", "retrieval", "full_text")


@dataclass(frozen=True)
class Share:
    """
    One reviewer's records at a stage.

    ``done`` have a vote of theirs; ``left`` still need one and have none of theirs; of those that they
    voted on, ``conflicts`` are in conflict, and ``awaiting`` wait for another's vote.
    """

    reviewer: str
    done: int
    left: int
    conflicts: int
    awaiting: int


@dataclass(frozen=True)
class StageStatus:
    """How far a stage has come; its own numbers are of records."""

    stage: str
    votes_required: int
    n_records: int
    outcomes: Mapping[str, int]
    n_without_votes: int
    n_awaiting_second: int
    n_single: int
    resolved_by: Mapping[str, int]
    reviewers: tuple[Share, ...]


@dataclass(frozen=True)
class Status:
    """How far screening has come, stage by stage."""

    stages: tuple[StageStatus, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the document of ``screen --status -o FILE.json``."""
        return {
            "schema": SCHEMA,
            "stages": [
                asdict(stage) | {"reviewers": [asdict(share) for share in stage.reviewers]}
                for stage in self.stages
            ],
        }


def status(
    settled: Settled,
    votes_required: Mapping[str, int],
    *,
    shown: Mapping[str, str] | None = None,
    assignments: pd.DataFrame | None = None,
) -> Status:
    """
    Return, per stage and reviewer, what is done and what is left.

    Parameters
    ----------
    shown : the names to print.
    assignments : ``record_id, reviewer, stage``, who is to judge what; a record of nobody's is left for each.
    """
    return Status(
        tuple(
            _stage_status(
                settled,
                stage,
                votes_required.get(stage, 2),
                {} if assignments is None else assigned(assignments, stage),
                shown or {},
            )
            for stage in tables.REVIEWED_STAGES
        )
    )


def _stage_status(
    settled: Settled, stage: str, required: int, awaited: Mapping[str, set[str]], shown: Mapping[str, str]
) -> StageStatus:
    at_stage = settled.screening[settled.screening["stage"] == stage]
    outcomes = dict(zip(at_stage["record_id"], at_stage["outcome"], strict=True))
    voted = {
        record_id: {name for role, name in settled.ballots.of(record_id, stage) if role == REVIEWER}
        for record_id in outcomes
    }
    short = {
        record_id
        for record_id, outcome in outcomes.items()
        if outcome == "pending" and len(voted[record_id]) < required
    }
    names = sorted(set().union(*voted.values(), *awaited.values()))
    counts = at_stage["outcome"].value_counts()
    settlers = at_stage["resolved_by"].value_counts()
    in_conflict = [record_id for record_id, outcome in outcomes.items() if outcome == "conflict"]
    return StageStatus(
        stage=stage,
        votes_required=required,
        n_records=len(outcomes),
        outcomes={outcome: int(counts.get(outcome, 0)) for outcome in tables.OUTCOMES},
        n_without_votes=sum(not voted[record_id] for record_id in short),
        n_awaiting_second=sum(bool(voted[record_id]) for record_id in short),
        n_single=sum(len(each) == 1 for each in voted.values()),
        resolved_by={role: int(settlers.get(role, 0)) for role in tables.RESOLVED_BY if role},
        reviewers=tuple(
            Share(
                reviewer=shown.get(name, name),
                done=sum(name in each for each in voted.values()),
                left=sum(
                    name not in voted[record_id] and name in awaited.get(record_id, {name})
                    for record_id in short
                ),
                conflicts=sum(name in voted[record_id] for record_id in in_conflict),
                awaiting=sum(name in voted[record_id] for record_id in short),
            )
            for name in names
        ),
    )


def open_records(
    settled: Settled, stage: str, votes_required: Mapping[str, int]
) -> dict[str, frozenset[str]]:
    """Return the records that still need a vote at a stage, in their order, and who has voted on each."""
    if stage == "retrieval":
        # What came to full text is sought, unless somebody has it or said that there is none.
        at_stage = settled.screening[settled.screening["stage"] == "full_text"]
        pending = at_stage.loc[at_stage["outcome"] == "pending", "record_id"].tolist()
        ballots = settled.ballots
        is_open = (each for each in pending if not (ballots.of(each, stage) or ballots.of(each, "full_text")))
        return {record_id: frozenset() for record_id in is_open}
    at_stage = settled.screening[settled.screening["stage"] == stage]
    required = votes_required.get(stage, 2)
    found = {}
    for record_id, outcome in zip(at_stage["record_id"], at_stage["outcome"], strict=True):
        names = frozenset(name for role, name in settled.ballots.of(record_id, stage) if role == REVIEWER)
        if outcome == "pending" and len(names) < required:
            found[record_id] = names
    return found


def left_for(reviewer: str, left: Mapping[str, frozenset[str]], awaited: Mapping[str, set[str]]) -> list[str]:
    """
    Return the records that are left for a reviewer, in their order.

    Parameters
    ----------
    left : who has voted on each record that needs a vote, as ``open_records``.
    awaited : who is to judge each record that is somebody's.
    """
    return [
        record_id
        for record_id, names in left.items()
        if reviewer not in names and reviewer in awaited.get(record_id, {reviewer})
    ]


def form(
    records: Iterable[str],
    unique: pd.DataFrame,
    *,
    reviewer: str,
    stage: str,
    relevance: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """
    Return records as rows for a reviewer to fill in, in their order, blind to what others said.

    Parameters
    ----------
    records : in the order to judge them. unique : what is known of them.
    relevance : why each stands where it does, in a column of its own; None for no such column.
    """
    names = (
        FORM
        if not relevance
        else tuple(name for each in FORM for name in ((each, RELEVANCE) if each == "abstract" else (each,)))
    )
    own_columns = [column for column in FORM if column in unique.columns]
    known = dict(zip(unique["record_id"].tolist(), unique[own_columns].to_dict("records"), strict=True))
    rows = [
        known[record_id]
        | {"reviewer": reviewer, "stage": stage, RELEVANCE: (relevance or {}).get(record_id, "")}
        for record_id in records
    ]
    return pd.DataFrame(
        [{column: row.get(column, "") for column in names} for row in rows], columns=list(names), dtype="str"
    )


def names_like(settled: Settled, reviewer: str) -> list[str]:
    """Return the names of those who voted that differ from this one by case and blanks at most."""
    return sorted(name for name in settled.ballots.names if same(name) == same(reviewer))
