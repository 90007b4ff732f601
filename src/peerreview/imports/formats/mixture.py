"""
Files in which exports were put one after the other: of several formats, or joined where no line ends.

A tagged format takes all that follows a line for its continuation, so
without this the second export would vanish within the first one's last record.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from peerreview.errors import InputError
from peerreview.imports.formats import (
    Format,
    Frame,
    Framed,
    Origin,
    Part,
    Piece,
    RawRecord,
    Stranger,
    Warned,
    Watchful,
    find_lines,
)
from peerreview.imports.formats.openings import (
    HEADER,
    OPENINGS,
    WITHIN,
    Mark,
    find_marks,
    find_sheets,
    lead,
    opens_sheet,
)
from peerreview.imports.formats.registry import detect_first, known, load
from peerreview.imports.formats.shared import grids

TABLE = "spreadsheet"


@dataclass
class Mixture:
    """Exports of several formats in one text, in the shape of one format; ``first`` is that of the whole."""

    NAME: str
    first: str
    _by_place: dict[tuple[int, str], Format] = field(default_factory=dict)

    def looks_like(self, text: str) -> bool:
        """Whether exports of several formats stand in the text."""
        return len(find_segments(text, self.first)) > 1

    def parse(self, text: str) -> Iterator[Part]:
        """Yield the records of each export, read in its own format."""
        for segment in cut(text, self.first):
            found = load(segment.format)
            for part in read(segment, found):
                if isinstance(part, Frame) and part.opens and not part.ends:
                    yield Warned(part.line, part.message)
                if isinstance(part, Stranger | Frame):
                    continue
                if isinstance(part, RawRecord):
                    self._by_place[part.line, part.text] = found
                yield part

    def to_fields(self, raw: RawRecord) -> dict[str, str]:
        """Return the content columns of a record that ``parse`` gave."""
        return self._by_place[raw.line, raw.text].to_fields(raw)

    def origin(self, raw: RawRecord) -> Origin:
        """Return where a record that ``parse`` gave comes from."""
        return self._by_place[raw.line, raw.text].origin(raw)


AND = " and "


@dataclass(frozen=True, slots=True)
class Segment:
    """An export within a text: its format, its own text, the lines above, and another above it."""

    format: str
    text: str
    above: int = 0
    below: str = ""
    joined: bool = False
    """Whether another export stands in the text, not only another sheet."""


def cut(text: str, name: str) -> Iterator[Segment]:
    """
    Yield each export of a text, with a line end where the next one is joined to it.

    Parameters
    ----------
    name : the format that the text as a whole looks like.
    """
    found = find_segments(text, name)
    opens = [opens_sheet(text, begin) for begin, _ in found]
    is_joined = opens.count(False) > 1
    above = 0
    below = ""
    ends = [*(begin for begin, _ in found[1:]), len(text)]
    for (begin, other), end, is_sheet in zip(found, ends, opens, strict=True):
        piece = text[begin:end]
        is_glued = end < len(text) and not piece.endswith("\n")
        yield Segment(other, f"{piece}\n" if is_glued else piece, above, "" if is_sheet else below, is_joined)
        above += piece.count("\n")
        below = other


def read(segment: Segment, found: Format) -> Iterator[Part | Stranger | Frame]:
    """Yield what stands in an export of a text, or in a part of one, at the lines of the whole."""
    if segment.below:
        what = (
            f"in another format ({segment.format})"
            if segment.below != segment.format
            else "of another export"
        )
        yield Warned(segment.above + 1, f"records {what} from here on")
    is_empty = True
    for part in found.parse_part(segment.text) if isinstance(found, Framed) else found.parse(segment.text):
        is_empty = is_empty and isinstance(part, Warned | Frame)
        yield part._replace(line=part.line + segment.above) if segment.above else part
    if is_empty and segment.joined and segment.text.strip():
        yield Piece(
            segment.above + 1, f"no record of the format that it is in ({segment.format})", segment.text
        )


def detect(text: str) -> Format:
    """
    Return the format that decoded text is in, or the mixture of those that stand in it.

    Raises
    ------
    InputError
        Where it is in none that is known, with what it looks like instead.
    """
    return resolve(text, detect_first(text))


def expect(text: str, found: Format) -> Format:
    """Return the format to read a text in: as ``resolve``, or the one found if that watches for strangers."""
    return found if isinstance(found, Watchful) else resolve(text, found)


def resolve(text: str, found: Format) -> Format:
    """Return the format of a text, or the mixture of the exports that stand in it."""
    segments = find_segments(text, found.NAME)
    if len(segments) == 1:
        return load(segments[0][1])
    return Mixture(AND.join(dict.fromkeys(name for _, name in segments)), found.NAME)


_ENDS = MappingProxyType(
    {
        "ris": re.compile(r"(?:^|\n)[ \t]*ER[ \t]{0,3}-?[ \t-]*\Z"),
        "wos": re.compile(r"(?:^|\n)E[RF]\s*\Z"),
        "bibtex": re.compile(r"[})]\s*\Z"),
        "csl": re.compile(r"[\]}]\s*\Z"),
        "pubmed_xml": re.compile(r">\s*\Z"),
        "endnote_xml": re.compile(r">\s*\Z"),
        "ictrp": re.compile(r">\s*\Z"),
        "embase": re.compile(r"\"\s*\Z"),
    }
)
"""What an export ends with, where another is joined to it within a line."""
_LED = ("refworks", "wos", "embase", TABLE)
"""Formats in which what stands above an export would be the end of a record above it."""
_TAGGED = ("ris", "wos")
"""Formats whose records are known by their tags well enough to open anywhere."""


def find_segments(text: str, name: str) -> list[tuple[int, str]]:
    """
    Return where each export of a text begins, and its format.

    Parameters
    ----------
    name : the format that the text as a whole looks like.
    """
    marks = [mark for each in OPENINGS for mark in find_marks(text, each)]
    marks = sorted([*_with_tables(text, sorted(marks)), *find_sheets(text)])
    if not marks:
        return [(0, name)]
    first = lead(text, marks[0])
    above = text[: first.place]
    top = name if not above.strip() or load(name).looks_like(above) else _looks(above)
    if not above.strip():
        top = first.format
    elif not top:
        # What stands above is of no format: it is told by that of the records below it.
        if all(mark.format != name for mark in marks):
            return [(0, name)]
        top = first.format
    else:
        marks.insert(0, Mark(0, top))
    segments = [(0, top)]
    cells = grids.Cells(text)
    for each in marks[1:]:
        name = segments[-1][1]
        mark = lead(text, each) if each.format != name or name in _LED else each
        if _opens(text, mark, segments[-1], cells):
            segments.append((mark.place, mark.format))
    return segments


def _looks(above: str) -> str:
    return next((found.NAME for found in known() if found.looks_like(above)), "")


def _opens(text: str, mark: Mark, segment: tuple[int, str], cells: grids.Cells) -> bool:
    """Whether an export opens at a mark, below what began in a format."""
    begin, name = segment
    if mark.place <= begin or name == mark.format == "bibtex":
        # Its entries stand apart by themselves, and lend each other fields.
        return False
    if name == TABLE:
        if cells.hold(begin, mark.place):
            return False
        return mark.format != TABLE or mark.within or mark.led or cells.change(begin, mark.place)
    if mark.within and name in _ENDS and (mark.format == TABLE or name not in _TAGGED):
        line = text[max(0, mark.place - 1_000) : mark.place]
        return _ENDS[name].search(line) is not None
    return mark.format != name or mark.within or (mark.led and name in _LED)


def _with_tables(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return marks, with those of headers of tables among them."""
    starts = [start for start in find_lines(text, HEADER) if load(TABLE).looks_like(_line_at(text, start))]
    below = 0
    for cell in WITHIN.finditer(text):
        if cell.start() >= below:
            starts.append(text.rfind("\n", 0, cell.start()) + 1)
            below = starts[-1] + len(_line_at(text, starts[-1]))
    found = {
        start: offset
        for start in starts
        if not opens_sheet(text, start)
        and (offset := _find_header(_line_at(text, start), is_first=start == 0)) is not None
    }
    every = list(marks)
    places = [mark.place for mark in marks]
    for start, offset in sorted(found.items(), reverse=True):
        begin = start + offset if offset >= 0 else start + grids.end_of_cell(_line_at(text, start))
        ends = [*places[(after := bisect_right(places, start)) : after + 1], len(text)]
        if not _is_table(text, begin, ends[0]):
            continue
        if offset < 0:
            message = "a table begins within this line, joined to what is above: put it in a file of its own"
            raise InputError(message, line=text.count("\n", 0, start) + 1)
        is_within = bool(text[text.rfind("\n", 0, begin) + 1 : begin].strip())
        every.append(Mark(begin, TABLE, is_within))
        places.insert(bisect_right(places, begin), begin)
    return sorted(every)


