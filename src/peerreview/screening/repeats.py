"""What one reviewer said of one record in several rows without times: equal is one vote, else a conflict."""

from collections.abc import Iterable, Mapping
from itertools import compress, count
from typing import Any, NamedTuple

import pandas as pd

from peerreview.values.lists import LIST, split


class Cast(NamedTuple):
    """A vote on a record that was found; ``members`` are the records of the name it was found by."""

    record_id: str
    reviewer: str
    stage: str
    decision: str
    reason: str
    role: str
    decided_at: str
    note: str
    reason_of: str
    path: str
    line: int
    members: tuple[str, ...]


Columns = dict[str, list[Any]]
"""Votes as a column for each field of ``Cast``, all of one length."""


def together(votes: Iterable[Columns]) -> Columns:
    """Return the votes of several exports below each other."""
    listed = list(votes)
    if len(listed) == 1:
        return listed[0]
    return {name: [cell for each in listed for cell in each[name]] for name in Cast._fields}


def join_repeats(votes: Columns) -> tuple[Columns, list[int]]:
    """
    Return votes of which equal ones are one, reasons joined, and the positions of those still told twice.

    A tool may hold as two records what dedupe found to be one: different
    decisions on them stay with one of the records each, and are a conflict of
    that reviewer. What was said of one record only stays as it is.
    """
    several = repeated(votes)
    if not several:
        return votes, []
    places: dict[tuple[str, str, str, str], dict[int, Cast]] = {}
    for place in several:
        vote = Cast(*(votes[name][place] for name in Cast._fields))
        places.setdefault((vote.record_id, vote.reviewer, vote.stage, vote.role), {})[place] = vote
    changed: dict[int, Cast | None] = {}
    for said in places.values():
        changed |= _joined({row: vote for row, vote in said.items() if not vote.decided_at})
        changed |= _without_copies({row: vote for row, vote in said.items() if vote.decided_at})
    joined = {name: list(column) for name, column in votes.items()}
    for place, one in changed.items():
        if one is not None:
            for name, cell in zip(Cast._fields, one, strict=True):
                joined[name][place] = cell
    is_kept = [changed.get(place, True) is not None for place in range(len(votes["record_id"]))]
    joined = {name: list(compress(column, is_kept)) for name, column in joined.items()}
    told = set(several)
    return joined, [row for row, place in enumerate(compress(count(), is_kept)) if place in told]


def repeated(votes: Columns) -> list[int]:
    """Return the positions of votes of which one person cast several on a record at a stage, in one role."""
    said = pd.DataFrame(
        {name: votes[name] for name in ("record_id", "reviewer", "stage", "role")}, dtype="str"
    )
    return said.duplicated(keep=False).to_numpy().nonzero()[0].tolist()


def _joined(undated: Mapping[int, Cast]) -> dict[int, Cast | None]:
    if len(undated) < 2:
        return {}
    by_decision: dict[str, list[int]] = {}
    for row, vote in undated.items():
        by_decision.setdefault(vote.decision, []).append(row)
    members = list(dict.fromkeys(each for vote in undated.values() for each in sorted(vote.members)))
    apart = len(by_decision) > 1 and len(members) >= len(by_decision)
    changed: dict[int, Cast | None] = {}
    for number, rows in enumerate(by_decision.values()):
        first = undated[rows[0]]
        record_id = members[number] if apart else first.record_id
        changed[rows[0]] = first._replace(
            record_id=record_id,
            reason=_together(undated[row].reason for row in rows),
            note=_together(undated[row].note for row in rows),
        )
        changed |= dict.fromkeys(rows[1:])
    return changed


def _without_copies(dated: Mapping[int, Cast]) -> dict[int, Cast | None]:
    seen: set[tuple[str, ...]] = set()
    changed: dict[int, Cast | None] = {}
    for row, vote in dated.items():
        said = (vote.decision, vote.reason, vote.decided_at, vote.note)
        if said in seen:
            changed[row] = None
        seen.add(said)
    return changed


def _together(cells: object) -> str:
    parts = [part for cell in cells for part in split(cell)]  # type: ignore[attr-defined]
    return LIST.join(dict.fromkeys(parts))
