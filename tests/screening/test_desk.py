from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from peerreview import tables
from peerreview.errors import InputError
from peerreview.screening import desk as desks
from peerreview.screening.desk import Desk, Said
from peerreview.screening.outcomes import Settled, settle
from tests.builders import make, make_votes

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
REASONS = ("Wrong population", "Wrong design")


def settled(*votes: str, n_records: int = 4, required: int = 2, **columns: list[str]) -> Settled:
    unique = make(tables.UNIQUE, **({"source_kinds": ["database"] * n_records} | columns))
    return settle(unique, make_votes(*votes), votes_required={"title_abstract": required}, reasons=REASONS)


def lay_out(*votes: str, stage: str = "title_abstract", **more: object) -> Desk:
    """Return the desk of ana, who screens r1 to r4."""
    found = settled(*votes)
    unique = make(tables.UNIQUE, source_kinds=["database"] * 4)
    return desks.lay_out(
        found,
        unique,
        reviewer="ana",
        stage=stage,
        votes_required={"title_abstract": 2, "full_text": 2},
        reasons=REASONS,
        **more,  # type: ignore[arg-type]
    )


def cast(desk: Desk, record_id: str, decision: str, at: datetime = NOON, **more: str) -> Desk:
    said = desk.vote(record_id, decision, now=at, **more)
    assert said is not None
    return desk.with_vote(record_id, said)


def undone(desk: Desk, at: datetime = NOON) -> Desk:
    return desk.without_last(desk.undo(now=at)[1])


def rows(desk: Desk) -> list[str]:
    return [each.decision for said in desk.said.values() for each in said]


def test_a_desk_has_what_is_left_and_what_its_reviewer_judged_and_no_word_of_others() -> None:
    desk = lay_out(
        "r1 ana title_abstract include",
        "r1 bo title_abstract exclude",
        "r2 bo title_abstract include",
        "r3 bo title_abstract include",
        "r3 cy title_abstract include",
    )

    assert list(desk.stages) == ["r1", "r2", "r4"]
    assert {"r1"} == set(desk.said)
    assert {each.reviewer for said in desk.said.values() for each in said} == {"ana"}


def test_a_vote_taken_back_is_not_asked_for_where_others_settled_the_record() -> None:
    desk = lay_out(
        "r1 ana title_abstract include x reviewer 2026-05-04T10:00:00Z",
        "r1 ana title_abstract withdrawn x reviewer 2026-05-04T10:01:00Z",
        "r2 ana title_abstract include x reviewer 2026-05-04T10:00:00Z",
        "r2 ana title_abstract withdrawn x reviewer 2026-05-04T10:01:00Z",
        "r1 bo title_abstract include x reviewer 2026-05-04T10:00:00Z",
        "r1 cy title_abstract include x reviewer 2026-05-04T10:00:00Z",
    )

    assert list(desk.stages) == ["r2", "r3", "r4"]


def test_what_is_assigned_to_others_is_not_on_the_desk() -> None:
    others = tables.make(
        tables.ASSIGNMENTS, [{"record_id": "r2", "reviewer": "bo", "stage": "title_abstract"}]
    )

    assert list(lay_out(assignments=others).stages) == ["r1", "r3", "r4"]


def test_the_next_record_is_the_next_one_left_and_then_those_passed_over() -> None:
    desk = cast(lay_out(), "r3", "include")
    view = tuple(desk.stages)

    assert desk.next_left(view, "r2") == "r4"
    assert desk.next_left(view, "r4") == "r1"
    assert desk.next_left(view, "") == "r1"
    done = cast(cast(cast(desk, "r1", "include"), "r2", "include"), "r4", "include")
    assert done.next_left(view, "r2") == "r2"


def test_a_vote_is_a_row_with_its_time_in_utc() -> None:
    desk = lay_out()
    at = datetime.fromisoformat("2026-05-04T14:00:00.1239+02:00")
    said = desk.vote("r1", "include", now=at, note=" why not ")

    assert said is not None
    assert desk.row("r1", said) == {
        "record_id": "r1",
        "reviewer": "ana",
        "stage": "title_abstract",
        "decision": "include",
        "reason": "",
        "role": "",
        "decided_at": "2026-05-04T12:00:00.123Z",
        "note": "why not",
    }


