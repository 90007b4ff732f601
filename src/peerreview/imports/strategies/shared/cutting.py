# ruff: noqa: E501  one pattern, one line
"""The rows of a saved history → its lines: number, text, hits, wherever these stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from peerreview.imports.strategies import Aside, Entry, Row, Strategy
from peerreview.imports.strategies.shared import glued, ordering, positions
from peerreview.values import dates

_GROUPED = r"\d{1,3}(?:[,.'’]\d{3})+(?!\d)|\d{1,9}"
_BLANKS = r"\d{1,3}(?: \d{3})+(?!\d)"
"""Digits in groups with blanks between: a number only where something else than a blank stands before it."""
COUNT = re.compile(
    rf"\s*(?:\(?n\s*=\s*)?[(\[]?(?P<hits>{_BLANKS}|{_GROUPED})[)\]]?\s*[*°†]?\s*"
    r"(?:document results?|results?|hits?|records?|references?|citations?|items?|articles?)?\s*",
    re.IGNORECASE,
)
"""A cell that holds the number of records found, and nothing else."""
_UNIT = r"(?:document results?|results?|hits?|records?|references?|citations?|articles?|items?)"
_LAST = re.compile(
    # Nothing that is searched goes on with a number behind a bracket, a quotation mark or a line's number.
    rf"(?:(?P<wide>(?:(?<=[)\]\"”*])|(?<=#\d)|(?<=#\d\d)|(?<=#\d\d\d))[ ](?={_BLANKS}\s*\Z)"
    rf"|(?:[ ]{{2,}}|\t|\n)\s*|\s*(?:[(\[]|\bn\s*=\s*|\bresults?:\s*|(?<=[\s.…])[.…]{{2,}}\s*)"
    rf"(?:n\s*=\s*)?|\s*[-–—=:;,]\s*(?=(?:{_BLANKS}|{_GROUPED})\s*{_UNIT}\b)"
    rf"|(?<=[)\]\"”/.*])\s*[-–—=:]\s(?=\d))(?P<apart>{_BLANKS}|{_GROUPED})|[ ](?P<near>{_GROUPED}))"
    r"[)\]]?\s*[*°†]?(?P<unit>\s*" + _UNIT + r")?"
    r"[.;,\s]*\Z",
    re.IGNORECASE,
)
_UNENDED = re.compile(
    r"(?:\b(?:or|and|not|from|to|keep|adj\d*|near|in|between|yr|since|after|before|w|n)|\b(?:or|and)\s*/|[-=(,<>:])\s*\Z",
    re.IGNORECASE,
)
"""What asks for a number behind it: that is no count of records."""
_ENDED = re.compile(r"[)\]\"”/]\Z|\.[a-z]{2}(?:,[a-z]{2})*\.\Z")
"""What no number belongs to that stands behind it."""
_FIRST = re.compile(rf"\s*(?P<hits>{_GROUPED})(?:\s{{2,}}|\t|\n|\s+(?=[(#\[\"'A-Za-z]))", re.IGNORECASE)
_BULLETS = "•·▪◦‣●○■□*–—-"
_DATE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}\b", re.IGNORECASE)
_TIME = re.compile(r"\s*\d{1,2}:\d{2}(?::\d{2})?\s*")
_RULE = re.compile(r"\s*[*=_#~\-\u2500\u2014.]{3,}\s*")
_WAITS = re.compile(r"\b(?:or|and|not)\s*\Z", re.IGNORECASE)
_NO_TEXT = re.compile(r"\s*(?:or|and|not)\b(?!\s*/)", re.IGNORECASE)
_TOUCHED = re.compile(r"[A-Za-z(\[\"“'*#{]")
_DOTTED = re.compile(r"\s*\d{1,3}\.[A-Za-z(\[\"]")
_GOES_ON = re.compile(
    r"(?!\s*(?:limit \S+ to|remove duplicates)\b)(?:\s+\S|[a-z)\]\"*$]|(?:OR|AND|NOT|ADJ|NEAR)\b)"
)
_BY_PLACE = "its lines have no numbers: each has that of its place, as the lines that combine them call them"
_NOTE = re.compile(r"\s*(?:key|notes?|abbreviations?|legend|footnotes?|comments?)\s*[:=]", re.IGNORECASE)
"""What begins an explanation below a line."""
_HEADING = re.compile(
    r"\s*(?:(?:Part|Section|Block|Concept)\s+(?:[IVX]+|\d{1,2})\b.*|(?:[IVX]+\.\s+)?[A-Z][^\"*\[\]=]*:)\s*"
)
_CLOSED = re.compile(r"(?:[)\]\"”/]|\.[a-z]{2}(?:,[a-z]{2})*\.?|\b\d{1,3}\.?)\s*\Z")
_TAIL = 120
_BROKEN = re.compile(r"\d{1,3}(?:,\d{3})*,(\d{1,2})")
_HEADS = {
    "number": r"(?:#|no\.?|nr\.?|s/?n|set ?#?s?|id|search ?(?:id|number|no\.?|#)|line(?: ?(?:no\.?|number|#))?|step|number)",
    "text": r"(?:quer(?:y|ies)|searche?s?|search(?:ed)? ?(?:terms?|quer(?:y|ies)|strateg(?:y|ies)|statements?|strings?|for|history|syntax)"
    r"|terms?|(?:search )?key ?words?|syntax|strateg(?:y|ies)|boolean(?: (?:quer(?:y|ies)|strings?|phrases?))?)",
    "hits": r"(?:(?:number of |no\.? of |# of |n\.? of )?(?:results?|hits?|records?|articles?|references?|citations?|items(?: found)?)(?: found)?"
    r"|items found|count|n|recherche|résultats)",
    "concept": r"(?:concepts?|facets?|blocks?|elements?|topics?|pico(?:s|t)?(?: elements?)?)",
    "details": r"(?:search )?details",
    "filters": r"filters?|limit(?:er)?s?(?:/expanders)?|limiters/expanders",
    "database": r"databases?|last run via|source",
    "date": r"(?:results )?date(?: run)?|time",
}
_HEAD_OF = {name: re.compile(rf"\W*(?:{pattern})\W*", re.IGNORECASE) for name, pattern in _HEADS.items()}
_RUN_ON = re.compile(
    r"\b(?:search(?:ed)?|run|conducted)(?: on| date)?:?\s+(\d{1,2}\.? [A-Z][a-z]{2,8}\.? \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{4}-\d{2}-\d{2})"
)
"""A day among words: only where it can be no other day."""
_IN_QUERY = re.compile(r"[\"()\[\]*=]|(?:^|\s)(?:AND|OR|NOT)(?:\s|$)")
"""What a line of a query without numbers has, and a heading has not."""
_SAID = re.compile(
    rf"(?P<hits>{_GROUPED})\s+(?:document )?(?:results?|hits?|records?|references?|citations?|articles?)\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(rf"\({_SAID.pattern}\)\s*\Z", re.IGNORECASE)
"""A count behind a heading: ``PsycINFO (70 results)``."""
_QUERY = re.compile(r"\W*quer(?:y|ies)\W*", re.IGNORECASE)
_TOLD = re.compile(
    r"\s*(?P<what>database|data ?base\(?s?\)?|databases?|source|platform|interface|provider|host|via|"
    r"date(?: (?:run|searched|of (?:the )?search|last searched))?|searched(?: on)?|search date|run on|"
    r"search name|comment|name|title|last saved|search strategy|strategy|search history|query|search)\s*[:\t]\s*(?P<said>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Marks:
    """
    How a platform writes a history.

    ``prefix`` is what stands before a line's number there; ``lead`` is cut off before what was searched.
    ``asides`` are cut out of a line's text: what they find as ``hits``, ``limits``, ``database`` or
    ``date`` is kept as that. ``noise`` are rows that are no part of a search; ``database`` and ``date`` are
    looked for in the rows above it, in their group 1.
    """

    prefix: str = r"#?"
    lead: re.Pattern[str] | None = None
    asides: tuple[re.Pattern[str], ...] = ()
    noise: re.Pattern[str] | None = None
    database: re.Pattern[str] | None = None
    date: re.Pattern[str] | None = None


@dataclass
class _Found:
    """A line in the making: the rows that it takes, and what cells of its own said."""

    row: Row
    number: str
    pieces: list[tuple[int, str]] = field(default_factory=list)
    hits: str = ""
    limits: str = ""
    database: str = ""
    date: str = ""


def digits(count: str) -> str:
    """
    Return the digits of a count of records.

    >>> digits("1,204"), digits("256 597"), digits("0")
    ('1204', '256597', '0')
    """
    bare = re.sub(r"\D", "", count)
    return bare.lstrip("0") or "0" if bare else ""


def cut(rows: Sequence[Row], marks: Marks) -> Strategy:
    """
    Return the lines of a history, in their order there, and what stands above and between them.

    Raises
    ------
    InputError
        Where numbers begin again: a file holds one search.
    """
    plain = [row for row in rows if not _RULE.fullmatch(row.text)]

    def without_noise(some: Sequence[Row]) -> list[Row]:
        return [row for row in some if not (marks.noise and marks.noise.fullmatch(row.text))]

    kept = without_noise(plain)
    columns, heads = _columns(plain), 0
    if columns is not None:
        header, named = columns
        heads = id(plain[header])
        found, asides = _by_columns(without_noise(plain[header + 1 :]), named, marks)
    else:
        kept = glued.apart(kept, marks.prefix)
        found, asides = _by_numbers(kept, marks)
        touching, n_touching = glued.opened(kept)
        if n_touching > len(found):
            found, asides = _by_numbers(touching, marks)
    notes: tuple[Aside, ...] = ()
    if not found and (placed := positions.place(kept)):
        found, asides = _by_numbers(placed.lines, marks)
        asides += [Aside(row.line, " ".join(row.text.split())) for row in placed.below]
        notes = (Aside(found[0].row.line, _BY_PLACE),)
    if not found:
        return _whole(kept, marks)
    for each in found:
        _tidy(each, marks)
    _read_hits(found)
    # A page may have all its rows in one line.
    opening = {id(each.row) for each in found}
    database, date = _told(list(takewhile(lambda row: id(row) not in {*opening, heads}, plain)), marks)
    entries = tuple(
        Entry(each.row.line, each.number, _joined(each), each.hits, each.limits) for each in found
    )
    database = database or next((each.database for each in found if each.database), "")
    date = date or next((each.date for each in reversed(found) if each.date), "")
    return Strategy(entries, database, date, tuple(sorted(asides)), notes)


def _joined(found: _Found) -> str:
    return " ".join(piece.strip() for _, piece in found.pieces if piece.strip())


# Tables: the header says what a column is.


def _columns(rows: Sequence[Row]) -> tuple[int, dict[str, int]] | None:
    """Return the header row's place, and which column is what; None where there is none."""
    for place, row in enumerate(rows):
        if len(row.cells) < 2:
            continue
        named: dict[str, int] = {}
        for column, cell in enumerate(row.cells):
            for name, pattern in _HEAD_OF.items():
                if name not in named and pattern.fullmatch(" ".join(cell.split())):
                    named[name] = column
                    break
        if "concept" in named:
            # What the lines beside it are about, unless nothing else says what was searched.
            concept = named.pop("concept")
            named.setdefault("text", concept)
        query = next((at for at, cell in enumerate(row.cells) if _QUERY.fullmatch(cell)), None)
        if query is not None and named.get("text", query) != query:
            # PubMed calls the number of a search "Search".
            named.setdefault("number", named["text"])
            named["text"] = query
        if "text" in named and ("hits" in named or "number" in named) and len(row.cells) - len(named) <= 4:
            below = rows[place + 1 :]
            wide = sum(len(other.cells) >= len(row.cells) - 1 > 0 for other in below)
            # Where cells go on over lines of text, numbers tell more than columns do.
            if wide and wide * 2 >= len(below):
                return place, named
    return None


