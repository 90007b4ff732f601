"""The parts of a report: what ``report`` prints and the checklists are filled in from."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.cli.inputs import (
    read_agreement,
    read_appraisals,
    read_coding,
    read_findings,
    read_retractions,
    retired_of,
    staying,
    tell_of_newer_votes,
    tell_of_two_runs,
)
from peerreview.cli.outputs import bars
from peerreview.review import AGREEMENT, COUNTED, FLOW, NOTICES, VOTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from peerreview.agreement.measured import Measured
    from peerreview.flow import Flow
    from peerreview.paper.document import Figure, Section
    from peerreview.review import Protocol, Review

SPREAD = ("country", "design", "year")
"""Columns of the studies that are counted and drawn where they are there."""

TEXT_WIDTH = 170.0
"""Millimetres between the margins of the report's page, which its flow diagram takes."""


def read_sections(
    review: "Review",
    laid_down: "Protocol",
    *,
    flow: "Flow | None" = None,
    agreed: "Measured | None" = None,
) -> "list[Section]":
    """
    Return the parts of the report for which the review has tables; say which it has not.

    The flow is that of ``flow.json`` where none is given, the agreement that of ``agreement.json``.
    """
    return [section for section in _sections(review, laid_down, flow, agreed) if not section.is_empty]


