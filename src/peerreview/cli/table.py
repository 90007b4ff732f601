"""The commands ``table …``: what the review has to a table of the paper, each with the options it knows."""

from enum import StrEnum
from functools import cache, partial
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.main import get_command, get_group

from peerreview import tables
from peerreview.cli.inputs import (
    chosen_bases,
    listed,
    read_agreement,
    read_appraisals,
    read_coding,
    read_findings,
    read_staying,
    read_studies,
)
from peerreview.cli.options import (
    Agreement,
    Appraisal,
    Basis,
    Codebook,
    Documents,
    Fields,
    Findings,
    Instrument,
    Protocol,
    Quiet,
    Records,
    Reports,
    Screening,
    Sheets,
    SheetsOrPictures,
    Sources,
    Studies,
    Template,
    Themes,
    Unique,
    Wording,
    a_table,
)
from peerreview.cli.outputs import bars, heat_map, put_sheets
from peerreview.errors import PluginError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from peerreview.paper.sheets.registry import Layout
    from peerreview.review import Review
    from peerreview.synthesis.themes import Coding

STREAM = Path("-")


class References(StrEnum):
    """How a table cites a study."""

    author_year = "author-year"
    numbers = "numbers"


CitedAs = Annotated[
    References | None,
    typer.Option(
        "--references",
        help="How studies are cited in tables.",
        show_default="the protocol's, else author-year",
    ),
]

table = typer.Typer(rich_markup_mode=None)


@cache
def commands() -> dict[str, Any]:
    """Return the commands by name: those below, and one for each sheet that needs nothing but tables."""
    from peerreview.paper.sheets import registry

    known = dict(get_group(table).commands)
    return known | {each.NAME: _command_of(each) for each in registry.shipped()}


def others() -> dict[str, Any]:
    """
    Return the commands for the sheets of other packages, by name.

    One that does not work says so when it is run, and in the list of commands.

    Raises
    ------
    PluginError
        Where two packages have a sheet of one name.
    """
    from peerreview.paper.sheets import registry

    found: dict[str, Any] = {}
    for plugin in registry.offered():
        try:
            found[plugin.name] = _command_of(registry.load(plugin))
        except PluginError as error:
            found[plugin.name] = _broken(plugin.name, error)
    return found


def _command_of(sheet: "Layout") -> Any:
    """Return the command of a sheet, with an option for each table that it asks for."""
    from peerreview.paper.sheets import registry
    from peerreview.tables import plugins
    from peerreview.tables.plugins import Kind

    asked = (*sheet.TABLES, *sheet.OPTIONAL)

    options: list[tuple[str, Any, Any]] = [
        ("output", Sheets, STREAM),
        *((name, _option(name), None) for name in asked),
        ("template", Template, None),
        ("quiet", Quiet, False),
    ]

    def command(output: Path, template: Path | None, quiet: bool, **named: Path | None) -> None:
        from peerreview.review import Review

        review = Review.around(*(named[name] for name in asked))
        review.note_named(template)
        for said in plugins.remarks(Kind.SHEET, registry.names()):
            review.remark(said)
        read = {name: review.read(registry.READABLE[name], named[name]) for name in sheet.TABLES}
        read |= {name: review.read_optional(registry.READABLE[name], named[name]) for name in sheet.OPTIONAL}
        put_sheets(review, [sheet.lay_out(**read)], output, template=template)

    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for name, kind, default in options
        ]
    )
    command.__annotations__ = {name: kind for name, kind, _ in options}
    command.__doc__ = sheet.HELP
    return _made(sheet.NAME, command)


def _option(name: str) -> Any:
    """Return the option that names a table: the one that other commands have, where they have one."""
    from peerreview.paper.sheets import registry

    shared = {"screening": Screening, "unique": Unique, "sources": Sources, "records": Records}
    shared |= {"reports": Reports, "studies": Studies, "themes": Themes, "appraisal": Appraisal}
    usual = registry.READABLE[name]
    return shared.get(name, Annotated[Path | None, a_table(f"Table of {name}.", usual, f"--{name}")])


def _broken(name: str, error: PluginError) -> Any:
    """Return the command of a sheet that does not work: whatever it is asked, it says why."""

    def command() -> None:
        raise error

    command.__doc__ = f"Cannot be used: {error}"
    anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    return _made(name, command, context_settings=anything)


def _made(name: str, command: "Callable[..., None]", **settings: Any) -> Any:
    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    alone.command(name=name, **settings)(command)
    return get_command(alone)


