"""
EndNote's XML, also as Bookends, Zotero and screening tools write it.

There is no published schema; the elements are those of EndNote's own export.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats import Origin, Part, RawRecord
from peerreview.imports.formats.shared import markup, origins
from peerreview.imports.formats.shared.fields import NO_TYPE, Fields
from peerreview.tables import LIST
from peerreview.values import identifiers, names, pages, years

if TYPE_CHECKING:
    import pandas as pd

NAME = "endnote_xml"

_LOOKS = re.compile(r"<records>\s*<record[\s>]|<record>\s*<database|<ref-type[\s>]|<xml>\s*<records")
_HEAD = 20_000
_LINKS = (
    "urls/related-urls/url",
    "urls/web-urls/url",
    "urls/pdf-urls/url",
    "urls/related-urls",
    "remote-url",
)
_LIBRARY = frozenset(
    {"database", "database/@name", "database/@path", "source-app", "source-app/@name", "source-app/@version"}
    | {"foreign-keys/key", "foreign-keys/key/@app", "foreign-keys/key/@db-id"}
)
"""What a program says of its own library, down to the user's folders: no field of the reference."""
_PROVIDERS = MappingProxyType({"nlm": "PubMed", "ovid technologies": "Ovid"})


def looks_like(text: str) -> bool:
    """Whether text holds EndNote's ``records`` of ``record``."""
    start = text[:_HEAD]
    return "<" in start and bool(_LOOKS.search(start))


def parse(text: str) -> Iterator[Part]:
    """Yield the records; runs of styled text are read as one text."""
    return markup.parse_records(text, ("record",))


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record."""
    fields = Fields(raw.tags, skip=_LIBRARY, own=("source-app/@name", _OWN) in raw.tags)
    left = fields.left
    fields.first_type(("work-type", "ref-type/@name", "ref-type"))
    fields.first("title", ("titles/title", "titles/short-title"))
    if "periodical/full-title" not in left:  # Else the second title is the periodical's.
        fields.first("title", ("titles/secondary-title",))
    writers = ("contributors/authors/author", "contributors/secondary-authors/author")
    fields.every("authors", writers, names.read)
    fields.first("year", ("dates/year", "dates/pub-dates/date", "edition"), years.year)
    fields.first(
        "journal",
        ("periodical/full-title", "titles/secondary-title", "periodical/abbr-1", "titles/alt-title"),
    )
    fields.first("volume", ("volume",))
    fields.first("issue", ("number", "issue"))
    fields.first("pages", ("pages", "pages/@start", "custom7"), pages.pages)
    fields.first("doi", ("electronic-resource-num", *_LINKS, "notes"), identifiers.doi)
    fields.every("issn", ("isbn", "issn"), identifiers.issns)
    fields.every("isbn", ("isbn",), identifiers.isbns)
    fields.first("abstract", ("abstract",))
    fields.every("keywords", ("keywords/keyword",))
    fields.first("language", ("language",))
    fields.first("url", _LINKS)
    fields.first("accession", ("accession-num",))
    # What authors declare follows the number in the same field.
    fields.first("pmcid", ("custom2",), identifiers.noted_pmcid)
    fields.first("pmcid", _LINKS, identifiers.pmcid)
    fields.first("pmid", ("notes",), identifiers.noted_pmid)
    provider = " ".join(left.get("remote-database-provider", []) + left.get("remote-database-name", []))
    number = fields.columns["accession"]
    if number.isdigit() and (
        "nlm" in provider.lower() or origins.database(provider) in {"PubMed", "MEDLINE"}
    ):
        fields.set("pmid", identifiers.pmid(number))
    for tag in _LINKS:
        for link in left.get(tag, []):
            fields.set("pmid", identifiers.linked_pmid(link))
    return fields.finish()


def write(records: "pd.DataFrame") -> str:
    """
    Return records as EndNote's XML.

    The type as it was goes to ``work-type``, the PMID to ``notes``, the
    source to ``remote-database-name``.

    Parameters
    ----------
    records : ``record_id`` and the content columns of ``records.csv``, all text.
    """
    rows = "".join(_write_record(number, row) for number, row in enumerate(records.to_dict("records"), 1))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n{rows}</records></xml>\n'


_OWN = "peerreview"
"""The program of what ``write`` wrote, where the remote database is the source as it was."""


def _write_record(number: int, row: Mapping[Hashable, Any]) -> str:
    kind = _ref_type(row)
    people = [f"{name}," if is_body else name for name, is_body in names.split(row["authors"])]
    parts = [
        f'<source-app name="{_OWN}">{_OWN}</source-app>',
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


def origin(raw: RawRecord) -> Origin:
    """Return the remote database that EndNote names, and the program that wrote the file as carrier."""
    found = dict(reversed(raw.tags))
    carrier = found.get("source-app/@name") or found.get("source-app") or "EndNote"
    name, provider = found.get("remote-database-name", ""), found.get("remote-database-provider", "")
    if name and carrier == _OWN:
        return Origin(name, carrier=carrier, how="remote-database-name")
    for tag in ("remote-database-name", "remote-database-provider"):
        if database := origins.database(found.get(tag, "")):
            return Origin(database, _PROVIDERS.get(provider.lower(), provider), carrier, tag)
    for tag in _LINKS:
        linked = origins.from_link(found.get(tag, ""), tag)
        if linked.database:
            return Origin(linked.database, linked.platform, carrier, tag)
    return Origin(carrier=carrier, how="source-app")
