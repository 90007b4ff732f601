"""The command ``show``: one record, and the text that it came from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli.console import remark
from peerreview.cli.options import Quiet, Records
from peerreview.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def show(
    record_id: Annotated[str, typer.Argument(help="The record's id.")],
    records: Records = None,
    quiet: Quiet = False,
) -> None:
    """Print a record, where it stands and its export's text."""
    from peerreview.review import Review

    review = Review.around(records)
    path = review.path(tables.RECORDS, records)
    row = _row(review.read(tables.RECORDS, path), record_id, path)
    lines = [f"{column}: {row[column]}" for column in tables.RECORDS.columns if row[column]]
    text = _verbatim(row, path)
    if text:
        lines += ["", f"{row['source_file']}:{row['source_line']}", text]
    typer.echo("\n".join(lines))


def _row(found: "pd.DataFrame", record_id: str, path: Path) -> "pd.Series":
    chosen = found[found["record_id"] == record_id]
    if chosen.empty:
        # Whoever types an id by hand may leave off its end.
        chosen = found[found["record_id"].str.startswith(record_id)]
    if len(chosen) == 1:
        return chosen.iloc[0]
    if chosen.empty:
        raise InputError(f"no record {record_id!r}", path=path)
    several = ", ".join(chosen["record_id"][:5])
    raise InputError(f"{len(chosen):,} records begin with {record_id!r}: {several}", path=path)


def _verbatim(row: "pd.Series", records: Path) -> str:
    """Return a record's text from its export if its id fits; else blank, and say so."""
    from peerreview.imports.records import find_text
    from peerreview.tables import reading

    line = int(row["source_line"] or 0)
    paths = [folder / row["source_file"] for folder in dict.fromkeys([records.parent, Path()])]
    there = [path for path in paths if path.is_file()]
    for path in there:
        text = find_text(reading.read_bytes(path), line, row["record_id"])
        if text:
            return text
    for path in there:
        remark(f"{path}:{line}: another text stands here now; the export was changed")
    if not there:
        remark(f"{row['source_file']}: not here, so that the text cannot be shown")
    return ""
