"""Answers in a filled ``conflicts.csv`` to votes: how people settled what reviewers differ on."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.screening.checks import LEGAL
from peerreview.screening.outcomes import strange_reasons
from peerreview.screening.people import Reviewer, known_as, name_of, shown_as
from peerreview.tables import RESOLUTIONS, places
from peerreview.tables.writing import from_people
from peerreview.values.counts import counted
from peerreview.values.folding import same
from peerreview.values.lists import split


@dataclass(frozen=True)
class Resolved:
    """Filled rows of ``conflicts.csv`` as votes to append, and remarks for people."""

    votes: pd.DataFrame
    remarks: tuple[str, ...]


def resolve(
    conflicts: pd.DataFrame,
    votes: pd.DataFrame,
    *,
    reasons: Sequence[str] = (),
    reviewers: Sequence[Reviewer] = (),
) -> Resolved:
    """
    Return the answers in ``conflicts.csv`` that no decisions file holds yet, as votes.

    A row is an answer where ``decision`` is filled. One name in ``reviewer``
    is an adjudicator's; none, or several, are a consensus. A column
    ``decided_at``, where people add one, tells a later answer from an earlier.
    Cells are as ``writing.for_people`` wrote them.

    Parameters
    ----------
    conflicts : the columns of ``conflicts.csv``, ``decision`` to ``note`` filled in.
    votes : those of all decisions files.

    Raises
    ------
    InputErrors
        For an answer that is no decision of its stage, or a reason missing
        or not the protocol's.
    """
    problems: list[tuple[int, str]] = []
    remarks = []
    rows = []
    answers = unread(conflicts, votes)
    meant = from_people(conflicts)
    names = known_as(votes, reviewers)["reviewer"].unique().tolist()
    shown = shown_as(names, reviewers)
    for row in answers:
        cells = meant.iloc[row].to_dict()
        stage, decision, name = cells["stage"], same(cells["decision"]), cells["reviewer"].strip()
        legal = [each for each in LEGAL.get(stage, ()) if each != "maybe"]
        if decision not in legal:
            problems.append((row, f"decision {cells['decision']!r} is not {' or '.join(legal)}"))
        elif decision == "exclude" and stage == "full_text" and not cells["reason"].strip():
            problems.append((row, "an exclusion at full text needs a reason"))
        elif decision == "exclude" and stage == "full_text":
            problems += [(row, message) for message in strange_reasons(cells["reason"], reasons)]
        is_alone = len(split(name)) == 1
        own = {same(each) for each in (name, shown.get(name_of(name, reviewers, shown), name))}
        voters = {same(each.partition(": ")[0]) for each in split(cells["votes"])}
        if is_alone and own & voters:
            remarks.append(f"{name} settles a conflict of their own votes, on {cells['record_id']}")
        rows.append(
            {"record_id": cells["record_id"], "reviewer": name or "consensus", "stage": stage}
            | {"role": "adjudicator" if is_alone else "consensus"}
            | {"decision": decision, "reason": cells["reason"].strip(), "note": cells["note"].strip()}
            | {"decided_at": cells.get("decided_at", "").strip()}
        )
    if problems:
        raise tables.row_errors(conflicts, problems)
    n_nameless = sum(not name.strip() for name in meant["reviewer"].iloc[answers])
    if n_nameless:
        name_none = counted(
            n_nameless, "answer names no reviewer and counts", "answers name no reviewer and count"
        )
        remarks.append(f"{name_none} as a consensus; where one person settled it, name them in reviewer")
    cast = places.put(tables.make(tables.VOTES, rows), places.take(conflicts, answers))
    return Resolved(cast, tuple(remarks))


def check_read(conflicts: pd.DataFrame, votes: pd.DataFrame) -> None:
    """
    Check that a ``conflicts.csv`` about to be replaced holds no answer that only it holds.

    Parameters
    ----------
    conflicts : the columns of ``conflicts.csv``.
    votes : those of all decisions files.

    Raises
    ------
    InputErrors
        For the first such answer, saying how many there are.
    """
    answers = unread(conflicts, votes)
    if answers:
        what, them = (
            ("this answer is", "it") if len(answers) == 1 else (f"{len(answers):,} answers here are", "them")
        )
        message = f"{what} in no decisions file yet; run screen --resolve with this file, or blank {them}"
        raise tables.row_errors(conflicts, [(answers[0], message)])


def append(votes: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """
    Return votes with more below them, each with its place.

    Parameters
    ----------
    votes, more : the columns of a decisions file.
    """
    whole = pd.concat([votes, more], ignore_index=True).fillna("")
    return places.put(whole, [*places.of(votes), *places.of(more)])


def unread(conflicts: pd.DataFrame, votes: pd.DataFrame) -> list[int]:
    """
    Return the positions of answers in ``conflicts.csv`` that no resolution among the votes holds.

    Parameters
    ----------
    conflicts : ``record_id, stage, decision, reason``, as people filled it in.
    votes : ``role`` and the same.
    """
    settled = votes[votes["role"].isin(RESOLUTIONS)]
    columns = ("record_id", "stage", "decision", "reason")
    held = {
        tuple(same(cell) for cell in cells)
        for cells in zip(*(settled[column].tolist() for column in columns), strict=True)
    }
    meant = from_people(conflicts)
    answers = list(zip(*(meant[column].tolist() for column in columns), strict=True))
    return [
        row
        for row, cells in enumerate(answers)
        if cells[2].strip() and tuple(same(cell) for cell in cells) not in held
    ]
