"""A review's tables as they would be, had some included works been left out at full text."""

from collections.abc import Collection, Mapping

import pandas as pd

from peerreview import tables
from peerreview.synthesis.spelling import comparable
from peerreview.synthesis.studies import by_name, column_of
from peerreview.tables import places
from peerreview.values import lists

STAGE = "full_text"
_DOCUMENT = "document"
"""Taguette names a document in a row, and no study."""


def leave_out(
    frames: Mapping[str, pd.DataFrame], works: Collection[str], members: Collection[str], reason: str
) -> dict[str, pd.DataFrame]:
    """
    Return tables of a review in which works were excluded at full text.

    Each is excluded by consensus, whatever was settled before; a study none of
    whose reports stays goes, and with it what was coded, judged and found
    in it alone. A study with another report stays as it is.

    Parameters
    ----------
    frames : tables by name: ``decisions``, ``screening``, ``reports``, ``studies``, and as they stand
        ``themes``, ``appraisal``, ``findings``; those that are not there are not returned.
    works : the records kept of the works.
    members : all records of the works: these, and those removed as their duplicates.
    reason : of the exclusion.
    """
    left = dict(frames)
    gone: set[str] = set()
    if tables.REPORTS.name in frames:
        reports = frames[tables.REPORTS.name]
        stays = ~reports["record_id"].isin(members)
        gone = set(reports.loc[~stays, "study_id"]) - set(reports.loc[stays, "study_id"])
        left[tables.REPORTS.name] = _only(reports, stays)
    left |= _outcomes(frames, works, members, reason)
    if tables.STUDIES.name not in frames:
        return left
    studies = frames[tables.STUDIES.name]
    is_gone = studies["study_id"].isin(gone)
    left[tables.STUDIES.name] = _only(studies, ~is_gone)
    names = set(by_name(studies[is_gone]))
    if tables.DOCUMENTS.name in frames:
        documents = frames[tables.DOCUMENTS.name]
        of_gone = documents["study_id"].isin(gone)
        names |= set(map(comparable, documents.loc[of_gone, "document"]))
        left[tables.DOCUMENTS.name] = _only(documents, ~of_gone)
    if tables.CHANGES.name in frames:
        changes = frames[tables.CHANGES.name]
        stays = ~changes["study_id"].isin(gone) & ~changes["record_id"].isin(members)
        left[tables.CHANGES.name] = _only(changes, stays)
    for table in (tables.THEMES, tables.APPRAISAL):
        if table.name in frames:
            left[table.name] = _without_rows_of(frames[table.name], names)
    if tables.FINDINGS.name in frames:
        left[tables.FINDINGS.name] = _without_names(frames[tables.FINDINGS.name], names)
    return left


def retire(
    frames: Mapping[str, pd.DataFrame],
    members: Collection[str],
    number: int,
    reason: str,
    *,
    others: Collection[str] = (),
) -> dict[str, pd.DataFrame]:
    """
    Return tables in which the studies that these works alone tell of were retired in a round.

    That is how a work leaves that an earlier version of the review counted.
    ``others`` are records of works that are left out besides: a report that
    came since keeps no study whose earlier one goes.

    Parameters
    ----------
    frames : tables by name, as for ``leave_out``; ``reports`` among them.
    members : all records of the works.
    number : the round.
    reason : why.
    """
    reports = frames[tables.REPORTS.name]
    goes = reports["record_id"].isin(members)
    stays = ~goes & ~reports["record_id"].isin(others)
    gone = sorted(set(reports.loc[goes, "study_id"]) - set(reports.loc[stays, "study_id"]))
    before = tables.rows(frames.get(tables.CHANGES.name, tables.empty(tables.CHANGES)))
    said = {row["study_id"] for row in before if row["change"] == "retired"}
    more = [
        {"study_id": each, "round": str(number), "change": "retired", "reason": reason}
        for each in gone
        if each not in said
    ]
    return {**frames, tables.CHANGES.name: tables.make(tables.CHANGES, [*before, *more])}


def _outcomes(
    frames: Mapping[str, pd.DataFrame], works: Collection[str], members: Collection[str], reason: str
) -> dict[str, pd.DataFrame]:
    """Return votes with a consensus that excludes each work; without votes, its outcome alone."""
    if tables.VOTES.name in frames:
        votes = frames[tables.VOTES.name]
        settled = (
            votes["record_id"].isin(members)
            & (votes["stage"] == STAGE)
            & votes["role"].isin(tables.RESOLUTIONS)
        )
        row = {
            "reviewer": "consensus",
            "stage": STAGE,
            "decision": "exclude",
            "reason": reason,
            "role": "consensus",
        }
        more = tables.make(tables.VOTES, [row | {"record_id": work} for work in sorted(works)])
        return {tables.VOTES.name: pd.concat([votes[~settled], more], ignore_index=True).fillna("")}
    if tables.SCREENING.name not in frames:
        return {}
    screening = frames[tables.SCREENING.name].copy()
    rows = screening["record_id"].isin(works) & (screening["stage"] == STAGE)
    screening.loc[rows, "outcome"] = "exclude"
    screening.loc[rows, "reason"] = reason
    screening.loc[rows, "resolved_by"] = "consensus"
    return {tables.SCREENING.name: screening}


def _only(frame: pd.DataFrame, stays: pd.Series) -> pd.DataFrame:
    positions = [position for position, is_kept in enumerate(stays.tolist()) if is_kept]
    return places.put(frame[stays].reset_index(drop=True), places.take(frame, positions))


def _without_rows_of(raw: pd.DataFrame, names: Collection[str]) -> pd.DataFrame:
    """Return a people's sheet without the rows on studies of these names; a column says which study."""
    named = [str(column) for column in raw.columns]
    column = column_of(named) or next((each for each in named if comparable(each) == _DOCUMENT), "")
    return _only(raw, ~raw[column].map(comparable).isin(names)) if column else raw


def _without_names(findings: pd.DataFrame, names: Collection[str]) -> pd.DataFrame:
    """Return findings without these studies; one that rested on them alone is none any more."""
    kept = [
        lists.LIST.join(each for each in lists.split(cell) if comparable(each) not in names)
        for cell in findings["studies"]
    ]
    left = findings.assign(studies=pd.Series(kept, index=findings.index, dtype="str"))
    return _only(left, (left["studies"] != "") | (findings["studies"] == ""))
