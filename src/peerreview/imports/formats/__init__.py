"""Export formats: one file each, all of one shape, recognised by content and never by suffix."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from peerreview.errors import InputError
from peerreview.tables import reading

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.imports.formats.writers.meanings import Further, Row

Tags = list[tuple[str, str]]
"""Fields as the export gave them, in its order; a repeated tag stands there repeatedly."""


class RawRecord(NamedTuple):
    """One reference as its export gave it: ``line`` is 1-based, ``text`` verbatim."""

    line: int
    text: str
    tags: Tags


class Piece(NamedTuple):
    """A record that cannot be read without loss, verbatim; counted as found and rejected."""

    line: int
    problem: str
    text: str


class Warned(NamedTuple):
    """What is odd about an export but loses nothing; ``text`` is what stood between records."""

    line: int
    message: str
    text: str = ""


class Stranger(NamedTuple):
    """A line that may open an export of another format; whether it does, ``mixture`` finds out."""

    line: int


class Frame(NamedTuple):
    """
    Whether an export opens, and ends, in the stretch that ends in ``line``; ``message`` is its fault if not.

    What an export has above its first record and below its last stands in
    two stretches of it.
    """

    line: int
    opens: bool
    ends: bool
    message: str


Part = RawRecord | Piece | Warned
"""What an export holds, in the order of the file."""


class Origin(NamedTuple):
    """
    Where a record says it comes from; blank where it does not say.

    ``database`` is the source proper (``MEDLINE``), ``platform`` what it
    was searched through (``Ovid``), ``carrier`` a reference manager or
    screening tool that it passed through (``EndNote``): never a source.
    ``how`` names the field that told (``DB``).
    """

    database: str = ""
    platform: str = ""
    carrier: str = ""
    how: str = ""


NOWHERE = Origin()


def find_lines(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    """
    Yield the offset of each line that a pattern opens, in order.

    Python looks for a line feed itself many times faster than for what
    stands after one.
    """
    first = pattern.match(text)
    if first:
        yield 0
    for found in _below(pattern).finditer(text, first.end() if first else 0):
        yield found.start() + 1


@cache
def _below(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"\n(?:{pattern.pattern})", pattern.flags)


class Format(Protocol):
    """
    The shape of every module here.

    ``NAME`` is the format's short name (``ris``). ``looks_like`` says
    whether decoded text is in this format. ``parse`` cuts it into raw
    records, pieces that would be lost and warnings, in the order of the
    file. ``to_fields`` maps one raw record to the content columns of
    ``records.csv``; every tag without a column of its own, and every
    value that cleaning changed, goes to ``extra``. ``origin`` says where
    one raw record comes from.
    """

    NAME: str

    def looks_like(self, text: str) -> bool: ...  # noqa: D102
    def parse(self, text: str) -> Iterator[Part | Stranger]: ...  # noqa: D102
    def to_fields(self, raw: RawRecord) -> dict[str, str]: ...  # noqa: D102
    def origin(self, raw: RawRecord) -> Origin: ...  # noqa: D102


@runtime_checkable
class Cuttable(Protocol):
    """A module here that can cut a text into parts of some length, each to be read by itself."""

    def stretches(self, text: str, length: int) -> Iterator[str]: ...  # noqa: D102


@runtime_checkable
class Watchful(Protocol):
    """A module here whose ``parse`` yields a ``Stranger`` where one stands: the others are searched first."""

    WATCHES: bool


@runtime_checkable
class Framed(Protocol):
    """A module here whose exports have a first and a last line of their own."""

    def parse_part(self, text: str) -> Iterator[Part | Frame]: ...  # noqa: D102


@runtime_checkable
class Searching(Protocol):
    """A module here that looks for its records in all of a text, and not in its first lines alone."""

    SEARCHES: bool


class Writer(Protocol):
    """
    The shape of every module of ``writers``.

    ``write`` returns records in the format of its name, ``further`` where
    the fields of one go that ``records.csv`` has no column for.
    """

    NAME: str

    def write(self, records: "pd.DataFrame") -> "str | pd.DataFrame":
        """
        Return records in this format.

        Parameters
        ----------
        records : ``record_id`` and the content columns of ``records.csv``, all text.
        """
        ...

    def further(self, row: "Row") -> "Further": ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text with LF line ends and no byte order mark, and how it was encoded."""

    text: str
    encoding: str
    warnings: tuple[Warned, ...] = ()


