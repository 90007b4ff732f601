"""Tables of a review to the counts of its PRISMA 2020 flow, each box by itself."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow import BLANK, BOXES, IDENTIFIED, OTHER_METHODS, Box, Flow, Part, few
from peerreview.tables import DATABASE_KINDS, SOURCE_KINDS, SYNTHETIC_NOTE

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

    Raises
    ------
    InputErrors
        For a row about a record that is not there, or was removed as a duplicate.
    InputError
        Where the previous version is unfinished.
    """
    count = _Count(records, duplicates, previous)
    stages = count.read_screening(screening, tuple(reasons))
    boxes = count.boxes(stages, count.searched_now(sources))
    findings: list[tuple[str, str]] = []
    remarks = list(_missing_from_exports(records, sources))
    reports_of: dict[str, tuple[str, ...]] = {}
    if previous is not None:
        boxes |= {"previous_studies": _studies_of(previous), "previous_reports": _reports_of(previous)}
    if reports is None or (reports.empty and boxes["included"].n):
        missing = "no reports.csv" if reports is None else "reports.csv lists no report"
        remarks.append(f"{missing}: studies and reports are blank, I1 and I2 cannot be checked")
    else:
        linked, reports_of = _included(count, reports, studies, previous, findings)
        findings += _unlinked(boxes["included"], linked)
        boxes |= linked
    tables_read = [table for table in (records, screening, reports, studies, sources) if table is not None]
    notes = (SYNTHETIC_NOTE,) if any(_has_synthetic(table) for table in tables_read) else ()
    rounds = sorted(set(records["round"]) - {"1"})
    if rounds and previous is None:
        remarks.append(
            f"round {', '.join(rounds)} is counted with the first: --previous FLOW.json draws an update"
        )
    return Flow(boxes, tuple(findings), notes, tuple(remarks), reports_of=reports_of)


def _has_synthetic(table: pd.DataFrame) -> bool:
    return "basis" in table and bool(table["basis"].str.contains("synthetic", regex=False).any())


@dataclass(frozen=True)
class _Stage:
    """Outcomes of one stage; all arrays are over the records."""

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


class _Count:
    """Records as positions, their clusters, and the column of each."""

    def __init__(self, records: pd.DataFrame, duplicates: pd.DataFrame, previous: Flow | None) -> None:
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
        # The record that stands for a cluster in the flow.
        self.stands_for = np.arange(n)
        stray = np.flatnonzero(self.is_left & ~self.is_left[self.kept])
        if len(stray):
            kinds = [SOURCE_KINDS.index(kind) for kind in self.kind[stray]]
            rounds = self.rounds[stray].astype(int)
            order = sorted(zip(rounds, kinds, self.ids[stray], stray, strict=True))
            for *_, position in reversed(order):
                self.stands_for[self.kept[position]] = position
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
                np.full(len(self.ids), -1, dtype=np.intp),
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

    def boxes(self, stages: Mapping[str, _Stage], sources: pd.DataFrame | None) -> dict[str, Box]:
        """Return every box that records alone decide."""
        before, title, retrieval, full = (stages[stage] for stage in tables.STAGES)
        set_aside = before.is_one_of("exclude")
        settled = full.is_one_of(*_SETTLED)
        not_retrieved = retrieval.is_one_of("not_retrieved") | full.is_one_of("not_retrieved")
        awaiting_retrieval = retrieval.is_one_of("pending", "conflict") & ~settled & ~not_retrieved
        boxes: dict[str, Box] = {}
        for kind, key in (("database", "databases"), ("register", "registers")):
            mask = self.fresh_left & (self.kind == kind)
            boxes[key] = self.box(mask, self.by_source(mask, kind, sources))
        boxes["duplicates"] = self.box(self.removed_left)
        boxes["automation"] = self.clusters(self.left & set_aside & before.by_automation)
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
        declared = set() if sources is None else set(sources["source_kind"])
        if self.right.any() or self.found_again.any() or declared & set(OTHER_METHODS):
            for kind, key in OTHER_METHODS.items():
                mask = self.right & (self.kind == kind)
                if (
                    mask.any()
                    or kind in declared
                    or kind in ("website", "organisation", "citation_searching")
                ):
                    boxes[key] = self.clusters(mask)
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
    if _studies_of(previous).n is None:
        raise InputError("the previous version has no count of studies; an update needs it")
    keys = (*IDENTIFIED, "found_again", "earlier_records")
    return [record for key in keys for record in previous[key].ids]


