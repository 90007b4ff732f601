"""Exports read on all cores: a page at a time, cut into stretches; what these give is put by in order."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.imports import stretches
from peerreview.workers import AHEAD, hired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from peerreview.imports.batches import Batch, Collected
    from peerreview.imports.formats.shared.tableheads import Asked
    from peerreview.imports.stretches import Opened, Stretch
    from peerreview.tables.spool import Spool

    Made = Batch | InputError

LARGE = 4_000_000
"""Bytes from which starting a second process takes less time than it saves."""


def collect(
    contents: list[bytes], asked: Asked, spool: Spool, watch: Callable[[str, int, int], None] | None
) -> list[Collected | InputError]:
    """
    Return what each export gave, in their order; large ones are read on all cores.

    Parameters
    ----------
    contents : the exports' bytes; emptied on the way.
    watch : called on the way: of what, how many are read, of how many.
    """
    n_bytes = sum(map(len, contents))
    n_cores = (os.cpu_count() or 1) if n_bytes >= LARGE else 1
    with hired(stretches.try_stretch, n_cores) as give:
        reader = _Reader(contents, asked, spool, watch, give, AHEAD * n_cores if n_cores > 1 else 1)
        reader.read()
    return reader.exports


@dataclass(slots=True)
class _Page:
    """A part of an export that is being read: its text, and what its stretches are to give."""

    owner: int
    opened: Opened
    given: deque[Future[Made]] = field(default_factory=deque)


class _Reader:
    def __init__(
        self,
        contents: list[bytes],
        asked: Asked,
        spool: Spool,
        watch: Callable[[str, int, int], None] | None,
        give: Callable[[Stretch], Future[Made]],
        n_ahead: int,
    ) -> None:
        self.exports: list[Collected | InputError] = []
        self._contents, self._asked, self._spool = contents, asked, spool
        self._watch, self._give, self._n_ahead = watch, give, n_ahead
        self._n_bytes = sum(map(len, contents))
        self._n_taken = self._n_pending = 0
        self._pages: deque[_Page] = deque()

    def read(self) -> None:
        """Read all, giving out stretches of the next pages while those of the first are waited for."""
        ahead = self._give_all()
        self._give_some(ahead)
        while self._pages:
            page = self._pages[0]
            made: list[Made] = []
            while page.given:
                made.append(page.given.popleft().result())
                self._n_pending -= 1
                self._give_some(ahead)
            self._pages.popleft()
            self._settle(page, made)

    def _give_some(self, ahead: Iterator[None]) -> None:
        while self._n_pending < self._n_ahead:
            if next(ahead, self) is self:
                return

    def _give_all(self) -> Iterator[None]:
        """Give out the stretches of all exports, one at each step."""
        # Each is dropped once it is text: a large export fits into memory but once.
        self._contents.reverse()
        while self._contents:
            owner = len(self.exports)
            try:
                export, opened = stretches.open_export(self._contents.pop(), self._spool, self._asked)
            except InputError as error:
                self.exports.append(error)
                continue
            self.exports.append(export)
            page = _Page(owner, opened)
            self._pages.append(page)
            for stretch in self._told_of(owner, stretches.cut(opened)):
                page.given.append(self._give(stretch))
                self._n_pending += 1
                yield

    def _told_of(self, owner: int, cut: Iterator[Stretch]) -> Iterator[Stretch]:
        """Yield stretches, each told of; an export that cannot be cut is a fault."""
        try:
            for stretch in cut:
                if self._watch:
                    self._watch("KB", min(self._n_taken, self._n_bytes) // 1000, self._n_bytes // 1000)
                    self._n_taken += len(stretch.text.encode(errors="replace"))
                yield stretch
        except InputError as error:
            self.exports[owner] = error

    def _settle(self, page: _Page, made: list[Made]) -> None:
        """Put by what a page gave; where it may hold several exports, it is read again, cut at each."""
        if any(not isinstance(each, InputError) and each.strange for each in made):
            again = self._told_of(page.owner, stretches.cut_surely(page.opened))
            made = [each.result() for each in map(self._give, again)]
        for each in made:
            export = self.exports[page.owner]
            if isinstance(each, InputError):
                self.exports[page.owner] = each
            elif not isinstance(export, InputError):
                export.add(each)
