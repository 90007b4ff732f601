"""Pairs to clusters: which records are one, and which must not become one."""

from array import array
from collections.abc import Iterable


class Clusters:
    """Which rows are one, and which must not become one; the lowest row of each is kept."""

    def __init__(self, n_rows: int) -> None:
        self._parent = array("q", range(n_rows))
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = {}

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
        return sorted(self._members.get(kept, [kept]))

    def groups(self) -> list[list[int]]:
        """Return every cluster of more than one row."""
        return [sorted(self._members[kept]) for kept in sorted(self._members)]

    def all_kept(self, n_rows: int) -> list[int]:
        """Return the rows kept among the first ``n_rows``."""
        return [row for row in range(n_rows) if self._parent[row] == row]

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
            self._members[low] = self._members.get(low, [low]) + self._members.pop(high, [high])
            for stranger in self._apart.pop(high, ()):
                self._apart[stranger].discard(high)
                self._apart[stranger].add(low)
                self._apart.setdefault(low, set()).add(stranger)
            changed.add(low)
        return changed
