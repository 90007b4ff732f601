"""Votes to outcomes: what reviewers said of a record at a stage, and what it adds up to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.screening.ballots import Ballots, People, collect
from peerreview.screening.checks import check_votes
from peerreview.screening.people import Reviewer, ask, known_as, shown_as, sounds_settled
from peerreview.screening.retrieval import says_not_had
from peerreview.screening.votes import AUTOMATION, REVIEWER, History, Vote, first_reason, follow, latest_of
from peerreview.tables import DATABASE_KINDS, LIST, REVIEWED_STAGES, STAGES
from peerreview.values.counts import counted
from peerreview.values.folding import same
from peerreview.values.lists import split
from peerreview.values.missing import is_no_reason

NO_REASON, UNCLEAR, STRANGE = "reason missing", "order of votes unknown", "reason not the protocol's"
"""Problems of a conflict: a full text excluded without a reason, or for one that the protocol does not
know; votes that differ, at one time or day."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What the votes of a stage add up to; ``problem`` says what people have to settle, or "".

    ``n_votes`` counts reviewers with a vote.
    """

    outcome: str
    reason: str = ""
    reviewers: tuple[str, ...] = ()
    resolved_by: str = ""
    problem: str = ""
    n_votes: int = 0


@dataclass(frozen=True)
class Settled:
    """
    Outcomes and conflicts as tables; ``remarks`` are for people.

    ``ballots`` are what was judged; ``shown`` has the name to print of each
    reviewer.
    """

    screening: pd.DataFrame
    conflicts: pd.DataFrame
    remarks: tuple[str, ...]
    ballots: Ballots
    shown: Mapping[str, str]

    @property
    def n_open(self) -> int:
        """How many records wait at a stage for votes or for a resolution."""
        return int(self.screening["outcome"].isin(tables.OPEN).sum())


def settle(
    unique: pd.DataFrame,
    votes: pd.DataFrame,
    *,
    duplicates: pd.DataFrame | None = None,
    votes_required: Mapping[str, int] | None = None,
    reasons: Sequence[str] = (),
    reviewers: Sequence[Reviewer] = (),
) -> Settled:
    """
    Return the outcome of each record at each stage that it reached.

    Reviewers who agree settle a record once the stage has its votes; a
    resolution (role ``consensus`` or ``adjudicator``) settles it whatever
    they said; ``automation`` does where no reviewer voted; ``ai`` never
    does. At title and abstract ``maybe`` advances like ``include``; at full
    text it stays open, and so does a full text excluded without a reason.
    Records of other methods (no database or register among ``source_kinds``)
    skip ``title_abstract``; so do those that a database found only after they
    were judged, in an update.

    Parameters
    ----------
    duplicates : ``record_id, duplicate_of, verdict``, as ``duplicates.csv``.
    unique : records to screen. votes : the decisions, all files as one table.
    votes_required : 1 or 2 per stage; 2 where a stage is not named.
    reasons : the protocol's, in order; where two reviewers exclude for
        different reasons the first in this order is the primary one.
    reviewers : the protocol's, for names and roles: a tool votes as the tool that it is.

    Returns
    -------
    Settled(screening, conflicts, remarks, ballots, shown), the tables sorted by
    record as in ``unique`` and by stage, and reviewers in them under the
    name to print.

    Raises
    ------
    InputErrors
        For votes on unknown records, values that a stage does not know, an
        change without a date, a stage that a record did not reach, and
        reviewers whose files name different stages.

    References
    ----------
    PRISMA 2020 (Page et al. 2021), doi:10.1136/bmj.n71, items 8 and 16.
    """
    kept = follow(duplicates) if duplicates is not None else {}
    required = {"title_abstract": 2, "full_text": 2} | dict(votes_required or {})
    required |= {"before_screening": 1, "retrieval": 1}
    votes = known_as(votes, reviewers)
    shown = shown_as(votes["reviewer"].unique().tolist(), reviewers)
    check_votes(votes, {*unique["record_id"], *kept}, required)
    ballots = collect(votes, kept, unique["record_id"])
    order = {same(reason): reason for reason in reasons}
    judged = [
        decide(people, stage, required=required[stage], reasons=order)
        for people, stage in zip(
            [*ballots.people, *([{}] * len(STAGES))], [*ballots.stages, *STAGES], strict=True
        )
    ]
    walked = _walk(unique, ballots, judged)
    problems = [*_late(ballots, walked)]
    if problems:
        raise tables.row_errors(votes, sorted(problems))
    spellings = _spellings(votes)
    spelt = {folded: each[0] for folded, each in spellings.items()} | order
    return Settled(
        _screening(unique, walked, judged, spelt, shown),
        _conflicts(unique, ballots, walked, judged, shown),
        (
            *_remarks(ballots, walked, judged, order),
            *_of_names(votes, reviewers),
            *_of_reasons(votes, order),
            *(
                f"reasons read as {each[0]!r}, case and blanks aside: {', '.join(map(repr, each[1:]))}"
                for folded, each in sorted(spellings.items())
                if len(each) > 1 and folded not in order
            ),
        ),
        ballots,
        shown,
    )


@dataclass(frozen=True, eq=False)
class _Walked:
    """
    The way of all records through the stages.

    ``records``, ``stages`` and ``numbers`` (of what was judged) are those of
    each outcome, record by record. ``closed_at`` says at which stage each
    record left, ``is_late`` where votes were cast after that, ``is_reached``
    which records came to full text.
    """

    records: np.ndarray
    stages: np.ndarray
    numbers: np.ndarray
    is_shown: np.ndarray
    closed_at: np.ndarray
    is_late: np.ndarray
    is_reached: np.ndarray
    n_waiting: int
    n_skipped: int


def _walk(unique: pd.DataFrame, ballots: Ballots, judged: Sequence[Outcome]) -> _Walked:
    """Return how far each record came: an exclusion ends its way, and what is open holds it."""
    is_cast = ballots.is_cast
    numbers = np.where(ballots.numbers >= 0, ballots.numbers, len(ballots.people) + np.arange(len(STAGES)))
    is_end = np.array([each.outcome in ("exclude", "not_retrieved") for each in judged])
    is_include = np.array([each.outcome == "include" for each in judged])
    is_left = _is_left(unique) & ~_went_on(unique, is_cast)
    is_under_way = np.ones(len(unique), dtype=bool)
    closed_at = np.full(len(unique), -1)
    is_late = np.zeros_like(is_cast)
    is_reached = np.zeros_like(is_cast)
    n_waiting = 0
    for place, stage in enumerate(STAGES):
        number = numbers[:, place]
        is_asked = is_left if stage == "title_abstract" else np.ones(len(unique), dtype=bool)
        is_late[:, place] = is_asked & (closed_at >= 0) & is_cast[:, place]
        is_here = is_asked & is_under_way
        if stage not in REVIEWED_STAGES:
            is_here = is_here & is_cast[:, place]
        is_reached[:, place] = is_here
        closed_at[is_here & is_end[number]] = place
        if stage != "full_text":
            is_held = is_here & ~is_end[number] & ~is_include[number]
            n_waiting += int((is_held & is_cast[:, STAGES.index("full_text")]).sum())
        is_under_way &= ~is_here | is_include[number]
    records, stages = is_reached.nonzero()
    number = numbers[records, stages]
    is_reviewed = np.array([stage in REVIEWED_STAGES for stage in STAGES])
    return _Walked(
        records,
        stages,
        number,
        is_reviewed[stages] | ~is_include[number],
        closed_at,
        is_late,
        is_reached[:, STAGES.index("full_text")],
        n_waiting,
        int((~is_left & is_cast[:, STAGES.index("title_abstract")]).sum()),
    )


def _is_left(unique: pd.DataFrame) -> np.ndarray:
    """Return which records are in the flow's left column: a database or a register found them."""
    codes, kinds = pd.factorize(
        unique["source_kinds"].where(unique["source_kinds"] != "", unique["source_kind"])
    )
    is_left = [any(each in DATABASE_KINDS for each in split(kind)) for kind in kinds.tolist()]
    return np.array([*is_left, False])[codes]


