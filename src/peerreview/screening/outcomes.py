"""Votes to outcomes: what reviewers said of a record at a stage, and what it adds up to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from peerreview import tables
from peerreview.screening.people import Reviewer, ask, known_as, shown_as, sounds_settled
from peerreview.screening.votes import (
    AUTOMATION,
    REVIEWER,
    History,
    Vote,
    first_reason,
    follow,
    histories,
    latest_of,
)
from peerreview.tables import DATABASE_KINDS, LIST, RESOLUTIONS, STAGES, WITHDRAWN, places
from peerreview.values.folding import same
from peerreview.values.lists import split

People = Mapping[tuple[str, str], History]
"""Histories of one record at one stage, by (role, reviewer)."""

NO_REASON, UNCLEAR = "reason missing", "order of votes unknown"
"""Problems of a conflict: a full text excluded without a reason; votes that differ, at one time or day."""

LEGAL = {
    "before_screening": ("include", "exclude"),
    "title_abstract": ("include", "exclude", "maybe"),
    "retrieval": ("include", "not_retrieved"),
    "full_text": ("include", "exclude", "maybe"),
}
"""What a vote may say at each stage; ``include`` at retrieval is a report that came after all."""


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

    ``people`` has the histories of each record at each stage, by role and
    reviewer; ``shown`` the name to print of each reviewer.
    """

    screening: pd.DataFrame
    conflicts: pd.DataFrame
    remarks: tuple[str, ...]
    people: Mapping[tuple[str, str], People]
    shown: Mapping[str, str]

    @property
    def n_open(self) -> int:
        """How many records wait at a stage for votes or for a resolution."""
        return int(self.screening["outcome"].isin(["pending", "conflict"]).sum())


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
    skip ``title_abstract``.

    Parameters
    ----------
    unique : records to screen. votes : the decisions, all files as one table.
    votes_required : 1 or 2 per stage; 2 where a stage is not named.
    reasons : the protocol's, in order; where two reviewers exclude for
        different reasons the first in this order is the primary one.
    reviewers : the protocol's, for names and roles: a tool votes as the tool that it is.

    Returns
    -------
    Settled(screening, conflicts, remarks, people, shown), the tables sorted by
    record as in ``unique`` and by stage, and reviewers in them under the
    name to print.

    Raises
    ------
    InputErrors
        For votes on unknown records, values that a stage does not know, an
        change without a date, a stage that a record did not reach, a reason
        missing from ``reasons``, and reviewers whose files name different
        stages.

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
    people = histories(votes, kept)
    order = {same(reason): reason for reason in reasons}
    spellings = _spellings(votes)
    spelt = {folded: each[0] for folded, each in spellings.items()} | order
    rows: list[dict[str, str]] = []
    problems: list[tuple[int, str]] = []
    conflicts: list[dict[str, str]] = []
    unused: Counter[str] = Counter()
    columns = ("record_id", "source_kinds", "source_kind", "title", "abstract")
    for record_id, kinds, kind, title, abstract in zip(
        *(unique[each].tolist() for each in columns), strict=True
    ):
        said = {stage: people.get((record_id, stage), {}) for stage in STAGES}
        is_left = any(each in DATABASE_KINDS for each in split(kinds) or [kind])
        if not is_left and said["title_abstract"]:
            unused["skipped"] += 1
        closed = ""
        for stage in STAGES:
            if stage == "title_abstract" and not is_left:
                continue
            if closed:
                problems += [
                    (row, f"{closed}, so there is no vote on it at {stage}") for row in _rows(said[stage])
                ]
                continue
            if stage in ("before_screening", "retrieval") and not said[stage]:
                continue
            problems += _strange_reasons(said[stage], order) if stage == "full_text" else []
            reached = decide(said[stage], stage, required=required[stage], reasons=order)
            if stage not in ("before_screening", "retrieval") or reached.outcome != "include":
                rows.append(_row(record_id, stage, reached, spelt, shown))
            if reached.problem:
                words = _words(said[stage], shown)
                conflicts.append(
                    {"record_id": record_id, "stage": stage, "problem": reached.problem, "votes": words}
                    | {"title": title, "abstract": abstract}
                )
            if reached.outcome in ("exclude", "not_retrieved"):
                closed = f"{record_id!r} is {_CLOSED[stage]}"
            elif reached.outcome != "include":
                unused["waiting"] += stage != "full_text" and bool(said["full_text"])
                break
    if problems:
        raise tables.row_errors(votes, sorted(problems))
    return Settled(
        tables.make(tables.SCREENING, rows),
        tables.make(tables.CONFLICTS, conflicts),
        (
            *_remarks(people=people, rows=rows, conflicts=conflicts, unused=unused, reasons=order),
            *_of_names(votes, reviewers),
            *(
                f"reasons read as {each[0]!r}, case and blanks aside: {', '.join(map(repr, each[1:]))}"
                for folded, each in sorted(spellings.items())
                if len(each) > 1 and folded not in order
            ),
        ),
        people,
        shown,
    )


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
            return _settled(Outcome(word[0].decision, reason, tools, AUTOMATION), stage)
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
    return _settled(Outcome(decision, reason, names, "votes", problem, len(names)), stage)


