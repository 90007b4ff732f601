"""``screen --review``: who sits down to judge which records, and where each word is written at once."""

import difflib
import hashlib
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.outputs import alone, tell
from peerreview.errors import InputError, InputErrors, MissingToolError, UsageError
from peerreview.review import RESOLUTIONS, VOTES

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.review import Protocol as Plan
    from peerreview.review import Review
    from peerreview.screening.desk import Desk, Said
    from peerreview.screening.outcomes import Settled
    from peerreview.screening.people import Reviewer

CONSENSUS = "consensus"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]')
"""What some system's file names may not hold, and what shows a name otherwise than it is."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LONGEST_NAME = 120
"""Bytes of a file's name: some systems take 255, and a lock's or a part's name is longer."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for on the command line; a blank stage is the first one, or that of any conflict."""

    name: str = ""
    stage: str = ""
    order: str = ""
    seed: int | None = None
    sample: int | None = None
    conflicts: bool = False


def check(wanted: Wanted, output: Path, default: Path) -> None:
    """
    Refuse to begin where nobody can answer, or what answers with is not there.

    Raises
    ------
    UsageError
        Without a terminal, without a name where votes are one's own, and for options that say nothing here.
    MissingToolError
        Without textual.
    """
    if not wanted.name.strip() and not wanted.conflicts:
        raise UsageError("--review needs --as NAME: whose votes are they?")
    if output != default:
        raise UsageError(f"{output}: --review writes votes into {VOTES}/, and nothing else; leave -o out")
    if wanted.conflicts and (wanted.order or wanted.seed is not None or wanted.sample is not None):
        raise UsageError(
            "--order, --seed and --sample are of votes; --conflicts shows them all in their order"
        )
    if wanted.seed is not None and wanted.order in ("id", "source"):
        raise UsageError(f"--seed shuffles, and --order {wanted.order} does not: give one of them")
    if not _has_terminal():
        raise UsageError(
            "--review asks and needs a terminal; without one, use --form for votes, --resolve for conflicts"
        )
    try:
        import textual  # noqa: F401  only whether it is there
    except ImportError as error:
        raise MissingToolError.of(
            "screen --review", "textual", instead="screen --form NAME -o NAME.html for a browser"
        ) from error


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def open_desk(
    unique: Path | None,
    decisions: Sequence[Path] | None,
    duplicates: Path | None,
    protocol: Path | None,
    wanted: Wanted,
) -> None:
    """
    Show what is to be judged, record by record, until who judges it leaves; each word is written at once.

    Raises
    ------
    UsageError
        For a name that is none of the protocol's, or nearly somebody's.
    InputError
        Where no vote could be written, before any is cast; where one was not, once who judges has left.
    """
    from peerreview.cli import inputs
    from peerreview.cli.keyboard import Keyboard
    from peerreview.review import Review

    review = Review.around(unique)
    plan = review.protocol(protocol)
    paths = review.vote_files(decisions, may_be_none=True)
    with console.working("settling votes"):
        votes = review.read_votes(paths)
        records, settled = inputs.read_settled(review, plan, votes, unique, duplicates)
    folder = paths[0].parent if paths else review.folders[0] / VOTES
    seat = take_seat(review, settled, records, plan, wanted, folder)
    file = seat.ledger.path
    if file.exists() and file.resolve() not in {path.resolve() for path in paths}:
        raise UsageError(
            f"{file}: votes are written there, and it is not among the files named; name it, too"
        )
    tell(review)
    if not seat.desk.stages:
        what = "no conflict to settle" if wanted.conflicts else f"no record for {seat.desk.reviewer}"
        console.remark(f"there is {what}")
        return
    _check_writable(file)
    Keyboard(seat, records, plan, settled).run(mouse=False)
    n_left = len(seat.desk.stages) - len(seat.desk.judged)
    console.remark(
        f"{seat.n_written:,} rows went to {file}; {n_left:,} of {len(seat.desk.stages):,} are left"
    )
    if seat.unsaved:
        on = tables.counted(len(seat.unsaved), "record")
        first = next(iter(seat.unsaved))
        raise InputError(f"what was said of {on} was not saved, as of {first}", path=file)


