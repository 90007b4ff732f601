"""Agreement at a million votes: from CSV beside pandas' reading, from integers beside the alternatives."""

import importlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.agreement.measure import Choices, measure
from peerreview.agreement.tallies import Ratings, statistics_of_all, statistics_of_pair, tally
from peerreview.tables import reading

DESIGNS = (
    ("500,000 records x 2", 500_000, 2, 2),
    ("250,000 x 4", 250_000, 4, 4),
    ("500,000, pairs of 6", 500_000, 6, 2),
)
SEED, PREVALENCE, RUNS = 2024, 0.08, 3


def invented(n_records: int, n_reviewers: int, n_votes: int) -> np.ndarray:
    """Return include (0), exclude (1) or no vote (-1) of each reviewer on each record."""
    random = np.random.default_rng(SEED)
    relevant = random.random(n_records) < PREVALENCE
    wrong = random.random((n_records, n_reviewers)) < np.where(relevant, 0.25, 0.03)[:, np.newaxis]
    matrix = np.where(relevant[:, np.newaxis] ^ wrong, 0, 1).astype(np.int8)
    if n_votes < n_reviewers:
        order = random.random((n_records, n_reviewers)).argsort(axis=1)
        matrix[order >= n_votes] = -1
    return matrix


def write_votes(matrix: np.ndarray, path: Path) -> None:
    """Write a matrix as a decisions file, one row per vote, shuffled."""
    record, reviewer = np.nonzero(matrix >= 0)
    frame = pd.DataFrame(
        {
            "record_id": [f"medline-{30_000_000 + n}-3f9a2c" for n in record],
            "reviewer": np.array([f"reviewer{n}" for n in range(matrix.shape[1])])[reviewer],
            "stage": "title_abstract",
            "decision": np.array(["include", "exclude"])[matrix[record, reviewer]],
            "reason": "",
            "role": "reviewer",
            "decided_at": "2024-01-01T10:00:00Z",
            "note": "",
        }
    )
    frame.sample(frac=1, random_state=SEED).to_csv(path, index=False)


def all_statistics(matrix: np.ndarray) -> dict[str, Any]:
    """Return every statistic of an integer matrix, bootstrap intervals included."""
    categories = ("include", "exclude")
    counted = tally(Ratings(matrix, tuple(map(str, range(matrix.shape[1]))), categories))
    pairs = [statistics_of_pair(counts, categories) for counts in counted.pairs.values()]
    return {"pairs": pairs, "overall": statistics_of_all(counted, categories, seed=0, draws=1000)}


def fleiss_kappa(statsmodels: Any, judged: np.ndarray) -> object:
    """Return statsmodels' Fleiss' kappa, from the integers."""
    return statsmodels.fleiss_kappa(statsmodels.aggregate_raters(judged)[0])


def from_file(path: Path) -> dict[str, Any]:
    """Return what the command measures, from the file."""
    return measure(reading.read_all([path], tables.VOTES), kept={}, choices=Choices()).to_json()


def best(call: Callable[..., object], *given: object, **options: object) -> float:
    """Return the shortest of a few runs, in seconds of processor time: other programs do not count."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        call(*given, **options)
        times.append(time.process_time() - start)
    return min(times)


def run() -> None:
    """Print seconds and ratios."""
    print("From CSV, one million votes (processor seconds, best of 3; target: at most 2 x pandas)")
    print(f"{'design':24}{'as text':>9}{'ours':>8}{'ratio':>8}{'guessing':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, n_records, n_reviewers, n_votes in DESIGNS:
            path = Path(folder) / "votes.csv"
            write_votes(invented(n_records, n_reviewers, n_votes), path)
            text = best(pd.read_csv, path, dtype="str", keep_default_na=False)
            guessing = best(pd.read_csv, path)
            ours = best(from_file, path)
            print(f"{name:24}{text:9.2f}{ours:8.2f}{ours / text:8.2f}{guessing:10.2f}{ours / guessing:8.2f}")
    print("\nFrom integers: all statistics and 4 bootstrap intervals (target: 5 x as fast as each)")
    try:
        krippendorff = importlib.import_module("krippendorff")
        statsmodels = importlib.import_module("statsmodels.stats.inter_rater")
    except ImportError as error:
        print(f"needs {error.name}: install the group 'tests'")
        return
    print(f"{'design':24}{'ours':>9}{'alpha':>9}{'ratio':>8}{'Fleiss':>9}{'ratio':>8}")
    for name, n_records, n_reviewers, n_votes in DESIGNS:
        matrix = invented(n_records, n_reviewers, n_votes)
        reliability = np.where(matrix < 0, np.nan, matrix).T
        judged = matrix[matrix >= 0].reshape(n_records, n_votes)
        ours = best(all_statistics, matrix)
        alpha = best(krippendorff.alpha, reliability, level_of_measurement="nominal")
        other = best(fleiss_kappa, statsmodels, judged)
        print(f"{name:24}{ours:9.3f}{alpha:9.3f}{alpha / ours:8.1f}{other:9.3f}{other / ours:8.1f}")
