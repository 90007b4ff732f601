"""Dask's workers: some of our own on this machine, or those of a cluster by its address."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peerreview import __version__
from peerreview.cli.console import Watch
from peerreview.duplicates.engines.dask import Dask
from peerreview.duplicates.engines.stored import PART
from peerreview.errors import PeerreviewError

PATIENCE = 30
"""Seconds to find the scheduler in."""
SETTINGS = {
    # A step is begun anew so many times where its worker died.
    "distributed.scheduler.allowed-failures": 5,
    # A step may keep a worker busy for a minute: that is no fault to tell of.
    "distributed.admin.tick.limit": "1h",
    "distributed.admin.large-graph-warning-threshold": "1GB",
}
SEEN = "here"
"""A file by which workers show that they see the folder."""


@contextmanager
def connected(
    folder: Path, *, workers: int = 1, scheduler: str = "", watch: Watch | None = None, size: int = PART
) -> Iterator[Dask]:
    """
    Yield the engine, with workers of its own on this machine or those of a cluster.

    Parameters
    ----------
    folder : where the steps keep what they made; every worker reads and writes there.
    workers : processes on this machine, where no scheduler is named.
    scheduler : the address of a cluster's scheduler, as ``tcp://10.0.0.1:8786``.
    size : records in a part.

    Raises
    ------
    PeerreviewError
        Where the scheduler does not answer, its workers lack peerreview or do not see the folder, or they
        die again and again.
    """
    import dask
    import distributed
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    # What workers say on their way out, when all is done, is nobody's concern.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    folder = folder.resolve()
    try:
        with dask.config.set(SETTINGS), _client(distributed, folder, workers, scheduler) as client:
            if scheduler:
                _check(client, folder, scheduler)
            yield Dask(client, folder, watch, size)
    except KilledWorker as error:
        message = "Dask's workers die at one step again and again; give each more memory, or name fewer"
        raise PeerreviewError(message) from error
    except (CommClosedError, FutureCancelledError) as error:
        raise PeerreviewError("Dask's scheduler is gone; begin again when it is back") from error


@contextmanager
def _client(distributed: Any, folder: Path, workers: int, scheduler: str) -> Iterator[Any]:
    if scheduler:
        try:
            client = distributed.Client(scheduler, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise PeerreviewError(f"{scheduler}: no Dask scheduler answers there") from error
        with client:
            yield client
        return
    try:
        cluster = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            local_directory=str(folder),
        )
    except RuntimeError as error:
        raise PeerreviewError("Dask's workers did not start; begin again, or name fewer") from error
    with cluster, distributed.Client(cluster) as client:
        yield client


def _check(client: Any, folder: Path, scheduler: str) -> None:
    """Make sure that a cluster has workers, with the same peerreview, and that they see the folder."""
    (folder / SEEN).touch()
    try:
        told = client.run(greet, folder / SEEN)
    except ImportError as error:
        message = f"{scheduler}: its workers lack peerreview {__version__}: {error}"
        raise PeerreviewError(message) from error
    finally:
        (folder / SEEN).unlink()
    if not told:
        raise PeerreviewError(f"{scheduler}: has no workers")
    for worker, (version, is_here) in sorted(told.items()):
        if version != __version__:
            raise PeerreviewError(f"{worker}: has peerreview {version}, not {__version__}")
        if not is_here:
            raise PeerreviewError(f"{worker}: does not see {folder}; name a folder that all workers share")


def greet(token: Path) -> tuple[str, bool]:
    """Return which peerreview a worker has, and whether it sees a file."""
    return __version__, token.exists()
