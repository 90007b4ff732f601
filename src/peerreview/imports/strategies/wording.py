"""How a line is written → what its platform will not read as it was meant, by PRESS 2015's elements."""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from peerreview import tables
from peerreview.imports.strategies import Platform, Syntax
from peerreview.tables import CHECKED, PRESS, counted

OPERATORS, HEADINGS, WORDS, SPELLING = PRESS[2:6]
_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”")
_CURLY = re.compile(r"[“”„«»‟]")
_CURLY_SINGLE = re.compile(r"[‘‚‛]|’(?=/|:|\s|\Z|\))")
_LOWER = re.compile(r"(?<=[\s)\]\"*])(and|or|not)(?=[\s(\[\"])")
_TWICE = re.compile(r"\b(and|or|not)\s+(?:and|or)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(and|or|not|adj\d*|near/\d+)\s*\Z", re.IGNORECASE)
_STEM = re.compile(r"(?<![\w*$?#-])([^\W\d_]+)(?=([*$])(?![\w*]))")
_EXPLODED = re.compile(r"(?:\A|(?<=[\s(]))exp \*?([^()/]{2,80}?)(?=\s+(?:or|and|not)\s|\)|\Z)", re.IGNORECASE)
_PLUS = re.compile(r"(?<![\w\"])\"[^\"]+\+\"")


def check(lines: pd.DataFrame, platforms: Mapping[str, Platform]) -> pd.DataFrame:
    """
    Return remarks on how lines are written.

    A remark says what to look at: whether a line ran as it stands here, its
    database alone knows.

    Parameters
    ----------
    lines : the columns of ``strategies.csv``.
    platforms : by name, as ``lines`` has them.
    """
    found = []
    for row in tables.rows(lines):
        platform = platforms.get(row["platform"])
        if platform is None:
            continue
        for name, element, message in remarks(row["text"], platform.SYNTAX, platform.TITLE):
            place = {column: row[column] for column in ("file", "line", "number")}
            found.append(
                {**place, "severity": "remark", "check": name, "element": element, "message": message}
            )
    return tables.make(CHECKED, found)


def remarks(text: str, syntax: Syntax, title: str) -> Iterator[tuple[str, str, str]]:
    """
    Yield (check, PRESS element, message) for what is odd about how a line is written.

    Parameters
    ----------
    title : what people call the platform.
    """
    yield from _quotes(text, syntax)
    bare = _QUOTED.sub(lambda found: "_" * len(found[0]), text)
    opened, closed = bare.count("("), bare.count(")")
    if opened != closed:
        opens = counted(opened, "bracket opens", "brackets open")
        yield "brackets", SPELLING, f"{opens} and {counted(closed, 'closes', 'close')}"
    if syntax.upper_operators:
        lower = dict.fromkeys(found[1] for found in _LOWER.finditer(bare))
        if lower:
            listed = ", ".join(map(repr, lower))
            yield "operators", OPERATORS, f"{title} reads operators in capitals; here is {listed}"
    if found := _TWICE.search(bare):
        yield "operators", OPERATORS, f"two operators follow each other: {found[0]!r}"
    if found := _ENDS.search(bare):
        yield "operators", OPERATORS, f"ends with the operator {found[1]!r}"
    yield from _words(bare, text, syntax, title)


def _quotes(text: str, syntax: Syntax) -> Iterator[tuple[str, str, str]]:
    if text.count('"') % 2:
        yield "quotes", SPELLING, 'has a quotation mark " without its other half'
    curly = _CURLY.search(text) or (_CURLY_SINGLE.search(text) if syntax.single_quotes else None)
    if curly and not syntax.curly_quotes:
        yield (
            "typographic",
            SPELLING,
            f"has a typographic quotation mark {curly[0]}, which may hold no phrase together",
        )


def _words(bare: str, text: str, syntax: Syntax, title: str) -> Iterator[tuple[str, str, str]]:
    short = dict.fromkeys(
        f"{found[1]}{found[2]}"
        for found in _STEM.finditer(text)
        if found[2] in syntax.truncation and len(found[1]) < syntax.least
    )
    if short:
        listed = ", ".join(short)
        yield "truncation", WORDS, f"cuts off after fewer than {syntax.least} letters: {listed}"
    if syntax.explodes == "exp":
        for found in _EXPLODED.finditer(text):
            yield (
                "explosion",
                HEADINGS,
                f"explodes {found[1].strip()!r}, which is marked as no subject heading",
            )
    elif syntax.explodes == "+":
        without = _PLUS.search(re.sub(r"\b(?:MH|MM|MJ|DE|SU)\s*\(?\s*\"[^\"]*\"", "", text))
        if without:
            yield "explosion", HEADINGS, f"explodes {without[0]}, without the field of subject headings"
    elif syntax.explodes == "[mesh]" and re.search(r"\b(?:exp|explode)\s+\"?[A-Za-z]", bare, re.IGNORECASE):
        yield (
            "explosion",
            HEADINGS,
            f"{title} explodes what is tagged [mesh]; here is another platform's word for it",
        )


__all__ = ["check", "remarks"]
