"""The command ``init``: a new review's folder."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.cli.outputs import alone
from peerreview.review import PROTOCOL

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

WORKFLOW = ".github/workflows/review.yml"
RENAMED = {"gitignore": ".gitignore", "gitattributes": ".gitattributes", "review.yml": WORKFLOW}
"""Names that would act on this package's own repository if they stood there as they are."""
EXAMPLE, LIVING = "peer-workforce", "living-update"
PACKED = {EXAMPLE: "example", LIVING: "living"}
"""The worked examples, and their folders in an installation."""
IGNORE, ATTRIBUTES, MAKEFILE = ".gitignore", ".gitattributes", "Makefile"
DRIVER = 'git config merge.peerreview.driver "peerreview merge-votes --quiet %O %A %B %P"'
_IMPORT = b"import exports/* --sources sources.csv -o $@"
"""The Makefile's line that reads the exports."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the review.", show_default=False)],
    *,
    example: Annotated[bool, typer.Option("--example", help="The worked example, ready to make.")] = False,
    living: Annotated[
        bool, typer.Option("--living", help="With --example: a small living review with an update.")
    ] = False,
    git: Annotated[
        bool, typer.Option("--git", help="Have git merge people's tables row by row; also of a review there.")
    ] = False,
    without_abstracts: Annotated[
        bool, typer.Option("--without-abstracts", help="With --git: keep publishers' texts out of git.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write a new review's folder, or the worked example."""
    from peerreview.errors import InputError, UsageError
    from peerreview.tables import writing

    if without_abstracts and not git:
        raise UsageError("--without-abstracts goes with --git")
    if living and not example:
        raise UsageError("--living goes with --example")
    is_review = git and (folder / PROTOCOL).exists()
    named = {} if is_review else example_files(LIVING if living else EXAMPLE) if example else review_files()
    more: dict[Path, bytes] = {}
    if git:
        added = git_files(without_abstracts=without_abstracts)
        named = {**named, ATTRIBUTES: added[ATTRIBUTES], WORKFLOW: added[WORKFLOW]}
        if without_abstracts:
            before = named.pop(IGNORE, b"") or _there(folder / IGNORE)
            more[folder / IGNORE] = _with_lines(before, added[IGNORE])
            if MAKEFILE in named:
                named[MAKEFILE] = named[MAKEFILE].replace(_IMPORT, _IMPORT + b" --report exports.json", 1)
    contents = {folder / name: content for name, content in named.items()}
    if folder.exists() and not folder.is_dir():
        raise InputError("is a file, not a folder; name another", path=folder)
    _left(contents)
    with alone(*contents):
        # Somebody else may have begun one here meanwhile.
        written = _left(contents) | more
        # Without its protocol a folder is no review yet, and init goes on with all of it.
        writing.write_all(dict(sorted(written.items(), key=lambda each: each[0].name == PROTOCOL)))
    what = "run make in it" if example else "put exports into exports/, list them in sources.csv, run make"
    told = "" if is_review else f"; {what}"
    n = len(written)
    console.remark(f"{folder}: wrote {n} file{'' if n == 1 else 's'}{told}")
    if git:
        console.remark(f"once in each clone: {DRIVER}")


def _left(contents: Mapping[Path, bytes]) -> dict[Path, bytes]:
    """
    Return what is to be written still: what a run that was broken off put there is as it should be.

    Raises
    ------
    InputErrors
        Where something else lies in a place, or nothing is left.
    """
    from peerreview.errors import InputError, InputErrors

    there = [path for path in contents if path.exists()]
    others = [path for path in there if not path.is_file() or path.read_bytes() != contents[path]]
    left = {path: content for path, content in contents.items() if path not in there}
    if others or not left:
        message = "is there already; init writes over nothing"
        raise InputErrors([InputError(message, path=path) for path in others or there])
    return left


def git_files(*, without_abstracts: bool) -> dict[str, bytes]:
    """Return what git is to know of a review, by its name there."""
    from importlib import resources

    found = _files(resources.files("peerreview.cli") / "templates" / "git")
    named = {RENAMED.get(name, name): content for name, content in found.items()}
    return {name: content for name, content in named.items() if name != IGNORE or without_abstracts}


def _there(path: Path) -> bytes:
    from peerreview.tables import reading

    return reading.read_bytes(path) if path.exists() else b""


def _with_lines(before: bytes, lines: bytes) -> bytes:
    """Return a file's bytes with the lines below them that it does not have."""
    own = before.splitlines()
    new = [line for line in lines.splitlines() if line not in own]
    end = b"\n" if before and not before.endswith(b"\n") else b""
    return before + end + b"".join(line + b"\n" for line in new)


def review_files() -> dict[str, bytes]:
    """Return what a new review's folder holds, by its name there."""
    from importlib import resources

    found = _files(resources.files("peerreview.cli") / "templates" / "review")
    return {RENAMED.get(name, name): content for name, content in found.items()}


def example_files(name: str = EXAMPLE) -> dict[str, bytes]:
    """
    Return a worked example, by its names there; nothing that its Makefile wrote.

    Raises
    ------
    MissingToolError
        Where it was installed without the example.
    """
    from importlib import resources

    from peerreview.errors import MissingToolError

    packed = resources.files("peerreview.cli") / "templates" / PACKED[name]
    # Installed for development, the package has no copy of the example but the example itself.
    beside = Path(__file__).resolve().parents[3] / "examples" / name
    for place in (packed, beside):
        if place.is_dir():
            ignored = (place / ".gitignore").read_text(encoding="utf-8").splitlines()
            return _files(place, leave_out=[line for line in ignored if line.startswith("/")])
    raise MissingToolError("the worked example is missing from this installation; install peerreview anew")


def _files(folder: "Traversable", prefix: str = "", leave_out: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the files under a folder by name, without those that lines of a .gitignore leave out."""
    found: dict[str, bytes] = {}
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{prefix}{each.name}"
        if each.name == "__pycache__" or any(_matches(name, line) for line in leave_out):
            continue
        if each.is_dir():
            found |= _files(each, f"{name}/", leave_out)
        else:
            found[name] = each.read_bytes()
    return found


def _matches(name: str, line: str) -> bool:
    return fnmatchcase(f"/{name}", line.rstrip("/"))
