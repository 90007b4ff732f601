"""Abstrackr: a matrix of labels per reviewer (CSV), or a project as JSON lines with every label's time."""

from collections.abc import Iterator
from typing import Any

from peerreview.screening.screeners import Export, RawVote, Reference, cell, referred
from peerreview.tables import reading

NAME = "abstrackr"
VERIFIED = False
ZERO = "maybe"
INDEPENDENT = True

_KEY = "(internal) id"
_ABOUT = frozenset(
    {
        _KEY,
        "(source) id",
        "pubmed id",
        "pmid",
        "title",
        "abstract",
        "authors",
        "journal",
        "keywords",
        "doi",
        "year",
    }
)
_CODES = frozenset({"1", "0", "-1", "o", ""})


def looks_like(export: Export) -> bool:
    """Return whether this is Abstrackr's matrix or its JSON lines."""
    opening = export.text.lstrip()[:1]
    return _KEY in export.columns or (opening == "{" and '"labels"' in export.text.partition("\n")[0])


def cast(export: Export) -> Iterator[RawVote]:
    """Return each reviewer's label; a column or list of resolutions is an adjudicator's."""
    if export.text.lstrip().startswith("{"):
        yield from _cast_lines(export)
        return
    header, rows = export.table
    named = [name for name in header if name and name.casefold() not in _ABOUT]
    reviewers = [name for name in named if all(cell(row, name.casefold()) in _CODES for _, row in rows)]
    for line, row in rows:
        reference = referred(row, key=cell(row, _KEY), tool="abstrackr")
        for name in reviewers:
            role = "adjudicator" if name.casefold() in ("consensus", "resolution") else "reviewer"
            yield RawVote(line, reference, cell(row, name.casefold()), name, role=role)


def _cast_lines(export: Export) -> Iterator[RawVote]:
    for line, text in enumerate(export.text.splitlines(), start=1):
        if not text.strip():
            continue
        citation = reading.parse_json(text, path=export.name, line=line)
        reference = Reference(
            key=_text(citation, "id"),
            doi=_text(citation, "doi"),
            pmid=_text(citation, "pmid"),
            title=_text(citation, "title"),
            year=_text(citation, "year"),
        )
        labels = [("reviewer", label) for label in citation.get("labels") or []]
        labels += [("adjudicator", label) for label in citation.get("resolution_labels") or []]
        if not labels:
            yield RawVote(line, reference)
        for role, label in labels:
            yield RawVote(
                line,
                reference,
                _text(label, "value"),
                _text(label, "email") or _text(label, "user_id"),
                role=role,
                decided_at=_text(label, "created_at"),
            )


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return "" if value is None else str(value).strip()
