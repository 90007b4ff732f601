"""Records to candidate pairs: which records are worth comparing, by what they share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from peerreview.duplicates.normalise import STRETCH, Comparable, Numbers, Texts, words_in_order
from peerreview.values.folding import APART

Hashes = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
Whole = TypeVar("Whole", Numbers, Hashes)

NEIGHBOURS = 12
"""In a block that is larger, each record meets this many neighbours in the order of titles."""
_SAME_LETTERS = bytes.maketrans(b"z", b"s")
HASH_KEY = "peerreview-block"

KEYS: Mapping[str, str] = {
    "doi": "the same DOI",
    "pmid": "the same PubMed id",
    "title": "the same consonants of the title",
    "long words": "the same consonants of the longest, third and fifth longest word of the title",
    "year and words": "the same year and consonants of the three longest words of the title",
    "title end": "the same last 21 consonants of the title",
    "title start": "the same first 19 consonants of the title",
    "author and pages": "the same first author, or none, and the same year, first and last page",
    "volume and page": "the same year, volume, first page and first letter of the first author, or none",
    "volume and pages": "the same year, volume, first and last page",
    "author and words": "the same first author and consonants of the first two words of the title",
    "author and last words": "the same first author and consonants of the last two words of the title",
    "author and initials": "the same first author and year, as many words in the title, and the same first "
    "consonants of the first four",
    "authors and year": "the same two authors or more, in whatever order, and the same year",
    "abstract": "the same first 90 letters of the abstract",
}
"""
What two records may share, in words.

