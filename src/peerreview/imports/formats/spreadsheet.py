"""
Tables of references: CSV with commas, semicolons or tabs, and workbooks (.xlsx, .xls, .ods).

``headers.toml`` lists what columns are called by Scopus, Embase, PubMed, Web
of Science, Ovid, IEEE, Springer, Lens, OpenAlex, Dimensions, Cochrane, Zotero,
Rayyan, Covidence, EPPI-Reviewer, Abstrackr, ASReview, ClinicalTrials.gov,
Publish or Perish, SciELO and in plain tables, also in other languages.
Unverified, for want of a real file: Ovid, Dimensions, EBSCO, ProQuest, ICTRP and
the Virtual Health Library (BVS).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice

from peerreview.errors import InputError
from peerreview.imports.formats import NOWHERE, Origin, Part, Piece, RawRecord, Warned, ovid
from peerreview.imports.formats.shared import grids, origins, tableheads
from peerreview.imports.formats.shared.fields import Fields
from peerreview.tables import CONTENT, LIST, RECORDS
from peerreview.tables.writing import as_meant
from peerreview.values import cells, identifiers, lists, names, numbers, pages, years

NAME = "spreadsheet"

_SOURCES = (
    "database", "database name", "name of database", "longdbname", "source database", "library catalog",
    "archive",
)  # fmt: skip
_WEB_OF_SCIENCE = ("ut", "ut unique wos id", "ut unique id")
_ANOTHER = "a table with other delimiters: put it in a file of its own"


def looks_like(text: str) -> bool:
    """Whether a row near the top names a title, or an identifier, and other columns of references."""
    return grids.find_shape(grids.split_lines(text, grids.HEAD)) is not None


def refuse(text: str) -> str:
    """Return why a table is none of references, with its columns; blank for what is no table."""
    header = grids.guess_header(text)
    if not header:
        return ""
    return (
        "is a table, and no column of it is known as a title or a number of references; its columns: "
        f"{tableheads.describe(header)}; say with --mapping what they are"
    )


def parse(text: str) -> Iterator[Part]:
    """Yield the rows below the header; a row that is damaged costs no other."""
    lines = grids.split_lines(text)
    if rows := open_rows(lines, lambda: lines):
        yield from look_above(rows)
        yield from read_rows(rows, len(lines))


def open_rows(lines: list[str], whole: Callable[[], Iterable[str]]) -> grids.Rows | None:
    """
    Return a table whose rows are still to be read; None where no header stands in its first lines.

    Parameters
    ----------
    lines : the first ones, or all; those that follow are added to them.
    whole : returns the lines of the whole table.
    """
    shape = grids.find_shape(lines[: grids.HEAD])
    if shape is None:
        return None
    if set(RECORDS.columns) <= set(shape.header):
        message = "is a table of peerreview's; peerreview export writes an export of it"
        raise InputError(message)
    plain = shape.delimiter == "\t" and grids.is_plain(islice(whole(), shape.begin, None), len(shape.header))
    return grids.Rows(lines, shape.delimiter, shape.header, plain, {len(shape.header)}, begin=shape.begin)


def look_above(rows: grids.Rows) -> Iterator[Part]:
    """Yield what is to be said of a table's header, and of what stands above it."""
    first = rows.begin - 1
    preamble = "".join(rows.lines[:first]).strip()
    if preamble and grids.find_shape(rows.lines[:first]):
        yield Piece(1, _ANOTHER, preamble)
    elif preamble:
        yield Warned(1, "lines above the header", preamble)
    if not tableheads.columns(rows.header)["title"] and not ovid.is_row(rows.header):
        columns = tableheads.describe(rows.header)
        message = f"no column is known as the title: {columns}; say with --mapping which it is"
        yield Warned(rows.begin, message)


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a row, found by what its header calls them."""
    if _is_ovid(raw):
        return ovid.to_fields(raw._replace(tags=ovid.row_tags(raw.tags)))
    is_ours = _is_ours(raw)
    tags = [(header, as_meant(value)) for header, value in raw.tags] if is_ours else raw.tags
    fields = Fields(tags, own=is_ours, only=OWN_COLUMNS if is_ours else None)
    if is_ours:
        _take_as_written(fields)
    named = tableheads.columns(tuple(header for header, _ in raw.tags))
    fields.first("title", named["title"])
    is_pubmed = any(header in _PUBMED for header, _ in raw.tags)
    lent = [header for header in named["authors"] if tableheads.plain(header) in _EDITORS]
    as_listed = partial(_authors, family=_first_family(raw))
    fields.every("authors", named["authors"], _unstopped if is_pubmed else as_listed, lent=lent)
    _add_groups(fields)
    fields.first("year", named["year"], years.year_of_cell)
    fields.first("journal", named["journal"], _journal)
    fields.first("volume", named["volume"], _volume)
    fields.first("issue", named["issue"], _issue)
    _fill_pages(fields, named)
    _fill_from_details(fields)
    _fill_from_citation(fields, named["citation"])
    _fill_from_source(fields, named["journal"])
    fields.first("doi", [*named["doi"], *named["url"]], identifiers.doi)
    fields.first("pmid", named["pmid"], identifiers.pmid)
    # The Cochrane Library: "PUBMED 21314913,EMBASE 51".
    fields.first("pmid", named["pmid"], identifiers.named_pmid)
    fields.first("pmid", named["url"], identifiers.linked_pmid)
    # Zotero has no fields of their own for them.
    fields.first("pmid", ("Extra",), identifiers.noted_pmid)
    fields.first("pmcid", ("Extra",), identifiers.noted_pmcid)
    fields.first("pmcid", [*named["pmcid"], *named["url"]], identifiers.pmcid)
    fields.every("issn", named["issn"], identifiers.issns)
    fields.every("isbn", named["isbn"], identifiers.isbns)
    fields.first("abstract", named["abstract"], _abstract)
    terms = [
        term
        for header in named["keywords"]
        for value in fields.left.get(header, [])
        for term in lists.split_mixed(value)
    ]
    fields.set("keywords", cells.texts(terms), *named["keywords"])
    fields.first("language", named["language"])
    fields.first("type", named["type"], _type)
    fields.first("accession", named["accession"], _accession)
    if fields.columns["accession"].startswith("MEDLINE:"):
        fields.set("pmid", identifiers.pmid(fields.columns["accession"]))
    fields.first("accession", named["key"], _rayyan_key)
    fields.first("url", named["url"], _url)
    return fields.finish()


def _is_ovid(raw: RawRecord) -> bool:
    headers = [header for header, _ in raw.tags]
    said = {name for name, _ in tableheads.asked()}
    return ovid.is_row(headers) and said.isdisjoint(map(tableheads.plain, headers))


_OURS = ("record_id", "database")
"""The first two headers of a table that ``export`` wrote; their cells are never blank."""
_AS_WRITTEN = {
    **{column: column for column in ("title", "authors", "journal", "abstract", "type", "url")},
    "accession": "accession_number",
}


_EDITORS = frozenset({"editor", "editors"})
"""They stand for the authors of a book that has none."""
OWN_COLUMNS = frozenset({*_OURS, "database", "accession_number", *CONTENT})
"""The columns of a table that ``export`` wrote that are those of ``records.csv``."""


def _is_ours(raw: RawRecord) -> bool:
    return raw.tags[0][0] == _OURS[0] and tuple(header for header, _ in raw.tags[:2]) == _OURS


def _take_as_written(fields: Fields) -> None:
    """Fill columns from a table of ours, where a cell is what it says: J is a type, and 0 an issue."""
    for column, header in _AS_WRITTEN.items():
        fields.first(column, (header,), str.strip)
    for column in ("volume", "issue"):
        fields.first(column, (column,), _whole)
    fields.first("keywords", ("keywords",), lambda cell: cell.removesuffix(";"))


def origin(raw: RawRecord) -> Origin:
    """Return where a row comes from by headers that only one database or tool writes."""
    if _is_ours(raw):
        return Origin(raw.tags[1][1], how="column 'database'")
    if _is_ovid(raw):
        told = ovid.origin(raw._replace(tags=ovid.row_tags(raw.tags)))
        return told._replace(how=f"column {told.how!r}") if told.database else told
    found: dict[str, str] = {}
    for header, value in raw.tags:
        found.setdefault(tableheads.plain(header), value)
    where = NOWHERE
    for name in tableheads.names()["columns"]["url"]:
        where = origins.from_link(found[name], f"column {name!r}") if name in found else where
        if where.database:
            break
    named, column = (
        next((found[key] for key in _SOURCES if origins.is_known(found.get(key, ""))), ""),
        "database",
    )
    if not named and origins.is_name(found.get("source", "")):
        # What else stands in "source" is a journal.
        named, column = found["source"], "source"
    # Embase.com says "MEDLINE" of some records, too: coverage, not another source.
    if named and where.database != "Embase":
        database = origins.database(named)
        where = Origin(database, origins.platform(database, where), how=f"column {column!r}")
    for name in _WEB_OF_SCIENCE:
        if database := origins.web_of_science(found.get(name, "")):
            return Origin(database, "Web of Science", how=f"column {name!r}")
    for sign in tableheads.names()["origins"]:
        headers = sign["headers"]
        if not all(found.get(header) for header in headers):
            continue
        if not found[headers[0]].startswith(sign.get("starts", "")):
            continue
        if "database" in sign:
            return Origin(sign["database"], sign["platform"], how=f"column {headers[0]!r}")
        how = where.how or f"column {headers[0]!r}"
        return Origin(where.database, where.platform, sign["carrier"], how)
    if where == NOWHERE and any(found.get(key, "").strip() for key in _SOURCES if "database" in key):
        # Some database that is not known, and none that the other rows name.
        return Origin(how=origins.UNKNOWN)
    return where


_NOBODY = re.compile(
    r"\[?no author(?: name| id)?(?:\(s\))? available\]?|anonymous|\[?no authors listed\]?\.?", re.IGNORECASE
)


_SHORT = re.compile(r"(?P<family>[^()]+) \([0-9]{4}\)")
"""EPPI-Reviewer's short title: ``Example (2021)``."""


