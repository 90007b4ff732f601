"""Searches → their table: source, platform, date, records found and imported, query."""

import pandas as pd

from peerreview import tables
from peerreview.flow.searched import count_by_search
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of, without_blank_columns
from peerreview.tables import is_synthetic


def searches(declared: pd.DataFrame, records: pd.DataFrame) -> Sheet:
    """
    Return the searches: source, platform, date, records found and imported, query.

    Parameters
    ----------
    declared : the columns of ``sources.csv``.
    records : ``source_file, source``, as ``records.csv``.

    References
    ----------
    PRISMA-S, doi:10.1186/s13643-020-01542-z.
    """
    imported = count_by_search(declared, records)
    is_updated = set(declared["round"]) - {"", "1"}
    rows = []
    for row in tables.rows(declared):
        n = imported[row["file"], row["source"]]
        found = f"{int(row['records']):,}" if row["records"] else ""
        texts = {
            **row,
            "round": (row["round"] or "1") if is_updated else "",
            "source_kind": row["source_kind"].replace("_", " "),
            "records": found,
            "imported": f"{n:,}" if n else "",
        }
        rows.append(
            [
                Cell(
                    texts[column],
                    is_synthetic(row, column) and column in ("searched_on", "records", "imported", "query"),
                )
                for column in (
                    "source",
                    "source_kind",
                    "platform",
                    "searched_on",
                    "round",
                    "records",
                    "imported",
                    "query",
                )
            ]
        )
    columns = (
        Column("source", "Source"), Column("source_kind", "Kind"), Column("platform", "Platform"),
        Column("searched_on", "Searched on"), Column("round", "Round", number=True),
        Column("records", "Records found", number=True),
        Column("imported", "Imported", number=True), Column("query", "Search strategy"),
    )  # fmt: skip
    return without_blank_columns(Sheet("sources", "Sources searched", columns, rows_of(rows)))
