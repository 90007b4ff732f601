# ruff: noqa: E501  one pattern, one line
"""
Passages → the flow's numbers: each with its sentence, its place, and the box that it may be in.

A number that could be in one of two boxes is there twice; one that is in
none is there with a blank box, so that whoever adds up can see what was
left unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from peerreview.imports.papers import (
    ABSTRACT,
    BODY,
    CAPTION,
    FIGURE,
    Paper,
    Passage,
    counts,
    languages,
    sentences,
)
from peerreview.tables import toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PLACES = (
    "databases",
    "duplicates",
    "after_duplicates",
    "screened",
    "excluded",
    "sought",
    "assessed",
    "reports_excluded",
)
"""Boxes by which a passage is known to tell of the flow."""
_NO_ADJECTIVE = "were|was|are|is|been|being|be|to|for|from|that|which|by|in|on|with|had|have|has|of|we|they|at|as|remained|remain|met|who|it"
_ADJECTIVE = rf"(?:(?!(?:{{stop}}|{_NO_ADJECTIVE})\b)[a-z][\w'’/-]*,? ){{0,4}}?"
_NOT_YET = r" (?:\w+ ){0,3}?(?:for|to|in|at|as) (?:\w+ ){0,2}?(?:fulltext|further|detail|retriev|screen|eligib|assess|potential|full )"
_GAP = r"(?:(?!(?:{stop})\b)[^\s;:(),§\ue000-\uf8ff]+ ){0,5}?"
_LONG_GAP = r"(?:(?!(?:{stop})\b)[^\s;:()§\ue000-\uf8ff]+ ){0,9}?"
_FLOW_HEADING = re.compile(
    r"select|search|screen|flow|identif|prisma|retriev|eligib|inclusion|summary of (?:the )?(?:studies|evidence)|yield|description of (?:the )?(?:included )?studies",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"discuss|limitation|conclusion|introduction|background|implication|strength", re.IGNORECASE
)
_FLOW_CAPTION = re.compile(
    r"flow|prisma|selection|search|screen|identif|inclusion|consort|quorom", re.IGNORECASE
)


@dataclass(frozen=True)
class Statement:
    """
    A number that a paper prints, and a box that it may be in.

    ``number`` counts the paper's numbers: two statements of one number are
    two readings of it. ``is_rest`` is whether the paper says that it is what
    remains; ``noun`` is what it counts, as printed.
    """

    number: int
    n: int
    box: str
    place: str
    sentence: str
    kind: str = BODY
    is_rest: bool = False
    noun: str = ""
    passage: int = 0


@dataclass(frozen=True)
class _Rule:
    box: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class _Patterns:
    """What ``patterns.toml`` says, ready for use."""

    rules: tuple[_Rule, ...]
    words: Mapping[str, str]


@cache
def _patterns() -> _Patterns:
    shipped = resources.files("peerreview.imports.papers").joinpath("patterns.toml")
    document = toml.parse(shipped.read_text(encoding="utf-8"), path="patterns.toml").content
    words = document["words"]
    rules = tuple(
        _Rule(each["box"], tuple(_compiled(pattern, words) for pattern in each["says"]))
        for each in document["rule"]
    )
    return _Patterns(rules, words)


def _compiled(pattern: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern of ``patterns.toml`` as a regular expression; its first sign is the group ``n``."""
    text = pattern.replace("~~ ", _LONG_GAP).replace("~ ", _GAP).replace("{adjective}", _ADJECTIVE)
    text = text.replace("{notyet}", _NOT_YET)
    for name, each in words.items():
        text = text.replace(f"{{{name}}}", f"(?:{each})")
    first, _, rest = text.partition("#")
    text = f"{first}(?P<n>{counts.COUNT}){rest.replace('#', counts.COUNT)}"
    start = r"(?<![\w-])" if first[:1].isalpha() or first.startswith("(?:") else ""
    end = r"(?!\w)" if rest[-1:].isalpha() or rest.endswith(")") else ""
    return re.compile(start + text.replace(" ", r"\s") + end)


# ---- a sentence in the form that patterns are written for

