"""A long table: one row per vote, as our own decisions files, filled forms and Syras have it."""

import numpy as np

from peerreview.errors import InputError
from peerreview.screening.coded import Coded
from peerreview.screening.screeners import WIDE, Export, RawVotes, columns
from peerreview.screening.screeners.wide import totals
from peerreview.values.folding import same
from peerreview.values.lists import LIST

NAME = "long"
VERIFIED = True
ZERO = ""
INDEPENDENT = True

REVIEWERS = (
    "reviewer", "user_name", "screener", "rater", "reviewer_name", "user_publicid", "reviewer name",
    "screened by", "reviewed by", "voter", "coder", "user", "user name", "username", "voted by",
    "gutachter", "gutachterin", "reviewerin", "bewerter", "revisor", "revisora", "evaluador", "relecteur",
    "évaluateur", "revisore", "beoordelaar",
)  # fmt: skip
DAYS = ("decided_at", "rating_datetime", "date", "datum", "fecha", "data")
_DECISIONS = (
    "decision", "vote", "rating_label", "judgement", "entscheidung", "votum", "decisión", "decisão",
    "décision", "decisione", "beslissing", "voto", "include", "included",
)  # fmt: skip
_REASONS = (
    "reason", "exclusion_reason", "exclusion reason", "reasons", "reason for exclusion", "grund",
    "ausschlussgrund", "motivo", "motivo de exclusión", "motif", "motif d'exclusion", "raison", "reden",
)  # fmt: skip


def looks_like(export: Export) -> bool:
    """Return whether there is a column of reviewers and one of decisions."""
    return bool(export.columns & set(REVIEWERS)) and bool(export.columns & set(_DECISIONS))


def cast(export: Export) -> RawVotes:
    """
    Return each row as a vote.

    Raises
    ------
    InputError
        Where two columns have one name, or columns of reviewers stand beside it.
    """
    grid = export.grid
    columns.check_names(export)
    several = [name for name in _DECISIONS[:-2] if name in grid.names and grid.holds(grid.names.index(name))]
    if len(several) > 1:
        raise InputError(
            f"which is the decision, {' or '.join(map(repr, several))}? {WIDE}", path=export.name
        )
    reasons = grid.said(*_REASONS)
    for name in export.asked.reasons:
        asked = grid.words(columns.find(export, name))
        pairs = zip(reasons, asked, strict=True)
        reasons = Coded.of([LIST.join(filter(None, dict.fromkeys(each))) for each in pairs])
    said = {
        "decision": grid.said(*_DECISIONS),
        "reviewer": grid.said(*REVIEWERS),
        "stage": grid.said("stage"),
        "reason": reasons,
        "role": grid.said("role"),
        "decided_at": grid.said(*DAYS),
        "note": grid.said("note", "rating_comment"),
        "reason_of": grid.said("reason_of"),
    }
    votes = RawVotes.on(export.named, grid.lines, said)
    left_out = totals(export)
    return votes.where(~np.isin(votes.place, left_out)) if left_out else votes


def not_read(export: Export) -> list[str]:
    """Return the columns that seem to be votes, too, in a table that names its reviewers by row."""
    known = {*REVIEWERS, *_DECISIONS}
    voters = columns.inferred(export.grid, export.asked)
    return [each.name for each in voters if same(each.name) not in known]
