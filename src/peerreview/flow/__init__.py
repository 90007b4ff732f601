"""What a PRISMA 2020 flow is: its boxes, each a count and the records behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from peerreview.tables import SYNTHETIC, few
from peerreview.tables.plugins import Plugin

OTHER_METHODS = MappingProxyType(
    {
        "website": "websites",
        "organisation": "organisations",
        "citation_searching": "citation_searching",
        "hand_searching": "hand_searching",
        "grey_literature": "grey_literature",
        "other": "other_sources",
    }
)
"""Source kinds of the right column, and the lines of its first box."""
IDENTIFIED = ("databases", "registers", *OTHER_METHODS.values())
AWAITING = (
    "awaiting_screening",
    "awaiting_retrieval",
    "awaiting_assessment",
    "other_awaiting_retrieval",
    "other_awaiting_assessment",
)
BOXES = (
    "previous_studies", "previous_reports",
    "databases", "registers",
    "duplicates", "automation", "other_reasons",
    "screened", "excluded", "excluded_human", "excluded_automation", "awaiting_screening",
    "sought", "not_retrieved", "awaiting_retrieval",
    "assessed", "reports_excluded", "awaiting_assessment",
    *OTHER_METHODS.values(),
    "found_again", "other_set_aside",
    "other_sought", "other_not_retrieved", "other_awaiting_retrieval",
    "other_assessed", "other_reports_excluded", "other_awaiting_assessment",
    "included", "studies", "reports", "awaiting_study", "reports_of_previous",
    "retired_studies", "retired_reports", "corrected_studies",
    "total_studies", "total_reports", "studies_ma", "reports_ma",
    "earlier_records",
)  # fmt: skip
"""
Every count of a flow, in the order of a review.

``found_again``, ``other_set_aside`` and what was retired or corrected are
footnotes: PRISMA 2020's templates have no box for them.
"""
OF_STUDIES = (
    "previous_studies", "studies", "retired_studies", "corrected_studies", "total_studies", "studies_ma",
)  # fmt: skip
"""Boxes whose ids are of studies; those of all others are of records."""
TERMINAL = (
    "duplicates", "found_again", "automation", "other_reasons", "other_set_aside", "excluded",
    "not_retrieved", "reports_excluded", "other_not_retrieved", "other_reports_excluded", "included",
    *AWAITING, "earlier_records",
)  # fmt: skip
"""Boxes where records end: each record of ``records.csv`` is in exactly one of them."""
UNFINISHED = MappingProxyType(
    {
        "records_missing": "no record of a search that found some",
        "study_without_report": "no report in reports.csv of study",
        "study_not_listed": "not in studies.csv: study",
        "decided_anew": "decided otherwise than in an earlier version",
    }
)
"""What is still to be done besides decisions, by the name of the note under the figure."""


@dataclass(frozen=True)
class Part:
    """One line of a box's own breakdown: a database, a reason."""

    label: str
    n: int
    ids: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True)
class Box:
    """
    A count and the records behind it.

    ``n`` is None where it is blank: not known, or not part of this review.
    ``ids`` are record ids, study ids for boxes of studies, and empty where
    the number was typed. ``parts`` break it down. ``basis`` is ``synthetic``
    where something behind the count is made up, and ``typed`` where it rests,
    in whole or in part, on a number that the authors state.
    """

    n: int | None = None
    ids: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    basis: str = ""


@dataclass(frozen=True)
class Unique:
    """
    How many unique records there are: at least and at most, as people judge the pairs that nobody has.

    ``n_pairs`` is how many pairs of possible duplicates that are.
    """

    n_least: int
    n_most: int
    n_pairs: int = 0

    def __str__(self) -> str:
        least = "" if self.n_least == self.n_most else f"{self.n_least:,} to "
        return f"unique records: {least}{self.n_most:,}"


class Cause(StrEnum):
    """Why a count is not firm."""

    DUPLICATES = "possible duplicates"
    OPEN = "open decisions"
    ONE_VOTE = "one vote"
    AUTOMATION = "automation"


