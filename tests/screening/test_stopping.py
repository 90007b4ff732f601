"""Stopping: the published test, what bears it, and that nothing is said where nothing does."""

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.flow.counting import derive
from peerreview.flow.identities import check, fails
from peerreview.screening.order import shuffle
from peerreview.screening.outcomes import settle
from peerreview.screening.progress import open_records
from peerreview.screening.relevance import Ranker
from peerreview.screening.stopping import (
    RANKED,
    SAMPLE,
    Evidence,
    Rule,
    chance,
    fewest_missed,
    set_aside,
    take_back,
    weigh,
)
from tests.builders import make

RULE = Rule()
BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def published() -> np.ndarray:
    """The example of buscarpy's documentation: 20,000 documents of which 1 % are relevant, seed 12345."""
    sample = np.zeros(20_000, dtype=np.int8)
    sample[:200] = 1
    odds = np.ones(20_000)
    odds[:200] = 10
    return np.random.default_rng(seed=12345).choice(sample, sample.shape, replace=False, p=odds / odds.sum())


@pytest.mark.parametrize(
    ("n_seen", "recall", "p"),
    [
        (10_000, "0.95", 0.10980177863883214),
        (12_000, "0.95", 0.009418930806106517),
        (12_000, "0.99", 0.2803368882417732),
        (12_000, "0.985", 0.18345778193694434),
        (12_000, "0.98", 0.12005306689318333),
        (12_000, "0.965", 0.033633492389149526),
    ],
)
def test_the_published_examples_come_out(n_seen: int, recall: str, p: float) -> None:
    """Of buscarpy by the authors of the test, its page "Calculate stopping criteria"."""
    labels = published()[:n_seen][::-1].astype(int)

    found = chance(
        np.arange(1, n_seen + 1), np.cumsum(labels), 20_000 - n_seen,
        fewest_missed(int(labels.sum()), Fraction(recall)),
    )  # fmt: skip

    assert found == pytest.approx(p, rel=1e-8)


@settings(max_examples=80, deadline=None)
@given(
    labels=st.lists(st.booleans(), min_size=1, max_size=40),
    n_left=st.integers(1, 40),
    n_missed=st.integers(1, 12),
)
def test_the_chance_is_the_hypergeometric_distribution_s(
    labels: list[bool], n_left: int, n_missed: int
) -> None:
    """Beside SciPy's, urn by urn."""
    from scipy.stats import hypergeom

    sizes, found = np.arange(1, len(labels) + 1), np.cumsum(labels)

    own = chance(sizes, found, n_left, n_missed)

    if n_missed > n_left:
        assert own == 0
        return
    assert own == pytest.approx(min(hypergeom.cdf(found, sizes + n_left, found + n_missed, sizes)), abs=1e-9)


@given(
    n_found=st.integers(1, 500), recall=st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100)
)
def test_one_less_missed_would_reach_the_recall(n_found: int, recall: Fraction) -> None:
    missed = fewest_missed(n_found, recall)

    assert Fraction(n_found, n_found + missed) < recall <= Fraction(n_found, n_found + missed - 1)


N = 240
TOPICS = ("ward nurse peer", "lamp oil press")
OTHERS = ("alder", "birch", "cedar", "elder", "hazel", "linden", "maple")
UNIQUE = make(
    tables.UNIQUE,
    title=[TOPICS[0 if number % 12 == 0 else 1] for number in range(N)],
    abstract=[f"{OTHERS[number * number % 7]} {OTHERS[number % 5]} of a town" for number in range(N)],
    source_kinds=["database"] * N,
)
IDS = UNIQUE["record_id"].tolist()
RELEVANT = {record_id for number, record_id in enumerate(IDS) if number % 12 == 0}


