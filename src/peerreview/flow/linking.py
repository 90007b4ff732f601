"""Included reports and their studies, as ``reports.csv`` and ``studies.csv`` link them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from peerreview.flow import BLANK, Box, Flow
from peerreview.flow.amended import Amended
from peerreview.tables import few


@dataclass(frozen=True)
class Linked:
    """
    What the links say.

    ``findings`` contradict each other and screening, ``unfinished`` is still to be done.
    """

    boxes: Mapping[str, Box]
    reports_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: tuple[tuple[str, str], ...] = ()
    unfinished: tuple[tuple[str, str], ...] = ()


def link(
    links: Collection[tuple[str, str, bool]],
    included: Box,
    *,
    still_open: Collection[str],
    studies: pd.DataFrame | None,
    previous: Flow | None,
    amended: Amended | None = None,
) -> Linked:
    """
    Return the boxes of studies and reports, each counted from the links by itself.

    Reports and studies are many to many: a study has several reports, and a
    report may tell of several studies. An included report without a link is
    counted as waiting for one; one that is linked before it is decided on
    waits for that, and its study with it. What was retired counts in no box
    but its own; its reports stay where screening put them.

    Parameters
    ----------
    studies : ``study_id``, a row per included study; None where there is no such table.
    links : (report, study, whether an earlier version counted the report) each.
    included : the reports that screening includes in this version.
    still_open : reports on which a decision is awaited.
    previous : the flow of the review's last version.
    amended : what became of included studies.
    """
    settled = [each for each in links if each[0] not in still_open]
    of_report: dict[str, set[str]] = {}
    is_old = {}
    for report, study, old in settled:
        of_report.setdefault(report, set()).add(study)
        is_old[report] = old
    waiting = {study for _, study, _ in links} - {study for _, study, _ in settled}
    said_of = amended or Amended()
    retired = said_of.retired
    earlier = set(studies_of(previous).ids) if previous is not None else set()
    with_reports = {study for _, study, _ in settled}
    listed = with_reports if studies is None else set(studies["study_id"]) - waiting
    everyone = listed | with_reports
    counted = everyone - retired

    def box(wanted: Callable[[str], bool]) -> Box:
        ids = tuple(report for report in of_report if wanted(report))
        return Box(len(ids), ids)

    new = tuple(sorted(counted - earlier))
    boxes = {
        "studies": Box(len(new), new),
        "reports": box(lambda report: not is_old[report] and bool(of_report[report] - earlier - retired)),
    }
    total = box(lambda report: bool(of_report[report] - retired))
    if previous is not None:
        boxes |= _totals(previous, counted, new, total)
        boxes["reports_of_previous"] = box(
            lambda report: not is_old[report] and of_report[report] <= earlier | retired
        )
    boxes |= _of_amended(
        said_of,
        was=earlier if previous is not None else everyone,
        reports=_reports_before(previous, boxes) if previous is not None else tuple(of_report),
        total=total,
        since=0 if previous is None else said_of.current - 1,
    )
    if studies is not None and "meta_analysis" in studies:
        says_yes = studies["meta_analysis"].str.strip().str.lower() == "yes"
        pooled = tuple(sorted(set(studies.loc[says_yes, "study_id"]) - waiting - retired))
        boxes["studies_ma"] = Box(len(pooled), pooled)
        boxes["reports_ma"] = box(lambda report: not of_report[report].isdisjoint(pooled))
    unlinked = tuple(report for report in included.ids if report not in of_report)
    if unlinked:
        boxes["awaiting_study"] = Box(len(unlinked), unlinked)
    said = {*boxes["reports"].ids, *boxes.get("reports_of_previous", BLANK).ids}
    said |= set(boxes.get("retired_reports", BLANK).ids) if previous is None else set()
    strays = sorted(said - set(included.ids))
    findings = [("I1", f"in reports.csv and not included: {few(strays)}")] if strays else []
    unfinished = [
        (kind, few(sorted(missing)))
        for kind, missing in (
            ("study_without_report", listed - with_reports),
            ("study_not_listed", with_reports - listed),
        )
        if missing
    ]
    reports_of = {
        study: box(partial(lambda of, report: of in of_report[report], study)).ids
        for study in sorted(everyone)
    }
    return Linked(boxes, reports_of, tuple(findings), tuple(unfinished))


def _totals(previous: Flow, counted: Collection[str], new: Collection[str], reports: Box) -> dict[str, Box]:
    """Return the totals of an update; blank where the earlier version's part is not known."""
    before, reports_before = studies_of(previous), reports_of(previous)
    if before.ids or before.n == 0:
        return {"total_studies": Box(len(counted), tuple(sorted(counted))), "total_reports": reports}
    # An earlier version that was counted elsewhere has numbers and no records.
    totals = {"total_studies": Box((before.n or 0) + len(new))}
    if reports_before.n is not None:
        totals["total_reports"] = Box(reports_before.n + len(reports.ids))
    return totals


def _reports_before(previous: Flow, boxes: Mapping[str, Box]) -> tuple[str, ...]:
    """Return the reports of an update before any study of theirs is retired."""
    new = boxes["reports"].ids + boxes["reports_of_previous"].ids
    return tuple(dict.fromkeys((*reports_of(previous).ids, *new)))


def _of_amended(
    amended: Amended, *, was: Collection[str], reports: Collection[str], total: Box, since: int
) -> dict[str, Box]:
    """Return the boxes of what was retired and corrected; none where nothing was."""
    gone = tuple(sorted(amended.retired & set(was)))
    mended = tuple(sorted(amended.corrected(since=since)))
    left = tuple(report for report in reports if report not in set(total.ids))
    left = left if amended.retired else ()
    found = {
        "retired_studies": Box(len(gone), gone),
        "retired_reports": Box(len(left), left),
        "corrected_studies": Box(len(mended), mended),
    }
    return {key: box for key, box in found.items() if box.n or (key == "retired_reports" and gone)}


def studies_of(previous: Flow) -> Box:
    """Return the studies that an earlier version includes in all."""
    return previous["total_studies"] if previous.n("total_studies") is not None else previous["studies"]


def reports_of(previous: Flow) -> Box:
    """Return the reports of the studies that an earlier version includes in all; blank where not known."""
    if previous.n("total_studies") is not None:
        return previous["total_reports"]
    return previous["reports"]
