# ruff: noqa: E501  one pattern, one line
"""EBSCOhost: CINAHL, PsycINFO, ERIC and others; limiters, expanders and modes stand beside each line."""

import re
from collections.abc import Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "ebsco"
TITLE = "EBSCOhost"
_FIELDS = "MH|MM|MJ|TI|AB|TX|SU|DE|KW|AU|SO|PT|ZT|ZC|DT|LA|AF|MW|PX|XB|GE|TM|DH|SB|PY|IN|ID|KY|RD|PO|AG|SG|EM|PM|JN|IS|IB|AN|MC|SM"
SYNTAX = Syntax(
    reference=re.compile(r"S(\d{1,3})", re.IGNORECASE),
    fields=re.compile(rf"(?<![\w])({_FIELDS})(?=\s?[(\"“]|\s[a-zA-Z*])"),
    limits=re.compile(r"\bLimiters\s*[-–:]\s*(.*)", re.IGNORECASE | re.DOTALL),
    truncation="*",
    explodes="+",
)
_SIGNS = re.compile(
    rf"(?<!\w)(?:{_FIELDS}) ?[(\"“]|\bS\d+ (?:AND|OR|NOT) S\d+|(?<=\s)[NW]\d{{1,2}}(?=\s)"
    r"|\bSearch modes -|\bExpanders -|\bLimiters -|\bInterface - EBSCOhost|\bEBSCO(?:host)?\b|\bCINAHL\b",
)
_KEYS = r"\b(?:Limiters|Expanders|Search\s+modes|Interface|Search\s+Screen|Database)\s*-|\bView (?:Results|Details)|\bRerun\b|\bNarrow\s+by\b"
_TAIL = rf"(?=\s*(?:{_KEYS}|\t|\Z|\n(?!\s*[a-z])))"
_KNOWN = (
    r"\bSearch\s+modes\s*-\s*(?:Boolean/\s*Phrase|Find\s+(?:all|any)\s+(?:of\s+)?my\s+search\s+terms|SmartText\s+Searching|Proximity)",
    r"\bInterface\s*-\s*EBSCOhost(?:\s+Research\s+Databases)?",
    r"\bSearch\s+Screen\s*-\s*(?:Advanced|Basic|Guided|Visual)\s+Search",
    r"\bExpanders\s*-\s*(?:(?:Apply\s+equivalent\s+subjects|Apply\s+related\s+words|Also\s+search\s+within\s+the\s+full\s+text\s+of\s+the\s+articles)[;\s]*)+",
)
"""What stands beside each line, over as many rows of a narrow column as it takes."""
_MARKS = cutting.Marks(
    prefix=r"S?",
    asides=(
        *(re.compile(each) for each in _KNOWN),
        re.compile(
            rf"\bLimiters\s*-\s*(?P<limits>.*?)(?:(?<=[A-Za-z;])(?=\s+\(?\d[\d,]*\)?\s*\Z)|(?=\s*(?:{_KEYS}|\t|\n\n|\Z)))",
            re.DOTALL,
        ),
        re.compile(rf"\bNarrow by\s*(?P<limits>.*?){_TAIL}", re.DOTALL),
        re.compile(rf"\b(?:Expanders|Search modes|Interface|Search Screen)\s*-\s*.*?{_TAIL}", re.DOTALL),
        re.compile(
            rf"\bDatabase\s*-\s*(?P<database>.*?)(?:(?<=[A-Za-z])(?=\s+\d[\d,]*\s*\Z)|{_TAIL})", re.DOTALL
        ),
        re.compile(r"\b(?:View|Rerun|Hide|Show) (?:Results|Details|Less|More)?\s*\((?P<hits>[\d,.]+)\)"),
        re.compile(r"\b(?:View (?:Results|Details)|Edit|Rerun)\b(?=\s*(?:View|Edit|Rerun|\t|\n|\Z))"),
    ),
    noise=re.compile(
        r"\s*(?:search id#?\s.*|search terms\s+search options.*|print search history|\w+, \w+ \d{1,2}, \d{4} .*|select / deselect.*)\s*",
        re.IGNORECASE,
    ),
    database=re.compile(r"\b(CINAHL[^\t]*|APA PsycInfo[^\t]*|PsycINFO[^\t]*|ERIC[^\t]*|SPORTDiscus[^\t]*)"),
    date=re.compile(r"\A\w+, (\w+ \d{1,2}, \d{4}) "),
)


def count_signs(text: str) -> int:
    """Return how many of EBSCOhost's field codes, line numbers and words a text has."""
    return len(_SIGNS.findall(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the lines of a printed search history, without modes and expanders."""
    return cutting.cut(rows, _MARKS)
