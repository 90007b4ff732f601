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
from itertools import product
from typing import TYPE_CHECKING

from peerreview.imports.papers import (
    ABSTRACT,
    BODY,
    CAPTION,
    CHAPTER,
    FIGURE,
    UNDER,
    Paper,
    Passage,
    counts,
    figures,
    languages,
    patterns,
    sentences,
    settling,
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
_STEPS_TOLD = frozenset({*_PLACES, "studies", "reports"})
_FLOW_HEADING = re.compile(
    r"select|search|screen|flow|identif|prisma|retriev|eligib|inclusion|summary of (?:the )?(?:studies|evidence)|yield|description of (?:the )?(?:included )?studies",
    re.IGNORECASE,
)
_IN_ALL = re.compile(
    r"\b(?:final|entire|full|our) (?:\w+ )?(?:sample|data ?set|database|corpus|selection|set|pool|list|meta-analysis) (?:of studies )?(?:consist|compris|cover|includ|contain)\w*\b"
    r"|\b(?:we|paper|study|review|article) (?:\w+ )?(?:collect|gather|synthesi[sz]e|meta-analy[sz]e|review|examine)\w*\b.*\b(?:estimates|effect sizes|observations|comparisons|correlations)\b.*\bstudies\b|"
    r"\b(?:in total|a total of|finally|ultimately|overall)\b.*\b(?:included|selected|met)\b.*\b(?:review|analysis|criteria)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"identif|retriev|yield|search|duplic|screen|exclu|includ|full|eligib|criteri|assess|record|n *(?:=|equals)",
    re.IGNORECASE,
)
"""A passage without any of these tells of no flow."""
_LONGEST = 2_000
"""Letters; what is longer is a table that ran together, no sentence."""
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
    rf"(?P<some>{_N}) (?:out )?of (?:the |these |those |all |our )*(?:total |initial |remaining )?(?P<all>{_N})"
    r"(?: (?:(?!were|was)[a-z]+ ){0,2}?(?:records?|references?|citations?|articles|papers|publications|abstracts|titles|studies|trials|reports|hits|results|items)\b)?"
)
"""Some of so many: what is said is of the first number."""
_BREAKDOWN = re.compile(rf"\((?!{_N}\))[^()]*{_N}[^()]*\)")
_IN_BREAKDOWN = frozenset({"SOURCE", "after_duplicates", "duplicates", "not_retrieved"})


def read(paper: Paper) -> list[Statement]:
    """
    Return the numbers of a paper that may be of its flow, in its order.

    Passages that tell of no flow are left out: an abstract is read whole,
    other passages where their numbers are of two boxes at least, or a
    heading or caption says what they are.
    """
    found: list[Statement] = []
    first, is_assessed = 0, False
    passages = _with_abstract(paper.passages)
    for position, passage in enumerate(passages):
        if not _TELLS.search(passage.text) or languages.tell(passage.text) not in ("", languages.ENGLISH):
            continue
        # The boxes of a figure may be passages of their own: a later one of reports excluded follows what was assessed.
        own = list(_read_passage(passage, _figure_of(passages, position), is_assessed=is_assessed))
        is_label = bool(own) and all(each.kind == FIGURE for each in own)
        is_assessed = is_label and (is_assessed or any(each.box == "assessed" for each in own))
        found += [replace(each, number=first + each.number) for each in _kept(passage, own)]
        first += 1 + max((each.number for each in own), default=0)
    return _near_the_flow(_outranked(found), paper)


def _figure_of(passages: Sequence[Passage], position: int) -> int:
    """Return where the figure begins that a passage is a box of; its own position where it is of none."""
    place = position
    while place and passages[place].kind == passages[place - 1].kind == FIGURE:
        place -= 1
    return place


_PARAGRAPH = 300
"""Letters; what is shorter is a title, an author or an address."""
_FIRST = 2
"""Paragraphs that may be an abstract, where no heading says which is."""


def _with_abstract(passages: Sequence[Passage]) -> list[Passage]:
    """Return passages of which the first paragraphs are the abstract, where none is said to be."""
    found = list(passages)
    if any(each.kind == ABSTRACT for each in passages):
        return found
    n_taken = 0
    for place, each in enumerate(passages):
        if n_taken == _FIRST or CHAPTER.match(each.under.partition(UNDER)[0]):
            break
        if each.kind == BODY and len(each.text) > _PARAGRAPH:
            found[place] = replace(each, kind=ABSTRACT)
            n_taken += 1
    return found


