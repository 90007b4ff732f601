"""What ``prisma --ledger`` does: a living review's versions, and where they differ from what was written."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.inputs import read_amended
from peerreview.cli.outputs import as_json as to_json
from peerreview.cli.outputs import put, tell, written
from peerreview.errors import InputError, InputErrors, UnfinishedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.flow.labels import Labels
    from peerreview.flow.ledger import Ledger
    from peerreview.flow.proofs import Proof
    from peerreview.paper.figures import Diagram
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


@dataclass(frozen=True)
class Drawing:
    """
    A ledger, and what its formats need beside it.

    ``frames`` are the review's tables, by name: a page lists the records
    behind each number. ``draw`` lays out the figure once that is asked for;
    ``fonts`` are those chosen for pictures, by style; ``proof`` is what the
    numbers rest on.
    """

    ledger: "Ledger"
    labels: "Labels"
    frames: "Mapping[str, pd.DataFrame]"
    draw: "Callable[[], Diagram]"
    dpi: int = 300
    fonts: "Mapping[str, Path] | None" = None
    proof: "Proof | None" = None

    def written(self, path: "Path") -> "list[tuple[Path, str | bytes]]":
        """
        Return what to write, and where: in the format of a file's suffix.

        Raises
        ------
        UsageError
            For a suffix that it is not written in.
        """
        from peerreview.flow.ledger import to_json as plain
        from peerreview.flow.page import list_versions
        from peerreview.flow.proofs import to_data
        from peerreview.paper.sheets.ledger import versions
        from peerreview.render import pdf, png, seals, svg

        said = to_data(self.proof) if self.proof else None

        def page() -> str:
            listed = self.frames[tables.RECORDS.name], self.frames[tables.DUPLICATES.name]
            return svg.page(self.draw(), list_versions(self.ledger, *listed, self.labels))

        writers: dict[str, Callable[[], str | bytes]] = {
            ".svg": lambda: svg.draw(self.draw()),
            ".html": page,
            ".pdf": lambda: pdf.draw(self.draw(), chosen=self.fonts, proof=said),
            ".png": lambda: png.draw(self.draw(), dpi=self.dpi, chosen=self.fonts),
            ".json": lambda: to_json(plain(self.ledger)),
        }
        suffix = path.suffix.lower()
        if suffix in writers:
            contents = [(path, writers[suffix]())]
        else:
            contents = written([versions(self.ledger, self.labels)], path, others=tuple(writers))
        return [(each, seals.put(content, suffix, said) if said else content) for each, content in contents]


def write(
    review: "Review",
    drawing: Drawing,
    outputs: "Sequence[Path]",
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
    ledger = drawing.ledger
    if ledger.failing and not allow_inconsistent:
        tell(review)
        raise InputErrors(list(map(InputError, ledger.failing)))
    for each in differing:
        review.remark(f"{each}; it was written of other tables")
    if ledger.still_open:
        review.remark(f"the review is not finished: {'; '.join(ledger.still_open)}; a draft")
    put(review, [each for path in reversed(outputs) for each in drawing.written(path)])
