"""
Files in which exports of several formats were put one after the other.

A tagged format takes all that follows a line for its continuation, so
without this the second export would vanish within the first one's last record.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from peerreview.formats import Format, Origin, Part, RawRecord, Warned, find_lines, load


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


def resolve(text: str, found: Format) -> Format:
    """Return the format of a text, or the mixture of it with those of which records stand in it too."""
    names = dict.fromkeys(name for _, name in find_segments(text, found.NAME))
    return (
        Mixture(AND.join([found.NAME, *(name for name in names if name != found.NAME)]))
        if len(names) > 1
        else found
    )


@cache
def _sign_of_others(name: str) -> re.Pattern[str]:
    """Return what at least stands in a text with records of other formats: one search for all of them."""
    # XML elements may stand anywhere in a line, but a document begins one.
    signs = {
        re.escape(sign[1:] if sign[0] == "\n" else "<")
        for other, (sign, _) in _OPENINGS.items()
        if other != name
    }
    return re.compile(rf"\n(?:{'|'.join(sorted(signs))})")


def find_segments(text: str, name: str) -> list[tuple[int, str]]:
    """
    Return where each export of a text begins, and its format.

    Parameters
    ----------
    name : the format that the text as a whole looks like.
    """
    tables = [] if name == "spreadsheet" else [(start, "spreadsheet") for start in _find_tables(text)]
    others: list[tuple[int, str]] = []
    signs = _sign_of_others(name)
    # A pattern that begins with a line end is searched for by it alone, thirty times faster.
    if signs.match("\n" + text[:20]) or signs.search(text):
        others = [
            (start, other)
            for other, (sign, opening) in _OPENINGS.items()
            if other != name and (sign in text or text.startswith(sign.lstrip()))
            for start in find_lines(text, opening)
        ]
    if tables:
        segments = _cut(text, name, [*others, *tables])
        ends = [begin for begin, _ in segments[1:]]
        # A header within a record, or a torn one, is no table.
        if all(
            load(each).looks_like(text[begin:end])
            for (begin, each), end in zip(segments, [*ends, len(text)], strict=True)
            if each == "spreadsheet"
        ):
            return segments
    return _cut(text, name, others)


def _cut(text: str, name: str, others: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return where each export begins; ``others`` are lines that open a record of another format."""
    opening = _OPENINGS[name][1] if name in _OPENINGS else None
    if not others:
        first = next(find_lines(text, opening), 0) if opening else 0
        is_below_table = first > 0 and load("spreadsheet").looks_like(text[:first])
        return [(0, "spreadsheet"), (first, name)] if is_below_table else [(0, name)]
    own = [(start, name) for start in find_lines(text, opening)] if opening else []
    marks = sorted([*own, *others])
    above = text[: marks[0][0]]
    segments: list[tuple[int, str]] = []
    if not own and not load(name).looks_like(above):
        return [(0, name)]
    if not own:
        segments.append((0, name))
    elif load("spreadsheet").looks_like(above):
        segments.append((0, "spreadsheet"))
    for position, other in marks:
        if not segments or other != segments[-1][1]:
            segments.append((position if segments else 0, other))
    return segments


_HEADER = _opening(r"\"?[A-Za-z][A-Za-z _]{1,40}\"?[,;\t|]\"?[A-Za-z][^\n,;\t|]*[,;\t|][^\n]*")


def _find_tables(text: str) -> Iterator[int]:
    """Yield where the header of a table of references stands below something else."""
    for start in find_lines(text, _HEADER):
        end = text.find("\n", start)
        if start and load("spreadsheet").looks_like(text[start : end if end >= 0 else len(text)]):
            yield start