def _by_columns(rows: Sequence[Row], named: dict[str, int], marks: Marks) -> tuple[list[_Found], list[Aside]]:
    found: list[_Found] = []
    asides: list[Aside] = []
    number_of = re.compile(rf"\s*(?:{marks.prefix}|#|S)?\s*#?(\d{{1,3}})\s*[.:)]?\s*")
    for row in rows:
        cells = {name: row.cells[column] for name, column in named.items() if column < len(row.cells)}
        if all(not cell or _HEAD_OF[name].fullmatch(" ".join(cell.split())) for name, cell in cells.items()):
            continue  # the header again, on another page
        number = number_of.fullmatch(cells.get("number", ""))
        text = cells.get("text", "")
        if "number" in named and not number:
            if (
                found
                and not cells.get("number", "").strip()
                and text.strip()
                and not cells.get("hits", "").strip()
            ):
                found[-1].pieces.append((row.line, text))
            elif found and any(pattern.search(row.text) for pattern in marks.asides):
                found[-1].pieces += [(row.line, cell) for cell in row.cells]
            elif any(cell.strip() for cell in row.cells):
                asides.append(Aside(row.line, " ".join(row.text.split())))
            continue
        if not text.strip():
            asides.append(Aside(row.line, " ".join(row.text.split())))
            continue
        each = _Found(row, number[1] if number else str(len(found) + 1))
        count = COUNT.fullmatch(cells.get("hits", ""))
        hits = digits(count["hits"]) if count else ""
        if not count and cells.get("hits", "").strip():
            text = f"{text}\t{cells['hits']}"
        each.pieces, each.hits = [(row.line, text)], hits
        each.limits = " ".join(cells.get("filters", "").split())
        each.database = " ".join(cells.get("database", "").split())
        each.date = _day(cells.get("date", ""))
        found.append(each)
    return found, asides


