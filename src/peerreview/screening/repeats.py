"""What one reviewer said of one record in several rows without times: equal is one vote, else a conflict."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

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


def join_repeats(votes: Sequence[Cast]) -> tuple[list[Cast], list[int]]:
    """
    Return votes of which equal ones are one, reasons joined, and the positions of those still told twice.

    A tool may hold as two records what dedupe found to be one: different
    decisions on them stay with one of the records each, and are a conflict of
    that reviewer. What was said of one record only stays as it is.
    """
    if len({(vote.record_id, vote.reviewer, vote.stage, vote.role) for vote in votes}) == len(votes):
        return list(votes), []
    places: dict[tuple[str, str, str, str], list[int]] = {}
    for place, vote in enumerate(votes):
        places.setdefault((vote.record_id, vote.reviewer, vote.stage, vote.role), []).append(place)
    changed: dict[int, Cast | None] = {}
    for rows in places.values():
        if len(rows) > 1:
            changed |= _joined({row: votes[row] for row in rows if not votes[row].decided_at})
            changed |= _without_copies({row: votes[row] for row in rows if votes[row].decided_at})
    kept = [
        (place, changed.get(place, vote))
        for place, vote in enumerate(votes)
        if changed.get(place, vote) is not None
    ]
    joined = [vote for _, vote in kept if vote is not None]
    several = {key for key, rows in places.items() if len(rows) > 1}
    told_twice = [
        row
        for row, (place, _) in enumerate(kept)
        if (votes[place].record_id, votes[place].reviewer, votes[place].stage, votes[place].role) in several
    ]
    return joined, told_twice


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
