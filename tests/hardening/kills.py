"""Pull the plug: each writing command killed at random moments, and what lies there then."""

import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peerreview import tables
from peerreview.duplicates.keeping import check_one_run
from peerreview.errors import PeerreviewError
from peerreview.tables import reading

COMMANDS = {
    "import": (["import", "a.ris", "--source", "MEDLINE", "--replace"], {"records.csv": tables.RECORDS}),
    "dedupe": (
        ["dedupe", "--workers", "1"],
        {"unique.csv": tables.UNIQUE, "duplicates.csv": tables.DUPLICATES},
    ),
    "screen": (["screen"], {"screening.csv": tables.SCREENING, "conflicts.csv": tables.CONFLICTS}),
}


def peerreview(folder: Path, command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a command in a folder, in silence."""
    return subprocess.Popen(
        [sys.executable, "-m", "peerreview", *command],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ),
    )  # fmt: skip


def write_exports(folder: Path, chance: random.Random, n_records: int = 400) -> None:
    """Write an export in which some records come twice, another one each time."""
    titles = [f"Peer work number {chance.randrange(300)} in wards" for _ in range(n_records)]
    pieces = (f"TY  - JOUR\nTI  - {title}\nAU  - Reeves, Ann\nPY  - 2001\nER  - \n\n" for title in titles)
    (folder / "a.ris").write_text("".join(pieces), encoding="utf-8")


def faults_in(folder: Path, outputs: "dict[str, tables.Table]") -> list[str]:
    """Return what is torn among the outputs, or of two runs and not told by the next command."""
    found = []
    for name, table in outputs.items():
        if not (folder / name).exists():
            continue
        try:
            reading.read(folder / name, table)
        except PeerreviewError as error:
            found.append(f"{name}: {error}")
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            widths = {len(row) for row in csv.reader(lines)}
        if len(widths) != 1:
            found.append(f"{name}: rows of {sorted(widths)} cells")
    return found


def run(n_kills: int, seed: int) -> int:
    """Print, for each command, how many kills left a torn file, and runs were mixed; return faults."""
    chance = random.Random(seed)  # noqa: S311  moments, not secrets
    n_faults = 0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "decisions").mkdir()
        (folder / "decisions" / "a.csv").write_text("record_id,reviewer,stage,decision\n", encoding="utf-8")
        write_exports(folder, chance)
        for name, (command, outputs) in COMMANDS.items():
            begun = time.monotonic()
            peerreview(folder, command).wait()
            whole = time.monotonic() - begun
            torn, mixed = [], 0
            for _ in range(n_kills):
                if name == "import":
                    write_exports(folder, chance)
                process = peerreview(folder, command)
                # Most of the time is Python's start; what is written is written at the end.
                time.sleep(whole * chance.uniform(0.5, 1.05))
                process.send_signal(signal.SIGKILL)
                process.wait()
                torn += faults_in(folder, outputs)
                if name == "dedupe" and all((folder / each).exists() for each in outputs):
                    unique, pairs = (reading.read(folder / each, table) for each, table in outputs.items())
                    try:
                        check_one_run(unique, pairs)
                    except PeerreviewError:
                        mixed += 1
            peerreview(folder, command).wait()
            left = [path.name for path in folder.iterdir() if path.name.endswith((".part", ".lock"))]
            n_faults += len(torn) + len(left)
            counts = f"{n_kills} kills, {len(torn)} torn, {mixed} mixed and told"
            print(f"{name}: {counts}, left behind: {left or 'nothing'}", flush=True)
            for each in torn[:5]:
                print(f"  {each}")
    return n_faults
