import pytest

from peerreview.agreement.judgements import agree, agree_pairwise


def test_two_people_agree_on_what_both_judged() -> None:
    (pair,) = agree_pairwise(
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

    (pair,) = agree_pairwise(said, ("a", "b", "c"))

    assert pair.kappa.value == pytest.approx(0.492, abs=0.0005)


def test_consensus_is_not_an_independent_judgement() -> None:
    assert agree_pairwise({"ana": {1: "yes"}, "Consensus": {1: "no"}, "": {1: "no"}}, ("yes", "no")) == ()


def test_people_who_judged_nothing_in_common_are_no_pair() -> None:
    assert agree_pairwise({"ana": {1: "yes"}, "ben": {2: "yes"}}, ("yes", "no")) == ()


def test_no_address_of_a_coder_is_printed() -> None:
    (pair,) = agree_pairwise({"ana@example.org": {1: "yes"}, "ben": {1: "yes"}}, ("yes", "no"))

    assert (pair.first, pair.second) == ("ana", "ben")


def test_people_have_the_same_statistics_whatever_they_judged() -> None:
    said = {
        "ana": dict(enumerate("yyyn")),
        "ben": dict(enumerate("yynn")),
        "cy": dict(enumerate("ynnn")),
        "consensus": dict(enumerate("yynn")),
    }

    compared = agree(said, ("y", "n"))

    assert compared.people == ("ana", "ben", "cy")
    assert compared.overall.n_pairable == 4
    assert compared.overall.pa == pytest.approx(2 / 3)
    kappas = [pair.statistics.cohen.value or 0.0 for pair in compared.pairs]
    assert compared.overall.light is not None
    assert compared.overall.light.value == pytest.approx(sum(kappas) / 3)
    assert compared.pairs[0].statistics.pabak == pytest.approx(0.5)


def test_nobody_agrees_where_nobody_judged() -> None:
    assert agree({"ana": {}, "ben": {}}, ("yes", "no")).overall.alpha_nominal.value is None
