"""The command ``retractions``: which papers were retracted since, and what changes without them."""

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.inputs import count_flow, retired_of, settle_by
from peerreview.cli.options import Protocol, Quiet, Records
from peerreview.cli.outputs import FORMATS, put, put_sheets, tell
from peerreview.cli.outputs import as_json as to_json
from peerreview.cli.sections import read_sections
from peerreview.errors import UnfinishedError, UsageError
from peerreview.review import COUNTED, name_of
from peerreview.tables.once import keeping_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.imports.notices import Notices
    from peerreview.paper.document import Section
    from peerreview.paper.retractions import Consequence, Retracted
    from peerreview.paper.sheets import Sheet
    from peerreview.paper.trail import Reviewed
    from peerreview.review import Protocol as Plan
    from peerreview.review import Review
    from peerreview.tables import Table

DEFAULT = Path(name_of(tables.RETRACTED))
REASON = "Retracted publication"


@keeping_tables()
def retractions(
    notices: Annotated[
        Path | None,
        typer.Argument(
            help="Retraction Watch's table, from Crossref; without it, what records say of themselves.",
            show_default=False,
        ),
    ] = None,
    records: Records = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help=f"Table to write, .csv; or with what changes: .json, {', '.join(FORMATS)}."
        ),
    ] = DEFAULT,
    dated: Annotated[
        str, typer.Option("--dated", help="The day the notices were fetched, as in 2026-11-01.")
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", help="Why a work that is left out is excluded at full text.")
    ] = REASON,
    previous: Annotated[
        Path | None, typer.Option("--previous", help="An update: the flow.json of the review's last version.")
    ] = None,
    protocol: Protocol = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 3 where a decision is awaited.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Find papers retracted since, and what changes without them."""
    from peerreview.review import Review

    if dated and not _is_day(dated):
        raise UsageError(f"--dated {dated!r} is no day such as 2026-11-01")
    review = Review.around(records)
    review.note_named(notices, previous)
    review.keep_apart(output)
    plan = review.protocol(protocol)
    with console.working("looking for notices on the review's works"):
        found = look(review, plan, notices, dated, records)
    _remark(review, found.works, found.decided)
    waiting = [each for each in found.works if each.is_open]
    if check:
        tell(review)
        if waiting:
            listed = ", ".join(f"{each.record_id} ({each.kind})" for each in waiting)
            wait = (
                "notice on an included work waits" if len(waiting) == 1 else "notices on included works wait"
            )
            raise UnfinishedError(f"{len(waiting):,} {wait} for a decision: {listed}")
        return
    suffix = output.suffix.lower()
    with console.working("counting the review without them"):
        made = write(found, "" if output == tables.STREAM else suffix, reason=reason, previous=previous)
    if isinstance(made, list):
        put_sheets(review, made, output, others=(".json",))
    else:
        put(review, [(output, made)])


@dataclass(frozen=True)
class Looked:
    """What was found on a review's works, what the team decided, and what the records were compared with."""

    review: "Review"
    plan: "Plan"
    reviewed: "Reviewed"
    works: "Sequence[Retracted]"
    decided: "pd.DataFrame"
    compared: "Mapping[str, str]"


