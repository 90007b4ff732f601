"""Included studies → their tables: characteristics, and how many have each value of a column."""

from collections.abc import Mapping, Sequence

import pandas as pd

from peerreview import tables
from peerreview.paper.sheets import Cell, Column, Sheet, heading_of, percent
from peerreview.synthesis.extraction import extracted, must_have
from peerreview.tables import is_outside, is_synthetic


def characteristics(
    studies: pd.DataFrame, *, citations: Mapping[str, str] | None = None, columns: Sequence[str] = ()
) -> Sheet:
    """
    Return the characteristics of the included studies, a row each.

    Parameters
    ----------
    studies : ``study_id, label`` and what was extracted. A cell is synthetic where
        the row's ``basis`` or the cell's ``<column>_basis`` says so.
    citations : study_id → its reports' references.
    columns : those to show; all without their ``_basis`` where empty.

    Raises
    ------
    InputError
        For a column that is not there.
    """
    shown = list(columns) or extracted(studies)
    for column in shown:
        must_have(studies, column)
    headings = [Column("label", "Study"), *(Column(column, heading_of(column)) for column in shown)]
    rows = []
    for row in tables.rows(studies):
        cells = [Cell(row["label"])]
        cells += [
            Cell(row[column], is_synthetic(row, column), outside=is_outside(row, column)) for column in shown
        ]
        if citations:
            cells.append(Cell(citations.get(row["study_id"], "")))
        rows.append(tuple(cells))
    if citations:
        headings.append(Column("references", "References"))
    return Sheet(
        "characteristics", "Characteristics of the included studies", tuple(headings), tuple(rows),
        ("1 study." if len(studies) == 1 else f"{len(studies)} studies.",),
    )  # fmt: skip


def study_counts(studies: pd.DataFrame, column: str) -> Sheet:
    """
    Return how many studies have each value of a column, the most frequent first.

    Parameters
    ----------
    studies : ``study_id``, the column to count and optionally its ``<column>_basis``.
    column : its name.

    Raises
    ------
    InputError
        For a column that is not there.
    """
    must_have(studies, column)
    found: dict[str, list[bool]] = {}
    outside = set()
    for row in tables.rows(studies):
        found.setdefault(row[column], []).append(is_synthetic(row, column))
        outside |= {row[column]} if is_outside(row, column) else set()
    rows = []
    for value, made_up in sorted(found.items(), key=lambda each: (not each[0], -len(each[1]), each[0])):
        n, whole = len(made_up), len(studies)
        mark = any(made_up)
        rows.append(
            (
                Cell(value or "not reported"),
                Cell(str(n), mark, outside=value in outside),
                Cell(percent(n, whole), mark, outside=value in outside),
            )
        )
    heading = heading_of(column)
    columns = (Column(column, heading), Column("n", "n", number=True), Column("percent", "%", number=True))
    return Sheet(
        f"by-{column}", f"Studies by {heading[:1].lower()}{heading[1:]}", columns, tuple(rows),
        (f"Unit: studies (N = {len(studies)}).",),
    )  # fmt: skip
