"""The command ``unpack``: a package to a folder, every file compared with what the package says of it."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.errors import InputError


def unpack(
    package: Annotated[Path, typer.Argument(help="What package wrote.", show_default=False)],
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="A new folder, or an empty one.", show_default="the package's name"
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Unpack a package into a folder of its own."""
    from peerreview.cli.packing import read_package
    from peerreview.tables import writing

    target = folder or Path(package.stem)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError("is there already, and not an empty folder; name another", path=target)
    with console.working("unpacking"):
        files = read_package(package)
        writing.write_all({target / name: content for name, content in files.items()})
    console.remark(
        f"{target}: {len(files):,} files, each as {package} says; run make, or peerreview verify, in it"
    )
