"""Outcomes are what one gets who reads the votes on each record and follows the rules with a pencil."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from peerreview import tables
from peerreview.screening.outcomes import Settled, settle
from tests.builders import make

SAID = {
    "before_screening": ("include", "exclude"),
    "title_abstract": ("include", "include", "exclude", "maybe"),
    "retrieval": ("include", "not_retrieved"),
    "full_text": ("include", "exclude", "exclude", "maybe"),
}
HOW_OFTEN = {"before_screening": 0.15, "title_abstract": 0.9, "retrieval": 0.2, "full_text": 0.9}
REASONS = ("", "design", "population", "oddity", "design; population", "population; oddity")
KINDS = ("database", "register; website", "website", "citation_searching")

Vote = dict[str, str]


@dataclass(frozen=True)
class Reached:
    """What a stage adds up to."""

    outcome: str
    reason: str = ""
    reviewers: tuple[str, ...] = ()
    resolved_by: str = ""
    problem: str = ""


def invented_votes(chance: random.Random, record: str, stage: str) -> Iterator[Vote]:
    """Yield at most one vote of each person on a record at a stage."""
    if chance.random() > HOW_OFTEN[stage]:
        return
    people = [(name, "") for name in ("ana", "bo", "cy") if chance.random() < 0.55]
    people += [(name, "automation") for name in ("robot", "tool") if chance.random() < 0.12]
    people += [(name, "adjudicator") for name in ("zed", "zoe") if chance.random() < 0.07]
    people += [("both", "consensus")] if chance.random() < 0.07 else []
    people += [("gpt", "ai")] if chance.random() < 0.2 else []
    for name, role in people:
        said = [each for each in SAID[stage] if role not in tables.RESOLUTIONS or each != "maybe"]
        vote = {"record_id": record, "reviewer": name, "stage": stage, "decision": chance.choice(said)}
        reason = chance.choice(REASONS) if vote["decision"] == "exclude" or chance.random() < 0.2 else ""
        yield vote | {"role": role, "reason": reason}


def by_hand(votes: Sequence[Vote], stage: str, required: int, reasons: Sequence[str]) -> Reached:
    """Return what the votes on one record at one stage add up to."""
    of = {
        role: sorted((vote for vote in votes if vote["role"] == role), key=lambda vote: vote["reviewer"])
        for role in ("", "automation", "adjudicator", "consensus")
    }
    names = tuple(vote["reviewer"] for vote in of[""])
    last_words = of["adjudicator"] or of["consensus"]
    if last_words:
        if len({vote["decision"] for vote in last_words}) > 1:
            return Reached("conflict", "", names, "", "resolutions differ")
        word = last_words[-1]
        whose = [word] if word["reason"] else of[""]
        found = Reached(word["decision"], "", names or (word["reviewer"],), word["role"])
        return with_reason(found, whose, stage, reasons)
    if of["automation"] and not of[""]:
        names = tuple(vote["reviewer"] for vote in of["automation"])
        decisions = {vote["decision"] for vote in of["automation"]}
        if len(decisions) > 1 or decisions == {"maybe"}:
            return Reached("conflict", "", names, "", "decisions differ")
        found = Reached(decisions.pop(), "", names, "automation")
        return with_reason(found, of["automation"], stage, reasons)
    decisions = {vote["decision"] for vote in of[""]}
    if stage == "title_abstract" and "maybe" in decisions:
        decisions = decisions - {"maybe"} | {"include"}
    if len(decisions) > 1:
        return Reached("conflict", "", names, "", "decisions differ")
    if len(names) < required:
        return Reached("pending", "", names)
    if decisions == {"maybe"}:
        return Reached("pending", "", names, "", "maybe at full text")
    firsts = {first_of(vote["reason"], reasons) for vote in of[""] if vote["decision"] == "exclude"} - {""}
    differ = "reasons differ" if len(firsts) > 1 and stage == "full_text" else ""
    if differ and not reasons:
        return Reached("conflict", "", names, "", differ)
    return with_reason(Reached(decisions.pop(), "", names, "votes", differ), of[""], stage, reasons)


def first_of(cell: str, reasons: Sequence[str]) -> str:
    """Return the reason of a cell that the protocol names first; else the first in the cell."""
    each = cell.split("; ")
    return next((reason for reason in reasons if reason in each), each[0])


def with_reason(found: Reached, votes: Sequence[Vote], stage: str, reasons: Sequence[str]) -> Reached:
    """Return an exclusion with its reason; a full text without one, or for a strange one, stays open."""
    if found.outcome != "exclude":
        return found
    given = [vote["reason"] for vote in votes if vote["decision"] == "exclude" and vote["reason"]]
    firsts = {first_of(cell, reasons) for cell in given}
    reason = next((each for each in reasons if each in firsts), min(firsts, default=""))
    if stage == "full_text":
        is_strange = reasons and not {each for cell in given for each in cell.split("; ")} <= set(reasons)
        problem = "reason not the protocol's" if is_strange else "" if reason else "reason missing"
        if problem:
            return Reached("conflict", "", found.reviewers, "", problem)
    return Reached("exclude", reason, found.reviewers, found.resolved_by, found.problem)


@dataclass
class Pencilled:
    """A review walked through by hand: its votes, the rows of both tables, and what is remarked."""

    votes: list[Vote]
    screening: list[tuple[str, ...]]
    conflicts: list[tuple[str, ...]]
    counts: Counter[tuple[str, str]]
    n_waiting: int = 0
    n_skipped: int = 0


def walk(
    kinds: Mapping[str, str], chance: random.Random, required: Mapping[str, int], reasons: Sequence[str]
) -> Pencilled:
    """Return votes that a review can hold, none on a record that is closed, and what they come to."""
    found = Pencilled([], [], [], Counter())
    for record, kind in kinds.items():
        is_left = "database" in kind or "register" in kind
        is_under_way, is_closed, held_at = True, False, ""
        for stage in tables.STAGES:
            is_asked = is_left or stage != "title_abstract"
            cast = [] if is_asked and is_closed else list(invented_votes(chance, record, stage))
            found.votes += cast
            found.n_skipped += bool(cast) and not is_asked
            found.n_waiting += bool(cast) and bool(held_at) and stage == "full_text"
            if not is_asked or not is_under_way:
                continue
            if not cast and stage not in tables.REVIEWED_STAGES:
                continue
            reached = by_hand(cast, stage, required.get(stage, 1), reasons)
            is_closed = reached.outcome in ("exclude", "not_retrieved")
            is_under_way = reached.outcome == "include"
            held_at = "" if is_closed or is_under_way else stage
            if stage in tables.REVIEWED_STAGES or not is_under_way:
                found.counts[stage, reached.outcome] += 1
                reviewers = "; ".join(reached.reviewers)
                row = (record, stage, reached.outcome, reached.reason, reviewers, reached.resolved_by)
                found.screening.append(row)
            if reached.problem:
                said = {vote["reviewer"]: vote for vote in cast if vote["role"] == ""}
                words = [
                    f"{name}: {vote['decision']}" + (f" ({vote['reason']})" if vote["reason"] else "")
                    for name, vote in sorted(said.items())
                ]
                found.conflicts.append((record, stage, reached.problem, "; ".join(words)))
    return found


def reasons_of(seed: int) -> tuple[str, ...]:
    """Return the protocol's reasons; every third has none."""
    return ("population", "design") if seed % 3 else ()


