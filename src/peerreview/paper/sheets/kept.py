"""A table's cells, short enough to lie in its proof, and which of them are others in the table now."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from peerreview.paper.sheets import Sheet
from peerreview.tables import counted

_SHORT = 16
"""Characters of a cell that stands in a proof as it is; of a longer one it is a hash, as long."""
_MOST_CELLS = 5_000
"""A table with more cells is known as a whole alone: a proof is to stay smaller than its table."""
_MOST_TOLD = 3
_ROW_SEPARATOR = "\x1e"
_SEPARATOR = "\x1f"


def hash_cells(sheet: Sheet) -> str:
    """Return a hash of what a sheet says: its title, headings, cells and notes."""
    lines = [[sheet.title], [each.heading for each in sheet.columns], *sheet.rows, sheet.all_notes]
    said = _ROW_SEPARATOR.join(_SEPARATOR.join(map(str, cells)) for cells in lines)
    return f"sha256:{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()}"


def keep_cells(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet's headings and cells, the long ones as hashes; nothing of a very large one."""
    if len(sheet.rows) * len(sheet.columns) > _MOST_CELLS:
        return {}
    rows = [[_short(str(cell)) for cell in row] for row in sheet.rows]
    return {"columns": [column.heading for column in sheet.columns], "rows": rows}


def _short(cell: str) -> str:
    """
    Return a cell as it is kept.

    >>> _short("12 (75%)†"), len(_short("A cell that says more")), _short("#1") == "#1"
    ('12 (75%)†', 16, False)
    """
    if len(cell) <= _SHORT and not cell.startswith("#"):
        return cell
    return f"#{hashlib.sha256(cell.encode('utf-8', 'surrogatepass')).hexdigest()[: _SHORT - 1]}"


def differing(was: Mapping[str, Any], sheet: Sheet) -> str:
    """
    Return which cells of a sheet are others than those kept, in words: row, column, what it was and is.

    Parameters
    ----------
    was : as ``keep_cells`` has it.
    """
    columns = [column.heading for column in sheet.columns]
    before = [list(map(str, row)) for row in was.get("rows", ())]
    if not was:
        return "other cells"
    if list(was.get("columns", ())) != columns:
        gone = [each for each in was.get("columns", ()) if each not in columns]
        come = [each for each in columns if each not in was.get("columns", ())]
        told = [f"column {each} is not there any more" for each in gone]
        return _few([*told, *(f"column {each} came" for each in come)]) or "columns in another order"
    told = list(_told(before, sheet, columns))
    return _few(told) or "other words around its cells"


def _told(before: Sequence[list[str]], sheet: Sheet, columns: Sequence[str]) -> Iterator[str]:
    now = [list(map(str, row)) for row in sheet.rows]
    keys_then, keys_now = ([row[0] if row else "" for row in rows] for rows in (before, _kept(now)))
    is_named = all(len(set(keys)) == len(keys) for keys in (keys_then, keys_now))
    if is_named:
        then = dict(zip(keys_then, before, strict=True))
        pairs = [(then.get(key), row) for key, row in zip(keys_now, now, strict=True)]
        n_gone = len(set(keys_then) - set(keys_now))
    else:
        # Rows that share their first cell are told apart by their place alone.
        n_gone = max(len(before) - len(now), 0)
        pairs = [(before[place] if place < len(before) else None, row) for place, row in enumerate(now)]
    for number, (row_then, row_now) in enumerate(pairs, start=1):
        name = f"row {row_now[0]}" if is_named and row_now[0] else f"row {number:,}"
        if row_then is None:
            yield f"{name} came"
            continue
        for column, one, other in zip(columns, row_then, row_now, strict=False):
            if one != _short(other):
                was = "other words" if one.startswith("#") else one or "blank"
                yield f"{name}, {column}: was {was}, is {other or 'blank'}"
    if n_gone:
        yield f"{counted(n_gone, 'row is', 'rows are')} not there any more"


def _kept(rows: Sequence[list[str]]) -> list[list[str]]:
    return [[_short(cell) for cell in row] for row in rows]


def _few(told: Sequence[str]) -> str:
    more = f"; and {len(told) - _MOST_TOLD:,} more" if len(told) > _MOST_TOLD else ""
    return "; ".join(told[:_MOST_TOLD]) + more
