"""The command ``themes``: codes to tallies."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli.inputs import chosen_bases, read_coding
from peerreview.cli.options import (
    Basis,
    Codebook,
    Documents,
    Quiet,
    SheetsOrFigures,
    Studies,
    Template,
    Themes,
)
from peerreview.cli.outputs import as_json, keep_apart, must_be_there, written


def themes(
    *,
    themes_file: Themes = Path("themes.csv"),
    codebook: Codebook = Path("codebook.csv"),
    studies: Studies = Path("studies.csv"),
    output: SheetsOrFigures = Path("themes.md"),
    basis: Basis = "",
    stated: Annotated[
        Path | None, typer.Option("--stated", help="Totals that a manuscript states: theme, stated.")
    ] = None,
    documents: Documents = Path("documents.csv"),
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Tally themes, and cross them with studies."""
    from peerreview import tables
    from peerreview.paper.figures import charts
    from peerreview.paper.sheets.themes import coder_agreement, stated_themes, theme_matrix, theme_tally
    from peerreview.synthesis import themes as stage
    from peerreview.tables import reading, writing

    keep_apart(output, themes_file, codebook, studies, stated, template)
    must_be_there(codebook=codebook, documents=documents)
    coding = read_coding(themes_file, codebook, studies, bases=chosen_bases(basis), documents=documents)
    sheets = [theme_tally(coding), theme_matrix(coding)]
    agreed = coder_agreement(coding)
    sheets += [agreed] if agreed else []
    totals = reading.read(stated, tables.STATED) if stated is not None else None
    if totals is not None:
        sheets.insert(0, stated_themes(coding, totals))
    if output.suffix == ".json":
        writing.write(as_json(stage.to_json(coding, totals)), output)
        return
    drawn = [("map", lambda: charts.heat_map(coding))]
    writing.write_all(written(sheets, output, template=template, figures=drawn, others=(".json",)))
