"""Tests of judging: provisional clusters are compared whole, and each round judges its own pairs."""

import numpy as np

from peerreview.duplicates import judging, normalise
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.judging import Judged, complete, contradictions, decide, edges
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

    assert edges(all_three, first, RULES) == [(0, 1)]
    assert edges(all_three, last, RULES) == [(1, 2)]
    assert contradictions(3, all_three, first, RULES) == []
    assert contradictions(3, all_three, last, RULES) == [(0, 2)]


def test_what_no_chain_joins_contradicts_nothing() -> None:
    pairs = judged((0, 3, "same title"), (1, 3, "other years"), (0, 2, "other years"))

    assert contradictions(4, pairs, np.ones(3, dtype=np.bool_), RULES) == []


def test_pairs_that_met_in_no_block_are_compared_where_a_chain_would_join_them() -> None:
    engine = InMemory(1)
    blank = dict.fromkeys(normalise.COLUMNS, [""] * 3)
    prepared = engine.normalise(blank | {"title": [TITLE] * 3, "year": ["2001", "", "2019"]})
    met = judged((0, 1, "same title"), (1, 2, "same title"))

    whole = complete(met, prepared, RULES, engine, lambda _: None)

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
