"""Completion is there for the shells that people use, and the manual page for ``man``."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MANUAL = Path(__file__).parents[2] / "docs" / "reference" / "peerreview.1"
PROGRAM = Path(sys.executable).with_name("peerreview")

pytestmark = pytest.mark.skipif(not PROGRAM.is_file(), reason="peerreview is not installed beside Python")


def script_for(shell: str) -> str:
    environment = os.environ | {"_PEERREVIEW_COMPLETE": f"source_{shell}"}
    return subprocess.run(
        [PROGRAM], env=environment, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shell", "said"),
    [
        ("bash", "complete -o default -F _peerreview_completion peerreview"),
        ("zsh", "#compdef peerreview"),
        ("fish", "complete --command peerreview"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName peerreview"),
        ("pwsh", "Register-ArgumentCompleter -Native -CommandName peerreview"),
    ],
)
def test_a_script_is_printed_for_each_shell(shell: str, said: str) -> None:
    assert said in script_for(shell)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ex", {"export"}),
        ("table charac", {"characteristics"}),
        ("dedupe --ex", {"--explain"}),
        ("prisma --per", {"--per-source"}),
    ],
)
def test_bash_completes_commands_tables_and_options(typed: str, offered: set[str]) -> None:
    words = typed.split()
    listed = " ".join(f"'{word}'" for word in ("peerreview", *words))
    ask = f"COMP_WORDS=({listed}); COMP_CWORD={len(words)}; _peerreview_completion peerreview"
    environment = os.environ | {"PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"}

    said = subprocess.run(
        ["bash", "-c", f"{script_for('bash')}\n{ask}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert offered == set(said.split())


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff on this machine")
def test_the_manual_page_is_set_without_a_warning() -> None:
    made = subprocess.run(
        ["groff", "-ww", "-man", "-Tutf8", str(MANUAL)], capture_output=True, text=True, check=True
    )

    assert made.stderr == ""
    # Bold is a letter printed twice, or an escape sequence.
    plain = re.sub(r".\x08|\x1b\[[0-9;]*m", "", made.stdout)
    for said in ("peerreview dedupe", "--explain", "EXIT STATUS", "peerreview table characteristics"):
        assert said in plain