def _check_writable(file: Path) -> None:
    """Refuse to ask anything where no answer could be kept; what a killed process left there goes."""
    try:
        with alone(file):
            return
    except InputError as error:
        message = f"{error.message}; nothing is asked, for nothing would be saved"
        raise InputError(message, path=file) from error


def take_seat(
    review: "Review",
    settled: "Settled",
    records: "pd.DataFrame",
    plan: "Plan",
    wanted: Wanted,
    folder: Path,
) -> "Seat":
    """Return the desk that is asked for, and the file in the folder of votes that its words go to."""
    from peerreview.screening import desk, order, progress, sharing

    if wanted.conflicts:
        names = [person(name, plan, settled, wanted) for name in wanted.name.split(";") if name.strip()]
        before_him = desk.lay_out_conflicts(
            settled,
            reviewer=tables.LIST.join(names) or CONSENSUS,
            role="adjudicator" if len(names) == 1 else CONSENSUS,
            stage=wanted.stage,
            reasons=plan.reasons,
            reviewers=plan.reviewers,
        )
        return Seat(before_him, Ledger(folder / RESOLUTIONS, (), tables.RESOLUTIONS, plan), settled, plan)
    name = person(wanted.name, plan, settled, wanted)
    stage = wanted.stage or tables.REVIEWED_STAGES[0]
    laid_out = desk.lay_out(
        settled,
        records,
        reviewer=name,
        stage=stage,
        votes_required=plan.votes_required,
        reasons=plan.reasons,
        reviewers=plan.reviewers,
        assignments=review.read_optional(tables.ASSIGNMENTS),
    )
    if wanted.sample is not None:
        at_stage = settled.screening.loc[settled.screening["stage"] == stage, "record_id"].tolist()
        open_ = progress.open_records(settled, stage, plan.votes_required)
        pilot = sharing.draw(at_stage or list(open_), wanted.sample, wanted.seed or 0)
        laid_out = laid_out.of([each for each in laid_out.stages if each in pilot])
    arranged = order.arrange(
        list(laid_out.stages),
        records,
        by=wanted.order or plan.order,
        reviewer=name,
        stage=stage,
        seed=plan.shuffle if wanted.seed is None else wanted.seed,
        own=order.own_votes(settled, name, stage),
    )
    for remark in arranged.remarks:
        review.remark(remark)
    ledger = Ledger(folder / file_name(name), (name,), desk.OWN, plan)
    why = {record_id: f"by relevance {spoken}" for record_id, spoken in arranged.spoken.items()}
    return Seat(laid_out.of(arranged.records), ledger, settled, plan, why=why)


def person(name: str, plan: "Plan", settled: "Settled", wanted: Wanted) -> str:
    """
    Return the name under which the votes of the one who sits down are written.

    Raises
    ------
    UsageError
        For one whom the protocol does not list, where it lists people; for a tool; for the name of a
        resolution; for one that is nearly somebody's and not said to be another's.
    """
    from peerreview.screening import people, progress
    from peerreview.screening.votes import AI, AUTOMATION
    from peerreview.tables.writing import escape_cell

    name = " ".join(unicodedata.normalize("NFC", name).split())
    found = people.name_of(name, plan.reviewers, settled.shown)
    listed = {each.name: each.role for each in plan.reviewers}
    persons = [each for each, role in listed.items() if role not in (AI, AUTOMATION)]
    if listed.get(found) in (AI, AUTOMATION):
        raise UsageError(f"--as {found!r} is {listed[found]} by the protocol; a person sits at the keyboard")
    if persons and found not in persons:
        near = difflib.get_close_matches(found, persons, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"--as {name!r} is none of the protocol's reviewers: {', '.join(persons)}{hint}")
    if not wanted.conflicts and listed.get(found) in tables.RESOLUTIONS:
        raise UsageError(f"{found!r} is {listed[found]} by the protocol: settle with --review --conflicts")
    if not wanted.conflicts and ";" in found:
        raise UsageError(f"--as {found!r} is several people; each casts their own votes")
    if people.sounds_settled(found):
        raise UsageError(f"--as {found!r} is no person's name; leave --as out where you settle by consensus")
    if escape_cell(found) != found:
        raise UsageError(f"--as {found!r} would run in a spreadsheet; write a name")
    if found in listed or found in settled.ballots.names:
        return found
    if alike := progress.names_like(settled, found):
        raise UsageError(f"--as {found!r}: the votes are by {alike[0]!r}; write the name as it stands there")
    for other in sorted(settled.ballots.names):
        if any(people.ask([found, other], plan.reviewers)):
            typer.echo(console.shown(f"there are votes by {other!r}; is {found!r} another person?"), err=True)
            if not typer.confirm("another person", err=True):
                raise UsageError(f"--as: write {other!r} as it stands there")
    return found


