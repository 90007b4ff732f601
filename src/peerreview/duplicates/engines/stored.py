"""
The steps of a search for duplicates on records that lie in files: each reads files and writes one, whole.

A step depends on its files alone, so that it can run anywhere, and again where a worker died. The records
lie in parts of ``Store.size`` rows. What they could share is written by buckets of equal hashes; a bucket
becomes pairs, written by the part of their lower row; the pairs of a part are compared together. No record
travels but into the step that compares it.

What a step holds at a time is bounded: ``prepare`` and ``renew`` a part; ``block`` a bucket, which is
13 bytes a record and key, and what stands in one block of it; ``compare`` and ``judge`` ``AT_ONCE`` pairs and
their records, besides 150 bytes a pair of their part.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from peerreview.duplicates import blocking, compared, normalise, similarity
from peerreview.duplicates.blocking import Hashes
from peerreview.duplicates.compared import FIELDS
from peerreview.duplicates.engines import Prepared
from peerreview.duplicates.judging import Judged, decide
from peerreview.duplicates.keeping import compose
from peerreview.duplicates.lessons import Teaching, are_telling, tell_of_names
from peerreview.duplicates.normalise import Comparable, Numbers
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity import Mask, Pairs
from peerreview.tables.shelf import Shelf

AT_ONCE = 50_000
"""Pairs whose records are in memory at a time."""
PART = 50_000
"""Records in a part."""
GONE = -1
COLUMNS = tuple(column.name for column in fields(Comparable))
_NUMBERS = frozenset(column.name for column in fields(Comparable) if column.type == Numbers)
_TELLING = ("n_words", "generic")


@dataclass(frozen=True, slots=True)
class Store:
    """Where the records of a review lie, and how many are a part; ``n_buckets`` of equal hashes."""

    shelf: Shelf
    n_rows: int
    size: int
    n_buckets: int

    @property
    def n_parts(self) -> int:
        """How many parts the records are in."""
        return max(1, -(-self.n_rows // self.size))

    def rows(self, part: int) -> range:
        """Return the rows of a part."""
        return range(part * self.size, min((part + 1) * self.size, self.n_rows))


@dataclass(frozen=True, slots=True)
class View:
    """
    A state of the records: the first, or one in which clusters stand for their members.

    Its file, where ``is_first`` does not hold, has for each row the place of its records among all
    that were written, ``GONE`` for one that is not kept, and whether it is fresh. ``n_chunks`` files
    of records were written so far; its pairs are in ``n_files``.
    """

    name: str
    n_chunks: int
    n_files: int
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """
    The chunks that a search leaves for a later one: its records as they came, then those that were joined.

    ``rows`` are kept, and stand at ``places`` among all that was written as they are now.
    """

    store: Store
    n_chunks: int
    rows: Numbers
    places: Numbers


def leave(store: Store, prepared: Prepared, rows: Numbers, renewed: Comparable, *, start: int = 0) -> Left:
    """
    Write the records of a search, and what their clusters became, for a later search.

    Parameters
    ----------
    prepared : the records as they came.
    rows : the row of each of ``renewed``, among those of all searches.
    start : the first row of this search among those of all.
    """
    for part in range(store.n_parts):
        here = np.array(store.rows(part), dtype=np.int64)
        chosen = prepared.take(here)
        write(store, part, here + start, chosen.records, chosen.keys)
    chunk = store.n_parts
    for first in range(0, len(rows), store.size):
        some = renewed.take(np.arange(first, min(first + store.size, len(rows))))
        write(store, chunk, rows[first : first + store.size], some, blocking.keys(some))
        chunk += 1
    return Left(store, chunk, rows, store.n_parts * store.size + np.arange(len(rows)))


def prepare(store: Store, part: int) -> None:
    """Make the cells of a part comparable, and write what each of its records could share."""
    if store.shelf.has(f"keys-{part}"):
        return
    cells = store.shelf.get(f"cells-{part}")
    records = normalise.comparable({name: cells.whole(name).tolist() for name in compared.COLUMNS})
    write(store, part, np.array(store.rows(part), dtype=np.int64), records, blocking.keys(records))


def renew(store: Store, chunk: int, rows: Numbers, members: Numbers, lengths: Numbers) -> None:
    """
    Write what clusters know together, as a chunk of records.

    Parameters
    ----------
    rows : the row that each cluster keeps.
    members : the rows of the first cluster, then those of the next.
    lengths : how many rows each cluster has.
    """
    if store.shelf.has(f"keys-{chunk}"):
        return
    all_rows, places = np.unique(members, return_inverse=True)
    contents = {name: [""] * len(all_rows) for name in compared.COLUMNS}
    for part, among, here in _by_chunk(all_rows, store.size):
        cells = store.shelf.get(f"cells-{part}")
        for name, column in contents.items():
            for place, cell in zip(here.tolist(), cells.take(name, among), strict=True):
                column[place] = cell
    split = np.split(places, np.cumsum(lengths)[:-1])
    clusters = [cluster.tolist() for cluster in split]
    records = compose(take(store, all_rows), contents, clusters)
    write(store, chunk, rows, records, blocking.keys(records))


def write(store: Store, chunk: int, rows: Numbers, records: Comparable, keys: Mapping[str, Hashes]) -> None:
    """
    Write a chunk of records, and what each could share.

    Parameters
    ----------
    rows : which row each record is.
    keys : what ``blocking.keys`` returns for them.
    """
    store.shelf.put(f"records-{chunk}", {name: getattr(records, name) for name in COLUMNS})
    hashes, numbers, owners = entries(keys, rows)
    bucket = (hashes % np.uint64(store.n_buckets)).astype(np.int64)
    order = np.argsort(bucket, kind="stable")
    ends = np.searchsorted(bucket[order], np.arange(store.n_buckets), side="right")
    # The last thing that a chunk has: where it stands, all of the chunk does.
    columns: dict[str, Any] = {
        "hash": hashes[order],
        "row": owners[order].astype(np.int32),
        "key": numbers[order],
    }
    store.shelf.put(f"keys-{chunk}", columns, ends.tolist())


def entries(keys: Mapping[str, Hashes], rows: Numbers) -> tuple[Hashes, npt.NDArray[np.uint8], Numbers]:
    """Return what records say that they could share: each number, by which of the keys, and whose it is."""
    known = [np.flatnonzero(key) for key in keys.values()]
    hashes = np.concatenate([key[places] for key, places in zip(keys.values(), known, strict=True)])
    numbers = np.repeat(np.arange(len(keys), dtype=np.uint8), [len(places) for places in known])
    return hashes, numbers, np.concatenate([rows[places] for places in known])


def _by_chunk(places: Numbers, size: int) -> Iterator[tuple[int, Numbers, Numbers]]:
    """Yield, per chunk, which of its rows are asked for, and where in ``places`` they are."""
    chunks, among = np.divmod(places, size)
    order = np.argsort(chunks, kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(chunks[order])) + 1) if len(order) else []:
        yield int(chunks[here[0]]), among[here], here


def blank(n_rows: int, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the columns of comparable records that say nothing; those named can be written to."""
    columns: dict[str, Any] = dict.fromkeys(COLUMNS, np.full(n_rows, "", dtype=object))
    columns |= dict.fromkeys(_NUMBERS, np.zeros(n_rows, dtype=np.int64))
    return columns | {name: np.empty_like(columns[name]) for name in names}


