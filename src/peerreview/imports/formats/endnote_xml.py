"""
EndNote's XML, also as Bookends, Zotero and screening tools write it.

There is no published schema; the elements are those of EndNote's own export.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType

from peerreview.imports.formats import Origin, Part, RawRecord
from peerreview.imports.formats.shared import markup, origins
from peerreview.imports.formats.shared.fields import Fields
from peerreview.values import identifiers, names, pages, years

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
    fields = Fields(raw.tags, skip=_LIBRARY, own=("source-app/@name", OWN) in raw.tags)
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


OWN = "peerreview"
"""The program of what ``writers`` wrote, where the remote database is the source as it was."""


def origin(raw: RawRecord) -> Origin:
    """Return the remote database that EndNote names, and the program that wrote the file as carrier."""
    found = dict(reversed(raw.tags))
    carrier = found.get("source-app/@name") or found.get("source-app") or "EndNote"
    name, provider = found.get("remote-database-name", ""), found.get("remote-database-provider", "")
    if name and carrier == OWN:
        return Origin(name, carrier=carrier, how="remote-database-name")
    for tag in ("remote-database-name", "remote-database-provider"):
        if database := origins.database(found.get(tag, "")):
            return Origin(database, _PROVIDERS.get(provider.lower(), provider), carrier, tag)
    for tag in _LINKS:
        linked = origins.from_link(found.get(tag, ""), tag)
        if linked.database:
            return Origin(linked.database, linked.platform, carrier, tag)
    return Origin(carrier=carrier, how="source-app")