LOST = "\ufdd0"
"""Stands for bytes that cannot be decoded; U+FFFD itself may have come from a database."""
codecs.register_error("lost", lambda error: (LOST, getattr(error, "end", 0)))

MARKS = MappingProxyType(
    {
        b"\xef\xbb\xbf": ("utf-8", "UTF-8 with BOM"),
        b"\xff\xfe\x00\x00": ("utf-32", "UTF-32"),
        b"\x00\x00\xfe\xff": ("utf-32", "UTF-32"),
        b"\xff\xfe": ("utf-16", "UTF-16"),
        b"\xfe\xff": ("utf-16", "UTF-16"),
    }
)
_NOT_TEXT = (
    (b"%PDF-", "is a PDF, not an export; export the references instead"),
    (b"{\\rtf", "is a Word (RTF) document, not an export; save it as plain text"),
    (b"\x1f\x8b", "is compressed; unpack it first"),
    (b"\x89PNG", "is a picture, not an export"),
)
_ARCHIVES = (
    (b"word/document.xml", "is a Word document, not an export; export the references instead"),
    (b"PK", "is a ZIP archive; unpack it first"),
)
"""What stands within an archive that is no workbook."""
_MOST_CONTROLS = 0.02
_SOMETHING = re.compile(rb"[^\xef\xbb\xbf\xff\xfe\x00 \t\r\n]")


def decode(content: bytes) -> Decoded:
    """
    Return an export's text: UTF-8, UTF-16, what XML declares, else Windows-1252 with a warning.

    Raises
    ------
    InputError
        Where it is empty, or no text at all.
    """
    if not _SOMETHING.search(content):
        message = "is empty; export it again"
        raise InputError(message)
    refuse(content)
    if reading.is_workbook(content):
        from peerreview.imports.formats import xlsx  # noqa: PLC0415  it reads sheets as this room's tables are read

        text, warned = xlsx.to_text(content)
        return Decoded(text, "workbook", warned)
    if content.startswith(b"PK\x03\x04"):
        raise InputError(next(message for part, message in _ARCHIVES if part in content))
    warnings: list[Warned] = []
    for mark, (codec, name) in MARKS.items():
        if content.startswith(mark):
            text, encoding = content.decode(codec, errors="lost"), name
            break
    else:
        text, encoding = _guess(content, warnings)
    refuse_binary(text)
    return Decoded(plain(text), encoding, tuple(warnings))


def refuse(content: bytes) -> None:
    """Refuse what is no text, by its first bytes."""
    for opening, message in _NOT_TEXT:
        if content.startswith(opening):
            raise InputError(message)


def refuse_binary(text: str) -> None:
    """Refuse what is no text, by its first characters."""
    start = text[:10_000]
    controls = sum(
        character < " " and character not in "\t\n\r\f\v\x1a\x1c\x1d\x1e\x1f" for character in start
    )
    if controls > _MOST_CONTROLS * len(start):
        message = "is not text but a binary file"
        raise InputError(message)


def plain(text: str) -> str:
    """Return text with LF line ends and no byte order mark."""
    # Exports that passed through two machines have CR CR LF; old Macs wrote CR alone.
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\ufeff", "") if "\ufeff" in text else text


def _guess(content: bytes, warnings: list[Warned]) -> tuple[str, str]:
    wide = _utf16_without_mark(content)
    if wide:
        warnings.append(Warned(1, "UTF-16 without a byte order mark"))
        return content.decode(wide, errors="lost"), "UTF-16 without BOM"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        first = content.count(b"\n", 0, error.start) + 1
    if declared := _decode_declared(content):
        return declared
    if looks_chinese([content]):
        warnings.append(chinese(first))
        return content.decode("gb18030"), "GB 18030"
    lines = Lines()
    text = lines.decode(content)
    warnings.append(lines.warning())
    return text, lines.encoding()


