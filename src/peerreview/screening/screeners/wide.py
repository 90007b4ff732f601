"""A wide table: one row per record, one column per reviewer, as teams keep it in a spreadsheet."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from peerreview.errors import InputError
from peerreview.screening.screeners import OF_RECORD, Export, RawVotes, Reference, columns
from peerreview.screening.screeners.words import plain
from peerreview.values.folding import same
from peerreview.values.lists import LIST
from peerreview.values.missing import is_no_reason

NAME = "wide"
VERIFIED = True
ZERO = ""
INDEPENDENT = False

_TOTAL = re.compile(
    r"(?:grand |sub ?)?(?:totals?|sums?|counts?|summe|somme|suma|n|kappa|mean|percent(?:age)?|agreement)"
    r"(?: (?:included?|excluded?|maybe|votes|records|n|of|%))*[ :=%]*"
)
_OPENING = re.compile(
    r"(?:grand|sub|total|sum|count|som|n(?![^\W_])|kappa|mean|percent|agree)", re.IGNORECASE
)
"""How such a word begins."""
_LETTERS = frozenset("acgkmnpstACGKMNPST")
_NUMBER = re.compile(r"-?[0-9.,]+%?")
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
    stages = grid.cells("stage")
    notes = grid.cells("note", "notes", "comment", "comments") if len(found.votes) == 1 else []
    shared = _reasons(export, found.reasons)
    is_total = set(totals(export))
    _check_last(export, is_total)
    if len(found.votes) == 1 and not found.votes[0].reviewer and found.was_inferred:
        _check_once(export, references)
    own = [_reasons(export, each.reasons) if each.reasons else [] for each in found.votes]
    alone, n = len(found.votes) == 1, len(references)
    given = [
        [one or other for one, other in zip(each, shared, strict=True)] if each else shared for each in own
    ]
    of_record = [
        [
            "" if one or alone or not other else OF_RECORD
            for one, other in zip(each or [""] * n, shared, strict=True)
        ]
        for each in own
    ]
    votes = RawVotes(
        line=_by_row([grid.lines] * len(own)),
        reference=_by_row([references] * len(own)),
        decision=_by_row([grid.columns[each.place] for each in found.votes]),
        reviewer=_by_row([[each.reviewer] * n for each in found.votes]),
        stage=_by_row([[each.stage] * n if each.stage else stages for each in found.votes]),
        reason=[""] * (n * len(own)),
        role=_by_row([[each.role] * n for each in found.votes]),
        decided_at=_by_row([grid.cells("decided_at", "decided at", "date")] * len(own)),
        note=notes or [""] * (n * len(own)),
        reason_of=_by_row(of_record),
        if_excluded=_by_row(given),
    )
    if not is_total:
        return votes
    return votes.where([row not in is_total for row in range(n) for _ in own])


def _by_row(listed: Sequence[Sequence[Any]]) -> list[Any]:
    """Return cells of several columns row by row."""
    found = list(listed[0]) * len(listed)
    for place, cells in enumerate(listed):
        found[place :: len(listed)] = cells
    return found


def totals(export: Export) -> list[int]:
    """Return the rows that sum up others: a word for a total stands where a record should be named."""
    found = []
    grid = export.grid
    # Few cells begin as such a word does: only they, and rows that begin blank, need a closer look.
    may_be = [
        row
        for row, cell in enumerate(grid.columns[0] if grid.header else ())
        if not cell or (cell[0] in _LETTERS and _OPENING.match(cell))
    ]
    for row in may_be:
        cells = grid.rows[row]
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


def _check_last(export: Export, is_total: Collection[int]) -> None:
    """Refuse a last row of numbers alone, where no other is one: it may be a total."""
    grid = export.grid
    left = [row for row in range(len(grid.rows)) if row not in is_total]
    if len(left) > 1 and _is_sum(grid.rows[left[-1]]) and not _is_sum(grid.rows[left[0]]):
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
        if before != row and export.grid.rows[before] != export.grid.rows[row]:
            first = export.grid.lines[before]
            message = f"is of the record of line {first} again, and who voted is not said; --reviewer NAME"
            raise InputError(message, path=export.name, line=export.grid.lines[row])


def _reasons(export: Export, places: tuple[int, ...]) -> list[str]:
    """Return the reasons of each row in these columns; a column that is ticked is a reason itself."""
    grid = export.grid
    found = [""] * len(grid.rows)
    for place in places:
        counts = grid.count(place)
        is_ticks = bool(counts) and all(
            plain(cell) in _TICKED | _NOT_TICKED or is_no_reason(cell) for cell in counts
        )
        name = grid.header[place]
        for row, cell in enumerate(grid.columns[place]):
            told = (name if plain(cell) in _TICKED else "") if is_ticks and cell else cell
            if told and not is_no_reason(told):
                found[row] = f"{found[row]}{LIST}{told}" if found[row] else told
    return found
