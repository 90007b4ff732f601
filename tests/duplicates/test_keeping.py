import pandas as pd
import pytest

from peerreview import tables
from peerreview.duplicates import keeping
from peerreview.duplicates.keeping import keep_in_parts, keep_one, keep_since
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import default_rules
from tests.builders import make, make_records
from tests.duplicates.articles import RULES, article, pairs
from tests.variants import invent


def test_the_record_kept_is_of_the_first_round_and_a_database() -> None:
    records = article(
        doi=["10.5555/a"] * 3, round=["2", "1", "1"], source_kind=["database", "website", "register"]
    )

    assert pairs(find_duplicates(records, RULES).duplicates) == [("r3", "r1"), ("r3", "r2")]


def test_the_record_kept_has_the_best_of_its_cluster() -> None:
    records = article(
        doi=["", "10.5555/a"], abstract=["short", "a longer abstract"], source=["Scopus", "Embase"]
    )

    unique = keep_one(records, find_duplicates(records, RULES).duplicates)

    assert unique["record_id"].tolist() == ["r1"]
    assert unique["doi"].tolist() == ["10.5555/a"]
    assert unique["abstract"].tolist() == ["a longer abstract"]
    assert unique["source"].tolist() == ["Scopus"]
    assert unique["sources"].tolist() == ["Embase; Scopus"]
    assert unique["duplicates"].tolist() == ["r2"]


def test_a_journal_in_capitals_gives_way_to_one_that_is_not() -> None:
    records = make_records(
        title=["PEER WORK IN HOSPITALS", "Peer work in hospitals", "Peer work in hospitals"],
        journal=["J PUBLIC MENTAL HEALTH", "Journal of Public Mental Health", "J Publ Ment Health"],
        doi=["10.5555/a"] * 3,
    )

    unique = keep_one(records, find_duplicates(records, default_rules()).duplicates)

    assert unique["journal"].tolist() == ["Journal of Public Mental Health"]
    assert unique["title"].tolist() == ["Peer work in hospitals"]


@pytest.mark.parametrize("wrong", ["Ek, B.; Bo, C.", "https://example.org/peer-work", "Untitled"])
def test_what_is_no_title_gives_way_to_one(wrong: str) -> None:
    records = make_records(
        title=[wrong, "Peer work in hospitals"], authors=["Ek B; Bo C"] * 2, pmid=["90000001"] * 2
    )
    duplicates = make(tables.DUPLICATES, record_id=["r2"], duplicate_of=["r1"], verdict=["duplicate"])

    assert keep_one(records, duplicates)["title"].tolist() == ["Peer work in hospitals"]


def test_records_kept_in_parts_are_those_kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    records, _ = invent(200, seed=3)
    records.loc[::3, "round"] = "2"
    found = find_duplicates(records, RULES)
    whole = keep_one(records, found.duplicates)
    monkeypatch.setattr(keeping, "AT_ONCE", 17)

    parts = list(keep_in_parts(records, found.kept))

    assert 1 < len(parts) <= -(-len(records) // 17)
    assert all(0 < len(part) <= 17 for part in parts)
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))
    chosen = whole["record_id"].iloc[[3, 40, 41]]
    some = pd.concat(keep_in_parts(records, found.kept, among=set(chosen)), ignore_index=True)
    pd.testing.assert_frame_equal(whole.iloc[[3, 40, 41]].reset_index(drop=True), some)
    newer = whole[whole["round"] == "2"].reset_index(drop=True)
    pd.testing.assert_frame_equal(newer, keep_since(records, found.kept, 2))
    assert [len(part) for part in keep_in_parts(records, found.kept, among=())] == [0]
