"""Searches → their table: source, platform, date, records found and imported, query."""

from collections import Counter
from pathlib import PurePosixPath

import pandas as pd

from peerreview import tables
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of, without_blank_columns
from peerreview.tables import is_synthetic


def searches(declared: pd.DataFrame, records: pd.DataFrame) -> Sheet:
    """
    Return the searches: source, platform, date, records found and imported, query.

    References
    ----------
    PRISMA-S, doi:10.1186/s13643-020-01542-z.
    """
    imported = _imported(declared, records)
    is_updated = set(declared["round"]) - {"", "1"}
    rows = []
    for row in tables.rows(declared):
        n = imported[row["file"]]
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


def _imported(declared: pd.DataFrame, records: pd.DataFrame) -> Counter[str]:
    """Return how many records came from each declared file, which import knows by its name alone, too."""
    by_name: dict[str, list[str]] = {}
    for file in declared["file"]:
        by_name.setdefault(PurePosixPath(file).name, []).append(file)
    found: Counter[str] = Counter()
    for source_file, n in Counter(records["source_file"]).items():
        same_name = by_name.get(PurePosixPath(source_file).name, [])
        if source_file in same_name or len(same_name) == 1:
            found[source_file if source_file in same_name else same_name[0]] += n
    return found
