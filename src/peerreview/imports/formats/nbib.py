"""
PubMed's and MEDLINE's tagged text (``.nbib``, ``.txt``), also as ERIC and PubMed Central write it.

Tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
"""

import re
import textwrap
from collections.abc import Hashable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

from peerreview.imports.formats import NOWHERE, Origin, Part, RawRecord, Stranger
from peerreview.imports.formats.openings import strangers
from peerreview.imports.formats.shared import tagged, unended
from peerreview.imports.formats.shared.fields import Fields
from peerreview.imports.formats.shared.tagged import Dialect, Plain
from peerreview.tables import LIST
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


_SEAM = re.compile(r"\n\n+(?=PMID- )")


def stretches(text: str, length: int) -> Iterator[str]:
    """Yield a text in parts of about that length, each of which can be read by itself."""
    return tagged.stretches(text, length, _SEAM)


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record."""
    fields = Fields(raw.tags, own=("OWN", _OWN) in raw.tags)
    fields.first("pmid", ("PMID",), identifiers.pmid)
    fields.first("pmcid", ("PMC", "OID", "AID"), identifiers.pmcid)
    fields.first("accession", ("AN",))
    if fields.left.get("OWN") != [_OWN]:
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
    """Return who owns the record: PubMed, PubMed Central or ERIC; or what ``write`` said."""
    owner = _first(raw, "OWN")
    if owner == "ERIC":
        return Origin(database="ERIC", how="OWN")
    if owner == _OWN:
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


_OWN = "peerreview"
"""The owner of what ``write`` wrote, where ``DB`` is the source, and a blank ``AN`` no other number."""
_WIDTH = 84
"""Characters of a value in one line, as PubMed wraps."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as PubMed writes them; each begins with ``PMID-``, blank where there is none.

    An accession number goes to ``AN``, the source to ``DB``, a link to ``URLF``.

    Parameters
    ----------
    records : ``record_id`` and the content columns of ``records.csv``, all text.
    """
    return "\n".join(_write_record(row) for row in records.to_dict("records"))


def _write_record(row: Mapping[Hashable, Any]) -> str:
    tags = [("PMID", row["pmid"]), ("OWN", _OWN), ("DB", row["source"])]
    tags += [("TI", row["title"]), ("AN", row["accession"])]
    tags += [("IS", each) for each in row["issn"].split(LIST)]
    tags += [("ISBN", each) for each in row["isbn"].split(LIST)]
    tags += [("VI", row["volume"]), ("IP", row["issue"]), ("DP", row["year"]), ("PG", row["pages"])]
    tags += [("LID", f"{row['doi']} [doi]" if row["doi"] else ""), ("AB", row["abstract"])]
    for name, is_body in names.split(row["authors"]):
        tags += [("CN", name)] if is_body else [("FAU", name), ("AU", _initials(name))]
    tags += [("LA", each) for each in row["language"].split(LIST)]
    tags += [("PT", each) for each in row["type"].split(LIST)]
    tags.append(("JT", row["journal"]))
    tags += [("OT", each) for each in row["keywords"].split(LIST)]
    tags += [("PMC", row["pmcid"]), ("URLF", row["url"])]
    kept = (_line(tag, value) for tag, value in tags if value or tag in {"PMID", "TI"})
    return "".join(kept)


def _line(tag: str, value: str) -> str:
    lines = textwrap.wrap(value, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return f"{tag:4}- " + "\n      ".join(lines) + "\n"


def _initials(name: str) -> str:
    """Return a name as MEDLINE abbreviates it: ``Example, Verity K`` → ``Example VK``."""
    family, _, given = name.partition(", ")
    first = "".join(word[0] for word in given.replace("-", " ").replace(".", " ").split())
    return f"{family} {first}".strip()
