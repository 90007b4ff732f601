"""A part of the records: those with an outcome at a stage, those of a list, and those that are new."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from peerreview.errors import InputError, InputErrors, UsageError
from peerreview.imports import stretches as exports
from peerreview.imports.formats import RawRecord
from peerreview.imports.formats.shared.latex import plain
from peerreview.imports.formats.shared.marks import OPENING, marked
from peerreview.screening import lookup
from peerreview.screening.screeners import Reference, all_referred, grids
from peerreview.values.folding import same

RETRIEVAL, FULL_TEXT = "retrieval", "full_text"


@dataclass(frozen=True)
class Wanted:
    """An outcome at a stage; any of a stage where no outcome is named; ``reason`` is that of an exclusion."""

    stage: str
    outcomes: tuple[str, ...] = ()
    reason: str = ""


def with_outcome(
    screening: pd.DataFrame, wanted: Wanted, *, reasons: Sequence[str] = (), got: Collection[str] = ()
) -> set[str]:
    """
    Return the ids of the records with an outcome at a stage.

    A full text is sought once its record is included at title and abstract:
    retrieval is ``pending`` until somebody has it (a vote at full text, or
    an include at retrieval) or has given it up.

    Parameters
    ----------
    screening : as ``screen`` writes it.
    reasons : the protocol's.
    got : records whose full text came, as votes at retrieval say.

    Raises
    ------
    UsageError
        For a reason that none was excluded for, listing those that some were.
    """
    at_stage = screening[screening["stage"] == wanted.stage]
    outcomes = dict(zip(at_stage["record_id"], at_stage["outcome"], strict=True))
    if wanted.stage == RETRIEVAL:
        outcomes = {**_sought(screening, got), **outcomes}
    if wanted.reason:
        known = {same(reason): reason for reason in (*at_stage["reason"], *reasons) if reason}
        if same(wanted.reason) not in known:
            listed = ", ".join(sorted(set(known.values()))) or "there are none"
            raise UsageError(f"--reason {wanted.reason!r} is none at {wanted.stage}; reasons: {listed}")
        given = dict(zip(at_stage["record_id"], at_stage["reason"], strict=True))
        outcomes = {
            record_id: outcome
            for record_id, outcome in outcomes.items()
            if outcome == "exclude" and same(given.get(record_id, "")) == same(wanted.reason)
        }
    return {
        record_id
        for record_id, outcome in outcomes.items()
        if not wanted.outcomes or outcome in wanted.outcomes
    }


def _sought(screening: pd.DataFrame, got: Collection[str]) -> dict[str, str]:
    at_full_text = screening[screening["stage"] == FULL_TEXT]
    cells = zip(at_full_text["record_id"], at_full_text["outcome"], at_full_text["reviewers"], strict=True)
    return {
        record_id: "include" if reviewers or outcome != "pending" or record_id in got else "pending"
        for record_id, outcome, reviewers in cells
    }


def got(votes: pd.DataFrame, kept: Mapping[str, str]) -> set[str]:
    """
    Return the ids of the records whose full text came, as the last vote of somebody at retrieval says.

    Parameters
    ----------
    votes : ``record_id, reviewer, stage, decision``, as a decisions file.
    kept : the record kept of each one removed.
    """
    at_stage = votes[votes["stage"] == RETRIEVAL]
    last = {
        (kept.get(record_id, record_id), same(reviewer)): decision
        for record_id, reviewer, decision in zip(
            at_stage["record_id"], at_stage["reviewer"], at_stage["decision"], strict=True
        )
    }
    return {record_id for (record_id, _), decision in last.items() if decision == "include"}


def of_list(text: str, records: pd.DataFrame, kept: Mapping[str, str], *, path: str) -> tuple[set[str], int]:
    """
    Return the ids of a list, a line each or in a table's column ``record_id``, and how many come again.

    The id of a duplicate is that of the record kept.

    Parameters
    ----------
    records : ``record_id``.

    Raises
    ------
    InputErrors
        For ids of no record, each with its line.
    """
    known = {same(record_id): record_id for record_id in records["record_id"]}
    known |= {same(removed): other for removed, other in kept.items() if same(other) in known}
    grid = grids.read(text)
    if "record_id" in grid.names:
        listed = list(zip(grid.lines, grid.cells("record_id"), strict=True))
    else:
        listed = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    named = [(line, name) for line, name in listed if name]
    faults = [
        InputError(f"{name!r} is no record here", path=path, line=line)
        for line, name in named
        if same(name) not in known
    ]
    if faults:
        raise InputErrors(faults)
    ids = {known[same(name)] for _, name in named}
    return ids, len(named) - len(ids)


def references_of(text: str) -> Sequence[Reference]:
    """
    Return how a table of records, or an export in any format, names its records.

    Raises
    ------
    InputError
        Where it is neither.
    """
    if _looks_like_ours(text):
        return all_referred(grids.read(text))
    found, _, parts = exports.read_raw(text.encode("utf-8", "surrogatepass"))
    references = []
    for part in parts:
        if not isinstance(part, RawRecord):
            continue
        fields = found.to_fields(part)
        own = marked(plain(value) for _, value in part.tags if OPENING in value)
        named = next((value for tag, value in part.tags if tag in ("ID", "id")), "")
        references.append(
            Reference(
                record_id=own or named.strip(),
                key=fields["accession"] or own or named.strip(),
                doi=fields["doi"],
                pmid=fields["pmid"],
                title=fields["title"],
                year=fields["year"],
            )
        )
    return references


def _looks_like_ours(text: str) -> bool:
    """Whether a table has our ids, as ``unique.csv``, ``screening.csv`` or what ``export`` wrote."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    return "record_id" in {cell.strip('" ') for cell in _DELIMITER.split(first)}


_DELIMITER = re.compile(r"[,;\t|]")


def not_in(
    references: Sequence[Reference], records: pd.DataFrame, kept: Mapping[str, str]
) -> tuple[set[str], int]:
    """
    Return the ids of the records that no reference names, and how many references could be several.

    What could be several is of none of them for sure: they stay new.

    Parameters
    ----------
    records : ``record_id`` and what references are matched by: ``doi, pmid, title, year, accession``.
    """
    known = lookup.index(records, kept)
    found = [lookup.match(each, known) for each in references]
    there = {kept.get(ids[0], ids[0]) for ids in found if len(ids) == 1}
    return set(records["record_id"]) - there, sum(len(ids) > 1 for ids in found)
