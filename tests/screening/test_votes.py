from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations, permutations
from random import Random

import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.screening.votes import (
    History,
    Vote,
    Which,
    differ,
    follow,
    histories,
    independent,
    settled_others,
)
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


def _only(*rows: str, merged: tuple[str, ...] = ()) -> History:
    votes = make_votes(*(f"{row.split()[0]} ana full_text {' '.join(row.split()[1:])}" for row in rows))
    (people,) = histories(votes, dict.fromkeys(merged, "r1")).values()
    (history,) = people.values()
    return history


@pytest.mark.parametrize(
    "times",
    [
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01 00:00:00", "2024-01-01"),
        ("2024-01-01", "2024-01-01T10:00:00Z"),
        ("2024-01-01T10:00:00Z", "2024-01-01"),
    ],
)
def test_of_two_votes_at_one_time_or_on_one_day_neither_is_the_latest(times: tuple[str, str]) -> None:
    history = _only(f"r1 include - reviewer {times[0]}", f"r1 exclude - reviewer {times[1]}")

    assert history.is_unclear
    assert history.latest is None
    assert history.first is None


def test_the_next_day_is_later() -> None:
    history = _only(
        "r1 include - reviewer 2024-01-01",
        "r1 exclude - reviewer 2024-01-02T00:00:00Z",
        "r1 include - reviewer 2024-01-02T00:00:01Z",
        "r1 exclude - reviewer 2024-01-03",
    )

    assert not history.is_unclear
    assert [vote and vote.decision for vote in (history.first, history.latest)] == ["include", "exclude"]


def test_a_later_day_settles_what_was_unclear_before() -> None:
    history = _only(
        "r1 include - reviewer 2024-01-01",
        "r1 exclude - reviewer 2024-01-01",
        "r1 exclude design reviewer 2024-01-02",
    )

    assert history.first is None
    assert history.latest is not None
    assert history.latest.reason == "design"


def test_two_rows_of_one_day_that_agree_are_one_vote() -> None:
    history = _only(
        "r1 exclude design reviewer 2024-01-01", "r1 exclude design reviewer 2024-01-01T10:00:00Z"
    )

    assert history.latest is not None
    assert not history.is_unclear


def test_of_two_rows_of_one_day_the_one_with_a_reason_counts() -> None:
    rows = ["r1 exclude - reviewer 2024-01-01", "r1 exclude design reviewer 2024-01-01"]
    votes = make_votes(*(f"r1 ana full_text {row.removeprefix('r1 ')}" for row in rows))

    for reasons in (["", "design"], ["design", ""]):
        (people,) = histories(votes.assign(reason=reasons), {}).values()
        (history,) = people.values()
        assert history.latest is not None
        assert history.latest.reason == "design"


def test_equal_votes_on_merged_records_are_one_with_the_reasons_of_both() -> None:
    history = _only("r2 exclude peers;Design", "r1 exclude wards", "r3 exclude design", merged=("r2", "r3"))

    assert history.latest is not None
    assert history.latest.reason == "wards; peers; Design"


def test_the_reasons_for_the_record_kept_come_first_whatever_the_names() -> None:
    before = _only("a1 exclude peers", "r1 exclude wards", merged=("a1",))
    after = _only("z1 exclude peers", "r1 exclude wards", merged=("z1",))

    assert [each.latest and each.latest.reason for each in (before, after)] == ["wards; peers"] * 2


def test_different_votes_on_merged_records_are_no_vote() -> None:
    history = _only("r1 exclude", "r2 include", merged=("r2",))

    assert history.latest is None
    assert not history.is_unclear


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


def _independent(*rows: str, required: int = 2, of: Which = "standing") -> dict[str, str | None]:
    people = histories(make_votes(*rows), {"r1b": "r1"})["r1", "title_abstract"]
    chosen = independent(people.values(), required, of=of)
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


CHANGED_TWICE = (
    "r1 ana title_abstract include - reviewer 2024-01-01T10:00:00Z",
    "r1 ana title_abstract maybe - reviewer 2024-01-01T18:00:00Z",
    "r1 bo title_abstract exclude - reviewer 2024-01-02T10:00:00Z",
    "r1 ana title_abstract exclude - reviewer 2024-01-03T10:00:00Z",
)


@pytest.mark.parametrize(("of", "ana"), [("first", "include"), ("standing", "maybe"), ("final", "exclude")])
def test_which_of_several_votes_counts_is_a_choice(of: Which, ana: str) -> None:
    assert _independent(*CHANGED_TWICE, of=of) == {"ana": ana, "bo": "exclude"}


def test_a_vote_withdrawn_is_no_vote() -> None:
    votes = make_votes(
        "r1 ana title_abstract include - reviewer 2024-01-01",
        "r1 bo title_abstract include - reviewer 2024-01-01",
        "r1 ana title_abstract withdrawn - reviewer 2024-01-02",
        "r2 ana title_abstract include - reviewer 2024-01-01",
        "r2 ana title_abstract withdrawn - reviewer 2024-01-02",
    )

    found = histories(votes, {})

    assert list(found["r1", "title_abstract"]) == [("reviewer", "bo")]
    assert found["r2", "title_abstract"] == {}


