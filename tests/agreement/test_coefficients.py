import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peerreview.agreement import coefficients as co
from peerreview.agreement.alpha import LEVELS, alpha_interval, krippendorff_alpha
from peerreview.agreement.intervals import student_t

Ratings = Sequence[Sequence[str]]


def _square(ratings: Ratings, categories: Sequence[str], pair: tuple[str, str]) -> list[list[int]]:
    said: dict[str, dict[str, str]] = {}
    for item, reviewer, value in ratings:
        said.setdefault(item, {})[reviewer] = value
    counts = [[0] * len(categories) for _ in categories]
    for votes in said.values():
        if pair[0] in votes and pair[1] in votes:
            counts[categories.index(votes[pair[0]])][categories.index(votes[pair[1]])] += 1
    return counts


def _patterns(ratings: Ratings, categories: Sequence[str]) -> Counter[tuple[int, ...]]:
    said: dict[str, Counter[str]] = {}
    for item, _, value in ratings:
        said.setdefault(item, Counter())[value] += 1
    return Counter(tuple(votes[category] for category in categories) for votes in said.values())


def _measured(case: dict[str, Any]) -> dict[str, Any]:
    categories = case["categories"]
    ratings = [rating for rating in case["ratings"] if rating[1] != case["adjudicator"]]
    reviewers = list(dict.fromkeys(rating[1] for rating in ratings))
    patterns = _patterns(ratings, categories)
    numeric = all(category.isdigit() for category in categories)
    values = [float(category) for category in categories] if numeric else None
    found: dict[str, Any] = {
        "n_items": sum(patterns.values()),
        "n_pairable": sum(n for pattern, n in patterns.items() if sum(pattern) > 1),
        "pa": co.observed_agreement(patterns),
        "bp": co.brennan_prediger(patterns),
        "fleiss_z": co.fleiss_z(patterns),
    }
    for name, estimate in (("ac1", co.gwet_ac1(patterns)), ("fleiss", co.fleiss_kappa(patterns))):
        found |= {name: estimate.value, f"{name}_se": estimate.se}
        found |= {f"{name}_lo": estimate.lo, f"{name}_hi": estimate.hi}
    for level in LEVELS:
        found[f"alpha_{level}"] = krippendorff_alpha(patterns, level=level, values=values).value
    pairs = [(a, b) for place, a in enumerate(reviewers) for b in reviewers[place + 1 :]]
    squares = {pair: _square(ratings, categories, pair) for pair in pairs}
    found["pairs"] = {
        "|".join(pair): [sum(map(sum, table)), co.percent_agreement(table), co.cohen_kappa(table).value]
        for pair, table in squares.items()
    }
    if len(reviewers) == 2:
        counts = (
            squares[tuple(sorted(reviewers))] if tuple(sorted(reviewers)) in squares else squares[pairs[0]]
        )
        found |= {"n_both": sum(map(sum, counts)), "percent": co.percent_agreement(counts)}
        found |= {"pabak": co.pabak(counts), "scott": co.scott_pi(counts).value}
        found |= {"kappa_max": co.kappa_max(counts).value, "pe": co.cohen_kappa(counts).pe}
        for suffix, weights in (("", "none"), ("_linear", "linear"), ("_quadratic", "quadratic")):
            kappa = co.cohen_kappa(counts, weights=weights)  # type: ignore[arg-type]
            found[f"cohen{suffix}"] = kappa.value
            for part in ("se", "lo", "hi", "se0", "z", "p"):
                found[f"cohen{suffix}_{part}"] = getattr(kappa, part)
        if len(categories) == 2:
            found |= {"prevalence_index": co.prevalence_index(counts), "bias_index": co.bias_index(counts)}
            found |= {"ppos": co.specific_agreement(counts, 0), "pneg": co.specific_agreement(counts, 1)}
    return found


def _close(found: object, expected: object, tolerance: float) -> bool:
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(
            _close(found[key], expected[key], tolerance) for key in expected
        )
    if isinstance(expected, list) and isinstance(found, list):
        return all(_close(*both, tolerance) for both in zip(found, expected, strict=True))
    if found is None or expected is None:
        return found is expected
    assert isinstance(found, float | int)
    assert isinstance(expected, float | int)
    return math.isclose(found, expected, rel_tol=0, abs_tol=tolerance)


