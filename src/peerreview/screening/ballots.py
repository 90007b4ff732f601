"""Votes to ballots: what all who voted said of a record at a stage; equal ballots are judged once."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd

from peerreview.screening.votes import REVIEWER, History, histories
from peerreview.tables import RESOLUTIONS, STAGES, WITHDRAWN

People = Mapping[tuple[str, str], History]
"""Histories of one record at one stage, by (role, reviewer)."""


@dataclass(frozen=True, eq=False)
class Ballots:
    """
    The ballots of a review.

    ``numbers`` has a row for each of ``records`` and a column for each of
    ``STAGES``: the number of the ballot cast there, -1 where there is none.
    ``people`` and ``stages`` are of the ballots by their numbers. Where many
    records have one, the histories are those of one of them.
    """

    records: pd.Index
    numbers: np.ndarray
    people: Sequence[People]
    stages: Sequence[str]
    votes: pd.DataFrame
    kept: Mapping[str, str]
    order: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    places: np.ndarray

    def of(self, record_id: str, stage: str) -> People:
        """Return who voted on a record at a stage."""
        position = self._positions.get(record_id)
        number = (
            -1
            if position is None or stage not in STAGES
            else int(self.numbers[position, STAGES.index(stage)])
        )
        return self.people[number] if number >= 0 else {}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {record_id: position for position, record_id in enumerate(self.records.tolist())}

    @cached_property
    def names(self) -> frozenset[str]:
        """All who have a vote."""
        return frozenset(name for people in self.people for _, name in people)

    @cached_property
    def is_cast(self) -> np.ndarray:
        """Where, as in ``numbers``, a vote stands: all may have been taken back."""
        is_filled = np.array([bool(people) for people in self.people] + [False])
        return np.asarray(is_filled[self.numbers])

    @cached_property
    def counts(self) -> np.ndarray:
        """On how many records each ballot was cast."""
        return np.bincount(self.numbers[self.numbers >= 0], minlength=len(self.people))

    def histories_at(self, stage: str, is_asked: np.ndarray) -> Iterator[People]:
        """Yield the histories of the records asked for, each its own, with the rows of their votes."""
        is_there = np.zeros(self.numbers.size, dtype=bool)
        is_there[np.flatnonzero(is_asked) * len(STAGES) + STAGES.index(stage)] = True
        rows = self.order[np.repeat(is_there[self.places], self.sizes)]
        yield from histories(self.votes, self.kept, np.sort(rows).tolist()).values()


def collect(votes: pd.DataFrame, kept: Mapping[str, str], records: pd.Series) -> Ballots:
    """
    Return the ballots on records.

    Most reviewers say one thing of a record, once: such votes are compared
    as numbers, all at once. Who said several things has a history, with its times.

    Parameters
    ----------
    votes : the decisions, all files as one table.
    kept : the record kept of each one removed as a duplicate.

    Raises
    ------
    InputErrors
        As ``histories``.
    """
    _check_times(votes, kept)
    index = pd.Index(records)
    codes, ids = pd.factorize(votes["record_id"])
    own = [kept.get(each, each) for each in ids.tolist()] if kept else ids
    positions = index.get_indexer(pd.Index(own, dtype="str"))[codes]
    stages = _as_stages(votes["stage"])
    is_of_review = (positions >= 0) & (stages >= 0)
    place = positions * len(STAGES) + stages
    person, said, n_said = _said(votes)
    order = np.argsort(place * n_said + said)
    order = order[is_of_review[order]]
    first = np.flatnonzero(np.diff(place[order], prepend=-1))
    sizes = np.diff(first, append=len(order))
    places = place[order][first]
    is_plain = ~_needs_histories(votes, order, first, sizes, person)
    number, examples = _number(places % len(STAGES), said[order], first, sizes, is_plain)
    is_needed = ~is_plain
    is_needed[examples] = True
    rows = order[np.repeat(is_needed, sizes)]
    elsewhere = np.flatnonzero(~is_of_review)
    found = histories(votes, kept, np.sort(np.concatenate([rows, elsewhere])).tolist())
    at = places[examples]
    named = index[at // len(STAGES)].tolist()
    at_stage = [STAGES[stage] for stage in (at % len(STAGES)).tolist()]
    numbers = np.full(len(index) * len(STAGES), -1)
    numbers[places] = number
    return Ballots(
        index,
        numbers.reshape(-1, len(STAGES)),
        [found[record_id, stage] for record_id, stage in zip(named, at_stage, strict=True)],
        at_stage,
        votes,
        kept,
        order,
        first,
        sizes,
        places,
    )


def _check_times(votes: pd.DataFrame, kept: Mapping[str, str]) -> None:
    """Check that each ``decided_at`` is one; those who said one thing once have no other look at theirs."""
    cells = [cell for each in votes["decided_at"].unique().tolist() if (cell := each.strip())]
    try:
        # A million times are read in no time where nothing is made of them.
        deque(map(datetime.fromisoformat, cells), maxlen=0)
    except ValueError:
        histories(votes, kept)


def _as_stages(column: pd.Series) -> np.ndarray:
    codes, names = pd.factorize(column)
    known = [STAGES.index(name) if name in STAGES else -1 for name in names.tolist()]
    return np.array([*known, -1])[codes]


def _said(votes: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, int]:
    """Return who cast each vote, and who said what, as numbers: one person's follow each other."""
    # A blank role means a reviewer.
    role, _ = pd.factorize(votes["role"].where(votes["role"] != "", REVIEWER))
    reviewer, reviewers = pd.factorize(votes["reviewer"])
    decision, decisions = pd.factorize(votes["decision"])
    reason, reasons = pd.factorize(votes["reason"])
    person = role.astype("int64") * len(reviewers) + reviewer
    said, distinct = pd.factorize((person * len(decisions) + decision) * len(reasons) + reason, sort=True)
    return person, said.astype("int64"), max(1, len(distinct))