def _settled(reached: Outcome, stage: str) -> Outcome:
    """Return an outcome, open where a full text is excluded without a reason (PRISMA 2020, item 16b)."""
    if stage != "full_text" or reached.outcome != "exclude" or reached.reason:
        return reached
    return replace(reached, outcome="conflict", resolved_by="", problem=NO_REASON)


def check_votes(votes: pd.DataFrame, known: Iterable[str] | None, required: Mapping[str, int]) -> None:
    """
    Check that votes can be of this review.

    Raises
    ------
    InputErrors
        For unknown records (``known`` None: not checked), values that the
        stage does not know, and two reviewers each alone at another stage.
    """
    problems: list[tuple[int, str]] = []
    if known is not None:
        problems += _strangers(votes, known)
    for stage, legal in LEGAL.items():
        wrong = (votes["stage"] == stage) & ~votes["decision"].isin([*legal, WITHDRAWN])
        for row in wrong.to_numpy().nonzero()[0]:
            decision = votes["decision"].iloc[row]
            message = (
                f"not_retrieved is said at the stage retrieval, not at {stage}"
                if decision == "not_retrieved"
                else f"decision {decision!r} is not one of {stage}: {', '.join(legal)}"
            )
            problems.append((int(row), message))
    unsure = votes["role"].isin(RESOLUTIONS) & (votes["decision"] == "maybe")
    for row in unsure.to_numpy().nonzero()[0]:
        problems.append((int(row), "a resolution is include or exclude, not maybe"))
    problems += _withdrawn_from_nowhere(votes)
    problems += _stages_apart(votes, required)
    if problems:
        raise tables.row_errors(votes, sorted(problems))


