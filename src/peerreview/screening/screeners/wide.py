"""A wide table: one row per record, one column per reviewer, as teams keep it in a spreadsheet."""

import re
from collections.abc import Collection, Sequence
from functools import partial

import numpy as np

from peerreview.errors import InputError
from peerreview.screening.coded import Coded, by_row
from peerreview.screening.screeners import Export, RawVotes, Reference, columns
from peerreview.screening.screeners.words import plain
from peerreview.screening.votes import OF_RECORD
from peerreview.values.folding import same
from peerreview.values.lists import LIST
from peerreview.values.missing import is_no_reason

NAME = "wide"
VERIFIED = True
ZERO = ""
INDEPENDENT = False

_TOTAL = re.compile(
    r"(?:grand |sub ?)?(?:totals?|sums?|counts?|(?:ins)?gesamt|anzahl|summe|somme|suma|n|kappa|mean"
    r"|percent(?:age)?|agreement)"
    r"(?: (?:included?|excluded?|maybe|votes|records|n|of|%|yes|no|ja|nein|oui|non|sí))*[ :=%]*"
)
_OPENING = re.compile(
    r"(?:grand|sub|total|sum|count|som|ins|gesamt|anzahl|n(?![^\W_])|kappa|mean|percent|agree)",
    re.IGNORECASE,
)
"""How such a word begins."""
_LETTERS = frozenset("acgikmnpstACGIKMNPST")
_NUMBER = re.compile(r"-?[0-9.,]+%?")
_FEWEST = 2
"""Columns of a table in which a row may be its header again, and not a record called so."""
_TICKED = frozenset({"x", "1", "yes", "y", "true", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}"})
_NOT_TICKED = frozenset({"0", "no", "n", "false"})


def looks_like(export: Export) -> bool:
    """Return whether the table has a column that holds decisions, or that people named."""
    if export.format:
        return False
    return bool(columns.named(export) or columns.inferred(export.grid, export.asked))


def cast(export: Export) -> RawVotes:
    """
    Return each reviewer's vote on each record, with the reasons beside it.

    Raises
    ------
    InputError
        Where it is not plain which columns are votes, or whose.
    """
    grid = export.grid
    found = columns.understand(export)
    references = export.named
    stages = grid.said("stage")
    shared = reasons_of(export, found.reasons)
    is_total = {*totals(export), *headers_again(export)}
    _check_last(export, is_total)
    if len(found.votes) == 1 and not found.votes[0].reviewer and found.was_inferred:
        _check_once(export, references)
    alone, n = len(found.votes) == 1, len(references)
    nothing = Coded.alike("", n)
    given, of_record = [], []
    for each in found.votes:
        own = reasons_of(export, each.reasons)
        is_own = own.which(bool)
        given.append(own.where(is_own, shared))
        of_all = nothing if alone else shared.map(lambda reason: OF_RECORD if reason else "")
        of_record.append(nothing.where(is_own, of_all))
    said = {
        "decision": [grid.words(each.place) for each in found.votes],
        "reviewer": [Coded.alike(each.reviewer, n) for each in found.votes],
        "stage": [Coded.alike(each.stage, n) if each.stage else stages for each in found.votes],
        "role": [Coded.alike(each.role, n) for each in found.votes],
        "decided_at": [grid.said("decided_at", "decided at", "date")] * len(found.votes),
        "reason_of": of_record,
        "if_excluded": given,
    }
    if alone:
        said["note"] = [grid.said("note", "notes", "comment", "comments")]
    votes = RawVotes.on(
        references, grid.lines, {name: by_row(listed) for name, listed in said.items()}, len(found.votes)
    )
    return votes.where(~np.isin(votes.place, list(is_total))) if is_total else votes


def totals(export: Export) -> list[int]:
    """Return the rows that sum up others: a word for a total stands where a record should be named."""
    found = []
    grid = export.grid
    # Few cells begin as such a word does: only they, and rows that begin blank, need a closer look.
    may_be = [
        row
        for row, cell in enumerate(grid.column(0) if grid.header else ())
        if not cell or (cell[0] in _LETTERS and _OPENING.match(cell))
    ]
    for row in may_be:
        cells = grid.row(row)
        first = cells[0].strip() or next(filter(None, map(str.strip, cells)), "")
        if not _TOTAL.fullmatch(same(first)):
            continue
        filled = [cell.strip() for cell in cells if cell.strip()]
        reference = export.named[row]
        named = reference.record_id or reference.key or reference.title
        # Somebody may have said n, for no, of a record that is a number.
        is_sum = len(first) > 1 and all(_NUMBER.fullmatch(cell) for cell in filled[1:])
        is_named = reference.doi or reference.pmid or (named and not _TOTAL.fullmatch(same(named)))
        if is_sum or not is_named:
            found.append(row)
    return found


def headers_again(export: Export) -> list[int]:
    """Return the rows in which the header stands once more, as where sheets were put below each other."""
    grid = export.grid
    if len(grid.header) < _FEWEST:
        return []
    # Few cells are what their column is called: only such rows need a closer look.
    may_be = [row for row, cell in enumerate(grid.column(0)) if cell == grid.header[0]]
    return [row for row in may_be if _is_header(grid.row(row), grid.header)]


def _is_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Return whether a row says what columns are called: most of those with a name, and no other of them."""
    named = [(cell.strip(), name) for cell, name in zip(cells, header, strict=True) if name and cell.strip()]
    same_cells = [cell == name for cell, name in named]
    return all(same_cells) and 2 * len(same_cells) > sum(map(bool, header))


def _check_last(export: Export, is_total: Collection[int]) -> None:
    """Refuse a last row of numbers alone, where no other is one: it may be a total."""
    grid = export.grid
    left = [row for row in range(len(grid.lines)) if row not in is_total]
    if len(left) > 1 and _is_sum(grid.row(left[-1])) and not _is_sum(grid.row(left[0])):
        message = "holds numbers alone, as a total does: name it so, or take it out"
        raise InputError(message, path=export.name, line=grid.lines[left[-1]])


def _is_sum(cells: Sequence[str]) -> bool:
    return all(
        _NUMBER.fullmatch(cell.strip()) or _TOTAL.fullmatch(same(cell)) for cell in cells if cell.strip()
    )


def _check_once(export: Export, references: Sequence[Reference]) -> None:
    """Refuse a table that names a record twice and nobody who voted: each row may be another person's."""
    seen: dict[object, int] = {}
    for row, reference in enumerate(references):
        if not any(reference):
            continue
        before = seen.setdefault(reference, row)
        if before != row and export.grid.row(before) != export.grid.row(row):
            first = export.grid.lines[before]
            message = f"is of the record of line {first} again, and who voted is not said; --reviewer NAME"
            raise InputError(message, path=export.name, line=export.grid.lines[row])


def reasons_of(export: Export, places: tuple[int, ...]) -> Coded[str]:
    """Return the reasons of each row in these columns; a column that is ticked is a reason itself."""
    grid = export.grid
    found = Coded.alike("", len(grid.lines))
    for place in places:
        counts = grid.count(place)
        is_ticks = bool(counts) and all(
            plain(cell) in _TICKED | _NOT_TICKED or is_no_reason(cell) for cell in counts
        )
        told = grid.words(place).map(partial(_reason, ticked=grid.header[place] if is_ticks else ""))
        is_told, is_more = told.which(bool), found.which(bool)
        both = {row: f"{found[row]}{LIST}{told[row]}" for row in np.flatnonzero(is_told & is_more).tolist()}
        found = told.where(is_told, found).changed(both)
    return found


def _reason(cell: str, ticked: str) -> str:
    """Return the reason that a cell gives; ``ticked`` is the one of a column of ticks."""
    told = (ticked if plain(cell) in _TICKED else "") if ticked and cell else cell
    return "" if is_no_reason(told) else told
