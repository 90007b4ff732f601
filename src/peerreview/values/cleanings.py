"""What reading changes in a value: the list of it, so that a value is as delivered, cleaned so, or blank."""

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

from peerreview.values import cells
from peerreview.values.lists import LIST


class Cleaning(NamedTuple):
    """
    A change of values that reading makes, and why.

    Parameters
    ----------
    columns : the columns that it may change.
    source : who writes values so, or which standard says what they mean.
    explains : whether a column's value is what it makes of a delivered text.
    """

    columns: tuple[str, ...]
    what: str
    source: str
    explains: Callable[[str, str], bool]


_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W_]+")


def _squeezed(text: str) -> str:
    """Return text as a line without blanks, entities and tags: what stands there in any writing of it."""
    return "".join(cells.text(text).split())


def _is_text(value: str, delivered: str) -> bool:
    return _squeezed(value) in _squeezed(delivered)


def _is_list(value: str, delivered: str) -> bool:
    whole = _squeezed(delivered)
    return all(_squeezed(each) in whole for each in value.split(LIST))


def _shown(text: str) -> str:
    return cells.without_tags(unescape(text))


def _is_joined(value: str, delivered: str) -> bool:
    return set(_WORDS.findall(value)) <= set(_WORDS.findall(_shown(delivered)))


def _is_year(value: str, delivered: str) -> bool:
    # 20240325 is a day of 2024.
    return re.search(rf"(?<!\d){re.escape(value)}(?:\d{{4}})?(?!\d)", delivered) is not None


def _is_pages(value: str, delivered: str) -> bool:
    """Whether each number is one that was delivered, or the last one completed by the first: 123-30."""
    there = _DIGITS.findall(delivered)
    found = _DIGITS.findall(value)
    letters = set(re.findall(r"[^\W\d_]+", value)) <= set(re.findall(r"[^\W\d_]+", delivered))
    completed = {
        first[: len(first) - len(last)] + last for first in found for last in there if len(last) < len(first)
    }
    return letters and set(found) <= {*there, *completed}


_WHOLE = re.compile(r"(?<![\d.,])0*(\d+)(?:\.0+)?(?![\d]|[.,]\d|[eE]\+?\d)")
"""A number with all its digits: there is none in 3.1E+07, nor in 1,234."""


def _is_number(value: str, delivered: str) -> bool:
    return set(_DIGITS.findall(value)) <= {*_WHOLE.findall(delivered), *re.findall(r"\b0\d+\b", delivered)}


def _is_exponent(value: str, delivered: str) -> bool:
    # A number that a program wrote as a power of ten, with all its digits: 3.1234567E7.
    return any(
        (first + more).ljust(int(power) + 1, "0") == value
        for first, more, power in re.findall(r"(\d)\.(\d+)[eE]\+?(\d{1,2})", delivered)
    )


def _is_doi(value: str, delivered: str) -> bool:
    told = unescape(unquote(unquote(delivered))).lower()
    return value in told or value in cells.without_tags(told)


def _is_bare(value: str, delivered: str) -> bool:
    bare = re.sub(r"[^0-9Xx]", "", delivered).upper()
    return all(re.sub(r"[^0-9Xx]", "", each).upper() in bare for each in value.split(LIST))


_TEXTS = ("title", "journal", "abstract", "type", "volume", "issue", "accession", "url", "language")
CLEANINGS: tuple[Cleaning, ...] = (
    Cleaning(
        _TEXTS,
        "entities, tags and runs of white space are as a reader sees them",
        "HTML 5, 13.2.5; JATS in Crossref's and PubMed's titles",
        _is_text,
    ),
    Cleaning(
        ("keywords", "language", "type", "accession"),
        "the members of a list stand once each, with one sign between them",
        "fields that repeat (RIS, MEDLINE) and lists in one cell (Scopus, BibTeX)",
        _is_list,
    ),
    Cleaning(
        ("authors",),
        "names are turned to family name, comma, given names; degrees, roles and footnotes are left out",
        "MEDLINE, FAU; BibTeX, btxdoc 4; Ovid's degrees and Scopus's author identifiers",
        _is_joined,
    ),
    Cleaning(
        ("title", "abstract", "keywords"),
        "what two fields hold is joined: title and subtitle, label and section, heading and qualifier",
        "PubMed's XML, AbstractText and MeshHeading; biblatex, subtitle",
        _is_joined,
    ),
    Cleaning(("year",), "the year of a date alone", "ISO 8601; MEDLINE, DP", _is_year),
    Cleaning(
        ("pages",),
        "a last page is completed by the first, dashes are one sign",
        "MEDLINE, PG: 211-9 is 211-219",
        _is_pages,
    ),
    Cleaning(
        ("pmid", "pmcid"),
        "the number alone, out of its field's words or a link to it",
        "NLM: PubMed and PMC identifiers",
        _is_number,
    ),
    Cleaning(
        ("pmid", "volume", "issue", "pages", "accession"),
        "12.0 is 12, and a power of ten with all its digits is that number",
        "spreadsheets and data frames that take a number for a measure",
        lambda value, delivered: _is_number(value, delivered) or _is_exponent(value, delivered),
    ),
    Cleaning(
        ("doi",),
        "bare and in lower case, what a link escapes is decoded",
        "DOI Handbook, 2.4: case does not count; RFC 3986, 2.1",
        _is_doi,
    ),
    Cleaning(
        ("issn", "isbn"),
        "numbers whose check digit is right, without what stands around them",
        "ISO 3297; ISO 2108",
        _is_bare,
    ),
)
"""All that reading changes in a value."""
_BY_COLUMN: Mapping[str, tuple[Cleaning, ...]] = MappingProxyType(
    {
        column: tuple(each for each in CLEANINGS if column in each.columns)
        for column in dict.fromkeys(column for each in CLEANINGS for column in each.columns)
    }
)


def explain(column: str, value: str, delivered: Iterable[str]) -> str:
    """
    Return what was done to delivered texts to make a value of them; blank where nothing declared makes it.

    >>> explain("pages", "211-219", ["211-9"])
    'a last page is completed by the first, dashes are one sign'
    >>> explain("title", "Peer work", ["Peer work"]), explain("year", "1905", ["July 1950"])
    ('as delivered', '')
    """
    texts = list(delivered)
    if not value or value in texts:
        return "as delivered"
    together = "\n".join(texts)
    return next((each.what for each in _BY_COLUMN.get(column, ()) if each.explains(value, together)), "")
