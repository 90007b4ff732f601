import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview.agreement.intervals import clopper_pearson


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_exact_limits_are_those_of_statsmodels(share: tuple[int, int]) -> None:
    from statsmodels.stats.proportion import proportion_confint

    assert clopper_pearson(*share) == pytest.approx(proportion_confint(*share, method="beta"), abs=1e-9)


def test_a_share_of_all_has_one_limit() -> None:
    assert clopper_pearson(20, 20) == pytest.approx((0.025 ** (1 / 20), 1.0))
    assert clopper_pearson(0, 20) == pytest.approx((0.0, 1 - 0.025 ** (1 / 20)))
