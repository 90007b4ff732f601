"""A desk to judge records at: which comes next, what a key does, which row that is; no clock, no file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.screening.checks import LEGAL
from peerreview.screening.outcomes import Settled, strange_reasons
from peerreview.screening.people import Reviewer, known_as
from peerreview.screening.progress import open_records
from peerreview.screening.sharing import assigned
from peerreview.screening.votes import REVIEWER, is_day, moment
from peerreview.tables import RESOLUTIONS, STAGES, WITHDRAWN
from peerreview.tables.writing import as_meant

LEFT, NOTED = "left", "with a note"
"""What may be shown alone, besides the records of one decision."""
LONGEST_PAUSE = 300.0
"""Seconds between two votes that still count as work; longer ones were a break."""
FEWEST_VOTES = 10
"""Votes from which a pace is told, and a minute of work."""
OWN = ("",)
"""Roles of a reviewer's own votes, ``reviewer`` being blank."""
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Said:
    """A row of a decisions file on one record: who said what of it, and when."""

    decision: str
    reason: str
    note: str
    at: str
    reviewer: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """A row that can be taken back, and what stood on its record before it."""

    record_id: str
    said: Said
    before: Said | None


@dataclass(frozen=True, slots=True)
class Voice:
    """All that one person said of a record, oldest first, under the name to print."""

    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Desk:
    """
    What lies before one who judges, and what was said of it so far.

    ``stages`` has the records in the order to judge them, each with its
    stage; ``said`` their rows, oldest first: a reviewer's own, or, where
    conflicts are settled, the resolutions of this desk; ``former`` are those that
    settled nothing. ``fixed`` says why some cannot be judged here. ``cast`` are
    the rows that can be taken back, the last one last.
    """

    reviewer: str
    stages: Mapping[str, str]
    role: str = ""
    reasons: Sequence[str] = ()
    said: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    cast: tuple[Cast, ...] = ()

    @property
    def is_settling(self) -> bool:
        """Whether conflicts are settled here."""
        return self.role in RESOLUTIONS

    def legal(self, stage: str) -> tuple[str, ...]:
        """Return what may be said at a stage: a resolution is not ``maybe``."""
        return tuple(each for each in LEGAL[stage] if not (self.is_settling and each == "maybe"))

    def standing(self, record_id: str) -> Said | None:
        """Return what stands of what was said of a record; None where nothing does."""
        last = self.said.get(record_id, (None,))[-1]
        return last if last is not None and last.decision != WITHDRAWN else None

    @property
    def judged(self) -> list[str]:
        """The records of which something was said that stands."""
        return [record_id for record_id in self.stages if self.standing(record_id)]

    def counts(self) -> Counter[str]:
        """Return how many records each decision stands on."""
        return Counter(said.decision for each in self.stages if (said := self.standing(each)))

    def next_left(self, view: Sequence[str], here: str) -> str:
        """Return the next record of a view that waits, from here on and then from its top; else here."""
        place = view.index(here) if here in view else -1
        for record_id in (*view[place + 1 :], *view[: place + 1]):
            if not self.standing(record_id) and record_id not in self.fixed:
                return record_id
        return here

    def vote(
        self, record_id: str, decision: str, *, now: datetime, reason: str = "", note: str = ""
    ) -> Said | None:
        """
        Return the row that a decision adds; None where just that stands already.

        Parameters
        ----------
        now : with its zone. The row's time is this, or a moment after the
            last row on the record where a clock was set back.

        Raises
        ------
        InputError
            For what is no decision of the stage, a reason that is missing or
            strange, and a record that cannot be judged here.
        """
        stage = self.stages[record_id]
        self._check(record_id)
        legal = self.legal(stage)
        if decision not in legal:
            raise InputError(f"{decision!r} is not {' or '.join(legal)}")
        if decision != "exclude":
            reason = ""
        elif stage == "full_text" and not reason.strip():
            raise InputError("an exclusion at full text needs a reason")
        elif stage == "full_text" and (strange := strange_reasons(reason, self.reasons)):
            raise InputError(strange[0])
        before = self.standing(record_id)
        said = Said(decision, reason.strip(), note.strip(), "", self.reviewer, self.role)
        if before is not None and said == replace(before, at="", role=self.role):
            return None
        return replace(said, at=self._time(record_id, now))

    def undo(self, *, now: datetime) -> tuple[str, Said]:
        """
        Return the record last judged, and the row that takes that back: what stood before, or ``withdrawn``.

        Raises
        ------
        InputError
            Where there is nothing to undo, or another window judged the record since.
        """
        if not self.cast:
            raise InputError("nothing to undo")
        record_id, last, before = self.cast[-1].record_id, self.cast[-1].said, self.cast[-1].before
        if self.said.get(record_id, (None,))[-1] != last:
            raise InputError(f"{record_id} was judged again since; that stays")
        self._check(record_id)
        if before is None or before.reviewer != self.reviewer:
            row = Said(WITHDRAWN, "", "", "", self.reviewer, self.role)
        else:
            row = replace(before, role=self.role)
        return record_id, replace(row, at=self._time(record_id, now))

    def with_vote(self, record_id: str, said: Said) -> "Desk":
        """Return the desk once a row is written."""
        cast = Cast(record_id, said, self.standing(record_id))
        return replace(self, said=self._with(record_id, [said]), cast=(*self.cast, cast))

    def without_last(self, said: Said) -> "Desk":
        """Return the desk once the row that takes the last one back is written."""
        last, cast = self.cast[-1], list(self.cast[:-1])
        for place, each in enumerate(cast):
            # What stood before stands again, under a new time.
            if each.record_id == last.record_id and each.said == last.before:
                cast[place] = replace(each, said=said)
        return replace(self, said=self._with(last.record_id, [said]), cast=tuple(cast))

    def without_undo(self) -> "Desk":
        """Return the desk where the last row can no longer be taken back, but the one before it can."""
        return replace(self, cast=self.cast[:-1])

    def met(self, rows: Mapping[str, Sequence[Said]]) -> tuple["Desk", list[str]]:
        """Return the desk with rows that other windows wrote, and the records that they are of."""
        told = dict(self.said)
        strange = []
        for record_id, more in rows.items():
            known = {*told.get(record_id, ()), *self.former.get(record_id, ())}
            new = [each for each in more if each not in known]
            if new and record_id in self.stages:
                told[record_id] = _merged(told.get(record_id, ()), new)
                strange.append(record_id)
        return (replace(self, said=told) if strange else self), strange

    def of(self, records: Iterable[str]) -> "Desk":
        """Return the desk with these of its records alone, in this order."""
        return replace(self, stages={each: self.stages[each] for each in records})

    def row(self, record_id: str, said: Said) -> dict[str, str]:
        """Return what was said as a row of a decisions file."""
        return {
            "record_id": record_id,
            "reviewer": said.reviewer,
            "stage": self.stages[record_id],
            "decision": said.decision,
            "reason": said.reason,
            "role": said.role,
            "decided_at": said.at,
            "note": said.note,
        }

    def find(self, texts: Mapping[str, str], *, words: str = "", show: str = "") -> tuple[str, ...]:
        """
        Return the records to show, in their order.

        Parameters
        ----------
        texts : what is searched of each record, in lower case.
        words : all of which a record has to hold; a beginning of a word will do.
        show : ``left``, ``with a note``, or a decision that stands; all where blank.
        """
        wanted = words.casefold().split()
        return tuple(
            record_id
            for record_id in self.stages
            if self._shows(record_id, show) and all(word in texts.get(record_id, "") for word in wanted)
        )

    def _shows(self, record_id: str, show: str) -> bool:
        said = self.standing(record_id)
        if show == LEFT:
            return said is None
        if show == NOTED:
            return said is not None and bool(said.note)
        return not show or (said is not None and said.decision == show)

    def _with(self, record_id: str, rows: Sequence[Said]) -> dict[str, tuple[Said, ...]]:
        return {**self.said, record_id: _merged(self.said.get(record_id, ()), rows)}

    def _check(self, record_id: str) -> None:
        if record_id in self.fixed:
            raise InputError(f"{record_id} cannot be judged here: {self.fixed[record_id]}")

    def _time(self, record_id: str, now: datetime) -> str:
        """Return the time of a row that comes after all others on a record, and is known to."""
        time = now.astimezone(UTC)
        for each in (*self.former.get(record_id, ()), *self.said.get(record_id, ())):
            at = moment(each.at)
            if at is None:
                raise InputError(
                    f"what stands of {record_id} has no decided_at, so which came last would be unknown; "
                    "fill that in where it stands"
                )
            if is_day(each.at):
                if time < at + timedelta(days=1):
                    day = at.date().isoformat()
                    raise InputError(f"what stands of {record_id} is of {day}, at no hour; wait a day")
            elif time < at + _TICK:
                time = at.astimezone(UTC) + _TICK
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _merged(rows: Sequence[Said], more: Sequence[Said]) -> tuple[Said, ...]:
    """Return rows with more, each once, from the oldest to the latest."""
    return tuple(sorted(dict.fromkeys((*rows, *more)), key=_when))


