"""What an engine does for the rules: find and compare pairs; ``memory`` has the one that comes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from peerreview.duplicates.blocking import Crowd, Hashes
from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.similarity import Mask, Pairs

if TYPE_CHECKING:
    from peerreview.duplicates.engines.stored import Left
    from peerreview.duplicates.judging import Judged
    from peerreview.duplicates.lessons import Teaching, Telling
    from peerreview.duplicates.rules import Rules
    from peerreview.tables.shelf import Shelf


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


class Met(Protocol):
    """Pairs of records that an engine compared, wherever it keeps them."""

    def telling(self) -> "Telling":
        """Return the records and pairs that may teach of venues and headings, in order."""
        ...

    def judged(self, rules: "Rules", teaching: "Teaching") -> "Judged":
        """Return the pairs that some rule decided, in order, once they are told what the records taught."""
        ...


class Pool(Protocol):
    """
    The records of a review, made comparable, wherever an engine keeps them; rows are those of the review.

    Rounds ask it for pairs, and tell it which rows became one.
    """

    @property
    def markers(self) -> Texts:
        """What marks each record's title: an erratum, a reply."""
        ...

    def crowds(self) -> tuple[Crowd, ...]:
        """Return where more records shared a key than could all meet; after ``meet``."""
        ...

    def meet(self) -> Met:
        """Return all records worth comparing, compared."""
        ...

    def meet_again(self, kept: Numbers, fresh: Numbers) -> Met:
        """Return the rows kept so far, compared, but only pairs with a fresh one among them."""
        ...

    def compare(self, low: Numbers, high: Numbers) -> Met:
        """Return these pairs of rows, compared."""
        ...

    def renew(self, rows: Numbers, members: Sequence[Sequence[int]]) -> None:
        """Put in place of each of these rows the best of its cluster's members."""
        ...

    def leave(self, shelf: "Shelf", kept: Mask) -> "Left":
        """
        Write what a later search needs of the records, and of those kept as they are now.

        Parameters
        ----------
        shelf : an empty folder.
        kept : which rows are kept, of all.
        """
        ...


class Engine(Protocol):
    """
    What finds and compares pairs of records; rules, clusters and rounds are the same with any.

    An engine may keep or find pairs in another way, or on another machine.
    The numbers that it finds are those of ``compared.FIELDS``, and it
    finds the same for the same records, in whatever order they come.
    """

    def gather(self, contents: Mapping[str, Sequence[str]]) -> Pool:
        """Return records made comparable: the cells of each of ``compared.COLUMNS``, row by row."""
        ...


class Comparer(Protocol):
    """What compares records that are all in memory."""

    def normalise(self, columns: Mapping[str, Sequence[str]]) -> Prepared:
        """Return records made comparable: the cells of each of ``compared.COLUMNS``, row by row."""
        ...

    def candidates(self, prepared: Prepared, fresh: Mask | None = None) -> tuple[Numbers, Numbers]:
        """
        Return the pairs of rows worth comparing, each once, as lower and higher rows, in order.

        Parameters
        ----------
        fresh : where given, only pairs with a fresh row on at least one side.
        """
        ...

    def near(self, keys: Mapping[str, Hashes], kept: Numbers, fresh: Numbers) -> Numbers:
        """
        Return which of the rows kept ``candidates`` need to know to find all pairs with a fresh one.

        Parameters
        ----------
        keys : of all rows, as ``Prepared`` has them.
        """
        ...

    def compare(self, prepared: Prepared, low: Numbers, high: Numbers) -> Pairs:
        """Return those pairs of rows that some rule could join, with every similarity of theirs."""
        ...


def meet(engine: Comparer, prepared: Prepared, fresh: Mask | None = None) -> Pairs:
    """Return the pairs of rows worth judging; with ``fresh``, only those with a fresh row."""
    return engine.compare(prepared, *engine.candidates(prepared, fresh))
