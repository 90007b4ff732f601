"""In which order records come to a reviewer: shuffled, by id, by source, or the likelier ones first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview.errors import UsageError
from peerreview.protocol import ORDERS
from peerreview.screening import relevance
from peerreview.screening.votes import REVIEWER
from peerreview.values.counts import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import pandas as pd

    from peerreview.screening.outcomes import Settled
    from peerreview.screening.relevance import Spoken

SEED, ID, SOURCE, RELEVANCE = ORDERS


@dataclass(frozen=True)
class Order:
    """
    Records in the order in which to judge them.

    ``by`` is the order that it is, which is not the one asked for where votes do not bear it yet;
    ``remarks`` are for people; ``spoken`` says of each record what words spoke for it and against
    it, and is empty where no words did.
    """

    records: tuple[str, ...]
    by: str
    remarks: tuple[str, ...] = ()
    spoken: Mapping[str, Spoken] = field(default_factory=lambda: MappingProxyType({}))


def arrange(
    left: Collection[str],
    unique: pd.DataFrame,
    *,
    by: str = SEED,
    reviewer: str,
    stage: str,
    seed: int | None = None,
    own: Mapping[str, bool] | None = None,
) -> Order:
    """
    Return records in the order asked for: each once, none added.

    No order depends on what others said, nor on the order of ``left``: two
    records stand to each other as they would if the rest were not there.

    Parameters
    ----------
    left : the records to judge.
    unique : ``record_id, source, source_file, source_line, title, abstract`` of all records.
    by : ``seed``, shuffled; ``id``; ``source``, by source, file and line; ``relevance``, the
        likelier ones first, from this reviewer's own votes.
    seed : of the shuffle; None takes it from the reviewer's name and the
        stage, so that each reviewer has their own order, and keeps it.
    own : whether the reviewer's standing votes at the stage sent each record on, as ``own_votes``.

    Raises
    ------
    UsageError
        For an order that is none of these.
    MissingToolError
        For ``relevance`` without scikit-learn.
    """
    if by not in ORDERS:
        raise UsageError(f"order {by!r} is not one of {', '.join(ORDERS)}")
    if by == ID:
        return Order(tuple(sorted(left)), by)
    if by == SOURCE:
        return Order(_by_source(left, unique), by)
    shuffled = shuffle(left, reviewer=reviewer, stage=stage, seed=seed)
    if by == SEED:
        return Order(shuffled, by)
    own = own or {}
    if len(set(own.values())) < 2:
        lacking = "include" if True not in own.values() else "exclude"
        told = f"no order by relevance before {reviewer} has a vote to {lacking}: the order is shuffled"
        return Order(shuffled, SEED, (told,))
    ranked = relevance.rank(unique, own, left)
    n_for = sum(own.values())
    told = (
        f"ordered by relevance, from the {counted(len(own), 'vote')} of {reviewer} at {stage} "
        f"({n_for:,} to include), by {ranked.method}; it decides nothing"
    )
    return Order(ranked.records, by, (told, *ranked.remarks), ranked.spoken)


def own_votes(settled: Settled, reviewer: str, stage: str) -> dict[str, bool]:
    """
    Return whether a reviewer's standing votes at a stage sent each record on; sorted by record.

    ``maybe`` does, as at title and abstract. A vote withdrawn is none, and so
    is one of several of which it is not known which is the latest.
    """
    found = {}
    for record_id in sorted(settled.ballots.records.tolist()):
        history = settled.ballots.of(record_id, stage).get((REVIEWER, reviewer))
        vote = history.latest if history is not None else None
        if vote is not None:
            found[record_id] = vote.decision in ("include", "maybe")
    return found


def shuffle(records: Iterable[str], *, reviewer: str, stage: str, seed: int | None = None) -> tuple[str, ...]:
    """
    Return records shuffled, by what each is called: one more of them moves none of the others.

    >>> whole = shuffle(["r1", "r2", "r3", "r4"], reviewer="ana", stage="title_abstract")
    >>> part = shuffle(["r4", "r1", "r3"], reviewer="ana", stage="title_abstract")
    >>> part == tuple(each for each in whole if each != "r2")
    True
    """
    start = f"{reviewer}\n{stage}" if seed is None else str(seed)
    return tuple(
        sorted(
            dict.fromkeys(records),
            key=lambda each: (hashlib.sha256(f"{start}\n{each}".encode()).hexdigest(), each),
        )
    )


def _by_source(left: Collection[str], unique: pd.DataFrame) -> tuple[str, ...]:
    columns = (unique[name].tolist() for name in ("record_id", "source", "source_file", "source_line"))
    places = {
        record_id: (source, file, int(line) if line.isdecimal() else 0, record_id)
        for record_id, source, file, line in zip(*columns, strict=True)
    }
    return tuple(sorted(left, key=lambda each: places.get(each, ("", "", 0, each))))
