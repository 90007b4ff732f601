"""HTML: paragraphs under headings, captions, and what is read out for a figure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from peerreview.imports.papers import ABSTRACT, BODY, CAPTION, FIGURE, Headings, Paper, Passages
from peerreview.imports.papers.text import AFTER_THE_PAPER

_LOOKS = re.compile(r"<(?:!doctype html|html|head|body|article|section|h[1-6]|p)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype html|html|body)\b", re.IGNORECASE)
_UNSEEN = frozenset(
    {"script", "style", "nav", "noscript", "template", "svg", "button", "select", "textarea", "head"}
)
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
_BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "li", "ul", "ol", "dl", "dt", "dd", "figure", "figcaption",
        "blockquote", "table", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "br", "main", "header",
        "footer", "aside", "body",
    }
)  # fmt: skip
_REFERENCE_MARK = re.compile(r"[\d\s,;–—-]+")
_DOI = frozenset({"citation_doi", "dc.identifier", "prism.doi", "bepress_citation_doi"})
_TITLE = frozenset({"citation_title", "dc.title"})


def looks_like(text: str) -> bool:
    """Whether tags of HTML stand in a text: it is a page, or Markdown."""
    return bool(_LOOKS.search(text[:5_000]))


def is_page(text: str) -> bool:
    """Whether a text says that it is HTML."""
    return bool(_PAGE.search(text[:5_000]))


def read(text: str) -> Paper:
    """Return a paper from a page; tags that are not closed lose nothing."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end_block()
    return Paper(page.passages.found, page.title, page.doi, page.language)


class _Page(HTMLParser):
    """What a page says, as its tags come."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages = Passages()
        self.title = self.doi = self.language = ""
        self._headings, self._is_after = Headings(), False
        self._above: list[str] = []
        self._parts: list[str] = []
        self._marks: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "meta":
            self._take_meta(given)
        if tag in _BLOCKS:
            self.end_block()
        if tag == "img" and not self._is_after and not self._is_unseen:
            self.passages.add(given.get("alt", ""), FIGURE, under=self._headings.path)
        if tag not in _VOID:
            self._above.append(tag)
            if tag == "sup":
                self._marks.append(len(self._parts))

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup" and self._marks:
            start = self._marks.pop()
            if _REFERENCE_MARK.fullmatch("".join(self._parts[start:])):
                # References set above the line are no part of the number before them.
                del self._parts[start:]
        if tag in _BLOCKS:
            self.end_block()
        if tag in self._above:
            # What was left open within ends with it.
            while self._above.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._is_unseen:
            self._parts.append(data)

    @property
    def _is_unseen(self) -> bool:
        return any(tag in _UNSEEN for tag in self._above)

    def end_block(self) -> None:
        """Take in what was said since the last block began."""
        said = " ".join("".join(self._parts).split())
        self._parts, self._marks = [], []
        if not said:
            return
        if any(tag in ("h1", "h2", "h3", "h4", "h5", "h6") for tag in self._above):
            level = next(int(tag[1]) for tag in reversed(self._above) if re.fullmatch(r"h[1-6]", tag))
            self._headings.take(said, level)
            self._is_after = bool(AFTER_THE_PAPER.match(said))
            self.title = self.title or (said if "h1" in self._above else "")
        elif not self._is_after:
            is_caption = "figcaption" in self._above or re.match(
                r"(?:fig(?:ure|\.)?)\s*\d", said, re.IGNORECASE
            )
            kind = CAPTION if is_caption else FIGURE if "figure" in self._above else BODY
            if kind == BODY and self._headings.is_abstract:
                kind = ABSTRACT
            self.passages.add(said, kind, under=self._headings.path)
            self._headings.note_passage()

    def _take_meta(self, given: dict[str, str]) -> None:
        name, content = given.get("name", "").lower(), given.get("content", "")
        if name in _DOI and "10." in content:
            self.doi = self.doi or content[content.index("10.") :]
        if name in _TITLE:
            self.title = self.title or content
