"""The command ``export``: records to a file for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview import tables
from peerreview.cli.console import remark, working
from peerreview.cli.options import Quiet
from peerreview.cli.outputs import keep_apart
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
    records: Annotated[Path, typer.Argument(help="Records to write.")] = Path("unique.csv"),
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
    from peerreview.tables import reading, writing

    suffix = ".ris" if output == reading.STREAM else output.suffix.lower()
    if suffix != ".csv" and suffix not in WRITERS:
        message = f"{output}: suffix {suffix!r} is not one of {', '.join([*WRITERS, '.csv'])}"
        raise UsageError(message)
    keep_apart(output, records)
    found = reading.read(records, tables.RECORDS)
    keep_apart(output, *map(Path, sorted(set(found["source_file"]))))
    with working("Writing records"):
        if suffix == ".csv":
            writing.write(to_spreadsheet(found), output)
        else:
            writing.write(registry.load_writer(WRITERS[suffix]).write(found), output)
    remark(f"{output}: {len(found):,} records")
