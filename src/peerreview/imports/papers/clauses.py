# ruff: noqa: E501  one pattern, one line
"""
A sentence → its numbers, each with the box that a rule gives it, turned by what the sentence has said before.

A number is of a thing (records, articles, full texts), at a stage, with a verb; that is the rules' to
find. Here is what reaches from one number to the next: of how many it is some, of which total a
share, of what was excluded a reason, of what is in a kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peerreview.imports.papers import counts, inclusion, parts, patterns, settling, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_N = counts.COUNT
_BREAKDOWN = re.compile(rf"\((?!{_N}\))[^()]*{_N}[^()]*\)")
_IN_BREAKDOWN = frozenset({"SOURCE", "after_duplicates", "duplicates", "not_retrieved"})
OF_INCLUDED = frozenset({"studies", "reports"})
_MANY = 300
"""Few reviews include as many studies without a word for them."""


@dataclass(frozen=True)
class Number:
    """
    A sentence's number: the boxes it may be in, what it counts, whether it is what remains, the words around.

    These are blank where it counts people, countries or years. ``is_firm`` is whether its own words
    say that it is all that its box holds: of included studies they may not.
    """

    n: int
    boxes: tuple[str, ...]
    noun: str
    is_rest: bool
    near: str
    is_firm: bool = True


def read(sentence: str, reader: wording.Reader, first: int) -> Iterator[Number]:
    """Yield a sentence's numbers; ``first`` counts the passage's numbers before it, ``reader`` what they said."""
    counted = counts.find(sentence)
    text, twice = parts.paired(patterns.shape(counted.text))
    shares = parts.listed(text) + parts.shares_of(text, counted.numbers)
    rules, wholes = _rules_of(text), parts.wholes(text)
    plain, said = _without_wholes(text), _Said(text, counted.numbers)
    for place, n in enumerate(counted.numbers):
        sign = chr(counts.FIRST + place)
        words = wording.Words(sign, text if sign in wholes else plain, counted.numbers)
        boxes, noun = settling.settle(rules.get(sign, ""), words, reader), words.noun
        if sign in shares:
            boxes = ("source",)
        elif sign in twice:
            of, box = twice[sign]
            boxes, noun = ((box,) if said.is_included(of) else ()), box
        elif set(boxes) & OF_INCLUDED:
            is_people = words.before.endswith("(") and any(map(said.is_included, rules))
            # One report that met the criteria is rarely all, and so many of what is not named are people.
            is_none = is_people or n <= 1 or (n > _MANY and not words.noun)
            boxes = () if is_none else inclusion.take_included(boxes, words, n, first + place, reader)
        near = words.around if sign in words.text else ""
        is_firm = not set(boxes) & OF_INCLUDED or inclusion.is_said_of_all(words)
        yield Number(n, said.take(sign, n, boxes, wholes.get(sign, "")), noun, words.is_rest, near, is_firm)
    reader.has_screened = reader.has_screened or bool(settling.SCREENING.search(text))


def _without_wholes(text: str) -> str:
    """Return a sentence in which 16 of 24 studies are 16 studies."""
    return parts.OF_ANOTHER.sub(r"\g<some>\g<kind>", text)


_CONSISTS = re.compile(r"\b(?:consisting of|comprising|including|namely|made up of|composed of)\b")
_STEPS = OF_INCLUDED | {"assessed", "screened", "chosen", "grey_literature", "other_sources"}
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
_OTHERS = frozenset({"grey_literature", "other_sources", "citation_searching", "hand_searching", "websites"})
_OF_REASONS = _OTHERS | {"not_retrieved"}
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
        return bool(set(self._given.get(sign, ())) & OF_INCLUDED)

    def take(self, sign: str, n: int, boxes: tuple[str, ...], whole: str) -> tuple[str, ...]:
        """Return a number's boxes beside those before; ``whole`` is the sign of some of it, or its own box."""
        if (
            self._text.find(sign) >= self._reasons
            or self._is_reason(sign, n, boxes)
            or self._is_kind(sign, n, boxes)
        ):
            boxes = ()
        elif set(boxes) & _OUT and self._is_of_others():
            # Of what other methods found, not of what databases did.
            boxes = ()
        elif set(boxes) & _OUT:
            self._out = sign
        if whole:
            boxes = self._whole_of(whole)
        self._given[sign] = boxes
        return boxes

    def _is_of_others(self) -> bool:
        """Whether the sentence tells of nothing but what other methods found."""
        told = {box for boxes in self._given.values() for box in boxes}
        return bool(told) and told <= _OTHERS

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


def _rules_of(text: str) -> dict[str, str]:
    """Return, for each count of a sentence that a rule fits, the box of the first that does."""
    text = _without_wholes(text)
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
