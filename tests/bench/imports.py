"""
Speed and memory of import beside rispy and bibtexparser, on generated exports of about 2 kB a record.

``PEERREVIEW_BENCH_RECORDS`` sets the number of records of the large file, 100,000 where it is not set.
"""

import gc
import logging
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import bibtexparser.entrypoint
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from rich.console import Console
from rich.table import Table

from peerreview.imports import stretches
from peerreview.imports.formats import RawRecord
from peerreview.tables.memory import uncollected

WORDS = re.findall(
    r"\w+",
    "peer support worker mental health service recovery role clarity supervision leadership inclusion "
    "training outcome trial randomised participants evidence review system staff stigma hope",
)
SMALL, SLOW = 10_000, 300
LARGE = int(os.environ.get("PEERREVIEW_BENCH_RECORDS", "100000"))


def make_ris(n_records: int, chance: random.Random) -> str:
    """Return a RIS export with abstracts of 230 words."""
    return "\n".join(_ris_record(number, chance) for number in range(n_records))


def make_bibtex(n_records: int, chance: random.Random) -> str:
    """Return a BibTeX export with abstracts of 230 words, two accents in each, and one in a name."""
    return "\n".join(_bibtex_entry(number, chance) for number in range(n_records))


def _abstract(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=230))


def _ris_record(number: int, chance: random.Random) -> str:
    return f"""TY  - JOUR
TI  - Paper {number} on {" ".join(chance.choices(WORDS, k=9))}
AU  - Müller{number % 997}, A. B.
AU  - Reeves{number % 89}, Verity
AU  - Loughhead{number % 13}, M
PY  - {1980 + number % 45}
T2  - Journal of {chance.choice(WORDS)}
VL  - {number % 60}
IS  - {number % 12}
SP  - {number % 900}
EP  - {number % 900 + 9}
DO  - 10.5555/bench.{number}
AB  - {_abstract(chance)}
KW  - peer support
KW  - recovery
KW  - staff
SN  - 1234-5678
LA  - English
UR  - https://example.org/{number}
AN  - {number:08d}
DB  - Scopus
ER  - 
"""  # noqa: W291  RIS ends a record so


def _bibtex_entry(number: int, chance: random.Random) -> str:
    return f"""@article{{key{number},
  title = {{Paper {number} on {" ".join(chance.choices(WORDS, k=9))}}},
  author = {{M{{\\"u}}ller{number % 997}, A. B. and Reeves{number % 89}, V and Lough{number % 13}, M}},
  year = {{{1980 + number % 45}}},
  journal = {{Journal of {chance.choice(WORDS)}}},
  volume = {{{number % 60}}},
  number = {{{number % 12}}},
  pages = {{{number % 900}--{number % 900 + 9}}},
  doi = {{10.5555/bench.{number}}},
  abstract = {{{_abstract(chance)} caf{{\\'e}} na{{\\"i}}ve}},
  keywords = {{peer support; recovery; staff}},
  issn = {{1234-5678}},
  url = {{https://example.org/{number}}},
}}
"""


def seconds(*actions: Callable[[], object], times: int = 3) -> list[float]:
    """Return the least time of some runs of each action, taken in turns: what slows a machine slows all."""
    least = [float("inf")] * len(actions)
    for _ in range(times):
        for place, action in enumerate(actions):
            gc.collect()
            begin = time.perf_counter()
            action()
            least[place] = min(least[place], time.perf_counter() - begin)
    return least


def read_bibtex(content: bytes) -> list[dict[str, str]]:
    """Return a BibTeX export's records, accents decoded and names split, as import reads them."""
    with uncollected():
        found, _, parts = stretches.read_raw(content)
        return [found.to_fields(part) for part in parts if isinstance(part, RawRecord)]


