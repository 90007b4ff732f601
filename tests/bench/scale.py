"""
What a review too large for memory costs: the step that blocks, three ways; both engines; a later batch.

Dask's P2P shuffle, DuckDB's window functions and the steps of our own engine find the same pairs from the
same files, two at a time. Then ``dedupe`` writes the same bytes with the engine in memory, and with Dask and
any number of workers, one of which is killed in the middle. Then ten thousand new records are held against
those, half of which were found before. Then as many records have one title as ever may.

PEERREVIEW_SCALE_SIZES names how many invented records, 20000 where it is not set;
PEERREVIEW_SCALE_CROWD how many editorials of one journal and year, 10000 where it is not set;
PEERREVIEW_SCALE_WORKERS how many workers Dask has in turn, 1 2 4 where it is not set; two are always among
them, and leave the keys. Beyond ``MOST_BLOCKED`` records the three ways are not compared, and beyond
``MOST_IN_MEMORY`` Dask runs once, with two workers. A pair is counted that two records as they came could
share something by. What was made is removed at the end.
Memory is the peak of all processes together: what is their own, and, behind it, with the files that they
have mapped, which the machine may let go of (PSS). Needs ``pip install dask distributed pyarrow duckdb
psutil``; what is missing is left out and named.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.cli.batches import Keys
from peerreview.duplicates import blocking, keeping, normalise
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.engines import stored
from peerreview.duplicates.engines.dask import texts
from peerreview.duplicates.engines.stored import Store, View
from peerreview.tables import parquet, writing
from peerreview.tables.shelf import Shelf
from tests.variants import invent, invent_in_parts

SIZES = "20000"
CROWD = "10000"
WORKERS = 2
SEED = 7
PART = 50_000
DUCKDB_MEMORY = "1GB"
EVERY = 0.05
"""Seconds between two looks at the memory, and so many times as long as a look takes: it has a cost."""
PATIENCE = 20
OUTPUTS = ("unique.parquet", "duplicates.csv", "possible.csv")
MOST_BLOCKED = 400_000
MOST_IN_MEMORY = 1_000_000
NEW = 10_000
"""Records of a later search."""


def run() -> None:
    """Print the tables."""
    missing = [name for name in ("distributed", "duckdb", "psutil") if not importlib.util.find_spec(name)]
    if missing:
        print(f"left out, as these are not installed: {', '.join(missing)}")
    each: dict[int, float] = {}
    for size in map(int, os.environ.get("PEERREVIEW_SCALE_SIZES", SIZES).split()):
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            if not missing and size <= MOST_BLOCKED:
                _measure_blocking(invent(size, seed=SEED)[0], Path(folder))
            if "distributed" not in missing and "psutil" not in missing:
                whole = _measure_engines(size, Path(folder))
                _count_pairs(size, Path(folder))
                _measure_batch(size, Path(folder), whole)
                each[size] = whole / size
                times = each[size] / each[min(each)]
                print(
                    f"{size:>10,} records, a record takes {times:.2f} times that at {min(each):,}", flush=True
                )
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        if "distributed" not in missing and "psutil" not in missing:
            _measure_crowd(int(os.environ.get("PEERREVIEW_SCALE_CROWD", CROWD)), Path(folder))


def _measure_blocking(records: pd.DataFrame, folder: Path) -> None:
    """Print what each way to find the candidates takes, from keys in files to pairs in files."""
    shelf = folder / "shelf"
    shelf.mkdir()
    n_rows = len(records)
    parts = max(1, -(-n_rows // PART))
    store = Store(Shelf(shelf), n_rows, PART, parts)
    order = keeping.order_kept(records)
    contents = keeping.read_contents(records, order)
    for name in ("keys", "records"):
        (folder / name).mkdir()
    for part in range(parts):
        rows = store.rows(part)
        cells = {name: list(contents[name][rows.start : rows.stop]) for name in COLUMNS}
        store.shelf.put(f"cells-{part}", {name: texts(each) for name, each in cells.items()})
        stored.prepare(store, part)
        _as_parquet(store, part, folder)
    made: dict[str, Any] = {}
    for name in CONTENDERS:
        code = f"from tests.bench import scale; scale.contend({name!r}, {str(folder)!r}, {n_rows})"
        made[name] = _watched([sys.executable, "-c", code])
        told = json.loads(made[name]["out"].splitlines()[-1])
        print(
            f"{n_rows:>10,} records, blocking by {name:<12} {told['pairs']:>11,} pairs  "
            f"{made[name]['wall']:7.1f} s  {made[name]['cpu']:7.1f} CPU s  "
            f"{made[name]['own']:6.2f} GB ({made[name]['peak']:.2f})",
            flush=True,
        )
        made[name] = told
    if len({(told["pairs"], told["digest"]) for told in made.values()}) > 1:
        message = f"the pairs differ: {made}"
        raise RuntimeError(message)


def _as_parquet(store: Store, part: int, folder: Path) -> None:
    kept = store.shelf.get(f"keys-{part}")
    names = ("hash", "row", "key")
    pd.DataFrame({name: kept.whole(name) for name in names}).to_parquet(folder / "keys" / f"{part}.parquet")
    kept = store.shelf.get(f"records-{part}")
    ordering = {name: kept.whole(name) for name in ("year", "volume")}
    ordering["words"] = normalise.words_in_order(kept.whole("title"))
    rows = np.array(store.rows(part), dtype=np.int32)
    pd.DataFrame({"row": rows, **ordering}).to_parquet(folder / "records" / f"{part}.parquet")


def contend(name: str, folder: str, n_rows: int) -> None:
    """Find the candidates one way, and print how many they are and what they sum up to."""
    pairs = CONTENDERS[name](Path(folder), n_rows)
    combined = np.sort(
        pairs["low"].to_numpy(dtype=np.int64) * n_rows + pairs["high"].to_numpy(dtype=np.int64)
    )
    digest = hashlib.sha256(combined.tobytes()).hexdigest()
    print(json.dumps({"pairs": len(combined), "digest": digest}))


def _by_duckdb(folder: Path, n_rows: int) -> pd.DataFrame:
    del n_rows
    import duckdb

    leads = ", ".join(f"lead(row, {step}) OVER block" for step in range(1, blocking.NEIGHBOURS + 1))
    with duckdb.connect(str(folder / "duck.db")) as connection:
        connection.execute(f"SET memory_limit = '{DUCKDB_MEMORY}'; SET threads = {WORKERS}")
        connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
        records, keys = (f"'{folder}/{name}/*.parquet'" for name in ("records", "keys"))
        connection.execute(
            "CREATE TABLE placed AS "  # noqa: S608  our own folder
            f"SELECT row, row_number() OVER (ORDER BY words, year, volume, row) AS place FROM {records}"
        )
        connection.execute(
            "COPY (SELECT DISTINCT least(one, other) AS low, greatest(one, other) AS high FROM "  # noqa: S608
            f"(SELECT row AS one, unnest([{leads}]) AS other "
            f"FROM {keys} JOIN placed USING (row) "
            "WINDOW block AS (PARTITION BY key, hash ORDER BY place)) WHERE other IS NOT NULL) "
            f"TO '{folder}/duckdb.parquet'"
        )
    return pd.read_parquet(folder / "duckdb.parquet")


def _by_p2p(folder: Path, n_rows: int) -> pd.DataFrame:
    del n_rows
    import dask
    import dask.dataframe as dd
    import distributed

    with (
        dask.config.set({"dataframe.shuffle.method": "p2p"}),
        distributed.LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster),
    ):
        keys, records = (dd.read_parquet(folder / name) for name in ("keys", "records"))
        whole = keys.merge(records, on="row").shuffle(["key", "hash"])
        meta = {"low": np.int64, "high": np.int64}
        pairs = whole.map_partitions(_meet, meta=meta).drop_duplicates(split_out=whole.npartitions)
        pairs.to_parquet(folder / "p2p")
    return pd.read_parquet(folder / "p2p")


def _meet(blocks: pd.DataFrame) -> pd.DataFrame:
    """Return the neighbours in the blocks of a part, by the order of titles."""
    blocks = blocks.sort_values(["key", "hash", "words", "year", "volume", "row"])
    rows = blocks["row"].to_numpy(dtype=np.int64)
    keys, hashes = blocks["key"].to_numpy(), blocks["hash"].to_numpy()
    sides = []
    for step in range(1, blocking.NEIGHBOURS + 1):
        same = np.flatnonzero((keys[step:] == keys[:-step]) & (hashes[step:] == hashes[:-step]))
        sides.append(np.sort(np.stack([rows[same], rows[same + step]]), axis=0))
    low, high = np.concatenate(sides, axis=1)
    return pd.DataFrame({"low": low, "high": high}).drop_duplicates()


def _by_our_steps(folder: Path, n_rows: int) -> pd.DataFrame:
    from peerreview.cli.clusters import connected

    parts = max(1, -(-n_rows // PART))
    store = Store(Shelf(folder / "shelf"), n_rows, PART, parts)
    view = View("first", parts, parts, is_first=True)
    with connected(folder / "shelf", workers=WORKERS) as engine:
        engine.run("", stored.block, [(store, view, bucket) for bucket in range(parts)])
    found = [store.shelf.get(f"pairs-first-{bucket}") for bucket in range(parts)]
    sides = {side: np.concatenate([each.whole(side) for each in found]) for side in ("low", "high")}
    # What shares blocks of several buckets stands in each; the next step joins them.
    return pd.DataFrame(sides).drop_duplicates()


CONTENDERS: Mapping[str, Callable[[Path, int], pd.DataFrame]] = {
    "Dask's P2P": _by_p2p,
    "DuckDB": _by_duckdb,
    "our steps": _by_our_steps,
}


def _measure_engines(n_rows: int, folder: Path) -> float:
    """Print what ``dedupe`` takes with each engine, whether the bytes are the same; return Dask's seconds."""
    path = folder / "records.parquet"
    writing.write_all({path: writing.in_parts(invent_in_parts(n_rows, seed=SEED), path)})
    digests = {}
    old = folder / "old"
    keys = "--keys", str(folder / "left")
    whole = _run_engine(path, old, "dask", WORKERS, *keys)
    _print(n_rows, f"--engine dask    --workers {WORKERS} --keys", whole)
    digests["keys"] = _digests(old)
    if n_rows <= MOST_IN_MEMORY:
        counts = {*map(int, os.environ.get("PEERREVIEW_SCALE_WORKERS", "1 2 4").split())} - {WORKERS}
        runs = [("memory", WORKERS, ""), *(("dask", count, "") for count in sorted(counts))]
        for engine, workers, what in [*runs, ("dask", WORKERS, "one killed")]:
            made = folder / f"{engine}-{workers}"
            told = _run_engine(path, made, engine, workers, kill=bool(what))
            _print(n_rows, f"--engine {engine:<7} --workers {workers} {what}", told)
            if what and not told["killed"]:
                message = "no worker was there to be killed"
                raise RuntimeError(message)
            digests[f"{made.name} {what}"] = _digests(made)
            shutil.rmtree(made)
        same = len({str(each) for each in digests.values()}) == 1
        print(f"{n_rows:>10,} records, the same bytes with every engine and number of workers: {same}")
        if not same:
            raise RuntimeError(str(digests))
    return float(whole["cpu"])


