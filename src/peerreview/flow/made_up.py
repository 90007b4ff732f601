"""Which counts of a flow rest on something made up, as a worked example has it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

import pandas as pd

from peerreview.flow import OF_STUDIES, Box, Part
from peerreview.tables import SYNTHETIC

_Counted = TypeVar("_Counted", Box, Part)
_OF_LINKS = ("reports", "reports_of_previous", "retired_reports", "total_reports", "reports_ma")


def mark_synthetic(
    boxes: Mapping[str, Box],
    *,
    records: pd.DataFrame,
    screening: pd.DataFrame,
    sources: pd.DataFrame | None,
    linked: Collection[str],
    studies: pd.DataFrame | None,
) -> dict[str, Box]:
    """
    Return boxes and their parts, marked where a row behind them says that it is synthetic.

    Records are synthetic where their source is, or their outcome; studies by
    ``studies.csv``, and ``linked`` are the reports that ``reports.csv`` says
    it of. Only a ``basis`` does: a DOI that looks invented may be a real
    paper's.

    Parameters
    ----------
    records : ``record_id, source``.
    screening : ``record_id``.
    sources : ``source``.
    studies : ``study_id``. Of each, an optional ``basis``.
    """
    found = set()
    if sources is not None and "basis" in sources:
        made_up = set(sources.loc[says_synthetic(sources), "source"])
        found |= set(records.loc[records["source"].isin(made_up), "record_id"])
    found |= _ids(records, "record_id") | _ids(screening, "record_id")
    of_studies = _ids(studies, "study_id")
    if not (found or linked or of_studies):
        return dict(boxes)
    marked = {}
    for key, box in boxes.items():
        behind = of_studies if key in OF_STUDIES else linked if key in _OF_LINKS else found
        marked[key] = replace(_marked(box, behind), parts=tuple(_marked(part, behind) for part in box.parts))
    return marked


def _marked(counted: _Counted, behind: Collection[str]) -> _Counted:
    if counted.basis or not any(each in behind for each in counted.ids):
        return counted
    return replace(counted, basis=SYNTHETIC)


def says_synthetic(table: pd.DataFrame) -> "pd.Series[bool]":
    """
    Return which rows of a table say by their ``basis`` that something of them is made up.

    Parameters
    ----------
    table : any, with an optional column ``basis``.
    """
    if "basis" not in table:
        return pd.Series(data=False, index=table.index)
    return table["basis"].str.contains(SYNTHETIC, regex=False)


def _ids(table: pd.DataFrame | None, column: str) -> set[str]:
    return set() if table is None else set(table.loc[says_synthetic(table), column])
