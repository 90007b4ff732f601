"""Who judged what at a stage: people, how many of them each record, and tools."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.screening.outcomes import decide
from peerreview.screening.people import Reviewer, known_as, shown_as
from peerreview.screening.votes import AI, AUTOMATION, REVIEWER, histories
from peerreview.tables import LIST, RESOLUTIONS, REVIEWED_STAGES, STAGES
from peerreview.values.lists import split


@dataclass(frozen=True)
class Judging:
    """
    Who judged the records of one stage.

    ``n_votes`` says of how many records so many reviewers voted. ``tools`` set
    records aside without a reviewer, ``ai`` voted and decided nothing: each by
    its name, with how many. ``by_resolution`` counts what a consensus or an
    adjudicator settled. ``reviewers`` is None where only outcomes are known,
    and some of them name who settled a record rather than who voted on it.
    """

    stage: str
    n_records: int
    reviewers: tuple[str, ...]
    n_votes: Mapping[int, int]
    n_not_known: int
    tools: Mapping[str, int]
    ai: Mapping[str, int]
    by_resolution: Mapping[str, int]

    @property
    def n_judged(self) -> int:
        """Records on which a reviewer voted, as far as that is known."""
        return sum(n for votes, n in self.n_votes.items() if votes)

    @property
    def n_with_two(self) -> int:
        """Records on which two reviewers voted, or more."""
        return sum(n for votes, n in self.n_votes.items() if votes > 1)


def count_judging(
    outcomes: pd.DataFrame,
    votes: pd.DataFrame | None = None,
    *,
    kept: Mapping[str, str] | None = None,
    reviewers: Sequence[Reviewer] = (),
) -> list[Judging]:
    """
    Return who judged the records of each stage that has outcomes, in the order of the stages.

    A tool is no reviewer, and neither is who settled a conflict. With the
    votes it is known who voted; outcomes alone name the one who settled a
    record without votes in the reviewers' place: of a record settled so, with
    one name, it is not known.

    Parameters
    ----------
    outcomes : as ``screening.csv``. votes : the decisions, all files as one table.
    kept : the record kept of each one removed as a duplicate.
    reviewers : the protocol's; each stands under the name to print.
    """
    known = None if votes is None else known_as(votes, reviewers)
    people = {} if known is None else histories(known, kept or {})
    names = [name for cell in outcomes["reviewers"].unique().tolist() for name in split(cell)]
    shown = shown_as(names if known is None else known["reviewer"].unique().tolist(), reviewers)
    found = []
    for stage in STAGES:
        at_stage = outcomes[outcomes["stage"] == stage]
        if at_stage.empty:
            continue
        judges: set[str] = set()
        n_votes: Counter[int] = Counter()
        tools: Counter[str] = Counter()
        ai: Counter[str] = Counter()
        n_not_known = 0
        for record_id, names, way in zip(
            at_stage["record_id"], at_stage["reviewers"], at_stage["resolved_by"], strict=True
        ):
            said = people.get((record_id, stage), {})
            ai.update(shown[name] for role, name in said if role == AI)
            voted = {name for role, name in said if role == REVIEWER}
            if votes is None:
                voted = set() if way == AUTOMATION else set(split(names))
                if way in RESOLUTIONS and len(voted) == 1:
                    n_not_known += 1
                    continue
            if way == AUTOMATION:
                # Names of screening.csv are those to print, unless it was written before they were known.
                tools.update(shown.get(name, name) for name in split(names))
            judges |= voted
            n_votes[len(voted)] += 1
        found.append(
            Judging(
                stage,
                len(at_stage),
                tuple(sorted(shown.get(name, name) for name in judges)),
                n_votes,
                n_not_known,
                dict(sorted(tools.items())),
                dict(sorted(ai.items())),
                {way: n for way in RESOLUTIONS if (n := int((at_stage["resolved_by"] == way).sum()))},
            )
        )
    return found


def with_passed(
    outcomes: pd.DataFrame,
    votes: pd.DataFrame,
    *,
    kept: Mapping[str, str] | None = None,
    reviewers: Sequence[Reviewer] = (),
) -> pd.DataFrame:
    """
    Return the outcomes, and those of the records that passed a stage which lists only what did not.

    That somebody looked at a record before screening and let it through, or got a report's full text,
    stands in the votes alone.

    Parameters
    ----------
    outcomes : as ``screening.csv``. votes : the decisions, all files as one table.
    kept : the record kept of each one removed as a duplicate.
    reviewers : the protocol's; each stands under the name to print.
    """
    known = known_as(votes, reviewers)
    shown = shown_as(known["reviewer"].unique().tolist(), reviewers)
    is_asked = ~known["stage"].isin(REVIEWED_STAGES).to_numpy()
    told = set(zip(outcomes["record_id"], outcomes["stage"], strict=True))
    # What is open or over at a stage has not come to those after it.
    ended = {
        record_id: STAGES.index(stage)
        for record_id, stage, outcome in zip(
            *(outcomes[column] for column in ("record_id", "stage", "outcome")), strict=True
        )
        if outcome != "include"
    }
    passed = []
    for (record_id, stage), people in histories(known, kept or {}, is_asked.nonzero()[0].tolist()).items():
        is_here = STAGES.index(stage) < ended.get(record_id, len(STAGES))
        reached = decide(people, stage, required=1, reasons={})
        if is_here and (record_id, stage) not in told and reached.outcome == "include":
            passed.append(
                {
                    "record_id": record_id,
                    "stage": stage,
                    "outcome": reached.outcome,
                    "reviewers": LIST.join(shown.get(name, name) for name in reached.reviewers),
                    "resolved_by": reached.resolved_by,
                }
            )
    return pd.concat([outcomes, tables.make(tables.SCREENING, passed)]) if passed else outcomes
