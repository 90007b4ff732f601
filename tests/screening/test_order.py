"""Orders of records: none is lost or doubled, each reviewer has their own, and no other's vote moves it."""

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.errors import UsageError
from peerreview.protocol import ORDERS
from peerreview.screening.order import Order, arrange, own_votes, shuffle
from peerreview.screening.outcomes import settle
from tests.builders import make, make_votes

WARD, LIFT = "nurses on the ward", "lamps in the lift"
N = 12
UNIQUE = make(
    tables.UNIQUE,
    title=[f"{WARD if number % 2 else LIFT} {'abcdefghijkl'[number]}x" for number in range(N)],
    source=["Scopus" if number < 6 else "MEDLINE" for number in range(N)],
    source_file=["b.ris" if number < 3 else "a.ris" for number in range(N)],
    source_line=[str(10 * (N - number)) for number in range(N)],
    source_kinds=["database"] * N,
)
IDS = UNIQUE["record_id"].tolist()
OWN = {"r1": False, "r2": True, "r3": False}


def ordered(by: str, left: list[str] | None = None, unique: pd.DataFrame = UNIQUE, **about: object) -> Order:
    given_about = {"reviewer": "ana", "stage": "title_abstract", "own": OWN} | about
    return arrange(IDS if left is None else left, unique, by=by, **given_about)  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(
    by=st.sampled_from(ORDERS),
    left=st.lists(st.sampled_from(IDS), unique=True),
    seed=st.integers(0, 99),
    own=st.dictionaries(st.sampled_from(IDS), st.booleans()),
)
def test_no_record_is_lost_or_doubled_and_no_row_s_place_counts(
    by: str, left: list[str], seed: int, own: dict[str, bool]
) -> None:
    rng = random.Random(seed)  # noqa: S311
    rows = rng.sample(range(N), N)
    moved = UNIQUE.take(rows).reset_index(drop=True)
    left_otherwise = rng.sample(left, len(left))
    own_otherwise = dict(reversed(own.items()))

    found = ordered(by, left, own=own)

    assert sorted(found.records) == sorted(left)
    assert ordered(by, left_otherwise, moved, own=own_otherwise) == found


@pytest.mark.parametrize("by", ORDERS)
def test_two_records_stand_to_each_other_as_if_the_rest_were_not_there(by: str) -> None:
    some = IDS[1::3]

    whole = ordered(by).records

    assert list(ordered(by, some).records) == [each for each in whole if each in some]


def test_each_reviewer_has_an_order_of_their_own_at_each_stage_and_keeps_it() -> None:
    def order(reviewer: str, stage: str = "title_abstract", seed: int | None = None) -> tuple[str, ...]:
        return shuffle(IDS, reviewer=reviewer, stage=stage, seed=seed)

    assert order("ana") == order("ana")
    assert order("ana") != order("bo")
    assert order("ana") != order("ana", "full_text")
    assert order("ana", seed=7) == order("bo", seed=7)


def test_by_source_means_by_source_then_file_then_line_as_a_number() -> None:
    assert ordered("source").records == (
        "r12", "r11", "r10", "r9", "r8", "r7", "r6", "r5", "r4", "r3", "r2", "r1"
    )  # fmt: skip


def test_by_relevance_the_likelier_ones_come_first_and_their_words_are_told() -> None:
    found = ordered("relevance", IDS[3:])

    assert found.by == "relevance"
    assert [int(each[1:]) % 2 for each in found.records] == [0] * 5 + [1] * 4
    first, last = found.spoken[found.records[0]], found.spoken[found.records[-1]]
    assert (first.rank, last.rank) == (1, 9)
    assert set(first.words_for) <= {"nurses", "ward", "nurses ward"}
    assert set(last.words_against) <= {"lamps", "lift", "lamps lift"}
    assert str(first) == f"1; for: {', '.join(first.words_for)}"
    assert "3 votes of ana at title_abstract (1 to include)" in found.remarks[0]
    assert "decides nothing" in found.remarks[0]


@pytest.mark.parametrize(
    ("own", "lacking"), [({}, "include"), ({"r1": True}, "exclude"), ({"r1": False}, "include")]
)
def test_before_there_are_votes_both_ways_the_order_is_shuffled_and_that_is_said(
    own: dict[str, bool], lacking: str
) -> None:
    found = ordered("relevance", own=own)

    assert (found.by, found.records) == ("seed", ordered("seed").records)
    assert found.remarks == (
        f"no order by relevance before ana has a vote to {lacking}: the order is shuffled",
    )
    assert not found.spoken


def test_an_order_that_is_none_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="order 'best' is not one of seed, id, source, relevance"):
        ordered("best")


ANA = (
    "r1 ana title_abstract exclude",
    "r2 ana title_abstract include",
    "r3 ana title_abstract maybe",
    "r4 ana title_abstract exclude - reviewer 2026-01-01",
    "r4 ana title_abstract withdrawn - reviewer 2026-01-02",
    "r5 ana title_abstract exclude - reviewer 2026-01-01",
    "r5 ana title_abstract include - reviewer 2026-01-03",
    "r6 ana title_abstract include - ai",
)


def test_what_counts_is_the_reviewer_s_standing_vote() -> None:
    found = own_votes(settle(UNIQUE, make_votes(*ANA)), "ana", "title_abstract")

    assert found == {"r1": False, "r2": True, "r3": True, "r5": True}
    assert own_votes(settle(UNIQUE, make_votes(*ANA)), "ana", "full_text") == {}


@settings(max_examples=15, deadline=None)
@given(
    by=st.sampled_from(ORDERS),
    others=st.dictionaries(
        st.sampled_from(IDS),
        st.tuples(st.sampled_from(["bo", "cy"]), st.sampled_from(["include", "exclude"])),
    ),
)
def test_another_s_votes_never_move_a_record(by: str, others: dict[str, tuple[str, str]]) -> None:
    said = [f"{record_id} {name} title_abstract {word}" for record_id, (name, word) in others.items()]
    alone = settle(UNIQUE, make_votes(*ANA))
    together = settle(UNIQUE, make_votes(*said, *ANA))

    for of in (alone, together):
        assert ordered(by, own=own_votes(of, "ana", "title_abstract")) == ordered(
            by, own=own_votes(alone, "ana", "title_abstract")
        )
