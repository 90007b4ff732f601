"""Votes as histories: what each reviewer said of a record at a stage, first, last and in between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from typing import Literal

import pandas as pd

from peerreview import tables
from peerreview.tables import WITHDRAWN
from peerreview.values.folding import same
from peerreview.values.lists import split

Which = Literal["standing", "first", "final"]
"""Of several votes that a reviewer cast on a record, the one that agreement is measured on."""
REVIEWER, AI, AUTOMATION = "reviewer", "ai", "automation"
GRACE = timedelta(minutes=10)
"""A last vote corrected this soon by its own reviewer was a slip of the hand, not a discussion."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One row of a decisions file; ``record_id`` is the record kept, ``cast_on`` the one voted on."""

    row: int
    record_id: str
    cast_on: str
    reviewer: str
    stage: str
    decision: str
    reason: str
    role: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """
    All that one person, in one role, said of a record at a stage: oldest first, per record voted on.

    It begins and ends with votes; between them one may have been withdrawn.
    """

    reviewer: str
    role: str
    cast: Mapping[str, Sequence[Vote]]

    @property
    def latest(self) -> Vote | None:
        """The vote that stands; None where votes on records merged later differ."""
        return _one([votes[-1] for votes in self.cast.values()])

    @property
    def first(self) -> Vote | None:
        """The vote cast first of all; None where votes on records merged later differ."""
        return _one([votes[0] for votes in self.cast.values()])

    @property
    def first_at(self) -> datetime | None:
        """When this person first voted, as far as that is known."""
        times = [votes[0].at for votes in self.cast.values()]
        return None if None in times else min(time for time in times if time is not None)

    @property
    def rows(self) -> list[int]:
        """Positions of the votes in their table."""
        return sorted(vote.row for votes in self.cast.values() for vote in votes)

    @property
    def has_changed(self) -> bool:
        """Whether a vote was changed."""
        return any(len({vote.decision for vote in votes} - {WITHDRAWN}) > 1 for votes in self.cast.values())

    def standing_at(self, time: datetime | None) -> Vote | None:
        """
        Return the vote that stood at a time (None: the first); None where merged ones differ.

        Where none stood yet, or it had been withdrawn, that is the next one.
        """
        stood = []
        for votes in self.cast.values():
            before = [vote for vote in votes if time is not None and vote.at is not None and vote.at <= time]
            if not before or before[-1].decision == WITHDRAWN:
                before.append(votes[len(before)])
            stood.append(before[-1])
        return _one(stood)


def follow(duplicates: pd.DataFrame) -> dict[str, str]:
    """
    Return, for each record removed as a duplicate, the record kept.

    Parameters
    ----------
    duplicates : the table of that name; rows with the verdict ``duplicate`` count.
    """
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    step = dict(zip(removed["record_id"], removed["duplicate_of"], strict=True))
    kept = {}
    for record_id, first in step.items():
        seen = {record_id}
        end = first
        while end in step and end not in seen:
            seen.add(end)
            end = step[end]
        kept[record_id] = end
    return kept


def moment(text: str) -> datetime | None:
    """
    Return the moment that ISO 8601 text names, UTC where no zone is given; None for what is not one.

    >>> moment("2024-01-01T10:00:00Z") == moment("2024-01-01 11:00+01:00")
    True
    """
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def first_reason(cell: str, places: Mapping[str, int]) -> str:
    """
    Return the reason of a cell that is first in a protocol's order, by ``places``; blank where none is given.

    >>> first_reason("Wrong design; No peers", {"no peers": 0, "wrong design": 1})
    'No peers'
    """
    return min(split(cell), key=lambda reason: places.get(same(reason), len(places)), default="")


def histories(
    votes: pd.DataFrame, kept: Mapping[str, str], rows: Sequence[int] | None = None
) -> dict[tuple[str, str], dict[tuple[str, str], History]]:
    """
    Return the histories of each record and stage, keyed by (role, reviewer); repeated rows count once.

    A vote withdrawn and not cast anew is no vote: who has none has no history.

    Parameters
    ----------
    votes : the decisions, all files as one table.
    kept : the record kept of each one removed as a duplicate.
    rows : positions of the votes wanted; all if None.

    Raises
    ------
    InputErrors
        For a ``decided_at`` that is no date, and for different votes of one
        reviewer on one record and stage whose order is unknown.
    """
    cast: dict[tuple[str, str], dict[tuple[str, str], dict[str, list[Vote]]]] = {}
    problems: list[tuple[int, str]] = []
    columns = ("record_id", "reviewer", "stage", "decision", "reason", "role", "decided_at")
    some = votes if rows is None else votes.iloc[list(rows)]
    positions = range(len(votes)) if rows is None else rows
    for row, *cells in zip(positions, *(some[column].tolist() for column in columns), strict=True):
        cast_on, reviewer, stage, decision, reason, role, decided_at = cells
        at = moment(decided_at) if decided_at.strip() else None
        if decided_at.strip() and at is None:
            problems.append(
                (row, f"decided_at {decided_at!r} is not a date and time such as 2024-05-31T14:00:00Z")
            )
        record_id = kept.get(cast_on, cast_on)
        vote = Vote(row, record_id, cast_on, reviewer, stage, decision, reason, role or REVIEWER, at)
        person = cast.setdefault((record_id, stage), {}).setdefault((vote.role, reviewer), {})
        person.setdefault(cast_on, []).append(vote)
    ordered: dict[tuple[str, str], dict[tuple[str, str], History]] = {}
    for place, people in cast.items():
        ordered[place] = {}
        for (role, reviewer), by_record in sorted(people.items()):
            standing = {}
            for record_id, said in sorted(by_record.items()):
                votes_in_order, unclear = _in_order(said)
                problems += unclear
                if kept_votes := _without_withdrawn(votes_in_order):
                    standing[record_id] = kept_votes
            if standing:
                ordered[place][role, reviewer] = History(reviewer, role, standing)
    if problems:
        raise tables.row_errors(votes, sorted(problems))
    return ordered


