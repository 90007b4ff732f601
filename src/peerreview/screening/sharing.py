"""Who is to judge which records: a sample for a pilot, and shares of pairs, as even as can be."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

import pandas as pd

from peerreview import tables
from peerreview.tables import STAGES

AWAITED = Mapping[str, AbstractSet[str]]
"""Who is to judge each record that is somebody's."""


def draw(records: Iterable[str], n: int, seed: int) -> set[str]:
    """
    Return ``n`` of the records, the same ones for the same seed: a record added later moves few others.

    >>> draw(["r1", "r2", "r3"], 2, 1) == draw(["r3", "r2", "r1"], 2, 1)
    True
    """
    return set(_shuffled(records, str(seed))[:n])


def assigned(assignments: pd.DataFrame, stage: str) -> dict[str, set[str]]:
    """
    Return who is to judge each record at a stage; a record that is nobody's is missing.

    Parameters
    ----------
    assignments : ``record_id, reviewer, stage``, as ``assignments.csv``.
    """
    found: dict[str, set[str]] = {}
    columns = (assignments[name].tolist() for name in ("record_id", "reviewer", "stage"))
    for record_id, reviewer, at in zip(*columns, strict=True):
        if at == stage:
            found.setdefault(record_id, set()).add(reviewer)
    return found


def share(
    records: Sequence[str],
    people: Sequence[str],
    *,
    stage: str,
    required: int,
    voted: AWAITED | None = None,
    before: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Return who is to judge what, as rows of ``assignments.csv``: what was shared out before stays as it is.

    Each record goes to as many people as the stage needs votes; each group
    of people gets as many records as any other, or one more. Who has voted
    on a record keeps it.

    Parameters
    ----------
    records : those that still need votes. people : who share them.
    required : votes that the stage needs.
    voted : who has voted on a record already.
    before : the assignments as they are.
    """
    before = tables.empty(tables.ASSIGNMENTS) if before is None else before
    there = assigned(before, stage)
    groups: Counter[frozenset[str]] = Counter(frozenset(names) for names in there.values())
    load: Counter[str] = Counter(name for names in there.values() for name in names)
    order = {name: place for place, name in enumerate(people)}
    added = []
    for record_id in _shuffled(records, f"{seed}\n{stage}"):
        if record_id in there:
            continue
        names = set((voted or {}).get(record_id, ()))
        own = names & order.keys()
        n_wanted = min(max(required - len(names - own), len(own)), len(people))
        choices = (
            frozenset((*own, *more))
            for more in combinations([name for name in people if name not in own], n_wanted - len(own))
        )
        chosen = min(
            choices,
            key=lambda each: (
                groups[each],
                sum(load[name] for name in each),
                sorted(order[name] for name in each),
            ),
        )
        groups[chosen] += 1
        load.update(chosen)
        added += [(record_id, name) for name in sorted(chosen)]
    rows = [{"record_id": record_id, "reviewer": name, "stage": stage} for record_id, name in added]
    return _in_order([*tables.rows(before), *rows])


def _in_order(rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    known = sorted(rows, key=lambda row: (STAGES.index(row["stage"]), row["record_id"], row["reviewer"]))
    return tables.make(tables.ASSIGNMENTS, known)


def _shuffled(records: Iterable[str], seed: str) -> list[str]:
    # By what each is called, so that neither their order nor the others count.
    return sorted(records, key=lambda each: hashlib.sha256(f"{seed}\n{each}".encode()).hexdigest())
