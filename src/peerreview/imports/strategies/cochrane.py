# ruff: noqa: E501  one pattern, one line
"""The Cochrane Library: its search manager's export, and the search as older interfaces print it."""

import re
from collections.abc import Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "cochrane"
TITLE = "Cochrane Library"
_FIELDS = "ti|ab|kw|au|so|pt|doi|an|tb"
SYNTAX = Syntax(
    reference=re.compile(r"#(\d{1,3})"),
    fields=re.compile(rf":((?:{_FIELDS})(?:,\s?(?:{_FIELDS}))*)\b|(MeSH descriptor|\[mh)", re.IGNORECASE),
    limits=re.compile(
        r"\b((?:with|from|in) (?:Cochrane Library publication date|Publication Year|Trials|Cochrane Reviews|Other Reviews|Economic Evaluations|Technology Assessments)\b.*)",
        re.IGNORECASE | re.DOTALL,
    ),
    suffix=re.compile(
        r",?\s*\b(?:with|in|from) (?:Cochrane Library publication date|Publication Year|Trials|Cochrane (?:Reviews|Protocols)|Other Reviews|Economic Evaluations|Technology Assessments|Methods Studies)\b.*\Z|,?\s+from \d{4} to \d{4}.*\Z",
        re.IGNORECASE | re.DOTALL,
    ),
    truncation="*",
)
_SIGNS = re.compile(
    rf"\bMeSH descriptor\b:?|\bexplode all trees\b|\bexplode tree\b|\[mh [^\]]+\]|:(?:{_FIELDS})(?:,(?:{_FIELDS}))+\b|\bthis term only\b|\{{or #|\[or #|\b(?:near|next)/\d|\bin (?:Trials|Cochrane Reviews|Other Reviews)\b"
    r"|\bCochrane (?:Library|Reviews|Central)\b|\bCENTRAL\b|\bWord variations have been searched\b",
    re.IGNORECASE,
)
_MARKS = cutting.Marks(
    prefix=r"#?",
    noise=re.compile(
        r"\s*(?:id\s+search\s+hits|comment:\s*|last saved:.*|description:\s*)\s*", re.IGNORECASE
    ),
    asides=(re.compile(r"\(Word variations have been searched\)", re.IGNORECASE),),
    database=re.compile(r"\A\s*((?:The )?Cochrane (?:Library|Central)[^\t]*)"),
    date=re.compile(r"\bDate Run:\s*(\S+(?: \S+ \d{4})?)", re.IGNORECASE),
)


def count_signs(text: str) -> int:
    """Return how many of the Cochrane Library's headings, labels and commands a text has."""
    return len(_SIGNS.findall(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the lines of a search manager's export."""
    return cutting.cut(rows, _MARKS)
