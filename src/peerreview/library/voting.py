"""Votes to outcomes, and to how far reviewers agreed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import InputErrors, UsageError
from peerreview.library.frames import bare, fit_optional, pairs_of
from peerreview.library.results import (
    Agreement,
    Duplicates,
    Screened,
    Sheet,
    Votes,
)
from peerreview.protocol import Protocol
from peerreview.tables import plugins, reading
from peerreview.tables.fitting import fit
from peerreview.tables.plugins import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.screening.votes import Which


def read_votes(
    *paths: str | Path,
    records: pd.DataFrame | None = None,
    duplicates: Duplicates | pd.DataFrame | None = None,
    stage: str = "",
    reviewers: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    reasons: Sequence[str] = (),
    meanings: Mapping[str, str] | None = None,
    role: str = "",
    decided_on: str = "",
    protocol: Protocol | None = None,
    lenient: bool = False,
) -> Votes:
    """
    Return the votes in a screening tool's exports, in sheets, or in decisions files.

    Parameters
    ----------
    paths : exports of one tool.
    records : to find the votes' records in: ``record_id, source, source_kind``, and ``doi, pmid, title,
        year, accession`` where votes go by these; without it ids are taken as they stand.
    duplicates : which record is kept of each, as ``find_duplicates`` returned it.
    stage, role, decided_on : of votes whose export does not say (a day: ``2026-05-04``).
    reviewers : who voted, or which columns of a wide sheet are votes.
    columns : of a wide sheet: column of votes → reviewer. reasons : its columns of reasons.
    meanings : what a value means, as in ``{"0": "exclude"}``.
    protocol : its reasons and their aliases are known.
    lenient : leave out votes on records that are not found; they are in ``unmatched``.

    Returns
    -------
    Votes(votes, unmatched, keys, faults, remarks). ``votes`` has the columns ``record_id, reviewer, stage,
    decision, reason, role, decided_at, note, reason_of``.

    Raises
    ------
    InputError, InputErrors
        With file and line of each vote that cannot be read, or whose record is not found.
    UsageError
        For options that do not go together.
    """
    from peerreview.screening import decisions, lookup, mappings, opening, people, screeners
    from peerreview.screening.screeners import registry
    from peerreview.screening.votes import follow

    plan = protocol or Protocol()
    asked = screeners.Asked(
        votes=tuple((columns or {}).items()),
        reviewers=tuple(reviewers),
        reasons=tuple(reasons),
        stage=stage,
        known_reasons=mappings.known_reasons(plan.reasons, plan.reason_aliases),
        known_reviewers=people.known_names(plan.reviewers),
    )
    exports: list[screeners.Export] = []
    odd: list[str] = []
    for path in paths:
        found, told = opening.open_file(str(path), reading.read_bytes(Path(path)), asked)
        exports += found
        odd += told
    kept = {} if duplicates is None else follow(pairs_of(duplicates))
    index = None if records is None else lookup.index(fit(records, tables.RECORDS), kept)
    taken = decisions.take_votes(exports, index, role=role, decided_on=decided_on, meanings=meanings)
    if taken.lost and not lenient:
        raise InputErrors(taken.lost)
    remarks = (*odd, *taken.remarks, *plugins.remarks(Kind.SCREENER, registry.SCREENERS))
    return Votes(bare(taken.votes), taken.unmatched, taken.keys, taken.lost, remarks)


def settle(
    unique: pd.DataFrame,
    votes: pd.DataFrame,
    *,
    duplicates: Duplicates | pd.DataFrame | None = None,
    assignments: pd.DataFrame | None = None,
    protocol: Protocol | None = None,
) -> Screened:
    """
    Return the outcome of each record at each stage that it reached, and the conflicts to settle.

    Parameters
    ----------
    unique : the records to screen, as ``keep_one`` returns them: ``record_id, source, source_kind``; the rest
        of ``unique.csv`` is blank where missing.
    votes : ``record_id, reviewer, stage`` (``before_screening, title_abstract, retrieval, full_text``),
        ``decision`` (``include, exclude, maybe, not_retrieved, withdrawn``), and optionally ``reason, role,
        decided_at, note, reason_of``.
    duplicates : brings votes on records that were removed to those kept.
    assignments : who is to judge what, for what is left of whom: ``record_id, reviewer, stage``.
    protocol : votes required per stage (2 by default), reasons in order, reviewers.

    Returns
    -------
    Screened(screening, conflicts, n_open, remarks). ``screening``: ``record_id, stage, outcome, reason,
    reviewers, resolved_by``.

    Raises
    ------
    InputErrors
        For a frame that does not fit, votes on unknown records or at a stage that a record did not reach,
        and reasons that are not the protocol's; by row of ``votes``.

    References
    ----------
    PRISMA 2020 (Page et al. 2021), doi:10.1136/bmj.n71, items 8 and 16.
    """
    from peerreview.screening import outcomes, progress

    plan = protocol or Protocol()
    settled = outcomes.settle(
        fit(unique, tables.UNIQUE, "unique"),
        fit(votes, tables.VOTES, "votes"),
        duplicates=None if duplicates is None else pairs_of(duplicates),
        votes_required=plan.votes_required,
        reasons=plan.reasons,
        reviewers=plan.reviewers,
    )
    status = progress.status(
        settled,
        plan.votes_required,
        shown=settled.shown,
        assignments=fit_optional(assignments, tables.ASSIGNMENTS),
    )
    return Screened(bare(settled.screening), bare(settled.conflicts), settled.n_open, settled.remarks, status)


def measure(
    votes: pd.DataFrame,
    *,
    duplicates: Duplicates | pd.DataFrame | None = None,
    records: pd.DataFrame | None = None,
    protocol: Protocol | None = None,
    maybe: str = "",
    of: Which = "standing",
    seed: int = 0,
) -> Agreement:
    """
    Return how far reviewers agreed per stage, on independent votes before discussion.

    Parameters
    ----------
    votes : as in ``settle``.
    duplicates : brings votes on records that were removed to those kept.
    records : the records that votes may be on (``record_id, source, source_kind``); with ``sources`` or
        ``source`` for agreement per source.
    protocol : votes required per stage, what ``maybe`` counts as, reasons, reviewers.
    maybe : ``include``, ``exclude``, ``keep`` (as a category) or ``missing``; the protocol's if blank.
    of : the votes ``standing`` when the others had voted, the ``first`` or the ``final`` ones.
    seed : of the bootstrap intervals.

    Returns
    -------
    Agreement(statistics, sheets, sentences, warnings). Kappas, alphas and AC1 are in [-1, 1], shares in
    [0, 1]; the sources of the formulas stand with them in ``agreement.coefficients``.

    Raises
    ------
    InputErrors
        For a frame that does not fit, votes on unknown records, and votes whose order is unknown; by row.
    """
    from peerreview.paper.sheets.agreement import agreement_of, agreement_rows, agreement_sheets
    from peerreview.screening import checks
    from peerreview.screening.people import known_as
    from peerreview.screening.votes import follow

    plan = protocol or Protocol()
    if maybe not in ("", "include", "exclude", "keep", "missing"):
        raise UsageError(f"maybe {maybe!r} is not one of include, exclude, keep, missing")
    if of not in ("standing", "first", "final"):
        raise UsageError(f"of {of!r} is not one of standing, first, final")
    kept = {} if duplicates is None else follow(pairs_of(duplicates))
    fitted = known_as(fit(votes, tables.VOTES, "votes"), plan.reviewers)
    # Records as imported have no column of sources, and need none.
    there = None if records is None else fit(records, tables.RECORDS)
    known = None if there is None else {*there["record_id"], *kept}
    checks.check_votes(fitted, known, plan.votes_required)
    measured = agreement_of(fitted, plan, kept=kept, records=there, maybe=maybe, of=of, seed=seed)
    return Agreement(
        agreement_rows(measured),
        tuple(map(Sheet, agreement_sheets(measured))),
        tuple(each.sentence for each in measured.stages if each.sentence),
        tuple(f"{each.stage}: {said}" for each in measured.stages for said in each.warnings),
        measured,
    )
