"""
EPPI-Reviewer's coding report: a column per code, ticked where an item has it.

Codes named ``INCLUDE …`` and ``EXCLUDE …`` are decisions; the rest of an
exclude code's name is the reason. ``I/E/D/S flag`` is the team's word
where no such code is ticked.
"""

import re
from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, cell, referred
from peerreview.screening.screeners.words import fold, fold_stage

NAME = "eppi"
VERIFIED = False
ZERO = ""
INDEPENDENT = True
TEAM = "EPPI-Reviewer"

_FLAG = "i/e/d/s flag"
_CODE = re.compile(r"^(include|exclude)\b[\s:,-]*(.*)$", re.IGNORECASE)
_ON = re.compile(r"\b(?:on|at)\s+(.+)$", re.IGNORECASE)
_FLAGS = {"i": "include", "included": "include", "e": "exclude", "excluded": "exclude"}


def looks_like(export: Export) -> bool:
    """Return whether the columns are those of a coding report."""
    return "itemid" in export.columns and bool(export.columns & {_FLAG, "shorttitle", "short title"})


def cast(export: Export) -> Iterator[RawVote]:
    """Return the decisions that ticked codes stand for, as a consensus of each item."""
    codes = [(name.casefold(), found) for name in export.table[0] if (found := _CODE.match(name))]
    for line, row in export.table[1]:
        reference = referred(row, key=cell(row, "itemid"), tool="eppi")
        ticked = [found for column, found in codes if _is_ticked(cell(row, column))]
        decisions: dict[str, tuple[str, list[str]]] = {}
        for found in ticked:
            word, rest = found[1].casefold(), found[2].strip()
            on = _ON.search(rest)
            stage = (fold_stage(on[1]) if on else None) or ("full_text" if "full" in rest.casefold() else "")
            reason = (rest[: on.start()] if on else rest).strip(" ,:-")
            decision, reasons = decisions.setdefault(stage, (word, []))
            if word == decision == "exclude" and reason:
                reasons.append(reason)
        for stage, (decision, reasons) in decisions.items():
            yield RawVote(
                line,
                reference,
                decision,
                "EPPI-Reviewer",
                stage=stage,
                reason="; ".join(reasons),
                role="consensus",
            )
        if not decisions:
            flag = _FLAGS.get(cell(row, _FLAG).casefold(), "")
            yield RawVote(line, reference, flag, TEAM, role="consensus")


def _is_ticked(value: str) -> bool:
    return bool(value) and fold(value) != "exclude" and value != "0"
