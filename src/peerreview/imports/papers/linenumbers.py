"""
Passages of a manuscript whose lines are numbered → the same without these numbers.

A PDF's text has them in the middle of sentences: "the search resulted in 291 studies screened for
497 eligibility". Each is one more than the one a line before, and no count goes on like that.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.imports.papers import Passage

_WORD = re.compile(r"(?<![^\s.,;)])\d{1,4}(?!\S)|\S+")
_FEWEST = 30
"""Numbers on end; fewer may be a list's."""
_LONGEST = 40
"""Words between two of them."""


def removed(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return passages without the numbers of their lines."""
    chains: dict[int, tuple[int, list[tuple[int, int, int]]]] = {}
    numbers: list[tuple[int, int, int]] = []
    n_words = 0
    for place, passage in enumerate(passages):
        for found in _WORD.finditer(passage.text):
            n_words += 1
            if not found[0].isdecimal():
                continue
            n = int(found[0])
            here = (place, found.start(), found.end())
            last, chain = chains.pop(n - 1, (0, []))
            if chain and n_words - last <= _LONGEST:
                chain.append(here)
            elif n in chains and n_words - chains[n][0] <= _LONGEST:
                # A count as large as the line's number.
                continue
            else:
                chain = [here]
            chains[n] = n_words, chain
            if len(chain) == _FEWEST:
                numbers += chain
            elif len(chain) > _FEWEST:
                numbers.append(chain[-1])
    if not numbers:
        return tuple(passages)
    texts = {place: passages[place].text for place, _, _ in numbers}
    for place, start, end in sorted(numbers, reverse=True):
        texts[place] = f"{texts[place][:start]} {texts[place][end:]}"
    left = (
        replace(each, text=" ".join(texts.get(place, each.text).split()))
        for place, each in enumerate(passages)
    )
    return tuple(each for each in left if each.text)
