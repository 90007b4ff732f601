"""
The records of earlier searches, kept in files so that a later one need not wait for all of them again.

A folder has a shelf for each search that was deduplicated: ``1``, ``2`` and so on. What stands there is never
changed: a later search adds a shelf, and says anew, for each row, which one is kept. A shelf has the records
made comparable, in chunks; what each could share with another, in order, so that what new records share is
found by halving; and the pairs and headings that teach.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from peerreview.duplicates.blocking import Hashes, each_once
from peerreview.duplicates.compared import FIELDS
from peerreview.duplicates.engines import stored
from peerreview.duplicates.engines.stored import Left, Store
from peerreview.duplicates.lessons import READ, READ_OF_PAIRS, Telling, are_telling, tell_of_names
from peerreview.duplicates.normalise import Comparable, Numbers, Texts, overlaid
from peerreview.duplicates.similarity import Mask, Pairs, Similarities
from peerreview.tables.shelf import Shelf

if TYPE_CHECKING:
    from peerreview.duplicates.engines import Pool

ABOUT = ("record_id", "source", "marker")
"""What is kept of each row besides what is compared."""


class Entries(NamedTuple):
    """What records could share: ``hashes``, by which ``keys``, whose ``rows``; of which chunk of a shelf."""

    hashes: Hashes
    keys: npt.NDArray[np.uint8]
    rows: Numbers
    shelves: Numbers
    chunks: Numbers

    def take(self, chosen: Numbers | Mask) -> "Entries":
        """Return some of them."""
        return Entries(
            self.hashes[chosen],
            self.keys[chosen],
            self.rows[chosen],
            self.shelves[chosen],
            self.chunks[chosen],
        )


@dataclass(frozen=True, slots=True)
class State:
    """
    What became of the rows of all searches so far.

    ``kept`` is the row kept of each; ``together`` the first row of those that pairs alone would join, before
    any contradiction; ``shelves`` and ``places`` where each row stands as it is now, which for one kept of
    several is what they know together.
    """

    kept: Numbers
    together: Numbers
    shelves: Numbers
    places: Numbers


@dataclass(frozen=True, slots=True)
class Told:
    """What teaches: the rows of headings, and pairs of rows with their similarities."""

    rows: Numbers
    low: Numbers
    high: Numbers
    similarities: Similarities

    @classmethod
    def of(cls, telling: Telling) -> "Told":
        """Return what teaches among records and pairs."""
        rows, records, pairs = telling
        chosen = np.flatnonzero(tell_of_names(records, pairs))
        found = {field: pairs.similarities[field][chosen] for field in FIELDS}
        return cls(rows[are_telling(records)], rows[pairs.low[chosen]], rows[pairs.high[chosen]], found)

    def since(self, row: int) -> "Told":
        """Return what new records teach, from a row on: their headings, and pairs with one of them."""
        chosen = np.flatnonzero(self.high >= row)
        found = {field: values[chosen] for field, values in self.similarities.items()}
        return Told(self.rows[self.rows >= row], self.low[chosen], self.high[chosen], found)

    def telling(self, take: Callable[[Numbers, tuple[str, ...]], Comparable]) -> Telling:
        """Return the same with the records themselves, pairs in order; of most, names and titles do."""
        heads = each_once(self.rows)
        rows = each_once(np.concatenate([heads, self.low, self.high]))
        order = np.lexsort((self.high, self.low))
        low, high = (np.searchsorted(rows, side[order]) for side in (self.low, self.high))
        found = {field: values[order] for field, values in self.similarities.items()}
        records = overlaid(take(rows, READ_OF_PAIRS), np.searchsorted(rows, heads), take(heads, READ))
        return Telling(rows, records, Pairs(low, high, found))


def tell_all(parts: Sequence[Told]) -> Told:
    """Return what several searches teach."""
    return Told(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        {field: np.concatenate([part.similarities[field] for part in parts]) for field in FIELDS},
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One search's shelf, and its first row among those of all searches."""

    start: int
    store: Store


