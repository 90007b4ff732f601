"""The records behind each box of a flow, as a reader can open them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview.flow import BOXES, OF_STUDIES, Box, Flow, Part, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from peerreview.flow.labels import Labels
    from peerreview.flow.ledger import Ledger

_FACTS = ("title", "authors", "year", "source")


@dataclass(frozen=True)
class Behind:
    """What stands behind a box: its label, its count as printed, and its records, by place in the list."""

    label: str
    count: str
    records: Sequence[int]


@dataclass(frozen=True)
class Listing:
    """
    The records behind each box of a figure.

    ``columns`` names the fields of ``records`` (the first is the id), rows of text in their order;
    ``boxes`` has each box or part of one (``box/part``); ``words`` are the page's own.
    """

    columns: Mapping[str, str]
    records: Sequence[Sequence[str]]
    boxes: Mapping[str, Behind]
    words: Mapping[str, str]
    thousands: str

    def to_json(self) -> dict[str, object]:
        """Return the listing as the page's script reads it."""
        return {
            "columns": [{"key": key, "label": label} for key, label in self.columns.items()],
            "records": self.records,
            "boxes": {key: vars(box) for key, box in self.boxes.items()},
            "words": self.words,
            "thousands": self.thousands,
        }


def list_behind(
    flow: Flow,
    records: pd.DataFrame,
    duplicates: pd.DataFrame,
    labels: Labels,
    *,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Listing:
    """
    Return the records behind each box, for a page that shows them.

    A box of studies lists the reports of each.

    Parameters
    ----------
    records : ``record_id, title, authors, year, doi``, as ``records.csv``.
    duplicates : ``record_id, duplicate_of, verdict``.
    more : further columns of ``records`` to show, each with its heading.
    """
    known = dict.fromkeys(records["record_id"])
    unknown = dict.fromkeys(
        record_id
        for key in BOXES
        if key not in OF_STUDIES
        for record_id in flow[key].ids
        if record_id not in known
    )
    rows = _rows([flow], records, duplicates, unknown)
    added = [records[column].tolist() for column in more]
    for number, row in enumerate(rows):
        row += [cells[number] if number < len(records) else "" for cells in added]
    place = {row[0]: number for number, row in enumerate(rows)}
    boxes = {}
    for key in BOXES:
        box = flow.boxes.get(key)
        if box is None or box.n is None:
            continue
        label = labels.full(key, updated=flow.is_updated)
        boxes[key] = _listed(label, box, _records_of(flow, key, box), place, labels)
        for part in box.parts:
            boxes[f"{key}/{part.label}"] = _listed(f"{label}: {part.label}", part, part.ids, place, labels)
    listed = _page(rows, boxes, labels)
    return replace(listed, columns={**listed.columns, **more})


def list_versions(ledger: Ledger, records: pd.DataFrame, duplicates: pd.DataFrame, labels: Labels) -> Listing:
    """
    Return the records behind each count of each version, as ``list_behind``; keys are ``line/version``.

    Parameters
    ----------
    records : ``record_id, title, authors, year, doi``, as ``records.csv``.
    duplicates : ``record_id, duplicate_of, verdict``.
    """
    rows = _rows([version.flow for version in ledger.versions], records, duplicates, ())
    place = {row[0]: number for number, row in enumerate(rows)}
    boxes = {}
    for version in ledger.versions:
        named = labels["ledger.version"].replace("{n}", str(version.number))
        for line, box in version.counts.items():
            name = labels.get(f"ledger.{line}", "") or labels.full(line)
            ids = _records_of(version.flow, line, box)
            boxes[f"{line}/{version.number}"] = _listed(f"{named}: {name}", box, ids, place, labels)
    return _page(rows, boxes, labels)


def _rows(
    flows: Iterable[Flow], records: pd.DataFrame, duplicates: pd.DataFrame, unknown: Iterable[str]
) -> list[list[str]]:
    """Return a row per record: what it is, why it was excluded, of what it is a duplicate, of which study."""
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    duplicate_of = dict(zip(removed["record_id"], removed["duplicate_of"], strict=True))
    reasons: dict[str, str] = {}
    study_of: dict[str, str] = {}
    for flow in flows:
        for key in ("excluded", "reports_excluded", "other_reports_excluded"):
            reasons |= {each: part.label for part in flow[key].parts for each in part.ids}
        study_of |= {each: study for study, ids in flow.reports_of.items() for each in ids}
    facts = [records[column] for column in _FACTS]
    rows = [list(row) for row in zip(records["record_id"], *facts, strict=True)]
    rows += [[record_id, "", "", "", ""] for record_id in unknown]
    for row in rows:
        record_id = row[0]
        row += [reasons.get(record_id, ""), duplicate_of.get(record_id, ""), study_of.get(record_id, "")]
    return rows


def _page(rows: list[list[str]], boxes: dict[str, Behind], labels: Labels) -> Listing:
    columns = ("record_id", *_FACTS, "reason", "duplicate_of", "study")
    return Listing(
        columns={key: labels[f"page.{key}"] for key in columns},
        records=rows,
        boxes=boxes,
        words={word: labels[f"page.{word}"] for word in ("boxes", "search", "close", "more", "of")},
        thousands=labels["thousands"],
    )


def _records_of(flow: Flow, key: str, box: Box) -> Iterable[str]:
    if key in OF_STUDIES:
        return [record_id for study in box.ids for record_id in flow.reports_of.get(study, ())]
    return box.ids


def _listed(
    label: str, counted: Box | Part, ids: Iterable[str], place: dict[str, int], labels: Labels
) -> Behind:
    return Behind(
        label,
        count=labels.count(counted.n or 0) + marks(counted.basis),
        records=sorted(place[record_id] for record_id in ids if record_id in place),
    )
