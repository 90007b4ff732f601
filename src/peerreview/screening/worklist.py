"""Full texts to get: where each was asked for, and whether it came; nothing that people filled in is lost."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

WRITTEN = ("decision", "requested_at", "requested_on", "requested_from", "note", "decided_at", "reason")
"""Columns that people fill in: got or not, where, when and from whom it was asked for."""
COLUMNS = (
    "decision", "requested_at", "requested_on", "requested_from", "note", "title", "authors", "year",
    "journal", "link", "record_id", "reviewer", "stage", "decided_at", "reason",
)  # fmt: skip
"""Columns of the list; once ``decision`` is filled in, it is an export that ``decisions`` reads."""


def list_sought(
    records: pd.DataFrame, sought: Collection[str], before: Sequence[Mapping[str, str]], reviewer: str
) -> pd.DataFrame:
    """
    Return the full texts that are sought, in the order of the records, with what people filled in before.

    A row in which somebody wrote stays, though its full text came or was given up.

    Parameters
    ----------
    records : ``record_id, title, authors, year, journal, doi, url``.
    before : the rows of the list as it stands.
    reviewer : who votes, where the list does not say.
    """
    own = {row["record_id"]: row for row in before if any(row.get(column) for column in WRITTEN)}
    columns = ("record_id", "title", "authors", "year", "journal", "doi", "url")
    rows = []
    for cells in zip(*(records[column].tolist() for column in columns), strict=True):
        row = dict(zip(columns, cells, strict=True))
        filled = own.pop(row["record_id"], None)
        if filled is None and row["record_id"] not in sought:
            continue
        link = f"https://doi.org/{row['doi']}" if row["doi"] else row["url"]
        said = {name: filled.get(name, "") for name in (*WRITTEN, "reviewer")} if filled else {}
        said = {"reviewer": reviewer} | {name: cell for name, cell in said.items() if cell}
        rows.append(row | {"link": link, "stage": "retrieval"} | said)
    # What is no record here any more stays as people left it.
    rows += [dict(row) for row in own.values()]
    cells_of = [{column: row.get(column, "") for column in COLUMNS} for row in rows]
    return pd.DataFrame(cells_of, columns=list(COLUMNS), dtype="str")
