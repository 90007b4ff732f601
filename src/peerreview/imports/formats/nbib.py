"""
PubMed's and MEDLINE's tagged text (``.nbib``, ``.txt``), also as ERIC and PubMed Central write it.

Tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
"""

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from peerreview.imports.formats import NOWHERE, Origin, Part, RawRecord, Stranger
from peerreview.imports.formats.openings import strangers
from peerreview.imports.formats.shared import tagged, unended
from peerreview.imports.formats.shared.fields import Fields
from peerreview.imports.formats.shared.tagged import Dialect, Plain
from peerreview.values import cells, identifiers, names, pages, years

NAME = "nbib"

_FIRST = r"(?:(?<=\n\n)|(?<=\A\n)|\A)"
_DIALECT = Dialect(
    # PubMed opens with PMID; PubMed Central with PMC and then PMID; ERIC with OWN, after a blank line.
    starts=re.compile(
        rf"{_FIRST}PMC *-.*\nPMID-|{_FIRST}[A-Z]{{2,5}} *-|^PMID- |^OWN *- ERIC$", re.MULTILINE
    ),
    line=re.compile(r"^(?=[A-Z]{2} {2}-|[A-Z]{3} -|PMID-|[A-Z]{2,5} {0,3}-(?: |$))([A-Z]{2,5}) *-(.*)$"),
    plain=Plain(
        marks=re.compile(
            r"\n(?:\n++(?!\Z)|"
            r"(?!(?!PMID|OWN *- ERIC)(?:[A-Z]{4}-|[A-Z]{3} -|[A-Z]{2}  -)[ \n]|      \S|\n|\Z))"
        ),
        tags=re.compile(r"^([A-Z]{2,4}) *-[^\S\n]*(.*(?:\n      .*)*\S|)[^\S\n]*$", re.MULTILINE),
    ),
    strangers=strangers(NAME),
)
WATCHES = True
"""Strangers are among the lines that no plain record holds, and found with them."""
_LOOKS = re.compile(r"^(PMID|PMCR?|OWN|STAT|FAU) {0,2}-", re.MULTILINE)
_CONFIRMS = re.compile(r"^(?:TI|BTI|FAU|DP|PT|SO|JT|TA) {0,2}-", re.MULTILINE)
_OTHERS = re.compile(r"^(?:TY {1,2}- |VN {1,2}- Ovid)", re.MULTILINE)
_HEAD = 20_000


def looks_like(text: str) -> bool:
    """Whether text has MEDLINE's own tags, and no line that opens a RIS or Ovid record."""
    start = text[:_HEAD]
    return bool(_LOOKS.search(start) and _CONFIRMS.search(start)) and not _OTHERS.search(start)


def parse(text: str) -> Iterator[Part | Stranger]:
    """Yield the records; each begins with its PMID, or after a blank line."""
    return unended.parse(text, _DIALECT, once=("PMID", "TI"), finals=_FINALS)


# "J Invent. 2024 Mar 25;24(1):211-9. doi: 10.5555/PEER.1."
_FINALS = MappingProxyType({"SO": re.compile(r".*\d{4}.*[\w)]\.")})


_SEAM = re.compile(r"\n\n+(?=PMID- |PMC *-.*\nPMID- |OWN *- ERIC\n)")


def stretches(text: str, length: int) -> Iterator[str]:
    """Yield a text in parts of about that length, each of which can be read by itself."""
    return tagged.stretches(text, length, _SEAM)


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record."""
    is_own = ("OWN", OWN) in raw.tags
    fields = Fields(raw.tags, own=is_own, only=OWN_TAGS if is_own else None)
    fields.first("pmid", ("PMID",), identifiers.pmid)
    fields.first("pmcid", ("PMC", "OID", "AID"), identifiers.pmcid)
    fields.first("accession", ("AN",))
    if fields.left.get("OWN") != [OWN]:
        fields.set("accession", fields.columns["pmid"])
        fields.first("accession", ("OID",))
        fields.set("accession", fields.columns["pmcid"])
    if "TT" in fields.left:
        fields.first("title", ("TI", "TT"), cells.title)
    fields.first("title", ("TI", "BTI", "TT", "CTI"))
    full = "FAU" if "FAU" in fields.left else "AU"
    named = [(value, tag == "CN") for tag, value in raw.tags if tag in {full, "CN"}]
    if any(is_body or value.rstrip(".") != "et al" for value, is_body in named):
        fields.set("authors", names.join(named), full, "CN")
    # Editors stand for the authors of a book that has none.
    fields.every("authors", ("FED",), names.read, lent=("FED",))
    fields.first("year", ("DP", "DEP", "SO"), years.year)
    fields.first("journal", ("JT", "TA", "BTI", "CTI"))
    fields.first("volume", ("VI",))
    fields.first("issue", ("IP",))
    fields.first("pages", ("PG",), pages.pages)
    fields.first("doi", ("LID", "AID", "SO"), identifiers.doi)
    fields.every("issn", ("IS", "ISSN"), _issns)
    fields.every("isbn", ("ISBN",), identifiers.isbns)
    fields.first("abstract", ("AB", "OAB"), _abstract)
    terms = fields.left.get("OT", []) + fields.left.get("MH", [])
    fields.set("keywords", cells.texts(terms), "OT", "MH")
    fields.every("language", ("LA",))
    fields.every("type", ("PT",))
    fields.first("url", ("LID", "AID"), _url)
    fields.first("url", ("URLF", "URLS"), str.strip)
    return fields.finish()


def origin(raw: RawRecord) -> Origin:
    """Return who owns the record: PubMed, PubMed Central or ERIC; or what ``writers`` said."""
    owner = _first(raw, "OWN")
    if owner == "ERIC":
        return Origin(database="ERIC", how="OWN")
    if owner == OWN:
        return Origin(_first(raw, "DB"), how="DB")
    if raw.tags[0][0] == "PMC":
        return Origin(database="PubMed Central", platform="PubMed", how="PMC")
    # Others write this format, too, with a PMID that is blank.
    how = next((tag for tag in ("PMID", "STAT") if _first(raw, tag)), "OWN" if owner == "NLM" else "")
    return Origin(database="PubMed", platform="PubMed", how=how) if how else NOWHERE


def _first(raw: RawRecord, wanted: str) -> str:
    return next((value for tag, value in raw.tags if tag == wanted), "")


def _abstract(value: str) -> str:
    # PubMed Central says so in place of an abstract.
    return "" if value.startswith("Publisher: Abstract available") else cells.text(value)


def _issns(cells: Iterable[str]) -> str:
    # ERIC writes "EISSN-1234-5679".
    return identifiers.issns(cell.partition("ISSN-")[2] or cell for cell in cells)


def _url(value: str) -> str:
    return value if value.startswith(("http://", "https://")) else ""


OWN = "peerreview"
"""The owner of what ``writers`` wrote, where ``DB`` is the source, and a blank ``AN`` no other number."""
OWN_TAGS = frozenset(
    {
        "PMID", "OWN", "DB", "TI", "AN", "IS", "ISBN", "VI", "IP", "DP", "PG", "LID", "AB", "CN", "FAU", "AU",
        "FED",        "LA", "PT", "JT", "OT", "PMC", "URLF",
    }
)  # fmt: skip
"""The tags of what ``writers`` wrote that hold columns."""
