"""What the columns of people's sheets of judgements hold: items, parts of one, and sums of several."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peerreview.synthesis.instrument import Instrument
from peerreview.synthesis.spelling import comparable

_CODED = re.compile(
    r"((?:[a-z]|[a-z]+ )?[0-9]+(?:\.[0-9]+)?)[.:)]\s+(\S.*)|([a-z][0-9]+|[0-9]+\.[0-9]+)\s+(\S.*)"
)
"""An item's id before its words: *1.1. Is the …*, *D1 randomisation*; a lone number only before a sign."""
_WHY = re.compile(
    r"\b(?:justifications?|rationale|comments?|notes?|explanations?|support\w*|reasons?|quotes?|text|why|page)\b"
)
"""What a column that begins with an item's id says instead of a judgement."""
_BIAS = re.compile(r"^bias (?:arising from|due to|in) (?:the )?")
_APART = re.compile(r"[:;,()\[\]]+")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_NUMBER = re.compile(r"(?:(?:q|item|question)\s*)?([0-9]{1,2})([a-c]?)\.?")
_TOOL = re.compile(
    r"(?:rob|robins|robis|quips|probast|quadas|nos|jbi|mmat|casp|amstar)(?: (?:[12ie]|tool|bias))? (?=.)"
)
"""What people write before an item's name: the tool's."""
_ENDING = re.compile(r"[:,]? (?:risk of bias |rob )?(?:judge?ments?|rating|stars?)$")
_TOTAL = frozenset({
    "total", "score", "scores", "sum", "stars", "total scores", "assigned score", "total quality score",
    "nos stars", "points", "total score", "total stars", "total points", "overall score",
    "quality score", "nos score", "total nos score", "nos total", "nos", "number of stars", "sum score",
    "summe", "gesamt", "puntuacion total", "puntaje total", "score total", "punteggio totale",
})  # fmt: skip


@dataclass(frozen=True)
class Headings:
    """
    What columns hold: ``items`` (item → its column, or those of its parts), ``sums`` (column → set).

    A sum of all sets has a blank set. ``fault`` is what is wrong with the columns, in a sentence.
    """

    items: Mapping[str, Sequence[str]]
    sums: Mapping[str, str]
    fault: str = ""


def read(columns: Sequence[str], instrument: Instrument) -> Headings:
    """
    Return what columns hold: by an item's id, its text, both, or what people call it (Q1, Item 1, Domain 1).

    Parameters
    ----------
    columns : as they stand.
    """
    known = _known(instrument)
    found = {column: item for column in columns if (item := _item(column, known))}
    found |= _numbered([each for each in columns if each not in found], instrument)
    sums = _sums([each for each in columns if each not in found], instrument)
    parts = _parts([each for each in columns if each not in (*found, *sums)], instrument)
    found |= parts
    items: dict[str, list[str]] = {}
    for column in columns:
        if column in found:
            items.setdefault(found[column], []).append(column)
    named = {column for column in columns if _plain(column) in known}
    for each in instrument.items:
        columns_there = items.get(each.item, [])
        wholes = named.intersection(columns_there)
        if (
            each.item in instrument.parts
            and len(wholes) == 1
            and len(columns_there) == instrument.most(each) + 1
        ):
            # Beside all of its parts, an item's own column is their sum.
            sums |= dict.fromkeys(wholes, each.set)
            items[each.item] = [column for column in columns_there if column not in wholes]
    return Headings(items, sums, _fault(items, instrument, named, parts))


def items_of(names: Iterable[str], instrument: Instrument) -> dict[str, str]:
    """Return the item that each name is, of a column or in a cell; blank where it is none."""
    known = _known(instrument)
    return {name: _item(name, known) for name in names}


def _known(instrument: Instrument) -> dict[str, str]:
    """Return what people call an item, as ``_plain`` or ``_label`` makes it → the item."""
    known = {_plain(name): item for name, item in instrument.spellings.items()}
    texts = [_label(each.text) for each in instrument.items]
    for each, text in zip(instrument.items, texts, strict=True):
        if texts.count(text) == 1:
            known.setdefault(text, each.item)
    return known


def _fault(
    items: Mapping[str, Sequence[str]], instrument: Instrument, named: set[str], parts: Mapping[str, str]
) -> str:
    """Return which item has columns that are not one whole, or not all of its parts."""
    for item in instrument.items:
        columns = items.get(item.item, ())
        is_whole = len(columns) == instrument.most(item) and item.item in instrument.parts
        wholes = named.intersection(columns) if not _count_on(columns) else set()
        if len(columns) > 1 and (not is_whole or wholes):
            return f"columns {columns[0]!r} and {columns[1]!r} are both item {item.item}"
        if (
            len(columns) == 1
            and columns[0] in parts
            and not _begins(columns[0], instrument.columns, item.item)
        ):
            return f"column {columns[0]!r} is a part of item {item.item}, and no other column is the other"
    return ""


