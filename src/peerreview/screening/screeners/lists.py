"""A list of the records that somebody kept: RIS, BibTeX or a table, each reference a vote of one word."""

from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, all_referred
from peerreview.screening.screeners.wide import totals

NAME = "list"


def cast(export: Export, decision: str) -> Iterator[RawVote]:
    """Return a vote of this decision for each reference."""
    if export.format:
        for line, _, reference in export.references():
            yield RawVote(line, reference, decision)
        return
    left_out = set(totals(export))
    for row, reference in enumerate(all_referred(export.grid)):
        if row not in left_out:
            yield RawVote(export.grid.lines[row], reference, decision)
