"""
Published papers in: their text, passage by passage, and the flow's numbers that it prints.

A file a format (``text``, ``hypertext``, ``jats``, ``docx``), each of which
gives passages; ``sentences``, ``counts`` and ``figures`` take them apart. Which box each
number of a sentence may be in say ``patterns.toml`` (by the words around it, which
``wording`` gives), ``parts`` (by the numbers beside it), ``settling`` (by the stage that the
passage is at), ``inclusion`` (what is in, and what is some of that) and ``clauses`` (all of
these); ``statements`` goes through the passages, and ``chains`` asks of each stretch which
of its numbers are one another's differences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ABSTRACT, BODY, CAPTION, FIGURE = "abstract", "body", "caption", "figure"
"""Kinds of passages: ``figure`` is text that stands within one, or is read out for it."""
UNDER = " › "
"""Between a heading and the one below it."""


@dataclass(frozen=True)
class Passage:
    """
    A paragraph, a caption or a box of a figure, white space run together.

    ``under`` are the headings that it stands under; ``number`` counts the
    passages of its kind under these from 1; ``line`` is that of the
    file, where it has lines that people see.
    """

    text: str
    kind: str = BODY
    under: str = ""
    number: int = 0
    line: int = 0

    @property
    def place(self) -> str:
        """Where the passage stands, in words."""
        what = {ABSTRACT: "paragraph", BODY: "paragraph", CAPTION: "caption", FIGURE: "figure's text"}
        named = f"{what[self.kind]} {self.number}" if self.number else what[self.kind]
        told = ", ".join(filter(None, [self.under, named]))
        return f"{told} (line {self.line:,})" if self.line else told


@dataclass(frozen=True)
class Paper:
    """A paper's text; ``language`` is what the file itself says, as ``en``, or blank."""

    passages: tuple[Passage, ...]
    title: str = ""
    doi: str = ""
    language: str = ""


_HYPHENS = {0x2010: "-", 0x2011: "-", 0xAD: None, 0xFB01: "fi", 0xFB02: "fl"}
"""Hyphens that typesetters use for the plain one, and the ligatures of PDFs."""


_EQUALS = re.compile(r"(?<=\b[nN] )¼(?= \d)|(?<=\b[nN])¼(?=\d)")
"""What some PDFs give for the sign of equality."""
_LIGATURES = {"00": "ff", "01": "fi", "02": "fl", "03": "ffi", "04": "ffl"}
_NAMED_LIGATURE = re.compile(r"/uniFB(0[0-4]) ?")
_LOST = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"\b([Aa]) ?er (?=(?:the )?(?:duplicat|screen|remov|full))", r"\1fter "),
        (r"\b([Ii])den ?(?:fi|f)?(?=ed\b)", r"\1dentifi"),
        (r"\b([Ii])den ?fica ?(?=on\b)", r"\1dentificati"),
        (r"\b([Aa])r ?cle(?=s?\b)", r"\1rticle"),
        (r"\b([Aa])ddi ?onal\b", r"\1dditional"),
        (r"\b([Dd])upli cat(?=e|ion)", r"\1uplicat"),
    )
)
"""Words of a flow's boxes as PDFs give them whose font has no letters for the ligatures of ti and ft."""
_NO_TEXT = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\x7f]")
"""Signs of a font of its own, and of none: counts have the first as their signs."""


def _plain(text: str) -> str:
    """Return text in the letters that it was meant in."""
    plain = _NO_TEXT.sub(" ", text.translate(_HYPHENS))
    plain = _EQUALS.sub("=", _NAMED_LIGATURE.sub(lambda found: _LIGATURES[found[1]], plain))
    for pattern, told in _LOST:
        plain = pattern.sub(told, plain)
    return plain


CHAPTER = re.compile(
    r"(?:\d+\.?\s*)?(?:abstract|introduction|background|"
    r"(?:(?:materials?|patients) and )?methods?|methodology"
    r"|methods and materials|results?(?: and discussion)?|findings|discussion|limitations"
    r"|conclusions?)[.:]?$",
    re.IGNORECASE,
)
"""Headings of a paper's chapters, where no format says how deep a heading stands."""


_ABSTRACT = re.compile(r"(?:structured |plain language )?(?:abstract|summary)\b", re.IGNORECASE)
_PARTS = re.compile(
    r"(?:backgrounds?|objectives?|aims?|purpose|context|rationale|importance|(?:study )?designs?|settings?"
    r"|methods?|methodology|search (?:methods|strategy)|(?:data )?sources?|(?:study|data) selection"
    r"|(?:selection|eligibility) criteria"
    r"|data (?:collection|extraction|synthesis)(?: and (?:analysis|synthesis))?"
    r"|(?:main )?(?:results?|findings|outcomes?)"
    r"|(?:authors['’] )?conclusions?|interpretation|discussion|limitations"
    r"|registration|relevance)(?: and (?:\w+ ?)+)?[.:]?$",
    re.IGNORECASE,
)
"""Headings of a structured abstract's parts."""


class Headings:
    """
    The headings that a passage stands under, as they come: a chapter's, and the last one below it.

    An abstract in parts is one: it ends with a heading as high as its own that is no part, or one it had.
    """

    def __init__(self) -> None:
        self._chapter = self._last = ""
        self._above = 0
        self._parts: set[str] | None = None
        self._has_said = self._is_deep = False

    def take(self, heading: str, level: int = 0) -> None:
        """Take a heading in; ``level`` is how deep it stands, from 1, where the format says so."""
        if _ABSTRACT.match(heading) and (level <= self._above or self._parts is None):
            self._chapter, self._last, self._above = heading, "", level
            self._parts, self._has_said, self._is_deep = set(), False, False
        elif self._parts is not None and self._is_part(heading, level):
            self._parts.add(heading.lower())
            self._last = heading
        else:
            self._parts = None
            self._last = heading
            if CHAPTER.match(heading):
                self._chapter, self._last = heading, ""
            elif _ABSTRACT.match(self._chapter):
                self._chapter = ""

    def _is_part(self, heading: str, level: int) -> bool:
        if level > self._above > 0:
            self._is_deep = True
            return True
        if self._is_deep:
            return False
        # Below an abstract that has said something, the next heading is the paper's.
        is_first = not self._has_said or bool(self._parts)
        is_new = self._parts is not None and heading.lower() not in self._parts
        return is_first and is_new and bool(_PARTS.match(heading))

    def note_passage(self) -> None:
        """Note that a paragraph stands here."""
        self._has_said = True

    @property
    def path(self) -> str:
        """The headings, the chapter's first."""
        return UNDER.join(filter(None, (self._chapter, self._last)))

    @property
    def is_abstract(self) -> bool:
        """Whether what follows is the abstract."""
        return self._parts is not None


class Passages:
    """Passages as a format finds them, one after the other, numbered under their headings."""

    def __init__(self) -> None:
        self._found: list[Passage] = []
        self._counted: dict[tuple[str, str], int] = {}

    def add(self, text: str, kind: str = BODY, *, under: str = "", line: int = 0) -> None:
        """Take a passage in; a blank one is none."""
        run = " ".join(_plain(text).split())
        if not run:
            return
        number = self._counted.get((under, kind), 0) + 1
        self._counted[under, kind] = number
        self._found.append(Passage(run, kind, under, number, line))

    @property
    def found(self) -> tuple[Passage, ...]:
        """What was taken in, in the paper's order."""
        return tuple(self._found)
