# ruff: noqa: E501  one pattern, one line
"""Plain text, Markdown and what pdftotext gives of a PDF: paragraphs under headings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from peerreview.imports.papers import (
    ABSTRACT,
    BODY,
    CAPTION,
    CHAPTER,
    FIGURE,
    Headings,
    Paper,
    Passage,
    Passages,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_LONGEST_TITLE = 300
_HEADING_WORDS, _HEADING_LETTERS = 12, 90
_ENDS = re.compile(r"[.!?;,:]$")
_NUMBERED_HEADING = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+")
_CAPTION = re.compile(
    r"^\W{0,3}(?:fig(?:ure|\.)?|flow ?chart|flow ?diagram|prisma)\s*\d*\s*[.:|–—-]", re.IGNORECASE
)
AFTER_THE_PAPER = re.compile(
    r"^(?:\d+\.?\s*)?(?:references?|bibliography|literature cited|works cited|acknowledge?ments?|funding|"
    r"competing interests?|conflicts? of interests?|author contributions?|authors?['’] contributions?|data availability.*)$",
    re.IGNORECASE,
)
"""Headings of what is no longer the paper's text."""
_TEXT_AGAIN = re.compile(
    r"^(?:appendi|supplement|online|figure|fig\.|tables?\b|identification|abstract|methods?|results?|discussion|conclusions?|introduction)",
    re.IGNORECASE,
)
"""Headings behind the references that are the paper's own: of any other, a reference may be cut up by a page."""
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]]", re.IGNORECASE)
_OWN_DOI = re.compile(
    r"^\W*DOI\W*(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S*[^\s.,;)\]])\s*$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line of its own, as under "Cite this article"."""
_HEAD = 4_000
"""Letters in which a paper says its own DOI."""


_MARKUP = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        (r"<sup>[\d\s,;–-]*</sup>", ""),
        # What programs say of the text that they took out of a picture.
        (r"\**-+ (?:start|end) of picture text -+\**", ""),
        (r"<figcaption\b[^>]*>", "Figure: "),
        (r"\.?</figcaption>", "."),
        (
            r"</?(?:br|p|div|span|figure|figcaption|section|center|img|a|sup|sub|em|strong|i|b|u|table|thead|tbody|tr|td|th)\b[^>]*>",
            " ",
        ),
        # A number set as mathematics, and the signs that Markdown and LaTeX ask a stroke before.
        (r"\$(?=[^$\n]*\d)([\d\s.,=/()%\\n~<>+–-]{1,40})\$", r"\1"),
        (r"(?<=\d)\{,\}(?=\d)", ","),
        (r"\\([\\`*_{}\[\]()#+.!%$&~<>|-])", r"\1"),
    )
)
"""Marks that Markdown takes from HTML and LaTeX, and what stands for them on the same line."""


def read(text: str) -> Paper:
    """
    Return a paper from text: a blank line parts paragraphs, a short line without a full stop is a heading.

    References and what follows them are left out.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    for pattern, put in _MARKUP:
        text = pattern.sub(put, text)
    lines = _parted(_without_running_heads(text.split("\n")))
    passages = Passages()
    headings, title, before, is_after = Headings(), "", "", False
    start = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and lines[end].strip() and not _MARKS.match(lines[end]):
            continue
        block, line = lines[start:end], start + 1
        start = end + 1
        if any(each.strip() for each in block):
            said = _plain(_HYPHEN.sub("", "\n".join(block)))
            if _is_heading(said):
                title = title or (before if _is_abstract(said) and len(before) < _LONGEST_TITLE else said)
                is_after = bool(AFTER_THE_PAPER.match(said)) or (
                    is_after and not _TEXT_AGAIN.match(_bare(said))
                )
                headings.take(said)
            elif not is_after:
                _take(passages, said, headings, line, "\n".join(block))
            before = said
        marked = _MARKS.match(lines[end]) if end < len(lines) else None
        if marked:
            heading = _plain(marked[2])
            headings.take(heading, len(marked[1]))
            title = title or heading
            is_after = bool(AFTER_THE_PAPER.match(heading))
    found, own = _DOI.search(text[:_HEAD]), _OWN_DOI.search(text)
    return Paper(_joined(passages.found), title, found[0] if found else own[1] if own else "")


_FEWEST_MARKS = 2


def looks_like(text: str) -> bool:
    """Whether text is Markdown, in which tags of HTML may stand."""
    return sum(bool(_MARKS.match(line)) for line in text.splitlines()) >= _FEWEST_MARKS


_PAGE = re.compile(r"^\W*(?:page \d+(?: of \d+)?|\d+ of \d+)\W*$", re.IGNORECASE)
_OFTEN = 3
"""So often no paper has a heading; a page's head stands on each."""