def _sections(
    review: "Review", laid_down: "Protocol", flow: "Flow | None", measured: "Measured | None"
) -> "Iterator[Section]":
    from peerreview.agreement.measured import Measured
    from peerreview.flow import labels
    from peerreview.flow.searched import unclear_dates
    from peerreview.flow.yields import count_yields
    from peerreview.paper import laid_down as laid_down_as
    from peerreview.paper import report as stage
    from peerreview.paper import rounds
    from peerreview.paper.citations import cite_studies
    from peerreview.paper.document import Figure, Section, marked
    from peerreview.paper.sheets.agreement import reviewer_agreement
    from peerreview.paper.sheets.citation_searching import citation_searching
    from peerreview.paper.sheets.excluded import excluded_reports
    from peerreview.paper.sheets.firmness import firmness, how_firm
    from peerreview.paper.sheets.searches import searches
    from peerreview.paper.sheets.studies import characteristics, study_counts
    from peerreview.paper.sheets.yields import yields
    from peerreview.screening.judging import with_passed
    from peerreview.screening.votes import follow

    told = laid_down_as.statements(laid_down)
    yield Section("Protocol", tuple(each for sentences in told.values() for each in sentences))
    read = partial(review.read_optional, without="what rests on it is left out")
    sources, records = read(tables.SOURCES), read(tables.RECORDS)
    for said in unclear_dates(sources):
        review.remark(said)
    yield Section(
        "Search",
        tuple(rounds.search(sources, records, laid_down)),
        sheets=(searches(sources, records),) if len(sources) else (),
    )
    if searched := _strategies(review, sources, records):
        yield searched
    # What was done to synthetic records is no finding, either.
    made_up = tables.any_synthetic(sources)
    unique, screening = read(tables.UNIQUE), read(tables.SCREENING)
    overrides = review.read_optional(tables.OVERRIDE)
    duplicates = read(tables.DUPLICATES)
    tell_of_two_runs(review, records, duplicates)
    kept = follow(duplicates)
    found_in = rounds.rounds_of(records)
    removal = [
        *stage.deduplication(duplicates, overrides, unique),
        *rounds.deduplication(duplicates, unique, found_in),
    ]
    yield Section("Deduplication", marked(removal, synthetic=made_up))
    # Without votes, the outcomes alone are told.
    files = review.vote_files(None, may_be_none=True)
    votes = review.read_votes(files) if files else None
    if flow is None and len(screening):
        tell_of_newer_votes(review, screening, laid_down)
    agreed = measured or Measured()
    if measured is None and review.has(AGREEMENT):
        agreed = read_agreement(review, None)
        if flow is None and votes is not None:
            _tell_of_other_votes(review, laid_down, agreed, votes, kept)
    elif measured is None and files:
        path = review.path(AGREEMENT)
        review.remark(f"no {path}; write it with agreement -o {AGREEMENT} to have it in the report")
    # Of one reviewer alone there is nothing to compare.
    compared = reviewer_agreement(agreed, synthetic=made_up) if agreed.stages else None
    flow = flow or _read_flow(review)
    firm = firmness(flow, labels.read()) if flow else None
    links, changes = review.read_optional(tables.REPORTS), review.read_optional(tables.CHANGES)
    gave = count_yields(records, unique, screening, links, duplicates, changes)
    citations = citation_searching(gave, sources, records)
    yield Section(
        "Screening",
        marked(
            [
                *stage.screening(
                    screening, votes, kept=kept, reviewers=laid_down.reviewers, order=laid_down.order
                ),
                *rounds.screening(
                    screening
                    if votes is None
                    else with_passed(screening, votes, kept=kept, reviewers=laid_down.reviewers),
                    found_in,
                ),
                *(
                    # What was measured here stands in no file: it comes from the votes.
                    each
                    if measured is None
                    else replace(each, source=each.source.replace(AGREEMENT, VOTES.name))
                    for each in stage.agreement(agreed)
                ),
                *(rounds.update(flow) if flow else ()),
                *([how_firm(flow)] if flow and flow.intervals else ()),
            ],
            synthetic=made_up,
        ),
        figures=(_draw(flow),) if flow else (),
        sheets=(
            *([firm] if firm and firm.rows else []),
            *([compared] if compared and compared.rows else []),
            *([excluded_reports(screening, unique, sources)] if len(screening) else []),
            *([yields(gave, sources)] if gave.n_included else []),
            *([citations] if citations.rows else []),
        ),
    )
    departures = laid_down_as.departures(laid_down, sources, screening)
    yield Section("Differences from the protocol", tuple(departures))
    if review.has(NOTICES):
        yield _retractions(review)
    everyone = read(tables.STUDIES)
    if everyone.empty:
        return
    gone = retired_of(review)
    studies = staying(everyone, gone)
    links = read(tables.REPORTS)
    reports = staying(links, gone)
    # A report of a retired study alone waits for no study.
    left = set(links["record_id"].map(lambda each: kept.get(each, each))) - set(
        reports["record_id"].map(lambda each: kept.get(each, each))
    )
    screening = screening[~screening["record_id"].isin(left)]
    out = stage.still_open(screening) | stage.not_included(screening)
    settled = reports[~reports["record_id"].map(lambda each: kept.get(each, each)).isin(out)]
    spread = [column for column in SPREAD if column in studies.columns and len(studies)]
    yield Section(
        "Included studies",
        (
            *stage.included(
                studies,
                reports,
                spread,
                kept=kept,
                outcomes=screening,
                n_in_all=rounds.not_listed(flow, studies) if flow else None,
            ),
            *rounds.included(studies, settled, found_in, kept=kept),
            *rounds.retired(gone),
        ),
        figures=tuple(
            Figure(f"by-{column}", f"Studies by {column}", partial(bars, studies, column))
            for column in spread
        ),
        sheets=(
            characteristics(studies, citations=cite_studies(reports, unique)),
            *(study_counts(studies, column) for column in spread),
        ),
    )
    if review.has(tables.APPRAISAL):
        yield _quality(review, laid_down)
    if review.has(tables.THEMES):
        yield _themes(review)
    if review.has(tables.FINDINGS):
        yield _findings(review)


def _tell_of_other_votes(
    review: "Review",
    laid_down: "Protocol",
    agreed: "Measured",
    votes: "pd.DataFrame",
    kept: "Mapping[str, str]",
) -> None:
    """Say where the agreement was measured on other votes than there are, in the way it says it was."""
    from peerreview.agreement.measure import Choices, is_of
    from peerreview.errors import InputErrors

    choices = Choices(
        votes_required=laid_down.votes_required, reasons=laid_down.reasons, reviewers=laid_down.reviewers
    )
    try:
        same = is_of(agreed, votes, kept=kept, choices=choices)
    except InputErrors:
        # What cannot be measured was not.
        same = False
    if not same:
        path = review.path(AGREEMENT)
        review.remark(f"{path} was measured on other votes; write it again with agreement -o {AGREEMENT}")


