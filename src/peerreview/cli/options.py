"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.outputs import FORMATS, PICTURES

Output = Annotated[
    Path,
    typer.Option("--output", "-o", help="Table to write, .csv or .parquet; - for standard output."),
]
_FILE = f"File to write: {', '.join(FORMATS)}"
Sheets = Annotated[Path, typer.Option("--output", "-o", help=f"{_FILE}; - for standard output.")]
SheetsOrJson = Annotated[Path, typer.Option("--output", "-o", help=f"{_FILE}, .json; - for standard output.")]
SheetsOrFigures = Annotated[
    Path,
    typer.Option(
        "--output", "-o", help=f"{_FILE}, .json; figures: {', '.join(PICTURES)}; - for standard output."
    ),
]
Template = Annotated[Path | None, typer.Option("--template", help="Your own Jinja template for the table.")]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Leave out remarks and progress.", callback=console.be_quiet),
]
Protocol = Annotated[Path, typer.Option("--protocol", help="The review's protocol.")]
Decisions = Annotated[
    list[Path] | None,
    typer.Argument(help="Votes; decisions/*.csv where none are named.", show_default=False),
]
Duplicates = Annotated[
    Path | None,
    typer.Option("--duplicates", help="Pairs judged by dedupe.", show_default="duplicates.csv"),
]
Themes = Annotated[Path, typer.Option("--themes", help="Themes found: rows, a matrix, or Taguette's.")]
Codebook = Annotated[Path, typer.Option("--codebook", help="Themes in order, with their parents.")]
Studies = Annotated[Path, typer.Option("--studies", help="Included studies.")]
Documents = Annotated[
    Path, typer.Option("--documents", help="Which study a document of Taguette belongs to.")
]
Basis = Annotated[str, typer.Option("--basis", help="Keep only rows with these bases, as in text,title.")]
Appraisal = Annotated[Path, typer.Option("--appraisal", help="Judgements, a row per study and item.")]
Instrument = Annotated[
    str,
    typer.Option(
        "--instrument",
        help="amstar-2, casp-qualitative, jbi-qualitative, mmat-2018, rob-2 or a TOML file; "
        "else the protocol's.",
    ),
]
