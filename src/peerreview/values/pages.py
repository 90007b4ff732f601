"""Pages: as a text prints them, and as numbers to compare."""

import re

from peerreview.values import numbers
from peerreview.values.folding import fold
from peerreview.values.missing import NO_PAGES

_DASHES = re.compile(r"\s*(?:[-\u2010-\u2015\u2212]+)\s*")
_PAGE_WORDS = re.compile(r"^\s*(?:pp?|pages?|pgs?)\b[.:]?\s*", re.IGNORECASE)
# "100-1-100-9" is no range of two pages, and "e2023-45" is the number of one article.
_RANGE = re.compile(
    r"(?<![\w./-])(?![eE]\d+-\d)([A-Za-z]*)(\d+)([A-Za-z]*)-([A-Za-z]*)(\d+)([A-Za-z]*)(?![\w/-])"
)
_MONTH_NAME = (
    "(?:jan|ene|f[eé][bv]|m[aä]r|mrz|a[pbv]r|ma[yi]|jui?n|jui?l|aug|ago|ao[uû]|sep|o[ck]t|nov|d[eéi][czg])"
)
"""How months begin in English, German, French and Spanish spreadsheets."""
_DATE = re.compile(
    rf"\d{{1,2}}[-. ]{{1,2}}{_MONTH_NAME}[a-zé]{{0,7}}\.?"
    rf"|{_MONTH_NAME}[a-zé]{{0,7}}[-. ]{{1,2}}\d{{2}}(?:\d\d)?"
    r"|\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?|\d{1,2}/\d{1,2}/(?:\d\d|\d{4})|\d{1,2}\.\d{1,2}\.\d{4}",
    re.IGNORECASE,
)
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,2}", re.ASCII)


def pages(first: str, last: str = "") -> str:
    """
    Return a range of pages, completed, or a single page or article number.

    >>> pages("123-30"), pages("S12", "8"), pages("783-801", "801"), pages("No", "Specified")
    ('123-130', 'S12-S18', '783-801', '')
    """
    first, last = first.strip(), last.strip()
    start, _, end = (first, "", last) if last else first.replace("–", "-").partition("-")
    if start.isdigit() and (not end or (end.isdigit() and len(end) >= len(start))):
        return f"{start}-{end}" if end and end != start else start
    if is_spoilt(first):
        return ""
    if "." in first or "." in last:
        first, last = numbers.whole(first) or first, numbers.whole(last) or last
    if last and last != first and not _DASHES.search(first):
        first = f"{first}-{last}" if first else last
    joined = _DASHES.sub("-", _PAGE_WORDS.sub("", first)).strip(" .;,-")
    if joined.lower() in NO_PAGES:
        return ""
    return _RANGE.sub(_complete, joined)


def is_spoilt(value: str) -> bool:
    """
    Return whether a spreadsheet has made a date of pages, or rounded their number.

    >>> is_spoilt("12-Mar"), is_spoilt("2001-08-05"), is_spoilt("1.2E+07"), is_spoilt("12-3")
    (True, True, True, False)
    """
    return bool(_DATE.fullmatch(value) or _ROUNDED.fullmatch(value)) and not numbers.whole(value)


def _complete(match: re.Match[str]) -> str:
    prefix, start, suffix, end_prefix, end, end_suffix = match.groups()
    if end_prefix and end_prefix != prefix:
        return match[0]
    full = start[: len(start) - len(end)] + end if len(end) < len(start) else end
    if _size(full) < _size(start):
        return match[0]
    if full == start and suffix == end_suffix:
        return f"{prefix}{start}{suffix}"
    return f"{prefix}{start}{suffix}-{prefix}{full}{end_suffix}"


def _size(digits: str) -> tuple[int, str]:
    """Return by what numbers of any length compare: Python makes an ``int`` of 4,300 digits at most."""
    counting = digits.lstrip("0")
    return len(counting), counting


_PAGES = re.compile(r"(\d+)(?:[^\d,;]*?(?:-|–|—|to)[^\d,;]*(\d+))?")
_COUNT = re.compile(r"(?:[ivxlc]+,? ?)?\d+ ?p(?:p|gs?|ages)?\.?", re.IGNORECASE)
"""215 p. is how many pages a book or thesis has."""
_ONLY_LAST = re.compile(r"(?:(?i:suppl\w*\W*)|[a-df-hj-rtuwyz])-\s*\d+")
"""Suppl-29 is what one export leaves of S17-29, t-6 of 1442-6; but S-6 and e-12 are pages."""
_SUPPLEMENT = re.compile(r"^\W*suppl?[a-z]*[. ]*\d*\s*[:;,/]\s*(?=\D*\d)|\b\d{1,2}(?=S\d)", re.IGNORECASE)
"""Suppl 3:S78-89 and 3S78-3S89 are pages of supplement 3."""
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_ENGLISH_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_MONTH = re.compile(rf"(?<=\d-){_ENGLISH_MONTH}$|^{_ENGLISH_MONTH}(?=-\d)", re.IGNORECASE)
_ROMAN_PAGE = re.compile(r"(?=[ivxlc])(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
_ROMAN_LETTERS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
ROMAN_PAGES = 10_000_000
"""Pages i, ii … stand apart from 1, 2 …"""


def page_numbers(cell: str, year: int) -> tuple[int, int]:
    """
    Return first and last page; 0 where a record says nothing. Letters in a page number do not count.

    >>> page_numbers("H971-6", 2004), page_numbers("e43268", 2012)
    ((971, 976), (43268, 43268))
    >>> page_numbers("30-Jun", 2004), page_numbers("ii-iv", 2015)
    ((30, 36), (10000002, 10000004))
    """
    if not cell:
        return 0, 0
    first, _, last = cell.partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not last)):
        # Spreadsheets take 30-6 for the 30th of June and 10-15 for a day in October.
        dated = cell
        if cell[0].isalpha() or cell[-1].isalpha():
            dated = _MONTH.sub(lambda month: f"{_MONTHS.index(month[0].lower()) // 3 + 1}", cell)
        if "S" in cell or "s" in cell:
            dated = _SUPPLEMENT.sub("", dated)
        found = _PAGES.search(dated)
        if _ONLY_LAST.fullmatch(cell) or ("p" in cell and _COUNT.fullmatch(cell.strip())):
            return 0, 0
        if found is None:
            return _roman_pages(cell)
        first, last = found[1], found[2] or ""
    first, last = first.lstrip("0")[:9], last.lstrip("0")[:9]
    if 0 < len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if not last and first == str(year):
        # Some exports write the year where a page is missing.
        return 0, 0
    return int(first or 0), int(last or first or 0)


def _roman_pages(cell: str) -> tuple[int, int]:
    pages = []
    for text in fold(cell).split():
        if not _ROMAN_PAGE.fullmatch(text):
            return 0, 0
        values = [_ROMAN_LETTERS[letter] for letter in text]
        following = [*values[1:], 0]
        pages.append(sum(-one if one < after else one for one, after in zip(values, following, strict=True)))
    return (ROMAN_PAGES + pages[0], ROMAN_PAGES + pages[-1]) if pages else (0, 0)
