"""Records to duplicates, round by round: block, compare, decide, cluster."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from peerreview import tables
from peerreview.duplicates import lessons
from peerreview.duplicates.blocking import Crowd
from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.engines import Comparer, Engine, Pool
from peerreview.duplicates.engines.earlier import Earlier, Part, Told, leave
from peerreview.duplicates.engines.grown import Grown
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.judging import complete, contradictions, edges
from peerreview.duplicates.keeping import Cells, order_kept, read_contents
from peerreview.duplicates.lessons import Lessons, Teaching, Telling
from peerreview.duplicates.listing import Followed, follow, list_judged
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.overrides import Words, check
from peerreview.duplicates.rules import Rules
from peerreview.tables import places
from peerreview.tables.lines import Lines
from peerreview.tables.memory import uncollected
from peerreview.tables.shelf import Shelf


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


@dataclass(frozen=True, slots=True)
class Further:
    """
    What a search of new records found, beside earlier ones.

    ``kept`` is the row kept of each row of all searches; ``part`` is where this one was left for a later
    search, and None where it was not. Of pairs that earlier searches listed, ``found`` has those of two
    records kept, and those that are others now; ``followed`` has all, and is None where there were none.
    """

    found: Found
    kept: Numbers
    part: Part | None = None
    followed: Followed | None = None

    def written(self) -> pd.DataFrame | Iterator[bytes]:
        """Return ``duplicates.csv`` of all searches: a table, or bytes, some at a time."""
        return self.followed.written() if self.followed else self.found.duplicates


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """The rows of a review, in order: their ids, sources and rounds; from ``start`` on they are new."""

    ids: Cells
    sources: Cells
    rounds: Numbers
    start: int = 0

    @property
    def numbers(self) -> list[int]:
        """The rounds of the new rows."""
        found: list[int] = np.unique(self.rounds[self.start :]).tolist()
        return found


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
    return find_and_leave(
        records, rules, overrides=overrides, venues=venues, engine=engine or InMemory(workers)
    ).found


@uncollected()
def find_and_leave(
    records: pd.DataFrame,
    rules: Rules,
    *,
    overrides: pd.DataFrame | None,
    venues: pd.DataFrame | None,
    engine: Engine,
    shelf: Shelf | None = None,
) -> Further:
    """
    Return what ``find_duplicates`` does, and leave what a later search needs of the records on a shelf.

    Parameters
    ----------
    records : columns of ``records.csv``.
    overrides : people's word on pairs; it always wins.
    venues : people's word on names of venues.
    shelf : an empty folder, where one is wanted.
    """
    order = order_kept(records)
    ids = Cells(records["record_id"], order)
    words = check(overrides if overrides is not None else tables.empty(tables.OVERRIDE), ids)
    rounds = records["round"].to_numpy(dtype=np.int64)[order]
    reviewed = _Reviewed(ids, Cells(records["source"], order), rounds)
    pool = engine.gather(read_contents(records, order))
    return _search(reviewed, pool, rules, words, venues, shelf=shelf)


@uncollected()
def find_further(
    records: pd.DataFrame,
    earlier: Earlier,
    duplicates: Lines,
    unique: Callable[[Numbers], pd.DataFrame],
    rules: Rules,
    *,
    overrides: pd.DataFrame | None,
    venues: pd.DataFrame | None,
    engine: Comparer,
    shelf: Shelf | None = None,
) -> Further:
    """
    Return the pairs of new records judged, with those of earlier searches.

    What ``find_duplicates`` returns for all records together, round by round, but for this: what earlier
    searches found stays as they found it. A record kept by one is joined to another only by a new record.

    Parameters
    ----------
    records : columns of ``records.csv``, of the new records, as ``new_among`` returns them.
    earlier : the records before them.
    duplicates : ``duplicates.csv``, as those searches left it.
    unique : returns the rows of ``unique.csv``, as those searches left it, by their places in it.
    overrides : people's word on pairs, of new records and earlier ones; it always wins.
    venues : people's word on names of venues.
    shelf : an empty folder for what a later search needs, where that is wanted.

    Raises
    ------
    InputErrors
        Where overrides name unknown records, contradict each other, or take apart what an earlier search
        joined.
    """
    order = order_kept(records)
    start = earlier.n_rows
    rounds = np.concatenate([earlier.rounds, records["round"].to_numpy(dtype=np.int64)[order]])
    all_rows = np.concatenate([np.arange(start), start + order])
    ids, sources = (
        Cells(pd.concat([earlier.texts(name), records[name]], ignore_index=True), all_rows)
        for name in ("record_id", "source")
    )
    asked = overrides if overrides is not None else tables.empty(tables.OVERRIDE)
    words = check(asked, ids)
    _check_together(asked, words, earlier, ids)
    place_of = np.cumsum(earlier.state.kept == np.arange(start)) - 1

    def cells(rows: Numbers) -> Mapping[str, Sequence[str]]:
        chosen = unique(place_of[rows])
        return read_contents(chosen, np.arange(len(chosen)))

    pool = Grown(engine, earlier, read_contents(records, order), cells)
    reviewed = _Reviewed(ids, sources, rounds, start)
    return _search(reviewed, pool, rules, words, venues, shelf=shelf, before=(earlier, duplicates))


def _search(
    reviewed: _Reviewed,
    pool: Pool,
    rules: Rules,
    words: Words,
    venues: pd.DataFrame | None,
    *,
    shelf: Shelf | None,
    before: tuple[Earlier, Lines] | None = None,
) -> Further:
    """Return what the new rows of a review show, round by round, once they have met all others."""
    ids, rounds, start, n_rows = reviewed.ids, reviewed.rounds, reviewed.start, len(reviewed.ids)
    earlier = before[0].state if before else None
    clusters = Clusters(n_rows, earlier.kept if earlier else None)
    together = Clusters(n_rows, earlier.together if earlier else None)
    met = pool.meet()
    crowds = pool.crowds()
    said = lessons.read_venues(venues if venues is not None else tables.empty(tables.VENUE))
    telling = met.telling()
    told = Told.of(telling).since(start) if shelf else None
    learnt = _learn(telling, reviewed, said)
    del telling
    first = complete(met.judged(rules, learnt), pool, together, rules, learnt, since=start)
    del met
    passes = [first]
    joined: list[tuple[str, str]] = []
    for number in reviewed.numbers:
        n_before = int(np.searchsorted(rounds, number, side="left"))
        kept_before = clusters.all_kept(n_before)
        # Round by round, so that a later search changes no earlier record kept.
        n_reached = int(np.searchsorted(rounds, number, side="right"))
        clusters.keep_apart(words.distinct)
        changed = clusters.join_all([pair for pair in words.duplicate if pair[1] < n_reached])
        newest = rounds[first.high] == number
        apart = contradictions(n_rows, first, newest, rules, earlier.kept if earlier else None)
        clusters.keep_apart(words.distinct + apart)
        changed |= clusters.join_all(edges(first, newest, rules))
        # New records have met those of earlier rounds, but not yet the clusters that they form.
        changed |= set(range(n_before, n_reached)) if n_before else set()
        # From here on the merged records speak for themselves; people's word still holds.
        clusters.keep_apart(words.distinct)
        while changed:
            # What a cluster knows together may settle what none of its records could alone.
            rows = np.array(sorted({clusters.kept(row) for row in changed}), dtype=np.int64)
            pool.renew(rows, [clusters.members(kept) for kept in rows.tolist()])
            again = pool.meet_again(clusters.all_kept(n_reached), rows).judged(rules, learnt.of(number))
            passes.append(again)
            changed = clusters.join_all(edges(again, np.ones(len(again.low), dtype=np.bool_), rules))
        now = clusters.roots()[kept_before]
        moved = np.flatnonzero(now != kept_before)
        joined += [(ids[row], ids[kept]) for row, kept in zip(kept_before[moved], now[moved], strict=True)]
    listed = list_judged(ids, clusters, passes, rules, words, pool.markers, earlier.kept if earlier else None)
    followed = None
    if before:
        followed = follow(before[1], listed, ids, clusters, passes, words, before[0].state.kept)
        listed = followed.duplicates
    part = None
    if shelf and told:
        about: dict[str, npt.NDArray[Any] | pd.Series] = {
            "record_id": ids.column(slice(start, None)),
            "source": reviewed.sources.column(slice(start, None)),
            "marker": pool.markers[start:],
            "round": rounds[start:],
        }
        part = leave(
            pool,
            shelf,
            before[0] if before else None,
            told=told,
            about=about,
            kept=clusters.roots(),
            together=together.roots(),
        )
    lesson = learnt.learnt[max(learnt.learnt)] if learnt.learnt else lessons.NOTHING
    return Further(Found(listed, tuple(joined), lesson, crowds), clusters.roots(), part, followed)


def new_among(records: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    """
    Return the records of later rounds; those of earlier ones may stand beside them, all or none.

    Parameters
    ----------
    records : columns of ``records.csv``.

    Raises
    ------
    InputErrors
        Where an id is an earlier record's; where one of an earlier round is none of those, or some lack.
    """
    last = int(earlier.rounds.max(initial=0))
    ids = earlier.texts("record_id")
    known = set(ids[ids.isin(records["record_id"])])
    is_new = records["round"].astype("int64").to_numpy() > last
    problems = []
    for row, (record_id, is_later) in enumerate(zip(records["record_id"], is_new.tolist(), strict=True)):
        if is_later and record_id in known:
            message = "was found before; import the exports of all rounds together, which tells them apart"
            problems.append((row, f"record {record_id!r} {message}"))
        elif not is_later and record_id not in known:
            message = f"is of round {records['round'].iloc[row]}, and round {last} was searched without it"
            problems.append((row, f"record {record_id!r} {message}; give it a later round in sources.csv"))
    if problems:
        raise tables.row_errors(records, problems)
    n_old = int((~is_new).sum())
    if n_old and n_old < earlier.n_rows:
        message = f"{n_old:,} of the {earlier.n_rows:,} records of earlier rounds are here"
        raise tables.row_errors(records, [(0, f"{message}; name all of them, or the new ones alone")])
    chosen = np.flatnonzero(is_new)
    new = records.iloc[chosen].reset_index(drop=True)
    return places.put(new, places.take(records, chosen.tolist()))


def _check_together(overrides: pd.DataFrame, words: Words, earlier: Earlier, ids: Cells) -> None:
    """Make sure that people take nothing apart that an earlier search joined."""
    kept = earlier.state.kept
    apart = {
        frozenset((ids[low], ids[high]))
        for low, high in words.distinct
        if high < earlier.n_rows and kept[low] == kept[high]
    }
    message = "are distinct here, and one in an earlier search: dedupe all records again"
    problems = [
        (row, f"{one!r} and {other!r} {message}")
        for row, (one, other) in enumerate(
            zip(overrides["record_id"], overrides["duplicate_of"], strict=True)
        )
        if frozenset((one, other)) in apart
    ]
    if problems:
        raise tables.row_errors(overrides, problems)


def _learn(telling: Telling, reviewed: _Reviewed, said: Mapping[tuple[str, str], bool]) -> Teaching:
    """Return what the records of each round and those before it teach."""
    codes, _ = pd.factorize(reviewed.sources.column())
    told = reviewed.sources.some(telling.rows)
    learnt = {}
    for number in reviewed.numbers:
        # A later search teaches nothing of pairs that were judged before it.
        known = reviewed.rounds <= number
        learnt[number] = lessons.learn(
            telling.records,
            telling.pairs,
            told,
            known[telling.rows],
            said,
            is_one_source=len(np.unique(codes[known])) == 1,
        )
    return Teaching(learnt, reviewed.rounds)


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
