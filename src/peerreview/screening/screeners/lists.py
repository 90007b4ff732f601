"""A list of the records that somebody kept: RIS, BibTeX or a table, each reference a vote of one word."""

import numpy as np

from peerreview.screening.coded import Coded
from peerreview.screening.screeners import Export, RawVote, RawVotes
from peerreview.screening.screeners.wide import totals

NAME = "list"


def cast(export: Export, decision: str) -> RawVotes:
    """Return a vote of this decision for each reference."""
    if export.format:
        return RawVotes.of(RawVote(line, reference, decision) for line, _, reference in export.references())
    references = export.named
    said = {"decision": Coded.alike(decision, len(references))}
    votes = RawVotes.on(references, export.grid.lines, said)
    return votes.where(~np.isin(votes.place, totals(export)))
