"""Votes as histories: what each reviewer said of a record at a stage, first, last and in between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Literal

import pandas as pd

from peerreview import tables
from peerreview.tables import WITHDRAWN
from peerreview.values.folding import same
from peerreview.values.lists import LIST, split
from peerreview.values.missing import is_no_reason

Which = Literal["standing", "first", "final"]
"""Of several votes that a reviewer cast on a record, the one that agreement is measured on."""
REVIEWER, AI, AUTOMATION = "reviewer", "ai", "automation"
OF_RECORD = "record"
"""``reason_of`` a reason that an export gives without saying whose it is."""
GRACE = timedelta(minutes=10)
"""A last vote corrected this soon by its own reviewer was a slip of the hand, not a discussion."""


@dataclass(frozen=True, slots=True)
class Vote:
    """
    One row of a decisions file; ``record_id`` is the record kept, ``cast_on`` the one voted on.

    Where only the day is known (``is_day``), ``at`` is its beginning.
    """

    row: int
    record_id: str
    cast_on: str
    reviewer: str
    stage: str
    decision: str
    reason: str
    role: str
    at: datetime | None
    is_day: bool = False

    @property
    def until(self) -> datetime | None:
        """The latest that the vote can have been cast."""
        return self.at + timedelta(days=1) if self.at is not None and self.is_day else self.at


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
        """The vote that stands; None where several differ: on records merged later, or of unknown order."""
        return _one(self.latest_each)

    @property
    def latest_each(self) -> list[Vote | None]:
        """The vote that stands on each record voted on; None where that is not known."""
        return [_last(votes) for votes in self.cast.values()]

    @property
    def first(self) -> Vote | None:
        """The vote cast first of all; None where votes on records merged later differ."""
        return _one([_first(votes) for votes in self.cast.values()])

    @property
    def first_at(self) -> datetime | None:
        """When this person first voted, as far as that is known: of a day, its beginning."""
        times = [votes[0].at for votes in self.cast.values()]
        return None if None in times else min(time for time in times if time is not None)

    @property
    def first_until(self) -> datetime | None:
        """The latest that this person can have voted first."""
        times = [vote.until for votes in self.cast.values() for vote in votes]
        return None if None in times else min(time for time in times if time is not None)

    @property
    def is_unclear(self) -> bool:
        """Whether it is unknown which of several votes on one record is the latest."""
        return None in self.latest_each

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
        Return the vote that stood at a time (None: the first); None where that is not known.

        Where none stood yet, or it had been withdrawn, that is the next one.
        """
        stood = []
        for votes in self.cast.values():
            before = [
                vote for vote in votes if time is not None and vote.until is not None and vote.until <= time
            ]
            vote = _last(before) if before else _first(votes)
            if vote is not None and vote.decision == WITHDRAWN:
                after = [each for each in votes if each not in before]
                vote = _first(after) if after else None
            stood.append(vote)
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


