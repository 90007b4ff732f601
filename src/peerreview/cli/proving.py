"""A flow counted from the tables in a review's folder, and what its numbers rest on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import __version__, tables
from peerreview.cli.inputs import count_flow
from peerreview.errors import InputError
from peerreview.review import COUNTED, PROTOCOL, VOTES, name_of

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.flow.proofs import Proof, TableProof
    from peerreview.review import Review

_LARGE = 100_000_000
"""Bytes of a file beside the counted tables of which only the whole is hashed, not each row."""


@dataclass(frozen=True)
class Counted:
    """A flow counted from a review's tables: ``named`` by option, else those that lie there."""

    review: "Review"
    named: Mapping[str, Path | None]
    flow: "Flow"
    frames: "Mapping[str, pd.DataFrame]"
    protocol: Path | None = None
    previous: Path | None = None
    zeros: bool = False

    @cached_property
    def proof(self) -> "Proof":
        """What the flow's numbers rest on."""
        from peerreview.flow.proofs import prove

        return prove(
            self.flow,
            self.frames,
            __version__,
            prove_counted(self.review, self.named, self.frames, self.protocol),
            beside=prove_beside(self.review),
            previous=_digest(self.previous) if self.previous else "",
            zeros=self.zeros,
        )


def count(
    review: "Review",
    named: Mapping[str, Path | None],
    protocol: Path | None = None,
    previous: Path | None = None,
    *,
    show_zero: bool = False,
) -> Counted:
    """
    Return the flow counted from the review's tables, with the hashes of those.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview.library.flows import plugins_in_force

    found = read_counted(review, named)
    laid_down = review.protocol(protocol)
    flow = count_flow(
        found,
        lambda table: table.name in found,
        laid_down,
        previous=None if previous is None else read_flow(previous),
        show_zero=show_zero,
    )
    paths = paths_counted(review, named)
    hashes = {name: _digest(path) for name, path in paths.items()}
    flow = replace(flow, inputs=hashes, plugins=plugins_in_force())
    return Counted(review, named, flow, found, protocol, previous, zeros=show_zero)


def read_counted(review: "Review", named: Mapping[str, Path | None]) -> "dict[str, pd.DataFrame]":
    """Return the tables that a flow is counted from, by name; those that are not there are left out."""
    others = (
        (tables.DUPLICATES, "no duplicate is counted"),
        (tables.SCREENING, "no record is counted as screened"),
        (tables.REPORTS, ""),
        (tables.STUDIES, ""),
        (tables.SOURCES, ""),
        (tables.CHANGES, ""),
    )
    found = {tables.RECORDS.name: review.read(tables.RECORDS, named.get(tables.RECORDS.name))}
    for table, without in others:
        frame = review.read_optional(table, named.get(table.name), without=without)
        if without or review.has(table, named.get(table.name)):
            found[table.name] = frame
    return found


def read_flow(path: Path) -> "Flow":
    """
    Return a flow from a file of typed numbers, or of what ``prisma`` wrote, in any table's format.

    Raises
    ------
    InputError
        With the file.
    """
    from peerreview.flow import exchange
    from peerreview.tables import reading

    suffix = path.suffix.lower()
    is_table = suffix in (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".parquet")
    try:
        typed = (
            exchange.from_table(reading.read_raw(path))
            if is_table
            else exchange.read(reading.read_text(path), suffix)
        )
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error
    if all(box.n is None for box in typed.boxes.values()):
        message = "holds no count; a box and its number, as in screened = 120"
        raise InputError(message, path=path)
    return typed


def paths_counted(review: "Review", named: Mapping[str, Path | None]) -> dict[str, Path]:
    """Return where the tables lie that a flow is counted from, by name."""
    return {
        table.name: review.path(table, named.get(table.name))
        for table in COUNTED
        if review.has(table, named.get(table.name))
    }


def prove_counted(
    review: "Review",
    named: Mapping[str, Path | None],
    frames: "Mapping[str, pd.DataFrame]",
    protocol: Path | None = None,
) -> "dict[str, TableProof]":
    """Return the proofs of the tables that a flow is counted from and of the protocol, by file."""
    from peerreview.flow.proofs import prove_table

    found = {
        f"{name}.csv": prove_table(_digest(path), frames[name])
        for name, path in paths_counted(review, named).items()
    }
    path, _ = review.settings(protocol)
    return found | ({PROTOCOL: prove_table(_digest(path))} if path else {})


def prove_beside(review: "Review") -> "dict[str, TableProof]":
    """Return the proofs of what else lies in the review's folder: exports, votes, other tables."""
    from peerreview.flow.proofs import prove_table

    found = {}
    for name, path in files_beside(review).items():
        is_table = path.suffix == ".csv" and not name.startswith("exports/")
        table = _read(path) if is_table and path.stat().st_size < _LARGE else None
        found[name] = prove_table(_digest(path), table)
    return found


def files_beside(review: "Review") -> dict[str, Path]:
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


def is_proof_of(
    review: "Review",
    frames: "Mapping[str, pd.DataFrame]",
    hashes: Mapping[str, str],
    written: Mapping[str, str],
    said: Mapping[str, Any],
    flow: "Flow",
) -> bool:
    """
    Return whether a proof is what would be written of a flow now; of any version and any plug-ins.

    Parameters
    ----------
    frames : the tables that it is counted from, by name.
    hashes : of their files.
    written : hashes of the tables that commands would write now, by name.
    said : the proof, as JSON says it.
    flow : as it is counted now.
    """
    from peerreview.flow.proofs import TableProof, from_data, prove

    then = from_data(said)
    laid_down, _ = review.settings()
    files = {f"{name}.csv": digest for name, digest in hashes.items()}
    files |= {PROTOCOL: _digest(laid_down)} if laid_down else {}
    beside = {
        name: written.get(name.removesuffix(".csv")) or _digest(path)
        for name, path in (files_beside(review) if then.beside else {}).items()
    }
    now = prove(flow, frames, then.version, {name: TableProof(digest) for name, digest in files.items()})
    return (
        dict(now.boxes) == dict(then.boxes)
        and files == {name: each.sha256 for name, each in then.tables.items()}
        and beside == {name: each.sha256 for name, each in then.beside.items()}
    )


def _within(folder: Path, suffix: str) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            path
            for path in folder.iterdir()
            if not path.name.startswith(".") and path.name.endswith(suffix) and path.name != "README.md"
        )


def _read(path: Path) -> "pd.DataFrame | None":
    from peerreview.tables import reading

    try:
        return reading.read_raw(path)
    except InputError:
        return None


def _digest(path: Path) -> str:
    from peerreview.tables import reading

    return "-" if path == tables.STREAM else reading.digest(path)
