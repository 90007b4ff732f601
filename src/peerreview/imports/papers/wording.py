# ruff: noqa: E501  one pattern, one line
"""A number in a passage → what stands around it, what it counts, and what the passage has said before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from peerreview.imports.papers import counts, patterns

_N = counts.COUNT
TITLE = re.compile(r"\b(?:titleabstract|titles?|abstracts?)\b")
FULL = re.compile(r"\bfulltext|\bin full\b|\bin detail\b|\bdetailed (?:review|reading|assess|evaluat)")
"""Words of the two stages, for what is read of a record."""
WHOLE = re.compile(r"\bfulltext|\bin full\b|\bfully\b|\bin detail\b|\bentire")
"""What is read as a whole."""
AGAIN = re.compile(r"\b(?:updated?|second|re-?run|repeated|latest|new) (?:\w+ )?search")
"""A search that was run once more."""
_REST = re.compile(rf"\b(?:remaining|leaving|left)\b(?: \w+){{0,3}} {_N}?$")
STUDIES = re.compile(r"(?:stud(?:y|ies)|trials?|rcts?|experiments?|cohorts?)\b")
REPORTS = re.compile(
    r"(?:articles?|hits|papers?|publications?|reports?|records?|manuscripts?|references?|citations?|documents?|fulltext|literatures?)\b"
)


@dataclass
class Reader:
    """
    What has been read of a passage so far, as its sentences come.

    ``included`` is how many are in, or met the criteria where ``is_eligible``; ``standing`` counts
    the passage's numbers that say so, and ``superseded`` those that said so of more.
    """

    stage: int = 0
    has_screened: bool = False
    included: int = 0
    is_eligible: bool = False
    standing: list[int] = field(default_factory=list)
    superseded: set[int] = field(default_factory=set)
    has_assessed: bool = False


STAGES = {
    "databases": 1, "duplicates": 2, "after_duplicates": 2, "yielded": 2, "screened": 3, "excluded": 4, "sought": 5, "not_retrieved": 5,
    "chosen": 5, "assessed": 5, "reports_excluded": 6, "studies": 7, "reports": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """A number's sentence in the form of ``patterns.shape``, what stands before and after it, what it counts."""

    sign: str
    text: str
    numbers: tuple[int, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """The number and those after it in the sentence."""
        return self.numbers[ord(self.sign) - counts.FIRST :]

    @property
    def before(self) -> str:
        """The sentence up to the number."""
        return self.text.partition(self.sign)[0]

    @property
    def after(self) -> str:
        """The sentence from the number on."""
        return self.text.partition(self.sign)[2]

    @property
    def near(self) -> str:
        """The words around the number, up to its neighbours."""
        return f"{re.split(_N, self.before)[-1]} {re.split(_N, self.after)[0]}"

    @property
    def around(self) -> str:
        """The words around the number up to its neighbours, with a sign in its place."""
        return f"{re.split(_N, self.before)[-1]}{ITSELF}{re.split(_N, self.after)[0]}"

    @property
    def noun(self) -> str:
        """What the number counts, as printed; blank where that is no report and no study."""
        stop = patterns.read().words["stop"]
        found = re.match(
            rf"\)?,?(?: (?!(?:{stop})\b)[a-z][\w'/-]*,?){{0,6}}?,? ({STUDIES.pattern}|{REPORTS.pattern})",
            self.after,
        )
        return found[1] if found else ""

    @property
    def is_rest(self) -> bool:
        """Whether the number is said to be what remains."""
        return bool(_REST.search(self.before)) or bool(re.match(r"(?: \w+){0,2} remain", self.after))


ITSELF = "#"
"""What stands for a number in the words around it."""
Boxes = tuple[str, ...]


def of_included(noun: str) -> str:
    """Return the box of what is included, by what is counted."""
    return "reports" if REPORTS.match(noun) else "studies"


_METHODS = ("citation", "hand", "grey", "website")
_METHOD_BOX = {
    "citation": "citation_searching", "hand": "hand_searching", "grey": "grey_literature", "website": "websites",
}  # fmt: skip


def other_method(near: str) -> str:
    """Return the box of the one other method that is named near a number; of several, or none, other sources."""
    words = patterns.read().words
    named = [method for method in _METHODS if re.search(rf"\b(?:{words[method]})", near)]
    is_other = bool(re.search(rf"\b(?:{words['other']})", near))
    return _METHOD_BOX[named[0]] if len(named) == 1 and not is_other else "other_sources"
