"""The text of a flow figure → its boxes' labels, each with its number."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from peerreview.imports.papers import BODY, FIGURE, Passage, counts, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_QUOTED = re.compile(r"“([^“”]*)”|\"([^\"]*)\"")
_LABEL = re.compile(
    r"(.*?)(?:[(\[]?\s*\b[nN]\s*(?:=|equals|:)\s*(?P<n>\d[\d,.\u2009\u202f\u00a0 ]*\d|\d)\s*[)\]]?"
    r"|\((?P<bare>\d[\d,]*)\))",
    re.DOTALL,
)
_AT_END = re.compile(
    r"^([A-Z][^=]*?[a-z)])[:,]? +(\d[\d,]*)"
    r"(?: (?:records|reports|articles|studies|papers|publications|citations))?\W*$"
)
"""A quoted box that says how many behind its label, with no sign: Sought for retrieval: 153 records."""
_ABOVE = re.compile(
    r".*(?:\. |; |\bbox \d+: |removed before (?:(?:titles?|keywords?|abstracts?|titleabstract|and|or),? )*"
    r"screening:? )"
)
"""What stands before a label: what is read out before it, or the heading of its box."""
_SPELLED = re.compile(r"\b(?:[a-z] ){2,}[a-z]\b")
"""Programs that read a figure out part the letters of PRISMA."""
_ASTERISK = re.compile(r"\b(?:double )?asterisks?:? ?|\*")
_LONGEST = 160
"""Letters; what is longer is no label but running text."""
_N = re.compile(r"\b[nN]\s*(?:=|equals|:)\s*\d")
_FEWEST_LABELS = 5
"""As many boxes are a figure's text, even behind a sentence."""
_TITLE = re.compile(r"\b(?:titleabstract|titles?|abstracts?)\b")
_REASON = re.compile(r"\bexclu\w*[^:]*: *(?!.*\b(?:titleabstract|titles?|abstracts?|fulltext)\b)\w")
"""A box of what was excluded, and the first of its reasons."""
_REASONS_ALONE = re.compile(r"\W*reasons? (?:for|of) exclu\w+\W+\w")
_EXCLUDED_AS = re.compile(
    r"\W*exclu\w*: *(?!.*\b(?:titleabstract|titles?|abstracts?|fulltext|screening|records|reports)\b)\w"
)
_FEWEST_REASONS = 2
"""So many boxes that each say excluded, and why, are reasons."""
HEADS = re.compile(r"\b(?:records?|reports?|studies|articles|citations|publications|papers)\b")
"""What a box is of: the word that a label begins with."""


_IS_BOX = re.compile(r"[^.;?!]*[(\[]?\b[nN]\s*(?:=|:)\s*\d[\d,.\s]*[)\]]?[^.?!]{0,200}$")
_FEWEST_BOXES = 3
_LONGEST_BOX = 400
_FARTHEST = 4
"""Passages between two boxes of a figure, as its headings or a page's foot."""


def marked(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """
    Return passages of which the boxes of a figure that stand as paragraphs, one after another, are marked.

    Programs that take the text out of a PDF or a drawing leave each box as a paragraph of its own.
    """
    found = list(passages)
    run: list[int] = []
    for place, passage in [*enumerate(found), (len(found) + _FARTHEST + 1, None)]:
        if run and place - run[-1] > _FARTHEST:
            _mark(found, run)
            run = []
        if passage is not None and passage.kind == BODY and _is_box(passage.text):
            run.append(place)
    return tuple(found)


def _is_box(text: str) -> bool:
    return len(text) <= _LONGEST_BOX and bool(_IS_BOX.match(text)) and bool(re.match(r"\W*[A-Z]", text))


def _mark(found: list[Passage], run: Sequence[int]) -> None:
    """Mark a run of boxes, where at least so many of them are of a flow, and of different steps."""
    boxes = {box_of(label) for place in run for _, label, _ in numbers([found[place].text])} - {""}
    if len(boxes) >= _FEWEST_BOXES:
        for place in run:
            found[place] = replace(found[place], kind=FIGURE)


def labels(passage: Passage) -> list[str]:
    """
    Return the texts of a figure's boxes, where a passage is that and no running text.

    What is read out for a figure quotes its boxes; else it is their text alone.
    """
    text = passage.text
    quoted = [one or other for one, other in _QUOTED.findall(text)]
    if sum(bool(_LABEL.match(each) or _AT_END.match(each)) for each in quoted) > 1:
        return [_AT_END.sub(r"\1 (n = \2)", each) for each in quoted]
    n_told = len(_N.findall(text))
    is_list = n_told >= _FEWEST_LABELS or not re.search(r"[a-z]\. +[A-Z]", text)
    is_run = n_told and is_list and not re.search(r"\b(?:were|was|we)\b", text)
    return [text] if _LABEL.match(text) and (passage.kind == FIGURE or is_run) else []


def numbers(texts: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Yield each number with its label in the form of ``patterns.shape``, and both as printed."""
    for text in texts:
        for found in _LABEL.finditer(text):
            printed = (found["n"] or found["bare"]).strip(" .,")
            own = counts.find(f"n = {printed} records").numbers
            if len(own) == 1:
                label = _ASTERISK.sub("", _ABOVE.sub("", patterns.shape(found[1])))
                label = _SPELLED.sub(lambda spelled: spelled[0].replace(" ", ""), label)
                yield own[0], label.strip(" ,;.:•-"), " ".join(found[0].split()).lstrip(",;.:•- ")


def shares(labels: Sequence[str]) -> set[int]:
    """Return the places of labels that are one reason's share: of a box of reasons, where it has several."""
    found = {place for place, label in enumerate(labels) if _EXCLUDED_AS.match(label)}
    if len(found) < _FEWEST_REASONS:
        found = set()
    start = None
    for place, label in enumerate([*labels, "records"]):
        if _REASONS_ALONE.match(label):
            found.add(place)
        elif _REASON.search(label):
            start = place
        elif start is not None and HEADS.search(label):
            if place - start > 1:
                found.update(range(start, place))
            start = None
    return found


def box_of(label: str, *, is_assessed: bool = False) -> str:
    """
    Return the box of a label: blank for what is none, too long, or two labels run together.

    >>> box_of("records excluded"), box_of("articles excluded", is_assessed=True)
    ('excluded', 'reports_excluded')
    >>> box_of("reports sought for retrieval reports not retrieved")
    ''
    """
    if len(label) > _LONGEST or len(HEADS.findall(re.sub(r"\bfrom\b.*", "", label))) > 1:
        return ""
    box = next((rule.box for rule in patterns.read().labels if rule.patterns[0].search(label)), "")
    if box == "EXCLUDED" and not HEADS.search(label) and not re.search(r"exclu|removed", label):
        # One reason, as irrelevant.
        return ""
    if box == "EXCLUDED":
        return "reports_excluded" if is_assessed and not _TITLE.search(label) else "excluded"
    return "source" if box == "SOURCE" else box
