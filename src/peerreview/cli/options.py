"""Options that several commands share, and where a table of the review is named."""

from pathlib import Path
from typing import Annotated, Any

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.outputs import FORMATS, PICTURES
from peerreview.review import AGREEMENT, PROTOCOL, name_of
from peerreview.tables import Table


def a_table(help_: str, table: Table | str, *flags: str) -> Any:
    """Return an option for a file of the review: the one named, else the usual one beside the others."""
    usual = table if isinstance(table, str) else name_of(table)
    if flags:
        return typer.Option(*flags, help=help_, show_default=usual)
    return typer.Argument(help=help_, show_default=usual)


Output = Annotated[
    Path,
    typer.Option("--output", "-o", help="Table to write, .csv or .parquet; - for standard output."),
]
_FILE = f"File to write: {', '.join(FORMATS)}"
Sheets = Annotated[Path, typer.Option("--output", "-o", help=f"{_FILE}; - for standard output.")]
SheetsOrPictures = Annotated[
    Path,
    typer.Option("--output", "-o", help=f"{_FILE}; figures: {', '.join(PICTURES)}; - for standard output."),
]
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
Protocol = Annotated[Path | None, a_table("The review's protocol.", PROTOCOL, "--protocol")]
Decisions = Annotated[
    list[Path] | None,
    typer.Argument(help="Votes; decisions/*.csv where none are named.", show_default=False),
]
Sources = Annotated[
    Path | None, a_table("Searches: which export is from where.", tables.SOURCES, "--sources")
]
Records = Annotated[Path | None, a_table("Records as imported.", tables.RECORDS, "--records")]
Unique = Annotated[Path | None, a_table("Records to screen.", tables.UNIQUE, "--unique")]
Duplicates = Annotated[Path | None, a_table("Pairs judged by dedupe.", tables.DUPLICATES, "--duplicates")]
Screening = Annotated[Path | None, a_table("Outcomes of screening.", tables.SCREENING, "--screening")]
Reports = Annotated[Path | None, a_table("Reports of the included studies.", tables.REPORTS, "--reports")]
Studies = Annotated[Path | None, a_table("Included studies.", tables.STUDIES, "--studies")]
Changes = Annotated[
    Path | None,
    a_table("Studies retired or corrected after they were included.", tables.CHANGES, "--changes"),
]
Fields = Annotated[
    Path | None, a_table("Fields the team extracts, checked where it is there.", tables.FIELDS, "--fields")
]
Themes = Annotated[
    Path | None, a_table("Themes found: rows, a matrix, or Taguette's.", tables.THEMES, "--themes")
]
Codebook = Annotated[
    Path | None, a_table("Themes in order, with their parents.", tables.CODEBOOK, "--codebook")
]
Documents = Annotated[
    Path | None,
    a_table("Which study a document of Taguette belongs to.", tables.DOCUMENTS, "--documents"),
]
Basis = Annotated[str, typer.Option("--basis", help="Keep only rows with these bases, as in text,title.")]
Appraisal = Annotated[
    Path | None, a_table("Judgements, a row per study and item.", tables.APPRAISAL, "--appraisal")
]
Agreement = Annotated[Path | None, a_table("What agreement wrote as JSON.", AGREEMENT, "--agreement")]
Instrument = Annotated[
    str,
    typer.Option(
        "--instrument",
        help="A TOML file, or one that ships: amstar-2, casp-qualitative, jbi-case-control, jbi-case-report, "
        "jbi-case-series, jbi-cohort, jbi-cross-sectional, jbi-prevalence, jbi-qualitative, "
        "jbi-quasi-experimental, jbi-rct, jbi-systematic-review, minors, mmat-2018, nos-case-control, "
        "nos-cohort, nos-cross-sectional, probast, quadas-2, quips, rob-1, rob-2, robins-e, robins-i, robis.",
    ),
]
Findings = Annotated[
    Path | None, a_table("Findings, and the review's confidence in each.", tables.FINDINGS, "--findings")
]
Wording = Annotated[
    Path | None,
    a_table("The instrument's own words, item by item, from your copy.", tables.WORDING, "--wording"),
]
