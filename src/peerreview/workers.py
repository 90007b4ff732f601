"""Work on many records: shared among processes, which need no fork."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Lock
from typing import Any, TypeVar

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def share(do: Callable[[Piece], Made], pieces: Iterable[Piece], n_workers: int) -> list[Made]:
    """
    Return what a function makes of each piece, in order.

    Each of ``n_workers`` Python processes imports the function's module alone
    and takes the next piece as soon as it is free; one that it cannot do is
    done here. With one worker all are done here.

    Parameters
    ----------
    do : a function of a module, which a process finds there by its name.
    pieces : taken one at a time, while those before are worked on.
    """
    if n_workers < 2:
        return [do(piece) for piece in pieces]
    queue = _Queue(pieces)
    with ThreadPoolExecutor(n_workers) as threads:
        code = f"from {__name__} import serve; serve({do.__module__!r}, {do.__qualname__!r})"
        for each in [threads.submit(_delegate, code, do, queue) for _ in range(n_workers)]:
            each.result()
    return [queue.done[place] for place in range(len(queue.done))]


class _Queue:
    """Pieces for several threads, each taken by one of them, and what was made of them."""

    def __init__(self, pieces: Iterable[Any]) -> None:
        self._numbered = enumerate(pieces)
        self._lock = Lock()
        self.done: dict[int, Any] = {}

    def take(self) -> tuple[int, Any] | None:
        """Return the next piece and its place, or None where there is none left."""
        with self._lock:
            return next(self._numbered, None)


def _delegate(code: str, do: Callable[[Any], Any], queue: _Queue) -> None:
    """Have a process that runs ``code`` do pieces, until there are no more or it fails; then do them here."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    taken = None
    try:
        with subprocess.Popen(  # noqa: S603  this Python, with our own words
            [sys.executable, "-P", "-c", code],  # -P: no script of the working folder is a module
            pipesize=1 << 20,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise BrokenPipeError
            taken = queue.take()
            while taken is not None:
                place, piece = taken
                pickle.dump(piece, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                queue.done[place] = pickle.load(process.stdout)  # noqa: S301  from our own process
                taken = queue.take()
            process.stdin.close()
    except (OSError, EOFError, pickle.UnpicklingError):
        # No process to be had here, or it was killed: slower, but the same result.
        taken = taken or queue.take()
        while taken is not None:
            place, piece = taken
            queue.done[place] = do(piece)
            taken = queue.take()


def serve(module: str, function: str) -> None:
    """Answer each piece on standard input with what the function makes of it, until there are no more."""
    do = getattr(import_module(module), function)
    while True:
        try:
            piece = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started this one
        except EOFError:
            return
        pickle.dump(do(piece), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()
