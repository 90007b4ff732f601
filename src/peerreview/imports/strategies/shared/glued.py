"""
What copying took the space out of: several lines in one row, a count that touches what was searched.

A journal's page has all lines of a search in one paragraph; a table's cells
come out of a document with nothing between them; a manuscript has the
numbers of its own lines in the margin. Each is taken apart only where the
numbers of the lines leave no other reading.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from peerreview.imports.strategies import Row

FEWEST = 3
"""Lines in one row, one after the other, that are no accident."""
_WAITS = re.compile(
    r"(?:\b(?:or|and|not|from|to|keep|adj\d*|near|next|in|between|yr|phase|type|stage|grade)"
    r"|\b(?:or|and)\s*/|[-\u2010-\u2015=(,<>:])\s*\Z",
    re.IGNORECASE,
)
"""What a number behind it belongs to."""
_JOINS = re.compile(r"(?:or|and|not)\b(?!\s*/)", re.IGNORECASE)
_ENDED = re.compile(r"(?:[)\]/]|\.[a-z]{2}(?:,[a-z]{2})*\.?)\s*\Z", re.IGNORECASE)
_TAIL = 60
_NEARBY = 5
"""Numbers that a search may skip, where lines were left out."""
_TEXT = re.compile(r"\s*[A-Za-z(\[\"“'‘*]|\s*\d{1,3}\s+(?:or|and|not)\b", re.IGNORECASE)
"""What a line begins with."""
_PART = re.compile(
    r"(?<=[.)/\d\]\"*])\s+(?P<heading>(?:Part|Section|Block|Concept)\s+(?:[IVX]+|\d{1,2})\b.*)\Z", re.DOTALL
)
"""A heading behind a line: ``or/1-3 Part II. Intervention``."""
_CLOSED = re.compile(
    r"(?:[)\]\"”/*.$?]|\n\s*|\b(?:trees|only|Trials|Reviews))(?P<hits>\d{1,3}(?:,\d{3})+|\d+)\Z"
)
"""A count that touches what no number belongs to: a bracket, a field tag, the end of a heading's words."""
_NAMED_LAST = re.compile(
    r"(?P<before>(?:(?:\A|.*[\s(])(?:or|and|not)\s+|(?:or|and)/.*[-\u2010-\u2015,/]))(?P<sign>[#S]?)(?P<all>\d+)\Z",
    re.IGNORECASE | re.DOTALL,
)


class _Marker(NamedTuple):
    start: int
    end: int
    number: int
    style: tuple[bool, str]


def apart(rows: Sequence[Row], prefix: str) -> list[Row]:
    """
    Return rows with one line of a search each, where several stood in one.

    Parameters
    ----------
    prefix : a pattern of what stands before a line's number.
    """
    found: list[Row] = []
    plain = _without_margin(rows, prefix)
    opened = [_opened(row.text, prefix) for row in plain]
    last = 0
    for at, row in enumerate(plain):
        chain = _chain(row.text, prefix, last + 1) or _chain(row.text, prefix, 1)
        after = next((number for number in opened[at + 1 :] if number), 0)
        fewest = 2 if chain and opened[at] == last + 1 and after == chain[-1].number + 1 else FEWEST
        if len(chain) < fewest:
            last = opened[at] or last
            found.append(row)
            continue
        last = chain[-1].number
        found += _each(row, chain)
    return found


def _opened(text: str, prefix: str) -> int:
    """Return the number that a row begins with; 0 where it begins with none."""
    number = re.match(rf"\s*(?:{prefix})(\d{{1,3}})[.):]?\s+(?=\S)", text)
    return int(number[1]) if number else 0


def _each(row: Row, chain: Sequence[_Marker]) -> Iterator[Row]:
    """Yield what stands above the lines of a row, each line, and the headings between."""
    if lead := row.text[: chain[0].start].strip():
        yield Row(row.line, (lead,))
    ends = [marker.start for marker in chain[1:]]
    for marker, end in zip(chain, [*ends, len(row.text)], strict=True):
        text = row.text[marker.end : end].strip().rstrip(";").rstrip()
        heading = _PART.search(text)
        yield Row(row.line, (str(marker.number), text[: heading.start()] if heading else text))
        if heading:
            yield Row(row.line, (heading["heading"],))


