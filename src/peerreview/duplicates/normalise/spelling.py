"""Folded text in one spelling, and its numerals in digits."""

from collections.abc import Sequence

from peerreview.values.folding import APART

_SPELLINGS = (
    ("ae", "e"), ("oe", "e"), ("ph", "f"), ("ll", "l"), ("iz", "is"), ("yz", "ys"), ("tre ", "ter "),
    ("mme ", "m "), ("mmes ", "ms "), ("leuco", "leuko"), ("ence ", "ense "), ("sis ", "ses "),
    ("grey", "gray"), *((f"{letter}our", f"{letter}or") for letter in "bdglmnprv"), ("iour", "ior"),
    ("vre ", "ver "), ("artef", "artif"), ("sceptic", "skeptic"), ("enquir", "inquir"),
    ("practis", "practic"), ("disk", "disc"), ("mongst ", "mong "), ("whilst ", "while "),
    ("arnt ", "arned "), ("blinded ", "blind "),
)  # fmt: skip
"""Behaviour and behavior, tumour, anaemia, sulphur, modelling, randomise, centre and programme."""
NUMERALS = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "first": "1",
    "second": "2", "third": "3",
} | {letter: f"9{place}" for place, letter in enumerate("abcdefgh")}  # fmt: skip
"""Numerals, folded, in digits; parts A, B … stand apart from 1, 2 …"""


def spelled(texts: Sequence[str]) -> list[str]:
    """
    Return folded texts in one spelling, British and American alike; no word of either, but the same for both.

    >>> spelled(["behaviour in oesophageal tumours of four", "behavior in esophageal tumors of four"])
    ['behavior in esofageal tumors of four', 'behavior in esofageal tumors of four']
    """
    # Endings of words stand before a space, at the end of a text, too.
    joined = f" {APART}".join([*texts, ""])
    for one, other in _SPELLINGS:
        joined = joined.replace(one, other)
    return [text.removesuffix(" ") for text in joined.split(APART)][: len(texts)]