Nothing that works share by chance (a year and pages, a first author, a year and as many words): the more
records there are, the more of those each would meet.
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Blocks of one of ``KEYS`` in which not all could meet: how many, and the records of the largest."""

    key: str
    n_blocks: int
    largest: int

    def __str__(self) -> str:
        return (
            f"{self.largest:,} records share {KEYS[self.key]}: each met the {NEIGHBOURS} next to it "
            "by title, year and volume"
        )


def crowds(known: Mapping[str, Hashes]) -> tuple[Crowd, ...]:
    """Return where more records share a key than could all meet, from what ``keys`` returns for them."""
    found = []
    for name, key in known.items():
        ordered = np.sort(key[key != 0])
        ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], len(ordered) > 0))
        sizes = np.diff(ends, prepend=-1)
        found += _crowd(name, sizes)
    return tuple(found)


def crowds_in(parts: Iterable[tuple[npt.NDArray[np.uint8], Numbers]]) -> tuple[Crowd, ...]:
    """Return the same from parts: by which of ``KEYS`` each block is, and how many records it has."""
    keys_, sizes = (np.concatenate(side) for side in zip(*parts, strict=True))
    return tuple(each for number, name in enumerate(KEYS) for each in _crowd(name, sizes[keys_ == number]))


def _crowd(name: str, sizes: Numbers) -> list[Crowd]:
    crowded = sizes[sizes > NEIGHBOURS + 1]
    return [Crowd(name, len(crowded), int(crowded.max()))] if len(crowded) else []


def keys(records: Comparable) -> dict[str, Hashes]:
    """
    Return, per key of ``KEYS``, a number for what each record could share; 0 where it says nothing.

    The numbers depend on the text alone, not on the machine or the run; stretches
    of ``STRETCH`` rows bound what is in memory at a time.
    """
    rows = np.arange(len(records))
    stretches = [
        _keys(records.take(rows[start : start + STRETCH])) for start in range(0, max(len(rows), 1), STRETCH)
    ]
    return {name: np.concatenate([stretch[name] for stretch in stretches]) for name in KEYS}


def _keys(records: Comparable) -> dict[str, Hashes]:
    # Copies of a record are often near each other: a title that is seen twice is worked on once.
    codes, distinct = pd.factorize(records.title)
    titles = _consonants(distinct)
    squeezed = [text.replace(" ", "") for text in titles]
    split = [text.split() for text in titles]
    longest = [sorted(sorted(words), key=len, reverse=True)[:5] for words in split]

    def of_titles(texts: list[str]) -> Hashes:
        return _hash(_array(texts))[codes]

    volume, first = _hash(records.volume), _hash(records.first)
    year, page = records.year.astype(np.uint64), records.first_page.astype(np.uint64)
    last = np.where(records.last_page > records.first_page, records.last_page, 0).astype(np.uint64)
    initial = np.maximum(_hash(_array([name[:1] for name in records.first])), 1)
    return {
        "doi": _hash(records.doi),
        "pmid": _hash(records.pmid),
        "title": of_titles(squeezed),
        "long words": of_titles([" ".join(words[::2]) if len(words) > 4 else "" for words in longest]),
        "year and words": _both(
            year, of_titles([" ".join(words[:3]) if len(words) > 3 else "" for words in longest])
        ),
        "title end": of_titles([text[-21:] if len(text) >= 21 else "" for text in squeezed]),
        "title start": of_titles([text[:19] if len(text) >= 19 else "" for text in squeezed]),
        # Many a paper begins at page 1.
        "author and pages": np.where(page > 1, _both(np.maximum(first, 1), year, page, last), 0),
        "volume and page": _both(volume, year, page, initial),
        "volume and pages": _both(volume, year, page, last),
        "author and words": _both(first, of_titles([" ".join(words[:2]) for words in split])),
        "author and last words": _both(first, of_titles([" ".join(words[-2:]) for words in split])),
        "author and initials": _both(
            first,
            year,
            records.n_words.astype(np.uint64),
            of_titles(["".join(word[0] for word in words[:4]) for words in split]),
        ),
        "authors and year": _both(_hash(_array([_in_order(names) for names in records.authors])), year),
        "abstract": _hash(_array([text[:90] for text in records.abstract])),
    }


def candidates(
    records: Comparable, fresh: Mask | None = None, known: Mapping[str, Hashes] | None = None
) -> tuple[Numbers, Numbers]:
    """
    Return the pairs of rows worth comparing, each once, in order.

    Parameters
    ----------
    fresh : where given, only pairs with a fresh row on at least one side.
    known : what ``keys`` returns for these records, where that is known already.

    Returns
    -------
    Lower and higher rows.
    """
    n_records = len(records)
    found: list[Numbers] = []
    for key in (keys(records) if known is None else known).values():
        rows = _in_blocks(records, key)
        for low, high in _neighbours(key[rows], rows):
            kept = np.ones(len(low), dtype=np.bool_) if fresh is None else fresh[low] | fresh[high]
            found.append((np.minimum(low, high) * n_records + np.maximum(low, high))[kept])
    if not found:
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    pairs = each_once(np.concatenate(found))
    return pairs // max(n_records, 1), pairs % max(n_records, 1)


def near(known: Mapping[str, Hashes], kept: Numbers, fresh: Numbers) -> Numbers:
    """
    Return which of the rows kept share a block with a fresh one, themselves among them.

    Parameters
    ----------
    known : what ``keys`` returns for all rows.
    """
    found = np.zeros(len(kept), dtype=np.bool_)
    for key in known.values():
        shared = key[fresh]
        found |= pd.Series(key[kept]).isin(shared[shared != 0]).to_numpy()
    return kept[found]


def meet_in_blocks(
    hashes: Hashes,
    keys: npt.NDArray[np.uint8],
    rows: Numbers,
    fresh: Mask | None,
    take: Callable[[Numbers], Comparable],
) -> tuple[Numbers, Numbers, dict[str, Numbers]]:
    """
    Return the pairs of rows that ``candidates`` finds in these blocks, each once, in order.

    In a block in which all can meet no order is needed: titles are read of the others alone.

    Parameters
    ----------
    hashes, keys, rows : what a row could share, not 0; by which of ``KEYS``; and which row.
    fresh : where given, per row, whether it is fresh; only pairs with a fresh one are returned.
    take : returns the records of rows; their titles, years and volumes are asked for.

    Returns
    -------
    Lower and higher rows; and the blocks in which not all could meet, as ``key`` and ``n_records``.
    """
    order = np.lexsort((rows, hashes, keys))
    hashes, keys, rows = hashes[order], keys[order], rows[order]
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = (hashes[1:] != hashes[:-1]) | (keys[1:] != keys[:-1])
    blocks = np.cumsum(begins) - 1
    sizes = np.bincount(blocks)
    wanted = sizes > 1
    if fresh is not None:
        wanted &= np.bincount(blocks, weights=fresh[rows]) > 0
    chosen = np.flatnonzero(wanted[blocks])
    blocks, rows, keys = blocks[chosen], rows[chosen], keys[chosen]
    is_crowded = sizes[blocks] > NEIGHBOURS + 1
    crowded = each_once(rows[is_crowded])
    places = np.zeros(len(rows), dtype=np.int64)
    if len(crowded):
        ranks = np.empty(len(crowded), dtype=np.int64)
        ranks[_by_title(take(crowded))] = np.arange(len(crowded))
        places[is_crowded] = ranks[np.searchsorted(crowded, rows[is_crowded])]
    rows = rows[np.lexsort((places, blocks))]
    met = _neighbours(blocks, rows)
    one, other = (np.concatenate([rows[:0], *(pair[side] for pair in met)]) for side in (0, 1))
    low, high = np.minimum(one, other), np.maximum(one, other)
    if fresh is not None:
        kept = fresh[low] | fresh[high]
        low, high = low[kept], high[kept]
    n_rows = int(high.max(initial=0)) + 1
    pairs = each_once(low * n_rows + high)
    numbers, first = np.unique(blocks, return_index=True)
    first = first[sizes[numbers] > NEIGHBOURS + 1]
    return pairs // n_rows, pairs % n_rows, {"key": keys[first], "n_records": sizes[blocks[first]]}


def _in_blocks(records: Comparable, key: Hashes) -> Numbers:
    """
    Return the rows that share a key with another, block by block.

    Within a block in which not all can meet, the order of titles decides who meets whom.
    """
    rows = np.flatnonzero(key)
    rows = rows[np.argsort(key[rows], kind="stable")]
    begins = np.flatnonzero(np.append(True, key[rows][1:] != key[rows][:-1]))
    sizes = np.diff(begins, append=len(rows))
    size = np.repeat(sizes, sizes)
    crowded = np.flatnonzero(size > NEIGHBOURS + 1)
    if len(crowded):
        by_title = rows[crowded][_by_title(records.take(rows[crowded]))]
        rows[crowded] = by_title[np.argsort(key[by_title], kind="stable")]
    return rows[size > 1]


def _by_title(records: Comparable) -> Numbers:
    """Return rows in the order of titles; of one title, as headings have, in that of years and volumes."""
    words = _ranks(words_in_order(records.title))
    return np.lexsort((_ranks(records.volume), records.year, words))


def _neighbours(blocks: Hashes | Numbers, rows: Numbers) -> list[tuple[Numbers, Numbers]]:
    pairs = []
    starts = np.arange(len(rows))
    for step in range(1, NEIGHBOURS + 1):
        starts = starts[starts + step < len(rows)]
        starts = starts[blocks[starts] == blocks[starts + step]]
        if not len(starts):
            break
        pairs.append((rows[starts], rows[starts + step]))
    return pairs


def each_once(numbers: Whole) -> Whole:
    """Return numbers in order, each once; ``np.unique``, which hashes, takes twenty times as long."""
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def _ranks(texts: Texts) -> Numbers:
    codes, _ = pd.factorize(texts, sort=True)
    return np.asarray(codes, dtype=np.int64)


def _consonants(texts: Texts) -> list[str]:
    """Return texts without vowels: most of British and American spelling, and many slips, are in those."""
    joined = APART.join(texts.tolist()).encode().translate(_SAME_LETTERS, b"aeiouy").decode()
    return joined.split(APART) if len(texts) else []


def _in_order(names: str) -> str:
    """Return family names in order of the alphabet; blank for one author alone, who writes too much."""
    listed = names.split()
    return " ".join(sorted(listed)) if len(listed) > 1 else ""


def _array(texts: list[str]) -> Texts:
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def _hash(texts: Texts) -> Hashes:
    hashes = pd.util.hash_array(texts, hash_key=HASH_KEY, categorize=False)
    return np.where(texts == "", np.uint64(0), hashes)


def _both(*parts: Hashes) -> Hashes:
    """Return one number for several; 0 where one of them is."""
    whole = np.full(len(parts[0]), 14695981039346656037, dtype=np.uint64)
    known = np.ones(len(whole), dtype=np.bool_)
    for part in parts:
        whole = (whole ^ part) * np.uint64(1099511628211)
        whole ^= whole >> np.uint64(29)
        known &= part != 0
    return np.where(known, whole, np.uint64(0))
