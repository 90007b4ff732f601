"""
How many duplicates are found, wrongly or not, and how fast, beside other tools in the same run.

Labelled sets lie in the folder ``dedupe`` of PEERREVIEW_CORPUS, or in PEERREVIEW_DEDUPE_SETS. bib-dedupe
and ASReview run in the Python named by PEERREVIEW_BENCH_PYTHON, which has them (``python -m venv``, then
``pip install bib-dedupe==0.11 asreview==1.6``). The whole takes some ten minutes, nearly all of it theirs.
PEERREVIEW_BENCH_SIZES names sizes of invented sets, 100000 where it is not set; 1000000 takes minutes of its
own and 3 GB, so it is for its own run: ``PEERREVIEW_DEDUPE_SETS=- PEERREVIEW_BENCH_SIZES=1000000``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates import normalise, similarity
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.questions import ask
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import default_rules
from peerreview.tables import reading, writing
from tests.labelled import Measured, measure, read_cases, read_set
from tests.variants import invent, invent_beyond_medicine, vary

SEED = 7
SIZES = "100000"
BEYOND = 6_000
"""Invented records of computing and social science."""
SAME_JOURNAL = 0.8
"""Names less alike are of two venues, or of one that has several."""

BIB_DEDUPE = """
import json, resource, sys, time
import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep
def cpu():
    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
rows = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
rows = rows.rename(columns={"record_id": "ID", "authors": "author", "issue": "number"})
rows["author"] = rows["author"].str.replace("; ", " and ")
rows["ENTRYTYPE"], rows["booktitle"] = "article", ""
columns = ["ID", "ENTRYTYPE", "title", "author", "year", "journal", "booktitle", "volume", "number", "pages",
           "doi", "abstract"]
