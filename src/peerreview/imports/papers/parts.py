# ruff: noqa: E501  one pattern, one line
"""A sentence's numbers → which are some of another, the same thing counted twice, or shares of a total."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from peerreview.imports.papers import counts, patterns, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

_N = counts.COUNT
OF_ANOTHER = re.compile(
    rf"(?P<some>{_N})(?P<kind>(?: (?:studies|trials|rcts|articles|papers|publications|reports|records|references|citations))?) (?:out )?of (?:the |these |those |all |our )*(?:total |initial |remaining |(?:initially |originally )?(?:selected |identified |retrieved |screened |eligible |included ))?(?P<all>{_N})"
    r"(?: (?:(?!were|was)[a-z]+ ){0,2}?(?:records?|references?|citations?|articles|papers|publications|abstracts|titles|studies|trials|reports|hits|results|items)\b)?"
    r"(?: (?:identified|retrieved|found|screened)\b(?: [\w-]+){0,6}?(?= (?:met|meet|fulfil\w*|satisf\w*)\b))?"
)
"""Some of so many: what is said is of the first number."""


_INCLUDED = re.compile(
    r" (?:finally )?(?:included|eligible) (?:studies|articles|papers|trials|publications|reports|records)"
)


_SAID = re.compile(
    r" (?:initially )?(?P<before>identified|retrieved|screened|fulltext|assessed) (?:records|articles|papers|publications|citations|references|reports|studies)"
    r"| (?P<plain>identified|retrieved)\b(?! as| to| for)"
    r"| (?:records|articles|papers|publications|citations|references) (?:\w+ )?(?P<after>identified|retrieved|screened|assessed)\b"
)
_WHOLES = {
    "identified": "databases", "retrieved": "databases", "screened": "screened", "fulltext": "assessed",
    "assessed": "assessed",
}  # fmt: skip


def wholes(text: str) -> dict[str, str]:
    """Return the signs of those that others are some of, each with these, or with the box that it is said to be."""
    found = {}
    for each in OF_ANOTHER.finditer(text):
        is_included = _INCLUDED.match(text, each.end("all"))
        said = _SAID.match(text, each.end("all"))
        found[each["all"]] = (
            "studies"
            if is_included
            else _WHOLES[said["before"] or said["plain"] or said["after"]]
            if said
            else each["some"]
        )
    return found


_LINKS = "(?:amounting|totall?ing|that|which|were|was|are|reported|reporting|published|presented|described|describing|representing|corresponding|from|of|on|in|by|to|across|with|containing|comprising|detailing|about|these|unique|different|individual|separate|distinct)"
_LINK = rf"(?:,? \((?:{_LINKS} ){{0,4}}|(?: {_LINKS}){{1,5}} |, (?:representing|corresponding to|reporting(?: on)?|describing) )"
_PAIRS = tuple(
    (
        re.compile(
            rf"({_N}) ((?:[a-z][\w'-]* ){{0,3}}?{one})(?! (?:from|of|out of|in) which){_LINK}({_N}) (?:[a-z][\w'-]* ){{0,4}}?{other}\)?"
        ),
        box,
    )
    for one, other, box in (
        (wording.STUDIES.pattern, wording.REPORTS.pattern, "reports"),
        (wording.REPORTS.pattern, wording.STUDIES.pattern, "studies"),
    )
)


_IS_KIND = re.compile(
    rf"^{_N} (?:[\w'-]+ )*?{wording.REPORTS.pattern} \({_N} (?:[\w'-]+ )*?(?:trials?|rcts?|cohorts?|experiments?)\)"
)
"""Eleven articles (seven trials): some are trials, and not each of a study."""


_ARE_STEPS = re.compile(
    r"(?:[a-z][\w'-]* )*(?:citations?|hits|records?|references?)#,? (?:that |which )?(?:met|meet\w*|fulfil\w*|satisf\w*)\b"
)


def paired(text: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """
    Return a sentence without its second number of the same thing, and that number's box.

    24 reports of 21 studies are one thing, counted twice; so are 35 studies (41 articles).
    """
    twice: dict[str, tuple[str, str]] = {}
    for pattern, box in _PAIRS:
        for found in pattern.finditer(text):
            # Citations with so many studies that met the criteria are two steps.
            if _IS_KIND.search(found[0]) or _ARE_STEPS.match(f"{found[2]}#{text[found.end() :]}"):
                continue
            twice[found[3]] = (found[1], box)
            text = text.replace(found[0], f"{found[1]} {found[2]}")
    return text, twice


_RESPECTIVELY = re.compile(rf"({_N}(?:, {_N})+,? and {_N})([^.;]*?)\brespectively")


def listed(text: str) -> str:
    """Return the signs of shares that are listed before their sources: 283, 321 and 803 from A, B and C, respectively."""
    found = _RESPECTIVELY.search(text)
    if not found:
        return ""
    signs = "".join(re.findall(_N, found[1]))
    named = re.findall(rf"\b(?:{patterns.read().words['database']})\b", found[2])
    is_each = re.search(
        r"\b(?:from|in|by) each (?:[\w-]+ )?(?:database|engine|source|library|platform)\b", found[2]
    )
    return signs if len(named) == len(signs) or is_each else ""


_FEWEST_SHARES, _FEWEST_NAMED = 3, 2
_STEP_BETWEEN = re.compile(
    r"\b(?:duplic|duplicateremoval|exclu|screen|remov|includ|fulltext|titleabstract|eligib)"
)


def shares_of(text: str, numbers: Sequence[int]) -> str:
    """
    Return the signs of shares that are listed behind their total: 354 in four databases, A (200), B (100) and C (54).

    That they add up to it tells that each is a share, though not every name is known for a database.
    """
    for place, total in enumerate(numbers):
        # Between them, it may be said how many they are.
        for start, end in product((place + 1, place + 2), range(place + _FEWEST_SHARES, len(numbers))):
            if sum(numbers[start : end + 1]) != total or end - start + 1 < _FEWEST_SHARES:
                continue
            first, last = chr(counts.FIRST + place), chr(counts.FIRST + end)
            between = text.partition(first)[2].partition(last)[0]
            named = re.findall(rf"\b(?:{patterns.read().words['database']})\b", between)
            if len(named) >= _FEWEST_NAMED and not _STEP_BETWEEN.search(between):
                return "".join(chr(counts.FIRST + each) for each in range(start, end + 1))
    return ""