_N = counts.COUNT
_SHAPES = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"[’‘`´]", "'"),
        (r"\bfull[- ]?(?:text|length)s?\b", "fulltext"),
        (r"\bin[- ]full[- ]text\b", "fulltext"),
        (
            r"\b(?:titles?|abstracts?)(?:,? ?(?:and/or|and|or|/|&|&amp;|,) ?(?:the |their )?(?:titles?|abstracts?|keywords?))+\b",
            "titleabstract",
        ),
        (r"\bde-? ?duplica\w+", "duplicateremoval"),
        (rf"[\[(]\s*n\s*(?:=|:|equals(?: to)?)?\s*({_N})", r"(\1"),
        (rf"\bn\s*(?:=|equals(?: to)?)\s*({_N})", r"\1"),
        (rf"({_N})\s*\]", r"\1)"),
        (r"[,;]?\s*\d[\d.,]*\s*(?:%|per ?cent\b)", " § "),
        (rf"({_N})\s*[,;]?\s*§", r"\1"),
        (
            rf",? (?:with|comprising|including|involving|containing|totall?ing|representing|enrolling|consisting of|of) (?:a total of |over |more than )?{_N} (?:\w+ ){{0,3}}(?:patients?|participants?|subjects?|people|adults?|children|women|men|individuals?|cases|hips|knees|shoulders|thas|procedures|animals|controls)\b(?: and {_N} (?:\w+ ){{0,2}}(?:controls|cases|patients))?",
            " ",
        ),
        (r"\((?:\s*(?:see|fig|table|supplement)[^()]*)\)", ""),
        (rf"\([^(){_N[1:-1]}]*\)", " "),
        (rf"\[[^\[\]{_N[1:-1]}]*\]", " "),
        (
            rf"\(\s*({_N})\s*(?:records?|articles?|studies|citations?|papers?|references?|publications?|duplicates?|titles?|abstracts?|trials?|reports?)?\s*[,;]?\s*\)",
            r"(\1)",
        ),
        (r"\s+", " "),
        (r"\s+([,.;:)])", r"\1"),
    )
)
_OF_ANOTHER = re.compile(
    rf"({_N}) (?:out )?of (?:the |these |those |all |our )*(?:total |initial |remaining )?{_N}"
)
_BREAKDOWN = re.compile(rf"\((?!{_N}\))[^()]*{_N}[^()]*\)")
_IN_BREAKDOWN = frozenset({"SOURCE", "duplicates", "not_retrieved"})
_CLAUSE_ENDS = re.compile(r"[,;:]| and | leaving | while | whereas | but ")
_TITLE = re.compile(r"\b(?:titleabstract|titles?|abstracts?)\b")
_FULL = re.compile(r"\bfulltext|\bin full\b|\bin detail\b|\bdetailed\b|\beligibility\b|\bread\b")
_SCREENING = re.compile(r"\bscreen\w*")
_AFTER_DUPLICATES = re.compile(
    r"\b(?:after|following|upon|once|when|with|by|removing|excluding|eliminating|removal of)\b[^.;]*?\b(?:duplic\w+|duplicateremoval)"
)
_SEARCHED = re.compile(r"search|database|records|citations|references|\bhits\b|retriev|yield|total|initial")
_OF_SEARCH = re.compile(r"records?|citations?|references?|hits|abstracts?|titles?")
_COUNTED_NOUN = re.compile(r"^ (?:[a-z][\w'/-]* ){0,2}?(?:titles?|abstracts?|titleabstract|fulltext)\b")
_THIS = re.compile(r"\b(?:this|our|the present|the current|present|current) (?:\w+ ){0,2}meta-? ?analys")
_REST = re.compile(rf"\b(?:remaining|leaving|left)\b(?: \w+){{0,3}} {_N}?$")
_STUDIES = re.compile(r"(?:stud(?:y|ies)|trials?|rcts?|experiments?|cohorts?)\b")
_REPORTS = re.compile(
    r"(?:articles?|papers?|publications?|reports?|records?|manuscripts?|references?|citations?|documents?|fulltext|literatures?)\b"
)


def _shaped(text: str) -> str:
    text = f" {text.lower()} "
    for pattern, put in _SHAPES:
        text = pattern.sub(put, text)
    return text.strip()


# ---- which box


@dataclass
class _Reader:
    """What has been read of a passage so far, as its sentences come."""

    stage: int = 0
    has_screened: bool = False


_STAGES = {
    "databases": 1, "duplicates": 2, "after_duplicates": 2, "screened": 3, "excluded": 4, "sought": 5, "not_retrieved": 5,
    "assessed": 5, "reports_excluded": 6, "studies": 7, "reports": 7,
}  # fmt: skip


def read(paper: Paper) -> list[Statement]:
    """
    Return the numbers of a paper that may be of its flow, in its order.

    Passages that tell of no flow are left out: an abstract is read whole,
    other passages where their numbers are of two boxes at least, or a
    heading or caption says what they are.
    """
    found: list[Statement] = []
    first = 0
    for position, passage in enumerate(paper.passages):
        if languages.tell(passage.text) not in ("", languages.ENGLISH):
            continue
        own = list(_read_passage(passage, position))
        found += [replace(each, number=first + each.number) for each in _kept(passage, own)]
        first += 1 + max((each.number for each in own), default=0)
    return found