def _first_family(raw: RawRecord) -> str:
    """Return the first author's family name as a short title has it; blank where none does."""
    called = ("short title", "shorttitle")
    short = next((value for header, value in raw.tags if tableheads.plain(header) in called), "")
    found = _SHORT.fullmatch(short.strip())
    return found["family"] if found else ""


def _authors(listed: Iterable[str], family: str = "") -> str:
    # Google Scholar cuts long lists: "M Roe…"; BIOSIS adds e-mail addresses, Lens "null" for no given name.
    people = [
        _EMAIL.sub("", name).rstrip("… ").removeprefix("null ")
        for cell in listed
        for name in names.split_mixed(cells.without_entities(cell))
        if not _NOBODY.fullmatch(name)
    ]
    return names.authors(names.family_first(people, family))


_GROUPS = ("Group Authors", "CA")
"""The Web of Science: bodies beside the authors, or without any."""


def _add_groups(fields: Fields) -> None:
    bodies = [
        (name.strip(), True)
        for tag in _GROUPS
        for cell in fields.left.get(tag, ())
        for name in cell.split(";")
    ]
    people = fields.columns["authors"]
    if bodies and not any(name in people for name, _ in bodies):
        fields.columns["authors"] = LIST.join(filter(None, [people, names.join(bodies)]))


