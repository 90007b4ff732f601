"""The command ``table``: what the review has to a table of the paper."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.inputs import (
    chosen_bases,
    read_agreement,
    read_appraised,
    read_coding,
    read_instrument,
    read_studies,
)
from peerreview.cli.options import (
    Appraisal,
    Basis,
    Codebook,
    Documents,
    Instrument,
    Protocol,
    Quiet,
    Sheets,
    Studies,
    Template,
    Themes,
)
from peerreview.cli.outputs import keep_apart, must_be_there, written
from peerreview.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from peerreview.paper.figures import Diagram
    from peerreview.paper.sheets import Sheet


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
    extraction = "extraction"
    checklist = "checklist"
    abstract = "abstract"


class References(StrEnum):
    """How a table cites a study."""

    author_year = "author-year"
    numbers = "numbers"


def table(
    name: Annotated[Name, typer.Argument(help="The table.", show_choices=True)],
    *,
    output: Sheets = Path("-"),
    template: Template = None,
    by: Annotated[
        str, typer.Option("--by", help="Columns of the studies to count, as in country,design.")
    ] = "",
    columns: Annotated[str, typer.Option("--columns", help="Columns of the studies to show, in order.")] = "",
    references: Annotated[
        References, typer.Option("--references", help="How studies are cited in tables.")
    ] = References.author_year,
    basis: Basis = "",
    studies: Studies = Path("studies.csv"),
    fields: Annotated[
        Path, typer.Option("--fields", help="Fields the team extracts, checked where it is there.")
    ] = Path("fields.csv"),
    extractions: Annotated[
        list[Path] | None,
        typer.Option("--extraction", help="One person's studies.csv; give two or more to compare."),
    ] = None,
    reports: Annotated[Path, typer.Option("--reports", help="Reports of the included studies.")] = Path(
        "reports.csv"
    ),
    themes: Themes = Path("themes.csv"),
    codebook: Codebook = Path("codebook.csv"),
    documents: Documents = Path("documents.csv"),
    appraisal: Appraisal = Path("appraisal.csv"),
    instrument: Instrument = "",
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
    from peerreview import protocol as protocols
    from peerreview import tables
    from peerreview.flow.searched import unclear_dates
    from peerreview.paper.citations import cite_studies, number_studies
    from peerreview.paper.figures import charts
    from peerreview.paper.sheets.agreement import reviewer_agreement
    from peerreview.paper.sheets.appraisal import appraisal_items
    from peerreview.paper.sheets.excluded import excluded_reports
    from peerreview.paper.sheets.extraction import extraction_differences, extractor_agreement
    from peerreview.paper.sheets.searches import searches
    from peerreview.paper.sheets.studies import characteristics, study_counts
    from peerreview.paper.sheets.themes import theme_evidence, theme_matrix, theme_tally
    from peerreview.synthesis import appraisal as appraisals
    from peerreview.synthesis.extraction import extracted
    from peerreview.tables import reading, writing

    inputs = (
        template, studies, fields, *(extractions or []), reports, themes, codebook, documents, appraisal,
        unique, records, screening, sources, agreement,
    )  # fmt: skip
    keep_apart(output, *inputs)
    optional = {
        "fields": fields, "reports": reports, "codebook": codebook, "documents": documents,
        "unique": unique, "records": records, "sources": sources,
    }  # fmt: skip
    must_be_there(**optional)
    drawn: list[tuple[str, Callable[[], Diagram]]] = []
    if name is Name.characteristics:
        included = read_studies(studies, fields)
        known = reading.read_optional(reports, tables.REPORTS)
        if references is References.numbers:
            citations = number_studies(known, included)
        else:
            citations = cite_studies(known, reading.read_optional(unique, tables.UNIQUE))
        if citations and reports.exists():
            console.remark(f"read {reports} for the references")
        sheets = [characteristics(included, citations=citations, columns=_listed(columns))]
    elif name is Name.counts:
        included = read_studies(studies, fields)
        sheets = [study_counts(included, column) for column in _listed(by)]
        drawn = [(column, partial(charts.bars, included, column)) for column in _listed(by)]
        if not sheets:
            there = ", ".join(extracted(included))
            raise UsageError(f"name the columns to count with --by; {studies} has {there}")
    elif name is Name.appraisal:
        laid_down = protocols.read(protocol)
        chosen = read_instrument(instrument or laid_down.instrument)
        appraised = read_appraised(appraisal, studies, chosen, laid_down)
        sheets = [appraisal_items(appraised, instrument=chosen, ratings=laid_down.ratings)]
        rule = appraisals.rule(laid_down.ratings, chosen)
        drawn = [("items", partial(charts.traffic_light, appraised, instrument=chosen, rule=rule))]
    elif name in (Name.themes, Name.matrix, Name.evidence):
        coded = read_coding(themes, codebook, studies, bases=chosen_bases(basis), documents=documents)
        if name is Name.themes:
            cited = dict(coded.studies)
            if references is References.numbers:
                included = reading.read(studies, tables.STUDIES)
                cited = number_studies(reading.read_optional(reports, tables.REPORTS), included)
            sheets = [theme_tally(coded, references=cited)]
        else:
            layout = theme_matrix if name is Name.matrix else theme_evidence
            sheets = [layout(coded)]
        drawn = [("map", partial(charts.heat_map, coded))] if name is not Name.evidence else []
    elif name in (Name.checklist, Name.abstract):
        needed = {"studies": studies, "themes": themes, "appraisal": appraisal, "screening": screening}
        named = [each for each, path in (optional | needed).items() if path != Path(f"{each}.csv")]
        if named:
            raise UsageError(f"the {name} is filled in from the folder of --protocol, not from --{named[0]}")
        sheets = [read_checklist(name, protocol)]
    elif name is Name.extraction:
        if len(extractions or []) < 2:
            raise UsageError("name two people's files or more, each with --extraction")
        people = {path.stem: read_studies(path, fields) for path in extractions or []}
        sheets = [extractor_agreement(people), extraction_differences(people)]
    elif name is Name.sources:
        declared = reading.read(sources, tables.SOURCES)
        for said in unclear_dates(declared):
            console.remark(said)
        sheets = [searches(declared, reading.read_optional(records, tables.RECORDS))]
    elif name is Name.excluded:
        sheets = [
            excluded_reports(
                reading.read(screening, tables.SCREENING),
                reading.read(unique, tables.UNIQUE),
                reading.read_optional(sources, tables.SOURCES),
            )
        ]
    else:
        declared = reading.read_optional(sources, tables.SOURCES)
        found = read_agreement(agreement)
        sheets = [reviewer_agreement(found, synthetic=tables.any_synthetic(declared))]
    writing.write_all(written(sheets, output, template=template, figures=drawn))


def _listed(option: str) -> list[str]:
    return [each.strip() for each in option.split(",") if each.strip()]


def read_checklist(name: Name, protocol_file: Path) -> "Sheet":
    """Return the PRISMA 2020 checklist, or that for abstracts, with what the folder's tables say."""
    from importlib import resources

    from peerreview import protocol
    from peerreview.cli.report import read_sections
    from peerreview.paper import checklist
    from peerreview.paper.report import facts

    laid_down = protocol.read(protocol_file)
    sections = read_sections(protocol_file.parent, laid_down)
    which = "prisma-2020.toml" if name is Name.checklist else "prisma-2020-abstract.toml"
    text = (resources.files("peerreview.paper") / "checklists" / which).read_text(encoding="utf-8")
    return checklist.lay_out(checklist.parse(text), facts(sections, laid_down))
