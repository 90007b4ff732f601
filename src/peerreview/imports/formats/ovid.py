"""
Ovid's own text: tagged (``.cgi``, ``.ovd``, "Citavi") and with labels on lines of their own.

A record opens with its number, ``<1. >`` in the tagged form and ``<1>`` in the labelled one.
"""

import re
from collections.abc import Collection, Iterator
from types import MappingProxyType
from urllib.parse import unquote

from peerreview.imports.formats import Origin, Part, Piece, RawRecord, Stranger, Tags, Warned, find_lines
from peerreview.imports.formats.shared import origins, unended
from peerreview.imports.formats.shared.fields import Fields
from peerreview.imports.formats.shared.tagged import Dialect
from peerreview.values import cells, identifiers, names, pages, years

NAME = "ovid"

_TAGGED = Dialect(
    # Copied from a mail or a page, each line begins with a blank.
    starts=re.compile(r"^ ?<\d+\. *>|(?<!>\n)(?<!> \n)^ ?VN {1,2}- ", re.MULTILINE),
    line=re.compile(r"^ ?([A-Z][A-Z0-9]{1,4}) {1,2}-(?: |$)(.*)$"),
)
_LABELLED = re.compile(r"^<\d+> *$", re.MULTILINE)
_VENDOR = re.compile(r"^ ?(?:VN|DB|UI|TI|AU|SO) {1,2}- ", re.MULTILINE)
_LABEL = re.compile(r"^(?:Accession Number|Author|Title|Source|Publication Type) *$", re.MULTILINE)
_LONGEST_LABEL = 60
_ONCE = ("Accession Number", "Title", "Source", "Abstract")
_HEAD = 20_000


def looks_like(text: str) -> bool:
    """Whether text has numbered records, with Ovid's tags or labels."""
    start = text[:_HEAD]
    if _TAGGED.starts.search(start):
        return bool(_VENDOR.search(start))
    return bool(_LABELLED.search(start) and _LABEL.search(start))


def parse(text: str) -> Iterator[Part | Stranger]:
    """Yield the records of either form, or of one after the other."""
    tagged = [(start, True) for start in find_lines(text, _TAGGED.starts)]
    labelled = [(start, False) for start in find_lines(text, _LABELLED)]
    if not tagged or not labelled:
        yield from _parse_tagged(text) if tagged else _parse_labelled(text)
        return
    marks = sorted([*tagged, *labelled])
    changes = [mark for mark, before in zip(marks[1:], marks, strict=False) if mark[1] != before[1]]
    begin, above = 0, 0
    is_tagged = marks[0][1]
    for end, is_next_tagged in [*changes, (len(text), True)]:
        piece = text[begin:end]
        for part in _parse_tagged(piece) if is_tagged else _parse_labelled(piece):
            yield part._replace(line=part.line + above)
        above += piece.count("\n")
        begin, is_tagged = end, is_next_tagged


def _parse_tagged(text: str) -> Iterator[Part | Stranger]:
    return unended.parse(text, _TAGGED, once=("VN", "TI"), finals=_FINALS)


# A link to a resolver ends in the closing tag of the record's number or type.
_FINALS = MappingProxyType(
    {
        "YR": unended.YEAR,
        "UP": re.compile(r"\d{6}|\d{8}"),
        "XL": re.compile(r".*%3C%2F(?:AN|DT)%3E"),
    }
)


def _parse_labelled(text: str) -> Iterator[Part]:
    starts = list(find_lines(text, _LABELLED))
    ends = [*starts[1:], len(text)]
    line = 1
    position = 0
    if text[: starts[0]].strip():
        yield Warned(1, "text outside any record", text[: starts[0]].strip())
    for start, end in zip(starts, ends, strict=True):
        line += text.count("\n", position, start)
        position = start
        piece = text[start:end].rstrip()
        tags = list(_read_labelled(piece.split("\n")[1:]))
        if not tags:
            yield Piece(line, "the record is empty", piece)
        elif twice := _find_repeated(piece):
            yield Piece(line, f"{twice!r} stands twice: two records have run together", piece)
        elif end == len(text) and unended.breaks_off(text) and not _looks_whole(*tags[-1]):
            yield Piece(line, unended.BROKEN_OFF, piece)
        else:
            if end == len(text) and unended.breaks_off(text):
                yield Warned(line, unended.LAST)
            yield RawRecord(line, piece, tags)