_PUBMED = ("Journal/Book", "EntrezUID")
"""Headers of PubMed's tables alone; the second until 2020."""


def _unstopped(cells: Iterable[str]) -> str:
    # PubMed ends a list of authors with a full stop; its initials have none.
    return _authors(cell if _STOPPED.search(cell) else cell.removesuffix(".") for cell in cells)


_STOPPED = re.compile(r"\b[^\W\d_]\.(?=[ ,.-])")


_EMAIL = re.compile(r" *\([^()\s]*@[^()]*\)")


def _fill_pages(fields: Fields, named: Mapping[str, tuple[str, ...]]) -> None:
    fields.first("pages", named["pages"], _page_cell)
    first, last = named["first_page"], named["last_page"]
    start, end = (
        next(
            (cells[0] for header in headers if (cells := fields.left.get(header)) and _is_page(cells[0])), ""
        )
        for headers in (first, last)
    )
    fields.set("pages", pages.pages(_whole(start), _whole(end)), *first, *last)
    fields.first("pages", named["article_number"], _page_cell)


# J Inv. 2024 May;24(1):211-219. doi: 10.5555/peer.1.
# Nutr. 2024 May 8;12(1). pii: E33.
_CITATION = re.compile(
    r"\b\d{4}[^;:]{0,20};(?:([^():;]+)(?:\(([^()]*)\))?:([^;:]+?)|(\d+)(?:\(([^()]*)\))?)\.(?=\s|$)"
)