def _when(said: Said) -> tuple[float, bool]:
    at = moment(said.at)
    return at.timestamp() if at is not None else 0.0, said.decision == WITHDRAWN


def lay_out(
    settled: Settled,
    unique: pd.DataFrame,
    *,
    reviewer: str,
    stage: str,
    votes_required: Mapping[str, int],
    reasons: Sequence[str] = (),
    reviewers: Sequence[Reviewer] = (),
    assignments: pd.DataFrame | None = None,
) -> Desk:
    """
    Return a reviewer's desk: what is left for them at a stage, and what they judged, blind to the others.

    The records are in the order of ``unique``; ``Desk.of`` has them in another.

    Parameters
    ----------
    unique : ``record_id``, the records to screen.
    assignments : ``record_id, reviewer, stage``: what is others' is not on the desk.
    """
    ballots = settled.ballots
    rows, elsewhere = rows_of(ballots.votes, [reviewer], OWN, reviewers, kept=ballots.kept)
    mine = {record_id: said for (record_id, at), said in rows.items() if at == stage}
    required = {"retrieval": 1} | dict(votes_required)
    awaited = {} if assignments is None else assigned(assignments, stage)
    left = {
        record_id
        for record_id, names in open_records(settled, stage, required).items()
        if reviewer not in names and reviewer in awaited.get(record_id, {reviewer})
    }
    screening = settled.screening
    at_stage = {*screening.loc[screening["stage"] == stage, "record_id"]}
    left |= {
        record_id
        for record_id, said in mine.items()
        if said[-1].decision != WITHDRAWN and (record_id in at_stage or stage == "retrieval")
    }
    known = [record_id for record_id in unique["record_id"].tolist() if record_id in left]
    fixed = {
        record_id: f"your vote is on {cast_on}, which is one work with it"
        for (record_id, at), cast_on in elsewhere.items()
        if at == stage
    }
    fixed |= {record_id: why for record_id in mine if (why := _closed(settled, record_id, stage))}
    said = {record_id: mine[record_id] for record_id in known if record_id in mine}
    return Desk(
        reviewer,
        dict.fromkeys(known, stage),
        reasons=tuple(reasons),
        said=said,
        fixed=fixed,
        cast=_can_be_undone(said),
    )


