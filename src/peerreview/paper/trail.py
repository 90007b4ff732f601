"""A record's life: where it was found, merged, judged, counted and cited, and where it left the review."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.flow import BOXES, OF_STUDIES, Flow
from peerreview.paper.citations import cite
from peerreview.screening.people import known_as, shown_as, without_addresses
from peerreview.screening.votes import follow, moment
from peerreview.tables import DATABASE_KINDS, STAGES
from peerreview.values.lists import split

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from peerreview.protocol import Reviewer
    from peerreview.synthesis.themes import Coding

EARLIER = "earlier_records"
"""Boxes that count studies."""


@dataclass(frozen=True)
class Reviewed:
    """
    A review's tables, as far as there are.

    ``rules`` says why each rule of duplicates holds; ``appraised`` are the
    studies that somebody appraised.
    """

    records: pd.DataFrame
    duplicates: pd.DataFrame
    unique: pd.DataFrame
    overrides: pd.DataFrame
    votes: pd.DataFrame
    screening: pd.DataFrame
    conflicts: pd.DataFrame
    reports: pd.DataFrame
    studies: pd.DataFrame
    sources: pd.DataFrame
    flow: Flow
    coding: Coding | None = None
    appraised: frozenset[str] = frozenset()
    rules: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reviewers: Sequence[Reviewer] = ()


@dataclass(frozen=True)
class Member:
    """A record of the work, in the export that it came from."""

    record_id: str
    source: str
    source_kind: str
    round: str
    source_file: str
    source_line: str
    searched_on: str


@dataclass(frozen=True)
class Pair:
    """What was said of two records: by a rule, and ``why``; or by people, ``by`` name."""

    record_id: str
    other: str
    verdict: str
    rule: str = ""
    relation: str = ""
    why: str = ""
    by: str = ""


@dataclass(frozen=True)
class Cast:
    """A vote on the work; ``cast_on`` is the record that it was cast on."""

    reviewer: str
    role: str
    decision: str
    reason: str
    decided_at: str
    cast_on: str


@dataclass(frozen=True)
class AtStage:
    """What a stage made of the work: its votes, oldest first, and what they add up to."""

    stage: str
    votes: tuple[Cast, ...]
    outcome: str = ""
    reason: str = ""
    reviewers: tuple[str, ...] = ()
    resolved_by: str = ""
    problem: str = ""

    @property
    def day(self) -> str:
        """The day of the last vote that has one."""
        return max((vote.decided_at[:10] for vote in self.votes if vote.decided_at), default="")


@dataclass(frozen=True)
class Study:
    """A study that the work tells of; ``reports`` are all of its reports."""

    study_id: str
    label: str
    reports: tuple[str, ...]
    themes: tuple[str, ...]
    is_listed: bool
    is_appraised: bool


@dataclass(frozen=True)
class InBox:
    """
    A box of the flow, or a part of one, and which record or study of the work is counted there.

    ``basis`` is that of the count.
    """

    box: str
    part: str
    n: int
    basis: str
    counted: str


@dataclass(frozen=True)
class Trail:
    """
    A record's life.

    ``asked`` is the record asked for, ``record_id`` the one kept of its
    cluster. ``end`` is the box of the flow in which the work ends by what
    screening says.
    """

    asked: str
    record_id: str
    citation: str
    doi: str
    pmid: str
    members: tuple[Member, ...]
    pairs: tuple[Pair, ...]
    stages: tuple[AtStage, ...]
    studies: tuple[Study, ...]
    boxes: tuple[InBox, ...]
    cited_in: tuple[str, ...]
    end: str


@dataclass(frozen=True)
class Listed:
    """A table's columns as lists, and the places of the rows on each record."""

    cells: Mapping[str, Sequence[str]]
    places: Mapping[str, Sequence[int]]

    def of(self, record_id: str) -> list[dict[str, str]]:
        """Return the rows on a record."""
        return [
            {column: cells[place] for column, cells in self.cells.items()}
            for place in self.places.get(record_id, ())
        ]


@dataclass(frozen=True)
class Index:
    """A review's tables by the records that they tell of."""

    reviewed: Reviewed
    tables: Mapping[str, Listed]
    shown: Mapping[str, str]
    kept: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    boxes: Mapping[str, tuple[tuple[str, str, int, str], ...]]
    searched_on: Mapping[tuple[str, str, str], str]
    labels: Mapping[str, str]

    def of(self, table: str, record_id: str) -> list[dict[str, str]]:
        """Return a table's rows on a record."""
        return self.tables[table].of(record_id)


_CITED = ("authors", "year", "title", "journal", "volume", "issue", "pages", "doi", "pmid")
_TOLD = MappingProxyType(
    {
        "records": ("source", "source_kind", "round", "source_file", "source_line", *_CITED),
        "unique": _CITED,
        "votes": ("reviewer", "stage", "decision", "reason", "role", "decided_at"),
        "screening": ("stage", "outcome", "reason", "reviewers", "resolved_by"),
        "conflicts": ("stage", "problem"),
        "reports": ("study_id",),
        "duplicates": ("duplicate_of", "verdict", "relation", "rule"),
        "overrides": ("duplicate_of", "verdict", "by", "why"),
    }
)
"""What is told of each table, besides the record."""