def _find_header(line: str, *, is_first: bool) -> int | None:
    """Return where in a line a header begins: in it, at its own beginning, or -1 where nobody can tell."""
    offset = grids.find_header(line)
    if offset and offset > 0 and (line[offset - 1].isdigit() or line[offset - 1] in "\"'.)]}>"):
        return offset
    if grids.opens_with_name(line):
        return 0 if load(TABLE).looks_like(line) else None
    if offset == -1 and (is_first or not _BEHIND.match(line)):
        # A first column that is called as nobody calls one; behind a field it could be part of that.
        return 0
    return offset


def _line_at(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


_CLOSES = re.compile(r"E[RF]|[A-Z][A-Z0-9]{1,3} {0,3}-.*|%\S .*|.*[>\]}],?")
"""The last line of a record, in most formats."""
_FIELD = re.compile(r"[A-Z][A-Z0-9]{1,4} {0,3}- |%[A-Z0-9] ")
"""A line of a tagged record, below what looks like a header in its abstract."""
_BEHIND = re.compile(r"\s|E[RF]|[A-Z][A-Z0-9]{1,4} {0,3}-|%\S |[^\n]{0,200}?[>\]})]")
"""How a line begins that another export ends with."""
_ENOUGH = 20_000
_FIRST_LINES = 30


def _is_table(text: str, begin: int, end: int) -> bool:
    """Whether a table stands in a text; a header within a record is followed by the end of that record."""
    table = load(TABLE)
    last = text[max(begin, end - _ENOUGH) : end].rstrip().rpartition("\n")[2]
    if _CLOSES.fullmatch(last.strip()) and not grids.is_row(last):
        return False
    head = "".join(grids.split_lines(text[begin : min(end, begin + _ENOUGH)], _FIRST_LINES))
    if not table.looks_like(head):
        return False
    rows = [part for part in table.parse(head) if not isinstance(part, Stranger)]
    return any(isinstance(part, RawRecord | Piece) for part in rows) and not any(
        _FIELD.match(part.text) for part in rows
    )