def take(
    store: Store, rows: Numbers, where: Numbers | None = None, names: tuple[str, ...] = COLUMNS
) -> Comparable:
    """
    Return records made comparable.

    Parameters
    ----------
    where : the place of each row among all records written; where None, as they came.
    names : the columns that are needed; others are blank.
    """
    columns = blank(len(rows), names)
    for chunk, among, here in _by_chunk(rows if where is None else where[rows].astype(np.int64), store.size):
        # Let go of before the next: what is mapped into memory at a time is one file.
        kept = store.shelf.get(f"records-{chunk}")
        for name in names:
            columns[name][here] = kept.take(name, among)
    return Comparable(**columns)


def look(store: Store, view: View) -> tuple[Numbers | None, Mask | None]:
    """Return where each row's records are in a view, and which rows are fresh; None in the first."""
    if view.is_first:
        return None, None
    kept = store.shelf.get(f"view-{view.name}")
    return kept.whole("where"), kept.whole("fresh")


def block(store: Store, view: View, bucket: int) -> None:
    """Write the pairs of rows that share a block of a bucket, by the part of the lower row."""
    name = f"pairs-{view.name}-{bucket}"
    if store.shelf.has(name):
        return
    where, fresh = look(store, view)
    hashes, rows, keys = [], [], []
    for chunk in range(view.n_chunks):
        found, owners, numbers = store.shelf.get(f"keys-{chunk}").stretch(bucket, "hash", "row", "key")
        if where is not None:
            # What a later chunk renewed says no more what it said.
            stands = np.flatnonzero(where[owners] // store.size == chunk)
            found, owners, numbers = found[stands], owners[stands], numbers[stands]
        hashes.append(found)
        rows.append(owners)
        keys.append(numbers)
    low, high, crowds = blocking.meet_in_blocks(
        np.concatenate(hashes),
        np.concatenate(keys),
        np.concatenate(rows).astype(np.int64),
        fresh,
        lambda chosen: take(store, chosen, where, ("title", "year", "volume")),
    )
    store.shelf.put(f"crowds-{view.name}-{bucket}", crowds)
    put_pairs(store, view, bucket, low, high)


def put_pairs(store: Store, view: View, number: int, low: Numbers, high: Numbers) -> None:
    """Write pairs of rows, in order, as one of a view's files."""
    ends = np.searchsorted(low, [store.rows(part).stop for part in range(store.n_parts)])
    columns = {"low": low.astype(np.int32), "high": high.astype(np.int32)}
    store.shelf.put(f"pairs-{view.name}-{number}", columns, ends.tolist())


def compare(store: Store, view: View, part: int) -> None:
    """Write every similarity of the pairs whose lower row is in a part; and which may teach of venues."""
    name = f"met-{view.name}-{part}"
    if store.shelf.has(name):
        return
    where, _ = look(store, view)
    found = [
        np.stack(store.shelf.get(f"pairs-{view.name}-{file}").stretch(part, "low", "high"))
        for file in range(view.n_files)
    ]
    # Two records may share several blocks, of several buckets.
    low, high = np.concatenate(found, axis=1).astype(np.int64)
    combined = blocking.each_once(low * store.n_rows + high)
    low, high = combined // max(store.n_rows, 1), combined % max(store.n_rows, 1)
    parts, telling = [], []
    for rows, records, (one, other) in _stretches(store, where, low, high):
        passed, found_ = similarity.compare(records, one, other)
        pairs = Pairs(one[passed], other[passed], found_)
        telling.append(tell_of_names(records, pairs))
        parts.append(Pairs(rows[pairs.low], rows[pairs.high], found_))
    columns = {
        "low": np.concatenate([each.low for each in parts]).astype(np.int32),
        "high": np.concatenate([each.high for each in parts]).astype(np.int32),
    } | {field: np.concatenate([each.similarities[field] for each in parts]) for field in FIELDS}
    if view.is_first:
        chosen = np.flatnonzero(np.concatenate(telling))
        store.shelf.put(f"telling-{part}", {key: values[chosen] for key, values in columns.items()})
    store.shelf.put(name, columns)


def _stretches(
    store: Store, where: Numbers | None, low: Numbers, high: Numbers
) -> Iterator[tuple[Numbers, Comparable, tuple[Numbers, Numbers]]]:
    """Yield some pairs at a time: their rows, those records, and the pairs as places among them."""
    for start in range(0, max(len(low), 1), AT_ONCE):
        sides = np.concatenate([low[start : start + AT_ONCE], high[start : start + AT_ONCE]])
        rows, places = np.unique(sides, return_inverse=True)
        one, other = np.split(places, 2)
        yield rows, take(store, rows, where), (one, other)


def headings(store: Store, part: int) -> Numbers:
    """Return the rows of a part that may teach by themselves."""
    rows = np.array(store.rows(part), dtype=np.int64)
    return rows[are_telling(take(store, rows, names=_TELLING))]


def marked(store: Store, part: int) -> tuple[Numbers, list[str]]:
    """Return the rows of a part whose titles are marked, as an erratum or a reply, and by what."""
    markers = store.shelf.get(f"records-{part}").whole("marker")
    places = np.flatnonzero(markers != "")
    return places + part * store.size, markers[places].tolist()


def judge(store: Store, view: View, part: int, rules: Rules, teaching: Teaching) -> None:
    """Write the pairs of a part that some rule decides, once they are told what the records taught."""
    name = f"judged-{view.name}-{part}"
    if store.shelf.has(name):
        return
    where, _ = look(store, view)
    met = store.shelf.get(f"met-{view.name}-{part}")
    low, high = (met.whole(side).astype(np.int64) for side in ("low", "high"))
    parts = []
    for number, (rows, records, (one, other)) in enumerate(_stretches(store, where, low, high)):
        here = slice(number * AT_ONCE, (number + 1) * AT_ONCE)
        pairs = Pairs(one, other, {field: met.whole(field)[here].copy() for field in FIELDS})
        teaching.apply(records, rows, pairs)
        decided = decide(pairs, rules)
        parts.append(
            {"low": rows[decided.low].astype(np.int32), "high": rows[decided.high].astype(np.int32)}
            | {"rule": decided.rule.astype(np.int32), "score": decided.score}
            | {f"{_FIELD}{field}": values for field, values in decided.similarities.items()}
        )
    store.shelf.put(name, {key: np.concatenate([each[key] for each in parts]) for key in parts[0]})


_FIELD = "field "


def read_judged(store: Store, view: View, part: int) -> Judged:
    """Return what ``judge`` wrote."""
    kept = store.shelf.get(f"judged-{view.name}-{part}")
    low, high, rule = (kept.whole(name).astype(np.int64) for name in ("low", "high", "rule"))
    similarities = {
        name.removeprefix(_FIELD): kept.whole(name).copy() for name in kept.names if name.startswith(_FIELD)
    }
    return Judged(low, high, rule, kept.whole("score").copy(), similarities)
