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
    from peerreview.tables import locking, writing

    target = folder or Path(package.stem)
    taken = InputError("is there already, and not an empty folder; name another", path=target)
    if target.exists() and not target.is_dir():
        raise taken
    with console.working("unpacking"):
        files = {target / name: content for name, content in read_package(package).items()}
        # Of a run that was killed once all was in its place nothing but its locks is left.
        left = [path for path in files if path.with_name(f".{path.name}.lock").is_file()]
        with locking.alone(*left):
            pass
        there = {path for path in target.rglob("*") if path.is_file() and not writing.is_passing(path)}
        # What a run that was broken off put there is as it should be: the rest is written.
        done = {path for path in there if path in files and path.read_bytes() == files[path]}
        if there - done or (there and len(done) == len(files)):
            raise taken
        writing.write_all({path: content for path, content in files.items() if path not in done})
    console.remark(
        f"{target}: {len(files):,} files, each as {package} says; run make, or peerreview verify, in it"
    )
