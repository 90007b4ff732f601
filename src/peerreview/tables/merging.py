"""Two people's versions of one table to one, row by row: what a merge of lines would take for a conflict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.tables import dialects, frames, reading, schema
from peerreview.tables.writing import csv_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.tables.schema import Table

Row = tuple[str, ...]
_VOTE = ("record_id", "reviewer", "stage", "decision", "role", "decided_at")
"""What makes a vote the one that it is; its reason and note may be mended."""
_KEYS: Mapping[str, tuple[str, ...]] = {
    schema.OVERRIDE.name: ("record_id", "duplicate_of"),
    schema.VENUE.name: ("venue", "same_as"),
    schema.APPRAISAL.name: ("study_id", "item", "reviewer"),
    schema.KEYS.name: ("tool", "key"),
}
"""Keys of tables that do not declare one, for as long as no row repeats them."""
_PEOPLES = (
    schema.VOTES, schema.SOURCES, schema.OVERRIDE, schema.VENUE, schema.REPORTS, schema.STUDIES,
    schema.FIELDS, schema.CODEBOOK, schema.DOCUMENTS, schema.STATED, schema.APPRAISAL, schema.THEMES,
    schema.KEYS, schema.ASSIGNMENTS, schema.CHANGES,
)  # fmt: skip
"""Tables that people write."""


@dataclass(frozen=True)
class Merged:
    """
    One table of two; ``conflicts`` says what only people can settle.

    Where there are conflicts both rows stand in ``content`` between the marks that git writes.
    """

    content: bytes
    conflicts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Version:
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def over(self, columns: Sequence[str]) -> list[Row]:
        return [tuple(row.get(column, "") for column in columns) for row in self.rows]


def merge(base: Path, ours: Path, theirs: Path, *, shown: str = "") -> Merged:
    """
    Return our version of a table with what theirs added and changed since the base, as ours is written.

    Votes are only ever added: one that a side removed stays, and that is
    told. Rows of other tables are known by their keys; cells that one side
    changed are taken from it, and those that both changed are a conflict.
    Rows of a table without a key are taken as wholes.

    Parameters
    ----------
    base : what both began with; an empty file where neither had the table.
    shown : the table's own path, for messages; its name may say which table it is.

    Raises
    ------
    InputError
        For a file that is not a table of text, and for two tables that are not the same one.
    """
    name = shown or str(ours)
    contents = [_content(path, name) for path in (base, ours, theirs)]
    if contents[1] == contents[2] or not contents[2].strip():
        return Merged(contents[1])
    if not contents[1].strip():
        return Merged(contents[2])
    raws = [_raw(path, content, name) for path, content in zip((base, ours, theirs), contents, strict=True)]
    table = _table(name, [list(raw.columns) for raw in raws[1:] if raw is not None])
    versions = [_version(raw, table) for raw in raws]
    columns = list(dict.fromkeys([*versions[1].columns, *versions[2].columns]))
    rows = [version.over(columns) for version in versions]
    merged: list[Row | _Conflict]
    if table is schema.VOTES:
        merged, remarks = _merge_votes(*rows, columns=columns, name=name)
        conflicts: list[str] = []
    else:
        key = _key(table, columns, rows)
        merged, conflicts = _by_key(*rows, columns=columns, key=key) if key else (_whole(*rows), [])
        remarks = []
    content = _written(contents[1], ours, versions[1], columns, merged)
    return Merged(content, tuple(f"{name}: {each}" for each in conflicts), tuple(remarks))


@dataclass(frozen=True)
class _Conflict:
    """Two versions of a row; None where a side removed it."""

    ours: Row | None
    theirs: Row | None


def _content(path: Path, name: str) -> bytes:
    content = reading.read_bytes(path)
    if reading.kind(content, Path(name)) != reading.TEXT:
        raise InputError("is no CSV file; a workbook cannot be merged row by row", path=name)
    return content


def _raw(path: Path, content: bytes, name: str) -> pd.DataFrame | None:
    if not content.strip():
        return None
    try:
        return reading.read_raw(path)
    except InputError as error:
        raise InputError(error.message, path=name, line=error.line) from error


def _version(raw: pd.DataFrame | None, table: Table | None) -> _Version:
    if raw is None:
        return _Version((), ())
    named = frames.named(raw, table) if table else raw
    return _Version(tuple(map(str, named.columns)), tuple(frames.rows(named)))


def _table(name: str, columns: Sequence[Sequence[str]]) -> Table | None:
    """
    Return which of people's tables this is: by its columns, then by its name; None for another.

    Raises
    ------
    InputError
        Where the two sides are different tables.
    """
    there = [{str(each).strip().casefold() for each in named} for named in columns]
    known = [[table for table in _PEOPLES if set(table.columns) <= named] for named in there]
    fitting = [table for table in _PEOPLES if all(table in each for each in known)]
    if not set.intersection(*there) or (all(known) and not fitting):
        told = " and ".join(each[0].name if each else "another table" for each in known)
        raise InputError(f"is {told}, one on each side: nothing to merge", path=name)
    own = [table for table in fitting if Path(name).stem == table.name]
    return next(iter([*own, *sorted(fitting, key=lambda table: -len(table.columns))]), None)


def _key(table: Table | None, columns: Sequence[str], rows: Sequence[Sequence[Row]]) -> list[int]:
    """Return the places of the columns by which rows are known; none where they repeat."""
    names = (table.key or _KEYS.get(table.name, ())) if table else ()
    places = [columns.index(name) for name in names if name in columns]
    for version in rows:
        keys = [tuple(row[place] for place in places) for row in version]
        if len(set(keys)) < len(keys):
            return []
    return places


def _merge_votes(
    base: Sequence[Row], ours: Sequence[Row], theirs: Sequence[Row], *, columns: Sequence[str], name: str
) -> tuple[list[Row | _Conflict], list[str]]:
    """Return all votes of both sides: each as the side has it that changed its reason or note."""
    places = [columns.index(column) for column in _VOTE if column in columns]
    grouped = [_grouped(rows, places) for rows in (base, ours, theirs)]
    kept: dict[Row, list[Row]] = {}
    n_removed = 0
    for key in dict.fromkeys([*grouped[1], *grouped[2]]):
        before, mine, other = (group.get(key, []) for group in grouped)
        if not mine or not other:
            n_removed += bool(before)
            kept[key] = mine or other
        elif Counter(mine) == Counter(before):
            kept[key] = other
        elif Counter(other) == Counter(before):
            kept[key] = mine
        else:
            more = Counter(other) - Counter(mine)
            kept[key] = [*mine, *more.elements()]
    remarks = []
    if n_removed:
        what = "vote that one side removed stays" if n_removed == 1 else "votes that one side removed stay"
        remarks.append(f"{name}: {n_removed:,} {what}; the decision withdrawn takes a vote back")
    return _in_order(ours, theirs, places, kept), remarks


def _grouped(rows: Sequence[Row], places: Sequence[int]) -> dict[Row, list[Row]]:
    grouped: dict[Row, list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(row[place] for place in places), []).append(row)
    return grouped


def _in_order(
    ours: Sequence[Row], theirs: Sequence[Row], places: Sequence[int], kept: Mapping[Row, Sequence[Row]]
) -> list[Row | _Conflict]:
    """Return the rows kept of each key: in our order, and what only they have behind it, in theirs."""
    left = {key: list(rows) for key, rows in kept.items()}
    ordered: list[Row | _Conflict] = []
    for row in (*ours, *theirs):
        waiting = left.get(tuple(row[place] for place in places), [])
        if waiting:
            # One that stands here as it is keeps its place.
            ordered.append(waiting.pop(waiting.index(row) if row in waiting else 0))
    for row in ours:
        ordered += left.pop(tuple(row[place] for place in places), [])
    return [*ordered, *(row for rows in left.values() for row in rows)]


def _by_key(
    base: Sequence[Row],
    ours: Sequence[Row],
    theirs: Sequence[Row],
    *,
    columns: Sequence[str],
    key: Sequence[int],
) -> tuple[list[Row | _Conflict], list[str]]:
    """Return rows merged cell by cell, each known by its key."""
    known = [{tuple(row[place] for place in key): row for row in rows} for rows in (base, ours, theirs)]
    merged: list[Row | _Conflict] = []
    conflicts: list[str] = []
    for name in dict.fromkeys([*known[1], *known[2]]):
        before, mine, other = (rows.get(name) for rows in known)
        called = " ".join(name)
        if other in (mine, before):
            row: Row | _Conflict | None = mine
        elif mine == before:
            row = other
        elif mine is None or other is None:
            row = _Conflict(mine, other)
            conflicts.append(f"the row {called} was changed by one side and removed by the other")
        else:
            row, differ = _cells(before, mine, other)
            conflicts += [
                f"{columns[place]} of {called} is {mine[place]!r} in ours and {other[place]!r} in theirs"
                for place in differ
            ]
        if row is not None:
            merged.append(row)
    return merged, conflicts


def _cells(before: Row | None, mine: Row, other: Row) -> tuple[Row | _Conflict, list[int]]:
    """Return a row that both sides changed, cell by cell, and the places of cells that both changed."""
    old = before or ("",) * len(mine)
    cells, differ = [], []
    for place, (was, own, their) in enumerate(zip(old, mine, other, strict=True)):
        cells.append(their if own == was else own)
        if own != their and was not in (own, their):
            differ.append(place)
    return (_Conflict(mine, other), differ) if differ else (tuple(cells), [])


def _whole(base: Sequence[Row], ours: Sequence[Row], theirs: Sequence[Row]) -> list[Row | _Conflict]:
    """Return ours without what they removed, and with what they added; rows are taken as wholes."""
    removed, added = Counter(base) - Counter(theirs), Counter(theirs) - Counter(base)
    merged: list[Row | _Conflict] = []
    for row in ours:
        if removed[row]:
            removed[row] -= 1
        else:
            merged.append(row)
    # What both added is there once.
    added -= Counter(ours) - Counter(base)
    for row in theirs:
        if added[row]:
            added[row] -= 1
            merged.append(row)
    return merged


def _written(
    content: bytes, path: Path, ours: _Version, columns: Sequence[str], merged: Sequence[Row | _Conflict]
) -> bytes:
    """Return the rows in our dialect; our own lines stay as they are where rows were only added."""
    decoded = dialects.decode(content, path)
    layout = dialects.sniff(decoded.text)
    end = dialects.line_end(decoded.text)
    before = ours.over(columns)
    text, rest = decoded.text, list(merged)
    if list(ours.columns) == list(columns) and rest[: len(before)] == before:
        rest = rest[len(before) :]
        if rest and not text.endswith(("\n", "\r")):
            text += end
    else:
        text = text[: layout.start] + csv_line(columns, layout.delimiter) + end
    lines = [line for row in rest for line in _lines(row, layout.delimiter)]
    text += "".join(line + end for line in lines)
    try:
        return decoded.mark + text.encode(decoded.encoding)
    except UnicodeEncodeError:
        # What ours cannot write is no reason to lose it.
        return b"\xef\xbb\xbf" + text.encode()


def _lines(row: Row | _Conflict, delimiter: str) -> list[str]:
    if not isinstance(row, _Conflict):
        return [csv_line(row, delimiter)]
    own, their = ([csv_line(each, delimiter)] if each is not None else [] for each in (row.ours, row.theirs))
    return ["<<<<<<< ours", *own, "=======", *their, ">>>>>>> theirs"]
