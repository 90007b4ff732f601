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
from peerreview.values import cells, identifiers, names, pages, years

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
    is_own = ("source-app/@name", OWN) in raw.tags
    fields = Fields(raw.tags, skip=_LIBRARY, own=is_own, only=OWN_ELEMENTS if is_own else None)
    left = fields.left
    links = [] if is_own else [link for tag in _LINKS for link in left.get(tag, [])]
    if is_own:
        _take_as_written(fields, raw)
    fields.first_type(("work-type", "ref-type/@name", "ref-type"))
    fields.first("title", ("titles/title", "titles/short-title"))
    if "periodical/full-title" not in left:  # Else the second title is the periodical's.
        fields.first("title", ("titles/secondary-title",))
    writers = ("contributors/authors/author", EDITORS[is_own and ("ref-type/@name", "Book") in raw.tags])
    fields.every("authors", writers, names.read, lent=writers[1:])
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
    fields.first("url", _LINKS, str.strip if is_own else cells.link)
    fields.first("accession", ("accession-num",))
    # What authors declare follows the number in the same field.
    fields.first("pmcid", ("custom2",), identifiers.noted_pmcid)
    fields.set("pmcid", next(filter(None, map(identifiers.pmcid, links)), ""))
    fields.first("pmid", ("notes",), identifiers.noted_pmid)
    provider = " ".join(left.get("remote-database-provider", []) + left.get("remote-database-name", []))
    number = fields.columns["accession"]
    if number.isdigit() and (
        "nlm" in provider.lower() or origins.database(provider) in {"PubMed", "MEDLINE"}
    ):
        fields.set("pmid", identifiers.pmid(number))
    for link in links:
        fields.set("pmid", identifiers.linked_pmid(link))
        if found := identifiers.EMBASE_LINK.search(link):
            fields.set("accession", found[1])
            fields.first("pmid", ("custom5",), identifiers.pmid)
    return fields.finish()


EDITORS = MappingProxyType(
    {False: "contributors/secondary-authors/author", True: "contributors/tertiary-authors/author"}
)
"""Where editors stand, by whether it is a book of ours: EndNote has its series editors before them."""


def _take_as_written(fields: Fields, raw: RawRecord) -> None:
    """Fill the columns of a record of ours that stand beside other things in an element."""
    left = fields.left
    if ("foreign-keys/key/@app", OWN_TYPE) in raw.tags:
        left[OWN_TYPE] = [value for tag, value in raw.tags if tag == "foreign-keys/key/@db-id"]
        fields.hidden["work-type"] = left.pop("work-type", [])
        fields.first_type((OWN_TYPE,))
        left.pop("ref-type/@name", None)
        left.pop("ref-type", None)
    for value in left.pop("notes", ()):
        found = _NOTED.match(value)
        if found:
            fields.set("pmid", found[1])
        if rest := value[found.end() :] if found else value:
            fields.hidden["notes"] = [rest]


_NOTED = re.compile(r"PMID: (\d+)(?:; |$)")
OWN = "peerreview"
"""The program of what ``writers`` wrote, where the remote database is the source as it was."""
OWN_TYPE = "peerreview-type"
"""The program whose key is the type as it was, where ``work-type`` is a type of work."""
OWN_ELEMENTS = frozenset(
    {
        "rec-number", "ref-type", "ref-type/@name", "contributors/authors/author",
        "contributors/secondary-authors/author", "contributors/tertiary-authors/author",
        "titles/title", "titles/secondary-title",
        "periodical/full-title", "pages", "volume", "number", "keywords/keyword", "dates/year", "isbn",
        "accession-num", "abstract", "notes", "urls/related-urls/url", "electronic-resource-num", "custom2",
        "remote-database-name", "language", "work-type",
    }
)  # fmt: skip
"""The elements of what ``writers`` wrote that hold columns."""


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
