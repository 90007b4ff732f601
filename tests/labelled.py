"""Labelled sets for dedupe: how they are read, and the measure per record."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from peerreview import tables

SAME = {
    "title": "title",
    "year": "year",
    "journal": "journal",
    "volume": "volume",
    "pages": "pages",
    "doi": "doi",
}
Row = dict[str, str]


@dataclass(frozen=True)
class Measured:
    """What a tool did to a set: ``n_lost`` groups without a survivor, ``n_left`` surplus survivors."""

    n_records: int
    n_duplicates: int
    n_lost: int
    n_left: int

    @property
    def n_removed_rightly(self) -> int:
        return self.n_duplicates - self.n_left

    @property
    def precision(self) -> float:
        return self.n_removed_rightly / max(self.n_removed_rightly + self.n_lost, 1)

    @property
    def recall(self) -> float:
        return self.n_removed_rightly / max(self.n_duplicates, 1)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_set(folder: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a labelled set's records, and record_id to group."""
    with (folder / "records.csv").open(encoding="utf-8", newline="") as stream:
        rows = [as_record(raw) for raw in csv.DictReader(stream)]
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as stream:
        groups = {raw["id"]: raw["group"] for raw in csv.DictReader(stream)}
    return tables.make(tables.RECORDS, rows), groups


def as_record(raw: Mapping[str, str | None]) -> Row:
    """Return a labelled set's row as one of ``records.csv``."""
    row = {column: raw.get(name) or "" for column, name in SAME.items()}
    return row | {
        "record_id": raw.get("id") or "",
        "source": raw.get("database") or "unknown",
        "source_kind": "database",
        "round": "1",
        "type": raw.get("ENTRYTYPE") or "",
        "journal": raw.get("journal") or raw.get("booktitle") or "",
        "issue": raw.get("number") or raw.get("issue") or "",
        "authors": "; ".join((raw.get("author") or "").split(" and ")),
        "abstract": raw.get("abstract") or "",
    }


def read_cases(path: Path) -> list[tuple[str, pd.DataFrame, bool]]:
    """Return the curated pairs: name, the two records, and whether they are one."""
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [
        (
            case["id"],
            tables.make(
                tables.RECORDS,
                [as_record(case[side] | {"id": side[-1]}) for side in ("record_a", "record_b")],
            ),
            case["expected_duplicate"],
        )
        for case in cases
    ]


def measure(groups: Mapping[str, str], kept: Iterable[str]) -> Measured:
    """Return what is lost and what is left where these records are kept."""
    survivors: dict[str, int] = dict.fromkeys(groups.values(), 0)
    for record_id in kept:
        survivors[groups[record_id]] += 1
    return Measured(
        n_records=len(groups),
        n_duplicates=len(groups) - len(survivors),
        n_lost=sum(n_kept == 0 for n_kept in survivors.values()),
        n_left=sum(n_kept - 1 for n_kept in survivors.values() if n_kept),
    )