def _needs_histories(
    votes: pd.DataFrame, order: np.ndarray, first: np.ndarray, sizes: np.ndarray, person: np.ndarray
) -> np.ndarray:
    """Return the places where someone voted twice or took a vote back, or several resolved."""
    if not len(first):
        return np.zeros(0, dtype=bool)
    group = np.repeat(np.arange(len(first)), sizes)
    own = person[order]
    is_again = np.zeros(len(order), dtype=bool)
    is_again[1:] = (own[1:] == own[:-1]) & (group[1:] == group[:-1])
    is_odd = is_again | (votes["decision"] == WITHDRAWN).to_numpy(dtype=bool)[order]
    is_resolution = votes["role"].isin(RESOLUTIONS).to_numpy(dtype=bool)[order]
    return (np.bincount(group, is_odd) > 0) | (np.bincount(group, is_resolution) > 1)


def _number(
    stages: np.ndarray, said: np.ndarray, first: np.ndarray, sizes: np.ndarray, is_plain: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the ballot at each place, and the first place of each ballot."""
    number = np.full(len(first), -1)
    examples: list[np.ndarray] = []
    n_said = int(said.max(initial=0)) + 1
    left = np.flatnonzero(is_plain)
    so_far = stages[left]
    n_ballots, n_votes = 0, 0
    while len(left):
        is_whole = sizes[left] == n_votes
        if is_whole.any():
            whole = left[is_whole]
            codes, distinct = pd.factorize(so_far[is_whole])
            number[whole] = codes + n_ballots
            example = np.empty(len(distinct), dtype="int64")
            example[codes[::-1]] = whole[::-1]
            examples.append(example)
            n_ballots += len(distinct)
            left, so_far = left[~is_whole], so_far[~is_whole]
        so_far = pd.factorize(so_far * n_said + said[first[left] + n_votes])[0] if len(left) else so_far
        n_votes += 1
    odd = np.flatnonzero(~is_plain)
    number[odd] = np.arange(len(odd)) + n_ballots
    return number, np.concatenate([*examples, odd]).astype("int64")
