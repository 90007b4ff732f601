"""What a command tells people: remarks and progress on stderr, never on stdout."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

_quiet = False


def be_quiet(value: bool) -> bool:
    """Set whether remarks and progress are left out, from ``--quiet``."""
    global _quiet  # noqa: PLW0603  one process runs one command
    _quiet = value
    return value


def remark(text: str) -> None:
    """Print a line for people on stderr, unless ``--quiet``."""
    if not _quiet:
        typer.echo(text, err=True)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that a step is under way once it takes more than a second, on a terminal only."""
    if _quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    shown.add_task(what, total=None)
    timer = threading.Timer(1.0, shown.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        shown.stop()
