"""New records and those of earlier searches as one review: the new ones in memory, the others in files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from peerreview.duplicates import blocking, normalise
from peerreview.duplicates.blocking import Crowd, Hashes
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.engines import Comparer, Prepared, stored
from peerreview.duplicates.engines.earlier import Earlier, Entries, Told, tell_all
from peerreview.duplicates.engines.pooled import Compared
from peerreview.duplicates.engines.stored import PART, Left, Store, leave
from peerreview.duplicates.judging import Judged
from peerreview.duplicates.keeping import compose, some
from peerreview.duplicates.lessons import Teaching, Telling, are_telling
from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity import Mask
from peerreview.tables.shelf import Shelf

_RANKED = ("title", "year", "volume")


@dataclass(frozen=True, slots=True)
class FirstMet:
    """The new records, compared with all."""

    pool: "Grown"
    compared: Compared

    def telling(self) -> Telling:
        """Return the records and pairs that may teach of venues and headings, earlier ones among them."""
        return self.pool.telling(Told.of(self.compared.telling()))

    def judged(self, rules: Rules, teaching: Teaching) -> Judged:
        """Return the pairs that some rule decided, in order, once they are told what the records taught."""
        return self.compared.judged(rules, teaching)


class Grown:
    """
    The records of a review that grew: rows of earlier searches first, then the new ones.

    Only what the new ones could share is looked up among the earlier.

    Parameters
    ----------
    contents : the cells of the new records, by column.
    unique : returns the cells of earlier rows that are kept, as their clusters have them, by column.
    """

    def __init__(
        self,
        engine: Comparer,
        earlier: Earlier,
        contents: Mapping[str, Sequence[str]],
        unique: Callable[[Numbers], Mapping[str, Sequence[str]]],
    ) -> None:
        self._engine, self.earlier, self._contents, self._unique = engine, earlier, contents, unique
        prepared = engine.normalise(contents)
        self._new, self._keys = prepared.records, prepared.keys
        self._start = earlier.n_rows
        self._n_rows = self._start + len(self._new)
        self._crowds: tuple[Crowd, ...] = ()
        # What became of clusters, and in which place of that each row has its latest.
        self._renewed = [self._new.take(np.empty(0, dtype=np.int64))]
        self._latest = np.full(self._n_rows, -1, dtype=np.int64)

    @property
    def markers(self) -> Texts:
        """What marks each record's title."""
        return np.concatenate([self.earlier.markers, self._new.marker])

    def crowds(self) -> tuple[Crowd, ...]:
        """Return where more records share a key with a new one than could all meet; after ``meet``."""
        return self._crowds

    def meet(self) -> FirstMet:
        """Return the new records, compared with each other and with the earlier, all as they came."""
        rows = np.arange(self._start, self._n_rows)
        low, high, crowds = self._pairs(self._keys, rows, rows, self.earlier.are_raw, self._raw)
        self._crowds = blocking.crowds_in([(crowds["key"].astype(np.uint8), crowds["n_records"])])
        met = self._compared(low, high, self._raw)
        # Whom the new ones may join is read at once: a large table is gone through but one time.
        self._unique(np.unique(self.earlier.state.kept[met.rows[met.rows < self._start]]))
        return FirstMet(self, met)

    def meet_again(self, kept: Numbers, fresh: Numbers) -> Compared:
        """Return the rows kept so far, compared, but only pairs with a fresh one among them."""
        here = kept[self._latest[kept] >= 0]
        stands = np.zeros(self._n_rows, dtype=np.bool_)
        stands[kept] = True
        stands[here] = False
        keys = blocking.keys(self._now(here))

        def are_current(entries: Entries) -> Mask:
            return self.earlier.are_now(entries) & stands[entries.rows]

        low, high, _ = self._pairs(keys, here, fresh, are_current, self._now)
        return self._compared(low, high, self._now)

    def compare(self, low: Numbers, high: Numbers) -> Compared:
        """Return these pairs of rows, compared as they came."""
        return self._compared(low, high, self._raw)

    def renew(self, rows: Numbers, members: Sequence[Sequence[int]]) -> None:
        """Put in place of each of these rows the best of its cluster's members."""
        # What earlier searches joined speaks with one voice: the best of each was chosen then.
        spoken = [list(dict.fromkeys(self._spoken_for(row) for row in cluster)) for cluster in members]
        flat = np.unique([row for cluster in spoken for row in cluster])
        places = {row: place for place, row in enumerate(flat.tolist())}
        n_old = int(np.searchsorted(flat, self._start))
        cells = self._unique(flat[:n_old])
        contents = {
            column: [
                *some(cells[column], np.arange(n_old)),
                *some(self._contents[column], flat[n_old:] - self._start),
            ]
            for column in COLUMNS
        }
        raw = normalise.join([self.earlier.now(flat[:n_old]), self._new.take(flat[n_old:] - self._start)])
        renewed = compose(raw, contents, [[places[row] for row in cluster] for cluster in spoken])
        self._latest[rows] = sum(map(len, self._renewed)) + np.arange(len(rows))
        self._renewed.append(renewed)

    def _spoken_for(self, row: int) -> int:
        return int(self.earlier.state.kept[row]) if row < self._start else row

    def telling(self, told: Told) -> Telling:
        """Return what new records teach, with what earlier ones do."""
        rows = np.arange(self._start, self._n_rows)
        earlier = self.earlier.told()
        headings = np.concatenate([earlier.rows, rows[are_telling(self._new)]])
        return replace(tell_all([earlier, told]), rows=headings).telling(self._raw)

    def leave(self, shelf: Shelf, kept: Mask) -> Left:
        """Write the new records, and what became of clusters with some of them, for a later search."""
        n_new = len(self._new)
        store = Store(shelf, n_new, PART, n_buckets=max(1, -(-n_new // PART)))
        rows = np.flatnonzero((self._latest >= 0) & kept)
        renewed = normalise.join(self._renewed).take(self._latest[rows])
        return leave(store, Prepared(self._new, self._keys), rows, renewed, start=self._start)

    def _pairs(
        self,
        keys: Mapping[str, Hashes],
        rows: Numbers,
        fresh: Numbers,
        are_meant: Callable[[Entries], Mask],
        take: Callable[[Numbers, tuple[str, ...]], Comparable],
    ) -> tuple[Numbers, Numbers, dict[str, Numbers]]:
        """
        Return the pairs that share a block, with a fresh row each; and blocks where not all could meet.

        Parameters
        ----------
        keys : what rows in memory could share, which are these ``rows``; some are ``fresh``.
        are_meant : returns which of the earlier records found are to be met.
        """
        hashes, numbers, owners = stored.entries(keys, rows)
        is_fresh = np.zeros(self._n_rows, dtype=np.bool_)
        is_fresh[fresh] = True
        found = self.earlier.find(blocking.each_once(hashes[is_fresh[owners]]))
        found = found.take(are_meant(found))
        return blocking.meet_in_blocks(
            np.concatenate([found.hashes, hashes]),
            np.concatenate([found.keys, numbers]),
            np.concatenate([found.rows, owners]),
            is_fresh,
            lambda chosen: take(chosen, _RANKED),
        )

    def _compared(self, low: Numbers, high: Numbers, take: Callable[[Numbers], Comparable]) -> Compared:
        rows, places = np.unique(np.concatenate([low, high]), return_inverse=True)
        records = take(rows)
        return Compared(rows, records, self._engine.compare(Prepared(records, {}), *np.split(places, 2)))

    def _raw(self, rows: Numbers, names: tuple[str, ...] = stored.COLUMNS) -> Comparable:
        """Return rows as they came, in memory; they are in order."""
        n_old = int(np.searchsorted(rows, self._start))
        earlier, new = rows[:n_old], rows[n_old:] - self._start
        return normalise.join([self.earlier.raw(earlier, names), self._new.take(new)])

    def _now(self, rows: Numbers, names: tuple[str, ...] = stored.COLUMNS) -> Comparable:
        """Return rows as they are now; they are in order."""
        n_old = int(np.searchsorted(rows, self._start))
        records = normalise.join(
            [self.earlier.now(rows[:n_old], names), self._new.take(rows[n_old:] - self._start)]
        )
        changed = np.flatnonzero(self._latest[rows] >= 0)
        renewed = normalise.join(self._renewed).take(self._latest[rows[changed]])
        return normalise.overlaid(records, changed, renewed)
