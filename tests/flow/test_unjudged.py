"""Pairs that nobody has judged."""

import pandas as pd

from peerreview import tables
from peerreview.flow.unjudged import unjudged
from tests.builders import make


def pairs(said: str) -> pd.DataFrame:
    rows = [row.split() for row in said.split(",")]
    return make(
        tables.DUPLICATES,
        record_id=[row[0] for row in rows],
        duplicate_of=[row[1] for row in rows],
        verdict=[row[2] for row in rows],
    )


def test_three_records_in_three_pairs_are_two_too_many() -> None:
    assert unjudged(pairs("a b possible,b c possible,a c possible")) == (3, 2)


def test_a_pair_merged_since_is_none() -> None:
    assert unjudged(pairs("a b duplicate,c b duplicate,a c possible")) == (0, 0)


def test_two_pairs_of_the_same_two_works_cost_one_record() -> None:
    assert unjudged(pairs("a b duplicate,a d possible,b d possible")) == (2, 1)


def test_a_persons_word_settles_a_pair_whichever_way_round() -> None:
    word = make(tables.OVERRIDE, record_id=["b"], duplicate_of=["a"], verdict=["distinct"])

    assert unjudged(pairs("a b possible,a c related"), word) == (0, 0)
