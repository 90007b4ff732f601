"""Columns of many cells and few words: each word stands once, and is judged once; a row has its number."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

Word = TypeVar("Word", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Coded(Sequence[Word]):
    """A column: ``words``, each different, some of which may stand in no row; ``codes`` are their places."""

    words: Sequence[Word]
    codes: np.ndarray

    @classmethod
    def of(cls, cells: "Sequence[Word]") -> "Coded[Word]":
        """Return cells as a column."""
        places = {word: place for place, word in enumerate(dict.fromkeys(cells))}
        return cls(list(places), np.fromiter(map(places.__getitem__, cells), "int32", len(cells)))

    @classmethod
    def alike(cls, word: Word, n: int) -> "Coded[Word]":
        """Return a column of one word."""
        return cls([word], np.zeros(n, "int32"))

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Word]:
        return map(self.words.__getitem__, self.codes.tolist())

    def __getitem__(self, row: int) -> Word:  # type: ignore[override]
        return self.words[int(self.codes[row])]

    @property
    def distinct(self) -> list[Word]:
        """The words that stand in a row, in the order in which they do first."""
        return [self.words[place] for place in pd.unique(self.codes).tolist()]

    @property
    def counts(self) -> Counter[Word]:
        """In how many rows each word stands."""
        counts = np.bincount(self.codes, minlength=len(self.words)).tolist()
        return Counter({word: n for word, n in zip(self.words, counts, strict=True) if n})

    def map(self, meaning: Callable[[Word], Other]) -> "Coded[Other]":
        """Return what each row's word means."""
        meant: dict[Other, int] = {}
        codes = np.zeros(len(self.words), "int32")
        for place in np.flatnonzero(np.bincount(self.codes)).tolist():
            codes[place] = meant.setdefault(meaning(self.words[place]), len(meant))
        return Coded(list(meant), codes[self.codes])

    def which(self, is_meant: Callable[[Word], object]) -> np.ndarray:
        """Return whether each row's word is meant."""
        found = self.map(lambda word: bool(is_meant(word)))
        return np.asarray(np.array([*found.words, False])[found.codes])

    def take(self, rows: np.ndarray) -> "Coded[Word]":
        """Return some rows, by their places or by whether they are wanted."""
        return Coded(self.words, self.codes[rows])

    def where(self, is_own: np.ndarray, other: "Coded[Word]") -> "Coded[Word]":
        """Return its own cells there, and those of another column elsewhere."""
        both = together([self, other])
        return Coded(both.words, np.where(is_own, both.codes[: len(self)], both.codes[len(self) :]))

    def changed(self, cells: Mapping[int, Word]) -> "Coded[Word]":
        """Return the column with other cells in some rows."""
        if not cells:
            return self
        places = {word: place for place, word in enumerate(self.words)}
        codes = self.codes.copy()
        for row, word in cells.items():
            codes[row] = places.setdefault(word, len(places))
        return Coded(list(places), codes)

    def series(self) -> pd.Series:
        """Return the column as one of a table, all text."""
        words = pd.Series([str(word) for word in self.words], dtype="str")
        return words.take(self.codes).reset_index(drop=True)


def together(columns: Sequence[Coded[Word]]) -> Coded[Word]:
    """Return columns below each other."""
    if len(columns) == 1:
        return columns[0]
    places: dict[Word, int] = {}
    codes = [
        np.array([places.setdefault(word, len(places)) for word in each.words], "int32")[each.codes]
        for each in columns
    ]
    return Coded(list(places), np.concatenate(codes))


def by_row(columns: Sequence[Coded[Word]]) -> Coded[Word]:
    """Return the cells of columns of one length row by row."""
    below = together(columns)
    return Coded(below.words, below.codes.reshape(len(columns), -1).T.ravel())


def numbers(columns: Sequence[Coded[Word]]) -> np.ndarray:
    """Return a number for each row: two rows have one where all their cells are the same."""
    number = np.zeros(len(columns[0]), "int64")
    for each in columns:
        number = number * len(each.words) + each.codes
    return number


def side_by_side(columns: Sequence[Coded[Word]]) -> dict[tuple[Word, ...], int]:
    """Return in how many rows the words of columns stand side by side."""
    counts = np.bincount(numbers(columns))
    found = np.flatnonzero(counts)
    places = np.unravel_index(found, [len(each.words) for each in columns])
    words = [[each.words[place] for place in own.tolist()] for each, own in zip(columns, places, strict=True)]
    return dict(zip(zip(*words, strict=True), counts[found].tolist(), strict=True))
