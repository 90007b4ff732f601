"""A review's records in memory, with what rounds ask of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peerreview.duplicates import blocking, normalise
from peerreview.duplicates.blocking import Crowd
from peerreview.duplicates.engines import Comparer, Prepared, meet
from peerreview.duplicates.engines.stored import PART, Left, Store, leave
from peerreview.duplicates.judging import Judged, decide
from peerreview.duplicates.keeping import compose
from peerreview.duplicates.lessons import Teaching, Telling
from peerreview.duplicates.normalise import Comparable, Numbers, Texts, join
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity import Mask, Pairs
from peerreview.tables import memory
from peerreview.tables.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Compared:
    """Compared pairs of places among ``records``, which are these ``rows`` of the review."""

    rows: Numbers
    records: Comparable
    pairs: Pairs

    def telling(self) -> Telling:
        """Return all of them."""
        return Telling(self.rows, self.records, self.pairs)

    def judged(self, rules: Rules, teaching: Teaching) -> Judged:
        """Return the pairs that some rule decided, as rows of the review; the similarities are changed."""
        teaching.apply(self.records, self.rows, self.pairs)
        decided = decide(self.pairs, rules)
        return Judged(
            self.rows[decided.low],
            self.rows[decided.high],
            decided.rule,
            decided.score,
            decided.similarities,
        )


class Pooled:
    """The records of a review, all in memory, and an engine that compares them."""

    def __init__(self, engine: Comparer, contents: Mapping[str, Sequence[str]]) -> None:
        self._engine, self._contents = engine, contents
        prepared = engine.normalise(contents)
        memory.give_back()
        self._raw, self._keys = prepared.records, dict(prepared.keys)
        self._crowds: tuple[Crowd, ...] | None = None
        # What became of clusters, and in which place of that each row has its latest.
        self._renewed: list[Comparable] = []
        self._latest = np.full(len(self._raw), -1, dtype=np.int64)

    @property
    def markers(self) -> Texts:
        """What marks each record's title."""
        return self._raw.marker

    def crowds(self) -> tuple[Crowd, ...]:
        """Return where more records share a key than could all meet."""
        if self._crowds is None:
            self._crowds = blocking.crowds(self._keys)
        return self._crowds

    def meet(self) -> Compared:
        """Return all records worth comparing, compared."""
        pairs = meet(self._engine, Prepared(self._raw, self._keys))
        return Compared(np.arange(len(self._raw)), self._raw, pairs)

    def meet_again(self, kept: Numbers, fresh: Numbers) -> Compared:
        """Return the rows kept so far, compared, but only pairs with a fresh one among them."""
        near = self._engine.near(self._keys, kept, fresh)
        reached = Prepared(self._take(near), {name: key[near] for name, key in self._keys.items()})
        return Compared(near, reached.records, meet(self._engine, reached, np.isin(near, fresh)))

    def compare(self, low: Numbers, high: Numbers) -> Compared:
        """Return these pairs of rows, compared."""
        rows, places = np.unique(np.concatenate([low, high]), return_inverse=True)
        reached = Prepared(self._take(rows), {name: key[rows] for name, key in self._keys.items()})
        return Compared(rows, reached.records, self._engine.compare(reached, *np.split(places, 2)))

    def renew(self, rows: Numbers, members: Sequence[Sequence[int]]) -> None:
        """Put in place of each of these rows the best of its cluster's members."""
        self.crowds()
        renewed = compose(self._raw, self._contents, members)
        memory.give_back()
        self._latest[rows] = sum(map(len, self._renewed)) + np.arange(len(rows))
        self._renewed.append(renewed)
        for name, key in blocking.keys(renewed).items():
            self._keys[name][rows] = key

    def _take(self, rows: Numbers) -> Comparable:
        """Return rows as they are now."""
        records = self._raw.take(rows)
        changed = np.flatnonzero(self._latest[rows] >= 0)
        if not len(changed):
            return records
        return normalise.overlaid(records, changed, join(self._renewed).take(self._latest[rows[changed]]))

    def leave(self, shelf: Shelf, kept: Mask) -> Left:
        """Write the records for a later search, and those kept as they are now."""
        n_rows = len(self._raw)
        store = Store(shelf, n_rows, PART, n_buckets=max(1, -(-n_rows // PART)))
        changed = np.flatnonzero(self._latest >= 0)
        keys = {name: key.copy() for name, key in self._keys.items()}
        for name, key in blocking.keys(self._raw.take(changed)).items():
            keys[name][changed] = key
        rows = changed[kept[changed]]
        renewed = join([self._raw.take(rows[:0]), *self._renewed]).take(self._latest[rows])
        return leave(store, Prepared(self._raw, keys), rows, renewed)
