"""Some rows of a large table by their places, and all of them in parts: of parquet, never all in memory."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from peerreview.tables import frames, parquet, reading
from peerreview.tables.schema import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

AT_ONCE = 50_000
"""Rows in a part."""


class Picking:
    """A file of a table, from which rows are taken."""

    def __init__(self, path: Path, table: Table) -> None:
        self._path, self._table = path, table
        self._is_parquet = path.suffix.lower() == ".parquet"
        self._places = np.empty(0, dtype=np.int64)
        self._taken: pd.DataFrame | None = None

    @cached_property
    def _whole(self) -> pd.DataFrame:
        return reading.read(self._path, self._table)

    def parts(self) -> "Iterator[pd.DataFrame]":
        """
        Yield all rows, some thousand at a time.

        Raises
        ------
        InputError, InputErrors
            With file and line, or row, of each fault.
        """
        if self._is_parquet:
            for part in parquet.parts(self._path, AT_ONCE):
                yield frames.check(part, self._table)
            return
        for start in range(0, max(len(self._whole), 1), AT_ONCE):
            yield self._whole.iloc[start : start + AT_ONCE].reset_index(drop=True)

    def take(self, places: "npt.NDArray[np.int64]") -> pd.DataFrame:
        """
        Return some rows, by their places from 0 on, in order; what was taken before is not read again.

        Raises
        ------
        InputError, InputErrors
            With file and line, or row, of each fault.
        """
        if not self._is_parquet:
            return self._whole.iloc[places].reset_index(drop=True)
        missing = np.setdiff1d(places, self._places)
        if len(missing) or self._taken is None:
            found = frames.check(parquet.rows(self._path, missing), self._table)
            held = found if self._taken is None else pd.concat([self._taken, found], ignore_index=True)
            places_of = np.concatenate([self._places, missing])
            order = np.argsort(places_of, kind="stable")
            self._places, self._taken = places_of[order], held.iloc[order].reset_index(drop=True)
        return self._taken.iloc[np.searchsorted(self._places, places)].reset_index(drop=True)
