import json
import math
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peerreview.agreement import alpha, coefficients, intervals, machines, tallies
from peerreview.agreement.machines import compare
from peerreview.agreement.tallies import Tally, statistics_of_all, statistics_of_pair

PATTERNS = st.dictionaries(
    st.tuples(*[st.integers(0, 4)] * 3).filter(any), st.integers(1, 900), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(PATTERNS, st.randoms())
@example(
    {
        (0, 0, 2): 55, (0, 0, 3): 3, (0, 3, 2): 184, (1, 1, 1): 84, (1, 1, 3): 2, (2, 0, 0): 1,
        (2, 4, 3): 701, (3, 2, 0): 282, (3, 4, 4): 1, (4, 1, 3): 332,
    },
    Random(1),  # noqa: S311  the same order each time
)  # fmt: skip
def test_the_order_of_sums_changes_no_digit_of_what_is_written(
    patterns: dict[tuple[int, ...], int], random: Random
) -> None:
    shuffled = list(patterns.items())
    random.shuffle(shuffled)

    ours = statistics_of_all(Tally({}, patterns), ("a", "b", "c"), draws=20)
    other = statistics_of_all(Tally({}, dict(shuffled)), ("a", "b", "c"), draws=20)

    assert json.dumps(ours.to_json()) == json.dumps(other.to_json())


def added_one_by_one(numbers: Iterable[float], start: float = 0) -> float:
    """Add as Python did up to 3.11, with an error at each step."""
    for each in numbers:
        start += each
    return start


def added_at_once(numbers: Iterable[float], start: float = 0) -> float:
    """Add as Python does from 3.12 on, or better: floats have no error but the last."""
    each = [start, *numbers]
    return math.fsum(each) if any(isinstance(number, float) for number in each) else added_one_by_one(each)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 900), min_size=3, max_size=3), min_size=3, max_size=3),
    st.lists(st.integers(0, 900), min_size=4, max_size=4),
)
def test_however_a_python_adds_what_is_written_has_the_same_digits(
    counts: list[list[int]], cells: list[int]
) -> None:
    both, missed, extra, neither = cells
    written = []
    for added in (added_one_by_one, added_at_once):
        with pytest.MonkeyPatch.context() as patch:
            for module in (alpha, coefficients, intervals, machines, tallies):
                patch.setattr(module, "sum", added, raising=False)
            intervals.student_t.cache_clear()
            intervals.clopper_pearson.cache_clear()
            patterns = {tuple(row): n for row, n in zip(counts, (3, 700, 11), strict=True) if any(row)}
            written.append(
                json.dumps(
                    [
                        statistics_of_pair(counts, ("a", "b", "c")).to_json(),
                        statistics_of_all(Tally({}, patterns), ("a", "b", "c"), draws=20).to_json(),
                        compare(both=both, missed=missed, extra=extra, neither=neither).to_json(),
                    ]
                )
            )

    assert written[0] == written[1]


def test_every_statistic_without_a_value_says_why() -> None:
    for counts in ([[0, 0], [0, 9]], [[0, 0], [0, 0]], [[1, 0], [0, 0]], [[0, 0], [31, 29]]):
        found = statistics_of_pair(counts, ("include", "exclude"))

        undefined = {name for name, value in found.to_json().items() if value is None}
        assert undefined == {name for name, why in found.why.items() if why}
        assert found.cohen.why == found.why.get("cohen", "")


def test_the_limits_of_an_interval_are_within_one() -> None:
    found = statistics_of_pair([[4, 0], [1, 4]], ("include", "exclude"))
    overall = statistics_of_all(
        Tally({}, {(2, 0): 4, (1, 1): 1, (0, 2): 4}), ("include", "exclude"), draws=50
    )

    assert found.cohen.hi == 1.0
    limits = [
        limit
        for each in (found.cohen, found.ac1, overall.ac1, overall.fleiss, overall.alpha_nominal)
        for limit in (each.lo, each.hi)
        if limit is not None
    ]
    assert limits
    assert all(-1 <= limit <= 1 for limit in limits)