def run() -> None:
    """Print records per second and ratios, then memory and time of the command."""
    logging.disable(logging.CRITICAL)
    chance = random.Random(20240601)  # noqa: S311  the same records in every run
    console = Console(width=130)
    table = Table(title="From bytes to raw records, in one process")
    for name in ("export", "records", "reader", "records/s", "ours is"):
        table.add_column(name, justify="left" if name in {"export", "reader"} else "right")
    for n_records in dict.fromkeys((SMALL, LARGE)):
        _compare_ris(make_ris(n_records, chance).encode(), n_records, table)
    for n_records in dict.fromkeys((SMALL, LARGE)):
        _compare_bibtex(make_bibtex(n_records, chance), n_records, table)
    console.print(table)
    console.print(_measure_command(chance))


def _compare_ris(content: bytes, n_records: int, table: Table) -> None:
    times = 7 if n_records <= SMALL else 2
    ours, theirs = seconds(
        lambda: stretches.read_raw(content), lambda: rispy.loads(content.decode()), times=times
    )
    table.add_row("RIS", f"{n_records:,}", "peerreview", f"{n_records / ours:,.0f}", "")
    table.add_row("RIS", f"{n_records:,}", "rispy", f"{n_records / theirs:,.0f}", f"{theirs / ours:.2f} x")


def _compare_bibtex(text: str, n_records: int, table: Table) -> None:
    times = 4 if n_records <= SMALL else 2
    content = text.encode()
    ours, plain = (
        n_records / each
        for each in seconds(
            lambda: read_bibtex(content), lambda: bibtexparser.entrypoint.parse_string(text), times=times
        )
    )
    some = "\n\n".join(text.split("\n\n")[:SLOW])
    middlewares = [LatexDecodingMiddleware(), SeparateCoAuthors(), SplitNameParts()]
    (slow,) = seconds(
        lambda: bibtexparser.entrypoint.parse_string(some, append_middleware=middlewares), times=1
    )
    decoded = SLOW / slow
    name = "peerreview, accents decoded, names split"
    table.add_row("BibTeX", f"{n_records:,}", name, f"{ours:,.0f}", "")
    table.add_row("BibTeX", f"{n_records:,}", "bibtexparser", f"{plain:,.0f}", f"{ours / plain:.2f} x")
    name = f"bibtexparser, LaTeX and names (of {SLOW})"
    table.add_row("BibTeX", f"{n_records:,}", name, f"{decoded:,.0f}", f"{ours / decoded:.1f} x")


_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints the peak memory of the largest process of a command."""


def _measure_command(chance: random.Random) -> Table:
    table = Table(title="The whole command: normalised and written")
    for name in (
        "exports",
        "records",
        "seconds",
        "records/s",
        "of rispy's bare parse",
        "peak MB (largest process)",
        "x file size",
    ):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        text = make_ris(LARGE, chance)
        whole = folder / "whole.ris"
        whole.write_text(text, encoding="utf-8")
        halves = [folder / "first.ris", folder / "second.ris"]
        middle = text.index("\nTY  - ", len(text) // 2) + 1
        halves[0].write_text(text[:middle], encoding="utf-8")
        halves[1].write_text(text[middle:], encoding="utf-8")
        peaks: dict[int, int] = {}

        def run_command(paths: list[Path]) -> None:
            command = [sys.executable, "-m", "peerreview", "import", *map(str, paths), "-q", "--replace"]
            told = subprocess.run(
                [sys.executable, "-c", _PEAK, *command, "-o", str(folder / f"{len(paths)}.csv")],
                check=True,
                capture_output=True,
                text=True,
            )
            peaks[len(paths)] = int(told.stdout) * (1 if sys.platform == "darwin" else 1024)

        bare, *took = seconds(
            partial(rispy.loads, text), *(partial(run_command, p) for p in ([whole], halves))
        )
        size = whole.stat().st_size
        for (n_exports, peak), each in zip(peaks.items(), took, strict=True):
            table.add_row(
                str(n_exports),
                f"{LARGE:,}",
                f"{each:.1f}",
                f"{LARGE / each:,.0f}",
                f"{bare / each:.2f} x",
                f"{peak / 1e6:,.0f}",
                f"{peak / size:.1f}",
            )
    return table
