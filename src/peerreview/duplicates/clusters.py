"""Pairs to clusters: which records are one, and which must not become one."""

from array import array
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


class Clusters:
    """
    Which rows are one, and which must not become one; the lowest row of each is kept.

    Parameters
    ----------
    earlier : the row kept of each of the first rows, where these were joined before.
    """

    def __init__(self, n_rows: int, earlier: Rows | None = None) -> None:
        self._parent = array("q", range(n_rows))
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = {}
        # Of those joined before: their rows in the order of the rows kept, and those.
        self._order = self._ordered = np.empty(0, dtype=np.int64)
        if earlier is not None:
            np.frombuffer(self._parent, dtype=np.int64)[: len(earlier)] = earlier
            self._order = np.argsort(earlier, kind="stable")
            self._ordered = earlier[self._order]

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self._parent)

    def kept(self, row: int) -> int:
        """Return the row kept of a row's cluster."""
        parent = self._parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    def members(self, row: int) -> list[int]:
        """Return the rows of a cluster, the one kept first."""
        return sorted(self._known(self.kept(row)))

    def groups(self) -> list[list[int]]:
        """Return every cluster that was joined here, of more than one row."""
        return [sorted(self._members[kept]) for kept in sorted(self._members)]

    def all_kept(self, n_rows: int) -> Rows:
        """Return the rows kept among the first ``n_rows``."""
        parent = np.array(self._parent[:n_rows], dtype=np.int64)
        return np.flatnonzero(parent == np.arange(n_rows))

    def roots(self) -> Rows:
        """Return the row kept of each row's cluster."""
        found = np.array(self._parent, dtype=np.int64)
        while (further := found[found]).tobytes() != found.tobytes():
            found = further
        return found

    def keep_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Say which rows must not become one, in place of what was said before."""
        self._apart = {}
        for pair in pairs:
            one, other = (self.kept(row) for row in pair)
            if one != other:
                self._apart.setdefault(one, set()).add(other)
                self._apart.setdefault(other, set()).add(one)

    def join_all(self, pairs: Iterable[tuple[int, int]]) -> set[int]:
        """Join pairs in this order, but for those kept apart; return the rows kept of changed clusters."""
        changed: set[int] = set()
        for one, other in pairs:
            low, high = sorted((self.kept(one), self.kept(other)))
            if low == high or high in self._apart.get(low, ()):
                continue
            self._parent[high] = low
            self._members[low] = self._known(low) + self._known(high)
            self._members.pop(high, None)
            for stranger in self._apart.pop(high, ()):
                self._apart[stranger].discard(high)
                self._apart[stranger].add(low)
                self._apart.setdefault(low, set()).add(stranger)
            changed.add(low)
        return changed

    def _known(self, kept: int) -> list[int]:
        """Return the rows of a cluster, by the row kept, in any order."""
        if kept in self._members:
            return self._members[kept]
        if kept >= len(self._ordered):
            # Looking it up costs more than joining it.
            return [kept]
        start, end = np.searchsorted(self._ordered, [kept, kept + 1])
        return list(map(int, self._order[start:end])) or [kept]
