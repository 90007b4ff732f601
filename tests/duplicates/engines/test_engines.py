"""Another engine gives the same duplicates: what finds and compares pairs is behind one door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from peerreview.duplicates.blocking import Hashes
from peerreview.duplicates.engines import Comparer, Pool, Prepared, memory
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.engines.pooled import Pooled
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.similarity import Mask, Pairs
from tests.duplicates.articles import RULES
from tests.variants import invent


@dataclass(frozen=True)
class Everyone:
    """Meets every record with every other, and has an engine in memory compare them, a stretch at a time."""

    inner: Comparer

    def gather(self, contents: Mapping[str, Sequence[str]]) -> Pool:
        return Pooled(self, contents)

    def normalise(self, columns: Mapping[str, Sequence[str]]) -> Prepared:
        return self.inner.normalise(columns)

    def candidates(self, prepared: Prepared, fresh: Mask | None = None) -> tuple[Numbers, Numbers]:
        low, high = np.triu_indices(len(prepared), k=1)
        wanted = np.ones(len(low), dtype=np.bool_) if fresh is None else fresh[low] | fresh[high]
        return low[wanted], high[wanted]

    def near(self, keys: Mapping[str, Hashes], kept: Numbers, fresh: Numbers) -> Numbers:
        del keys, fresh
        return kept

    def compare(self, prepared: Prepared, low: Numbers, high: Numbers) -> Pairs:
        stretches = np.array_split(range(len(low)), 7)
        parts = [self.inner.compare(prepared, low[rows], high[rows]) for rows in stretches]
        similarities = {
            field: np.concatenate([part.similarities[field] for part in parts])
            for field in parts[0].similarities
        }
        return Pairs(
            np.concatenate([part.low for part in parts]),
            np.concatenate([part.high for part in parts]),
            similarities,
        )


def test_an_engine_that_compares_all_pairs_removes_the_same_records() -> None:
    records, _ = invent(60, seed=5)

    everyone = find_duplicates(records, RULES, engine=Everyone(InMemory())).duplicates
    in_memory = find_duplicates(records, RULES).duplicates

    pd.testing.assert_frame_equal(
        everyone[everyone["verdict"] == "duplicate"], in_memory[in_memory["verdict"] == "duplicate"]
    )
    assert (everyone["verdict"] == "duplicate").sum() > 10


def test_more_workers_give_the_same_pairs() -> None:
    records, _ = invent(60, seed=6)

    one, two = (find_duplicates(records, RULES, engine=InMemory(workers)) for workers in (1, 2))

    pd.testing.assert_frame_equal(one.duplicates, two.duplicates)


def test_pairs_compared_some_at_a_time_are_the_same_and_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    records, _ = invent(60, seed=8)
    told: list[tuple[str, int, int]] = []

    def watch(of: str, done: int, total: int) -> None:
        told.append((of, done, total))

    whole = find_duplicates(records, RULES).duplicates
    monkeypatch.setattr(memory, "AT_ONCE", 7)
    stretches = find_duplicates(records, RULES, engine=InMemory(1, watch)).duplicates

    pd.testing.assert_frame_equal(whole, stretches)
    assert told[0] == ("records", 0, len(records))
    pairs = [(done, total) for of, done, total in told if of == "pairs"]
    assert pairs[1][0] == 7
    assert all(done <= total for done, total in pairs)
