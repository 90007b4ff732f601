"""How exports of each format open: what no other format writes."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple


class Opening(NamedTuple):
    """
    What an export of one format opens with.

    Parameters
    ----------
    sign : a text that ``core`` begins with, and that is there wherever it matches.
    core : the first lines of a record, or of the export; matched wherever ``sign`` stands.
    within : what stands there where an export is joined to one without a last
        line end, and so opens within a line; more than ``core`` asks for.
    lead : matches, at the end of the text above ``core``, what the export has above its records.
    """

    sign: str
    core: re.Pattern[str]
    within: re.Pattern[str]
    lead: re.Pattern[str] | None = None


def _opening(sign: str, core: str, within: str = "", lead: str = "") -> Opening:
    return Opening(
        sign,
        re.compile(core, re.MULTILINE),
        re.compile(within or core, re.MULTILINE),
        re.compile(rf"(?:{lead})\Z", re.MULTILINE) if lead else None,
    )


_XML = r"(?:<\?xml[^<>]*\?>\s*)?(?:<!DOCTYPE[^<>]*>\s*)?"
_LABELS = "Accession Number|Author|Title|Score|Source|Chapter Title|Book Title|Unique Identifier"
_KEYS = "id|type|title|author|DOI|URL|abstract|container-title|issued|citation-key|publisher"
OPENINGS: Mapping[str, tuple[Opening, ...]] = MappingProxyType(
    {
        "ris": (
            _opening(
                "TY  - ",
                r"TY  - [A-Z]{3,}\s*$",
                r"TY  - [A-Z]{3,}[ \t]*\n(?=[A-Z][A-Z0-9]  -)",
                # EBSCO, Cochrane and publishers say above a record where it is from.
                r"(?:^(?:Provider|Database|Content(?:-Type)?|Record #\d+ of)\b.*\n\s*)+",
            ),
        ),
        "bibtex": (
            _opening(
                "@",
                r"@[A-Za-z]+[ \t]*\{[^\s,{}]*,\s*$|@[A-Za-z]+\{[^\s,{}]+,[ \t]*[A-Za-z_-]+[ \t]*=[ \t]*[{\"]",
                lead=r"(?:^Scopus\n)?EXPORT DATE: .*\n\s*|% Encoding: .*\n\s*",
            ),
        ),
        "nbib": (
            _opening(
                "PMID- ",
                r"PMID- ?\d+\s*$",
                r"PMID- ?\d+[ \t]*\n(?=[A-Z]{2,4} *- )",
                r"^PMC *- *(?:PMC)?\d+\s*\n",
            ),
            _opening("OWN - ERIC", r"OWN - ERIC\s*\n(?=[A-Z]{2,4} *- )"),
        ),
        "wos": (
            _opening(
                "PT ",
                r"PT [A-Z]\s*\n(?=[A-Z][A-Z0-9] )",
                r"PT [A-Z]\s*\n(?=(?:AU|AF|BA|BE|TI|CA) )",
                r"FN [^\n]*\nVR .*\n\s*",
            ),
        ),
        "ovid": (
            _opening("<", r"<\d+\. *>\s*\n(?= ?[A-Z]{2} {1,2}-)"),
            _opening("<", rf"<\d+> *\n(?=(?:{_LABELS}) *$)"),
            _opening("VN  - ", r"VN  - Ovid Technologies\s*\n(?=[A-Z]{2}  - )"),
        ),
        "refer": (_opening("%0 ", r"%0 [A-Z][A-Za-z ]+$\n(?=%)"),),
        "refworks": (
            _opening(
                "RT ",
                r"RT [A-Z][A-Za-z, ]+\n(?=SR |ID |[A-Z][A-Z0-9] [^\s])",
                r"RT [A-Z][A-Za-z, ]+\n(?=SR |ID )",
                r"Refworks Export Tagged Format\s*\n(?:(?!RT ).*\n)*|BEGIN EXPORTED REFERENCES\s*\n\s*",
            ),
        ),
        "pubmed_xml": (
            _opening("<PubmedArticleSet>", "<PubmedArticleSet>", lead=_XML),
            _opening("<PubmedBookArticleSet>", "<PubmedBookArticleSet>", lead=_XML),
        ),
        "ictrp": (
            _opening("<Trials_downloaded_from_ICTRP>", "<Trials_downloaded_from_ICTRP>", lead=_XML),
        ),
        "endnote_xml": (_opening("<records>", "<records>", lead=rf"{_XML}<xml>\s*|{_XML}"),),
        "embase": (
            _opening(
                '"TITLE",',
                r'"TITLE","[^\n]*\n(?="[A-Z][A-Z /()-]+",)',
                lead=r'(?:^"|")SEARCH QUERY",.*\n\s*',
            ),
        ),
        "csl": (
            _opening("[", rf"\[\s*\{{\s*\"(?:{_KEYS})\"\s*:"),
            _opening("{", r"\{\s*\"(?:items|results|meta)\"\s*:\s*[\[{]"),
        ),
    }
)  # fmt: skip
"""What no format but one writes at the beginning of a record or of an export."""
ABOVE_HEADER = re.compile(
    r"(?:^\"?|\")SEARCH QUERY\"?[,;\t].*\n"
    r"(?:(?:-*|[^\",;\t\n]*|\"[^\"\n]*\"[,;\t]\"[^\"\n]*\" *)\n){0,20}\Z|^sep=.\n\Z",
    re.MULTILINE,
)
"""What Embase and spreadsheets write above the header of a table."""
_LEADS: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        name: tuple({opening.lead: None for opening in openings if opening.lead})
        for name, openings in OPENINGS.items()
    }
    | {"spreadsheet": (ABOVE_HEADER,)}
)
_FARTHEST = 3_000
"""Characters that an export has above its first record, at most."""


SHEET = "\u2029"
"""What the first cell of a workbook's sheet begins with, where another sheet stands above."""
_SHEETS = re.compile(rf'^"?{SHEET}', re.MULTILINE)


