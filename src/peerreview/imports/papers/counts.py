# ruff: noqa: E501  one pattern, one line
"""
A sentence → the whole numbers in it that may be counts, and the sentence with a sign in the place of each.

A number is exact or it is none: percentages, decimals, years, ranges,
identifiers, references in brackets and what stands behind ``<`` or ``$`` are no counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

FIRST, LAST = 0xE000, 0xF8FF
"""Signs for counts are letters of Unicode's private use area: no paper prints them."""
COUNT = f"[{chr(FIRST)}-{chr(LAST)}]"
_THIN = "\u00a0\u2007\u2008\u2009\u202f"
_UNITS = {
    word: n
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * n
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_TENS["fourty"] = 40
_BELOW_100 = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[-\s]+(?:{'|'.join(list(_UNITS)[1:10])}))?|{'|'.join(reversed(_UNITS))})"
)
_BELOW_1000 = rf"(?:(?:(?:{'|'.join(list(_UNITS)[1:10])}|a)[-\s]+hundred(?:[-\s]+(?:and[-\s]+)?{_BELOW_100})?)|{_BELOW_100})"
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?:{_BELOW_1000}[-\s]+thousand(?:[-\s,]+(?:and[-\s]+)?{_BELOW_1000})?|{_BELOW_1000})(?![\w]|-(?!\s))",
    re.IGNORECASE,
)
_DIGITS = re.compile(
    rf"\d{{1,3}}(?:[,{_THIN}'’]\d{{3}})+(?!\d)|(?<![\d] )\d{{1,3}}(?: \d{{3}})+(?!\d)|\d{{1,3}}(?:\.\d{{3}})+(?!\d)|\d+"
)
_NOT_BEFORE = re.compile(r"(?:[\w.,/\\=~$£€#*^–—−-]|[<>≤≥±]\s*|\d\s*(?:[–—−-]|to|±)\s*)$")
_GLUED = re.compile(r"[a-z]{3}[.;,]$")
"""A stop without a blank behind it; a reference set above the line ends the sentence."""
_NOT_AFTER = re.compile(
    r"(?:[A-Za-z_/\\%‰°^]|[.,:]\d|\s*(?:%|per\s?cent\b|percent\b|°|±|×)|\s*[–—−-]\s*\d|-[a-z])", re.IGNORECASE
)
_IS_N = re.compile(r"\b[nN]\s*(?:=|equals|:)\s*$|[(\[]\s*[nN]?\s*=\s*$|\b[A-Za-z]{3,}\s*[=:]\s*$")
_NUMBERED = re.compile(
    r"\b(?:ba|table|fig|figs|figure|figures|file|appendix|phase|phases|stage|step|level|type|grade|version|section|chapter|"
    r"box|item|question|group|ref|reference|no|nr|vol|volume|page|pages|week|day|month|year|line|windows|prisma|aim|"
    r"covid|sars-cov|part|round|tier|aged?|ages|crd|prospero|supplement|supplementary|citavi|endnote|zotero|mendeley|nvivo|stata|spss|revman|review manager|excel|covidence|rayyan|wave)\.?\s*[:#]?\s*$",
    re.IGNORECASE,
)
_CRITERIA = re.compile(r"\bcriteri(?:a|on)\s+(?:\d+\s*(?:,|or|and|to)\s*)*$", re.IGNORECASE)
_MOST_CRITERIA = 20
_INEXACT = re.compile(r"\b(?:more|fewer|less|greater|larger|smaller) than (?:a total of )?$", re.IGNORECASE)
"""What is more than so many is no number."""
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_IS_YEAR = re.compile(
    rf"\b(?:{_MONTHS}|since|until|till|during|years?|publication|spring|summer|autumn|winter|early|late|mid|inception)\.?,?\s*$",
    re.IGNORECASE,
)
_MAY_BE_YEAR = re.compile(
    r"(?:\b(?:in|from|before|after|to|between|by|through|of|and|or|for|date|updated|end)\.?,?\s*|\d(?:st|nd|rd|th)?,?\s+|[(,;/]\s*)$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:[A-Z]{2,}[\w-]*|[a-z]+ [A-Z][\w-]+|a|an|each|every) $")
