"""Unique records that a later search adds to: which change, which go, and which are new."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates import keeping
from peerreview.duplicates.keeping import keep_one, order_kept
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.similarity import Mask
from peerreview.tables.splicing import Piece


@dataclass(frozen=True, slots=True)
class Growth:
    """
    What a later search makes of the unique records: the row of each, which are gone, and which change.

    ``changed`` are places among the earlier ones, whose records now are the first of ``rows``; the others
    are those at ``new`` rows.
    """

    there: Numbers
    is_gone: Mask
    changed: Numbers
    new: Numbers
    rows: pd.DataFrame

    def pieces(self, among: Numbers | None = None) -> Iterator[Piece]:
        """
        Yield ``unique.csv``, of as many records at a time as ``keep_in_parts``; at least one piece.

        Parameters
        ----------
        among : places of earlier unique records, in order, where not all are meant; new ones are in any case.
        """
        places = np.arange(len(self.there)) if among is None else among
        meant = np.flatnonzero(np.isin(self.changed, places))
        changed = self.changed[meant]
        n_pieces = 0
        end = int(max(self.there[-1:].max(initial=0), self.new[-1:].max(initial=0))) + 1
        for first in range(0, end, keeping.AT_ONCE):
            here, more, added = (
                slice(*np.searchsorted(rows, [first, first + keeping.AT_ONCE]))
                for rows in (self.there[places], self.there[changed], self.new)
            )
            stays = places[here][~self.is_gone[places[here]]]
            is_last = first + keeping.AT_ONCE >= end
            if len(stays) or added.stop > added.start or (is_last and not n_pieces):
                places_of = np.concatenate([meant[more], len(self.changed) + np.arange(len(self.new))[added]])
                yield Piece(stays, changed[more], self.rows.iloc[places_of].reset_index(drop=True))
                n_pieces += 1


def grow(
    take: Callable[[Numbers], pd.DataFrame], records: pd.DataFrame, before: Numbers, kept: Numbers
) -> Growth:
    """
    Return what new records make of the unique records before them.

    Parameters
    ----------
    take : returns rows of ``unique.csv``, as earlier searches left it, by their places.
    records : columns of ``records.csv``, of the new records.
    before : the row kept of each earlier row, in those searches.
    kept : the same of all rows now; new ones follow in the order in which one is kept.
    """
    start = len(before)
    there = np.flatnonzero(before == np.arange(start))
    is_gone = kept[there] != there
    is_more = np.isin(there, np.concatenate([kept[start:], kept[there[is_gone]]]))
    touched = np.flatnonzero(is_gone | is_more)
    new = np.flatnonzero(kept[start:] == np.arange(start, len(kept))) + start
    rows = _grown(take(touched), records, kept, there[touched], start)
    return Growth(there, is_gone, np.flatnonzero(is_more), new, rows)


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
