"""
Refer, EndNote's own tagged text (``.enw``), also as library catalogues and repositories write it.

Tags: the EndNote import format; ``%0`` is the type, a blank line stands between records.
"""

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from peerreview.imports.formats import NOWHERE, Origin, Part, RawRecord, Stranger, Tags
from peerreview.imports.formats.shared import origins, tagged, unended
from peerreview.imports.formats.shared.fields import Fields
from peerreview.imports.formats.shared.tagged import Dialect
from peerreview.values import cells, identifiers, names, pages, years

NAME = "refer"

_FIRST = r"(?:(?<=\n\n)|(?<=\A\n)|\A)"
_DIALECT = Dialect(
    # Bepress writes the title before the type, and no type at all for some.
    starts=re.compile(rf"{_FIRST}%T .*\n%0(?: |$)|{_FIRST}%[0TAF](?: |$)|^%0(?: |$)", re.MULTILINE),
    line=re.compile(r"^%([0-9A-Za-z!#$&()*+,./:;<=>?@\[\]^_~-])(?: |$)(.*)$"),
    # EndNote writes one keyword per line, only the first of them tagged.
    listed=frozenset({"K"}),
)
_LOOKS = re.compile(r"^%0(?: |$)|\A\s*%[ATF] ", re.MULTILINE)
_CONFIRMS = re.compile(r"^%[TABDJUVXI] ", re.MULTILINE)
_HEAD = 20_000


def looks_like(text: str) -> bool:
    """Whether lines open with a percent sign and a refer tag, one of them a type or a title."""
    start = text[:_HEAD]
    return bool(_LOOKS.search(start) and _CONFIRMS.search(start))


def parse(text: str) -> Iterator[Part | Stranger]:
    """Yield the records; each begins with ``%0``, or with a title or author after a blank line."""
    for part in unended.parse(text, _DIALECT, once=("0", "T"), finals=_FINALS):
        if isinstance(part, RawRecord):
            yield RawRecord(part.line, part.text, list(_split_authors(part.tags)))
        else:
            yield part


_FINALS = MappingProxyType(
    {
        "@": re.compile(r"\d{4}-\d{3}[\dXx]|97[89]-?\d[\d-]{8,11}\d"),
        "[": re.compile(r"\d{4}([-/])\d\d\1\d\d"),
        "D": unended.YEAR,
        "R": unended.DOI,
        "P": unended.SPAN,
        "W": re.compile(r"CNKI|NLM"),
    }
)


_SEAM = re.compile(r"\n\n+(?=(?:%T .*\n)?%0 )")


def stretches(text: str, length: int) -> Iterator[str]:
    """Yield a text in parts of about that length, each of which can be read by itself."""
    return tagged.stretches(text, length, _SEAM)


def _split_authors(tags: Tags) -> Iterator[tuple[str, str]]:
    """Yield tags as they stand in the file; CNKI writes all authors in one line, ``%A One %A Other``."""
    for tag, value in tags:
        for part in _NEXT_AUTHOR.split(value) if tag == "A" else [value]:
            yield f"%{tag}", part


_NEXT_AUTHOR = re.compile(r"\s+%A\s+")


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record."""
    fields = Fields(raw.tags)
    fields.first("type", ("%0",))
    fields.first("title", ("%T", "%Q"))
    fields.every("authors", ("%A", "%H", "%E"), _authors, lent=("%E",))
    fields.first("year", ("%D", "%8"), years.year)
    fields.first("journal", ("%J", "%B"))
    fields.first("volume", ("%V",))
    fields.first("issue", ("%N",))
    fields.first("pages", ("%P",), pages.pages)
    fields.first("doi", ("%R", "%U", "%O", "%Z"), identifiers.doi)
    fields.every("issn", ("%@",), identifiers.issns)
    fields.every("isbn", ("%@",), identifiers.isbns)
    fields.first("abstract", ("%X",))
    terms = [term for value in fields.left.get("%K", []) for term in value.split(";")]
    fields.set("keywords", cells.texts(terms), "%K")
    fields.every("language", ("%G",))
    fields.first("url", ("%U",))
    fields.first("pmcid", ("%2", "%U"), identifiers.pmcid)
    fields.first("accession", ("%M",))
    if fields.columns["accession"].isdigit() and "NLM" in _values(raw, "%W"):
        fields.set("pmid", fields.columns["accession"])
    fields.first("pmid", ("%U",), identifiers.linked_pmid)
    return fields.finish()


def _authors(cells: Iterable[str]) -> str:
    return names.join((name, names.ends_with_comma(name)) for name in cells)


def origin(raw: RawRecord) -> Origin:
    """Return the database that EndNote (``%~``) or a link names; CNKI names itself as the provider."""
    named = next(iter(_values(raw, "%~")), "")
    platform = next(iter(_values(raw, "%W")), "")
    if database := origins.database(named):
        return Origin(database, platform, carrier="EndNote", how="%~")
    if platform == "CNKI":
        return Origin(database="CNKI", platform="CNKI", how="%W")
    carrier = origins.carrier(named)
    for link in _values(raw, "%U"):
        found = origins.from_link(link, "%U")
        if found.platform:
            return found._replace(carrier=carrier)
    return Origin(carrier=carrier, how="%~") if carrier else NOWHERE


def _values(raw: RawRecord, wanted: str) -> list[str]:
    return [value for tag, value in raw.tags if tag == wanted]
