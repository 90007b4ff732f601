"""What the name of a sheet's column says: its words, its stage, and the answers that may stand below it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from peerreview.screening.screeners.vocabulary import AGAINST, BESIDE, DECIDES, DECISION_WORDS

_FULL = re.compile(r"\b(?:full ?texts?|ft)\b")
_TITLE = re.compile(
    r"\b(?:titles?(?: and| or| &)? ?abstracts?(?: and keywords)?|ti ?ab|t a|abstracts?|titles?)\b"
)
_WORD = re.compile(r"[^\W_]+")


def without_stage(name: str) -> tuple[str, str]:
    """Return a column's name without its stage, and the stage."""
    spaced = re.sub(r"[_/()\[\]:&-]+", " ", name)
    text = " ".join(spaced.split())
    for pattern, stage in ((_FULL, "full_text"), (_TITLE, "title_abstract")):
        found = pattern.search(text.casefold())
        # FT alone may be somebody's initials.
        if found and (found[0] != "ft" or len(text) > len(found[0])):
            return " ".join((text[: found.start()] + text[found.end() :]).split()), stage
    return name, ""


def words_of(name: str) -> list[str]:
    """Return the words of a name, as they are spelled."""
    return _WORD.findall(name)


def tokens_of(name: str) -> list[str]:
    """Return the words of a column's name, without case."""
    return words_of(name.casefold())


def lists_answers(tokens: Sequence[str]) -> bool:
    """
    Return whether a column is called by what may be said in it: that is nobody's name.

    >>> names = "Included/Excluded", "Keep or not", "Include (1) / Exclude (0)"
    >>> [lists_answers(tokens_of(name)) for name in names]
    [True, True, True]
    >>> names = "Excluded", "Ana included/excluded", "Excluded at screening"
    >>> [lists_answers(tokens_of(name)) for name in names]
    [False, False, False]
    """
    told = set(tokens)
    if told == {"i", "e"}:
        return True
    if is_negated(tokens):
        return False
    is_in = not told.isdisjoint(DECIDES - {"screen", "screening"} | {"accept", "accepted"})
    rest = {token for token in told - AGAINST - BESIDE - DECISION_WORDS if not token.isdigit()}
    has_no = not told.isdisjoint(AGAINST) or {"y", "n"} <= told or {"yes", "no"} <= told
    return is_in and has_no and not rest


def is_negated(tokens: Sequence[str]) -> bool:
    """Return whether a name says that a record is not taken, as in Not relevant."""
    return any(word == "not" and after in DECIDES for word, after in pairwise(tokens))
