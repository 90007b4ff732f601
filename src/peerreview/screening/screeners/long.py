"""A long table: one row per vote, as our own decisions files, filled forms and Syras have it."""

from peerreview.errors import InputError
from peerreview.screening.screeners import WIDE, Export, RawVotes, columns
from peerreview.screening.screeners.wide import totals
from peerreview.values.folding import same
from peerreview.values.lists import LIST

NAME = "long"
VERIFIED = True
ZERO = ""
INDEPENDENT = True

_REVIEWERS = (
    "reviewer", "user_name", "screener", "rater", "reviewer_name", "user_publicid", "reviewer name",
    "screened by", "reviewed by", "voter", "coder",
)  # fmt: skip
_DECISIONS = ("decision", "vote", "rating_label", "judgement", "include", "included")
_REASONS = ("reason", "exclusion_reason", "exclusion reason", "reasons", "reason for exclusion")


def looks_like(export: Export) -> bool:
    """Return whether there is a column of reviewers and one of decisions."""
    return bool(export.columns & set(_REVIEWERS)) and bool(export.columns & set(_DECISIONS))


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
    several = [name for name in _DECISIONS[:4] if name in grid.names and grid.count(grid.names.index(name))]
    if len(several) > 1:
        raise InputError(
            f"which is the decision, {' or '.join(map(repr, several))}? {WIDE}", path=export.name
        )
    reasons = grid.cells(*_REASONS)
    for name in export.asked.reasons:
        asked = grid.columns[columns.find(export, name)]
        reasons = [LIST.join(filter(None, dict.fromkeys(each))) for each in zip(reasons, asked, strict=True)]
    votes = RawVotes(
        line=grid.lines,
        reference=export.named,
        decision=grid.cells(*_DECISIONS),
        reviewer=grid.cells(*_REVIEWERS),
        stage=grid.cells("stage"),
        reason=reasons,
        role=grid.cells("role"),
        decided_at=grid.cells("decided_at", "rating_datetime", "date"),
        note=grid.cells("note", "rating_comment"),
        reason_of=grid.cells("reason_of"),
        if_excluded=[""] * len(reasons),
    )
    left_out = set(totals(export))
    return votes.where([row not in left_out for row in range(len(votes))]) if left_out else votes


def not_read(export: Export) -> list[str]:
    """Return the columns that seem to be votes, too, in a table that names its reviewers by row."""
    known = {*_REVIEWERS, *_DECISIONS}
    voters = columns.inferred(export.grid, export.asked)
    return [each.name for each in voters if same(each.name) not in known]
