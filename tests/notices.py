"""Labelled pairs of a notice and a record: how they are read, and what is said of each record."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from peerreview.duplicates import retractions
from peerreview.imports.notices import COLUMNS
from peerreview.values import identifiers
from tests.builders import make_records

PAIRS = Path(__file__).parent / "duplicates" / "notices.csv"
Said = frozenset[tuple[str, str]]
"""What a record is: of the paper or the notice itself, and the kind of notice."""
MEANINGS = MappingProxyType(
    {
        "retracted": ("paper", "retraction"),
        "concern": ("paper", "concern"),
        "corrected": ("paper", "correction"),
        "reinstated": ("paper", "reinstatement"),
        "withdrawn": ("paper", "withdrawal"),
        "erratum": ("notice", "correction"),
        "retraction notice": ("notice", "retraction"),
    }
)
IN_DOUBT = frozenset({"retraction", "withdrawal", "concern"})


@dataclass(frozen=True)
class Pair:
    """
    A record, the notices that it is looked for in, none or one, and what it is.

    ``way`` is ``identifier``, ``title``, or ``itself``: what the record says of itself.
    """

    label: str
    way: str
    record: pd.DataFrame
    notices: pd.DataFrame
    source: str

    @property
    def meaning(self) -> Said:
        return frozenset(MEANINGS[name] for name in self.label.split("; ") if name in MEANINGS)


def read_pairs() -> list[Pair]:
    """Return the labelled pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return [
        Pair(
            row["label"],
            row["way"],
            make_records(
                record_id=["r1"],
                type=[row["record_type"]],
                title=[row["record_title"]],
                authors=[row["record_authors"]],
                year=[row["record_year"]],
                doi=[identifiers.doi(row["record_doi"])],
                pmid=[row["record_pmid"]],
                extra=[row["record_links"]],
            ),
            make_notices([row] if row["notice_kind"] else []),
            row["source"],
        )
        for row in rows
    ]


def make_notices(rows: Iterable[dict[str, str]]) -> pd.DataFrame:
    """Return rows of the labelled pairs as notices."""
    return pd.DataFrame(
        [
            {name: row.get(name, "") for name in COLUMNS}
            | {"kind": row["notice_kind"]}
            | {name: identifiers.same_doi(row[name]) for name in ("doi", "notice_doi")}
            for row in rows
        ],
        columns=list(COLUMNS),
        dtype="str",
    )


def what_is_said(pair: Pair) -> Said:
    """Return what is said of a pair's record, by itself and by the notice."""
    found = retractions.find(pair.record, pair.notices)
    said = retractions.what_they_say(pair.record, retractions.are_notices(found))
    return frozenset(zip(said["about"], said["kind"], strict=True)) | {
        (about, pair.notices["kind"].iloc[row])
        for about, row in zip(found["about"], found["notice"], strict=True)
    }


@dataclass(frozen=True)
class Measured:
    """How many pairs of a label and a way there are, are found, and are called in doubt and are not."""

    label: str
    way: str
    n: int
    n_found: int
    n_wrongly_doubted: int


def measure(pairs: Iterable[Pair]) -> list[Measured]:
    """Return what is found of each label and way."""
    counts: dict[tuple[str, str], list[int]] = {}
    for pair in pairs:
        said, meaning = what_is_said(pair), pair.meaning
        doubted = {kind for about, kind in said - meaning if about == "paper"} & IN_DOUBT
        count = counts.setdefault((pair.label, pair.way), [0, 0, 0])
        is_found = meaning <= said if meaning else not said
        for place, add in enumerate((1, is_found, bool(doubted))):
            count[place] += add
    return [Measured(*key, *count) for key, count in sorted(counts.items())]


def recall(measured: Iterable[Measured], way: str) -> float:
    """Return the share that is found of what is to be found in a way."""
    asked = [each for each in measured if each.way == way and each.label != "none"]
    return sum(each.n_found for each in asked) / sum(each.n for each in asked)
