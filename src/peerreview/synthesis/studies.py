"""Which study a row of people's sheets is of: the column that says so, and the names it may have there."""

import re
from collections.abc import Iterable

import pandas as pd

from peerreview.synthesis.instrument import comparable

COLUMNS = (
    "study_id", "study id", "study", "studies", "study name", "study label", "label", "author", "author year",
    "trial", "unique id", "review", "systematic review", "studie", "estudio", "étude", "estudo",
)  # fmt: skip
"""What sheets call the study of a row; the first that is there says it."""
_SIGNS = re.compile(r"[^\w ]")


def column_of(columns: Iterable[str]) -> str:
    """
    Return the column that says which study a row is of; blank where none does.

    >>> column_of(["D1", "Author (year)", "Weight"]), column_of(["D1"])
    ('Author (year)', '')
    """
    known = {column: " ".join(_SIGNS.sub(" ", comparable(column)).split()) for column in columns}
    return next((column for name in COLUMNS for column in known if known[column] == comparable(name)), "")


def by_name(studies: pd.DataFrame) -> dict[str, list[str]]:
    """
    Return the studies that a name may mean: an id or a label, as ``comparable`` makes it, never blank.

    Parameters
    ----------
    studies : ``study_id, label``.
    """
    names: dict[str, list[str]] = {}
    for study_id, label in zip(studies["study_id"], studies["label"], strict=True):
        for name in dict.fromkeys((comparable(study_id), comparable(label))):
            if name:
                names.setdefault(name, []).append(study_id)
    return names
