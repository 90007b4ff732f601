"""The living example and the tests under other clocks, languages, hash seeds and Pythons: the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "living-update"
PLACES = (
    {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"},
    {"LC_ALL": "C", "TZ": "Pacific/Apia", "PYTHONHASHSEED": "1"},
    {"LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "2"},
    {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "12345"},
)
"""A language that the machine lacks is made where it can be; else it is C's to programs."""
ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def made(python: str, folder: Path, place: dict[str, str]) -> dict[str, str]:
    """Return the SHA-256 of each output of make, by name."""
    shutil.copytree(EXAMPLE, folder)
    command = f"{python} -m peerreview"
    subprocess.run(
        ["make", "-s", f"PEERREVIEW={command}"],
        cwd=folder, check=True, capture_output=True, env={**os.environ, **place},
    )  # fmt: skip
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pythons() -> dict[str, str]:
    """Return the Pythons here that have what peerreview needs: this one, and others on the PATH."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}
    for version in VERSIONS:
        other = shutil.which(f"python{version}")
        if version in found or not other:
            continue
        asked = [other, "-c", "import peerreview.cli, pandas, rapidfuzz"]
        if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            found[version] = other
    return found


def make_languages(folder: Path) -> dict[str, str]:
    """Make the languages of the places that the machine lacks; return what tells programs where they are."""
    tool = shutil.which("localedef")
    there = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    for name in sorted({place["LC_ALL"] for place in PLACES}):
        language, _, letters = name.partition(".")
        if tool and language != "C" and name.lower().replace("-", "") not in there:
            command = [tool, "-i", language, "-f", letters, str(folder / name)]
            subprocess.run(command, capture_output=True, check=False)
    return {"LOCPATH": str(folder)} if any(folder.iterdir()) else {}


def run_tests(python: str, place: dict[str, str], rooms: Sequence[str]) -> tuple[bool, str]:
    """Return whether the tests that are no slow ones hold in a place, and what pytest says last."""
    command = [python, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", *rooms]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, **place, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    failed = [line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    last = (ended.stdout.strip() or ended.stderr.strip()).splitlines()[-1:]
    return ended.returncode == 0, "; ".join([*last, *failed])


def run(rooms: Sequence[str] = ("tests", "src")) -> int:
    """
    Print where outputs are other bytes and where tests fail; return in how many places they do.

    ``rooms`` are the tests to run, none for the example alone.
    """
    n_faults = 0
    with tempfile.TemporaryDirectory() as folder:
        languages = Path(folder) / "languages"
        languages.mkdir()
        made_here = make_languages(languages)
        first: dict[str, str] = {}
        for version, python in pythons().items():
            for number, asked in enumerate(PLACES):
                place = {**asked, **made_here}
                found = made(python, Path(folder) / f"{version}-{number}", place)
                first = first or found
                differ = sorted(name for name in first | found if first.get(name) != found.get(name))
                n_faults += bool(differ)
                told = " ".join(f"{name}={value}" for name, value in asked.items())
                print(f"Python {version}, {told}: {', '.join(differ) or 'the same bytes'}", flush=True)
                if rooms and number:
                    # The first place is where tests run anyway.
                    holds, said = run_tests(python, place, rooms)
                    n_faults += not holds
                    print(f"  tests: {said}", flush=True)
    return n_faults
