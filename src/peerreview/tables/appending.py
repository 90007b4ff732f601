"""Rows below people's tables: read again and written under a lock, so that two people lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview.tables import locking, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from peerreview.tables.schema import Table


def append(
    path: Path, rows: pd.DataFrame, table: Table, *, waiting: Callable[[Path], None] | None = None
) -> None:
    """
    Write rows below those that stand in a table of people's now, whatever stood there a moment ago.

    The file is read again and replaced whole while nobody else can write
    it: whoever is killed in the middle leaves it as it was, and so does a
    full disk; no line is ever half there. Its encoding, delimiter, line
    ends, columns and mode stay, and a link stays a link.

    Parameters
    ----------
    path : the table's file; made where there is none.
    rows : the table's columns, all text.
    table : its rules.
    waiting : told once where another process holds the file.

    Raises
    ------
    InputError, InputErrors
        Where it cannot be read or written; then it has not changed.
    """
    with locking.alone(path, waiting=waiting):
        writing.write(writing.appended(path, rows, table), path)
