"""How a line combines others: its operators and the lines it names, written one way for all platforms."""

import re
from collections.abc import Iterator, Sequence

from peerreview.imports.strategies import Syntax

TERM = "…"
"""Stands in a combination for what is searched there and no other line."""
_TOKEN = re.compile(
    r"(?P<quoted>\"[^\"]*\"|“[^“”]*”)|(?P<open>[({\[])|(?P<close>[)}\]])|(?P<blank>\s+)|(?P<word>[^\s(){}\[\]\"]+|\")"
)
_OPERATOR = {"and": "AND", "or": "OR", "not": "NOT", "andnot": "NOT"}
_ALL_OF = re.compile(
    r"(?P<open>[({\[]?)\s*\b(?P<operator>or|and)\s*(?P<slash>/|\s)\s*(?P<named>[#sS]?\d+(?:\s*[-\u2010-\u2015,]\s*[#sS]?\d+)+)\s*[)}\]]?",
    re.IGNORECASE,
)
_ALL_BEHIND = re.compile(
    r"(?P<named>\d+(?:\s*[-\u2010-\u2015,]\s*\d+)+)\s*/\s*(?P<operator>or|and)\b", re.IGNORECASE
)
_DEDUPE = re.compile(r"\s*(?:remove|delete) duplicates from (\S+)\s*", re.IGNORECASE)
_LIMIT = re.compile(r"\s*limit (\S+) to\b.*", re.IGNORECASE | re.DOTALL)
_KEEP = re.compile(r"\s*from (\S+) keep\b.*", re.IGNORECASE | re.DOTALL)
_USE = re.compile(r"\s*(\S+) use\b.*", re.IGNORECASE | re.DOTALL)
_DEEPEST = 60
"""Brackets within brackets; more than that is no combination of lines."""


def combination(text: str, syntax: Syntax, limits: str = "") -> str:
    """
    Return how a line combines others, or blank where it names none.

    Lines are their numbers, ``AND``, ``OR``, ``NOT`` and brackets as they
    stand, ``…`` what is searched for itself; ``LIMIT(3)``, ``DEDUPE(3)`` are
    a part of line 3. ``or/1-3`` is ``(1 OR 2 OR 3)``.
    """
    text = " ".join(text.split())
    for pattern, word in ((_DEDUPE, "DEDUPE"), (_LIMIT, "LIMIT"), (_KEEP, "LIMIT"), (_USE, "LIMIT")):
        found = pattern.fullmatch(text)
        if found and (named := _reference(found[1], syntax)):
            return f"{word}({named})"
    if syntax.suffix and (suffix := syntax.suffix.search(text)):
        text, limits = text[: suffix.start()], limits or suffix[0]
    spelled = _ALL_OF.sub(lambda found: _spelled(found["named"], found["operator"]), text)
    spelled = _ALL_BEHIND.sub(lambda found: _spelled(found["named"], found["operator"]), spelled)
    tokens = list(_tokens(spelled))
    if not tokens:
        return ""
    parts = _parts(tokens, syntax, 0)
    if not any(re.search(r"\d", part) for part in parts):
        return ""
    combined = _stripped(" ".join(parts))
    return f"LIMIT({combined})" if limits else combined


def named(combined: str) -> tuple[str, ...]:
    """
    Return the lines that a combination names, each once.

    >>> named("(1 OR 2) AND LIMIT(1)")
    ('1', '2')
    """
    return tuple(dict.fromkeys(re.findall(r"\d+", combined)))


def _spelled(named_: str, operator: str) -> str:
    """Return lines listed by a range, each by its number."""
    sign = "".join(re.findall(r"^[#sS]", named_))
    numbers: list[int] = []
    for part in re.split(r"\s*,\s*", named_):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        numbers += range(ends[0], ends[-1] + 1) if ends[0] <= ends[-1] <= ends[0] + 500 else ends
    # Lines of a range stand in brackets of their own, which no field tag follows.
    return f" ( {f' {operator} '.join(f'{sign}{number}' for number in numbers)} ) "


def _tokens(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield (kind, text, whether a blank stands before it)."""
    blank = True
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "word"
        if kind == "blank":
            blank = True
            continue
        yield kind, found[0], blank
        blank = False


def _parts(tokens: Sequence[tuple[str, str, bool]], syntax: Syntax, depth: int) -> list[str]:
    """Return operators and operands; what is not made of other lines is a term."""
    parts: list[str] = []
    operand: list[str] = []
    is_plain = True

    def end() -> None:
        nonlocal is_plain
        if operand:
            parts.append(operand[0] if len(operand) == 1 and is_plain else TERM)
        operand.clear()
        is_plain = True

    place = 0
    while place < len(tokens):
        kind, text, blank = tokens[place]
        word = text.lower()
        if kind == "word" and word in _OPERATOR and (blank or place == 0):
            if word == "not" and parts and not operand and parts[-1] == "AND":
                parts[-1] = "NOT"  # Scopus writes AND NOT
            else:
                end()
                parts.append(_OPERATOR[word])
        elif kind == "open":
            close = _closing(tokens, place)
            inner = _parts(tokens[place + 1 : close], syntax, depth + 1) if depth < _DEEPEST else [TERM]
            # A field before or behind the brackets makes terms of what is within.
            tagged = bool(operand and not blank) or _is_tagged(tokens, close)
            combined = " ".join(inner)
            operand.append(TERM if tagged or not inner else combined if len(inner) == 1 else f"({combined})")
            place = close
        elif kind == "close":
            is_plain = False
        else:
            operand.append(_reference(text, syntax) or TERM)
            if kind == "quoted":
                operand[-1] = TERM
        place += 1
    end()
    return parts


def _closing(tokens: Sequence[tuple[str, str, bool]], place: int) -> int:
    depth = 0
    for at in range(place, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[at][0], 0)
        if depth == 0:
            return at
    return len(tokens)


def _is_tagged(tokens: Sequence[tuple[str, str, bool]], close: int) -> bool:
    """Whether a field tag stands right behind brackets: ``(a or b).ti``, ``(a OR b):ti``, ``(a)[tiab]``."""
    if close + 1 >= len(tokens):
        return False
    _, text, blank = tokens[close + 1]
    return not blank and text[0] in ".:["


def _reference(word: str, syntax: Syntax) -> str:
    found = syntax.reference.fullmatch(word)
    return str(int(found[1])) if found else ""


def _stripped(combined: str) -> str:
    """
    Return a combination without brackets around all of it.

    >>> _stripped("((1 OR 2))"), _stripped("(1 OR 2) AND (3 OR 4)")
    ('1 OR 2', '(1 OR 2) AND (3 OR 4)')
    """
    while combined.startswith("(") and combined.endswith(")"):
        depth = 0
        for place, sign in enumerate(combined):
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if depth == 0 and place < len(combined) - 1:
                return combined
        combined = combined[1:-1].strip()
    return combined