def test_a_changed_vote_comes_after_the_first_even_where_the_clock_was_set_back() -> None:
    desk = cast(cast(lay_out(), "r1", "include"), "r1", "exclude", NOON - timedelta(hours=1))

    assert [each.at for each in desk.said["r1"]] == ["2026-05-04T12:00:00.000Z", "2026-05-04T12:00:00.001Z"]
    assert desk.standing("r1").decision == "exclude"  # type: ignore[union-attr]


def test_the_same_vote_again_adds_no_row() -> None:
    desk = cast(lay_out(), "r1", "exclude", note="mice")

    assert desk.vote("r1", "exclude", now=NOON, note="mice") is None
    assert desk.vote("r1", "exclude", now=NOON, note="rats") is not None


def test_a_vote_without_a_time_is_not_changed_for_none_could_tell_which_came_last() -> None:
    desk = lay_out("r1 ana title_abstract include")

    with pytest.raises(InputError, match="no decided_at"):
        desk.vote("r1", "exclude", now=NOON)


def test_a_vote_of_a_day_is_changed_on_the_next_one() -> None:
    rows_of_a_day = {"r1": (Said("include", "", "", "2026-05-04", "ana"),)}
    desk = replace(lay_out(), said=rows_of_a_day)

    with pytest.raises(InputError, match="wait a day"):
        desk.vote("r1", "exclude", now=NOON)
    assert desk.vote("r1", "exclude", now=NOON + timedelta(days=1)) is not None


@pytest.mark.parametrize(
    ("decision", "reason", "problem"),
    [
        ("exclude", "", "needs a reason"),
        ("exclude", "Too old", "not one of the protocol's"),
        ("not_retrieved", "", "is not include or exclude or maybe"),
    ],
)
def test_what_is_no_vote_at_full_text_is_refused(decision: str, reason: str, problem: str) -> None:
    both = ("r1 ana title_abstract include", "r1 bo title_abstract include")
    desk = lay_out(*both, stage="full_text")

    assert list(desk.stages) == ["r1"]
    with pytest.raises(InputError, match=problem):
        desk.vote("r1", decision, now=NOON, reason=reason)
    assert desk.vote("r1", "exclude", now=NOON, reason="wrong design") is not None


def test_undo_takes_a_vote_back_with_a_row() -> None:
    desk = undone(cast(cast(lay_out(), "r1", "include"), "r2", "exclude"))

    assert rows(desk) == ["include", "exclude", "withdrawn"]
    assert desk.standing("r2") is None
    assert desk.standing("r1") is not None


def test_undo_of_a_change_says_again_what_stood_before() -> None:
    first = cast(lay_out(), "r1", "include", note="peers?")
    back = undone(cast(first, "r1", "exclude"))
    nothing = undone(back)

    assert rows(back) == ["include", "exclude", "include"]
    assert back.standing("r1").note == "peers?"  # type: ignore[union-attr]
    assert rows(nothing) == ["include", "exclude", "include", "withdrawn"]
    with pytest.raises(InputError, match="nothing to undo"):
        nothing.undo(now=NOON)


def test_a_vote_cast_after_one_was_taken_back_is_taken_back_as_well() -> None:
    desk = undone(cast(undone(cast(lay_out(), "r1", "include")), "r1", "exclude"))

    assert rows(desk) == ["include", "withdrawn", "exclude", "withdrawn"]
    assert desk.standing("r1") is None


def test_what_another_window_judged_is_shown_and_not_undone_here() -> None:
    desk = cast(lay_out(), "r1", "include")
    later = Said("exclude", "", "", "2026-05-04T12:30:00Z", "ana")

    met, strange = desk.met({"r1": [later], "r9": [later]})

    assert strange == ["r1"]
    assert met.standing("r1").decision == "exclude"  # type: ignore[union-attr]
    with pytest.raises(InputError, match="judged again since"):
        met.undo(now=NOON)


def test_what_a_desk_wrote_itself_is_no_other_window_s() -> None:
    desk = cast(lay_out(), "r1", "include")

    assert desk.met(desk.said) == (desk, [])


