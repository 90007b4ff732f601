"""The command ``themes``: codes to tallies."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from peerreview import tables
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
from peerreview.cli.outputs import as_json, heat_map, put, put_sheets


def themes(
    *,
    themes_file: Themes = None,
    codebook: Codebook = None,
    studies: Studies = None,
    output: SheetsOrFigures = Path("themes.md"),
    basis: Basis = "",
    stated: Annotated[
        Path | None, typer.Option("--stated", help="Totals that a manuscript states: theme, stated.")
    ] = None,
    documents: Documents = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Tally themes, and cross them with studies."""
    from peerreview.paper.sheets.themes import stated_themes, theme_sheets
    from peerreview.review import Review
    from peerreview.synthesis import themes as stage

    review = Review.around(themes_file, codebook, studies, documents)
    review.note_named(template)
    coding = read_coding(review, themes_file, codebook, studies, documents, bases=chosen_bases(basis))
    sheets = theme_sheets(coding)
    totals = review.read(tables.STATED, stated) if stated is not None else None
    if totals is not None:
        sheets.insert(0, stated_themes(coding, totals))
    if output.suffix == ".json":
        put(review, [(output, as_json(stage.to_json(coding, totals)))])
        return
    drawn = [("map", partial(heat_map, coding))]
    put_sheets(review, sheets, output, template=template, figures=drawn, others=(".json",))
