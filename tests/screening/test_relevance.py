"""Ranking by relevance: the same bytes on any machine, explained, and no more than a person's own votes."""

import builtins
import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from peerreview import tables
from peerreview.errors import MissingToolError
from peerreview.screening import relevance
from tests.builders import make

WORDS = ("ward nurse", "lamp oil", "lift shaft", "nurse shift", "oil press", "ward round")


def invented(n: int):  # type: ignore[no-untyped-def]
    return make(
        tables.UNIQUE,
        title=[f"{WORDS[number % 6]} {WORDS[number * number % 5]}" for number in range(n)],
        abstract=[" ".join(WORDS[(number + step) % 6] for step in range(number % 4)) for number in range(n)],
    )


UNIQUE = invented(60)
OWN = {f"r{number}": number % 6 in (1, 4) for number in range(1, 25)}
LEFT = [f"r{number}" for number in range(25, 61)]


def test_the_score_is_what_the_words_add_up_to() -> None:
    ranker = relevance.Ranker(UNIQUE)
    scores, weights = ranker.scores(OWN)
    found = relevance.rank(UNIQUE, OWN, LEFT)

    place = ranker.places["r30"]
    spoke = ranker.weights[place].toarray()[0] * weights
    constant = scores[place] - spoke.sum()
    others = scores - ranker.weights @ weights
    assert np.allclose(others, constant, atol=1e-8)
    by_weight = sorted(zip((-spoke).tolist(), ranker.words.tolist(), strict=True))
    assert found.spoken["r30"].words_for == tuple(word for weight, word in by_weight[:3] if weight < 0)


def test_few_includes_weigh_as_much_as_many_excludes() -> None:
    """However many exclude, the votes to include stay above even odds."""
    ranker = relevance.Ranker(UNIQUE)
    scores, _ = ranker.scores(OWN)

    mean = {
        said: np.mean([scores[ranker.places[each]] for each in OWN if OWN[each] is said])
        for said in (True, False)
    }
    assert mean[True] > 0 > mean[False]


def test_equal_records_go_by_their_id() -> None:
    same = make(tables.UNIQUE, title=["ward nurse", "lamp oil", *["lift shaft"] * 8])

    found = relevance.rank(same, {"r1": True, "r2": False}, [f"r{number}" for number in range(3, 11)])

    assert list(found.records) == sorted(found.records)


def test_where_no_word_stands_twice_the_order_is_by_id_and_that_is_said() -> None:
    apart = make(tables.UNIQUE, title=["", "b", "1 2 3", "ward"])

    found = relevance.rank(apart, {"r1": True, "r2": False}, ["r4", "r3"])

    assert found.records == ("r3", "r4")
    assert found.remarks == (
        "no word stands in two records, so that none tells of another: the order is by id",
    )


def test_where_the_votes_are_on_records_of_no_common_word_the_order_is_by_id() -> None:
    some = make(tables.UNIQUE, title=["", "quay", "ward nurse", "ward nurse", "lamp"])

    found = relevance.rank(some, {"r1": True, "r2": False}, ["r5", "r4", "r3"])

    assert found.records == ("r3", "r4", "r5")
    assert found.remarks == ("3 of them share no word with the records voted on",)


def test_records_without_a_word_of_the_others_are_counted() -> None:
    some = make(tables.UNIQUE, title=["ward nurse", "lamp oil", "ward oil", "", "quay"])

    found = relevance.rank(some, {"r1": True, "r2": False}, ["r3", "r4", "r5"])

    assert found.remarks == ("2 of them share no word with the records voted on",)


def test_without_scikit_learn_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(
        MissingToolError, match="an order by relevance needs scikit-learn: pip install scikit-learn"
    ):
        relevance.rank(UNIQUE, OWN, LEFT)


_RUN = """
import json
from tests.screening import test_relevance as t
found = t.relevance.rank(t.invented(400), {f"r{n}": n % 6 in (1, 4) for n in range(1, 90)},
                         [f"r{n}" for n in range(90, 401)])
print(json.dumps([[each, found.spoken[each].score, str(found.spoken[each])] for each in found.records]))
"""


@pytest.mark.slow
def test_any_hash_seed_and_any_number_of_threads_give_the_same_bytes() -> None:
    written = set()
    for hash_seed, threads in (("0", "1"), ("1", "2"), ("77", "7")):
        several = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        done = subprocess.run(
            [sys.executable, "-c", _RUN],
            env=os.environ | several | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        )
        written.add(done.stdout)

    assert len(written) == 1
    assert len(json.loads(written.pop())) == 311
