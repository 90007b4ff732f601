"""
Rayyan's ``articles.csv``, RIS and BibTeX: votes stand within each record's notes.

Final votes only: Rayyan's teams settle conflicts by editing them, so these
may be votes after discussion. ``customizations_log.csv`` has the history.
"""

import re
from collections.abc import Iterator

from peerreview.screening.screeners import UNATTRIBUTED, Export, RawVote, Reference, cell, referred

NAME = "rayyan"
VERIFIED = True
ZERO = "maybe"
INDEPENDENT = False

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_PAIR = re.compile(rf"\s*{_QUOTED}\s*=>\s*{_QUOTED}\s*,?", re.DOTALL)
_NOTES = re.compile(rf"{_QUOTED}\s*=>\s*\[((?:\s*{_QUOTED}\s*,?)*)\]", re.DOTALL)
_OPENING = re.compile(r"RAYYAN-INCLUSION:\s*\{")
_PART = r"{}:\s*(.*?)\s*(?=\|\s*(?:RAYYAN-[A-Z-]+|USER-NOTES):|$)"
_REASONS = re.compile(_PART.format("RAYYAN-EXCLUSION-REASONS"), re.DOTALL)
_LABELS = re.compile(_PART.format("RAYYAN-LABELS"), re.DOTALL)
_MARK = re.compile(r"RAYYAN-(?:INCLUSION|LABELS|EXCLUSION-REASONS):")


def looks_like(export: Export) -> bool:
    """Return whether a record's notes hold what Rayyan writes there."""
    if export.format:
        return _MARK.search(export.text) is not None
    return {"key", "notes"} <= export.columns and ("rayyan" in export.text.casefold())


def cast(export: Export) -> Iterator[RawVote]:
    """Return the votes within each record's notes."""
    if not export.format:
        for line, row in export.table[1]:
            yield from _votes(line, referred(row, key=cell(row, "key")), cell(row, "notes"))
        return
    for line, tags, reference in export.references():
        notes = " | ".join(value for tag, value in tags if tag.casefold() in ("n1", "note", "notes"))
        yield from _votes(line, reference, notes)


def _votes(line: int, reference: Reference, notes: str) -> Iterator[RawVote]:
    # The publisher's own text may stand before Rayyan's, and hold " | " itself.
    openings = list(_OPENING.finditer(notes))
    said = _pairs(notes, openings[-1].end()) if openings else []
    if not said:
        yield RawVote(line, reference)
        return
    rest = notes[openings[-1].end() :]
    found = _REASONS.search(rest)
    reasons = "; ".join(part.strip() for part in found[1].split(",") if part.strip()) if found else ""
    labelled = _LABELS.search(rest)
    labels = f"labels: {' '.join(labelled[1].split())}" if labelled and labelled[1] else ""
    remarks = {
        _plain(name): " / ".join(_plain(text) for text in re.findall(_QUOTED, texts, re.DOTALL))
        for name, texts in _user_notes(rest)
    }
    for reviewer, decision in said:
        has_reason = decision.strip().casefold() == "excluded" and reasons
        note = [remarks.get(reviewer, ""), labels, UNATTRIBUTED if has_reason else ""]
        yield RawVote(
            line,
            reference,
            decision,
            reviewer,
            reason=reasons if has_reason else "",
            note="; ".join(part for part in note if part),
        )


def _pairs(notes: str, start: int) -> list[tuple[str, str]]:
    pairs = []
    while (pair := _PAIR.match(notes, start)) is not None:
        pairs.append((_plain(pair[1]), _plain(pair[2])))
        start = pair.end()
    return pairs


def _user_notes(rest: str) -> Iterator[tuple[str, str]]:
    _, _, notes = rest.partition("USER-NOTES:")
    for match in _NOTES.finditer(notes):
        yield match[1], match[2]


def _plain(text: str) -> str:
    r"""Undo the escapes of quoted text: ``\"``, ``\\`` and ``\n``."""
    return " ".join(re.sub(r"\\(.)", lambda found: " " if found[1] == "n" else found[1], text).split())
