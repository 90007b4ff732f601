"""Pull the plug: each writing command killed at any moment, what lies there then, and what comes of it."""

import csv
import io
import os
import random
import re
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from tests.hardening import forking
from tests.hardening.commands import (
    AFTER,
    COMMANDS,
    Command,
    contents,
    is_passing,
    make_inputs,
)  # fmt: skip
from tests.hardening.forking import Ended


@dataclass(frozen=True)
class Start:
    """A folder in which a command is to run, what lies there, and what lies there once it has run."""

    command: Command
    folder: Path
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    whole: Ended
    status_again: int = 0
    """How a further run ends that finds all done."""

    def run(self, place: Path, **options: object) -> Ended:
        """Run the command in a copy of the folder, which may not be there yet."""
        shutil.rmtree(place, ignore_errors=True)
        self.lay_out(place)
        return forking.run(place, self.command.arguments, keys=self.command.keys, **options)  # type: ignore[arg-type]

    def lay_out(self, place: Path) -> None:
        """Have a folder hold what lies there before the command, and nothing else."""
        place.mkdir(exist_ok=True)
        for path in place.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        # No command writes into a file that is there: one that did would be seen to.
        shutil.copytree(self.folder, place, copy_function=os.link, dirs_exist_ok=True)


@dataclass
class Counted:
    """What kills of one command came to."""

    left: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    tried: set[object] = field(default_factory=set)


def starts(folder: Path, of: Sequence[str] = ()) -> Iterator[Start]:
    """
    Yield where each command begins: before it ever ran, and with an older output in each place.

    ``of`` are the first words of the commands that are asked for; all where there are none.

    Raises
    ------
    RuntimeError
        For a command that does not do its work undisturbed, or makes other bytes the second time.
    """
    review = folder / "review"
    make_inputs(review)
    asked = [number for number, command in enumerate(COMMANDS) if command.name.startswith(tuple(of) or "")]
    # Each stands on what those before it made; those after the last are not needed.
    for number, command in enumerate(COMMANDS[: max(asked, default=-1) + 1]):
        is_asked = number in asked
        before = folder / f"{number}-new"
        shutil.copytree(review, before)
        if is_asked:
            yield _start(command, before, folder)
        if not forking.run(review, command.arguments, keys=command.keys).status:
            made = {name for pattern in command.outputs for name in _named(review, pattern)}
            older = folder / f"{number}-old"
            shutil.copytree(before, older)
            for name in sorted(made - set(contents(before))):
                (older / name).parent.mkdir(exist_ok=True)
                (older / name).write_bytes(_older(name, (review / name).read_bytes()))
            if is_asked and not command.grows and not command.once:
                yield _start(command, older, folder)
        if command.name in AFTER:
            AFTER[command.name](review)


def _named(folder: Path, pattern: str) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.glob(pattern) if path.is_file()}


def _older(name: str, content: bytes) -> bytes:
    """Return what an earlier run may have written: a row less, or another last line."""
    if not name.endswith(".csv"):
        return content + b"\n"
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows[:-1] if len(rows) > 2 else rows)
    return stream.getvalue().encode()


def _start(command: Command, before: Path, folder: Path) -> Start:
    place = folder / "undisturbed"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(before, place)
    whole = forking.run(place, command.arguments, keys=command.keys)
    after = contents(place)
    again = forking.run(place, command.arguments, keys=command.keys)
    if whole.status:
        raise RuntimeError(f"{command.name}: does not run undisturbed: {whole.said}")
    if contents(place) != after and not command.grows:
        changed = [name for name in after if contents(place).get(name) != after[name]]
        raise RuntimeError(f"{command.name}: a second run changes {changed}")
    return Start(command, before, contents(before), after, whole, again.status)


def faults_in(start: Start, found: Mapping[str, bytes]) -> list[str]:
    """Return what is neither as it was nor as it will be, file by file."""
    faults = []
    for name in sorted({*start.before, *start.after, *found}):
        if is_passing(name):
            continue
        was, will_be, stands = (each.get(name) for each in (start.before, start.after, found))
        if stands in (was, will_be):
            continue
        is_between = name in start.command.grows and (will_be or b"").startswith(stands or b"x")
        if not (is_between and (stands or b"").endswith(b"\n")):
            faults.append(f"{name}: {'is gone' if stands is None else 'is torn'}")
    return faults


