"""What dedupe does to labelled sets; their labels are not clean, and the bounds leave room for that."""

from pathlib import Path

import pandas as pd
import pytest

from peerreview.duplicates.keeping import keep_one
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import default_rules
from tests.labelled import Measured, measure, read_cases, read_set
from tests.variants import invent, invent_beyond_medicine, vary

RULES = default_rules()
BEYOND_MEDICINE = {"dblp_acm": (2, 114), "diabetes": (0, 1), "misq_baseline": (0, 23)}
"""Sets that the rules were not written for: what is lost and left at most; their labels are not clean."""


def labelled_sets(corpus: Path) -> list[Path]:
    return sorted(corpus.glob("dedupe/*/truth.csv"))


def measured(records: pd.DataFrame, groups: dict[str, str]) -> Measured:
    unique = keep_one(records, find_duplicates(records, RULES).duplicates)
    return measure(groups, unique["record_id"])


def test_a_group_without_a_survivor_is_lost_and_a_surplus_one_is_left() -> None:
    groups = {"r1": "a", "r2": "a", "r3": "b", "r4": "b", "r5": "c"}

    found = measure(groups, ["r1", "r2", "r3"])

    assert (found.n_lost, found.n_left) == (1, 1)
    assert (found.n_duplicates, found.precision, found.recall) == (2, 0.5, 0.5)


def test_invented_records_are_found_again_and_none_is_lost() -> None:
    found = measured(*invent(1500, seed=1))

    assert found.n_lost == 0
    assert found.recall >= 0.99


@pytest.mark.slow
def test_invented_records_beyond_medicine_are_found_again() -> None:
    """Without volumes, pages and DOIs, venues under several names: what the records teach has to tell."""
    found = measured(*invent_beyond_medicine(2_400, seed=3))

    assert found.n_lost <= 5
    assert found.f1 >= 0.97


@pytest.mark.slow
def test_labelled_sets_lose_no_more_than_one_work(corpus: Path) -> None:
    found = {path.parent.name: measured(*read_set(path.parent)) for path in labelled_sets(corpus)}

    if not found:
        pytest.skip("the corpus holds no labelled sets")
    beyond = {name: found.pop(name) for name in BEYOND_MEDICINE if name in found}
    assert sum(part.n_lost for part in found.values()) <= max(1, len(found) // 5)
    assert min(part.f1 for part in found.values()) >= 0.985
    for name, part in beyond.items():
        n_lost, n_left = BEYOND_MEDICINE[name]
        assert (part.n_lost <= n_lost, part.n_left <= n_left) == (True, True), name


@pytest.mark.slow
def test_careless_bibliographies_are_matched(corpus: Path) -> None:
    parts = [
        measured(*vary(*read_set(path.parent), seed=7))
        for path in labelled_sets(corpus)
        if path.parent.name not in BEYOND_MEDICINE
    ]

    if not parts:
        pytest.skip("the corpus holds no labelled sets")
    whole = Measured(
        *(
            sum(getattr(part, name) for part in parts)
            for name in ("n_records", "n_duplicates", "n_lost", "n_left")
        )
    )
    assert whole.f1 >= 0.985
    assert whole.precision >= 0.999


def test_curated_pairs_are_judged_as_people_do(corpus: Path) -> None:
    """All but an update of a Cochrane review, which is another report and not a duplicate."""
    path = corpus / "dedupe" / "curated_pairs" / "cases.json"
    if not path.exists():
        pytest.skip("the corpus holds no curated pairs")
    wrong = [
        name
        for name, records, expected in read_cases(path)
        if expected != (find_duplicates(records, RULES).duplicates["verdict"] == "duplicate").any()
    ]

    assert wrong == ["tan_2004_2005_pub2_vs_pub3"]
