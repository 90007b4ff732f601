"""
CSL-JSON, as Zotero, Mendeley, Pandoc and Crossref write it: an array of items; and OpenAlex's works.

Items are decoded one by one, so each keeps its line and verbatim text and
a damaged one costs no other.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from peerreview.imports.formats import NOWHERE, Origin, Part, Piece, RawRecord, Tags, Warned
from peerreview.imports.formats.shared import origins
from peerreview.imports.formats.shared.fields import Fields
from peerreview.values import cells, identifiers, names, pages, years

NAME = "csl"

_HEAD = 50_000
_SIGNS = re.compile(r'"(type|title|author|issued|DOI|container-title|citation-key|publisher)"\s*:')
_OPENING = re.compile(r"(?<!:)(?<!: )\{")
_MOST_TRIED = 10_000
"""Opening braces at which a sound item is looked for after a damaged one."""
_ITEMS = re.compile(r'"(?:items|results)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,\[\]]*")
_TAIL = re.compile(r"[\s,\[\]{}]*")


class _TwiceError(ValueError):
    """A key stands twice in one object; JSON readers drop the first value without a word."""


def looks_like(text: str) -> bool:
    """Whether text is JSON with the keys of references."""
    start = text[:_HEAD]
    return start.lstrip()[:1] in {"[", "{"} and len(set(_SIGNS.findall(start))) > 1


def parse(text: str) -> Iterator[Part]:
    """Yield the items of an array, of an object's ``items``, of one object, or of one object per line."""
    wrapper = _ITEMS.search(text[:_HEAD]) if text.lstrip()[:1] == "{" else None
    position = wrapper.end() if wrapper else 0
    here, line = 0, 1
    while True:
        position = _between(text, position)
        line += text.count("\n", here, position)
        here = position
        if position == len(text) or (wrapper and not text.startswith("{", position)):
            break
        try:
            item, end = _decode(text, position)
            problem = "" if _is_item(item) else "not a reference: it has neither a title nor a type and an id"
        except (json.JSONDecodeError, _TwiceError, RecursionError) as error:
            item, end = {}, position
            problem = _problem(error)
        if problem:
            end = _next_item(text, max(end, position + 1))
            piece = text[position:end].rstrip().rstrip(",").rstrip()
            if _TAIL.fullmatch(piece):
                yield Warned(line, "stray brackets", piece)
            else:
                yield Piece(line, problem, piece)
        else:
            yield RawRecord(line, text[position:end], list(_flatten(item)))
        position = end
    if text.lstrip()[:1] == "[" and not text.rstrip().endswith("]"):
        yield Warned(line, "the array has no end; the file may be cut off")
    rest = text[position:]
    if not _TAIL.fullmatch(rest):
        yield Warned(line, "what stands after the items is no reference", rest)