def _strangers(votes: pd.DataFrame, known: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the votes on records that are not there; a file that knows none has other names for them."""
    ids = votes["record_id"].tolist()
    is_known = votes["record_id"].isin(list(known)).tolist()
    start = 0
    for n_rows in [len(stretch.lines) for stretch in places.of(votes)] or [len(votes)]:
        rows = range(start, start + n_rows)
        start += n_rows
        if n_rows > 1 and not any(is_known[row] for row in rows):
            message = (
                f"none of {n_rows:,} votes is on a record of this review, as {ids[rows[0]]!r}; "
                "peerreview decisions finds records by DOI or title"
            )
            yield rows[0], message
            continue
        for row in rows:
            if not is_known[row]:
                yield row, f"record_id {ids[row]!r} is not among the records of this review"


def _withdrawn_from_nowhere(votes: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield the rows that take back a vote which nobody cast: a record or a name is misspelt."""
    taken = votes[votes["decision"] == WITHDRAWN]
    if taken.empty:
        return
    cell = ["record_id", "stage", "reviewer"]
    own = votes[votes["reviewer"].isin(taken["reviewer"]) & (votes["decision"] != WITHDRAWN)]
    cast = set(own[cell].itertuples(index=False, name=None))
    rows = (votes["decision"] == WITHDRAWN).to_numpy().nonzero()[0]
    for row, vote in zip(rows, taken[cell].itertuples(index=False, name=None), strict=True):
        if vote not in cast:
            record_id, stage, reviewer = vote
            yield int(row), f"{reviewer} takes back a vote on {record_id!r} at {stage} that is not there"


def _stages_apart(votes: pd.DataFrame, required: Mapping[str, int]) -> list[tuple[int, str]]:
    """Two reviewers, each alone at a stage that needs two votes: one of their files names the wrong stage."""
    people = votes[votes["role"].isin([REVIEWER, ""])]
    firsts = people.drop_duplicates(["reviewer", "stage"])
    stages_of: dict[str, list[str]] = {}
    reviewers_at: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for row, reviewer, stage in zip(firsts.index.tolist(), firsts["reviewer"], firsts["stage"], strict=True):
        if required.get(stage, 1) == 2:
            stages_of.setdefault(reviewer, []).append(stage)
            reviewers_at.setdefault(stage, []).append(reviewer)
            rows[reviewer] = int(row)
    alone = {
        reviewer: stages[0]
        for reviewer, stages in stages_of.items()
        if len(stages) == 1 and len(reviewers_at[stages[0]]) == 1
    }
    if len(alone) < 2:
        return []
    words = ", ".join(f"{reviewer} at {stage}" for reviewer, stage in sorted(alone.items()))
    message = (
        f"reviewers vote at different stages, each alone where two votes are needed: {words}; "
        "correct stage, or votes_required in peerreview.toml"
    )
    return [(rows[reviewer], message) for reviewer in alone]


def _resolution(found: Sequence[History]) -> Vote | None:
    """Return the resolution that stands; None where several do that differ, or their order is unknown."""
    each = [vote for history in found for vote in history.latest_each]
    last = [vote for vote in each if vote is not None]
    if len(last) < len(each):
        return None
    if all(vote.at is not None for vote in last):
        last = latest_of(last)
    # Where no time tells, an adjudicator has the last word over a consensus.
    role = min(vote.role for vote in last)
    last = sorted(
        (vote for vote in last if vote.role == role),
        key=lambda vote: (vote.at.timestamp() if vote.at else 0.0, vote.reviewer),
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


def _strange_reasons(people: People, reasons: Mapping[str, str]) -> list[tuple[int, str]]:
    """Return the votes to exclude for a reason that is not the protocol's."""
    return [
        (vote.row, message)
        for (role, _), history in people.items()
        if role in (REVIEWER, AUTOMATION, *RESOLUTIONS)
        and (vote := history.latest) is not None
        and vote.decision == "exclude"
        for message in strange_reasons(vote.reason, tuple(reasons.values()))
    ]


def strange_reasons(cell: str, reasons: Sequence[str]) -> list[str]:
    """Return what is wrong with reasons that are not the protocol's; none are, where it has none."""
    known = {same(reason) for reason in reasons}
    strange = [reason for reason in split(cell) if known and same(reason) not in known]
    return [f"reason {reason!r} is not one of the protocol's: {', '.join(reasons)}" for reason in strange]


_CLOSED = {
    "before_screening": "removed before screening",
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


def _row(
    record_id: str, stage: str, reached: Outcome, spelt: Mapping[str, str], shown: Mapping[str, str]
) -> dict[str, str]:
    return {
        "record_id": record_id,
        "stage": stage,
        "outcome": reached.outcome,
        "reason": spelt.get(same(reached.reason), reached.reason),
        "reviewers": LIST.join(shown.get(name, name) for name in reached.reviewers),
        "resolved_by": reached.resolved_by,
    }


def _rows(people: People) -> list[int]:
    return sorted(row for history in people.values() for row in history.rows)


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
    *,
    people: Mapping[tuple[str, str], People],
    rows: Sequence[Mapping[str, str]],
    conflicts: Sequence[Mapping[str, str]],
    unused: Mapping[str, int],
    reasons: Mapping[str, str],
) -> list[str]:
    remarks = []
    for stage in STAGES:
        counts = Counter(row["outcome"] for row in rows if row["stage"] == stage)
        if counts:
            told = ", ".join(
                f"{counts[outcome]:,} {outcome}" for outcome in tables.OUTCOMES if counts[outcome]
            )
            remarks.append(f"{stage}: {told}")
    n_changed = sum(
        history.has_changed and history.latest is not None
        for each in people.values()
        for history in each.values()
    )
    if n_changed:
        remarks.append(f"{n_changed:,} votes were changed; the latest counts")
    n_reasons = sum(conflict["problem"] == "reasons differ" for conflict in conflicts)
    if n_reasons and reasons:
        remarks.append(f"{n_reasons:,} full texts excluded for different reasons; the protocol's order chose")
    for problem, told in (
        (NO_REASON, "full texts excluded without a reason stay open; conflicts.csv has a row for each"),
        (UNCLEAR, "records with a vote changed within a day are conflicts, for its order is unknown"),
        ("merged votes differ", "records on whose duplicates a reviewer voted otherwise are conflicts"),
    ):
        if n := sum(conflict["problem"] == problem for conflict in conflicts):
            remarks.append(f"{n:,} {told}")
    n_maybe = sum(
        stage == "title_abstract"
        and {"include", "maybe"} == {history.latest.decision for history in each.values() if history.latest}
        for (_, stage), each in people.items()
    )
    if n_maybe:
        remarks.append(f"{n_maybe:,} records went on to full text with one include and one maybe")
    if unused["waiting"]:
        remarks.append(
            f"{unused['waiting']:,} records have votes at full_text while an earlier stage is open"
        )
    if unused["skipped"]:
        remarks.append(
            f"{unused['skipped']:,} records of other methods have votes at title_abstract, which they skip"
        )
    return remarks


def _of_names(votes: pd.DataFrame, reviewers: Sequence[Reviewer]) -> Iterator[str]:
    """Yield what to ask of the names of those who voted."""
    yield from ask(votes["reviewer"].unique().tolist(), reviewers)
    named = votes.loc[votes["role"].isin([REVIEWER, ""]), "reviewer"].unique().tolist()
    for name in sorted(name for name in named if sounds_settled(name)):
        yield (
            f"{name!r} votes as a reviewer: fill in the role consensus or adjudicator "
            "if its votes settle what others differ on"
        )
