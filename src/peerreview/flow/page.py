"""The records behind each box of a flow, as a reader can open them."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from peerreview.flow import BOXES, OF_STUDIES, Box, Flow, Part, marks
from peerreview.flow.labels import Labels

_FACTS = ("title", "authors", "year", "source")


def list_behind(
    flow: Flow, records: pd.DataFrame, duplicates: pd.DataFrame, labels: Labels
) -> dict[str, Any]:
    """
    Return the records behind each box, for a page that shows them.

    Parameters
    ----------
    records : ``record_id, title, authors, year, doi``, as ``records.csv``.
    duplicates : ``record_id, duplicate_of, verdict``.

    Returns
    -------
    ``columns`` (the first is the id), ``records`` (rows of text in their
    order) and ``boxes``: per box or part of one (``box/part``) its ``label``,
    ``count`` and ``records`` (places in ``records``). A box of studies lists
    the reports of each.
    """
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    duplicate_of = dict(zip(removed["record_id"], removed["duplicate_of"], strict=True))
    reasons = {
        record_id: part.label
        for key in ("excluded", "reports_excluded", "other_reports_excluded")
        for part in flow[key].parts
        for record_id in part.ids
    }
    study_of = {record_id: study for study, ids in flow.reports_of.items() for record_id in ids}
    known = dict.fromkeys(records["record_id"])
    unknown = dict.fromkeys(
        record_id
        for key in BOXES
        if key not in OF_STUDIES
        for record_id in flow[key].ids
        if record_id not in known
    )
    facts = [records[column] for column in _FACTS]
    rows = [list(row) for row in zip(records["record_id"], *facts, strict=True)]
    rows += [[record_id, "", "", "", ""] for record_id in unknown]
    place = {row[0]: number for number, row in enumerate(rows)}
    for row in rows:
        record_id = row[0]
        row += [reasons.get(record_id, ""), duplicate_of.get(record_id, ""), study_of.get(record_id, "")]
    boxes = {}
    for key in BOXES:
        box = flow.boxes.get(key)
        if box is None or box.n is None:
            continue
        label = labels.full(key, updated=flow.is_updated)
        boxes[key] = _listed(label, box, _records_of(flow, key, box), place, labels)
        for part in box.parts:
            boxes[f"{key}/{part.label}"] = _listed(f"{label}: {part.label}", part, part.ids, place, labels)
    words = ("record_id", *_FACTS, "reason", "duplicate_of", "study")
    return {
        "columns": [{"key": key, "label": labels[f"page.{key}"]} for key in words],
        "records": rows,
        "boxes": boxes,
        "words": {word: labels[f"page.{word}"] for word in ("boxes", "search", "close", "more", "of")},
        "thousands": labels["thousands"],
    }


def _records_of(flow: Flow, key: str, box: Box) -> Iterable[str]:
    if key in OF_STUDIES:
        return [record_id for study in box.ids for record_id in flow.reports_of.get(study, ())]
    return box.ids


def _listed(
    label: str, counted: Box | Part, ids: Iterable[str], place: dict[str, int], labels: Labels
) -> dict[str, Any]:
    return {
        "label": label,
        "count": labels.count(counted.n or 0) + marks(counted.basis),
        "records": sorted(place[record_id] for record_id in ids if record_id in place),
    }
