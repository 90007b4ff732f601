"""colandr: the status of each citation and of its full text, of the team and not of one reviewer."""

from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, cell, referred
from peerreview.screening.screeners.words import fold

NAME = "colandr"
VERIFIED = False
ZERO = ""
INDEPENDENT = True

_STAGES = (("title_abstract", "citation"), ("full_text", "fulltext"))
_OPEN = frozenset({"not_screened", "screened_once", "screened_twice", "conflict", "pending", ""})


def looks_like(export: Export) -> bool:
    """Return whether a status column of colandr is there."""
    return bool(export.columns & {"citation_screening_status", "fulltext_screening_status"})


def cast(export: Export) -> Iterator[RawVote]:
    """Return the team's decision at each stage, as a consensus; an open one is not rated."""
    for line, row in export.table[1]:
        reference = referred(row, key=cell(row, "study_id", "id", "citation_id"))
        for stage, name in _STAGES:
            status = cell(row, f"{name}_screening_status")
            decision = "" if status.casefold().replace(" ", "_") in _OPEN else status
            reasons = cell(row, f"{name}_exclude_reasons") if fold(decision) == "exclude" else ""
            yield RawVote(line, reference, decision, "colandr", stage=stage, reason=reasons, role="consensus")
