"""
Random single-cell changes over all tables of the worked example: does ``verify`` name table and boxes?

After each change the flow is counted again by itself; the boxes that moved then are those that ``verify``
has to say differ, no more and no fewer. Files that did not change are read once.
"""

import functools
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.cli.init import example_files
from peerreview.cli.proving import count
from peerreview.errors import PeerreviewError
from peerreview.flow import proofs
from peerreview.review import Review
from peerreview.tables import reading
from tests.cli.test_verify import boxes_of, change_a_cell

_FILES = ("flow.json", "prisma.svg")


def run(n_changes: int, seed: int, made: Path | None = None) -> int:
    """Try so many changes; print what was not named, and return how many those were."""
    chance = random.Random(seed)  # noqa: S311  an order of changes, not a secret
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / "review"
        _make(here, made)
        _read_once()
        _hash_once()
        before = boxes_of(str(here / "flow.json"))
        tables = [
            path
            for path in (*sorted(here.glob("*.csv")), *sorted((here / "decisions").glob("*.csv")))
            if path.name != "flow.csv" and path.read_text(encoding="utf-8").count("\n") > 1
        ]
        outcomes: Counter[str] = Counter()
        faults = 0
        for number in range(n_changes):
            table = tables[number % len(tables)]
            kept = table.read_bytes()
            change_a_cell(table, chance)
            fault, outcome = _try(here, table, chance.choice(_FILES), before)
            outcomes[outcome] += 1
            if fault:
                faults += 1
                print(f"change {number}, {table.relative_to(here)}: {fault}")
            table.write_bytes(kept)
        told = ", ".join(f"{n:,} {outcome}" for outcome, n in sorted(outcomes.items()))
        print(f"{n_changes:,} changes over {len(tables)} tables: {told}; {faults:,} not named")
    return faults


def _make(here: Path, made: Path | None) -> None:
    if made is not None:
        shutil.copytree(made, here)
        return
    for name, content in example_files().items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(content)
    tools = (f"PEERREVIEW={sys.executable} -m peerreview", f"PYTHON={sys.executable}")
    subprocess.run(["make", "-s", "-C", str(here), *tools, "all"], check=True, capture_output=True)


def _read_once() -> None:
    """Have files read once as long as they are as they were: nothing changes a table that was read."""
    for name in ("read", "read_raw"):
        setattr(reading, name, _once(getattr(reading, name)))


def _hash_once() -> None:
    """Have rows hashed once as long as they are of the same table."""
    kept: dict[int, tuple[Any, list[int]]] = {}
    hashes = proofs._row_hashes

    def hashed(table: Any) -> list[int]:
        if id(table) not in kept:
            # The table is kept, too: else another may come to lie in its place.
            kept[id(table)] = (table, hashes(table))
        return kept[id(table)][1]

    proofs._row_hashes = hashed


def _once(read: Callable[..., Any]) -> Callable[..., Any]:
    @functools.lru_cache(maxsize=60)
    def read_again(path: Path, _time: int, table: Any) -> Any:
        return read(path, table) if table is not None else read(path)

    def reader(path: Path, table: Any = None) -> Any:
        if not path.is_file():
            return read(path, table)
        # A table's rules cannot be hashed; there is one of each name.
        return read_again(path, path.stat().st_mtime_ns, _Named(table) if table is not None else None)

    return reader


class _Named:
    """A table's rules, told apart by their name."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and other._table.name == self._table.name

    def __hash__(self) -> int:
        return hash(self._table.name)


def _try(here: Path, table: Path, file: str, before: dict[str, Any]) -> tuple[str, str]:
    """Return what ``verify`` did not name, blank for nothing, and what became of the boxes."""
    name = table.relative_to(here).as_posix()
    result = CliRunner().invoke(app, ["verify", str(here / file)])
    if result.exception and not isinstance(result.exception, SystemExit):
        return repr(result.exception), "failed"
    said = [line.partition(": ")[2] for line in result.stdout.splitlines()]
    if result.exit_code != 1 or not any(line.startswith(f"{name}: differs") for line in said):
        return f"exit {result.exit_code}, and the table is not named", "not named"
    try:
        flow = count(Review(here), {}).flow
    except PeerreviewError:
        is_told = any(": cannot be checked (" in line for line in said)
        return "" if is_told else "cannot be counted, and that is not told", "cannot be counted"
    after = {key: (each.n or 0, sorted(each.ids), each.basis) for key, each in proofs.counts(flow).items()}
    moved = {key for key in before | after if before.get(key) != after.get(key)}
    is_later = any(": differs (once " in line for line in said)
    named = {
        key
        for key in before | after
        if any(line.startswith(f"{key}: differs") and ": differs (once " not in line for line in said)
    }
    outcome = "moved boxes" if moved else "will move boxes" if is_later else "moved none"
    return "" if named == moved else f"moved {sorted(moved)}, named {sorted(named)}", outcome
