"""
Strategies as reviews printed them; ``lines.csv`` has what stands in each line, by another reading.

Those that begin with ``own-`` are worded for the tests, in layouts that reviews have.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
HEAD = 2
"""Lines of a file that say where it is from."""


class Line(NamedTuple):
    """What a line says: its count, how many letters what was searched has, and how that begins and ends."""

    file: str
    number: str
    hits: str
    letters: int
    begins: str
    ends: str

    def is_read(self, row: dict[str, str] | None) -> bool:
        """Whether a row of ``strategies.csv`` says the same."""
        if row is None:
            return False
        text = " ".join(row["text"].split())
        return (
            row["hits"] == self.hits
            and len(text.replace(" ", "")) == self.letters
            and text.startswith(self.begins)
            and text.endswith(self.ends)
        )


def files() -> list[str]:
    """Return the names of the strategies."""
    return sorted(path.name for path in FOLDER.glob("*.txt"))


def content(name: str) -> bytes:
    """Return a strategy as it is printed, without the lines that say where."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return "".join(text.splitlines(keepends=True)[HEAD:]).encode()


def lines() -> Iterator[Line]:
    """Yield what stands in each line of each strategy."""
    with (FOLDER / "lines.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Line(**{**row, "letters": int(row["letters"])})  # type: ignore[arg-type]
