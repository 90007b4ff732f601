"""
A living review as a ledger: its base and each update, counted from the tables, and the proof that they sum.

After "Approach 1: base review and each update separately" of Kahale et al.
(2022), doi:10.12688/f1000research.51723.3, with a total at each version, as
PRISMA 2020's template for updates has it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow import AWAITING, IDENTIFIED, Box, Flow, identities
from peerreview.flow.amended import Amended, Change, kept_of, rounds_of
from peerreview.flow.changes import compare
from peerreview.flow.counting import derive
from peerreview.flow.identities import Verdict
from peerreview.flow.linking import reports_of, studies_of
from peerreview.tables import SYNTHETIC, few

SCHEMA = "peerreview/ledger/1"

LINES = (
    "identified", "found_before", "duplicates", "removed", "screened", "excluded", "awaiting_screening",
    "from_other", "sought", "not_retrieved", "awaiting_retrieval", "assessed", "reports_excluded",
    "awaiting_assessment", "awaiting_study",
    "previous_studies", "studies", "retired_studies", "total_studies",
    "previous_reports", "reports", "reports_of_previous", "retired_reports", "total_reports",
    "corrected_studies",
)  # fmt: skip
"""What the ledger says of each version, in the order of a review; both columns of the flow together."""
OPEN = (*(key for key in AWAITING if not key.startswith("other_")), "awaiting_study")
"""Lines of what still awaits somebody."""


@dataclass(frozen=True)
class Version:
    """
    The base of a review, or one of its updates.

    ``number`` is its round, ``searched`` the days of its searches, sources of
    them by name. ``counts`` are its lines, each a box as in a flow, and
    ``verdicts`` the proof: of its own flow, and of its part in the ledger.
    ``waits_for`` are earlier versions that are unfinished, on which its totals rest.
    """

    number: int
    searched: tuple[tuple[str, str], ...]
    flow: Flow
    counts: Mapping[str, Box]
    verdicts: tuple[Verdict, ...]
    changes: tuple[Change, ...] = ()
    waits_for: tuple[int, ...] = ()

    @property
    def days(self) -> tuple[str, ...]:
        """The first and the last day of its searches; one, where they are the same."""
        told = sorted({day for _, day in self.searched if day})
        return tuple(dict.fromkeys((*told[:1], *told[-1:])))

    @property
    def still_open(self) -> tuple[str, ...]:
        """What is to be done before the version is finished."""
        earlier = [f"version {number} is unfinished" for number in self.waits_for]
        return (*self.flow.still_open, *earlier)

    @property
    def state(self) -> str:
        """``final``, ``draft`` or ``inconsistent``."""
        if identities.fails(self.verdicts):
            return "inconsistent"
        return "draft" if self.still_open else "final"

    def n(self, line: str) -> int | None:
        """Return the count of a line; None where it is not known, or not of this version."""
        box = self.counts.get(line)
        return None if box is None else box.n


@dataclass(frozen=True)
class Ledger:
    """A review's versions in order, and what holds of all of them together."""

    versions: tuple[Version, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def all_verdicts(self) -> list[tuple[int, Verdict]]:
        """Every verdict with its version; 0 for what is of all."""
        own = [(version.number, verdict) for version in self.versions for verdict in version.verdicts]
        return [*own, *((0, verdict) for verdict in self.verdicts)]

    @property
    def failing(self) -> list[str]:
        """What does not hold, in words."""
        return [
            f"version {number}: {verdict}" if number else str(verdict)
            for number, verdict in self.all_verdicts
            if verdict.status == "fails" and verdict.level == "error"
        ]

    @property
    def still_open(self) -> list[str]:
        """What is to be done before all versions are finished."""
        return [
            f"version {version.number}: {'; '.join(version.still_open)}"
            for version in self.versions
            if version.still_open
        ]


def count_versions(
    records: pd.DataFrame,
    duplicates: pd.DataFrame,
    screening: pd.DataFrame,
    *,
    reports: pd.DataFrame | None = None,
    studies: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    amended: Amended | None = None,
    reasons: Sequence[str] = (),
    elsewhere: Mapping[str, int] | None = None,
    libraries: Sequence[str] = (),
) -> Ledger:
    """
    Return the ledger of a living review: a version per round, each counted from the rows up to its round.

    So the ledger of the first rounds is the beginning of that of all of
    them, whatever comes later: a version changes only where somebody changed
    a row of its own.

    Parameters
    ----------
    records, duplicates, screening, reports, studies, sources : as in ``tables``.
    amended : studies that were retired or corrected; see ``amended.read``.
    reasons, elsewhere, libraries : as in ``counting.derive``; what another program removed, it removed
        before the first round that has records of a library.

    Raises
    ------
    InputError
        Where a version includes reports and nobody has said of which studies, and another follows it.
    """
    links = tables.empty(tables.REPORTS) if reports is None else reports
    part = _Parts(records, duplicates, screening, links, studies, sources)
    said_of = amended or Amended()
    versions: list[Version] = []
    previous: Flow | None = None
    not_settled: set[str] = set()
    removed = elsewhere
    for number in part.rounds:
        held = part.libraries_of(number, libraries)
        known = said_of.up_to(number)
        frames = part.up_to(number, without=not_settled)
        counted = derive(
            frames["records"],
            frames["duplicates"],
            frames["screening"],
            reports=frames["reports"],
            studies=frames["studies"],
            sources=frames["sources"],
            previous=previous,
            reasons=reasons,
            elsewhere=removed if held or not libraries else None,
            libraries=held,
            amended=known,
        )
        removed = None if held else removed
        last = number == part.rounds[-1]
        if not last and studies_of(counted).n is None:
            listed = f"reports.csv lists no report of round {number}"
            raise InputError(f"{listed}, which includes {counted.n('included'):,}: its studies are unknown")
        version = _version(number, part, counted, previous, known)
        waits_for = tuple(each.number for each in versions if each.flow.still_open)
        versions.append(replace(version, waits_for=waits_for))
        waiting = {record for key in AWAITING for record in counted[key].ids}
        not_settled |= {part.kept.get(record, record) for record in waiting}
        # What an earlier version still decides on is its own: the next one does not count it.
        previous = replace(counted, boxes={k: box for k, box in counted.boxes.items() if k not in AWAITING})
    return Ledger(tuple(versions), tuple(_over_all(versions, records)))


class _Parts:
    """A review's tables, and what of them was there when a round was counted."""

    def __init__(
        self,
        records: pd.DataFrame,
        duplicates: pd.DataFrame,
        screening: pd.DataFrame,
        reports: pd.DataFrame,
        studies: pd.DataFrame | None,
        sources: pd.DataFrame | None,
    ) -> None:
        self.records, self.duplicates, self.screening = records, duplicates, screening
        self.reports, self.studies, self.sources = reports, studies, sources
        self.kept = kept_of(duplicates)
        numbers = [int(number) for number in records["round"]]
        self.round_of = dict(zip(records["record_id"], numbers, strict=True))
        self.rounds = rounds_of(sources, records)

    def found_in(self, record_id: str) -> int:
        """Return the round of the record kept; the first where there is none, for its fault to be told."""
        found: int = self.round_of.get(self.kept.get(record_id, record_id), 1)
        return found

    def libraries_of(self, number: int, libraries: Sequence[str]) -> list[str]:
        """Return the libraries that a round's records came from; in the first, those of no record, too."""
        anywhere = set(self.records["source"])
        here = set(self.records.loc[self.records["round"] == str(number), "source"])
        here |= set(libraries) - anywhere if number == self.rounds[0] else set()
        return [name for name in libraries if name in here]

    def up_to(self, number: int, *, without: set[str]) -> dict[str, Any]:
        """Return the rows of the rounds up to one; reports that earlier versions decide on are left out."""

        def is_here(record_id: str) -> bool:
            return bool(self.round_of.get(record_id, 1) <= number)

        pairs = self.duplicates[_where(self.duplicates, "record_id", is_here)]
        frames: dict[str, Any] = {
            "records": self.records[_where(self.records, "record_id", is_here)],
            "duplicates": pairs[_where(pairs, "duplicate_of", is_here)],
            "screening": self.screening[_where(self.screening, "record_id", is_here)],
            "studies": self.studies,
            "sources": None,
        }
        if self.sources is not None:
            frames["sources"] = self.sources[
                _where(self.sources, "round", lambda each: int(each or "1") == number)
            ]
        frames["reports"], later = self._reports(number, without)
        if self.studies is not None:
            frames["studies"] = self.studies[~self.studies["study_id"].isin(later)]
        return frames

    def _reports(self, number: int, without: set[str]) -> tuple[pd.DataFrame, set[str]]:
        """Return the links of reports found up to a round, by the records kept; and studies not of it yet."""

        def is_here(record_id: str) -> bool:
            kept = self.kept.get(record_id, record_id)
            return self.found_in(record_id) <= number and kept not in without

        here = self.reports[_where(self.reports, "record_id", is_here)]
        here = here.assign(record_id=[self.kept.get(each, each) for each in here["record_id"]])
        unlinked: set[str] = set()
        if self.studies is not None and number != self.rounds[-1]:
            # A study without any report is still to be linked: that is the last version's work.
            unlinked = set(self.studies["study_id"]) - set(self.reports["study_id"])
        return here, (set(self.reports["study_id"]) - set(here["study_id"])) | unlinked


def _where(table: pd.DataFrame, column: str, wanted: Callable[[str], bool]) -> "pd.Series[bool]":
    return pd.Series([wanted(each) for each in table[column]], index=table.index, dtype=bool)


def _version(number: int, part: _Parts, counted: Flow, previous: Flow | None, amended: Amended) -> Version:
    searched: tuple[tuple[str, str], ...] = ()
    if part.sources is not None:
        of_round = part.sources[part.sources["round"].replace("", "1") == str(number)]
        searched = tuple(zip(of_round["source"], of_round["searched_on"], strict=True))
    counts = _lines(number, part, counted, previous)
    return Version(
        number,
        searched,
        counted,
        counts,
        (*identities.check(counted), *_sums(counts)),
        tuple(each for each in amended.changes if each.round == number),
    )


def _lines(number: int, part: _Parts, counted: Flow, previous: Flow | None) -> dict[str, Box]:
    """Return the lines of a version; blank ones are left out."""
    gone = [*counted["duplicates"].ids, *counted["found_again"].ids]
    before = [each for each in gone if part.found_in(each) < number]
    # What was counted elsewhere has no records: its number stays one of this round.
    n_gone = (counted.n("duplicates") or 0) + (counted.n("found_again") or 0)
    within = Box(n_gone - len(before), tuple(each for each in gone if each not in set(before)))
    lines = {
        "identified": _together(counted, (*IDENTIFIED, "found_again")),
        "duplicates": replace(within, basis=counted["duplicates"].basis),
        "removed": _together(counted, ("automation", "other_reasons", "other_set_aside")),
        "screened": counted["screened"],
        "excluded": counted["excluded"],
        "awaiting_screening": counted["awaiting_screening"],
    }
    if counted.has_other_methods:
        lines["from_other"] = counted["other_sought"]
    if previous is not None:
        lines["found_before"] = Box(len(before), tuple(before), basis=_basis(counted, before))
        lines |= {"previous_studies": studies_of(previous), "previous_reports": reports_of(previous)}
    for key in ("sought", "not_retrieved", "awaiting_retrieval", "assessed", "awaiting_assessment"):
        lines[key] = _together(counted, (key, f"other_{key}"))
    lines["reports_excluded"] = _together(counted, ("reports_excluded", "other_reports_excluded"))
    lines |= {"studies": counted["studies"], "reports": counted["reports"]}
    for key in ("retired_studies", "retired_reports"):
        lines[key] = counted[key] if previous is None or counted.n(key) else Box(0)
    lines["corrected_studies"] = counted["corrected_studies"] if counted.n("corrected_studies") else Box(0)
    lines["reports_of_previous"] = counted["reports_of_previous"]
    lines["awaiting_study"] = counted["awaiting_study"]
    lines["total_studies"], lines["total_reports"] = studies_of(counted), reports_of(counted)
    return {key: lines[key] for key in LINES if key in lines and lines[key].n is not None}


def _together(counted: Flow, keys: Sequence[str]) -> Box:
    """Return boxes as one; blank where all are."""
    known = [counted[key] for key in keys if counted.n(key) is not None]
    if not known:
        return Box()
    ids = tuple(each for box in known for each in box.ids)
    basis = next((box.basis for box in known if box.basis), "")
    return Box(sum(box.n or 0 for box in known), ids, basis=basis)


def _basis(counted: Flow, ids: Sequence[str]) -> str:
    is_made_up = any(counted[key].basis == SYNTHETIC for key in ("duplicates", "found_again"))
    return SYNTHETIC if ids and is_made_up else ""


_SUMS: tuple[tuple[str, str, tuple[tuple[str, int], ...], tuple[str, ...]], ...] = (
    (
        "L1",
        "records identified less those found again, duplicates and removed ones are those looked at",
        (("identified", 1), ("found_before", -1), ("duplicates", -1), ("removed", -1)),
        ("screened", "awaiting_screening", "from_other"),
    ),
    (
        "L2",
        "studies of the version before and new ones, less those retired, are all studies",
        (("previous_studies", 1), ("studies", 1), ("retired_studies", -1)),
        ("total_studies",),
    ),
    (
        "L3",
        "reports of the version before and new ones, less those retired, are all reports",
        (("previous_reports", 1), ("reports", 1), ("reports_of_previous", 1), ("retired_reports", -1)),
        ("total_reports",),
    ),
)
"""What must be equal in a version: the identity, what it says, its terms with their signs, their sum."""


def _sums(counts: Mapping[str, Box]) -> list[Verdict]:
    """Return whether a version's records add up, and its totals follow from those of the version before."""
    verdicts = []
    for name, says, terms, sums in _SUMS:
        if sums[0] not in counts:
            verdicts.append(Verdict(name, says, "cannot be checked", "error", why=f"{sums[0]} is blank"))
            continue
        parts = [counts[key] for key in sums if key in counts]
        total = Box(sum(box.n or 0 for box in parts), tuple(each for box in parts for each in box.ids))
        known = [(counts[key], sign) for key, sign in terms if key in counts]
        verdicts.append(_judge(name, says, known, total))
    return verdicts


def _judge(name: str, says: str, terms: Sequence[tuple[Box, int]], total: Box) -> Verdict:
    """Return whether a sum holds, by its numbers, and by what they count where all of it is listed."""
    d = sum(sign * (box.n or 0) for box, sign in terms) - (total.n or 0)
    sides = " ".join(f"{'+' if sign > 0 else '-'} {box.n or 0:,}" for box, sign in terms)
    strays: list[str] = []
    if all(len(box.ids) == (box.n or 0) for box in (*(box for box, _ in terms), total)):
        left = [each for box, sign in terms if sign > 0 for each in box.ids]
        gone = {each for box, sign in terms if sign < 0 for each in box.ids}
        strays = sorted({each for each in left if each not in gone} ^ set(total.ids))
    fails = d != 0 or bool(strays)
    why = f"{sides.removeprefix('+ ')} {'is not' if d else '='} {total.n or 0:,}"
    why += f"; not on both sides: {few(strays)}" if strays else ""
    return Verdict(name, says, "fails" if fails else "holds", "error", d, why, records=tuple(strays))


def _over_all(versions: Sequence[Version], records: pd.DataFrame) -> list[Verdict]:
    """Return whether every record is of just one version, and the last total of all that came and went."""
    says = "the records of all versions are the review's records"
    terms = [(_records_of(version), 1) for version in versions]
    total = Box(len(records), tuple(records["record_id"]))
    verdicts = [_judge("L4", says, terms, total)]
    again = len([each for box, _ in terms for each in box.ids]) - len(
        {e for box, _ in terms for e in box.ids}
    )
    if again:
        verdicts[0] = replace(verdicts[0], status="fails", why=f"{verdicts[0].why}; {again:,} counted twice")
    if versions and all(version.n("total_studies") is not None for version in versions):
        came = [(version.counts["studies"], 1) for version in versions]
        went = [(version.counts.get("retired_studies", Box(0)), -1) for version in versions]
        says = "all studies that came, less those retired, are the studies of the last version"
        verdicts.append(_judge("L5", says, [*came, *went], versions[-1].counts["total_studies"]))
    return verdicts


def _records_of(version: Version) -> Box:
    """Return the records that a version identified, as far as the tables have them."""
    ids = version.counts["identified"].ids if "identified" in version.counts else ()
    return Box(len(ids), ids)


def differences(ledger: Ledger, recorded: Flow) -> tuple[int, list[str]]:
    """
    Return which version a recorded flow is of, and where the tables say otherwise of it now, by record.

    A flow is of the version whose records it has the most of. What is blank
    in one and 0 in the other is the same.

    Raises
    ------
    InputError
        Where it lists no record of this review.
    """
    ids = set(_together(recorded, (*IDENTIFIED, "found_again")).ids)
    shared = {version.number: len(ids & set(_records_of(version).ids)) for version in ledger.versions}
    number = max(shared, key=lambda each: (shared[each], -each), default=0)
    if not number or not shared[number]:
        raise InputError("lists no record of this review: it can be compared with none of its versions")
    version = next(each for each in ledger.versions if each.number == number)
    changes = compare(recorded, version.flow)
    said = []
    for each in changes.boxes:
        if not each.before and not each.after:
            continue
        moved = [f"{sign} {few(ids_)}" for sign, ids_ in (("+", each.came), ("−", each.went)) if ids_]
        before, after = ("–" if n is None else f"{n:,}" for n in (each.before, each.after))
        said.append("; ".join([f"{each.key}: {before} then, {after} now", *moved]))
    for move in changes.moved:
        way = f"{move.before or 'not in the review'} then, {move.after or 'not in the review'} now"
        said.append(f"{move.record_id}: {way}")
    return number, said


def to_json(ledger: Ledger) -> dict[str, Any]:
    """Return a ledger as plain data."""
    return {
        "schema": SCHEMA,
        "state": _state(ledger),
        "versions": [_version_to_json(version) for version in ledger.versions],
        "identities": [verdict.to_data() for verdict in ledger.verdicts],
    }


def _state(ledger: Ledger) -> str:
    return "inconsistent" if ledger.failing else "draft" if ledger.still_open else "final"


def _version_to_json(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "state": version.state,
        "searches": [{"source": source, "searched_on": day} for source, day in version.searched],
        "counts": {
            key: {"n": box.n, "ids": list(box.ids), **({"basis": box.basis} if box.basis else {})}
            for key, box in version.counts.items()
        },
        "changes": [
            {
                "study_id": each.study_id,
                "change": each.change,
                "reason": each.reason,
                "record_id": each.record_id,
                "date": each.date,
            }
            for each in version.changes
        ],
        "still_open": list(version.still_open),
        "identities": [verdict.to_data() for verdict in version.verdicts],
    }