@table.command()
def characteristics(
    *,
    output: Sheets = STREAM,
    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            help="Columns of the studies to show, in order.",
            show_default="the protocol's, else all",
        ),
    ] = "",
    references: CitedAs = None,
    studies: Studies = None,
    fields: Fields = None,
    reports: Reports = None,
    unique: Unique = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Lay out the included studies and what was extracted."""
    from peerreview.paper.citations import cite_studies
    from peerreview.paper.sheets.studies import characteristics as lay_out
    from peerreview.review import Review

    review = Review.around(studies, fields, reports, unique)
    review.note_named(template)
    plan = review.protocol()
    included = read_studies(review, studies, fields)
    if (references or plan.references) == References.numbers:
        citations = _numbers(review, reports, included)
    else:
        known = review.read_optional(tables.REPORTS, reports, without="studies have no references")
        citations = cite_studies(known, review.read_optional(tables.UNIQUE, unique))
    sheet = lay_out(included, citations=citations, columns=listed(columns) or plan.columns)
    put_sheets(review, [sheet], output, template=template)


@table.command()
def counts(
    *,
    output: SheetsOrPictures = STREAM,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help="Columns of the studies to count, as in country,design.",
            show_default="the protocol's",
        ),
    ] = "",
    studies: Studies = None,
    fields: Fields = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Count the studies by columns of theirs."""
    from peerreview.paper.sheets.studies import study_counts
    from peerreview.review import Review
    from peerreview.synthesis.extraction import extracted

    review = Review.around(studies, fields)
    review.note_named(template)
    included = read_studies(review, studies, fields)
    chosen = listed(by) or review.protocol().by
    if not chosen:
        file = review.path(tables.STUDIES, studies)
        there = ", ".join(extracted(included))
        raise UsageError(f"name the columns to count with --by; {file} has {there}")
    sheets = [study_counts(included, column) for column in chosen]
    drawn = [(column, partial(bars, included, column)) for column in chosen]
    put_sheets(review, sheets, output, template=template, figures=drawn)