def opened(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """
    Return rows whose lines begin with a number that touches them, the number told apart, and how many do.

    Which digits are the number, those before and after say: ``2321 OR 22``
    below line 22 is line 23, ``31 or 2`` below line 2 is line 3.
    """
    found: list[Row] = []
    last = n_opened = n_touching = 0
    for row in rows:
        text = row.text.strip()
        number = _next_number(text, last)
        if not number:
            found.append(row)
            continue
        rest = text[len(str(number)) :]
        found.append(Row(row.line, (str(number), rest.lstrip(".) "))))
        last = number
        n_opened += 1
        n_touching += not rest[0].isspace()
    is_touching = n_opened >= FEWEST and n_touching * 4 >= n_opened * 3
    return (found, n_opened) if is_touching else ([], 0)


def _next_number(text: str, last: int) -> int:
    """Return the number after the last one that a row begins with, one a few further on, or 0."""
    leading = re.match(r"\d+", text)
    if not leading or leading[0].startswith("0"):
        return 0
    if leading[0].startswith(str(last + 1)) and _TEXT.match(text, len(str(last + 1))):
        return last + 1
    further = int(leading[0][:4])
    return (
        further
        if last < further <= last + _NEARBY and re.match(r"[A-Za-z(\[\"“'‘*]", text[leading.end() :])
        else 0
    )


def _chain(text: str, prefix: str, first: int) -> list[_Marker]:
    """Return the numbers that open lines in a text, each the next one of that before, all written one way."""
    chain: list[_Marker] = []
    for marker in _markers(text, prefix):
        if not chain:
            is_next = marker.number == first and _is_whole(text[: marker.start])
        else:
            is_next = (
                marker.number == chain[-1].number + 1
                and marker.style == chain[0].style
                and _is_whole(text[chain[-1].end : marker.start])
            )
        if is_next:
            chain.append(marker)
    return chain


def _markers(text: str, prefix: str) -> Iterator[_Marker]:
    opening = re.compile(rf"(?<!\S)(?P<prefix>{prefix})(?P<number>\d{{1,3}})(?P<end>[.):]?)\s+(?=\S)")
    for found in opening.finditer(text):
        before = text[max(found.start() - _TAIL, 0) : found.start()]
        if _WAITS.search(before) or _JOINS.match(text, found.end()):
            continue
        style = (bool(found["prefix"]), found["end"])
        yield _Marker(found.start(), found.end(), int(found["number"]), style)


def _is_whole(text: str) -> bool:
    """Whether a line may end here: nothing is open, or it ends in what no number belongs to."""
    if _ENDED.search(text[-_TAIL:]):
        return True
    return text.count("(") <= text.count(")") and text.count('"') % 2 == 0


def _without_margin(rows: Sequence[Row], prefix: str) -> Sequence[Row]:
    """Return rows without the numbers of a manuscript's lines, where each row has the next one."""
    margin = re.compile(r"\s*(\d{1,4})\s+(?=\S)")
    found = [margin.match(row.text) for row in rows]
    numbers = [int(each[1]) for each in found if each]
    inner = re.compile(rf"(?=[#S])(?:{prefix})\d{{1,3}}\b", re.IGNORECASE)
    n_opened = sum(
        bool(each and inner.match(row.text, each.end())) for row, each in zip(rows, found, strict=True)
    )
    # Blank lines of a manuscript are counted too, and are no rows here.
    is_margin = len(numbers) == len(rows) and all(
        1 <= after - before <= FEWEST for before, after in pairwise(numbers)
    )
    if not is_margin or n_opened < FEWEST:
        return rows
    return [Row(row.line, (row.text[each.end() :],)) for row, each in zip(rows, found, strict=True) if each]


def hits_of(texts: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """
    Return (what was searched, count) of lines whose counts touch what stands before them.

    Nothing is cut off unless most lines end so. A count behind a line's
    number is told from it where only one cut names a line that stands before.

    >>> hits_of([(1, "[mh Neoplasms]82548"), (2, "(tumo*):ti232559"), (3, "#1 or #2241300")])[2]
    ('#1 or #2', '241300')

    Parameters
    ----------
    texts : each line's number and what stands in it.
    """
    cut = [_cut(number, text.rstrip()) for number, text in texts]
    if sum(bool(hits) for _, hits in cut) * 3 < len(texts) * 2:
        return [(text, "") for _, text in texts]
    return cut


def _cut(number: int, text: str) -> tuple[str, str]:
    if closed := _CLOSED.search(text):
        return text[: closed.start("hits")], closed["hits"]
    if field := re.search(r"(?<=[a-z])(?P<hits>\d{2,})\Z", text):
        tag = re.search(r"[:,.](?:ti|ab|kw|tw|pt|mp|kf)\Z", text[: field.start()])
        return (text[: field.start()], field["hits"]) if tag else (text, "")
    named = _NAMED_LAST.match(text)
    if not named:
        return text, ""
    every = named["all"]
    cuts = [
        (every[:at], every[at:])
        for at in range(1, len(every))
        if 0 < int(every[:at]) < number and (every[at] != "0" or at == len(every) - 1)
    ]
    if len(cuts) != 1:
        return text, ""
    return f"{named['before']}{named['sign']}{cuts[0][0]}", cuts[0][1]
