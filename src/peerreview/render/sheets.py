"""Sheets as text: Markdown, HTML, LaTeX and CSV."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peerreview.paper.sheets import Sheet, panels
from peerreview.render.filling import render
from peerreview.tables import SYNTHETIC_NOTE

MOST_NARROW = 30
"""Columns of symbols on a page of LaTeX."""


def fill(sheets: Sequence[Sheet], suffix: str, *, template: Path | None = None) -> str:
    """
    Return sheets in the format of a suffix: ``.md``, ``.html``, ``.tex`` or ``.csv`` (the first sheet alone).

    Parameters
    ----------
    template : a user's own, in place of the shipped one.

    Raises
    ------
    InputError
        With the line of a template that does not work.
    """
    if suffix == ".tex":
        sheets = [part for sheet in sheets for part in panels(sheet, MOST_NARROW)]
    first = sheets[0]
    rows: dict[str, Any] = {
        "title": first.title,
        "sheets": sheets,
        "columns": first.columns,
        "rows": first.named_rows() if template else [],
        "notes": first.all_notes,
        "synthetic": SYNTHETIC_NOTE,
    }
    return render(f"tables/sheets{suffix}", rows, template=template)


def fill_alone(sheet: Sheet) -> str:
    """Return a sheet as an HTML table to stand within another page."""
    return render("tables/_sheet.html", {"sheet": sheet})
