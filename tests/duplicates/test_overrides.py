import pytest

from peerreview import tables
from peerreview.duplicates.overrides import resolve
from peerreview.duplicates.rounds import find_duplicates
from peerreview.errors import InputErrors
from tests.builders import make
from tests.duplicates.articles import OTHER, RULES, TITLE, article, pairs


def test_a_person_who_says_distinct_wins() -> None:
    records = article(doi=["10.5555/a", "10.5555/a"])
    overrides = make(tables.OVERRIDE, record_id=["r1"], duplicate_of=["r2"], verdict=["distinct"])

    assert find_duplicates(records, RULES, overrides=overrides).duplicates.empty


def test_a_person_who_says_duplicate_wins() -> None:
    records = article(title=[TITLE, OTHER])
    overrides = make(tables.OVERRIDE, record_id=["r1"], duplicate_of=["r2"], verdict=["duplicate"])

    found = find_duplicates(records, RULES, overrides=overrides).duplicates

    assert pairs(found) == [("r1", "r2")]
    assert found["rule"].tolist() == ["override"]


def test_overrides_that_contradict_each_other_are_told_by_row() -> None:
    records = article(title=[TITLE, TITLE, TITLE])
    overrides = make(
        tables.OVERRIDE,
        record_id=["r1", "r2", "r1"],
        duplicate_of=["r2", "r3", "r3"],
        verdict=["duplicate", "duplicate", "distinct"],
    )

    with pytest.raises(InputErrors, match="row 3: 'r1' and 'r3' are distinct here, but other rows"):
        find_duplicates(records, RULES, overrides=overrides)


def test_an_override_of_an_unknown_record_is_told() -> None:
    overrides = make(tables.OVERRIDE, record_id=["r1"], duplicate_of=["r9"], verdict=["distinct"])

    with pytest.raises(InputErrors, match="record_id 'r9' is not in the records"):
        find_duplicates(article(title=[TITLE]), RULES, overrides=overrides)


def test_one_answer_may_hold_for_a_whole_group() -> None:
    answers = make(
        tables.POSSIBLE,
        record_id=["r2", "r3", "r5"],
        duplicate_of=["r1", "r1", "r4"],
        verdict=["", "all distinct", ""],
        group=["1", "1", "2"],
        by=["", "ana", ""],
    )

    taken = resolve(answers, tables.empty(tables.OVERRIDE), by="ben")

    said = taken[["record_id", "duplicate_of", "verdict", "by"]].to_numpy().tolist()
    assert said == [["r2", "r1", "distinct", "ana"], ["r3", "r1", "distinct", "ana"]]


def test_an_answer_for_a_group_needs_one() -> None:
    answers = make(tables.POSSIBLE, record_id=["r2"], duplicate_of=["r1"], verdict=["all distinct"])

    with pytest.raises(InputErrors, match="row 1: verdict 'all distinct', but the row has no group"):
        resolve(answers, tables.empty(tables.OVERRIDE))
