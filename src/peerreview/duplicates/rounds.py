"""Records to duplicates, round by round: block, compare, decide, cluster."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates import lessons
from peerreview.duplicates.blocking import Crowd
from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.engines import Engine
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.judging import complete, contradictions, edges
from peerreview.duplicates.keeping import in_order, order_kept, read_contents
from peerreview.duplicates.lessons import Lessons, Teaching, Telling
from peerreview.duplicates.listing import list_judged
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.overrides import check
from peerreview.duplicates.rules import Rules
from peerreview.tables.memory import uncollected


@dataclass(frozen=True, slots=True)
class Found:
    """
    What a search for duplicates found.

    ``duplicates`` has the columns of ``duplicates.csv``, a row per pair judged; ``joined`` each record that
    an earlier round kept and a later one joined to another, with the record kept now; ``lessons``
    what the records taught of venues and headings; ``crowds`` where more records share a key than could all
    meet.
    """

    duplicates: pd.DataFrame
    joined: tuple[tuple[str, str], ...] = ()
    lessons: Lessons = lessons.NOTHING
    crowds: tuple[Crowd, ...] = ()


@uncollected()
def find_duplicates(
    records: pd.DataFrame,
    rules: Rules,
    *,
    overrides: pd.DataFrame | None = None,
    venues: pd.DataFrame | None = None,
    workers: int = 1,
    engine: Engine | None = None,
) -> Found:
    """
    Return the pairs of records judged, and what the records taught.

    Every record removed stands once as ``duplicate`` with the record
    kept, which is never removed itself; ``possible`` and ``related`` pairs
    are of records kept. The order of records makes no difference, and a
    second pass over the records kept removes nothing.

    Parameters
    ----------
    records : columns of ``records.csv``.
    overrides : people's word on pairs; it always wins.
    venues : people's word on names of venues; it wins over what the records teach.
    workers : processes and threads to use; the result is the same with any.
    engine : what finds and compares pairs; where none is named, it is in memory and has the workers.

    Raises
    ------
    InputErrors
        Where overrides name unknown records or contradict each other.
    """
    order = order_kept(records)
    ids = in_order(records["record_id"], order)
    words = check(overrides if overrides is not None else tables.empty(tables.OVERRIDE), ids)
    clusters = Clusters(len(ids))
    clusters.keep_apart(words.distinct)
    rounds = records["round"].to_numpy(dtype=np.int64)[order]
    pool = (engine or InMemory(workers)).gather(read_contents(records, order))
    met = pool.meet()
    crowds = pool.crowds()
    sources = in_order(records["source"], order)
    said = lessons.read_venues(venues if venues is not None else tables.empty(tables.VENUE))
    learnt = _learn(met.telling(), sources, rounds, said)
    first = complete(met.judged(rules, learnt), pool, Clusters(len(ids)), rules, learnt)
    del met
    passes = [first]
    joined: list[tuple[str, str]] = []
    for number in np.unique(rounds):
        n_before = int(np.searchsorted(rounds, number, side="left"))
        before = clusters.all_kept(n_before)
        # Round by round, so that a later search changes no earlier record kept.
        n_reached = int(np.searchsorted(rounds, number, side="right"))
        changed = clusters.join_all([pair for pair in words.duplicate if pair[1] < n_reached])
        newest = rounds[first.high] == number
        clusters.keep_apart(words.distinct + contradictions(len(ids), first, newest, rules))
        changed |= clusters.join_all(edges(first, newest, rules))
        # New records have met those of earlier rounds, but not yet the clusters that they form.
        changed |= set(range(n_before, n_reached)) if n_before else set()
        # From here on the merged records speak for themselves; people's word still holds.
        clusters.keep_apart(words.distinct)
        while changed:
            # What a cluster knows together may settle what none of its records could alone.
            rows = np.array(sorted({clusters.kept(row) for row in changed}), dtype=np.int64)
            pool.renew(rows, [clusters.members(kept) for kept in rows.tolist()])
            again = pool.meet_again(clusters.all_kept(n_reached), rows).judged(rules, learnt.of(int(number)))
            passes.append(again)
            changed = clusters.join_all(edges(again, np.ones(len(again.low), dtype=np.bool_), rules))
        now = clusters.roots()[before]
        joined += [
            (ids[row], ids[kept]) for row, kept in zip(before[now != before], now[now != before], strict=True)
        ]
    return Found(
        list_judged(ids, clusters, passes, rules, words, pool.markers),
        tuple(joined),
        learnt.learnt[max(learnt.learnt)] if learnt.learnt else lessons.NOTHING,
        crowds,
    )


def _learn(
    telling: Telling, sources: list[str], rounds: Numbers, said: Mapping[tuple[str, str], bool]
) -> Teaching:
    """Return what the records of each round and those before it teach."""
    codes, _ = pd.factorize(np.array(sources, dtype=object))
    told = [sources[row] for row in telling.rows.tolist()]
    learnt = {}
    for number in np.unique(rounds).tolist():
        # A later search teaches nothing of pairs that were judged before it.
        known = rounds <= number
        learnt[number] = lessons.learn(
            telling.records,
            telling.pairs,
            told,
            known[telling.rows],
            said,
            is_one_source=len(np.unique(codes[known])) == 1,
        )
    return Teaching(learnt, rounds)


def check_titles(records: pd.DataFrame) -> None:
    """
    Make sure that there is something to compare.

    Parameters
    ----------
    records : ``title``, as ``records.csv``.

    Raises
    ------
    InputErrors
        Where no record has a title.
    """
    if len(records) and not (records["title"].str.strip() != "").any():
        message = "no record here has a title; without titles nothing can be compared"
        raise tables.row_errors(records, [(0, message)])
