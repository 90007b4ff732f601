"""Ids of records, from a record's own text: which of them are met again is found without holding them all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peerreview.imports.batches import Collected
    from peerreview.imports.records import Source

DIGITS = 6
"""Digits of a record's digest that stand in its id."""


def number(placed: Sequence[tuple[Collected, str, Source]]) -> list[Mapping[int, str]]:
    """
    Return, for each export, the ids of those records whose id is not their key, by their place in it.

    Of records with the same text the one of the earliest round has the
    plain id, then the first given: what an update finds again renames none
    of those before, wherever its file stands among theirs.
    """
    changed: list[dict[int, str]] = [{} for _ in placed]
    met_again = _repeated([batch for batch, _, _ in placed])
    if not met_again:
        return list(changed)
    first: dict[str, str] = {}
    times: Counter[str] = Counter()
    for position in sorted(range(len(placed)), key=lambda each: int(placed[each][2].round)):
        batch = placed[position][0]
        place = 0
        for told in batch.told():
            for key, digest in zip(told.keys, told.digests, strict=True):
                if batch.marks[place] in met_again:
                    record_id = _unique(key, digest, first, times)
                    if record_id != key:
                        changed[position][place] = record_id
                place += 1
    return list(changed)


def _repeated(batches: Sequence[Collected]) -> set[int]:
    """Return the marks that more than one record has: a key is met again behind one of them, or nowhere."""
    import numpy as np  # noqa: PLC0415  processes that read exports need not wait for it

    there = [np.frombuffer(batch.marks, dtype=np.int64) for batch in batches if batch.marks]
    marks = np.concatenate([np.zeros(0, np.int64), *there])
    marks.sort()
    return set(marks[1:][marks[1:] == marks[:-1]].tolist())


def _unique(key: str, digest: str, first: dict[str, str], times: Counter[str]) -> str:
    """
    Return a record's id.

    The same text once more gets ``~2``; another text whose digits are the
    same by chance gets more of them.
    """
    is_first = first.setdefault(key, digest) == digest
    record_id = key if is_first else f"{key[:-DIGITS]}{digest[: 2 * DIGITS]}"
    times[record_id] += 1
    return record_id if times[record_id] == 1 else f"{record_id}~{times[record_id]}"
