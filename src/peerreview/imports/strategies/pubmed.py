# ruff: noqa: E501  one pattern, one line
"""PubMed: its history as downloaded (CSV) or copied from the page, old or new, and its search details."""

import re
from collections.abc import Sequence

from peerreview.imports.strategies import Row, Strategy, Syntax
from peerreview.imports.strategies.shared import cutting

NAME = "pubmed"
TITLE = "PubMed"
_FIELDS = (
    r"mesh(?: terms?| subheading| major topic)?|mh|majr|tiab|title/abstract|tw|text words?|ti|title|ab|abstract|"
    r"all(?: fields)?|pt|publication type|ptyp|sh|subheading|nm|supplementary concept|substance name|la|lang|"
    r"language|au|author|ad|affiliation|ta|journal|so|dp|pdat|date - publication|publication date|edat|entrez date|date - entrez|"
    r"date - completion|crdt|mhda|sb|filter|subset|ot|other term|pa|pharmacological action|rn|ec/rn number|pmid|uid|tt|transliterated title|"
    r"title:~\d+|title/abstract:~\d+|tiab:~\d+|ad:~\d+|all fields:~\d+"
)
SYNTAX = Syntax(
    reference=re.compile(r"#(\d{1,3})"),
    fields=re.compile(rf"\[\s*((?:{_FIELDS})(?::\s?noexp)?)\s*\]", re.IGNORECASE),
    limits=re.compile(
        r"((?:\"[^\"]*\"|[\w/-]+)\s?\[(?:la|lang|language|filter|sb|pdat|dp|date - publication)\]"
        r"(?:\s*:\s*(?:\"[^\"]*\"|[\w/-]+)\s?\[[^\]]+\])?)",
        re.IGNORECASE,
    ),
    truncation="*",
    explodes="[mesh]",
    upper_operators=True,
    least=4,
)
_SIGNS = re.compile(
    rf"\[\s*(?:{_FIELDS})(?::\s?noexp)?\s*\]|\bSearch number\b|\bSort By\b|\bPubMed\b", re.IGNORECASE
)
_MARKS = cutting.Marks(
    prefix=r"#?",
    lead=re.compile(r"\A\s*(?:Add\s+)?(?:Search:?\s+)(?=\S)|\A\s*Add\s+(?=Search)"),
    asides=(
        re.compile(
            r"\bSort by:\s*(?:Best match|Most recent|Publication date|First author|Relevance|PubDate|Journal)\b;?",
            re.IGNORECASE,
        ),
        re.compile(
            r"\bFilters?(?: (?:activated|applied))?:\s*(?P<limits>[^\t\n]*?)(?=\s*(?:Sort by:|\t|\n|\Z|\s{2,}\d))",
            re.IGNORECASE,
        ),
        re.compile(r"(?:\s+|,)(?P<time>\d{1,2}:\d{2}:\d{2})\s*\Z"),
    ),
    noise=re.compile(
        r"\s*(?:search\t.*(?:items found|results).*|history and search details.*|download|delete|search details)\s*",
        re.IGNORECASE,
    ),
)


def count_signs(text: str) -> int:
    """Return how many of PubMed's field tags and column names a text has."""
    return len(_SIGNS.findall(text))


def parse(rows: Sequence[Row]) -> Strategy:
    """Return the lines of a search history; PubMed writes the last one first."""
    return cutting.cut(rows, _MARKS)
