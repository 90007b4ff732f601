from peerreview import tables
from peerreview.duplicates.questions import ask, count_fewest
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import parse_rules
from tests.builders import make
from tests.duplicates.articles import RULES, article, pairs

LIKELY = """
[[rule]]
name = "a column"
why = "it comes again"
verdict = "possible"
likely = 0.1
title = ">= 0.9"

[[rule]]
name = "a slip"
why = "a word is another"
verdict = "possible"
likely = 0.8
title = ">= 0.5"
"""


def test_pairs_not_judged_give_an_interval_of_unique_records() -> None:
    duplicates = find_duplicates(article(volume=["3"] * 3, issue=["1", "2", "4"]), RULES).duplicates

    assert pairs(duplicates, "possible") == [("r1", "r2"), ("r1", "r3"), ("r2", "r3")]
    assert count_fewest(3, duplicates) == 1


def test_a_column_that_comes_again_is_one_question_and_comes_after_a_likely_pair() -> None:
    possible = make(
        tables.DUPLICATES,
        record_id=["r2", "r3", "r3", "r9"],
        duplicate_of=["r1", "r1", "r2", "r8"],
        verdict=["possible"] * 4,
        rule=["a column"] * 3 + ["a slip"],
        score=["0.9", "0.95", "0.9", "0.6"],
    )

    first, second = ask(possible, rules=parse_rules(LIKELY))

    assert first.ids == ("r8", "r9")
    assert second.ids == ("r1", "r2", "r3")
    assert second.pairs == (("r3", "r1"), ("r2", "r1"), ("r3", "r2"))


def test_without_rules_the_group_that_may_take_away_most_comes_first() -> None:
    possible = make(
        tables.DUPLICATES,
        record_id=["r2", "r5", "r6"],
        duplicate_of=["r1", "r4", "r5"],
        verdict=["possible"] * 3,
        score=["0.9"] * 3,
    )

    assert [question.ids for question in ask(possible)] == [("r4", "r5", "r6"), ("r1", "r2")]
