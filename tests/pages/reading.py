"""A page of Markdown as its fenced blocks."""

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
NOT_RUN = "# not run in the tests: "
"""First line of a block that the tests cannot run; the reason follows."""
_BLOCK = re.compile(
    r"^(?P<fence>```+)(?P<language>\S*)(?P<more>[^\n]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
_BY_HAND = re.compile(r"^<!-- by hand: (.+?) -->$", re.MULTILINE)
_TITLE = re.compile(r'title="([^"]+)"')
_SETTING = re.compile(r"^<!-- setting: (.+?) -->$", re.MULTILINE)
_NEEDS = re.compile(r"^<!-- needs: (.+?) -->$", re.MULTILINE)
SHELLS = ("sh", "powershell")
OUTPUT = "text"


@dataclass(frozen=True)
class Block:
    """
    A fenced block: ``start`` and ``end`` are where its text stands in the page.

    ``title`` is the file that the reader puts it into; ``why_not`` why the tests cannot run it. What people
    do ``by_hand`` stands in a comment, and is a block that no reader sees.
    """

    language: str
    title: str
    text: str
    start: int
    end: int
    by_hand: str = ""

    @property
    def why_not(self) -> str:
        first = self.text.partition("\n")[0]
        return first.removeprefix(NOT_RUN) if first.startswith(NOT_RUN) else ""


@dataclass(frozen=True)
class Page:
    """A page; ``settings`` are files that the reader has before its first block, ``needs`` programs."""

    path: Path
    text: str
    blocks: tuple[Block, ...]
    settings: tuple[str, ...]
    needs: tuple[str, ...]


def pages() -> list[Path]:
    """Return every page, in order."""
    return sorted(DOCS.rglob("*.md"))


def read(path: Path) -> Page:
    """Return a page as its blocks."""
    text = path.read_text(encoding="utf-8")
    blocks = []
    for found in _BLOCK.finditer(text):
        title = _TITLE.search(found["more"])
        blocks.append(
            Block(
                found["language"],
                title[1] if title else "",
                found["text"],
                found.start("text"),
                found.end("text"),
            )
        )
    for found in _BY_HAND.finditer(text):
        blocks.append(Block("", "", "", found.start(), found.end(), by_hand=found[1]))
    blocks.sort(key=lambda block: block.start)
    return Page(path, text, tuple(blocks), _listed(_SETTING, text), _listed(_NEEDS, text))


def inline_commands(text: str) -> list[str]:
    """Return the commands of peerreview that stand within sentences."""
    without = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`(peerreview [^`\n]+)`", without)


def _listed(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = pattern.search(text)
    return tuple(found[1].split(", ")) if found else ()