def test_every_worked_case_has_its_value(corpus: Path) -> None:
    cases = json.loads((corpus / "agreement" / "cases.json").read_text(encoding="utf-8"))
    wrong = []
    for case in cases:
        found = _measured(case)
        for name, expected in case["expected"].items():
            if not _close(found.get(name), expected["value"], expected["tol"]):
                wrong.append((case["name"], name, found.get(name), expected["value"]))

    assert cases
    assert wrong == []


def test_every_published_value_is_found_to_its_printed_digits(corpus: Path) -> None:
    cases = json.loads((corpus / "agreement" / "cases.json").read_text(encoding="utf-8"))
    wrong = []
    for case in cases:
        found = _measured(case)
        for name, (value, tolerance) in case["published"].items():
            if not _close(found[name], value, tolerance):
                wrong.append((case["name"], name, found[name], value))

    assert wrong == []


moderately = settings(max_examples=50, deadline=None)
squares = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 20), min_size=k, max_size=k), min_size=k, max_size=k)
)
designs = st.integers(2, 4).flatmap(
    lambda k: st.dictionaries(
        st.tuples(*[st.integers(0, 4)] * k).filter(any), st.integers(1, 30), min_size=1, max_size=6
    )
)


def patterns_of(counts: Sequence[Sequence[int]]) -> Counter[tuple[int, ...]]:
    found: Counter[tuple[int, ...]] = Counter()
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            if n:
                found[tuple((k == i) + (k == j) for k in range(len(counts)))] += n
    return found


@moderately
@given(squares)
def test_cohens_kappa_is_that_of_statsmodels(counts: list[list[int]]) -> None:
    from statsmodels.stats.inter_rater import cohens_kappa

    ours = co.cohen_kappa(counts)
    assume(ours.value is not None)
    weights: tuple[tuple[co.Weights, str | None], ...] = (
        ("none", None), ("linear", "linear"), ("quadratic", "quadratic"),
    )  # fmt: skip
    for own, theirs in weights:
        found = co.cohen_kappa(counts, weights=own)
        with np.errstate(all="ignore"):
            expected = cohens_kappa(np.array(counts), wt=theirs)
        assert found.value is not None
        assert found.se is not None
        assert found.value == pytest.approx(expected.kappa, abs=1e-9)
        # Rounding of a variance near 0 is not theirs, nor ours.
        assert found.se**2 == pytest.approx(np.nan_to_num(expected.var_kappa), abs=1e-9)


@moderately
@given(squares)
def test_cohens_kappa_is_that_of_scikit_learn(counts: list[list[int]]) -> None:
    from sklearn.metrics import cohen_kappa_score

    assume(co.cohen_kappa(counts).value is not None)
    pairs = [(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)]
    first, second = zip(*pairs, strict=True)
    labels = list(range(len(counts)))

    expected = cohen_kappa_score(first, second, labels=labels, weights="quadratic")

    assert co.cohen_kappa(counts, weights="quadratic").value == pytest.approx(expected, abs=1e-9)


@moderately
@given(designs)
def test_alpha_is_that_of_krippendorff(patterns: dict[tuple[int, ...], int]) -> None:
    import krippendorff

    units = np.array([pattern for pattern, n in patterns.items() for _ in range(n)])
    for level in LEVELS:
        ours = krippendorff_alpha(patterns, level=level).value
        if ours is None:
            continue
        values = list(range(1, units.shape[1] + 1))
        expected = krippendorff.alpha(value_counts=units, value_domain=values, level_of_measurement=level)
        assert ours == pytest.approx(expected, abs=1e-9)


def full_designs(n_reviewers: int) -> st.SearchStrategy[dict[tuple[int, ...], int]]:
    """Return designs in which every record has a vote of each reviewer, in one of three categories."""
    votes = st.lists(st.integers(0, 2), min_size=n_reviewers, max_size=n_reviewers)
    patterns = votes.map(lambda chosen: tuple(chosen.count(category) for category in range(3)))
    return st.lists(patterns, min_size=2, max_size=20).map(lambda records: dict(Counter(records)))


