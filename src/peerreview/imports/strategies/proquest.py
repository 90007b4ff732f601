# ruff: noqa: E501  one pattern, one line
"""ProQuest: its printed search strategy (``Set#``, ``Searched for``, ``Results``), and recent searches."""

import re
from collections.abc import Iterator, Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "proquest"
TITLE = "ProQuest"
_FIELDS = "MAINSUBJECT|MJMAINSUBJECT|MJEMB|EMB|MESH|noft|ftany|ab|ti|su|tiab|if|diskw|all|summary|anywhere|subject|title|abstract|pub|au|la|dtype|stype|at|rtype|pd|yr|ft|MJSUB|SUB|DE|AB|TI|SU|ID"
SYNTAX = Syntax(
    reference=re.compile(r"\[?S(\d{1,3})\]?", re.IGNORECASE),
    fields=re.compile(rf"(?<![\w-])({_FIELDS})(?:\.EXACT(?:\.EXPLODE)?)?\s?(?=[(\"“])"),
    limits=re.compile(
        r"\b((?:pd|yr|la|stype|dtype|at|rtype)\s?\([^()]*\)|(?:Additional limits|Limits applied)\b.*)",
        re.IGNORECASE | re.DOTALL,
    ),
    truncation="*?",
    inexact="ProQuest counts duplicates between its databases that it takes out of the result",
)
_SIGNS = re.compile(
    r"\bSet ?#|\bSearched for:|\bMAINSUBJECT\b|\.EXACT\b|\bnoft\s?\(|\bEMB\.|(?<![\w.,:])(?:ab|ti|su|tiab|if|pd|diskw|mainsubject)\(|\bpeer\(yes\)|\bProQuest\b|(?<=\s)(?:NEAR|PRE|N|P)/\d|\[S\d+\]"
    r"|°|\bDuplicates are removed from your search\b",
    re.IGNORECASE,
)
_MARKS = cutting.Marks(
    prefix=r"S?",
    asides=(
        re.compile(
            r"(?:\A|\n|\t)\s*Databases?:?\s+(?P<database>.*?)(?=\n\s*(?:Results|Limits|Additional)|\t|\Z)",
            re.DOTALL,
        ),
        re.compile(
            r"(?:\n|\t)\s*(?:Additional limits|Limits applied|Limits)\s*[-:]?\s+(?P<limits>.*?)(?=\n\s*(?:Results|Databases)|\t|\Z)",
            re.DOTALL,
        ),
        re.compile(r"(?:\n|\t|\s)Results:?\s*(?P<hits>\d[\d,]*)\s*[*°†]?"),
        re.compile(r"\bThese databases are searched for part of your query\.?"),
        re.compile(r"(?:\n|\t)\s*Show (?:less|more|details)|\bActions\b(?=\s*(?:\n|\Z))"),
    ),
    lead=re.compile(r"\A\s*Searched for:?\s+", re.IGNORECASE),
    noise=re.compile(
        r"\s*(?:[*°†] ?(?:duplicates|this search).*|search strategy|set no\.?.*searched for.*|contact us.*|terms and conditions.*|copyright .*|page \d+.*|table of contents.*)\s*",
        re.IGNORECASE,
    ),
    database=re.compile(r"\bDatabases? searched:?\s+(.+)", re.IGNORECASE),
)
_SET = re.compile(r"\s*Set ?#?:?\s+S?(\d{1,3})\s*", re.IGNORECASE)


def count_signs(text: str) -> int:
    """Return how many of ProQuest's field codes and labels a text has."""
    return len(_SIGNS.findall(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the sets of a printed strategy, or of a page of recent searches."""
    return cutting.cut(list(_numbered(rows)), _MARKS)


def _numbered(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows with ``Set#: S1`` as the number that opens what is searched for below it."""
    for row in rows:
        found = _SET.fullmatch(row.text)
        yield Row(row.line, (f"S{found[1]}\t",)) if found else row
