"""The command ``report``: a review's folder to one document."""

from base64 import b64encode
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.inputs import read_agreement, read_appraised, read_coding, read_instrument
from peerreview.cli.options import Quiet
from peerreview.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from peerreview.paper.report import Figure, Section
    from peerreview.protocol import Protocol

FORMATS = (".html", ".docx", ".md")
SPREAD = ("country", "design", "year")
"""Columns of the studies that are counted and drawn where they are there."""


def report(
    folder: Annotated[Path, typer.Argument(help="The review's folder.")] = Path(),
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help=f"File to write: {', '.join(FORMATS)}; - for standard output."),
    ] = Path("report.html"),
    quiet: Quiet = False,
) -> None:
    """Write methods, flow, tables and figures as one."""
    from peerreview import protocol
    from peerreview.tables import writing

    if _suffix(output) not in FORMATS:
        raise UsageError(f"{output}: a report is written as {', '.join(FORMATS)}; name such a file")
    laid_down = protocol.of_folder(folder)
    with console.working("reading the review"):
        sections = read_sections(folder, laid_down)
    if not sections:
        raise InputError("holds no table of a review; name the review's folder", path=folder)
    with console.working("writing the report"):
        writing.write_all(_written(sections, laid_down.title or "Systematic review", output))


def read_sections(folder: Path, laid_down: "Protocol") -> "list[Section]":
    """Return the parts of the report for which the folder has tables."""
    return [section for section in _sections(folder, laid_down) if not section.is_empty]


def _sections(folder: Path, laid_down: "Protocol") -> "Iterator[Section]":
    """Yield the parts of the report for which the folder has tables; say which it has not."""
    from peerreview import tables
    from peerreview.flow.searched import unclear_dates
    from peerreview.paper import report as stage
    from peerreview.paper.citations import cite_studies
    from peerreview.paper.figures import charts
    from peerreview.paper.report import Figure, Section
    from peerreview.paper.sheets.agreement import reviewer_agreement
    from peerreview.paper.sheets.excluded import excluded_reports
    from peerreview.paper.sheets.searches import searches
    from peerreview.paper.sheets.studies import characteristics, study_counts
    from peerreview.screening.votes import follow
    from peerreview.tables import reading

    def read(table: tables.Table) -> "pd.DataFrame":
        path = folder / f"{table.name}.csv"
        if not path.exists():
            console.remark(f"no {path}; what rests on it is left out")
        return reading.read_optional(path, table)

    sources, records = read(tables.SOURCES), read(tables.RECORDS)
    for said in unclear_dates(sources):
        console.remark(said)
    yield Section(
        "Search",
        tuple(stage.search(sources, records, laid_down)),
        sheets=(searches(sources, records),) if len(sources) else (),
    )
    # What was done to synthetic records is no finding, either.
    made_up = tables.any_synthetic(sources)
    unique, screening = read(tables.UNIQUE), read(tables.SCREENING)
    overrides = reading.read_optional(folder / "overrides.csv", tables.OVERRIDE)
    duplicates = read(tables.DUPLICATES)
    kept = follow(duplicates)
    removal = stage.deduplication(duplicates, overrides, unique)
    yield Section("Deduplication", stage.marked(removal, synthetic=made_up))
    measured = folder / "agreement.json"
    if not measured.exists() and any((folder / "decisions").glob("*.csv")):
        console.remark(f"no {measured}; write it with agreement -o agreement.json to have it in the report")
    agreed = read_agreement(measured) if measured.exists() else {}
    yield Section(
        "Screening",
        stage.marked(
            [*stage.screening(screening, _votes(folder), kept=kept), *stage.agreement(agreed)],
            synthetic=made_up,
        ),
        figures=tuple(_flow(folder / "flow.json")),
        sheets=(
            *([reviewer_agreement(agreed, synthetic=made_up)] if agreed.get("stages") else []),
            *([excluded_reports(screening, unique, sources)] if len(screening) else []),
        ),
    )
    studies = read(tables.STUDIES)
    if studies.empty:
        return
    reports = read(tables.REPORTS)
    spread = [column for column in SPREAD if column in studies.columns]
    yield Section(
        "Included studies",
        tuple(stage.included(studies, reports, spread, kept=kept, outcomes=screening)),
        figures=tuple(
            Figure(f"by-{column}", f"Studies by {column}", partial(charts.bars, studies, column))
            for column in spread
        ),
        sheets=(
            characteristics(studies, citations=cite_studies(reports, unique)),
            *(study_counts(studies, column) for column in spread),
        ),
    )
    if (folder / "appraisal.csv").exists():
        yield _quality(folder, laid_down)
    if (folder / "themes.csv").exists():
        yield _themes(folder)