"""What a year follows as its name: the GBD 2016, a 2026 harvest."""
_IS_COUNTED = re.compile(
    r"(?:\s+[a-z-]+){0,2}?\s+(?:records?|articles?|studies|citations?|papers?|references?|publications?|titles?|"
    r"abstracts?|trials?|reports?|hits|results|potential\w*|duplicates?)\b",
    re.IGNORECASE,
)
_OF_A_YEAR = re.compile(
    r" (?:\w+ ){0,2}?(?:review|update|guidelines?|statement|version|recommendations?|edition|report)\b"
)
"""What a year stands before: the 2012 review."""
_DAY = re.compile(rf"\s*(?:st|nd|rd|th)?,?\s*(?:of\s+)?(?:{_MONTHS})\b", re.IGNORECASE)
_DAY_BEFORE = re.compile(rf"\b(?:{_MONTHS})\s+$", re.IGNORECASE)
_MASKED = re.compile(
    r"https?://\S+|\bdoi:?\s*10\.\S+|\b10\.\d{4,}/\S+|\bCRD\W{0,3}[\d,]+|\b(?:NCT|PMC|PMID:?|ISRCTN)\s*\d+"
    r"|\b(?:AMSTAR|QUADAS|RoB|ROB|ROBINS|ROBIS|PROBAST|CHARMS)\)?[ -]?\d\b"
    # References above the line that lost it: "six studies, 16 19 22-25 gave".
    r"|(?<=[a-z][,.;:]) (?:\d{1,3}(?:[–—-]\d{1,3})?[ ,]+)+\d{1,3}[–—-]\d{1,3}(?= [a-z])"
    r"|(?<=[a-z][,.;:]) (?:\d{1,3} ){2,}\d{1,2}(?= [a-z])"
    r"|\[\s*\d+(?:\s*[,;–—-]\s*\d+)*\s*\]|\b[Pp]\s*[<=>≤≥]\s*[\d.]+|\d+(?:[.,]\d+)?\s*%\s*(?:CI\b)?",
)
_FRACTION = re.compile(r"(\(\s*\d[\d,]*)(\s?/\s?\d[\d,]*)(?=[\s;,\d.%]*\))")
"""So many, and how many they are of: (3,597/3,798)."""
_IS_ONE = re.compile(
    r"(?:\s+[a-z-]+){0,2}?\s+(?:record|article|study|citation|paper|reference|publication|abstract|trial|rct|report|"
    r"manuscript|duplicate|review|thesis|dissertation)\b(?! (?:by|at|each|was removed at))|\s+(?:was|could|had)\b",
    re.IGNORECASE,
)
"""What is counted where a word says one: elsewhere it is one of several, or one third."""
_ANOTHER = re.compile(
    r"\ban(?= (?:additional|extra) (?:(?:relevant|eligible|potential) )?(?:record|article|study|citation|paper|reference|publication|trial|report)\b)"
)
"""One more, where no word says one."""
_AROUND = 80
"""Letters around a number that say what it is."""
_LISTED = re.compile(r"\(\d\)")
_EARLIEST, _LATEST = 1880, 2099


@dataclass(frozen=True)
class Counted:
    """A sentence's counts, in order, and the sentence in which ``chr(FIRST + k)`` stands for the k-th."""

    numbers: tuple[int, ...]
    text: str


def is_year(n: int) -> bool:
    """Whether a number may be a year."""
    return _EARLIEST <= n <= _LATEST


