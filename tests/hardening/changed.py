"""
Random single-cell changes over all tables of the worked example: does ``verify`` name table and boxes?

After each change the flow is counted again by ``prisma``, and where people keep the table the commands are
run that read it: the boxes whose count, records or basis are others in that flow.json than in the one before
are those that ``verify`` has to name, no more and no fewer. Each change is tried in a child process of one
that has read everything, in a folder of links: only what a change touches is written, and read again.
"""

import functools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from peerreview.cli import app
from peerreview.cli.init import example_files
from peerreview.flow import proofs
from peerreview.tables import reading
from tests.cli.test_verify import boxes_of, change_a_cell
from tests.hardening.forking import read_all

_FILES = ("flow.json", "prisma.svg")
_TOLD_EVERY = 10
_IMPORT = ("import", "*", "--sources", "sources.csv", "-o", "records.csv")
_DEDUPE = ("dedupe", "records.csv", "--overrides", "overrides.csv", "-o", "unique.csv")
_SCREEN = ("screen", "unique.csv", "*", "-o", "screening.csv")
_READ_BY = {"sources": (_IMPORT, _DEDUPE, _SCREEN), "overrides": (_DEDUPE, _SCREEN), "decisions": (_SCREEN,)}
"""The commands that read what people keep, and those after them; ``*`` for exports, or votes."""

Boxes = Mapping[str, tuple[int, list[str], str]]


def run(n_changes: int, seed: int, made: Path | None = None) -> int:
    """Try so many changes; print what was not named, and return how many those were."""
    chance = random.Random(seed)  # noqa: S311  an order of changes, not a secret
    with tempfile.TemporaryDirectory() as folder:
        kept, here = Path(folder) / "kept", Path(folder) / "review"
        _make(kept, made)
        shutil.copytree(kept, here, copy_function=os.link)
        tables = [path.relative_to(here) for path in _tables(here)]
        _prepare(here)
        outcomes: Counter[str] = Counter()
        touched: Counter[str] = Counter()
        n_faults, began = 0, time.monotonic()
        for number in range(n_changes):
            # Each table as often as each other, in no order that goes along with anything else.
            if not number % len(tables):
                chance.shuffle(tables)
            table = tables[number % len(tables)]
            _loosen(here / table)
            change_a_cell(here / table, chance)
            file = chance.choice(_FILES)
            fault, outcome = _in_child(functools.partial(_try, here, table.as_posix(), file))
            _restore(here, kept)
            outcomes[outcome] += 1
            touched[table.as_posix()] += 1
            if fault:
                n_faults += 1
                print(f"change {number + 1:,}, {table}, {file}: {fault}", flush=True)
            if not (number + 1) % _TOLD_EVERY or number + 1 == n_changes:
                spent = (time.monotonic() - began) / (number + 1)
                told = ", ".join(f"{n:,} {each}" for each, n in sorted(outcomes.items()))
                print(
                    f"{number + 1:,} of {n_changes:,}: {told}; {n_faults:,} wrong; {spent:.1f} s each",
                    flush=True,
                )
        print("changed: " + ", ".join(f"{name} {n}" for name, n in sorted(touched.items())))
    return n_faults


def _tables(here: Path) -> list[Path]:
    """Return the tables of a review that have a cell to change, besides what a flow is written to."""
    return [
        path
        for path in (*sorted(here.glob("*.csv")), *sorted((here / "decisions").glob("*.csv")))
        if path.name != "flow.csv" and path.read_text(encoding="utf-8").count("\n") > 1
    ]


def _make(here: Path, made: Path | None) -> None:
    if made is not None:
        shutil.copytree(made, here)
        return
    for name, content in example_files().items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(content)
    tools = (f"PEERREVIEW={sys.executable} -m peerreview", f"PYTHON={sys.executable}")
    subprocess.run(["make", "-s", "-C", str(here), *tools, "all"], check=True, capture_output=True)


def _prepare(here: Path) -> None:
    """Read and hash every file once, for all children; the untouched review has to hold."""
    read_all()
    os.chdir(here)
    _read_once()
    _hash_once()
    for file in _FILES:
        result = _call("verify", file)
        assert result.exit_code == 0, result.output
    _count("again.json")
    Path("again.json").unlink()


