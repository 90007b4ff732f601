# ruff: noqa: E501  one pattern, one line
"""A passage → its sentences, as they stand."""

import re

_END = re.compile(
    r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|(?<=[a-z)]{2}\.)(?=[A-Z][a-z]{2})|(?<=\.);(?=[A-Z])|\s*(?:→|⟶|➔)\s*"
)
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|cf|vs|viz|approx|ca|resp|incl|fig|figs|tab|ref|refs|eq|no|nos|vol|pp?|dr|prof|mr|mrs|ms|st|inc|ltd|co|"
    r"suppl|sect|sec|chap|ch|dept|univ|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|(?<![\w])[A-Za-z])\.$",
    re.IGNORECASE,
)


def split(text: str) -> list[str]:
    """
    Return the sentences of a passage.

    >>> split("We found 154 records (Fig. 1). After that, e.g. in 2019, Smith et al. found 3. Ten were in.")
    ['We found 154 records (Fig. 1).', 'After that, e.g. in 2019, Smith et al. found 3.', 'Ten were in.']
    """
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        piece = text[start : end.start()]
        if _NO_END.search(piece) or _opens(piece):
            continue
        found.append((piece + end[0].rstrip()).strip())
        start = end.end()
    found.append(text[start:].strip())
    return [each for each in found if each]


def _opens(piece: str) -> bool:
    """Whether a parenthesis is open where a piece ends, and not for so long that its end was forgotten."""
    opened = piece.rfind("(")
    return opened > piece.rfind(")") and len(piece) - opened < 150
