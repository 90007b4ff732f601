"""The engine that comes with peerreview: all records in memory, whole columns at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from peerreview.duplicates import blocking, normalise, similarity
from peerreview.duplicates.engines import Prepared
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.similarity import Mask, Pairs


@dataclass(frozen=True, slots=True)
class InMemory:
    """
    Compares records that share a block; ``workers`` are processes and threads.

    The result is the same with any number of workers.
    """

    workers: int = 1

    def normalise(self, columns: Mapping[str, list[str]]) -> Prepared:
        """Return records made comparable: the cells of each of ``normalise.COLUMNS``, row by row."""
        records = normalise.normalise(columns, workers=self.workers)
        return Prepared(records, blocking.keys(records))

    def candidates(self, prepared: Prepared, fresh: Mask | None = None) -> tuple[Numbers, Numbers]:
        """Return the pairs of rows that share a block, each once, in order."""
        return blocking.candidates(prepared.records, fresh, prepared.keys)

    def compare(self, prepared: Prepared, low: Numbers, high: Numbers) -> Pairs:
        """Return those pairs that some rule could join, with every similarity of theirs."""
        passed, similarities = similarity.compare(prepared.records, low, high, workers=self.workers)
        return Pairs(low[passed], high[passed], similarities)
