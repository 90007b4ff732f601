import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.duplicates.keeping import keep_one
from peerreview.duplicates.listing import possible_pairs
from peerreview.duplicates.rounds import check_titles, find_duplicates
from peerreview.errors import InputErrors
from tests.builders import make, make_records
from tests.duplicates.articles import OTHER, RULES, TITLE, article, pairs


def test_title_case_and_stops_do_not_hide_a_duplicate() -> None:
    records = article(title=[TITLE.upper(), TITLE + "."])

    assert pairs(find_duplicates(records, RULES).duplicates) == [("r1", "r2")]


def test_blank_records_are_no_duplicates_of_each_other() -> None:
    records = make_records(title=["", ""], doi=["", ""])

    assert find_duplicates(records, RULES).duplicates.empty


@pytest.mark.parametrize("titles", [[], [TITLE]])
def test_none_or_one_record_has_no_duplicate(titles: list[str]) -> None:
    records = make_records(title=titles)

    duplicates = find_duplicates(records, RULES).duplicates

    assert duplicates.empty
    unique = keep_one(records, duplicates)
    assert len(unique) == len(titles)
    assert possible_pairs(unique, duplicates).empty


def test_two_titles_are_two_records() -> None:
    records = article(title=[TITLE, OTHER], doi=["10.5555/a", "10.5555/b"])

    assert find_duplicates(records, RULES).duplicates.empty


def test_a_contradiction_breaks_a_cluster() -> None:
    """The middle record, of which little is known, goes to one of two articles and does not join them."""
    records = article(
        year=["2019", "2019", "2019"],
        volume=["3", "", "8"],
        pages=["1-9", "", "20-29"],
        doi=["10.5555/a", "", "10.5555/b"],
    )

    unique = keep_one(records, find_duplicates(records, RULES).duplicates)

    assert len(unique) == 2
    assert {"10.5555/a", "10.5555/b"} == set(unique["doi"])


def test_a_later_record_meets_the_clusters_of_earlier_rounds() -> None:
    records = article(
        journal=["", "Health Policy", "medRxiv"],
        authors=[""] * 3,
        year=[""] * 3,
        volume=["3", "", "3"],
        pages=["1-9", "", "1-9"],
        doi=["", "10.5555/a", "10.5555/a"],
        round=["2", "1", "1"],
    )
    unique = keep_one(records, find_duplicates(records, RULES).duplicates)

    assert pairs(find_duplicates(unique, RULES).duplicates) == []


def test_a_record_of_which_little_is_known_does_not_join_an_abstract_and_its_article() -> None:
    records = article(
        year=["2020", "2020", "2019"],
        volume=["49", "", "48"],
        pages=["401-409", "", "iv12"],
        doi=["10.5555/a", "10.5555/a", ""],
    )

    found = find_duplicates(records, RULES).duplicates

    assert pairs(found) == [("r1", "r2")]
    assert pairs(found, "related") == [("r1", "r3")]


def test_records_without_titles_are_told() -> None:
    with pytest.raises(InputErrors, match="no record here has a title"):
        check_titles(make_records(title=["", " "]))


WORDS = st.sampled_from(["peer", "support", "ward", "trial", "men", "women", "care", "2", "part", "i", "ii"])
CELLS = {
    "title": st.one_of(st.just(""), st.just(TITLE), st.lists(WORDS, min_size=1, max_size=8).map(" ".join)),
    "authors": st.sampled_from(["", "Reeves, Ann", "Reeves A; Singh B", "Okoro, Chi"]),
    "year": st.sampled_from(["", "2019", "2020", "2023"]),
    "journal": st.sampled_from(["", "Health Policy", "Health Pol.", "Stroke", "medRxiv"]),
    "volume": st.sampled_from(["", "3", "4"]),
    "pages": st.sampled_from(["", "1-9", "1", "30-39"]),
    "doi": st.sampled_from(["", "10.5555/a", "10.5555/b"]),
    "round": st.sampled_from(["1", "2"]),
}
RECORDS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=9).map(
    lambda rows: make_records(**{column: [row[column] for row in rows] for column in CELLS})
)
PROPERTY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PROPERTY
@given(records=RECORDS, seed=st.integers(0, 99))
def test_the_order_of_records_makes_no_difference(records: pd.DataFrame, seed: int) -> None:
    turned = records.sample(frac=1, random_state=seed)

    one, other = (find_duplicates(order, RULES).duplicates for order in (records, turned))

    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(keep_one(records, one), keep_one(turned, other))


@PROPERTY
@given(records=RECORDS)
def test_a_second_pass_removes_nothing(records: pd.DataFrame) -> None:
    unique = keep_one(records, find_duplicates(records, RULES).duplicates)

    assert pairs(find_duplicates(unique, RULES).duplicates) == []


@PROPERTY
@given(records=RECORDS, verdict=st.sampled_from(tables.OVERRIDES))
def test_an_override_always_wins(records: pd.DataFrame, verdict: str) -> None:
    ids = records["record_id"].tolist()
    if len(ids) < 2:
        return
    overrides = make(tables.OVERRIDE, record_id=[ids[0]], duplicate_of=[ids[-1]], verdict=[verdict])

    found = pairs(find_duplicates(records, RULES, overrides=overrides).duplicates)

    kept = {record_id: record_id for record_id in ids} | {removed: keeper for keeper, removed in found}
    assert (kept[ids[0]] == kept[ids[-1]]) == (verdict == "duplicate")


@PROPERTY
@given(records=RECORDS)
def test_a_later_round_changes_no_earlier_record_kept_but_where_it_joins_two(records: pd.DataFrame) -> None:
    early = records[records["round"] == "1"].reset_index(drop=True)
    before = keep_one(early, find_duplicates(early, RULES).duplicates)["record_id"]

    later = find_duplicates(records, RULES)
    after = set(keep_one(records, later.duplicates)["record_id"])

    joined = {record_id for record_id, _ in later.joined}
    assert set(before) - joined == {record_id for record_id in after if record_id in set(early["record_id"])}


@PROPERTY
@given(records=RECORDS)
def test_every_removed_record_stands_once_with_the_record_kept(records: pd.DataFrame) -> None:
    duplicates = find_duplicates(records, RULES).duplicates
    unique = keep_one(records, duplicates)
    removed = duplicates[duplicates["verdict"] == "duplicate"]

    assert removed["record_id"].is_unique
    assert set(removed["duplicate_of"]) <= set(unique["record_id"])
    assert set(records["record_id"]) == set(unique["record_id"]) | set(removed["record_id"])
    assert len(records) == len(unique) + len(removed)