_TOLD = 4
"""Steps of the flow in one place: that is where the paper tells of it."""
_NEAR = 3
"""Passages around it that still may."""


def _near_the_flow(found: Sequence[Statement], paper: Paper) -> list[Statement]:
    """
    Return the numbers without those of passages far from where the flow is told, if there is such a place.

    What a results chapter counts of the included studies looks like a step of the flow, and is none.
    """
    steps: dict[int, set[str]] = {}
    for each in found:
        if each.box in _STEPS_TOLD:
            steps.setdefault(each.passage, set()).add(each.box)
    around = {place: set().union(*(steps.get(place + by, set()) for by in (-1, 0, 1))) for place in steps}
    telling = [place for place in steps if len(around[place]) >= _TOLD and len(steps[place]) > 1]
    if not any(paper.passages[place].kind in (BODY, FIGURE) for place in telling):
        return list(found)
    return [
        replace(each, box="")
        if each.kind == BODY
        and not _FLOW_HEADING.search(paper.passages[each.passage].under.rpartition(" › ")[2])
        and min(abs(each.passage - place) for place in telling) > _NEAR
        else each
        for each in found
    ]


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


def why_unread(paper: Paper) -> str:
    """Return why a paper's numbers are not read, as that it is in Spanish; blank where they are."""
    language = language_of(paper)
    if language in ("", languages.ENGLISH):
        return ""
    name = languages.NAMES.get(language, f"the language {language!r}")
    return f"the paper is in {name}, which is not read"


def _kept(passage: Passage, own: Sequence[Statement]) -> list[Statement]:
    """Return a passage's statements, or none where it does not tell of the flow."""
    is_of_flow = passage.kind != BODY or bool(_FLOW_HEADING.search(passage.under.rpartition(" › ")[2]))
    first = {each.number: each.box for each in reversed(own)}
    # A number of two stages is of one only where a heading says that it is of any.
    boxes = {each.box for each in own if is_of_flow or each.box == first[each.number]}
    boxes -= (
        {"", "meta_analysis", "source", "other_reasons"}
        if not is_of_flow
        else {"", "meta_analysis", "source"}
    )
    n_flow, n_boxes = len(boxes & set(_PLACES)), len(boxes)
    if passage.kind == BODY and _ELSEWHERE.search(passage.under) and n_flow < 3:
        return []
    if n_boxes > 1 and (n_flow or passage.kind == ABSTRACT):
        return list(own)
    is_told = {
        ABSTRACT: True,
        CAPTION: bool(_FLOW_CAPTION.search(passage.text)),
        FIGURE: any(each.box for each in own),
        BODY: is_of_flow,
    }[passage.kind]
    if not is_told:
        if passage.kind == BODY and not _ELSEWHERE.search(passage.under):
            own = [each for each in own if _IN_ALL.search(each.sentence)]
        else:
            return []
    if passage.kind == FIGURE or (
        n_flow
        and not (boxes == {"databases"} and re.search(r"method|material", passage.under, re.IGNORECASE))
    ):
        return list(own)
    # One number of included studies and no more: the first that is said.
    included = [each for each in own if each.box in ("studies", "reports") and each.n > 1]
    if passage.kind == ABSTRACT and not included:
        included = [
            each
            for each in own
            if each.box == "meta_analysis" and each.noun and each.n > 1 and "includ" in each.sentence
        ]
    # As many reports, and as many studies, may be said at once.
    return [
        each
        for each in included
        if each.number == included[0].number
        or (each.sentence == included[0].sentence and each.box != included[0].box)
    ]


_LINKS = "(?:that|which|were|was|are|reported|reporting|published|presented|described|describing|representing|corresponding|from|of|on|in|by|to|across|with|containing|comprising|detailing|about|these|unique|different|individual|separate|distinct)"
_LINK = rf"(?:,? \((?:{_LINKS} ){{0,4}}|(?: {_LINKS}){{1,5}} |, (?:representing|corresponding to|reporting(?: on)?|describing) )"
_PAIRS = tuple(
    (
        re.compile(
            rf"({_N}) ((?:[a-z][\w'-]* ){{0,3}}?{one}){_LINK}({_N}) (?:[a-z][\w'-]* ){{0,4}}?{other}\)?"
        ),
        box,
    )
    for one, other, box in (
        (settling.STUDIES.pattern, settling.REPORTS.pattern, "reports"),
        (settling.REPORTS.pattern, settling.STUDIES.pattern, "studies"),
    )
)


