"""ASReview: one file per reviewer, CSV with a label column or RIS with ``ASReview_relevant`` in its notes."""

import re
from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, cell, referred

NAME = "asreview"
VERIFIED = True
ZERO = "exclude"
INDEPENDENT = False

LABELS = (
    "asreview_label", "final_included", "label_included", "included_label", "included_final", "included_flag",
    "included", "include",
)  # fmt: skip
"""Columns that ASReview itself reads as labels; ``label`` is not here: others mean other things by it."""
_MARK = re.compile(r"ASReview_(relevant|irrelevant|not_seen)\b", re.IGNORECASE)


def looks_like(export: Export) -> bool:
    """Return whether there is one label column, and none for reviewers; or a label in RIS notes."""
    if export.format:
        return _MARK.search(export.text) is not None
    if "asreview_label" in export.columns:
        return True
    return len(export.columns & set(LABELS)) == 1 and "reviewer" not in export.columns


def cast(export: Export) -> Iterator[RawVote]:
    """Return the label of each record; one that was not seen is not rated."""
    if export.format:
        for line, tags, reference in export.references():
            # Zotero wraps notes in XHTML, and one note may hold more than the label.
            notes = " ".join(value for tag, value in tags if tag == "N1")
            labels = [found[1].casefold() for found in _MARK.finditer(notes)]
            yield RawVote(line, reference, labels[-1] if labels else "")
        return
    column = next(name for name in LABELS if name in export.columns)
    for line, row in export.table[1]:
        yield RawVote(
            line,
            referred(row),
            cell(row, column),
            cell(row, "asreview_user_name", "asreview_user_email"),
            decided_at=cell(row, "asreview_time"),
            note=cell(row, "asreview_note"),
        )
