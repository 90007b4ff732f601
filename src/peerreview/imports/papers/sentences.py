# ruff: noqa: E501  one pattern, one line
"""A passage → its sentences, as they stand."""

import re

_END = re.compile(
    r"(?<=[.!?])[\"'”’)\]]*(?:\[[\s,;–-]*\])?\s+(?=[\"'“‘(\[]?[A-Z0-9])|(?<=[a-z)]{2}\.)(?=[A-Z][a-z]{2})|(?<=\.);(?=[A-Z])|\s*(?:→|⟶|➔)\s*|(?<=[a-z)]\.)\d{1,3}(?:[,–-]\d{1,3})*\s+(?=[A-Z][a-z])"
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


_AUTHOR = r"[A-Z][\w'’-]+(?: et al\.?|,? (?:and|&) [A-Z][\w'’-]+| and (?:colleagues|co-?workers|others))?"
NOT_OWN = "previous|recent|earlier|prior|last|another|other|existing"
"""What people call a review that is not the one they write."""
_OF_OTHERS = re.compile(
    rf"(?:^|; |, )(?:(?:In|For|The|A|An|the|a|an|by|of|study|review|survey|meta-analysis|work|update|example) ,?){{0,5}}{_AUTHOR},? ?[(\[](?:19|20)\d\d[a-z]?[)\]]"
    rf"|\b(?:{NOT_OWN}|related) (?:[\w-]+ ){{0,3}}?(?:reviews?|meta-analys[ie]s|overviews?|surveys?|synthes[ie]s|mapping stud(?:y|ies))\b(?: [\w'’,()-]+){{0,8}}? (?:included|identified|found|analy[sz]ed|covered|examined|reviewed|synthesi[sz]ed)\b"
)
_IS_ENTRY = re.compile(
    r"^\W*\[?\d*\]?\W*(?:https?://)?(?:dx\.)?doi\b|\bdoi: ?10\.|(?:\b[A-Z]\. ?)+[A-Z][a-z]+, (?:[A-Z]\. ?)+[A-Z][a-z]+"
)
"""An entry of a reference list that no heading stands before."""
_OWN = re.compile(r"\b(?:we|our|this (?:review|study|paper)|the present|the current)\b", re.IGNORECASE)


def is_of_others(sentence: str) -> bool:
    """Whether a sentence is of another review, or an entry of the reference list."""
    is_of_others = bool(_OF_OTHERS.search(sentence)) and not _OWN.search(sentence)
    return is_of_others or bool(_IS_ENTRY.search(sentence))