def test_a_vote_is_withdrawn_after_it_was_cast_where_no_time_is_given() -> None:
    votes = make_votes("r1 ana title_abstract withdrawn", "r1 ana title_abstract include")

    assert histories(votes, {})["r1", "title_abstract"] == {}


def test_a_vote_withdrawn_on_the_day_it_was_cast_is_no_vote() -> None:
    at = "- reviewer 2024-01-01"
    votes = make_votes(
        f"r1 ana title_abstract withdrawn {at}",
        f"r1 ana title_abstract include reason {at.removeprefix('- ')}",
        f"r1 ana title_abstract include reason {at.removeprefix('- ')}",
    )

    assert histories(votes, {})["r1", "title_abstract"] == {}


@pytest.mark.parametrize(
    ("rows", "between"),
    [
        (("include", "withdrawn", "exclude"), "include and exclude"),
        (
            ("include - reviewer 2024-01-01", "withdrawn", "include - reviewer 2024-01-03"),
            "include and withdrawn",
        ),
    ],
)
def test_a_withdrawal_that_may_be_of_either_vote_is_told(rows: tuple[str, ...], between: str) -> None:
    with pytest.raises(InputErrors, match=f"ana says {between} of .* their order is unknown"):
        histories(make_votes(*(f"r1 ana title_abstract {row}" for row in rows)), {})


def test_a_withdrawal_on_the_day_of_another_vote_may_be_of_either() -> None:
    history = _only(
        "r1 include - reviewer 2024-01-01",
        "r1 withdrawn - reviewer 2024-01-02",
        "r1 exclude - reviewer 2024-01-02",
    )

    assert history.is_unclear
    assert history.first is not None


def test_a_vote_withdrawn_before_the_other_voted_did_not_stand() -> None:
    rows = (
        "r1 ana title_abstract include - reviewer 2024-01-01T10:00:00Z",
        "r1 ana title_abstract withdrawn - reviewer 2024-01-01T10:05:00Z",
        "r1 bo title_abstract include - reviewer 2024-01-02T10:00:00Z",
        "r1 ana title_abstract exclude - reviewer 2024-01-03T10:00:00Z",
    )

    assert _independent(*rows) == {"ana": "exclude", "bo": "include"}
    assert _independent(*rows, of="first") == {"ana": "include", "bo": "include"}


def test_a_vote_withdrawn_and_cast_anew_after_both_had_voted_was_changed() -> None:
    assert _independent(
        "r1 ana title_abstract include - reviewer 2024-01-01T10:00:00Z",
        "r1 bo title_abstract exclude - reviewer 2024-01-02T10:00:00Z",
        "r1 ana title_abstract withdrawn - reviewer 2024-01-03T10:00:00Z",
        "r1 ana title_abstract exclude - reviewer 2024-01-03T10:01:00Z",
    ) == {"ana": "include", "bo": "exclude"}


def test_the_row_without_a_time_is_the_one_to_mend() -> None:
    votes = make_votes("r1 ana title_abstract exclude", "r1 ana title_abstract include - reviewer 2024-03-01")

    with pytest.raises(InputErrors) as caught:
        histories(votes, {})

    assert [str(error).partition(":")[0] for error in caught.value.errors] == ["row 1"]


def test_a_vote_of_the_day_on_which_the_other_voted_may_have_been_changed_after_it() -> None:
    assert _independent(
        "r1 ana title_abstract include - reviewer 2024-01-01",
        "r1 ana title_abstract exclude - reviewer 2024-01-02T08:00:00Z",
        "r1 bo title_abstract exclude - reviewer 2024-01-02",
    ) == {"ana": "include", "bo": "exclude"}


def test_a_vote_whose_order_is_unknown_is_not_independent() -> None:
    rows = (
        "r1 ana title_abstract include - reviewer 2024-01-01",
        "r1 ana title_abstract exclude - reviewer 2024-01-01",
        "r1 bo title_abstract exclude - reviewer 2024-01-03",
    )

    assert _independent(*rows) == {"ana": None, "bo": "exclude"}


def _settled(*rows: str, stage: str = "title_abstract") -> bool | None:
    lines = [row.replace(" ", f" {stage} ", 1) for row in rows]
    people = histories(make_votes(*(f"r1 {line}" for line in lines)), {})["r1", stage]
    own = people.pop(("reviewer", "cy"))
    return settled_others(own, people.values())


def test_a_vote_after_two_that_differ_settles_them() -> None:
    before = ("ana include - reviewer 2024-01-01", "bo exclude - reviewer 2024-01-02")

    assert _settled(*before, "cy include - reviewer 2024-01-03") is True
    assert _settled(*before, "cy include - reviewer 2024-01-01T12:00:00Z") is False
    assert _settled(*before, "cy include - reviewer 2024-01-02") is None
    assert _settled(*before, "cy include") is None
    assert _settled(*before, "cy include - reviewer 2024-01-02T12:00:00Z") is None


def test_a_vote_on_what_two_agree_on_settles_nothing() -> None:
    assert _settled("ana include", "bo include", "cy exclude") is False
    assert _settled("ana include", "bo maybe", "cy exclude") is None
    assert _settled("ana include", "cy exclude") is False


