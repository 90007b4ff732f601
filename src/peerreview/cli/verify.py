"""The command ``verify``: what figures, reports and packages say, beside what the tables give."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.errors import InputError, InputErrors
from peerreview.review import PROTOCOL, name_of
from peerreview.tables import RECORDS
from peerreview.tables.once import keeping_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from peerreview.cli.verifying import Verifier
    from peerreview.flow.verified import Checked


@keeping_tables()
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
    for path, check in _listed(files or [], folder, partial(Verifier, previous=previous, whole=whole)):
        try:
            with console.working("counting again"):
                checked = check()
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


def _listed(
    files: list[Path], folder: Path | None, verifier: "Callable[[Path], Verifier]"
) -> "Iterator[tuple[Path, Callable[[], list[Checked]]]]":
    """
    Yield the files to check, each with its check: what was named, and what lies in a folder.

    Raises
    ------
    InputError
        For a folder that holds nothing to check.
    """
    from peerreview.cli.vouching import find_outputs

    for path in files or [folder or Path()]:
        if files and not path.is_dir():
            yield path, partial(verifier(folder or _review_at(path.parent)).check, path)
            continue
        found = find_outputs(path)
        lying = folder or _review_at(path)
        unsealed, other = _unsealed(verifier(lying), path)
        if not found and not unsealed:
            raise InputError("holds no file with a proof; name one", path=path)
        for each in found:
            yield each, partial(verifier(folder or _review_at(each.parent)).check, each, named=False)
        for each, checked in unsealed.items():
            yield each, partial(list, [checked])
        if other:
            console.remark(f"not compared: {', '.join(map(str, other))}")


def _unsealed(verifier: "Verifier", within: Path) -> "tuple[dict[Path, Checked], list[Path]]":
    """Return what holds of the outputs in a folder that take no proof, and which are not compared."""
    with console.working("making the outputs again, to compare"):
        checked, other = verifier.check_unsealed()

    def lies_within(file: str) -> bool:
        return (verifier.folder / file).resolve().is_relative_to(within.resolve())

    return (
        {verifier.folder / file: each for file, each in checked.items() if lies_within(file)},
        [verifier.folder / file for file in other if lies_within(file)],
    )


def _review_at(folder: Path) -> Path:
    """Return a folder where a review lies in it, else the one above, else where people stand."""
    for each in (folder, folder.parent):
        if any((each / name).exists() for name in (name_of(RECORDS), PROTOCOL)):
            return each
    return Path()
