"""Years."""

import re

# 20190812 is a day of 2019; 20196543 is none.
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?=(?:0\d|1[0-2])(?:[0-2]\d|3[01])(?!\d)|(?!\d))", re.ASCII)
_DAY_OF_1905 = re.compile(
    r"1905[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ][\d:.]+)?"
    r"|\d{1,2}(?:[-/. ]+\d{1,2}|[-/. ]+[^\W\d]{3,9}\.?)[-/. ]+1905"
)
"""A year that a spreadsheet took for a number of days: 2019 days after 1899 is the 11th of July 1905."""


def year(value: str) -> str:
    """
    Return the year in a date of any form, or blank.

    >>> [year(date) for date in ("2019//", "2020 Feb 3", "4-8 Aug. 2020", "20170812", "SEP 22")]
    ['2019', '2020', '2020', '2017', '']
    >>> year("2019.0"), year("2,019"), year("20196543")
    ('2019', '', '')
    """
    if len(value) == 4 and value.isascii() and value.isdigit():
        return value if "1500" <= value <= "2099" else ""
    found = _YEAR.search(value)
    return found[1] if found else ""


def year_of_cell(value: str) -> str:
    """
    Return the year in a cell of a table, as ``year``; blank where a spreadsheet made a date of it.

    Every year from 1900 to 2030, taken for a number of days, is a day of
    1905: what it was before nobody can tell from a work of that year.

    >>> year_of_cell("2019.0"), year_of_cell("1905"), year_of_cell("1905-07-11 00:00:00")
    ('2019', '1905', '')
    """
    found = year(value)
    return "" if found == "1905" and _DAY_OF_1905.fullmatch(value.strip()) else found
