"""Which engine a search for duplicates runs on, from the options of a command."""

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview.cli import console
from peerreview.errors import InputError, MissingToolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peerreview.duplicates.engines import Engine

BYTES_A_RECORD = 2_200
"""
What the engine in memory takes for a record besides the table, at its peak: 1,800 measured from 20,000 to
80,000 invented records without abstracts, and 400 for what is kept of an abstract.
"""
NEEDED = ("dask", "distributed", "pyarrow")
STAMP = "run.json"
"""The file of a checkpoint that says of which run its steps are."""
SCRATCH = "dask-scratch-space"
"""Where Dask's workers keep what they spill."""
SCHEMA = "peerreview/checkpoint/1"


class Choice(StrEnum):
    """What finds and compares pairs; the result is the same."""

    MEMORY = "memory"
    DASK = "dask"


@dataclass(frozen=True)
class Asked:
    """The engine that a user asked for, and what goes with it."""

    choice: Choice
    cores: int
    scheduler: str = ""
    checkpoint: Path | None = None

    def check(self, **others: object) -> None:
        """
        Refuse options that do not go with the engine.

        Raises
        ------
        UsageError
            Where one is for Dask alone, or among ``others``, which only the engine in memory has.
        """
        if self.choice is Choice.DASK:
            for option, named in others.items():
                if named:
                    raise UsageError(f"--{option} goes with --engine memory")
            return
        for option, named in (("scheduler", self.scheduler), ("checkpoint", self.checkpoint)):
            if named:
                raise UsageError(f"--{option} goes with --engine dask")

    @contextmanager
    def folder(self, output: Path) -> "Iterator[Path | None]":
        """
        Yield where Dask's workers keep their steps, and the records lie meanwhile; None for none.

        It lies beside the output, or is the checkpoint.

        Raises
        ------
        MissingToolError
            Where Dask or pyarrow is not installed.
        InputError
            Where the checkpoint is no folder of ours.
        """
        if self.choice is Choice.MEMORY:
            yield None
            return
        if not all(find_spec(name) for name in NEEDED):
            raise MissingToolError.of("--engine dask", *NEEDED)
        if self.checkpoint:
            _make(self.checkpoint)
            yield self.checkpoint
        else:
            from peerreview.tables import locking

            beside = output.parent if output.parent.is_dir() else Path()
            with locking.passing_folder(beside, "dedupe") as steps:
                yield steps

    @contextmanager
    def begun(self, folder: Path | None, n_records: int, inputs: "Sequence[object]") -> "Iterator[Engine]":
        """
        Yield the engine.

        Parameters
        ----------
        folder : as ``folder`` yields it.
        inputs : files, and whatever else the result depends on, as it prints.

        Raises
        ------
        InputError
            Where the checkpoint is of another run.
        """
        if self.checkpoint:
            _begin(self.checkpoint, inputs)
        with console.working("looking for duplicates") as watch:
            if folder is None:
                from peerreview.duplicates.engines.memory import InMemory

                _warn_of_memory(n_records)
                yield InMemory(self.cores, watch)
                return
            from peerreview.cli.clusters import connected

            with connected(folder, workers=self.cores, scheduler=self.scheduler, watch=watch) as engine:
                yield engine

    def finish(self) -> None:
        """Remove the checkpoint of a run that is done, and what its workers left."""
        if not self.checkpoint:
            return
        for path in _ours(self.checkpoint):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        if not any(self.checkpoint.iterdir()):
            self.checkpoint.rmdir()


def _make(checkpoint: Path) -> None:
    """Make sure that a checkpoint is a folder, and holds nothing that is not ours."""
    try:
        checkpoint.mkdir(parents=True, exist_ok=True)
        others = {path.name for path in checkpoint.iterdir()} - {path.name for path in _ours(checkpoint)}
    except OSError as error:
        raise InputError(f"is no folder to keep steps in: {error.strerror}", path=checkpoint) from error
    if others:
        raise InputError(f"holds {min(others)}, which is no step; name an empty folder", path=checkpoint)


def _ours(checkpoint: Path) -> "list[Path]":
    """Return what a run keeps in its checkpoint."""
    named = [checkpoint / name for name in (STAMP, SCRATCH)]
    kept = [*checkpoint.glob("*.arrow"), *checkpoint.glob("column-*")]
    return [path for path in [*named, *kept] if path.exists()]


def _begin(checkpoint: Path, inputs: "Sequence[object]") -> None:
    """Make sure that a checkpoint is a new one, or of this run."""
    from peerreview.tables import STREAM, writing

    if STREAM in inputs:
        raise UsageError("--checkpoint goes with records in a file")
    stamp = writing.to_json({"schema": SCHEMA, "of": digest(inputs)})
    path = checkpoint / STAMP
    if not path.exists():
        writing.write(stamp, path)
    elif path.read_bytes() == stamp.encode():
        console.remark(f"goes on from the steps in {checkpoint}")
    else:
        message = "holds the steps of another run, of other records or rules; name another folder"
        raise InputError(message, path=checkpoint)


def digest(inputs: "Sequence[object]") -> str:
    """Return one number for all that a result depends on; files by their bytes."""
    import hashlib

    from peerreview import __version__

    told = [digest_of(each) if isinstance(each, Path) else repr(each) for each in inputs]
    return hashlib.sha256("\n".join([__version__, *told]).encode()).hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, which may be larger than memory; blank for none."""
    import hashlib

    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _warn_of_memory(n_records: int) -> None:
    """Say before the work begins where the engine in memory may need more than is free."""
    free = _free_memory()
    needed = n_records * BYTES_A_RECORD
    if free and needed > free:
        console.remark(
            f"{n_records:,} records take about {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free: "
            "use --engine dask, which takes them in parts"
        )


def _free_memory() -> int:
    """Return how many bytes are free for this process; 0 where the machine does not say."""
    found = []
    for line in _read("/proc/meminfo").split("\n"):
        if line.startswith("MemAvailable:"):
            found.append(int(line.split()[1]) * 1024)
    # A container may have less than its machine.
    most, used = (_read(f"/sys/fs/cgroup/memory.{name}").strip() for name in ("max", "current"))
    if most.isdigit() and used.isdigit():
        found.append(int(most) - int(used))
    return min(found, default=0)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8") if os.name == "posix" else ""
    except OSError:
        return ""
