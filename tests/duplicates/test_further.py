"""New records against those of earlier searches: the verdicts are those of all records together."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from peerreview.duplicates import keeping
from peerreview.duplicates.engines.earlier import Earlier
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.rounds import Further, find_and_leave, find_duplicates, find_further
from peerreview.tables.shelf import Shelf
from tests.duplicates.articles import RULES
from tests.variants import invent, invent_beyond_medicine

COLUMNS = ["record_id", "duplicate_of", "verdict"]
pytest.importorskip("pyarrow", reason="dedupe --against is not tested: pip install pyarrow")


def in_rounds(records: pd.DataFrame, *shares: float) -> pd.DataFrame:
    """Return records with so many of them in rounds after the first."""
    chance = np.random.default_rng(4).random(len(records))
    rounds = 1 + sum((chance < share).astype(int) for share in np.cumsum(shares))
    return records.assign(round=pd.Series(rounds).astype(str).astype("str"))


def one_after_the_other(
    records: pd.DataFrame, folder: Path, **words: pd.DataFrame
) -> tuple[Further, pd.DataFrame]:
    """Return what is found, and the unique records, where each round waits for the one before it."""
    earlier, found, unique = None, None, pd.DataFrame()
    said = {"overrides": words.get("overrides"), "venues": words.get("venues")}
    batches = [batch.reset_index(drop=True) for _, batch in records.groupby("round")]
    for number, batch in enumerate(batches):
        shelf = Shelf(folder / str(number))
        shelf.folder.mkdir()
        if earlier is None or found is None:
            found = find_and_leave(batch, RULES, engine=InMemory(), shelf=shelf, **said)
            unique = keeping.keep_one(batch, found.found.duplicates)
            parts = [found.part]
        else:
            before = unique

            def take(places: Numbers, before: pd.DataFrame = before) -> pd.DataFrame:
                return before.iloc[places].reset_index(drop=True)

            kept = earlier.state.kept
            found = find_further(
                batch, earlier, found.found.duplicates, take, RULES, engine=InMemory(), shelf=shelf, **said
            )
            pieces = keeping.keep_further([before], take, batch, kept, found.kept)
            unique = pd.concat(pieces, ignore_index=True)
            parts.append(found.part)
        earlier = Earlier([part for part in parts if part])
    assert found
    return found, unique


@pytest.mark.parametrize("seed", [1, 2])
def test_a_batch_has_the_verdicts_of_all_together(tmp_path: Path, seed: int) -> None:
    halves = [make(250, seed=seed)[0] for make in (invent, invent_beyond_medicine)]
    records = in_rounds(pd.concat(halves, ignore_index=True), 0.2, 0.1)

    found, unique = one_after_the_other(records, tmp_path)

    together = find_duplicates(records, RULES)
    pd.testing.assert_frame_equal(together.duplicates, found.found.duplicates)
    assert found.found.lessons == together.lessons
    pd.testing.assert_frame_equal(keeping.keep_one(records, together.duplicates), unique)
    assert len(together.duplicates) > 50
