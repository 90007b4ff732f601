"""A review's folder for a notebook: its tables as frames, its protocol, its flow."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import review, tables
from peerreview.errors import UsageError
from peerreview.library.flows import derive_flow
from peerreview.library.frames import bare
from peerreview.library.proving import prove_flow
from peerreview.tables import Table, reading, writing
from peerreview.tables.fitting import fit

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.library.results import Flow
    from peerreview.protocol import Protocol

TABLES = {table.name: table for table in vars(tables).values() if isinstance(table, Table)}
"""Every table of a review, by its name; ``decisions`` are the votes of all files."""


class Review:
    """
    A review's folder: its tables as frames of text, checked with file and line.

    Parameters
    ----------
    folder : where ``records.csv``, ``peerreview.toml`` and the others lie; the working folder if not named.
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.folder = Path(folder)
        self._review = review.Review(self.folder)

    def __repr__(self) -> str:
        return f"Review({str(self.folder)!r})"

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that are there; ``decisions`` where there are votes."""
        there = [name for name, table in TABLES.items() if table is not tables.VOTES and self.has(name)]
        return (*there, *(["decisions"] if self.has("decisions") else []))

    @cached_property
    def protocol(self) -> Protocol:
        """What ``peerreview.toml`` lays down; the default where there is none."""
        return self._review.protocol()

    def has(self, name: str) -> bool:
        """Return whether there is such a table."""
        if _named(name) is tables.VOTES:
            return bool(self._review.vote_files(None, may_be_none=True))
        return self._review.has(_named(name))

    def read(self, name: str) -> pd.DataFrame:
        """
        Return a table by its name (``records``, ``studies``, ``decisions``): its columns first, all text.

        Raises
        ------
        InputError, InputErrors
            Where it is not there, or with file and line of each fault.
        UsageError
            For a name that no table has.
        """
        table = _named(name)
        if table is tables.VOTES:
            frame = self._review.read_votes(self._review.vote_files(None))
        else:
            frame = reading.read(self._review.path(table), table)
        return bare(frame)

    def write(self, name: str, frame: pd.DataFrame) -> Path:
        """
        Write a frame as a table of the review, once it fits, whole or not at all; return where.

        Parameters
        ----------
        name : of the table.
        frame : its columns, as ``tables.fitting`` makes them fit.

        Raises
        ------
        InputErrors
            Where the frame does not fit, by row and column.
        UsageError
            For a name that no table has; votes are written as files of their own.
        """
        table = _named(name)
        if table is tables.VOTES:
            raise UsageError(
                "votes lie in files of their own; frame.to_csv('decisions/NAME.csv', index=False)"
            )
        path = self.folder / review.name_of(table)
        writing.write(fit(frame, table), path)
        return path

    def flow(self, *, show_zero: bool = False) -> Flow:
        """
        Return the flow counted from the review's tables, as ``prisma`` counts it.

        Raises
        ------
        InputErrors
            Where a sum does not hold, and with file and line of what is wrong in a table.
        """
        read = {table.name: self.read(table.name) for table in review.COUNTED if self.has(table.name)}
        found = derive_flow(
            self.read("records"),
            read.get("duplicates"),
            read.get("screening"),
            reports=read.get("reports"),
            studies=read.get("studies"),
            sources=read.get("sources"),
            changes=read.get("changes"),
            protocol=self.protocol,
            show_zero=show_zero,
        )
        hashes = {name: reading.digest(self._review.path(TABLES[name])) for name in read}
        counted = replace(found.counted, inputs=hashes)
        # Where there are none, the command counts from an empty table.
        frames = {"duplicates": found.duplicates, "screening": tables.empty(tables.SCREENING), **read}
        proof = prove_flow(self._review, {}, frames, counted, zeros=show_zero)
        return replace(found, counted=counted, proof=proof)


def _named(name: str) -> Table:
    if name not in TABLES:
        raise UsageError(f"no table is called {name!r}; tables are {', '.join(sorted(TABLES))}")
    return TABLES[name]