@moderately
@given(st.integers(2, 5).flatmap(full_designs))
def test_fleiss_kappa_is_that_of_statsmodels(full: dict[tuple[int, ...], int]) -> None:
    from statsmodels.stats.inter_rater import fleiss_kappa

    ours = co.fleiss_kappa(full).value
    assume(ours is not None)
    table = np.array([pattern for pattern, n in full.items() for _ in range(n)])

    assert ours == pytest.approx(fleiss_kappa(table), abs=1e-9)


@moderately
@given(squares.filter(lambda counts: len(counts) == 2))
def test_kappa_follows_from_pabak_prevalence_and_bias(counts: list[list[int]]) -> None:
    kappa = co.cohen_kappa(counts).value
    assume(kappa is not None)
    pabak, pi, bi = co.pabak(counts), co.prevalence_index(counts), co.bias_index(counts)
    assert None not in (pabak, pi, bi)
    assert pabak is not None
    assert pi is not None
    assert bi is not None

    assert kappa == pytest.approx((pabak - pi**2 + bi**2) / (1 - pi**2 + bi**2), abs=1e-9)


@moderately
@given(squares)
def test_alpha_is_fleiss_kappa_for_a_small_sample(counts: list[list[int]]) -> None:
    patterns = patterns_of(counts)
    assume(patterns)
    fleiss, alpha = co.fleiss_kappa(patterns).value, krippendorff_alpha(patterns).value
    assume(fleiss is not None)
    assert fleiss is not None
    n_ratings = 2 * sum(patterns.values())

    assert alpha == pytest.approx(1 - (1 - fleiss) * (1 - 1 / n_ratings), abs=1e-9)
    assert co.scott_pi(counts).value == pytest.approx(fleiss, abs=1e-9)


@moderately
@given(squares)
def test_agreement_is_symmetric(counts: list[list[int]]) -> None:
    swapped = [list(column) for column in zip(*counts, strict=True)]
    for weights in ("none", "linear", "quadratic"):
        ours = co.cohen_kappa(counts, weights=weights)
        other = co.cohen_kappa(swapped, weights=weights)
        assert (ours.value is None) == (other.value is None)
        if ours.value is not None:
            assert ours.value == pytest.approx(other.value, abs=1e-9)
            assert ours.se == pytest.approx(other.se, abs=1e-6)


@moderately
@given(squares, st.randoms())
def test_the_names_of_categories_do_not_matter(counts: list[list[int]], random: Random) -> None:
    order = list(range(len(counts)))
    random.shuffle(order)
    renamed = [[counts[i][j] for j in order] for i in order]
    for measure in (
        lambda table: co.cohen_kappa(table).value,
        co.pabak,
        lambda table: co.scott_pi(table).value,
    ):
        ours, other = measure(counts), measure(renamed)
        assert (ours is None) == (other is None)
        if ours is not None:
            assert ours == pytest.approx(other, abs=1e-9)


@moderately
@given(squares)
def test_kappa_is_at_most_the_highest_it_can_be(counts: list[list[int]]) -> None:
    kappa, highest = co.cohen_kappa(counts).value, co.kappa_max(counts).value
    assume(kappa is not None)
    assert kappa is not None
    assert highest is not None

    assert kappa <= highest + 1e-9 <= 1 + 2e-9


@moderately
@given(squares.filter(lambda counts: len(counts) == 2))
def test_positive_agreement_is_the_f1_score(counts: list[list[int]]) -> None:
    (a, b), (c, _) = counts
    assume(a + b and a + c and a)
    precision, recall = a / (a + c), a / (a + b)

    assert co.specific_agreement(counts, 0) == pytest.approx(2 * precision * recall / (precision + recall))


@moderately
@given(st.lists(st.integers(1, 30), min_size=2, max_size=4))
def test_agreement_is_one_where_all_agree(times: list[int]) -> None:
    k = len(times)
    counts = [[n if i == j else 0 for j in range(k)] for i, n in enumerate(times)]
    patterns = patterns_of(counts)

    assert co.cohen_kappa(counts).value == pytest.approx(1)
    assert co.gwet_ac1(patterns).value == pytest.approx(1)
    assert co.fleiss_kappa(patterns).value == pytest.approx(1)
    assert krippendorff_alpha(patterns).value == pytest.approx(1)


