"""Whether the tables that ``dedupe`` writes are of one run of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview import tables

if TYPE_CHECKING:
    import pandas as pd


def check_one_run(unique: pd.DataFrame, duplicates: pd.DataFrame) -> list[str]:
    """
    Check that two tables are of one run of ``dedupe``; return the kept records that the first lacks.

    A run that is cut short, or two that ran at once, may leave one table
    of each: votes would then follow a record to one that nobody screens.
    A part of the unique records is no fault: what it lacks is returned.

    Parameters
    ----------
    unique : ``record_id``, and ``duplicates`` where ``dedupe`` filled it in.
    duplicates : ``record_id, duplicate_of, verdict``.

    Raises
    ------
    InputErrors
        For each unique record that was removed, or whose duplicates are others.
    """
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    kept = dict(zip(removed["record_id"].tolist(), removed["duplicate_of"].tolist(), strict=True))
    of_kept: dict[str, list[str]] = {}
    for record_id, other in kept.items():
        of_kept.setdefault(other, []).append(record_id)
    told = unique["duplicates"].tolist()
    is_told = any(told)
    problems = []
    for row, (record_id, others) in enumerate(zip(unique["record_id"].tolist(), told, strict=True)):
        if record_id in kept:
            problems.append((row, f"{record_id!r} was removed as a duplicate of {kept[record_id]!r}"))
        elif is_told and others != tables.LIST.join(sorted(of_kept.get(record_id, ()))):
            here, there = others or "none", tables.LIST.join(sorted(of_kept.get(record_id, ()))) or "none"
            problems.append((row, f"duplicates of {record_id!r} are {here} here, and {there} in the pairs"))
    if problems:
        cure = "the two tables are of two runs; run dedupe again"
        raise tables.row_errors(unique, [(row, f"{message}: {cure}") for row, message in problems])
    return sorted(of_kept.keys() - set(unique["record_id"]))
