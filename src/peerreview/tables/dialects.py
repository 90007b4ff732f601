"""How people's programs write text tables: encodings, delimiters, line ends, and records with their lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from peerreview.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DELIMITERS = (",", ";", "\t")

_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_MARK = b"\xef\xbb\xbf"
_JUDGED = 20
"""Records by which a delimiter is told."""
_HEAD = 200_000
STRETCH = 1_000_000
"""How many letters of a text are taken apart into lines at a time."""
"""Characters in which these are looked for."""


@dataclass(frozen=True)
class Decoded:
    """A file's text without its byte order mark, its encoding as Python calls it, and what to remark on."""

    text: str
    encoding: str
    mark: bytes = b""
    remark: str = ""


@dataclass(frozen=True)
class Layout:
    """How a table is set: its delimiter, and the lines above it (Excel's ``sep=;``)."""

    delimiter: str
    above: int = 0
    start: int = 0


def decode(content: bytes, path: object = "") -> Decoded:
    """
    Return a table's text: UTF-8, UTF-16 with its mark, else Windows-1252, with a remark.

    Excel's plain "CSV" is Windows-1252 in Western Europe and America. No
    letter is guessed: a file that is UTF-8 in part, a byte that Windows-1252
    lacks, and runs of accents that no Western language has are errors.

    Raises
    ------
    InputError
        With the line, for text in any other encoding.
    """
    try:
        decoded = decode_unicode(content, path)
    except InputError:
        if content[:2] in _UTF_16 or content.startswith(_MARK):
            raise
        decoded = _western(content, path)
    if "\0" in decoded.text:
        line = _line_at(decoded.text, decoded.text.index("\0"))
        raise InputError("holds a character NUL; save it as CSV UTF-8", path=path, line=line)
    return decoded


def decode_unicode(content: bytes, path: object = "") -> Decoded:
    """
    Return a text that is UTF-8, with or without a byte order mark, or UTF-16 with one.

    Raises
    ------
    InputError
        With the line, for anything else.
    """
    mark = content[:2] if content[:2] in _UTF_16 else _MARK if content.startswith(_MARK) else b""
    encoding = _UTF_16.get(mark, "utf-8")
    try:
        return Decoded(content[len(mark) :].decode(encoding), encoding, mark)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding == "utf-8" else "UTF-16"
        line = content.count(b"\n", 0, len(mark) + error.start) + 1
        raise InputError(f"is not {name} text; save it as UTF-8", path=path, line=line) from error


_HIGH = re.compile(rb"[\x80-\xff]{4,}")


def _is_foreign(line: bytes) -> bool:
    """
    Return whether a line has words of letters with accents alone: Cyrillic, Greek or Chinese read wrongly.

    In Western words they stand by ones and twos, but for Estonian "jäääär".
    """
    runs = ([byte for byte in run if byte >= 0xC0] for run in _HIGH.findall(line))
    return any(len(letters) > 2 and len(set(letters)) > 1 for letters in runs)


def _western(content: bytes, path: object) -> Decoded:
    wrong: list[int] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            wrong.append(number)
            if _is_foreign(line):
                message = "is neither UTF-8 nor Windows-1252; save it as CSV UTF-8"
                raise InputError(message, path=path, line=number) from None
        else:
            message = "is UTF-8 here and not in other lines; save it whole as CSV UTF-8"
            raise InputError(message, path=path, line=number)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line_number = content.count(b"\n", 0, error.start) + 1
        message = (
            f"is not UTF-8, and byte {content[error.start]:02X} is none of Windows-1252; save it as CSV UTF-8"
        )
        raise InputError(message, path=path, line=line_number) from error
    also = f" and {len(wrong) - 1:,} more lines" if len(wrong) > 1 else ""
    remark = f"not UTF-8{also}: read as Windows-1252; check the accents"
    return Decoded(text, "cp1252", remark=f"{path}:{wrong[0]}: {remark}")


_FIRST_LINE = re.compile(r"[^\r\n]*(?:\r?\n|\r)?")
_SEPARATOR = re.compile(r"\"?sep=([,;:|\t])\"?\s*", re.IGNORECASE)


def sniff(text: str) -> Layout:
    r"""
    Return how a table is set.

    A line ``sep=;`` says so itself, as Excel has it. Else it is the
    delimiter by which most of the first records have as many cells as the
    header, quoted cells taken whole; of several such, the one with most.

    >>> sniff('id;"one, two, three"\n1;2\n').delimiter, sniff("sep=;\na,b;c\n")
    (';', Layout(delimiter=';', above=1, start=6))
    """
    first = _FIRST_LINE.match(text)
    told = _SEPARATOR.fullmatch(first[0]) if first else None
    if first and told:
        return Layout(told[1], 1, first.end())
    return Layout(max(DELIMITERS, key=lambda delimiter: _judge(text[:_HEAD], delimiter)))


