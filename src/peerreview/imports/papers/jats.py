"""
JATS, the XML of PubMed Central and most publishers: abstract, sections, captions, a figure's own text.

The tag library: https://jats.nlm.nih.gov/archiving/tag-library/1.3/.
"""

from __future__ import annotations

import re
from html.entities import html5
from xml.parsers import expat

from peerreview.errors import InputError
from peerreview.imports.papers import ABSTRACT, BODY, CAPTION, FIGURE, UNDER, Paper, Passages
from peerreview.imports.papers.text import AFTER_THE_PAPER

DEEPEST = 200
"""Elements within elements; the deepest paper seen has 40."""
_LOOKS = re.compile(r"<(?:\w+:)?article[\s>]")
_DECLARATION = re.compile(r"<!DOCTYPE[^>\[]*\[[^\]]*<!ENTITY|<!ENTITY")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_UNREAD = frozenset(
    {
        "ref-list", "ref", "journal-meta", "contrib-group", "aff", "author-notes", "permissions",
        "funding-group", "tex-math", "math", "disp-formula", "inline-formula", "trans-abstract",
        "trans-title-group", "sub-article", "response", "kwd-group", "related-article", "history", "ack",
        "glossary", "app-group", "fn-group", "notes", "object-id", "table", "custom-meta-group", "product",
        "supplementary-material",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {"p", "title", "alt-text", "long-desc", "list-item", "article-title", "label", "boxed-text", "def"}
)
_BREAKS = frozenset({"fig", "fig-group", "table-wrap", "sec", "list", "caption", "abstract", "body"})
"""What may stand within a paragraph, and ends what it has said so far."""
_CITED = frozenset({"bibr", "ref"})
_REFERENCE_MARK = re.compile(r"[\d\s,;–—-]+")


def looks_like(text: str) -> bool:
    """Whether text is a paper in JATS."""
    return bool(_LOOKS.search(text[:20_000])) and "<front" in text


def read(text: str) -> Paper:
    """
    Return a paper from JATS, its references left out.

    Raises
    ------
    InputError
        With the line, for what is not sound XML, declares entities or nests without end.
    """
    declared = _DECLARATION.search(text[: text.find("<article") + 1 or None])
    if declared:
        message = "declares entities of its own, which are never expanded here; save it without"
        raise InputError(message, line=text.count("\n", 0, declared.start()) + 1)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    text = _NAMED.sub(
        lambda found: found[0] if found[1] in _XML_NAMES else html5.get(f"{found[1]};", found[0]), text
    )
    article = _Article()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = article.start
    parser.EndElementHandler = article.end
    parser.CharacterDataHandler = article.characters
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)  # noqa: FBT003  expat's own
    except expat.ExpatError as error:
        fault = expat.errors.messages[error.code]
        raise InputError(f"is not sound XML: {fault}", line=error.lineno) from error
    except RecursionError as error:
        raise InputError(str(error)) from error
    return Paper(article.passages.found, article.title, article.doi, article.language)


class _Article:
    """What a paper says, as its elements come."""

    def __init__(self) -> None:
        self.passages = Passages()
        self.title = self.doi = self.language = ""
        self._above: list[str] = []
        self._unread = 0
        self._parts: list[list[str]] = [[]]
        self._headings: list[str] = []
        self._is_doi = False
        self._cited: list[bool] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        if len(self._above) >= DEEPEST:
            raise RecursionError(f"is nested deeper than {DEEPEST} elements")
        name = tag.rpartition(":")[2]
        is_cited = name == "xref" and given.get("ref-type", "") in _CITED
        if name in _BLOCKS or name in _BREAKS:
            self._take()
        if name not in _UNREAD:
            self._cited.append(is_cited)
        self._unread += name in _UNREAD or is_cited
        self._above.append(name)
        if name == "article" and len(self._above) == 1:
            self.language = given.get("xml:lang", "")
        if name == "sec":
            self._headings.append("")
        self._is_doi = name == "article-id" and given.get("pub-id-type") == "doi"
        if name in _BLOCKS or name == "sup":
            self._parts.append([])

    def characters(self, text: str) -> None:
        if self._is_doi and "article-meta" in self._above and not self.doi:
            self.doi = text.strip()
        if not self._unread:
            self._parts[-1].append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in _BLOCKS:
            self._take()
            self._parts.pop()
        elif name == "sup":
            said = "".join(self._parts.pop())
            if not _REFERENCE_MARK.fullmatch(said):
                self._parts[-1].append(said)
        if name == "sec":
            self._headings.pop()
        self._is_doi = False
        self._above.pop()
        self._unread -= name in _UNREAD or self._cited.pop()

    def _take(self) -> None:
        """Take in what the innermost block has said so far."""
        said = " ".join("".join(self._parts[-1]).split())
        self._parts[-1].clear()
        block = next((name for name in reversed(self._above) if name in _BLOCKS), "")
        if not said or not block:
            return
        if block == "article-title":
            if "title-group" in self._above and not self.title:
                self.title = said
        elif block == "title" and "caption" not in self._above:
            if self._headings:
                self._headings[-1] = said
        elif block != "label" or "fig" in self._above:
            self._add(said, block)

    def _add(self, said: str, block: str) -> None:
        headings = ["Abstract"] if "abstract" in self._above else []
        headings += [each for each in self._headings if each]
        if any(map(AFTER_THE_PAPER.match, headings)) or block == "label":
            return
        kind = BODY
        if block in ("alt-text", "long-desc"):
            kind = FIGURE
        elif "caption" in self._above or "fig" in self._above:
            kind = CAPTION
        elif "abstract" in self._above:
            kind = ABSTRACT
        if kind == CAPTION and "table-wrap" in self._above:
            return
        self.passages.add(said, kind, under=UNDER.join(headings))