def voted(order: list[str], *, minutes: bool = True, relevant: set[str] = RELEVANT):  # type: ignore[no-untyped-def]
    rows = [
        {
            "record_id": record_id, "reviewer": "ana", "stage": "title_abstract",
            "decision": "include" if record_id in relevant else "exclude",
            "decided_at": (BEGUN + timedelta(minutes=place)).isoformat() if minutes else "2026-03-01",
        }
        for place, record_id in enumerate(order)
    ]  # fmt: skip
    return settle(UNIQUE, tables.make(tables.VOTES, rows))


def weighed(order: list[str], rule: Rule = RULE, *, ranked: bool = True, **about: bool) -> Evidence:
    left = [record_id for record_id in IDS if record_id not in order]
    of = voted(order, **about)  # type: ignore[arg-type]
    return weigh(of, "ana", "title_abstract", left, rule=rule, ranker=Ranker(UNIQUE) if ranked else None)


SHUFFLED = list(shuffle(IDS, reviewer="ana", stage="title_abstract"))


def _as_ranked(n_each: int = 20) -> list[str]:
    """Return all records as somebody reads them who asks for a form of so many, again and again."""
    ranker, order = Ranker(UNIQUE), IDS[:2]
    while len(order) < N:
        own = {record_id: record_id in RELEVANT for record_id in order}
        order = [*order, *rank_all(ranker, own, set(IDS) - set(order))[:n_each]]
    return order


def rank_all(ranker: Ranker, own: dict[str, bool], left: set[str]) -> list[str]:
    scores, _ = ranker.scores(own)
    return sorted(left, key=lambda each: (-scores[ranker.places[each]], each))


RANKED_ORDER = _as_ranked()


def test_who_read_in_the_shuffled_order_has_read_a_random_sample() -> None:
    found = weighed(SHUFFLED[:180], minutes=False)

    n_found = len(RELEVANT & set(SHUFFLED[:180]))
    expected = chance(np.array([180]), np.array([n_found]), 60, fewest_missed(n_found, RULE.recall))
    assert (found.basis, found.n_drawn, found.n_seen, found.n_found) == (SAMPLE, 180, 180, n_found)
    assert found.p == pytest.approx(expected)
    assert found.n_since is None
    assert not found.bears(RULE)


def test_a_sample_drawn_after_a_ranked_part_is_seen_in_the_votes() -> None:
    """The workflow of the paper: read as ranked, then at random."""
    ranked = RANKED_ORDER[:60]
    drawn = [each for each in SHUFFLED if each not in ranked][:150]

    found = weighed([*ranked, *drawn], ranked=False)

    assert found.basis == SAMPLE
    assert 150 <= found.n_drawn < 165
    assert found.bears(RULE)
    assert found.bound is not None
    assert found.bound >= RULE.recall
    assert found.n_since is not None
    assert found.n_since >= 150


def test_a_record_skipped_in_the_shuffled_order_spoils_the_sample() -> None:
    skipped = [each for each in SHUFFLED[:180] if each != SHUFFLED[0]]

    found = weighed(skipped, minutes=False)

    assert (found.p, found.basis) == (None, "")
    assert found.why == (
        "cannot be said: the records read last are no random sample, and without the time of each vote "
        "their order is not known"
    )


def test_a_ranked_order_is_seen_in_the_votes() -> None:
    found = weighed(RANKED_ORDER[:200])

    assert (found.basis, found.n_drawn) == (RANKED, 200)
    last = max(place for place, record_id in enumerate(RANKED_ORDER) if record_id in RELEVANT)
    assert found.n_since == 200 - 1 - last
    assert found.bears(RULE)
    assert weighed(RANKED_ORDER[:60]).bears(RULE) is False


def test_an_order_that_was_not_ranked_bears_no_number() -> None:
    by_chance = IDS.copy()
    random.Random(4).shuffle(by_chance)  # noqa: S311

    found = weighed(by_chance[:200])

    assert (found.p, found.bound, found.basis) == (None, None, "")
    assert "their order was not ranked: in " in found.why
    assert weighed(RANKED_ORDER[:200], ranked=False).why.endswith("is not known without scikit-learn")
    assert "fewer than 20 votes" in weighed(RANKED_ORDER[:15]).why