# Text: a number opens a line.


def _by_numbers(rows: Sequence[Row], marks: Marks) -> tuple[list[_Found], list[Aside]]:
    candidates = list(_candidates(rows, marks))
    chosen = ordering.in_order(candidates, rows)
    # Counts and times of day on rows of their own are numbers, too; where lines have a sign, they have none.
    signed = ordering.in_order([each for each in candidates if each.sign], rows)
    chosen = signed if len(signed) >= max(len(chosen), 2) else chosen
    if not chosen:
        return [], []
    found: list[_Found] = []
    asides: list[Aside] = []
    places = [each.place for each in chosen]
    for each, end in zip(chosen, [*places[1:], len(rows)], strict=True):
        row = rows[each.place]
        line = _Found(row, str(each.number))
        _take_cells(line, each.rest)
        line.pieces = line.pieces or [(row.line, each.rest)]
        last, is_over = row.line, False
        for more in rows[each.place + 1 : end]:
            if line.pieces and (is_over or not _continues(line, more, last, marks)):
                # Behind a heading stands no more of a line that has its count: neither limits nor another.
                is_over = (
                    is_over
                    or bool(line.hits or _NOTE.match(more.text))
                    or _is_apart(_count_at_end(f"\n{line.pieces[-1][1]}"))
                )
                asides.append(Aside(more.line, " ".join(more.text.split())))
                continue
            line.pieces.append((more.line, more.text))
            last = more.line
        line.pieces = _mended(line.pieces)
        found.append(line)
    return found, asides


