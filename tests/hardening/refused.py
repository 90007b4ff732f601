"""A full disk, a folder that may not be written, a closed pipe, Ctrl-C: each is told, and nothing is torn."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.hardening import forking
from tests.hardening.commands import contents, is_passing
from tests.hardening.forking import Ended
from tests.hardening.kills import Start, faults_in, starts

PAGE = 4_096
NOBODY = 65_534
N_TRIES = 6
"""Of each command, beside the one that every pipe and folder has."""


def run(seed: int, of: Sequence[str] = ()) -> int:
    """Print, for each command, what it came to under each; return how many did not hold."""
    chance = random.Random(seed)  # noqa: S311  moments, not secrets
    forking.read_all()
    n_faults = 0
    with tempfile.TemporaryDirectory() as made, small_disk(Path(made)) as disk:
        if disk is None:
            print("no small disk can be mounted here (it takes root): a full one is not tried")
        Path(made).chmod(0o755)
        of_command: dict[str, list[Start]] = {}
        for start in starts(Path(made), of):
            of_command.setdefault(start.command.name, []).append(start)
        for name, begun in of_command.items():
            ends: Counter[str] = Counter()
            faults = []
            for number in range(N_TRIES):
                start = begun[number % len(begun)]
                place = Path(made) / "refused"
                tried = {
                    "Ctrl-C": lambda: break_off(start, place, chance),  # noqa: B023  called at once
                    "closed pipe": lambda: close_pipe(start, place, both=bool(number % 2)),  # noqa: B023
                }
                if disk is not None:
                    tried["full disk"] = lambda: fill(start, disk, chance)  # noqa: B023
                if number == 0 and hasattr(os, "setuid") and not os.getuid():
                    tried["read-only"] = lambda: forbid(start, place)  # noqa: B023
                if start.command.is_drawn:
                    # There Ctrl-C is a key like another, and what cannot be written is told on the screen.
                    tried = {what: each for what, each in tried.items() if what == "closed pipe"}
                attempt: Callable[[], tuple[Ended, list[str]]]
                for what, attempt in tried.items():
                    ended, wrong = attempt()
                    ends[f"{what} {ended.status}"] += 1
                    faults += [f"{what}: {each}" for each in wrong]
            n_faults += len(faults)
            told = ", ".join(f"{each} x {n}" for each, n in sorted(ends.items()))
            print(f"{name}: exit by {told}; {len(faults)} did not hold", flush=True)
            for each in faults[:5]:
                print(f"  {each}", flush=True)
    return n_faults


def break_off(start: Start, place: Path, chance: random.Random) -> tuple[Ended, list[str]]:
    """Press Ctrl-C before an act or at a moment: files are whole, and nothing passing is left behind."""
    if chance.random() < 0.7:
        ended = start.run(place, how=signal.SIGINT, at=chance.randint(1, start.whole.n_acts))
    else:
        ended = start.run(place, how=signal.SIGINT, after=chance.uniform(0, start.whole.seconds))
    return ended, _wrong(start, ended, contents(place), {0, 130, -signal.SIGINT})


def close_pipe(start: Start, place: Path, *, both: bool) -> tuple[Ended, list[str]]:
    """Have nobody read what a command prints, its remarks either where ``both``."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = start.run(place, stdout=writing, stderr=writing if both else None)
    finally:
        os.close(writing)
    return ended, _wrong(start, ended, contents(place), {0, 1, 120})


def fill(start: Start, disk: Path, chance: random.Random) -> tuple[Ended, list[str]]:
    """Fill the disk but for a few pages: all outputs are new, or all are old and one line says why."""
    place = disk / "review"
    (disk / "filling").unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(start.folder, place)
    with (disk / "filling").open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"x" * 65_536)
    left = chance.randint(0, 4) * PAGE
    with (disk / "filling").open("r+b") as stream:
        stream.truncate(max((disk / "filling").stat().st_size - left, 0))
    ended = forking.run(place, start.command.arguments, keys=start.command.keys)
    found = contents(place)
    wrong = _wrong(start, ended, found, {0, 1})
    if ended.status == 1 and not start.command.grows:
        wrong += _changed(start, found)
        if "No space left" not in ended.said:
            wrong.append(f"does not say why: {ended.said.strip()[-200:]}")
    return ended, wrong


def forbid(start: Start, place: Path) -> tuple[Ended, list[str]]:
    """Have somebody else run a command in a folder that they may read alone."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(start.folder, place)
    for folder, _, names in os.walk(place):
        Path(folder).chmod(0o555)
        for name in names:
            (Path(folder) / name).chmod(0o444)

    def be_nobody() -> None:
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    ended = forking.run(place, start.command.arguments, keys=start.command.keys, prepare=be_nobody)
    found = contents(place)
    wrong = _wrong(start, ended, found, {1}) + _changed(start, found)
    return ended, wrong + ([] if "ermission denied" in ended.said else [f"does not say why: {ended.said}"])


def _wrong(start: Start, ended: Ended, found: Mapping[str, bytes], statuses: set[int]) -> list[str]:
    wrong = faults_in(start, found) + [f"{name} is left behind" for name in found if is_passing(name)]
    if "Traceback" in ended.said or "Exception ignored" in ended.said:
        wrong.append(f"a traceback: {ended.said.strip()[-300:]}")
    if ended.status not in statuses:
        wrong.append(f"exit {ended.status}: {ended.said.strip()[-200:]}")
    return wrong


def _changed(start: Start, found: Mapping[str, bytes]) -> list[str]:
    names = {*start.before, *found}
    return [f"{name} has changed" for name in sorted(names) if start.before.get(name) != found.get(name)]


@contextmanager
def small_disk(made: Path) -> Iterator[Path | None]:
    """Yield a folder that is a disk of two megabytes; None where none can be mounted."""
    disk = made / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=4m", "none", str(disk)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)