def _closed(settled: Settled, record_id: str, stage: str) -> str:
    """Return why a vote can no longer be changed: later ones rest on it."""
    for later in STAGES[STAGES.index(stage) + 1 :]:
        if settled.ballots.of(record_id, later):
            return f"it has votes at {later}, which rest on those at {stage}"
    return ""


def rows_of(
    votes: pd.DataFrame,
    names: Iterable[str],
    roles: Sequence[str],
    reviewers: Sequence[Reviewer] = (),
    *,
    kept: Mapping[str, str] | None = None,
) -> tuple[dict[tuple[str, str], tuple[Said, ...]], dict[tuple[str, str], str]]:
    """
    Return what some said in some roles, by record and stage, and where that was said of its duplicate.

    Parameters
    ----------
    votes : the columns of a decisions file.
    names : as the votes have them; of all people where there are none.
    kept : the record kept of each duplicate.
    """
    known = known_as(votes, reviewers)
    known = known.assign(role=known["role"].replace(REVIEWER, ""))
    wanted = set(names)
    is_own = known["role"].isin(roles) & (known["reviewer"].isin(wanted) if wanted else True)
    columns = ("record_id", "stage", "decision", "reason", "note", "decided_at", "reviewer", "role")
    found: dict[tuple[str, str], list[Said]] = {}
    elsewhere = {}
    own = known[is_own]
    for cells in zip(*(own[column].tolist() for column in columns), strict=True):
        cast_on, stage, decision, reason, note, at, reviewer, role = cells
        record_id = (kept or {}).get(cast_on, cast_on)
        said = Said(decision, as_meant(reason), as_meant(note), at, reviewer, role)
        found.setdefault((record_id, stage), []).append(said)
        if cast_on != record_id:
            elsewhere[record_id, stage] = cast_on
    return {at: _merged((), said) for at, said in found.items()}, elsewhere