def judge(start: Start, place: Path) -> tuple[str, list[str]]:
    """Return how far the command came, by what lies there, and what does not hold of it."""
    found = contents(place)
    changed = {name for name in start.after if start.after[name] != start.before.get(name)}
    done = {name for name in changed if found.get(name) == start.after[name]}
    state = "new" if done == changed else "old" if not done else "between"
    return state, faults_in(start, found)


def _seen(start: Start, place: Path) -> tuple[object, ...]:
    """Return which files a kill left as they were, which are new, and what is half written beside them."""
    found = contents(place)
    passing = {re.sub(r"\d+\.part$", "part", name) for name in found if is_passing(name)}
    new = {name for name, content in found.items() if content != start.before.get(name)}
    return id(start), frozenset(passing), frozenset(name for name in new if not is_passing(name))


def again(start: Start, place: Path) -> list[str]:
    """Run a command once more where it was killed; return what is not as after an undisturbed run."""
    keys = start.command.keys and start.command.keys[0] + "q"
    before = contents(place)
    ended = forking.run(place, start.command.arguments, keys=keys)
    found = contents(place)
    faults = (
        [f"the next run: {ended.said.strip()[:200]}"] if ended.status not in (0, start.status_again) else []
    )
    faults += [f"{name} is left behind" for name in found if is_passing(name)]
    if start.command.grows:
        return faults + [f"{name}: rows are lost" for name in start.command.grows
                         if not found.get(name, b"").startswith(before.get(name, b""))]  # fmt: skip
    return faults + [
        f"{name}: other bytes than undisturbed"
        for name in sorted({*found, *start.after})
        if not is_passing(name) and found.get(name) != start.after.get(name)
    ]


def _kills(
    begun: Sequence[Start], place: Path, n_kills: int, chance: random.Random
) -> Iterator[tuple[Start, str, int]]:
    """
    Yield where a command began, when it was killed, and how it ended, once it lies killed in a place.

    Two of three are killed before an act, whose moment no clock would hit; the others at any moment from the
    first act on. Before that nothing can have changed.
    """
    for number, start in enumerate(begun):
        n_here = len(range(number, n_kills, len(begun)))
        acts = [chance.randint(1, start.whole.n_acts) for _ in range(n_here - n_here // 3)]
        moments = [chance.random() for _ in range(n_here // 3)]
        if start.command.keys:
            # Keys are pressed from a thread of their own, which no fork takes along.
            for at in acts:
                yield start, f"before act {at}", start.run(place, how=signal.SIGKILL, at=at).status
            for share in moments:
                after = share * start.whole.seconds
                yield start, f"after {after:.3f} s", start.run(place, how=signal.SIGKILL, after=after).status
            continue
        start.lay_out(place)
        paused = forking.Paused(place, start.command.arguments)
        seconds = min(_undisturbed(start, place, paused) for _ in range(3))
        for at in acts:
            start.lay_out(place)
            yield start, f"before act {at}", paused.kill(at=at)
        for share in moments:
            start.lay_out(place)
            after = share * seconds
            yield start, f"{after:.3f} s after the first act", paused.kill(after=after)
        paused.close()


def _undisturbed(start: Start, place: Path, paused: forking.Paused) -> float:
    """Return how long a command takes from its first act on."""
    start.lay_out(place)
    begun = time.monotonic()
    if status := paused.kill():
        raise RuntimeError(f"{start.command.name}: ends undisturbed with {status}")
    return time.monotonic() - begun


def run(n_kills: int, seed: int, of: Sequence[str] = ()) -> int:
    """Print, for each command, where kills came and what did not hold; return the number of those."""
    chance = random.Random(seed)  # noqa: S311  moments, not secrets
    forking.read_all()
    n_faults = 0
    with tempfile.TemporaryDirectory() as made:
        of_command = groupby(starts(Path(made), of), key=lambda start: start.command.name)
        for name, begun in of_command:
            counted = Counted()
            place = Path(made) / "killed"
            for start, moment, ended in _kills(list(begun), place, n_kills, chance):
                state, faults = judge(start, place)
                counted.left[state if ended < 0 else "too late"] += 1
                # What the next run makes depends on which files are old and which new: each is tried once.
                if (seen := _seen(start, place)) not in counted.tried:
                    counted.tried.add(seen)
                    faults += again(start, place)
                counted.faults += [f"killed {moment}: {each}" for each in faults]
            n_faults += len(counted.faults)
            told = ", ".join(f"{n} {state}" for state, n in sorted(counted.left.items()))
            print(f"{name}: {n_kills} kills ({told}), {len(counted.faults)} did not hold", flush=True)
            for each in counted.faults[:5]:
                print(f"  {each}", flush=True)
    return n_faults
