"""The command ``search``: saved search histories read, checked, and written as an appendix."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Quiet, Records, Sources
from peerreview.cli.outputs import FORMATS, put, tell, written
from peerreview.errors import InputError, InputErrors

if TYPE_CHECKING:
    from peerreview.cli.searching import Searches
    from peerreview.paper.sheets import Sheet
    from peerreview.review import Review


def search(
    strategies: Annotated[
        list[Path] | None,
        typer.Argument(help="Saved search histories; strategies/* where none are named.", show_default=False),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help=f"File to write: {', '.join(FORMATS)}; - for standard output."),
    ] = Path("search.md"),
    sources: Sources = None,
    records: Records = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a search contradicts itself.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Check search strategies and write them as an appendix."""
    from peerreview.cli.searching import read_all
    from peerreview.review import Review

    review = Review.around(sources, records)
    with console.working("reading the searches"):
        found = read_all(review, strategies)
    wrong = [row for row in tables.rows(found.checked) if row["severity"] == "error"]
    for row in tables.rows(found.checked):
        if not check or row["severity"] != "error":
            review.remark(
                f"{row['severity']}: {_fault(row)}" if row["severity"] == "error" else str(_fault(row))
            )
    if check:
        tell(review)
        if wrong:
            raise InputErrors([_fault(row) for row in wrong])
        return
    if output.suffix.lower() == ".csv":
        put(review, _tables(found, output))
        return
    put(review, written(_sheets(review, found), output))


def _sheets(review: "Review", found: "Searches") -> "list[Sheet]":
    from peerreview.paper import checklist, report, searching
    from peerreview.paper.sheets.strategies import checks

    sources = review.read_optional(tables.SOURCES)
    removal = []
    if review.has(tables.UNIQUE) and review.has(tables.DUPLICATES):
        parts = (review.read_optional(each) for each in (tables.DUPLICATES, tables.OVERRIDE, tables.UNIQUE))
        removal = report.deduplication(*parts)
    told = searching.facts(sources, found.lines, found.checked, found.titles, removal)
    filled = checklist.lay_out(checklist.shipped("prisma-s"), told)
    return [found.overview(), checks(found.checked), *found.appendix(), filled]


def _tables(found: "Searches", output: Path) -> "list[tuple[Path, object]]":
    """Return the lines, and beside them what checks found: as data, for other programs."""
    beside = output.with_name(f"{output.stem}-checks.csv")
    return [(beside, found.checked), (output, found.lines)]


def _fault(row: dict[str, str]) -> InputError:
    return InputError(f"line {row['number']}: {row['message']}", path=row["file"], line=int(row["line"]))
