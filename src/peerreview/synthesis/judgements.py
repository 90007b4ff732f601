"""Sheets of judgements → rows of ``appraisal.csv``: long ones, and a row per study as robvis has it."""

from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.synthesis.instrument import Instrument, comparable
from peerreview.synthesis.studies import COLUMNS, by_name, column_of
from peerreview.tables import header_error, places, row_errors

_OTHERS = {
    "result": ("result", "results", "outcome"),
    "weight": ("weight", "weights"),
    "reviewer": ("reviewer", "appraiser", "assessor"),
    "role": ("role",),
    "basis": ("basis",),
    "note": ("note", "notes", "comment", "comments"),
}


@dataclass(frozen=True)
class Judgements:
    """Judgements as a table of ours, the ``shape`` that they had (long, wide), and what was odd."""

    appraisal: pd.DataFrame
    shape: str
    remarks: tuple[str, ...] = ()


def read(raw: pd.DataFrame, studies: pd.DataFrame, instrument: Instrument) -> Judgements:
    """
    Return judgements of either shape as a table of ours.

    Parameters
    ----------
    studies : ``study_id, label``.
    raw : the cells as they stand: a row per study and item, or a row per study with a column per item,
        as the Excel tool of RoB 2 and robvis have it.

    Raises
    ------
    InputError, InputErrors
        Where a table breaks a rule.
    """
    names = {comparable(str(column)) for column in raw.columns}
    if {"item", "judgement"} & names or not _items(raw, instrument):
        return Judgements(tables.check(raw, tables.APPRAISAL), "long")
    return _from_sheet(raw, studies, instrument)


def _from_sheet(raw: pd.DataFrame, studies: pd.DataFrame, instrument: Instrument) -> Judgements:
    items = _items(raw, instrument)
    left = [str(column) for column in raw.columns if column not in items]
    study = column_of(left)
    if not study:
        raise header_error(raw, f"no column says which study; name one of {', '.join(COLUMNS[:3])}")
    others = {
        name: column
        for name, spellings in _OTHERS.items()
        for column in left
        if comparable(column) in spellings and column != study
    }
    belongs = by_name(studies)
    problems, rows, positions = [], [], []
    for position, row in enumerate(raw.to_dict("records")):
        cell = row[study].strip()
        found = belongs.get(comparable(cell), [])
        if len(found) > 1:
            problems.append((position, f"study {cell!r} may be {' or '.join(found)}; write the study_id"))
        elif not found:
            problems.append((position, f"study {cell!r} is not in the studies; add it there or correct it"))
        common = {name: row[column].strip() for name, column in others.items()}
        for column, item in items.items():
            if row[column].strip():
                judgement = {"study_id": "".join(found[:1]), "item": item, "judgement": row[column].strip()}
                rows.append(common | judgement)
                positions.append(position)
    if problems:
        raise row_errors(raw, problems)
    made = places.put(tables.make(tables.APPRAISAL, rows), places.take(raw, positions))
    unread = [column for column in left if column not in (study, *others.values())]
    remarks = (f"columns that are no item and are not read: {', '.join(unread)}",) if unread else ()
    return Judgements(tables.check(made, tables.APPRAISAL), "wide", remarks)


def _items(raw: pd.DataFrame, instrument: Instrument) -> dict[str, str]:
    """
    Return column → item: by the item's id, its text, or what people call it (Q1, Item 1, Domain 1).

    Raises
    ------
    InputError
        Where two columns are one item.
    """
    known = dict(instrument.spellings)
    texts = [comparable(each.text) for each in instrument.items]
    for each, text in zip(instrument.items, texts, strict=True):
        if texts.count(text) == 1:
            known.setdefault(text, each.item)
    found: dict[str, str] = {}
    for column in raw.columns:
        item = known.get(comparable(str(column)))
        if item is None:
            continue
        if item in found.values():
            first = next(name for name, other in found.items() if other == item)
            raise header_error(raw, f"columns {first!r} and {column!r} are both item {item}")
        found[str(column)] = item
    return found