def _missing_from_exports(records: pd.DataFrame, sources: pd.DataFrame | None) -> Iterator[str]:
    """Yield a remark on each search whose database said another number than its export holds."""
    if sources is None:
        return
    # All rounds, on both sides: an update draws the new records alone, but the table has them all.
    there = Counter(zip(records["source"], records["source_kind"], strict=True))
    for kind in DATABASE_KINDS:
        of_kind = sources[sources["source_kind"] == kind]
        for source in dict.fromkeys(of_kind["source"]):
            said = of_kind.loc[of_kind["source"] == source, "records"]
            n = sum(map(int, said[said != ""]))
            if (said != "").all() and n != there[source, kind]:
                yield f"{source}: sources.csv says {n:,} records, records.csv has {there[source, kind]:,}"


def _included(
    count: _Count,
    reports: pd.DataFrame,
    studies: pd.DataFrame | None,
    previous: Flow | None,
    findings: list[tuple[str, str]],
) -> tuple[dict[str, Box], dict[str, tuple[str, ...]]]:
    """Return the boxes of studies and reports, and the reports of each study, by ``reports.csv``."""
    position = count.kept[count.positions(reports)]
    study = reports["study_id"].to_numpy(dtype=object)
    study_of: dict[int, str] = {}
    for row, place in enumerate(position):
        if study_of.setdefault(int(place), study[row]) != study[row]:
            other = study_of[int(place)]
            message = (
                f"record_id {reports['record_id'].iloc[row]!r} is a report of {study[row]!r} and of {other!r}"
            )
            raise tables.row_errors(reports, [(row, message)])
    places = sorted(study_of)
    earlier_studies = set(_studies_of(previous).ids) if previous is not None else set()
    with_reports = set(study_of.values())
    listed = with_reports if studies is None else set(studies["study_id"])
    for of, missing in (
        ("has no report", listed - with_reports),
        ("is not in studies.csv", with_reports - listed),
    ):
        if missing:
            findings.append(("I2", f"study {few(sorted(missing))} {of}"))

    def box(wanted: Callable[[int], bool]) -> Box:
        ids = tuple(count.ids[count.stands_for[place]] for place in places if wanted(place))
        return Box(len(ids), ids)

    fresh = [place for place in places if not count.old_cluster[place]]
    new = sorted(listed - earlier_studies)
    boxes = {
        "studies": Box(len(new), tuple(new)),
        "reports": box(lambda place: study_of[place] not in earlier_studies),
    }
    if previous is not None:
        before, reports_before = _studies_of(previous), _reports_of(previous)
        boxes["total_studies"] = Box(len(listed), tuple(sorted(listed)))
        boxes["total_reports"] = box(lambda _: True)
        if not before.ids:
            # An earlier version that was counted elsewhere has numbers and no records.
            boxes["total_studies"] = Box((before.n or 0) + len(new))
            boxes["total_reports"] = Box((reports_before.n or 0) + len(places))
        again = set(fresh)
        boxes["reports_of_previous"] = box(
            lambda place: place in again and study_of[place] in earlier_studies
        )
    if studies is not None and "meta_analysis" in studies:
        pooled = sorted(studies.loc[studies["meta_analysis"].str.strip().str.lower() == "yes", "study_id"])
        boxes["studies_ma"] = Box(len(pooled), tuple(pooled))
        boxes["reports_ma"] = box(lambda place: study_of[place] in set(pooled))
    reports_of = {
        study_id: box(partial(lambda of, place: study_of[place] == of, study_id)).ids
        for study_id in sorted(listed)
    }
    return boxes, reports_of


def _unlinked(included: Box, linked: Mapping[str, Box]) -> Iterator[tuple[str, str]]:
    """Yield what screening and ``reports.csv`` say differently of the reports included."""
    said = {*linked["reports"].ids, *linked.get("reports_of_previous", BLANK).ids}
    for ids, what in (
        (set(included.ids) - said, "included and not in reports.csv"),
        (said - set(included.ids), "in reports.csv and not included"),
    ):
        if ids:
            yield "I1", f"{what}: {few(sorted(ids))}"


def _studies_of(previous: Flow) -> Box:
    return previous["total_studies"] if previous.n("total_studies") is not None else previous["studies"]


def _reports_of(previous: Flow) -> Box:
    return previous["total_reports"] if previous.n("total_reports") is not None else previous["reports"]
