"""What ``prisma --ledger`` does: a living review's versions, and where they differ from what was written."""

from typing import TYPE_CHECKING

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.inputs import read_amended
from peerreview.cli.outputs import as_json as to_json
from peerreview.cli.outputs import put, tell, written
from peerreview.errors import InputError, InputErrors, UnfinishedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.flow.labels import Labels
    from peerreview.flow.ledger import Ledger
    from peerreview.review import Protocol, Review


def count_ledger(frames: "Mapping[str, pd.DataFrame]", laid_down: "Protocol") -> "Ledger":
    """Return the ledger counted from a review's tables, by name; what is not there is not counted from."""
    from peerreview.flow.ledger import count_versions

    return count_versions(
        frames[tables.RECORDS.name],
        frames[tables.DUPLICATES.name],
        frames[tables.SCREENING.name],
        reports=frames.get(tables.REPORTS.name),
        studies=frames.get(tables.STUDIES.name),
        sources=frames.get(tables.SOURCES.name),
        amended=read_amended(frames),
        reasons=laid_down.reasons,
        elsewhere=laid_down.elsewhere,
        libraries=laid_down.libraries,
    )


def compare_with(ledger: "Ledger", recorded: "Sequence[tuple[Path, Flow]]") -> list[InputError]:
    """Return where the tables now say otherwise of earlier versions than what was written of them then."""
    from peerreview.flow.ledger import differences

    found = []
    for path, flow in recorded:
        try:
            number, said = differences(ledger, flow)
        except InputError as error:
            raise InputError(error.message, path=path) from error
        found += [InputError(f"version {number}: {each}", path=path) for each in said]
    return found


def say(ledger: "Ledger", differing: "Sequence[InputError]") -> None:
    """
    Print whether each sum of each version holds, of those that it has the numbers for.

    Raises
    ------
    InputErrors
        Where a sum does not hold, or a version is no longer what was written of it.
    UnfinishedError
        Where something is still open.
    """
    for number, verdict in ledger.all_verdicts:
        if verdict.status == "cannot be checked":
            continue
        typer.echo(console.shown(f"version {number}: {verdict}" if number else str(verdict)))
    if ledger.failing or differing:
        raise InputErrors([*map(InputError, ledger.failing), *differing])
    if ledger.still_open:
        raise UnfinishedError(f"the review is not finished: {'; '.join(ledger.still_open)}")


def write(
    review: "Review",
    ledger: "Ledger",
    outputs: "Sequence[Path]",
    labels: "Labels",
    *,
    differing: "Sequence[InputError]" = (),
    allow_inconsistent: bool = False,
) -> None:
    """
    Write a ledger in the format of each output's suffix, the first one last.

    Raises
    ------
    InputErrors
        Where a sum does not hold.
    UsageError
        For a suffix that it is not written in.
    """
    from peerreview.paper.sheets.ledger import versions

    if ledger.failing and not allow_inconsistent:
        tell(review)
        raise InputErrors(list(map(InputError, ledger.failing)))
    for each in differing:
        review.remark(f"{each}; it was written of other tables")
    if ledger.still_open:
        review.remark(f"the review is not finished: {'; '.join(ledger.still_open)}; a draft")
    sheet = versions(ledger, labels)
    contents: list[tuple[Path, str | bytes]] = []
    for path in reversed(outputs):
        if path.suffix.lower() == ".json":
            from peerreview.flow.ledger import to_json as plain

            contents.append((path, to_json(plain(ledger))))
        else:
            contents += written([sheet], path, others=(".json",))
    put(review, contents)
