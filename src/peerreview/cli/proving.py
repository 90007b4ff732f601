"""A flow counted from the tables in a review's folder, and what its numbers rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.cli.inputs import count_flow, tell_of_newer_votes, tell_of_two_runs
from peerreview.errors import InputError, PeerreviewError
from peerreview.review import FLOW, PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from peerreview.flow import Flow, Interval
    from peerreview.flow.proofs import BoxProof, Proof
    from peerreview.paper.document import Section
    from peerreview.paper.sheets import Sheet
    from peerreview.review import Review


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
        from peerreview.library.proving import prove_flow

        return prove_flow(
            self.review,
            self.named,
            self.frames,
            self.flow,
            protocol=self.protocol,
            previous=self.previous,
            zeros=self.zeros,
        )


def count(
    review: "Review",
    named: Mapping[str, Path | None],
    protocol: Path | None = None,
    previous: Path | None = None,
    *,
    show_zero: bool = False,
    tell_of_votes: bool = True,
) -> Counted:
    """
    Return the flow counted from the review's tables, with the hashes of those.

    Parameters
    ----------
    tell_of_votes : where the outcomes are not what the votes add up to now, which takes settling these anew.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview.library.flows import plugins_in_force
    from peerreview.library.proving import digest, paths_counted

    found = read_counted(review, named)
    laid_down = review.protocol(protocol)
    if tell_of_votes:
        named_outcomes = named.get(tables.SCREENING.name)
        tell_of_newer_votes(review, found[tables.SCREENING.name], laid_down, named_outcomes)
    flow = count_flow(
        found,
        lambda table: table.name in found,
        laid_down,
        previous=None if previous is None else read_flow(previous),
        show_zero=show_zero,
    )
    paths = paths_counted(review, named)
    hashes = {name: digest(path) for name, path in paths.items()}
    flow = replace(flow, inputs=hashes, plugins=plugins_in_force(), intervals=intervals_of(flow, found))
    return Counted(review, named, flow, found, protocol, previous, zeros=show_zero)


def find_earlier(folder: Path, digest: str) -> Path | None:
    """Return the earlier version's flow that lies in a folder or below it, by its SHA-256; None for none."""
    from peerreview.tables import reading

    return next((path for path in sorted(folder.glob("**/*.json")) if reading.digest(path) == digest), None)


def earlier_of(folder: Path) -> Path | None:
    """Return the earlier version's flow that a folder's flow rests on; None where there is none."""
    from peerreview.cli.vouching import read_flow_of

    written = read_flow_of(folder)
    previous = written.proof.previous if written else ""
    return find_earlier(folder, previous) if previous else None


def intervals_of(flow: "Flow", frames: "Mapping[str, pd.DataFrame]") -> "dict[str, Interval]":
    """Return what the counts of a flow could still become, by the tables that it was counted from."""
    from peerreview.flow.firmness import find_intervals

    return find_intervals(
        flow, *(frames[table.name] for table in (tables.RECORDS, tables.DUPLICATES, tables.SCREENING))
    )


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
    tell_of_two_runs(review, found[tables.RECORDS.name], found[tables.DUPLICATES.name])
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


def prove_report(review: "Review", sections: "Sequence[Section]") -> dict[str, Any]:
    """Return what a report rests on: the proof of its flow, of all tables, and what it says itself."""
    from peerreview import __version__
    from peerreview.cli.vouching import read_vouched
    from peerreview.flow.proofs import Proof, to_data
    from peerreview.library.proving import prove_beside
    from peerreview.review import Review

    path = review.folders[0] / FLOW
    written = read_vouched(path) if path.exists() else None
    try:
        # The flow that the report shows, else one counted for it; what is odd about it the report has told.
        proof = written.proof if written else count(Review(review.folders[0]), {}).proof
    except PeerreviewError:
        proof = Proof(__version__, {}, {})
    whole = replace(proof, beside=prove_beside(review))
    said, sheets = sayings(sections)
    proven = prove_cells(sheets)
    return to_data(whole, whole=True) | {**proven, "says": said | proven["says"]}