_DATES = ("issued", "published-print", "published-online", "published", "event-date", "created")
_CONTAINERS = (
    "container-title",
    "container-title-short",
    "journalAbbreviation",
    "event-title",
    "collection-title",
)


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of an item; ``extra`` keeps the other keys as they are in JSON."""
    item, _ = _decode(raw.text, 0)
    left: dict[str, Any] = dict(item)
    custom = left.get("custom")
    is_own = isinstance(custom, dict) and bool(custom.get("source"))
    fields = Fields(_texts(left), own=is_own, only=OWN_VARIABLES if is_own else None)
    if isinstance(custom, dict):
        left["custom"] = dict(custom)
        for column in _CUSTOM:
            value = left["custom"].pop(column, "")
            fields.set(column, value if isinstance(value, str) else "")
        if not left["custom"]:
            del left["custom"]
    if not (isinstance(custom, dict) and custom.get("type") == ""):
        fields.first("type", ("type",))
    fields.first("title", ("title", "title-short"))
    for role in ("author", "editor"):
        people = left.get(role)
        if isinstance(people, list):
            fields.set("authors", names.join(map(name_of, people)))
    for key in _DATES:
        fields.set("year", year_of(left.get(key)))
    fields.first("journal", _CONTAINERS)
    fields.first("volume", ("volume",))
    fields.first("issue", ("issue",))
    fields.first("pages", ("page", "page-first", "number", "article-number"), pages.pages)
    fields.first("doi", ("DOI", "URL", "note"), identifiers.doi)
    fields.first("pmid", ("PMID",), identifiers.pmid)
    fields.first("pmcid", ("PMCID",), identifiers.pmcid)
    fields.first("pmid", ("URL",), identifiers.linked_pmid)
    fields.first("pmid", ("note",), identifiers.noted_pmid)
    fields.first("pmcid", ("note",), identifiers.noted_pmcid)
    fields.every("issn", ("ISSN",), identifiers.issns)
    fields.every("isbn", ("ISBN",), identifiers.isbns)
    fields.first("abstract", ("abstract",))
    terms = [
        term for key in ("keyword", "subject") for value in fields.left.get(key, []) for term in _split(value)
    ]
    fields.set("keywords", cells.texts(terms), "keyword", "subject")
    fields.first("language", ("language",))
    fields.first("url", ("URL",))
    if isinstance(left.get("authorships"), list):
        _fill_from_openalex(fields, left)
    columns = fields.columns
    untaken = fields.left.keys() | fields.hidden.keys()
    kept = {key: value for key, value in left.items() if key in untaken or not _is_text(value)}
    # An editor is one, though a book has no author.
    if columns["authors"] and names.join(map(_plain_name, kept.get("author") or [])) == columns["authors"]:
        kept.pop("author")
    if kept:
        columns["extra"] = json.dumps(kept, ensure_ascii=False)
    return columns


def _fill_from_openalex(fields: Fields, work: Mapping[str, Any]) -> None:
    """Fill columns from a work as OpenAlex's interface gives it; all of it stays in ``extra``."""
    names_of = (
        _at(each, "author", "display_name") or _at(each, "raw_author_name") for each in work["authorships"]
    )
    fields.set("authors", names.authors(names_of))
    fields.set("title", cells.text(_at(work, "display_name")))
    fields.set("year", years.year(_at(work, "publication_year")))
    fields.set("journal", cells.text(_at(work, "primary_location", "source", "display_name")))
    fields.set("volume", _at(work, "biblio", "volume"))
    fields.set("issue", _at(work, "biblio", "issue"))
    fields.set("pages", pages.pages(_at(work, "biblio", "first_page"), _at(work, "biblio", "last_page")))
    fields.set("doi", identifiers.doi(_at(work, "doi")))
    fields.set("pmid", identifiers.linked_pmid(_at(work, "ids", "pmid")))
    fields.set("accession", _at(work, "id").removeprefix(_OPENALEX))
    fields.set("url", _at(work, "primary_location", "landing_page_url"))
    places = work.get("abstract_inverted_index")
    if isinstance(places, dict):
        words = sorted(
            (int(place), word)
            for word, found in places.items()
            for place in found or ()
            if isinstance(place, str) and place.isdecimal() and len(place) < 10
        )
        fields.set("abstract", cells.text(" ".join(word for _, word in words)))


_OPENALEX = "https://openalex.org/"


def _at(work: Any, *path: str) -> str:
    """Return the text at a path of keys, or blank."""
    for key in path:
        work = work.get(key) if isinstance(work, dict) else None
    return work if isinstance(work, str) else ""


OWN_VARIABLES = frozenset(
    {
        "type",
        "title",
        "container-title",
        "volume",
        "issue",
        "page",
        "DOI",
        "PMID",
        "PMCID",
        "ISBN",
        "ISSN",
        "abstract",
        "keyword",
        "language",
        "URL",
    }
)
"""The texts of what ``writers`` wrote that hold columns."""
_CUSTOM = ("accession", "type")
"""Columns that ``writers`` keep in ``custom``, beside the source."""


