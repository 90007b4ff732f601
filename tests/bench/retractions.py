"""
How many notices are found in labelled public pairs, and how fast 60,000 of them in a million records.

PEERREVIEW_BENCH_RECORDS names another number of records.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from peerreview import tables
from peerreview.imports.notices import COLUMNS, TAKEN
from peerreview.tables import writing
from tests.notices import measure, read_pairs, recall

N_RECORDS, N_NOTICES, N_SHARED = 1_000_000, 60_000, 3_000
"""Records, notices, and how many of the notices are of records: a third each by DOI, PMID and title."""
N_WORDS, N_NAMES, ABSTRACT = 30_000, 20_000, 800
"""Different words and family names; letters of an abstract."""
SEED = 7


READ = """
import sys
from pathlib import Path
from peerreview import tables
from peerreview.tables import reading
records = reading.read(Path(sys.argv[1]), tables.RECORDS)
print(len(records))
"""
FIND = """
import time
from peerreview.duplicates import retractions
from peerreview.imports import notices
told = notices.read(Path(sys.argv[2]).read_bytes(), Path(sys.argv[2])).rows
started = time.process_time()
found = retractions.find(records, told)
said = retractions.what_they_say(records, retractions.are_notices(found))
print(f"{len(found):,} found, {len(said):,} say something; {time.process_time() - started:.1f} s")
"""


def run() -> None:
    """Print what is found of each label, and seconds and memory with a million records."""
    _print_pairs()
    _print_size(int(os.environ.get("PEERREVIEW_BENCH_RECORDS", N_RECORDS)))


def _print_pairs() -> None:
    measured = measure(read_pairs())
    shown = Table(title=f"{sum(each.n for each in measured)} labelled pairs of public notices and records")
    for name in ("label", "way", "pairs", "found", "wrongly in doubt"):
        shown.add_column(name, justify="left" if name in ("label", "way") else "right")
    for each in measured:
        shown.add_row(each.label, each.way, f"{each.n}", f"{each.n_found}", f"{each.n_wrongly_doubted}")
    Console(width=100).print(shown)
    for way in ("identifier", "title", "itself"):
        print(f"recall by {way}: {recall(measured, way):.3f}")


def _print_size(n_records: int) -> None:
    """Print seconds and the most memory of reading the records, of finding too, and of the whole command."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path, watch = folder / "records.csv", folder / "watch.csv"
        chance = np.random.default_rng(SEED)
        records = _records(chance, n_records)
        writing.write(records, path)
        _as_retraction_watch(_notices(chance, records)).to_csv(watch, index=False)
        del records
        print(f"{N_NOTICES:,} notices of which {N_SHARED:,} are of records; {n_records:,} records")
        command = (
            "-m",
            "peerreview",
            "retractions",
            watch,
            "--records",
            path,
            "-o",
            folder / "retracted.csv",
            "--quiet",
        )
        for said, words in (
            ("records read", ("-c", READ, path)),
            ("and notices found", ("-c", READ + FIND, path, watch)),
            ("the whole command", command),
        ):
            started = time.time()
            child = subprocess.Popen([sys.executable, *map(str, words)], stdout=subprocess.PIPE, text=True)
            told = child.stdout.read().split("\n")[-2:-1] if child.stdout else []
            _, status, used = os.wait4(child.pid, 0)
            if status:
                raise RuntimeError(f"{said} failed")
            seconds = used.ru_utime + used.ru_stime
            print(
                f"{said:<18} {time.time() - started:6.1f} s, {seconds:6.1f} s of a processor, "
                f"at most {used.ru_maxrss / 1e3:7,.0f} MB  {''.join(told)}"
            )


def _records(chance: np.random.Generator, n_records: int) -> pd.DataFrame:
    """Return invented records, made some at a time, so that no more memory is held than they need."""
    letters = np.array(list("abcdefghilmnoprstuvz"))
    words = ["".join(chance.choice(letters, chance.integers(3, 11))) for _ in range(N_WORDS)]
    names = ["".join(chance.choice(letters, chance.integers(4, 9))).capitalize() for _ in range(N_NAMES)]
    often = 1 / (np.arange(N_WORDS) + 20) ** 0.9
    often /= often.sum()
    parts = []
    for start in range(0, n_records, 50_000):
        ids = range(start, min(start + 50_000, n_records))
        picked = chance.choice(N_WORDS, (len(ids), 13), p=often).tolist()
        people = chance.integers(0, N_NAMES, (len(ids), 3)).tolist()
        long = chance.integers(6, 14, len(ids)).tolist()
        titles = [
            " ".join(words[each] for each in row[:n]).capitalize()
            for row, n in zip(picked, long, strict=True)
        ]
        parts.append(
            pd.DataFrame(
                {
                    "record_id": [f"r{each}" for each in ids],
                    "source": ["MEDLINE"] * len(ids),
                    "source_kind": ["database"] * len(ids),
                    "round": ["1"] * len(ids),
                    "type": ["Journal Article"] * len(ids),
                    "title": titles,
                    "authors": ["; ".join(f"{names[each]}, A" for each in row) for row in people],
                    "year": [str(1990 + each % 35) for each in ids],
                    "abstract": [(title * 20)[:ABSTRACT] for title in titles],
                    "doi": [f"10.5555/bench.{each}" if each % 3 else "" for each in ids],
                    "pmid": [str(10_000_000 + each) if each % 2 else "" for each in ids],
                    "extra": [""] * len(ids),
                },
                dtype="str",
            )
        )
    made = pd.concat(parts, ignore_index=True)
    return made.reindex(columns=list(tables.RECORDS.columns), fill_value="")


def _notices(chance: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    """Return notices, most of papers that are no records, some of records, with what each is found by."""
    strange = _records(chance, N_NOTICES - N_SHARED)
    shared = records.iloc[chance.choice(len(records), N_SHARED, replace=False)]
    notices = pd.concat([strange, shared], ignore_index=True).reindex(columns=list(COLUMNS), fill_value="")
    notices["kind"] = "retraction"
    way = np.arange(len(notices)) % 3
    notices.loc[way != 0, "doi"] = ""
    notices.loc[way != 1, "pmid"] = ""
    is_strange = np.arange(len(notices)) < len(strange)
    notices.loc[is_strange, "doi"] = [f"10.5555/other.{each}" for each in range(len(strange))]
    notices.loc[is_strange, "pmid"] = ""
    notices["notice_doi"] = [f"10.5555/notice.{each}" for each in range(len(notices))]
    return notices


def _as_retraction_watch(notices: pd.DataFrame) -> pd.DataFrame:
    """Return notices in the columns of Retraction Watch's table."""
    written = {
        "nature": "Retraction",
        "date": "3/31/2020 0:00",
        "published": "1/1/" + notices["year"] + " 0:00",
        "authors": notices["authors"].str.replace("; ", ";"),
    }
    return pd.DataFrame({TAKEN[name]: written.get(name, notices.get(name)) for name in TAKEN})
