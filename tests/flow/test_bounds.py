"""What blank counts can be, and where the others leave them nothing."""

from hypothesis import given
from hypothesis import strategies as st

from peerreview.flow.bounds import Rule, find_bounds

CHAIN = [
    Rule(((1, "found"), (-1, "removed"), (-1, "screened"))),
    Rule(((1, "screened"), (-1, "excluded"), (-1, "sought"))),
]
FLOWS = st.tuples(*[st.integers(0, 50)] * 3)


def test_what_is_left_bounds_what_follows() -> None:
    bounds = find_bounds(CHAIN, {"found": 30, "removed": 20, "sought": 4})

    assert (bounds.least["screened"].n, bounds.most["screened"].n) == (10, 10)
    assert bounds.most["excluded"].n == 6
    assert not bounds.clashes


def test_a_clash_names_the_given_counts_alone() -> None:
    (clash,) = find_bounds(CHAIN, {"found": 30, "removed": 20, "sought": 25}).clashes.values()

    assert (clash.by, clash.of) == (15, {"found": 1, "removed": -1, "sought": -1})


def test_at_most_sets_no_least() -> None:
    bounds = find_bounds([Rule(((1, "part"), (-1, "whole")), at_most=True)], {"whole": 3})

    assert (bounds.least["part"].n, bounds.most["part"].n) == (0, 3)


def test_rules_that_form_a_ring_come_to_an_end() -> None:
    ring = [Rule(((1, "a"), (-1, "b"), (1, "one"))), Rule(((1, "b"), (-1, "a")))]

    assert find_bounds(ring, {"one": 1}).clashes == {}


@given(flow=FLOWS, hidden=st.sets(st.sampled_from(["found", "removed", "screened", "excluded", "sought"])))
def test_what_is_true_lies_within_the_bounds(flow: tuple[int, int, int], hidden: set[str]) -> None:
    removed, excluded, sought = flow
    screened = excluded + sought
    true = {"removed": removed, "excluded": excluded, "sought": sought, "screened": screened}
    true["found"] = screened + removed

    bounds = find_bounds(CHAIN, {key: n for key, n in true.items() if key not in hidden})

    assert not bounds.clashes
    assert all(bounds.least[key].n <= true[key] for key in bounds.least)
    assert all(true[key] <= bound.n for key, bound in bounds.most.items())
