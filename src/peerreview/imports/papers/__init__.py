"""
Published papers in: their text, passage by passage, and the flow's numbers that it prints.

A file a format (``text``, ``hypertext``, ``jats``, ``docx``), each of which
gives passages; ``sentences`` and ``counts`` take them apart, ``statements``
says which box of PRISMA's flow each number may be in, by ``patterns.toml``.
"""

from __future__ import annotations

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


class Passages:
    """Passages as a format finds them, one after the other, numbered under their headings."""

    def __init__(self) -> None:
        self._found: list[Passage] = []
        self._counted: dict[tuple[str, str], int] = {}

    def add(self, text: str, kind: str = BODY, *, under: str = "", line: int = 0) -> None:
        """Take a passage in; a blank one is none."""
        run = " ".join(text.translate(_HYPHENS).split())
        if not run:
            return
        number = self._counted.get((under, kind), 0) + 1
        self._counted[under, kind] = number
        self._found.append(Passage(run, kind, under, number, line))

    @property
    def found(self) -> tuple[Passage, ...]:
        """What was taken in, in the paper's order."""
        return tuple(self._found)
