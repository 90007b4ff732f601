"""The findings → their table: what is found, in which studies, and how sure the review is of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.tables import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.synthesis.findings import Finding

NOT_STATED = "not stated"


def summary_of_findings(found: Sequence[Finding]) -> Sheet:
    """Return each finding with its themes, its studies, and the review's confidence and grounds."""
    with_themes = any(each.themes for each in found)
    columns = [Column("finding", "Finding")]
    columns += [Column("themes", "Themes")] if with_themes else []
    columns += [
        Column("n_studies", "Studies", number=True),
        Column("studies", "Contributing studies"),
        Column("confidence", "Confidence"),
        Column("why", "Why"),
    ]
    rows = []
    for each in found:
        cells = [Cell(each.finding, each.synthetic)]
        cells += [Cell("; ".join(each.themes))] if with_themes else []
        cells += [
            Cell(str(len(each.studies)), each.synthetic),
            Cell("; ".join(each.studies)),
            Cell(each.confidence or NOT_STATED, each.synthetic and bool(each.confidence)),
            Cell(each.why),
        ]
        rows.append(tuple(cells))
    notes = [f"Confidence is the review's own statement: {', '.join(CONFIDENCE)}."]
    if any(each.studies and not each.stated for each in found):
        notes.append("Where a finding names no study, its studies are those coded with its themes.")
    return Sheet("findings", "Findings and confidence in them", tuple(columns), tuple(rows), tuple(notes))
