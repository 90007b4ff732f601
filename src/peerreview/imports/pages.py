"""Exports opened: small ones as one page, larger ones a page at a time, cut where a record ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.imports import formats, stretches
from peerreview.imports.batches import Collected
from peerreview.imports.formats import mixture, registry
from peerreview.imports.formats.mixture import TABLE
from peerreview.imports.formats.shared import encodings, grids
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
_TABLE_PAGE = 8_000_000
"""The same of a table: its rows take more memory once they are told apart."""
_OPENING = 4_000_000
"""Characters by which a format is told, but for those that are searched for in all of a text."""
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
    export = Collected(spool, encoding=large.encoding.name, opening=large.encoding.warnings)
    return export, large.pages_of_table() if large.format == TABLE else large.pages()


def _open_large(content: Content, asked: Asked) -> _Large | None:
    """Return an export that is read page by page; None where it cannot be."""
    encoding = encodings.find(content)
    if encoding is None:
        return None
    with taken_as(asked):
        found = _detect(content, encoding)
    if found.NAME != TABLE and not isinstance(found, formats.Cuttable):
        return None
    return _Large(content, encoding, found.NAME, asked)


def _detect(content: Content, encoding: Encoding) -> Format:
    """Return the format of an export, as ``registry.detect_first`` does of its text."""
    fault = InputError("is in no known export format")
    found: Format | None = None
    try:
        found = registry.detect_first(_take(encodings.texts(content, encoding), _OPENING))
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


@dataclass(frozen=True, slots=True)
class _Large:
    """An export whose text is read a page at a time."""

    content: Content
    encoding: Encoding
    format: str
    asked: Asked

    def _texts(self) -> Iterator[str]:
        return encodings.texts(self.content, self.encoding)

    def whole(self) -> Opened:
        """Return it as one page, which stands for all."""
        return Opened("".join(self._texts()), self.format, self.asked, anew=True)

    def pages(self) -> Iterator[Opened]:
        """Yield its pages."""
        texts = self._texts()
        text, above, wanted = "", 0, PAGE
        while more := _take(texts, wanted):
            *parts, rest = stretches.parts(text + more, self.format)
            page = "".join(parts)
            # Where no record ends, twice as much is looked at.
            wanted = PAGE if page else 2 * (len(text) + len(more))
            text = rest
            del more, parts, rest
            if page:
                yield Opened(page, self.format, self.asked, above, self.whole)
                above += page.count("\n")
        yield Opened(text, self.format, self.asked, above, self.whole)

    def pages_of_table(self) -> Iterator[Opened]:
        """Yield its pages, the rows of each told apart: each is read as those above it were."""
        from peerreview.imports.formats import spreadsheet  # noqa: PLC0415  few exports are tables

        texts = self._texts()
        lines = grids.split_lines(_take(texts, _OPENING))
        with taken_as(self.asked):
            rows = spreadsheet.open_rows(lines, self._lines)
            parts = list(spreadsheet.look_above(rows)) if rows else []
        if rows is None:
            yield self.whole()
            return
        header = "".join(lines[: rows.begin])
        above, wanted, more = 0, _TABLE_PAGE, header
        while more:
            more = _take(texts, wanted)
            lines += grids.split_lines(more)
            begin, wanted = rows.begin, _TABLE_PAGE
            with taken_as(self.asked):
                last = len(lines) - (grids.LONGEST + 1 if more else 0)
                parts += [part._replace(line=part.line + above) for part in spreadsheet.read_rows(rows, last)]
                if more and rows.begin == begin:
                    # A row without an end, so far: twice as much is looked at.
                    wanted = 2 * sum(map(len, lines))
                    continue
                text = "".join([header if above else "", *lines[: rows.begin if more else None]])
                is_joined = mixture.find_segments(text, TABLE) != [(0, TABLE)]
            if is_joined:
                yield self.whole()
                return
            yield Opened("" if above else header, TABLE, self.asked, above, self.whole, parts=parts)
            above += rows.begin
            del lines[: rows.begin], parts
            rows.begin, parts = 0, []

    def _lines(self) -> Iterator[str]:
        for text in self._texts():
            yield from grids.split_lines(text)
