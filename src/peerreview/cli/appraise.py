"""The command ``appraise``: judgements to summaries."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli.inputs import read_appraisals
from peerreview.cli.options import (
    Appraisal,
    Instrument,
    Protocol,
    Quiet,
    SheetsOrFigures,
    Studies,
    Template,
    Wording,
)
from peerreview.cli.outputs import as_json, put, put_sheets, written


def appraise(
    *,
    appraisal: Appraisal = None,
    studies: Studies = None,
    output: SheetsOrFigures = Path("appraisal.md"),
    robvis: Annotated[
        Path | None, typer.Option("--robvis", help="Also write a row per study, as robvis reads them.")
    ] = None,
    instrument: Instrument = "",
    wording: Wording = None,
    protocol: Protocol = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Summarise the appraisal of the studies."""
    from peerreview.paper.figures import charts
    from peerreview.paper.sheets import appraisal as sheets
    from peerreview.review import Review

    review = Review.around(appraisal, studies, wording)
    review.note_named(template)
    laid_down = review.protocol(protocol)
    found = read_appraisals(
        review, laid_down, instrument, appraisal=appraisal, studies=studies, wording=wording
    )
    for each in found:
        for study in each.appraised:
            for what in sheets.what_is_open(study, each.instrument):
                review.remark(f"{study.study_id} ({study.name}): {what}")
    beside = written(sheets.for_robvis(found), robvis) if robvis is not None else []
    if output.suffix == ".json":
        put(review, [*beside, (output, as_json(sheets.all_json(found)))])
        return
    drawn = charts.of_appraisals(found, ("items", "summary"))
    put_sheets(
        review,
        sheets.all_sheets(found),
        output,
        template=template,
        figures=[(each.name, each.draw) for each in drawn],
        others=(".json",),
        beside=beside,
    )
