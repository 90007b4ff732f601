"""Exports read on all cores: a page at a time, cut into stretches; what these give is put by in order."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.imports import stretches
from peerreview.imports.batches import Collected
from peerreview.imports.pages import open_pages
from peerreview.workers import AHEAD, hired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from peerreview.imports.batches import Batch
    from peerreview.imports.formats.shared.tableheads import Asked
    from peerreview.imports.stretches import Opened, Stretch
    from peerreview.tables.contents import Content
    from peerreview.tables.spool import Spool

    Made = Batch | InputError

LARGE = 4_000_000
"""Bytes from which starting a second process takes less time than it saves."""


def collect(
    contents: Sequence[Content], asked: Asked, spool: Spool, watch: Callable[[str, int, int], None] | None
) -> list[Collected | InputError]:
    """
    Return what each export gave, in their order; large ones are read on all cores.

    Parameters
    ----------
    watch : called on the way: of what, how many are read, of how many.
    """
    n_bytes = sum(content.n_bytes for content in contents)
    n_cores = (os.cpu_count() or 1) if n_bytes >= LARGE else 1
    with hired(stretches.try_stretch, n_cores) as give:
        reader = _Reader(contents, asked, spool, watch, give, AHEAD * n_cores if n_cores > 1 else 1)
        reader.read()
    for export in reader.exports:
        if isinstance(export, Collected):
            export.end()
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
        contents: Sequence[Content],
        asked: Asked,
        spool: Spool,
        watch: Callable[[str, int, int], None] | None,
        give: Callable[[Stretch], Future[Made]],
        n_ahead: int,
    ) -> None:
        self.exports: list[Collected | InputError] = []
        self._contents, self._asked, self._spool = contents, asked, spool
        self._watch, self._give, self._n_ahead = watch, give, n_ahead
        self._n_bytes = sum(content.n_bytes for content in contents)
        self._n_taken = self._n_pending = 0
        self._pages: deque[_Page] = deque()
        self._strange: set[int] = set()
        """Exports of which each page is cut at once where another export may open."""
        self._held: set[int] = set()
        """Exports of which all pages were read as one in the end."""

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
        for owner, content in enumerate(self._contents):
            try:
                export, pages = open_pages(content, self._spool, self._asked)
                self.exports.append(export)
                for opened in pages:
                    if self._is_over(owner):
                        break
                    page = _Page(owner, opened)
                    self._pages.append(page)
                    sure = owner in self._strange
                    for stretch in stretches.cut_surely(opened) if sure else stretches.cut(opened):
                        page.given.append(self._give(self._told(stretch)))
                        self._n_pending += 1
                        yield
            except InputError as error:
                self.exports[owner:] = [error]

    def _is_over(self, owner: int) -> bool:
        """Return whether the pages of an export that follow need no reading."""
        return owner in self._held or isinstance(self.exports[owner], InputError)

    def _told(self, stretch: Stretch) -> Stretch:
        """Return a stretch that is told of."""
        if self._watch:
            self._watch("KB", min(self._n_taken, self._n_bytes) // 1000, self._n_bytes // 1000)
            self._n_taken += stretch.n_bytes
        return stretch

    def _settle(self, page: _Page, made: list[Made]) -> None:
        """Put by what a page gave; where it may hold several exports, it is read again, cut at each."""
        owner = page.owner
        if self._is_over(owner):
            return
        if any(not isinstance(each, InputError) and each.strange for each in made):
            self._strange.add(owner)
            try:
                again = [self._give(self._told(each)) for each in stretches.cut_surely(page.opened)]
            except InputError as error:
                self.exports[owner] = error
                return
            made = [each.result() for each in again]
        export = self.exports[owner]
        if any(not isinstance(each, InputError) and each.anew for each in made):
            self._held.add(owner)
            if not isinstance(export, InputError):
                export = self.exports[owner] = export.fresh()
        for each in made:
            if isinstance(each, InputError):
                self.exports[owner] = each
            elif not isinstance(export, InputError):
                export.add(each)
