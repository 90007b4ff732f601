"""The export formats that are known, in the order in which they are asked whether text looks like theirs."""

# ruff: noqa: PLC0415  most exports are of the first few: the others need not be imported
import re
from collections.abc import Iterator

from peerreview.errors import InputError
from peerreview.imports.formats import Format, Writer


def known() -> Iterator[Format]:
    """Yield every format; each is imported as it is reached."""
    from peerreview.imports.formats import ris

    yield ris
    from peerreview.imports.formats import bibtex

    yield bibtex
    from peerreview.imports.formats import nbib

    yield nbib
    from peerreview.imports.formats import wos

    yield wos
    from peerreview.imports.formats import ovid

    yield ovid
    from peerreview.imports.formats import refer

    yield refer
    from peerreview.imports.formats import refworks

    yield refworks
    from peerreview.imports.formats import pubmed_xml

    yield pubmed_xml
    from peerreview.imports.formats import endnote_xml

    yield endnote_xml
    from peerreview.imports.formats import ictrp

    yield ictrp
    from peerreview.imports.formats import csl

    yield csl
    from peerreview.imports.formats import embase

    yield embase
    from peerreview.imports.formats import spreadsheet

    yield spreadsheet


def load(name: str) -> Format:
    """Return the format of that name."""
    return next(found for found in known() if name == found.NAME)


WRITTEN = ("ris", "bibtex", "csl", "endnote_xml", "nbib", "spreadsheet")
"""The formats that are written, too."""


def load_writer(name: str) -> Writer:
    """Return the writer of a format of ``WRITTEN``."""
    from peerreview.imports.formats.writers import bibtex, csl, endnote_xml, nbib, ris, spreadsheet

    written: tuple[Writer, ...] = (ris, bibtex, nbib, endnote_xml, csl, spreadsheet)
    return next(found for found in written if name == found.NAME)


_HEAD = 20_000
_WEB_PAGE = re.compile(
    r"(?>\s+|<\?xml[^<>]*\?>|<!--(?s:.*?)-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_INSTEAD = (
    (re.compile(r"<rdf:RDF\b"), "is RDF; export the references as RIS or CSL-JSON"),
    (re.compile(r"<mods\b|<modsCollection\b"), "is MODS; export the references as RIS"),
    (re.compile(r"<b:Sources\b"), "is Word's own list of sources; export the references as RIS"),
    (
        re.compile(r"^Record #\d+ of \d+\s+ID: ", re.MULTILINE),
        "is the Cochrane Library's plain text; export the records as RIS",
    ),
    (
        re.compile(r"^1[.:] [^\n]+\n(?s:.*)^PMID: \d+", re.MULTILINE),
        "is PubMed's text for reading; save the records in the format PubMed (.nbib)",
    ),
    (re.compile(r"Report Information from ProQuest"), "is ProQuest's text for reading; export it as RIS"),
)
"""What is met in place of an export, and what to ask for."""


def detect_first(text: str) -> Format:
    """
    Return the format that decoded text looks like, as a whole.

    Raises
    ------
    InputError
        Where it is in none that is known, with what it looks like instead.
    """
    for found in known():
        if found.looks_like(text):
            return found
    if _WEB_PAGE.match(text):
        message = "is a web page (HTML), perhaps a log-in page; export the references again"
        raise InputError(message)
    for pattern, message in _INSTEAD:
        if pattern.search(text[:_HEAD]):
            raise InputError(message)
    from peerreview.imports.formats import spreadsheet

    if message := spreadsheet.refuse(text):
        raise InputError(message)
    message = f"is in no known export format; known: {', '.join(found.NAME for found in known())}"
    raise InputError(message)
