"""Days and months as people and spreadsheets write them: one reading, or all that are possible."""

import re
from datetime import date

_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00)?(?: AM)?$")
DAY_FIRST, MONTH_FIRST = "day first", "month first"
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?[ -](?:of |de )?)?([^\W\d_]{3,10})\.?(?:[ -](\d{1,2})(?:st|nd|rd|th)?,)?"
    r",?[ -](?:de )?(\d{4})"
)
_MONTHS = (
    ("jan", "ene"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr", "abr"), ("may", "mai"),
    ("jun", "juin"), ("jul", "juil"), ("aug", "août", "aou", "ago"), ("sep", "set"), ("oct", "okt"),
    ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
"""How months begin in English, German, French and Spanish."""


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


def one_way(text: str) -> str:
    """
    Return a day or a month as ISO 8601 writes it, or blank for what is none or may be two.

    >>> one_way("2026-01-31"), one_way("31/01/2026"), one_way("31 January 2026"), one_way("January 2026")
    ('2026-01-31', '2026-01-31', '2026-01-31', '2026-01')
    >>> one_way("01/02/2026"), one_way("2026-02-31"), one_way("2026"), one_way("03/03/2026")
    ('', '', '', '2026-03-03')
    """
    bare = " ".join(_MIDNIGHT.sub("", text.strip()).split())
    if found := _ISO.fullmatch(bare):
        day = _day(found[1], found[2], found[3] or "1")
        return day if found[3] else day[:7]
    if found := _WORDED.fullmatch(bare):
        word = found[2].lower()
        month = next((number for number, begin in enumerate(_MONTHS, 1) if word.startswith(begin)), 0)
        if not month or (found[1] and found[3]):
            return ""
        day = _day(found[4], str(month), found[1] or found[3] or "1")
        return day if found[1] or found[3] else day[:7]
    days = set(readings(bare).values())
    return days.pop() if len(days) == 1 else ""