def independent(
    people: Iterable[History], required: int, *, of: Which = "standing", grace: timedelta = GRACE
) -> dict[str, Vote | None]:
    """
    Return each reviewer's independent vote: the one standing before a conflict could be discussed.

    That is the vote standing when the record had its last required first
    vote. Whoever cast that one, or voted later still, may correct a slip of
    the hand within ``grace``; the others may have seen it by then. Without
    times it is the first vote. None where votes on records merged later differ.

    Parameters
    ----------
    required : votes that the stage needs.
    of : ``standing``, as above; ``first``, the one ever cast first; ``final``, the
        latest, which teams may have settled between them.
    """
    reviewers = list(people)
    if of != "standing":
        return {each.reviewer: each.first if of == "first" else each.latest for each in reviewers}
    times = sorted(history.first_at for history in reviewers if history.first_at is not None)
    whole = len(times) == len(reviewers)
    known = times[min(required, len(times)) - 1] if whole and times else None
    chosen = {}
    for history in reviewers:
        own = history.first_at
        limit = None
        if known is not None and own is not None:
            limit = known if own < known else own + grace
        chosen[history.reviewer] = history.standing_at(limit)
    return chosen


def twins(names: Iterable[str]) -> list[tuple[str, ...]]:
    """
    Return names that differ in case or blanks alone, as groups.

    >>> twins(["Ana", "bo", "ana "])
    [('Ana', 'ana ')]
    """
    groups: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        groups.setdefault(same(name), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def differ(votes: Sequence[Vote]) -> bool:
    """
    Return whether reviewers had something to settle: decisions differ, or why full texts are excluded.

    A doubt beside an include sends a record on, and yet teams settle it.
    """
    if len({vote.decision for vote in votes}) != 1:
        return bool(votes)
    is_full = votes[0].stage == "full_text" and votes[0].decision == "exclude"
    return is_full and len({same(vote.reason) for vote in votes if vote.reason.strip()}) > 1


def settled_others(own: History, others: Iterable[History]) -> bool | None:
    """Return whether a reviewer voted on what two others differ on, after both; None where no time tells."""
    mine, earlier, undated = own.first_at, [], []
    for other in others:
        theirs = other.first_at
        if mine is None or theirs is None or theirs == mine:
            undated.append(other.first)
        elif theirs < mine:
            earlier.append(other.standing_at(mine))
    known = [vote for vote in earlier if vote is not None]
    if differ(known):
        return True
    return None if differ([*known, *(vote for vote in undated if vote is not None)]) else False


def _without_withdrawn(votes: list[Vote]) -> list[Vote]:
    """Return votes without a withdrawal of none; none of them where the last was taken back."""
    if votes[-1].decision == WITHDRAWN:
        return []
    while votes[0].decision == WITHDRAWN:
        votes = votes[1:]
    return votes


def _in_order(said: list[Vote]) -> tuple[list[Vote], list[tuple[int, str]]]:
    if len(said) == 1:
        return said, []
    if all(vote.at is not None for vote in said):
        ordered = sorted(said, key=_when)
        for earlier, later in pairwise(ordered):
            # What is withdrawn at the time of the first vote can be no other.
            is_first = later.decision == WITHDRAWN and later.at == ordered[0].at
            if earlier.at == later.at and _contradict(earlier, later) and not is_first:
                return said, [_unclear(earlier, later, "the same decided_at")]
        return ordered, []
    cast = [vote for vote in said if vote.decision != WITHDRAWN]
    unclear = [pair for pair in combinations(cast, 2) if _contradict(*pair)]
    if not unclear and len(cast) < len(said) and len({vote.at for vote in cast}) > 1:
        unclear = [(vote, taken) for vote in cast for taken in said if taken.decision == WITHDRAWN]
    if not unclear:
        # A vote is withdrawn after it was cast.
        return sorted(said, key=lambda vote: (vote.decision == WITHDRAWN, _fullness(vote))), []
    first, other = next((pair for pair in unclear if None in (pair[0].at, pair[1].at)), unclear[0])
    # The row to mend is the one without a time.
    first, other = (other, first) if first.at is None and other.at is not None else (first, other)
    return said, [_unclear(first, other, "no decided_at")]


def _when(vote: Vote) -> tuple[float, bool, tuple[bool, str, str]]:
    return vote.at.timestamp() if vote.at else 0.0, vote.decision == WITHDRAWN, _fullness(vote)


def _contradict(one: Vote, other: Vote) -> bool:
    reasons = {same(vote.reason) for vote in (one, other) if vote.reason.strip()}
    return one.decision != other.decision or len(reasons) > 1


def _unclear(first: Vote, other: Vote, fault: str) -> tuple[int, str]:
    said = [f"{vote.decision} ({vote.reason})" if vote.reason else vote.decision for vote in (first, other)]
    return other.row, (
        f"{other.reviewer} says {said[0]} and {said[1]} of {other.cast_on!r} at {other.stage} "
        f"with {fault}, so their order is unknown; fill in decided_at"
    )


def _one(votes: Sequence[Vote]) -> Vote | None:
    if len({vote.decision for vote in votes}) != 1:
        return None
    return max(votes, key=_fullness)


def _fullness(vote: Vote) -> tuple[bool, str, str]:
    """Sort a row with a reason after its twin without, whatever the order of the files."""
    return bool(vote.reason.strip()), vote.reason, vote.cast_on
