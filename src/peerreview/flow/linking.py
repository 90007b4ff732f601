"""Included reports and their studies, as ``reports.csv`` and ``studies.csv`` link them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from peerreview.flow import BLANK, Box, Flow, few


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
) -> Linked:
    """
    Return the boxes of studies and reports, each counted from the links by itself.

    Reports and studies are many to many: a study has several reports, and a
    report may tell of several studies. An included report without a link is
    counted as waiting for one; one that is linked before it is decided on
    waits for that, and its study with it.

    Parameters
    ----------
    studies : ``study_id``, a row per included study; None where there is no such table.
    links : (report, study, whether an earlier version counted the report) each.
    included : the reports that screening includes in this version.
    still_open : reports on which a decision is awaited.
    previous : the flow of the review's last version.
    """
    settled = [each for each in links if each[0] not in still_open]
    of_report: dict[str, set[str]] = {}
    is_old = {}
    for report, study, old in settled:
        of_report.setdefault(report, set()).add(study)
        is_old[report] = old
    waiting = {study for _, study, _ in links} - {study for _, study, _ in settled}
    earlier = set(studies_of(previous).ids) if previous is not None else set()
    with_reports = {study for _, study, _ in settled}
    listed = with_reports if studies is None else set(studies["study_id"]) - waiting
    counted = listed | with_reports

    def box(wanted: Callable[[str], bool]) -> Box:
        ids = tuple(report for report in of_report if wanted(report))
        return Box(len(ids), ids)

    new = tuple(sorted(counted - earlier))
    boxes = {
        "studies": Box(len(new), new),
        "reports": box(lambda report: not is_old[report] and bool(of_report[report] - earlier)),
    }
    if previous is not None:
        boxes |= _totals(previous, counted, new, box(lambda _: True))
        boxes["reports_of_previous"] = box(lambda report: not is_old[report] and of_report[report] <= earlier)
    if studies is not None and "meta_analysis" in studies:
        says_yes = studies["meta_analysis"].str.strip().str.lower() == "yes"
        pooled = tuple(sorted(set(studies.loc[says_yes, "study_id"]) - waiting))
        boxes["studies_ma"] = Box(len(pooled), pooled)
        boxes["reports_ma"] = box(lambda report: not of_report[report].isdisjoint(pooled))
    unlinked = tuple(report for report in included.ids if report not in of_report)
    if unlinked:
        boxes["awaiting_study"] = Box(len(unlinked), unlinked)
    said = {*boxes["reports"].ids, *boxes.get("reports_of_previous", BLANK).ids}
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
        for study in sorted(counted)
    }
    return Linked(boxes, reports_of, tuple(findings), tuple(unfinished))


def _totals(previous: Flow, counted: Collection[str], new: Collection[str], reports: Box) -> dict[str, Box]:
    """Return the totals of an update; blank where the earlier version's part is not known."""
    before, reports_before = studies_of(previous), reports_of(previous)
    if before.ids:
        return {"total_studies": Box(len(counted), tuple(sorted(counted))), "total_reports": reports}
    # An earlier version that was counted elsewhere has numbers and no records.
    totals = {"total_studies": Box((before.n or 0) + len(new))}
    if reports_before.n is not None:
        totals["total_reports"] = Box(reports_before.n + len(reports.ids))
    return totals


def studies_of(previous: Flow) -> Box:
    """Return the studies that an earlier version includes in all."""
    return previous["total_studies"] if previous.n("total_studies") is not None else previous["studies"]


def reports_of(previous: Flow) -> Box:
    """Return the reports of the studies that an earlier version includes in all; blank where not known."""
    if previous.n("total_studies") is not None:
        return previous["total_reports"]
    return previous["reports"]
