# ruff: noqa: E501  one pattern, one line
"""Embase.com: its history as exported or copied, the last line first, each with the day it was run."""

import re
from collections.abc import Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "embase"
TITLE = "Embase.com"
_FIELDS = "ti|ab|kw|de|tn|dn|mn|df|ff|lnk|au|ad|ta|jt|it|la|py|lc|ca|cy|ed|oa|rn|cl|tt|an|dtype"
SYNTAX = Syntax(
    reference=re.compile(r"#(\d{1,3})"),
    fields=re.compile(
        rf":((?:{_FIELDS})(?:,\s?(?:{_FIELDS}))*)\b|(?<=['’\])])/((?:exp/mj|exp|de|mj|br|lnk|syn|dd_\w+)\b)",
        re.IGNORECASE,
    ),
    limits=re.compile(r"(\[[^\[\]]+\]/(?:lim|py|sd|im))", re.IGNORECASE),
    truncation="*?$",
    single_quotes=True,
)
_SIGNS = re.compile(
    rf"['’]/(?:exp|de|mj|br|syn)\b|\]/(?:lim|py|sd)\b|'[^'\n]*':(?:{_FIELDS})\b|\b\w+\*?:(?:ab,ti|ti,ab|ti,ab,kw|ab,ti,kw|ti|ab)\b|\bEmbase(?:\.com| Session)\b|\bNEXT/\d|\b(?:NEAR)/\d",
    re.IGNORECASE,
)
_SESSION = re.compile(r"^\s*Embase(?:\.com)? Session Results\b", re.IGNORECASE | re.MULTILINE)
"""What heads its export, whatever the lines below look like."""
_MARKS = cutting.Marks(
    prefix=r"#?",
    asides=(
        re.compile(
            r"(?:\s|\A)(?P<date>\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4})\s*(?=\n|\t|\Z)"
        ),
    ),
    noise=re.compile(
        r"\s*(?:no\.?\s+query(?: results)?\s.*|embase session results|\.{3,}.*|\d+ results for search.*|saved date:.*|history.*)\s*",
        re.IGNORECASE,
    ),
)


def count_signs(text: str) -> int:
    """Return how many of Embase.com's field tags, Emtree marks and limits a text has."""
    return len(_SIGNS.findall(text)) + 100 * bool(_SESSION.search(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the lines of a session; Embase.com prints the last one first."""
    return cutting.cut(rows, _MARKS)
