"""Tables of a review to the counts of its PRISMA 2020 flow, each box by itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow import AWAITING, BLANK, BOXES, IDENTIFIED, OTHER_METHODS, Box, Flow, Part, Unique
from peerreview.flow.amended import Amended
from peerreview.flow.elsewhere import add_stated
from peerreview.flow.linking import Linked, link, reports_of, studies_of
from peerreview.flow.made_up import mark_synthetic, says_synthetic
from peerreview.flow.searched import missing_records, other_numbers
from peerreview.flow.unjudged import unjudged
from peerreview.tables import DATABASE_KINDS, SOURCE_KINDS, SYNTHETIC, SYNTHETIC_NOTE, few

NO_REASON = "Reason not given"

Positions = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


def derive(
    records: pd.DataFrame,
    duplicates: pd.DataFrame,
    screening: pd.DataFrame,
    *,
    reports: pd.DataFrame | None = None,
    studies: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    previous: Flow | None = None,
    reasons: Sequence[str] = (),
    show_zero: bool = False,
    elsewhere: Mapping[str, int] | None = None,
    libraries: Sequence[str] = (),
    amended: Amended | None = None,
) -> Flow:
    """
    Return the flow of a review, each box counted from the tables by itself.

    A cluster of duplicates with a record from a database or register is
    counted in the left column, by the record kept or, where that came by
    another method, by the lowest of its left records; what other methods
    found again is ``found_again``. All other clusters are in the right
    column and skip ``title_abstract``.

    Parameters
    ----------
    records, duplicates, screening, reports, studies, sources : as in ``tables``.
        Without ``reports`` the boxes of studies and reports are blank.
    previous : the flow of the review's last version; the records it counted
        are not counted again, and what finds them again is a duplicate.
    reasons : the protocol's exclusion reasons, in order.
    show_zero : count 0 for the template's lines that were not searched, or not
        used; else they are blank, for a 0 says that there was a search.
    elsewhere, libraries : as in the protocol; see ``elsewhere.add_stated``.
    amended : studies that were retired or corrected; see ``amended.read``.

    Raises
    ------
    InputErrors
        For a row about a record that is not there, or was removed as a duplicate.
    InputError
        Where the previous version is unfinished, or counts of another program cannot be placed.
    """
    count = _Count(records, duplicates, previous, _judged_as_other(screening))
    stages = count.read_screening(screening, tuple(reasons))
    boxes = count.boxes(stages, count.searched_now(sources), show_zero=show_zero)
    remarks = [] if sources is None else list(other_numbers(records, sources))
    n_pairs, n_fewer = unjudged(duplicates)
    n_removed = int((duplicates["verdict"] == "duplicate").sum())
    unique = Unique(len(records) - n_removed - n_fewer, len(records) - n_removed, n_pairs)
    if n_pairs:
        pairs = tables.counted(n_pairs, "pair of possible duplicates is", "pairs of possible duplicates are")
        remarks.append(
            f"{pairs} not judged: {n_removed:,} to {n_removed + n_fewer:,} records are duplicates; {unique}"
        )
    unfinished = list(_missing(records, sources, previous, libraries))
    decided_anew = {} if previous is None else count.decided_anew(stages, previous)
    if decided_anew:
        named = few([f"{record_id} ({how})" for record_id, how in decided_anew.items()])
        unfinished.append(("decided_anew", named))
        remarks.append(_HOW_TO_DECIDE_ANEW)
    if previous is not None:
        boxes |= {"previous_studies": studies_of(previous), "previous_reports": reports_of(previous)}
    if reports is None or (reports.empty and boxes["included"].n):
        missing = "no reports.csv" if reports is None else "reports.csv lists no report"
        remarks.append(f"{missing}: studies and reports are blank, I1 and I2 cannot be checked")
        linked = Linked({"awaiting_study": boxes["included"]} if boxes["included"].n else {})
    else:
        linked = link(
            count.links(reports),
            boxes["included"],
            still_open={
                *(record_id for key in AWAITING for record_id in boxes.get(key, BLANK).ids),
                *decided_anew,
            },
            studies=studies,
            previous=previous,
            amended=amended,
        )
    boxes |= linked.boxes
    made_up = [] if reports is None else count.links(reports[says_synthetic(reports)])
    boxes = mark_synthetic(
        boxes,
        records=records,
        screening=screening,
        sources=sources,
        linked={report for report, *_ in made_up},
        studies=studies,
    )
    boxes = add_stated(boxes, count.searched_now(sources), removed=elsewhere or {}, libraries=libraries)
    notes = (SYNTHETIC_NOTE,) if any(box.basis == SYNTHETIC for box in boxes.values()) else ()
    rounds = sorted(set(records["round"]) - {"1"})
    if rounds and previous is None:
        remarks.append(
            f"round {', '.join(rounds)} is counted with the first: --previous FLOW.json draws an update, "
            "--ledger all versions"
        )
    return Flow(
        boxes,
        linked.findings,
        notes,
        tuple(remarks),
        reports_of=linked.reports_of,
        unfinished=(*unfinished, *linked.unfinished),
        unique=unique,
    )


def _missing(
    records: pd.DataFrame, sources: pd.DataFrame | None, previous: Flow | None, libraries: Sequence[str]
) -> Iterator[tuple[str, str]]:
    if sources is None:
        return
    if previous is not None and not _counted_in(previous):
        # Of an earlier version that was counted elsewhere no record need be here.
        sources = sources[sources["round"].replace("", "1").isin(set(records["round"]))]
    if names := missing_records(records, sources, libraries=libraries):
        yield "records_missing", names


def _judged_as_other(screening: pd.DataFrame) -> set[str]:
    """Return the records that reached a later stage and have no outcome at title and abstract."""
    is_title = screening["stage"] == "title_abstract"
    is_later = screening["stage"].isin(["retrieval", "full_text"])
    return set(screening.loc[is_later, "record_id"]) - set(screening.loc[is_title, "record_id"])


@dataclass(frozen=True)
class _Stage:
    """Outcomes of one stage, over the records; ``row`` is that of the outcome, where there is one."""

    outcome: npt.NDArray[np.int8]
    by_automation: Mask
    row: Positions

    def is_one_of(self, *outcomes: str) -> Mask:
        return np.isin(self.outcome, [_OUTCOME[outcome] for outcome in outcomes])


_OUTCOME = {outcome: code for code, outcome in enumerate(tables.OUTCOMES, start=1)}
_SETTLED = ("include", "exclude")
_OPEN = ("conflict", "pending")
_LEGAL = {
    "before_screening": (*_SETTLED, *_OPEN),
    "title_abstract": (*_SETTLED, *_OPEN),
    "retrieval": ("include", "not_retrieved", *_OPEN),
}
"""Outcomes that a stage can have; a report that is not retrieved is no report excluded."""
_EXCLUDED = (
    "automation",
    "other_reasons",
    "other_set_aside",
    "excluded",
    "reports_excluded",
    "other_reports_excluded",
)
_IN_TEMPLATE = ("website", "organisation", "citation_searching")
_HOW_TO_DECIDE_ANEW = (
    "a record of an earlier version counts there: decide there and write its flow.json again, or list what"
    " was excluded then as a source of this round, of kind other, and say distinct in overrides.csv"
)


class _Count:
    """Records as positions, their clusters, and the column of each."""

    def __init__(
        self,
        records: pd.DataFrame,
        duplicates: pd.DataFrame,
        previous: Flow | None,
        judged_as_other: Collection[str],
    ) -> None:
        n = len(records)
        self.ids = records["record_id"].to_numpy(dtype=object)
        self.index = pd.Index(records["record_id"])
        self.kind = records["source_kind"].to_numpy(dtype=object)
        self.source = records["source"].to_numpy(dtype=object)
        self.rounds = records["round"].to_numpy(dtype=object)
        self.kept = np.arange(n)
        removed = duplicates[duplicates["verdict"] == "duplicate"]
        self._merge(duplicates, removed)
        self.is_left = np.isin(self.kind.astype(str), DATABASE_KINDS)
        self.is_old = np.zeros(n, dtype=bool)
        if previous is not None:
            self.is_old = self.index.isin(_counted_in(previous))
        is_fresh = ~self.is_old
        old_cluster = np.zeros(n, dtype=bool)
        old_cluster[self.kept[self.is_old]] = True
        left_cluster = np.zeros(n, dtype=bool)
        left_cluster[self.kept[self.is_left]] = True
        # What was judged as another method's stays so when a later search of a database finds it.
        stays_right = self.index.isin(list(judged_as_other)) & ~self.is_left
        left_cluster[stays_right] = False
        # The record that stands for a cluster in the flow.
        self.stands_for = np.arange(n)
        stray = np.flatnonzero(self.is_left & ~self.is_left[self.kept] & ~stays_right[self.kept])
        if len(stray):
            kinds = [SOURCE_KINDS.index(kind) for kind in self.kind[stray]]
            rounds = self.rounds[stray].astype(int)
            order = sorted(zip(rounds, kinds, self.ids[stray], stray, strict=True))
            for *_, position in reversed(order):
                self.stands_for[self.kept[position]] = position
        if previous is not None:
            # A report of an earlier version stays the record that it was there, whatever finds it again.
            stood = self.index.get_indexer(
                sorted({each for of in previous.reports_of.values() for each in of})
            )
            stood = stood[stood >= 0]
            self.stands_for[self.kept[stood]] = stood
        is_kept = (self.kept == np.arange(n)) & ~old_cluster
        self.left = is_kept & left_cluster
        self.right = is_kept & ~left_cluster
        counted = np.zeros(n, dtype=bool)
        counted[self.stands_for[self.left | self.right]] = True
        self.fresh_left = is_fresh & self.is_left
        self.removed_left = self.fresh_left & ~counted
        self.found_again = is_fresh & ~self.is_left & ~counted
        self.old_cluster = old_cluster

    def _merge(self, duplicates: pd.DataFrame, removed: pd.DataFrame) -> None:
        gone = self.index.get_indexer(removed["record_id"])
        stays = self.index.get_indexer(removed["duplicate_of"])
        is_gone = np.zeros(len(self.index), dtype=bool)
        is_gone[gone[gone >= 0]] = True
        again = removed["record_id"].duplicated().to_numpy()
        wrong = (gone < 0) | (stays < 0) | again
        wrong[stays >= 0] |= is_gone[stays[stays >= 0]]
        if wrong.any():
            rows = np.flatnonzero((duplicates["verdict"] == "duplicate").to_numpy())
            problems = []
            for position in np.flatnonzero(wrong):
                pair = removed.iloc[position]
                if gone[position] < 0 or stays[position] < 0:
                    column = "record_id" if gone[position] < 0 else "duplicate_of"
                    message = f"{column} {pair[column]!r} is not in the records; run dedupe again"
                elif again[position]:
                    message = f"record_id {pair['record_id']!r} is removed twice; run dedupe again"
                else:
                    message = f"duplicate_of {pair['duplicate_of']!r} was itself removed; run dedupe again"
                problems.append((int(rows[position]), message))
            raise tables.row_errors(duplicates, problems)
        self.kept[gone] = stays

    def read_screening(self, screening: pd.DataFrame, reasons: tuple[str, ...]) -> dict[str, _Stage]:
        """Return outcomes per stage, placed on the records kept."""
        self.reason = screening["reason"].str.strip().to_numpy(dtype=object)
        self.reasons_in_order = reasons
        position = self.positions(screening)
        gone = np.flatnonzero(self.kept[position] != position)
        if len(gone):
            raise tables.row_errors(
                screening,
                [
                    (
                        int(row),
                        f"record_id {self.ids[position[row]]!r} was removed as a duplicate; run screen again",
                    )
                    for row in gone
                ],
            )
        stray = [
            (int(row), f"outcome {said!r} at stage {stage}: expected {', '.join(legal)}")
            for stage, legal in _LEGAL.items()
            for row in np.flatnonzero((screening["stage"] == stage) & ~screening["outcome"].isin(legal))
            if (said := screening["outcome"].iloc[row])
        ]
        if stray:
            raise tables.row_errors(screening, sorted(stray))
        outcome = screening["outcome"].map(_OUTCOME).to_numpy(dtype=np.int8)
        automation = (screening["resolved_by"] == "automation").to_numpy()
        rows_of = screening.groupby("stage", sort=False).indices
        stages = {}
        for stage in tables.STAGES:
            rows = rows_of.get(stage, np.array([], dtype=np.intp))
            placed = _Stage(
                np.zeros(len(self.ids), dtype=np.int8),
                np.zeros(len(self.ids), dtype=bool),
                np.zeros(len(self.ids), dtype=np.intp),
            )
            placed.outcome[position[rows]] = outcome[rows]
            placed.by_automation[position[rows]] = automation[rows]
            placed.row[position[rows]] = rows
            stages[stage] = placed
        return stages

    def positions(self, table: pd.DataFrame) -> Positions:
        """Return the position of each row's record, or raise for one that is not there."""
        position: Positions = self.index.get_indexer(table["record_id"])
        unknown = np.flatnonzero(position < 0)
        if len(unknown):
            raise tables.row_errors(
                table,
                [
                    (int(row), f"record_id {table['record_id'].iloc[row]!r} is not in the records")
                    for row in unknown
                ],
            )
        return position

    def links(self, reports: pd.DataFrame) -> list[tuple[str, str, bool]]:
        """Return each link of a report to a study, and whether an earlier version counted the report."""
        kept = self.kept[self.positions(reports)]
        rows = sorted(set(zip(kept.tolist(), reports["study_id"], strict=True)))
        return [
            (str(self.ids[self.stands_for[place]]), study, bool(self.old_cluster[place]))
            for place, study in rows
        ]

    def decided_anew(self, stages: Mapping[str, _Stage], previous: Flow) -> dict[str, str]:
        """Return the earlier version's records on which screening now says otherwise, and how."""
        full = stages["full_text"]
        is_in = full.is_one_of("include")
        is_out = np.any([stage.is_one_of("exclude") for stage in stages.values()], axis=0)
        gone = [record_id for key in _EXCLUDED for record_id in previous[key].ids]
        found: dict[str, str] = {}
        for ids, now, how in (
            (gone, is_in, "excluded then, included now"),
            (previous["included"].ids, is_out, "included then, excluded now"),
        ):
            places = self.index.get_indexer(list(ids))
            kept = self.kept[places[places >= 0]]
            found |= {str(self.ids[self.stands_for[place]]): how for place in kept[now[kept]]}
        return dict(sorted(found.items()))

    def box(self, mask: Mask, parts: tuple[Part, ...] = ()) -> Box:
        """Return records as a box."""
        ids = tuple(self.ids[mask])
        return Box(len(ids), ids, parts)

    def clusters(self, mask: Mask, stage: _Stage | None = None, label: str = "") -> Box:
        """Return kept records as a box, each by the record that stands for its cluster."""
        kept = np.flatnonzero(mask)
        order = np.argsort(self.stands_for[kept], kind="stable")
        ids = self.ids[self.stands_for[kept[order]]]
        parts: tuple[Part, ...] = ()
        if stage is not None and len(kept):
            why = self.reason[stage.row[kept[order]]]
            parts = self._by_reason(ids, why, label)
        return Box(len(ids), tuple(ids), parts)

    def _by_reason(
        self, ids: npt.NDArray[np.object_], why: npt.NDArray[np.object_], label: str
    ) -> tuple[Part, ...]:
        if not label and not any(why):
            return ()
        grouped: dict[str, list[str]] = {}
        for record_id, reason in zip(ids, why, strict=True):
            grouped.setdefault(reason or NO_REASON, []).append(record_id)
        rank = {reason: position for position, reason in enumerate(self.reasons_in_order)}

        def order(reason: str) -> tuple[bool, int, int, str]:
            return reason == NO_REASON, rank.get(reason, len(rank)), -len(grouped[reason]), reason

        return tuple(
            Part(reason, len(grouped[reason]), tuple(grouped[reason]))
            for reason in sorted(grouped, key=order)
        )

    def by_source(self, mask: Mask, kind: str, sources: pd.DataFrame | None) -> tuple[Part, ...]:
        """Return the records of a kind per source, in the order of ``sources.csv``; then by name."""
        declared = (
            []
            if sources is None
            else list(dict.fromkeys(sources.loc[sources["source_kind"] == kind, "source"]))
        )
        grouped = pd.Series(self.ids[mask], dtype=object).groupby(self.source[mask], sort=True)
        found = {str(source): tuple(ids) for source, ids in grouped}
        names = [*declared, *(name for name in sorted(found) if name not in declared)]
        return tuple(Part(name, len(found.get(name, ())), found.get(name, ())) for name in names)

    def searched_now(self, sources: pd.DataFrame | None) -> pd.DataFrame | None:
        """Return the searches of this version: those of an earlier round are no zeros of it."""
        if sources is None:
            return None
        return sources[~sources["round"].replace("", "1").isin(set(self.rounds[self.is_old]))]

    def boxes(
        self, stages: Mapping[str, _Stage], sources: pd.DataFrame | None, *, show_zero: bool
    ) -> dict[str, Box]:
        """Return every box that records alone decide."""
        before, title, retrieval, full = (stages[stage] for stage in tables.STAGES)
        set_aside = before.is_one_of("exclude")
        settled = full.is_one_of(*_SETTLED)
        not_retrieved = retrieval.is_one_of("not_retrieved") | full.is_one_of("not_retrieved")
        awaiting_retrieval = retrieval.is_one_of("pending", "conflict") & ~settled & ~not_retrieved
        declared = set() if sources is None else set(sources["source_kind"])
        searched = declared | set(self.kind[~self.is_old])
        # A review of nothing else has searched databases.
        shown = searched if "register" in searched else {*searched, "database"}
        boxes: dict[str, Box] = {}
        for kind, key in (("database", "databases"), ("register", "registers")):
            if kind in shown or show_zero:
                mask = self.fresh_left & (self.kind == kind)
                boxes[key] = self.box(mask, self.by_source(mask, kind, sources))
        boxes["duplicates"] = self.box(self.removed_left)
        by_automation = self.left & set_aside & before.by_automation
        if by_automation.any() or show_zero:
            boxes["automation"] = self.clusters(by_automation)
        boxes["other_reasons"] = self.clusters(self.left & set_aside & ~before.by_automation)
        screened = self.left & title.is_one_of(*_SETTLED)
        excluded = self.left & title.is_one_of("exclude")
        boxes["screened"] = self.clusters(screened)
        boxes["excluded"] = self.clusters(excluded, title)
        if (excluded & title.by_automation).any():
            boxes["excluded_human"] = self.clusters(excluded & ~title.by_automation)
            boxes["excluded_automation"] = self.clusters(excluded & title.by_automation)
        boxes["awaiting_screening"] = self.clusters(self.left & ~set_aside & ~screened)
        sought = self.left & title.is_one_of("include")
        count_reports = partial(
            self._reports, full=full, not_retrieved=not_retrieved, awaiting_retrieval=awaiting_retrieval
        )
        boxes |= count_reports("", sought, self.left)
        if self.right.any() or self.found_again.any() or declared & set(OTHER_METHODS):
            for kind, key in OTHER_METHODS.items():
                mask = self.right & (self.kind == kind)
                if kind in searched or (show_zero and kind in _IN_TEMPLATE):
                    # What stands under "other" is known by its name alone.
                    parts = self.by_source(mask, kind, sources) if kind == "other" else ()
                    boxes[key] = replace(self.clusters(mask), parts=parts)
            boxes["found_again"] = self.box(self.found_again)
            aside = self.right & (set_aside | title.is_one_of("exclude"))
            boxes["other_set_aside"] = self.clusters(aside)
            boxes |= count_reports("other_", self.right & ~aside, self.right)
        boxes["included"] = self.clusters((self.left | self.right) & full.is_one_of("include"))
        boxes["earlier_records"] = self.box(self.is_old)
        return {key: boxes[key] for key in BOXES if key in boxes}

    def _reports(
        self,
        column: str,
        sought: Mask,
        of: Mask,
        *,
        full: _Stage,
        not_retrieved: Mask,
        awaiting_retrieval: Mask,
    ) -> dict[str, Box]:
        settled = full.is_one_of(*_SETTLED)
        waiting = sought & ~not_retrieved & ~settled
        boxes = {
            "sought": self.clusters(sought),
            "not_retrieved": self.clusters(of & not_retrieved),
            "awaiting_retrieval": self.clusters(waiting & awaiting_retrieval),
            "assessed": self.clusters(of & settled),
            "reports_excluded": self.clusters(of & full.is_one_of("exclude"), full, NO_REASON),
            "awaiting_assessment": self.clusters(waiting & ~awaiting_retrieval),
        }
        return {column + key: box for key, box in boxes.items()}


def _counted_in(previous: Flow) -> list[str]:
    if previous.n_awaiting:
        raise InputError(
            f"the previous version is unfinished: {previous.n_awaiting:,} await a decision; finish it first"
        )
    if studies_of(previous).n is None:
        raise InputError("the previous version has no count of studies; an update needs it")
    keys = (*IDENTIFIED, "found_again", "earlier_records")
    return [record for key in keys for record in previous[key].ids]
