"""People's word on pairs: it always wins; and their answers in ``possible.csv``."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.keeping import Cells
from peerreview.tables import places


@dataclass(frozen=True, slots=True)
class Words:
    """People's word on pairs of rows: lower and higher each."""

    duplicate: list[tuple[int, int]]
    distinct: list[tuple[int, int]]


def check(overrides: pd.DataFrame, ids: Cells) -> Words:
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
    if not len(overrides):
        return Words([], [])
    rows = ids.find({*overrides["record_id"], *overrides["duplicate_of"]})
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


def resolve(answers: pd.DataFrame, overrides: pd.DataFrame, *, by: str = "") -> pd.DataFrame:
    """
    Return the answers in ``possible.csv`` that the overrides do not hold yet, as rows of theirs.

    A row is an answer where ``verdict`` is filled; ``all distinct`` and
    ``all duplicate`` answer every row of its ``group``.

    Parameters
    ----------
    answers, overrides : columns of ``possible.csv`` and ``overrides.csv``, cells as they were meant.
    by : who judged, where a row does not say.

    Raises
    ------
    InputErrors
        For an answer that another row, or the overrides, contradict.
    """
    held = {_pair(row): row["verdict"] for row in tables.rows(overrides)}
    new: dict[frozenset[str], tuple[int, dict[str, str]]] = {}
    problems: list[tuple[int, str]] = []
    for place, row in _answered(answers):
        pair, verdict = _pair(row), row["verdict"]
        if pair in held:
            if held[pair] != verdict:
                message = f"verdict {verdict!r} here, and {held[pair]!r} in the overrides; change one of them"
                problems.append((place, message))
        elif pair not in new:
            new[pair] = place, {column: row[column] for column in tables.OVERRIDE.all_columns}
            new[pair][1]["by"] = row["by"].strip() or by
        elif new[pair][1]["verdict"] != verdict:
            other = new[pair][1]["verdict"]
            message = f"verdict {verdict!r} here, and {other!r} in another row, or for the whole group"
            problems.append((place, message))
    if problems:
        raise tables.row_errors(answers, sorted(problems))
    positions = [place for place, _ in new.values()]
    taken = tables.make(tables.OVERRIDE, [row for _, row in new.values()])
    return places.put(taken, places.take(answers, positions))


def append(overrides: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """
    Return overrides with more below them, each with its place.

    Parameters
    ----------
    overrides, more : the columns of ``overrides.csv``.
    """
    whole = pd.concat([overrides, more], ignore_index=True).fillna("")
    return places.put(whole, [*places.of(overrides), *places.of(more)])


def _pair(row: dict[str, str]) -> frozenset[str]:
    return frozenset((row["record_id"], row["duplicate_of"]))


def _answered(answers: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    """
    Yield each row that is answered, by itself or with its group, and its position.

    Raises
    ------
    InputErrors
        For an answer for a group where the row names none.
    """
    listed = tables.rows(answers)
    of_group: dict[str, list[int]] = {}
    for place, row in enumerate(listed):
        of_group.setdefault(row["group"].strip(), []).append(place)
    for place, row in enumerate(listed):
        verdict = row["verdict"].removeprefix(tables.ALL)
        if verdict == row["verdict"]:
            whole = [place] if verdict else []
        elif not row["group"].strip():
            message = f"verdict {row['verdict']!r}, but the row has no group"
            raise tables.row_errors(answers, [(place, message)])
        else:
            whole = of_group[row["group"].strip()]
        for each in whole:
            yield each, listed[each] | {"verdict": verdict, "by": row["by"], "why": row["why"]}