def origin(raw: RawRecord) -> Origin:
    """Return the database that ``source`` or a link names; most items name none."""
    item, _ = _decode(raw.text, 0)
    if "authorships" in item:
        return Origin("OpenAlex", "OpenAlex", how="authorships")
    custom = item.get("custom")
    kept = custom.get("source") if isinstance(custom, dict) else None
    if isinstance(kept, str) and kept:
        return Origin(kept, how="custom")
    source = item.get("source")
    carrier = ""
    if isinstance(source, str):
        if database := origins.database(source):
            return Origin(database, how="source")
        carrier = origins.carrier(source)
    link = item.get("URL")
    found = origins.from_link(link, "URL") if isinstance(link, str) else NOWHERE
    return found._replace(carrier=carrier) if carrier else found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(each, str) for each in value)
    )


def _texts(item: dict[str, Any]) -> Tags:
    return [
        (key, each)
        for key, value in item.items()
        if _is_text(value)
        for each in (value if isinstance(value, list) else [value])
    ]


def name_of(person: Any) -> tuple[str, bool]:
    """Return ``Family, Given`` with the particles of the family name, or a body's name and that it is one."""
    if not isinstance(person, dict):
        # A null is nobody.
        return (person if isinstance(person, str) else ""), False
    parts = {key: str(value) for key, value in person.items() if isinstance(value, str)}
    if "family" not in parts:
        return parts.get("literal") or parts.get("name") or parts.get("given", ""), True
    particle = parts.get("non-dropping-particle", "")
    family = f"{particle} {parts['family']}".strip()
    given = " ".join(filter(None, (parts.get("given"), parts.get("dropping-particle"))))
    return ", ".join(filter(None, (family, given, parts.get("suffix")))), not given


def _plain_name(person: Any) -> tuple[str, bool]:
    """Return the name of a person of whom nothing else is known, else nothing."""
    plain = isinstance(person, dict) and person.keys() <= {"family", "given", "literal"}
    return name_of(person) if plain else ("", False)


def year_of(date: Any) -> str:
    """Return the year of a date: text, CSL's own parts, or an object, or a list of such, that names one."""
    if isinstance(date, list) and date and isinstance(date[0], dict):
        date = date[0]
    if isinstance(date, str):
        return years.year(date)
    if not isinstance(date, dict):
        return ""
    parts = date.get("date-parts") or date.get("date_parts") or date.get("year")
    while isinstance(parts, list) and parts:
        parts = parts[0]
    return years.year(str(parts or date.get("raw") or date.get("literal") or ""))


def _split(value: str) -> list[str]:
    return value.split(";") if ";" in value else value.split(",")


def _between(text: str, position: int) -> int:
    found = _BETWEEN.match(text, position)
    return found.end() if found else position


def _decode(text: str, position: int) -> tuple[Any, int]:
    return _DECODER.raw_decode(text, position)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return found


# Numbers stay as they were written: an id is never a number.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str, strict=False
)


def _is_item(item: Any) -> bool:
    return isinstance(item, dict) and (
        "title" in item or ("type" in item and not item.keys().isdisjoint({"id", "DOI", "author"}))
    )


def _problem(error: Exception) -> str:
    if isinstance(error, _TwiceError):
        return f"key {str(error)!r} stands twice in one item; two records may have run together"
    if isinstance(error, json.JSONDecodeError):
        return f"not sound JSON: {error.msg.lower()} in line {error.lineno}, column {error.colno}"
    return "nested too deep for JSON of references"


def _next_item(text: str, position: int) -> int:
    """Return where the next sound item begins, or the end of the text."""
    tried = 0
    # What stands after a colon is a value of an item, never an item.
    while (found := _OPENING.search(text, position)) and (tried := tried + 1) < _MOST_TRIED:
        position = found.start()
        try:
            item, _ = _decode(text, position)
        except (json.JSONDecodeError, _TwiceError, RecursionError):
            position += 1
            continue
        if _is_item(item):
            return position
        position += 1
    return len(text)


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, text) of each value within an item; members of a list share one path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flatten(inner, f"{path}/{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _flatten(inner, path)
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    elif value is not None and value != "":
        yield path, str(value)