def _went_on(unique: pd.DataFrame, is_cast: np.ndarray) -> np.ndarray:
    """
    Return which records of other methods were judged as such before a later search of a database found them.

    The record kept is the first round's, a database's before any other: where it is of another method, no
    database had it then. What was decided on it stays.
    """
    title = STAGES.index("title_abstract")
    is_other = ~unique["source_kind"].isin(DATABASE_KINDS).to_numpy()
    return np.asarray(is_other & is_cast[:, title + 1 :].any(axis=1) & ~is_cast[:, title])


def _late(ballots: Ballots, walked: _Walked) -> Iterator[tuple[int, str]]:
    """Yield the votes cast on records that an earlier stage had closed."""
    for place, stage in enumerate(STAGES):
        if not walked.is_late[:, place].any():
            continue
        closed_at = dict(zip(ballots.records.tolist(), walked.closed_at.tolist(), strict=True))
        for people in ballots.histories_at(stage, walked.is_late[:, place]):
            for history in people.values():
                record_id = next(iter(history.cast.values()))[0].record_id
                closed = f"{record_id!r} is {_CLOSED[STAGES[closed_at[record_id]]]}"
                for row in history.rows:
                    yield row, f"{closed}, so there is no vote on it at {stage}"


def _screening(
    unique: pd.DataFrame,
    walked: _Walked,
    judged: Sequence[Outcome],
    spelt: Mapping[str, str],
    shown: Mapping[str, str],
) -> pd.DataFrame:
    """Return the outcomes as a table."""
    is_shown = walked.is_shown
    number = walked.numbers[is_shown]
    return _table(
        tables.SCREENING,
        {
            "record_id": _taken(unique["record_id"], walked.records[is_shown]),
            "stage": _taken(STAGES, walked.stages[is_shown]),
            "outcome": _taken([each.outcome for each in judged], number),
            "reason": _taken([spelt.get(same(each.reason), each.reason) for each in judged], number),
            "reviewers": _taken(
                [LIST.join(shown.get(name, name) for name in each.reviewers) for each in judged], number
            ),
            "resolved_by": _taken([each.resolved_by for each in judged], number),
        },
    )


