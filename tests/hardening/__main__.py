"""
Hardening, measured: ``python -m tests.hardening [PART …] [--kills N] [--seed N]``.

``kills`` pulls the plug on every command that writes, ``refused`` fills the disk, closes pipes and folders
and presses Ctrl-C, ``hostile`` gives files that mean harm, ``elsewhere`` runs the living example under other
clocks, languages, hash seeds and Pythons. Exit 1 where anything did not hold.
"""

import argparse
import sys

from tests.hardening import elsewhere, hostile, kills, refused


def main() -> int:
    """Run the parts asked for, all where none is; return 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.hardening")
    parser.add_argument("part", nargs="*", choices=["kills", "refused", "hostile", "elsewhere", []])
    parser.add_argument("--kills", type=int, default=20, help="of each command")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    parts = {
        "kills": lambda: kills.run(asked.kills, asked.seed),
        "refused": lambda: refused.run(asked.seed),
        "hostile": hostile.run,
        "elsewhere": elsewhere.run,
    }
    n_faults = sum(part() for name, part in parts.items() if name in (asked.part or parts))
    print(f"{n_faults} did not hold")
    return int(n_faults > 0)


if __name__ == "__main__":
    sys.exit(main())
