"""
How early an order by relevance shows what is relevant, beside ASReview's default in the same run.

Labelled sets lie in the folder PEERREVIEW_RANKING_SETS: a CSV each with ``record_id, title, abstract,
label_included`` (1 or 0), as those of SYNERGY and of Cohen et al. (2006). ASReview runs in the Python named
by PEERREVIEW_BENCH_PYTHON, which has it (``python -m venv``, then ``pip install asreview==1.6``), by its
defaults: TF-IDF, naive Bayes, the likeliest first, double balance. Both begin with the same one include and
one exclude, which do not count, and learn anew after every PEERREVIEW_RANKING_BATCH records, 10 where it is
not set; PEERREVIEW_RANKING_PRIORS such beginnings, 3 where it is not set, are averaged.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from peerreview.screening.relevance import Ranker

ASREVIEW = """
import json, sys, time
from pathlib import Path
from asreview.entry_points.simulate import SimulateEntryPoint
from asreview.state.sqlstate import SQLiteState
from asreview import open_state
records, state, batch, *priors = sys.argv[1:]
began = time.time()
SimulateEntryPoint().execute([records, "-s", state, "--prior_record_id", *priors, "--seed", "1",
                              "--n_instances", batch, "--stop_if", "min"])
wall = time.time() - began
with open_state(state) as opened:
    order = opened.get_order_of_labeling().tolist()
print("RESULT" + json.dumps({"order": order, "wall": wall}))
"""
WANTED = 0.95


def run() -> None:
    """Print recall at 10 and 20 % of the records, work saved at 95 % recall, and seconds, set by set."""
    folder = os.environ.get("PEERREVIEW_RANKING_SETS", "")
    if not folder:
        print("left out: PEERREVIEW_RANKING_SETS names no folder of labelled sets")
        return
    python = os.environ.get("PEERREVIEW_BENCH_PYTHON", "")
    if not python:
        print("ASReview is left out: PEERREVIEW_BENCH_PYTHON names no Python that has it")
    batch = int(os.environ.get("PEERREVIEW_RANKING_BATCH", "10"))
    n_priors = int(os.environ.get("PEERREVIEW_RANKING_PRIORS", "3"))
    print(f"learning anew after every {batch} records; means of {n_priors} beginnings")
    print(
        f"{'set':<24}{'records':>8}{'include':>8}  {'tool':<12}{'R@10%':>7}{'R@20%':>7}{'WSS@95':>8}{'s':>8}"
    )
    every: dict[str, list[tuple[float, ...]]] = {}
    for path in sorted(Path(folder).glob("*.csv")):
        records = pd.read_csv(path, dtype=str, keep_default_na=False)
        is_relevant = dict(zip(records["record_id"], records["label_included"] == "1", strict=True))
        found: dict[str, list[tuple[float, float, float, float]]] = {}
        for number in range(n_priors):
            priors = _priors(is_relevant, number)
            found.setdefault("peerreview", []).append(
                _judged(*_peerreview(records, is_relevant, priors, batch), is_relevant)
            )
            if python:
                found.setdefault("ASReview", []).append(
                    _judged(*_asreview(python, path, priors, batch), is_relevant)
                )
        for tool, runs in found.items():
            mean = tuple(float(np.mean(column)) for column in zip(*runs, strict=True))
            every.setdefault(tool, []).append(mean[:3])
            shown = f"{mean[0]:7.3f}{mean[1]:7.3f}{mean[2]:8.3f}{mean[3]:8.1f}"
            print(
                f"{path.stem:<24}{len(records):>8,}{sum(is_relevant.values()):>8}  {tool:<12}{shown}",
                flush=True,
            )
    for tool, sets in every.items():
        mean = tuple(float(np.mean(column)) for column in zip(*sets, strict=True))
        print(f"{'mean':<40}  {tool:<12}{mean[0]:7.3f}{mean[1]:7.3f}{mean[2]:8.3f}")


def _priors(is_relevant: dict[str, bool], number: int) -> list[str]:
    """Return one include and one exclude, drawn by the number of the beginning."""
    rng = random.Random(number)  # noqa: S311
    return [
        rng.choice(sorted(each for each, is_in in is_relevant.items() if is_in is said))
        for said in (True, False)
    ]


def _peerreview(
    records: pd.DataFrame, is_relevant: dict[str, bool], priors: Sequence[str], batch: int
) -> tuple[list[str], float]:
    began = time.time()
    ranker = Ranker(records)
    own = {each: is_relevant[each] for each in priors}
    left = sorted(set(is_relevant) - set(own))
    n_left = sum(is_relevant[each] for each in left)
    while n_left:
        scores, _ = ranker.scores(own)
        left.sort(key=lambda each: (-scores[ranker.places[each]], each))
        for each in left[:batch]:
            own[each] = is_relevant[each]
            n_left -= is_relevant[each]
        left = sorted(left[batch:])
    return list(own)[len(priors) :], time.time() - began


def _asreview(python: str, path: Path, priors: Sequence[str], batch: int) -> tuple[list[str], float]:
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "run.asreview"
        done = subprocess.run(
            [python, "-c", ASREVIEW, str(path), str(state), str(batch), *priors],
            capture_output=True,
            text=True,
            check=False,
        )
    told = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    if not told:
        sys.exit(f"ASReview failed on {path}: {done.stderr[-2000:]}")
    result = json.loads(told[0].removeprefix("RESULT"))
    return [each for each in map(str, result["order"]) if each not in priors], result["wall"]


def _judged(
    order: Sequence[str], wall: float, is_relevant: dict[str, bool]
) -> tuple[float, float, float, float]:
    """
    Return recall at 10 and at 20 % of the records, work saved over sampling at 95 % recall, and the seconds.

    References
    ----------
    WSS: Cohen et al. (2006), doi:10.1197/jamia.M1929: the share not read, less what chance saves.
    """
    n_records = len(is_relevant) - 2
    n_relevant = sum(is_relevant.values()) - 1
    hits = np.cumsum([is_relevant[each] for each in order])

    def recall(share: float) -> float:
        n_read = min(int(np.ceil(share * n_records)), len(hits))
        return float(hits[n_read - 1]) / n_relevant

    n_read = int(np.argmax(hits >= np.ceil(WANTED * n_relevant))) + 1
    return recall(0.1), recall(0.2), 1 - n_read / n_records - (1 - WANTED), wall
