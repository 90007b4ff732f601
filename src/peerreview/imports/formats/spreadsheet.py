"""
Tables of references: CSV with commas, semicolons or tabs, and workbooks (.xlsx, .xls, .ods).

``headers.toml`` lists what columns are called by Scopus, Embase, PubMed, Web
of Science, IEEE, Springer, Lens, OpenAlex, Dimensions, Cochrane, Zotero,
Rayyan, Covidence, EPPI-Reviewer, Abstrackr, ASReview, ClinicalTrials.gov,
Publish or Perish, SciELO and in plain tables, also in other languages.
Unverified, for want of a real file: Dimensions, EBSCO, ProQuest, ICTRP and
the Virtual Health Library (BVS).
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError
from peerreview.imports.formats import NOWHERE, Origin, Part, Piece, RawRecord, Warned
from peerreview.imports.formats.shared import origins
from peerreview.imports.formats.shared.fields import Fields
from peerreview.tables import CONTENT, RECORDS, toml
from peerreview.tables.writing import as_meant
from peerreview.values import cells, identifiers, lists, names, numbers, pages, years

NAME = "spreadsheet"

DELIMITERS = (",", ";", "\t", "|")
_HEAD = 60
"""Lines in which a header row is looked for: Embase and others write their search above it."""
_LONGEST = 400
"""Lines of one row, where a row is looked for after a damaged one."""
_LONGEST_HEADER = 80
"""Characters of a header over several lines; a longer one has lost a quote and runs on into the rows."""
_FARTHEST = 2_000
"""Lines within which it is looked for."""
_SOURCES = ("database", "database name", "longdbname", "source database", "library catalog", "archive")
_WEB_OF_SCIENCE = ("ut", "ut unique wos id", "ut unique id")
_ANOTHER = "a table with other delimiters: put it in a file of its own"
_NOT_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _Shape:
    """How a table is written: its delimiter, its header's cells, and the 0-based line after its header."""

    delimiter: str
    header: tuple[str, ...]
    begin: int


