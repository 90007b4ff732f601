"""``dedupe --review``: possible pairs beside each other in the terminal, one key per verdict."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from peerreview.cli import console
from peerreview.errors import InputErrors, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.duplicates.explanation import Explanation
    from peerreview.duplicates.rules import Rules

KEYS = {"d": "duplicate", "n": "distinct"}
LONGEST = 700


def review(
    records: "pd.DataFrame",
    words: "pd.DataFrame",
    rules: "Rules",
    *,
    overrides: Path,
    by: str,
    workers: int,
    venues: "pd.DataFrame | None" = None,
) -> "pd.DataFrame":
    """
    Ask about each possible pair; return the overrides with what was said.

    Each verdict is written at once, so that it can be broken off and taken up again.

    Raises
    ------
    UsageError
        Without a terminal.
    """
    from peerreview import tables
    from peerreview.duplicates import explanation, rounds
    from peerreview.duplicates import overrides as people
    from peerreview.tables import writing

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("--review asks questions and needs a terminal; without one, judge possible.csv")
    with console.working("looking for duplicates"):
        found = rounds.find_duplicates(records, rules, overrides=words, venues=venues, workers=workers)
    duplicates = found.duplicates
    possible = duplicates[duplicates["verdict"] == "possible"].sort_values(
        ["score", "record_id"], ascending=[False, True]
    )
    ids = records["record_id"].tolist()
    pairs = list(zip(possible["duplicate_of"], possible["record_id"], strict=True))
    for number, (kept, record_id) in enumerate(pairs, start=1):
        why = explanation.explain(records, kept, record_id, rules, found.lessons)
        _show(why, f"{number} of {len(pairs)}")
        key = _ask()
        if key == "q":
            break
        if key == "s":
            continue
        longer = with_verdict(words, record_id, kept, KEYS[key], by)
        try:
            people.check(longer, ids)
        except InputErrors as error:
            console.remark(f"left out: {error}")
            continue
        words = longer
        added = longer.tail(1)[[*tables.OVERRIDE.all_columns]]
        writing.write(writing.appended(overrides, added, tables.OVERRIDE), overrides)
    return words


def with_verdict(words: "pd.DataFrame", record_id: str, kept: str, verdict: str, by: str) -> "pd.DataFrame":
    """Return overrides with one more row, below all others."""
    import pandas as pd

    row = dict.fromkeys(words.columns, "") | {
        "record_id": record_id,
        "duplicate_of": kept,
        "verdict": verdict,
        "by": by,
    }
    return pd.concat([words, pd.DataFrame([row], dtype="str")], ignore_index=True)


def _ask() -> str:
    typer.echo("d duplicate · n not a duplicate · s skip · q quit: ", err=True, nl=False)
    while True:
        key = typer.getchar().lower()
        if key in {*KEYS, "s", "q"}:
            typer.echo(key, err=True)
            return key
        if key in {"\x03", "\x04"}:
            return "q"


def _show(explanation: "Explanation", title: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", *explanation.ids, title=title, show_lines=False)
    for line in explanation.lines:
        if line.one or line.other:
            table.add_row(
                line.column,
                *(
                    Text(
                        console.shown(text[:LONGEST]) or "–",
                        style="" if line.same is not False else "bold red",
                    )
                    for text in (line.one, line.other)
                ),
            )
    rule = explanation.rule
    shown = Console(stderr=True, markup=False, emoji=False)
    shown.print(table)
    if rule is not None:
        shown.print(Text(f"{rule.name}: {rule.why}", style="italic"))