def _conflicts(
    unique: pd.DataFrame,
    ballots: Ballots,
    walked: _Walked,
    judged: Sequence[Outcome],
    shown: Mapping[str, str],
) -> pd.DataFrame:
    """Return what people have to settle as a table."""
    is_open = np.array([bool(each.problem) for each in judged])[walked.numbers]
    records, number = walked.records[is_open], walked.numbers[is_open]
    words = [
        _words(people, shown) if each.problem else ""
        for people, each in zip(ballots.people, judged[: len(ballots.people)], strict=True)
    ]
    return _table(
        tables.CONFLICTS,
        {
            "record_id": _taken(unique["record_id"], records),
            "stage": _taken(STAGES, walked.stages[is_open]),
            "problem": _taken([each.problem for each in judged], number),
            "votes": _taken([*words, *([""] * len(STAGES))], number),
            "title": _taken(unique["title"], records),
            "abstract": _taken(unique["abstract"], records),
        },
    )


def _taken(cells: Sequence[str] | pd.Series, positions: np.ndarray) -> pd.Series:
    column = cells if isinstance(cells, pd.Series) else pd.Series(list(cells), dtype="str")
    return column.take(positions).reset_index(drop=True)


def _table(table: tables.Table, columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return columns as a table; those that are not there are blank."""
    n_rows = len(columns["record_id"])
    blank = pd.Series([""], dtype="str").repeat(n_rows).reset_index(drop=True)
    return pd.DataFrame({column: columns.get(column, blank) for column in table.all_columns})


def decide(people: People, stage: str, *, required: int, reasons: Mapping[str, str]) -> Outcome:
    """
    Return what the votes on one record at one stage add up to.

    Parameters
    ----------
    people : histories of the record at the stage.
    required : votes that the stage needs.
    reasons : the protocol's reasons in order, by their folded text.
    """
    by_role: dict[str, list[History]] = {}
    for (role, _), history in sorted(people.items()):
        by_role.setdefault(role, []).append(history)
    reviewers = by_role.get(REVIEWER, [])
    names = tuple(history.reviewer for history in reviewers)
    standing = [vote for history in reviewers if (vote := history.latest) is not None]
    settlers = [*by_role.get("consensus", []), *by_role.get("adjudicator", [])]
    if settlers:
        resolution = _resolution(settlers)
        if resolution is None:
            problem = UNCLEAR if any(each.is_unclear for each in settlers) else "resolutions differ"
            return Outcome("conflict", reviewers=names, problem=problem, n_votes=len(names))
        given = [resolution] if resolution.reason else standing
        reason = resolution.reason or _primary(standing, reasons)[0]
        return _settled(
            Outcome(
                resolution.decision,
                _reason(resolution.decision, reason, reasons),
                names or (resolution.reviewer,),
                resolution.role,
                n_votes=len(names),
            ),
            stage,
            given,
            reasons,
        )
    if len(standing) < len(reviewers):
        problem = UNCLEAR if any(each.is_unclear for each in reviewers) else "merged votes differ"
        return Outcome("conflict", reviewers=names, problem=problem, n_votes=len(names))
    if not standing and by_role.get(AUTOMATION):
        word = [vote for history in by_role[AUTOMATION] if (vote := history.latest) is not None]
        tools = tuple(history.reviewer for history in by_role[AUTOMATION])
        if (
            len({vote.decision for vote in word}) == 1
            and len(word) == len(tools)
            and word[0].decision != "maybe"
        ):
            reason = _reason(word[0].decision, _primary(word, reasons)[0], reasons)
            return _settled(Outcome(word[0].decision, reason, tools, AUTOMATION), stage, word, reasons)
        return Outcome("conflict", reviewers=tools, problem="decisions differ")
    decisions = {vote.decision for vote in standing}
    if stage == "title_abstract":
        # A doubt is no conflict with an include: both send the record on.
        decisions = {"include" if decision == "maybe" else decision for decision in decisions}
    if len(decisions) > 1:
        return Outcome("conflict", reviewers=names, problem="decisions differ", n_votes=len(names))
    if len(standing) < required:
        return Outcome("pending", reviewers=names, n_votes=len(names))
    decision = decisions.pop()
    if decision == "maybe":
        return Outcome("pending", reviewers=names, problem="maybe at full text", n_votes=len(names))
    reason, differ = _primary(standing, reasons)
    problem = "reasons differ" if decision == "exclude" and stage == "full_text" and differ else ""
    if problem and not reasons:
        return Outcome("conflict", reviewers=names, problem=problem, n_votes=len(names))
    reason = _reason(decision, reason, reasons)
    return _settled(Outcome(decision, reason, names, "votes", problem, len(names)), stage, standing, reasons)


def _settled(reached: Outcome, stage: str, votes: Sequence[Vote], reasons: Mapping[str, str]) -> Outcome:
    """
    Return an outcome, open where a full text is excluded without a reason that the protocol knows.

    A flow names each reason (PRISMA 2020, item 16b).
    """
    if stage != "full_text" or reached.outcome != "exclude":
        return reached
    given = [each for vote in votes if vote.decision == "exclude" for each in split(vote.reason)]
    is_strange = bool(reasons) and any(same(each) not in reasons for each in given)
    if reached.reason and not is_strange:
        return reached
    problem = STRANGE if is_strange else NO_REASON
    return replace(reached, outcome="conflict", reason="", resolved_by="", problem=problem)


def _resolution(found: Sequence[History]) -> Vote | None:
    """Return the resolution that stands; None where several do that differ, or their order is unknown."""
    each = [vote for history in found for vote in history.latest_each]
    if None in each:
        return None
    last = [vote for vote in each if vote is not None]
    if all(vote.at is not None for vote in last):
        last = latest_of(last)
    # Where no time tells, an adjudicator has the last word over a consensus.
    by_role: dict[str, list[Vote]] = {}
    for vote in last:
        by_role.setdefault(vote.role, []).append(vote)
    last = sorted(
        by_role[min(by_role)], key=lambda vote: (vote.at.timestamp() if vote.at else 0.0, vote.reviewer)
    )
    return last[-1] if len({vote.decision for vote in last}) == 1 else None


def _primary(standing: Sequence[Vote], reasons: Mapping[str, str]) -> tuple[str, bool]:
    """Return the primary reason of votes to exclude, and whether reviewers name different ones."""
    places = {folded: place for place, folded in enumerate(reasons)}
    excluding = [vote for vote in standing if vote.decision == "exclude"]
    own = [reason for vote in excluding if (reason := first_reason(vote.reason, places))]
    if not own:
        return "", False
    first = min(own, key=lambda reason: (places.get(same(reason), len(places)), reason))
    return first, len({same(reason) for reason in own}) > 1


def _reason(decision: str, reason: str, reasons: Mapping[str, str]) -> str:
    if decision != "exclude":
        return ""
    first = first_reason(reason, {folded: place for place, folded in enumerate(reasons)})
    return reasons.get(same(first), first) if first else ""


def strange_reasons(cell: str, reasons: Sequence[str]) -> list[str]:
    """Return what is wrong with reasons that are not the protocol's; none are, where it has none."""
    known = {same(reason) for reason in reasons}
    strange = [reason for reason in split(cell) if known and same(reason) not in known]
    return [f"reason {reason!r} is not one of the protocol's: {', '.join(reasons)}" for reason in strange]


_CLOSED = {
    "before_screening": "removed before screening (what removed it can be withdrawn)",
    "title_abstract": "excluded at title_abstract",
    "retrieval": "not retrieved",
    "full_text": "excluded at full_text",
}


def _spellings(votes: pd.DataFrame) -> dict[str, list[str]]:
    """Return how each reason is spelt, by its folded text: the commonest spelling first."""
    counts: Counter[str] = Counter()
    for cell, n in votes["reason"].value_counts().items():
        for reason in split(str(cell)):
            counts[reason] += n
    found: dict[str, list[str]] = {}
    for reason in sorted(counts, key=lambda reason: (-counts[reason], reason)):
        found.setdefault(same(reason), []).append(reason)
    return found


def _words(people: People, shown: Mapping[str, str]) -> str:
    """Say who voted what, as in ``ana: include; bo: exclude (wrong population)``."""
    said = []
    for (role, reviewer), history in sorted(people.items()):
        if role != REVIEWER:
            continue
        latest = history.latest
        if latest is not None:
            said.append(f"{shown.get(reviewer, reviewer)}: {_word(latest)}")
            continue
        each = ", ".join(
            " or ".join(dict.fromkeys(_word(vote) for vote in latest_of(votes)))
            + (f" of {cast_on}" if len(history.cast) > 1 else "")
            for cast_on, votes in history.cast.items()
        )
        said.append(f"{shown.get(reviewer, reviewer)}: {each}")
    return LIST.join(said)


def _word(vote: Vote) -> str:
    return f"{vote.decision} ({vote.reason})" if vote.reason else vote.decision


def _remarks(
    ballots: Ballots, walked: _Walked, judged: Sequence[Outcome], reasons: Mapping[str, str]
) -> list[str]:
    remarks = []
    for place, stage in enumerate(STAGES):
        numbers = walked.numbers[walked.is_shown & (walked.stages == place)]
        n_each: Counter[str] = Counter()
        n_alone, people = 0, set[str]()
        for number, n in enumerate(np.bincount(numbers, minlength=len(judged)).tolist()):
            each = judged[number]
            n_each[each.outcome] += n
            people.update(each.reviewers if n else ())
            n_alone += n if (each.outcome, each.problem, each.n_votes) == ("pending", "", 1) else 0
        told = ", ".join(f"{n_each[outcome]:,} {outcome}" for outcome in tables.OUTCOMES if n_each[outcome])
        if told:
            remarks.append(f"{stage}: {told}")
        if n_alone and len(people) == 1:
            waits = counted(n_alone, "vote waits", "votes wait")
            cure = "peerreview.toml says under [screening.votes_required] where one is enough"
            remarks.append(f"{stage}: {waits} for a second reviewer, who has cast none; {cure}")
    n_changed = sum(
        n * sum(history.has_changed and history.latest is not None for history in people.values())
        for people, n in zip(ballots.people, ballots.counts.tolist(), strict=True)
    )
    if n_changed:
        remarks.append(f"{counted(n_changed, 'vote was', 'votes were')} changed; the latest counts")
    n_of: Counter[str] = Counter()
    for each, n in zip(judged, np.bincount(walked.numbers, minlength=len(judged)).tolist(), strict=True):
        n_of[each.problem] += n
    if n_of["reasons differ"] and reasons:
        excluded = counted(n_of["reasons differ"], "full text")
        remarks.append(f"{excluded} excluded for different reasons; the protocol's order chose")
    n_shown = np.bincount(walked.numbers[walked.is_shown], minlength=len(judged)).tolist()
    not_had = [each.outcome == "exclude" and says_not_had(each.reason) for each in judged]
    n_not_had = sum(compress(n_shown, not_had))
    if n_not_had:
        remarks.append(
            f"{counted(n_not_had, 'report is', 'reports are')} excluded as not to be had: PRISMA 2020 counts "
            "such as not retrieved, not as assessed; votes not_retrieved at stage retrieval, instead, say so"
        )
    without, strange = "excluded without a reason", "excluded for a reason that is not the protocol's"
    unclear, merged = "with a vote changed within a day", "on whose duplicates a reviewer voted otherwise"
    for problem, one, more in (
        (NO_REASON, f"full text {without} stays open; conflicts.csv has a row for it",
         f"full texts {without} stay open; conflicts.csv has a row for each"),
        (STRANGE, f"full text {strange} stays open, in conflicts.csv",
         f"full texts {strange} stay open, in conflicts.csv"),
        (UNCLEAR, f"record {unclear} is a conflict, for its order is unknown",
         f"records {unclear} are conflicts, for its order is unknown"),
        ("merged votes differ", f"record {merged} is a conflict", f"records {merged} are conflicts"),
    ):  # fmt: skip
        if n_of[problem]:
            remarks.append(counted(n_of[problem], one, more))
    n_maybe = sum(
        n
        for people, stage, n in zip(ballots.people, ballots.stages, ballots.counts.tolist(), strict=True)
        if stage == "title_abstract"
        and {"include", "maybe"} == {history.latest.decision for history in people.values() if history.latest}
    )
    if n_maybe:
        remarks.append(f"{counted(n_maybe, 'record')} went on to full text with one include and one maybe")
    if walked.n_waiting:
        remarks.append(
            f"{counted(walked.n_waiting, 'record has', 'records have')} votes at full_text "
            "while an earlier stage is open"
        )
    if walked.n_skipped:
        whose = "record of other methods has", "records of other methods have"
        they = "it skips" if walked.n_skipped == 1 else "they skip"
        remarks.append(f"{counted(walked.n_skipped, *whose)} votes at title_abstract, which {they}")
    return remarks


def _of_reasons(votes: pd.DataFrame, reasons: Mapping[str, str]) -> Iterator[str]:
    """Yield each reason at full text that the protocol does not know, once, where it stands first."""
    if not reasons:
        return
    is_asked = (votes["stage"] == "full_text") & (votes["decision"] == "exclude") & (votes["role"] != "ai")
    counts: Counter[str] = Counter()
    first: dict[str, tuple[int, str]] = {}
    cells = votes.loc[is_asked.to_numpy(), "reason"]
    rows = is_asked.to_numpy().nonzero()[0].tolist()
    for row, cell in zip(rows, cells.tolist(), strict=True):
        for reason in split(cell):
            if same(reason) not in reasons and not is_no_reason(reason):
                counts[same(reason)] += 1
                first.setdefault(same(reason), (row, reason))
    for folded, (row, reason) in first.items():
        often = f" ({counts[folded]:,} times)" if counts[folded] > 1 else ""
        message = f"reason {reason!r}{often} is not one of the protocol's: {', '.join(reasons.values())}"
        yield str(tables.row_errors(votes, [(row, message)]).errors[0])


def _of_names(votes: pd.DataFrame, reviewers: Sequence[Reviewer]) -> Iterator[str]:
    """Yield what to ask of the names of those who voted."""
    yield from ask(votes["reviewer"].unique().tolist(), reviewers)
    named = votes.loc[votes["role"].isin([REVIEWER, ""]), "reviewer"].unique().tolist()
    for name in sorted(name for name in named if sounds_settled(name)):
        yield (
            f"{name!r} votes as a reviewer: fill in the role consensus or adjudicator "
            "if its votes settle what others differ on"
        )