@table.command()
def appraisal(
    *,
    output: SheetsOrPictures = STREAM,
    judgements: Appraisal = None,
    studies: Studies = None,
    instrument: Instrument = "",
    wording: Wording = None,
    protocol: Protocol = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Lay out the judgements per study and item."""
    from peerreview.paper.figures import charts
    from peerreview.paper.sheets.appraisal import all_items
    from peerreview.review import Review

    review = Review.around(judgements, studies, wording)
    review.note_named(template)
    laid_down = review.protocol(protocol)
    found = read_appraisals(
        review, laid_down, instrument, appraisal=judgements, studies=studies, wording=wording
    )
    drawn = [(each.name, each.draw) for each in charts.of_appraisals(found, ("items",))]
    put_sheets(review, all_items(found), output, template=template, figures=drawn)


@table.command()
def themes(
    *,
    output: SheetsOrPictures = STREAM,
    references: CitedAs = None,
    basis: Basis = "",
    themes_file: Themes = None,
    codebook: Codebook = None,
    studies: Studies = None,
    documents: Documents = None,
    reports: Reports = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Tally the themes, with the studies that have each."""
    from peerreview.paper.sheets.themes import theme_tally
    from peerreview.review import Review

    review = Review.around(themes_file, codebook, studies, documents, reports)
    review.note_named(template)
    coded = read_coding(review, themes_file, codebook, studies, documents, bases=chosen_bases(basis))
    cited: Mapping[str, str] = dict(coded.studies)
    if (references or review.protocol().references) == References.numbers:
        cited = _numbers(review, reports, read_staying(review, studies))
    drawn = [("map", partial(heat_map, coded))]
    put_sheets(review, [theme_tally(coded, references=cited)], output, template=template, figures=drawn)


@table.command()
def matrix(
    *,
    output: SheetsOrPictures = STREAM,
    basis: Basis = "",
    themes_file: Themes = None,
    codebook: Codebook = None,
    studies: Studies = None,
    documents: Documents = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Cross the studies with the themes."""
    from peerreview.paper.sheets.themes import theme_matrix

    review, coded = _coded(themes_file, codebook, studies, documents, template, basis)
    drawn = [("map", partial(heat_map, coded))]
    put_sheets(review, [theme_matrix(coded)], output, template=template, figures=drawn)


@table.command()
def evidence(
    *,
    output: Sheets = STREAM,
    basis: Basis = "",
    themes_file: Themes = None,
    codebook: Codebook = None,
    studies: Studies = None,
    documents: Documents = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Lay out the quotes behind each theme."""
    from peerreview.paper.sheets.themes import theme_evidence

    review, coded = _coded(themes_file, codebook, studies, documents, template, basis)
    put_sheets(review, [theme_evidence(coded)], output, template=template)


@table.command()
def findings(
    *,
    output: Sheets = STREAM,
    findings_file: Findings = None,
    studies: Studies = None,
    themes_file: Themes = None,
    codebook: Codebook = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Lay out the findings and the confidence in each."""
    from peerreview.paper.sheets.findings import summary_of_findings
    from peerreview.review import Review

    review = Review.around(findings_file, studies, themes_file, codebook)
    review.note_named(template)
    found = read_findings(review, findings_file, studies, themes_file, codebook)
    put_sheets(review, [summary_of_findings(found)], output, template=template)


@table.command()
def sources(
    *,
    output: Sheets = STREAM,
    searches: Sources = None,
    records: Records = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Lay out the searches and what each found."""
    from peerreview.flow.searched import unclear_dates
    from peerreview.paper.sheets.searches import searches as lay_out
    from peerreview.review import Review

    review = Review.around(searches, records)
    review.note_named(template)
    declared = review.read(tables.SOURCES, searches)
    for said in unclear_dates(declared):
        review.remark(said)
    found = review.read_optional(tables.RECORDS, records, without="what was imported is not counted")
    put_sheets(review, [lay_out(declared, found)], output, template=template)


@table.command()
def agreement(
    *,
    output: Sheets = STREAM,
    measured: Agreement = None,
    searches: Sources = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Lay out how far the reviewers agreed."""
    from peerreview.paper.sheets.agreement import reviewer_agreement
    from peerreview.review import Review

    review = Review.around(measured, searches)
    review.note_named(template)
    declared = review.read_optional(tables.SOURCES, searches)
    found = read_agreement(review, measured)
    sheet = reviewer_agreement(found, synthetic=tables.any_synthetic(declared))
    put_sheets(review, [sheet], output, template=template)


@table.command()
def extraction(
    *,
    output: Sheets = STREAM,
    extractions: Annotated[
        list[Path] | None,
        typer.Option("--extraction", help="One person's studies.csv; give two or more to compare."),
    ] = None,
    consensus: Annotated[
        Path | None, typer.Option("--consensus", help="The studies as the team agreed on them.")
    ] = None,
    fields: Fields = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Compare what two people or more extracted."""
    from peerreview.paper.sheets.extraction import check_labels, extraction_differences, extractor_agreement
    from peerreview.review import Review

    named = extractions or []
    if len(named) < 2:
        raise UsageError("name two people's files or more, each with --extraction")
    review = Review.around(named[0], *named[1:], fields)
    review.note_named(template, consensus)
    people = {path.stem: read_studies(review, path, fields) for path in named}
    check_labels(people)
    settled = review.read(tables.STUDIES, consensus) if consensus else None
    sheets = [extractor_agreement(people), extraction_differences(people, settled)]
    put_sheets(review, sheets, output, template=template)


@table.command()
def checklist(
    *,
    output: Sheets = STREAM,
    protocol: Protocol = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Fill in the PRISMA 2020 checklist from the folder of the protocol."""
    _fill_in("prisma-2020", output, protocol, template)


@table.command()
def abstract(
    *,
    output: Sheets = STREAM,
    protocol: Protocol = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Fill in the checklist for abstracts from the folder of the protocol."""
    _fill_in("prisma-2020-abstract", output, protocol, template)


def _numbers(review: "Review", reports: Path | None, included: "pd.DataFrame") -> "Mapping[str, str]":
    from peerreview.paper.citations import number_studies

    known = review.read_optional(
        tables.REPORTS, reports, without="studies are numbered without their reports"
    )
    return number_studies(known, included)


def _coded(
    themes_file: Path | None,
    codebook: Path | None,
    studies: Path | None,
    documents: Path | None,
    template: Path | None,
    basis: str,
) -> "tuple[Review, Coding]":
    from peerreview.review import Review

    review = Review.around(themes_file, codebook, studies, documents)
    review.note_named(template)
    bases = chosen_bases(basis)
    return review, read_coding(review, themes_file, codebook, studies, documents, bases=bases)


def _fill_in(name: str, output: Path, protocol: Path | None, template: Path | None) -> None:
    from peerreview.cli.sections import read_sections
    from peerreview.paper import checklist as stage
    from peerreview.review import Review

    review = Review.around(protocol)
    review.note_named(template)
    laid_down = review.protocol(protocol)
    sheet = stage.lay_out(stage.shipped(name), stage.facts(read_sections(review, laid_down), laid_down))
    put_sheets(review, [sheet], output, template=template)
