"""
Files in which exports of several formats were put one after the other.

A tagged format takes all that follows a line for its continuation, so
without this the second export would vanish within the first one's last record.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from types import MappingProxyType

from peerreview.imports.formats import (
    Format,
    Origin,
    Part,
    RawRecord,
    Stranger,
    Warned,
    Watchful,
    find_lines,
    load,
)


def _opening(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


_XML = r"^(?:<\?xml[^<>]*\?>\s*)?(?:<!DOCTYPE[^<>]*>\s*)?"
_LABELS = "Accession Number|Author|Title|Score"
_OPENINGS = MappingProxyType(
    {
        "ris": ("\nTY  - ", _opening(r"^TY  - [A-Z]{3,}\s*$")),
        "bibtex": ("\n@", _opening(r"^@[A-Za-z]+\{[^\s,{}]*,\s*$")),
        "nbib": ("\nPMID- ", _opening(r"^PMID- ?\d+\s*$")),
        "wos": ("\nPT ", _opening(r"^(?:FN [A-Z].*\nVR .*\n\s*)?PT [A-Z]\s*\n(?=[A-Z][A-Z0-9] )")),
        "ovid": ("\n<", _opening(rf"^<\d+\. *>\s*\n(?=VN {{1,2}}-)|^<\d+> *\n(?=(?:{_LABELS}) *$)")),
        "refer": ("\n%0 ", _opening(r"^%0 [A-Z][A-Za-z ]+$\n(?=%)")),
        "refworks": ("\nRT ", _opening(r"^RT [A-Z][A-Za-z, ]+\n(?=SR )")),
        "pubmed_xml": ("<PubmedArticleSet>", _opening(rf"{_XML}<PubmedArticleSet>")),
        "ictrp": ("<Trials_downloaded_from_ICTRP>", _opening(rf"{_XML}<Trials_downloaded_from_ICTRP>")),
        "endnote_xml": ("<records>", _opening(rf"{_XML}<xml>\s*<records>")),
        "csl": ("\n[", _opening(r"^\[\s*\{\s*\"(?:id|type|title|author|DOI)\"\s*:")),
    }
)  # fmt: skip
"""What no format but one writes: a text that is there at least, and the line that opens a record."""


_HEADER = _opening(r"(?![A-Z][A-Z0-9]  -)\"?[A-Za-z][A-Za-z _]{1,40}+\"?[,;\t|]\"?[A-Za-z][^\n,;\t|]*[,;\t|]")
"""What may be the header of a table: short words with delimiters between them, and no RIS tag first."""


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


def expect(text: str, found: Format) -> Format:
    """Return the format to read a text in: as ``resolve``, or the one found if that watches for strangers."""
    return found if isinstance(found, Watchful) else resolve(text, found)


def resolve(text: str, found: Format) -> Format:
    """Return the format of a text, or the mixture of it with those of which records stand in it too."""
    names = dict.fromkeys(name for _, name in find_segments(text, found.NAME))
    if len(names) == 1:
        return load(*names)
    return Mixture(AND.join([found.NAME, *(name for name in names if name != found.NAME)]))


@cache
def strangers(name: str) -> re.Pattern[str]:
    """Return what matches, from the line feed above, a line that may open an export of another format."""
    # XML elements may stand anywhere in a line, but a document begins one.
    signs = {
        re.escape(sign[1:] if sign[0] == "\n" else "<")
        for other, (sign, _) in _OPENINGS.items()
        if other != name
    }
    headers = [] if name == "spreadsheet" else [_HEADER.pattern]
    return re.compile(rf"\n(?:{'|'.join([*sorted(signs), *headers])})")


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
            for other, (sign, opening) in _OPENINGS.items()
            if other != name and (sign in text or text.startswith(sign.lstrip()))
            for start in find_lines(text, opening)
        ]
        headers = [] if name == "spreadsheet" else list(_find_headers(text))
    own = ((start, name) for start in find_lines(text, _OPENINGS[name][1])) if name in _OPENINGS else iter(())
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
    for start in find_lines(text, _HEADER):
        end = text.find("\n", start)
        if start and load("spreadsheet").looks_like(text[start : end if end >= 0 else len(text)]):
            yield start


def _is_table(text: str) -> bool:
    """Whether a table opens a text; a header within a record is followed by the end of that record."""
    found = load("spreadsheet")
    if not found.looks_like(text) or text.rstrip().endswith(_DOCUMENT_ENDS):
        return False
    last = deque(found.parse(text), maxlen=1)
    return not last or not isinstance(last[0], Warned) or not _CLOSES.fullmatch(last[0].text.strip())