def is_day(text: str) -> bool:
    """
    Return whether ISO 8601 text names a day and no time: alone, or at midnight, as spreadsheets write a date.

    >>> [is_day(text) for text in ("2024-01-01", "2024-01-01 00:00:00", "2024-01-01T00:00:00Z")]
    [True, True, False]
    """
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        parsed = moment(text)
        return (
            parsed is not None
            and parsed.time() == time()
            and datetime.fromisoformat(text.strip()).tzinfo is None
        )
    return True


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
        reviewer on one record and stage of which one has none.
    """
    cast: dict[tuple[str, str], dict[tuple[str, str], dict[str, list[Vote]]]] = {}
    problems: list[tuple[int, str]] = []
    columns = ("record_id", "reviewer", "stage", "decision", "reason", "role", "decided_at")
    known: dict[str, tuple[datetime | None, bool]] = {"": (None, False)}
    some = votes if rows is None else votes.iloc[list(rows)]
    positions = range(len(votes)) if rows is None else rows
    # R writes NA where a reason is missing.
    nothing = {reason for reason in some["reason"].unique().tolist() if is_no_reason(reason)}
    for row, *cells in zip(positions, *(some[column].tolist() for column in columns), strict=True):
        cast_on, reviewer, stage, decision, reason, role, decided_at = cells
        if decided_at not in known:
            known[decided_at] = moment(decided_at), is_day(decided_at)
        at, day = known[decided_at]
        if decided_at.strip() and at is None:
            problems.append(
                (row, f"decided_at {decided_at!r} is not a date and time such as 2024-05-31T14:00:00Z")
            )
        record_id = kept.get(cast_on, cast_on)
        reason = "" if reason in nothing else reason
        vote = Vote(row, record_id, cast_on, reviewer, stage, decision, reason, role or REVIEWER, at, day)
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
    mine, latest, earlier, undated = own.first_at, own.first_until, [], []
    for other in others:
        theirs, until = other.first_at, other.first_until
        if mine is None or latest is None or theirs is None or until is None:
            undated.append(other.first)
        elif theirs < mine and until <= mine:
            earlier.append(other.standing_at(mine))
        elif not (latest < until and latest <= theirs):
            # At the same moment or on the same day: either may have come first.
            undated.append(other.first)
    known = [vote for vote in earlier if vote is not None]
    if differ(known):
        return True
    return None if differ([*known, *(vote for vote in undated if vote is not None)]) else False


def _without_withdrawn(votes: list[Vote]) -> list[Vote]:
    """Return votes without a withdrawal of none; none of them where the last was taken back."""
    last = _last(votes)
    if last is not None and last.decision == WITHDRAWN:
        return []
    while votes[0].decision == WITHDRAWN:
        votes = votes[1:]
    return votes


def _in_order(said: list[Vote]) -> tuple[list[Vote], list[tuple[int, str]]]:
    """Return votes from the first to the last as far as that is known, and what only a time can tell."""
    if len(said) == 1:
        return said, []
    if all(vote.at is not None for vote in said):
        return sorted(said, key=_when), []
    cast = [vote for vote in said if vote.decision != WITHDRAWN]
    withdrawn = [vote for vote in said if vote.decision == WITHDRAWN]
    unclear = [pair for pair in combinations(cast, 2) if _contradict(*pair)]
    if not unclear and withdrawn and len({vote.at for vote in cast}) > 1:
        unclear = [(vote, taken) for vote in cast for taken in withdrawn]
    if not unclear:
        # A vote is withdrawn after it was cast.
        return sorted(said, key=lambda vote: (vote.decision == WITHDRAWN, _fullness(vote))), []
    first, other = next((pair for pair in unclear if any(vote.at is None for vote in pair)), unclear[0])
    # The row to mend is the one without a time.
    first, other = (other, first) if first.at is None and other.at is not None else (first, other)
    return said, [_unclear(first, other)]


def _when(vote: Vote) -> tuple[float, bool, tuple[bool, str, str]]:
    return vote.at.timestamp() if vote.at else 0.0, vote.decision == WITHDRAWN, _fullness(vote)


def is_after(vote: Vote, other: Vote) -> bool:
    """Return whether a vote is known to have been cast after another: within a day no order is known."""
    if vote.at is None or other.at is None or other.until is None:
        return False
    return vote.at > other.at and vote.at >= other.until


def latest_of(votes: Sequence[Vote]) -> list[Vote]:
    """Return the votes of which each may be the last, for none is known to have been cast after it."""
    return [vote for vote in votes if not any(is_after(other, vote) for other in votes)]


def _last(votes: Sequence[Vote]) -> Vote | None:
    """Return the last of a person's votes on a record; None where either of two that differ may be it."""
    if len(votes) == 1 or any(vote.at is None for vote in votes):
        return votes[-1]
    last = latest_of(votes)
    cast = [vote for vote in last if vote.decision != WITHDRAWN]
    withdrawn = [vote for vote in last if vote.decision == WITHDRAWN]
    if any(_contradict(*pair) for pair in combinations(cast, 2)):
        return None
    if not cast or not withdrawn:
        return last[-1]
    # What is withdrawn on the day of the first vote can be no other.
    return last[-1] if sum(vote.decision != WITHDRAWN for vote in votes) == len(cast) else None


def _first(votes: Sequence[Vote]) -> Vote | None:
    """Return the first of a person's votes on a record; None where either of two that differ may be it."""
    cast = [vote for vote in votes if vote.decision != WITHDRAWN]
    if not cast or any(vote.at is None for vote in cast):
        return next(iter(cast), None)
    first = [vote for vote in cast if not any(is_after(vote, other) for other in cast)]
    return None if any(_contradict(*pair) for pair in combinations(first, 2)) else first[0]


def _contradict(one: Vote, other: Vote) -> bool:
    reasons = {same(vote.reason) for vote in (one, other) if vote.reason.strip()}
    return one.decision != other.decision or len(reasons) > 1


def _unclear(first: Vote, other: Vote) -> tuple[int, str]:
    said = [f"{vote.decision} ({vote.reason})" if vote.reason else vote.decision for vote in (first, other)]
    return other.row, (
        f"{other.reviewer} says {said[0]} and {said[1]} of {other.cast_on!r} at {other.stage} "
        "with no decided_at, so their order is unknown; fill in decided_at"
    )


def _one(votes: Sequence[Vote | None]) -> Vote | None:
    """Return the one vote of several on records merged later, with their reasons; None where they differ."""
    if len(votes) == 1:
        return votes[0]
    known = [vote for vote in votes if vote is not None]
    if len(known) < len(votes) or len({vote.decision for vote in known}) != 1:
        return None
    reasons: dict[str, str] = {}
    # What was said of the record kept comes first, for a list of reasons begins with the primary one.
    for vote in sorted(known, key=lambda vote: (vote.cast_on != vote.record_id, vote.cast_on)):
        for reason in split(vote.reason):
            reasons.setdefault(same(reason), reason)
    fullest = max(known, key=_fullness)
    return replace(fullest, reason=LIST.join(reasons.values())) if len(reasons) > 1 else fullest


def _fullness(vote: Vote) -> tuple[bool, str, str]:
    """Sort a row with a reason after its twin without, whatever the order of the files."""
    return bool(vote.reason.strip()), vote.reason, vote.cast_on