def test_a_desk_left_is_taken_up_with_what_can_be_undone() -> None:
    votes = (
        "r1 ana title_abstract include - - 2026-05-04T10:00:00Z",
        "r2 ana title_abstract include - - 2026-05-04T10:01:00Z",
        "r3 ana title_abstract include - - 2026-05-04T10:02:00Z",
        "r3 ana title_abstract withdrawn - - 2026-05-04T10:03:00Z",
    )
    desk = lay_out(*(each.replace(" - -", " x reviewer") for each in votes))

    assert [each.record_id for each in desk.cast] == ["r1", "r2"]
    record_id, said = desk.undo(now=NOON)
    assert (record_id, said.decision) == ("r2", "withdrawn")


def test_a_vote_that_later_ones_rest_on_is_closed() -> None:
    votes = (
        "r1 ana title_abstract include x reviewer 2026-05-04T10:00:00Z",
        "r1 bo title_abstract include x reviewer 2026-05-04T10:00:00Z",
        "r1 bo full_text include x reviewer 2026-05-04T11:00:00Z",
    )
    desk = lay_out(*votes)

    with pytest.raises(InputError, match="votes at full_text"):
        desk.vote("r1", "exclude", now=NOON)
    with pytest.raises(InputError, match="votes at full_text"):
        desk.undo(now=NOON)


def test_a_vote_on_a_duplicate_is_not_contradicted_through_the_record_kept() -> None:
    pairs = tables.make(
        tables.DUPLICATES,
        [{"record_id": "r9", "duplicate_of": "r1", "verdict": "duplicate"}],
    )
    unique = make(tables.UNIQUE, source_kinds=["database"] * 2)
    votes = make_votes("r9 ana title_abstract include x reviewer 2026-05-04T10:00:00Z")
    found = settle(unique, votes, duplicates=pairs)
    desk = desks.lay_out(found, unique, reviewer="ana", stage="title_abstract", votes_required={})

    assert desk.judged == ["r1"]
    with pytest.raises(InputError, match="your vote is on r9"):
        desk.vote("r1", "exclude", now=NOON)


def test_records_are_found_by_words_and_by_what_was_said_of_them() -> None:
    texts = {"r1": "peer support", "r2": "peer review", "r3": "mice", "r4": "supported peers"}
    desk = cast(cast(lay_out(), "r1", "include"), "r2", "exclude", note="why")

    assert desk.find(texts, words="Support PEER") == ("r1", "r4")
    assert desk.find(texts, show=desks.LEFT) == ("r3", "r4")
    assert desk.find(texts, show="include") == ("r1",)
    assert desk.find(texts, show=desks.NOTED) == ("r2",)
    assert desk.find(texts, words="peer", show=desks.LEFT) == ("r4",)


def test_conflicts_are_a_desk_of_their_own_where_nothing_is_maybe() -> None:
    found = settled(
        "r1 ana title_abstract include",
        "r1 bo title_abstract exclude",
        "r2 ana title_abstract include",
        "r2 bo title_abstract include",
    )
    desk = desks.lay_out_conflicts(found, reviewer="cy", role="adjudicator")

    assert desk.stages == {"r1": "title_abstract"}
    assert desk.legal("title_abstract") == ("include", "exclude")
    said = desk.vote("r1", "include", now=NOON)
    assert said is not None
    assert (said.reviewer, said.role) == ("cy", "adjudicator")
    assert (
        list(desks.lay_out_conflicts(found, reviewer="cy", role="adjudicator", stage="full_text").stages)
        == []
    )


def test_what_each_reviewer_said_stands_side_by_side() -> None:
    found = settled(
        "r1 bo@example.org title_abstract exclude old reviewer 2026-05-04T10:00:00Z",
        "r1 ana title_abstract exclude x reviewer 2026-05-04T10:00:00Z",
        "r1 ana title_abstract include x reviewer 2026-05-04T10:05:00Z",
    )
    told = [
        (voice.name, [each.decision for each in voice.said])
        for voice in desks.voices(found)["r1", "title_abstract"]
    ]

    assert told == [("ana", ["exclude", "include"]), ("bo", ["exclude"])]


def test_another_s_resolution_is_not_taken_back_in_their_name() -> None:
    desk = Desk("cy", {"r1": "title_abstract"}, "adjudicator")
    theirs = Said("include", "", "", "2026-05-04T11:00:00Z", "dee", "adjudicator")
    met, _ = desk.met({"r1": [theirs]})
    mine = cast(met, "r1", "exclude")

    record_id, said = mine.undo(now=NOON)

    assert (record_id, said.reviewer, said.decision) == ("r1", "cy", "withdrawn")
