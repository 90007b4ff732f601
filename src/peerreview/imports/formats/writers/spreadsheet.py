"""A table of references, as people and screening tools read it."""

from typing import TYPE_CHECKING

from peerreview.imports.formats.shared.marks import mark
from peerreview.imports.formats.spreadsheet import OWN_COLUMNS
from peerreview.imports.formats.writers import meanings
from peerreview.imports.formats.writers.meanings import Further, Row
from peerreview.tables import CONTENT, LIST
from peerreview.tables.writing import for_people

if TYPE_CHECKING:
    import pandas as pd

NAME = "spreadsheet"
_RENAMED = {"source": "database", "accession": "accession_number"}
"""Others take our own names for the journal, and for a number of theirs."""


def write(records: "pd.DataFrame") -> "pd.DataFrame":
    """
    Return records as a spreadsheet that people and other tools read; no cell of it is run as a formula.

    A field of ``extra`` has the column of its meaning, one of a spreadsheet
    else its own; a column that no record fills is left out. The record's id
    stands in ``notes``, too: Rayyan brings no column back that it does not know.

    Parameters
    ----------
    records : ``record_id, source`` and the content columns of ``records.csv``, all text.
    """
    import pandas as pd  # noqa: PLC0415

    columns = ["record_id", "source", *(column for column in CONTENT if column != "extra")]
    # A comma alone would part "Child, Preschool".
    keywords = [f"{cell};" if "," in cell and LIST not in cell else cell for cell in records["keywords"]]
    written = (
        records[columns]
        .assign(keywords=pd.Series(keywords, dtype="str", index=records.index))
        .rename(columns=_RENAMED)
    )
    rows = records.to_dict("records")
    cells = [
        {name: LIST.join(placed.cells()) for name, placed in further(row).placed.items()} for row in rows
    ]
    for row, further_cells in zip(rows, cells, strict=True):
        further_cells["notes"] = LIST.join(
            filter(None, (further_cells.get("notes"), mark(str(row["record_id"]))))
        )
    filled = dict.fromkeys(name for each in cells for name, cell in each.items() if cell)
    ours = [name for name in meanings.table_columns() if name in filled or name == "notes"]
    for name in dict.fromkeys((*ours, *filled)):
        column = [each.get(name, "") for each in cells]
        written[name] = pd.Series(column, dtype="str", index=records.index)
    return for_people(written)


def further(row: Row) -> Further:
    """Return the columns of the fields that ``records.csv`` has none for."""
    return meanings.place(row, NAME, OWN_COLUMNS)
