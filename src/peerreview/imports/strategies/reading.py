"""Saved histories → the table of their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import InputError
from peerreview.imports.formats import decode
from peerreview.imports.formats import registry as formats
from peerreview.imports.strategies import documents, registry
from peerreview.imports.strategies.shared import combining
from peerreview.imports.strategies.shared.positions import combines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.imports.strategies import Platform, Strategy


@dataclass(frozen=True)
class Read:
    """What saved histories say: ``lines`` as ``strategies.csv``, and a remark on each row left out."""

    lines: pd.DataFrame
    remarks: tuple[str, ...] = ()


def read(files: Mapping[str, bytes], called: Mapping[str, str] | None = None) -> Read:
    """
    Return the lines of searches, in the order of their files and there from the first line to the last.

    Parameters
    ----------
    files : a history each, by the name that it has in the tables.
    called : file → what ``sources.csv`` calls its platform, where a history does not show it.

    Raises
    ------
    InputErrors
        With the file of each that is no search history, or holds several.
    """
    from peerreview.errors import InputErrors, at  # noqa: PLC0415

    rows: list[dict[str, str]] = []
    faults: list[InputError] = []
    remarks: list[str] = []
    for file, content in files.items():
        try:
            platform, strategy = parse(content, (called or {}).get(file, ""))
        except InputError as error:
            faults.append(InputError(error.message, path=file, line=error.line))
            continue
        rows += _rows(file, platform, strategy)
        remarks += [at(file, note.line, note.text) for note in strategy.notes]
        remarks += [
            at(file, aside.line, f"{_NO_NUMBER if combines(aside.text) else _NO_LINE}: {aside.text[:60]!r}")
            for aside in strategy.asides
        ]
    if faults:
        raise InputErrors(faults)
    return Read(tables.make(tables.STRATEGIES, rows), tuple(remarks))


_NO_LINE = "is no line of the search"
_NO_NUMBER = "combines lines and has no number, so that it is not read as one"


def parse(content: bytes, called: str = "") -> tuple[Platform, Strategy]:
    """
    Return a saved history's platform and lines.

    Parameters
    ----------
    called : as ``registry.detect`` takes it.

    Raises
    ------
    InputError
        Where it is none, or holds several.
    """
    found = documents.read(content)
    _refuse_records(content)
    platform = registry.detect(found, called)
    strategy = platform.parse(found)
    n = len(strategy.entries)
    named = registry.named_by(found, called)
    is_told = named is not None and named.NAME == platform.NAME
    if not n or (n == 1 and not _is_query(strategy.entries[0].text, platform, told=is_told)):
        raise InputError(
            f"is no search history: it has neither numbered lines nor a query of {platform.TITLE}"
        )
    return platform, strategy


_ALONE = re.compile(r"\b(?:AND|OR|NOT)\b|[\[\]()]", re.IGNORECASE)


def _is_query(text: str, platform: Platform, *, told: bool) -> bool:
    """Whether a text without numbers is a query: it combines terms, and fields or people tell whose."""
    if told:
        return bool(_ALONE.search(text))
    fields = (next(filter(None, found.groups()), "") for found in platform.SYNTAX.fields.finditer(text))
    return bool(_ALONE.search(text)) and any(len(field) > 1 for field in fields)


def _refuse_records(content: bytes) -> None:
    """Refuse an export, and records saved for reading; a search in a table is none."""
    if content.startswith((b"PK", documents.RTF)):
        return
    text = decode(content).text
    known = next((each for each in formats.known() if each.looks_like(text)), None)
    if known is None:
        if told := formats.instead_of(text):
            raise InputError(f"{told}; it is no search history")
    elif known.NAME != "spreadsheet" or not registry.history_of(text):
        raise InputError(f"is an export ({known.NAME}), not a search history; import reads it")


def _rows(file: str, platform: Platform, strategy: Strategy) -> Sequence[dict[str, str]]:
    syntax = platform.SYNTAX
    rows = []
    for entry in sorted(strategy.entries, key=lambda each: int(each.number)):
        combined = combining.combination(entry.text, syntax, entry.limits)
        limits = [
            " ".join(next(filter(None, found.groups()), found[0]).split())
            for found in syntax.limits.finditer(entry.text)
        ]
        fields = [next(filter(None, found.groups()), "") for found in syntax.fields.finditer(entry.text)]
        rows.append(
            {
                "file": file,
                "line": str(entry.line),
                "platform": platform.NAME,
                "database": strategy.database,
                "searched_on": strategy.searched_on,
                "number": entry.number,
                "text": entry.text,
                "hits": entry.hits,
                "combination": combined,
                "fields": tables.LIST.join(dict.fromkeys(each.lower() for each in fields)),
                "limits": tables.LIST.join(filter(None, [entry.limits, *limits])),
            }
        )
    return rows