def _strategies(review: "Review", sources: "pd.DataFrame", records: "pd.DataFrame") -> "Section | None":
    """Return the searches as they were run, where the review keeps them."""
    from peerreview.cli.searching import files_of, read_searches
    from peerreview.paper.document import Section

    files = files_of(review)
    if not files:
        return None
    from peerreview.paper import searching

    found = read_searches(review, files, sources, records)
    return Section(
        "Search strategies",
        tuple(searching.sentences(found.lines, found.checked, sources)),
        sheets=(found.overview(), *found.appendix()),
    )


def _read_flow(review: "Review") -> "Flow | None":
    """Return the flow that ``prisma`` wrote as JSON; say where it is missing, or older than its tables."""
    path = review.path(FLOW)
    if not path.exists():
        review.remark(f"no {path}; write it with prisma -o {FLOW} to have the flow in the report")
        return None
    from peerreview.flow import exchange
    from peerreview.tables import reading

    review.note(path)
    counted = exchange.read_of(reading.read_text(path), path)
    for table in COUNTED:
        hashed = counted.inputs.get(table.name, "-")
        if hashed != "-" and review.has(table) and reading.digest(review.path(table)) != hashed:
            other = review.path(table)
            review.remark(f"{path} was counted from another {other}; write it again with prisma -o {FLOW}")
    return counted


def _draw(flow: "Flow") -> "Figure":
    from peerreview.flow import labels
    from peerreview.paper.document import Figure
    from peerreview.paper.figures import MILLIMETRES
    from peerreview.paper.figures.prisma import lay_out

    drawn = partial(lay_out, flow, labels.read(), across=TEXT_WIDTH / MILLIMETRES)
    return Figure("flow", "PRISMA 2020 flow diagram", drawn)


def _quality(review: "Review", laid_down: "Protocol") -> "Section":
    from peerreview.paper import evidence as stage
    from peerreview.paper.document import Figure, Section
    from peerreview.paper.figures import charts
    from peerreview.paper.sheets.appraisal import all_sheets

    found = read_appraisals(review, laid_down)
    return Section(
        "Quality appraisal",
        tuple(
            sentence
            for each in found
            for sentence in stage.quality(
                each.appraised, each.instrument, replace(laid_down, ratings=each.ratings)
            )
        ),
        figures=tuple(
            Figure(each.name, each.title, each.draw)
            for each in charts.of_appraisals(found, ("appraisal", "appraisal-summary"))
        ),
        sheets=tuple(all_sheets(found, summed=False)),
    )


def _retractions(review: "Review") -> "Section":
    from peerreview.flow import labels
    from peerreview.paper import retractions as stage
    from peerreview.paper.document import Section

    told = read_retractions(review)
    (works, *_) = stage.to_sheets(told.works, (), labels.read(), told.compared)
    return Section("Retractions", tuple(stage.sentences(told)), sheets=(works,) if works.rows else ())


def _findings(review: "Review") -> "Section":
    from peerreview.paper import evidence as stage
    from peerreview.paper.document import Section
    from peerreview.paper.sheets.findings import summary_of_findings

    found = read_findings(review)
    return Section("Findings", tuple(stage.certainty(found)), sheets=(summary_of_findings(found),))


def _themes(review: "Review") -> "Section":
    from peerreview.paper import evidence as stage
    from peerreview.paper.document import Figure, Section
    from peerreview.paper.figures import charts
    from peerreview.paper.sheets.themes import theme_sheets

    coding = read_coding(review)
    return Section(
        "Themes",
        tuple(stage.findings(coding)),
        figures=(Figure("themes", "Themes by study", partial(charts.heat_map, coding)),),
        sheets=tuple(theme_sheets(coding)),
    )