def language_of(paper: Paper) -> str:
    """Return the language that most of a paper is in, by its words; blank where that cannot be told."""
    letters: dict[str, int] = {}
    for passage in paper.passages:
        language = languages.tell(passage.text)
        letters[language] = letters.get(language, 0) + len(passage.text)
    letters.pop("", None)
    return max(letters, key=lambda language: letters[language], default=paper.language[:2])


def _kept(passage: Passage, own: Sequence[Statement]) -> list[Statement]:
    """Return a passage's statements, or none where it does not tell of the flow."""
    first = {each.number: each.box for each in reversed(own)}
    boxes = set(first.values()) - {"", "meta_analysis", "source"}
    n_flow, n_boxes = len(boxes & set(_PLACES)), len(boxes)
    if passage.kind == BODY and _ELSEWHERE.search(passage.under) and n_flow < 3:
        return []
    if n_flow and n_boxes > 1:
        return list(own)
    is_told = {
        ABSTRACT: True,
        CAPTION: bool(_FLOW_CAPTION.search(passage.text)),
        FIGURE: bool(n_flow or n_boxes),
        BODY: bool(_FLOW_HEADING.search(passage.under.rpartition(" › ")[2])),
    }[passage.kind]
    if not is_told:
        return []
    if n_flow and not (
        boxes == {"databases"} and re.search(r"method|material", passage.under, re.IGNORECASE)
    ):
        return list(own)
    # One number of included studies and no more: the first that is said.
    included = [each for each in own if each.box in ("studies", "reports")]
    return [each for each in included if each.number == included[0].number]


def _read_passage(passage: Passage, position: int) -> Iterator[Statement]:
    reader = _Reader()
    number = 0
    said = (
        [passage.text]
        if passage.kind == FIGURE and len(passage.text) < 200
        else sentences.split(passage.text)
    )
    for sentence in said:
        counted = counts.find(sentence)
        text = _shaped(counted.text)
        whole: tuple[int, str] | None = None
        for place, n in enumerate(counted.numbers):
            sign = chr(counts.FIRST + place)
            boxes, noun, is_rest = _boxes(sign, text, reader)
            if _is_part(boxes, n, sign, text, whole):
                boxes = ()
            elif set(boxes) & _OUT:
                whole = (n, sign)
            for box in boxes or ("",):
                yield Statement(
                    number, n, box, passage.place, sentence, passage.kind, is_rest, noun, position
                )
            number += 1
        reader.has_screened = reader.has_screened or bool(_SCREENING.search(text))


_OUT = frozenset({"excluded", "reports_excluded", "other_reasons"})
_REASONS = re.compile(r"includ|because|due to|reason|:|\(|\bas\b|owing|namely|with")


def _is_part(boxes: Sequence[str], n: int, sign: str, text: str, whole: tuple[int, str] | None) -> bool:
    """Whether a number is one reason's share of those excluded that the sentence has said before."""
    if whole is None or not set(boxes) & _OUT or n > whole[0]:
        return False
    between = text[text.index(whole[1]) + 1 : text.index(sign)]
    return bool(_REASONS.search(between))


def _boxes(sign: str, text: str, reader: _Reader) -> tuple[tuple[str, ...], str, bool]:
    """Return the boxes that a number may be in, what it counts, and whether it is said to be what remains."""
    box = _first_rule(sign, text)
    before, _, after = text.partition(sign)
    noun = _noun(after)
    is_rest = bool(_REST.search(f"{before}")) or bool(re.match(r"(?: \w+){0,2} remain", after))
    boxes: tuple[str, ...]
    if box == "EXCLUDED":
        boxes = _excluded(before, after, text, reader)
    elif box == "REMAINING":
        boxes = _remaining(before, after, noun, reader)
    elif box == "REVIEWED":
        boxes = _reviewed(text, reader)
    elif box == "FOUND":
        is_after = (
            bool(_AFTER_DUPLICATES.search(before))
            and not _TITLE.search(before)
            and not _SCREENING.search(before)
        )
        is_searched = _SEARCHED.search(text) or _OF_SEARCH.match(noun)
        boxes = (
            ("after_duplicates",) if is_after else ("databases",) if reader.stage < 2 and is_searched else ()
        )
    elif box == "OTHER":
        boxes = (_other_method(text, sign),)
    elif box == "SOURCE":
        boxes = ("source",)
    elif box == "meta_analysis":
        is_all = _THIS.search(after) or re.search(r"\bqualitative", after)
        boxes = (_of_included(noun),) if is_all else ("meta_analysis",)
    elif box == "included":
        boxes = (_of_included(noun),)
        if noun == "fulltext" and reader.stage < 3 and "final" not in before:
            boxes = ("assessed", "reports")
    else:
        boxes = (box,) if box else ()
    reader.stage = max([reader.stage, *(_STAGES.get(each, 0) for each in boxes[:1])])
    return boxes, noun, is_rest