if TYPE_CHECKING:
    from _csv import Reader as _Reader

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(slots=True)
class _Rows:
    """A table being read; ``widths`` are those that sound rows have had, ``told`` those warned of."""

    lines: list[str]
    delimiter: str
    header: tuple[str, ...]
    plain: bool
    widths: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)

    def read(self, start: int, end: int) -> "_Reader":
        """Return a reader of the rows from one line to another."""
        lines = (self.lines[position] for position in range(start, end))
        if self.plain:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=True)

    def text(self, start: int, end: int) -> str:
        """Return lines verbatim."""
        return "".join(self.lines[start:end]).rstrip("\n")

    def unquote(self, cell: str) -> str:
        """Return a cell without quotes that the reader has left standing."""
        quoted = _QUOTED.fullmatch(cell) if self.plain else None
        return quoted[1].replace('""', '"') if quoted else cell

    def _is_torn(self, start: int, end: int, *, is_cut: bool) -> bool:
        """Whether an odd number of quotes is more than a sign within an unquoted cell."""
        if end - start > 1 or is_cut:
            return True
        try:
            next(csv.reader(self.lines[start:end], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return True
        return False

    def find_fault(self, cells: list[str], start: int, end: int) -> str:
        """Return why a row would not be read as it was written, or nothing."""
        is_cut = end >= len(self.lines) and not self.lines[-1].endswith("\n")
        if (
            not self.plain
            and self.text(start, end).count('"') % 2
            and self._is_torn(start, end, is_cut=is_cut)
        ):
            return "a quote is missing, so that cells run into each other; quote them, or export it again"
        n_filled = max((position for position, cell in enumerate(cells, 1) if cell.strip()), default=0)
        if len(self.header) > 2 and n_filled >= 2 * len(self.header) - 1:
            return f"{n_filled} cells in a table of {len(self.header)} columns: two rows have run together"
        if is_cut and len(cells) not in self.widths:
            return "the last row breaks off in the middle; export it again"
        return ""


def looks_like(text: str) -> bool:
    """Whether a row near the top names a title, or an identifier, and other columns of references."""
    return _find_shape(_split_lines(text, _HEAD)) is not None


def parse(text: str) -> Iterator[Part]:
    """Yield the rows below the header; a row that is damaged costs no other."""
    csv.field_size_limit(2**31 - 1)
    lines = _split_lines(text)
    shape = _find_shape(lines[:_HEAD])
    if shape is None:
        return
    if set(RECORDS.columns) <= set(shape.header):
        message = "is a table of peerreview's; peerreview export writes an export of it"
        raise InputError(message)
    first = shape.begin - 1
    preamble = "".join(lines[:first]).strip()
    if preamble and _find_shape(lines[:first]):
        yield Piece(1, _ANOTHER, preamble)
    elif preamble:
        yield Warned(1, "lines above the header", preamble)
    plain = shape.delimiter == "\t" and _is_plain(lines[shape.begin :], len(shape.header))
    rows = _Rows(lines, shape.delimiter, shape.header, plain, {len(shape.header)})
    yield from _parse_rows(rows, shape.begin)


def _is_plain(lines: Sequence[str], n_columns: int) -> bool:
    """Whether a table with tabs has one row per line: Web of Science then quotes nothing."""
    widths = [line.count("\t") + 1 for line in lines if line.strip()]
    return bool(widths) and sum(width >= n_columns for width in widths) > 0.9 * len(widths)


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a row, found by what its header calls them."""
    is_ours = _is_ours(raw)
    tags = [(header, as_meant(value)) for header, value in raw.tags] if is_ours else raw.tags
    fields = Fields(tags, own=is_ours, only=OWN_COLUMNS if is_ours else None)
    if is_ours:
        _take_as_written(fields)
    named = _columns(tuple(header for header, _ in raw.tags))
    fields.first("title", named["title"])
    is_pubmed = any(header == _PUBMED for header, _ in raw.tags)
    lent = [header for header in named["authors"] if _plain(header) in _EDITORS]
    fields.every("authors", named["authors"], _unstopped if is_pubmed else _authors, lent=lent)
    fields.first("year", named["year"], years.year_of_cell)
    fields.first("journal", named["journal"], _journal)
    fields.first("volume", named["volume"], _number)
    fields.first("issue", named["issue"], _number)
    _fill_pages(fields, named)
    _fill_from_citation(fields, named["citation"])
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
    found: dict[str, str] = {}
    for header, value in raw.tags:
        found.setdefault(_plain(header), value)
    where = NOWHERE
    for name in _names()["columns"]["url"]:
        where = origins.from_link(found[name], f"column {name!r}") if name in found else where
        if where.database:
            break
    named = next((found[key] for key in _SOURCES if key in found and origins.is_known(found[key])), "")
    # Embase.com says "MEDLINE" of some records, too: coverage, not another source.
    if named and where.database != "Embase":
        database = origins.database(named)
        where = Origin(database, origins.platform(database, where), how="column 'database'")
    for name in _WEB_OF_SCIENCE:
        if database := origins.web_of_science(found.get(name, "")):
            return Origin(database, "Web of Science", how=f"column {name!r}")
    for sign in _names()["origins"]:
        headers = sign["headers"]
        if not all(found.get(header) for header in headers):
            continue
        if not found[headers[0]].startswith(sign.get("starts", "")):
            continue
        if "database" in sign:
            return Origin(sign["database"], sign["platform"], how=f"column {headers[0]!r}")
        how = where.how or f"column {headers[0]!r}"
        return Origin(where.database, where.platform, sign["carrier"], how)
    return where


_NOBODY = re.compile(
    r"\[?no author(?: name| id)?(?:\(s\))? available\]?|anonymous|\[?no authors listed\]?\.?", re.IGNORECASE
)


def _authors(listed: Iterable[str]) -> str:
    # Google Scholar cuts long lists: "M Roe…"; BIOSIS adds e-mail addresses.
    people = [
        _EMAIL.sub("", name).rstrip("… ")
        for cell in listed
        for name in names.split_mixed(cells.without_entities(cell))
        if not _NOBODY.fullmatch(name)
    ]
    return names.authors(people)


_PUBMED = "Journal/Book"
"""A header of PubMed's table alone."""


def _unstopped(cells: Iterable[str]) -> str:
    # PubMed ends a list of authors with a full stop; its initials have none.
    return _authors(cell if _STOPPED.search(cell) else cell.removesuffix(".") for cell in cells)


_STOPPED = re.compile(r"\b[^\W\d_]\.(?=[ ,.-])")


_EMAIL = re.compile(r" *\([^()\s]*@[^()]*\)")


def _fill_pages(fields: Fields, named: Mapping[str, tuple[str, ...]]) -> None:
    fields.first("pages", named["pages"], pages.pages)
    first, last = named["first_page"], named["last_page"]
    start, end = (
        next(
            (cells[0] for header in headers if (cells := fields.left.get(header)) and _is_page(cells[0])), ""
        )
        for headers in (first, last)
    )
    fields.set("pages", pages.pages(_whole(start), _whole(end)), *first, *last)
    fields.first("pages", named["article_number"], pages.pages)


# J Inv. 2024 May;24(1):211-219. doi: 10.5555/peer.1.
_CITATION = re.compile(r"\b\d{4}[^;:]{0,20};([^():;]+)(?:\(([^()]*)\))?:([^.;:]+)\.")


def _fill_from_citation(fields: Fields, headers: Iterable[str]) -> None:
    """PubMed's table has volume, issue and pages in one cell with the journal and the date."""
    found = next((_CITATION.search(cell) for header in headers for cell in fields.left.get(header, [])), None)
    if found:
        fields.set("volume", found[1].strip())
        fields.set("issue", found[2] or "")
        fields.set("pages", pages.pages(found[3]))


def _is_page(value: str) -> bool:
    # Web of Science calls the sponsors of a conference "SP", as others do the first page.
    return _PAGE.fullmatch(value) is not None


_PAGE = re.compile(r"\W*(?:[^\W\d]{0,8}\W{0,2}\d.{0,20}|[ivxlc]+)\W*", re.IGNORECASE)


def _number(value: str) -> str:
    # Publish or Perish writes 0 for none, pandas 12.0 for 12.
    return "" if value in {"0", "0.0"} else _whole(cells.text(value))


def _whole(value: str) -> str:
    return numbers.whole(value) or value


def _type(value: str) -> str:
    # Web of Science: J for a journal, C for a conference.
    return "" if len(value) == 1 else cells.text(value)


def _journal(value: str) -> str:
    # Scopus names itself in "Source"; a journal, such as "IEEE Access", is in "Source title".
    return "" if origins.is_name(value) else cells.text(value)


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
    return cells.text(value).removeprefix("https://openalex.org/")


@cache
def _names() -> dict[str, Any]:
    text = files("peerreview.imports.formats").joinpath("headers.toml").read_text(encoding="utf-8")
    return toml.parse(text).content


@cache
def _known() -> dict[str, str]:
    """Return each header's plain name → its column; a name that two columns share goes to the first."""
    known: dict[str, str] = {}
    for column, headers in _names()["columns"].items():
        for name in headers:
            known.setdefault(name, column)
    return known


@lru_cache(maxsize=10_000)
def _plain(header: str) -> str:
    return _NOT_PLAIN.sub(" ", header).strip().lower()


@lru_cache(maxsize=1_000)
def _columns(headers: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the headers of a row by column, in the order of ``headers.toml``."""
    same: dict[str, list[str]] = {}
    for header in dict.fromkeys(headers):
        same.setdefault(_plain(header), []).append(header)
    found = {
        column: tuple(header for name in names for header in same.get(name, ()))
        for column, names in _names()["columns"].items()
    }
    if "ut" in same:
        # Web of Science: ID are keywords that it adds, not an id; X4 and X5 are of another language.
        found["accession"] = tuple(
            header for header in found["accession"] if header not in same.get("id", ())
        )
        for column, names in (("keywords", ("id", "x5", "y5", "z5")), ("abstract", ("x4", "y4", "z4"))):
            found[column] += tuple(header for name in names for header in same.get(name, ()))
    return found


def _split_lines(text: str, most: int = -1) -> list[str]:
    lines = text.split("\n", most) if most > 0 else text.split("\n")
    rest = lines.pop()
    kept = [f"{line}\n" for line in lines]
    return [*kept, rest] if rest and len(kept) != most else kept


def _find_shape(lines: Sequence[str]) -> _Shape | None:
    best: _Shape | None = None
    most = 0
    for delimiter in DELIMITERS:
        reader = csv.reader(iter(lines), delimiter=delimiter, skipinitialspace=True)
        above = False
        try:
            for cells in reader:
                hits = _count_known(cells)
                if hits > most and _is_header(cells, hits) and not (above and len(cells) < 3):
                    best = _Shape(delimiter, _strip_header(cells), reader.line_num)
                    most = hits
                above = above or any(cells)
        except csv.Error:
            continue
    return best


def _strip_header(cells: Sequence[str]) -> tuple[str, ...]:
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    return tuple(header)


def _count_known(cells: Sequence[str]) -> int:
    known = _known()
    return sum(len(cell) < 60 and _plain(cell) in known for cell in cells)


def _is_header(cells: Sequence[str], hits: int) -> bool:
    """Whether a row names columns: several that are known, or a title alone."""
    filled = [cell for cell in cells if cell.strip()]
    if any("\n" in cell and len(cell) > _LONGEST_HEADER for cell in filled):
        return False
    columns = {_known().get(_plain(cell)) for cell in filled}
    if columns.isdisjoint({"title", "doi", "pmid", "accession"}):
        return False
    if len(filled) < 3:
        return "title" in columns and hits == len(filled)
    return hits >= 2 and not any(cell.strip().isdigit() for cell in filled)


def _parse_rows(rows: _Rows, begin: int) -> Iterator[Part]:
    start = begin
    while start < len(rows.lines):
        base = start
        reader = rows.read(base, len(rows.lines))
        for row in reader:
            end = base + reader.line_num
            problem = rows.find_fault(row, start, end)
            if problem:
                resume = _find_row(rows, start + 1, end)
                yield Piece(start + 1, problem, rows.text(start, resume))
                start = resume
                break
            if len(row) == 1 and len(rows.header) > 2 and _find_shape(rows.lines[start:end]):
                yield Piece(start + 1, _ANOTHER, rows.text(start, len(rows.lines)))
                return
            yield from _read_row(row, rows, start, end)
            start = end
        else:
            return


def _find_row(rows: _Rows, start: int, end: int) -> int:
    """Return the first line after a damaged row's first at which a sound row begins."""
    for here in range(start, min(end, start + _FARTHEST)):
        if rows.delimiter not in rows.lines[here]:
            continue
        reader = rows.read(here, min(here + _LONGEST, len(rows.lines)))
        cells: list[str] = next(reader, [])
        if len(cells) in rows.widths and not rows.find_fault(cells, here, here + reader.line_num):
            return here
    return end


def _read_row(cells: list[str], rows: _Rows, start: int, end: int) -> Iterator[Part]:
    filled = [position for position, cell in enumerate(cells) if cell.strip()]
    if not filled:
        return
    text = rows.text(start, end)
    known = _known()
    if sum(_plain(cell[:60]) in known for cell in cells[:5]) > 1:
        hits = _count_known(cells)
        # A record may be called "Title", by "Author"; another table's header lacks no cell in between.
        is_whole = filled[-1] - filled[0] < len(filled) or _strip_header(cells) == rows.header
        if is_whole and hits >= 0.6 * len(filled) and _is_header(cells, hits):
            rows.header = _strip_header(cells)
            rows.widths = {len(cells)}
            yield Warned(start + 1, "a header row again", text)
            return
    header = rows.header
    if cells[0].strip().lower() == "search query" and len(filled) == 2:
        yield Warned(start + 1, "a search between rows", text)
        return
    if len(header) > 2 and (len(cells) == 1 or (filled == [0] and known.get(_plain(header[0])) != "title")):
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
    for column, positions, read, fault in _numbers_of(names):
        told = [cells[position] for position in positions if position < len(cells)]
        if any(map(read, told)):
            continue
        spoilt = next((cell for cell in told if _MAY_BE_NUMBER.search(cell)), "")
        if spoilt:
            yield Warned(line, f"{column} {spoilt[:_LONGEST_TOLD]!r} {fault}; left blank")


@lru_cache(maxsize=1_000)
def _numbers_of(names: tuple[str, ...]) -> list[tuple[str, list[int], Callable[[str], str], str]]:
    """Return the columns of numbers that a table has, and where they stand."""
    headers = _columns(names)
    places = {
        column: [position for position, name in enumerate(names) if name in headers[column]]
        for column, _, _ in _NUMBERS
    }
    return [(column, places[column], read, fault) for column, read, fault in _NUMBERS if places[column]]


_MAY_BE_NUMBER = re.compile(r"[1-9]")
_LONGEST_TOLD = 60
_NUMBERS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("pmid", lambda cell: identifiers.pmid(cell) or identifiers.named_pmid(cell), "is no PubMed number"),
    ("year", years.year_of_cell, "is no year, or was one before a spreadsheet made a date of it"),
    ("pages", lambda cell: "" if pages.is_spoilt(cell) else cell, "are a date or rounded, by a spreadsheet"),
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
        (position, _CHECKS[name]) for position, name in enumerate(map(_plain, header)) if name in _CHECKS
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
    **dict.fromkeys(_names()["columns"]["year"], re.compile(r".*\d{4}|\d{1,2}/")),
    **dict.fromkeys(_names()["columns"]["doi"], re.compile(r".*10\.\d{4}")),
    **dict.fromkeys(_names()["columns"]["issn"], re.compile(r"\d{4}-?\d{3}[\dXx]")),
    **dict.fromkeys(_names()["columns"]["isbn"], re.compile(r"[\dXx][\dXx-]{8,}")),
    **dict.fromkeys(_names()["columns"]["pmid"], re.compile(r"\D{0,8}\d{1,8}$")),
    **dict.fromkeys(_names()["columns"]["url"], re.compile(r"https?:")),
    "eid": re.compile(r"2-s2\.0-"),
}
"""What stands in columns that can be told apart, by the plain name of their headers."""