rows = rows[columns].copy()
wall, used = time.time(), cpu()
found = cluster(match(block(prep(rows, cpu=1), cpu=1), cpu=1))
wall, used = time.time() - wall, cpu() - used
removed = [one for ids in found for one in sorted(ids)[1:]]
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("RESULT" + json.dumps({"removed": removed, "wall": wall, "cpu": used, "kilobytes": kilobytes}))
"""
ASREVIEW = """
import json, resource, sys, time
import pandas as pd
from asreview.data import ASReviewData
rows = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
data = ASReviewData(rows[["record_id", "title", "abstract", "doi", "authors"]])
wall, used = time.time(), time.process_time()
again = data.duplicated(pid="doi")
wall, used = time.time() - wall, time.process_time() - used
removed = rows["record_id"][again.to_numpy()].tolist()
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("RESULT" + json.dumps({"removed": removed, "wall": wall, "cpu": used, "kilobytes": kilobytes}))
"""


PANDAS = """
import sys
import pandas as pd
pd.read_csv(sys.argv[1], dtype="str", keep_default_na=False).to_csv(sys.argv[2], index=False)
"""
ALONE = """
import json, resource, subprocess, sys, time
wall = time.time()
status = subprocess.call(sys.argv[1:])
wall = time.time() - wall
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("RESULT" + json.dumps([status, wall, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""A process counts the memory of the one that started it, so that one holds nothing itself."""


@dataclass(frozen=True)
class Run:
    """What a tool removed, its wall and CPU seconds, and its peak memory in kB where it ran by itself."""

    removed: set[str]
    wall: float
    cpu: float
    kilobytes: int = 0
    n_possible: int | None = None
    recall_after: float | None = None
    wrong: tuple[tuple[str, str], ...] = ()
    n_items: int | None = None


def run() -> None:
    """Print the tables."""
    folder = Path(
        os.environ.get("PEERREVIEW_DEDUPE_SETS", "")
        or Path(os.environ.get("PEERREVIEW_CORPUS", "")) / "dedupe"
    )
    if folder.is_dir():
        _measure_sets(folder)
    else:
        print(f"no labelled sets in {folder}; set PEERREVIEW_CORPUS or PEERREVIEW_DEDUPE_SETS")
    sizes = [int(size) for size in os.environ.get("PEERREVIEW_BENCH_SIZES", SIZES).split()]
    for size in sizes:
        _measure_size(size)


def _measure_sets(folder: Path) -> None:
    tools = _tools()
    pooled: dict[str, list[tuple[Measured, Run]]] = {}
    varied: list[Measured] = []
    print(
        f"{'set':<14}{'tool':<14}{'records':>8}{'FP':>5}{'FN':>6}{'precision':>10}{'recall':>8}{'F1':>8}"
        f"{'rec/s':>9}{'rec/CPU s':>10}{'MB':>7}{'possible':>9}{'recall after':>13}"
    )
    for name in sorted(path.name for path in folder.iterdir() if (path / "truth.csv").exists()):
        records, groups = read_set(folder / name)
        for tool, do in tools.items():
            done = do(records, groups)
            measured = measure(groups, set(groups) - done.removed)
            pooled.setdefault(tool, []).append((measured, done))
            _print(name, tool, measured, done)
            if tool == "peerreview":
                _print_kinds(records, groups, done)
        careless, labels = vary(records, groups, seed=SEED)
        done = _peerreview(careless, labels)
        varied.append(measure(labels, set(labels) - done.removed))
        _print(f"{name} varied", "peerreview", varied[-1], done)
    print()
    for tool, runs in pooled.items():
        whole = _sum([measured for measured, _ in runs])
        per_second = whole.n_records / sum(done.cpu for _, done in runs)
        print(
            f"pooled {tool:<14} FP {whole.n_lost} FN {whole.n_left} errors {whole.n_lost + whole.n_left} "
            f"F1 {whole.f1:.4f}, {per_second:,.0f} records a CPU second"
        )
    if varied:
        print(f"pooled, varied         F1 {_sum(varied).f1:.4f}")
        invented, labels = invent_beyond_medicine(BEYOND, seed=SEED)
        done = _peerreview(invented, labels)
        _print("beyond medicine", "peerreview", measure(labels, set(labels) - done.removed), done)
    _print_ratios(pooled)
    _measure_cases(folder / "curated_pairs" / "cases.json")


def _print_ratios(pooled: dict[str, list[tuple[Measured, Run]]]) -> None:
    ours = pooled["peerreview"]
    for tool, runs in pooled.items():
        for (measured, mine), (_, theirs) in zip(ours, runs, strict=True):
            if tool != "peerreview" and measured.n_records > 5_000:
                print(
                    f"{theirs.cpu / mine.cpu:6.1f} × the speed of {tool} per CPU second "
                    f"at {measured.n_records:,} records"
                )


def _measure_cases(path: Path) -> None:
    if not path.exists():
        return
    rules = default_rules()
    right = 0
    cases = read_cases(path)
    for name, records, expected in cases:
        found = find_duplicates(records, rules).duplicates
        is_one = bool((found["verdict"] == "duplicate").any())
        right += is_one == expected
        if is_one != expected:
            told = "; ".join(
                f"{row['verdict']} {row['relation']}".strip() for row in found.to_dict("records")
            )
            print(
                f"curated pair {name}: expected {'one' if expected else 'two'} records, found {told or 'two'}"
            )
    print(f"curated pairs: {right} of {len(cases)} as expected")


def _measure_size(size: int) -> None:
    """Measure the whole command on invented records, beside pandas reading and writing the same file."""
    with tempfile.TemporaryDirectory() as folder:
        path, unique_path = Path(folder) / "records.csv", Path(folder) / "unique.csv"
        records, groups = invent(size, seed=SEED)
        writing.write(records, path)
        del records
        plain = _measure_alone("-c", PANDAS, path, Path(folder) / "again.csv")
        ours = _measure_alone("-m", "peerreview", "dedupe", path, "-o", unique_path, "--quiet")
        unique = reading.read(unique_path, tables.UNIQUE)
        measured = measure(groups, unique["record_id"])
    print(
        f"{size:,} invented records, beside pandas reading and writing: {ours.wall:.1f} s, "
        f"{ours.wall / plain.wall:.2f} ×; {ours.cpu:.1f} s CPU, {ours.cpu / plain.cpu:.2f} ×, "
        f"{1e6 * ours.cpu / size:.0f} µs a record; peak {ours.kilobytes / 1e6:.2f} GB, "
        f"pandas {plain.kilobytes / 1e6:.2f}; FP {measured.n_lost}, FN {measured.n_left}"
    )


def _measure_alone(*command: object) -> Run:
    """Return what a command of this Python's took, by itself; its processes' largest memory."""
    told = subprocess.run(
        [sys.executable, "-c", ALONE, sys.executable, *map(str, command)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    status, wall, cpu, kilobytes = json.loads(told[told.index("RESULT") + len("RESULT") :])
    if status:
        message = f"{command[:3]} failed"
        raise RuntimeError(message)
    return Run(set(), wall, cpu, kilobytes)


Tool = Callable[[pd.DataFrame, dict[str, str]], Run]


def _tools() -> dict[str, Tool]:
    tools: dict[str, Tool] = {"peerreview": _peerreview, "DOI or title": _same_doi_or_title}
    python = os.environ.get("PEERREVIEW_BENCH_PYTHON", "")
    if not python:
        print("bib-dedupe and ASReview are left out: PEERREVIEW_BENCH_PYTHON names no Python that has them")
        return tools
    for name, module, script in (
        ("bib-dedupe", "bib_dedupe", BIB_DEDUPE),
        ("ASReview", "asreview", ASREVIEW),
    ):
        if subprocess.run(
            [python, "-c", f"import importlib.util as u; raise SystemExit(not u.find_spec({module!r}))"],
            check=False,
            capture_output=True,
        ).returncode:
            print(f"{name} is left out: {python} has no {module}")
            continue
        tools[name] = _elsewhere(python, script)
    return tools


def _peerreview(records: pd.DataFrame, groups: dict[str, str]) -> Run:
    rules = default_rules()
    wall, cpu = time.time(), time.process_time()
    duplicates = find_duplicates(records, rules).duplicates
    wall, cpu = time.time() - wall, time.process_time() - cpu
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    possible = duplicates[duplicates["verdict"] == "possible"]
    after = _answered(groups, removed, possible)
    n_duplicates = len(groups) - len(set(groups.values()))
    measured = measure(groups, after)
    recall = (n_duplicates - measured.n_left) / max(n_duplicates, 1)
    merged = zip(removed["record_id"], removed["duplicate_of"], strict=True)
    wrong = tuple(pair for pair in merged if groups[pair[0]] != groups[pair[1]])
    # A group of records whose pairs are judged together is one item.
    n_items = len(ask(possible, records, rules))
    return Run(set(removed["record_id"]), wall, cpu, 0, len(possible), recall, wrong, n_items)


def _print_kinds(records: pd.DataFrame, groups: dict[str, str], done: Run) -> None:
    """Print which kinds of pairs were left and merged wrongly, also where another copy survives."""
    survivors: dict[str, list[str]] = {}
    for record_id, group in groups.items():
        if record_id not in done.removed:
            survivors.setdefault(group, []).append(record_id)
    left = [(ids[0], other) for ids in survivors.values() for other in ids[1:]]
    per_thousand = 1000 * (done.n_items or 0) / len(groups)
    print(f"{'':<14}wrong merges {len(done.wrong)}; queue {done.n_items} items, {per_thousand:.1f} per 1,000")
    for what, pairs in (("left", left), ("wrong", list(done.wrong))):
        counts = _kinds(records, pairs)
        if counts:
            print(f"{'':<14}{what}: " + ", ".join(f"{kind} {n}" for kind, n in counts.most_common()))


def _kinds(records: pd.DataFrame, pairs: list[tuple[str, str]]) -> Counter[str]:
    """Return how many pairs are of which kind, by what stands between the two."""
    if not pairs:
        return Counter()
    rows = {record_id: row for row, record_id in enumerate(records["record_id"])}
    low, high = (np.array([rows[pair[side]] for pair in pairs], dtype=np.int64) for side in (0, 1))
    columns = {column: records[column].tolist() for column in COLUMNS}
    _, found = similarity.compare(normalise.normalise(columns), low, high, gated=False)
    return Counter(
        _kind({field: float(values[place]) for field, values in found.items()}) for place in range(len(pairs))
    )


def _kind(found: dict[str, float]) -> str:
    if found["generic"]:
        return "heading"
    if found["marker"] == 0 or any(
        found[field] for field in ("preprint", "thesis", "cochrane", "doi_version")
    ):
        return "version"
    if found["supplement"] or found["in_supplement"]:
        return "supplement"
    if found["journal"] < SAME_JOURNAL:
        return "venue"
    differs = any(found[field] == 0 for field in ("volume", "issue", "pages", "doi"))
    return "damaged cell" if differs or found["wording"] < 1 or found["authors"] < 0.85 else "other"


def _answered(groups: dict[str, str], removed: pd.DataFrame, possible: pd.DataFrame) -> set[str]:
    """Return the records kept once people have answered every possible pair rightly."""
    kept = set(groups) - set(removed["record_id"])
    joined: dict[str, str] = {}

    def root(record_id: str) -> str:
        while record_id in joined:
            record_id = joined[record_id]
        return record_id

    for pair in zip(possible["record_id"], possible["duplicate_of"], strict=True):
        one, other = (root(record_id) for record_id in pair)
        if one != other and groups[one] == groups[other]:
            joined[one] = other
    return kept - set(joined)


def _same_doi_or_title(records: pd.DataFrame, groups: dict[str, str]) -> Run:
    del groups
    wall, cpu = time.time(), time.process_time()
    removed: set[str] = set()
    for column in ("doi", "title"):
        texts = records[column].str.lower().str.replace(r"\W+", " ", regex=True).str.strip()
        again = (texts != "") & texts.duplicated()
        removed |= set(records["record_id"][again])
    return Run(removed, time.time() - wall, time.process_time() - cpu)


def _elsewhere(python: str, script: str) -> Tool:
    def do(records: pd.DataFrame, groups: dict[str, str]) -> Run:
        del groups
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "records.csv"
            writing.write(records, path)
            # ASReview leaves a file where it runs.
            command = [python, "-c", script, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
        result = json.loads(done.stdout.rpartition("RESULT")[2])
        return Run(set(result["removed"]), result["wall"], result["cpu"], result["kilobytes"])

    return do


def _sum(parts: list[Measured]) -> Measured:
    return Measured(
        sum(part.n_records for part in parts),
        sum(part.n_duplicates for part in parts),
        sum(part.n_lost for part in parts),
        sum(part.n_left for part in parts),
    )


def _print(name: str, tool: str, measured: Measured, done: Run) -> None:
    megabytes = f"{done.kilobytes / 1000:.0f}" if done.kilobytes else ""
    possible = "" if done.n_possible is None else f"{done.n_possible}"
    after = "" if done.recall_after is None else f"{done.recall_after:.4f}"
    print(
        f"{name:<14.14}{tool:<14}{measured.n_records:>8,}{measured.n_lost:>5}{measured.n_left:>6}"
        f"{measured.precision:>10.4f}{measured.recall:>8.4f}{measured.f1:>8.4f}"
        f"{measured.n_records / done.wall:>9,.0f}{measured.n_records / done.cpu:>10,.0f}{megabytes:>7}"
        f"{possible:>9}{after:>13}",
        flush=True,
    )
