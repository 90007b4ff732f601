"""The engine for more records than memory holds: Dask runs the steps of ``stored``, here or on a cluster."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from peerreview.duplicates import blocking
from peerreview.duplicates.blocking import Crowd
from peerreview.duplicates.compared import COLUMNS, FIELDS
from peerreview.duplicates.engines import stored
from peerreview.duplicates.engines.stored import Left, Store, View
from peerreview.duplicates.judging import Judged, joined
from peerreview.duplicates.lessons import READ, Teaching, Telling
from peerreview.duplicates.normalise import Numbers, Texts
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity import Mask, Pairs
from peerreview.tables.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Dask:
    """
    Has the steps of a search done by the workers of a Dask cluster, which share a folder.

    The result is the same with any number of workers and of records in a part, and where workers die.
    """

    client: Any
    folder: Path
    watch: Callable[[str, int, int], None] | None = None
    size: int = stored.PART

    def gather(self, contents: Mapping[str, Sequence[str]]) -> "Shelved":
        """Return records made comparable: the cells of each of ``compared.COLUMNS``, row by row."""
        n_rows = len(contents["title"])
        store = Store(Shelf(self.folder), n_rows, self.size, n_buckets=max(1, -(-n_rows // self.size)))
        for part in range(store.n_parts):
            if store.shelf.has(f"cells-{part}"):
                continue
            rows = store.rows(part)
            cells = {name: list(contents[name][rows.start : rows.stop]) for name in COLUMNS}
            store.shelf.put(f"cells-{part}", {name: texts(column) for name, column in cells.items()})
        self.run("parts made comparable", stored.prepare, [(store, part) for part in range(store.n_parts)])
        return Shelved(self, store)

    def run(self, of: str, step: Callable[..., Any], pieces: Iterable[tuple[Any, ...]]) -> list[Any]:
        """
        Return what workers make of each piece, in order.

        Parameters
        ----------
        of : what is told of on the way; blank for steps that are quick.
        """
        from distributed import as_completed  # noqa: PLC0415  only large reviews need it

        futures = [self.client.submit(step, *piece, pure=False) for piece in pieces]
        for n_done, each in enumerate(as_completed(futures)):
            if of and self.watch:
                self.watch(of, n_done, len(futures))
            each.result()
        return list(self.client.gather(futures))


def texts(cells: Sequence[str]) -> Texts:
    """Return cells as an array."""
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array


class Shelved:
    """The records of a review on a shelf, in parts, with what rounds ask of them."""

    def __init__(self, engine: Dask, store: Store) -> None:
        self._engine, self._store = engine, store
        self._where = np.arange(store.n_rows, dtype=np.int32)
        self._n_chunks = store.n_parts
        self._n_views = 0
        self.markers = np.full(store.n_rows, "", dtype=object)
        """What marks each record's title."""
        for places, markers in engine.run("", stored.marked, self._each()):
            self.markers[places] = markers

    def _each(self, *others: Any) -> list[tuple[Any, ...]]:
        return [(self._store, *others, part) for part in range(self._store.n_parts)]

    def crowds(self) -> tuple[Crowd, ...]:
        """Return where more records shared a key than could all meet."""
        names = [f"crowds-first-{bucket}" for bucket in range(self._store.n_buckets)]
        kept = [self._store.shelf.get(name) for name in names]
        return blocking.crowds_in([(each.whole("key"), each.whole("n_records")) for each in kept])

    def meet(self) -> "Met":
        """Return all records worth comparing, compared."""
        return self._compare(View("first", self._n_chunks, self._store.n_buckets, is_first=True))

    def meet_again(self, kept: Numbers, fresh: Numbers) -> "Met":
        """Return the rows kept so far, compared, but only pairs with a fresh one among them."""
        return self._compare(self._view(kept, fresh, self._store.n_buckets))

    def compare(self, low: Numbers, high: Numbers) -> "Met":
        """Return these pairs of rows, compared."""
        everyone = np.arange(self._store.n_rows)
        view = self._view(everyone, everyone[:0], 1)
        order = np.lexsort((high, low))
        low, high = low[order], high[order]
        stored.put_pairs(self._store, view, 0, low, high)
        return self._compare(view, are_known=True)

    def _view(self, kept: Numbers, fresh: Numbers, n_files: int) -> View:
        self._n_views += 1
        view = View(str(self._n_views), self._n_chunks, n_files)
        where = np.full(self._store.n_rows, stored.GONE, dtype=np.int32)
        where[kept] = self._where[kept]
        is_fresh = np.zeros(self._store.n_rows, dtype=np.bool_)
        is_fresh[fresh] = True
        self._store.shelf.put(f"view-{view.name}", {"where": where, "fresh": is_fresh})
        return view

    def _compare(self, view: View, *, are_known: bool = False) -> "Met":
        met = Met(self._engine, self._store, view)
        if met.is_judged:
            return met
        if not are_known:
            buckets = [(self._store, view, bucket) for bucket in range(view.n_files)]
            self._engine.run("buckets of blocks", stored.block, buckets)
        self._engine.run("parts compared", stored.compare, self._each(view))
        return met

    def renew(self, rows: Numbers, members: Sequence[Sequence[int]]) -> None:
        """Put in place of each of these rows the best of its cluster's members."""
        pieces = []
        for start in range(0, len(rows), self._store.size):
            here = slice(start, start + self._store.size)
            flat = np.array([row for cluster in members[here] for row in cluster], dtype=np.int64)
            lengths = np.array([len(cluster) for cluster in members[here]], dtype=np.int64)
            pieces.append((self._store, self._n_chunks, rows[here], flat, lengths))
            first = self._n_chunks * self._store.size
            self._where[rows[here]] = np.arange(first, first + len(rows[here]))
            self._n_chunks += 1
        self._engine.run("", stored.renew, pieces)

    def leave(self, shelf: Shelf, kept: Mask) -> Left:
        """Write the records for a later search, and those kept as they are now."""
        for chunk in range(self._n_chunks):
            for name in (f"records-{chunk}", f"keys-{chunk}"):
                self._store.shelf.lend(name, shelf)
        rows = np.flatnonzero(kept & (self._where >= self._store.n_parts * self._store.size))
        return Left(
            replace(self._store, shelf=shelf), self._n_chunks, rows, self._where[rows].astype(np.int64)
        )