def _first_rule(sign: str, text: str) -> str | None:
    """Return the box of the first rule that fits a number; None where none does."""
    without = _BREAKDOWN.sub("", text)
    is_inside = sign not in without
    variants = (text,) if is_inside else (without, _OF_ANOTHER.sub(r"\1 of them", without), text)
    for rule in _patterns().rules:
        if is_inside and rule.box not in _IN_BREAKDOWN:
            continue
        for variant in dict.fromkeys(variants):
            if sign not in variant:
                continue
            for pattern in rule.patterns:
                # The text in the place of this sign alone is asked: others have their own turn.
                if any(found["n"] == sign for found in pattern.finditer(variant)):
                    return rule.box
                # A match may begin at another number and hide one that begins here.
                if pattern.pattern.startswith("(?P<n>") and pattern.match(variant, variant.index(sign)):
                    return rule.box
    return None


def _noun(after: str) -> str:
    found = re.match(
        rf"\)?,?(?: (?!(?:{_patterns().words['stop']})\b)[a-z][\w'/-]*,?){{0,6}}?,? ({_STUDIES.pattern}|{_REPORTS.pattern})",
        after,
    )
    return found[1] if found else ""


def _of_included(noun: str) -> str:
    return "reports" if _REPORTS.match(noun) else "studies"


def _excluded(before: str, after: str, text: str, reader: _Reader) -> tuple[str, ...]:
    """Return at which stage what is excluded was so."""
    last = max((found.end() for found in re.finditer(_N, before)), default=0)
    # What is counted is no stage: 130 abstracts may be excluded at full text.
    after = _COUNTED_NOUN.sub("", after)
    cut = _CLAUSE_ENDS.search(after)
    near_after = after[: cut.start()] if cut else re.split(_N, after)[0]
    near_before = before[last:]
    for near in (near_after, near_before, text):
        is_title, is_full = bool(_TITLE.search(near)), bool(_FULL.search(near))
        if is_title and is_full and near is not text:
            return ()
        if is_title != is_full:
            if near is text and reader.stage >= 5:
                break
            return ("excluded",) if is_title else ("reports_excluded",)
    if reader.stage >= 7:
        return ()
    if reader.stage >= 5:
        return ("reports_excluded",)
    if reader.stage == 4:
        return ("excluded", "reports_excluded")
    if reader.stage >= 2 or reader.has_screened or _SCREENING.search(before):
        return ("excluded",)
    return ("other_reasons", "excluded")


def _reviewed(text: str, reader: _Reader) -> tuple[str, ...]:
    """Return at which stage what was reviewed was so, where the sentence says that, or nothing came before."""
    is_title, is_full = bool(_TITLE.search(text)), bool(_FULL.search(text))
    if is_title != is_full:
        return ("screened",) if is_title else ("assessed",)
    return ("assessed",) if reader.stage == 4 else ()


def _remaining(before: str, after: str, noun: str, reader: _Reader) -> tuple[str, ...]:
    if re.match(rf"[^.;]{{0,60}}(?:,| and) (?:\w+ )?{_N}", after):
        # Two kinds of things are left.
        return ()
    if _AFTER_DUPLICATES.search(before) and not _TITLE.search(before) and not _SCREENING.search(before):
        return ("after_duplicates",)
    if reader.stage == 2:
        return ("after_duplicates",)
    if reader.stage in (3, 4):
        return ("assessed",)
    return (_of_included(noun),) if reader.stage in (5, 6) else ()


_METHODS = ("citation", "hand", "grey", "website")
_METHOD_BOX = {
    "citation": "citation_searching", "hand": "hand_searching", "grey": "grey_literature", "website": "websites",
}  # fmt: skip


def _other_method(text: str, sign: str) -> str:
    """Return the box of the one other method that is named near a number; of several, or none, other sources."""
    before, _, after = text.partition(sign)
    near = re.split(_N, before)[-1] + " # " + re.split(_N, after)[0]
    words = _patterns().words
    named = [method for method in _METHODS if re.search(rf"\b(?:{words[method]})", near)]
    is_other = bool(re.search(rf"\b(?:{words['other']})", near))
    return _METHOD_BOX[named[0]] if len(named) == 1 and not is_other else "other_sources"
