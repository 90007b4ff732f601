"""Sheets of judgements → rows of ``appraisal.csv``: long ones, and a row per study as robvis has it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.synthesis.instrument import Instrument, comparable
from peerreview.synthesis.studies import COLUMNS, by_name, column_of, ids_of
from peerreview.tables import header_error, places

_OTHERS = {
    "result": ("result", "results", "outcome"),
    "weight": ("weight", "weights"),
    "reviewer": tables.APPRAISERS,
    "role": ("role",),
    "basis": ("basis",),
    "note": ("note", "notes", "comment", "comments"),
}
_CODED = re.compile(
    r"((?:[a-z]|[a-z]+ )?[0-9]+(?:\.[0-9]+)?)[.:)]\s+(\S.*)|([a-z][0-9]+|[0-9]+\.[0-9]+)\s+(\S.*)"
)
"""An item's id before its words: *1.1. Is the …*, *D1 randomisation*; a lone number only before a sign."""
_WHY = re.compile(
    r"\b(?:justifications?|rationale|comments?|notes?|explanations?|support\w*|reasons?|quotes?|text|why|page)\b"
)
"""What a column that begins with an item's id says instead of a judgement."""
_BIAS = re.compile(r"^bias (?:arising from|due to|in) (?:the )?")


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
    names = {comparable(str(column)): str(column) for column in raw.columns}
    if {"item", "judgement"} & set(names):
        return Judgements(tables.check(_with_ids(raw, studies, names), tables.APPRAISAL), "long")
    if not _items(raw, instrument):
        if column_of(map(str, raw.columns)) and "study id" not in names:
            listed = ", ".join(each.item for each in instrument.items[:3])
            found = ", ".join(map(str, raw.columns))
            raise header_error(raw, f"no column is an item of {instrument.name} ({listed} …); found {found}")
        return Judgements(tables.check(raw, tables.APPRAISAL), "long")
    return _from_sheet(raw, studies, instrument)


def _with_ids(raw: pd.DataFrame, studies: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a long table with the ids of its studies, where it calls these by their labels."""
    called = {names[each]: "reviewer" for each in _OTHERS["reviewer"][1:] if each in names}
    study = "" if "study id" in names else column_of(map(str, raw.columns))
    if not study:
        return raw.rename(columns=called)
    ids = ids_of(raw, study, by_name(studies))
    return raw.rename(columns={**called, study: "study_id"}).assign(study_id=ids)


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
    rows, positions = [], []
    ids = ids_of(raw, study, by_name(studies))
    for position, (study_id, row) in enumerate(zip(ids, raw.to_dict("records"), strict=True)):
        common = {name: row[column].strip() for name, column in others.items()}
        for column, item in items.items():
            if row[column].strip():
                rows.append(common | {"study_id": study_id, "item": item, "judgement": row[column].strip()})
                positions.append(position)
    made = places.put(tables.make(tables.APPRAISAL, rows), places.take(raw, positions))
    unread = [column for column in left if column not in (study, *others.values())]
    remarks = (f"columns that are no item and are not read: {', '.join(unread)}",) if unread else ()
    return Judgements(tables.check(made, tables.APPRAISAL), "wide", remarks)


def _items(raw: pd.DataFrame, instrument: Instrument) -> dict[str, str]:
    """
    Return column → item: by the item's id, its text, both, or what people call it (Q1, Item 1, Domain 1).

    Raises
    ------
    InputError
        Where two columns are one item.
    """
    known = dict(instrument.spellings)
    texts = [_label(each.text) for each in instrument.items]
    for each, text in zip(instrument.items, texts, strict=True):
        if texts.count(text) == 1:
            known.setdefault(text, each.item)
    found: dict[str, str] = {}
    for column in raw.columns:
        name = comparable(str(column))
        coded = _CODED.fullmatch(name)
        item = known.get(name) or known.get(_label(name))
        if coded and not item and not _WHY.search(coded[2] or coded[4]):
            item = known.get(coded[1] or coded[3])
        if item is None:
            continue
        if item in found.values():
            first = next(name for name, other in found.items() if other == item)
            raise header_error(raw, f"columns {first!r} and {column!r} are both item {item}")
        found[str(column)] = item
    return found


def _label(text: str) -> str:
    """
    Return a domain's name without how its authors begin it, in British spelling.

    >>> _label("Bias arising from the randomization process")
    'randomisation process'
    """
    return _BIAS.sub("", comparable(text)).replace("randomiz", "randomis").replace("mising ", "missing ")
