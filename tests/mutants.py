"""
Faults put into the code one at a time: how many do the tests of that room notice?

``python -m tests.mutants [PART …] [--sample N] [--seed N]``, with cosmic-ray. Each part is a
module and the quick tests of its room; a sample of its mutants is drawn, by seed. What is
survived is printed as a diff: it gets a test, or the code goes. Works in a copy of the tree.

Read one by one, these survive for they change nothing: an order asked of words or signs of which
only two or three can come (``decision <= "exclude"`` at full text, ``basis < TYPED``, ``// sign``);
``<`` for ``!=`` of a part's length and the whole's, or of times that are in order; 0 as the most of a
likeness that is none below it; ``continue`` for ``break`` where no pair is left; ``share / share.sum()``,
which is 1 but for rounding; ``<= 1`` of a list that is not empty; midnight as the first moment of a
day; ``~(a ** ~b)`` for ``~a & ~b``.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PARTS = {
    "agreement/coefficients": "tests/agreement/test_coefficients.py",
    "agreement/alpha": "tests/agreement/test_coefficients.py",
    "flow/counting": "tests/flow/test_counting_by_hand.py tests/flow/test_counting.py"
    " tests/flow/test_elsewhere.py tests/flow/test_searched.py",
    "flow/clusters": "tests/flow/test_counting_by_hand.py tests/flow/test_counting.py",
    "flow/stages": "tests/flow/test_counting_by_hand.py tests/flow/test_counting.py",
    "flow/identities": "tests/flow/test_identities.py tests/flow/test_published.py tests/flow/test_bounds.py",
    "screening/outcomes": "tests/screening/test_outcomes_by_hand.py tests/screening/test_outcomes.py"
    " tests/screening/test_ballots.py",
    "screening/votes": "tests/screening/test_votes.py tests/screening/test_outcomes.py",
    "screening/progress": "tests/screening/test_progress.py",
    "screening/resolutions": "tests/screening/test_resolutions.py",
    "duplicates/judging": "tests/duplicates/test_judging.py tests/duplicates/test_rounds.py",
    "duplicates/rules/__init__": "tests/duplicates/rules",
}
"""
Modules below ``src/peerreview``, and their tests, those that notice most and quickest first.

A rule's own lines the page of rules sees to.
"""
SAME = (
    # Small numbers and words of the source are one object in CPython: a matter of the interpreter.
    "ReplaceComparisonOperator_Eq_Is",
    "ReplaceComparisonOperator_NotEq_IsNot",
    # Of numpy's masks, & is * and | is + by definition; of sets and mappings there is neither.
    "ReplaceBinaryOperator_BitAnd_Mul",
    "ReplaceBinaryOperator_BitOr_Add",
)
"""Changes that change nothing that these modules do, whatever their tests."""
NEEDED = ("src", "tests", "docs", "pyproject.toml", "README.md")
SECONDS = 300.0
"""How long tests may take; what takes longer hangs, or the machine is busy: it is told apart."""
_CONFIG = """\
[cosmic-ray]
module-path = "src/peerreview/{part}.py"
timeout = {seconds}
excluded-modules = []
test-command = "{python} -m pytest -q -x -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""


Place = tuple[int, int]
"""A line and a column."""


def declared(source: str) -> Iterator[tuple[Place, Place]]:
    """
    Yield where types and signatures stand, from and to: a fault there is none of what the code does.

    Nor is one in what a class declares of itself (frozen, slots), for no result shows it, or in ``strict``
    of a zip, which says of columns of one table that they are as long as each other.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for each in node.decorator_list:
                yield (each.lineno, each.col_offset), (each.end_lineno or 0, each.end_col_offset or 0)
        if isinstance(node, ast.keyword) and node.arg == "strict":
            yield (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            yield (node.lineno, node.col_offset), (first.lineno, first.col_offset)
        elif isinstance(node, ast.AnnAssign):
            of = node.annotation
            yield (of.lineno, of.col_offset), (of.end_lineno or 0, of.end_col_offset or 0)


def measure(part: str, sample: int, seed: int) -> tuple[int, int, int]:
    """Return how many mutants of a part there are, how many were tried, and how many the tests noticed."""
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    config, session = Path("mutants.toml"), Path("mutants.sqlite")
    # The module's own examples are tests of it, too.
    tests = f"{PARTS[part]} src/peerreview/{part}.py"
    said = _CONFIG.format(part=part, tests=tests, python=sys.executable, seconds=SECONDS)
    config.write_text(said, encoding="utf-8")
    session.unlink(missing_ok=True)
    tool = [sys.executable, "-m", "cosmic_ray.cli"]
    subprocess.run([*tool, "init", str(config), str(session)], check=True)
    types = list(declared(Path(f"src/peerreview/{part}.py").read_text(encoding="utf-8")))
    with use_db(str(session)) as jobs:
        items = sorted(jobs.work_items, key=lambda item: (item.mutations[0].start_pos, item.job_id))
        able = [
            item
            for item in items
            if not any(start <= item.mutations[0].start_pos < end for start, end in types)
            and not item.mutations[0].operator_name.endswith(SAME)
        ]
        # Job ids are made anew each time: what is drawn are places in the order of the source.
        places = {(each.mutations[0].start_pos, each.mutations[0].operator_name) for each in able}
        drawn = random.Random(seed).sample(sorted(places), min(sample, len(places)))  # noqa: S311
        chosen = {
            item.job_id
            for item in able
            if (item.mutations[0].start_pos, item.mutations[0].operator_name) in set(drawn)
        }
        for item in items:
            if item.job_id not in chosen:
                jobs.set_result(item.job_id, WorkResult(WorkerOutcome.SKIPPED))
    subprocess.run([*tool, "exec", str(config), str(session)], check=True)
    with use_db(str(session)) as jobs:
        tried = [result for job, result in jobs.results if job in chosen]
    for result in tried:
        if result.output == "timeout":
            print(f"took more than {SECONDS:.0f} seconds, and counts as noticed:", result.diff, flush=True)
        if not result.is_killed:
            changed = [line for line in (result.diff or "").splitlines() if line[:1] in "+-@"]
            print("\n".join(["survived:", *changed]), flush=True)
    return len(able), len(tried), sum(result.is_killed for result in tried)


def main() -> None:
    """Measure the parts that are named, or all, and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS])
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory() as folder:
        for name in NEEDED:
            source = root / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, Path(folder) / name)
        os.chdir(folder)
        os.environ["PYTHONPATH"] = str(Path(folder) / "src")
        # A fault that Python has compiled once would otherwise be run again in place of the next.
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        scores = {part: measure(part, asked.sample, asked.seed) for part in asked.parts or PARTS}
        os.chdir(root)
    for part, (n_all, n_tried, n_noticed) in scores.items():
        share = 100 * n_noticed / n_tried if n_tried else 0
        print(f"{part:28} {n_noticed:>4} of {n_tried:>4} noticed ({share:.0f}%), {n_all:,} there are")
    n_tried, n_noticed = (sum(each[place] for each in scores.values()) for place in (1, 2))
    print(f"{'all':28} {n_noticed:>4} of {n_tried:>4} noticed ({100 * n_noticed / max(n_tried, 1):.0f}%)")


if __name__ == "__main__":
    main()
