"""Where in print a text stands: volume and issue."""

import re

from peerreview.duplicates.normalise.spelling import NUMERALS
from peerreview.values.folding import fold
from peerreview.values.missing import UNKNOWN

MOST_ISSUES = 60
"""A weekly has some 52 issues in a volume; larger numbers count something else."""
_DIGITS = re.compile(r"\d+")


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
    """
    number = _number(cell) if cell else ""
    return "" if number == str(year) or not number.isdigit() else number
