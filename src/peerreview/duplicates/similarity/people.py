"""Two lists of authors to numbers."""

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.similarity.columns import Mask, Values, likeness
from peerreview.values.folding import fold

GARBLED = 0.9
"""The likeness from which on a name may be the same with a letter lost."""


def compare_first_authors(records: Comparable, low: Numbers, high: Numbers, workers: int) -> Values:
    """Return the likeness of the first authors' family names; missing where either is blank."""
    left, right = records.first[low], records.first[high]
    values = likeness(left, right, JaroWinkler.similarity, workers)
    for place in np.flatnonzero(values < 0.9):
        one, other = left[place], right[place]
        # A name in the other order, or a double name of which one database kept half.
        if (
            one
            and other
            and (
                one in records.authors[high[place]].split()[:2]
                or other in records.authors[low[place]].split()[:2]
                or (min(len(one), len(other)) >= 4 and (one in other or other in one))
                or _same_people(records.authors[low[place]], records.authors[high[place]])
            )
        ):
            values[place] = 0.9
    values[(left == "") | (right == "")] = np.nan
    return values


def _same_people(one: str, other: str) -> bool:
    """Return whether two lists have the same three names or more, in whatever order."""
    names = one.split()
    return len(names) > 2 and len(one) == len(other) and sorted(names) == sorted(other.split())


def compare_authors(texts: Texts, low: Numbers, high: Numbers, workers: int) -> Values:
    """Return the likeness of the family names; a shortened list is no difference."""
    left, right = texts[low], texts[high]
    values: Values = np.ones(len(low), dtype=np.float32)
    unlike = np.flatnonzero(left != right)
    if len(unlike):
        values[unlike] = (
            cpdist(
                left[unlike].tolist(),
                right[unlike].tolist(),
                scorer=fuzz.token_set_ratio,
                dtype=np.float32,
                workers=workers,
            )
            / 100
        )
    values[(left == "") | (right == "")] = np.nan
    return values


def compare_whole_names(texts: Texts, low: Numbers, high: Numbers) -> Values:
    """Return the likeness of whole names: some databases take given names for family names."""
    values = np.zeros(len(low), dtype=np.float32)
    for place, pair in enumerate(zip(texts[low], texts[high], strict=True)):
        one, other = (" ".join(word for word in fold(text).split() if len(word) > 2) for text in pair)
        values[place] = fuzz.token_set_ratio(one, other) / 100 if one and other else 0
    return values


def have_double_names(records: Comparable, low: Numbers, high: Numbers) -> Mask:
    """Return where one first author is the second half of a double name: Ek Bo, C.; Bo, C. E.; Ek, Bo C."""
    held = np.zeros(len(low), dtype=np.bool_)
    for place, rows in enumerate(zip(low, high, strict=True)):
        firsts = [fold(records.names[row].partition(";")[0]).split() for row in rows]
        families = [records.first[row] for row in rows]
        held[place] = any(
            len(family) > 3 and family in words for family, words in zip(families, firsts[::-1], strict=True)
        )
    return held


def _is_listed(family: str, words: list[str]) -> bool:
    if family in words or (len(family) > 4 and family in "".join(words)):
        return True
    return len(family) > 2 and any(_is_garbled(word, family) for word in words if len(word) > 2)


def _is_garbled(name: str, other: str) -> bool:
    """Return whether a name is the other, but for a letter that was lost: Dürer, D?rer; Özsu, ?zsu."""
    if other[1:] == name or name[1:] == other:
        return True
    return name[0] == other[0] and JaroWinkler.similarity(name, other) >= GARBLED


def have_each_other(records: Comparable, low: Numbers, high: Numbers) -> Mask:
    """
    Return where each first author is somewhere in the other list: some lists are in order of the alphabet.

    A letter of a name may be lost, as in D?rer.
    """
    held = np.zeros(len(low), dtype=np.bool_)
    for place, rows in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        families = [records.first[row] for row in rows]
        listed = [fold(records.names[row].replace("?", "")).split() for row in rows[::-1]]
        held[place] = all(
            len(family) > 1 and _is_listed(family, words)
            for family, words in zip(families, listed, strict=True)
        )
    return held
