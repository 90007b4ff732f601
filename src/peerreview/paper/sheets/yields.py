"""Sources → what each gave: records, works found only there, screened in, included, number needed to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of, without_blank_columns
from peerreview.tables import is_synthetic
from peerreview.values.lists import series

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.flow.yields import Yield, Yields

NAME = "yield"
HELP = "Lay out what each source gave the review, and which could be left out next time."
TABLES: tuple[str, ...] = ("records", "unique", "screening")
OPTIONAL: tuple[str, ...] = ("reports", "sources", "duplicates", "changes")
_MOST_SETS = 3


def yields(found: Yields, declared: pd.DataFrame) -> Sheet:
    """
    Return what each source gave, a row per source.

    Parameters
    ----------
    found : as ``count_yields`` returns it.
    declared : ``source`` and optionally ``basis``; what a synthetic source gave is synthetic.
    """
    made_up = {row["source"] for row in tables.rows(declared) if is_synthetic(row, "source")}
    counts = {
        "records": "Records", "works": "After deduplication", "alone": "Found only there",
        "screened_in": "Screened in", "included": "Reports included",
        "included_alone": "Included, only there",
        "studies": "Studies included", "studies_alone": "Studies, only there",
        "number_needed_to_read": "Number needed to read",
    }  # fmt: skip
    columns = (
        Column("source", "Source"),
        Column("source_kinds", "Kind"),
        *(Column(name, heading, number=True) for name, heading in counts.items()),
    )
    rows = [
        [
            Cell(text, bool(place > 1 and each.source in made_up))
            for place, text in enumerate(_cells(each, found))
        ]
        for each in found.sources
    ]
    sheet = Sheet("yield", "What each source gave", columns, rows_of(rows), tuple(_notes(found)))
    return without_blank_columns(sheet)


def _cells(each: Yield, found: Yields) -> tuple[str, ...]:
    of_studies = (each.studies, each.studies_alone)
    to_read = each.number_needed_to_read
    return (
        each.name,
        each.kind.replace("_", " "),
        *(
            f"{n:,}"
            for n in (
                each.records,
                each.works,
                each.alone,
                each.screened_in,
                each.included,
                each.included_alone,
            )
        ),
        *(f"{n:,}" if found.n_studies else "" for n in of_studies),
        "" if to_read is None else f"{to_read:,.1f}",
    )


def _notes(found: Yields) -> list[str]:
    notes = [
        "A work that several sources have counts in each, so that columns do not add up to their totals.",
        "Number needed to read: works of the source screened for one report included; blank where none is.",
    ]
    if found.n_open:
        more = tables.counted(found.n_open, "work is", "works are")
        notes.append(f"{more} not judged to the end: what is included may grow.")
    if not found.n_in_databases:
        return [*notes, "Nothing that a database or register found is included."]
    spare = found.without_loss
    if spare:
        without = spare[0] if len(spare) == 1 else f"any one of {series(spare, 'or')}"
        notes.append(f"Without {without}, no included report would be missing.")
    else:
        notes.append("Each database or register has an included report that no other source has.")
    if found.fewest:
        sets = [series(chosen) for chosen in found.fewest[:_MOST_SETS]]
        more = f", or {len(found.fewest) - _MOST_SETS:,} other sets" if len(found.fewest) > _MOST_SETS else ""
        of_all = sum(each.is_database for each in found.sources)
        notes.append(
            "The fewest databases and registers that together found each included report that any of them "
            f"did ({found.n_in_databases:,} in all): "
            f"{len(found.fewest[0])} of {of_all} ({', or '.join(sets)}{more})."
        )
    notes.append("Known after the fact and of this review alone: another question may need another choice.")
    return notes


def lay_out(
    records: pd.DataFrame,
    unique: pd.DataFrame,
    screening: pd.DataFrame,
    reports: pd.DataFrame,
    sources: pd.DataFrame,
    duplicates: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
) -> Sheet:
    """
    Return the sheet as the registry asks for it: each table by its name.

    Parameters
    ----------
    records : ``record_id, source, source_kind``.
    unique : ``record_id, sources, duplicates``.
    screening : ``record_id, stage, outcome``.
    reports : ``record_id, study_id``.
    sources : ``source`` and optionally ``basis``.
    duplicates : ``record_id, duplicate_of, verdict``.
    changes : ``study_id, change``.
    """
    from peerreview.flow.yields import count_yields  # noqa: PLC0415  all of ``table`` ask for its name

    return yields(count_yields(records, unique, screening, reports, duplicates, changes), sources)
