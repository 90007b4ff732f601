"""Screening forms: a vote beside title and abstract, in the words of the stage and the protocol."""

from typing import TYPE_CHECKING

import pandas as pd

from peerreview.paper.forms import Form
from peerreview.paper.forms import lay_out as as_form
from peerreview.screening.checks import LEGAL

if TYPE_CHECKING:
    from peerreview.protocol import Protocol


def lay_out(cells: pd.DataFrame, stage: str, plan: "Protocol") -> Form:
    """
    Return the rows of a screening form as a form.

    At full text a report may turn out to be one that nobody can get.

    Parameters
    ----------
    cells : ``reviewer`` and the rest of ``progress.FORM``.
    """
    legal = [*LEGAL[stage], *(["not_retrieved"] if stage == "full_text" else [])]
    allowed = {"decision": legal} | ({"reason": plan.reasons} if plan.reasons else {})
    who = cells["reviewer"].iloc[0] if len(cells) else ""
    about = [
        ("review", plan.title),
        ("reviewer", who),
        ("stage", stage.replace("_", " ")),
        ("decision", f"one of: {', '.join(legal)}; blank is not judged yet"),
        ("reason", "needed for each exclusion" if stage == "full_text" else "may be left blank"),
        ("decided_at", "the day, as in 2026-05-04; or give decisions --decided-on for all rows without one"),
        *((f"reason {number}", reason) for number, reason in enumerate(plan.reasons, start=1)),
        *((heading, text) for heading, texts in plan.for_screeners.items() for text in texts),
    ]
    return as_form(
        cells,
        allowed,
        fills=("reason", "note", "decided_at"),
        loose=("reason",),
        about=[(heading, text) for heading, text in about if text],
    )
