"""The command ``appraise``: judgements to summaries."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli.inputs import read_appraised, read_instrument
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
    from peerreview.paper.sheets.appraisal import (
        appraisal_sheets,
        robvis_sheet,
        what_is_open,
        whole_json,
    )
    from peerreview.review import Review
    from peerreview.synthesis.ratings import rule as rule_of

    review = Review.around(appraisal, studies, wording)
    review.note_named(template)
    laid_down = review.protocol(protocol)
    chosen = read_instrument(review, instrument, laid_down, wording)
    appraised = read_appraised(review, appraisal, studies, chosen, laid_down)
    for study in appraised:
        for what in what_is_open(study, chosen):
            review.remark(f"{study.study_id} ({study.name}): {what}")
    beside = written([robvis_sheet(appraised, instrument=chosen)], robvis) if robvis is not None else []
    if output.suffix == ".json":
        content = whole_json(appraised, instrument=chosen, ratings=laid_down.ratings)
        put(review, [*beside, (output, as_json(content))])
        return
    sheets = appraisal_sheets(appraised, instrument=chosen, ratings=laid_down.ratings)
    rule = rule_of(laid_down.ratings, chosen)
    drawn = [
        ("items", lambda: charts.traffic_light(appraised, instrument=chosen, rule=rule)),
        ("summary", lambda: charts.summary_bars(appraised, instrument=chosen)),
    ]
    put_sheets(review, sheets, output, template=template, figures=drawn, others=(".json",), beside=beside)
