"""Which engine a search for duplicates runs on, from the options of a command."""

from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from peerreview.cli.console import Watch
from peerreview.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peerreview.duplicates.engines import Engine


class Choice(StrEnum):
    """What finds and compares pairs; the result is the same."""

    MEMORY = "memory"
    DASK = "dask"


def check(choice: Choice, scheduler: str, **others: object) -> None:
    """
    Refuse options that do not go with an engine.

    Raises
    ------
    UsageError
        Where a scheduler is named and Dask is not, or an option that only the engine in memory has.
    """
    if choice is Choice.DASK:
        for option, named in others.items():
            if named:
                raise UsageError(f"--{option} goes with --engine memory")
    elif scheduler:
        raise UsageError("--scheduler goes with --engine dask")


@contextmanager
def chosen(choice: Choice, *, cores: int, scheduler: str, output: Path, watch: Watch) -> "Iterator[Engine]":
    """Yield the engine that a user chose; what Dask's workers keep meanwhile lies beside the output."""
    if choice is Choice.MEMORY:
        from peerreview.duplicates.engines.memory import InMemory

        yield InMemory(cores, watch)
        return
    from peerreview.cli.clusters import connected

    folder = output.parent if output.parent.is_dir() else Path()
    with (
        TemporaryDirectory(prefix=".dedupe-", dir=folder) as steps,
        connected(Path(steps), workers=cores, scheduler=scheduler, watch=watch) as engine,
    ):
        yield engine