def _votes(folder: Path) -> "pd.DataFrame | None":
    """Return all votes of the folder; None where there are none, so that outcomes alone are told."""
    from peerreview import tables
    from peerreview.tables import reading

    files = sorted((folder / "decisions").glob("*.csv"))
    return reading.read_all(files, tables.VOTES) if files else None


def _flow(path: Path) -> "Iterator[Figure]":
    """Yield the flow diagram of what ``prisma`` wrote as JSON."""
    from peerreview.flow import exchange, labels
    from peerreview.paper.figures.prisma import lay_out
    from peerreview.paper.report import Figure
    from peerreview.tables import reading

    if not path.exists():
        console.remark(f"no {path}; write it with prisma -o flow.json to have the flow in the report")
        return
    try:
        counted = exchange.read(reading.read_text(path), ".json")
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error
    for name in ("records", "duplicates", "screening", "reports", "studies", "sources"):
        hashed = counted.inputs.get(name, "-")
        table = path.with_name(f"{name}.csv")
        if hashed != "-" and table.exists() and reading.digest(table) != hashed:
            console.remark(
                f"{path} was counted from another {table}; write it again with prisma -o flow.json"
            )
    yield Figure("flow", "PRISMA 2020 flow diagram", partial(lay_out, counted, labels.read()))


def _quality(folder: Path, laid_down: "Protocol") -> "Section":
    from peerreview.paper import report as stage
    from peerreview.paper.figures import charts
    from peerreview.paper.report import Figure, Section
    from peerreview.paper.sheets.appraisal import appraisal_items, appraisal_ratings, appraiser_agreement
    from peerreview.synthesis import appraisal

    chosen = read_instrument(_beside(laid_down.instrument, folder))
    appraised = read_appraised(folder / "appraisal.csv", folder / "studies.csv", chosen, laid_down)
    rule = appraisal.rule(laid_down.ratings, chosen)
    sheets = [appraisal_items(appraised, instrument=chosen, ratings=laid_down.ratings)]
    if laid_down.ratings:
        sheets.append(appraisal_ratings(appraised, instrument=chosen, ratings=laid_down.ratings))
    agreed = appraiser_agreement(appraised, instrument=chosen)
    return Section(
        "Quality appraisal",
        tuple(stage.quality(appraised, chosen, laid_down)),
        figures=(
            Figure(
                "appraisal",
                "Quality appraisal by study and item",
                partial(charts.traffic_light, appraised, instrument=chosen, rule=rule),
            ),
            Figure(
                "appraisal-summary",
                "Quality appraisal by item",
                partial(charts.summary_bars, appraised, instrument=chosen),
            ),
        ),
        sheets=(*sheets, *([agreed] if agreed else [])),
    )


def _themes(folder: Path) -> "Section":
    from peerreview.paper import report as stage
    from peerreview.paper.figures import charts
    from peerreview.paper.report import Figure, Section
    from peerreview.paper.sheets.themes import coder_agreement, theme_matrix, theme_tally

    names = ("themes.csv", "codebook.csv", "studies.csv")
    coded, codebook, studies = (folder / name for name in names)
    coding = read_coding(coded, codebook, studies, bases=(), documents=folder / "documents.csv")
    agreed = coder_agreement(coding)
    return Section(
        "Themes",
        tuple(stage.findings(coding)),
        figures=(Figure("themes", "Themes by study", partial(charts.heat_map, coding)),),
        sheets=(
            theme_tally(coding),
            theme_matrix(coding),
            *([agreed] if agreed else []),
        ),
    )


def _beside(instrument: str, folder: Path) -> str:
    return str(folder / instrument) if instrument.endswith(".toml") else instrument


def _suffix(output: Path) -> str:
    """Return what a report is written as; on a stream HTML, which holds its figures."""
    return ".html" if output == Path("-") else output.suffix.lower()


def _written(sections: "list[Section]", title: str, output: Path) -> dict[Path, str | bytes]:
    """Return the report by its path, and before it the figures of a Markdown one, which lie beside it."""
    from peerreview.render import render, svg, word

    suffix = _suffix(output)
    if suffix == ".docx":
        return {output: word.report(title, sections)}
    beside: dict[Path, str | bytes] = {}
    laid_out = []
    for section in sections:
        pictures = []
        for figure in section.figures:
            drawn = svg.draw(figure.draw())
            address = f"{output.stem}-{figure.name}.svg"
            if suffix == ".html":
                # As pictures of their own, so that ids within them do not meet.
                address = f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
            else:
                beside[output.with_name(address)] = drawn
            pictures.append({"title": figure.title, "address": address})
        laid_out.append(
            {
                "title": section.title,
                "sentences": [{"text": str(each), "source": each.source} for each in section.sentences],
                "notes": section.notes,
                "pictures": pictures,
                "sheets": section.sheets,
            }
        )
    text = render(f"tables/report{suffix}", {"title": title, "sections": laid_out})
    return {**beside, output: text}
