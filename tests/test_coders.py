"""Tests of coders."""

import pytest

from peerreview.coders import agree


def test_two_people_agree_on_what_both_judged() -> None:
    (pair,) = agree(
        {"ana": {1: "yes", 2: "no", 3: "yes"}, "ben": {1: "yes", 2: "yes", 4: "no"}}, ("yes", "no")
    )

    assert (pair.first, pair.second, pair.n, pair.percent) == ("ana", "ben", 2, 0.5)


def test_a_published_table_gives_its_published_kappa() -> None:
    # Cohen (1960), table 1: kappa is .492.
    counts = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    cells = [("abc"[i], "abc"[j]) for i in range(3) for j in range(3) for _ in range(counts[i][j])]
    said = {
        "ana": {number: first for number, (first, _) in enumerate(cells)},
        "ben": {number: second for number, (_, second) in enumerate(cells)},
    }

    (pair,) = agree(said, ("a", "b", "c"))

    assert pair.kappa.value == pytest.approx(0.492, abs=0.0005)


def test_consensus_is_not_an_independent_judgement() -> None:
    assert agree({"ana": {1: "yes"}, "Consensus": {1: "no"}, "": {1: "no"}}, ("yes", "no")) == []


def test_people_who_judged_nothing_in_common_are_no_pair() -> None:
    assert agree({"ana": {1: "yes"}, "ben": {2: "yes"}}, ("yes", "no")) == []
