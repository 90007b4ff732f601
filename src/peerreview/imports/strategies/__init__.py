"""
Search strategies as databases save their histories: a file per platform, recognised by content.

A history is numbered lines, each with what was searched and how many records it found. ``documents`` makes
a saved file (text, RTF, HTML, CSV, Word, workbook) into rows, a platform's module cuts these into lines, and
``reading`` makes a table of them. ``wording`` remarks on how a line is written; whether the numbers can be
so is counted elsewhere (``flow.strategies``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Row(NamedTuple):
    """A row of a saved history: its 1-based line in the file, and its cells; a line of text is one cell."""

    line: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cells as one text."""
        return "\t".join(self.cells)


@dataclass(frozen=True)
class Entry:
    """
    A line of a search: its number, what was searched exactly as it was run, and how many records it found.

    ``line`` is the 1-based one of the file; ``hits`` are digits, or blank where none are told.
    """

    line: int
    number: str
    text: str
    hits: str = ""
    limits: str = ""


class Aside(NamedTuple):
    """A row between the lines of a search that is none of them: a heading, or somebody's note."""

    line: int
    text: str


@dataclass(frozen=True)
class Strategy:
    """
    A history as it was saved: of which database, run when as far as it says so, and its lines in order.

    ``notes`` say what was read that is not printed, as that lines without
    numbers have those of their places.
    """

    entries: tuple[Entry, ...]
    database: str = ""
    searched_on: str = ""
    asides: tuple[Aside, ...] = ()
    notes: tuple[Aside, ...] = ()


@dataclass(frozen=True)
class Syntax:
    """
    How a platform is asked, for remarks on how a line is written.

    ``reference`` matches a line's number where another line names it, with the number as its group 1.
    ``truncation`` are the signs that cut a word off; ``upper_operators``: operators in lower case are words.
    ``curly_quotes``: typographic quotes are read as straight ones. ``fields`` matches field tags, ``limits``
    what limits a line. ``inexact`` says why its numbers need not add up; blank where they must.
    ``single_quotes`` hold phrases together there; ``explodes`` is what takes in narrower subject headings.
    ``least`` is the number of letters that must stand before a truncation sign; ``suffix`` what stands
    behind a combination of lines and limits it.
    """

    reference: re.Pattern[str]
    fields: re.Pattern[str]
    limits: re.Pattern[str]
    truncation: str = "*"
    upper_operators: bool = False
    curly_quotes: bool = False
    inexact: str = ""
    least: int = 3
    single_quotes: bool = False
    explodes: str = ""
    suffix: re.Pattern[str] | None = None


class Platform(Protocol):
    """
    The shape of every module here.

    ``NAME`` is the platform's short name (``web_of_science``), ``TITLE`` what people call it. ``count_signs``
    says how much of a text is as this platform alone writes it: the one with most signs is taken.
    ``parse`` cuts the rows of a history into its lines.
    """

    NAME: str
    TITLE: str
    SYNTAX: Syntax

    def count_signs(self, text: str) -> int: ...  # noqa: D102
    def parse(self, rows: Sequence[Row]) -> Strategy: ...  # noqa: D102