def _judge(text: str, delimiter: str) -> tuple[bool, float, int]:
    filled = (cells for _, cells in records(text, delimiter) if any(cell.strip() for cell in cells))
    widths = [len(cells) for cells in islice(filled, _JUDGED)]
    if len(widths) > 1 and len(text) == _HEAD:
        # The last one may be cut off.
        widths.pop()
    if not widths or widths[0] == 1:
        return False, 0.0, 1
    # A row may lack its last cells.
    fits = [1.0 if width == widths[0] else 0.5 if 1 < width < widths[0] else 0.0 for width in widths]
    return True, sum(fits) / len(fits), widths[0]


def _each_line(text: str, start: int) -> Iterator[str]:
    """Yield lines with their ends; a stretch at a time, as StringIO holds a text four times as big."""
    while start < len(text):
        end = text.find("\n", start + STRETCH) + 1 or len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


def records(text: str, delimiter: str, start: int = 0, above: int = 0) -> Iterator[tuple[int, list[str]]]:
    r"""
    Yield each record of a table with the 1-based line where it begins; line ends of any machine.

    >>> list(records('a;b\n"1\n2";3\n4;5', ";"))
    [(1, ['a', 'b']), (2, ['1\n2', '3']), (4, ['4', '5'])]
    """
    csv.field_size_limit(2**31 - 1)
    # A Macintosh ends lines with a carriage return.
    reader = csv.reader(_each_line(text, start), delimiter=delimiter)
    line = above + 1
    for cells in reader:
        yield line, cells
        line = above + reader.line_num + 1


def all_records(text: str, layout: Layout) -> tuple[Sequence[int], list[list[str]]]:
    r"""
    Return the 1-based line where each record of a table begins, and its cells; a range where each has one.

    >>> all_records("a,b\n1,2\n", Layout(","))
    (range(1, 3), [['a', 'b'], ['1', '2']])
    """
    csv.field_size_limit(2**31 - 1)
    start = text[layout.start :] if layout.start else text
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=layout.delimiter)
    rows = list(reader)
    if reader.line_num == len(rows):
        return range(layout.above + 1, layout.above + 1 + len(rows)), rows
    found = records(text, layout.delimiter, layout.start, layout.above)
    return [line for line, _ in found], rows


def header(text: str, layout: Layout) -> tuple[int, list[str]]:
    """Return the line and the cells of the first record that holds anything; (0, []) where none does."""
    found = records(text, layout.delimiter, layout.start, layout.above)
    return next(((line, cells) for line, cells in found if any(cell.strip() for cell in cells)), (0, []))


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def lines(text: str) -> list[str]:
    """Return a text's lines, each with its end."""
    return _LINE.findall(text)


def line_end(text: str) -> str:
    """Return what ends a text's first line; a line feed where nothing does."""
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def n_lines(text: str, start: int = 0) -> int:
    r"""
    Return a text's number of lines from an offset on, empty ones at its end aside.

    >>> n_lines("a\r\nb\rc\n\n")
    3
    """
    end = len(text)
    while end > start and text[end - 1] in "\r\n":
        end -= 1
    breaks = text.count("\n", start, end)
    if "\r" in text:
        breaks += text.count("\r", start, end) - text.count("\r\n", start, end)
    return breaks + 1 if end > start else 0


def count_plain_lines(blocks: Iterable[bytes]) -> int | None:
    r"""
    Return what ``n_lines`` counts of a text in blocks of bytes; None where that is not UTF-8, or holds NUL.

    >>> count_plain_lines([b"a\r", b"\nb\xc3", b"\xa9\rc\n", b"\n"]), count_plain_lines([b"caf\xe9"])
    (3, None)
    """
    letters = codecs.getincrementaldecoder("utf-8")()
    breaks, ends, is_empty = 0, b"", True
    try:
        for block in blocks:
            letters.decode(block)
            if b"\0" in block:
                return None
            # Line ends at the end of what was seen count once something follows; \r\n may be cut in two.
            held = ends + block
            told = held.rstrip(b"\r\n")
            ends = held[len(told) :]
            breaks += told.count(b"\n")
            if b"\r" in told:
                breaks += told.count(b"\r") - told.count(b"\r\n")
            is_empty = is_empty and not told
        letters.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return 0 if is_empty else breaks + 1


def skip(text: str, n: int, start: int = 0) -> int:
    """Return the offset of the line after ``n`` lines."""
    for _ in range(n):
        found = _FIRST_LINE.match(text, start)
        start = found.end() if found else start
    return start


def _line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
