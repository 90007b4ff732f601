"""Citation searches → their table: seed references, directions, index and tool, day, and what they added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of, without_blank_columns
from peerreview.tables import is_synthetic
from peerreview.values import lists
from peerreview.values.identifiers import pmid, same_doi
from peerreview.values.lists import series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from peerreview.flow.yields import Yield, Yields

NAME = "citation-searching"
HELP = "Lay out the citation searches: seeds, directions, tools, and what they added."
TABLES: tuple[str, ...] = ("sources", "records", "unique", "screening")
OPTIONAL: tuple[str, ...] = ("reports", "duplicates", "changes")
KIND = "citation_searching"
DIRECTIONS = ("backward", "forward", "co-cited", "co-citing")
"""What is collected of a seed reference: those it cites, those that cite it, and those that share either."""
INCLUDED = "included"
"""As a seed: all included reports that another source than this one found."""


@dataclass(frozen=True, slots=True)
class _Search:
    """The rows of ``sources.csv`` that declare one source of citations."""

    source: str
    rows: tuple[Mapping[str, str], ...]

    def said(self, column: str) -> list[str]:
        """Return what the rows say in a column, each once, in their order."""
        return list(dict.fromkeys(part for row in self.rows for part in lists.split(row[column])))


def citation_searching(
    found: Yields,
    sources: pd.DataFrame,
    records: pd.DataFrame,
) -> Sheet:
    """
    Return the citation searches, a row per source, and below what a reader would miss.

    Parameters
    ----------
    found : as ``count_yields`` returns it for these tables.
    sources : ``source, source_kind, platform, searched_on, records, direction, seeds``; its rows of the kind
        ``citation_searching``. ``seeds``: record ids, DOIs and PMIDs, or ``included``.
    records : ``record_id, source, source_kind, doi, pmid``.

    Raises
    ------
    InputErrors
        For a direction that is none of ``DIRECTIONS``, with its line.

    References
    ----------
    Terms, and what is to be reported: TARCiS, doi:10.1136/bmj-2023-078384.
    """
    _check(sources)
    by_source: dict[str, list[Mapping[str, str]]] = {}
    for row in tables.rows(sources):
        if row["source_kind"] == KIND:
            by_source.setdefault(row["source"], []).append(row)
    searches = [_Search(source, tuple(rows)) for source, rows in by_source.items()]
    named = _named(records)
    of_databases = {each.name for each in found.sources if each.is_database}
    rows: list[list[Cell]] = []
    notes: list[str] = []
    for each in searches:
        gave = found.of(each.source, KIND)
        name = gave.name if gave else each.source
        others = {one for one in found.included if found.having[one] != {name}}
        own = [names for names in found.having.values() if name in names]
        known = sum(not of_databases.isdisjoint(listing) for listing in own)
        seeds = each.said("seeds")
        n_seeds = len(seeds) + (len(others) - 1 if INCLUDED in seeds else 0)
        made_up = any(is_synthetic(row, "source") for row in each.rows)
        texts = _cells(each, n_seeds, known, gave)
        rows.append([Cell(text, made_up and place > 0) for place, text in enumerate(texts)])
        notes += _notes(each, seeds, named, others)
    columns = (
        Column("source", "Citation index"), Column("platform", "Tool"), Column("direction", "Direction"),
        Column("seeds", "Seed references", number=True), Column("searched_on", "Searched on"),
        Column("records", "Records", number=True), Column("works", "After deduplication", number=True),
        Column("known", "Found by databases, too", number=True),
        Column("screened_in", "Screened in", number=True), Column("included", "Included", number=True),
        Column("included_alone", "Included, only there", number=True),
    )  # fmt: skip
    if not rows:
        notes = ["No search of sources.csv is of the kind citation_searching."]
    elif len(rows) == 1:
        notes.append("One citation index was searched; two together find more (TARCiS).")
    return without_blank_columns(
        Sheet("citation-searching", "Citation searching", columns, rows_of(rows), tuple(notes))
    )


def _check(sources: pd.DataFrame) -> None:
    wrong = [
        (place, f"direction {word!r} is not {series(DIRECTIONS, 'or')}")
        for place, cell in enumerate(sources["direction"].tolist())
        for word in lists.split(cell)
        if word not in DIRECTIONS
    ]
    if wrong:
        raise tables.places.row_errors(sources, wrong)


def _named(records: pd.DataFrame) -> frozenset[str]:
    """Return what a record can be called by as a seed."""
    return frozenset(
        {
            *records["record_id"],
            *(same_doi(each) for each in records["doi"]),
            *(f"pmid:{each}" for each in records["pmid"] if each),
        }
    )


def _cells(each: _Search, n_seeds: int, known: int, gave: Yield | None) -> Sequence[str]:
    told = (
        each.source,
        series(each.said("platform")),
        series(each.said("direction")),
        f"{n_seeds:,}" if n_seeds else "",
        series(each.said("searched_on")),
    )
    if gave is None:
        said = [int(row["records"]) for row in each.rows if row["records"]]
        return (*told, f"{sum(said):,}" if said else "", *[""] * 5)
    counts = (gave.records, gave.works, known, gave.screened_in, gave.included, gave.included_alone)
    return (*told, *(f"{n:,}" for n in counts))


def _notes(each: _Search, seeds: Sequence[str], named: frozenset[str], others: set[str]) -> Iterator[str]:
    missing = [
        word
        for column, word in (
            ("seeds", "seed references"), ("direction", "direction"), ("platform", "tool"),
            ("searched_on", "day"),
        )
        if not each.said(column)
    ]  # fmt: skip
    if missing:
        yield f"{each.source}: its {series(missing, 'or')} is not declared, which a report needs."
    unknown = [
        seed
        for seed in seeds
        if seed != INCLUDED and not named & {seed, same_doi(seed) or seed, f"pmid:{pmid(seed)}"}
    ]
    if unknown:
        one = "is" if len(unknown) == 1 else "are"
        yield f"{each.source}: of its seeds, {series(unknown)} {one} not among the records."
    if seeds and INCLUDED not in seeds and others:
        yield (
            f"{each.source}: {tables.counted(len(seeds), 'seed')}; the review includes "
            f"{tables.counted(len(others), 'report')} that other sources found."
        )


def lay_out(
    sources: pd.DataFrame,
    records: pd.DataFrame,
    unique: pd.DataFrame,
    screening: pd.DataFrame,
    reports: pd.DataFrame,
    duplicates: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
) -> Sheet:
    """
    Return the sheet as the registry asks for it: each table by its name.

    Parameters
    ----------
    sources : ``source, source_kind, platform, searched_on, records, direction, seeds``.
    records : ``record_id, source, source_kind, doi, pmid``.
    unique : ``record_id, sources, duplicates``.
    screening : ``record_id, stage, outcome``.
    reports : ``record_id, study_id``.
    duplicates : ``record_id, duplicate_of, verdict``.
    changes : ``study_id, change``.
    """
    from peerreview.flow.yields import count_yields  # noqa: PLC0415  all of ``table`` ask for its name

    found = count_yields(records, unique, screening, reports, duplicates, changes)
    return citation_searching(found, sources, records)
