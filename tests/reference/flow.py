"""The boxes of the flow, what each counts, and the sums that are checked."""

import tomllib
from pathlib import Path

from peerreview.flow import BOXES, UNFINISHED, exchange
from peerreview.flow.identities import IDENTITIES
from peerreview.flow.labels import read
from tests.reference.pipes import table

COUNTED = tomllib.loads(Path(__file__).with_name("boxes.toml").read_text(encoding="utf-8"))
"""What each box counts, in words; one of the right column that counts alike has no line of its own."""


def counted(key: str) -> str:
    """Return what a box counts; blank where nobody has written it."""
    return str(COUNTED.get(key) or COUNTED.get(key.removeprefix("other_"), ""))


def boxes() -> str:
    """Return the boxes as a table: key, words of the figure, what is counted, whether PRISMA has it."""
    labels = read()
    theirs = {row["key"].removesuffix("[]") for row in exchange._r_rows()} | {
        "excluded_human",
        "excluded_automation",
    }
    rows = [(f"`{key}`", labels.full(key), counted(key), "yes" if key in theirs else "no") for key in BOXES]
    return table(("key", "in the figure", "what it counts", "PRISMA's"), rows) + "\n"


def identities() -> str:
    """Return the sums that are checked as a table: id, formula, item of the checklist, level."""
    of = {"": "", "new": " (of a new review)", "updated": " (of an update)"}
    rows = [
        (each.id, f"`{each.formula}`", each.says + of[each.review], each.item, each.level)
        for each in IDENTITIES
    ]
    return table(("sum", "what must hold", "in words", "PRISMA item", "if not"), rows) + "\n"


def open_ends() -> str:
    """Return what keeps a flow a draft, besides decisions, as a list."""
    return "\n".join(f"- {said.removesuffix(': study')}" for said in UNFINISHED.values()) + "\n"
