"""The command ``export``: records to a file for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview import tables
from peerreview.cli.console import remark, working
from peerreview.cli.options import Quiet, a_table
from peerreview.cli.outputs import put
from peerreview.errors import UsageError

WRITERS = {
    ".ris": "ris",
    ".bib": "bibtex",
    ".json": "csl",
    ".xml": "endnote_xml",
    ".nbib": "nbib",
}
"""What a suffix stands for; ``.csv`` is a table."""


def export(
    records: Annotated[Path | None, a_table("Records to write.", tables.UNIQUE)] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help=f"File to write: {', '.join(WRITERS)}, .csv; - for standard output, as RIS.",
        ),
    ] = Path("unique.ris"),
    quiet: Quiet = False,
) -> None:
    """Write records for other tools."""
    from peerreview.imports.formats import registry
    from peerreview.imports.records import to_spreadsheet
    from peerreview.review import Review
    from peerreview.tables import STREAM

    suffix = ".ris" if output == STREAM else output.suffix.lower()
    if suffix != ".csv" and suffix not in WRITERS:
        message = f"{output}: suffix {suffix!r} is not one of {', '.join([*WRITERS, '.csv'])}"
        raise UsageError(message)
    review = Review.around(records)
    review.keep_apart(output)
    # Records as imported are written as well as those to screen.
    found = review.read(tables.UNIQUE, records, rules=tables.RECORDS)
    for name in sorted(set(found["source_file"])):
        review.note(Path(name), told=False)
    with working("Writing records"):
        if suffix == ".csv":
            put(review, [(output, to_spreadsheet(found))])
        else:
            put(review, [(output, registry.load_writer(WRITERS[suffix]).write(found))])
    remark(f"{output}: {len(found):,} records")
