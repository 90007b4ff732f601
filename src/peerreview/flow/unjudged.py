"""Pairs that may be duplicates and that nobody has judged: how many, and how many records they could cost."""

import pandas as pd

from peerreview import tables


def unjudged(duplicates: pd.DataFrame, overrides: pd.DataFrame | None = None) -> tuple[int, int]:
    """
    Return the number of possible pairs without a person's word, and how many records they may be too many.

    Three records that are possibly the same in three pairs are two too many,
    not three; a pair whose records were merged since is none.

    Parameters
    ----------
    duplicates, overrides : as in ``tables``.
    """
    settled = (
        set()
        if overrides is None
        else {frozenset(pair) for pair in zip(overrides["record_id"], overrides["duplicate_of"], strict=True)}
    )
    joined: dict[str, str] = {}

    def first(record_id: str) -> str:
        while record_id in joined:
            record_id = joined[record_id]
        return record_id

    pairs, fewer = 0, 0
    rows = tables.rows(duplicates[["record_id", "duplicate_of", "verdict"]])
    for row in rows:
        if row["verdict"] == "duplicate" and first(row["record_id"]) != first(row["duplicate_of"]):
            joined[first(row["record_id"])] = first(row["duplicate_of"])
    kept = {
        record_id: first(record_id) for row in rows for record_id in (row["record_id"], row["duplicate_of"])
    }
    joined = {}
    for row in rows:
        one, other = kept[row["record_id"]], kept[row["duplicate_of"]]
        if row["verdict"] != "possible" or one == other:
            continue
        if frozenset((row["record_id"], row["duplicate_of"])) in settled:
            continue
        pairs += 1
        if first(one) != first(other):
            joined[first(one)] = first(other)
            fewer += 1
    return pairs, fewer