def look(
    review: "Review", plan: "Plan", notices: Path | None, dated: str = "", records: Path | None = None
) -> Looked:
    """
    Return which works of a review notices are on.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview.cli.standing import read_reviewed
    from peerreview.duplicates import retractions as matching
    from peerreview.imports import notices as notice_files
    from peerreview.paper import retractions as stage
    from peerreview.paper.trail import index
    from peerreview.tables import reading

    reviewed = read_reviewed(review, plan, records)
    told = notice_files.read(reading.read_bytes(notices), notices) if notices else notice_files.none()
    for said in told.remarks:
        review.remark(said)
    decided = review.read_optional(tables.RETRACTIONS)
    found = matching.find(reviewed.records, told.rows, workers=os.cpu_count() or 1)
    says = matching.what_they_say(reviewed.records, matching.are_notices(found))
    works = stage.gather(
        says,
        found,
        told.rows,
        index(reviewed, {*found["record_id"], *says["record_id"]}),
        decided,
        retired_of(review),
        notices.name if notices else "",
    )
    compared = _compared(notices, told, dated, len(reviewed.records))
    return Looked(review, plan, reviewed, works, decided, compared)


def write(
    found: Looked, suffix: str, *, reason: str = REASON, previous: Path | None = None
) -> "pd.DataFrame | str | list[Sheet]":
    """Return the table of works for ``.csv`` and a stream; what changes without them, too, for others."""
    from peerreview.flow import labels
    from peerreview.paper import retractions as stage

    if suffix in (".csv", ""):
        return stage.to_table(found.works)
    earlier = None if previous is None else _read_previous(previous)
    now = _Now(found.review, found.plan, found.reviewed, earlier)
    consequences = _consequences(now, found.works, reason)
    if suffix == ".json":
        return to_json(stage.to_json(found.works, consequences, found.compared))
    return stage.to_sheets(found.works, consequences, labels.read(), found.compared["said"])


@dataclass(frozen=True)
class _Now:
    """The review as it stands; ``previous`` is the flow of its last version, where it is an update."""

    review: "Review"
    plan: "Plan"
    reviewed: "Reviewed"
    previous: "Flow | None"

    def table(self, table: "Table") -> "pd.DataFrame":
        """Return a table that the flow is counted from."""
        if table is tables.CHANGES:
            return self.review.as_if({}).read_optional(table)
        frame: pd.DataFrame = getattr(self.reviewed, table.name)
        return frame

    def flow(self, frames: "Mapping[str, pd.DataFrame]", plan: "Plan") -> "Flow":
        counted = {table.name: self.table(table) for table in COUNTED}
        given = {name: frame for name, frame in frames.items() if name in counted}
        there = self.review.as_if(given)
        return count_flow(counted | given, there.has, plan, previous=self.previous)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _read_previous(path: Path) -> "Flow":
    from peerreview.flow import exchange
    from peerreview.tables import reading

    return exchange.read_of(reading.read_text(path), path)


def _consequences(now: _Now, works: "Sequence[Retracted]", reason: str) -> "list[Consequence]":
    """Return what changes without each included work in doubt, and without all where there are several."""
    doubted = list(
        {
            each.record_id: each for each in works if each.is_in_doubt and each.verdict != "other_paper"
        }.values()
    )
    if not doubted:
        return []
    several = [[each] for each in doubted] + ([doubted] if len(doubted) > 1 else [])
    if now.reviewed.flow.is_updated and now.previous is None:
        now.review.remark(
            "an update is counted with --previous; what changes is told without the flow's boxes"
        )
    frames = _frames(now)
    flow = now.flow({}, now.plan)
    before = read_sections(now.review.as_if({}), now.plan, flow=flow)
    return [_without(now, frames, (flow, before), each, reason) for each in several]


def _frames(now: _Now) -> "dict[str, pd.DataFrame]":
    """Return the tables that change without a work, those of people as they stand."""
    review, reviewed = now.review.as_if({}), now.reviewed
    found = {
        table.name: getattr(reviewed, table.name)
        for table in (tables.SCREENING, tables.REPORTS, tables.STUDIES)
        if review.has(table)
    }
    if review.vote_files(None, may_be_none=True):
        found[tables.VOTES.name] = reviewed.votes
    for table in (tables.DOCUMENTS, tables.FINDINGS, tables.CHANGES):
        if review.has(table):
            found[table.name] = review.read(table)
    for table in (tables.THEMES, tables.APPRAISAL):
        if review.has(table):
            found[table.name] = review.read_raw(table)
    return found


def _without(
    now: _Now,
    frames: "Mapping[str, pd.DataFrame]",
    before: "tuple[Flow, Sequence[Section]]",
    works: "Sequence[Retracted]",
    reason: str,
) -> "Consequence":
    from peerreview.flow import changes
    from peerreview.flow.linking import studies_of
    from peerreview.paper.retractions import compare
    from peerreview.paper.trail import EARLIER
    from peerreview.screening.votes import follow
    from peerreview.synthesis.leaving_out import leave_out, retire

    kept = follow(now.reviewed.duplicates)
    left = dict(frames)
    # What an earlier version counted is retired; what this one found is excluded.
    earlier, found = (
        {each.record_id for each in works if (each.end == EARLIER) is is_earlier}
        for is_earlier in (True, False)
    )
    of_earlier, of_found = (
        ids | {removed for removed, stays in kept.items() if stays in ids} for ids in (earlier, found)
    )
    if earlier:
        newest = max(map(int, now.reviewed.records["round"]), default=1)
        left = retire(left, of_earlier, newest, reason, others=of_found)
    if found:
        left = leave_out(left, found, of_found, reason)
    plan = now.plan
    if plan.reasons and reason not in plan.reasons:
        plan = replace(plan, reasons=(*plan.reasons, reason))
    if tables.VOTES.name in left:
        votes = left[tables.VOTES.name]
        settled = settle_by(plan, now.reviewed.unique, votes, now.reviewed.duplicates)
        left[tables.SCREENING.name] = settled.screening
    (was, told), will = before, now.flow(left, plan)
    after = read_sections(now.review.as_if(left), plan, flow=will)
    labels = dict(zip(now.reviewed.studies["study_id"], now.reviewed.studies["label"], strict=True))
    gone = sorted(set(studies_of(was).ids) - set(studies_of(will).ids))
    record_ids = [each.record_id for each in works]
    return compare(
        record_ids, [labels.get(each, each) for each in gone], changes.compare(was, will), told, after
    )


def _compared(path: Path | None, told: "Notices", dated: str, n_records: int) -> dict[str, str]:
    """Return what the records were compared with: a dated file with its hash, and that in a sentence."""
    said = f"The {n_records:,} records were searched for what they say of themselves"
    if path is None:
        return {"file": "", "said": f"{said}."}
    when = f"fetched on {dated}" if dated else f"its newest notice is of {told.newest or 'an unknown day'}"
    return {
        "file": path.name,
        "sha256": told.sha256,
        "dated": dated,
        "newest_notice": told.newest,
        "said": f"{said}, and for {tables.counted(len(told.rows), 'notice')} in {path.name} "
        f"({when}; SHA-256 {told.sha256}).",
    }


def _remark(review: "Review", works: "Sequence[Retracted]", decided: "pd.DataFrame") -> None:
    """Say how many works notices are of, which wait for a decision, and which decisions are of none."""
    from peerreview.paper.retractions import say_notice

    n_works = len({each.record_id for each in works})
    n_included = len({each.record_id for each in works if each.is_in})
    review.remark(f"works of the review that notices are on: {n_works:,}; included ones: {n_included:,}")
    decisions = review.path(tables.RETRACTIONS)
    for each in works:
        if each.is_open:
            what = "decide, in" if not each.verdict else "is to be left out, and still included; see"
            review.remark(f"{each.record_id}: {say_notice(each)}: {what} {decisions}")
    known = {(each.record_id, each.kind) for each in works}
    for row in tables.rows(decided):
        if (row["record_id"], row["kind"]) not in known:
            review.remark(f"{decisions}: no notice ({row['kind']}) is on {row['record_id']} any more")
