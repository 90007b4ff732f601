"""Tables for tests that state only what matters to them."""

from collections.abc import Sequence

import pandas as pd

from peerreview import tables
from peerreview.tables import Table


def make(table: Table, **columns: Sequence[str]) -> pd.DataFrame:
    """Return a table with these columns; the others blank, ids r1, r2 … and a database as the source."""
    n_rows = max((len(cells) for cells in columns.values()), default=0)
    defaults = {
        "record_id": [f"r{number}" for number in range(1, n_rows + 1)],
        "source": ["MEDLINE"] * n_rows,
        "source_kind": ["database"] * n_rows,
        "round": ["1"] * n_rows,
    }
    filled = {
        column: list(columns.get(column, defaults.get(column, [""] * n_rows))) for column in table.all_columns
    }
    filled |= {column: list(cells) for column, cells in columns.items() if column not in filled}
    return pd.DataFrame(filled, dtype="str")


def make_records(**columns: Sequence[str]) -> pd.DataFrame:
    """Return records r1, r2 … with these columns."""
    return make(tables.RECORDS, **columns)


def make_votes(*rows: str) -> pd.DataFrame:
    """Return votes from lines like ``r1 ana title_abstract include [reason role time]``."""
    names = tables.VOTES.all_columns
    return tables.make(tables.VOTES, [dict(zip(names, row.split(), strict=False)) for row in rows])


def make_ris(*lines: str) -> bytes:
    """Return a RIS export of one journal article with these lines."""
    return "\n".join(["TY  - JOUR", *lines, "ER  - ", ""]).encode()
