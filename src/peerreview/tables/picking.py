"""Some rows of a large table by their places, and all of them in parts: of parquet, never all in memory."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview.tables import frames, parquet, reading
from peerreview.tables.schema import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

AT_ONCE = 50_000
"""Rows in a part."""


class Picking:
    """A file of a table, from which rows are taken."""

    def __init__(self, path: Path, table: Table) -> None:
        self._path, self._table = path, table
        self._is_parquet = path.suffix.lower() == ".parquet"

    @cached_property
    def _whole(self) -> "pd.DataFrame":
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

    def take(self, places: "npt.NDArray[np.int64]") -> "pd.DataFrame":
        """
        Return some rows, by their places from 0 on, in order.

        Raises
        ------
        InputError, InputErrors
            With file and line, or row, of each fault.
        """
        if self._is_parquet:
            return frames.check(parquet.rows(self._path, places), self._table)
        return self._whole.iloc[places].reset_index(drop=True)
