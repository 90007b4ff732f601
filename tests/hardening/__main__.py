"""
Hardening, measured: ``python -m tests.hardening [PART …] [--kills N] [--changes N] [--seed N]``.

``kills`` pulls the plug on every command that writes, ``mixtures`` puts outputs of two runs together,
``refused`` fills the disk, closes pipes and folders and presses Ctrl-C, ``hostile`` gives files that mean
harm, ``elsewhere`` runs the living example under other clocks, languages, hash seeds and Pythons, ``changed``
changes single cells of the worked example and asks ``verify``. Exit 1 where anything did not hold.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hardening import changed, elsewhere, hostile, kills, mixtures, refused

if TYPE_CHECKING:
    from collections.abc import Callable


KEPT = elsewhere.ROOT / ".nox" / "elsewhere"


def main() -> int:
    """Run the parts asked for, all where none is; return 1 where something did not hold."""
    names = ["kills", "mixtures", "refused", "hostile", "elsewhere", "changed"]
    parser = argparse.ArgumentParser(prog="python -m tests.hardening")
    parser.add_argument("part", nargs="*", choices=[*names, []])
    parser.add_argument("--kills", type=int, default=20, help="of each command")
    parser.add_argument("--of", nargs="*", default=[], help="commands of kills, refused")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="*", default=["tests", "src"], help="of elsewhere: tests to run")
    parser.add_argument(
        "--environments", type=Path, default=KEPT, help="of elsewhere: a Python of each version"
    )
    parser.add_argument("--changes", type=int, default=100, help="of a cell")
    parser.add_argument("--made", type=Path, help="the worked example's folder after make; made anew if none")
    asked = parser.parse_args()
    parts: dict[str, Callable[[], int]] = {
        "kills": lambda: kills.run(asked.kills, asked.seed, asked.of),
        "mixtures": mixtures.run,
        "refused": lambda: refused.run(asked.seed, asked.of),
        "hostile": hostile.run,
        "elsewhere": lambda: elsewhere.run(asked.rooms, asked.environments),
        "changed": lambda: changed.run(asked.changes, asked.seed, asked.made),
    }
    n_faults = sum(part() for name, part in parts.items() if name in (asked.part or parts))
    print(f"{n_faults} did not hold")
    return int(n_faults > 0)


if __name__ == "__main__":
    sys.exit(main())