def _run_engine(
    records: Path, made: Path, engine: str, workers: int, *words: str, kill: bool = False
) -> dict[str, Any]:
    made.mkdir()
    return _dedupe(records, made, "--engine", engine, "--workers", str(workers), *words, kill=kill)


def _digests(made: Path) -> list[str]:
    found = []
    for name in OUTPUTS:
        with (made / name).open("rb") as stream:
            found.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return found


def _count_pairs(n_rows: int, folder: Path) -> None:
    """Print how many pairs the records as they came are compared in, from what each could share."""
    store = Keys.of(folder / "left", folder / "old" / OUTPUTS[0]).earlier().parts[0].store
    found = []
    for bucket in range(store.n_buckets):
        kept = store.shelf.get(f"sorted-{bucket}")
        came = kept.whole("chunk") < store.n_parts
        hashes, rows, keys = (kept.whole(name)[came] for name in ("hash", "row", "key"))
        low, high, _ = blocking.meet_in_blocks(
            hashes,
            keys,
            rows.astype(np.int64),
            None,
            lambda chosen: stored.take(store, chosen, names=("title", "year", "volume")),
        )
        found.append(low * n_rows + high)
    n_pairs = len(blocking.each_once(np.concatenate(found)))
    print(f"{n_rows:>10,} records, {n_pairs / n_rows:.3f} pairs a record", flush=True)


