"""Tables of a review to the counts of its PRISMA 2020 flow, each box by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.flow import AWAITING, BLANK, BOXES, OTHER_METHODS, Box, Flow, Part, Unique
from peerreview.flow.amended import Amended
from peerreview.flow.clusters import Clusters, Mask, Positions, counted_in
from peerreview.flow.elsewhere import add_stated
from peerreview.flow.linking import Linked, link, reports_of, studies_of
from peerreview.flow.made_up import mark_synthetic, says_synthetic
from peerreview.flow.searched import missing_records, other_numbers
from peerreview.flow.stages import SETTLED, Screened, Stage, place
from peerreview.flow.unjudged import unjudged
from peerreview.tables import SYNTHETIC, SYNTHETIC_NOTE, few

NO_REASON = "Reason not given"


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
        Without ``reports`` the boxes of studies and reports are blank, unless nothing was included.
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
    clusters = Clusters.of(records, duplicates, previous, _judged_as_other(screening))
    screened = place(screening, clusters)
    searched = clusters.searched_now(sources)
    boxes = count_boxes(clusters, screened, searched, reasons=reasons, show_zero=show_zero)
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
    decided_anew = {} if previous is None else _decided_anew(clusters, screened, previous)
    if decided_anew:
        named = few([f"{record_id} ({how})" for record_id, how in decided_anew.items()])
        unfinished.append(("decided_anew", named))
        remarks.append(_HOW_TO_DECIDE_ANEW)
    if previous is not None:
        boxes |= {"previous_studies": studies_of(previous), "previous_reports": reports_of(previous)}
    n_open = sum(len(boxes.get(key, BLANK).ids) for key in AWAITING)
    if reports is None and previous is None and not boxes["included"].n and not n_open:
        # Where no report is included none can be listed: the review has no study, and says so.
        reports = tables.empty(tables.REPORTS)
    if reports is None or (reports.empty and boxes["included"].n):
        missing = "no reports.csv" if reports is None else "reports.csv lists no report"
        remarks.append(f"{missing}: studies and reports are blank, I1 and I2 cannot be checked")
        linked = Linked({"awaiting_study": boxes["included"]} if boxes["included"].n else {})
    else:
        linked = link(
            clusters.links(reports),
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
    made_up = [] if reports is None else clusters.links(reports[says_synthetic(reports)])
    boxes = mark_synthetic(
        boxes,
        records=records,
        screening=screening,
        sources=sources,
        linked={report for report, *_ in made_up},
        studies=studies,
    )
    removed, held = _of_this_version(clusters, elsewhere or {}, libraries, previous)
    boxes = add_stated(boxes, searched, removed=removed, libraries=held)
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


def _of_this_version(
    clusters: Clusters, removed: Mapping[str, int], libraries: Sequence[str], previous: Flow | None
) -> tuple[Mapping[str, int], Sequence[str]]:
    """Return what was removed elsewhere and the libraries; of an update, if its records came from one."""
    if previous is None:
        return removed, libraries
    fresh = set(clusters.source[~clusters.is_old])
    held = [name for name in libraries if name in fresh]
    return removed if held else {}, held


def _missing(
    records: pd.DataFrame, sources: pd.DataFrame | None, previous: Flow | None, libraries: Sequence[str]
) -> Iterator[tuple[str, str]]:
    if sources is None:
        return
    if previous is not None and not counted_in(previous):
        # Of an earlier version that was counted elsewhere no record need be here.
        sources = sources[sources["round"].replace("", "1").isin(set(records["round"]))]
    if names := missing_records(records, sources, libraries=libraries):
        yield "records_missing", names


def _judged_as_other(screening: pd.DataFrame) -> set[str]:
    """Return the records that reached a later stage and have no outcome at title and abstract."""
    is_title = screening["stage"] == "title_abstract"
    is_later = screening["stage"].isin(["retrieval", "full_text"])
    return set(screening.loc[is_later, "record_id"]) - set(screening.loc[is_title, "record_id"])


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


def _decided_anew(clusters: Clusters, screened: Screened, previous: Flow) -> dict[str, str]:
    """Return the earlier version's records on which screening now says otherwise, and how."""
    is_in = screened.stages["full_text"].is_one_of("include")
    is_out = np.any([stage.is_one_of("exclude") for stage in screened.stages.values()], axis=0)
    gone = [record_id for key in _EXCLUDED for record_id in previous[key].ids]
    found: dict[str, str] = {}
    for ids, now, how in (
        (gone, is_in, "excluded then, included now"),
        (previous["included"].ids, is_out, "included then, excluded now"),
    ):
        places = clusters.index.get_indexer(pd.Index(ids, dtype=object))
        kept = clusters.kept[places[places >= 0]]
        found |= {str(clusters.ids[clusters.stands_for[place]]): how for place in kept[now[kept]]}
    return dict(sorted(found.items()))


