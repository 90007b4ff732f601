"""Forms that people fill in: which columns come first, how wide each is, what its cells may say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

TEXT, DATE, LINK, WHOLE, DECIMAL = "text", "date", "link", "whole number", "number"
"""What a column holds; a cell of the first three is text to whoever reads it back."""
_WIDTHS = MappingProxyType({
    "decision": 12, "judgement": 15, "verdict": 12, "reason": 16, "note": 14, "notes": 18, "why": 26,
    "by": 10,
    "decided_at": 13, "study_id": 16, "label": 22, "theme": 22, "quote": 50, "location": 12, "finding": 50,
    "confidence": 14, "title": 26, "abstract": 58, "authors": 24, "year": 7, "journal": 22, "doi": 24,
    "url": 24,
    "record_id": 22, "reviewer": 14, "stage": 14, "problem": 16, "votes": 24, "question": 60, "item": 8,
    "studies": 30, "themes": 26, "reports": 40,
})  # fmt: skip
"""
Widths in digits, of 7 pixels in Calibri and 9 in the letters that stand in where it is missing: what is
filled in, title and abstract have room within 1,366 pixels in either.
"""
_USUAL, _MOST, _FILLED = 16, 40, 16
_FROZEN = 58
"""Widths together that may stand still: more leaves no room for an abstract on a small screen."""


@dataclass(frozen=True)
class Field:
    """
    A column of a form.

    ``is_filled`` by people; ``allowed`` are the words it may say, and where
    it ``is_strict`` no others; ``help`` is shown where its cells are chosen.
    """

    name: str
    width: int
    is_filled: bool = False
    allowed: tuple[str, ...] = ()
    is_strict: bool = True
    kind: str = TEXT
    help: str = ""


@dataclass(frozen=True)
class Form:
    """
    A table to fill in.

    ``counted`` is the column whose blank cells are what is left, ``n_frozen``
    the columns that stand still, ``about`` lines of a second sheet: a heading and a text.
    """

    cells: pd.DataFrame
    fields: tuple[Field, ...]
    counted: str = ""
    n_frozen: int = 1
    about: tuple[tuple[str, str], ...] = ()


def lay_out(
    cells: pd.DataFrame,
    allowed: Mapping[str, Sequence[str]],
    *,
    fills: Sequence[str] = (),
    loose: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
    helps: Mapping[str, str] | None = None,
    about: Sequence[tuple[str, str]] = (),
    frozen: int = 0,
    widths: Mapping[str, int] | None = None,
) -> Form:
    """
    Return a table as a form.

    Parameters
    ----------
    cells : the table as people are to see it, any columns, all text.
    allowed : words to choose from, by column.
    fills : further columns that people fill in. loose : of ``allowed``, those that may say more.
    kinds : what columns hold, where that is not text. helps : what to say of a column.
    frozen : columns that stand still; 0 for what people fill in, as far as there is room.
    widths : of columns, where they are not the usual ones.
    """
    known = {"decided_at": DATE, "doi": LINK, "url": LINK} | dict(kinds or {})
    fields = tuple(
        Field(
            name,
            (widths or {}).get(name)
            or _WIDTHS.get(name)
            or max(_width(cells[name], name), _FILLED if name in {*allowed, *fills} else 0),
            is_filled=name in allowed or name in fills,
            allowed=tuple(allowed.get(name, ())),
            is_strict=name not in loose,
            kind=known.get(name, TEXT),
            help=(helps or {}).get(name, ""),
        )
        for name in map(str, cells.columns)
    )
    n_frozen, width = 0, 0
    for field in fields:
        width += field.width
        if width > _FROZEN or (n_frozen and not field.is_filled) or field.kind == DATE:
            break
        n_frozen += 1
    counted = next((field.name for field in fields if field.is_filled), "")
    return Form(cells, fields, counted, frozen or max(n_frozen, 1), tuple(about))


def _width(cells: pd.Series, name: str) -> int:
    longest = max((len(line) for text in cells.tolist() for line in text.split("\n")), default=0)
    return min(max(longest + 2, len(name) + 2, 8), _MOST if longest > _USUAL else _USUAL)