def _measure_batch(n_rows: int, folder: Path, whole: float) -> None:
    """Print what a later search costs that is held against the records before it; ``whole``: all of them."""
    new = folder / "new"
    new.mkdir()
    batch = folder / "batch.parquet"
    writing.write(found_later(folder / "records.parquet", n_rows), batch)
    words = "--against", str(folder / "old" / OUTPUTS[0]), "--keys", str(folder / "left")
    against = _dedupe(batch, new, *words)
    _print(n_rows, f"{NEW:,} more against them", against)
    share = against["cpu"] / whole
    print(f"{n_rows:>10,} records, {NEW:,} more take {100 * share:.1f} % of the CPU time of the whole")


def _measure_crowd(n_rows: int, folder: Path) -> None:
    """Print what editorials of one journal and year cost, of which each shares its title with all others."""
    chance = np.random.default_rng(SEED)
    numbers = chance.integers(1, 1_900, n_rows)
    pages, volumes, issues = (numbers.astype(str), chance.integers(1, 90, n_rows).astype(str), numbers % 12)
    records = tables.empty(tables.RECORDS).reindex(range(n_rows), fill_value="")
    same = {"title": "Editorial", "year": "2019", "journal": "Health Policy"}
    same |= {"source_kind": "database", "round": "1"}
    records = records.assign(
        record_id=[f"e{row}" for row in range(n_rows)],
        source=np.array(["MEDLINE", "Embase", "Scopus"])[numbers % 3],
        volume=volumes,
        issue=issues.astype(str),
        pages=pages,
        **same,
    ).astype("str")
    path = folder / "crowd.parquet"
    writing.write(records, path)
    digests = []
    for engine in ("memory", "dask"):
        made = folder / f"crowd-{engine}"
        made.mkdir()
        told = _dedupe(path, made, "--engine", engine, "--workers", str(WORKERS))
        _print(n_rows, f"--engine {engine:<7} one title", told)
        digests.append(_digests(made))
    print(f"{n_rows:>10,} records of one title, the same bytes with both engines: {digests[0] == digests[1]}")


