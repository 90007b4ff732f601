"""`peerreview dedupe`: one record of each duplicate kept, every removal explained."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Output, Quiet


def dedupe(
    records: Annotated[Path, typer.Argument(help="Records to search for duplicates.")] = Path("records.csv"),
    output: Output = Path("unique.csv"),
    overrides: Annotated[Path, typer.Option(help="People's word on pairs; it always wins.")] = Path(
        "overrides.csv"
    ),
    rules: Annotated[Path | None, typer.Option(help="Rules in place of peerreview's own.")] = None,
    workers: Annotated[int, typer.Option(help="Threads to use; 0 for all there are.", min=0)] = 0,
    quiet: Quiet = False,
) -> None:
    """Find duplicates and keep one record of each."""
    import os

    from peerreview import dedupe as stage
    from peerreview import files, tables

    table = files.read(records, tables.RECORDS)
    words = files.read_optional(overrides, tables.OVERRIDE)
    chosen = stage.parse_rules(files.read_text(rules), path=rules) if rules else stage.default_rules()
    with console.working("looking for duplicates"):
        duplicates = stage.find_duplicates(
            table, chosen, overrides=words, workers=workers or os.cpu_count() or 1
        )
        unique = stage.keep_one(table, duplicates)
    n_verdicts = duplicates["verdict"].value_counts()
    console.remark(
        f"{len(table):,} records: {n_verdicts.get('duplicate', 0):,} duplicates removed, "
        f"{len(unique):,} kept; {n_verdicts.get('possible', 0):,} possible and "
        f"{n_verdicts.get('related', 0):,} related pairs"
    )
    files.write_all(
        {
            output.with_name("duplicates.csv"): duplicates,
            output.with_name("possible.csv"): stage.possible_pairs(unique, duplicates),
            output: unique,
        }
    )
