"""People's word on pairs: it always wins."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.duplicates.clusters import Clusters


@dataclass(frozen=True, slots=True)
class Words:
    """People's word on pairs of rows: lower and higher each."""

    duplicate: list[tuple[int, int]]
    distinct: list[tuple[int, int]]


def check(overrides: pd.DataFrame, ids: Sequence[str]) -> Words:
    """
    Return people's word on pairs, as rows of ``ids``.

    Parameters
    ----------
    overrides : ``record_id, duplicate_of, verdict`` (``duplicate`` or ``distinct``), as
        ``overrides.csv``.

    Raises
    ------
    InputErrors
        Where overrides name unknown records or contradict each other.
    """
    rows = {record_id: row for row, record_id in enumerate(ids)}
    problems: list[tuple[int, str]] = []
    said: list[tuple[int, int, int, str]] = []
    for line, (one, other, verdict) in enumerate(
        zip(overrides["record_id"], overrides["duplicate_of"], overrides["verdict"], strict=True)
    ):
        unknown = [record_id for record_id in (one, other) if record_id not in rows]
        if unknown:
            problems += [(line, f"record_id {record_id!r} is not in the records") for record_id in unknown]
        elif one == other:
            problems.append((line, f"record {one!r} cannot be judged against itself"))
        else:
            low, high = sorted((rows[one], rows[other]))
            said.append((line, low, high, verdict))
    together = Clusters(len(ids))
    together.join_all([(low, high) for _, low, high, verdict in said if verdict == "duplicate"])
    for line, low, high, verdict in said:
        if verdict == "distinct" and together.kept(low) == together.kept(high):
            problems.append(
                (
                    line,
                    f"{ids[low]!r} and {ids[high]!r} are distinct here, but other rows make them duplicates",
                )
            )
    if problems:
        raise tables.row_errors(overrides, sorted(problems))
    return Words(
        [(low, high) for _, low, high, verdict in said if verdict == "duplicate"],
        [(low, high) for _, low, high, verdict in said if verdict == "distinct"],
    )
