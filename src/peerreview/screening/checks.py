"""Votes that cannot be of this review: on other records, in other words, at another stage."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.screening.votes import REVIEWER
from peerreview.tables import RESOLUTIONS, WITHDRAWN, places

LEGAL = {
    "before_screening": ("include", "exclude"),
    "title_abstract": ("include", "exclude", "maybe"),
    "retrieval": ("include", "not_retrieved"),
    "full_text": ("include", "exclude", "maybe"),
}
"""What a vote may say at each stage; ``include`` at retrieval is a report that came after all."""


def check_votes(votes: pd.DataFrame, known: Iterable[str] | None, required: Mapping[str, int]) -> None:
    """
    Check that votes can be of this review.

    Parameters
    ----------
    votes : ``record_id, reviewer, stage, decision``, as a decisions file.
    required : 1 or 2 votes per stage.

    Raises
    ------
    InputErrors
        For unknown records (``known`` None: not checked), values that the
        stage does not know, and two reviewers each alone at another stage.
    """
    problems: list[tuple[int, str]] = []
    if known is not None:
        problems += _strangers(votes, known)
    for stage, legal in LEGAL.items():
        wrong = (votes["stage"] == stage) & ~votes["decision"].isin([*legal, WITHDRAWN])
        for row in wrong.to_numpy().nonzero()[0]:
            decision = votes["decision"].iloc[row]
            message = (
                f"not_retrieved is said at the stage retrieval, not at {stage}"
                if decision == "not_retrieved"
                else f"decision {decision!r} is not one of {stage}: {', '.join(legal)}"
            )
            problems.append((int(row), message))
    unsure = votes["role"].isin(RESOLUTIONS) & (votes["decision"] == "maybe")
    for row in unsure.to_numpy().nonzero()[0]:
        problems.append((int(row), "a resolution is include or exclude, not maybe"))
    problems += _withdrawn_from_nowhere(votes)
    problems += _stages_apart(votes, required)
    if problems:
        raise tables.row_errors(votes, sorted(problems))


def _strangers(votes: pd.DataFrame, known: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the votes on records that are not there; a file that knows none has other names for them."""
    codes, distinct = pd.factorize(votes["record_id"])
    there = known if isinstance(known, AbstractSet) else set(known)
    known_ids = np.array([each in there for each in distinct.tolist()], dtype=bool)
    if known_ids.all():
        return
    ids, is_known = votes["record_id"].tolist(), known_ids[codes].tolist()
    start = 0
    for n_rows in [len(stretch.lines) for stretch in places.of(votes)] or [len(votes)]:
        rows = range(start, start + n_rows)
        start += n_rows
        if n_rows > 1 and not any(is_known[row] for row in rows):
            message = (
                f"none of {n_rows:,} votes is on a record of this review, as {ids[rows[0]]!r}; "
                "peerreview decisions finds records by DOI or title"
            )
            yield rows[0], message
            continue
        for row in rows:
            if not is_known[row]:
                yield row, f"record_id {ids[row]!r} is not among the records of this review"


def _withdrawn_from_nowhere(votes: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield the rows that take back a vote which nobody cast: a record or a name is misspelt."""
    taken = votes[votes["decision"] == WITHDRAWN]
    if taken.empty:
        return
    cell = ["record_id", "stage", "reviewer"]
    own = votes[votes["reviewer"].isin(taken["reviewer"]) & (votes["decision"] != WITHDRAWN)]
    cast = set(own[cell].itertuples(index=False, name=None))
    rows = (votes["decision"] == WITHDRAWN).to_numpy().nonzero()[0]
    for row, vote in zip(rows, taken[cell].itertuples(index=False, name=None), strict=True):
        if vote not in cast:
            record_id, stage, reviewer = vote
            yield int(row), f"{reviewer} takes back a vote on {record_id!r} at {stage} that is not there"


def _stages_apart(votes: pd.DataFrame, required: Mapping[str, int]) -> list[tuple[int, str]]:
    """Two reviewers, each alone at a stage that needs two votes: one of their files names the wrong stage."""
    people = votes[votes["role"].isin([REVIEWER, ""])]
    firsts = people.drop_duplicates(["reviewer", "stage"])
    stages_of: dict[str, list[str]] = {}
    reviewers_at: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for row, reviewer, stage in zip(firsts.index.tolist(), firsts["reviewer"], firsts["stage"], strict=True):
        if required.get(stage, 1) == 2:
            stages_of.setdefault(reviewer, []).append(stage)
            reviewers_at.setdefault(stage, []).append(reviewer)
            rows[reviewer] = int(row)
    alone = {
        reviewer: stages[0]
        for reviewer, stages in stages_of.items()
        if len(stages) == 1 and len(reviewers_at[stages[0]]) == 1
    }
    if len(alone) < 2:
        return []
    words = ", ".join(f"{reviewer} at {stage}" for reviewer, stage in sorted(alone.items()))
    message = (
        f"reviewers vote at different stages, each alone where two votes are needed: {words}; "
        "correct stage, or votes_required in peerreview.toml"
    )
    return [(rows[reviewer], message) for reviewer in alone]
