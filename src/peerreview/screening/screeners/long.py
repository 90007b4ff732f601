"""A long table: one row per vote, as our own decisions files, filled forms and Syras have it."""

from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, cell, referred

NAME = "long"
VERIFIED = True
ZERO = ""
INDEPENDENT = True

_REVIEWERS = ("reviewer", "user_name", "screener", "rater", "reviewer_name", "user_publicid")
_DECISIONS = ("decision", "vote", "rating_label", "judgement")


def looks_like(export: Export) -> bool:
    """Return whether there is a column of reviewers and one of decisions."""
    return bool(export.columns & set(_REVIEWERS)) and bool(export.columns & set(_DECISIONS))


def cast(export: Export) -> Iterator[RawVote]:
    """Return each row as a vote."""
    for line, row in export.table[1]:
        yield RawVote(
            line,
            referred(row, key=cell(row, "doc_uuid", "key", "id")),
            cell(row, *_DECISIONS),
            cell(row, *_REVIEWERS),
            stage=cell(row, "stage"),
            reason=cell(row, "reason", "exclusion_reason"),
            role=cell(row, "role").casefold() or "reviewer",
            decided_at=cell(row, "decided_at", "rating_datetime", "date"),
            note=cell(row, "note", "rating_comment"),
        )
