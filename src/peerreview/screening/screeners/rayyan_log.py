"""
Rayyan's ``customizations_log.csv``: every vote with its time, the history behind ``articles.csv``.

It names reviewers by e-mail and records by Rayyan's key alone: name the
``articles.csv`` of the same review beside it, so that records are found.
"""

from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, Reference, cell

NAME = "rayyan_log"
VERIFIED = True
ZERO = "maybe"
INDEPENDENT = True

_COLUMNS = frozenset({"created_at", "user_email", "article_id", "key", "value"})
_REASON = "__exr__"


def looks_like(export: Export) -> bool:
    """Return whether the columns are those of Rayyan's log."""
    return export.columns >= _COLUMNS


def cast(export: Export) -> Iterator[RawVote]:
    """
    Return each vote, with the reasons that its reviewer had ticked by their next one.

    A vote taken back (``deleted``) is no vote: what stood before it goes.
    """
    rows = sorted(export.table[1], key=lambda each: each[1]["created_at"])
    reasons: dict[tuple[str, str], dict[str, bool]] = {}
    cast_by: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for line, row in rows:
        person = (cell(row, "user_email", "user_id"), cell(row, "article_id"))
        key, value = cell(row, "key"), cell(row, "value")
        if key == "included":
            history = cast_by.setdefault(person, [])
            if value == "deleted":
                history.clear()
            else:
                history.append((line, value, cell(row, "created_at")))
        elif key.strip('"').casefold().startswith(_REASON):
            # A reason is a row of its own, before or after the vote that it explains.
            ticked = reasons.setdefault(person, {})
            ticked[" ".join(key.strip('"')[len(_REASON) :].split())] = value != "deleted"
    for (reviewer, article), history in sorted(cast_by.items()):
        given = [reason for reason, ticked in reasons.get((reviewer, article), {}).items() if ticked]
        key = article if article.startswith("rayyan-") else f"rayyan-{article}"
        if not history:
            yield RawVote(1, Reference(key=key, tool="rayyan"), reviewer=reviewer)
        for place, (line, value, created_at) in enumerate(history):
            is_last = place == len(history) - 1
            yield RawVote(
                line,
                Reference(key=key, tool="rayyan"),
                value,
                reviewer,
                reason="; ".join(given) if is_last and value == "-1" else "",
                decided_at=created_at,
            )
