"""Outputs of two runs of one command: the next command takes none of them together without a word."""

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.hardening import forking
from tests.hardening.commands import AFTER, COMMANDS, contents, make_inputs

NEXT = """
screen
screen --form ben -o to-fill.csv
screen --resolve answers.csv
screen --status --json
screen --stopping -o said.json
agreement -o agreed.json
decisions sheet.csv --reviewer cy --stage title_abstract --lenient --replace -o decisions/cy.csv
prisma --previous published/flow-2021.json -o flow.json
prisma --ledger -o ledger.md
export -o all.ris
export unique.csv -o kept.ris
export --stage full_text --outcome exclude -o excluded.ris
table excluded -o excluded.md
table sources -o searched.md
table characteristics -o characteristics.md
report -o report.md
form reports -o to-fill.csv
form studies -o studies-to-fill.csv
retractions retraction_watch.csv --dated 2024-03-01 -o retracted.md
status
trace e1-c3d5db
why-not 10.5555/none
"""
"""What people may run next."""


@dataclass(frozen=True)
class Pair:
    """One command's outputs, and what was otherwise when it ran before."""

    of: str
    line: str
    outputs: tuple[str, ...]
    undo: Callable[[Path], None]


def _without_last_rows(name: str, n: int) -> Callable[[Path], None]:
    def undo(folder: Path) -> None:
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines[:-n]), encoding="utf-8")

    return undo


def _without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _fewer_exports(folder: Path) -> None:
    overrides = folder / "overrides.csv"
    overrides.write_text(overrides.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    exports = [f"exports/2021-{name}.ris" for name in ("embase", "medline")]
    ended = forking.run(folder, ["import", *exports, "--replace", "--lenient"])
    if ended.status:
        raise RuntimeError(ended.said)


def _part_one_pair(folder: Path) -> None:
    """Have somebody say of a pair that the rules took for one work that it is two."""
    pairs = csv.DictReader((folder / "duplicates.csv").read_text(encoding="utf-8").splitlines())
    pair = next(each for each in pairs if each["verdict"] == "duplicate" and each["record_id"] < "n")
    file = folder / "overrides.csv"
    header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = {"record_id": pair["record_id"], "duplicate_of": pair["duplicate_of"], "verdict": "distinct"}
    with file.open("a", encoding="utf-8") as stream:
        stream.write(",".join(row.get(name, "") for name in header) + "\n")


DEDUPE = "dedupe --workers 1"
DEDUPED = ("unique.csv", "duplicates.csv", "possible.csv")
SCREENED = ("screening.csv", "conflicts.csv")
PAIRS = (
    Pair("dedupe, before a word on a pair", DEDUPE, DEDUPED, _without_last_rows("overrides.csv", 1)),
    Pair("dedupe, before an update", DEDUPE, DEDUPED, _fewer_exports),
    Pair(
        "screen, before the last votes", "screen", SCREENED, _without_last_rows("decisions/ben.csv", 5)
    ),
    Pair(
        "screen, before conflicts were settled", "screen", SCREENED, _without("decisions/resolutions.csv")
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What a command made of a folder."""

    status: int
    files: Mapping[str, bytes]
    out: bytes
    said: frozenset[str]


def _next(folder: Path, line: str, place: Path) -> Made:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place)
    before = _signs(place)
    ended = forking.run(place, line.split())
    # A file that is written anew counts, though it may hold what lay there.
    written = {name for name, sign in _signs(place).items() if sign != before.get(name)}
    made = {name: _plain(name, content) for name, content in contents(place).items() if name in written}
    return Made(ended.status, made, ended.out, frozenset(ended.said.splitlines()))


def _signs(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what is otherwise once a file is written again, be it with the same bytes."""
    files = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)): (told.st_ino, told.st_mtime_ns) for path, told in files.items()}


def _plain(name: str, content: bytes) -> bytes:
    """Return a file without which bytes were read, and lay there unread: that is not what came of them."""
    if name.endswith(".json"):
        said = json.loads(content)
        if isinstance(said, dict) and isinstance(said.get("proof"), dict):
            said["proof"].pop("beside", None)
            content = json.dumps(said).encode()
    return re.sub(rb"[0-9a-f]{64}", b"HASH", content)


def faults_of(pair: Pair, review: Path, made: Path) -> tuple[int, list[str]]:
    """Return how many mixtures were tried, and which of them a command took without a word."""
    new, old, mixed = (made / name for name in ("new", "old", "mixed"))
    for folder in (new, old, mixed):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(review, folder)
    pair.undo(old)
    for folder in (new, old):
        ended = forking.run(folder, pair.line.split())
        if ended.status:
            raise RuntimeError(f"{pair.of}: {ended.said}")
    differ = [name for name in pair.outputs if (new / name).read_bytes() != (old / name).read_bytes()]
    n_tried, faults = 0, []
    for line in NEXT.strip().splitlines():
        whole = []
        for run in (new, old):
            # What people wrote is as it is now, whatever the outputs are of.
            for name in pair.outputs:
                shutil.copy(run / name, mixed / name)
            whole.append(_next(mixed, line, made / "next"))
        heard = whole[0].said | whole[1].said
        for size in range(1, len(differ)):
            for older in combinations(differ, size):
                for name in pair.outputs:
                    shutil.copy((old if name in older else new) / name, mixed / name)
                found = _next(mixed, line, made / "next")
                n_tried += 1
                is_one_run = any(
                    (found.status, found.files, found.out) == (each.status, each.files, each.out)
                    for each in whole
                )
                if not found.status and not is_one_run and not found.said - heard:
                    faults.append(f"{line}: takes {', '.join(older)} of the older run")
    return n_tried, faults


def run() -> int:
    """Print which outputs of two runs were taken together in silence; return how many."""
    forking.read_all()
    n_faults = 0
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        review = made / "review"
        make_inputs(review)
        for command in COMMANDS:
            if command.name.startswith(("import", "dedupe", "screen")):
                forking.run(review, command.arguments, keys=command.keys)
                if command.name in AFTER:
                    AFTER[command.name](review)
        _part_one_pair(review)
        for pair in PAIRS:
            n_tried, faults = faults_of(pair, review, made)
            n_faults += len(faults)
            print(f"{pair.of}: {n_tried} mixtures, {len(faults)} taken without a word", flush=True)
            for each in faults:
                print(f"  {each}", flush=True)
    return n_faults