def _without_running_heads(lines: list[str]) -> list[str]:
    """Return lines without what a journal prints on each page, which would part a paragraph or head one."""
    told = Counter(line.strip() for line in lines)
    return [
        ""
        if _PAGE.match(line)
        or (
            told[line.strip()] >= _OFTEN
            and _CUT // 4 < len(line.strip()) <= _HEADING_LETTERS
            and not CHAPTER.match(line.strip())
            and not re.search(r"\b[nN] ?=|^\W*[#|\-*•<]|[.:;]$", line.strip())
        )
        else line
        for line in lines
    ]


_CUT = 40
"""Letters; a shorter passage that has no end is a label or a heading."""
_OPEN_END = re.compile(r"[\w,)]$")
_OPEN_WORD = re.compile(r"\b(?:from|and|of|in|the|by|with|to|for|or|a|an|on|at|were|was|that|which)$")
"""A paragraph ends with neither."""
_BETWEEN = 4
"""Passages between the halves of a paragraph: a figure's title, the foot of a page."""


def _joined(found: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return passages of which those that a column or a page cut in two are whole again."""
    joined: list[Passage] = []
    for passage in found:
        if passage.kind in (BODY, ABSTRACT):
            goes_on = bool(re.match(r"[a-z(]\w", passage.text))
            before = [
                place
                for place in range(max(len(joined) - _BETWEEN, 0), len(joined))
                if joined[place].kind == passage.kind
                and len(joined[place].text) > _CUT
                and (_OPEN_END if goes_on else _OPEN_WORD).search(joined[place].text)
            ]
            if before:
                one = joined[before[-1]]
                joined[before[-1]] = replace(one, text=f"{one.text} {passage.text}")
                continue
        joined.append(passage)
    return tuple(joined)


_SHORT_LINE = 0.75
"""Of the next line's length: a heading does not fill its line."""
_ABOVE_TEXT = re.compile(
    r"^(?:\d+(?:\.\d+)*\.? +[A-Z][\w ,:&/()–-]{2,70}|(?:study|literature|search|article|paper|data) (?:and \w+ )?(?:selection|search|results?|identification|inclusion|screening)(?: (?:and|of) [\w ]{3,50})?)$",
    re.IGNORECASE,
)


def _parted(lines: list[str]) -> list[str]:
    """Return lines in which a heading that stands right above its paragraph, as in a PDF's text, is apart from it."""
    found: list[str] = []
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else ""
        said = line.strip()
        is_first = not found or not found[-1].strip()
        is_heading = (
            is_first
            and bool(CHAPTER.match(said) or _ABOVE_TEXT.match(said))
            and len(said) < len(after.strip()) * _SHORT_LINE
            and after.strip()[:1].isupper()
        ) or (is_first and bool(after.strip()) and bool(CHAPTER.match(said)))
        is_below = (
            is_first
            and bool(found)
            and place > 0
            and bool(CHAPTER.match(lines[place - 1].strip()))
            and _is_heading(said)
            and len(said) < len(after.strip()) * _SHORT_LINE
            and after.strip()[:1].isupper()
        )
        found.append(line)
        if is_heading or is_below:
            found.append("")
    return found


def _take(passages: Passages, said: str, headings: Headings, line: int, raw: str) -> None:
    for image in _IMAGE.finditer(raw):
        passages.add(image[1], FIGURE, under=headings.path, line=line)
    said = _NUMBERED_HEADING.sub("", said) if len(said) < _HEADING_LETTERS else said
    kind = CAPTION if _CAPTION.match(said) else ABSTRACT if headings.is_abstract else BODY
    passages.add(said, kind, under=headings.path, line=line)
    headings.note_passage()


def _plain(text: str) -> str:
    """Return Markdown's text, without its marks."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    return " ".join(_EMPHASIS.sub(r"\2", text).split())


def _bare(heading: str) -> str:
    return _NUMBERED_HEADING.sub("", heading)


def _is_heading(said: str) -> bool:
    is_short = len(said) <= _HEADING_LETTERS and len(said.split()) <= _HEADING_WORDS
    bare = _bare(said)
    return (
        is_short and not _ENDS.search(said) and bare[:1].isupper() and not re.search(r"\(n ?=|\d{2,}", bare)
    )


def _is_abstract(heading: str) -> bool:
    return bool(re.match(r"(?:structured )?abstract|summary", heading, re.IGNORECASE))
