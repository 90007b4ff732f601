"""Clusters to records: which one is kept, and which of its cells are the best of its cluster."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import overload

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates import normalise
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.normalise.venues import read_server
from peerreview.values.folding import fold
from peerreview.values.missing import UNKNOWN

SHORTENED = frozenset({"authors", "abstract", "keywords", "pages"})
"""Columns that databases shorten: the longest cell is the best."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$")
CAPITALISED = frozenset({"title", "journal"})
"""Columns that some databases write in capitals: a cell that is not is better."""


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
    ids = in_order(records["record_id"], order)
    rows = {record_id: row for row, record_id in enumerate(ids)}
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    members: dict[int, list[int]] = {}
    for record_id, kept in zip(removed["record_id"].tolist(), removed["duplicate_of"].tolist(), strict=True):
        members.setdefault(rows[kept], []).append(rows[record_id])
    clusters = {kept: [kept, *sorted(members[kept])] for kept in sorted(members)}
    gone = np.zeros(len(ids), dtype=np.bool_)
    gone[[row for others in members.values() for row in others]] = True
    stays = np.flatnonzero(~gone)
    place = np.cumsum(~gone) - 1
    unique = records.iloc[order[stays]].reset_index(drop=True)
    for column in tables.CONTENT:
        cells = in_order(records[column], order)
        if not any(cells):
            continue
        sound = sound_titles(cells, in_order(records["authors"], order)) if column == "title" else cells
        better = {
            place[kept]: cells[row]
            for kept, row in zip(clusters, best(column, sound, clusters.values()), strict=True)
            if row != kept
        }
        if better:
            unique[column] = _with(unique[column].tolist(), better)
    for column, of in (("sources", "source"), ("source_kinds", "source_kind")):
        cells = in_order(records[of], order)
        joined = {
            place[kept]: tables.LIST.join(sorted({cells[row] for row in rows_}))
            for kept, rows_ in clusters.items()
        }
        unique[column] = _with(unique[of].tolist(), joined)
    unique["duplicates"] = _with(
        [""] * len(unique),
        {
            place[kept]: tables.LIST.join(sorted(ids[row] for row in rows_[1:]))
            for kept, rows_ in clusters.items()
        },
    )
    others = [column for column in unique.columns if column not in tables.UNIQUE.columns]
    return unique[[*tables.UNIQUE.columns, *others]]


def check_one_run(unique: pd.DataFrame, duplicates: pd.DataFrame) -> list[str]:
    """
    Check that two tables are of one run of ``dedupe``; return the kept records that the first lacks.

    A run that is cut short, or two that ran at once, may leave one table
    of each: votes would then follow a record to one that nobody screens.
    A part of the unique records is no fault: what it lacks is returned.

    Parameters
    ----------
    unique : ``record_id``, and ``duplicates`` where ``dedupe`` filled it in.
    duplicates : ``record_id, duplicate_of, verdict``.

    Raises
    ------
    InputErrors
        For each unique record that was removed, or whose duplicates are others.
    """
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    kept = dict(zip(removed["record_id"].tolist(), removed["duplicate_of"].tolist(), strict=True))
    of_kept: dict[str, list[str]] = {}
    for record_id, other in kept.items():
        of_kept.setdefault(other, []).append(record_id)
    told = unique["duplicates"].tolist()
    is_told = any(told)
    problems = []
    for row, (record_id, others) in enumerate(zip(unique["record_id"].tolist(), told, strict=True)):
        if record_id in kept:
            problems.append((row, f"{record_id!r} was removed as a duplicate of {kept[record_id]!r}"))
        elif is_told and others != tables.LIST.join(sorted(of_kept.get(record_id, ()))):
            here, there = others or "none", tables.LIST.join(sorted(of_kept.get(record_id, ()))) or "none"
            problems.append((row, f"duplicates of {record_id!r} are {here} here, and {there} in the pairs"))
    if problems:
        cure = "the two tables are of two runs; run dedupe again"
        raise tables.row_errors(unique, [(row, f"{message}: {cure}") for row, message in problems])
    return sorted(of_kept.keys() - set(unique["record_id"]))


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
    order = pd.DataFrame(
        {
            "round": records["round"].astype("int64").to_numpy(),
            "other": ~records["source_kind"].isin(tables.DATABASE_KINDS).to_numpy(),
            "record_id": records["record_id"].to_numpy(),
        }
    ).sort_values(["round", "other", "record_id"], kind="stable")
    return order.index.to_numpy()


def in_order(cells: pd.Series, order: Numbers) -> list[str]:
    """Return a column's cells in an order of rows."""
    ordered: list[str] = cells.to_numpy()[order].tolist()
    return ordered


def read_contents(records: pd.DataFrame, order: Numbers) -> dict[str, Sequence[str]]:
    """
    Return the cells that are compared, in an order of rows; for a blank journal the preprint server.

    Parameters
    ----------
    records : columns of ``records.csv``; ``extra`` may name a server as the publisher.
    order : positions of its rows.
    """
    contents: dict[str, Sequence[str]] = {
        column: Abstracts(records[column], order)
        if column == "abstract"
        else in_order(records[column], order)
        for column in normalise.COLUMNS
    }
    journals = list(contents["journal"])
    nameless = [row for row, journal in enumerate(journals) if not journal]
    extras = records["extra"].to_numpy()[order[nameless]].tolist() if nameless else []
    for row, extra in zip(nameless, extras, strict=True):
        journals[row] = read_server(extra)
    return contents | {"journal": journals}


class Abstracts(Sequence[str]):
    """The abstracts of records in an order of rows, read a stretch at a time: they are most of a table."""

    def __init__(self, cells: pd.Series, order: Numbers) -> None:
        self._cells, self._order = cells, order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return an abstract, or those of a stretch of rows."""
        if isinstance(place, slice):
            stretch: list[str] = self._cells.take(self._order[place]).tolist()
            return stretch
        return str(self._cells.iloc[self._order[place]])

    def longest(self, clusters: Iterable[Sequence[int]]) -> list[int]:
        """Return which row of each cluster has the best abstract, as ``best`` does."""
        letters = self._cells.str.len().to_numpy(dtype=np.int64)[self._order].tolist()
        return [max(rows, key=letters.__getitem__) for rows in clusters]


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


def best(column: str, cells: Sequence[str], clusters: Iterable[Sequence[int]]) -> list[int]:
    """
    Return which row of each cluster has the best cell, the first where nothing speaks for another.

    The longest of authors, abstract, keywords and pages, as databases
    shorten those; a title or journal that is not in capitals; else the first not blank.
    """
    if isinstance(cells, Abstracts):
        return cells.longest(clusters)
    if column in SHORTENED:
        return [max(rows, key=lambda row: len(cells[row])) for rows in clusters]
    return [rows[0] if _stands(column, cells[rows[0]]) else _better(column, cells, rows) for rows in clusters]


def _better(column: str, cells: Sequence[str], rows: Sequence[int]) -> int:
    known = [row for row in rows if cells[row]]
    if column in CAPITALISED:
        known = [row for row in known if not cells[row].isupper()] or known
    return known[0] if known else rows[0]


def _stands(column: str, cell: str) -> bool:
    """Return whether no other cell could be better than this one."""
    return cell != "" and (column not in CAPITALISED or not cell.isupper())


def _with(cells: list[str], new: Mapping[int, str]) -> pd.Series:
    for row, cell in new.items():
        cells[row] = cell
    return pd.Series(cells, dtype="str")
