"""Votes to independent votes: who judged a record alone, and what each said before it was discussed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from peerreview.screening.people import sounds_settled
from peerreview.screening.votes import (
    REVIEWER,
    History,
    Which,
    differ,
    histories,
    independent,
    settled_others,
)
from peerreview.tables import WITHDRAWN

BY_CHANCE = 0.05
"""The chance below which votes without times, all of them on conflicts, are taken to have settled them."""


@dataclass(frozen=True)
class Coded:
    """The votes as integers, each with its names; ``records`` are the records kept."""

    stages: np.ndarray
    stage_names: list[str]
    is_reviewer: np.ndarray
    roles: np.ndarray
    role_names: list[str]
    records: np.ndarray
    record_names: Any
    people: np.ndarray
    people_names: list[str]
    decisions: np.ndarray
    decision_names: list[str]


@dataclass(frozen=True)
class TieBreaker:
    """
    A reviewer who voted on conflicts alone, on ``n_records``.

    ``is_left_out`` says whether the votes are known to have come after both
    others, by their times or because chance would hardly choose so.
    """

    reviewer: str
    n_records: int
    has_times: bool
    is_left_out: bool


@dataclass(frozen=True)
class Said:
    """
    Independent votes: a row per record, a column per reviewer.

    ``matrix`` holds positions in the names of decisions, -1 where there is no
    vote; ``records`` are the positions of the rows in the names of records.
    """

    matrix: np.ndarray
    records: np.ndarray
    reviewers: tuple[str, ...]
    n_changed: int = 0
    n_merged_votes_differ: int = 0
    n_order_unknown: int = 0


def code(votes: pd.DataFrame, kept: Mapping[str, str]) -> Coded:
    """
    Return votes as integers; ``kept`` names the record kept of each removed as a duplicate.

    Parameters
    ----------
    votes : ``record_id, reviewer, stage, decision, role``, a row per vote.
    kept : the record kept of each one removed.
    """
    stages, stage_names = _factors(votes["stage"])
    roles, role_names = _factors(votes["role"])
    role_names = [role or REVIEWER for role in role_names]
    # Half a million ids stay where pandas has them: few of their names are ever asked for.
    records, ids = pd.factorize(votes["record_id"])
    record_names: Any = ids
    if kept:
        own = np.array([kept.get(each, each) for each in ids], dtype=object)
        to_kept, record_names = pd.factorize(own)
        records = to_kept[records]
    people, people_names = _factors(votes["reviewer"])
    decisions, decision_names = _factors(votes["decision"])
    return Coded(
        stages, stage_names,
        np.array([role == REVIEWER for role in role_names] or [True])[roles], roles, role_names,
        records, record_names, people, people_names, decisions, decision_names,
    )  # fmt: skip


def find_tie_breakers(
    votes: pd.DataFrame, coded: Coded, rows: np.ndarray, kept: Mapping[str, str]
) -> list[TieBreaker]:
    """
    Return the reviewers who voted on conflicts alone.

    Who also judged a record that two others agree on, or one of which two
    had not yet voted, judged independently, however late. Where no time
    tells that the votes came after both others, they are taken to have done so
    if reviewers who choose records at random would hit conflicts alone less
    than once in twenty times.

    Parameters
    ----------
    votes : ``record_id, reviewer, stage, decision, decided_at``, and the rest of a decisions file.
    rows : positions of the reviewers' votes at one stage.

    References
    ----------
    Agreement is of votes cast before conflicts are settled: Cochrane Handbook,
    4.6.4; PRISMA 2020 (Page et al. 2021), doi:10.1136/bmj.n71, item 8.
    """
    candidates = _on_conflicts(coded, rows)
    if not candidates:
        return []
    theirs = np.isin(coded.people[rows], list(candidates))
    concerned = rows[np.isin(coded.records[rows], coded.records[rows[theirs]])]
    names = {coded.people_names[person] for person in candidates}
    after: dict[str, list[bool | None]] = {name: [] for name in sorted(names)}
    for people in histories(votes, kept, concerned.tolist()).values():
        for own in people.values():
            if own.reviewer in names:
                others = [each for each in people.values() if each is not own]
                after[own.reviewer].append(settled_others(own, others))
    found = []
    everyone: list[Sequence[History]] | None = None
    for name, verdicts in after.items():
        if not verdicts or False in verdicts:
            continue
        has_times = None not in verdicts
        if not has_times and everyone is None:
            everyone = [tuple(people.values()) for people in histories(votes, kept, rows.tolist()).values()]
        is_left_out = has_times or _chance(name, everyone or ()) < BY_CHANCE
        found.append(TieBreaker(name, len(verdicts), has_times, is_left_out))
    return found


def said_independently(
    votes: pd.DataFrame,
    coded: Coded,
    rows: np.ndarray,
    kept: Mapping[str, str],
    *,
    required: int,
    of: Which = "standing",
) -> Said:
    """
    Return each record's independent votes, and how many were changed or left out.

    Most records have one vote of a reviewer, and need no history.

    Parameters
    ----------
    votes : ``record_id, reviewer, stage, decision, decided_at``, and the rest of a decisions file.
    rows : positions of the reviewers' votes at one stage.
    required, of : as ``votes.independent`` wants them.
    """
    is_present = np.zeros(len(coded.record_names), dtype=bool)
    is_present[coded.records[rows]] = True
    record_codes = np.flatnonzero(is_present)
    records = (np.cumsum(is_present) - 1)[coded.records[rows]]
    # In the order in which they come: the sign of the bias index tells the first from the second.
    present = pd.unique(coded.people[rows]).tolist()
    place = np.full(max(1, len(coded.people_names)), -1)
    place[present] = range(len(present))
    names = tuple(coded.people_names[person] for person in present)
    people = place[coded.people[rows]]
    kind = np.int8 if len(coded.decision_names) < 127 else np.int32
    said = np.full((len(record_codes), len(names)), -1, dtype=kind)
    said[records, people] = coded.decisions[rows]
    is_withdrawal = _is_withdrawal(coded, rows)
    if int((said >= 0).sum()) == len(rows) and not is_withdrawal.any():
        return Said(said, record_codes, names)
    # A record with a changed vote needs all of its votes: their times tell what was independent.
    cells = np.bincount(records * len(names) + people, minlength=said.size)
    involved: np.ndarray = np.any(cells.reshape(said.shape) > 1, axis=1)
    involved[records[is_withdrawal]] = True
    said[involved] = -1
    where = {coded.record_names[record]: row for row, record in enumerate(record_codes.tolist())}
    column = {name: place for place, name in enumerate(names)}
    code_of = {decision: number for number, decision in enumerate(coded.decision_names)}
    n_changed = n_merged = n_unordered = 0
    for (record_id, _), by_person in histories(votes, kept, rows[involved[records]].tolist()).items():
        n_changed += sum(history.has_changed for history in by_person.values())
        for reviewer, vote in independent(by_person.values(), required, of=of).items():
            if vote is None:
                is_one = len(by_person[REVIEWER, reviewer].cast) == 1
                n_unordered += is_one
                n_merged += not is_one
            else:
                said[where[record_id], column[reviewer]] = code_of[vote.decision]
    return Said(said, record_codes, names, n_changed, n_merged, n_unordered)


def named_like_resolutions(names: Iterable[str]) -> list[str]:
    """Return the names among reviewers that sound like a resolution."""
    return sorted(name for name in names if sounds_settled(name))


def _on_conflicts(coded: Coded, rows: np.ndarray) -> set[int]:
    """Return the people who may have voted on conflicts alone, as far as one look at all votes tells."""
    present, people = np.unique(coded.people[rows], return_inverse=True)
    if len(present) < 3:
        return set()
    record_codes, records = np.unique(coded.records[rows], return_inverse=True)
    # A vote taken back may have been meant for another record: those are looked at one by one.
    is_clear = np.ones(len(record_codes), dtype=bool)
    is_clear[records[_is_withdrawal(coded, rows)]] = False
    has_voted = np.zeros((len(record_codes), len(present)), dtype=bool)
    has_voted[records, people] = True
    has_two_others = has_voted.sum(axis=1) >= 3
    # At full text reasons may differ where decisions do not.
    is_full = "full_text" in {coded.stage_names[stage] for stage in np.unique(coded.stages[rows]).tolist()}
    decisions = coded.decisions[rows]
    found = set()
    for place, person in enumerate(present.tolist()):
        own = has_voted[:, place] & is_clear
        if not has_two_others[own].all():
            continue
        if not is_full:
            others = people != place
            lowest = np.full(len(record_codes), len(coded.decision_names))
            highest = np.full(len(record_codes), -1)
            np.minimum.at(lowest, records[others], decisions[others])
            np.maximum.at(highest, records[others], decisions[others])
            if (lowest[own] == highest[own]).any():
                continue
        found.add(person)
    return found


def _is_withdrawal(coded: Coded, rows: np.ndarray) -> np.ndarray:
    if WITHDRAWN not in coded.decision_names:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(coded.decisions[rows] == coded.decision_names.index(WITHDRAWN))


def _chance(name: str, records: Iterable[Sequence[History]]) -> float:
    """
    Return how likely a reviewer who chose records at random had hit conflicts of others alone.

    Drawn without putting back: hypergeometric.
    """
    n_judged = n_conflicts = n_own = 0
    for people in records:
        first = [each.first for each in people if each.reviewer != name]
        votes = [vote for vote in first if vote is not None]
        if len(votes) < 2:
            continue
        n_judged += 1
        n_conflicts += differ(votes)
        n_own += len(first) < len(people)
    return math.comb(n_conflicts, n_own) / math.comb(n_judged, n_own)


def _factors(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    codes, names = pd.factorize(column)
    return codes, [str(name) for name in names]
