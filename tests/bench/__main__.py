"""Run the benchmarks: ``python -m tests.bench [PART…]``; a part is a module here with a ``run``."""

import importlib
import pkgutil
import sys

import tests.bench

PARTS = sorted(
    module.name for module in pkgutil.iter_modules(tests.bench.__path__) if module.name != "__main__"
)


def main() -> None:
    """Run the parts named, or all."""
    chosen = sys.argv[1:] or PARTS
    unknown = [part for part in chosen if part not in PARTS]
    if unknown:
        sys.exit(f"no bench {unknown[0]!r}; there are {', '.join(PARTS)}")
    for part in chosen:
        print(f"\n== {part}")
        importlib.import_module(f"tests.bench.{part}").run()


main()
