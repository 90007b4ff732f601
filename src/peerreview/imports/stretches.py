"""Exports → stretches that can be read by themselves → their records; nothing is lost without a word."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.imports import formats, ids
from peerreview.imports.batches import Batch, Collected
from peerreview.imports.formats import (
    Decoded,
    Format,
    Frame,
    Origin,
    Part,
    Piece,
    RawRecord,
    Stranger,
    Warned,
    mixture,
    registry,
)
from peerreview.imports.formats.openings import strangers
from peerreview.imports.formats.shared import grids
from peerreview.imports.formats.shared.tableheads import Asked, taken_as
from peerreview.tables import CONTENT, writing
from peerreview.tables.memory import uncollected
from peerreview.tables.spool import Spool
from peerreview.values.folding import unaccented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_IDENTIFIERS = ("doi", "pmid", "pmcid", "accession", "isbn", "url")
_content = itemgetter(*CONTENT)


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    Part of an export that can be read by itself: its format, its text and the number of lines above.

    ``sure`` says that all of it is in that format, ``joined`` that another
    export stands in the same text, ``below`` the format of what stands above it there.
    ``anew`` and ``parts`` are as in ``Opened``.
    """

    format: str
    text: str
    above: int = 0
    sure: bool = False
    below: str = ""
    joined: bool = False
    asked: Asked = ()
    anew: bool = False
    parts: Sequence[Part] | None = None

    @property
    def n_bytes(self) -> int:
        """Number of bytes of its text, in UTF-8."""
        whole = self.text if self.parts is None else "\n".join(part.text for part in self.parts)
        return len(whole.encode(errors="replace"))


@dataclass(frozen=True, slots=True)
class Opened:
    """
    An export as text, and the format that this text looks like as a whole.

    ``asked`` is what people say that the columns of a table are. A large
    export comes in pages, with the number of lines above each. Of one,
    ``whole`` returns all pages as one, which then stands ``anew`` for those
    before; of a table, ``parts`` are what was already cut out of the text.
    """

    text: str
    format: str
    asked: Asked = ()
    above: int = 0
    whole: Callable[[], Opened] | None = None
    anew: bool = False
    parts: Sequence[Part] | None = None


LENGTH = 2_000_000
"""Characters of a stretch: few enough for all cores to have some, enough to be worth the sending."""


def read_raw(content: bytes) -> tuple[Format, Decoded, list[Part]]:
    """
    Return an export's format, its text, and its raw records, rejects and warnings in order.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    decoded = formats.decode(content)
    first = registry.detect_first(decoded.text)
    found = mixture.expect(decoded.text, first)
    with uncollected():
        parts = list(found.parse(decoded.text))
        if any(isinstance(part, Stranger) for part in parts):
            found = mixture.resolve(decoded.text, first)
            parts = list(found.parse(decoded.text))
    return found, decoded, [part for part in parts if not isinstance(part, Stranger)]


def open_export(content: bytes, spool: Spool, asked: Asked = ()) -> tuple[Collected, Opened]:
    """
    Return an export without its records yet, and its text.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    with taken_as(asked):
        decoded = formats.decode(content)
        found = registry.detect_first(decoded.text)
    batch = Collected(spool, encoding=decoded.encoding, opening=decoded.warnings)
    return batch, Opened(decoded.text, found.NAME, asked)


def cut(opened: Opened) -> Iterator[Stretch]:
    """
    Yield the stretches of an export, one by one, so that others can be read meanwhile.

    Where its format watches for strangers, it is taken to be in that format
    alone; a batch of a stretch says where that is not sure.
    """
    if opened.parts is not None:
        yield from _with_parts(opened, opened.parts)
    elif isinstance(registry.load(opened.format), formats.Watchful):
        yield from _stretches(opened.text, opened.format, opened.above)
    else:
        yield from cut_surely(opened)


def cut_surely(opened: Opened) -> Iterator[Stretch]:
    """
    Yield the stretches of an export, none of which holds another format's records.

    Where several exports stand in a page, all pages are read as one.
    """
    with taken_as(opened.asked):
        segments = list(mixture.cut(opened.text, opened.format))
        if opened.whole and [segment.format for segment in segments] != [opened.format]:
            opened = opened.whole()
            segments = list(mixture.cut(opened.text, opened.format))
    for segment in segments:
        below = segment.below
        for stretch in _stretches(segment.text, segment.format, opened.above + segment.above):
            yield replace(
                stretch, sure=True, below=below, joined=segment.joined, asked=opened.asked, anew=opened.anew
            )
            below = ""


def _with_parts(opened: Opened, parts: Sequence[Part]) -> Iterator[Stretch]:
    """Yield the stretches of a table whose rows were told apart already; its header stands in the first."""
    begin = n_characters = 0
    stretch = Stretch(opened.format, opened.text, opened.above, sure=True, asked=opened.asked)
    for end, part in enumerate(parts, 1):
        n_characters += len(part.text)
        if n_characters >= LENGTH or end == len(parts):
            yield replace(stretch, parts=parts[begin:end])
            begin, n_characters = end, 0
            stretch = replace(stretch, text="")


def _stretches(text: str, name: str, above: int) -> Iterator[Stretch]:
    for part in parts(text, name):
        yield Stretch(name, part, above)
        above += part.count("\n")