def test_where_nothing_was_found_or_nothing_is_left_nothing_is_said() -> None:
    assert weighed([]).why == "no record has a vote yet"
    assert weighed(IDS).why == "no record is left"
    none = [each for each in SHUFFLED if each not in RELEVANT][:100]
    assert weighed(none).why == "cannot be said: none was found yet, and a share of none is none"
    assert weighed(none).n_since == 100


@settings(max_examples=12, deadline=None)
@given(n_read=st.integers(120, 230), recall=st.sampled_from(["0.5", "0.8", "0.9", "0.95"]))
def test_the_bound_is_the_most_that_the_test_grants(n_read: int, recall: str) -> None:
    found = weighed(SHUFFLED[:n_read], Rule(Fraction(recall)))

    assert found.bound is not None
    assert found.bears(Rule(Fraction(recall))) == (found.bound >= Fraction(recall))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    order = RANKED_ORDER[:150]
    of = voted(order)
    left = [record_id for record_id in IDS if record_id not in order]
    rng = random.Random(seed)  # noqa: S311
    moved = UNIQUE.take(rng.sample(range(N), N)).reset_index(drop=True)
    again = settle(moved, of.ballots.votes)

    one = weigh(of, "ana", "title_abstract", left, rule=RULE, ranker=Ranker(UNIQUE))
    other = weigh(
        again, "ana", "title_abstract", rng.sample(left, len(left)), rule=RULE, ranker=Ranker(moved)
    )

    assert one == other


@pytest.mark.slow
def test_recall_falls_short_no_more_often_than_the_confidence_allows() -> None:
    """Of 400 reviews of which a random sample is read."""
    rng = np.random.default_rng(3)
    wrong = stopped = 0
    for _ in range(400):
        labels = np.zeros(300, dtype=int)
        labels[rng.choice(300, 20, replace=False)] = 1
        n_found = int(labels[:280].sum())
        p = chance(np.array([280]), np.array([n_found]), 20, fewest_missed(n_found, Fraction(8, 10)))
        if p < 0.05:
            stopped += 1
            wrong += n_found / 20 < 0.8
    assert stopped
    assert wrong / 400 <= 0.05


@settings(max_examples=20, deadline=None)
@given(
    said=st.dictionaries(
        st.sampled_from(IDS[:40]), st.sampled_from(["include", "exclude", "maybe"]), max_size=40
    ),
    kinds=st.lists(st.sampled_from(["database", "register", "website"]), min_size=40, max_size=40),
)
def test_with_what_is_set_aside_any_flow_closes_and_adds_up(said: dict[str, str], kinds: list[str]) -> None:
    """A record is screened, set aside, or of another method; taking it back opens it again."""
    records = make(tables.UNIQUE, title=["T"] * 40, source_kind=kinds, source_kinds=kinds)
    rows = [
        {"record_id": each, "reviewer": "ana", "stage": "title_abstract", "decision": word}
        for each, word in said.items()
        if kinds[IDS.index(each)] != "website"
    ]
    votes = tables.make(tables.VOTES, rows)
    one = {"title_abstract": 1}
    open_ = list(open_records(settle(records, votes, votes_required=one), "title_abstract", one))
    at = "2026-03-01T09:00:00.000Z"
    aside = set_aside(open_, [], RULE, decided_at=at)
    whole = pd.concat([votes, aside], ignore_index=True)

    screening = settle(records, whole, votes_required=one).screening
    flow = derive(records, tables.empty(tables.DUPLICATES), screening)

    assert fails(check(flow)) == []
    assert flow["automation"].n or len(open_) == 0
    assert set(flow["automation"].ids) == set(open_)
    assert set(flow["screened"].ids) == {row["record_id"] for row in rows}
    assert not flow["awaiting_screening"].n
    back = take_back(whole, decided_at="2026-03-01T09:00:01.000Z")
    again = settle(records, pd.concat([whole, back], ignore_index=True), votes_required=one)
    assert list(open_records(again, "title_abstract", one)) == open_
