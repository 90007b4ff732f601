"""EndNote's XML, as EndNote and Zotero read it."""

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats.endnote_xml import OWN
from peerreview.imports.formats.shared import markup
from peerreview.imports.formats.shared.fields import NO_TYPE
from peerreview.tables import LIST
from peerreview.values import names

if TYPE_CHECKING:
    import pandas as pd

NAME = "endnote_xml"


def write(records: "pd.DataFrame") -> str:
    """
    Return records as EndNote's XML.

    The type as it was goes to ``work-type``, the PMID to ``notes``, the
    source to ``remote-database-name``.
    """
    rows = "".join(_write_record(number, row) for number, row in enumerate(records.to_dict("records"), 1))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n{rows}</records></xml>\n'


def _write_record(number: int, row: Mapping[Hashable, Any]) -> str:
    kind = _ref_type(row)
    people = [f"{name}," if is_body else name for name, is_body in names.split(row["authors"])]
    parts = [
        f'<source-app name="{OWN}">{OWN}</source-app>',
        f'<rec-number>{number}</rec-number><ref-type name="{kind}">{_REF_TYPES[kind]}</ref-type>',
        _element("contributors/authors", *(_leaf("author", name) for name in people)),
        _element("titles", _leaf("title", row["title"]), _leaf("secondary-title", row["journal"])),
        _element("periodical", _leaf("full-title", row["journal"])),
        _leaf("pages", row["pages"]),
        _leaf("volume", row["volume"]),
        _leaf("number", row["issue"]),
        _element("keywords", *(_leaf("keyword", each) for each in row["keywords"].split(LIST))),
        _element("dates", _leaf("year", row["year"])),
        _leaf("isbn", LIST.join(filter(None, (row["issn"], row["isbn"])))),
        _leaf("accession-num", row["accession"]),
        _leaf("abstract", row["abstract"]),
        _leaf("notes", f"PMID: {row['pmid']}" if row["pmid"] else ""),
        _element("urls/related-urls", _leaf("url", row["url"])),
        _leaf("electronic-resource-num", row["doi"]),
        _leaf("custom2", row["pmcid"]),
        _leaf("remote-database-name", row["source"]),
        _leaf("language", row["language"]),
        _leaf("work-type", "" if row["type"] == kind else row["type"] or NO_TYPE),
    ]
    return f"<record>{''.join(parts)}</record>\n"


def _element(path: str, *inner: str) -> str:
    """Return elements within one or several others, or nothing where there are none."""
    content = "".join(inner)
    if not content:
        return ""
    names_of = path.split("/")
    return (
        "".join(f"<{name}>" for name in names_of) + content + "".join(f"</{name}>" for name in names_of[::-1])
    )


def _leaf(name: str, value: str) -> str:
    return f"<{name}>{markup.escape(value)}</{name}>" if value else ""


def _ref_type(row: Mapping[Hashable, Any]) -> str:
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
