"""
The public API: from exports to PRISMA and tables, with pandas frames in and out.

Each function is one stage, as the command of its name calls it: frames are
made to fit at the door (``tables.fitting``), the stage is called, and what
it found comes back frozen. ``import peerreview`` loads none of this before
a name of it is asked for.
"""

from peerreview.library.auditing import audit_paper
from peerreview.library.flows import derive_flow, read_flow, read_protocol
from peerreview.library.folder import Review
from peerreview.library.results import (
    Agreement,
    Appraisal,
    Duplicates,
    Exports,
    Flow,
    PaperAudit,
    Screened,
    Sheet,
    Strategies,
    Themes,
    Votes,
)
from peerreview.library.searching import find_duplicates, keep_one, read_exports, to_references
from peerreview.library.strategies import read_strategies
from peerreview.library.voting import measure, read_votes, settle
from peerreview.library.writing_up import (
    appraise,
    characteristics,
    count_studies,
    lay_out,
    list_excluded,
    list_searches,
    tally_themes,
)
from peerreview.protocol import Protocol, Rating, Reviewer

__all__ = [
    "Agreement",
    "Appraisal",
    "Duplicates",
    "Exports",
    "Flow",
    "PaperAudit",
    "Protocol",
    "Rating",
    "Review",
    "Reviewer",
    "Screened",
    "Sheet",
    "Strategies",
    "Themes",
    "Votes",
    "appraise",
    "audit_paper",
    "characteristics",
    "count_studies",
    "derive_flow",
    "find_duplicates",
    "keep_one",
    "lay_out",
    "list_excluded",
    "list_searches",
    "measure",
    "read_exports",
    "read_flow",
    "read_protocol",
    "read_strategies",
    "read_votes",
    "settle",
    "tally_themes",
    "to_references",
]
