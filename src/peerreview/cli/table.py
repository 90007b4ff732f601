"""``peerreview table``."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.appraise import Appraisal, Chosen, read_instrument
from peerreview.cli.options import Output, Protocol, Quiet
from peerreview.cli.sheets import Template, keep_apart, read_json, written
from peerreview.cli.themes import Basis, Codebook, Documents, Studies, Themes, chosen_bases, read_coding
from peerreview.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from peerreview.diagram import Diagram


class Name(StrEnum):
    """The tables that go into a paper."""

    characteristics = "characteristics"
    counts = "counts"
    appraisal = "appraisal"
    themes = "themes"
    matrix = "matrix"
    evidence = "evidence"
    sources = "sources"
    excluded = "excluded"
    agreement = "agreement"


def table(
    name: Annotated[Name, typer.Argument(help="The table.", show_choices=True)],
    *,
    output: Output = Path("-"),
    template: Template = None,
    by: Annotated[
        str, typer.Option("--by", help="Columns of the studies to count, as in country,design.")
    ] = "",
    columns: Annotated[str, typer.Option("--columns", help="Columns of the studies to show, in order.")] = "",
    basis: Basis = "",
    studies: Studies = Path("studies.csv"),
    reports: Annotated[Path, typer.Option("--reports", help="Reports of the included studies.")] = Path(
        "reports.csv"
    ),
    themes: Themes = Path("themes.csv"),
    codebook: Codebook = Path("codebook.csv"),
    documents: Documents = Path("documents.csv"),
    appraisal: Appraisal = Path("appraisal.csv"),
    instrument: Chosen = "",
    unique: Annotated[Path, typer.Option("--unique", help="Records to screen.")] = Path("unique.csv"),
    records: Annotated[Path, typer.Option("--records", help="Records as imported.")] = Path("records.csv"),
    screening: Annotated[Path, typer.Option("--screening", help="Outcomes of screening.")] = Path(
        "screening.csv"
    ),
    sources: Annotated[Path, typer.Option("--sources", help="Searches, one a row.")] = Path("sources.csv"),
    agreement: Annotated[Path, typer.Option("--agreement", help="What agreement wrote as JSON.")] = Path(
        "agreement.json"
    ),
    protocol: Protocol = Path("peerreview.toml"),
    quiet: Quiet = False,
) -> None:
    """Lay out a table for the paper."""
    from peerreview import appraisal as appraisals
    from peerreview import figures, files, manuscript, tables
    from peerreview import protocol as protocols

    keep_apart(
        output, template, studies, reports, themes, codebook, appraisal, unique, records, screening,
        sources, agreement,
    )  # fmt: skip
    drawn: list[tuple[str, Callable[[], Diagram]]] = []
    if name is Name.characteristics:
        references = {}
        if reports.exists() and unique.exists():
            console.remark(f"read {reports} and {unique} for the references")
            references = manuscript.citations(
                files.read(reports, tables.REPORTS), files.read(unique, tables.UNIQUE)
            )
        sheets = [
            manuscript.characteristics(
                files.read(studies, tables.STUDIES), citations=references, columns=_listed(columns)
            )
        ]
    elif name is Name.counts:
        extracted = files.read(studies, tables.STUDIES)
        sheets = [manuscript.counts(extracted, column) for column in _listed(by)]
        drawn = [(column, partial(figures.bars, extracted, column)) for column in _listed(by)]
        if not sheets:
            there = ", ".join(manuscript.extracted(extracted))
            raise UsageError(f"name the columns to count with --by; {studies} has {there}")
    elif name is Name.appraisal:
        laid_down = protocols.read(protocol)
        chosen = read_instrument(instrument or laid_down.instrument)
        appraised = appraisals.appraise(
            files.read(appraisal, tables.APPRAISAL),
            files.read(studies, tables.STUDIES),
            instrument=chosen,
            ratings=laid_down.ratings,
        )
        sheets = [manuscript.appraisal_items(appraised, instrument=chosen, ratings=laid_down.ratings)]
        rule = appraisals.rule(laid_down.ratings, chosen)
        drawn = [("items", partial(figures.traffic_light, appraised, instrument=chosen, rule=rule))]
    elif name in (Name.themes, Name.matrix, Name.evidence):
        coded = read_coding(themes, codebook, studies, bases=chosen_bases(basis), documents=documents)
        layouts = {
            Name.themes: manuscript.theme_tally,
            Name.matrix: manuscript.theme_matrix,
            Name.evidence: manuscript.theme_evidence,
        }
        sheets = [layouts[name](coded)]
        drawn = [("map", partial(figures.heat_map, coded))] if name is not Name.evidence else []
    elif name is Name.sources:
        sheets = [
            manuscript.sources(
                files.read(sources, tables.SOURCES), files.read_optional(records, tables.RECORDS)
            )
        ]
    elif name is Name.excluded:
        sheets = [
            manuscript.excluded(
                files.read(screening, tables.SCREENING),
                files.read(unique, tables.UNIQUE),
                files.read_optional(sources, tables.SOURCES),
            )
        ]
    else:
        declared = files.read_optional(sources, tables.SOURCES)
        found = read_json(agreement, "peerreview/agreement/1")
        sheets = [manuscript.agreement(found, synthetic=manuscript.any_synthetic(declared))]
    files.write_all(written(sheets, output, template=template, figures=drawn))


def _listed(option: str) -> list[str]:
    return [each.strip() for each in option.split(",") if each.strip()]
