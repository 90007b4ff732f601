"""Records and duplicates to counts per source: found, again within it, again elsewhere, only there."""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from peerreview import tables
from peerreview.duplicates.lessons import NOTHING, Lessons, VenuePair
from peerreview.duplicates.listing import count_fewest


def count_sources(records: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """
    Return the counts of each source and what it shares with each other one.

    Parameters
    ----------
    records : columns of ``records.csv``.
    duplicates : as ``dedupe.find_duplicates`` returns them.

    Returns
    -------
    A row per source, in alphabetical order: ``source``, ``source_kinds``, ``found`` (records),
    ``within`` (records that the source itself has again), ``across`` (works that other sources have,
    too), ``unique`` (works that no other source has); ``found`` is the sum of the three. Then a column
    per source: works that both have; in its own column, the works that it has.
    """
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    kept = dict(zip(removed["record_id"].tolist(), removed["duplicate_of"].tolist(), strict=True))
    holders: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    found: dict[str, int] = {}
    for record_id, source, kind in zip(
        *(records[column].tolist() for column in ("record_id", "source", "source_kind")), strict=True
    ):
        holders.setdefault(kept.get(record_id, record_id), set()).add(source)
        kinds.setdefault(source, set()).add(kind)
        found[source] = found.get(source, 0) + 1
    sources = sorted(found)
    shared = {(one, other): 0 for one in sources for other in sources}
    unique = dict.fromkeys(sources, 0)
    for having in holders.values():
        if len(having) == 1:
            unique[next(iter(having))] += 1
        for source in having:
            shared[source, source] += 1
        for one, other in combinations(sorted(having), 2):
            shared[one, other] += 1
            shared[other, one] += 1
    rows = []
    for source in sources:
        works = shared[source, source]
        counts = {
            "found": found[source],
            "within": found[source] - works,
            "across": works - unique[source],
            "unique": unique[source],
        }
        row: dict[str, object] = {"source": source, "source_kinds": tables.LIST.join(sorted(kinds[source]))}
        rows.append(row | counts | {f"shared: {other}": shared[source, other] for other in sources})
    columns = ["source", "source_kinds", "found", "within", "across", "unique"]
    columns += [f"shared: {other}" for other in sources]
    return pd.DataFrame(rows, columns=columns)


def summarise(records: pd.DataFrame, duplicates: pd.DataFrame, counts: pd.DataFrame) -> Mapping[str, object]:
    """Return the counts of a run, for ``--summary``: schema, totals, venues, sources, overlap."""
    n_verdicts = duplicates["verdict"].value_counts()
    learnt: Lessons = duplicates.attrs.get("lessons", NOTHING)
    removed = int(n_verdicts.get("duplicate", 0))
    names = ["source", "source_kinds", "found", "within", "across", "unique"]
    return {
        "schema": "peerreview/dedupe/1",
        "records": len(records),
        "removed": removed,
        "kept": len(records) - removed,
        "kept_at_least": count_fewest(len(records) - removed, duplicates),
        "possible": int(n_verdicts.get("possible", 0)),
        "related": int(n_verdicts.get("related", 0)),
        "venues": [_as_row(pair) for pair in learnt.venues.values()],
        "sources": counts[names].to_dict("records"),
        "overlap": {
            source: {
                other.removeprefix("shared: "): int(counts[other].iloc[row])
                for other in counts.columns[len(names) :]
            }
            for row, source in enumerate(counts["source"])
        },
    }


def _as_row(pair: VenuePair) -> dict[str, object]:
    """Return two names that are one venue here, and how likely the next pair of them is two works."""
    return {
        "venue": pair.one,
        "same_as": pair.other,
        "n_one": pair.n_one,
        "n_two": pair.n_two,
        "risk": round(pair.risk, 4),
    }