@dataclass(frozen=True)
class Interval:
    """The least and the most that a count can become; ``by`` says the same for each cause alone."""

    least: int
    most: int
    by: Mapping[Cause, tuple[int, int]] = field(default_factory=dict)


BLANK = Box()
TYPED = "typed"


@dataclass(frozen=True)
class Flow:
    """
    The counts of a review.

    ``findings`` are (identity, what is wrong), seen while counting; ``notes``
    are printed under the figure; ``remarks`` are for whoever runs the count;
    ``unfinished`` are (kind, names): what else is to be done, see ``UNFINISHED``;
    ``unique`` is blank where no records were counted; ``intervals`` are
    what counts could still become, where that was asked for;
    ``inputs`` maps each table to the SHA-256 of its file, ``reports_of`` each
    study to its reports; ``plugins`` are what other packages add, in force
    when it was counted.
    """

    boxes: Mapping[str, Box]
    findings: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reports_of: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    unfinished: tuple[tuple[str, str], ...] = ()
    plugins: tuple[Plugin, ...] = ()
    unique: Unique | None = None
    intervals: Mapping[str, Interval] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, key: str) -> Box:
        return self.boxes.get(key, BLANK)

    def n(self, key: str) -> int | None:
        """Return a box's count; for ``reports_excluded[]`` the sum of its parts, which of none is 0."""
        box = self[key.removesuffix("[]")]
        if key.endswith("[]"):
            return sum(part.n for part in box.parts) if box.parts or box.n == 0 else None
        return box.n

    def with_counts(self, **counts: int | None) -> "Flow":
        """Return the flow with other counts in some boxes."""
        changed = {key: replace(self[key], n=n) for key, n in counts.items()}
        return replace(self, boxes={**self.boxes, **changed})

    @property
    def shared_reports(self) -> dict[str, tuple[str, ...]]:
        """Reports that tell of more than one study, each with its studies."""
        studies: dict[str, list[str]] = {}
        for study, reports in sorted(self.reports_of.items()):
            for report in reports:
                studies.setdefault(report, []).append(study)
        return {report: tuple(of) for report, of in sorted(studies.items()) if len(of) > 1}

    @property
    def is_updated(self) -> bool:
        """Whether this is an update of an earlier version of the review."""
        return self.n("previous_studies") is not None or self.n("previous_reports") is not None

    @property
    def has_other_methods(self) -> bool:
        """Whether the right column, identification via other methods, is part of the review."""
        return any(self.n(key) is not None for key in BOXES if is_right(key))

    @property
    def is_one_column(self) -> bool:
        """
        Whether other methods are named but none of their later boxes, as in PRISMA 2009.

        What they found was then screened with the rest.
        """
        later = ("other_sought", "other_not_retrieved", "other_assessed", "other_reports_excluded")
        found = any(self.n(key) is not None for key in OTHER_METHODS.values())
        return found and all(self.n(key) is None for key in later)

    @property
    def n_awaiting(self) -> int:
        """Records and reports that await screening, retrieval or a decision."""
        return sum(self.n(key) or 0 for key in AWAITING)

    @property
    def still_open(self) -> tuple[str, ...]:
        """What is to be done before the review is finished; of a finished one, nothing."""
        said = [f"{self.n_awaiting:,} await a decision"] if self.n_awaiting else []
        if self.n("awaiting_study"):
            ids = self["awaiting_study"].ids
            named = f": {few(ids)}" if ids else ""
            said.append(f"{self.n('awaiting_study'):,} included and not in reports.csv yet{named}")
        return (*said, *(f"{UNFINISHED[kind]} {names}" for kind, names in self.unfinished))


def marks(basis: str) -> str:
    """Return what stands behind a count of that basis: a dagger where something behind it is made up."""
    return "†" if basis == SYNTHETIC else ""


def is_right(key: str) -> bool:
    """Return whether a box stands in the column of other methods."""
    return key in OTHER_METHODS.values() or (key.startswith("other_") and key != "other_reasons")
