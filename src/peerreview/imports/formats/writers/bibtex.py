"""BibTeX, as LaTeX and reference managers read it."""

import re
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats.bibtex import OWN_FIELDS, OWN_NUMBER, OWN_SOURCE, OWN_TYPE
from peerreview.imports.formats.shared.bibtex_names import AND
from peerreview.imports.formats.shared.fields import NO_TYPE
from peerreview.imports.formats.shared.latex import escape, escape_link
from peerreview.imports.formats.shared.marks import mark
from peerreview.imports.formats.writers import meanings
from peerreview.imports.formats.writers.meanings import Further, Row, line
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


_TAKEN = OWN_FIELDS - {"editor", "number"}
"""Fields that hold what is of a column, and nothing else."""
_NAME = re.compile(r"[A-Za-z][\w:.+-]*", re.ASCII)
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}(?:/(?:\d{4}(?:-\d\d){0,2})?)?")
"""A date as biblatex reads it (manual, 2.3.8): ISO 8601."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as BibTeX; a record's id is its key.

    The type as it was goes to ``peerreview-type``, the source to
    ``peerreview-source``, every other field to the one of its meaning;
    special characters are escaped, accents are not.

    Parameters
    ----------
    records : ``record_id`` and the content columns of ``records.csv``, all text.
    """
    from bibtexparser import entrypoint, middlewares  # noqa: PLC0415  who reads BibTeX need not wait for it
    from bibtexparser.library import Library  # noqa: PLC0415

    entries: list[Block] = [_write_entry(row) for row in records.to_dict("records")]
    enclosed = middlewares.default_unparse_stack(allow_inplace_modification=True)
    # It stays for writing, too: it encloses every value, numbers also, and refuses to write a key twice.
    return entrypoint.write_string(Library(entries), unparse_stack=enclosed)


def further(row: Row) -> Further:
    """Return where the fields without a column go in BibTeX."""
    found = meanings.place(row, NAME, _TAKEN if not row["issue"] else _TAKEN | {"number"})
    for name, placed in list(found.placed.items()):
        is_sound = _NAME.fullmatch(name) and all(map(_is_balanced, placed.values))
        is_date = name not in ("date", "urldate") or all(_DATE.fullmatch(str(each)) for each in placed.values)
        if not is_sound or not (is_date or placed.is_verbatim):
            del found.placed[name]
            found.left.append(name)
    return found


def _is_balanced(value: Any) -> bool:
    """Whether no brace of a value ends it, as ``escape`` sees to in text."""
    depth = 0
    for sign in _BRACE.findall(str(value)):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0 and not str(value).endswith("\\")


_BRACE = re.compile(r"[{}]")


def _write_entry(row: Row) -> "Entry":
    from bibtexparser.model import Entry, Field  # noqa: PLC0415

    kind = _entry_type(row)
    keyword = row["keywords"]
    # A book's title is that of an entry which has no other.
    is_part = bool(row["title"]) and kind in {"incollection", "inproceedings"}
    more = further(row)
    people = _write_names(row["authors"])
    are_editors = meanings.take_editors(row, more, NAME)
    found = {
        "title": escape(row["title"]),
        "author": "" if are_editors else people,
        "editor": people if are_editors else "",
        "year": row["year"],
        "booktitle" if is_part else "journal": escape(row["journal"]),
        "volume": escape(row["volume"]),
        "number": escape(row["issue"]),
        OWN_NUMBER: "report" if "number" in more.placed else "",
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
    for name, placed in more.placed.items():
        if placed.is_people:
            found[name] = _write_names(LIST.join(placed.values))
        else:
            written = [str(each) if placed.is_verbatim else escape(str(each)) for each in placed.values]
            found[name] = LIST.join(written)
    # Styles print a note, but no annotation; Zotero brings both back.
    found["annote"] = LIST.join(filter(None, (found.get("annote"), escape(mark(str(row["record_id"]))))))
    cleaned = {key: line(str(value)) for key, value in found.items()}
    return Entry(kind, str(row["record_id"]), [Field(key, value) for key, value in cleaned.items() if value])


def _write_names(cell: str) -> str:
    return " and ".join(_write_name(name, is_body=is_body) for name, is_body in names.split(cell))


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


def _entry_type(row: Row) -> str:
    given = str(row["type"]).lower()
    if given in _ENTRY_TYPES:
        return given
    return next((kind for word, kind in _WORDS if word in given), "article" if row["journal"] else "misc")