def file_name(name: str) -> str:
    """
    Return the name of a reviewer's file, one that every system takes and nobody else's has.

    What is changed gets the first digits of the name's SHA-256, so that two odd names never share a file.

    >>> file_name("Ana Ruiz"), file_name("../ana")
    ('Ana Ruiz.csv', 'ana-b70672.csv')
    """
    plain = _UNSAFE.sub("_", name).strip(" .").lstrip("_.") if _UNSAFE.search(name) else name.strip(" .")
    while len(plain.encode()) > _LONGEST_NAME:
        plain = plain[:-1]
    is_taken = f"{plain}.csv".casefold() == RESOLUTIONS.casefold() or _RESERVED.fullmatch(plain)
    if plain == name and not is_taken:
        return f"{name}.csv"
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{plain or 'reviewer'}-{digest}.csv"


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """
    The file of votes that a desk writes to: read again wherever somebody else wrote to it.

    ``names`` whose rows are the desk's, all where there are none; ``roles`` in which they are said.
    """

    def __init__(self, path: Path, names: Sequence[str], roles: Sequence[str], plan: "Plan") -> None:
        self.path, self.names, self.roles = path, names, roles
        self.reviewers: Sequence[Reviewer] = plan.reviewers
        self._seen: tuple[int, ...] | None = None

    def look(self) -> "Mapping[tuple[str, str], Sequence[Said]]":
        """Return what stands in the file, by record and stage; nothing where it is as we left it."""
        from peerreview.screening.desk import rows_of
        from peerreview.tables import reading

        sign = self._sign()
        if sign is None or sign == self._seen:
            return {}
        rows, _ = rows_of(reading.read(self.path, tables.VOTES), self.names, self.roles, self.reviewers)
        self._seen = sign
        return rows

    def append(self, rows: "pd.DataFrame") -> None:
        """Write rows below those that stand in the file."""
        from peerreview.tables import appending

        appending.append(self.path, rows, tables.VOTES)
        self._seen = self._sign()

    def _sign(self) -> tuple[int, ...] | None:
        try:
            told = self.path.stat()
        except FileNotFoundError:
            return None
        return told.st_ino, told.st_size, told.st_mtime_ns


@dataclass(frozen=True)
class Answer:
    """
    What came of a key: what to tell, and the record that it was about.

    ``is_written`` where a row was; ``is_fault`` where it could not be; neither
    where just that stood already.
    """

    text: str
    record_id: str = ""
    is_written: bool = False
    is_fault: bool = False
    is_met: bool = False
    """Whether another window said something of the record first, which is to be seen before more is said."""


