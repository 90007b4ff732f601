"""Where in print a text stands: year, volume, issue, pages, DOI and PubMed id."""

import re

from peerreview.duplicates.normalise.folding import NUMERALS, UNKNOWN, fold

MOST_ISSUES = 60
"""A weekly has some 52 issues in a volume; larger numbers count something else."""
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DIGITS = re.compile(r"\d+")
_PAGES = re.compile(r"(\d+)(?:[^\d,;]*?(?:-|–|—|to)[^\d,;]*(\d+))?")
_COUNT = re.compile(r"(?:[ivxlc]+,? ?)?\d+ ?p(?:p|gs?|ages)?\.?", re.IGNORECASE)
"""215 p. is how many pages a book or thesis has."""
_ONLY_LAST = re.compile(r"(?:(?i:suppl\w*\W*)|[a-df-hj-rtuwyz])-\s*\d+")
"""Suppl-29 is what one export leaves of S17-29, t-6 of 1442-6; but S-6 and e-12 are pages."""
_SUPPLEMENT = re.compile(r"^\W*suppl?[a-z]*[. ]*\d*\s*[:;,/]\s*(?=\D*\d)|\b\d{1,2}(?=S\d)", re.IGNORECASE)
"""Suppl 3:S78-89 and 3S78-3S89 are pages of supplement 3."""
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTH_NAME = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_MONTH = re.compile(rf"(?<=\d-){_MONTH_NAME}$|^{_MONTH_NAME}(?=-\d)", re.IGNORECASE)
_ROMAN_PAGE = re.compile(r"(?=[ivxlc])(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
_ROMAN_LETTERS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
ROMAN_PAGES = 10_000_000
"""Pages i, ii … stand apart from 1, 2 …"""
_SOURCE = re.compile(r"(?<![\w(])(\d+) (?:\(([^()]*)\) ?)?[^()]*(?:\([^()]*\) ?)*?\(pp ([^()]+)\)")
"""71 (4) ()(pp 203-211) 2009: volume, issue and pages behind a journal's name."""
_ABSTRACTS = re.compile(r"\bsuppl?\b|supplement|\bmeeting", re.IGNORECASE)
_DOI_TAIL = re.compile(r"(?:\?\w+=.*|[/.](?:full|abstract|summary|e?pdf|html?))+$")
_DOI_ENDS = ("full", "abstract", "summary", "pdf", "htm", "html")
"""What addresses of articles have behind the DOI."""
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def read_year(cell: str) -> int:
    """
    Return the first year from 1500 on; 0 where there is none.

    >>> read_year("1998 Mar-Apr"), read_year("in press")
    (1998, 0)
    """
    if len(cell) == 4 and cell.isdigit():
        return int(cell)
    found = _YEAR.search(cell)
    return int(found[0]) if found else 0


def _number(cell: str) -> str:
    """Return the first number of a cell, a numeral in digits; else its words."""
    if cell.isascii() and cell.isdigit():
        return cell.lstrip("0")
    found = _DIGITS.search(cell)
    if found:
        return found[0].lstrip("0")
    text = fold(cell)
    return "" if text in UNKNOWN else NUMERALS.get(text, text)


def read_issue(cell: str) -> str:
    """
    Return an issue's number; blank for a running number of the whole series or an article's.

    >>> read_issue("4 Suppl. 1"), read_issue("II"), read_issue("9876")
    ('4', '2', '')
    """
    number = _number(cell) if cell else ""
    return "" if number.isdecimal() and int(number) > MOST_ISSUES else number


def read_volume(cell: str, year: int) -> str:
    """
    Return a volume's number; blank where it has none or repeats the year.

    >>> read_volume("vol. 088", 2019), read_volume("2019", 2019), read_volume("(Jul)", 2019)
    ('88', '', '')

    A bracket that closes and never opened shows that the cell is a rest, as 1) of 50(SUPPL. 1).

    >>> read_volume("1)", 2013)
    ''
    """
    if ")" in cell and "(" not in cell:
        return ""
    number = _number(cell) if cell else ""
    return "" if number == str(year) or not number.isdigit() else number


def read_pages(cell: str, year: int) -> tuple[int, int]:
    """
    Return first and last page; 0 where a record says nothing. Letters in a page number do not count.

    >>> read_pages("H971-6", 2004), read_pages("e43268", 2012)
    ((971, 976), (43268, 43268))
    >>> read_pages("30-Jun", 2004), read_pages("ii-iv", 2015)
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


def read_source(journal: str) -> tuple[str, str, str]:
    """
    Return volume, issue and pages where Embase's whole source stands in a journal's cell; else blanks.

    >>> read_source("Work (Leeds).71 (4) ()(pp 203-211) 2009.Date of Publication: August 2009.")
    ('71', '4', '203-211')
    """
    found = _SOURCE.search(journal) if "(pp" in journal else None
    return (found[1], found[2] or "", found[3]) if found else ("", "", "")


def is_in_supplement(journal: str, volume: str, issue: str, pages: str) -> bool:
    """
    Return whether a place in print is in a supplement, or among the abstracts of a meeting.

    >>> is_in_supplement("Work", "39", "SUPPL. 1", ""), is_in_supplement("Work", "39", "1", "45-52")
    (True, False)
    """
    return (
        (issue != "" and not issue.isdecimal() and _ABSTRACTS.search(issue) is not None)
        or pages[:1] in {"S", "s"}
        or (volume != "" and not volume.isdecimal() and _ABSTRACTS.search(volume) is not None)
        or "onference:" in journal
    )


def read_pmid(cell: str) -> str:
    """
    Return the digits of a PubMed id.

    >>> read_pmid("PMID: 12345678")
    '12345678'
    """
    return cell if cell.isdecimal() or not cell else "".join(_DIGITS.findall(cell))


def read_doi(cell: str) -> str:
    """
    Return a DOI in lower case without resolver, escapes and trailing stops.

    >>> read_doi("https://doi.org/10.1002%2Fabc.123.")
    '10.1002/abc.123'
    """
    if not cell:
        return ""
    text = cell.lower()
    if "%" in text:
        text = text.replace("%2f", "/").replace("%28", "(").replace("%29", ")").replace("%3c", "<")
        text = text.replace("%3e", ">").replace("%3a", ":").replace("%3b", ";")
    found = _DOI.search(text)
    if not found:
        return ""
    doi = found[0].rstrip(".,;")
    return _DOI_TAIL.sub("", doi) if "?" in doi or doi.endswith(_DOI_ENDS) else doi
