"""
BibTeX and biblatex.

Our own scanner reads entries that can be delimited: bibtexparser 2 walks
every brace and comma in Python and its ``entries`` leave out repeated
keys, repeated fields and unclosed entries. What the scanner cannot
delimit is read line by line, then by bibtexparser, else rejected.
bibtexparser writes BibTeX, in ``export``, and is the oracle of the tests.
"""

import logging
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import bibtexparser.entrypoint
import bibtexparser.middlewares
from bibtexparser.library import Library
from bibtexparser.model import Block, Entry, Field

from peerreview.formats import (
    FORMATS,
    Origin,
    Part,
    Piece,
    RawRecord,
    Tags,
    Warned,
    load,
    names,
    origins,
    values,
)
from peerreview.formats.latex import escape, plain
from peerreview.formats.values import Fields
from peerreview.tables import LIST

if TYPE_CHECKING:
    import pandas as pd

# What bibtexparser cannot read is told as a reject, with its file and line.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
NAME = "bibtex"
TYPE, KEY = "ENTRYTYPE", "ID"
"""The tags of an entry's type and key; fields are in lower case, so that none is called so."""
_NOT_ENTRIES = frozenset({"string", "comment", "preamble"})
_START = re.compile(r"@[ \t]*([A-Za-z]+)\s*([{(])")
_NEXT = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+\s*[{(]", re.MULTILINE)


def _balanced(depth: int) -> str:
    return r"[^{}]*+" if depth == 0 else rf"(?:[^{{}}]++|\{{{_balanced(depth - 1)}\}})*+"


_DEPTH = 7
_KEY = re.compile(r"""\s*([^,={}"]*?)\s*(?:,|(?=[})]))""")
# biber takes "%" and the rest of its line for a comment, within entries too.
_GAP = r"(?:\s|%[^\n]*(?=\n))*+"
_NAME = r"""([^\s=,{}"#%()']+)"""
_FIELD = re.compile(
    rf"""{_GAP}{_NAME}\s*=\s*(?:\{{({_balanced(_DEPTH)})\}}|"((?:[^"{{}}]++|\{{{_balanced(_DEPTH)}\}})*+)"|([^\s,{{}}"#()]+)){_GAP}"""
)
_MORE = re.compile(
    rf"""\#\s*(?:\{{({_balanced(_DEPTH)})\}}|"((?:[^"{{}}]++|\{{{_balanced(_DEPTH)}\}})*+)"|([^\s,{{}}"#()]+)){_GAP}"""
)
_REST = re.compile(rf"{_GAP}(?:,{_GAP})*")
_MONTHS = {
    short.lower(): short
    for short in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
}
_STRAY = re.compile(r"^\s*(?:title|author|journal|booktitle|doi|abstract)\s*=", re.MULTILINE | re.IGNORECASE)
# A refer line ("%T Title") is no comment but a record of another format.
_PLAIN = re.compile(r"\s*%(?![0-9A-Z] )|\s*Record #\d+ of \d+\s*$")
"""A comment, or the line with which Cochrane heads an entry."""
_SWALLOWED = re.compile(r"\n\s*[A-Za-z][\w-]*\s*=\s*[{\"]")


def looks_like(text: str) -> bool:
    """Return whether an entry of BibTeX stands in the text."""
    return re.search(r"^[ \t}]*@[ \t]*[A-Za-z]+\s*[{(]\s*[^\s{}\"]*\s*,", text, re.MULTILINE) is not None


def parse(text: str) -> Iterator[Part]:
    """Return each entry; what can be delimited by no means is rejected."""
    macros = dict(_MONTHS)
    keys: dict[str, int] = {}
    position = after = 0
    line, counted = 1, 0
    while match := _START.search(text, position):
        start = match.start()
        line += text.count("\n", counted, start)
        counted = start
        kind = match[1].lower()
        if text[text.rfind("\n", 0, start) + 1 : start].lstrip().startswith("%"):
            position = match.end()
            continue
        yield from _look_between(text[after:start], line)
        if kind in _NOT_ENTRIES:
            position = after = _skip(text, match, macros)
            continue
        found = _scan(text, match, macros)
        if found:
            tags, position, notes = found
            after = position
            yield RawRecord(line, text[start:position], tags)
        else:
            following = _NEXT.search(text, match.end())
            position = following.start() if following else len(text)
            after = position
            piece = text[start:position].rstrip()
            tags, notes = _salvage(piece, macros)
            if not tags:
                yield Piece(
                    line, "this entry has unbalanced braces or is cut off; mend it or export it again", piece
                )
                continue
            yield RawRecord(line, piece, tags)
        for note in notes:
            yield Warned(line, note)
        key = tags[1][1]
        if key and key in keys:
            yield Warned(line, f"key {key!r} stands in line {keys[key]} already; both are kept")
        keys.setdefault(key, line)
    yield from _look_between(text[after:], line + text.count("\n", counted))


def _look_between(gap: str, line: int) -> Iterator[Part]:
    """Judge what stands before ``line``, between entries: a comment, or an entry without its start."""
    if not gap or gap.isspace():
        return
    told = [each for each in gap.split("\n") if each.strip(" \t,}") and not _PLAIN.match(each)]
    if told:
        piece = gap.strip("\n")
        first = line - gap.lstrip("\n").count("\n")
        if _STRAY.search(piece):
            yield Piece(first, "fields outside any entry: the line with its type and key is missing", piece)
        elif other := next((name for name in FORMATS if name != NAME and load(name).looks_like(gap)), ""):
            yield Piece(first, f"records of another format ({other}): put them in a file of their own", piece)
        else:
            yield Warned(first, "text between entries", piece)


def _skip(text: str, match: re.Match[str], macros: dict[str, str]) -> int:
    """Return where a string, comment or preamble ends; remember a string's value."""
    if match[1].lower() == "string":
        field = _FIELD.match(text, match.end())
        if field:
            value, end = _value(text, field, macros)
            macros[field[1].lower()] = value
            return end
    closing = re.compile(rf"{_balanced(_DEPTH)}\}}").match(text, match.end()) if match[2] == "{" else None
    if closing:
        return closing.end()
    end = text.find("\n", match.end())
    return len(text) if end < 0 else end


def _value(text: str, field: re.Match[str], macros: dict[str, str]) -> tuple[str, int]:
    groups = field.groups()[-3:]
    parts = [_part(groups, macros)]
    end = field.end()
    while end < len(text) and text[end] == "#":
        more = _MORE.match(text, end)
        if not more:
            break
        parts.append(_part(more.groups(), macros))
        end = more.end()
    return "".join(parts), end


def _part(groups: tuple[str | None, ...], macros: dict[str, str]) -> str:
    braced, quoted, bare = groups
    if braced is not None:
        return braced
    if quoted is not None:
        return quoted
    return macros.get((bare or "").lower(), bare or "")


def _scan(text: str, start: re.Match[str], macros: dict[str, str]) -> tuple[Tags, int, list[str]] | None:
    """Return an entry's tags, its end and what is odd about it; None where it cannot be delimited."""
    closing = "}" if start[2] == "{" else ")"
    notes: list[str] = []
    position = start.end()
    key = _KEY.match(text, position)
    tags: Tags = [(TYPE, start[1].lower()), (KEY, " ".join(key[1].split()) if key else "")]
    if key:
        position = key.end()
    length = len(text)
    while True:
        field = _FIELD.match(text, position)
        if not field:
            break
        name, braced = field.group(1, 2)
        end = field.end()
        after = text[end] if end < length else ""
        if braced is None or after == "#":
            value, end = _value(text, field, macros)
            after = text[end] if end < length else ""
        else:
            value = braced
        if "=" in value and _SWALLOWED.search(value):
            return None
        tags.append((name.lower(), value.strip()))
        position = end
        if after == ",":
            position += 1
        elif after == closing:
            break
        else:
            notes.append(f"comma is missing after field {name!r}")
    rest = _REST.match(text, position)
    position = rest.end() if rest else position
    if position >= length or text[position] != closing:
        return None
    return tags, position + 1, notes


_FIELD_LINE = re.compile(
    r"""[ \t]*([A-Za-z][\w:+.-]*)[ \t]*=[ \t]*(?:\{(.*)\}|"(.*)"|([^\s,{}"]+))[ \t]*,?[ \t]*"""
)
_HEAD_LINE = re.compile(r"[ \t]*@[ \t]*([A-Za-z]+)\s*[{(]([^,={}\"]*),[ \t]*")


def _salvage(piece: str, macros: dict[str, str]) -> tuple[Tags, list[str]]:
    """Return the tags of an entry whose braces do not match, where that loses nothing; else none."""
    lines = [line for line in piece.split("\n") if line.strip()]
    head = _HEAD_LINE.fullmatch(lines[0])
    if head and len(lines) > 2 and lines[-1].strip() in {"}", ")"}:
        fields = [_FIELD_LINE.fullmatch(line) for line in lines[1:-1]]
        if all(fields):
            tags: Tags = [(TYPE, head[1].lower()), (KEY, " ".join(head[2].split()))]
            tags += [(field[1].lower(), _part(field.groups()[1:], macros)) for field in fields if field]
            return tags, ["braces do not match; read line by line"]
    return _read_by_library(piece)


def _read_by_library(piece: str) -> tuple[Tags, list[str]]:
    library = bibtexparser.entrypoint.parse_string(piece, parse_stack=[])
    if len(library.blocks) != 1 or len(library.entries) != 1:
        return [], []
    entry = library.entries[0]
    tags: Tags = [(TYPE, entry.entry_type.lower()), (KEY, entry.key)]
    for field in entry.fields:
        value = str(field.value).strip()
        if _SWALLOWED.search(value):
            return [], []
        if value[:1] + value[-1:] in ("{}", '""'):
            value = value[1:-1]
        tags.append((field.key.lower(), value.strip()))
    return tags, ["unusual syntax; check this entry"]


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a BibTeX entry, its LaTeX decoded."""
    fields = Fields(raw.tags)
    left = fields.left
    fields.first("type", (_OWN_TYPE, TYPE), _text)
    fields.first("title", ("title", "booktitle"), _text)
    subtitle = left.get("subtitle")
    if subtitle and fields.columns["title"]:
        fields.columns["title"] += f": {_text(subtitle[0])}"
    fields.every("authors", ("author", "editor"), _names)
    fields.first("year", ("year", "date", "issue_date", "urldate"), _year)
    fields.first("journal", ("journal", "journaltitle", "booktitle", "fjournal"), _text)
    fields.first("volume", ("volume",), _text)
    fields.first("issue", ("number", "issue"), _text)
    fields.first("pages", ("pages", "art_number", "article-number", "articleno", "eid"), _pages)
    fields.first("doi", ("doi", "url", "ee", "note", "howpublished", KEY), _doi)
    fields.first("pmid", ("pmid", "pubmed_id", "pubmed-id"), values.pmid)
    fields.first("pmcid", ("pmcid", "pmc"), values.pmcid)
    fields.first("pmid", ("note", "annote", "annotation"), values.noted_pmid)
    fields.first("pmcid", ("note", "annote", "annotation"), values.noted_pmcid)
    _eprint(fields)
    fields.first("accession", ("unique-id", "accession_number", "accession", "an"), _text)
    fields.first("accession", ("id",), _central_number)
    fields.every("issn", ("issn", "eissn", "isbn"), values.issns)  # ProQuest writes it in "isbn".
    fields.every("isbn", ("isbn",), values.isbns)
    fields.first("abstract", ("abstract",), _text)
    fields.every("keywords", ("keywords", "author_keywords", "keyword"), _keywords)
    fields.first("language", ("language", "langid"), _text)
    fields.first("url", ("url", "ee", "link"), _link)
    return fields.finish()


def _central_number(value: str) -> str:
    return value if value.startswith("CN-") else ""


_SCOPUS_EID = re.compile(r"[?&]eid=(2-s2\.0-\d+)")
_EBSCO_AN = re.compile(r"ebscohost\.com/.*[?&]AN=([^&]+)")


def _eprint(fields: Fields) -> None:
    for value in fields.left.get("url", ()):
        found = _SCOPUS_EID.search(value) or _EBSCO_AN.search(value)
        if found:
            fields.set("accession", found[1])
    if [each.lower() for each in fields.left.get("eprinttype", ())] == ["pubmed"]:
        fields.first("pmid", ("eprint",), values.pmid)


def _text(value: str) -> str:
    return values.text(plain(value))


def _year(value: str) -> str:
    return values.year(plain(value))


def _pages(value: str) -> str:
    return values.pages(plain(value))


def _doi(value: str) -> str:
    return values.doi(value.replace("\\", "").replace("{", "").replace("}", "")) if "10." in value else ""


def _link(value: str) -> str:
    return value.replace("\\", "").removeprefix("{").removesuffix("}").strip()


def _keywords(found: Iterable[str]) -> str:
    """Return keywords as a list; BibTeX has them in one field, by semicolons or commas."""
    words: list[str] = []
    for value in found:
        decoded = _text(value)
        words += decoded.split(";") if ";" in decoded else decoded.split(",")
    return values.texts(words)


_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def _names(found: Iterable[str]) -> str:
    names_of = (each for value in found for name in split_names(value) for each in _pairs(name))
    return LIST.join(filter(None, map(_name, names_of)))


_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[ -]?){1,4}")


def _pairs(name: str) -> list[str]:
    """
    Return the names that Cochrane, and people, join by commas alone.

    >>> _pairs("Example, V, Sample, AB,"), _pairs("Example, Jr, Verity")
    (['Example, V', 'Sample, AB'], ['Example, Jr, Verity'])
    """
    parts = [part.strip() for part in name.strip(" ,").split(",")]
    if len(parts) < 4 or len(parts) % 2 or not all(map(_INITIALS.fullmatch, parts[1::2])):
        return [name]
    return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]


def split_names(value: str) -> list[str]:
    """
    Return the names that " and " joins outside braces.

    >>> split_names("{Barnes and Noble} and Reeves, Verity")
    ['{Barnes and Noble}', 'Reeves, Verity']
    """
    if "{" not in value:
        return _AND.split(value.strip())
    names = []
    begin = 0
    for match in _AND.finditer(value):
        before = value[begin : match.start()]
        if before.count("{") == before.count("}"):
            names.append(before)
            begin = match.end()
    names.append(value[begin:])
    return names


_BODY = re.compile(rf"\{{(?!\\){_balanced(_DEPTH)}\}}")
"""A name in braces as a whole is a body's; ``{\\'E}`` is but a letter."""


@lru_cache(maxsize=100_000)
def _name(name: str) -> str:
    name = name.strip()
    if name.lower() == "others" or not name:
        return ""
    if _BODY.fullmatch(name):
        return values.text(plain(name)).replace(";", ",").strip(" ,")
    decoded = values.text(plain(name))
    parts = [part.strip() for part in decoded.split(",")]
    if len(parts) == 3 and parts[2]:
        # "von Last, Jr, First"
        return values.author(f"{parts[0]}, {parts[2]}, {parts[1]}")
    if len(parts) > 1:
        return values.author(decoded)
    words = decoded.split()
    for position, word in enumerate(words[1:-1], start=1):
        if word[0].islower():
            return f"{' '.join(words[position:])}, {' '.join(words[:position])}"
    return values.author(decoded)


def origin(raw: RawRecord) -> Origin:
    """Return the database, the platform and the carrier that an entry names."""
    tags = dict(raw.tags)
    key = tags[KEY]
    carrier = ""
    if "mendeley-groups" in tags or "mendeley-tags" in tags:
        carrier = "Mendeley"
    elif any(tag.startswith("bdsk-") for tag in tags):
        carrier = "BibDesk"
    elif tags.get("file", "").startswith(":"):
        carrier = "JabRef"
    elif "note" in tags and "RAYYAN-" in tags["note"]:
        carrier = "Rayyan"
    for tag in ("source", "database", "db"):
        if origins.is_known(tags.get(tag, "")):
            name = origins.database(tags[tag])
            return Origin(name, name if name == "Scopus" else "", carrier, tag)
    if tags.get("unique-id", "").strip("{}").startswith(("WOS:", "ISI:")) or key.startswith(("WOS:", "ISI:")):
        return Origin("Web of Science", "Web of Science", carrier, "unique-id")
    if "dblp" in tags.get("bibsource", "").lower():
        return Origin("DBLP", "DBLP", carrier, "bibsource")
    for tag in ("url", "biburl", "ee"):
        found = origins.from_link(tags.get(tag, ""), tag)
        if found.platform:
            return Origin(found.database, found.platform, carrier, tag)
    return Origin(carrier=carrier)


_OWN_TYPE = "peerreview-type"
"""The field of what ``write`` wrote in which the type as it was stands."""
_ENTRY_TYPES = frozenset(
    {
        "article",
        "book",
        "booklet",
        "inbook",
        "incollection",
        "inproceedings",
        "manual",
        "mastersthesis",
        "misc",
    }
    | {
        "phdthesis",
        "proceedings",
        "techreport",
        "unpublished",
        "online",
        "report",
        "thesis",
        "dataset",
        "patent",
    }
)
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
    ``database``; special characters are escaped, accents are not.
    """
    entries: list[Block] = [_write_entry(row) for row in records.to_dict("records")]
    enclosed = bibtexparser.middlewares.default_unparse_stack(allow_inplace_modification=True)
    return bibtexparser.entrypoint.write_string(Library(entries), unparse_stack=enclosed)


def _write_entry(row: Mapping[Hashable, Any]) -> Entry:
    kind = _entry_type(row)
    keyword = row["keywords"]
    found = {
        "title": escape(row["title"]),
        "author": " and ".join(
            _write_name(name, is_body=is_body) for name, is_body in names.split(row["authors"])
        ),
        "year": row["year"],
        "journal" if kind not in {"incollection", "inproceedings"} else "booktitle": escape(row["journal"]),
        "volume": escape(row["volume"]),
        "number": escape(row["issue"]),
        "pages": escape(row["pages"]),
        "doi": row["doi"],
        "pmid": row["pmid"],
        "pmcid": row["pmcid"],
        "accession_number": escape(row["accession"]),
        "issn": row["issn"],
        "isbn": row["isbn"],
        "abstract": escape(row["abstract"]),
        # A comma alone would part "Child, Preschool".
        "keywords": escape(f"{keyword};" if "," in keyword and LIST not in keyword else keyword),
        "language": escape(row["language"]),
        "url": row["url"],
        "database": escape(row["source"]),
        _OWN_TYPE: "" if row["type"] == kind else escape(row["type"]),
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
    protected = [f"{{{part}}}" if " and " in f" {part} ".lower() else part for part in parts]
    return ", ".join(protected)


def _entry_type(row: Mapping[Hashable, Any]) -> str:
    given = str(row["type"]).lower()
    if given in _ENTRY_TYPES:
        return given
    return next((kind for word, kind in _WORDS if word in given), "article" if row["journal"] else "misc")
