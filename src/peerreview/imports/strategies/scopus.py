# ruff: noqa: E501  one pattern, one line
"""Scopus: its history as copied from the page, or one query with its number of document results."""

import re
from collections.abc import Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "scopus"
TITLE = "Scopus"
_FIELDS = (
    "TITLE-ABS-KEY-AUTH|TITLE-ABS-KEY|TITLE-ABS|TITLE|ABS|KEY|AUTHKEY|INDEXTERMS|AUTH|AUTHOR-NAME|AFFIL|SRCTITLE|EXACTSRCTITLE|"
    "ALL|DOCTYPE|LANGUAGE|PUBYEAR|SUBJAREA|DOI|ISSN|PMID|REF|CHEMNAME|CASREGNUMBER|FUND-ALL|AFFILCOUNTRY|SRCTYPE|TITLE-KEY|LIMIT-TO|EXCLUDE|KEY-AUTH"
)
SYNTAX = Syntax(
    reference=re.compile(r"#(\d{1,3})"),
    fields=re.compile(rf"(?<![\w-])({_FIELDS})\s?(?=[(\"“])", re.IGNORECASE),
    limits=re.compile(
        r"((?:LIMIT-TO|EXCLUDE)\s?\([^()]*\)|PUBYEAR\s+(?:>|<|=|AFT|BEF|IS)\s*\d{4})", re.IGNORECASE
    ),
    truncation="*?",
    inexact="Scopus does not count lines of a history exactly",
)
_SIGNS = re.compile(
    r"\b(?:TITLE-ABS-KEY(?:-AUTH)?|TITLE-ABS|INDEXTERMS|AUTHKEY|SRCTITLE|SUBJAREA|DOCTYPE|AFFILCOUNTRY)\s?\(|\bLIMIT-TO\s?\(|\bEXCLUDE\s?\(|\bPUBYEAR\b|\b(?:W|PRE)/\d|\bdocument results\b|\bAND NOT\b|\bScopus\b|\b(?:TITLE|ABS|KEY|ALL)\s?\(\s?\{",
    re.IGNORECASE,
)
_MARKS = cutting.Marks(
    prefix=r"#?",
    asides=(
        re.compile(
            r"(?:(?<=[\s)])|\A)(?P<hits>\d{1,3}(?:[, ]\d{3})+|\d+) document results?\b(?:\s*\(.*?\))?",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:Set alert|Save|Edit|Delete|View results|Run query|Show less|Show all)\b(?=\s*(?:\t|\n|\Z))"
        ),
    ),
    noise=re.compile(
        r"\s*(?:search history|combine queries.*|document results|show more|e\.g\. #1 and not #3.*)\s*",
        re.IGNORECASE,
    ),
)


def count_signs(text: str) -> int:
    """Return how many of Scopus's field codes, limits and words a text has."""
    return len(_SIGNS.findall(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the lines of a search history, or a query that stands alone."""
    return cutting.cut(rows, _MARKS)
