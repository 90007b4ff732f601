from datetime import UTC, datetime

import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.screening.votes import follow, histories, independent
from tests.builders import make, make_votes


def test_a_chain_of_duplicates_leads_to_the_record_kept() -> None:
    duplicates = make(
        tables.DUPLICATES,
        record_id=["a", "b", "c"],
        duplicate_of=["b", "k", "k"],
        verdict=["duplicate", "duplicate", "possible"],
    )

    assert follow(duplicates) == {"a": "k", "b": "k"}


def test_a_repeated_vote_counts_once() -> None:
    votes = make_votes("r1 ana title_abstract include", "r1 ana title_abstract include")

    history = histories(votes, {})["r1", "title_abstract"]["reviewer", "ana"]

    assert history.latest is not None
    assert history.latest.decision == "include"
    assert not history.has_changed


def test_two_different_votes_without_times_have_no_order() -> None:
    votes = make_votes("r1 ana title_abstract include", "r1 ana title_abstract exclude")

    with pytest.raises(InputErrors, match=r"ana says include and exclude of 'r1'.*no decided_at"):
        histories(votes, {})


def test_two_different_votes_at_the_same_time_have_no_order() -> None:
    at = "reviewer 2024-01-01T10:00:00Z"
    votes = make_votes(f"r1 ana title_abstract include - {at}", f"r1 ana title_abstract exclude - {at}")

    with pytest.raises(InputErrors, match="the same decided_at"):
        histories(votes, {})


def test_a_decided_at_that_is_no_date_is_told() -> None:
    votes = make_votes("r1 ana title_abstract include - reviewer yesterday")

    with pytest.raises(InputErrors, match="decided_at 'yesterday' is not a date"):
        histories(votes, {})


def test_the_decision_is_the_latest_vote_whatever_the_order_of_rows() -> None:
    votes = make_votes(
        "r1 ana title_abstract exclude - reviewer 2024-01-03T10:00:00Z",
        "r1 ana title_abstract include - reviewer 2024-01-01",
    )

    latest = histories(votes, {})["r1", "title_abstract"]["reviewer", "ana"].latest

    assert latest is not None
    assert latest.decision == "exclude"
    assert datetime(2024, 1, 3, 10, tzinfo=UTC) == latest.at


def _independent(*rows: str, required: int = 2) -> dict[str, str | None]:
    people = histories(make_votes(*rows), {"r1b": "r1"})["r1", "title_abstract"]
    chosen = independent(people.values(), required)
    return {name: vote.decision if vote else None for name, vote in chosen.items()}


def test_a_vote_changed_after_both_had_voted_is_not_independent() -> None:
    assert _independent(
        "r1 ana title_abstract include - reviewer 2024-01-01T10:00:00Z",
        "r1 bo title_abstract exclude - reviewer 2024-01-02T10:00:00Z",
        "r1 ana title_abstract exclude - reviewer 2024-01-03T10:00:00Z",
    ) == {"ana": "include", "bo": "exclude"}


def test_a_vote_changed_before_the_other_voted_is_independent() -> None:
    assert _independent(
        "r1 ana title_abstract include - reviewer 2024-01-01T10:00:00Z",
        "r1 ana title_abstract exclude - reviewer 2024-01-01T18:00:00Z",
        "r1 bo title_abstract exclude - reviewer 2024-01-02T10:00:00Z",
    ) == {"ana": "exclude", "bo": "exclude"}


def test_a_slip_corrected_within_minutes_is_no_discussion() -> None:
    assert _independent(
        "r1 ana title_abstract include - reviewer 2024-01-01T10:00:00Z",
        "r1 bo title_abstract exclude - reviewer 2024-01-02T10:00:00Z",
        "r1 bo title_abstract include - reviewer 2024-01-02T10:00:04Z",
    ) == {"ana": "include", "bo": "include"}


def test_a_vote_changed_minutes_after_the_others_may_have_been_discussed() -> None:
    assert _independent(
        "r1 ana title_abstract include - reviewer 2024-01-01T10:00:00Z",
        "r1 bo title_abstract exclude - reviewer 2024-01-01T10:01:00Z",
        "r1 ana title_abstract exclude - reviewer 2024-01-01T10:02:00Z",
    ) == {"ana": "include", "bo": "exclude"}


def test_a_third_reviewer_is_taken_at_their_own_first_vote() -> None:
    assert _independent(
        "r1 ana title_abstract include - reviewer 2024-01-01",
        "r1 bo title_abstract exclude - reviewer 2024-01-02",
        "r1 cy title_abstract exclude - reviewer 2024-01-05",
        "r1 cy title_abstract include - reviewer 2024-01-09",
    ) == {"ana": "include", "bo": "exclude", "cy": "exclude"}


def test_different_votes_on_merged_records_have_no_independent_one() -> None:
    assert _independent(
        "r1 ana title_abstract include",
        "r1b ana title_abstract exclude",
        "r1 bo title_abstract include",
    ) == {"ana": None, "bo": "include"}
