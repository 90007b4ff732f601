"""Equal votes are one ballot, whoever's record; what differs is not."""

import pandas as pd

from peerreview.screening.ballots import Ballots, collect
from tests.builders import make_votes

RECORDS = pd.Series(["r1", "r2", "r3"], dtype="str")


def _collect(*rows: str, kept: dict[str, str] | None = None) -> Ballots:
    return collect(make_votes(*rows), kept or {}, RECORDS)


def _numbers(ballots: Ballots) -> list[int]:
    return [int(number) for number in ballots.numbers[:, 1]]


def test_records_of_which_the_same_people_say_the_same_have_one_ballot() -> None:
    votes = make_votes(
        "r1 ana title_abstract include",
        "r1 bo title_abstract exclude",
        "r2 bo title_abstract exclude - reviewer 2024-01-01",
        "r2 ana title_abstract include - reviewer 2024-01-02",
        "r3 ana title_abstract include",
    )

    ballots = collect(votes.assign(reason=""), {}, RECORDS)

    first, second, third = _numbers(ballots)
    assert first == second != third
    assert list(ballots.counts) == ([2, 1] if first == 0 else [1, 2])


def test_another_decision_reason_person_stage_or_role_is_another_ballot() -> None:
    for other in (
        "ana title_abstract include",
        "ana title_abstract exclude peers",
        "bo title_abstract exclude",
    ):
        assert len(_collect("r1 ana title_abstract exclude", f"r2 {other}").people) == 2
    assert len(_collect("r1 ana title_abstract exclude", "r1 ana full_text exclude").people) == 2


def test_a_person_who_votes_twice_has_a_history_of_their_own() -> None:
    ballots = _collect(
        "r1 ana title_abstract include - reviewer 2024-01-01",
        "r1 ana title_abstract exclude - reviewer 2024-01-02",
        "r2 ana title_abstract include - reviewer 2024-01-01",
        "r2 ana title_abstract exclude - reviewer 2024-01-03",
    )

    assert len(set(_numbers(ballots)[:2])) == 2
    latest = ballots.of("r2", "title_abstract")["reviewer", "ana"].latest
    assert latest is not None
    assert latest.decision == "exclude"


def test_a_vote_on_a_duplicate_is_on_the_record_kept() -> None:
    ballots = _collect("r1 ana title_abstract include", "d2 ana title_abstract include", kept={"d2": "r2"})

    assert _numbers(ballots) == [0, 0, -1]
    assert ballots.names == {"ana"}


def test_nobody_voted_where_there_are_no_votes() -> None:
    ballots = _collect()

    assert ballots.of("r1", "title_abstract") == {}
    assert ballots.of("r9", "nowhere") == {}
    assert not ballots.is_cast.any()


def test_votes_that_were_all_taken_back_are_none() -> None:
    ballots = _collect("r1 ana title_abstract include", "r1 ana title_abstract withdrawn")

    assert not ballots.is_cast.any()
