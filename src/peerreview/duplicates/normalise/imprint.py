"""Where in print a text stands: volume and issue."""

import re

from peerreview.duplicates.normalise.spelling import NUMERALS
from peerreview.values.folding import fold
from peerreview.values.missing import UNKNOWN

MOST_ISSUES = 60
"""A weekly has some 52 issues in a volume; larger numbers count something else."""
_DIGITS = re.compile(r"\d+")
_SOURCE = re.compile(r"(?<![\w(])(\d+) (?:\(([^()]*)\) ?)?[^()]*(?:\([^()]*\) ?)*?\(pp ([^()]+)\)")
"""71 (4) ()(pp 203-211) 2009: volume, issue and pages behind a journal's name."""
_ABSTRACTS = re.compile(r"\bsuppl?\b|supplement|\bmeeting", re.IGNORECASE)


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
    is_running = number.isdecimal() and (len(number) > len(str(MOST_ISSUES)) or int(number) > MOST_ISSUES)
    return "" if is_running else number


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
