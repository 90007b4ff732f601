"""Plain text of a cell of an export: without entities and mark-up."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from peerreview.values.lists import LIST

_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|small|sc|scp|span|font|p|br|div|h[1-6]|ul|ol|li|a|abstract|title|sec|style|"
    r"italic|bold|underline|tt|inf|jats:[a-z-]+|mml:[a-z]+|math|mi|mn|mo|mrow|msub|msup|mtext|semantics)"
    r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|sec|title|abstract|jats:p|jats:sec|jats:title)\b", re.IGNORECASE
)


_MOST_ESCAPES = 5
"""Times that entities and tags are looked for in a value: what was escaped oftener is no export's."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def text(value: str) -> str:
    """
    Return a value without HTML entities and tags, in one line.

    >>> text("Peer&amp;nbsp;support of <i>E. coli</i> &lt; 5")
    'Peer support of E. coli < 5'
    """
    if value.isalnum():
        return value
    if not (
        "<" in value or "&" in value or "  " in value or "\n" in value or "\t" in value or "\r" in value
    ) and (value.isascii() or value.isprintable()):
        return value.strip()
    # Again and again: exports that went through two web pages are escaped twice.
    for _ in range(_MOST_ESCAPES):
        if "<" not in value and "&" not in value:
            break
        before = value
        value = without_tags(without_entities(value))
        if value == before:
            break
    return " ".join(value.split())


_NOT_AVAILABLE = re.compile(r"\[?not available\]?\.?", re.IGNORECASE)


def title(value: str) -> str:
    """
    Return a title as ``text`` does, or blank for what PubMed writes in place of one it did not translate.

    >>> title("[Not Available]."), title("Not available in wards")
    ('', 'Not available in wards')
    """
    return "" if _NOT_AVAILABLE.fullmatch(found := text(value)) else found


_term = lru_cache(maxsize=100_000)(text)
"""Keywords come again and again."""


def texts(values: Iterable[str]) -> str:
    """Return values, cleaned, as a list; each stands there once."""
    return LIST.join(dict.fromkeys(filter(None, map(_term, values))))


def link(value: str) -> str:
    """
    Return a link as it is, without HTML entities and what is glued to it.

    >>> link("https://example.org/a?b=1&amp;c=2     LK  - https://example.org/b")
    'https://example.org/a?b=1&c=2'
    """
    if value.startswith("internal-pdf:"):  # EndNote: a file on the disk of whoever exported it
        return ""
    words = value.replace("&amp;", "&").split()
    return words[0] if words and "://" in words[0] else " ".join(words)


def without_entities(value: str) -> str:
    """
    Return a value with the signs that HTML entities stand for; their semicolons part no list.

    >>> without_entities("O&#39;Dell, Pat; K&#xF6;nig, Sam")
    "O'Dell, Pat; König, Sam"
    """
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), value) if "&" in value else value


def without_tags(value: str) -> str:
    """
    Return a value without mark-up; what only looks like it stays.

    >>> without_tags("one<br>two of <i>three</i>, p<a")
    'one two of three, p<a'
    """
    return _MARKUP.sub(lambda tag: " " if _BLOCK.match(tag[0]) else "", value)
