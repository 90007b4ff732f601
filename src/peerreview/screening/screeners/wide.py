"""A wide table: one row per record, one column per reviewer, as teams keep it in a spreadsheet."""

import re
from collections.abc import Collection, Iterator, Sequence

from peerreview.errors import InputError
from peerreview.screening.screeners import OF_RECORD, Export, RawVote, Reference, columns
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
_OPENINGS = frozenset("acgkmnpst")
"""How such a word begins: few rows need a closer look."""
_NUMBER = re.compile(r"-?[0-9.,]+%?")
_TICKED = frozenset({"x", "1", "yes", "y", "true", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}"})
_NOT_TICKED = frozenset({"0", "no", "n", "false"})


def looks_like(export: Export) -> bool:
    """Return whether the table has a column that holds decisions, or that people named."""
    if export.format:
        return False
    return bool(columns.named(export) or columns.inferred(export.grid, export.asked))


def cast(export: Export) -> Iterator[RawVote]:
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
    dates = grid.cells("decided_at", "decided at", "date")
    notes = grid.cells("note", "notes", "comment", "comments") if len(found.votes) == 1 else [""] * len(dates)
    shared = _reasons(export, found.reasons)
    is_total = set(totals(export))
    _check_last(export, is_total)
    listed = [
        (each, grid.columns[each.place], _reasons(export, each.reasons), LIST if each.reasons else "")
        for each in found.votes
    ]
    if len(found.votes) == 1 and not found.votes[0].reviewer and found.was_inferred:
        _check_once(export, references)
    for row, reference in enumerate(references):
        if row in is_total:
            continue
        line, stage, of_record = grid.lines[row], stages[row], shared[row]
        for each, cells, own_reasons, has_own in listed:
            own = own_reasons[row] if has_own else ""
            yield RawVote(
                line,
                reference,
                cells[row],
                each.reviewer,
                stage=each.stage or stage,
                role=each.role,
                decided_at=dates[row],
                note=notes[row],
                reason_of="" if own or len(listed) == 1 or not of_record else OF_RECORD,
                if_excluded=own or of_record,
            )


def totals(export: Export) -> list[int]:
    """Return the rows that sum up others: a word for a total stands where a record should be named."""
    found = []
    for row, cells in enumerate(export.grid.rows):
        first = cells[0].strip() or next(filter(None, map(str.strip, cells)), "")
        if first[:1].casefold() not in _OPENINGS or not _TOTAL.fullmatch(same(first)):
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
