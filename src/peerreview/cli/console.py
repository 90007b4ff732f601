"""What a command tells people: remarks and progress on stderr, never on stdout."""

import io
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

import typer

_quiet = False
Watch = Callable[[str, int, int], None]
"""What a stage calls on its way: of what, how many are done, of how many."""
_MOST_LETTERS = 2_000
SECONDS_UNSEEN = 1.0
"""A step that takes no longer than this is not shown."""
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a terminal's cursor, colours its text or turns its order; and what is no letter at all."""


def mend_streams() -> None:
    """
    Give a process the standard streams that it was started without, and let them print any letter.

    A file that is opened takes the place of a closed stream, and what is
    printed would go there. A terminal or a pipe of few letters (cp1252 on
    Windows) gets the others spelled out.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                os.fstat(number)
                continue
            # The lowest number that is free: this one.
            opened = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(opened, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def be_quiet(value: bool) -> bool:
    """Set whether remarks and progress are left out, from ``--quiet``."""
    global _quiet  # noqa: PLW0603  one process runs one command
    _quiet = value
    return value


def tell(text: str) -> None:
    """Print lines for people on stderr; what a file's cells hold is shown, not obeyed, and kept short."""
    with suppress(OSError):
        # Where nobody can hear it, the work still goes on.
        typer.echo("\n".join(shown(line) for line in text.split("\n")), err=True)


def shown(line: str, most: int = _MOST_LETTERS) -> str:
    r"""
    Return a line with what a terminal would obey spelled out, and cut where it fills the screen.

    >>> print(shown("study '\x1b[31mred' has no report"))
    study '\x1b[31mred' has no report
    """
    cut = line if len(line) <= most else f"{line[:most]}…"
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], cut)


def remark(text: str) -> None:
    """Print a line for people on stderr, unless ``--quiet``."""
    if not _quiet:
        tell(text)


@contextmanager
def working(what: str) -> Iterator[Watch]:
    """
    Show that a step is under way once it takes more than a second, on a terminal only.

    What is yielded is for the stage to call; then how much is done is shown, too, and about how long the
    rest takes.
    """
    if _quiet or not sys.stderr.isatty():
        yield _unwatched
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(file=cast("TextIO", _Terminal(sys.stderr))), transient=True)
    task = progress.add_task(what, total=None)
    timer = threading.Timer(SECONDS_UNSEEN, progress.start)
    timer.daemon = True
    began = {"": time.monotonic()}

    def watch(of: str, done: int, total: int) -> None:
        seconds = time.monotonic() - began.setdefault(of, time.monotonic())
        progress.update(task, description=f"{what}: {_counted(of, done, total, seconds)}")

    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        timer.join()
        progress.stop()


class _Terminal:
    """A stream for people; once it is gone, as after a line that broke, what is shown is lost and no more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write where it can be."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Show what was written."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        """Return what the stream says of itself."""
        return getattr(self._stream, name)


def _unwatched(of: str, done: int, total: int) -> None:
    """Show nothing."""


def _counted(of: str, done: int, total: int, seconds: float) -> str:
    """
    Return how much of a step is done after some seconds, and about how long the rest takes.

    >>> _counted("pairs", 0, 4000, 0.0)
    '0 of 4,000 pairs'
    >>> _counted("pairs", 1000, 4000, 30.0)
    '1,000 of 4,000 pairs, about 2 min left'
    """
    told = f"{done:,} of {total:,} {of}"
    if not done or done >= total:
        return told
    left = seconds * (total - done) / done
    return f"{told}, about {f'{left / 60:.0f} min' if left >= 90 else f'{max(left, 1):.0f} s'} left"
