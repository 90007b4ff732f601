"""Clusters to records: which one is kept, and which of its cells are the best of its cluster."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import overload

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates import normalise
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.normalise import Comparable, Numbers
from peerreview.duplicates.normalise.venues import read_server
from peerreview.tables.memory import give_back, uncollected
from peerreview.values.folding import fold
from peerreview.values.missing import UNKNOWN

AT_ONCE = 50_000
"""Records, in the order in which one is kept, of which those kept are put together at a time."""
SHORTENED = frozenset({"authors", "abstract", "keywords", "pages"})
"""Columns that databases shorten: the longest cell is the best."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$")
CAPITALISED = frozenset({"title", "journal"})
"""Columns that some databases write in capitals: a cell that is not is better."""


@uncollected()
def keep_one(records: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """
    Return one record of each cluster, with the best of its content, as ``unique.csv``.

    Where it came from and its round are those of the record kept;
    ``sources``, ``source_kinds`` and ``duplicates`` are of the whole cluster.

    Parameters
    ----------
    records : columns of ``records.csv``.
    duplicates : as ``find_duplicates`` returns them; rows that are not ``duplicate`` do not matter.
    """
    order = order_kept(records)
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    gone, others = removed["record_id"].tolist(), removed["duplicate_of"].tolist()
    rows = Cells(records["record_id"], order).find({*gone, *others})
    kept = np.arange(len(order))
    kept[[rows[record_id] for record_id in gone]] = [rows[record_id] for record_id in others]
    return _kept(records, order, kept)


def _kept(records: pd.DataFrame, order: Numbers, kept: Numbers) -> pd.DataFrame:
    """
    Return one record of each cluster among some rows of records.

    Parameters
    ----------
    order : positions of these rows, in the order in which one is kept.
    kept : the row kept of each of them, counted in that order.
    """
    ids = records["record_id"].take(order).tolist()
    gone = kept != np.arange(len(kept))
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero(gone).tolist():
        members.setdefault(int(kept[row]), []).append(row)
    clusters = [[row, *members[row]] for row in sorted(members)]
    place = np.cumsum(~gone) - 1
    contents = {column: Cells(records[column], order) for column in tables.CONTENT}
    kept_places = place[[rows_[0] for rows_ in clusters]] if clusters else place[:0]
    better = choose(contents, clusters)
    columns = {}
    for column in records.columns:
        rows_of = np.flatnonzero(~gone)
        if column in better:
            rows_of[kept_places] = better[column]
        columns[column] = records[column].take(order[rows_of]).reset_index(drop=True)
    unique = pd.DataFrame(columns, copy=False)
    for column, of in (("sources", "source"), ("source_kinds", "source_kind")):
        cells = records[of].take(order).tolist()
        joined = [tables.LIST.join(sorted({cells[row] for row in rows_})) for rows_ in clusters]
        unique[column] = _with(unique[of], kept_places, joined)
    removed_ids = [tables.LIST.join(sorted(ids[row] for row in rows_[1:])) for rows_ in clusters]
    nothing = pd.Series([""], dtype="str").repeat(len(unique)).reset_index(drop=True)
    unique["duplicates"] = _with(nothing, kept_places, removed_ids)
    others = [column for column in unique.columns if column not in tables.UNIQUE.columns]
    return unique[[*tables.UNIQUE.columns, *others]]


def keep_in_parts(
    records: pd.DataFrame, kept: Numbers, *, among: Collection[str] | None = None
) -> Iterator[pd.DataFrame]:
    """
    Yield what ``keep_one`` returns, of ``AT_ONCE`` records at a time; at least one part.

    Which records are in one part depends on nothing that a later search finds.

    Parameters
    ----------
    records : columns of ``records.csv``.
    kept : the row kept of each record, in the order in which one is kept.
    among : ids of the records kept that are asked for, where not all are.
    """
    give_back()
    order = order_kept(records)
    is_asked = np.full(len(kept), among is None)
    is_asked[list(Cells(records["record_id"], order).find(among or ()).values())] = True
    by_kept = np.argsort(kept, kind="stable")
    ends = np.searchsorted(kept[by_kept], np.arange(0, len(kept) + AT_ONCE, AT_ONCE))
    n_parts = 0
    for start, end in pairwise(ends.tolist()):
        rows = np.sort(by_kept[start:end])
        rows = rows[is_asked[kept[rows]]]
        if len(rows):
            yield _kept(records, order[rows], np.searchsorted(rows, kept[rows]))
            n_parts += 1
    if not n_parts:
        yield _kept(records, order[:0], order[:0])


def keep_since(records: pd.DataFrame, kept: Numbers, number: int) -> pd.DataFrame:
    """
    Return what ``keep_one`` returns of a round and those after it.

    Parameters
    ----------
    records : columns of ``records.csv``.
    kept : the row kept of each record, in the order in which one is kept.
    """
    parts = keep_in_parts(records, kept)
    return pd.concat([part[part["round"].astype("int64") >= number] for part in parts], ignore_index=True)


def in_order_kept(records: pd.DataFrame) -> pd.DataFrame:
    """
    Return records in the order in which one is kept: by round, left column first, then by id.

    Parameters
    ----------
    records : ``record_id, source_kind, round``; a round is a whole number.
    """
    return records.iloc[order_kept(records)].reset_index(drop=True)


def order_kept(records: pd.DataFrame) -> Numbers:
    """
    Return the rows of records in the order in which one is kept.

    Parameters
    ----------
    records : ``record_id, source_kind, round``; a round is a whole number.
    """
    rounds = records["round"].astype("int64").to_numpy()
    is_other = ~records["source_kind"].isin(tables.DATABASE_KINDS).to_numpy()
    by_id = records["record_id"].array.argsort(kind="stable")
    return np.asarray(by_id[np.lexsort((is_other[by_id], rounds[by_id]))], dtype=np.int64)


class Cells(Sequence[str]):
    """
    A column of records in an order of rows, read some rows at a time: a large table is in memory but once.

    Parameters
    ----------
    cells : the column.
    order : positions of its rows.
    instead : what stands in some rows, counted in that order, in place of their cells.
    """

    def __init__(self, cells: pd.Series, order: Numbers, instead: Mapping[int, str] | None = None) -> None:
        self._cells, self._order, self._instead = cells, order, instead or {}

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> "Cells": ...

    def __getitem__(self, place: int | slice) -> "str | Cells":
        """Return a cell, or those of a stretch of rows, which hold no others: a process may take them."""
        if not isinstance(place, slice):
            return (
                self._instead[place] if place in self._instead else str(self._cells.array[self._order[place]])
            )
        rows = range(len(self))[place]
        cells = self._cells.take(self._order[place]).reset_index(drop=True)
        instead = {rows.index(row): cell for row, cell in self._instead.items() if row in rows}
        return Cells(cells, np.arange(len(rows)), instead)

    def __iter__(self) -> Iterator[str]:
        """Yield each cell."""
        return iter(self.some(np.arange(len(self))))

    def column(self, rows: Numbers | slice = slice(None)) -> pd.Series:
        """Return the cells of rows as a column of their own."""
        if self._instead:
            return pd.Series(self.some(np.arange(len(self))[rows]), dtype="str")
        return self._cells.take(self._order[rows]).reset_index(drop=True)

    def find(self, names: Collection[str]) -> dict[str, int]:
        """Return in which row each of some names stands, where it does; no cell stands twice."""
        rows = np.flatnonzero(self._cells.isin(list(names)).to_numpy()[self._order])
        return dict(zip(self.some(rows), rows.tolist(), strict=True))

    def some(self, rows: Numbers) -> list[str]:
        """Return the cells of rows."""
        found: list[str] = self._cells.take(self._order[rows]).tolist()
        if self._instead:
            return [self._instead.get(row, cell) for row, cell in zip(rows.tolist(), found, strict=True)]
        return found

    def lengths(self, rows: Numbers) -> Numbers:
        """Return how many letters the cells of rows have."""
        if self._instead:
            return np.array([len(cell) for cell in self.some(rows)], dtype=np.int64)
        chosen = self._order[rows]
        if len(rows) < len(self._cells) // 4:
            return np.asarray(self._cells.take(chosen).str.len(), dtype=np.int64)
        # Many texts need not be copied to be measured.
        return np.asarray(self._cells.str.len(), dtype=np.int64)[chosen]


def some(cells: Sequence[str], rows: Numbers) -> list[str]:
    """Return the cells of rows, of a column of records or of any texts."""
    return cells.some(rows) if isinstance(cells, Cells) else [cells[row] for row in rows.tolist()]


def _lengths(cells: Sequence[str], rows: Numbers) -> Numbers:
    if isinstance(cells, Cells):
        return cells.lengths(rows)
    return np.array([len(cell) for cell in some(cells, rows)], dtype=np.int64)


def read_contents(records: pd.DataFrame, order: Numbers) -> dict[str, Cells]:
    """
    Return the cells that are compared, in an order of rows; for a blank journal the preprint server.

    Parameters
    ----------
    records : columns of ``records.csv``; ``extra`` may name a server as the publisher.
    order : positions of its rows.
    """
    contents = {column: Cells(records[column], order) for column in COLUMNS}
    nameless = np.flatnonzero((records["journal"] == "").to_numpy()[order])
    extras = Cells(records["extra"], order).some(nameless)
    servers = {
        row: server
        for row, extra in zip(nameless.tolist(), extras, strict=True)
        if (server := read_server(extra))
    }
    return contents | {"journal": Cells(records["journal"], order, servers)}


def sound_titles(titles: Sequence[str], authors: Sequence[str]) -> list[str]:
    """
    Return titles, blank where the cell holds something else: an address, the authors, a word for none.

    >>> sound_titles(["Peer work", "https://example.org/peer-work", "Ek, B.; Bo, C."], ["", "", "Ek B; Bo C"])
    ['Peer work', '', '']
    """
    return [
        ""
        if _ADDRESS.match(title)
        or (names and title[:1] == names[:1] and fold(title) == fold(names))
        or (len(title) < 25 and fold(title) in UNKNOWN)
        else title
        for title, names in zip(titles, authors, strict=True)
    ]


def choose(contents: Mapping[str, Sequence[str]], clusters: Sequence[Sequence[int]]) -> dict[str, Numbers]:
    """
    Return, per column, which row of each cluster has the best cell, the first if nothing speaks for others.

    The longest of authors, abstract, keywords and pages, as databases
    shorten those; a title or journal that is not in capitals; else the first not blank.

    Parameters
    ----------
    contents : columns of records; with ``title`` there is ``authors``.
    clusters : rows of records, the one kept first.
    """
    rows = np.array([row for cluster in clusters for row in cluster], dtype=np.int64)
    sizes = np.array([len(cluster) for cluster in clusters], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    chosen = {}
    for column, cells in contents.items():
        if column in CAPITALISED:
            there = some(cells, rows)
            if column == "title":
                there = sound_titles(there, some(contents["authors"], rows))
            worth = np.array(
                [0 if not cell else 1 if cell.isupper() else 2 for cell in there], dtype=np.int64
            )
        else:
            worth = _lengths(cells, rows)
            if column not in SHORTENED:
                worth = np.minimum(worth, 1)
        chosen[column] = rows[_best(worth, starts)]
    return chosen


def compose(
    raw: Comparable, contents: Mapping[str, Sequence[str]], members: Sequence[Sequence[int]]
) -> Comparable:
    """
    Return what clusters know together, a row each: of each column the best cell of the members.

    Parameters
    ----------
    raw : the records, as they came.
    contents : their cells, by column.
    members : rows of each cluster, the one kept first.
    """
    chosen = choose(contents, members)
    cells = {column: some(contents[column], rows) for column, rows in chosen.items() if column != "abstract"}
    return normalise.compose(raw, chosen, cells)


def _best(worth: Numbers, starts: Numbers) -> Numbers:
    """Return the first place of the highest number from each start to the next."""
    if not len(starts):
        return starts
    n_places = len(worth)
    backwards = np.arange(n_places)[::-1]
    highest = np.maximum.reduceat(worth * n_places + backwards, starts)
    return np.asarray(n_places - 1 - highest % n_places, dtype=np.int64)


def _with(cells: pd.Series, places: Numbers, new: Sequence[str]) -> pd.Series:
    """Return a column with other cells in some places."""
    changed = cells.array.copy()
    changed[places] = new
    return pd.Series(changed, dtype="str")
