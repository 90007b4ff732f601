"""One similarity of two records, as tests name it."""

import numpy as np

from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.normalise import comparable
from peerreview.duplicates.similarity import compare


def likeness(field: str, one: dict[str, str], other: dict[str, str]) -> float:
    records = comparable({column: [one.get(column, ""), other.get(column, "")] for column in COLUMNS})
    _, found = compare(records, np.array([0]), np.array([1]), gated=False)
    return round(float(found[field][0]), 2)
