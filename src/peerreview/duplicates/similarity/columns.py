"""Two columns of text to a column of numbers."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from peerreview.duplicates.normalise import Numbers, Texts

Values = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Similarities = dict[str, Values]


class Pairs(NamedTuple):
    """Pairs of rows, lower and higher, and every similarity of theirs."""

    low: Numbers
    high: Numbers
    similarities: Similarities


def likeness(left: Texts, right: Texts, scorer: Callable[..., float], workers: int) -> Values:
    """Return a scorer's likeness of two columns, 1 where they are the same."""
    values: Values = np.ones(len(left), dtype=np.float32)
    unlike = np.flatnonzero(left != right)
    if len(unlike):
        values[unlike] = cpdist(
            left[unlike].tolist(),
            right[unlike].tolist(),
            scorer=scorer,
            dtype=np.float32,
            workers=workers,
        )
    return values


def ratio(texts: Texts, low: Numbers, high: Numbers, workers: int) -> Values:
    """Return the likeness of two columns of text; missing where either is blank."""
    left, right = texts[low], texts[high]
    blank = (left == "") | (right == "")
    values = likeness(left, right, Indel.normalized_similarity, workers)
    values[blank] = np.nan
    return values


def same(texts: Texts, low: Numbers, high: Numbers) -> Values:
    """Return 1 where two columns are the same, 0 where not; missing where either is blank."""
    left, right = texts[low], texts[high]
    values = np.asarray(left == right, dtype=np.float32)
    values[(left == "") | (right == "")] = np.nan
    return values