def _can_be_undone(said: Mapping[str, Sequence[Said]]) -> tuple[Cast, ...]:
    """Return the rows that can be taken back, from the oldest to the latest: a desk left is taken up."""
    found = []
    for record_id, rows in said.items():
        standing: list[Cast] = []
        for row in rows:
            if row.decision == WITHDRAWN:
                standing = standing[:-1]
            elif row.at:
                standing.append(Cast(record_id, row, standing[-1].said if standing else None))
        if standing and standing[-1].said == rows[-1]:
            found += standing
    return tuple(sorted(found, key=lambda each: _when(each.said)))


def lay_out_conflicts(
    settled: Settled,
    *,
    reviewer: str,
    role: str,
    stage: str = "",
    reasons: Sequence[str] = (),
    reviewers: Sequence[Reviewer] = (),
) -> Desk:
    """
    Return a desk of the conflicts to settle, in the order of ``conflicts.csv``.

    Parameters
    ----------
    reviewer : who settles them; ``consensus`` where that is nobody in particular.
    role : ``consensus`` or ``adjudicator``.
    stage : the one whose conflicts are settled; all where blank.
    """
    conflicts = settled.conflicts
    stages = {
        record_id: at
        for record_id, at in zip(conflicts["record_id"].tolist(), conflicts["stage"].tolist(), strict=True)
        if stage in ("", at)
    }
    ballots = settled.ballots
    rows, _ = rows_of(ballots.votes, (), RESOLUTIONS, reviewers, kept=ballots.kept)
    former = {record_id: rows[record_id, at] for record_id, at in stages.items() if (record_id, at) in rows}
    return Desk(reviewer, stages, role, reasons=tuple(reasons), former=former)


def voices(settled: Settled, reviewers: Sequence[Reviewer] = ()) -> dict[tuple[str, str], tuple[Voice, ...]]:
    """Return what each reviewer said, by record and stage, in the order of their names."""
    ballots = settled.ballots
    rows, _ = rows_of(ballots.votes, (), OWN, reviewers, kept=ballots.kept)
    found = {}
    for at, said in rows.items():
        names = sorted({each.reviewer for each in said})
        own = [(name, tuple(each for each in said if each.reviewer == name)) for name in names]
        found[at] = tuple(Voice(settled.shown.get(name, name), each) for name, each in own)
    return found


def pace(times: Sequence[float]) -> float | None:
    """
    Return how many records an hour were judged at these times, in seconds; None where too few were.

    A break counts as five minutes at most.

    >>> pace([6.0 * n for n in range(21)]), pace([0.0, 6.0])
    (600.0, None)
    """
    worked = sum(min(later - earlier, LONGEST_PAUSE) for earlier, later in pairwise(times))
    return (len(times) - 1) / worked * 3600 if len(times) >= FEWEST_VOTES and worked > 60 else None


def table(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Return rows of a desk as a decisions file's."""
    return tables.make(tables.VOTES, rows)
