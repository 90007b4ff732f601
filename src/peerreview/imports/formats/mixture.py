"""
Files in which exports of several formats were put one after the other.

A tagged format takes all that follows a line for its continuation, so
without this the second export would vanish within the first one's last record.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from peerreview.imports.formats import (
    Format,
    Origin,
    Part,
    RawRecord,
    Stranger,
    Warned,
    Watchful,
    find_lines,
)
from peerreview.imports.formats.openings import HEADER, OPENINGS, strangers
from peerreview.imports.formats.registry import detect_first, load


@dataclass
class Mixture:
    """Exports of several formats in one text, in the shape of one format."""

    NAME: str
    _by_line: dict[int, Format] = field(default_factory=dict)

    def looks_like(self, text: str) -> bool:
        """Whether exports of several formats stand in the text."""
        return len(find_segments(text, self.NAME.split(AND)[0])) > 1

    def parse(self, text: str) -> Iterator[Part]:
        """Yield the records of each export, read in its own format."""
        segments = find_segments(text, self.NAME.split(AND)[0])
        ends = [begin for begin, _ in segments[1:]]
        above = 0
        for (begin, name), end in zip(segments, [*ends, len(text)], strict=True):
            found = load(name)
            if begin:
                yield Warned(above + 1, f"records in another format ({name}) from here on")
            for part in found.parse(text[begin:end]):
                if isinstance(part, Stranger):
                    continue
                placed = part._replace(line=part.line + above)
                if isinstance(placed, RawRecord):
                    self._by_line[placed.line] = found
                yield placed
            above += text.count("\n", begin, end)

    def to_fields(self, raw: RawRecord) -> dict[str, str]:
        """Return the content columns of a record that ``parse`` gave."""
        return self._by_line[raw.line].to_fields(raw)

    def origin(self, raw: RawRecord) -> Origin:
        """Return where a record that ``parse`` gave comes from."""
        return self._by_line[raw.line].origin(raw)


AND = " and "


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
    """Return the format of a text, or the mixture of it with those of which records stand in it too."""
    names = dict.fromkeys(name for _, name in find_segments(text, found.NAME))
    if len(names) == 1:
        return load(*names)
    return Mixture(AND.join([found.NAME, *(name for name in names if name != found.NAME)]))


def find_segments(text: str, name: str) -> list[tuple[int, str]]:
    """
    Return where each export of a text begins, and its format.

    Parameters
    ----------
    name : the format that the text as a whole looks like.
    """
    others: list[tuple[int, str]] = []
    headers: list[int] = []
    signs = strangers(name)
    # A pattern that begins with a line end is searched for by it alone, thirty times faster.
    if signs.match("\n" + text[:20]) or signs.search(text):
        others = [
            (start, other)
            for other, (sign, opening) in OPENINGS.items()
            if other != name and (sign in text or text.startswith(sign.lstrip()))
            for start in find_lines(text, opening)
        ]
        headers = [] if name == "spreadsheet" else list(_find_headers(text))
    own = ((start, name) for start in find_lines(text, OPENINGS[name][1])) if name in OPENINGS else iter(())
    # The first of its own shows what stands above; the others matter where another export stands between.
    marks = sorted([*own, *others]) if others or headers else [*islice(own, 1)]
    for start in reversed(headers):
        end = next((each for each, _ in marks if each > start), len(text))
        if _is_table(text[start:end]):
            marks = sorted([*marks, (start, "spreadsheet")])
    segments = _cut(text, name, marks)
    end = segments[1][0] if len(segments) > 1 else len(text)
    if segments[0][1] == "spreadsheet" != name and not load("spreadsheet").looks_like(text[:end]):
        # What stands above the first header is of no table, and would be passed over.
        return _cut(text, name, [mark for mark in marks if mark[1] != "spreadsheet"])
    return segments


def _cut(text: str, name: str, marks: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return where each export begins; ``marks`` are the lines that open a record, and their formats."""
    above = text[: marks[0][0]] if marks else ""
    segments: list[tuple[int, str]] = []
    if all(other != name for _, other in marks):
        if not load(name).looks_like(above):
            return [(0, name)]
        segments.append((0, name))
    elif load("spreadsheet").looks_like(above):
        if _is_quoted(text, above):
            return [(0, "spreadsheet")]
        segments.append((0, "spreadsheet"))
    for position, other in marks:
        if not segments or other != segments[-1][1]:
            segments.append((position if segments else 0, other))
    return segments


def _is_quoted(text: str, above: str) -> bool:
    """Whether what opens a record is a line within a cell of a table that is sound as a whole."""
    is_open = above.count('"') % 2 == 1
    return is_open and all(isinstance(part, RawRecord) for part in load("spreadsheet").parse(text))


_CLOSES = re.compile(r"E[RF]|[A-Z][A-Z0-9]{1,3} {0,3}-.*|%\S .*|.*[>\]}],?")
"""The last line of a record, in most formats."""
_DOCUMENT_ENDS = ("</xml>", "</PubmedArticleSet>", "</Trials_downloaded_from_ICTRP>")


def _find_headers(text: str) -> Iterator[int]:
    """Yield where a line reads like the header of a table of references, and stands below something else."""
    for start in find_lines(text, HEADER):
        end = text.find("\n", start)
        if start and load("spreadsheet").looks_like(text[start : end if end >= 0 else len(text)]):
            yield start


def _is_table(text: str) -> bool:
    """Whether a table opens a text; a header within a record is followed by the end of that record."""
    if not load("spreadsheet").looks_like(text) or text.rstrip().endswith(_DOCUMENT_ENDS):
        return False
    last = deque(load("spreadsheet").parse(text), maxlen=1)
    return not last or not isinstance(last[0], Warned) or not _CLOSES.fullmatch(last[0].text.strip())