def find(sentence: str) -> Counted:
    """
    Return the counts of a sentence.

    >>> find("Of 10,491 records (12 in 2019), sixteen (0.2%) were in.").numbers
    (10491, 12, 16)
    >>> find("From 2010 to 2020, 1 204 articles, 10.491 papers and one hundred and five trials").numbers
    (1204, 10491, 105)
    >>> find("Table 2, p < 0.05, 95% CI 1.2, weeks 3-5, [12, 13], CRD 42021257013").numbers
    ()
    >>> find("Of these, six studies, 16 19 22-25 gave enough").numbers
    (6,)
    """
    sentence = _FRACTION.sub(lambda found: found[1] + " " * len(found[2]), sentence)
    sentence = _REFERENCES.sub(_without_references, sentence)
    masked = _MASKED.sub(lambda found: " " * len(found[0]), sentence)
    if "(1)" in masked and "(2)" in masked:
        # A list within the sentence.
        masked = _LISTED.sub("   ", masked)
    spans = [
        (*each.span(), number)
        for each in _DIGITS.finditer(masked)
        if (number := _value(masked, each)) is not None
    ]
    taken = {place for start, end, _ in spans for place in range(start, end)}
    spans += [(*each.span(), 1) for each in _ANOTHER.finditer(masked)]
    for each in _IN_WORDS.finditer(masked):
        is_one = each[0].lower() == "one" and not _IS_ONE.match(masked[each.end() :])
        is_one = is_one or bool(_INEXACT.search(masked[max(each.start() - _AROUND, 0) : each.start()]))
        if not is_one and not taken & set(range(*each.span())):
            spans.append((*each.span(), _in_words(each[0])))
    spans = sorted(spans)[: LAST - FIRST]
    parts, after = [], 0
    for place, (start, end, _) in enumerate(spans):
        parts += [masked[after:start], chr(FIRST + place)]
        after = end
    return Counted(tuple(number for *_, number in spans), "".join([*parts, masked[after:]]))


_REFERENCES = re.compile(r"(?<![\d,.])\d{1,3}(?: ?, ?\d{1,3}){3,}(?![\d,]|\.\d)")


def _without_references(found: re.Match[str]) -> str:
    """Return blanks for numbers that rise one by one, most of them, as references do that lost their place above the line."""
    numbers = [int(each) for each in re.findall(r"\d+", found[0])]
    steps = [after - before for before, after in pairwise(numbers)]
    is_list = min(steps) > 0 and 2 * steps.count(1) >= len(steps)
    return " " * len(found[0]) if is_list else found[0]


def _value(text: str, found: re.Match[str]) -> int | None:
    """Return the count that digits are; None where they are something else."""
    before = text[max(found.start() - _AROUND, 0) : found.start()]
    after, digits = text[found.end() : found.end() + _AROUND], found[0]
    is_n = bool(_IS_N.search(before)) or (_GLUED.search(before) and re.match(r" [a-z]", after) is not None)
    if (not is_n and _NOT_BEFORE.search(before)) or _NOT_AFTER.match(after):
        return None
    if (_NUMBERED.search(before) or _INEXACT.search(before)) and not is_n:
        return None
    if "." in digits and not is_n and not re.match(r"\s+[a-z]", after):
        return None
    if _DAY.match(after) or (_DAY_BEFORE.search(before) and len(digits) <= 2):
        return None
    number = int(re.sub(r"\D", "", digits))
    if _CRITERIA.search(before) and number < _MOST_CRITERIA and not _IS_COUNTED.match(after):
        return None
    if len(digits) == 4 and _OF_A_YEAR.match(after) and re.search(r"\b[Tt]he $", before):
        return None
    may_be_year = len(digits) == 4 and is_year(number) and not is_n
    if may_be_year and _IS_YEAR.search(before):
        return None
    if (
        may_be_year
        and (_MAY_BE_YEAR.search(before) or _NAMED.search(before))
        and not _IS_COUNTED.match(after)
    ):
        return None
    return number


def _in_words(text: str) -> int:
    """
    Return the number that words spell.

    >>> _in_words("Twenty-four"), _in_words("one thousand two hundred and five"), _in_words("a hundred")
    (24, 1205, 100)
    """
    total = here = 0
    for word in re.split(r"[-\s,]+", text.lower()):
        if word == "thousand":
            total, here = total + here * 1000, 0
        elif word == "hundred":
            here = max(here, 1) * 100
        elif word == "a":
            here += 1
        elif word != "and":
            here += _UNITS.get(word, 0) + _TENS.get(word, 0)
    return total + here
