"""
PubMed's and MEDLINE's tagged text (``.nbib``, ``.txt``), also as ERIC and PubMed Central write it.

Tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
"""

import re
from collections.abc import Iterator

from peerreview.formats import Origin, Part, RawRecord, unended, values
from peerreview.formats.tagged import Dialect

NAME = "nbib"

_FIRST = r"(?:(?<=\n\n)|(?<=\A\n)|\A)"
_DIALECT = Dialect(
    # PubMed opens with PMID; PubMed Central with PMC and then PMID; ERIC with OWN, after a blank line.
    starts=re.compile(
        rf"{_FIRST}PMC *-.*\nPMID-|{_FIRST}[A-Z]{{2,5}} *-|^PMID- |^OWN *- ERIC$", re.MULTILINE
    ),
    line=re.compile(r"^(?=[A-Z]{2} {2}-|[A-Z]{3} -|PMID-|[A-Z]{2,5} {0,3}-(?: |$))([A-Z]{2,5}) *-(.*)$"),
)
_LOOKS = re.compile(r"^(PMID|PMCR?|OWN|STAT|FAU) {0,2}-", re.MULTILINE)
_CONFIRMS = re.compile(r"^(?:TI|BTI|FAU|DP|PT|SO|JT|TA) {0,2}-", re.MULTILINE)
_OTHERS = re.compile(r"^(?:TY {1,2}- |VN {1,2}- Ovid)", re.MULTILINE)
_HEAD = 20_000


def looks_like(text: str) -> bool:
    """Whether text has MEDLINE's own tags, and no line that opens a RIS or Ovid record."""
    start = text[:_HEAD]
    return bool(_LOOKS.search(start) and _CONFIRMS.search(start)) and not _OTHERS.search(start)


def parse(text: str) -> Iterator[Part]:
    """Yield the records; each begins with its PMID, or after a blank line."""
    return unended.parse(text, _DIALECT, finals={"SO"})


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record."""
    fields = values.Fields(raw.tags, skip=frozenset({"OWN", "STAT"}))
    fields.first("pmid", ("PMID",), values.pmid)
    fields.first("pmcid", ("PMC", "OID", "AID"), values.pmcid)
    fields.set("accession", fields.columns["pmid"])
    fields.first("accession", ("OID",))
    fields.set("accession", fields.columns["pmcid"])
    fields.first("title", ("TI", "BTI", "TT", "CTI"))
    full = "FAU" if "FAU" in fields.left else "AU"
    names = [value for tag, value in raw.tags if tag in {full, "CN"} and value.rstrip(".") != "et al"]
    fields.set("authors", values.authors(names), "FAU", "AU", "CN")
    fields.first("year", ("DP", "DEP", "SO"), values.year)
    fields.first("journal", ("JT", "TA", "BTI", "CTI"))
    fields.first("volume", ("VI",))
    fields.first("issue", ("IP",))
    fields.first("pages", ("PG",), values.pages)
    fields.first("doi", ("LID", "AID", "SO"), values.doi)
    fields.every("issn", ("IS", "ISSN"), values.issns)
    fields.every("isbn", ("ISBN",), values.isbns)
    fields.first("abstract", ("AB", "OAB"), _abstract)
    terms = fields.left.get("OT", []) + fields.left.get("MH", [])
    fields.set("keywords", values.texts(terms), "OT", "MH")
    fields.every("language", ("LA",))
    fields.every("type", ("PT",))
    fields.first("url", ("LID", "AID", "URLF", "URLS"), _url)
    return fields.finish()


def origin(raw: RawRecord) -> Origin:
    """Return who owns the record: PubMed, PubMed Central or ERIC."""
    owner = next((value for tag, value in raw.tags if tag == "OWN"), "")
    if owner == "ERIC":
        return Origin(database="ERIC", how="OWN")
    if raw.tags[0][0] == "PMC":
        return Origin(database="PubMed Central", platform="PubMed", how="PMC")
    return Origin(database="PubMed", platform="PubMed", how="PMID")


def _abstract(value: str) -> str:
    # PubMed Central says so in place of an abstract.
    return "" if value.startswith("Publisher: Abstract available") else values.text(value)


def _url(value: str) -> str:
    return value if value.startswith(("http://", "https://")) else ""
