"""Days and months as people and spreadsheets write them: one reading, or all that are possible."""

import re
from datetime import date

_MONTHS = (
    ("jan", "ene"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr", "abr"), ("may", "mai"),
    ("jun", "juin"), ("jul", "juil"), ("aug", "août", "aou", "ago"), ("sep", "set"), ("oct", "okt"),
    ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
"""How months begin in English, German, French and Spanish."""
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?:[T ][\d:.]+)?", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?[ -](?:of |de )?)?([^\W\d_]{3,10})\.?(?:[ -](\d{1,2})(?:st|nd|rd|th)?,)?"
    r",?[ -](?:de )?(\d{4})"
)

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


def one_way(value: str) -> str:
    """
    Return a day or a month as ISO 8601 writes it, or blank for what is none or may be two.

    Points stand between day and month in that order; of 01/02/2026 nobody
    knows which is which.

    >>> one_way("2026-01-31"), one_way("31/01/2026"), one_way("31.1.2026"), one_way("January 2026")
    ('2026-01-31', '2026-01-31', '2026-01-31', '2026-01')
    >>> one_way("01/02/2026"), one_way("2026-02-31"), one_way("2026"), one_way("03/03/2026")
    ('', '', '', '2026-03-03')
    """
    cell = " ".join(value.split())
    if found := _ISO.fullmatch(cell):
        return _date(found[1], found[2], found[3] or "")
    if found := _DOTTED.fullmatch(cell):
        return _date(found[3], found[2], found[1])
    if found := _SLASHED.fullmatch(cell):
        readings = {_date(found[3], found[2], found[1]), _date(found[3], found[1], found[2])} - {""}
        return readings.pop() if len(readings) == 1 else ""
    if found := _WORDED.fullmatch(cell):
        word = found[2].lower()
        month = next((number for number, begin in enumerate(_MONTHS, 1) if word.startswith(begin)), 0)
        days = [day for day in (found[1], found[3]) if day]
        return _date(found[4], str(month), days[0] if days else "") if month and len(days) < 2 else ""
    return ""


def _date(year: str, month: str, day: str) -> str:
    try:
        written = date(int(year), int(month), int(day or 1))
    except ValueError:
        return ""
    return written.isoformat() if day else written.isoformat()[:7]
