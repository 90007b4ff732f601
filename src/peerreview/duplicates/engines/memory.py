"""The engine that comes with peerreview: all records in memory, whole columns at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peerreview.duplicates import blocking, normalise, similarity
from peerreview.duplicates.blocking import Hashes
from peerreview.duplicates.engines import Prepared
from peerreview.duplicates.engines.pooled import Pooled
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.similarity import Mask, Pairs
from peerreview.tables.memory import uncollected
from peerreview.workers import share

AT_ONCE = 250_000
"""Pairs compared in one go; more of them take memory, and are not told of meanwhile."""


@uncollected()
def prepare(columns: Mapping[str, Sequence[str]]) -> Prepared:
    """Return a stretch of records made comparable, with their keys; processes find this by its name."""
    records = normalise.comparable(columns)
    return Prepared(records, blocking.keys(records))


@dataclass(frozen=True, slots=True)
class InMemory:
    """
    Compares records that share a block; ``workers`` are processes and threads.

    The result is the same with any number of workers. ``watch`` is called on the
    way: of what, how many are done, of how many.
    """

    workers: int = 1
    watch: Callable[[str, int, int], None] | None = None

    def gather(self, contents: Mapping[str, Sequence[str]]) -> Pooled:
        """Return records made comparable, all in memory: the cells of each of ``compared.COLUMNS``."""
        return Pooled(self, contents)

    def normalise(self, columns: Mapping[str, Sequence[str]]) -> Prepared:
        """Return records made comparable: the cells of each of ``compared.COLUMNS``, row by row."""
        n_stretches = -(-len(columns["title"]) // normalise.STRETCH)
        parts = share(prepare, normalise.stretches(columns, self.watch), min(self.workers, n_stretches))
        keys = {name: np.concatenate([part.keys[name] for part in parts]) for name in blocking.KEYS}
        return Prepared(normalise.join([part.records for part in parts]), keys)

    def candidates(self, prepared: Prepared, fresh: Mask | None = None) -> tuple[Numbers, Numbers]:
        """Return the pairs of rows that share a block, each once, in order."""
        return blocking.candidates(prepared.records, fresh, prepared.keys)

    def near(self, keys: Mapping[str, Hashes], kept: Numbers, fresh: Numbers) -> Numbers:
        """Return which of the rows kept share a block with a fresh one, themselves among them."""
        return blocking.near(keys, kept, fresh)

    def compare(self, prepared: Prepared, low: Numbers, high: Numbers) -> Pairs:
        """Return those pairs that some rule could join, with every similarity of theirs."""
        parts = []
        for start in range(0, max(len(low), 1), AT_ONCE):
            if self.watch:
                self.watch("pairs", start, len(low))
            chosen = low[start : start + AT_ONCE], high[start : start + AT_ONCE]
            passed, similarities = similarity.compare(prepared.records, *chosen, workers=self.workers)
            parts.append(Pairs(chosen[0][passed], chosen[1][passed], similarities))
        if len(parts) == 1:
            return parts[0]
        fields = parts[0].similarities
        return Pairs(
            np.concatenate([part.low for part in parts]),
            np.concatenate([part.high for part in parts]),
            {field: np.concatenate([part.similarities[field] for part in parts]) for field in fields},
        )
