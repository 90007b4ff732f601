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
from itertools import groupby
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
    chains,
    clauses,
    figures,
    languages,
    sentences,
    settling,
    wording,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLACES = (
    "databases",
    "duplicates",
    "after_duplicates",
    "yielded",
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
    r"\b(?:in total|a total of|finally|ultimately|overall)\b.*\b(?:included|selected|met)\b.*\b(?:review|analysis|criteria)|"
    r"\b(?:studies|articles|papers|trials|reports|publications) (?:of \w+ )?(?:that )?(?:met|fulfilled|satisfied) (?:our|the|all) (?:\w+ ){0,3}(?:criteria|inclusion)|"
    r"\b(?:were|was) (?:finally )?included in (?:this|our|the present|the current) (?:\w+ ){0,2}(?:review|meta-?analysis)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"identif|retriev|yield|search|duplic|screen|exclu|includ|full|eligib|criteri|assess|record|collect|estimates|n *(?:=|equals)",
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
    remains; ``noun`` is what it counts, as printed; ``is_firm`` whether its words say that
    it is all that its box holds.
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
    near: str = ""
    is_firm: bool = True


def read(paper: Paper) -> list[Statement]:
    """
    Return the numbers of a paper that may be of its flow, in its order.

    Passages that tell of no flow are left out: an abstract and the title are read whole,
    other passages where their numbers are of two boxes at least, or a
    heading or caption says what they are.
    """
    found: list[Statement] = []
    first, is_assessed = 0, False
    # A title may say of how many studies it is.
    passages = [*_with_abstract(paper.passages), Passage(paper.title, ABSTRACT, "Title")]
    paper = replace(paper, passages=tuple(passages))
    told: list[tuple[Passage, list[Statement]]] = []
    for position, passage in enumerate(passages):
        is_of_flow = passage.kind == ABSTRACT or _TELLS.search(passage.text) or _is_headed(passage)
        if not is_of_flow or languages.tell(passage.text) not in ("", languages.ENGLISH):
            continue
        # The boxes of a figure may be passages of their own: a later one of reports excluded follows what was assessed.
        own = list(_read_passage(passage, _figure_of(passages, position), is_assessed=is_assessed))
        is_label = bool(own) and all(each.kind == FIGURE for each in own)
        is_assessed = is_label and (is_assessed or any(each.box == "assessed" for each in own))
        told.append((passage, own))
    for passage, own in _chained(told):
        found += [replace(each, number=first + each.number) for each in _kept(passage, own)]
        first += 1 + max((each.number for each in own), default=0)
    return _near_the_flow(_outranked(_with_treated(found, paper)), paper)


def _with_treated(found: Sequence[Statement], paper: Paper) -> list[Statement]:
    """Return numbers of which the one that a review treats of is included, where no other is."""
    treated = {
        each.n
        for each in found
        if each.box == settling.TREATED
        and each.kind == ABSTRACT
        and not _is_elsewhere(paper.passages[each.passage])
    }
    is_told = any(each.box in ("studies", "reports", "meta_analysis") for each in found)
    is_one = len(treated) == 1 and not is_told
    return [
        each
        if each.box != settling.TREATED
        else replace(each, box=wording.of_included(each.noun) if is_one and each.n in treated else "")
        for each in found
    ]


def _chained(told: Sequence[tuple[Passage, list[Statement]]]) -> Iterator[tuple[Passage, list[Statement]]]:
    """Yield passages with their numbers, settled by the chains that they form with those of the same heading."""
    for _, group in groupby(told, key=lambda each: (each[0].kind, each[0].under)):
        together = [(passage, own) for passage, own in group if own]
        if not together:
            continue
        settled = [own for _, own in together]
        passage = together[0][0]
        if passage.kind != FIGURE and not _is_elsewhere(passage):
            settled = chains.settle(settled)
        yield from zip((passage for passage, _ in together), settled, strict=True)


def _is_headed(passage: Passage) -> bool:
    """Whether the heading that a passage stands under says that it tells of the flow."""
    return bool(_FLOW_HEADING.search(passage.under.rpartition(UNDER)[2]))


def _is_elsewhere(passage: Passage) -> bool:
    """Whether a passage stands in a chapter that tells of no flow of its own."""
    return any(
        _ELSEWHERE.search(heading) and not re.search("results?", heading, re.IGNORECASE)
        for heading in passage.under.split(UNDER)
    )


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
_SHORT = 6_000
"""Letters; a text that is no longer, and has no headings below headings, is an abstract or a passage cut out."""


def _with_abstract(passages: Sequence[Passage]) -> list[Passage]:
    """Return passages of which the first paragraphs are the abstract, where none is said to be; a short text is one."""
    found = list(passages)
    if any(each.kind == ABSTRACT for each in passages):
        return found
    is_short = sum(len(each.text) for each in passages) <= _SHORT
    if is_short and not any(UNDER in each.under for each in passages):
        return [
            replace(each, kind=ABSTRACT) if each.kind == BODY and not _is_elsewhere(each) else each
            for each in found
        ]
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
        and not _is_headed(paper.passages[each.passage])
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
    is_of_flow = passage.kind != BODY or _is_headed(passage)
    first = {each.number: each.box for each in reversed(own)}
    # A number of two stages is of one only where a heading says that it is of any.
    boxes = {each.box for each in own if is_of_flow or each.box == first[each.number]}
    boxes -= (
        {"", "meta_analysis", "source", "other_reasons"}
        if not is_of_flow
        else {"", "meta_analysis", "source"}
    )
    n_flow, n_boxes = len(boxes & set(_PLACES)), len(boxes)
    if passage.kind == BODY and _is_elsewhere(passage) and n_flow < 3:
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
        if passage.kind == BODY and not _is_elsewhere(passage):
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
    if passage.kind == ABSTRACT and not included:
        # Of several, it may be any: that is seen where all passages are.
        return [each for each in own if each.box == settling.TREATED]
    # As many reports, and as many studies, may be said at once.
    return [
        each
        for each in included
        if each.number == included[0].number
        or (each.sentence == included[0].sentence and each.box != included[0].box)
    ]


_FEWEST_LABELS = 3
"""A figure of fewer tells not whether a database in it is the only one."""
_FAR_LESS = 3
"""Where so many times as many were screened, what was found was something else."""
_AFTER_SEARCH = ("sought", "chosen", "assessed", "studies", "reports", "meta_analysis")


def _read_passage(passage: Passage, position: int, *, is_assessed: bool = False) -> Iterator[Statement]:
    """Yield a passage's numbers with their boxes."""
    reader = wording.Reader()
    own = list(_read_sentences(passage, position, reader, is_assessed=is_assessed))
    own = [replace(each, box="") if each.number in reader.superseded else each for each in own]
    own = _with_sources_settled(own, passage)
    later = [each.n for each in own if each.box in _AFTER_SEARCH]
    included = [each.n for each in own if each.box in clauses.OF_INCLUDED]
    most = max((each.n for each in own if each.box in _PLACES), default=0)
    beside = {each.box for each in own} & {*_AFTER_SEARCH, *_PLACES} - {"databases"}
    # An abstract that finds some studies, and has no other number, has them in.
    is_short = passage.kind == ABSTRACT and not included and not beside
    n_found = [each.number for each in own if each.box in ("databases", settling.MAYBE) and each.n > 1]
    is_short = is_short and len(n_found) == 1
    shares = [each.n for each in own if each.box == "source"]
    for each in own:
        is_most = bool(beside) and each.n > max(later, default=0) and each.n * _FAR_LESS >= most
        is_search = is_most or (not beside and bool(settling.OF_SEARCH.match(each.noun)))
        # Studies that are little more than those that are in: a search finds many more.
        is_many = not wording.STUDIES.match(each.noun) or each.n >= 2 * max(later, default=0)
        is_few = each.box == "screened" and each.n <= max(included, default=0)
        if len(shares) > 1 and each.n == sum(shares) and each.box in ("databases", settling.MAYBE, ""):
            yield replace(each, box="databases")
        elif is_few:
            # Fewer than are in were not all that was screened.
            yield replace(each, box="")
        elif is_short and each.number in n_found and _is_found(each):
            yield replace(each, box="studies")
        elif each.box == settling.MAYBE:
            yield replace(each, box="databases" if is_most and is_many else "")
        elif each.box == "databases" and passage.kind != FIGURE and not (is_search and is_many):
            # Fewer than were screened, or nothing beside it: what was found is not what a search found.
            yield replace(each, box="")
        else:
            yield each


def _with_sources_settled(own: Sequence[Statement], passage: Passage) -> list[Statement]:
    """Return a passage's numbers of which a single database's is all that was found, where no other is told."""
    n_sources = sum(each.box in ("source", settling.SOLE) for each in own)
    is_sole = (
        n_sources == 1
        and (passage.kind != FIGURE or len(own) >= _FEWEST_LABELS)
        and not any(each.box in ("databases", settling.MAYBE) for each in own)
    )
    return [
        replace(each, box="databases" if is_sole else "source")
        if each.box == settling.SOLE or (each.box == "source" and passage.kind == FIGURE)
        else each
        for each in own
    ]


def _is_found(statement: Statement) -> bool:
    """Whether what was found are studies, few, and found by those who write and not by a search."""
    is_own = not _BY_SEARCH.search(statement.sentence) or (
        _SAYS_WHAT_OF.search(statement.near) and "potential" not in statement.near
    )
    return (
        bool(is_own)
        and statement.n <= _MOST
        and bool(wording.STUDIES.match(statement.noun))
        and statement.n > 1
    )


_BY_SEARCH = re.compile(r"\bsearch\w*|\bretriev|potential|records|citations")
_SAYS_WHAT_OF = re.compile(
    rf"{wording.ITSELF} (?:[a-z][\w/-]* ){{0,6}}?(?:studies|trials|rcts) (?:of|on|involving|including|comparing|using|with|examining|investigating|assessing|evaluating|reporting|that|which|conducted|meeting)\b"
)
"""What the studies are that a search found: those that are in, and no hits to be read."""
_MOST = 300
"""Few reviews find as many studies, and say of no one that it is in."""


def _read_sentences(
    passage: Passage, position: int, reader: wording.Reader, *, is_assessed: bool
) -> Iterator[Statement]:
    if labelled := figures.labels(passage):
        yield from _read_labels(labelled, passage, position, is_assessed=is_assessed)
        return
    number = 0
    for sentence in sentences.split(passage.text):
        is_question = sentence.rstrip("\"'”’)").endswith("?")
        if len(sentence) > _LONGEST or is_question or sentences.is_of_others(sentence):
            continue
        for each in clauses.read(sentence, reader, number):
            for box in each.boxes or ("",):
                yield Statement(
                    number,
                    each.n,
                    box,
                    passage.place,
                    sentence,
                    passage.kind,
                    each.is_rest,
                    each.noun,
                    position,
                    each.near,
                    each.is_firm,
                )
            number += 1


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
            box = wording.of_included(noun)
        elif box == "OTHER":
            box = wording.other_method(label)
        yield Statement(
            number,
            n,
            box,
            passage.place,
            told,
            FIGURE,
            noun=noun,
            passage=position,
            near=f"{label}{wording.ITSELF}",
        )
