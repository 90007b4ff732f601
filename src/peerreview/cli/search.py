"""The command ``search``: saved search histories read, checked, and written as an appendix."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Quiet, Records, Sources
from peerreview.cli.outputs import FORMATS, put, put_sheets, tell
from peerreview.errors import InputError, InputErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from peerreview.library.strategies import Searches
    from peerreview.paper.sheets import Sheet


def search(
    strategies: Annotated[
        list[Path] | None,
        typer.Argument(help="Saved search histories; strategies/* where none are named.", show_default=False),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help=f"File to write: {', '.join(FORMATS)}, .json; - for standard output."
        ),
    ] = Path("search.md"),
    sources: Sources = None,
    records: Records = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a search contradicts itself.")
    ] = False,
    diff: Annotated[
        Path | None,
        typer.Option("--diff", help="The same search as it was run before: write what changed since."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Check search strategies and write them as an appendix."""
    from peerreview.cli.searching import read_all, sheets, tables_of
    from peerreview.review import Review

    review = Review.around(sources, records)
    with console.working("reading the searches"):
        found = read_all(review, strategies)
        before = read_all(review, [diff]) if diff else None
    if before is not None:
        put_sheets(review, _changes(before, found), output)
        return
    wrong = [row for row in tables.rows(found.checked) if row["severity"] == "error"]
    for said in _told(row for row in tables.rows(found.checked) if not check or row not in wrong):
        review.remark(said)
    if check:
        tell(review)
        if wrong:
            raise InputErrors([_fault(row) for row in wrong])
        return
    if output.suffix.lower() in (".csv", ".json"):
        put(review, tables_of(found, output))
    else:
        put_sheets(review, sheets(review, found), output, others=(".json",))


def _told(rows: "Iterable[dict[str, str]]") -> "Iterator[str]":
    """Yield what checks found, the same of several lines of a search once."""
    same: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        same.setdefault((row["file"], row["message"]), []).append(row)
    for first, *others in same.values():
        listed = ", ".join(row["number"] for row in others)
        also = f" (also line{'s' * (len(others) > 1)} {listed})" if others else ""
        yield f"{'error: ' * (first['severity'] == 'error')}{_fault(first)}{also}"


def _changes(before: "Searches", after: "Searches") -> "list[Sheet]":
    """Return what changed in each search, compared with the one of its source and platform before."""
    from peerreview.flow.strategies.changes import compare
    from peerreview.paper.sheets.strategies import changes

    sheets = []
    for file, of_file in after.by_file():
        others = [
            other for other, lines in before.by_file() if before.is_of(other, lines, after, file, of_file)
        ]
        if len(others) != 1:
            listed = " or ".join(others) or "none"
            raise InputError(f"which search was it before, {listed}? Name one file each", path=file)
        old = dict(before.by_file())[others[0]]
        made_up = any(tables.is_synthetic(row, "records") for row in after.rows[file])
        title = f"{file}, compared with {others[0]}"
        sheets.append(changes(title, compare(old, of_file), synthetic=made_up))
    return sheets


def _fault(row: dict[str, str]) -> InputError:
    return InputError(f"line {row['number']}: {row['message']}", path=row["file"], line=int(row["line"]))