_DETAILS = re.compile(r"(.+?)\. ((?:18|19|20)\d\d)\b.*", re.DOTALL)


def _fill_from_details(fields: Fields) -> None:
    """PubMed's table until 2020 has journal and date in that cell alone, and the DOI there, too."""
    details = fields.left.get("Details", [""])[0]
    if _PUBMED[1] in fields.left and (found := _DETAILS.fullmatch(details)):
        fields.set("journal", cells.text(found[1]))
        fields.set("year", found[2])
        fields.set("doi", identifiers.doi(details))
        fields.first("pmcid", ("Identifiers",), identifiers.noted_pmcid)


def _fill_from_citation(fields: Fields, headers: Iterable[str]) -> None:
    """PubMed's table has volume, issue and pages in one cell with the journal and the date."""
    found = next((_CITATION.search(cell) for header in headers for cell in fields.left.get(header, [])), None)
    if found:
        fields.set("volume", (found[1] or found[4]).strip())
        fields.set("issue", found[2] or found[5] or "")
        fields.set("pages", pages.pages(found[3] or ""))


def _is_page(value: str) -> bool:
    # Web of Science calls the sponsors of a conference "SP", as others do the first page.
    # Publish or Perish writes 0 for none.
    return _PAGE.fullmatch(value) is not None and value not in _NONE and not numbers.is_shaped(value)


_PAGE = re.compile(r"\W*(?:[^\W\d]{0,8}\W{0,2}\d.{0,20}|[ivxlc]+)\W*", re.IGNORECASE)


def _number(value: str) -> str:
    # Publish or Perish writes 0 for none, pandas 12.0 for 12.
    return "" if value in _NONE else _whole(cells.text(value))


_NONE = frozenset({"0", "0.0"})


def _volume(value: str) -> str:
    return "" if pages.is_spoilt(value) or numbers.is_shaped(value) else _number(value)


_MONTH_AND_YEAR = re.compile(r"[^\W\d]{3,9}\.?[-. ]{1,2}\d{4}")


def _issue(value: str) -> str:
    # An issue may be called "Jan 2020"; 03-Apr was 3-4.
    return _number(value) if _MONTH_AND_YEAR.fullmatch(value) else _volume(value)


def _page_cell(value: str) -> str:
    return "" if numbers.is_shaped(value) else pages.pages(value)


def _whole(value: str) -> str:
    return numbers.whole(value) or value


def _type(value: str) -> str:
    # Web of Science: J for a journal, C for a conference. PubData2XL: "Journal Article||Review".
    return "" if len(value) == 1 else cells.texts(value.split("||"))


def _journal(value: str) -> str:
    # Scopus names itself in "Source"; a journal, such as "IEEE Access", is in "Source title".
    is_other = origins.is_name(value) or _EMBASE_SOURCE.fullmatch(" ".join(value.split()))
    return "" if is_other else cells.text(value)


# Embase: "Journal of Invention (2024) 24:1 (211-219). Date of Publication: 15 Mar 2024".
_EMBASE_SOURCE = re.compile(
    r"(?P<journal>[^()]+(?:\([^()]*\)[^()]*)?) \((?P<year>(?:19|20)\d\d)\)"
    r"(?:(?: (?P<volume>\d+)(?:[: ](?P<issue>[^():]{1,40}))?)? \((?P<pages>[^()]+)\)"
    r"|(?: (?P<volume_alone>\d+)(?::(?P<issue_alone>\w{1,10}))?)?)(?:[.,] .*|\.| Article Number: .*)?"
)