class Earlier:
    """The records of some searches, from the first on."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self.n_rows = parts[-1].start + parts[-1].store.n_rows
        kept = parts[-1].store.shelf.get("state")
        self.state = State(
            *(kept.whole(name).astype(np.int64) for name in ("kept", "together", "shelves", "places"))
        )

    @cached_property
    def rounds(self) -> Numbers:
        """The round of each row."""
        return self._column("round").astype(np.int64)

    @cached_property
    def markers(self) -> Texts:
        """What marks each row's title."""
        return self._column("marker")

    def texts(self, name: str) -> pd.Series:
        """Return a column of ``ABOUT``, left on the disk."""
        parts = [part.store.shelf.get("rows").texts(name) for part in self.parts]
        return pd.concat(parts, ignore_index=True)

    def _column(self, name: str) -> npt.NDArray[Any]:
        return np.concatenate([part.store.shelf.get("rows").whole(name) for part in self.parts])

    def raw(self, rows: Numbers, names: tuple[str, ...] = stored.COLUMNS) -> Comparable:
        """Return records as they came, made comparable; columns that are not named are blank."""
        starts = np.array([part.start for part in self.parts])
        shelves = np.searchsorted(starts, rows, side="right") - 1
        return self._take(shelves, rows - starts[shelves], names)

    def now(self, rows: Numbers, names: tuple[str, ...] = stored.COLUMNS) -> Comparable:
        """Return records as they are now: of one that is kept, what its cluster knows together."""
        return self._take(self.state.shelves[rows], self.state.places[rows], names)

    def _take(self, shelves: Numbers, places: Numbers, names: tuple[str, ...]) -> Comparable:
        found = stored.blank(len(places), names)
        for number, part in enumerate(self.parts):
            here = np.flatnonzero(shelves == number)
            if len(here):
                taken = stored.take(part.store, places[here], names=names)
                for name in names:
                    found[name][here] = getattr(taken, name)
        return Comparable(**found)

    def find(self, hashes: Hashes) -> Entries:
        """Return all that have one of these numbers, each of which is given once."""
        return _joined(
            [
                _among(part.store, number, bucket, hashes[hashes % np.uint64(part.store.n_buckets) == bucket])
                for number, part in enumerate(self.parts)
                for bucket in range(part.store.n_buckets)
            ]
        )

    def are_raw(self, entries: Entries) -> Mask:
        """Return which are of records as they came."""
        n_parts = np.array([part.store.n_parts for part in self.parts])
        return np.asarray(entries.chunks < n_parts[entries.shelves], dtype=np.bool_)

    def are_now(self, entries: Entries) -> Mask:
        """Return which are of records that are kept, as they are now."""
        sizes = np.array([part.store.size for part in self.parts])
        stands = self.state.shelves[entries.rows] == entries.shelves
        stands &= self.state.places[entries.rows] // sizes[entries.shelves] == entries.chunks
        return np.asarray(stands & (self.state.kept[entries.rows] == entries.rows), dtype=np.bool_)

    def told(self) -> Told:
        """Return what teaches among all of them."""
        return tell_all([_read_told(part.store.shelf) for part in self.parts])


def leave(
    pool: "Pool",
    shelf: Shelf,
    earlier: Earlier | None,
    *,
    told: Told,
    about: Mapping[str, npt.NDArray[Any] | pd.Series],
    kept: Numbers,
    together: Numbers,
) -> Part:
    """
    Write what a later search needs of this one.

    Parameters
    ----------
    pool : the records, after all rounds.
    shelf : an empty folder.
    told : what teaches among the rows of this search.
    about : per row of this search, the columns of ``ABOUT``, and its round.
    kept : the row kept of each row of all searches.
    together : the first row of those that pairs alone would join.
    """
    n_rows = len(kept)
    left = pool.leave(shelf, np.asarray(kept == np.arange(n_rows), dtype=np.bool_))
    start = n_rows - left.store.n_rows
    number = len(earlier.parts) if earlier else 0
    shelves, places = np.full(n_rows, number, dtype=np.int32), np.arange(n_rows, dtype=np.int32) - start
    if earlier:
        shelves[:start], places[:start] = earlier.state.shelves, earlier.state.places
    shelves[left.rows], places[left.rows] = number, left.places
    for bucket in range(left.store.n_buckets):
        _sort(left, bucket, shelves == number, places)
    for chunk in range(left.n_chunks):
        shelf.remove(f"keys-{chunk}")
    shelf.put("rows", about)
    shelf.put("headings", {"row": told.rows.astype(np.int32)})
    pairs = {"low": told.low.astype(np.int32), "high": told.high.astype(np.int32)}
    shelf.put("telling", pairs | dict(told.similarities))
    whole = {"kept": kept.astype(np.int32), "together": together.astype(np.int32)}
    shelf.put("state", whole | {"shelves": shelves, "places": places})
    return Part(start, left.store)


def _sort(left: Left, bucket: int, is_here: Mask, places: npt.NDArray[np.int32]) -> None:
    """Write what a bucket's records could share, in order, but for what they said before they were joined."""
    store = left.store
    found = []
    for chunk in range(left.n_chunks):
        hashes, rows, keys = store.shelf.get(f"keys-{chunk}").stretch(bucket, "hash", "row", "key")
        if chunk >= store.n_parts:
            stands = np.flatnonzero(is_here[rows] & (places[rows] // store.size == chunk))
            hashes, rows, keys = hashes[stands], rows[stands], keys[stands]
        found.append((hashes, rows, keys, np.full(len(rows), chunk, dtype=np.int32)))
    names = ("hash", "row", "key", "chunk")
    whole = {name: np.concatenate(side) for name, side in zip(names, zip(*found, strict=True), strict=True)}
    order = np.argsort(whole["hash"], kind="stable")
    store.shelf.put(f"sorted-{bucket}", {name: side[order] for name, side in whole.items()})


def _among(store: Store, number: int, bucket: int, hashes: Hashes) -> Entries:
    """Return those of a bucket that have one of these numbers."""
    kept = store.shelf.get(f"sorted-{bucket}")
    there = kept.whole("hash")
    starts, ends = (np.searchsorted(there, hashes, side=side) for side in ("left", "right"))
    sizes = ends - starts
    # Each stretch from its start to its end, one after the other.
    chosen = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))
    rows, chunks = (kept.whole(name)[chosen].astype(np.int64) for name in ("row", "chunk"))
    return Entries(there[chosen], kept.whole("key")[chosen], rows, np.full(len(rows), number), chunks)


def _joined(parts: Sequence[Entries]) -> Entries:
    return Entries(*(np.concatenate(side) for side in zip(*parts, strict=True)))


def _read_told(shelf: Shelf) -> Told:
    kept = shelf.get("telling")
    low, high = (kept.whole(side).astype(np.int64) for side in ("low", "high"))
    rows = shelf.get("headings").whole("row").astype(np.int64)
    return Told(rows, low, high, {field: kept.whole(field) for field in FIELDS})
