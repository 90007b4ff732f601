"""A review's records in memory, with what rounds ask of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peerreview.duplicates import normalise
from peerreview.duplicates.engines import Comparer, meet
from peerreview.duplicates.judging import Judged, decide
from peerreview.duplicates.keeping import choose, some
from peerreview.duplicates.lessons import Teaching, Telling
from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity import Pairs


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
        self._prepared = engine.normalise(contents)
        self._raw = self._prepared.records

    @property
    def markers(self) -> Texts:
        """What marks each record's title."""
        return self._raw.marker

    def meet(self) -> Compared:
        """Return all records worth comparing, compared."""
        return Compared(np.arange(len(self._raw)), self._raw, meet(self._engine, self._prepared))

    def meet_again(self, kept: Numbers, fresh: Numbers) -> Compared:
        """Return the rows kept so far, compared, but only pairs with a fresh one among them."""
        reached = self._prepared.take(kept)
        return Compared(kept, reached.records, meet(self._engine, reached, np.isin(kept, fresh)))

    def compare(self, low: Numbers, high: Numbers) -> Compared:
        """Return these pairs of rows, compared."""
        pairs = self._engine.compare(self._prepared, low, high)
        return Compared(np.arange(len(self._raw)), self._prepared.records, pairs)

    def renew(self, rows: Numbers, members: Sequence[Sequence[int]]) -> None:
        """Put in place of each of these rows the best of its cluster's members."""
        renewed = compose(self._raw, self._contents, members)
        self._prepared = self._prepared.renewed(rows, renewed)


def compose(
    raw: Comparable, contents: Mapping[str, Sequence[str]], members: Sequence[Sequence[int]]
) -> Comparable:
    """
    Return what clusters know together, a row each: of each column the best cell of the members.

    Parameters
    ----------
    raw : the records, as they came.
    contents : their cells, by column.
    members : rows of each cluster, the one kept first.
    """
    chosen = choose(contents, members)
    cells = {column: some(contents[column], rows) for column, rows in chosen.items() if column != "abstract"}
    return normalise.compose(raw, chosen, cells)