def _fill_from_source(fields: Fields, headers: Iterable[str]) -> None:
    """Embase has all of a journal's numbers in one cell, too."""
    cells_of = (" ".join(cell.split()) for header in headers for cell in fields.left.get(header, []))
    found = next(filter(None, map(_EMBASE_SOURCE.fullmatch, cells_of)), None)
    if found:
        for name in ("journal", "year", "volume", "issue", "volume_alone", "issue_alone"):
            fields.set(name.removesuffix("_alone"), found[name] or "")
        fields.set("pages", pages.pages(found["pages"] or ""))


def _abstract(value: str) -> str:
    return "" if value.lower().strip("[]. ") == "no abstract available" else cells.text(value)


def _rayyan_key(value: str) -> str:
    # Zotero's keys are of no use outside its library.
    return value if value.startswith("rayyan-") else ""


def _url(value: str) -> str:
    """Return the first of several links; Rayyan glues further tags on."""
    words = value.split()
    return words[0] if words and words[0].startswith("http") else cells.text(value)


def _accession(value: str) -> str:
    return "" if numbers.is_shaped(value) else cells.text(value).removeprefix("https://openalex.org/")


def read_rows(rows: grids.Rows, last: int) -> Iterator[Part]:
    """
    Yield the next rows that end at a line or above it, 1-based.

    Where lines follow that are not there yet, ``LONGEST`` of those that are
    show whether a row is damaged: so many lie below ``last`` then.
    """
    while rows.begin < len(rows.lines):
        base = rows.begin
        reader = rows.read(base, len(rows.lines))
        for row in reader:
            start, end = rows.begin, base + reader.line_num
            is_other = (
                len(row) == 1 and len(rows.header) > 2 and grids.find_shape(rows.lines[start:end]) is not None
            )
            if end > last or (is_other and last < len(rows.lines)):
                return
            problem = rows.find_fault(row, start, end)
            if problem:
                rows.begin = grids.find_row(rows, start + 1, end)
                yield Piece(start + 1, problem, rows.text(start, rows.begin))
                break
            if is_other:
                rows.begin = len(rows.lines)
                yield Piece(start + 1, _ANOTHER, rows.text(start, rows.begin))
                return
            rows.begin = end
            yield from _read_row(row, rows, start, end)
        else:
            return


def _read_row(cells: list[str], rows: grids.Rows, start: int, end: int) -> Iterator[Part]:
    filled = [position for position, cell in enumerate(cells) if cell.strip()]
    if not filled:
        return
    text = rows.text(start, end)
    known = tableheads.known()
    if sum(tableheads.plain(cell[:60]) in known for cell in cells[:5]) > 1:
        hits = tableheads.count_known(cells)
        # A record may be called "Title", by "Author"; another table's header lacks no cell in between.
        is_whole = filled[-1] - filled[0] < len(filled) or grids.strip_header(cells) == rows.header
        if is_whole and hits >= 0.6 * len(filled) and tableheads.is_header(cells, hits):
            rows.header = grids.strip_header(cells)
            rows.widths = {len(cells)}
            yield Warned(start + 1, "a header row again", text)
            return
    header = rows.header
    if cells[0].strip().lower() == "search query" and len(filled) == 2:
        yield Warned(start + 1, "a search between rows", text)
        return
    if len(header) > 2 and (
        len(cells) == 1 or (filled == [0] and known.get(tableheads.plain(header[0])) != "title")
    ):
        # Abstrackr: "citations that are not yet labeled by anyone".
        yield Warned(start + 1, "a line of one cell between rows", text)
        return
    rows.widths.add(len(cells))
    names = header
    n_cells = filled[-1] + 1
    if n_cells > len(header):
        names = _stretch(header, cells[:n_cells])
        if n_cells not in rows.told:
            rows.told.add(n_cells)
            yield Warned(start + 1, f"{n_cells} cells in a table of {len(header)} columns, from here on")
    tags = [
        (names[position] or f"column {position + 1}", rows.unquote(cells[position])) for position in filled
    ]
    yield RawRecord(start + 1, text, tags)
    yield from _find_spoilt(start + 1, cells, names)


