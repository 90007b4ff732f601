"""The words that teams and tools use for decisions and stages, folded to ours."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from peerreview.values import folding
from peerreview.values.folding import same
from peerreview.values.lists import LIST, split
from peerreview.values.missing import is_no_reason
from peerreview.values.numbers import whole

_WORDS = {
    "include": (
        "include included incl inc in yes y 1 true relevant selected select accept accepted "
        "ja j oui sí si sì sim einschluss eingeschlossen einschließen inclus inclure incluir incluido "
        "incluida incluído incluída incluso includere geïncludeerd"
    ),
    "exclude": (
        "exclude excluded excl exc out no n -1 false irrelevant not_relevant reject rejected "
        "nein nee non não nao ausschluss ausgeschlossen ausschließen exclus exclu exclure excluir excluido "
        "excluida excluído excluída escluso escludere geëxcludeerd"
    ),
    "maybe": (
        "maybe unsure unclear uncertain ? unknown "
        "vielleicht unklar unsicher peut-être incertain quizás quizá talvez duda dúvida dudoso dubbio forse "
        "misschien onduidelijk"
    ),
    "not_retrieved": "not_retrieved unavailable not_available",
    "withdrawn": "withdrawn",
    "": "na n/a none o not_vetted not_seen not_rated unrated undecided todo",
}
DECISIONS = MappingProxyType(
    {word.replace("_", " "): decision for decision, words in _WORDS.items() for word in words.split()}
)
"""Folded words to decisions; "" is a record not rated. ``0`` is not here: tools differ."""
_KINDS = MappingProxyType(
    {
        word: kind
        for kind, words in {
            "include": (
                "include included incl inc in exclude excluded excl exc out einschluss ausschluss "
                "eingeschlossen ausgeschlossen inclus exclu exclus incluir excluir incluido excluido "
                "incluído excluído incluso escluso"
            ),
            "yes": "yes y no n sí si sì sim não nao",
            "1": "1 0 -1",
            "true": "true false",
            "relevant": "relevant irrelevant",
            "accept": "accept accepted reject rejected",
            "select": "selected select",
            "ja": "ja nein nee",
            "oui": "oui non",
        }.items()
        for word in words.split()
    }
)
"""The pair of words that each word for a decision is one of."""
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
        "title abstract screening": "title_abstract",
        "title and abstract screening": "title_abstract",
        "full text screening": "full_text",
        "before screening": "before_screening",
        "retrieval": "retrieval",
    }
)


@lru_cache(maxsize=10_000)
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


def kind(value: str) -> str:
    """
    Return which words for yes and no a value is one of; blank for a doubt, and for what is no decision.

    >>> kind("Excluded"), kind("N"), kind("maybe")
    ('include', 'yes', '')
    """
    return _KINDS.get(plain(value), "")


def fold_stage(value: str) -> str | None:
    """
    Return the stage that a word means, or None.

    >>> fold_stage("Title/Abstract")
    'title_abstract'
    """
    return _STAGES.get(folding.fold(value))


def reasons(cell: str, known: Mapping[str, str] | None = None) -> str:
    """
    Return a cell's reasons as a list, without words for nothing, by the protocol's own name where it has one.

    Parameters
    ----------
    known : folded words to the protocol's reasons. A comma divides only what is known on both sides of it.

    >>> reasons("N/A"), reasons("Wrong age; -; No ward")
    ('', 'Wrong age; No ward')
    >>> reasons("wp, nw", {"wp": "Wrong peers", "nw": "No ward"})
    'Wrong peers; No ward'
    """
    known = known or {}
    found: list[str] = []
    for part in split(cell):
        pieces = [each.strip() for each in part.split(",")]
        if same(part) not in known and len(pieces) > 1 and all(same(each) in known for each in pieces):
            found += pieces
        else:
            found.append(part)
    told = (known.get(same(each), " ".join(each.split())) for each in found if not is_no_reason(each))
    return LIST.join(dict.fromkeys(told))


def is_known(text: str, known: Mapping[str, str]) -> bool:
    """
    Return whether a note or a label is a list of reasons that the protocol knows, and nothing else.

    >>> is_known("Wrong peers", {"wrong peers": "Wrong peers"}), is_known("read again", {})
    (True, False)
    """
    found = reasons(text, known)
    return bool(found) and all(
        same(each) in {same(reason) for reason in known.values()} for each in split(found)
    )