def chinese(line: int) -> Warned:
    """Return what is told of an export in GB 18030, with its first line that shows it."""
    return Warned(line, "not UTF-8: read as GB 18030; check its names")


class Lines:
    """An export of which each line is UTF-8 or Windows-1252, told from the line alone."""

    def __init__(self) -> None:
        self._n_lines = self._n_wrong = self._first = self._n_other = 0

    def decode(self, content: bytes) -> str:
        """Return the text of the next lines; if more follow, they end with a line feed."""
        lines = []
        for number, line in enumerate(content.split(b"\n"), self._n_lines + 1):
            text, is_utf8 = _decode_line(line)
            lines.append(text)
            self._n_other += not text.isascii()
            if not is_utf8:
                self._first = self._first or number
                self._n_wrong += 1
        self._n_lines += len(lines) - 1
        return "\n".join(lines)

    def warning(self) -> Warned:
        """Return what is told of them all."""
        also = f" and {self._n_wrong - 1:,} more lines" if self._n_wrong > 1 else ""
        return Warned(self._first, f"not UTF-8{also}: read as Windows-1252; check the accents")

    def encoding(self) -> str:
        """Return what they are encoded in, taken together."""
        return "UTF-8 and Windows-1252" if self._n_wrong < self._n_other else "Windows-1252"


_DECLARED = re.compile(rb"\s*<\?xml\s[^<>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def _decode_declared(content: bytes) -> tuple[str, str] | None:
    """Return the text of XML in the encoding that it declares, and its name, where it is in that."""
    found = _DECLARED.match(content)
    if not found:
        return None
    name = found[1].decode("ascii")
    try:
        # What is called ISO-8859-1 is Windows-1252 more often than not, which has the same accents.
        is_known = codecs.lookup(name).name != "iso8859-1"
        text = content.decode(name)
    except (LookupError, UnicodeError):
        return None
    return (text, name) if is_known and "<?xml" in text else None


def _decode_line(line: bytes) -> tuple[str, bool]:
    """
    Return a line's text, and whether it is UTF-8.

    A line that is UTF-8 in part has been damaged: its other bytes become
    ``LOST``. Else it is Windows-1252, in which five bytes mean nothing.
    """
    try:
        return line.decode("utf-8"), True
    except UnicodeDecodeError:
        if not line.decode("utf-8", errors="ignore").isascii():
            return line.decode("utf-8", errors="lost"), False
        return line.decode("cp1252", errors="lost"), False


def looks_chinese(parts: Iterable[bytes]) -> bool:
    """
    Whether high bytes come in pairs that spell Chinese: Windows-1252 accents stand alone.

    Parameters
    ----------
    parts : an export's bytes, whole lines each.
    """
    n_wide = n_han = n_runs = n_paired = 0
    for part in parts:
        try:
            text = part.decode("gb18030")
        except UnicodeDecodeError:
            return False
        wide = [character for character in text if ord(character) > 127]
        n_wide += len(wide)
        n_han += sum(
            "\u4e00" <= character <= "\u9fff" or "\u3000" <= character <= "\u303f" for character in wide
        )
        runs = re.findall(rb"[\x80-\xff]+", part)
        n_runs += len(runs)
        n_paired += sum(len(run) >= 4 for run in runs)
    return n_han >= 0.9 * n_wide and n_paired >= 0.5 * n_runs


def _utf16_without_mark(content: bytes) -> str:
    start = content[:4_000]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = max(1, len(start) // 2)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    if (even == 0) != (odd == 0) and _is_wide(content, codec := "utf-16-be" if even else "utf-16-le"):
        return codec
    return ""


_FEWEST_ZEROS = 8


def _is_wide(content: bytes, codec: str) -> bool:
    """
    Whether bytes are UTF-16 in which few characters, such as tags and line ends, have a zero byte.

    Each zero byte stands beside an ASCII character; in other encodings
    one is damage, and strays to either side.
    """
    start = content[:4_000]
    if start.count(0) < _FEWEST_ZEROS:
        return False
    text = start.decode(codec, errors="ignore")
    odd = sum(not character.isprintable() and not character.isspace() for character in text)
    if "\n" not in text or odd > _MOST_CONTROLS * len(text):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
