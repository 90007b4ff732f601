"""Which tables, and which rows of them, each count of a flow comes from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from peerreview.flow import IDENTIFIED, OF_STUDIES, OTHER_METHODS, Box, Part, is_right
from peerreview.tables import CHANGES, DUPLICATES, RECORDS, REPORTS, SCREENING, SOURCES, STUDIES

_SOUGHT = ("title_abstract",)
_RETRIEVED = ("retrieval", "full_text")
_STAGES = {
    "automation": ("before_screening",),
    "other_reasons": ("before_screening",),
    "screened": _SOUGHT,
    "excluded": _SOUGHT,
    "excluded_human": _SOUGHT,
    "excluded_automation": _SOUGHT,
    "awaiting_screening": ("before_screening", "title_abstract"),
    "sought": _SOUGHT,
    "not_retrieved": _RETRIEVED,
    "awaiting_retrieval": _RETRIEVED,
    "assessed": ("full_text",),
    "reports_excluded": ("full_text",),
    "awaiting_assessment": _RETRIEVED,
    "other_set_aside": ("before_screening", "title_abstract"),
    "other_sought": (),
    "included": ("full_text",),
    "awaiting_study": ("full_text",),
}
"""Stages of screening whose rows are behind a box; those of the right column as of the left, unless named."""
_LINKED = (
    *OF_STUDIES, "reports", "reports_of_previous", "retired_reports", "total_reports", "reports_ma",
)  # fmt: skip
_AMENDED = ("retired_studies", "retired_reports", "corrected_studies", "total_studies", "total_reports")


def of_version(number: int, line: str) -> str:
    """
    Return how a line of a version of a ledger is called.

    >>> of_version(2, "screened")
    'version 2: screened'
    """
    return f"version {number}: {line}"


def box_of(key: str) -> str:
    """
    Return the box that a count is of, or belongs to: of a flow, or of one version of a ledger.

    >>> box_of("reports_excluded/No peers"), box_of("version 2: screened")
    ('reports_excluded', 'screened')
    """
    return re.sub(r"^version \d+: ", "", key).partition("/")[0]


def rests_on(key: str) -> tuple[str, ...]:
    """
    Return the tables without which a box, ``box/part`` or a ledger's line, cannot be counted.

    >>> rests_on("databases"), rests_on("screened")
    (('records',), ('records', 'duplicates', 'screening'))
    """
    box = box_of(key)
    if box in ("databases", "registers", "earlier_records"):
        return (RECORDS.name,)
    if box == "duplicates":
        return (RECORDS.name, DUPLICATES.name)
    screened = (RECORDS.name, DUPLICATES.name, SCREENING.name)
    if box not in _LINKED:
        return (*screened, REPORTS.name) if box == "awaiting_study" else screened
    changes = (CHANGES.name,) if box in _AMENDED else ()
    return (*screened, REPORTS.name, STUDIES.name, *changes)


@dataclass(frozen=True)
class Behind:
    """The tables that a flow is counted from, ready to be asked for the rows behind a count."""

    frames: Mapping[str, pd.DataFrame]
    kept: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, frames: Mapping[str, pd.DataFrame]) -> "Behind":
        """
        Return tables by name, those that are there.

        Parameters
        ----------
        frames : as in ``tables``.
        """
        pairs = frames.get(DUPLICATES.name)
        if pairs is None:
            return cls(frames)
        removed = pairs[pairs["verdict"] == "duplicate"]
        return cls(frames, dict(zip(removed["record_id"], removed["duplicate_of"], strict=True)))

    def keep(self, record_id: str) -> str:
        """Return the record kept of the cluster that a record is in."""
        return self.kept.get(record_id, record_id)

    @cached_property
    def at(self) -> dict[str, dict[str, list[int]]]:
        """Where each id stands in each table: the record kept of it, but in the records themselves."""
        found: dict[str, dict[str, list[int]]] = {}
        for name, column in (
            (RECORDS.name, "record_id"),
            (DUPLICATES.name, "record_id"),
            (SCREENING.name, "record_id"),
            (REPORTS.name, "record_id"),
            (STUDIES.name, "study_id"),
            (CHANGES.name, "study_id"),
            (SOURCES.name, "source_kind"),
        ):
            if name in self.frames:
                found[name] = self._index(name, column)
        if REPORTS.name in self.frames:
            found["studies in reports"] = {}
            for place, study in enumerate(self.frames[REPORTS.name]["study_id"].tolist()):
                found["studies in reports"].setdefault(study, []).append(place)
        return found

    def _index(self, name: str, column: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        if name == DUPLICATES.name:
            says = self.frames[name]["verdict"].tolist()
        for place, each in enumerate(self.frames[name][column].tolist()):
            if name == DUPLICATES.name and says[place] != "duplicate":
                continue
            found.setdefault(self.keep(each) if name == REPORTS.name else each, []).append(place)
        return found

    @cached_property
    def stages(self) -> list[str]:
        """The stage of each row of screening."""
        return list(map(str, self.frames[SCREENING.name]["stage"].tolist()))

    def rows(self, name: str, ids: Iterable[str]) -> list[int]:
        """Return the places of the rows of a table that are about ids, in order."""
        at = self.at.get(name, {})
        return sorted({place for each in ids for place in at.get(each, ())})

    def searches(self, kinds: Iterable[str], source: str = "") -> list[int]:
        """Return the places of the searches of some kinds; of one source, where any is of that name."""
        places = self.rows(SOURCES.name, kinds)
        if not source or not places:
            return places
        names = self.frames[SOURCES.name]["source"].tolist()
        return [place for place in places if names[place] == source] or places


def places_behind(behind: Behind, key: str, counted: Box | Part) -> dict[str, Sequence[int]]:
    """Return the 0-based rows, by table, that a count (a box, or ``box/part``) comes from."""
    box = box_of(key)
    found: dict[str, Sequence[int]] = {}
    if box in OF_STUDIES:
        found[REPORTS.name] = behind.rows("studies in reports", counted.ids)
        found[STUDIES.name] = behind.rows(STUDIES.name, counted.ids)
        if box in _AMENDED:
            found[CHANGES.name] = behind.rows(CHANGES.name, counted.ids)
        return _filled(found)
    found[RECORDS.name] = behind.rows(RECORDS.name, counted.ids)
    kept = [behind.keep(each) for each in counted.ids]
    if box in IDENTIFIED:
        kinds = {box.removesuffix("s"), *(kind for kind, name in OTHER_METHODS.items() if name == box)}
        found[SOURCES.name] = behind.searches(kinds, counted.label if isinstance(counted, Part) else "")
    elif box in ("duplicates", "found_again"):
        found[DUPLICATES.name] = behind.rows(DUPLICATES.name, counted.ids)
    elif box in _LINKED:
        found[REPORTS.name] = behind.rows(REPORTS.name, kept)
    elif SCREENING.name in behind.frames:
        stages = _STAGES.get(box, _STAGES.get(box.removeprefix("other_"), ()) if is_right(box) else ())
        found[SCREENING.name] = [
            place for place in behind.rows(SCREENING.name, kept) if behind.stages[place] in stages
        ]
    return _filled(found)


def _filled(found: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
    return {name: places for name, places in found.items() if places}
