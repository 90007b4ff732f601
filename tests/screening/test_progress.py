"""Tests of progress: what is done and left, for whom, and the form of what is left."""

from collections import defaultdict

import pandas as pd
import pytest

from peerreview import tables
from peerreview.screening.outcomes import Settled, settle
from peerreview.screening.progress import FORM, form, names_like, open_records, status
from tests.builders import make, make_votes
from tests.screening.test_outcomes_by_hand import settled_and_pencilled

REQUIRED = {"title_abstract": 2, "full_text": 2}
UNIQUE = make(tables.UNIQUE, title=list("ABCDE"), authors=["x"] * 5, source_kinds=["database"] * 5)
VOTES = (
    "r1 ana title_abstract include",
    "r1 bo title_abstract include",
    "r2 ana title_abstract include",
    "r2 bo title_abstract exclude",
    "r3 ana title_abstract exclude",
    "r4 ana title_abstract include",
    "r4 bo title_abstract exclude",
    "r4 zed title_abstract exclude - adjudicator",
    "r1 ana full_text include",
)


def settled(*rows: str, unique: pd.DataFrame = UNIQUE) -> Settled:
    return settle(unique, make_votes(*rows))


def test_each_stage_tells_what_is_done_and_left() -> None:
    first, second = status(settled(*VOTES), REQUIRED).to_json()["stages"]

    assert first | {"reviewers": []} == {
        "stage": "title_abstract",
        "votes_required": 2,
        "n_records": 5,
        "outcomes": {"include": 1, "exclude": 1, "not_retrieved": 0, "conflict": 1, "pending": 2},
        "n_without_votes": 1,
        "n_awaiting_second": 1,
        "n_single": 1,
        "resolved_by": {"votes": 1, "consensus": 0, "adjudicator": 1, "automation": 0},
        "reviewers": [],
    }
    assert (second["stage"], second["n_records"], second["n_awaiting_second"]) == ("full_text", 1, 1)


def test_each_reviewer_is_told_what_is_theirs() -> None:
    said = status(settled(*VOTES), REQUIRED, shown={"bo": "Bo Singh"})

    first, second = said.to_json()["stages"]
    assert first["reviewers"] == [
        {"reviewer": "ana", "done": 4, "left": 1, "conflicts": 1, "awaiting": 1},
        {"reviewer": "Bo Singh", "done": 3, "left": 2, "conflicts": 1, "awaiting": 0},
    ]
    assert [each["reviewer"] for each in second["reviewers"]] == ["ana"]


def test_a_stage_that_asks_for_one_vote_awaits_no_second() -> None:
    alone = settle(UNIQUE, make_votes("r1 ana title_abstract exclude"), votes_required={"title_abstract": 1})

    first = status(alone, {"title_abstract": 1}).to_json()["stages"][0]

    assert (first["n_awaiting_second"], first["n_without_votes"], first["n_single"]) == (0, 4, 1)
    assert first["reviewers"] == [{"reviewer": "ana", "done": 1, "left": 4, "conflicts": 0, "awaiting": 0}]


def test_what_is_open_still_needs_a_vote_and_tells_who_gave_one() -> None:
    maybe = [f"r1 {name} full_text maybe" for name in ("ana", "bo")]

    assert open_records(settled(*VOTES), "title_abstract", REQUIRED) == {
        "r3": frozenset({"ana"}),
        "r5": frozenset(),
    }
    assert open_records(settled(*VOTES), "full_text", REQUIRED) == {"r1": frozenset({"ana"})}
    assert open_records(settled(*VOTES[:2], *maybe), "full_text", REQUIRED) == {}


def test_a_report_is_sought_until_somebody_has_it_or_says_that_there_is_none() -> None:
    assert list(open_records(settled(*VOTES[:2]), "retrieval", REQUIRED)) == ["r1"]
    assert not open_records(settled(*VOTES), "retrieval", REQUIRED)
    gone = settled(*VOTES[:2], "r1 ana retrieval not_retrieved")
    assert not open_records(gone, "retrieval", REQUIRED)


