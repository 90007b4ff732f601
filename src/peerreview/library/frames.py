"""Frames at the door of the public functions, in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from peerreview import tables
from peerreview.tables.fitting import fit

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.library.results import Duplicates
    from peerreview.tables import Table


def bare(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Return a frame that carries nothing but its cells.

    Parameters
    ----------
    frame : any.
    """
    alone = frame.copy(deep=False)
    alone.attrs = {}
    return alone


@overload
def fit_optional(frame: None, table: Table) -> None: ...
@overload
def fit_optional(frame: pd.DataFrame | None, table: Table) -> pd.DataFrame | None: ...
def fit_optional(frame: pd.DataFrame | None, table: Table) -> pd.DataFrame | None:
    """
    Return a frame as a table, or None where there is none.

    Parameters
    ----------
    frame : the table's columns, as ``tables.fitting`` makes them fit.
    table : its rules.
    """
    return None if frame is None else fit(frame, table)


def pairs_of(duplicates: Duplicates | pd.DataFrame) -> pd.DataFrame:
    """
    Return the pairs that were judged as a table: ``record_id, duplicate_of, verdict``.

    Parameters
    ----------
    duplicates : what ``find_duplicates`` returned, or ``record_id, duplicate_of, verdict``.
    """
    from peerreview.library import results

    pairs = duplicates.pairs if isinstance(duplicates, results.Duplicates) else duplicates
    return fit(pairs, tables.DUPLICATES)