def found_later(records: Path, n_rows: int) -> pd.DataFrame:
    """Return the records of a later search: half of them new works, half found again."""
    chance = np.random.default_rng(SEED)
    places = np.sort(chance.choice(n_rows, min(NEW, n_rows) // 2, replace=False)).astype(np.int64)
    again = parquet.rows(records, places)
    again["record_id"] += "~2"
    again["title"] = again["title"].str.upper()
    new, _ = invent(NEW // 2, seed=SEED + 1)
    new["record_id"] = "n" + new["record_id"]
    return pd.concat([again, new], ignore_index=True).assign(round="2").astype("str")


def _dedupe(records: Path, to: Path, *words: str, kill: bool = False) -> dict[str, Any]:
    command = [sys.executable, "-m", "peerreview", "dedupe", str(records), "-o", str(to / OUTPUTS[0])]
    # What is compared first stands in such files: the run is in the middle.
    kill_when = (lambda: any(to.rglob("telling-*.arrow"))) if kill else (lambda: False)
    return _watched([*command, "--quiet", *words], kill_when)


def _print(n_rows: int, what: str, told: Mapping[str, Any]) -> None:
    print(
        f"{n_rows:>10,} records, {what:<38} {told['wall']:7.1f} s  {told['cpu']:7.1f} CPU s  "
        f"{told['own']:6.2f} GB ({told['peak']:.2f})  {1e6 * told['cpu'] / n_rows:6.0f} µs CPU a record",
        flush=True,
    )


def _watched(command: list[str], kill_when: Callable[[], bool] = lambda: False) -> dict[str, Any]:
    """
    Return what a command printed, its wall and CPU seconds, and the peak of its processes in GB.

    Parameters
    ----------
    kill_when : returns whether it is time to kill the busiest of its workers.
    """
    import psutil

    peak = own = cpu = 0.0
    killed = 0
    start = time.time()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        root = psutil.Process(process.pid)
        used: dict[int, float] = {}
        while process.poll() is None:
            looked = time.time()
            held = anonymous = 0
            for each in _family(root):
                try:
                    with_files, alone = _held(each.pid)
                    held, anonymous = held + with_files, anonymous + alone
                    times = each.cpu_times()
                    used[each.pid] = times.user + times.system
                except psutil.Error:
                    continue
            peak, own = max(peak, held), max(own, anonymous)
            if not killed and kill_when():
                killed = _kill_busiest({pid: times for pid, times in used.items() if pid != process.pid})
            time.sleep(max(EVERY, PATIENCE * (time.time() - looked)))
        cpu = sum(used.values())
        out = process.stdout.read() if process.stdout else ""
    if process.returncode:
        message = f"{' '.join(command)} failed"
        raise RuntimeError(message)
    told = {"out": out, "wall": time.time() - start, "cpu": cpu, "peak": peak / 1e9, "own": own / 1e9}
    return told | {"killed": killed}


def _kill_busiest(used: Mapping[int, float]) -> int:
    """Kill the process that has worked most, and return its number; 0 where none is there any more."""
    import psutil

    for pid in sorted(used, key=used.__getitem__, reverse=True):
        with suppress(psutil.Error):
            psutil.Process(pid).kill()
            return pid
    return 0


def _held(pid: int) -> tuple[int, int]:
    """Return how many bytes a process holds, its share of files among them, and how many are in no file."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0, 0
    held = {line.partition(":")[0]: line.split()[1] for line in told.split("\n")[1:] if line}
    return int(held["Pss"]) * 1024, int(held["Anonymous"]) * 1024


def _family(root: Any) -> list[Any]:
    import psutil

    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []
