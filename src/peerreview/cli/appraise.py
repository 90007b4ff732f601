"""``peerreview appraise``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Protocol, Quiet
from peerreview.cli.sheets import SheetsOrFigures, Template, as_json, keep_apart, written
from peerreview.cli.themes import Studies

if TYPE_CHECKING:
    from peerreview.appraisal import Appraised
    from peerreview.instrument import Instrument
    from peerreview.protocol import Protocol as Plan

Appraisal = Annotated[Path, typer.Option("--appraisal", help="Judgements, a row per study and item.")]
Chosen = Annotated[
    str,
    typer.Option(
        "--instrument",
        help="amstar-2, casp-qualitative, jbi-qualitative, mmat-2018, rob-2 or a TOML file; "
        "else the protocol's.",
    ),
]


def appraise(
    *,
    appraisal: Appraisal = Path("appraisal.csv"),
    studies: Studies = Path("studies.csv"),
    output: SheetsOrFigures = Path("appraisal.md"),
    instrument: Chosen = "",
    protocol: Protocol = Path("peerreview.toml"),
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Summarise the appraisal of the studies."""
    from peerreview import appraisal as stage
    from peerreview import files
    from peerreview import protocol as protocols
    from peerreview.figures import charts
    from peerreview.sheets.appraisal import (
        appraisal_items,
        appraisal_ratings,
        appraisal_summary,
        appraiser_agreement,
        what_is_open,
    )

    keep_apart(output, appraisal, studies, template)
    laid_down = protocols.read(protocol)
    chosen = read_instrument(instrument or laid_down.instrument)
    appraised = read_appraised(appraisal, studies, chosen, laid_down)
    for study in appraised:
        for what in what_is_open(study, chosen):
            console.remark(f"{study.study_id} ({study.label}): {what}")
    if output.suffix == ".json":
        content = stage.to_json(appraised, instrument=chosen, ratings=laid_down.ratings)
        files.write(as_json(content), output)
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
    files.write_all(written(sheets, output, template=template, figures=drawn, others=(".json",)))


def read_appraised(
    appraisal: Path, studies: Path, instrument: "Instrument", laid_down: "Plan"
) -> "tuple[Appraised, ...]":
    """Return what the appraisers said of each study, rated by the protocol's rule."""
    from peerreview import appraisal as stage
    from peerreview import files, tables

    return stage.appraise(
        files.read(appraisal, tables.APPRAISAL),
        files.read(studies, tables.STUDIES),
        instrument=instrument,
        ratings=laid_down.ratings,
    )


def read_instrument(name: str) -> "Instrument":
    """
    Return a shipped instrument by its name, or a team's own by its file.

    Raises
    ------
    InputError
        Where there is neither.
    """
    from importlib import resources

    from peerreview import files
    from peerreview.errors import InputError
    from peerreview.instrument import parse

    if name.endswith(".toml"):
        return parse(files.read_text(Path(name)), Path(name).stem, path=name)
    shipped = resources.files("peerreview") / "instruments"
    known = sorted(
        each.name.removesuffix(".toml") for each in shipped.iterdir() if each.name.endswith(".toml")
    )
    if name not in known:
        raise InputError(f"instrument {name!r} is not one of {', '.join(known)}; or name a .toml file")
    return parse((shipped / f"{name}.toml").read_text(encoding="utf-8"), name, path=f"{name}.toml")
