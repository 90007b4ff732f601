"""Pairs that nobody has judged."""

import pandas as pd

from peerreview import tables
from peerreview.flow import exchange, identities, labels
from peerreview.flow.counting import derive
from peerreview.flow.unjudged import unjudged
from tests.builders import make, make_records


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


def test_the_interval_of_unique_records_is_told_and_kept_with_the_flow() -> None:
    records = make_records(title=["Peer work in wards"] * 4).assign(record_id=["a", "b", "c", "d"])

    counted = derive(
        records, pairs("b a duplicate,c a possible,d a possible,d c possible"), tables.empty(tables.SCREENING)
    )

    kept = exchange.to_json(counted, identities.check(counted), labels.read("en"))
    assert "unique records: 1 to 3" in counted.remarks[0]
    assert '"at_least": 1,' in kept
    assert exchange.read(kept, ".json").unique == counted.unique
