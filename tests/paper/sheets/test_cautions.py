from itertools import combinations

from peerreview.agreement.measure import Choices, measure
from peerreview.agreement.measured import StageMeasured
from peerreview.paper.sheets.cautions import cautions
from tests.builders import make_votes


def _stage(**said: str) -> StageMeasured:
    words = {"i": "include", "e": "exclude"}
    rows = [
        f"r{number} {name} title_abstract {words[letter]} - reviewer 2024-01-01"
        for name, letters in said.items()
        for number, letter in enumerate(letters)
        if letter != "."
    ]
    return measure(make_votes(*rows), kept={}, choices=Choices(draws=10)).stages[0]


def test_each_kind_is_told_once_with_the_pairs_it_is_of() -> None:
    people = "abcdef"
    said = dict.fromkeys(people, "i" + "e" * 9)

    told = cautions(_stage(**said))

    assert len(told) == 2
    assert told[0].startswith("pairs that share fewer than 20 records, too few to tell: 15 (a and b 10; ")
    assert told[0].endswith("and 3 more)")
    assert len(list(combinations(people, 2))) == 15
    assert told[1].startswith("pairs with include by both or either on fewer than 10 records")


def test_who_never_changed_category_is_told_with_whom() -> None:
    one = cautions(_stage(ana="e" * 60, bo="i" * 20 + "e" * 40))
    two = cautions(_stage(ana="e" * 60, bo="i" * 20 + "e" * 40, cy="e" * 60))

    assert "ana chose exclude throughout (with bo)" in one
    assert (
        "reviewers who chose one category throughout: 2 (ana exclude, with bo, cy; cy exclude, with ana, bo)"
        in two
    )


def test_pairs_without_a_common_record_are_told() -> None:
    assert "pairs that share no record: 2" not in " ".join(cautions(_stage(ana="ie..", bo="..ie")))
    assert "ana and bo share no record" in cautions(_stage(ana="ie..", bo="..ie"))


def test_final_votes_claim_no_independence() -> None:
    assert cautions(_stage(ana="ie" * 40, bo="ie" * 40), "final") == [
        "final votes: where conflicts were settled by changing votes, agreement reads too high"
    ]


def test_votes_on_conflicts_alone_without_a_known_order_are_asked_about() -> None:
    told = cautions(_stage(ana="iie", bo="iee", cy=".e."))

    assert told[0] == (
        "voted on conflicts alone, and no time tells whether after both others: cy; "
        "if they broke ties, fill in the role adjudicator"
    )
