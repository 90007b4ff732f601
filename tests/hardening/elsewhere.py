"""The living example and the tests under other clocks, languages, hash seeds and Pythons: the same bytes."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "living-update"
PLACES = (
    {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"},
    {"LC_ALL": "C", "TZ": "Pacific/Apia", "PYTHONHASHSEED": "1"},
    {"LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "2"},
    {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "12345"},
)
"""A language that the machine lacks is made where it can be."""
ROOT = Path(__file__).parents[2]
NEEDED = "import peerreview.cli, pandas, rapidfuzz, hypothesis, pytest, statsmodels, xdist"


def made(python: str, folder: Path, place: dict[str, str]) -> dict[str, str]:
    """Return the SHA-256 of each output of make, by name."""
    shutil.copytree(EXAMPLE, folder)
    command = f"{python} -m peerreview"
    subprocess.run(
        ["make", "-s", f"PEERREVIEW={command}"],
        cwd=folder, check=True, capture_output=True, env=_surroundings(place),
    )  # fmt: skip
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _surroundings(place: dict[str, str]) -> dict[str, str]:
    """Return what a process is told of where it is; of peerreview it is given this tree's."""
    return {**os.environ, **place, "PYTHONPATH": str(ROOT / "src")}


def supported() -> list[str]:
    """Return the versions of Python that peerreview says it runs on."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return re.findall(r"Programming Language :: Python :: (3\.[0-9]+)", text)


def find(version: str) -> str:
    """
    Return a Python of a version that runs; blank where the machine has none.

    A name on the PATH may be a shim that runs nothing: those that pyenv keeps are looked for where they lie.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = sorted(pyenv.glob(f"versions/{version}*/bin/python{version}"))
    for python in [shutil.which(f"python{version}"), *map(str, kept)]:
        if (
            python
            and _says(python, "import ssl, sys, venv; print('%d.%d' % sys.version_info[:2])") == version
        ):
            return python
    return ""


def _says(python: str, code: str) -> str | None:
    ended = subprocess.run([python, "-c", code], cwd="/", capture_output=True, text=True, check=False)
    return ended.stdout.strip() if not ended.returncode else None


def pythons(environments: Path) -> Iterator[tuple[str, str]]:
    """
    Yield each Python here that the tests can run on, this one first; say of each other why not.

    Parameters
    ----------
    environments : the folder in which one of each version is made that has what the tests need, and kept.
    """
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    yield ours, sys.executable
    for version in supported():
        if version == ours:
            continue
        found = find(version)
        if not found:
            print(f"Python {version}: not tried, none is on this machine", flush=True)
            continue
        python = environments / version / "bin" / "python"
        if _says(str(python), NEEDED) is None if python.exists() else True:
            wrong = _furnish(found, python)
            if wrong:
                print(f"Python {version}: not tried, it lacks what the tests need: {wrong}", flush=True)
                continue
        yield version, str(python)


def _furnish(found: str, python: Path) -> str:
    """Make an environment with what the tests need; return what was wrong, blank for nothing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pip = [str(python), "-m", "pip", "install", "--quiet", "-e", f"{ROOT}[all]"]
    for command in (
        [found, "-m", "venv", str(python.parents[1])],
        [*pip, *project["dependency-groups"]["tests"]],
    ):
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            return (ended.stderr.strip() or ended.stdout.strip()).splitlines()[-1]
    return ""


def make_languages(folder: Path) -> dict[str, str]:
    """Make the languages of the places that the machine lacks; return what tells programs where they are."""
    tool = shutil.which("localedef")
    there = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    for name in sorted({place["LC_ALL"] for place in PLACES}):
        language, _, letters = name.partition(".")
        if language == "C" or name.lower().replace("-", "") in there:
            continue
        command = [str(tool), "-i", language, "-f", letters, str(folder / name)]
        if not tool or subprocess.run(command, capture_output=True, check=False).returncode:
            print(f"{name}: not tried, this machine neither has nor makes it; it is C there", flush=True)
    return {"LOCPATH": str(folder)} if any(folder.iterdir()) else {}


def run_tests(python: str, place: dict[str, str], rooms: Sequence[str]) -> tuple[bool, str]:
    """Return whether the tests that are no slow ones hold in a place, and what pytest says last."""
    command = [python, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", *rooms]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False,
        env=_surroundings(place),
    )  # fmt: skip
    failed = [line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    last = (ended.stdout.strip() or ended.stderr.strip()).splitlines()[-1:]
    return ended.returncode == 0, "; ".join([*last, *failed])


def run(rooms: Sequence[str], environments: Path) -> int:
    """
    Print where outputs are other bytes and where tests fail; return in how many places they do.

    The example runs in every place on every Python, the tests in one place of
    each Python, another each time: its language, time zone and hash seed.

    Parameters
    ----------
    rooms : the tests to run.
    environments : where Pythons with what the tests need lie, and are made.
    """
    n_faults = 0
    with tempfile.TemporaryDirectory() as folder:
        languages = Path(folder) / "languages"
        languages.mkdir()
        made_here = make_languages(languages)
        first: dict[str, str] = {}
        for n_tried, (version, python) in enumerate(pythons(environments)):
            for number, asked in enumerate(PLACES):
                place = {**asked, **made_here}
                found = made(python, Path(folder) / f"{version}-{number}", place)
                first = first or found
                differ = sorted(name for name in first | found if first.get(name) != found.get(name))
                n_faults += bool(differ)
                told = " ".join(f"{name}={value}" for name, value in asked.items())
                print(f"Python {version}, {told}: {', '.join(differ) or 'the same bytes'}", flush=True)
                # The first place is where tests run anyway.
                if number == 1 + n_tried % (len(PLACES) - 1):
                    holds, said = run_tests(python, place, rooms)
                    n_faults += not holds
                    print(f"  tests of {' '.join(rooms)}: {said}", flush=True)
    return n_faults
