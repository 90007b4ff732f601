"""What exports give: a stretch at a time in memory, whole exports put by."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from peerreview.imports.formats import Warned
from peerreview.imports.formats.mixture import AND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peerreview.imports.formats import Frame, Origin, Piece
    from peerreview.tables.spool import Spool


@dataclass(slots=True)
class Batch:
    """
    What a stretch of an export gave.

    ``rows`` are the content columns of its records, in their order, as lines of CSV;
    ``keys`` and ``digests`` their ids to be, ``lines`` where they stand,
    ``origins`` where each says it comes from. Every record of the stretch
    stands in ``rows`` or in ``rejects``.
    """

    format: str = ""
    encoding: str = ""
    rows: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    rejects: list[Piece] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """What the columns of its tables are called."""
    strange: bool = False
    """Whether a line was seen that may open another export, so that the text has to be cut there."""
    frame: Frame | None = None
    """Whether its export opens and ends in it, where such exports have a first and a last line."""
    anew: bool = False
    """Whether it is of the whole export, of which pages may have been read before."""


class Told(NamedTuple):
    """What records are told apart by, and where they stand; as in ``Batch``."""

    keys: list[str]
    digests: list[str]
    lines: list[int]
    origins: list[Origin]


@dataclass(slots=True, eq=False)
class Collected:
    """
    What one export gave: its records are put by, stretch by stretch; what is told of it as a whole is held.

    ``named`` counts the origins of its records, the one met last at the end;
    ``marks`` has a number for each record, the same for the same key.
    """

    spool: Spool
    format: str = ""
    encoding: str = ""
    rejects: list[Piece] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    named: Counter[Origin] = field(default_factory=Counter)
    marks: array[int] = field(default_factory=lambda: array("q"))
    opening: Sequence[Warned] = ()
    """What is odd about its text as a whole."""
    _frame: Frame | None = None
    _places: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.warnings += self.opening

    @property
    def imported(self) -> int:
        """Number of records kept."""
        return len(self.marks)

    @property
    def found(self) -> int:
        """Number of records in the export."""
        return self.imported + len(self.rejects)

    def fresh(self) -> Collected:
        """Return the export as it was before anything was read of it."""
        return Collected(self.spool, encoding=self.encoding, opening=self.opening)

    def add(self, below: Batch) -> None:
        """Put by what the next stretch gave."""
        if below.frame is None or below.frame.opens:
            self.end()
            self._frame = below.frame
        elif self._frame:
            self._frame = below.frame
        if below.format not in self.format.split(AND):
            self.format = AND.join(filter(None, [self.format, below.format]))
        self.rejects += below.rejects
        self.warnings += below.warnings
        self.warnings.sort(key=lambda warned: warned.line)
        self.columns += below.columns
        if not below.keys:
            return
        self.marks.extend(map(hash, below.keys))
        for origin in reversed(dict.fromkeys(reversed(below.origins))):
            self.named[origin] = self.named.pop(origin, 0)
        self.named.update(below.origins)
        told = Told(below.keys, below.digests, below.lines, below.origins)
        self._places.append((self.spool.put(told), self.spool.put(below.rows)))

    def end(self) -> None:
        """Warn where the export whose last stretch was put by has no end."""
        if self._frame and not self._frame.ends:
            self.warnings.append(Warned(self._frame.line, self._frame.message))
            self.warnings.sort(key=lambda warned: warned.line)
        self._frame = None

    def told(self) -> Iterator[Told]:
        """Yield, for each stretch, what its records are told apart by."""
        for place, _ in self._places:
            yield self.spool.take(place)

    def records(self) -> Iterator[tuple[Told, list[bytes]]]:
        """Yield each stretch's records: what they are told apart by, and their lines of CSV."""
        for place, below in self._places:
            yield self.spool.take(place), self.spool.take(below)
