"""Outcomes of screening, placed on the records kept of a flow's clusters."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from peerreview import tables
from peerreview.flow.clusters import Clusters, Mask, Positions, Texts


@dataclass(frozen=True)
class Stage:
    """Outcomes of one stage, over the records; ``row`` is that of the outcome, where there is one."""

    outcome: npt.NDArray[np.int8]
    by_automation: Mask
    row: Positions

    def is_one_of(self, *outcomes: str) -> Mask:
        """Return which records have one of these outcomes."""
        return np.isin(self.outcome, [_OUTCOME[outcome] for outcome in outcomes])


@dataclass(frozen=True)
class Screened:
    """The outcomes of each stage, and the reason of each row of ``screening.csv``."""

    stages: Mapping[str, Stage]
    reasons: Texts

    def reasons_of(self, stage: Stage, places: Positions) -> Texts:
        """Return why records at these positions have their outcome at a stage."""
        why: Texts = self.reasons[stage.row[places]]
        return why


_OUTCOME = {outcome: code for code, outcome in enumerate(tables.OUTCOMES, start=1)}
SETTLED = ("include", "exclude")
_LEGAL = {
    "before_screening": (*SETTLED, *tables.OPEN),
    "title_abstract": (*SETTLED, *tables.OPEN),
    "retrieval": ("include", "not_retrieved", *tables.OPEN),
}
"""Outcomes that a stage can have; a report that is not retrieved is no report excluded."""


def place(screening: pd.DataFrame, clusters: Clusters) -> Screened:
    """
    Return the outcomes per stage, placed on the records kept.

    Parameters
    ----------
    screening : ``record_id, stage, outcome, reason, resolved_by``.

    Raises
    ------
    InputErrors
        For a row about a record that is not there or was removed as a duplicate, or an outcome
        that its stage cannot have.
    """
    position = clusters.positions(screening)
    gone = np.flatnonzero(clusters.kept[position] != position)
    if len(gone):
        raise tables.row_errors(
            screening,
            [
                (
                    int(row),
                    f"record_id {clusters.ids[position[row]]!r} was removed as a duplicate; run screen again",
                )
                for row in gone
            ],
        )
    stray = [
        (int(row), f"outcome {said!r} at stage {stage}: expected {', '.join(legal)}")
        for stage, legal in _LEGAL.items()
        for row in np.flatnonzero((screening["stage"] == stage) & ~screening["outcome"].isin(legal))
        if (said := screening["outcome"].iloc[row])
    ]
    if stray:
        raise tables.row_errors(screening, sorted(stray))
    outcome = screening["outcome"].map(_OUTCOME).to_numpy(dtype=np.int8)
    automation = (screening["resolved_by"] == "automation").to_numpy()
    rows_of = screening.groupby("stage", sort=False).indices
    stages = {}
    for stage in tables.STAGES:
        rows = rows_of.get(stage, np.array([], dtype=np.intp))
        placed = Stage(
            np.zeros(len(clusters.ids), dtype=np.int8),
            np.zeros(len(clusters.ids), dtype=bool),
            np.zeros(len(clusters.ids), dtype=np.intp),
        )
        placed.outcome[position[rows]] = outcome[rows]
        placed.by_automation[position[rows]] = automation[rows]
        placed.row[position[rows]] = rows
        stages[stage] = placed
    return Screened(stages, screening["reason"].str.strip().to_numpy(dtype=object))
