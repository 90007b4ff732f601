"""The worked example's whole pipeline, step by step: seconds and peak memory. Goal: < 30 s, < 1 GB."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peerreview.cli.init import example_files

GOAL_SECONDS, GOAL_MEGABYTES = 30, 1_000
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1_024
TOOLS = (f"PEERREVIEW={sys.executable} -m peerreview", f"PYTHON={sys.executable}")


def lay_out(folder: Path) -> Path:
    """Return a folder with a fresh copy of the example."""
    for path, content in example_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def steps(folder: Path) -> list[str]:
    """Return the commands that make would run in a fresh copy of the example."""
    command = ["make", "-n", "--no-print-directory", *TOOLS, "all", "evidence.md"]
    plan = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return plan.replace("\\\n", " ").splitlines()


def measure(step: str, folder: Path) -> tuple[float, float, float]:
    """Return (seconds, processor seconds, peak megabytes) of a step; what it says goes to stderr."""
    start = time.perf_counter()
    process = os.posix_spawn(
        "/bin/sh",
        ["sh", "-c", f"cd '{folder}' && {step}"],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)],
    )
    _, status, usage = os.wait4(process, 0)
    if status:
        sys.exit(f"failed: {step}")
    seconds = time.perf_counter() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * BYTES_PER_UNIT / 1e6


def run() -> None:
    """Print seconds and peak memory of each step, and of the whole."""
    measured: list[tuple[str, float, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        one, whole = (lay_out(Path(name) / each) for each in ("one", "whole"))
        for step in steps(one):
            measured.append((step, *measure(step, one)))
        together = measure(f"make {' '.join(map(shlex.quote, TOOLS))} all evidence.md", whole)
    print(f"\n{'step':<58} {'s':>7} {'cpu s':>7} {'peak MB':>8}")
    for step, seconds, processor, megabytes in measured:
        shown = step.replace(f"{sys.executable} -m ", "").replace(f"{sys.executable} -B ", "")
        print(f"{shown[:57]:<58} {seconds:7.2f} {processor:7.2f} {megabytes:8.0f}")
    total, busy = sum(step[1] for step in measured), sum(step[2] for step in measured)
    print(f"{'all, one after another':<58} {total:7.2f} {busy:7.2f} {max(step[3] for step in measured):8.0f}")
    print(f"{'make, two at a time':<58} {together[0]:7.2f} {together[1]:7.2f} {together[2]:8.0f}")
    print(f"{'of the goal':<58} {together[0] / GOAL_SECONDS:7.0%} {'':7} {together[2] / GOAL_MEGABYTES:8.0%}")
