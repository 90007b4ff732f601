"""How exports of each format open: what no other format writes."""

import re
from functools import cache
from types import MappingProxyType


def _opening(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


_XML = r"^(?:<\?xml[^<>]*\?>\s*)?(?:<!DOCTYPE[^<>]*>\s*)?"
_LABELS = "Accession Number|Author|Title|Score"
OPENINGS = MappingProxyType(
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


HEADER = _opening(r"(?![A-Z][A-Z0-9]  -)\"?[A-Za-z][A-Za-z _]{1,40}+\"?[,;\t|]\"?[A-Za-z][^\n,;\t|]*[,;\t|]")
"""What may be the header of a table: short words with delimiters between them, and no RIS tag first."""


@cache
def strangers(name: str) -> re.Pattern[str]:
    """Return what matches, from the line feed above, a line that may open an export of another format."""
    # XML elements may stand anywhere in a line, but a document begins one.
    signs = {
        re.escape(sign[1:] if sign[0] == "\n" else "<")
        for other, (sign, _) in OPENINGS.items()
        if other != name
    }
    headers = [] if name == "spreadsheet" else [HEADER.pattern]
    return re.compile(rf"\n(?:{'|'.join([*sorted(signs), *headers])})")