class Seat:
    """One who judges at a desk; what they say is on the disk before the desk shows it."""

    def __init__(
        self,
        desk: "Desk",
        ledger: Ledger,
        settled: "Settled",
        plan: "Plan",
        *,
        why: Mapping[str, str] | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.desk, self.ledger, self.n_written, self.why = desk, ledger, 0, why or {}
        self.unsaved: dict[str, str] = {}
        """Records whose last word did not reach the file, each with why."""
        self._settled, self._plan, self._now = settled, plan, now

    def vote(self, record_id: str, decision: str, reason: str = "", note: str = "") -> Answer:
        """Say something of a record; where another window did so first, that is told instead."""

        def say() -> Answer:
            if record_id in self._meet():
                return self._elsewhere(record_id)
            said = self.desk.vote(record_id, decision, now=self._now(), reason=reason, note=note)
            if said is None:
                return Answer("that stands already", record_id)
            remarks = self._write(record_id, said)
            self.desk = self.desk.with_vote(record_id, said)
            because = f" ({said.reason})" if said.reason else ""
            told = f"{_words(said.decision)}{because}: {record_id}"
            return Answer("; ".join([told, *remarks]), record_id, is_written=True)

        return self._alone(say, record_id)

    def undo(self) -> Answer:
        """Take the last vote of this desk back."""

        def take_back() -> Answer:
            self._meet()
            try:
                record_id, said = self.desk.undo(now=self._now())
            except InputError:
                self.desk = self.desk.without_undo()
                raise
            self._write(record_id, said)
            self.desk = self.desk.without_last(said)
            stands = self.desk.standing(record_id)
            told = f"changed back to {_words(stands.decision)}" if stands else "taken back"
            return Answer(f"{told}: {record_id}", record_id, is_written=True)

        return self._alone(take_back, "")

    def _alone(self, act: Callable[[], Answer], record_id: str) -> Answer:
        from peerreview.tables import locking

        try:
            with locking.alone(self.ledger.path):
                answer = act()
        except (InputError, InputErrors) as error:
            why = str(error)
            is_of_file = isinstance(error, InputErrors) or bool(error.path)
        except OSError as error:
            why, is_of_file = error.strerror or str(error), True
        else:
            self.unsaved.pop(answer.record_id, None)
            return answer
        if is_of_file and record_id:
            self.unsaved[record_id] = why
        return Answer(f"not written: {why}", record_id, is_fault=True)

    def _meet(self) -> list[str]:
        """Take what other windows wrote; return the records that it is of."""
        stages = self.desk.stages
        rows = {
            record_id: said
            for (record_id, stage), said in self.ledger.look().items()
            if stages.get(record_id) == stage
        }
        self.desk, strange = self.desk.met(rows)
        return strange

    def _elsewhere(self, record_id: str) -> Answer:
        stands = self.desk.standing(record_id)
        told = f"{_words(stands.decision)} by {stands.reviewer}" if stands else "taken back"
        text = f"not written: another window came first: {told}; press again to change it"
        return Answer(text, record_id, is_met=True)

    def _write(self, record_id: str, said: "Said") -> Sequence[str]:
        """Write a row, checked as its file's are; return remarks on it."""
        from peerreview.tables.writing import escape_cell

        row = self.desk.row(record_id, said)
        remarks: Sequence[str] = ()
        if not self.desk.is_settling:
            row |= {column: escape_cell(row[column]) for column in ("reason", "note")}
            rows = tables.make(tables.VOTES, [row])
        elif said.decision == tables.WITHDRAWN:
            rows = tables.make(tables.VOTES, [row])
        else:
            rows, remarks = self._resolved(row)
        self.ledger.append(rows)
        self.n_written += 1
        return remarks

    def _resolved(self, row: Mapping[str, str]) -> "tuple[pd.DataFrame, Sequence[str]]":
        """Return a resolution as ``--resolve`` makes it of a filled row of ``conflicts.csv``."""
        from peerreview.screening import resolutions
        from peerreview.tables import writing

        conflicts = self._settled.conflicts
        asked = conflicts[(conflicts["record_id"] == row["record_id"]) & (conflicts["stage"] == row["stage"])]
        by = "" if row["reviewer"] == CONSENSUS else row["reviewer"]
        answer = {name: row[name] for name in ("decision", "reason", "note", "decided_at")} | {"reviewer": by}
        votes = self._settled.ballots.votes
        found = resolutions.resolve(
            writing.for_people(asked.assign(**answer).astype("str")),
            votes[~votes["role"].isin(tables.RESOLUTIONS)],
            reasons=self._plan.reasons,
            reviewers=self._plan.reviewers,
        )
        return found.votes, found.remarks


def _words(decision: str) -> str:
    return decision.replace("_", " ")
