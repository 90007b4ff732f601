"""Unique records that a later search adds to: which change, which go, and which are new."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates import keeping
from peerreview.duplicates.keeping import keep_one, order_kept
from peerreview.duplicates.normalise import Numbers
from peerreview.tables.splicing import Piece


def grow(
    take: Callable[[Numbers], pd.DataFrame],
    records: pd.DataFrame,
    before: Numbers,
    kept: Numbers,
    *,
    among: Numbers | None = None,
) -> Iterator[Piece]:
    """
    Yield ``unique.csv`` with what new records add to it, of as many records at a time as ``keep_in_parts``.

    Parameters
    ----------
    take : returns rows of ``unique.csv``, as earlier searches left it, by their places.
    records : columns of ``records.csv``, of the new records.
    before : the row kept of each earlier row, in those searches.
    kept : the same of all rows now; new ones follow in the order in which one is kept.
    among : places of the unique records that are meant, in order, where not all are.
    """
    start = len(before)
    there = np.flatnonzero(before == np.arange(start))
    places = np.arange(len(there)) if among is None else among
    there = there[places]
    is_gone = kept[there] != there
    is_more = np.isin(there, np.concatenate([kept[start:], kept[there[is_gone]]]))
    touched = np.flatnonzero(is_gone | is_more)
    renewed = _grown(take(places[touched]), records, kept, there[touched], start)
    new = np.flatnonzero(kept[start:] == np.arange(start, len(kept))) + start
    changed = np.flatnonzero(is_more)
    n_pieces = 0
    for first in range(0, max(len(kept), 1), keeping.AT_ONCE):
        here, more, added = (
            slice(*np.searchsorted(rows, [first, first + keeping.AT_ONCE]))
            for rows in (there, there[changed], new)
        )
        stays = places[here][~is_gone[here]]
        n_rows = len(stays) + added.stop - added.start
        is_last = first + keeping.AT_ONCE >= len(kept)
        if n_rows or (is_last and not n_pieces):
            rows = pd.concat([renewed.iloc[more], renewed.iloc[len(changed) :].iloc[added]])
            yield Piece(stays, places[changed[more]], rows.reset_index(drop=True))
            n_pieces += 1


def touched_by(kept: Numbers, before: Numbers) -> Numbers:
    """Return the places in ``unique.csv`` of the records that a later search changed, or joined to others."""
    start = len(before)
    there = np.flatnonzero(before == np.arange(start))
    is_gone = kept[there] != there
    return np.flatnonzero(is_gone | np.isin(there, np.concatenate([kept[start:], kept[there[is_gone]]])))


def _grown(
    unique: pd.DataFrame, records: pd.DataFrame, kept: Numbers, rows: Numbers, start: int
) -> pd.DataFrame:
    """
    Return those of some unique records that are kept, with what new records add, and then the new ones kept.

    Parameters
    ----------
    rows : the row of each unique record among all; those of the new ones begin at ``start``.
    """
    new = records.iloc[order_kept(records)]
    both = pd.concat([unique, new], ignore_index=True).fillna("")
    all_rows = np.concatenate([rows, np.arange(start, start + len(new))])
    ids = both["record_id"].to_numpy(dtype=object)
    name_of = dict(zip(all_rows.tolist(), ids, strict=True))
    gone = np.flatnonzero(kept[all_rows] != all_rows)
    whose = [name_of[row] for row in kept[all_rows[gone]].tolist()]
    pairs = pd.DataFrame({"record_id": ids[gone], "duplicate_of": whose, "verdict": "duplicate"}, dtype="str")
    found = keep_one(both, pairs)
    members: dict[int, list[int]] = {}
    for place, row in enumerate(kept[all_rows].tolist()):
        members.setdefault(row, []).append(place)
    lists = {column: both[column].tolist() for column in ("sources", "source_kinds", "duplicates")}
    alone = {"sources": both["source"].tolist(), "source_kinds": both["source_kind"].tolist()}
    for column, cells in lists.items():
        joined = []
        for row in sorted(members):
            said = {each for place in members[row] for each in cells[place].split(tables.LIST) if each}
            if column in alone:
                said |= {alone[column][place] for place in members[row]}
            else:
                said |= {ids[place] for place in members[row] if all_rows[place] != row}
            joined.append(tables.LIST.join(sorted(said)))
        found[column] = pd.Series(joined, dtype="str")
    return found
