"""Whole numbers, as people, spreadsheets and programs write them."""

import re

_WHOLE = re.compile(r"(\d+)\.0*", re.ASCII)
_EXPONENT = re.compile(r"(\d)\.(\d+)[eE]\+?(\d{1,2})", re.ASCII)
"""3.1234567E7 is how programs, and 3.1E+07 how spreadsheets show a long number: the second is rounded."""
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,2}", re.ASCII)
_PARTED = re.compile(r"\d{1,3}(?:[,'\u00a0\u202f ]\d{3})+(?:\.0*)?", re.ASCII)


def whole(cell: str) -> str:
    """
    Return the digits of a cell that is one whole number, else blank.

    A point with zeros behind it is a table's that took the number for a
    measure. A power of ten counts where each digit is there: what was
    rounded may have been any of many.

    >>> whole("31234567"), whole(" 12.0 "), whole("3.1234567E7")
    ('31234567', '12', '31234567')
    >>> whole("3.1E+07"), whole("12,566"), whole("12.5"), whole("-1")
    ('', '', '', '')
    """
    number = cell.strip()
    if number.isdigit():
        return number if number.isascii() else ""
    if found := _WHOLE.fullmatch(number):
        return found[1]
    found = _EXPONENT.fullmatch(number)
    if found is None:
        return ""
    first, decimals, power = found[1], found[2], int(found[3])
    is_whole = len(decimals) >= power and not decimals[power:].strip("0")
    return first + decimals[:power] if is_whole else ""


def is_shaped(cell: str) -> bool:
    """
    Return whether a spreadsheet has rounded a number, or parted its thousands: nobody can tell what it was.

    1,234 may have been two numbers, and 3.1E+07 any of many.

    >>> is_shaped("3.1E+07"), is_shaped("1,234"), is_shaped("3.1234567E+07"), is_shaped("12,34")
    (True, True, False, False)
    """
    number = cell.strip()
    return bool(_ROUNDED.fullmatch(number) or _PARTED.fullmatch(number)) and not whole(number)
