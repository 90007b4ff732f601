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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.imports.strategies import Platform, Strategy


@dataclass(frozen=True)
class Read:
    """What saved histories say: ``lines`` as ``strategies.csv``, and a remark on each row left out."""

    lines: pd.DataFrame
    remarks: tuple[str, ...] = ()


def read(files: Mapping[str, bytes]) -> Read:
    """
    Return the lines of searches, in the order of their files and there from the first line to the last.

    Parameters
    ----------
    files : a history each, by the name that it has in the tables.

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
            platform, strategy = parse(content)
        except InputError as error:
            faults.append(InputError(error.message, path=file, line=error.line))
            continue
        rows += _rows(file, platform, strategy)
        remarks += [at(file, note.line, note.text) for note in strategy.notes]
        remarks += [
            at(file, aside.line, f"is no line of the search: {aside.text[:60]!r}")
            for aside in strategy.asides
        ]
    if faults:
        raise InputErrors(faults)
    return Read(tables.make(tables.STRATEGIES, rows), tuple(remarks))


def parse(content: bytes) -> tuple[Platform, Strategy]:
    """
    Return a saved history's platform and lines.

    Raises
    ------
    InputError
        Where it is none, or holds several.
    """
    found = documents.read(content)
    if export := _export(content):
        raise InputError(f"is an export ({export}), not a search history; import reads it")
    platform = registry.detect(found)
    strategy = platform.parse(found)
    n = len(strategy.entries)
    if not n or (n == 1 and not _is_query(strategy.entries[0].text, platform)):
        raise InputError(
            f"is no search history: it has neither numbered lines nor a query of {platform.TITLE}"
        )
    return platform, strategy


_ALONE = re.compile(r"\b(?:AND|OR|NOT)\b|[\[\]()]", re.IGNORECASE)


def _is_query(text: str, platform: Platform) -> bool:
    """Whether a text without numbered lines is a query: it combines terms, and names a field."""
    fields = (next(filter(None, found.groups()), "") for found in platform.SYNTAX.fields.finditer(text))
    return bool(_ALONE.search(text)) and any(len(field) > 1 for field in fields)


def _export(content: bytes) -> str:
    """Return the format that a file is an export in; blank where it is none, or a search in a table."""
    if content.startswith((b"PK", documents.RTF)):
        return ""
    text = decode(content).text
    known = next((each for each in formats.known() if each.looks_like(text)), None)
    if known is None or (known.NAME == "spreadsheet" and registry.history_of(text)):
        return ""
    return known.NAME


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
