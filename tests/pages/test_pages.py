"""Every command that a page shows runs, and says what the page shows."""

import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.pages.reading import DOCS, NOT_RUN, SHELLS, inline_commands, pages, read
from tests.pages.running import ANYTHING, fits, run
from tests.pages.settings import SETTINGS
from tests.reference.commands import options

PAGES = pages()
RUNNABLE = [path for path in PAGES if any(block.language == "sh" for block in read(path).blocks)]
LANGUAGES = {"sh", "text", "powershell", "python", "pycon", "toml", "csv", "make", "json", "r"}
REFERENCE = sorted((DOCS / "reference").glob("*.*"))
OF_ALL = {"-h", "--help", "-V", "--version", "--install-completion", "--show-completion"}


def name_of(path: Path) -> str:
    return str(path.relative_to(DOCS))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine: the pages did not run")
@pytest.mark.parametrize("path", RUNNABLE, ids=name_of)
def test_what_a_page_shows_runs_and_comes_out_so(path: Path, tmp_path: Path) -> None:
    page = read(path)
    missing = [each for each in page.needs if not (shutil.which(each) or find_spec(each))]
    if missing:
        pytest.skip(f"no {' and no '.join(missing)} on this machine: {path.name} did not run")
    for setting in page.settings:
        SETTINGS[setting](tmp_path)

    shown = run(page, tmp_path)

    for each in shown:
        assert fits(each.block.text, each.said), (
            f"{path.name} shows\n{each.block.text}\nand it said\n{each.said}\n"
            f"run: python -m tests.pages {path.relative_to(DOCS.parent)}"
        )


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_block_is_run_written_shown_or_says_why_not(path: Path) -> None:
    for block in read(path).blocks:
        assert block.by_hand or block.language in LANGUAGES, block.text
        if block.language == "powershell":
            assert block.why_not, f"a block for Windows says why it is not run: {NOT_RUN}…\n{block.text}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_an_output_that_is_shown_says_something(path: Path) -> None:
    assert [block.start for block in read(path).blocks if block.text.strip() == ANYTHING] == []


def test_blocks_that_do_not_run_are_rare() -> None:
    blocks = [block for path in PAGES for block in read(path).blocks if block.language in SHELLS]
    not_run = [block for block in blocks if block.why_not]

    assert len(not_run) * 5 <= len(blocks), [block.text for block in not_run]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_command_within_a_sentence_exists_with_its_options(path: Path) -> None:
    known = options()
    for line in inline_commands(path.read_text(encoding="utf-8")):
        words = shlex.split(line.replace("…", ""))[1:]
        if not words or not re.fullmatch("[a-z][a-z-]*", words[0]):
            assert set(words) <= {"COMMAND", "INPUTS", "-o", "OUTPUT", *OF_ALL}, line
            continue
        name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
        assert name in known, f"{path.name}: {line}"
        asked = {word.partition("=")[0] for word in words if re.match(r"-[a-zA-Z-]", word)}
        assert asked <= known[name], f"{path.name}: {line} has no {asked - known[name]}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_within_the_pages_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")

    assert [
        name_of(path) for path in PAGES if path.name != "index.md" and f"({name_of(path)})" not in index
    ] == []


@pytest.mark.parametrize("path", REFERENCE, ids=name_of)
def test_the_reference_is_that_of_the_code(path: Path) -> None:
    if path.name in ("commands.md", "peerreview.1") and not version("typer").startswith("0.28."):
        pytest.skip("the reference is written with typer 0.28")
    result = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "-I", str(DOCS.parent), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "[[[cog" in path.read_text(encoding="utf-8")
    said = f"{result.stdout}{result.stderr}"
    assert result.returncode == 0, f"run: python -m cogapp -r -I . docs/reference/*\n{said}"
