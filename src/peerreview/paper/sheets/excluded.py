"""Outcomes → the table of full texts excluded, each with its reason."""

import pandas as pd

from peerreview import tables
from peerreview.paper.citations import by_name, cite
from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.tables import is_synthetic

NAME = "excluded"
HELP = "Lay out the reports excluded at full text, with reasons."
TABLES: tuple[str, ...] = ("screening", "unique")
OPTIONAL: tuple[str, ...] = ("sources",)
NO_REASON = "no reason given"


def excluded_reports(screening: pd.DataFrame, unique: pd.DataFrame, declared: pd.DataFrame) -> Sheet:
    """
    Return the full texts that were excluded, each with its reason and citation.

    Parameters
    ----------
    screening : ``record_id, stage, outcome, reason``.
    unique : ``record_id, source`` and what is cited.
    declared : the sources; what a source declared synthetic found is synthetic.

    References
    ----------
    PRISMA 2020, item 16b, doi:10.1136/bmj.n71.
    """
    made_up_sources = {row["source"] for row in tables.rows(declared) if is_synthetic(row, "source")}
    gone = screening[(screening["stage"] == "full_text") & (screening["outcome"] == "exclude")]
    cited = unique[unique["record_id"].isin(gone["record_id"])]
    records = {row["record_id"]: row for row in tables.rows(cited)}
    rows = []
    for row in tables.rows(gone):
        record = records.get(row["record_id"])
        text = cite(record) if record else "not among the records"
        made_up = is_synthetic(row, "outcome") or (record is not None and record["source"] in made_up_sources)
        rows.append((row["reason"] or NO_REASON, text, made_up, row["record_id"]))
    rows.sort(key=lambda each: (each[0], by_name(each[1]), each[3]))
    columns = (
        Column("reference", "Reference"),
        Column("reason", "Reason for exclusion"),
        Column("record_id", "Record"),
    )
    return Sheet(
        "excluded", "Full texts excluded, with reasons", columns,
        tuple(
            (Cell(text, made_up), Cell(reason, made_up), Cell(record_id))
            for reason, text, made_up, record_id in rows
        ),
        (f"{len(rows):,} report{'' if len(rows) == 1 else 's'} excluded at full text.",),
    )  # fmt: skip


def lay_out(screening: pd.DataFrame, unique: pd.DataFrame, sources: pd.DataFrame) -> Sheet:
    """
    Return the sheet as the registry asks for it: each table by its name.

    Parameters
    ----------
    screening : ``record_id, stage, outcome, reason``.
    unique : ``record_id, source`` and what is cited.
    sources : ``source`` and optionally ``basis``.
    """
    return excluded_reports(screening, unique, sources)
