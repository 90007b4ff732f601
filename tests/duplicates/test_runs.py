import pytest

from peerreview import tables
from peerreview.duplicates.keeping import keep_one
from peerreview.duplicates.runs import check_one_run
from peerreview.errors import InputErrors
from tests.builders import make, make_records


def test_unique_records_and_pairs_of_two_runs_are_told_apart() -> None:
    one = make(tables.DUPLICATES, record_id=["r2"], duplicate_of=["r1"], verdict=["duplicate"])
    other = make(tables.DUPLICATES, record_id=["r3"], duplicate_of=["r1"], verdict=["duplicate"])
    records = make_records(title=["A", "A", "A"])
    unique = keep_one(records, one)

    assert check_one_run(unique, one) == []
    with pytest.raises(InputErrors, match=r"'r3' was removed as a duplicate of 'r1'.*run dedupe again"):
        check_one_run(unique, other)
    with pytest.raises(InputErrors, match="duplicates of 'r1' are r2 here, and none in the pairs"):
        check_one_run(unique, one[:0])


def test_a_part_of_the_unique_records_is_no_fault_and_told() -> None:
    pairs = make(tables.DUPLICATES, record_id=["r2"], duplicate_of=["r1"], verdict=["duplicate"])
    unique = keep_one(make_records(title=["A", "A", "B"]), pairs)

    assert check_one_run(unique[unique["record_id"] == "r3"], pairs) == ["r1"]
