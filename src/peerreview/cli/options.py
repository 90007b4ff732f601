"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console

Output = Annotated[
    Path,
    typer.Option("--output", "-o", help="Table to write, .csv or .parquet; - for standard output."),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Leave out remarks and progress.", callback=console.be_quiet),
]
Protocol = Annotated[Path, typer.Option("--protocol", help="The review's protocol.")]
Duplicates = Annotated[Path, typer.Option("--duplicates", help="Pairs judged by dedupe.")]
