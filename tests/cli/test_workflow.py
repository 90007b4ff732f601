"""Tests of the workflow that ``init --git`` writes: its steps, run as GitHub runs them."""

import os
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app

needs_tools = pytest.mark.skipif(
    shutil.which("make") is None or shutil.which("bash") is None, reason="no make or bash on this machine"
)


def steps(workflow: str) -> dict[str, str]:
    """Return the commands of each step by its name."""
    found = re.findall(
        r"^ +- name: (.+)\n(?: +#.*\n)* +run: \|\n((?:(?: {10}.*)?\n)+)", workflow, re.MULTILINE
    )
    return {name: textwrap.dedent(commands) for name, commands in found}


def run_steps(review: Path, statuses: dict[str, int]) -> tuple[int, list[str], str]:
    """
    Return the status of the first step that fails, else 0, what peerreview was asked, and what was said.

    ``statuses`` is what a command of peerreview would exit with, where that is not 0.
    """
    runner = review.parent / "runner"
    runner.mkdir()
    cases = "".join(f"{command}) exit {status};; " for command, status in statuses.items())
    asked = f'#!/bin/sh\necho "$@" >> "{runner}/asked"\ncase "$1" in {cases} *) exit 0;; esac\n'
    for name, content in (("peerreview", asked), ("pip", "#!/bin/sh\n")):
        (runner / name).write_text(content, encoding="utf-8")
        (runner / name).chmod(0o755)
    path = f"{runner}{os.pathsep}{os.environ['PATH']}"
    surroundings = {**os.environ, "RUNNER_TEMP": str(runner), "PATH": path}
    workflow = (review / ".github/workflows/review.yml").read_text(encoding="utf-8")
    failed, said = 0, ""
    for commands in steps(workflow).values():
        ran = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", commands],
            cwd=review, env=surroundings, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said += ran.stdout + ran.stderr
        if failed := ran.returncode:
            break
    return failed, (runner / "asked").read_text(encoding="utf-8").splitlines(), said


@pytest.fixture
def review(tmp_path: Path) -> Path:
    folder = tmp_path / "review"
    assert CliRunner().invoke(app, ["init", str(folder), "--git"]).exit_code == 0
    return folder


def test_the_workflow_checks_on_each_push_and_needs_no_image_and_no_secret(review: Path) -> None:
    workflow = (review / ".github/workflows/review.yml").read_text(encoding="utf-8")

    assert "on:\n  push:\n" in workflow
    assert list(steps(workflow)) == [
        "Install peerreview",
        "Do figures and reports say what the tables say?",
        "Do the numbers add up?",
        "What is left to do?",
    ]
    assert "make check" in workflow
    assert "status --check" in workflow
    assert not re.search(r"docker|container:|secrets\.|index-url|https?://", workflow)


@pytest.fixture
def begun(review: Path) -> Path:
    for seconds, name in enumerate(
        ("exports/medline.ris", "sources.csv", "records.csv", "unique.csv", "flow.json")
    ):
        (review / name).touch()
        os.utime(review / name, (seconds, seconds))
    os.utime(review / "peerreview.toml", (0, 0))
    return review


@needs_tools
def test_a_review_that_has_not_begun_is_only_asked_how_far_it_is(review: Path) -> None:
    status, asked, said = run_steps(review, {})

    assert (status, asked) == (0, ["status --check"]), said


@needs_tools
def test_figures_sums_and_what_is_left_are_asked_for_and_what_is_open_is_told(begun: Path) -> None:
    status, asked, said = run_steps(begun, {"status": 3, "screen": 3, "prisma": 3, "verify": 3})

    assert status == 0, said
    assert asked == [
        "verify",
        "screen unique.csv decisions/*.csv --check",
        "prisma --check",
        "status --check",
    ]
    assert "::notice::peerreview status: something is still open" in said


@needs_tools
@pytest.mark.parametrize("command", ["verify", "prisma", "status"])
def test_what_is_wrong_makes_the_push_red(begun: Path, command: str) -> None:
    status, _, said = run_steps(begun, {command: 1})

    assert status != 0, said