def settled_and_pencilled(seed: int) -> tuple[Settled, Pencilled]:
    chance = random.Random(seed)  # noqa: S311  made up, not secret
    kinds = {f"r{number}": chance.choice(KINDS) for number in range(chance.randint(1, 60))}
    required = {"title_abstract": chance.choice([1, 2, 2]), "full_text": chance.choice([1, 2, 2])}
    reasons = reasons_of(seed)
    pencilled = walk(kinds, chance, required, reasons)
    # A first record on which two people vote at each stage: else they might work apart.
    first = [
        {"record_id": "r", "reviewer": name, "stage": stage, "decision": "include"}
        for stage in ("title_abstract", "full_text")
        for name in ("ana", "bo")
    ]
    unique = make(tables.UNIQUE, record_id=["r", *kinds], source_kinds=["database", *kinds.values()])
    votes = [*first, *pencilled.votes]
    chance.shuffle(votes)
    settled = settle(unique, tables.make(tables.VOTES, votes), votes_required=required, reasons=reasons)
    return settled, pencilled


@pytest.mark.parametrize("seed", range(40))
def test_each_record_has_the_outcome_that_its_votes_add_up_to(seed: int) -> None:
    settled, pencilled = settled_and_pencilled(seed)

    columns = ["record_id", "stage", "outcome", "reason", "reviewers", "resolved_by"]
    rows = list(settled.screening[columns].itertuples(index=False, name=None))
    assert rows[:2] == [
        ("r", stage, "include", "", "ana; bo", "votes") for stage in ("title_abstract", "full_text")
    ]
    assert rows[2:] == pencilled.screening
    columns = ["record_id", "stage", "problem", "votes"]
    assert list(settled.conflicts[columns].itertuples(index=False, name=None)) == pencilled.conflicts


@pytest.mark.parametrize("seed", range(12))
def test_what_is_remarked_are_the_counts_of_the_records(seed: int) -> None:
    settled, pencilled = settled_and_pencilled(seed)

    counts = pencilled.counts + Counter([("title_abstract", "include"), ("full_text", "include")])
    told = {
        stage: ", ".join(
            f"{counts[stage, outcome]:,} {outcome}" for outcome in tables.OUTCOMES if counts[stage, outcome]
        )
        for stage in tables.STAGES
    }
    n_open = sum(n for (_, outcome), n in counts.items() if outcome in ("pending", "conflict"))
    assert settled.n_open == n_open
    assert [remark for remark in settled.remarks if remark.partition(":")[0] in tables.STAGES] == [
        f"{stage}: {each}" for stage, each in told.items() if each
    ]
    have = "record has" if pencilled.n_waiting == 1 else "records have"
    waiting = f"{pencilled.n_waiting:,} {have} votes at full_text while an earlier stage is open"
    of, they = (
        ("record of other methods has", "it skips")
        if pencilled.n_skipped == 1
        else ("records of other methods have", "they skip")
    )
    skipped = f"{pencilled.n_skipped:,} {of} votes at title_abstract, which {they}"
    assert (waiting in settled.remarks) == bool(pencilled.n_waiting)
    assert (skipped in settled.remarks) == bool(pencilled.n_skipped)
    # A tool that is an AI decides nothing, and nobody has to mend its reasons.
    strange = Counter(
        reason
        for vote in pencilled.votes
        if (vote["stage"], vote["decision"]) == ("full_text", "exclude") and vote["role"] != "ai"
        for reason in vote["reason"].split("; ")
        if reason == "oddity"
    )
    often = f" ({strange['oddity']:,} times)" if strange["oddity"] > 1 else ""
    said = [remark for remark in settled.remarks if "is not one of the protocol's" in remark]
    message = f"reason 'oddity'{often} is not one of the protocol's: population, design"
    has_protocol = reasons_of(seed) != ()
    assert [remark.partition(": ")[2] for remark in said] == ([message] if strange and has_protocol else [])
