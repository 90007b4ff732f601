"""The command ``export``: records to a file for other tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli.console import remark, working
from peerreview.cli.options import Quiet, a_table
from peerreview.cli.outputs import put
from peerreview.errors import UsageError

if TYPE_CHECKING:
    from collections import Counter

WRITERS = {
    ".ris": "ris",
    ".bib": "bibtex",
    ".json": "csl",
    ".xml": "endnote_xml",
    ".nbib": "nbib",
    ".csv": "spreadsheet",
}
"""What a suffix stands for."""
MOST_TOLD = 12
"""Names of fields without a place that are told one by one."""


def export(
    records: Annotated[Path | None, a_table("Records to write.", tables.UNIQUE)] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help=f"File to write: {', '.join(WRITERS)}; - for standard output, as RIS.",
        ),
    ] = Path("unique.ris"),
    quiet: Quiet = False,
) -> None:
    """Write records for other tools."""
    from peerreview.imports.formats import registry
    from peerreview.imports.formats.writers import meanings
    from peerreview.review import Review
    from peerreview.tables import STREAM

    suffix = ".ris" if output == STREAM else output.suffix.lower()
    if suffix not in WRITERS:
        message = f"{output}: suffix {suffix!r} is not one of {', '.join(WRITERS)}"
        raise UsageError(message)
    review = Review.around(records)
    review.keep_apart(output)
    # Records as imported are written as well as those to screen.
    found = review.read(tables.UNIQUE, records, rules=tables.RECORDS)
    for name in sorted(set(found["source_file"])):
        review.note(Path(name), told=False)
    writer = registry.load_writer(WRITERS[suffix])
    with working("Writing records"):
        left = meanings.count_left(found, writer)
        put(review, [(output, writer.write(found))])
    if left:
        remark(f"{output}: no place for {_told(left)}")
    remark(f"{output}: {len(found):,} records")


def _told(left: "Counter[str]") -> str:
    """Return the names of fields, and in how many records each stands, the most frequent first."""
    order = sorted(left, key=lambda name: (-left[name], name))
    told = ", ".join(f"{name} ({left[name]:,})" for name in order[:MOST_TOLD])
    return told if len(order) <= MOST_TOLD else f"{told} and {len(order) - MOST_TOLD:,} more fields"
