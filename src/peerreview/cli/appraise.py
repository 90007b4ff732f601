"""The command ``appraise``: judgements to summaries."""

from pathlib import Path

from peerreview.cli import console
from peerreview.cli.inputs import read_appraised, read_instrument
from peerreview.cli.options import Appraisal, Instrument, Protocol, Quiet, SheetsOrFigures, Studies, Template
from peerreview.cli.outputs import as_json, keep_apart, written


def appraise(
    *,
    appraisal: Appraisal = Path("appraisal.csv"),
    studies: Studies = Path("studies.csv"),
    output: SheetsOrFigures = Path("appraisal.md"),
    instrument: Instrument = "",
    protocol: Protocol = Path("peerreview.toml"),
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Summarise the appraisal of the studies."""
    from peerreview import protocol as protocols
    from peerreview.paper.figures import charts
    from peerreview.paper.sheets.appraisal import (
        appraisal_items,
        appraisal_ratings,
        appraisal_summary,
        appraiser_agreement,
        what_is_open,
    )
    from peerreview.synthesis import appraisal as stage
    from peerreview.tables import writing

    keep_apart(output, appraisal, studies, template)
    laid_down = protocols.read(protocol)
    chosen = read_instrument(instrument or laid_down.instrument)
    appraised = read_appraised(appraisal, studies, chosen, laid_down)
    for study in appraised:
        for what in what_is_open(study, chosen):
            console.remark(f"{study.study_id} ({study.label}): {what}")
    if output.suffix == ".json":
        content = stage.to_json(appraised, instrument=chosen, ratings=laid_down.ratings)
        writing.write(as_json(content), output)
        return
    sheets = [
        appraisal_items(appraised, instrument=chosen, ratings=laid_down.ratings),
        appraisal_summary(appraised, instrument=chosen),
    ]
    if laid_down.ratings:
        sheets.append(appraisal_ratings(appraised, instrument=chosen, ratings=laid_down.ratings))
    agreed = appraiser_agreement(appraised, instrument=chosen)
    sheets += [agreed] if agreed else []
    rule = stage.rule(laid_down.ratings, chosen)
    drawn = [
        ("items", lambda: charts.traffic_light(appraised, instrument=chosen, rule=rule)),
        ("summary", lambda: charts.summary_bars(appraised, instrument=chosen)),
    ]
    writing.write_all(written(sheets, output, template=template, figures=drawn, others=(".json",)))
