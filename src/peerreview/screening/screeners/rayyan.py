"""
Rayyan's ``articles.csv``, RIS and BibTeX: votes stand within each record's notes.

Final votes only: Rayyan's teams settle conflicts by editing them, so these
may be votes after discussion. ``customizations_log.csv`` has the history.
"""

import re
from collections.abc import Iterator

from peerreview.errors import InputError
from peerreview.screening.screeners import Asked, Export, RawVote, Reference, cell, columns, referred
from peerreview.screening.screeners.words import is_known
from peerreview.screening.votes import OF_RECORD
from peerreview.values.counts import counted
from peerreview.values.folding import same
from peerreview.values.lists import LIST

NAME = "rayyan"
VERIFIED = True
ZERO = "maybe"
INDEPENDENT = False

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_PAIR = re.compile(rf"\s*{_QUOTED}\s*=>\s*{_QUOTED}\s*,?", re.DOTALL)
# What a note has taken it gives back to no other: a list that has no end would else be read in 2^n ways.
_NOTES = re.compile(rf"{_QUOTED}\s*=>\s*\[((?:\s*{_QUOTED}\s*+,?)*+)\s*\]", re.DOTALL)
_OPENING = re.compile(r"RAYYAN-INCLUSION:\s*\{")
_PART = r"{}:\s*(.*?)\s*(?=\|\s*(?:RAYYAN-[A-Z-]+|USER-NOTES):|$)"
_REASONS = re.compile(_PART.format("RAYYAN-EXCLUSION-REASONS"), re.DOTALL)
_LABELS = re.compile(_PART.format("RAYYAN-LABELS"), re.DOTALL)
_MARK = re.compile(r"RAYYAN-(?:INCLUSION|LABELS|EXCLUSION-REASONS):")
_KEY = re.compile(r"rayyan-\d+")
_NOTED = frozenset({"n1", "note", "notes", "z", "annote"})


def looks_like(export: Export) -> bool:
    """Return whether a record's notes hold what Rayyan writes there, under whatever name."""
    if _MARK.search(export.text) is not None:
        return True
    return not export.format and {"key", "notes"} <= export.columns and _KEY.search(export.text) is not None


def cast(export: Export) -> Iterator[RawVote]:
    """
    Return the votes within each record's notes.

    Raises
    ------
    InputError
        Where a column of the table holds more votes than Rayyan's notes do.
    """
    if not export.format:
        _check_columns(export)
    for line, reference, notes in articles(export):
        yield from _votes(line, reference, notes, export.asked)


def _check_columns(export: Export) -> None:
    """Refuse a team's own table of votes in which a few of Rayyan's notes were left standing."""
    n_noted = sum(any(_OPENING.search(cells) for cells in row.values()) for _, row in export.table[1])
    for name, n in columns.called_so(export.grid, export.asked).items():
        if n > n_noted:
            message = (
                f"column {name!r} holds {counted(n, 'vote')}, and Rayyan's notes those on "
                f"{counted(n_noted, 'record')}: --votes '{name}=REVIEWER' reads the column"
            )
            raise InputError(message, path=export.name)


def articles(export: Export) -> Iterator[tuple[int, Reference, str]]:
    """Return line, name and notes of each article, in whatever format Rayyan was asked for."""
    if export.format:
        for line, tags, reference in export.references():
            notes = " | ".join(value for tag, value in tags if tag.casefold() in _NOTED)
            yield line, reference, notes
        return
    for line, row in export.table[1]:
        # Teams rename columns, and join the table with others.
        key = next((found for cells in row.values() if _KEY.fullmatch(found := cells.strip())), "")
        notes = next((cells for cells in row.values() if _MARK.search(cells)), cell(row, "notes"))
        yield line, referred(row, key=key or cell(row, "key"), tool="rayyan" if key else ""), notes


def _votes(line: int, reference: Reference, notes: str, asked: Asked) -> Iterator[RawVote]:
    # The publisher's own text may stand before Rayyan's, and hold " | " itself.
    openings = list(_OPENING.finditer(notes))
    said = _pairs(notes, openings[-1].end()) if openings else []
    if not said:
        yield RawVote(line, reference)
        return
    rest = notes[openings[-1].end() :]
    found = _REASONS.search(rest)
    reasons = _listed(found[1], asked) if found else []
    labelled = _LABELS.search(rest)
    labels = _listed(labelled[1], asked) if labelled else []
    wanted = {each.casefold() for each in asked.reasons}
    # Reasons may be given as labels: those that the protocol knows, or all where somebody says so.
    reasons += [each for each in labels if "rayyan-labels" in wanted or is_known(each, asked.known_reasons)]
    remarks = {
        _plain(name): [_plain(text) for text in re.findall(_QUOTED, texts, re.DOTALL)]
        for name, texts in _user_notes(rest)
    }
    label_note = f"labels: {','.join(labels)}" if labels else ""
    for reviewer, decision in said:
        own = [
            each
            for each in remarks.get(reviewer, [])
            if "user-notes" in wanted or is_known(each, asked.known_reasons)
        ]
        given = LIST.join(dict.fromkeys([*own, *reasons]))
        note = [" / ".join(remarks.get(reviewer, [])), label_note]
        yield RawVote(
            line,
            reference,
            decision,
            reviewer,
            note="; ".join(part for part in note if part),
            reason_of="" if own and not reasons else OF_RECORD,
            if_excluded=given,
        )


def _listed(text: str, asked: Asked) -> list[str]:
    """Return the members of Rayyan's list; a comma within a reason that the protocol knows ends none."""
    parts = [" ".join(part.split()) for part in text.split(",")]
    found: list[str] = []
    start = 0
    while start < len(parts):
        end = next(
            (
                n
                for n in range(len(parts), start, -1)
                if same(", ".join(parts[start:n])) in asked.known_reasons
            ),
            start + 1,
        )
        found.append(", ".join(parts[start:end]))
        start = end
    return [each for each in found if each]


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
