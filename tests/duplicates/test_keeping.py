from peerreview.duplicates.keeping import keep_one
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import default_rules
from tests.builders import make_records
from tests.duplicates.articles import RULES, article, pairs


def test_the_record_kept_is_of_the_first_round_and_a_database() -> None:
    records = article(
        doi=["10.5555/a"] * 3, round=["2", "1", "1"], source_kind=["database", "website", "register"]
    )

    assert pairs(find_duplicates(records, RULES)) == [("r3", "r1"), ("r3", "r2")]


def test_the_record_kept_has_the_best_of_its_cluster() -> None:
    records = article(
        doi=["", "10.5555/a"], abstract=["short", "a longer abstract"], source=["Scopus", "Embase"]
    )

    unique = keep_one(records, find_duplicates(records, RULES))

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

    unique = keep_one(records, find_duplicates(records, default_rules()))

    assert unique["journal"].tolist() == ["Journal of Public Mental Health"]
    assert unique["title"].tolist() == ["Peer work in hospitals"]
