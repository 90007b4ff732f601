"""ASReview: one file per reviewer, CSV with a label column or RIS with ``ASReview_relevant`` in its notes."""

import re
from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, cell, columns, referred
from peerreview.screening.screeners.words import is_known
from peerreview.values.lists import LIST

NAME = "asreview"
VERIFIED = True
ZERO = "exclude"
INDEPENDENT = False

LABELS = (
    "asreview_label", "final_included", "label_included", "included_label", "included_final", "included_flag",
)  # fmt: skip
"""
Columns that ASReview itself reads as labels.

``label``, ``included`` and ``include`` are not here: any table may have them; ``wide`` reads the last two.
"""
_RANKED = frozenset({"included", "asreview_ranking"})
"""What ASReview 0 and 1 write: the label below ``included``, and the place that the model gave the record."""
_MARK = re.compile(r"ASReview_(relevant|irrelevant|not_seen)\b", re.IGNORECASE)
_FIELD = re.compile(r"\basreview_(user_name|user_email|time|note)\s*:\s*\"?([^\"|]*)", re.IGNORECASE)
_NOT_NAMED = "asreview_note"


def looks_like(export: Export) -> bool:
    """Return whether there is one label column, and none for reviewers; or a label in RIS notes."""
    if export.format:
        return _MARK.search(export.text) is not None
    if export.columns >= _RANKED:
        return True
    labels = export.columns & set(LABELS)
    return "asreview_label" in labels or (len(labels) == 1 and "reviewer" not in export.columns)


def cast(export: Export) -> Iterator[RawVote]:
    """
    Return the label of each record; one that was not seen is not rated.

    Several labels in one record are its history, oldest first: the last one stands.
    """
    if export.format:
        for line, tags, reference in export.references():
            # Zotero wraps notes in XHTML, and one note may hold more than the label.
            notes = " | ".join(value for tag, value in tags if tag == "N1")
            labels = [found[1].casefold() for found in _MARK.finditer(notes)]
            told = {found[1].casefold(): found[2].strip() for found in _FIELD.finditer(notes)}
            yield RawVote(
                line,
                reference,
                labels[-1] if labels else "",
                told.get("user_name", "") or told.get("user_email", ""),
                decided_at=told.get("time", ""),
                note=told.get("note", ""),
                if_excluded=told.get("note", "") if _NOT_NAMED in export.asked.reasons else "",
            )
        return
    column = next((name for name in LABELS if name in export.columns), "included")
    grid = export.grid
    shared = [place for place, name in enumerate(grid.header) if columns.gives_reason(name)]
    places = [columns.find(export, name) for name in export.asked.reasons] or shared
    for row, (line, cells) in enumerate(export.table[1]):
        note = cell(cells, "asreview_note")
        # Reasons may be written as notes or tags; a note is one where the protocol knows it.
        given = [found for place in places if (found := grid.words(place)[row])]
        given += [note] if is_known(note, export.asked.known_reasons) else []
        yield RawVote(
            line,
            referred(cells),
            cell(cells, column),
            cell(cells, "asreview_user_name", "asreview_user_email"),
            decided_at=cell(cells, "asreview_time"),
            note=note,
            if_excluded=LIST.join(dict.fromkeys(given)),
        )
