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
from typing import TYPE_CHECKING

from peerreview.imports.papers import (
    ABSTRACT,
    BODY,
    CAPTION,
    FIGURE,
    Paper,
    Passage,
    counts,
    figures,
    languages,
    patterns,
    sentences,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLACES = (
    "databases",
    "duplicates",
    "after_duplicates",
    "screened",
    "excluded",
    "sought",
    "chosen",
    "assessed",
    "reports_excluded",
)
"""Boxes by which a passage is known to tell of the flow."""
_FLOW_HEADING = re.compile(
    r"select|search|screen|flow|identif|prisma|retriev|eligib|inclusion|summary of (?:the )?(?:studies|evidence)|yield|description of (?:the )?(?:included )?studies",
    re.IGNORECASE,
)
_IN_ALL = re.compile(
    r"\b(?:in total|a total of|finally|ultimately|overall)\b.*\b(?:included|selected|met)\b.*\b(?:review|analysis|criteria)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"identif|retriev|yield|search|duplic|screen|exclu|includ|full|eligib|criteri|assess|record|n *(?:=|equals)",
    re.IGNORECASE,
)
"""A passage without any of these tells of no flow."""
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


_N = counts.COUNT
_OF_ANOTHER = re.compile(
    rf"({_N}) (?:out )?of (?:the |these |those |all |our )*(?:total |initial |remaining )?{_N}"
    r"(?: (?:(?!were|was)[a-z]+ ){0,2}?(?:records?|references?|citations?|articles|papers|publications|abstracts|titles|studies|trials|reports|hits|results|items)\b)?"
)
"""Some of so many: what is said is of the first number."""
_BREAKDOWN = re.compile(rf"\((?!{_N}\))[^()]*{_N}[^()]*\)")
_IN_BREAKDOWN = frozenset({"SOURCE", "duplicates", "not_retrieved"})
_CLAUSE_ENDS = re.compile(r"[,;:]| and | leaving | while | whereas | but ")
_TITLE = re.compile(r"\b(?:titleabstract|titles?|abstracts?)\b")
_FULL = re.compile(r"\bfulltext|\bin full\b|\bin detail\b|\bdetailed (?:review|reading|assess|evaluat)")
_WHOLE = re.compile(r"\bfulltext|\bin full\b|\bfully\b|\bin detail\b|\bentire")
_DATABASES = re.compile(r"\bdatabases?\b")
_AND_KIND = re.compile(rf"{_N} (?:(?!were|was|and|\w+(?:ed|s) )[a-z][\w'/-]* ){{1,2}}(?:and|plus) $")
_READ = re.compile(r"\b(?:after|following|by|on|through|from)\b[^.;]*\b(?:titleabstract|titles?|abstracts)\b")
_AGAIN = re.compile(r"\b(?:updated?|second|re-?run|repeated|latest|new) (?:\w+ )?search")
_SCREENING = re.compile(r"\bscreen\w*")
_DUPLICATES = re.compile(r"\bduplic")
_AFTER_DUPLICATES = re.compile(
    r"\b(?:after|following|upon|once|when|with|by|removing|excluding|eliminating|removal of)\b[^.;]*?\b(?:duplic\w+|duplicateremoval)"
)
_SEARCHED = re.compile(r"\bsearch|database|records|citations|references|\bhits\b|retriev|yield|total|initial")
_OF_SEARCH = re.compile(r"records?|citations?|references?|hits|abstracts?|titles?")
_COUNTED_NOUN = re.compile(
    r"^ (?:(?!following|after|at|during|based|on|by|in|from|upon|through)[a-z][\w'/-]* ){0,2}?(?:titles?|abstracts?|titleabstract|fulltext)\b"
)
_THIS = re.compile(r"\b(?:this|our|the present|the current|present|current) (?:\w+ ){0,2}meta-? ?analys")
_REST = re.compile(rf"\b(?:remaining|leaving|left)\b(?: \w+){{0,3}} {_N}?$")
_STUDIES = re.compile(r"(?:stud(?:y|ies)|trials?|rcts?|experiments?|cohorts?)\b")
_REPORTS = re.compile(
    r"(?:articles?|papers?|publications?|reports?|records?|manuscripts?|references?|citations?|documents?|fulltext|literatures?)\b"
)


# ---- which box


@dataclass
class _Reader:
    """What has been read of a passage so far, as its sentences come."""

    stage: int = 0
    has_screened: bool = False
    included: int = 0
    has_assessed: bool = False


_STAGES = {
    "databases": 1, "duplicates": 2, "after_duplicates": 2, "screened": 3, "excluded": 4, "sought": 5, "not_retrieved": 5,
    "chosen": 5, "assessed": 5, "reports_excluded": 6, "studies": 7, "reports": 7,
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
        if not _TELLS.search(passage.text) or languages.tell(passage.text) not in ("", languages.ENGLISH):
            continue
        own = list(_read_passage(passage, position))
        found += [replace(each, number=first + each.number) for each in _kept(passage, own)]
        first += 1 + max((each.number for each in own), default=0)
    return _outranked(found)


def _outranked(found: Sequence[Statement]) -> list[Statement]:
    """Return the numbers without those of included studies that stand where nothing of a flow does, if others do."""
    telling = {each.passage for each in found if each.box in _PLACES}
    of_flow = any(each.passage in telling for each in found if each.box in ("studies", "reports"))
    return [
        replace(each, box="")
        if of_flow
        and each.box in ("studies", "reports")
        and each.passage not in telling
        and each.kind == BODY
        else each
        for each in found
    ]


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
        if passage.kind == BODY and not _ELSEWHERE.search(passage.under):
            own = [each for each in own if _IN_ALL.search(each.sentence)]
        else:
            return []
    if n_flow and not (
        boxes == {"databases"} and re.search(r"method|material", passage.under, re.IGNORECASE)
    ):
        return list(own)
    # One number of included studies and no more: the first that is said.
    included = [each for each in own if each.box in ("studies", "reports") and each.n > 1]
    return [each for each in included if each.number == included[0].number]


_LINKS = "(?:that|which|were|was|are|reported|reporting|published|presented|described|describing|representing|corresponding|from|of|on|in|by|to|across|with|containing|comprising|detailing|about|these|unique|different|individual|separate|distinct)"
_LINK = rf"(?:,? \((?:{_LINKS} ){{0,4}}|(?: {_LINKS}){{1,5}} )"
_PAIRS = tuple(
    (
        re.compile(
            rf"({_N}) ((?:[a-z][\w'-]* ){{0,3}}?{one}){_LINK}({_N}) (?:[a-z][\w'-]* ){{0,2}}?{other}\)?"
        ),
        box,
    )
    for one, other, box in (
        (_STUDIES.pattern, _REPORTS.pattern, "reports"),
        (_REPORTS.pattern, _STUDIES.pattern, "studies"),
    )
)


def _paired(text: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """
    Return a sentence without its second number of the same thing, and that number's box.

    24 reports of 21 studies are one thing, counted twice; so are 35 studies (41 articles).
    """
    paired: dict[str, tuple[str, str]] = {}
    for pattern, box in _PAIRS:
        for found in pattern.finditer(text):
            paired[found[3]] = (found[1], box)
            text = text.replace(found[0], f"{found[1]} {found[2]}")
    return text, paired


_RESPECTIVELY = re.compile(rf"({_N}(?:, {_N})+,? and {_N})([^.;]*?)\brespectively")


def _listed(text: str) -> str:
    """Return the signs of shares that are listed before their sources: 283, 321 and 803 from A, B and C, respectively."""
    found = _RESPECTIVELY.search(text)
    if not found:
        return ""
    signs = "".join(re.findall(_N, found[1]))
    named = re.findall(rf"\b(?:{patterns.read().words['database']})\b", found[2])
    return signs if len(named) == len(signs) else ""


_AFTER_SEARCH = ("sought", "chosen", "assessed", "studies", "reports", "meta_analysis")
_MAYBE = "found"
"""What was found, in a search or in the world: the numbers after it say which."""


def _read_passage(passage: Passage, position: int) -> Iterator[Statement]:
    """Yield a passage's numbers with their boxes."""
    own = list(_read_sentences(passage, position))
    later = [each.n for each in own if each.box in _AFTER_SEARCH]
    beside = {each.box for each in own} & {*_AFTER_SEARCH, *_PLACES} - {"databases"}
    for each in own:
        is_most = bool(beside) and each.n > max(later, default=0)
        is_search = is_most or (not beside and bool(_OF_SEARCH.match(each.noun)))
        if each.box == _MAYBE:
            yield replace(each, box="databases" if is_most else "")
        elif each.box == "databases" and passage.kind != FIGURE and not is_search:
            # Fewer than were screened, or nothing beside it: what was found is not what a search found.
            yield replace(each, box="")
        else:
            yield each


def _read_sentences(passage: Passage, position: int) -> Iterator[Statement]:
    reader = _Reader()
    number = 0
    if labelled := figures.labels(passage):
        yield from _read_labels(labelled, passage, position)
        return
    for sentence in sentences.split(passage.text):
        counted = counts.find(sentence)
        text, paired = _paired(patterns.shape(counted.text))
        sources, rules = _listed(text), _rules_of(text)
        whole: tuple[int, str] | None = None
        included: dict[str, bool] = {}
        for place, n in enumerate(counted.numbers):
            sign = chr(counts.FIRST + place)
            boxes, noun, is_rest = _boxes(sign, rules.get(sign, ""), text, reader)
            if sign in sources:
                boxes = ("source",)
            elif sign in paired:
                of, box = paired[sign]
                boxes, noun = ((box,) if included.get(of) else ()), box
            elif set(boxes) & {"studies", "reports"}:
                # Once it is said how many are in, fewer are some of them.
                if n < reader.included:
                    boxes = ()
                included[sign] = bool(boxes)
                reader.included = max(reader.included, n)
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
_REASONS = re.compile(r"includ|because|due to|reason|:|\(|\bas\b|\bowing|namely|\bwith\b")


def _is_part(boxes: Sequence[str], n: int, sign: str, text: str, whole: tuple[int, str] | None) -> bool:
    """Whether a number is one reason's share of those excluded that the sentence has said before."""
    if whole is None or not set(boxes) & (_OUT | {"not_retrieved"}) or n > whole[0]:
        return False
    between = text[text.index(whole[1]) + 1 : text.index(sign)]
    return bool(_REASONS.search(between))


def _read_labels(labelled: Sequence[str], passage: Passage, position: int) -> Iterator[Statement]:
    """Yield the numbers of a figure's boxes, each by the label before it."""
    is_assessed = False
    found = list(figures.numbers(labelled))
    # Where a box says that it is of full texts, one that does not is of titles and abstracts.
    is_told = any(figures.box_of(label) == "reports_excluded" for _, label, _ in found)
    for number, (n, label, told) in enumerate(found):
        box = figures.box_of(label, is_assessed=is_assessed)
        is_assessed = is_assessed or (box == "assessed" and not is_told)
        noun = next(iter(figures.HEADS.findall(label)), "")
        if box == "included":
            box = _of_included(noun)
        elif box == "OTHER":
            box = _other_method(f"{label} {chr(counts.FIRST)}", chr(counts.FIRST))
        yield Statement(number, n, box, passage.place, told, FIGURE, noun=noun, passage=position)


def _boxes(sign: str, box: str, text: str, reader: _Reader) -> tuple[tuple[str, ...], str, bool]:
    """Return the boxes that a number may be in, what it counts, and whether it is said to be what remains."""
    before, _, after = text.partition(sign)
    noun = _noun(after)
    is_rest = bool(_REST.search(f"{before}")) or bool(re.match(r"(?: \w+){0,2} remain", after))
    boxes: tuple[str, ...]
    if box == "EXCLUDED":
        boxes = _excluded(before, after, text, reader)
    elif box == "REMAINING":
        boxes = _remaining(before, after, noun, reader)
    elif box == "REVIEWED":
        boxes = _reviewed(before, after, text, reader)
    elif box == "FOUND":
        is_after = (
            bool(_AFTER_DUPLICATES.search(before))
            and not _TITLE.search(before)
            and not _SCREENING.search(before)
        )
        is_searched = _SEARCHED.search(text) or _OF_SEARCH.match(noun)
        if _READ.search(before):
            boxes = ("chosen",)
        elif is_after:
            boxes = ("after_duplicates",)
        elif reader.stage < 2:
            boxes = ("databases",) if is_searched else (_MAYBE,)
        else:
            boxes = ()
    elif box == "OTHER":
        # What a search found that was run again is no other method's.
        method = _other_method(text, sign)
        boxes = () if _AGAIN.search(text) or _DATABASES.search(re.split(_N, after)[0]) else (method,)
    elif box == "assessed":
        boxes = ("screened",) if _of_titles(before, after) else ("assessed",)
    elif box in ("SOURCE", "CHOSEN"):
        boxes = (box.lower(),)
    elif box == "meta_analysis":
        is_all = _THIS.search(after) or re.search(r"\bqualitative", after)
        boxes = (_of_included(noun),) if is_all else ("meta_analysis",)
    elif box == "included":
        # One kind of so many, and another: the sum is not said.
        boxes = () if _AND_KIND.search(before) else (_of_included(noun),)
        if noun == "fulltext" and reader.stage < 3 and "final" not in before:
            boxes = ("assessed", "reports")
    else:
        boxes = (box,) if box else ()
    reader.has_assessed = reader.has_assessed or bool({"assessed", "chosen"} & set(boxes))
    reader.stage = max([reader.stage, *(_STAGES.get(each, 0) for each in boxes[:1])])
    return boxes, noun, is_rest


def _rules_of(text: str) -> dict[str, str]:
    """Return, for each count of a sentence that a rule fits, the box of the first that does."""
    text = _OF_ANOTHER.sub(r"\1", text)
    without = " ".join(_BREAKDOWN.sub("", text).split())
    variants = tuple(dict.fromkeys((without, text)))
    found: dict[str, str] = {}
    waiting = set(re.findall(_N, text))
    for rule in patterns.read().rules:
        for variant in variants:
            for pattern in rule.patterns:
                for sign in _fitting(pattern, variant, waiting):
                    if sign in without or rule.box in _IN_BREAKDOWN:
                        found[sign] = rule.box
        waiting -= set(found)
        if not waiting:
            break
    return found


def _fitting(pattern: re.Pattern[str], text: str, waiting: set[str]) -> Iterator[str]:
    """Yield the signs that a pattern fits; where it begins with one, each is asked for itself."""
    if pattern.pattern.startswith("(?P<n>"):
        # A match that begins at another number would hide one that begins here.
        for place, letter in enumerate(text):
            if letter in waiting and pattern.match(text, place):
                yield letter
    else:
        for found in pattern.finditer(text):
            if found["n"] in waiting:
                yield found["n"]


def _near(before: str, after: str) -> str:
    """Return the words around a number up to its neighbours."""
    return f"{re.split(_N, before)[-1]} {re.split(_N, after)[0]}"


def _of_titles(before: str, after: str) -> bool:
    """Whether what is assessed for eligibility are titles and abstracts, and no full texts."""
    near = _near(before, after)
    return bool(_TITLE.search(near)) and not _WHOLE.search(near)


def _noun(after: str) -> str:
    found = re.match(
        rf"\)?,?(?: (?!(?:{patterns.read().words['stop']})\b)[a-z][\w'/-]*,?){{0,6}}?,? ({_STUDIES.pattern}|{_REPORTS.pattern})",
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
    if _DUPLICATES.search(near_after):
        # Duplicates and others in one number.
        return ()
    for near in (near_after, near_before, text):
        is_title, is_full = bool(_TITLE.search(near)), bool(_FULL.search(near))
        if is_title and is_full and near is not text:
            return ()
        if is_title != is_full:
            if near is text and reader.stage >= 5:
                break
            return ("excluded",) if is_title else ("reports_excluded",)
    if reader.stage >= 7:
        return ("reports_excluded",) if _FULL.search(text) or reader.has_assessed else ()
    if reader.stage >= 5:
        return ("reports_excluded",)
    if reader.stage == 4:
        return ("excluded", "reports_excluded")
    if reader.stage >= 2 or reader.has_screened or _SCREENING.search(before):
        return ("excluded",)
    return ("other_reasons", "excluded")


def _reviewed(before: str, after: str, text: str, reader: _Reader) -> tuple[str, ...]:
    """Return at which stage what was reviewed was so, where the words near it or the sentence say that."""
    near = _near(before, after)
    for said in (near, text):
        is_title, is_full = bool(_TITLE.search(said)), bool(_FULL.search(said))
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
    words = patterns.read().words
    named = [method for method in _METHODS if re.search(rf"\b(?:{words[method]})", near)]
    is_other = bool(re.search(rf"\b(?:{words['other']})", near))
    return _METHOD_BOX[named[0]] if len(named) == 1 and not is_other else "other_sources"
