"""Tests of judging: provisional clusters are compared whole, and each round judges its own pairs."""

from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest

from peerreview.duplicates import judging
from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.engines.pooled import Compared, Pooled
from peerreview.duplicates.judging import Judged, complete, contradictions, decide, edges, joined
from peerreview.duplicates.lessons import Teaching
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.rules import Rules, parse_rules
from peerreview.duplicates.similarity import Pairs
from tests.duplicates.articles import TITLE

RULES = parse_rules("""
[[rule]]
name = "other years"
why = "x"
verdict = "distinct"
year = "different"
[[rule]]
name = "same title"
why = "x"
verdict = "duplicate"
title = "same"
""")


def judged(*pairs: tuple[int, int, str], rules: Rules = RULES) -> Judged:
    """Return pairs judged by the rules of these names."""
    place = {rule.name: place for place, rule in enumerate(rules.rules)}
    low, high, named = zip(*pairs, strict=True)
    return Judged(
        np.array(low, dtype=np.int64),
        np.array(high, dtype=np.int64),
        np.array([place[name] for name in named], dtype=np.int64),
        np.ones(len(pairs), dtype=np.float32),
        {field: np.ones(len(pairs), dtype=np.float64) for field in judging.SHOWN},
    )


def test_a_round_joins_and_keeps_apart_its_own_pairs_alone() -> None:
    all_three = judged((0, 1, "same title"), (1, 2, "same title"), (0, 2, "other years"))
    first, last = np.array([True, False, False]), np.array([False, True, True])

    assert list(edges(all_three, first, RULES)) == [(0, 1)]
    assert list(edges(all_three, last, RULES)) == [(1, 2)]
    assert contradictions(3, all_three, first, RULES) == []
    assert contradictions(3, all_three, last, RULES) == [(0, 2)]


def test_what_no_chain_joins_contradicts_nothing() -> None:
    pairs = judged((0, 3, "same title"), (1, 3, "other years"), (0, 2, "other years"))

    assert contradictions(4, pairs, np.ones(3, dtype=np.bool_), RULES) == []


def test_pairs_that_met_in_no_block_are_compared_where_a_chain_would_join_them() -> None:
    blank = dict.fromkeys(COLUMNS, [""] * 3)
    pool = InMemory(1).gather(blank | {"title": [TITLE] * 3, "year": ["2001", "", "2019"]})
    met = judged((0, 1, "same title"), (1, 2, "same title"))

    whole = complete(met, pool, Clusters(3), RULES, Teaching({}))

    found = zip(whole.low.tolist(), whole.high.tolist(), whole.rule.tolist(), strict=True)
    assert list(found) == [(0, 1, 1), (1, 2, 1), (0, 2, 0)]


def test_the_score_is_the_mean_of_what_is_known_by_weight() -> None:
    rules = parse_rules(
        "[weights]\ntitle = 3\nyear = 1\nvolume = 4\n"
        '[[rule]]\nname = "any"\nwhy = "x"\nverdict = "possible"\ntitle = ">= 0"\n'
    )
    similarities = {field: np.full(2, np.nan) for field in (*judging.SHOWN, "volume")}
    similarities |= {"title": np.array([0.5, 1.0]), "year": np.array([1.0, np.nan])}
    rows = np.array([0, 1], dtype=np.int64)

    found = decide(Pairs(rows, rows + 2, similarities), rules)

    assert found.score.tolist() == [0.625, 1.0]


def test_the_score_has_four_digits_and_is_nothing_where_nothing_is_known() -> None:
    rules = parse_rules(
        "[weights]\ntitle = 2\nyear = 1\n"
        '[[rule]]\nname = "any"\nwhy = "x"\nverdict = "possible"\ntitle = ">= 0 or blank"\n'
    )
    similarities = {field: np.full(3, np.nan) for field in judging.SHOWN}
    similarities |= {"title": np.array([1.0, 0.5, np.nan]), "year": np.array([0.0, 0.00025, np.nan])}

    found = decide(Pairs(np.arange(3), np.arange(3) + 3, similarities), rules)

    assert found.score.tolist() == [float(np.float32(each)) for each in (0.6667, 0.3334, 0.0)]


FIELDS = ("title", "year", "authors")
WORDS = ("same", "different", "blank", "known", "not same", "not different", ">= 0.5", "< 0.5 or blank")


def holds(words: str, value: float | None) -> bool:
    """Return whether what a rule asks holds of one likeness."""
    comparison = {
        ">= 0.5": value is not None and value >= 0.5,
        "< 0.5 or blank": value is None or value < 0.5,
    }
    return {
        "same": value == 1,
        "different": value == 0,
        "blank": value is None,
        "known": value is not None,
        "not same": value != 1,
        "not different": value != 0,
        **comparison,
    }[words]


