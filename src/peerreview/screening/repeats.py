"""What one reviewer said of one record in several rows without times: equal is one vote, else a conflict."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from peerreview.screening import coded
from peerreview.values.lists import LIST, split


class Cast(NamedTuple):
    """
    A vote on a record that was found.

    ``members`` are the records of the name it was found by; none where that is the record itself.
    """

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


Columns = dict[str, Any]
"""Votes as a column for each field of ``Cast``, all of one length: ``line`` as numbers, all others coded."""


def together(votes: Sequence[Columns]) -> Columns:
    """Return the votes of several exports below each other."""
    if len(votes) == 1:
        return votes[0]
    listed: Columns = {name: [each[name] for each in votes] for name in Cast._fields}
    return {
        name: np.concatenate(parts) if name == "line" else coded.together(parts)
        for name, parts in listed.items()
    }


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
    now = {place: one for place, one in changed.items() if one is not None}
    is_kept = np.ones(len(votes["line"]), dtype=bool)
    is_kept[[place for place in changed if place not in now]] = False
    joined = dict(votes)
    for name in ("record_id", "reason", "note"):
        joined[name] = votes[name].changed({place: getattr(one, name) for place, one in now.items()})
    kept = np.flatnonzero(is_kept)
    told = np.searchsorted(kept, [place for place in several if is_kept[place]])
    return {name: column.take(kept) for name, column in joined.items()}, told.tolist()


def repeated(votes: Columns) -> list[int]:
    """Return the positions of votes of which one person cast several on a record at a stage, in one role."""
    said = coded.numbers([votes[name] for name in ("record_id", "reviewer", "stage", "role")])
    found: list[int] = pd.Series(said).duplicated(keep=False).to_numpy().nonzero()[0].tolist()
    return found


def _joined(undated: Mapping[int, Cast]) -> dict[int, Cast | None]:
    if len(undated) < 2:
        return {}
    by_decision: dict[str, list[int]] = {}
    for row, vote in undated.items():
        by_decision.setdefault(vote.decision, []).append(row)
    named = (vote.members or (vote.record_id,) for vote in undated.values())
    members = list(dict.fromkeys(each for names in named for each in sorted(names)))
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