def test_a_form_holds_its_records_and_nothing_that_anybody_said() -> None:
    found = form(["r3", "r5"], UNIQUE, reviewer="bo", stage="title_abstract")

    assert list(found.columns) == list(FORM)
    assert dict(zip(found["record_id"], found["title"], strict=True)) == {"r3": "C", "r5": "E"}
    assert set(found["reviewer"]) == {"bo"}
    assert set(found["stage"]) == {"title_abstract"}
    assert set(found["decision"]) == {""}


def test_a_form_keeps_the_order_of_its_records_and_says_why_where_that_is_known() -> None:
    found = form(
        ["r5", "r3"], UNIQUE, reviewer="bo", stage="title_abstract", relevance={"r5": "1; for: ward"}
    )

    assert found["record_id"].tolist() == ["r5", "r3"]
    assert found["relevance"].tolist() == ["1; for: ward", ""]
    assert set(found.columns) - {"relevance"} == set(FORM)


def test_names_that_differ_by_case_and_blanks_are_alike() -> None:
    both = settled("r1 Ana title_abstract include", "r1 bo title_abstract include")

    assert names_like(both, " ana") == ["Ana"]
    assert names_like(both, "cy") == []


@pytest.mark.parametrize("seed", range(30))
def test_what_is_done_and_left_are_counts_of_records_and_their_votes(seed: int) -> None:
    settled, pencilled = settled_and_pencilled(seed)
    voters: dict[tuple[str, str], set[str]] = defaultdict(set)
    for vote in pencilled.votes:
        if vote["role"] == "":
            voters[vote["record_id"], vote["stage"]].add(vote["reviewer"])

    for stage, needed in (("title_abstract", 2), ("full_text", 1)):
        # The record that everybody voted on comes with the votes that were made up.
        rows = [("r", stage, "include", "", "", "votes"), *(r for r in pencilled.screening if r[1] == stage)]
        voters["r", stage] = {"ana", "bo"}
        said = {record: voters[record, stage] for record, *_ in rows}
        short = [row[0] for row in rows if row[2] == "pending" and len(said[row[0]]) < needed]
        found = next(each for each in status(settled, {stage: needed}).stages if each.stage == stage)

        assert (found.n_records, found.votes_required) == (len(rows), needed)
        assert sum(found.outcomes.values()) == len(rows)
        assert found.outcomes == {
            outcome: [row[2] for row in rows].count(outcome) for outcome in tables.OUTCOMES
        }
        assert found.resolved_by == {
            role: [row[5] for row in rows].count(role) for role in tables.RESOLVED_BY if role
        }
        assert found.n_without_votes == len([record for record in short if not said[record]])
        assert found.n_awaiting_second == len([record for record in short if said[record]])
        assert found.n_single == len([names for names in said.values() if len(names) == 1])
        assert [share.reviewer for share in found.reviewers] == sorted(set().union(*said.values()))
        for share in found.reviewers:
            own = {record for record, names in said.items() if share.reviewer in names}
            in_conflict = {row[0] for row in rows if row[2] == "conflict"}
            assert (share.done, share.conflicts) == (len(own), len(own & in_conflict))
            assert (share.left, share.awaiting) == (len(set(short) - own), len(set(short) & own))
        assert open_records(settled, stage, {stage: needed}) == {
            record: frozenset(said[record]) for record in short
        }


@pytest.mark.parametrize("seed", range(15))
def test_what_is_sought_came_to_full_text_and_nobody_has_said_a_word_of_it(seed: int) -> None:
    settled, pencilled = settled_and_pencilled(seed)

    spoken = {vote["record_id"] for vote in pencilled.votes if vote["stage"] in ("retrieval", "full_text")}
    waiting = [row[0] for row in pencilled.screening if row[1:3] == ("full_text", "pending")]

    found = open_records(settled, "retrieval", REQUIRED)
    assert list(found) == [record for record in waiting if record not in spoken]