def index(reviewed: Reviewed, only: Collection[str] | None = None) -> Index:
    """
    Return a review's tables by record, so that many lives are told at the price of one.

    Parameters
    ----------
    only : records, to look up their lives alone.
    """
    kept = follow(reviewed.duplicates)
    members: dict[str, list[str]] = {}
    for removed, stays in sorted(kept.items()):
        members.setdefault(stays, []).append(removed)
    wanted: set[str] | None = None
    if only is not None:
        wanted = {kept.get(each, each) for each in only}
        wanted |= {each for stays in wanted for each in members.get(stays, ())}
    votes = known_as(reviewed.votes, reviewed.reviewers)
    frames = {name: votes if name == "votes" else getattr(reviewed, name) for name in _TOLD}
    boxes: dict[str, list[tuple[str, str, int, str]]] = {}
    for key in BOXES:
        box = reviewed.flow[key]
        parts = [("", box.n or 0, box.basis, box.ids)]
        parts += [(part.label, part.n, part.basis, part.ids) for part in box.parts]
        for label, n, basis, ids in parts:
            for each in ids:
                if wanted is not None and key not in OF_STUDIES and each not in wanted:
                    continue
                name = f"study {each}" if key in OF_STUDIES else each
                boxes.setdefault(name, []).append((key, label, n, basis))
    searched = tables.rows(reviewed.sources[["source", "source_kind", "round", "searched_on"]])
    return Index(
        reviewed,
        {name: _listed_by_record(frame, _TOLD[name], wanted) for name, frame in frames.items()},
        shown_as(votes["reviewer"].unique().tolist(), reviewed.reviewers),
        kept,
        {stays: tuple(gone) for stays, gone in members.items()},
        {each: tuple(found) for each, found in boxes.items()},
        {
            (row["source"], row["source_kind"], row["round"] or "1"): row["searched_on"]
            for row in reversed(searched)
        },
        dict(zip(reviewed.studies["study_id"], reviewed.studies["label"], strict=True)),
    )


def _listed_by_record(frame: pd.DataFrame, columns: Sequence[str], wanted: set[str] | None) -> Listed:
    """Return a table by the record, or the two records, that each row is about."""
    keys = ["record_id", *(["duplicate_of"] if "duplicate_of" in columns else [])]
    frame = frame[["record_id", *columns]]
    if wanted is not None:
        frame = frame[frame[keys].isin(wanted).any(axis=1)]
    places: dict[str, list[int]] = {}
    for place, ids in enumerate(zip(*(frame[key].tolist() for key in keys), strict=True)):
        for each in dict.fromkeys(ids):
            places.setdefault(each, []).append(place)
    return Listed({column: frame[column].tolist() for column in ("record_id", *columns)}, places)


def follow_record(found: Index, record_id: str) -> Trail:
    """Return the life of a record of the review; of one that was removed, that of the record kept, too."""
    stays = found.kept.get(record_id, record_id)
    ids = (stays, *found.members.get(stays, ()))
    members = tuple(_member(found, each) for each in ids)
    record = (found.of("unique", stays) or found.of("records", stays))[0]
    stages = tuple(_stages(found, stays, ids))
    studies = tuple(_studies(found, ids))
    end = _end(found, members, stages)
    counted = found.reviewed.flow["total_studies"].ids or found.reviewed.flow["studies"].ids
    retired = set(found.reviewed.flow.reports_of) - set(counted) if counted else set()
    return Trail(
        record_id,
        stays,
        cite(record),
        record["doi"],
        record["pmid"],
        members,
        tuple(_pairs(found, ids)),
        stages,
        studies,
        tuple(_boxes(found, ids, studies)),
        tuple(_cited(stages, [each for each in studies if each.study_id not in retired])),
        end,
    )


def _member(found: Index, record_id: str) -> Member:
    row = found.of("records", record_id)[0]
    own = ("source", "source_kind", "round", "source_file", "source_line")
    searched_on = found.searched_on.get((row["source"], row["source_kind"], row["round"]), "")
    return Member(record_id, **{column: row[column] for column in own}, searched_on=searched_on)


def _pairs(found: Index, ids: Sequence[str]) -> list[Pair]:
    """Return what rules and people said of the work's records, once each."""
    reviewed = found.reviewed
    told: dict[tuple[str, ...], Pair] = {}
    for each in ids:
        for row in found.of("duplicates", each):
            pair = row["record_id"], row["duplicate_of"]
            why = reviewed.rules.get(row["rule"], "")
            told[("rule", *pair)] = Pair(*pair, row["verdict"], row["rule"], row["relation"], why)
        for row in found.of("overrides", each):
            pair = row["record_id"], row["duplicate_of"]
            by, why = (without_addresses(row[column]) for column in ("by", "why"))
            told[("word", *pair)] = Pair(*pair, row["verdict"], why=why, by=by or "people")
    order = {verdict: place for place, verdict in enumerate(("duplicate", "possible", "related", "distinct"))}
    return sorted(
        told.values(), key=lambda pair: (bool(pair.by), order[pair.verdict], pair.record_id, pair.other)
    )


