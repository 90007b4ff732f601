"""A screening form as a page: one file, opened offline, that takes votes and gives them back as a table."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from importlib.resources import files

import pandas as pd
from markupsafe import Markup

from peerreview.paper import STAGES
from peerreview.render.filling import render

SHOWN = ("record_id", "title", "authors", "year", "journal", "doi", "url", "abstract")
"""Columns of the form that the page shows."""
RELEVANCE = "relevance"

_ASSETS = files("peerreview.render") / "templates" / "screening"


def page(
    cells: pd.DataFrame,
    *,
    reviewer: str,
    stage: str,
    legal: Sequence[str],
    file: str,
    reasons: Sequence[str] = (),
    title: str = "",
    criteria: Mapping[str, Sequence[str]] | None = None,
    marked: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """
    Return the page of a form: it needs no network, sends nothing, and gives back a table of votes as CSV.

    Each vote is a row of ``decisions/*.csv`` with its time (UTC); rows are
    only ever added, and one taken back is followed by ``withdrawn``. The
    same form gives the same bytes. What a record says is shown as text and
    runs nothing: the page's own script alone may run, named by its hash.

    Parameters
    ----------
    cells : the records left, in the order to judge them; columns ``SHOWN``, and ``relevance`` where they
        are in that order: why each stands where it does.
    legal : what a vote may say at the stage.
    file : name of the CSV that the page gives back.
    reasons : of exclusion; asked for where the stage is full text, offered elsewhere only if given.
    criteria : lines to show beside the record, by heading.
    marked : words to mark in title and abstract, under ``include`` and ``exclude``; ``*`` ends a stem.
    """
    shown = [*SHOWN, *(name for name in (RELEVANCE,) if name in cells.columns)]
    records = [
        dict(zip(shown, row, strict=True))
        for row in zip(*(cells[column].tolist() for column in shown), strict=True)
    ]
    form = {
        "id": _digest("\n".join([reviewer, stage, *cells["record_id"]]))[:20],
        "reviewer": reviewer,
        "stage": stage,
        "stage_label": STAGES.get(stage, stage),
        "title": title,
        "file": file,
        "legal": list(legal),
        "reasons": list(reasons),
        "reason_needed": stage == "full_text",
        "criteria": [
            {"title": heading, "lines": list(lines)} for heading, lines in (criteria or {}).items() if lines
        ],
        "words": {word: list((marked or {}).get(word, ())) for word in ("include", "exclude")},
        "records": records,
    }
    script, style = (_ASSETS.joinpath(f"form.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    return render(
        "screening/form.html",
        {
            "form": form,
            "script": Markup(script),  # noqa: S704  ours
            "style": Markup(style),  # noqa: S704  ours
            "script_hash": _source_hash(script),
            "style_hash": _source_hash(style),
        },
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _source_hash(text: str) -> str:
    """Return a script's or style's name in a Content-Security-Policy."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
