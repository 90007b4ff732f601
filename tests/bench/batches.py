"""
What differs where new records are held against earlier ones, and not deduplicated together with all.

Each labelled set, the careless variants of its works, and invented records are split at random into two or
three rounds, several times. A verdict differs where a record has another fate: removed or kept, by one
and not by the other, or removed for another record. Labelled sets lie in the folder ``dedupe`` of
PEERREVIEW_CORPUS; PEERREVIEW_BATCHES_SEEDS is how many splits there are of each, 3 where it is not set.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from peerreview.duplicates import keeping
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import default_rules
from tests.batches import in_rounds, one_after_the_other
from tests.labelled import measure, read_set
from tests.variants import invent, invent_beyond_medicine, vary

RULES = default_rules()
SHARES = ((0.1,), (0.5,), (0.2, 0.1))
"""How large the second round is, and the third."""
INVENTED = 6_000


def run() -> None:
    """Print the table."""
    seeds = int(os.environ.get("PEERREVIEW_BATCHES_SEEDS", "3"))
    print(
        f"{'set':<28}{'rounds':>12}{'records':>9}{'fates':>7}{'possible':>10}{'explained':>11}{'lost':>7}{'left':>7}"
    )
    for name, records, groups in _sets():
        for shares in SHARES:
            told = [_differences(in_rounds(records, *shares, seed=seed), groups) for seed in range(seeds)]
            fates, possible, explained, *measured = (sum(each) for each in zip(*told, strict=True))
            lost, left = (f"{measured[side]}/{measured[side + 1]}" for side in (0, 2))
            rounds = "+".join(f"{100 * share:.0f}%" for share in shares)
            print(
                f"{name:<28}{rounds:>12}{seeds * len(records):>9}{fates:>7}{possible:>10}{explained:>11}"
                f"{lost:>7}{left:>7}",
                flush=True,
            )
    print("lost and left: works without a survivor, and survivors too many; batch by batch / all together")


def _sets() -> Iterator[tuple[str, pd.DataFrame, dict[str, str]]]:
    folder = Path(os.environ.get("PEERREVIEW_CORPUS", "-")) / "dedupe"
    for path in sorted(folder.glob("*/truth.csv")):
        records, groups = read_set(path.parent)
        yield path.parent.name, records, groups
        yield f"{path.parent.name}, careless", *vary(records, groups, seed=1)
    yield "invented", *invent(INVENTED, seed=7)
    yield "invented, beyond medicine", *invent_beyond_medicine(INVENTED, seed=7)


def _differences(records: pd.DataFrame, groups: dict[str, str]) -> tuple[int, ...]:
    """Return how many fates, possible pairs and explanations differ; and what each lost and left."""
    together = find_duplicates(records, RULES).duplicates
    with tempfile.TemporaryDirectory(prefix="batches-") as folder:
        further, unique = one_after_the_other(records, Path(folder), RULES)
    apart = further.found.duplicates
    both = [_by_verdict(found) for found in (apart, together)]
    fates, possible = (
        len(both[0][verdict].items() ^ both[1][verdict].items()) for verdict in ("duplicate", "possible")
    )
    rows = [set(found.itertuples(index=False, name=None)) for found in (apart, together)]
    kept = (
        measure(groups, unique["record_id"]),
        measure(groups, keeping.keep_one(records, together)["record_id"]),
    )
    lost_and_left = kept[0].n_lost, kept[1].n_lost, kept[0].n_left, kept[1].n_left
    return fates, possible, len(rows[0] ^ rows[1]) // 2 - fates // 2, *lost_and_left


def _by_verdict(found: pd.DataFrame) -> dict[str, dict[tuple[str, str], str]]:
    columns = (found[column] for column in ("record_id", "duplicate_of", "verdict"))
    listed: dict[str, dict[tuple[str, str], str]] = {"duplicate": {}, "possible": {}, "related": {}}
    for one, other, verdict in zip(*columns, strict=True):
        listed[verdict][one, other] = verdict
    return listed
