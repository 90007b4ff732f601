"""
RefWorks' tagged text: ``RT Journal Article``, then two-letter tags without a dash.

Its preamble lists tags and fonts between ``*****`` lines.
"""

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from peerreview.imports.formats import Origin, Part, RawRecord, Stranger, Warned
from peerreview.imports.formats.shared import origins, unended
from peerreview.imports.formats.shared.fields import Fields
from peerreview.imports.formats.shared.tagged import Dialect
from peerreview.values import cells, identifiers, names, pages, years

NAME = "refworks"

_DIALECT = Dialect(
    starts=re.compile(r"^RT [A-Z]|(?<=\n\n)(?:SR|ID|A1|T1) ", re.MULTILINE),
    # CNKI writes the volume's tag in lower case.
    line=re.compile(r"^([A-Z][A-Z0-9]|U1[0-5]|PMID|PMCID|vo) (.*)$"),
)
_LOOKS = re.compile(r"^RT [A-Z][A-Za-z, /]+$\n(?:SR|ID|A1|T1) ", re.MULTILINE)
_HEAD = 20_000
_LEGEND = re.compile(
    r"Refworks .*|Character Set=.*|Tag legend|\*+|Font Attribute Legend"
    r"|(?:Start|End) \w+ ?=.*|[A-Z][A-Z\d]{1,4}=.*",
    re.IGNORECASE,
)
_BEGIN = "BEGIN EXPORTED REFERENCES"


def looks_like(text: str) -> bool:
    """Whether a line ``RT`` with a type is followed by one of RefWorks' first tags."""
    return bool(_LOOKS.search(text[:_HEAD]))


def parse(text: str) -> Iterator[Part | Stranger]:
    """Yield the records; what stands before ``BEGIN EXPORTED REFERENCES`` is RefWorks' own legend."""
    legend, begin, rest = text.partition(_BEGIN)
    if begin:
        others = [line for line in legend.split("\n") if line.strip() and not _LEGEND.fullmatch(line.strip())]
        if others:
            yield Warned(1, "text above the references", "\n".join(others))
        text = "\n" * legend.count("\n") + rest
    yield from unended.parse(text, _DIALECT, once=("RT", "T1"), finals=_FINALS)


# Whole RefWorks records end with the language of the output, "English (30)".
_FINALS = MappingProxyType({"OL": re.compile(r".*\(\d+\)")})


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record."""
    fields = Fields(raw.tags)
    fields.first("type", ("RT",))
    fields.first("title", ("T1", "OT"))
    fields.every("authors", ("A1", "A2"), _authors, lent=("A2",))
    fields.first("year", ("YR", "FD"), years.year)
    fields.first("journal", ("JF", "JO", "T2"))
    fields.first("volume", ("VO", "vo"))
    fields.first("issue", ("IS",))
    first, last = (next(iter(fields.left.get(tag, [])), "") for tag in ("SP", "OP"))
    fields.set("pages", pages.pages(first, last), "SP", "OP")
    fields.first("doi", ("DO", "NO", "LK", "UL"), identifiers.doi)
    fields.first("pmid", ("PMID",), identifiers.pmid)
    fields.first("pmid", ("LK", "UL"), identifiers.linked_pmid)
    fields.first("pmcid", ("PMCID", "LK", "UL"), identifiers.pmcid)
    fields.every("issn", ("SN",), identifiers.issns)
    fields.every("isbn", ("SN",), identifiers.isbns)
    fields.first("abstract", ("AB",))
    terms = [term for value in fields.left.get("K1", []) for term in value.split(";")]
    fields.set("keywords", cells.texts(terms), "K1")
    fields.first("language", ("LA",), lambda value: cells.text(value).rstrip(";"))
    fields.first("url", ("UL", "LK"))
    fields.first("accession", ("AN",))
    return fields.finish()


def _authors(cells: Iterable[str]) -> str:
    # CNKI writes all authors in one line.
    return names.authors(name for cell in cells for name in cell.split(";"))


def origin(raw: RawRecord) -> Origin:
    """Return the database that the record names (``DB``, ``DS``), with RefWorks as its carrier."""
    for tag in ("DB", "DS"):
        for name, value in raw.tags:
            if name == tag and (database := origins.database(value)):
                return Origin(database=database, carrier="RefWorks", how=tag)
    return Origin(carrier="RefWorks", how="RT")