def _stages(found: Index, stays: str, ids: Sequence[str]) -> list[AtStage]:
    votes = [row for each in ids for row in found.of("votes", each)]
    outcomes = {row["stage"]: row for row in found.of("screening", stays)}
    problems = {row["stage"]: row["problem"] for row in found.of("conflicts", stays) if row["stage"]}
    stages = []
    for stage in STAGES:
        cast = sorted(
            (
                Cast(
                    found.shown.get(row["reviewer"], row["reviewer"]),
                    row["role"] or "reviewer",
                    row["decision"],
                    without_addresses(row["reason"]),
                    row["decided_at"].strip(),
                    row["record_id"],
                )
                for row in votes
                if row["stage"] == stage
            ),
            key=_when,
        )
        outcome = outcomes.get(stage)
        if outcome is not None:
            stages.append(
                AtStage(
                    stage,
                    tuple(cast),
                    outcome["outcome"],
                    without_addresses(outcome["reason"]),
                    tuple(without_addresses(name) for name in split(outcome["reviewers"])),
                    outcome["resolved_by"],
                    problems.get(stage, "") if outcome["outcome"] in tables.OPEN else "",
                )
            )
        elif cast:
            stages.append(AtStage(stage, tuple(cast)))
    return stages


def _when(vote: Cast) -> tuple[float, str]:
    at = moment(vote.decided_at)
    return at.timestamp() if at else 0.0, vote.reviewer


def _studies(found: Index, ids: Sequence[str]) -> list[Study]:
    reviewed = found.reviewed
    linked = sorted({row["study_id"] for each in ids for row in found.of("reports", each)})
    if not linked:
        return []
    labels = found.labels
    coding = reviewed.coding
    return [
        Study(
            study_id,
            labels.get(study_id, ""),
            tuple(
                sorted(
                    {
                        found.kept.get(report, report)
                        for report, of in zip(
                            reviewed.reports["record_id"], reviewed.reports["study_id"], strict=True
                        )
                        if of == study_id
                    }
                )
            ),
            tuple(
                theme.label
                for theme in (coding.themes if coding is not None else ())
                if coding is not None and coding.rows.get((study_id, theme.theme))
            ),
            study_id in labels,
            study_id in reviewed.appraised,
        )
        for study_id in linked
    ]


def _boxes(found: Index, ids: Sequence[str], studies: Sequence[Study]) -> list[InBox]:
    counted = [(each, each) for each in ids] + [(f"study {each.study_id}", each.study_id) for each in studies]
    boxes = [InBox(*box, counted=name) for key, name in counted for box in found.boxes.get(key, ())]
    order = {key: place for place, key in enumerate(BOXES)}
    return sorted(boxes, key=lambda each: (order[each.box], bool(each.part)))


def _cited(stages: Sequence[AtStage], studies: Sequence[Study]) -> list[str]:
    """Return the tables of the paper that name the work, as ``table`` calls them."""
    cited = []
    if any(each.is_listed for each in studies):
        cited.append("characteristics")
    if any(each.is_appraised for each in studies):
        cited.append("appraisal")
    if any(each.themes for each in studies):
        cited += ["themes", "matrix"]
    if any(each.stage == "full_text" and each.outcome == "exclude" for each in stages):
        cited.append("excluded")
    return cited


def _end(found: Index, members: Sequence[Member], stages: Sequence[AtStage]) -> str:
    """
    Return the box in which the work ends, from its outcomes alone.

    References
    ----------
    PRISMA 2020, item 16a and the flow diagram, doi:10.1136/bmj.n71.
    """
    if any(box == EARLIER for each in members for box, *_ in found.boxes.get(each.record_id, ())):
        return EARLIER
    at = {each.stage: each for each in stages if each.outcome}
    outcome = {stage: at[stage].outcome if stage in at else "" for stage in STAGES}
    is_left = any(each.source_kind in DATABASE_KINDS for each in members)
    if members[0].source_kind not in DATABASE_KINDS and not outcome["title_abstract"]:
        # Judged as another method's before a later search of a database found it: it stays there.
        is_left &= not (outcome["retrieval"] or outcome["full_text"])
    column = "" if is_left else "other_"
    if outcome["before_screening"] == "exclude":
        if not is_left:
            return "other_set_aside"
        return "automation" if at["before_screening"].resolved_by == "automation" else "other_reasons"
    if outcome["title_abstract"] == "exclude":
        return "excluded" if is_left else "other_set_aside"
    if is_left and outcome["title_abstract"] != "include":
        return "awaiting_screening"
    if "not_retrieved" in (outcome["retrieval"], outcome["full_text"]):
        return f"{column}not_retrieved"
    if outcome["full_text"] == "include":
        return "included"
    if outcome["full_text"] == "exclude":
        return f"{column}reports_excluded"
    waits = "retrieval" if outcome["retrieval"] in tables.OPEN else "assessment"
    return f"{column}awaiting_{waits}"