def count_boxes(
    clusters: Clusters,
    screened: Screened,
    sources: pd.DataFrame | None,
    *,
    reasons: Sequence[str] = (),
    show_zero: bool = False,
) -> dict[str, Box]:
    """
    Return every box that records alone decide.

    Parameters
    ----------
    sources : ``source, source_kind``: the searches of this version.
    reasons, show_zero : as in ``derive``.
    """
    before, title, retrieval, full = (screened.stages[stage] for stage in tables.STAGES)
    box = partial(_box, clusters)
    by_reason = partial(_by_reason, clusters, screened, tuple(reasons))
    set_aside = before.is_one_of("exclude")
    settled = full.is_one_of(*SETTLED)
    not_retrieved = retrieval.is_one_of("not_retrieved") | full.is_one_of("not_retrieved")
    awaiting = retrieval.is_one_of(*tables.OPEN) & ~settled & ~not_retrieved
    declared = set() if sources is None else set(sources["source_kind"])
    searched = declared | set(clusters.kind[~clusters.is_old])
    # A review of nothing else has searched databases.
    shown = searched if "register" in searched else {*searched, "database"}
    boxes: dict[str, Box] = {}
    for kind, key in (("database", "databases"), ("register", "registers")):
        if kind in shown or show_zero:
            mask = clusters.fresh_left & (clusters.kind == kind)
            boxes[key] = clusters.box(mask, clusters.by_source(mask, kind, sources))
    boxes["duplicates"] = clusters.box(clusters.removed_left)
    by_automation = clusters.left & set_aside & before.by_automation
    if by_automation.any() or show_zero:
        boxes["automation"] = box(by_automation)
    boxes["other_reasons"] = box(clusters.left & set_aside & ~before.by_automation)
    is_screened = clusters.left & title.is_one_of(*SETTLED)
    excluded = clusters.left & title.is_one_of("exclude")
    boxes["screened"] = box(is_screened)
    boxes["excluded"] = by_reason(excluded, title)
    if (excluded & title.by_automation).any():
        boxes["excluded_human"] = box(excluded & ~title.by_automation)
        boxes["excluded_automation"] = box(excluded & title.by_automation)
    boxes["awaiting_screening"] = box(clusters.left & ~set_aside & ~is_screened)
    sought = clusters.left & title.is_one_of("include")

    def count_reports(column: str, sought: Mask, of: Mask) -> dict[str, Box]:
        waiting = sought & ~not_retrieved & ~settled
        counted = {
            "sought": box(sought),
            "not_retrieved": box(of & not_retrieved),
            "awaiting_retrieval": box(waiting & awaiting),
            "assessed": box(of & settled),
            "reports_excluded": by_reason(of & full.is_one_of("exclude"), full, unnamed=True),
            "awaiting_assessment": box(waiting & ~awaiting),
        }
        return {column + key: of_column for key, of_column in counted.items()}

    boxes |= count_reports("", sought, clusters.left)
    if clusters.right.any() or clusters.found_again.any() or declared & set(OTHER_METHODS):
        for kind, key in OTHER_METHODS.items():
            mask = clusters.right & (clusters.kind == kind)
            if kind in searched or (show_zero and kind in _IN_TEMPLATE):
                # What stands under "other" is known by its name alone.
                parts = clusters.by_source(mask, kind, sources) if kind == "other" else ()
                boxes[key] = replace(box(mask), parts=parts)
        boxes["found_again"] = clusters.box(clusters.found_again)
        aside = clusters.right & (set_aside | title.is_one_of("exclude"))
        boxes["other_set_aside"] = box(aside)
        boxes |= count_reports("other_", clusters.right & ~aside, clusters.right)
    boxes["included"] = box((clusters.left | clusters.right) & full.is_one_of("include"))
    boxes["earlier_records"] = clusters.box(clusters.is_old)
    return {key: boxes[key] for key in BOXES if key in boxes}


def _box(clusters: Clusters, mask: Mask) -> Box:
    """Return kept records as a box, each by the record that stands for its cluster."""
    _, ids = _standing(clusters, mask)
    return Box(len(ids), ids)


def _standing(clusters: Clusters, mask: Mask) -> tuple[Positions, tuple[str, ...]]:
    """Return kept records in the order of those that stand for them, and the ids of these."""
    kept = np.flatnonzero(mask)
    kept = kept[np.argsort(clusters.stands_for[kept], kind="stable")]
    return kept, tuple(clusters.ids[clusters.stands_for[kept]])


def _by_reason(
    clusters: Clusters,
    screened: Screened,
    reasons: tuple[str, ...],
    mask: Mask,
    stage: Stage,
    *,
    unnamed: bool = False,
) -> Box:
    """Return kept records as a box, divided by reason where one has a reason, or ``unnamed`` says so."""
    kept, ids = _standing(clusters, mask)
    why = screened.reasons_of(stage, kept)
    if not ids or not (unnamed or any(why)):
        return Box(len(ids), ids)
    grouped: dict[str, list[str]] = {}
    for record_id, reason in zip(ids, why, strict=True):
        grouped.setdefault(reason or NO_REASON, []).append(record_id)
    rank = {reason: position for position, reason in enumerate(reasons)}

    def order(reason: str) -> tuple[bool, int, int, str]:
        return reason == NO_REASON, rank.get(reason, len(rank)), -len(grouped[reason]), reason

    named = sorted(grouped, key=order)
    return Box(len(ids), ids, tuple(Part(each, len(grouped[each]), tuple(grouped[each])) for each in named))