_IS_KIND = re.compile(
    rf"^{_N} (?:[\w'-]+ )*?{settling.REPORTS.pattern} \({_N} (?:[\w'-]+ )*?(?:trials?|rcts?|cohorts?|experiments?)\)"
)
"""Eleven articles (seven trials): some are trials, and not each of a study."""


def _paired(text: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """
    Return a sentence without its second number of the same thing, and that number's box.

    24 reports of 21 studies are one thing, counted twice; so are 35 studies (41 articles).
    """
    paired: dict[str, tuple[str, str]] = {}
    for pattern, box in _PAIRS:
        for found in pattern.finditer(text):
            if _IS_KIND.search(found[0]):
                continue
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


_FEWEST_SHARES, _FEWEST_NAMED = 3, 2
_STEP_BETWEEN = re.compile(
    r"\b(?:duplic|duplicateremoval|exclu|screen|remov|includ|fulltext|titleabstract|eligib)"
)


def _shares_of(text: str, numbers: Sequence[int]) -> str:
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


_FAR_LESS = 3
"""Where so many times as many were screened, what was found was something else."""
_AFTER_SEARCH = ("sought", "chosen", "assessed", "studies", "reports", "meta_analysis")


def _read_passage(passage: Passage, position: int, *, is_assessed: bool = False) -> Iterator[Statement]:
    """Yield a passage's numbers with their boxes."""
    reader = settling.Reader()
    own = list(_read_sentences(passage, position, reader, is_assessed=is_assessed))
    own = [replace(each, box="") if each.number in reader.superseded else each for each in own]
    n_sources = sum(each.box in ("source", settling.SOLE) for each in own)
    is_sole = (
        n_sources == 1
        and (passage.kind != FIGURE or len(own) >= _FEWEST_SHARES)
        and not any(each.box in ("databases", settling.MAYBE) for each in own)
    )
    own = [
        replace(each, box="databases" if is_sole else "source")
        if each.box == settling.SOLE or (each.box == "source" and passage.kind == FIGURE)
        else each
        for each in own
    ]
    later = [each.n for each in own if each.box in _AFTER_SEARCH]
    included = [each.n for each in own if each.box in _OF_INCLUDED]
    most = max((each.n for each in own if each.box in _PLACES), default=0)
    beside = {each.box for each in own} & {*_AFTER_SEARCH, *_PLACES} - {"databases"}
    for each in own:
        is_most = bool(beside) and each.n > max(later, default=0) and each.n * _FAR_LESS >= most
        is_search = is_most or (not beside and bool(settling.OF_SEARCH.match(each.noun)))
        # Studies that are little more than those that are in: a search finds many more.
        is_many = not settling.STUDIES.match(each.noun) or each.n >= 2 * max(later, default=0)
        is_few = each.box == "screened" and each.n <= max(included, default=0)
        if is_few:
            # Fewer than are in were not all that was screened.
            yield replace(each, box="")
        elif each.box == settling.MAYBE:
            yield replace(each, box="databases" if is_most and is_many else "")
        elif each.box == "databases" and passage.kind != FIGURE and not (is_search and is_many):
            # Fewer than were screened, or nothing beside it: what was found is not what a search found.
            yield replace(each, box="")
        else:
            yield each


_AUTHOR = r"[A-Z][\w'’-]+(?: et al\.?|,? (?:and|&) [A-Z][\w'’-]+| and (?:colleagues|co-?workers|others))?"
_OF_OTHERS = re.compile(
    rf"(?:^|; |, )(?:(?:In|For|The|A|An|the|a|an|by|of|study|review|survey|meta-analysis|work|update|example) ,?){{0,5}}{_AUTHOR},? ?[(\[](?:19|20)\d\d[a-z]?[)\]]"
    r"|\b(?:previous|earlier|prior|last|another|other|existing|related) (?:[\w-]+ ){0,3}?(?:reviews?|meta-analys[ie]s|overviews?|surveys?|synthes[ie]s|mapping stud(?:y|ies))\b(?: [\w'’,()-]+){0,8}? (?:included|identified|found|analy[sz]ed|covered|examined|reviewed|synthesi[sz]ed)\b"
)
_IS_ENTRY = re.compile(
    r"^\W*\[?\d*\]?\W*(?:https?://)?(?:dx\.)?doi\b|\bdoi: ?10\.|(?:\b[A-Z]\. ?)+[A-Z][a-z]+, (?:[A-Z]\. ?)+[A-Z][a-z]+"
)
"""An entry of a reference list that no heading stands before."""
_OWN = re.compile(r"\b(?:we|our|this (?:review|study|paper)|the present|the current)\b", re.IGNORECASE)


def _is_of_others(sentence: str) -> bool:
    """Whether a sentence is of another review, or an entry of the reference list."""
    is_of_others = bool(_OF_OTHERS.search(sentence)) and not _OWN.search(sentence)
    return is_of_others or bool(_IS_ENTRY.search(sentence))


_MANY = 300
"""Few reviews include as many studies without a word for them."""


def _read_sentences(
    passage: Passage, position: int, reader: settling.Reader, *, is_assessed: bool
) -> Iterator[Statement]:
    if labelled := figures.labels(passage):
        yield from _read_labels(labelled, passage, position, is_assessed=is_assessed)
        return
    number = 0
    for sentence in sentences.split(passage.text):
        if len(sentence) > _LONGEST or _is_of_others(sentence):
            continue
        counted = counts.find(sentence)
        text, paired = _paired(patterns.shape(counted.text))
        sources = _listed(text) + _shares_of(text, counted.numbers)
        rules, wholes = _rules_of(text), _wholes(text)
        plain, said = _OF_ANOTHER.sub(r"\g<some>", text), _Said(text, counted.numbers)
        for place, n in enumerate(counted.numbers):
            sign = chr(counts.FIRST + place)
            words = settling.Words(sign, text if sign in wholes else plain, counted.numbers)
            boxes, noun = settling.settle(rules.get(sign, ""), words, reader), words.noun
            if sign in sources:
                boxes = ("source",)
            elif sign in paired:
                of, box = paired[sign]
                boxes, noun = ((box,) if said.is_included(of) else ()), box
            elif (
                set(boxes) & _OF_INCLUDED and words.before.endswith("(") and any(map(said.is_included, rules))
            ):
                # Studies that were included, and then people in brackets.
                boxes = ()
            elif set(boxes) & _OF_INCLUDED and (n <= 1 or (n > _MANY and not words.noun)):
                # One report that met the criteria is rarely all, and so many of what is not named are people.
                boxes = ()
            elif set(boxes) & _OF_INCLUDED:
                boxes = settling.take_included(boxes, words, n, number, reader)
            boxes = said.take(sign, n, boxes, wholes.get(sign, ""))
            for box in boxes or ("",):
                yield Statement(
                    number, n, box, passage.place, sentence, passage.kind, words.is_rest, noun, position
                )
            number += 1
        reader.has_screened = reader.has_screened or bool(settling.SCREENING.search(text))


_INCLUDED = re.compile(
    r" (?:finally )?(?:included|eligible) (?:studies|articles|papers|trials|publications|reports|records)"
)


_SAID = re.compile(
    r" (?:initially )?(?P<before>identified|retrieved|screened|fulltext|assessed) (?:records|articles|papers|publications|citations|references|reports|studies)"
    r"| (?:records|articles|papers|publications|citations|references) (?:\w+ )?(?P<after>identified|retrieved|screened|assessed)\b"
)
_WHOLES = {
    "identified": "databases", "retrieved": "databases", "screened": "screened", "fulltext": "assessed",
    "assessed": "assessed",
}  # fmt: skip


def _wholes(text: str) -> dict[str, str]:
    """Return the signs of those that others are some of, each with these, or with the box that it is said to be."""
    found = {}
    for each in _OF_ANOTHER.finditer(text):
        is_included = _INCLUDED.match(text, each.end("all"))
        said = _SAID.match(text, each.end("all"))
        found[each["all"]] = (
            "studies" if is_included else _WHOLES[said["before"] or said["after"]] if said else each["some"]
        )
    return found


_OF_INCLUDED = frozenset({"studies", "reports"})
_CONSISTS = re.compile(r"\b(?:consisting of|comprising|including|namely|made up of|composed of)\b")
_STEPS = _OF_INCLUDED | {"assessed", "screened", "chosen", "grey_literature", "other_sources"}
_REASONS_TOLD = re.compile(
    r"\breasons? (?:for|of) (?:\w+ )?(?:exclu\w+|rejecti\w+|ineligib\w+|removal)\b[^.;\ue000-\uf8ff]*"
    r"|\bexclusion reasons\b[^.;\ue000-\uf8ff]*"
)
"""What follows is a reason's share, where no number has said how many were excluded."""
_OUT = frozenset({"excluded", "reports_excluded", "other_reasons"})
_STAGE = re.compile(
    r"[,;)] (?:and )?(?:by |at |on )?(?:titles?|abstracts?|titleabstract|fulltext)(?: screening| review| stage)? \($"
)
"""By title (600), abstract (90) and full text (20): the next stage's number, and no reason's."""
_OF_REASONS = frozenset(
    {"not_retrieved", "grey_literature", "other_sources", "citation_searching", "hand_searching", "websites"}
)
"""Boxes whose words are reasons, too, as conference abstracts."""
_REASONS = re.compile(r"includ|because|due to|reason|:|\(|\bas\b|\bowing|namely|\bwith\b")


class _Said:
    """What a sentence has said so far: the boxes of its numbers, and how many it excluded last."""

    def __init__(self, text: str, numbers: Sequence[int]) -> None:
        self._text, self._numbers = text, numbers
        self._given: dict[str, tuple[str, ...]] = {}
        self._out = ""
        told = _REASONS_TOLD.search(text)
        self._reasons = told.end() if told else len(text)

    def is_included(self, sign: str) -> bool:
        """Whether a number before is one of what is included."""
        return bool(set(self._given.get(sign, ())) & _OF_INCLUDED)

    def take(self, sign: str, n: int, boxes: tuple[str, ...], whole: str) -> tuple[str, ...]:
        """Return a number's boxes beside those before; ``whole`` is the sign of some of it, or its own box."""
        if (
            self._text.find(sign) >= self._reasons
            or self._is_reason(sign, n, boxes)
            or self._is_kind(sign, n, boxes)
        ):
            boxes = ()
        elif set(boxes) & _OUT:
            self._out = sign
        if whole:
            boxes = self._whole_of(whole)
        self._given[sign] = boxes
        return boxes

    def _whole_of(self, some: str) -> tuple[str, ...]:
        """Return the box of those that others are some of: what is left out at full text was assessed."""
        if len(some) > 1:
            return (some,)
        is_full = self._given.get(some) == ("reports_excluded",) and "fulltext" in self._text
        return ("assessed",) if is_full else ()

    def _between(self, sign: str, other: str) -> str:
        """Return the words from a number to a later one; blank where there is none."""
        between = self._text.partition(sign)[2].partition(other)
        return between[0] if between[1] else ""

    def _is_reason(self, sign: str, n: int, boxes: Sequence[str]) -> bool:
        """Whether a number is one reason's share of those excluded that the sentence has said before."""
        if not self._out or n > self._numbers[ord(self._out) - counts.FIRST]:
            return False
        # At full text, a duplicate is a reason as any other.
        is_duplicate = boxes == ("duplicates",) and self._given[self._out] == ("reports_excluded",)
        between = self._between(self._out, sign)
        is_of_reason = is_duplicate or bool(set(boxes) & (_OUT | _OF_REASONS))
        return is_of_reason and bool(_REASONS.search(between)) and not _STAGE.search(between)

    def _is_kind(self, sign: str, n: int, boxes: Sequence[str]) -> bool:
        """Whether a number is of a kind of those included that were said before, as 24, consisting of 8 and 16."""
        return set(boxes) <= _STEPS and any(
            self.is_included(whole)
            and n <= self._numbers[ord(whole) - counts.FIRST]
            and _CONSISTS.search(self._between(whole, sign))
            for whole in self._given
        )


def _read_labels(
    labelled: Sequence[str], passage: Passage, position: int, *, is_assessed: bool
) -> Iterator[Statement]:
    """Yield the numbers of a figure's boxes, each by the label before it."""
    found = list(figures.numbers(labelled))
    # Where a box says that it is of full texts, one that does not is of titles and abstracts.
    is_told = any(figures.box_of(label) == "reports_excluded" for _, label, _ in found)
    shares = figures.shares([label for _, label, _ in found])
    for number, (n, label, told) in enumerate(found):
        box = "" if number in shares else figures.box_of(label, is_assessed=is_assessed)
        is_assessed = is_assessed or (box == "assessed" and not is_told)
        noun = next(iter(figures.HEADS.findall(label)), "")
        if box == "included":
            box = settling.of_included(noun)
        elif box == "OTHER":
            box = settling.other_method(label)
        yield Statement(number, n, box, passage.place, told, FIGURE, noun=noun, passage=position)


def _rules_of(text: str) -> dict[str, str]:
    """Return, for each count of a sentence that a rule fits, the box of the first that does."""
    text = _OF_ANOTHER.sub(r"\g<some>", text)
    without = re.sub(r" ([,.;:)])", r"\1", " ".join(_BREAKDOWN.sub("", text).split()))
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
