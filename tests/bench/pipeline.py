"""The worked example's whole pipeline, step by step: seconds and peak memory. Goal: < 30 s, < 1 GB."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peerreview.cli.init import example_files

GOAL_SECONDS, GOAL_MEGABYTES = 30, 1_000
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1_024


def steps(folder: Path) -> list[str]:
    """Return the commands that make would run in a fresh copy of the example."""
    tools = [f"PEERREVIEW={sys.executable} -m peerreview", f"PYTHON={sys.executable}"]
    command = ["make", "-n", "--no-print-directory", *tools, "all", "evidence.md"]
    plan = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return plan.replace("\\\n", " ").splitlines()


def measure(step: str, folder: Path) -> tuple[float, float]:
    """Return (seconds, peak megabytes) of a step; what it says goes to stderr."""
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
    return time.perf_counter() - start, usage.ru_maxrss * BYTES_PER_UNIT / 1e6


def run() -> None:
    """Print seconds and peak memory of each step, and of the whole."""
    measured = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "peer-workforce"
        for path, content in example_files().items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        for step in steps(folder):
            measured.append((step, *measure(step, folder)))
    print(f"\n{'step':<58} {'s':>7} {'peak MB':>8}")
    for step, seconds, megabytes in measured:
        shown = step.replace(f"{sys.executable} -m ", "").replace(f"{sys.executable} -B ", "")
        print(f"{shown[:57]:<58} {seconds:7.2f} {megabytes:8.0f}")
    total, peak = sum(step[1] for step in measured), max(step[2] for step in measured)
    print(f"{'all':<58} {total:7.2f} {peak:8.0f}")
    print(f"{'of the goal':<58} {total / GOAL_SECONDS:7.0%} {peak / GOAL_MEGABYTES:8.0%}")