class Mark(NamedTuple):
    """A place where an export of a format may open: within a line, or at the beginning of one."""

    place: int
    format: str
    within: bool = False
    led: bool = False
    """Whether more than a record opens here: an export, with what it has above its records."""


def find_marks(text: str, name: str) -> list[Mark]:
    """Return where records of a format open, in order; ``lead`` finds what an export has above them."""
    marks = []
    for opening in OPENINGS.get(name, ()):
        for found in opening.core.finditer(text):
            begin = found.start()
            if _opens_line(text, begin):
                marks.append(Mark(begin, name))
                continue
            mark = lead(text, Mark(begin, name, within=True))
            if not mark.within or mark.led or opening.within.match(text, begin):
                marks.append(mark)
    return sorted(marks)


def find_sheets(text: str) -> list[Mark]:
    """Return where the sheets of a workbook begin, but for the first."""
    if SHEET not in text:
        # Nearly no text has one, and to look at the beginning of each line takes fifty times as long.
        return []
    return [Mark(found.start(), "spreadsheet", led=True) for found in _SHEETS.finditer(text)]


def opens_sheet(text: str, place: int) -> bool:
    """Whether a sheet of a workbook begins at a place."""
    return _SHEETS.match(text, place) is not None


def lead(text: str, mark: Mark) -> Mark:
    """Return a mark, or where the export that opens there begins above its first record."""
    if mark.led:
        return mark
    for pattern in _LEADS[mark.format]:
        found = pattern.search(text, max(0, mark.place - _FARTHEST), mark.place)
        if found and found.start() < mark.place:
            return Mark(found.start(), mark.format, not _opens_line(text, found.start()), led=True)
    return mark


def _opens_line(text: str, place: int) -> bool:
    above = text[text.rfind("\n", 0, place) + 1 : place]
    return not above or above.isspace()


HEADER = re.compile(
    r"^(?![A-Z][A-Z0-9]  -)\"?[A-Za-z][A-Za-z _]{1,40}+\"?[,;\t|]\"?[A-Za-z][^\n,;\t|]*[,;\t|]", re.MULTILINE
)
"""What may be the header of a table: short words with delimiters between them, and no RIS tag first."""
WITHIN = re.compile(
    r"[,;\t|] ?\"?"
    r"(?:authors?|title|article title|(?:publication )?year|doi|pmid|abstract|source title|journal|"
    r"ti|au|py|di|ut)"
    r"\"?(?=[,;\t|\n])",
    re.IGNORECASE,
)
"""A cell of a table's header, which may open within a line."""


_HIDDEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"ris": ("TY  - ",), "nbib": ("TY  - ", "PMID- ", "OWN - ERIC")}
)
"""What opens an export, within a line of another format, and has lines below it that are plain there, too."""


_ENDS = MappingProxyType({"ris": "\nER"})
"""With what a record ends, where it has an end: a table is joined to that."""


class Strangers:
    """What may open an export of another format, or of the same one within a line."""

    def __init__(self, name: str) -> None:
        signs = {
            re.escape(opening.sign)
            for other, openings in OPENINGS.items()
            if other != name
            for opening in openings
        }
        headers = [] if name == "spreadsheet" else [HEADER.pattern.removeprefix("^")]
        # A pattern that begins with a line end is searched for by it alone, thirty times faster.
        self._lines = re.compile(rf"\n(?:{'|'.join([*sorted(signs), *headers])})")
        self._hidden = _HIDDEN.get(name, ())
        self._ends = _ENDS.get(name, "")

    def search(self, chunk: str) -> bool:
        """Whether a line of a chunk, from the line feed above it, may open another export, or holds one."""
        return bool(self._lines.search(chunk)) or self.search_within(chunk)

    def hides(self, text: str) -> bool:
        """Whether an export may open within a line of a text that looks plain all the same."""
        return any(
            text.count(sign) > text.count(f"\n{sign}") + text.startswith(sign) for sign in self._hidden
        )

    def search_within(self, chunk: str) -> bool:
        """Whether another export may open within a line of a chunk."""
        return bool(WITHIN.search(chunk, chunk.rfind(self._ends) if self._ends else 0)) or any(
            found.start() > 0 and chunk[found.start() - 1] != "\n"
            for openings in OPENINGS.values()
            for opening in openings
            if opening.sign in chunk
            for found in opening.within.finditer(chunk)
        )


@cache
def strangers(name: str) -> Strangers:
    """Return what finds exports of another format in a text of this one."""
    return Strangers(name)
