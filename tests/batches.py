"""Records in rounds, each of which waits for those before it, as ``dedupe --against`` has it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from peerreview.duplicates import growing, keeping
from peerreview.duplicates.engines import Engine
from peerreview.duplicates.engines.earlier import Earlier
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.rounds import Further, find_and_leave, find_further
from peerreview.duplicates.rules import Rules
from peerreview.tables import writing
from peerreview.tables.lines import Lines
from peerreview.tables.shelf import Shelf


def in_rounds(records: pd.DataFrame, *shares: float, seed: int) -> pd.DataFrame:
    """Return records, such a share of them in the second round, and the third."""
    chance = np.random.default_rng(seed).random(len(records))
    rounds = 1 + sum((chance < most).astype(int) for most in np.cumsum(shares))
    return records.assign(round=pd.Series(rounds, index=records.index).astype(str).astype("str"))


def one_after_the_other(
    records: pd.DataFrame,
    folder: Path,
    rules: Rules,
    *,
    overrides: pd.DataFrame | None = None,
    engine: Engine | None = None,
) -> tuple[Further, pd.DataFrame]:
    """
    Return what the last round found, and the unique records after it.

    Parameters
    ----------
    records : columns of ``records.csv``, of all rounds.
    folder : an empty one.
    overrides : people's word on pairs; a round hears what is said of its records and earlier ones.
    engine : of the first round.
    """
    first, *later = (batch.reset_index(drop=True) for _, batch in records.groupby("round"))
    shelf = Shelf(folder / "1")
    shelf.folder.mkdir()

    def known(number: int) -> pd.DataFrame | None:
        """Return people's words on records of a round and those before it."""
        if overrides is None:
            return None
        ids = records.loc[records["round"].astype(int) <= number, "record_id"]
        chosen = overrides["record_id"].isin(ids) & overrides["duplicate_of"].isin(ids)
        return overrides[chosen].reset_index(drop=True)

    found = find_and_leave(
        first, rules, overrides=known(1), venues=None, engine=engine or InMemory(), shelf=shelf
    )
    unique = keeping.keep_one(first, found.found.duplicates)
    listed = writing.to_csv(found.found.duplicates).encode()
    parts = [found.part]
    for number, batch in enumerate(later, start=2):
        shelf = Shelf(folder / str(number))
        shelf.folder.mkdir()
        earlier = Earlier([part for part in parts if part])
        before = unique

        def take(places: Numbers, before: pd.DataFrame = before) -> pd.DataFrame:
            return before.iloc[places].reset_index(drop=True)

        found = find_further(
            batch,
            earlier,
            Lines(listed),
            take,
            rules,
            overrides=known(number),
            venues=None,
            engine=InMemory(),
            shelf=shelf,
        )
        growth = growing.grow(take, batch, earlier.state.kept, found.found.kept)
        unique = pd.concat((piece.frame(take) for piece in growth.pieces()), ignore_index=True)
        parts.append(found.part)
        listed = b"".join(found.followed.written()) if found.followed else listed
    duplicates = pd.DataFrame(Lines(listed)[:], columns=found.found.duplicates.columns, dtype="str")
    return replace(found, found=replace(found.found, duplicates=duplicates)), unique