def test_fleiss_kappa_below_minus_one_is_undefined_and_the_table_says_why() -> None:
    # One record judged twice, by people who differ; all others once, and of one category.
    found = co.fleiss_kappa({(1, 1): 1, (0, 1): 29})

    assert (found.value, found.lo, found.why) == (None, None, co.OUT_OF_RANGE)


def test_a_category_never_used_changes_ac1_and_pabak() -> None:
    counts = [[22, 2], [4, 11]]
    wider = [[22, 2, 0], [4, 11, 0], [0, 0, 0]]

    assert co.pabak(counts) == pytest.approx(0.692, abs=5e-4)
    assert co.pabak(wider) == pytest.approx(0.769, abs=5e-4)
    assert co.gwet_ac1(patterns_of(counts)).value == pytest.approx(0.715, abs=5e-4)
    assert co.gwet_ac1(patterns_of(wider)).value == pytest.approx(0.800, abs=5e-4)


def test_the_bootstrap_interval_is_near_that_of_naive_resampling() -> None:
    patterns: dict[tuple[int, ...], int] = {(2, 0): 30, (1, 1): 20, (0, 2): 150}
    units = [pattern for pattern, n in patterns.items() for _ in range(n)]
    random = Random(1)  # noqa: S311  the same draws each time
    drawn = sorted(
        krippendorff_alpha(Counter(random.choices(units, k=len(units)))).value or 0.0 for _ in range(1000)
    )

    lo, hi, n_undefined = alpha_interval(patterns, draws=1000, seed=3)

    assert n_undefined == 0
    assert lo == pytest.approx(drawn[25], abs=0.03)
    assert hi == pytest.approx(drawn[974], abs=0.03)
    assert (lo, hi, n_undefined) == alpha_interval(patterns, draws=1000, seed=3)


def test_an_interval_of_few_varied_records_tells_its_undefined_draws() -> None:
    patterns: dict[tuple[int, ...], int] = {(2, 0): 20, (1, 1): 1}
    lo, hi, n_undefined = alpha_interval(patterns, draws=200)

    assert n_undefined > 0
    assert lo is None or (hi is not None and lo <= hi)


@pytest.mark.parametrize(("draws", "seed", "n_undefined"), [(2, 5, 1), (4, 5, 2)])
def test_an_interval_stands_where_just_half_of_its_draws_are_undefined(
    draws: int, seed: int, n_undefined: int
) -> None:
    patterns: dict[tuple[int, ...], int] = {(2, 0): 20, (1, 1): 1}

    lo, hi, n = alpha_interval(patterns, draws=draws, seed=seed)

    assert lo == hi == pytest.approx(-0.025)
    assert n == n_undefined
    assert alpha_interval(patterns, draws=3, seed=seed) == (None, None, 2)


@pytest.mark.parametrize(("df", "value"), [(1, 12.706205), (4, 2.776445), (11, 2.200985), (124, 1.979280)])
def test_students_quantiles_are_those_of_the_tables(df: int, value: float) -> None:
    assert student_t(0.975, df) == pytest.approx(value, abs=1e-6)


def test_students_quantile_tends_to_the_normal_one() -> None:
    assert student_t(0.975, 500_000) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-5)


def test_lights_kappa_says_of_how_many_pairs_there_is_none() -> None:
    always_one, mixed, none = [[5, 0], [0, 0]], [[40, 9], [6, 45]], [[0, 0], [0, 0]]

    assert co.light_kappa([always_one, mixed, none]).why == "Cohen's kappa of 1 of 2 pairs is undefined"
    assert co.light_kappa([always_one] * 3).why == "Cohen's kappa of 3 of 3 pairs is undefined"
    assert co.light_kappa([none] * 3).why == co.NO_PAIR
    assert co.light_kappa([mixed, mixed, none]).value == co.cohen_kappa(mixed).value


def test_reviewers_who_share_no_category_have_neither_spread_nor_z() -> None:
    apart = [[0, 0, 3, 1], [0, 0, 2, 5], [0, 0, 0, 0], [0, 0, 0, 0]]

    kappa = co.cohen_kappa(apart)

    assert (kappa.value, kappa.se, kappa.se0, kappa.z, kappa.p) == (0.0, 0.0, 0.0, None, None)
