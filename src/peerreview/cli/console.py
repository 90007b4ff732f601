"""What a command tells people: remarks and progress on stderr, never on stdout."""

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

_quiet = False
_MOST_LETTERS = 2_000
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What moves a terminal's cursor, colours its text or turns its order."""


def be_quiet(value: bool) -> bool:
    """Set whether remarks and progress are left out, from ``--quiet``."""
    global _quiet  # noqa: PLW0603  one process runs one command
    _quiet = value
    return value


def tell(text: str) -> None:
    """Print lines for people on stderr; what a file's cells hold is shown, not obeyed, and kept short."""
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
