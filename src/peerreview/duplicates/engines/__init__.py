"""What an engine does for the rules: find and compare pairs; ``memory`` has the one that comes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

from peerreview.duplicates import blocking
from peerreview.duplicates.blocking import Hashes
from peerreview.duplicates.normalise import Comparable, Numbers
from peerreview.duplicates.similarity import Mask, Pairs


@dataclass(frozen=True, slots=True)
class Prepared:
    """Records made comparable, and per key of ``blocking.KEYS`` what each could share with another."""

    records: Comparable
    keys: Mapping[str, Hashes]

    def __len__(self) -> int:
        return len(self.records)

    def take(self, rows: Numbers) -> "Prepared":
        """Return these rows."""
        return Prepared(self.records.take(rows), {name: key[rows] for name, key in self.keys.items()})

    def renewed(self, rows: Numbers, records: Comparable) -> "Prepared":
        """Return all rows, with these of them as ``records`` has them."""
        columns = {column.name: getattr(self.records, column.name).copy() for column in fields(Comparable)}
        for name, values in columns.items():
            values[rows] = getattr(records, name)
        keys = {name: key.copy() for name, key in self.keys.items()}
        for name, key in blocking.keys(records).items():
            keys[name][rows] = key
        return Prepared(Comparable(**columns), keys)


class Engine(Protocol):
    """
    What finds and compares pairs of records; rules, clusters and rounds are the same with any.

    An engine may keep or find pairs in another way, or on another machine.
    The numbers that it returns are those of ``similarity.FIELDS``, and it
    returns the same for the same records, in whatever order they come.
    """

    def normalise(self, columns: Mapping[str, Sequence[str]]) -> Prepared:
        """Return records made comparable: the cells of each of ``normalise.COLUMNS``, row by row."""
        ...

    def candidates(self, prepared: Prepared, fresh: Mask | None = None) -> tuple[Numbers, Numbers]:
        """
        Return the pairs of rows worth comparing, each once, as lower and higher rows, in order.

        Parameters
        ----------
        fresh : where given, only pairs with a fresh row on at least one side.
        """
        ...

    def compare(self, prepared: Prepared, low: Numbers, high: Numbers) -> Pairs:
        """Return those pairs of rows that some rule could join, with every similarity of theirs."""
        ...


def meet(engine: Engine, prepared: Prepared, fresh: Mask | None = None) -> Pairs:
    """Return the pairs of rows worth judging; with ``fresh``, only those with a fresh row."""
    return engine.compare(prepared, *engine.candidates(prepared, fresh))
