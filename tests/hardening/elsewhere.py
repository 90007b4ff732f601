"""The living example under other clocks, languages, hash seeds and Pythons: the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "living-update"
PLACES = (
    {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"},
    {"LC_ALL": "C", "TZ": "Pacific/Apia", "PYTHONHASHSEED": "1"},
    {"LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "2"},
)
"""A language that the machine lacks is C's to programs, and asked for all the same."""
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


def run() -> int:
    """Print where the outputs are other bytes; return in how many places they are."""
    n_faults = 0
    with tempfile.TemporaryDirectory() as folder:
        first: dict[str, str] = {}
        for version, python in pythons().items():
            for number, place in enumerate(PLACES):
                found = made(python, Path(folder) / f"{version}-{number}", place)
                first = first or found
                differ = sorted(name for name in first | found if first.get(name) != found.get(name))
                n_faults += bool(differ)
                told = " ".join(f"{name}={value}" for name, value in place.items())
                print(f"Python {version}, {told}: {', '.join(differ) or 'the same bytes'}", flush=True)
    return n_faults
