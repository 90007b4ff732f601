"""How well printed search strategies are read, and the errors put into them found."""

import random
from collections import Counter, defaultdict

from rich.console import Console
from rich.table import Table

from peerreview import tables
from peerreview.imports.strategies import reading
from tests.imports.strategies import printed
from tests.imports.strategies.seeding import KINDS, errors, findings, seed

ROUNDS = 3
"""How often each kind of error is put into each search, at a line by chance."""


def run() -> None:
    """Print lines read right by platform, errors seen where none was made, and those put in by chance."""
    console = Console(width=110)
    right: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    searches: defaultdict[str, set[str]] = defaultdict(set)
    expected = defaultdict(list)
    for line in printed.lines():
        expected[line.file].append(line)
    false = []
    for name in printed.files():
        text = printed.content(name)
        rows = {row["number"]: row for row in tables.rows(reading.read({name: text}).lines)}
        platform = next(iter(rows.values()))["platform"]
        searches[platform].add(name)
        whole[platform] += len(expected[name])
        right[platform] += sum(line.is_read(rows.get(line.number)) for line in expected[name])
        false += [(name, row["number"], row["message"]) for row in errors(text.decode())]
    read = Table(title="strategies as printed")
    for column in ("platform", "strategies", "lines", "right"):
        read.add_column(column, justify="right")
    for platform, n in whole.items():
        read.add_row(platform, str(len(searches[platform])), str(n), f"{right[platform] / n:.1%}")
    read.add_row("all", str(len(printed.files())), str(whole.total()), f"{right.total() / whole.total():.1%}")
    console.print(read)
    console.print(f"errors in strategies as printed: {len(false)}")
    for each in false:
        console.print(*each)
    found: Counter[str] = Counter()
    made: Counter[str] = Counter()
    chance = random.Random(1)  # noqa: S311  which line, not a secret
    for name in printed.files() * ROUNDS:
        for seeded in seed(printed.content(name).decode(), chance):
            made[seeded.kind] += 1
            found[seeded.kind] += (seeded.check, seeded.number) in findings(seeded.text)
    shown = Table(title="errors put in")
    for column in ("kind", "made", "found"):
        shown.add_column(column, justify="right")
    for kind, _, _ in KINDS:
        shown.add_row(kind, str(made[kind]), str(found[kind]))
    console.print(shown)
