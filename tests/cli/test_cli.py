import subprocess
import sys

import pytest
from typer.testing import CliRunner

import peerreview
from peerreview.cli import app

HEAVY = ("pandas", "numpy", "rispy", "bibtexparser", "rapidfuzz", "jinja2", "graphviz")


def test_the_version_is_printed_and_nothing_else() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert (0, f"peerreview {peerreview.__version__}\n") == (result.exit_code, result.stdout)


@pytest.mark.parametrize("words", [["--help"], ["import", "--help"], ["--version"]])
def test_help_loads_no_heavy_library(words: list[str]) -> None:
    code = f"import sys; sys.argv = ['peerreview', *{words!r}]\n"
    code += "from peerreview.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    code += f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stderr.strip() == "[]"


def test_the_module_runs_as_a_program() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "peerreview", "--version"], capture_output=True, text=True, check=True
    )

    assert result.stdout.startswith("peerreview ")


def test_a_wrong_option_exits_with_2() -> None:
    assert CliRunner().invoke(app, ["--colour"]).exit_code == 2


def test_every_command_and_option_has_help() -> None:
    from typer.main import get_command

    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        first_line = (command.help or "").strip().splitlines()[0]
        assert len(first_line) < 60, name
        for option in command.params:
            assert getattr(option, "help", None), f"{name} {option.name}"
