"""How many notices are found in labelled public pairs, and how fast 60,000 of them in a million records."""

from rich.console import Console
from rich.table import Table

from tests.notices import measure, read_pairs, recall


def run() -> None:
    """Print what is found of each label, by identifier, by title and by what records say of themselves."""
    _print_pairs()


def _print_pairs() -> None:
    measured = measure(read_pairs())
    shown = Table(title=f"{sum(each.n for each in measured)} labelled pairs of public notices and records")
    for name in ("label", "way", "pairs", "found", "wrongly in doubt"):
        shown.add_column(name, justify="left" if name in ("label", "way") else "right")
    for each in measured:
        shown.add_row(each.label, each.way, f"{each.n}", f"{each.n_found}", f"{each.n_wrongly_doubted}")
    Console(width=100).print(shown)
    for way in ("identifier", "title", "itself"):
        print(f"recall by {way}: {recall(measured, way):.3f}")
