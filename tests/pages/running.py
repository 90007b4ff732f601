"""A page's blocks, run one after the other in one shell and one folder."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.pages import preloaded
from tests.pages.reading import OUTPUT, Block, Page

_MARK = "\N{INFORMATION SEPARATOR ONE}"
_ROOT = Path(__file__).parents[2]
ANYTHING = "…"
"""In an output that a page shows: any lines where it stands alone, else any text within the line."""


@dataclass(frozen=True)
class Shown:
    """An output that a page shows, and what came out when its command was run."""

    block: Block
    said: str

    @property
    def holds(self) -> bool:
        return fits(self.block.text, self.said)


def fits(shown: str, said: str) -> bool:
    """
    Return whether an output is the one that a page shows.

    >>> fits("a\\n…\\nd 4 of …", "a\\nb\\nc\\nd 4 of 5"), fits("a", "b")
    (True, False)
    """
    lines = [
        "(?:.*\n)*?" if line == ANYTHING else ".*?".join(map(re.escape, line.split(ANYTHING))) + "\n"
        for line in shown.strip("\n").split("\n")
    ]
    return re.fullmatch("".join(lines), said.strip("\n") + "\n") is not None


def run(page: Page, folder: Path) -> list[Shown]:
    """
    Return the outputs that a page shows, each beside what its commands said in a folder.

    A block with a title is a file that the reader writes; a block of ``text``
    below one of commands is what they print, both streams as a terminal has them.

    Raises
    ------
    AssertionError
        For a command that fails, with all that was said.
    """
    steps = list(_steps(page))
    script = "set -e\n" + "".join(map(_in_shell, (step for step, _ in steps)))
    at_once = preloaded.folder()
    programs = (*([at_once] if at_once else []), Path(sys.executable).parent, os.environ["PATH"])
    environment = os.environ | {
        "PATH": os.pathsep.join(map(str, programs)),
        "COLUMNS": "120",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    finished = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    said = finished.stdout.split(f"{_MARK}\n")
    commands = [(step, shown) for step, shown in steps if not step.title and not step.by_hand]
    if finished.returncode:
        failed = commands[min(len(said), len(commands)) - 1][0].text
        raise AssertionError(f"{page.path.name}: exit {finished.returncode} in\n{failed}\n{said[-1]}")
    outputs = zip(commands, said, strict=False)
    return [Shown(shown, told) for (_, shown), told in outputs if shown is not None]


def _steps(page: Page) -> Iterator[tuple[Block, Block | None]]:
    """Yield the blocks to run and the files to write; beside commands the output that is shown of them."""
    for block, below in zip(page.blocks, (*page.blocks[1:], None), strict=True):
        if block.title or block.by_hand:
            yield block, None
        elif block.language == "sh" and not block.why_not:
            is_shown = below is not None and below.language == OUTPUT and not below.title
            yield block, below if is_shown else None


def _in_shell(step: Block) -> str:
    """Return the shell's words for commands, for writing a file that a page shows, or for what people do."""
    if step.by_hand:
        return (
            f"PYTHONPATH='{_ROOT}:'\"$PYTHONPATH\" '{sys.executable}' -m tests.pages.by_hand {step.by_hand}\n"
        )
    if step.title:
        lines = step.text.removesuffix("\n")
        folder = f"mkdir -p \"$(dirname '{step.title}')\"\n"
        return f"{folder}cat > '{step.title}' <<'END OF FILE'\n{lines}\nEND OF FILE\n"
    return f"{step.text}\nprintf '%s\\n' '{_MARK}'\n"
