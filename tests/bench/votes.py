"""What a million votes cost beside pandas that reads the same file as text: ``decisions`` and ``screen``."""

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import writing

N_RECORDS = 500_000
"""Records that two people voted on each."""


def run() -> None:
    """Print processor seconds, and how many times those of pandas they are."""
    shown = Table(title=f"{2 * N_RECORDS:,} votes: processor seconds (times pandas)")
    for name in ("file", "pandas reads it", "decisions", "screen"):
        shown.add_column(name, justify="right")
    with TemporaryDirectory() as name:
        folder = Path(name)
        ids = [f"w{n}-{n * 2_654_435_761 % 16**6:06x}" for n in range(N_RECORDS)]
        writing.write(_records(ids), folder / "unique.csv")
        (folder / "decisions").mkdir()
        votes = folder / "decisions" / "votes.csv"
        for kind, sheet in (("long", _long(ids)), ("wide", _wide(ids))):
            file = folder / f"{kind}.csv"
            writing.write(sheet, file)
            own = _seconds(lambda file=file: pd.read_csv(file, dtype=str, keep_default_na=False))
            took = _seconds(lambda file=file: _call("decisions", file, "--replace", "-o", votes))
            settled = _seconds(
                lambda: _call("screen", folder / "unique.csv", votes, "-o", folder / "screening.csv")
            )
            shown.add_row(kind, f"{own:.2f}", *(f"{each:.1f} ({each / own:.1f})" for each in (took, settled)))
    Console(width=120).print(shown)


def _seconds(call) -> float:  # type: ignore[no-untyped-def]
    started = time.process_time()
    call()
    return time.process_time() - started


def _call(*words: object) -> None:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exit_code:
        raise SystemExit(result.output)


def _records(ids: list[str]) -> pd.DataFrame:
    rows = (
        {
            "record_id": each,
            "source": "MEDLINE",
            "source_kind": "database",
            "round": "1",
            "title": f"T {each}",
        }
        for each in ids
    )
    return tables.make(tables.UNIQUE, rows)


def _said(n: int, seed: int) -> list[str]:
    return random.Random(seed).choices(("include", "exclude", "maybe"), (1, 8, 1), k=n)  # noqa: S311


def _long(ids: list[str]) -> pd.DataFrame:
    votes = {
        "record_id": ids * 2,
        "title": [f"Lamps and lifts in the wards of hospital {each}" for each in ids] * 2,
        "reviewer": ["ana"] * len(ids) + ["ben"] * len(ids),
        "stage": "title_abstract",
        "decision": _said(2 * len(ids), 1),
    }
    return pd.DataFrame(votes, dtype="str")


def _wide(ids: list[str]) -> pd.DataFrame:
    titles = [f"Lamps and lifts in the wards of hospital {each}" for each in ids]
    votes = {"record_id": ids, "title": titles, "ana": _said(len(ids), 1), "ben": _said(len(ids), 2)}
    return pd.DataFrame(votes, dtype="str")