def prove_sheets(review: "Review", sheets: "Sequence[Sheet]") -> dict[str, Any]:
    """
    Return what a table of the paper rests on: the files that were read for it, and its cells.

    ``made`` is the command that lays out the same without any option; blank where there is none.
    """
    from peerreview import __version__
    from peerreview.cli.laying_out import command_of
    from peerreview.flow.proofs import ABSENT, SHEETS, Proof, prove_table, to_data
    from peerreview.library.flows import plugins_in_force
    from peerreview.library.proving import digest

    folder = review.folders[0].resolve()

    def name_in(path: Path) -> str:
        inside = path.resolve().is_relative_to(folder)
        # Where else on a machine a file lay is nobody's business.
        return path.resolve().relative_to(folder).as_posix() if inside else path.name

    # What was looked for and not there has no hash: once it is there the table is another.
    files = {name_in(path): ABSENT for path in review.files_sought}
    files |= {name_in(path): prove_table(digest(path)) for path in review.files_read}
    proof = Proof(__version__, files, {}, plugins_in_force(), of=SHEETS)
    made = command_of(review.folders[0], sheets) if _size(review) < _LARGE else ""
    return to_data(proof) | {"made": made} | prove_cells({f"table {sheet.name}": sheet for sheet in sheets})


_LARGE = 100_000_000
"""Bytes of the files that a table is made of beyond which it is not laid out twice."""


def _size(review: "Review") -> int:
    return sum(path.stat().st_size for path in review.files_read if path.is_file())


def sayings(sections: "Sequence[Section]") -> "tuple[dict[str, str], dict[str, Sheet]]":
    """Return each sentence of a report, and its tables, by section and place."""
    said: dict[str, str] = {}
    sheets: dict[str, Sheet] = {}
    for section in sections:
        for number, sentence in enumerate(section.sentences, start=1):
            said[f"{section.title}, sentence {number}"] = str(sentence)
        for sheet in section.sheets:
            name = f"{section.title}, table {sheet.name}"
            alike = sum(each.startswith(name) for each in sheets)
            sheets[f"{name} {alike + 1}" if alike else name] = sheet
    return said, sheets


def prove_cells(sheets: "Mapping[str, Sheet]") -> dict[str, Any]:
    """Return what a proof has of tables, by name: a hash of each under ``says``, and its cells."""
    from peerreview.paper.sheets.kept import hash_cells, keep_cells

    return {
        "says": {name: hash_cells(sheet) for name, sheet in sheets.items()},
        "cells": {name: kept for name, sheet in sheets.items() if (kept := keep_cells(sheet))},
    }


def is_proof_of(
    review: "Review",
    hashes: Mapping[str, str],
    written: Mapping[str, str],
    said: Mapping[str, Any],
    boxes: "Callable[[], Mapping[str, BoxProof]]",
) -> bool:
    """
    Return whether a proof is what would be written now, of a flow or a ledger; of any version, any plug-ins.

    Parameters
    ----------
    hashes : of the files of the tables that it is counted from, by name.
    written : hashes of the tables that commands would write now, by name.
    said : the proof, as JSON says it.
    boxes : returns the proofs of its counts as they are now.
    """
    from peerreview.flow.proofs import from_data
    from peerreview.library.proving import digest, files_beside

    then = from_data(said)
    laid_down, _ = review.settings()
    files = {f"{name}.csv": digest for name, digest in hashes.items()}
    files |= {PROTOCOL: digest(laid_down)} if laid_down else {}
    beside = {
        name: written.get(name.removesuffix(".csv")) or digest(path)
        for name, path in (files_beside(review) if then.beside else {}).items()
    }
    return (
        files == {name: each.sha256 for name, each in then.tables.items()}
        and beside == {name: each.sha256 for name, each in then.beside.items()}
        and dict(boxes()) == dict(then.boxes)
    )
