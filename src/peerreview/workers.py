"""Work shared among worker processes, which need no fork and no guard in the caller's script."""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any


def share(module: str, function: str, pieces: Sequence[Any], n_workers: int) -> list[Any]:
    """
    Return what a function of peerreview makes of each piece, in order.

    Each of ``n_workers`` Python processes imports ``module`` alone and takes
    every so many-th piece; a piece that a process cannot do is done here.

    Parameters
    ----------
    module, function : by name, as a process is to import it.
    """
    n_workers = min(n_workers, len(pieces))
    with ThreadPoolExecutor(n_workers) as threads:
        shares = [
            threads.submit(_delegate, module, function, pieces[number::n_workers])
            for number in range(n_workers)
        ]
        done = [share.result() for share in shares]
    return [done[place % n_workers][place // n_workers] for place in range(len(pieces))]


def _delegate(module: str, function: str, pieces: Sequence[Any]) -> list[Any]:
    code = f"from {__name__} import serve; serve({module!r}, {function!r})"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    results: list[Any] = []
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
            for piece in pieces:
                pickle.dump(piece, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                results.append(pickle.load(process.stdout))  # noqa: S301  from our own process
            process.stdin.close()
    except (OSError, EOFError, pickle.UnpicklingError):
        # No process to be had here, or it was killed: slower, but the same result.
        do = getattr(import_module(module), function)
        results += [do(piece) for piece in pieces[len(results) :]]
    return results


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
