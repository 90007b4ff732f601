"""What the numbers of a flow rest on, from the files in a review's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview import __version__, tables
from peerreview.errors import InputError
from peerreview.review import COUNTED, PROTOCOL, VOTES, name_of
from peerreview.tables import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.flow.ledger import Ledger
    from peerreview.flow.proofs import Proof, TableProof
    from peerreview.review import Review

_LARGE = 100_000_000
"""Bytes of a file beside the counted tables of which only the whole is hashed, not each row."""


def prove_flow(
    review: Review,
    named: Mapping[str, Path | None],
    frames: Mapping[str, pd.DataFrame],
    counted: Flow | Ledger,
    *,
    protocol: Path | None = None,
    previous: Path | None = None,
    zeros: bool = False,
) -> Proof:
    """
    Return what the numbers of a flow, or of a ledger, rest on.

    Parameters
    ----------
    frames : the tables that it was counted from, by name: those ``named``, else those that lie there.
    """
    from peerreview.flow.proofs import prove
    from peerreview.library.flows import plugins_in_force

    return prove(
        counted,
        frames,
        __version__,
        prove_counted(review, named, frames, protocol),
        beside=prove_beside(review),
        previous=digest(previous) if previous else "",
        zeros=zeros,
        plugins=plugins_in_force(),
    )


def paths_counted(review: Review, named: Mapping[str, Path | None]) -> dict[str, Path]:
    """Return where the tables lie that a flow is counted from, by name."""
    return {
        table.name: review.path(table, named.get(table.name))
        for table in COUNTED
        if review.has(table, named.get(table.name))
    }


def prove_counted(
    review: Review,
    named: Mapping[str, Path | None],
    frames: Mapping[str, pd.DataFrame],
    protocol: Path | None = None,
) -> dict[str, TableProof]:
    """
    Return the proofs of the tables that a flow is counted from and of the protocol, by file.

    Parameters
    ----------
    frames : these tables, by name.
    """
    from peerreview.flow.proofs import prove_table

    found = {
        f"{name}.csv": prove_table(digest(path), frames[name])
        for name, path in paths_counted(review, named).items()
    }
    path, _ = review.settings(protocol)
    return found | ({PROTOCOL: prove_table(digest(path))} if path else {})


def prove_beside(review: Review) -> dict[str, TableProof]:
    """Return the proofs of what else lies in the review's folder: exports, votes, other tables."""
    from peerreview.flow.proofs import prove_table

    found = {}
    for name, path in files_beside(review).items():
        is_table = path.suffix == ".csv" and not name.startswith("exports/")
        table = _read(path) if is_table and path.stat().st_size < _LARGE else None
        found[name] = prove_table(digest(path), table)
    return found


def files_beside(review: Review) -> dict[str, Path]:
    """Return exports, votes and tables of a review that no box is counted from as they stand, by name."""
    folder = review.folders[0]
    names = {name_of(each) for each in vars(tables).values() if isinstance(each, tables.Table)}
    names -= {name_of(table) for table in COUNTED}
    return {
        path.relative_to(folder).as_posix(): path
        for path in (
            *(folder / name for name in sorted(names)),
            *_within(folder / VOTES, ".csv"),
            *_within(folder / "exports", ""),
        )
        if path.is_file()
    }


def _within(folder: Path, suffix: str) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            path
            for path in folder.iterdir()
            if not path.name.startswith(".") and path.name.endswith(suffix) and path.name != "README.md"
        )


def _read(path: Path) -> pd.DataFrame | None:
    try:
        return reading.read_raw(path)
    except InputError:
        return None


def digest(path: Path) -> str:
    """Return the SHA-256 of a file; - for standard input, which is read but once."""
    return "-" if path == tables.STREAM else reading.digest(path)