def parts(text: str, name: str) -> Iterator[str]:
    """Yield the text of an export in parts that can be read by themselves, where its format has such."""
    found = registry.load(name)
    return found.stretches(text, LENGTH) if isinstance(found, formats.Cuttable) else iter([text])


def read_stretch(stretch: Stretch) -> Batch:
    """Return the records of a stretch, in its own order."""
    found = registry.load(stretch.format)
    batch = Batch(stretch.format, anew=stretch.anew)
    batch.strange = not stretch.sure and strangers(stretch.format).hides(stretch.text)
    shared: dict[Origin, Origin] = {}
    with uncollected(), taken_as(stretch.asked):
        if stretch.format == mixture.TABLE:
            batch.columns = list(grids.header_of(stretch.text))
        for part in mixture.read(_segment(stretch), found) if stretch.parts is None else stretch.parts:
            if isinstance(part, RawRecord):
                _add(batch, part, found, shared)
            elif isinstance(part, Piece):
                batch.rejects.append(part)
            elif isinstance(part, Warned):
                batch.warnings.append(part)
            elif isinstance(part, Frame):
                # Below another export, one without its first line is not known by that.
                batch.frame = part if part.opens or not stretch.below else None
            else:
                batch.strange = not stretch.sure
    return batch


def try_stretch(stretch: Stretch) -> Batch | InputError:
    """Return the records of a stretch, or what is wrong with it as a whole."""
    try:
        return read_stretch(stretch)
    except InputError as error:
        return error


def find_text(content: bytes, line: int, record_id: str) -> str:
    """Return the verbatim text of the record in that line of an export, or blank where its id is another."""
    digits = record_id.partition("~")[0].rpartition("-")[2]
    opened = _open_again(content)
    stretches = list(cut(opened))
    if any(read_stretch(stretch).strange for stretch in stretches):
        stretches = list(cut_surely(opened))
    for stretch in stretches:
        with taken_as(stretch.asked):
            parts = list(mixture.read(_segment(stretch), registry.load(stretch.format)))
        for part in parts:
            if isinstance(part, RawRecord) and part.line == line and _digest(part.text).startswith(digits):
                return part.text
    return ""


def _open_again(content: bytes) -> Opened:
    """Return an export that was read before; a table may have needed to be told what its columns are."""
    try:
        return open_export(content, Spool())[1]
    except InputError:
        header = grids.guess_header(formats.decode(content).text)
        if not header:
            raise
        return open_export(content, Spool(), ((header[0], "title"),))[1]


def _segment(stretch: Stretch) -> mixture.Segment:
    return mixture.Segment(stretch.format, stretch.text, stretch.above, stretch.below, stretch.joined)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _add(batch: Batch, raw: RawRecord, found: Format, shared: dict[Origin, Origin]) -> None:
    if formats.LOST in raw.text:
        batch.rejects.append(
            Piece(raw.line, "bytes that cannot be decoded; export it again as UTF-8", raw.text)
        )
        return
    if "\ufffd" in raw.text:
        batch.warnings.append(Warned(raw.line, "a character was lost before this export (U+FFFD)"))
    fields = found.to_fields(raw)
    if not fields["title"] and not (
        any(fields[column] for column in _IDENTIFIERS) or (fields["authors"] and fields["journal"])
    ):
        # Authors alone name no record.
        message = "neither title nor identifier, nor authors with a source"
        batch.rejects.append(Piece(raw.line, message, raw.text))
        return
    if found.NAME == mixture.TABLE and _is_tally(fields):
        batch.rejects.append(
            Piece(raw.line, "a number for a title and nothing to find it by: a tally", raw.text)
        )
        return
    if not fields["title"]:
        batch.warnings.append(Warned(raw.line, "record without a title"))
    try:
        row = f"{writing.csv_line(_content(fields))}\n".encode()
    except UnicodeEncodeError:
        batch.rejects.append(
            Piece(raw.line, "half a character (a lone surrogate); export it again", raw.text)
        )
        return
    origin = found.origin(raw)
    digest = _digest(raw.text)
    batch.keys.append(f"{_key(fields, origin)}-{digest[: ids.DIGITS]}")
    batch.digests.append(digest)
    batch.lines.append(raw.line)
    batch.origins.append(shared.setdefault(origin, origin))
    batch.rows.append(row)


def _is_tally(fields: Mapping[str, str]) -> bool:
    """Return whether a row counts something below a table of records; a work called 1984 has a year."""
    return fields["title"].isdecimal() and not any(
        fields[column] for column in (*_IDENTIFIERS, "year", "journal", "abstract")
    )


_NOT_KEY = re.compile(r"[^a-z0-9]+")


def _key(fields: Mapping[str, str], origin: Origin) -> str:
    """
    Return what people recognise a record by: its database and number, else first author and year.

    Examples: ``medline-36522839``, ``reeves2024``.
    """
    number = fields["accession"] or fields["pmid"]
    if number:
        database = _database_slug(origin.database)
        key = _slug(number)
        return key if not database or key.startswith(database) else f"{database}-{key}"
    family = fields["authors"].split(";", 1)[0].split(",", 1)[0]
    return (_slug(family) or "anonymous") + fields["year"]


def _slug(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text.lower()[:40]
    if not text.isascii():
        text = unaccented(text)
    return _NOT_KEY.sub("-", text.lower()).strip("-")[:40].strip("-")


_database_slug = lru_cache(maxsize=1_000)(_slug)
