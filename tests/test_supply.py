"""Nothing of the working folder runs, and what we stand on is listed with its licence."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_dependency_is_listed_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    asked = {re.split(r"[<>=\[; ]", each)[0] for each in named} - {"peerreview"}
    listed = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")

    assert {each for each in asked if not re.search(rf"\| {re.escape(each)} \| [A-Z]", listed)} == set()


def test_no_module_of_the_working_folder_runs(tmp_path: Path) -> None:
    for name in ("pandas", "typer", "typing", "signal", "rich", "numpy", "csv"):
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "peerreview", "status"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.glob("ran-*")] == []
