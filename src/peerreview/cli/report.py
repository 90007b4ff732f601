"""The command ``report``: a review's folder to one document."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.cli.outputs import put, tell
from peerreview.errors import InputError, UsageError
from peerreview.tables.once import keeping_tables

FORMATS = (".html", ".docx", ".md")


@keeping_tables()
def report(
    folder: Annotated[Path, typer.Argument(help="The review's folder.")] = Path(),
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help=f"File to write: {', '.join(FORMATS)}; - for standard output."),
    ] = Path("report.html"),
    quiet: Quiet = False,
) -> None:
    """Write methods, flow, tables and figures as one."""
    from peerreview.cli.proving import prove_report
    from peerreview.cli.sections import read_sections
    from peerreview.render import report as render
    from peerreview.render import seals
    from peerreview.review import Review
    from peerreview.tables import STREAM

    # A stream takes HTML, which holds its figures.
    suffix = ".html" if output == STREAM else output.suffix.lower()
    if suffix not in FORMATS:
        raise UsageError(f"{output}: a report is written as {', '.join(FORMATS)}; name such a file")
    review = Review(folder)
    laid_down = review.protocol()
    with console.working("reading the review"):
        sections = read_sections(review, laid_down)
    if not sections:
        tell(review)
        raise InputError("holds no table of a review; name the review's folder", path=folder)
    with console.working("writing the report"):
        parts = render.write(sections, laid_down.title or "Systematic review", output.stem, suffix)
        beside = [(output.with_name(f"{output.stem}{end}"), part) for end, part in parts[:-1]]
        sealed = seals.put(parts[-1][1], suffix, prove_report(review, sections))
        put(review, [*beside, (output, sealed)])