def _mended(pieces: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """
    Return pieces with a count as one that a narrow column broke.

    >>> _mended([(1, "x"), (2, "636,94"), (3, "5")])
    [(1, 'x'), (2, '636,945')]
    """
    whole: list[tuple[int, str]] = []
    for line, piece in pieces:
        before = whole[-1][1].strip() if whole else ""
        broken = _BROKEN.fullmatch(before)
        if broken and re.fullmatch(rf"\d{{{3 - len(broken[1])}}}", piece.strip()):
            whole[-1] = (whole[-1][0], before + piece.strip())
        else:
            whole.append((line, piece))
    return whole


def _candidates(rows: Sequence[Row], marks: Marks) -> Iterator[ordering.Candidate]:
    opening = re.compile(
        rf"[\s{_BULLETS}]*(?P<word>(?:line|step|search|query|set)\s+)?(?P<bracket>[\[(])?"
        rf"(?P<prefix>{marks.prefix}|#|[SL](?=\d))\s*(?P<number>\d{{1,3}})(?(bracket)[\])])"
        r"(?P<end>\s*[.):]|)(?P<gap>\s+|\Z|)(?P<rest>(?s:.*))",
        re.IGNORECASE,
    )
    are_touching = sum(bool(_DOTTED.match(row.text)) for row in rows) > 1
    for place, row in enumerate(rows):
        opened = opening.fullmatch(row.text)
        if not opened or _NO_TEXT.match(opened["rest"]) or _DATE.match(opened["rest"]):
            continue
        if _TIME.fullmatch(row.text):
            continue
        if not opened["gap"] and opened["rest"] and not _is_touching(opened, others=are_touching):
            continue
        if not opened["rest"].strip() and place and _WAITS.search(rows[place - 1].text):
            continue  # a line named last, for which the cell was too narrow
        signs = (opened["prefix"], opened["word"], opened["bracket"], opened["end"])
        strong = any(signs) or bool("\t" in opened["gap"] or len(opened["gap"]) > 1)
        yield ordering.Candidate(place, int(opened["number"]), opened["rest"], strong, opened["prefix"])


def _is_touching(opened: re.Match[str], *, others: bool) -> bool:
    """Whether a number opens the line that it touches, as others do: ``#1(heart)``, ``2.exp Stroke/``."""
    if _TOUCHED.match(opened["rest"]):
        return bool(opened["prefix"]) or opened["end"] == "."
    return others and opened["end"] == "." and opened["rest"][0].isdigit()


def _take_cells(line: _Found, rest: str) -> None:
    """Read the cells behind a number that has a cell of its own: text and hits, or hits and text."""
    cells = [cell for cell in rest.split("\t") if cell.strip()]
    if len(cells) < 2:
        return
    counts = [place for place, cell in enumerate(cells) if COUNT.fullmatch(cell)]
    if not counts:
        return
    place = 0 if counts[0] == 0 and len(counts) == 1 else counts[-1]
    count = COUNT.fullmatch(cells[place])
    line.hits = digits(count["hits"]) if count else ""
    line.pieces = [(line.row.line, cell) for cell in (cells[1:] if place == 0 else cells[:place])]


def _continues(line: _Found, row: Row, last: int, marks: Marks) -> bool:
    """Whether a row goes on with a line that may have had its count already."""
    if any(pattern.search(row.text) for pattern in marks.asides):
        return True
    if COUNT.fullmatch(row.text):
        return True
    count = _count_at_end(f"\n{line.pieces[-1][1]}")
    *earlier, (_, latest) = line.pieces
    whole = "\n".join([*(piece for _, piece in earlier), latest])
    before = whole
    if count and not line.hits:
        before = "\n".join([*(piece for _, piece in earlier), latest[: max(count.start() - 1, 0)]])
    if not line.hits and (not count or (count["near"] and not is_whole(before))):
        return not _is_heading(row.text, whole)
    if not is_whole(before):
        return True
    return row.line <= last + 1 and bool(_GOES_ON.match(row.text))


def _is_heading(text: str, before: str) -> bool:
    """Whether a row is none of a line that ends before it: what explains it, or what the next ones are about."""
    if not before.strip() or not is_whole(before):
        return False
    if _NOTE.match(text) or _HEADING.fullmatch(text) or positions.combines(text):
        return True
    return bool(_CLOSED.search(before)) and text.lstrip()[:1].isupper() and not _IN_QUERY.search(text)


def _is_apart(count: re.Match[str] | None) -> bool:
    return count is not None and count["apart"] is not None


def _count_at_end(text: str) -> re.Match[str] | None:
    """Return the count that a text ends in; its place is that in the text."""
    # From its last letters alone: a pattern that ends somewhere is tried from everywhere.
    return _LAST.search(text, max(len(text) - _TAIL, 0))


def is_whole(text: str) -> bool:
    """
    Return whether what was searched ends here: no operator waits for what follows, no bracket is open.

    >>> is_whole("S14 OR S15 OR"), is_whole("(a or b"), is_whole("(a or b).ti.")
    (False, False, True)
    """
    return not _UNENDED.search(text, max(len(text) - _TAIL, 0)) and text.count("(") <= text.count(")")


# Counts, where they stand in the text itself.


def _tidy(line: _Found, marks: Marks) -> None:
    """Cut what is no part of the search out of a line's text."""
    pieces = [piece for _, piece in line.pieces]
    text = "\n".join(pieces)
    whole = text
    for pattern in marks.asides:
        for aside in pattern.finditer(text):
            told = {name: " ".join(said.split()) for name, said in aside.groupdict().items() if said}
            line.hits = line.hits or digits(told.get("hits", ""))
            line.limits = "; ".join(filter(None, [line.limits, told.get("limits", "")]))
            line.database = line.database or told.get("database", "")
            line.date = line.date or _day(told.get("date", ""))
        text = pattern.sub("\n", text)
    if marks.lead:
        text = marks.lead.sub("", text, count=1)
    if text != whole or len(pieces) == 1:
        line.pieces = [(line.row.line, piece) for piece in text.split("\n") if piece.strip()]


def _read_hits(found: Sequence[_Found]) -> None:
    """Read the count at the end, or at the beginning, of each line that has none from a cell of its own."""
    left = [each for each in found if not each.hits]
    ends = [_last(each) for each in left]
    # A count known by its groups alone, behind one blank, does not say that the others stand apart.
    n_apart = sum(bool(end and end[1]["apart"] and end[1]["wide"] != " ") for end in ends)
    n_ends = sum(end is not None for end in ends)
    firsts = [_FIRST.match("\n".join(piece for _, piece in each.pieces)) for each in left]
    if left and sum(map(bool, firsts)) > max(0.8 * len(left), n_ends):
        for each, first in zip(left, firsts, strict=True):
            if first:
                text = "\n".join(piece for _, piece in each.pieces)
                each.hits, each.pieces = digits(first["hits"]), [(each.row.line, text[first.end() :])]
        return
    if n_ends * 2 <= len(left) and not n_apart * 3 >= len(left):
        # Numbers at the end of a few lines are part of what was searched, unless they touch it in most.
        _read_touching(left)
        return
    # Where most counts stand apart from the text, a number that does not is part of it.
    only_apart = n_apart * 4 >= n_ends * 3
    for each, end in zip(left, ends, strict=True):
        if not end:
            continue
        place, count = end
        line, piece = each.pieces[place]
        if only_apart and not count["apart"] and not _ENDED.search(piece[: count.start()]):
            continue
        each.hits = digits(count["apart"] or count["near"])
        each.pieces[place] = (line, piece[: count.start()])


def _read_touching(lines: Sequence[_Found]) -> None:
    texts = [(int(each.number), "\n".join(piece for _, piece in each.pieces)) for each in lines]
    for each, (text, hits) in zip(lines, glued.hits_of(texts), strict=True):
        if hits:
            each.hits, each.pieces = digits(hits), [(each.row.line, piece) for piece in text.split("\n")]


def _last(line: _Found) -> tuple[int, re.Match[str]] | None:
    """Return the piece of a line that ends in a count, the last one first, and the count."""
    for place in range(len(line.pieces) - 1, -1, -1):
        piece = line.pieces[place][1]
        alone = COUNT.fullmatch(piece)
        padded = f"\n{piece}" if alone else piece
        count = _count_at_end(padded)
        if not count:
            continue
        before = padded[: count.start()] if not alone else "".join(each for _, each in line.pieces[:place])
        if count["near"] and _UNENDED.search(before, max(len(before) - _TAIL, 0)):
            continue
        if not before.strip() and place == 0:
            continue
        if alone:
            line.pieces[place] = (line.pieces[place][0], padded)
        return place, count
    return None


# What is told above.


def _told(above: Sequence[Row], marks: Marks) -> tuple[str, str]:
    """Return the database and the day that rows above a search name."""
    database, date = "", ""
    for row in above:
        text = row.text.strip()
        if marks.database and not database and (found := marks.database.search(text)):
            database = next(filter(None, found.groups()), "").strip()
        for pattern in (marks.date, _RUN_ON):
            if pattern and not date and (found := pattern.search(text)):
                date = _day(found[1].strip())
        told = _TOLD.fullmatch(text)
        if not told:
            continue
        what, said = told["what"].lower(), told["said"].strip()
        if what.startswith(("database", "data base", "source")):
            database = database or said
        elif what.startswith(("date", "searched", "search date", "run on")):
            date = date or _day(said)
    return database, date


def _day(said: str) -> str:
    """Return the day of a date that may have a time behind it."""
    said = re.sub(r"^(?:\w{3},? )?(\w{3,9}) (\d{1,2}) (\d{4})\b", r"\2 \1 \3", said)
    bare = re.sub(r"[ T,]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[AP]M)?.*", "", said, flags=re.IGNORECASE)
    return dates.one_way(bare.strip())


def _whole(rows: Sequence[Row], marks: Marks) -> Strategy:
    """Return a search of one line that has no number."""
    above = [
        row
        for row in rows
        if not _IN_QUERY.search(_BRACKETED.sub("", row.text)) or _TOLD.fullmatch(row.text.strip())
    ]
    body = [row for row in rows if row not in above or COUNT.fullmatch(row.text)] or list(rows)
    if not body:
        return Strategy(())
    line = _Found(body[0], "1", [(row.line, row.text) for row in body])
    _tidy(line, marks)
    end = _last(line)
    if not line.hits and end and (end[1]["unit"] or end[1]["apart"]):
        place, count = end
        line.hits = digits(count["apart"] or count["near"])
        number, piece = line.pieces[place]
        line.pieces[place] = (number, piece[: count.start()])
    said = (found for row in above if (found := _SAID.search(row.text)))
    hits = line.hits or next((digits(found["hits"]) for found in said), "")
    database, date = _told(above, marks)
    entry = Entry(body[0].line, "1", _joined(line), hits, line.limits)
    seam = _seam(rows, body)
    notes = (Aside(seam.line, _SEAM),) if seam else ()
    return Strategy((entry,), database or line.database, date or line.date, (), notes)


_SEAM = (
    "no operator stands between what is searched here and above: if it is another search, put it in a file of its own; "
    "they are read as one"
)
_BEGINS = re.compile(r"\s*(?:and|or|not|adj\d*|near\S*|w/\d+|limit|filters?)\b", re.IGNORECASE)


def _seam(rows: Sequence[Row], body: Sequence[Row]) -> Row | None:
    """Return the row that begins another search, or part of one, behind a heading or closed brackets."""
    places = {id(row): place for place, row in enumerate(rows)}
    before = ""
    for last, row in zip((None, *body), body, strict=False):
        is_behind = last is not None and places[id(row)] - places[id(last)] > 1
        is_closed = before.rstrip().endswith(")") and row.text.lstrip().startswith("(")
        is_query = bool(_IN_QUERY.search(_BRACKETED.sub("", row.text)))
        if is_query and (is_behind or is_closed) and is_whole(before) and not _BEGINS.match(row.text):
            return row
        before = f"{before} {row.text}"
    return None
