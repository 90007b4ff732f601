"""Days as people and spreadsheets write them: one reading, or all that are possible."""

import re
from datetime import date

_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00)?(?: AM)?$")
DAY_FIRST, MONTH_FIRST = "day first", "month first"


def readings(text: str) -> dict[str, str]:
    """
    Return the days, as ISO 8601, that text can mean, by the order of its numbers; none where it is no date.

    Points stand after days and months in that order; between slashes and
    hyphens either may come first.

    >>> readings("4.5.2026"), readings("5/31/2026")
    ({'day first': '2026-05-04'}, {'month first': '2026-05-31'})
    >>> readings("04/05/2026")
    {'day first': '2026-05-04', 'month first': '2026-04-05'}
    """
    bare = _MIDNIGHT.sub("", text.strip())
    if found := _YEAR_FIRST.fullmatch(bare):
        both = _day(found[1], found[2], found[3])
        return {DAY_FIRST: both, MONTH_FIRST: both} if both else {}
    if found := _DOTTED.fullmatch(bare):
        day = _day(found[3], found[2], found[1])
        return {DAY_FIRST: day} if day else {}
    if found := _SLASHED.fullmatch(bare):
        each = {
            DAY_FIRST: _day(found[3], found[2], found[1]),
            MONTH_FIRST: _day(found[3], found[1], found[2]),
        }
        return {order: day for order, day in each.items() if day}
    return {}


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
