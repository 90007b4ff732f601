"""Work on many records: shared among processes, which need no fork."""

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, TypeVar

Piece = TypeVar("Piece")
Made = TypeVar("Made")
AHEAD = 2
"""Pieces for each worker that are taken before what was made of the first is asked for."""


def share(do: Callable[[Piece], Made], pieces: Iterable[Piece], n_workers: int) -> list[Made]:
    """
    Return what a function makes of each piece, in order.

    Parameters
    ----------
    do : a function of a module, which a process finds there by its name.
    pieces : taken one at a time, while those before are worked on.
    n_workers : processes; with one all is done here.
    """
    made: list[Made] = []
    with hired(do, n_workers) as give:
        ahead: deque[Future[Made]] = deque()
        for piece in pieces:
            ahead.append(give(piece))
            if len(ahead) > AHEAD * n_workers:
                made.append(ahead.popleft().result())
        made += [each.result() for each in ahead]
    return made


@contextmanager
def hired(do: Callable[[Piece], Made], n_workers: int) -> Iterator[Callable[[Piece], Future[Made]]]:
    """
    Yield what gives a piece to the next process that is free, and returns what is to be made of it.

    Each of ``n_workers`` Python processes imports the function's module alone;
    a piece that one cannot do is done here. With one worker all are done
    here, at once.

    Parameters
    ----------
    do : a function of a module, which a process finds there by its name.
    """
    if n_workers < 2:
        yield lambda piece: _done(do, piece)
        return
    crew = _Crew(do)
    with ThreadPoolExecutor(n_workers) as threads:
        try:
            yield lambda piece: threads.submit(crew.make, piece)
        finally:
            threads.shutdown(cancel_futures=True)
            crew.dismiss()


def _done(do: Callable[[Piece], Made], piece: Piece) -> Future[Made]:
    made: Future[Made] = Future()
    made.set_result(do(piece))
    return made


class _Crew:
    """A process for each thread that has something to be made, as long as it lives."""

    def __init__(self, do: Callable[[Any], Any]) -> None:
        self._do = do
        self._code = f"from {__name__} import serve; serve({do.__module__!r}, {do.__qualname__!r})"
        self._own = threading.local()
        self._all: list[subprocess.Popen[bytes]] = []

    def make(self, piece: Any) -> Any:
        """Return what the process of this thread makes of a piece; what it cannot make is made here."""
        # No process to be had here, or it was killed: slower, but the same result.
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            process = self._process()
            if process and process.stdin and process.stdout:
                self._own.process = None
                pickle.dump(piece, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                made = pickle.load(process.stdout)  # noqa: S301  from our own process
                self._own.process = process
                return made
        return self._do(piece)

    def _process(self) -> "subprocess.Popen[bytes] | None":
        """Return the process of this thread, started where there is none yet; None where it has failed."""
        if not hasattr(self._own, "process"):
            self._own.process = None
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
            self._own.process = subprocess.Popen(  # noqa: S603  this Python, with our own words
                [sys.executable, "-P", "-c", self._code],  # -P: no script of the working folder is a module
                pipesize=1 << 20,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            self._all.append(self._own.process)
        return self._own.process  # type: ignore[no-any-return]

    def dismiss(self) -> None:
        """End all processes: none has anything left to do."""
        for process in self._all:
            with suppress(OSError), process:
                if process.stdin:
                    process.stdin.close()


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
