"""The command ``search``: saved search histories read, checked, and written as an appendix."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Quiet, Records, Sources
from peerreview.cli.outputs import put, tell, written
from peerreview.errors import InputError, InputErrors, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from peerreview.review import Review

SEARCHES = Path("strategies")
"""The folder of the saved searches, a file per source."""


def search(
    strategies: Annotated[
        list[Path] | None,
        typer.Argument(help="Saved search histories; strategies/* where none are named.", show_default=False),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="File to write: .md, .html, .tex, .csv, .docx, .xlsx, .json; - for standard output.",
        ),
    ] = Path("search.md"),
    sources: Sources = None,
    records: Records = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a search contradicts itself.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Check search strategies and write them as an appendix."""
    from peerreview.flow.strategies.arithmetic import check as check_numbers
    from peerreview.imports.strategies import reading, registry
    from peerreview.paper.sheets import strategies as stage
    from peerreview.review import Review

    review = Review.around(sources, records)
    files = _files(review, strategies)
    with console.working("reading the searches"):
        found = reading.read(_contents(files))
        platforms = {each.NAME: each for each in registry.known()}
        inexact = {name: each.SYNTAX.inexact for name, each in platforms.items()}
        checked = check_numbers(found.lines, inexact)
    for said in found.remarks:
        review.remark(said)
    _tell(checked)
    if check:
        tell(review)
        wrong = checked[checked["severity"] == "error"]
        if len(wrong):
            raise InputErrors([_fault(row) for row in tables.rows(wrong)])
        return
    titles = {name: each.TITLE for name, each in platforms.items()}
    sheets = [stage.checks(checked), *stage.appendix(found.lines, {}, titles)]
    put(review, written(sheets, output, others=(".json",)))


def _files(review: "Review", named: "Sequence[Path] | None") -> list[Path]:
    """Return the saved searches: those named, all of a folder named, else those of the review's folder."""
    asked = list(named or [review.folders[0] / SEARCHES])
    found: list[Path] = []
    for path in asked:
        if path.is_dir():
            listed = sorted(each for each in path.glob("*") if each.is_file())
            found += [each for each in listed if each.name[0] != "." and each.stem.upper() != "README"]
        elif path == SEARCHES / "*":
            raise InputError("no search histories; put them there, a file per source", path=SEARCHES)
        else:
            found.append(review.path("", path))
    if not found:
        raise InputError("no search histories; put them there, a file per source", path=asked[0])
    review.note_named(*found)
    return found


def _contents(files: "Sequence[Path]") -> dict[str, bytes]:
    from peerreview.tables import reading

    return {path.as_posix(): reading.read_bytes(path) for path in files}


def _fault(row: dict[str, str]) -> InputError:
    return InputError(f"line {row['number']}: {row['message']}", path=row["file"], line=int(row["line"]))


def _tell(checked: "pd.DataFrame") -> None:
    for row in tables.rows(checked):
        console.remark(
            at(row["file"], int(row["line"]), f"{row['severity']}: line {row['number']}: {row['message']}")
        )
