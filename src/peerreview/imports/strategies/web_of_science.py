# ruff: noqa: E501  one pattern, one line
"""Web of Science: sets with indexes and timespan, the count before or behind what was searched."""

import re
from collections.abc import Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "web_of_science"
TITLE = "Web of Science"
_FIELDS = "TS|TI|AB|AK|KP|AU|GP|ED|SO|DO|PY|CF|AD|OG|OO|SG|SA|CI|PS|CU|ZP|FO|FG|FT|SU|WC|IS|UT|PMID|DOP|PUBL|ALL|FPY|EAY|SDG|TMAC|DT|LA|LANGUAGE|DOCUMENT TYPES|MH|MQ|TOPIC|TITLE|AUTHOR|PUBLICATION NAME"
SYNTAX = Syntax(
    reference=re.compile(r"#(\d{1,3})"),
    fields=re.compile(rf"\b({_FIELDS})\s?[=:]\s?(?=[(\"“\w*])", re.IGNORECASE),
    limits=re.compile(
        r"\b((?:DT|LA|PY|LANGUAGE|DOCUMENT TYPES?|AND PUBLICATION YEARS)\s?[=:]\s?\([^()]*\)|Refined by:.*)|\b(?:and|not) ([^()]{2,80}? \((?:Publication Years|Document Types|Languages|Web of Science Categories|Research Areas)\))",
        re.IGNORECASE | re.DOTALL,
    ),
    suffix=re.compile(
        r"\s+(?:and|not) [^()#]{2,120} \((?:Publication Years|Document Types|Languages|Web of Science Categories|Research Areas|[A-Z][A-Za-z ]+)\).*\Z|\s+AND (?:LANGUAGE|DOCUMENT TYPES):.*\Z",
        re.DOTALL,
    ),
    truncation="*$?",
)
_SIGNS = re.compile(
    rf"\b(?:{_FIELDS})\s?=\s?[(\"“]|\bTS ?= ?\w|\bIndexes\s?=|\bTimespan\s?=|\bTOPIC:\s?\(|\bNEAR/\d|\bSCI-EXPANDED\b|\bWeb of Science\b"
    r"|\((?:Publication Years|Document Types|Web of Science Categories)\)|\bDate Run: \w{3} \w{3}"
)
_MARKS = cutting.Marks(
    prefix=r"#?",
    asides=(
        re.compile(
            r"\b(?:Indexes|Databases)\s?=\s?(?P<database>.*?)(?=\bTimespan|\bSearch language|\t|\n|\Z)",
            re.DOTALL,
        ),
        re.compile(r"\bTimespan\s?[=:]\s?(?P<limits>.*?)(?=\bSearch language|\bIndexes|\t|\n|\Z)", re.DOTALL),
        re.compile(r"\bSearch language\s?=\s?\w+"),
        re.compile(r"\s{2,}\bResults:\s*(?P<hits>[\d,]+)"),
        re.compile(r"\s{2,}\bDate Run:\s*(?P<date>\w{3} \w{3} \d{1,2} \d{4}).*?(?=\t|\n|\Z)"),
        re.compile(
            r"\b(?:Edit|Select to (?:combine|delete) sets?\.?|Add to query|Combine sets|Link copied)\b\.?(?=\s*(?:\t|\n|\Z))",
            re.IGNORECASE,
        ),
    ),
    noise=re.compile(
        r"\s*(?:set\s.*results.*|# (?:Web of Science Search Strategy.*|Searches:|Entitlements:)|- ?WOS\.\w+:.*|- ?\w+:\s.*|indexes to search:.*|combine sets.*|and or|advanced search.*|search history:?)\s*",
        re.IGNORECASE,
    ),
    database=re.compile(r"#?\s*Database:\s*(.+)|(Web of Science Core Collection[^\t]*)"),
)


def count_signs(text: str) -> int:
    """Return how many of Web of Science's field tags, operators and words a text has."""
    return len(_SIGNS.findall(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the sets of a search history; the page has the last one first."""
    return cutting.cut(rows, _MARKS)