def _loosen(path: Path) -> None:
    """Have a file be one of its own, of the same content: what is written to it is written nowhere else."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)


def _restore(here: Path, kept: Path) -> None:
    """Have a folder be links to the files kept again, and to nothing else."""
    for path in here.rglob("*"):
        origin = kept / path.relative_to(here)
        if path.is_file() and not (origin.exists() and origin.samefile(path)):
            path.unlink()
    for origin in kept.rglob("*"):
        path = here / origin.relative_to(kept)
        if origin.is_file() and not path.exists():
            os.link(origin, path)


def _in_child(attempt: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Return what a function returns in a child process: whatever it read or remembers goes with it."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reader)
            try:
                found = attempt()
            except BaseException as error:  # noqa: BLE001  whatever it is, the parent is told
                found = repr(error), "failed"
            with os.fdopen(writer, "w") as stream:
                json.dump(found, stream)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    fault, outcome = json.loads(said) if said else ("the child died", "failed")
    return fault, outcome


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


def _try(here: Path, name: str, file: str) -> tuple[str, str]:
    """Return what ``verify`` says wrongly of a changed table, if anything; and what became of the boxes."""
    result = _call("verify", file)
    if result.exception and not isinstance(result.exception, SystemExit):
        return repr(result.exception), "failed"
    said = [line.partition(": ")[2] for line in result.stdout.splitlines()]
    if result.exit_code != 1 or not any(line.startswith(f"{name}: differs") for line in said):
        return f"exit {result.exit_code}, and the table is not named", "not named"
    before = boxes_of("flow.json")
    now = _count("now.json")
    if now is None:
        is_told = any(": cannot be checked (" in line for line in said)
        return "" if is_told else "cannot be counted, and that is not told", "cannot be counted"
    moved = _moved(before, now)
    later = _count_anew(here, name, now)
    if later is None:
        is_told = any(": cannot be checked (" in line for line in said)
        return "" if is_told else "cannot be made anew, and that is not told", "cannot be made anew"
    wanted = moved | _moved(before, later)
    named = {
        key: line for key in {*before, *now, *later} for line in said if line.startswith(f"{key}: differs")
    }
    at_once = {key for key, line in named.items() if not line.startswith(f"{key}: differs (once ")}
    outcome = "moved boxes" if moved else "will move boxes" if wanted else "moved none"
    if at_once != moved:
        return f"moved {sorted(moved)}, named {sorted(at_once)}", outcome
    if set(named) != wanted:
        return f"once made anew {sorted(wanted)} move, named {sorted(named)}", outcome
    wrong = [line for key, line in named.items() if not _says(line, before.get(key), (now, later), key)]
    return (f"says other numbers: {wrong}" if wrong else ""), outcome


def _says(line: str, was: Any, after: tuple[Boxes, ...], key: str) -> bool:
    """Return whether a line has the count that a box had and the one that it has, now or later."""
    for boxes in after:
        if was is None or key not in boxes:
            if "not there" in line:
                return True
        elif f"was {was[0]:,}, is {boxes[key][0]:,}" in line or (
            was[0] == boxes[key][0] and was != boxes[key]
        ):
            return True
    return False


def _moved(before: Boxes, after: Boxes) -> set[str]:
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def _count(file: str) -> Boxes | None:
    """Return the boxes that ``prisma`` counts from the tables as they lie; None where it cannot."""
    result = _call("prisma", "-q", "--allow-inconsistent", "-o", file)
    return None if result.exit_code else boxes_of(file)


def _count_anew(here: Path, name: str, now: Boxes) -> Boxes | None:
    """Return the boxes once the commands that read a table were run again; None where one cannot be."""
    commands = _READ_BY.get(name.partition("/")[0].removesuffix(".csv"))
    if commands is None:
        return now
    for command, *words in commands:
        starred = _exports(here) if command == "import" else sorted(map(str, Path("decisions").glob("*.csv")))
        result = _call(command, *(each for word in words for each in (starred if word == "*" else [word])))
        if result.exit_code:
            return None
    return _count("later.json")


def _exports(here: Path) -> list[str]:
    """Return the exports in the order in which the example's Makefile imports them."""
    text = (here / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    listed = [line for line in text.splitlines() if line.startswith(("DATABASES", "OTHER"))]
    return [word for line in listed for word in line.split() if word.startswith("exports/")]


def _call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))