@dataclass(frozen=True, slots=True)
class Met:
    """Pairs that were compared, each where its lower row lies."""

    engine: Dask
    store: Store
    view: View

    @property
    def is_judged(self) -> bool:
        """Whether a run before this one, with the same records and rules, judged them already."""
        return all(self.store.shelf.has(f"judged-{self.view.name}-{part}") for part in self._parts)

    @property
    def _parts(self) -> range:
        return range(self.store.n_parts)

    def telling(self) -> Telling:
        """Return the records and pairs that may teach of venues and headings, in order."""
        heads = self.engine.run("", stored.headings, [(self.store, part) for part in self._parts])
        kept = [self.store.shelf.get(f"telling-{part}") for part in self._parts]
        low, high = (np.concatenate([each.whole(side) for each in kept]) for side in ("low", "high"))
        rows = blocking.each_once(np.concatenate([*heads, low, high])).astype(np.int64)
        found = {field: np.concatenate([each.whole(field) for each in kept]) for field in FIELDS}
        places = np.searchsorted(rows, low), np.searchsorted(rows, high)
        return Telling(rows, stored.take(self.store, rows, names=READ), Pairs(*places, found))

    def judged(self, rules: Rules, teaching: Teaching) -> Judged:
        """Return the pairs that some rule decided, in order, once they are told what the records taught."""
        if not self.is_judged:
            # A future, so that it travels to each worker once, and is there again when one dies.
            taught = self.engine.client.submit(_same, teaching, pure=False)
            pieces = [(self.store, self.view, part, rules, taught) for part in self._parts]
            self.engine.run("parts judged", stored.judge, pieces)
        names = [f"pairs-{self.view.name}-{number}" for number in range(self.view.n_files)]
        for name in [*names, *(f"met-{self.view.name}-{part}" for part in self._parts)]:
            self.store.shelf.remove(name)
        return joined([stored.read_judged(self.store, self.view, part) for part in self._parts])


def _same(teaching: Teaching) -> Teaching:
    return teaching
