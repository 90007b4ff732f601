"""BibTeX, as LaTeX and reference managers read it."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats.bibtex import OWN_SOURCE, OWN_TYPE
from peerreview.imports.formats.shared.bibtex_names import AND
from peerreview.imports.formats.shared.fields import NO_TYPE
from peerreview.imports.formats.shared.latex import escape, escape_link
from peerreview.tables import LIST
from peerreview.values import names

if TYPE_CHECKING:
    import pandas as pd
    from bibtexparser.model import Block, Entry

NAME = "bibtex"

_ENTRY_TYPES = frozenset(
    {
        "article", "book", "booklet", "inbook", "incollection", "inproceedings", "manual", "mastersthesis",
        "misc", "phdthesis", "proceedings", "techreport", "unpublished", "online", "report", "thesis",
        "dataset", "patent",
    }
)  # fmt: skip
_WORDS = (
    ("chap", "incollection"),
    ("book section", "incollection"),
    ("conf", "inproceedings"),
    ("cpaper", "inproceedings"),
    ("proceeding", "inproceedings"),
    ("thes", "phdthesis"),
    ("dissertation", "phdthesis"),
    ("jour", "article"),
    ("article", "article"),
    ("review", "article"),
    ("report", "techreport"),
    ("rprt", "techreport"),
    ("web", "misc"),
    ("book", "book"),
)
"""Words in a type, the most telling first → BibTeX's own type."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as BibTeX; a record's id is its key.

    The type as it was goes to ``peerreview-type``, the source to
    ``peerreview-source``; special characters are escaped, accents are not.
    """
    from bibtexparser import entrypoint, middlewares  # noqa: PLC0415  who reads BibTeX need not wait for it
    from bibtexparser.library import Library  # noqa: PLC0415

    entries: list[Block] = [_write_entry(row) for row in records.to_dict("records")]
    enclosed = middlewares.default_unparse_stack(allow_inplace_modification=True)
    # It stays for writing, too: it encloses every value, numbers also, and refuses to write a key twice.
    return entrypoint.write_string(Library(entries), unparse_stack=enclosed)


def _write_entry(row: Mapping[Hashable, Any]) -> "Entry":
    from bibtexparser.model import Entry, Field  # noqa: PLC0415

    kind = _entry_type(row)
    keyword = row["keywords"]
    # A book's title is that of an entry which has no other.
    is_part = bool(row["title"]) and kind in {"incollection", "inproceedings"}
    found = {
        "title": escape(row["title"]),
        "author": " and ".join(
            _write_name(name, is_body=is_body) for name, is_body in names.split(row["authors"])
        ),
        "year": row["year"],
        "booktitle" if is_part else "journal": escape(row["journal"]),
        "volume": escape(row["volume"]),
        "number": escape(row["issue"]),
        "pages": escape(row["pages"]),
        "doi": escape_link(row["doi"]),
        "pmid": row["pmid"],
        "pmcid": row["pmcid"],
        "accession_number": escape(row["accession"]),
        "issn": row["issn"],
        "isbn": row["isbn"],
        "abstract": escape(row["abstract"]),
        # A comma alone would part "Child, Preschool".
        "keywords": escape(f"{keyword};" if "," in keyword and LIST not in keyword else keyword),
        "language": escape(row["language"]),
        "url": escape_link(row["url"]),
        OWN_SOURCE: escape(row["source"]),
        OWN_TYPE: "" if row["type"] == kind else escape(row["type"] or NO_TYPE),
    }
    cleaned = {key: " ".join(str(value).split()) for key, value in found.items()}
    return Entry(kind, str(row["record_id"]), [Field(key, value) for key, value in cleaned.items() if value])


def _write_name(name: str, *, is_body: bool) -> str:
    if is_body:
        return f"{{{escape(name)}}}"
    parts = [escape(part) for part in name.split(", ")]
    if len(parts) == 3:
        # Family, Given, Jr → Family, Jr, Given.
        parts = [parts[0], parts[2], parts[1]]
    if len(parts) > 3:
        parts = [parts[0], ", ".join(parts[1:])]
    protected = [f"{{{part}}}" if "," in part or AND.search(f" {part} ") else part for part in parts]
    return ", ".join(protected)


def _entry_type(row: Mapping[Hashable, Any]) -> str:
    given = str(row["type"]).lower()
    if given in _ENTRY_TYPES:
        return given
    return next((kind for word, kind in _WORDS if word in given), "article" if row["journal"] else "misc")