def _looks_whole(label: str, value: str) -> bool:
    """Whether the last value of a record shows its own end."""
    tag = _SAME.get(label, label)
    if tag == "SO":
        return value.endswith(".") and bool(_read_source(value))
    whole = unended.DOI if tag == "DO" else _FINALS.get(tag)
    return whole is not None and whole.fullmatch(value) is not None


def _find_repeated(piece: str) -> str:
    lines = [line.rstrip() for line in piece.split("\n")]
    return next((label for label in _ONCE if lines.count(label) > 1), "")


def _read_labelled(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (label, paragraph); values are indented below their label."""
    label = ""
    for each in lines:
        value = each.strip()
        if not value:
            continue
        if each[0].isspace() or len(value) > _LONGEST_LABEL or not value[0].isupper():
            yield label, value
        else:
            label = value


_SAME = MappingProxyType(
    {
        "Accession Number": "AN",
        "Unique Identifier": "UI",
        "Title": "TI",
        "Chapter Title": "TI",
        "Book Title": "BT",
        "Author": "AU",
        "Authors": "AU",
        "Source": "SO",
        "Abstract": "AB",
        "Author Keywords": "KW",
        "Keywords": "KW",
        "Keyword": "KW",
        "Key Concepts": "ID",
        "Subject Headings": "MH",
        "MeSH Subject Headings": "MH",
        "Language": "LG",
        "Publication Type": "PT",
        "Document Type": "DT",
        "ISSN": "IS",
        "ISBN": "IB",
        "DOI Number": "DO",
        "Digital Object Identifier": "DO",
        "Year of Publication": "YR",
        "Publication Year": "YR",
        "Date of Publication": "DP",
        "Link to the Ovid Full Text or citation": "XL",
        "Link to the Ovid Full Text": "XL",
        "Database": "DB",
    }
)
"""Labels of the labelled form → the tag of the same field."""

_BRACKETED = re.compile(
    r" *\[(?:Article|Review|Miscellaneous|References|Editorial|Letter|Report)[^\[\]]*\]\.?$"
)
_DEGREE = r"(?:M\.?D|Ph\.?D|MPH|FACSM|FAAN|FACP|FACS|RN|BA|BSc|MSc|MS|DO|DrPH|EdD|PharmD)\.?"
_DEGREES = re.compile(rf"(?P<before>.*?,.*?\w\.?)(?:[ ,]+{_DEGREE})+[ ,.]*")
"""A degree stands apart, behind the given name: "Kim, MS" and "Do, BA" are initials."""
_PLAIN_DEGREES = re.compile(r"(?P<before>.*?\w\.?)(?:[ ,]+(?:Ph\.?D|M\.D|BSc|MSc|DrPH|EdD|PharmD)\.?)+[ ,.]*")
"""Degrees that nobody's initials are, wherever they stand apart."""
_FOOTNOTES = " ,0123456789*+"
_ROLE = re.compile(r" *\[(?:Ed|Eds|Editor|Reprint Author)\]", re.IGNORECASE)

_SOURCES = (
    # Ward Medicine. Conference: A Congress. Nowhere Spain. 17(Supplement 3) (pp S45-50), 2020. Date of …
    re.compile(
        r"^(?P<journal>.+?)\. +(?:Conference: .+\. +)?(?:(?P<volume>[^\s().,;:]+) ?)?"
        r"(?:\((?!no pagination|pp )(?P<issue>[^()]*(?:\([^()]*\))?)\) ?)?"
        r"\((?:pp (?P<pages>[^()]+)|no pagination)\), (?P<date>\d{4})\."
        r"(?:.*?\bArticle Number: (?P<article>[^\s,;]+?)\.(?: |$))?"
    ),
    # American Journal Of Industrial Medicine June 2015;58(6):688-696
    re.compile(
        r"^(?P<journal>.+?)\.? (?P<date>(?:[A-Z][a-z]+(?:[/-][A-Z][a-z]+)? )?(?:\d{1,2} )?\d{4});"
        r"(?P<volume>[^:();]+)(?:\((?P<issue>[^()]*)\))?:(?P<pages>.+?)\.?$"
    ),
    # Ecohydrology.   8(6):1048-1064, September 2015.
    re.compile(
        r"^(?P<journal>.+?)\. +(?P<volume>\w+)(?:\((?P<issue>[^()]*)\))?:"
        r"(?P<pages>[^,]+), (?P<date>.*?\d{4}.*)$"
    ),
    # Very Long Title. Vol 28(2) April 2015, 103-106.  Also: Vol.75(2-A(E)),2014, pp. 12-20.
    re.compile(
        r"^(?P<journal>.+?)\. +Vol\.? ?(?P<volume>\w+)(?:\((?P<issue>[^,]*?)\))?,? *"
        r"(?P<date>[A-Za-z/ -]*\d{4})(?: [A-Z][a-z]+)?, *(?:pp\. *)?(?P<pages>.+?)\.?$"
    ),
)


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record; what ``SO`` says in one line is taken apart."""
    fields = Fields(_with_tags(raw.tags), skip=frozenset({"VN"}))
    source = _read_source(next(iter(fields.left.get("SO", [])), ""))
    # Ovid's table of MEDLINE has links to PubMed Central here.
    fields.first("pmcid", ("PM",), identifiers.pmcid)
    if origin(raw).database == "MEDLINE":
        fields.first("pmid", ("UI",), identifiers.pmid)
    if not fields.columns["pmcid"]:
        fields.first("pmid", ("PM",), identifiers.pmid)
    fields.first("accession", ("AN", "UI"), lambda value: cells.text(value).rstrip("."))
    fields.set("accession", fields.columns["pmid"])
    fields.first("title", ("TI", "BT"), _title)
    people = [each for value in fields.left.get("AU", []) for each in value.split(";")]
    fields.set("authors", names.authors(map(_name, people)))
    fields.first("year", ("YR", "DP", "PD"), years.year)
    fields.set("year", years.year(source.get("date", "")))
    fields.first("year", ("SO", "Status", "ST"), years.year)
    fields.first("journal", ("JT", "JN", "NJ", "TA", "JA"))
    fields.set("journal", cells.text(source.get("journal", "")))
    fields.first("journal", ("SO",), _journal)
    fields.first("volume", ("VO", "VI"))
    fields.set("volume", source.get("volume", ""))
    fields.first("issue", ("IP",))
    fields.set("issue", source.get("issue", "") or "")
    fields.first("pages", ("PG",), _pages)
    fields.set("pages", _pages(source.get("pages", "")))
    fields.set("pages", pages.pages(source.get("article", "")))
    fields.first("doi", ("DO", "DI", "LI", "DO_"), identifiers.doi)
    fields.first("doi", _LINKS, _linked_doi)
    fields.every("issn", ("IS",), identifiers.issns)
    fields.every("isbn", ("IB",), identifiers.isbns)
    fields.set("abstract", cells.text(" ".join(fields.left.get("AB", []))), "AB")
    terms = [
        term
        for tag in ("KW", "MH", "DE", "ID", "SH")
        for value in fields.left.get(tag, [])
        for term in (value.split(";") if ";" in value else [value])
    ]
    fields.set("keywords", cells.texts(term.strip(" .") for term in terms))
    fields.first("language", ("LG", "LA"), lambda value: cells.text(value).rstrip("."))
    fields.first("type", ("PT", "DT"))
    fields.first("url", _LINKS, _link)
    return fields.finish()


_LISTED = frozenset({"AU", "KW", "MH", "SH", "HW", "DE", "ID", "IS", "IB", "PT"})


def is_row(headers: Collection[str]) -> bool:
    """Whether the cells that a row of a table has are called as Ovid calls the fields of its text."""
    called = {header.strip().upper() for header in headers}
    if called.isdisjoint({"TI", "SO", "AU"}) or "UT" in called:
        return False
    return bool(called & {"UI", "VN"} or (called & {"AN"} and called & {"ORN", "FTURL", "XL"}))


def row_tags(tags: Tags) -> Tags:
    """Return the fields of a row of Ovid's table: what is a list there has a line for each."""
    found: Tags = []
    for header, cell in tags:
        tag = header.strip().upper()
        lines = cell.splitlines() if tag in _LISTED else [cell]
        if tag == "AU" and len(lines) == 1:
            lines = names.split_mixed(cell)
        found += [(tag, line.strip()) for line in lines if line.strip()]
    return found


def origin(raw: RawRecord) -> Origin:
    """Return the database that ``DB``, or the link into Ovid, names."""
    tags = _with_tags(raw.tags)
    for tag, value in tags:
        if tag == "DB" and value:
            return Origin(origins.database(value), "Ovid", how="DB")
    for tag, value in tags:
        if tag in _LINKS:
            linked = origins.from_link(value.partition("XL  - ")[2] or value, tag)
            if linked.platform:
                return linked
    return Origin(platform="Ovid", how="the record's number")


def _with_tags(tags: Tags) -> Tags:
    return [(_SAME.get(tag, tag), value) for tag, value in tags]


_LONGEST_SOURCE = 2_000
# What is published ahead of print: Journal of Invention. 2020 Jul 21.
_AHEAD = re.compile(r"([^\d;]+?)\. +((?:19|20)\d\d(?: [A-Z][a-z]{2,8}\b.{0,8})?)\.?")


def _read_source(value: str) -> dict[str, str]:
    joined = " ".join(value.split())
    for pattern in _SOURCES if len(joined) < _LONGEST_SOURCE else ():
        found = pattern.match(joined)
        if found:
            return {name: text or "" for name, text in found.groupdict().items()}
    ahead = _AHEAD.fullmatch(joined)
    return {"journal": ahead[1], "date": ahead[2]} if ahead else {}


def _journal(value: str) -> str:
    # What is published ahead of print has a source without volume and pages.
    return cells.text(value).rstrip(". ") if _JOURNAL_ALONE.fullmatch(value) else ""


_JOURNAL_ALONE = re.compile(r"[^\d,;]+\.\s*")


def _title(value: str) -> str:
    return _BRACKETED.sub("", cells.text(value)).rstrip()


def _name(value: str) -> str:
    """Return a name without degrees, roles and the numbers of footnotes that Ovid prints after it."""
    name = _ROLE.sub("", value).strip(" .,*+")
    name = _without_footnotes(name)
    while found := _PLAIN_DEGREES.fullmatch(name) or _DEGREES.fullmatch(name):
        name = _without_footnotes(found["before"])
    return name


def _without_footnotes(name: str) -> str:
    """
    Return a name without the numbers, signs and brackets behind it.

    >>> _without_footnotes("Doe, Jane 1,2,* (a)(b)")
    'Doe, Jane'
    """
    while True:
        shorter = name.rstrip(_FOOTNOTES)
        if shorter.endswith(")"):
            before, opening, inner = shorter[:-1].rpartition("(")
            shorter = before if opening and ")" not in inner else shorter
        if shorter == name:
            return name
        name = shorter


def _pages(value: str) -> str:
    return "" if "specified" in value.lower() else pages.pages(value)


_LINKS = ("XL", "UR", "FTURL")
_DOI_LINK = re.compile(r"(?:[?&](?:DO|doi)=|[?&]id=doi:)(10[^&\s]+)")


def _linked_doi(value: str) -> str:
    """
    Return the DOI that a link into Ovid or to a resolver names; Ovid escapes some of its signs twice.

    >>> _linked_doi("https://ovidsp.ovid.com/ovidweb.cgi?D=emexa&DO=10.5555%2fS7001%252819%252900042-X")
    '10.5555/s7001(19)00042-x'
    """
    found = _DOI_LINK.search(value)
    return identifiers.doi(unquote(unquote(found[1]))) if found else ""


def _link(value: str) -> str:
    # Books@Ovid writes one tag within another: "XP  - XL  - https://…".
    found = value.partition("XL  - ")[2] or value
    return found.strip() if found.strip().startswith("http") else ""