def _find_spoilt(line: int, cells: Sequence[str], names: tuple[str, ...]) -> Iterator[Warned]:
    """Yield what a spreadsheet has made of numbers, so that nobody can tell which they were."""
    for column, positions, read, fault in _numbers_of(names, tableheads.asked()):
        told = [cells[position] for position in positions if position < len(cells)]
        if any(map(read, told)):
            continue
        spoilt = next((cell for cell in told if _MAY_BE_NUMBER.search(cell)), "")
        if spoilt:
            yield Warned(line, f"{column} {spoilt[:_LONGEST_TOLD]!r} {fault}; left blank")


@lru_cache(maxsize=1_000)
def _numbers_of(
    names: tuple[str, ...],
    asked: tableheads.Asked,  # noqa: ARG001  the answer is kept for both
) -> list[tuple[str, list[int], Callable[[str], str], str]]:
    """Return the columns of numbers that a table has, and where they stand."""
    headers = tableheads.columns(names)
    places = {
        column: [position for position, name in enumerate(names) if name in headers[column]]
        for column, _, _ in _NUMBERS
    }
    return [(column, places[column], read, fault) for column, read, fault in _NUMBERS if places[column]]


def _any_pmid(cell: str) -> str:
    # Ovid's PM links to PubMed Central.
    return identifiers.pmid(cell) or identifiers.named_pmid(cell) or identifiers.pmcid(cell)


_MAY_BE_NUMBER = re.compile(r"[1-9]")
_LONGEST_TOLD = 60
_SHAPED = "is a date, rounded or parted, by a spreadsheet"
_NUMBERS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("pmid", _any_pmid, "is no PubMed number"),
    ("year", years.year_of_cell, "is no year, or was one before a spreadsheet made a date of it"),
    ("pages", _page_cell, _SHAPED),
    ("first_page", _page_cell, _SHAPED),
    ("volume", _volume, _SHAPED),
    ("issue", _issue, _SHAPED),
    ("accession", _accession, _SHAPED),
    ("isbn", lambda cell: "" if numbers.is_shaped(cell) else cell, _SHAPED),
)
"""Columns of numbers: how they are read, and what is wrong with a cell of digits that cannot be."""


def _stretch(header: tuple[str, ...], cells: list[str]) -> tuple[str, ...]:
    """
    Return a name for each cell of a row that has more cells than the header.

    The cells without a name are put where years, DOIs, links and numbers
    then stand under their own headers; the last such place is taken.
    """
    more = len(cells) - len(header)
    checked = [
        (position, _CHECKS[name])
        for position, name in enumerate(map(tableheads.plain, header))
        if name in _CHECKS
    ]

    def fit(split: int) -> int:
        found = 0
        for position, check in checked:
            cell = cells[position if position < split else position + more].strip()
            if cell:
                found += 1 if check.match(cell) else -1
        return found

    best = max(range(len(header), -1, -1), key=fit)
    unnamed = tuple(f"column {number}" for number in range(best + 1, best + more + 1))
    return (*header[:best], *unnamed, *header[best:])


_CHECKS = {
    **dict.fromkeys(tableheads.names()["columns"]["year"], re.compile(r".*\d{4}|\d{1,2}/")),
    **dict.fromkeys(tableheads.names()["columns"]["doi"], re.compile(r".*10\.\d{4}")),
    **dict.fromkeys(tableheads.names()["columns"]["issn"], re.compile(r"\d{4}-?\d{3}[\dXx]")),
    **dict.fromkeys(tableheads.names()["columns"]["isbn"], re.compile(r"[\dXx][\dXx-]{8,}")),
    **dict.fromkeys(tableheads.names()["columns"]["pmid"], re.compile(r"\D{0,8}\d{1,8}$")),
    **dict.fromkeys(tableheads.names()["columns"]["url"], re.compile(r"https?:")),
    "eid": re.compile(r"2-s2\.0-"),
}
"""What stands in columns that can be told apart, by the plain name of their headers."""
