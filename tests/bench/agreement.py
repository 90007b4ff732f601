"""Agreement at a million votes: from CSV beside pandas' reading, from integers beside the alternatives."""

import importlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from peerreview import files, tables
from peerreview.agreement import Choices, Ratings, measure, statistics_of_all, statistics_of_pair, tally

DESIGNS = (
    ("500,000 records x 2", 500_000, 2, 2),
    ("250,000 x 4", 250_000, 4, 4),
    ("500,000, pairs of 6", 500_000, 6, 2),
)
    pairs = [statistics_of_pair(counts, categories) for counts in counted.pairs.values()]
    return {"pairs": pairs, "overall": statistics_of_all(counted.patterns, categories, seed=0, draws=1000)}


def best(call: Callable[..., object], *given: object, **options: object) -> float:
    """Return the shortest of a few runs, in seconds of processor time: other programs do not count."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        call(*given, **options)
        times.append(time.process_time() - start)
    return min(times)


def fleiss_kappa(statsmodels: Any, judged: np.ndarray) -> object:
    """Return statsmodels' Fleiss' kappa, from the integers."""
    return statsmodels.fleiss_kappa(statsmodels.aggregate_raters(judged)[0])


def from_file(path: Path) -> dict[str, Any]:
    """Return what the command measures, from the file."""
    return measure(files.read_all([path], tables.VOTES), kept={}, choices=Choices())


def run() -> None:
    """Print seconds and ratios."""
    print("From CSV, one million votes (processor seconds, best of 3; target: at most 2 x pandas)")
    print(f"{'design':24}{'pandas':>9}{'pandas text':>13}{'ours':>9}{'ratio':>8}{'to text':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for name, n_records, n_reviewers, n_votes in DESIGNS:
            path = Path(folder) / "votes.csv"
            write_votes(invented(n_records, n_reviewers, n_votes), path)
            plain = best(pd.read_csv, path)
            text = best(pd.read_csv, path, dtype="str", keep_default_na=False)
            ours = best(from_file, path)
            print(f"{name:24}{plain:9.2f}{text:13.2f}{ours:9.2f}{ours / plain:8.2f}{ours / text:9.2f}")
    print("\nFrom integers: all statistics and 4 bootstrap intervals (target: 5 x as fast as each)")
    try:
        krippendorff = importlib.import_module("krippendorff")
        fleiss = importlib.import_module("statsmodels.stats.inter_rater")
    except ImportError as error:
        print(f"needs {error.name}: install the group 'tests'")
        return
    print(f"{'design':24}{'ours':>9}{'alpha':>9}{'ratio':>8}{'Fleiss':>9}{'ratio':>8}")
    for name, n_records, n_reviewers, n_votes in DESIGNS:
        matrix = invented(n_records, n_reviewers, n_votes)
        reliability = np.where(matrix < 0, np.nan, matrix).T
        ours = best(all_statistics, matrix)
        alpha = best(krippendorff.alpha, reliability, level_of_measurement="nominal")
        line = f"{name:24}{ours:9.3f}{alpha:9.3f}{alpha / ours:8.1f}"
        if len(set((matrix >= 0).sum(axis=1))) == 1:
            judged = matrix[matrix >= 0].reshape(n_records, -1)
            other = best(fleiss_kappa, fleiss, judged)
            line += f"{other:9.3f}{other / ours:8.1f}"
        print(line)
