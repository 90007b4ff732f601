# ruff: noqa: E501  one pattern, one line
"""Ovid: MEDLINE, Embase, PsycINFO and others; a count in brackets or in a column of its own."""

import re
from collections.abc import Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "ovid"
TITLE = "Ovid"
FIELDS = (
    "ti|ab|tw|mp|kf|kw|hw|sh|xs|ot|nm|rn|rs|rx|px|pt|pb|py|yr|dt|dp|da|ed|ez|la|lg|jn|jw|jx|au|af|in|cp|dv|dm|"
    "fs|fx|id|tc|sa|sb|bt|tm|dw|dq|dy|ox|tn|sl|sd|ui|po|pg|ag|cl|mh|md|st|so|ci|cc|kc|gn|os|up|ty|ps|rw|cf|be|ac"
)
SYNTAX = Syntax(
    reference=re.compile(r"#?(\d{1,3})"),
    fields=re.compile(
        rf"\.((?:{FIELDS})(?:\s?,\s?(?:{FIELDS}))*)\.?(?=[\s)\]]|\Z)|((?<=\S)/)(?=[\s)a-z,]|\Z)",
        re.IGNORECASE,
    ),
    limits=re.compile(r"\blimit \S+ to (.*)", re.IGNORECASE | re.DOTALL),
    truncation="*$",
    explodes="exp",
)
_SIGNS = re.compile(
    rf"\.(?:{FIELDS})(?:\s?,\s?(?:{FIELDS}))*\.?(?=[\s)\]]|\Z)|\badj\d{{0,2}}\b|\bexp \*?[\"A-Za-z]|\b(?:or|and)/\d"
    r"|[A-Za-z)\"]/(?=\s|\Z|,? [a-z])|\blimit \d+ to\b|\bremove duplicates from \d|\bOvid\b|\bmultifile\b",
    re.IGNORECASE,
)
_MARKS = cutting.Marks(
    prefix=r"#?",
    asides=(
        re.compile(
            r"(?:\t|\n|\s{2,})(?:Advanced|Basic)(?:\s+(?:Display.*|More.*|Delete.*|Save.*|Annotations?.*|Contract.*|Expand.*))?\s*\Z",
            re.IGNORECASE,
        ),
    ),
    noise=re.compile(
        r"\s*(?:#?\s*▲?\s*searches\b.*|search strategy:?|search history.*|\*+.*|Ovid Technologies.*|actions|annotations)\s*",
        re.IGNORECASE,
    ),
    database=re.compile(
        r"((?:Ovid |EBM Reviews|Embase|APA PsycInfo|PsycINFO|PsycInfo|Global Health|AMED|HMIC|Journals@Ovid|CAB Abstracts|Social Policy)[^\t]*?(?:<[^>]*>|\d{4} to [^\t]*))"
    ),
)


def count_signs(text: str) -> int:
    """Return how many of Ovid's field tags, subject headings and commands a text has."""
    return len(_SIGNS.findall(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the lines of a search history."""
    return cutting.cut(rows, _MARKS)
