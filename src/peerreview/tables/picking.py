"""Some rows of a large table by their places, and all of it with others; of parquet, never all at once."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from peerreview.tables import frames, parquet, reading, splicing, writing
from peerreview.tables.schema import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt


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

    def read(self, places: "npt.NDArray[np.int64]") -> pd.DataFrame:
        """Return what ``take`` does, of many rows that are not asked for again."""
        if not self._is_parquet:
            return self.take(places)
        return frames.check(parquet.rows(self._path, places), self._table)

    def amended(self, pieces: "Iterable[splicing.Piece]", output: Path) -> "Iterator[bytes]":
        """
        Return the table with other rows among its own as the bytes of a file, some at a time.

        Parameters
        ----------
        pieces : of this table, at least one.
        output : the file.

        Raises
        ------
        InputError, InputErrors
            With file and line, or row, of each fault.
        """
        if self._is_parquet and output.suffix == ".parquet":
            return splicing.spliced(self._path, pieces, self.take, self.read)
        return writing.in_parts((piece.frame(self.read) for piece in pieces), output)
