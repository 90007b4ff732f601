"""A command in a child of a process that has read everything: started in no time, ended at any moment."""

import importlib
import os
import pkgutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ACTS = {"os.rename", "os.remove", "os.mkdir", "os.truncate", "os.chmod", "os.chown", "fcntl.lockf"}
"""What Python tells of before it does it, beside files that it opens to write."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status (below 0: the signal), what it said, how many acts it did."""

    status: int
    said: str
    out: bytes
    n_acts: int
    seconds: float


def read_all() -> None:
    """Import whatever a command may want: what a child does then is its work alone."""
    import peerreview

    for module in pkgutil.walk_packages(peerreview.__path__, "peerreview."):
        # What runs the command line takes signals to itself.
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


class Acts:
    """Counts what a process does to files, and ends or breaks it off before one of them."""

    def __init__(self, at: int, how: int, waiting: "tuple[int, int] | None" = None) -> None:
        self.n, self._at, self._how, self._waiting = 0, at, how, waiting

    def __call__(self, event: str, given: tuple[object, ...]) -> None:
        """Take what Python tells of."""
        if event in ACTS or (event == "open" and _is_written(*given)):
            self.count()

    def count(self) -> None:
        """Count one act, about to be done."""
        if self._waiting:
            self._at = _wait_for_each(*self._waiting)
            self._waiting = None
        self.n += 1
        if self.n != self._at:
            return
        if self._how == signal.SIGKILL:
            os.kill(os.getpid(), self._how)
        # Python would have what it hears of here stop the act itself, which no key pressed can.
        threading.Timer(0.0005, os.kill, (os.getpid(), self._how)).start()


def _wait_for_each(asked: int, answers: int) -> int:
    """Stay before the first act, and say so; be each act asked for in a process of its own, and tell how."""
    os.write(answers, bytes(8))
    while told := os.read(asked, 16):
        child = os.fork()
        if not child:
            return int.from_bytes(told[:8])
        if microseconds := int.from_bytes(told[8:]):
            time.sleep(microseconds / 1e6)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.write(answers, os.waitstatus_to_exitcode(status).to_bytes(8, signed=True))
    os._exit(0)


class Paused:
    """A command stopped before its first act: what it reads and reckons is done once, its end tried often."""

    def __init__(self, folder: Path, arguments: list[str]) -> None:
        asked, self._ask = os.pipe()
        self._answers, answers = os.pipe()
        self._child = os.fork()
        if not self._child:
            os.close(self._ask)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for number in (1, 2):
                os.dup2(nowhere, number)
            _be(folder, arguments, "", Acts(0, signal.SIGKILL, (asked, answers)), (nowhere, nowhere))
        os.close(asked)
        os.close(answers)
        # Until then it reads what lies there, which nobody may lay anew.
        if not os.read(self._answers, 8):
            message = f"{' '.join(arguments)}: ends before it does anything to a file"
            raise RuntimeError(message)

    def kill(self, *, at: int = 0, after: float = 0) -> int:
        """Return how it ends: killed before an act, some seconds after it goes on, or not at all (0)."""
        os.write(self._ask, at.to_bytes(8) + int(after * 1e6).to_bytes(8))
        return int.from_bytes(os.read(self._answers, 8), signed=True)

    def close(self) -> None:
        """End it."""
        os.close(self._ask)
        os.close(self._answers)
        os.waitpid(self._child, 0)


