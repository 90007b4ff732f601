"""Exports opened: small ones as one page, larger ones a page at a time, cut where a record ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.imports import formats, stretches
from peerreview.imports.batches import Collected
from peerreview.imports.formats import registry
from peerreview.imports.formats.shared import encodings
from peerreview.imports.formats.shared.tableheads import Asked, taken_as
from peerreview.imports.stretches import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peerreview.imports.formats import Format
    from peerreview.imports.formats.shared.encodings import Encoding
    from peerreview.tables.contents import Content
    from peerreview.tables.spool import Spool

PAGE = 32_000_000
"""Bytes of an export that are read as one; of a larger one about as many characters are held at a time."""
_OVERLAP = 1_000
"""Characters above a line within which its record may begin."""


def open_pages(content: Content, spool: Spool, asked: Asked = ()) -> tuple[Collected, Iterator[Opened]]:
    """
    Return an export without its records yet, and its text, a page at a time.

    Each page begins with a record and ends with one. An export in a format
    whose records cannot be told apart so is one page.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    large = _open_large(content, asked) if content.n_bytes > PAGE else None
    if large is None:
        export, opened = stretches.open_export(content.whole(), spool, asked)
        return export, iter([opened])
    encoding = large.encoding
    return Collected(spool, encoding=encoding.name, warnings=list(encoding.warnings)), large.pages()


def _open_large(content: Content, asked: Asked) -> _Large | None:
    """Return an export that is read page by page; None where it cannot be."""
    encoding = encodings.find(content)
    if encoding is None:
        return None
    with taken_as(asked):
        found = _detect(content, encoding)
    return _Large(content, encoding, found, asked) if isinstance(found, formats.Cuttable) else None


def _detect(content: Content, encoding: Encoding) -> Format:
    """Return the format of an export, as ``registry.detect_first`` does of its text."""
    fault = InputError("is in no known export format")
    found: Format | None = None
    try:
        found = registry.detect_first(_take(encodings.texts(content, encoding), PAGE))
    except InputError as error:
        fault = error
    for other in registry.known():
        if found and other.NAME == found.NAME:
            return found
        if isinstance(other, formats.Searching) and _stands_in(encodings.texts(content, encoding), other):
            return other
    raise fault


def _stands_in(texts: Iterator[str], found: Format) -> bool:
    above = ""
    for text in texts:
        if found.looks_like(above + text):
            return True
        above = text[text.rfind("\n", 0, max(0, len(text) - _OVERLAP)) + 1 :]
    return False


def _take(texts: Iterator[str], n_characters: int) -> str:
    """Return so many characters of a text or more; fewer only where it ends."""
    taken: list[str] = []
    while n_characters > 0 and (text := next(texts, "")):
        taken.append(text)
        n_characters -= len(text)
    return "".join(taken)


class _Large:
    """An export whose text is read a page at a time."""

    def __init__(self, content: Content, encoding: Encoding, found: Format, asked: Asked) -> None:
        self.encoding = encoding
        self._content, self._format, self._asked = content, found.NAME, asked
        self._is_held = False

    def pages(self) -> Iterator[Opened]:
        """Yield its pages; none after one that is to be read with all below it."""
        texts = encodings.texts(self._content, self.encoding)
        text, place, above, wanted = "", 0, 0, PAGE
        while more := _take(texts, wanted):
            *parts, rest = stretches.parts(text + more, self._format)
            page = "".join(parts)
            # Where no record ends, twice as much is looked at.
            wanted = PAGE if page else 2 * (len(text) + len(more))
            text = rest
            del more, parts, rest
            if page:
                yield Opened(page, self._format, self._asked, above, partial(self._hold, place, above))
                place += len(page)
                above += page.count("\n")
                if self._is_held:
                    return
        yield Opened(text, self._format, self._asked, above)

    def _hold(self, place: int, above: int) -> Opened:
        """Return all of the text from a place on."""
        self._is_held = True
        texts = encodings.texts(self._content, self.encoding)
        held = []
        for text in texts:
            held.append(text[max(0, place) :])
            place -= len(text)
        return Opened("".join(held), self._format, self._asked, above)
