"""EndNote's XML, as EndNote and Zotero read it."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview.imports.formats.endnote_xml import EDITORS, OWN, OWN_ELEMENTS, OWN_TYPE
from peerreview.imports.formats.shared import markup
from peerreview.imports.formats.shared.fields import NO_TYPE
from peerreview.imports.formats.shared.marks import mark
from peerreview.imports.formats.writers import meanings
from peerreview.imports.formats.writers.meanings import Further, Row, line
from peerreview.tables import LIST

if TYPE_CHECKING:
    import pandas as pd

NAME = "endnote_xml"


_NAME = re.compile(r"[A-Za-z][\w.-]*(?:/[A-Za-z][\w.-]*)*", re.ASCII)
_LINK = "urls/related-urls/url"
_TAKEN = OWN_ELEMENTS - {*EDITORS.values(), _LINK, "notes", "work-type"} | {"foreign-keys/key", "source-app"}
"""Elements that hold what is of a column, and nothing else."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as EndNote's XML.

    The type as it was goes to ``work-type``, the PMID and the record's id to
    ``notes``, the source to ``remote-database-name``, every other field to
    the element of its meaning.

    Parameters
    ----------
    records : ``record_id`` and the content columns of ``records.csv``, all text.
    """
    rows = "".join(_write_record(number, row) for number, row in enumerate(records.to_dict("records"), 1))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n{rows}</records></xml>\n'


def further(row: Row) -> Further:
    """Return where the fields without a column go in EndNote's XML."""
    found = meanings.place(row, NAME, _TAKEN)
    for name in list(found.placed):
        # Who stands there is taken for the author of a record that has none.
        is_author = name in EDITORS.values() and not row["authors"]
        if not _NAME.fullmatch(name) or is_author:
            del found.placed[name]
            found.left.append(name)
    return found


def _write_record(number: int, row: Row) -> str:
    kind = _ref_type(row)
    more = further(row)
    are_editors = meanings.take_editors(row, more, NAME)
    genre = more.texts("work-type")
    type_ = row["type"] or NO_TYPE
    people = meanings.people(row["authors"])
    links = [row["url"], *(link for link in more.texts(_LINK) if link != row["url"])]
    noted = [f"PMID: {row['pmid']}"] if row["pmid"] else []
    parts: dict[str, list[str]] = {
        are_editors or "contributors/authors/author": people,
        "titles/title": [row["title"]],
        "titles/secondary-title": [row["journal"]],
        "periodical/full-title": [row["journal"]],
        "pages": [row["pages"]],
        "volume": [row["volume"]],
        "number": [row["issue"]],
        "keywords/keyword": row["keywords"].split(LIST),
        "dates/year": [row["year"]],
        "isbn": [LIST.join(filter(None, (row["issn"], row["isbn"])))],
        "accession-num": [row["accession"]],
        "abstract": [row["abstract"]],
        "notes": [LIST.join([*noted, *more.texts("notes"), mark(str(row["record_id"]))])],
        _LINK: links,
        "electronic-resource-num": [row["doi"]],
        "custom2": [row["pmcid"]],
        "remote-database-name": [row["source"]],
        "language": [row["language"]],
        "work-type": genre or ["" if row["type"] == kind else type_],
    }
    for name, placed in more.placed.items():
        parts[name] = [*parts.get(name, ()), *placed.texts()]
    # EndNote knows a record of another program by that one's key.
    key = f'<foreign-keys><key app="{OWN_TYPE}" db-id="{markup.escape_quoted(type_)}">1</key></foreign-keys>'
    head = (
        f'<source-app name="{OWN}">{OWN}</source-app><rec-number>{number}</rec-number>'
        f'{key if genre else ""}<ref-type name="{kind}">{_REF_TYPES[kind]}</ref-type>'
    )
    return f"<record>{head}{_elements(parts)}</record>\n"


def _elements(parts: Mapping[str, Sequence[str]]) -> str:
    """Return texts as elements by their paths; what stands within the same element stands together."""
    inner: dict[str, dict[str, Sequence[str]]] = {}
    for path, texts in parts.items():
        name, _, rest = path.partition("/")
        inner.setdefault(name, {})[rest] = texts
    written = []
    for name, within in inner.items():
        leaves = [text for value in within.pop("", ()) if (text := line(value))]
        written += [f"<{name}>{markup.escape(text)}</{name}>" for text in leaves]
        if content := _elements(within) if within else "":
            written.append(f"<{name}>{content}</{name}>")
    return "".join(written)


def _ref_type(row: Row) -> str:
    given = str(row["type"]).lower()
    for name in _REF_TYPES:
        if name.lower() == given:
            return name
    for word, name in _WORDS.items():
        if word in given:
            return name
    return "Journal Article" if row["journal"] else "Generic"


_REF_TYPES = MappingProxyType(
    {
        "Journal Article": 17,
        "Book": 6,
        "Book Section": 5,
        "Conference Paper": 47,
        "Conference Proceedings": 10,
        "Dataset": 59,
        "Newspaper Article": 23,
        "Report": 27,
        "Thesis": 32,
        "Web Page": 12,
        "Generic": 13,
    }
)
"""EndNote's reference types and their numbers."""
_WORDS = MappingProxyType(
    {
        "chap": "Book Section",
        "book section": "Book Section",
        "conf": "Conference Paper",
        "proceeding": "Conference Paper",
        "cpaper": "Conference Paper",
        "thes": "Thesis",
        "dissertation": "Thesis",
        "news": "Newspaper Article",
        "jour": "Journal Article",
        "article": "Journal Article",
        "review": "Journal Article",
        "report": "Report",
        "rprt": "Report",
        "web": "Web Page",
        "elec": "Web Page",
        "data": "Dataset",
        "book": "Book",
    }
)
"""Words in a type, the most telling first → EndNote's own type."""