def run(
    folder: Path,
    arguments: list[str],
    *,
    keys: str = "",
    at: int = 0,
    after: float | None = None,
    how: int = signal.SIGKILL,
    prepare: Callable[[], None] = lambda: None,
    stdout: int | None = None,
    stderr: int | None = None,
) -> Ended:
    """
    Run a command in a folder, and end it.

    Parameters
    ----------
    keys : pressed in turn, in a terminal that is none.
    at : the act before which it gets the signal; 0 for none.
    after : seconds after which it gets it; None for never.
    how : the signal.
    prepare : done in the child first.
    stdout, stderr : descriptors for what it prints.
    """
    said, out, counted = (os.memfd_create(name) for name in ("said", "out", "counted"))
    sys.stdout.flush()
    sys.stderr.flush()
    begun = time.monotonic()
    # Ctrl-C is heard where a command hears it: before that the child is this process still.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    child = os.fork()
    if not child:
        try:
            os.dup2(stdout if stdout is not None else out, 1)
            os.dup2(stderr if stderr is not None else said, 2)
            _be(folder, arguments, keys, Acts(at, how), (counted, said), prepare)
        finally:
            os._exit(70)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if after is not None:
        time.sleep(after)
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            os.kill(child, how)
    _, status = os.waitpid(child, 0)
    seconds = time.monotonic() - begun
    told, printed, n = (os.pread(each, 10_000_000, 0) for each in (said, out, counted))
    for each in (said, out, counted):
        os.close(each)
    code = os.waitstatus_to_exitcode(status)
    n_acts, *further = n.decode().split() or ["0"]
    for name in further:
        # What a command reads once it is asked for, the next child has already.
        with suppress(ImportError):
            importlib.import_module(name)
    return Ended(code, told.decode("utf-8", "replace"), printed, int(n_acts), seconds)


def _be(
    folder: Path,
    arguments: list[str],
    keys: str,
    acts: Acts,
    notes: tuple[int, int],
    prepare: Callable[[], None] = lambda: None,
) -> NoReturn:
    """Be the command, as ``peerreview.__main__`` is it; note how many acts it did, and a traceback."""
    counted, said = notes
    status, there = 70, set(sys.modules)
    try:
        import peerreview.cli

        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(folder)
        sys.argv = ["peerreview", *arguments]
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            stream = open(descriptor, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        _press(keys)
        _write_in_pieces(acts)
        prepare()
        sys.addaudithook(acts)
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            peerreview.cli.main()
            status = 0
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
        except KeyboardInterrupt:
            status = 128 + signal.SIGINT
    except KeyboardInterrupt:
        # Once all is done, as before anything is.
        status = 128 + signal.SIGINT
    except BaseException:  # noqa: BLE001  whatever it is, the parent is told
        import traceback

        # Its own standard error may be a pipe that nobody reads.
        os.write(said, traceback.format_exc().encode())
    finally:
        # All is done: what comes now would break off our own account of it.
        for _ in range(2):
            with suppress(KeyboardInterrupt):
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        counts = [str(acts.n), *sorted(set(sys.modules) - there)]
        for printed in (sys.stdout, sys.stderr):
            try:
                printed.flush()
            except OSError:
                status = status or 1
        os.pwrite(counted, "\n".join(counts).encode(), 0)
        os._exit(status)


def _is_written(path: object, _mode: object, flags: object) -> bool:
    of_process = isinstance(path, int) or str(path).startswith(("/dev/", "/proc/"))
    return not of_process and isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _write_in_pieces(acts: Acts) -> None:
    """Have files written bit by bit, each an act as is making sure that it is on the disk."""
    from peerreview.tables import writing

    whole = writing._encode

    def encode(content: object, path: Path) -> Iterator[bytes]:
        for piece in whole(content, path):  # type: ignore[arg-type]
            step = max(len(piece) // 3, 1)
            for start in range(0, len(piece), step):
                acts.count()
                yield piece[start : start + step]

    def sync(_descriptor: int) -> None:
        acts.count()

    writing._encode = encode
    writing._AT_ONCE = 64
    os.fsync = sync  # type: ignore[assignment]


def _press(keys: str) -> None:
    """Press keys: one after the other where a command waits for one, or in the screen that textual draws."""
    if not keys:
        return
    import typer

    from peerreview.cli import keyboard

    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.isatty = lambda: True  # type: ignore[method-assign]
    left = iter(keys)
    typer.getchar = lambda: next(left, "q")  # type: ignore[assignment,misc]
    shown = keyboard.Keyboard.run

    async def press(pilot: object) -> None:
        await pilot.press(*keys)  # type: ignore[attr-defined]

    def run_headless(self: "keyboard.Keyboard", **options: object) -> object:
        return shown(self, headless=True, auto_pilot=press, **options)  # type: ignore[arg-type]

    keyboard.Keyboard.run = run_headless  # type: ignore[assignment, method-assign]