@pytest.mark.parametrize("seed", range(25))
def test_each_pair_is_judged_by_the_first_rule_that_it_passes_and_the_surest_joins_first(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  made up, not secret
    asked = [
        (
            chance.choice(["duplicate", "possible", "related", "distinct"]),
            {field: chance.choice(WORDS) for field in chance.sample(FIELDS, chance.randint(1, 2))},
        )
        for _ in range(chance.randint(1, 5))
    ]
    weights = {field: chance.choice([0, 0.25, 1, 8]) for field in FIELDS}
    rules = parse_rules(
        "[weights]\n"
        + "".join(f"{field} = {n}\n" for field, n in weights.items())
        + "".join(
            f'[[rule]]\nname = "{place}"\nwhy = "x"\nverdict = "{verdict}"\n'
            + "".join(f'{field} = "{words}"\n' for field, words in tests.items())
            for place, (verdict, tests) in enumerate(asked)
        )
    )
    rows = list(combinations(range(6), 2))
    values = {field: [chance.choice([None, 0.0, 0.25, 0.5, 1.0]) for _ in rows] for field in FIELDS}
    nothing = np.full(len(rows), np.nan)
    likeness = dict.fromkeys((*judging.SHOWN, *FIELDS), nothing) | {
        field: np.array([np.nan if value is None else value for value in each])
        for field, each in values.items()
    }
    low, high = (np.array(side, dtype=np.int64) for side in zip(*rows, strict=True))

    found = decide(Pairs(low, high, likeness), rules)

    expected = []
    for place, pair in enumerate(rows):
        own = {field: values[field][place] for field in FIELDS}
        passed = [
            number
            for number, (_, tests) in enumerate(asked)
            if all(holds(words, own[field]) for field, words in tests.items())
        ]
        if passed:
            known = [(weights[field], value) for field, value in own.items() if value is not None]
            total = sum(weight for weight, _ in known)
            score = sum(weight * value for weight, value in known) / total if total else 0.0
            expected.append((pair, passed[0], round(score, 4)))
    judged_pairs = zip(found.low.tolist(), found.high.tolist(), strict=True)
    assert list(zip(judged_pairs, found.rule.tolist(), strict=True)) == [each[:2] for each in expected]
    assert found.score.tolist() == pytest.approx([score for *_, score in expected], abs=1e-6)
    for field, each in values.items():
        of = [each[rows.index(pair)] for pair, *_ in expected]
        assert found.similarities[field].tolist() == pytest.approx(
            [np.nan if value is None else value for value in of], nan_ok=True
        )
    among = np.array([chance.random() < 0.7 for _ in expected], dtype=np.bool_)
    surest_first = sorted(
        (-score, pair)
        for (pair, number, score), is_one in zip(expected, among, strict=True)
        if is_one and asked[number][0] == "duplicate"
    )
    assert list(edges(found, among, rules)) == [pair for _, pair in surest_first]
    parts = [decide(Pairs(low[part], high[part], take(likeness, part)), rules) for part in (..., slice(0, 4))]
    both = joined(parts)
    assert both.rule.tolist() == [*found.rule.tolist(), *parts[1].rule.tolist()]
    assert both.low.tolist() == [*found.low.tolist(), *parts[1].low.tolist()]
    assert both.high.tolist() == [*found.high.tolist(), *parts[1].high.tolist()]
    assert both.score.tolist() == [*found.score.tolist(), *parts[1].score.tolist()]
    assert len(both.similarities["title"]) == len(both.rule)


def take(likeness: dict[str, np.ndarray], part: Any) -> dict[str, np.ndarray]:
    return {field: values[part] for field, values in likeness.items()}


class Counted(Pooled):
    """Notes how many pairs it is asked to compare, each time."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.n_compared: list[int] = []

    def compare(self, low: Numbers, high: Numbers) -> Compared:
        self.n_compared.append(len(low))
        return super().compare(low, high)


@pytest.mark.parametrize(("n_rows", "is_whole"), [(2, False), (3, True), (40, True), (41, False)])
def test_a_cluster_is_compared_whole_unless_it_is_too_large_for_that(n_rows: int, is_whole: bool) -> None:
    blank = dict.fromkeys(COLUMNS, [""] * n_rows)
    pool = Counted(InMemory(1), blank | {"title": [TITLE] * n_rows})
    chain = judged(*((row, row + 1, "same title") for row in range(n_rows - 1)))

    whole = complete(chain, pool, Clusters(n_rows), RULES, Teaching({}))

    n_pairs = n_rows * (n_rows - 1) // 2 if is_whole else n_rows - 1
    assert len(whole.low) == len(set(zip(whole.low.tolist(), whole.high.tolist(), strict=True))) == n_pairs
    assert pool.n_compared == ([n_pairs - n_rows + 1] if is_whole else [])
