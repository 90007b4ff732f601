"""The command ``verify``: what figures, reports and packages say, beside what the tables give."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.errors import InputError, InputErrors
from peerreview.review import PROTOCOL, name_of
from peerreview.tables import RECORDS


def verify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Figures, reports, flow.json, packages, or folders of them; all in this folder, if none.",
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
    from peerreview.cli.verifying import Verifier
    from peerreview.flow.verified import Word, worst

    found, faults = [], []
    for path, is_named in _listed(files or [], folder):
        lying = folder or _folder_of(path)
        try:
            with console.working("counting again"):
                checked = Verifier(lying, previous, whole=whole).check(path, named=is_named)
        except InputError as error:
            # The others are checked whatever is wrong with one.
            faults.append(error)
            continue
        for each in checked:
            typer.echo(console.shown(f"{path}: {each}"))
        counted = [each for each in checked if each.word is not Word.HOLDS]
        said = (
            f"{len(counted):,} of {len(checked):,} do not hold" if counted else f"all {len(checked):,} hold"
        )
        console.remark(f"{path}: {said}")
        found += checked
    if faults:
        raise InputErrors(faults)
    raise typer.Exit({Word.HOLDS: 0, Word.DIFFERS: 1, Word.UNKNOWN: 3}[worst(found)])


def _listed(files: list[Path], folder: Path | None) -> list[tuple[Path, bool]]:
    """
    Return the files to check, each with whether it was named: else it was found in a folder.

    Raises
    ------
    InputError
        For a folder that holds nothing with a proof.
    """
    from peerreview.cli.vouching import find_outputs

    listed: list[tuple[Path, bool]] = []
    for path in files or [folder or Path()]:
        if files and not path.is_dir():
            listed.append((path, True))
            continue
        found = find_outputs(path)
        if not found:
            raise InputError("holds no file with a proof; name one", path=path)
        listed += [(each, False) for each in found]
    return listed


def _folder_of(path: Path) -> Path:
    """Return the folder of a file where a review lies in it, else the one above, else where people stand."""
    for folder in (path.parent, path.parent.parent):
        if any((folder / name).exists() for name in (name_of(RECORDS), PROTOCOL)):
            return folder
    return Path()