def test_a_vote_on_what_two_had_agreed_on_before_it_settles_nothing() -> None:
    assert (
        _settled(
            "ana include - reviewer 2024-01-01",
            "bo exclude - reviewer 2024-01-02",
            "bo include - reviewer 2024-01-03",
            "cy include - reviewer 2024-01-04",
        )
        is False
    )


def test_what_includes_give_as_their_reasons_is_no_conflict() -> None:
    votes = make_votes("r1 ana full_text include peers", "r1 bo full_text include wards")
    (people,) = histories(votes, {}).values()

    assert not differ([history.latest for history in people.values() if history.latest])
    assert not differ([])


def test_two_reasons_of_one_full_text_are_a_conflict() -> None:
    rows = ("ana exclude design reviewer 2024-01-01", "bo exclude peers reviewer 2024-01-02")

    assert _settled(*rows, "cy exclude peers reviewer 2024-01-03", stage="full_text") is True
    assert differ([]) is False


VOTES_IN_A_WEEK = ("2024-01-01", "2024-01-02", "2024-01-02T09:00:00Z", "2024-01-02T10:00:00Z", "2024-01-03")


def possible_orders(said: Sequence[Vote]) -> Iterator[tuple[Vote, ...]]:
    """Yield each order in which a person's votes can have been cast: a day's at any hour of it."""
    spans = {id(vote): (vote.at, vote.until) for vote in said}
    for order in permutations(said):
        is_possible = not any(
            spans[id(late)][1] <= spans[id(early)][0] and spans[id(late)] != spans[id(early)]  # type: ignore[operator]
            for early, late in combinations(order, 2)
        )
        # What nobody cast cannot be taken back.
        if is_possible and order[0].decision != "withdrawn":
            yield order


@pytest.mark.parametrize("seed", range(300))
def test_the_last_vote_is_known_where_all_orders_that_can_be_end_alike(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  made up, not secret
    said = [
        f"r1 {chance.choice(['include', 'exclude', 'exclude'])} - reviewer {chance.choice(VOTES_IN_A_WEEK)}"
        for _ in range(chance.randint(1, 4))
    ]

    history = _only(*said)

    ends = {order[-1].decision for order in possible_orders(history.cast["r1"])}
    begins = {order[0].decision for order in possible_orders(history.cast["r1"])}
    assert {history.latest and history.latest.decision} == (ends if len(ends) == 1 else {None})
    assert {history.first and history.first.decision} == (begins if len(begins) == 1 else {None})
    assert history.is_unclear == (len(ends) > 1)


Cast = list[tuple[int, str]]
"""One person's votes: the minute and the decision, in order."""


def invented_people(chance: Random) -> dict[str, Cast]:
    """Return what some people said of a record, each at minutes of a day."""
    people = {}
    for name in ("ana", "bo", "cy")[: chance.randint(1, 3)]:
        minutes = sorted(chance.sample(range(0, 60, 4), chance.randint(1, 3)))
        people[name] = [(minute, chance.choice(["include", "exclude"])) for minute in minutes]
    return people


def as_histories(people: dict[str, Cast]) -> dict[str, History]:
    rows = [
        f"r1 {name} title_abstract {decision} - reviewer 2024-01-01T10:{minute:02}:00Z"
        for name, cast in people.items()
        for minute, decision in cast
    ]
    (found,) = histories(make_votes(*rows), {}).values()
    return {history.reviewer: history for history in found.values()}


def stood(cast: Cast, minute: int) -> str:
    """Return what stood at a minute; the first vote where none did yet."""
    return [decision for at, decision in cast if at <= minute][-1] if cast[0][0] <= minute else cast[0][1]


@pytest.mark.parametrize("seed", range(120))
def test_an_independent_vote_is_the_one_that_stood_when_the_others_had_voted(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  made up, not secret
    people, required = invented_people(chance), chance.randint(1, 3)
    firsts = sorted(cast[0][0] for cast in people.values())
    # All the votes that the record needs are there; who voted later, or last, may mend a slip in ten minutes.
    whole = firsts[min(required, len(firsts)) - 1]

    found = independent(as_histories(people).values(), required)

    assert {name: vote and vote.decision for name, vote in found.items()} == {
        name: stood(cast, whole if cast[0][0] < whole else cast[0][0] + 10) for name, cast in people.items()
    }


@pytest.mark.parametrize("seed", range(120))
def test_who_voted_on_what_two_others_differed_on_settled_it(seed: int) -> None:
    people = invented_people(Random(seed))  # noqa: S311  made up, not secret
    mine = people["ana"][0][0]
    before = [stood(cast, mine) for name, cast in people.items() if name != "ana" and cast[0][0] < mine]
    # Of a vote at the same minute no order is known.
    beside = [cast[0][1] for name, cast in people.items() if name != "ana" and cast[0][0] == mine]
    expected = True if len({*before}) > 1 else None if len({*before, *beside}) > 1 else False

    every = as_histories(people)

    assert settled_others(every.pop("ana"), every.values()) is expected