def _count_on(columns: Sequence[str]) -> bool:
    """
    Return whether columns are ids that count on: C1 is a part where C2 is the next one.

    >>> _count_on(["C1", "C2"]), _count_on(["C1", "Comparability"])
    (True, False)
    """
    ids = [re.fullmatch(r"([a-z])([0-9])", _plain(column)) for column in columns]
    told = [(found[1], int(found[2])) for found in ids if found]
    return len(told) == len(columns) and told == [(told[0][0], number) for number in range(1, len(told) + 1)]


def _item(column: str, known: Mapping[str, str]) -> str:
    """Return the item that a column is named for; blank where it is named for none."""
    name = comparable(column)
    if _WHY.search(name):
        return known.get(_plain(column)) or known.get(_label(name), "")
    coded = _CODED.fullmatch(name)
    code, words = (coded[1] or coded[3], coded[2] or coded[4]) if coded else ("", name)
    # A code says more than the words behind it, which people shorten.
    spelled = [
        name,
        code,
        words,
        _TOOL.sub("", name, count=1),
        _BRACKETS.sub("", words),
        _ENDING.sub("", name),
    ]
    found = (known.get(_plain(each)) or known.get(_label(each)) for each in spelled if each)
    return next(filter(None, found), "")


def _numbered(columns: Sequence[str], instrument: Instrument) -> dict[str, str]:
    """
    Return the items of columns that are numbered through, where a numbering has as many.

    A number with letters, 5a and 5b, is that of an item's parts.
    """
    numbers = {column: each for column in columns if (each := _NUMBER.fullmatch(_plain(column)))}
    there = {int(each[1]) for each in numbers.values()}
    rated = tuple(each.item for each in instrument.items if each.rated)
    for items in instrument.numberings or ((rated,) if not instrument.designs else ()):
        if there == set(range(1, len(items) + 1)):
            found = {column: items[int(each[1]) - 1] for column, each in numbers.items()}
            lettered = {found[column] for column, each in numbers.items() if each[2]}
            return found if lettered <= instrument.parts.keys() else {}
    return {}


def _sums(columns: Sequence[str], instrument: Instrument) -> dict[str, str]:
    """Return the columns that hold the points of several items, with their set; of all sets a blank one."""
    if not instrument.unit:
        return {}
    n_items = {name: sum(each.set == name for each in instrument.items) for name in instrument.sets}
    titles = {_plain(title): name for name, title in instrument.sets.items() if n_items[name] > 1}
    found = {}
    for column in columns:
        name = _plain(_BRACKETS.sub("", column))
        bare = _ENDING.sub("", name)
        of_set = next((titles[part] for each in bare.split("/") if (part := each.strip()) in titles), None)
        if name in _TOTAL:
            found[column] = ""
        elif of_set is not None:
            found[column] = of_set
    return found


def _parts(columns: Sequence[str], instrument: Instrument) -> dict[str, str]:
    """Return the columns that hold one point each of an item that has several: Comparability (age)."""
    return {
        column: item
        for item in instrument.parts
        for column in columns
        if _begins(column, instrument.parts, item) and not _WHY.search(comparable(column))
    }


def _begins(column: str, names: Mapping[str, Sequence[str]], item: str) -> bool:
    """Return whether a column begins with one of an item's names."""
    name = _plain(column)
    return any(re.match(rf"{re.escape(_plain(each))}\b", name) for each in names.get(item, ()))


def _plain(name: str) -> str:
    """
    Return a column's name without what programs and people put around it.

    >>> _plain("Random.sequence.generation"), _plain("Was follow-up long enough?"), _plain("1.1")
    ('random sequence generation', 'was follow up long enough', '1.1')
    """
    text = comparable(name)
    if " " not in text and not any(each.isdigit() for each in text):
        # R writes a point for each blank.
        text = text.replace(".", " ")
    return " ".join(_APART.sub(" ", text.replace("&", " and ")).rstrip("?* ").split())


def _label(text: str) -> str:
    """
    Return a domain's name without how its authors begin it, in British spelling.

    >>> _label("Bias arising from the randomization process")
    'randomisation process'
    """
    plain = _BIAS.sub("", _plain(text))
    return plain.replace("randomiz", "randomis").replace("mising ", "missing ")
