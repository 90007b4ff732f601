"""How wide text is, and where its lines break, without opening a font."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

BOLD = 1.2
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_UNITS = 32
# Advance widths in 1/32 em, rounded up: the wider of Helvetica and DejaVu Sans.
# Text measured so stays within its box in either, whichever a reader has.
_ADVANCES = {
    0x0020: (
        "LNPbVfZJNNQbLMLLVVVVVVVVVVLLbbbShWWYZWUZZKQWScYaWaYWUYWgWWWNLNbSQUVSVUMVVJJTJgVUVVORNVTbTTRVLVbA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAALNVVVVLSQgQUbAgQQbNNQVVLQNQUgggUWWWWWWgYWWWWKKKKZYaaaaabaYYYYWWV"
        "UUUUUUgSUUUUJJJJUVUUUUUbUVVVVTVTWUWUWUXSXSXSXSZVZVVUVUVUVUVUZVZVZVZVZVeXKJKJKJKJKJTSKJVTTSJSJSMS"
        "LSKYVYVYVbYVaUaUaUjhXOXOXOVRVRVRVRUNUNUNYVYVYVYVYVYVgbUTUWRWRWRMVYWVWVXXSZbWVUVaUTMZWgMKYTJTgYVa"
        "eUfZVVXVRVLNUNUcVZYYYWRWWTRVWTRVKQPKuqlbaPeeaWUKJaUYVYVYVYVYVUWUWUggZVZVVTaUaUWTJuqlZVkWYVWUggaU"
        "WUWUVUVUKJKJaUaUXOXOYVYVVRUNVRZVYbXUWRWUVUaUaUaUaUUTQbQJggWXSSURRUQWYWVUKJZVXOUTUVVVSSVXUUbSSZWJ"
        "XVVUUVVVJLMNQJXgggVVVUcYWOOOOORRUURLLPLNNVUUTbTURRTTRRRRaTWXVKWRYRRhihbUZcXVRRWWNNGJKKNRMJPLLLKK"
        "MMQQQQQQJQQQJQQQLLKKQQNLQQQQQQLQOGMPMQQQQQggQQRggggQgggQggggggggAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAVTcVJJYVggQSSSLK"
        "ggggQQXLYcOgagbbLWWSWVWZaKVWcYVaZUgVUUaWaZKUWSVLTWVTUSSVULTTVSSUUVTVUTWTWbLTUTbVUUXbXWbWaUVTTPWW"
        "cVebZWaUWUZUXUUSWVSJaUUUVXcVVXXXVVaUXVKKKjiaXYUZWWWUZVjVYYXZcZaZUXUUcWZWjjbdWXjXUUTRXUdSVVUVZVUV"
        "VSTTcTWTefXaTSbUUUURSRJJJddVUVTVebZWfYdamhaUhbVScdaUZWZWgdfZmhebXSRAAAAAOOZWWTUVURWTURjdVSXUXUXU"
        "cbZWhdjedXXSUTUTUTWTeaWTWTWVfYfYKjdVUZWZWZWWTdZJWUWUggVUaUaUjdVSWTYVYVaUaUaUXSUTUTUTWTURdaWTWTWT"
        "WThdgcWTjfkfZWZXUSZVmgdcigaVgbXUjdjeaWgggggggggg"
    ),
    0x0590: (
        "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAMAKAAKAAPAggggggggWTOSVJMVVISRTWWJNVVVUSTXTXWggggg"
        "QOLOVgggggggggggAAAAAAVVgZggLgggAAAAAAAAAAALAggRgQJJQJaJfRffVVVPPQQoonneeUUgggggKiZbYUYRQaaAAAAA"
        "AAAAAAAAAAAAAAAASSSSSSSSSSSLLSfZAgggKggggffffffffVVVVVVVPPPPPPPPPQQQRURQQQooonneUiiiiiiZZdidbbbd"
        "dddddYYYYYYYYYXVggggggQQQggQagagaggggRAAAAAAAAgAAAAAAggAAgAAAAggSSSSSSSSSSgggggg"
    ),
    0x1E00: (
        "WUWVWVWVXSZVZVZVZVZVVUVUVUVUVUTMZVZVZVZVZVZVKJKJVTVTVTSKSKSJSJcgcgcgYVYVYVYVaUaUaUaUUVUVXOXOXOXO"
        "VRVRVRVRVRUNUNUNUNYVYVYVYVYVWTWTgbgbgbgbgbWTWTUTWRWRWRVNbTUMMMZUWUWUWUWUWUWUWUWUWUWUWUWUVUVUVUVU"
        "VUVUVUVUKJKJaUaUaUaUaUaUaUeUeUeUeUeUYVYVcVcVcVcVcVUTUTUTUTZQgggg"
    ),
    0x2000: (
        "QgQgLIGVLHEAAAAAMMVQggQQLLLLRRRRQQTTLWgLAAAAAAAHr4IMRIMRLNNbQRQaaIgQGNNeYYQVQQQLaQPgabTWbbLabLLI"
        "AAAAAgAAAAAAAAAA"
    ),
}
_WIDEST = 1.0


class Word(NamedTuple):
    """A run of text that is not broken, unless it is wider than its box."""

    text: str
    italic: bool = False


Line = tuple[Word, ...]


def width(text: str, size: float, *, bold: bool = False) -> float:
    """
    Return the width of a line of text, in the units of ``size``; never less than it will take.

    >>> width("il", 16) < width("WW", 16)
    True
    """
    return sum(map(_advance, text)) * size * (BOLD if bold else 1)


@cache
def _advance(character: str) -> float:
    code = ord(character)
    for first, advances in _ADVANCES.items():
        if first <= code < first + len(advances):
            return _ALPHABET.index(advances[code - first]) / _UNITS
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Cf", "Cc"}:
        return 0
    return _WIDEST


def wrap(words: Sequence[Word], room: float, size: float) -> list[Line]:
    """
    Return words as lines no wider than ``room``.

    A word wider than a line is broken, after a hyphen or slash if it has one.
    """
    lines: list[list[Word]] = [[]]
    used = 0.0
    blank = width(" ", size)
    for word in words:
        for piece in _pieces(word.text, room, size):
            space = blank if lines[-1] and not piece.glued else 0.0
            if lines[-1] and used + space + piece.width > room:
                lines.append([Word(piece.text, word.italic)])
                used = piece.width
            else:
                lines[-1].append(Word(f" {piece.text}" if space else piece.text, word.italic))
                used += space + piece.width
    return [_joined(line) for line in lines if line]


class _Piece(NamedTuple):
    text: str
    width: float
    glued: bool


def _pieces(text: str, room: float, size: float) -> Iterator[_Piece]:
    """Yield what a word may be broken into: each wide character, or all of it if it fits."""
    glued = False
    for chunk in re.findall(_BREAKABLE, text) if max(text, default="") >= _FIRST_WIDE else (text,):
        rest, wide = chunk, width(chunk, size)
        while wide > room:
            cut = _cut(rest, room, size)
            yield _Piece(rest[:cut], width(rest[:cut], size), glued)
            rest, glued = rest[cut:], True
            wide = width(rest, size)
        if rest:
            yield _Piece(rest, wide, glued)
            glued = True


# Lines of Chinese, Japanese and Korean break between characters, but not before closing marks.
_WIDE = "\u2e80-\u2fff\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_CLOSING = "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\u300d\u300f\u3011\uff09"
_FIRST_WIDE = _WIDE[0]
_BREAKABLE = f"[{_WIDE}][{_CLOSING}]*|[^{_WIDE}]+"
"""As text: compiling it takes longer than drawing a figure that has none of these."""


def _cut(text: str, room: float, size: float) -> int:
    used, fits = 0.0, 0
    for position, character in enumerate(text):
        used += width(character, size)
        if used > room:
            break
        fits = position + 1
    fits = max(fits, 1)
    nicer = max(text.rfind(mark, 0, fits) for mark in "-/_.") + 1
    if nicer >= fits / 2:
        return nicer
    while 1 < fits < len(text) and unicodedata.combining(text[fits]):
        fits -= 1
    return fits


def _joined(line: Sequence[Word]) -> Line:
    joined: list[Word] = []
    for word in line:
        if joined and joined[-1].italic == word.italic:
            joined[-1] = Word(joined[-1].text + word.text, word.italic)
        elif joined and word.text.startswith(" "):
            # A renderer may drop a space that a run begins with.
            joined[-1] = Word(joined[-1].text + " ", joined[-1].italic)
            joined.append(Word(word.text[1:], word.italic))
        else:
            joined.append(word)
    return tuple(joined)


def is_right_to_left(text: str) -> bool:
    """
    Return whether text begins in a script that runs from right to left.

    >>> is_right_to_left("12 סיבה")
    True
    """
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False


@cache
def _joining() -> dict[str, dict[str, str]]:
    """Return the joined forms of Arabic letters, as Unicode's presentation forms decompose."""
    forms: dict[str, dict[str, str]] = {}
    for code in range(0xFE70, 0xFEFD):
        how, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        plain = "".join(chr(int(letter, 16)) for letter in letters)
        if how and " " not in plain:
            forms.setdefault(plain, {})[how.strip("<>")] = chr(code)
    return forms


def joined_arabic(text: str) -> str:
    """Return text with each Arabic letter in the form that its neighbours ask for."""
    forms = _joining()
    letters: list[str] = []
    for character in text:
        # Lam and alef are written as one.
        if letters and letters[-1] + character in forms:
            letters[-1] += character
        else:
            letters.append(character)

    def joins(position: int, step: int, form: str) -> bool:
        position += step
        while 0 <= position < len(letters) and unicodedata.combining(letters[position][0]):
            position += step
        return 0 <= position < len(letters) and form in forms.get(letters[position], {})

    shaped = []
    for position, letter in enumerate(letters):
        own = forms.get(letter, {})
        after = "final" in own and joins(position, -1, "initial")
        before = "initial" in own and joins(position, 1, "final")
        form = "medial" if after and before else "final" if after else "initial" if before else "isolated"
        shaped.append(own.get(form, letter))
    return "".join(shaped)
