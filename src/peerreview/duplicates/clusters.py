"""Pairs to clusters: which records are one, and which must not become one."""

from array import array
from collections.abc import Iterable, Iterator

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
        parent, following = np.arange(n_rows), np.arange(n_rows)
        if earlier is not None and len(earlier):
            parent[: len(earlier)] = earlier
            order = np.argsort(earlier, kind="stable")
            is_first = np.append(True, np.diff(earlier[order]) != 0)
            following[order] = np.where(np.roll(is_first, -1), earlier[order], np.roll(order, -1))
        self._parent = array("q", parent.astype(np.int64).tobytes())
        # The members of a cluster stand in a ring, so that two rings are joined in one step.
        self._following = array("q", following.astype(np.int64).tobytes())
        self._is_joined = bytearray(n_rows)
        self._apart: dict[int, set[int]] = {}

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
        kept = self.kept(row)
        found = [kept]
        while (row := self._following[found[-1]]) != kept:
            found.append(row)
        return sorted(found)

    def groups(self) -> Iterator[list[int]]:
        """Yield every cluster that was joined here, of more than one row."""
        for kept in np.flatnonzero(np.frombuffer(self._is_joined, dtype=np.uint8)).tolist():
            yield self.members(kept)

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
        following = self._following
        for one, other in pairs:
            low, high = sorted((self.kept(one), self.kept(other)))
            if low == high or high in self._apart.get(low, ()):
                continue
            self._parent[high] = low
            following[low], following[high] = following[high], following[low]
            self._is_joined[low], self._is_joined[high] = True, False
            for stranger in self._apart.pop(high, ()):
                self._apart[stranger].discard(high)
                self._apart[stranger].add(low)
                self._apart.setdefault(low, set()).add(stranger)
            changed.add(low)
        return changed
