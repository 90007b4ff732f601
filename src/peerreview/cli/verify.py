"""The command ``verify``: what figures, reports and packages say, beside what the tables give."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.errors import InputError
from peerreview.review import PROTOCOL, name_of
from peerreview.tables import RECORDS


def verify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Figures, reports, flow.json, packages; all in the folder that have a proof, if none.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="The review's folder; that of the file, else this one.", show_default=False),
    ] = None,
    previous: Annotated[
        Path | None, typer.Option(help="An update's earlier flow.json; found by its hash if not named.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Import, dedupe and screen again, whatever has changed.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Recompute what figures and reports say, box by box."""
    from peerreview.cli.verifying import Verifier, find_proven
    from peerreview.flow.verified import Word, worst

    named = files or find_proven(folder or Path())
    if not named:
        raise InputError("holds no file with a proof; name one", path=folder or Path())
    found = []
    for path in named:
        lying = folder or _folder_of(path)
        with console.working("counting again"):
            checked = Verifier(lying, previous, whole=whole).check(path)
        for each in checked:
            typer.echo(console.shown(f"{path}: {each}"))
        counted = [each for each in checked if each.word is not Word.HOLDS]
        said = (
            f"{len(counted):,} of {len(checked):,} do not hold" if counted else f"all {len(checked):,} hold"
        )
        console.remark(f"{path}: {said}")
        found += checked
    raise typer.Exit({Word.HOLDS: 0, Word.DIFFERS: 1, Word.UNKNOWN: 3}[worst(found)])


def _folder_of(path: Path) -> Path:
    """Return the folder of a file where a review lies in it, else the one above, else where people stand."""
    for folder in (path.parent, path.parent.parent):
        if any((folder / name).exists() for name in (name_of(RECORDS), PROTOCOL)):
            return folder
    return Path()
