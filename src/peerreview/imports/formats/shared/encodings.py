"""Exports that are not held, as text: how they are encoded, and their lines, some megabytes at a time."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from peerreview.imports import formats
from peerreview.imports.formats import Lines, Warned
from peerreview.tables.contents import Content

_BY_LINES = ""
_HEAD = 4_000
_NOT_HERE = re.compile(rb"PK|\xd0\xcf|\s*<\?xml")
"""What workbooks and XML begin with; they are told, and read, as a whole."""


class Encoding(NamedTuple):
    """What an export is encoded in, as ``formats.decode`` names it, and what is odd about that."""

    name: str
    codec: str
    warnings: tuple[Warned, ...] = ()


def find(content: Content) -> Encoding | None:
    """
    Return what an export is encoded in; None where it has to be held to be told.

    Raises
    ------
    InputError
        Where it is no text.
    """
    head = next(content.parts(), b"")
    formats.refuse(head)
    encoding = _find(content, head)
    if encoding:
        formats.refuse_binary(next(_decoded(content, encoding), ""))
    return encoding


def _find(content: Content, head: bytes) -> Encoding | None:
    for mark, (codec, name) in formats.MARKS.items():
        if head.startswith(mark):
            return Encoding(name, codec)
    if _NOT_HERE.match(head) or not head.strip() or b"\x00" in head[:_HEAD]:
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    n_parts = 0
    try:
        for part in content.parts():
            decoder.decode(part)
            n_parts += 1
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        above = sum(part.count(b"\n") for part in islice(content.parts(), n_parts))
        first = above + error.object.count(b"\n", 0, error.start) + 1
    else:
        return Encoding("UTF-8", "utf-8")
    if formats.looks_chinese(_whole_lines(content)):
        return Encoding("GB 18030", "gb18030", (formats.chinese(first),))
    lines = Lines()
    for part in _whole_lines(content):
        lines.decode(part)
    return Encoding(lines.encoding(), _BY_LINES, (lines.warning(),))


def _whole_lines(content: Content) -> Iterator[bytes]:
    held: list[bytes] = []
    for part in content.parts():
        end = part.rfind(b"\n") + 1
        if end:
            yield b"".join([*held, part[:end]])
            held = []
        held.append(part[end:])
    if last := b"".join(held):
        yield last


def _decoded(content: Content, encoding: Encoding) -> Iterator[str]:
    if encoding.codec == _BY_LINES:
        yield from map(Lines().decode, _whole_lines(content))
        return
    decoder = codecs.getincrementaldecoder(encoding.codec)("lost")
    yield from map(decoder.decode, content.parts())
    yield decoder.decode(b"", final=True)


def texts(content: Content, encoding: Encoding) -> Iterator[str]:
    """Yield an export's text, whole lines at a time, as ``formats.decode`` returns it."""
    held: list[str] = []
    for text in _decoded(content, encoding):
        # Carriage returns at the end may be part of a line end.
        end = len(text.rstrip("\r"))
        end = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
        if end:
            yield formats.plain("".join([*held, text[:end]]))
            held = []
        held.append(text[end:])
    if last := formats.plain("".join(held)):
        yield last
