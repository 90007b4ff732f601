"""The words that teams and tools use for decisions and stages, folded to ours."""

from types import MappingProxyType

from peerreview.values import folding
from peerreview.values.folding import same
from peerreview.values.numbers import whole

_WORDS = {
    "include": "include included incl in yes y 1 true relevant selected select accept accepted ja oui sí",
    "exclude": "exclude excluded excl out no n -1 false irrelevant not_relevant reject rejected nein non",
    "maybe": "maybe unsure unclear uncertain ? unknown",
    "not_retrieved": "not_retrieved unavailable not_available",
    "": "na n/a none o not_vetted not_seen not_rated unrated undecided todo",
}
DECISIONS = MappingProxyType(
    {word.replace("_", " "): decision for decision, words in _WORDS.items() for word in words.split()}
)
"""Folded words to decisions; "" is a record not rated. ``0`` is not here: tools differ."""
_STAGES = MappingProxyType(
    {
        "title abstract": "title_abstract",
        "title and abstract": "title_abstract",
        "title": "title_abstract",
        "abstract": "title_abstract",
        "titleabstract": "title_abstract",
        "ti ab": "title_abstract",
        "tiab": "title_abstract",
        "t a": "title_abstract",
        "full text": "full_text",
        "fulltext": "full_text",
        "ft": "full_text",
        "before screening": "before_screening",
        "retrieval": "retrieval",
    }
)


def plain(value: str) -> str:
    """
    Return a value without case, blanks and punctuation around it.

    >>> plain(" Not_Vetted. "), plain("\N{MINUS SIGN}1.0")
    ('not vetted', '-1')
    """
    text = same(value.replace("_", " ").replace("\N{MINUS SIGN}", "-"))
    number = whole(text.removeprefix("-"))
    if number:
        return f"-{number}" if text[0] == "-" else number
    return text.strip(" .,;:!'\"()[]") or text


def fold(value: str) -> str | None:
    """
    Return the decision that a value means: "" for not rated, None for an unknown word.

    >>> fold("Included"), fold("no"), fold("o"), fold("perhaps")
    ('include', 'exclude', '', None)
    """
    return DECISIONS.get(plain(value)) if value.strip() else ""


def fold_stage(value: str) -> str | None:
    """
    Return the stage that a word means, or None.

    >>> fold_stage("Title/Abstract")
    'title_abstract'
    """
    return _STAGES.get(folding.fold(value))
