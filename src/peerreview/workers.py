"""Work shared among worker processes, which need no fork and no guard in the caller's script."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import chain
from typing import Any


def share(module: str, function: str, pieces: Sequence[Any], n_workers: int) -> list[Any]:
    """
    Return what a function of peerreview makes of each piece, in order.

    Each of ``n_workers`` Python processes imports ``module`` alone and takes
    the next piece as soon as it is free; one that it cannot do is done here.

    Parameters
    ----------
    module, function : by name, as a process is to import it.
    """
    done: list[Any] = [None] * len(pieces)
    places = iter(range(len(pieces)))  # ``next`` of it is one step: no two threads get the same place.
    with ThreadPoolExecutor(n_workers) as threads:
        shares = [
            threads.submit(_delegate, module, function, pieces, places, done)
            for _ in range(min(n_workers, len(pieces)))
        ]
        for each in shares:
            each.result()
    return done


def _delegate(
    module: str, function: str, pieces: Sequence[Any], places: Iterator[int], done: list[Any]
) -> None:
    code = f"from {__name__} import serve; serve({module!r}, {function!r})"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    place = -1
    try:
        with subprocess.Popen(  # noqa: S603  this Python, with our own words
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise BrokenPipeError
            for place in places:
                pickle.dump(pieces[place], process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                done[place] = pickle.load(process.stdout)  # noqa: S301  from our own process
            process.stdin.close()
    except (OSError, EOFError, pickle.UnpicklingError):
        # No process to be had here, or it was killed: slower, but the same result.
        do = getattr(import_module(module), function)
        for left in chain([place] if place >= 0 else [], places):
            done[left] = do(pieces[left])


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
