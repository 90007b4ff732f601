"""The command ``merge-votes``: a driver for git that merges people's tables row by row."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.errors import InputError, InputErrors


def merge_votes(
    base: Annotated[Path, typer.Argument(help="What both began with; git's %O.", show_default=False)],
    ours: Annotated[Path, typer.Argument(help="Ours, which is written; git's %A.", show_default=False)],
    theirs: Annotated[Path, typer.Argument(help="Theirs; git's %B.", show_default=False)],
    shown: Annotated[
        str, typer.Argument(metavar="[PATH]", help="The table's own path; git's %P.", show_default=False)
    ] = "",
    quiet: Quiet = False,
) -> None:
    """Merge two versions of people's tables row by row."""
    from peerreview.tables import merging, writing

    for path in (base, ours, theirs):
        if not path.exists():
            raise InputError("no such file", path=path)
    merged = merging.merge(base, ours, theirs, shown=shown)
    writing.write(merged.content, ours)
    for said in merged.remarks:
        console.remark(said)
    if merged.conflicts:
        raise InputErrors([InputError(each) for each in merged.conflicts])
