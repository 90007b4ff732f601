"""Two versions of a flow: which boxes changed, and which records moved between them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peerreview.flow import BOXES, TERMINAL, Flow
from peerreview.tables import few

if TYPE_CHECKING:
    from peerreview.flow.labels import Labels

SCHEMA = "peerreview/flow-changes/1"


@dataclass(frozen=True)
class Changed:
    """A box or part of one (``box/part``) with another count or other records."""

    key: str
    before: int | None
    after: int | None
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A record that ends in another box; blank where it was not, or is no longer, in the review."""

    record_id: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What changed from one flow to the other."""

    boxes: tuple[Changed, ...]
    moved: tuple[Moved, ...]


def compare(before: Flow, after: Flow) -> Changes:
    """Return what changed between two flows; boxes in their order, records by id."""
    changed = []
    for key in BOXES:
        old, new = before[key], after[key]
        old_parts = {part.label: part for part in old.parts}
        new_parts = {part.label: part for part in new.parts}
        pairs = [(key, old.n, new.n, old.ids, new.ids)]
        for label in dict.fromkeys([*old_parts, *new_parts]):
            was, now = old_parts.get(label), new_parts.get(label)
            pairs.append(
                (
                    f"{key}/{label}",
                    was.n if was else None,
                    now.n if now else None,
                    was.ids if was else (),
                    now.ids if now else (),
                )
            )
        for name, old_n, new_n, old_ids, new_ids in pairs:
            came = tuple(sorted(set(new_ids) - set(old_ids)))
            went = tuple(sorted(set(old_ids) - set(new_ids)))
            if old_n != new_n or came or went:
                changed.append(Changed(name, old_n, new_n, came, went))
    ends_before, ends_after = _ends(before), _ends(after)
    moved = [
        Moved(record_id, left, right)
        for record_id in sorted({*ends_before, *ends_after})
        if (left := ends_before.get(record_id, "")) != (right := ends_after.get(record_id, ""))
    ]
    return Changes(tuple(changed), tuple(moved))


def _ends(flow: Flow) -> dict[str, str]:
    return {record_id: key for key in TERMINAL for record_id in flow[key].ids}


def _name(key: str, labels: Labels) -> str:
    box, _, part = key.partition("/")
    return ": ".join(filter(None, [labels.full(box) if box else labels["page.nowhere"], part]))


def to_text(changes: Changes, labels: Labels) -> str:
    """Return changes as lines of text, one per box, then one per way that records went."""
    lines = [
        f"{_name(each.key, labels)}: {_count(each.before, labels)} → {_count(each.after, labels)}"
        + (f"; + {few(each.came)}" if each.came else "")
        + (f"; − {few(each.went)}" if each.went else "")
        for each in changes.boxes
    ]
    ways = Counter((each.before, each.after) for each in changes.moved)
    for (before, after), n in sorted(ways.items()):
        ids = [each.record_id for each in changes.moved if (each.before, each.after) == (before, after)]
        way = f"{_name(before, labels)} → {_name(after, labels)}"
        lines.append(f"{way}: {labels.number(n)} ({few(ids)})")
    return "\n".join(lines or [labels["page.no_change"]]) + "\n"


def _count(n: int | None, labels: Labels) -> str:
    return "–" if n is None else labels.number(n)


def to_rows(changes: Changes, labels: Labels) -> dict[str, Any]:
    """Return changes as plain rows for a template."""
    return {
        "language": labels["language"],
        "words": {
            key: labels[f"page.{key}"]
            for key in ("changes", "boxes", "record_id", "before", "after", "no_change")
        },
        "boxes": [
            {
                "name": _name(each.key, labels),
                "before": _count(each.before, labels),
                "after": _count(each.after, labels),
                "came": each.came,
                "went": each.went,
            }
            for each in changes.boxes
        ],
        "moved": [
            {
                "record_id": each.record_id,
                "before": _name(each.before, labels),
                "after": _name(each.after, labels),
            }
            for each in changes.moved
        ],
    }


def to_json(changes: Changes, labels: Labels) -> str:
    """Return changes as JSON."""
    content = {
        "schema": SCHEMA,
        "boxes": [
            {
                "box": each.key,
                "label": _name(each.key, labels),
                "before": each.before,
                "after": each.after,
                "came": each.came,
                "went": each.went,
            }
            for each in changes.boxes
        ],
        "moved": [
            {"record_id": each.record_id, "before": each.before, "after": each.after}
            for each in changes.moved
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
