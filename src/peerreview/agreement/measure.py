"""Votes to statistics: how far reviewers agreed before anything was discussed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar, cast

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.agreement import coefficients
from peerreview.agreement.estimates import ReasonStatistics, ReviewerPair, SourceStatistics
from peerreview.agreement.independence import (
    Coded,
    Said,
    TieBreaker,
    code,
    find_tie_breakers,
    named_like_resolutions,
    said_independently,
)
from peerreview.agreement.machines import on_trial
from peerreview.agreement.measured import Measured, StageMeasured
from peerreview.agreement.tallies import Ratings, rounded, statistics_of_all, statistics_of_pair, tally
from peerreview.screening.people import Reviewer, check_roles, known_as, shown_as
from peerreview.screening.votes import OF_RECORD, Which, first_reason, histories, independent
from peerreview.tables import RESOLUTIONS, Table
from peerreview.values.folding import same
from peerreview.values.lists import split
from peerreview.values.missing import is_no_reason

Pair = TypeVar("Pair", ReviewerPair, ReasonStatistics)


@dataclass(frozen=True)
class Choices:
    """
    How agreement is to be measured.

    ``of`` says which of several votes of a reviewer on a record counts (see
    ``votes.independent``); ``categories`` other than the decisions are taken
    verbatim; ``reviewers`` are the protocol's.
    """

    maybe: str = "include"
    of: Which = "standing"
    categories: tuple[str, ...] = ()
    votes_required: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    reviewers: tuple[Reviewer, ...] = ()
    seed: int = 0
    draws: int = 1000


def measure(
    votes: pd.DataFrame,
    *,
    kept: Mapping[str, str],
    choices: Choices,
    sources: Mapping[str, Sequence[str]] | None = None,
) -> Measured:
    """
    Return the agreement of reviewers per stage, on independent votes before resolution.

    A reviewer's independent vote is the one standing when the record had
    its last required first vote (see ``votes.independent``). Votes of
    adjudicators, of a consensus, of automation and of an AI are left out;
    so are those of a reviewer who voted on conflicts alone, a reviewer's
    different votes on records merged later, and those changed within a day.

    Parameters
    ----------
    votes : all decisions files as one table.
    kept : the record kept of each one removed as a duplicate.
    sources : the databases and other sources in which each record was found, for a
        table by source at title and abstract.

    Returns
    -------
    Measured(maybe, of, seed, stages), each stage with ``pairs`` and
    ``overall``. Undefined statistics are None, and ``why`` says so.

    Raises
    ------
    InputErrors
        For votes whose order is unknown, and for those of a ``consensus`` or
        the like without a role.
    """
    known = known_as(votes, choices.reviewers)
    check_roles(known)
    shown = shown_as(known["reviewer"].unique().tolist(), choices.reviewers)
    coded = code(known, kept)
    named = coded.stage_names
    wanted = (
        sorted(named) if choices.categories else [stage for stage in tables.REVIEWED_STAGES if stage in named]
    )
    return Measured(
        maybe=None if choices.categories else choices.maybe,
        of=choices.of,
        seed=choices.seed,
        stages=tuple(
            _under_shown_names(_measure_stage(known, coded, stage, kept, choices, sources or {}), shown)
            for stage in wanted
        ),
    )


def is_of(measured: Measured, votes: pd.DataFrame, *, kept: Mapping[str, str], choices: Choices) -> bool:
    """
    Return whether these are the votes that were measured, in the way that was measured.

    That is whether each two reviewers come to the same counts; of judgements in words of their own, other
    than decisions, it is not asked.

    Parameters
    ----------
    votes : all decisions files as one table.
    kept : the record kept of each one removed as a duplicate.
    choices : the protocol's; of what a maybe counts as, and which votes, what was measured says itself.
    """
    if measured.maybe is None:
        return True
    same = replace(choices, maybe=measured.maybe, of=cast("Which", measured.of), categories=(), draws=1)
    return _counts(measure(votes, kept=kept, choices=same)) == _counts(measured)


def _counts(measured: Measured) -> dict[tuple[str, ...], list[list[int]]]:
    """Return how often each two reviewers said what, whoever of them is named first."""
    found: dict[tuple[str, ...], list[list[int]]] = {}
    for stage in measured.stages:
        for pair in stage.pairs:
            table = [list(row) for row in pair.statistics.table]
            one, other = pair.reviewer_1, pair.reviewer_2
            if one > other:
                one, other, table = other, one, [list(column) for column in zip(*table, strict=True)]
            if pair.statistics.n_both:
                found[stage.stage, one, other] = table
    return found


def found_in(records: pd.DataFrame) -> dict[str, list[str]]:
    """
    Return the sources in which each record was found: all of a cluster's where the table knows them.

    Parameters
    ----------
    records : ``record_id, source`` and, of unique records, ``sources``, a list joined by ``; ``.
    """
    known = records["sources"] if "sources" in records.columns else records["source"]
    sources = (split(cell) or [source] for cell, source in zip(known, records["source"], strict=True))
    return dict(zip(records["record_id"], sources, strict=True))


def verbatim(categories: Sequence[str]) -> Table:
    """Return the rules of a table of judgements with another vocabulary."""
    return Table(
        "decisions",
        columns=("record_id", "reviewer", "stage", "decision"),
        optional=("reason", "role", "decided_at", "note"),
        filled=("record_id", "reviewer", "stage", "decision"),
        values=MappingProxyType({"decision": tuple(categories), "role": (*tables.ROLES, "")}),
    )


def as_votes(raw: pd.DataFrame, categories: Sequence[str] = ()) -> pd.DataFrame:
    """
    Return judgements as votes, each item or theme as a stage of its own.

    Of themes, a coder's studies are those in which the coder found any; the
    first category is a theme found there, the second one not found.

    Parameters
    ----------
    raw : ``study_id, item, judgement, reviewer`` (``appraisal.csv``), ``study_id, theme, coder``
        (``themes.csv``), or the columns of a decisions file, ``stage`` or not.
    """
    if {"study_id", "item", "judgement"} <= set(raw.columns):
        names = {"study_id": "record_id", "item": "stage", "judgement": "decision"}
        return _with_roles(raw.rename(columns=names))
    if {"study_id", "theme", "coder"} <= set(raw.columns) and len(categories) >= 2:
        found = set(zip(raw["study_id"], raw["theme"], raw["coder"], strict=True))
        coded = sorted({(coder, study) for study, _, coder in found if coder})
        rows = [
            (study, coder, theme, categories[0] if (study, theme, coder) in found else categories[1])
            for theme in sorted(set(raw["theme"]))
            for coder, study in coded
        ]
        return _with_roles(
            pd.DataFrame(rows, columns=["record_id", "reviewer", "stage", "decision"], dtype="str")
        )
    return raw if "stage" in raw.columns else raw.assign(stage="all")


def _with_roles(judged: pd.DataFrame) -> pd.DataFrame:
    """Return judgements with a role for appraisers and coders called consensus or adjudicator."""
    if "reviewer" not in judged.columns:
        return judged
    names = [each.strip().casefold() for each in judged["reviewer"]]
    said = judged["role"].tolist() if "role" in judged.columns else [""] * len(judged)
    roles = [role or (name if name in RESOLUTIONS else "") for role, name in zip(said, names, strict=True)]
    return judged.assign(role=pd.Series(roles, index=judged.index, dtype="str"))


def _measure_stage(
    votes: pd.DataFrame,
    coded: Coded,
    stage: str,
    kept: Mapping[str, str],
    choices: Choices,
    sources: Mapping[str, Sequence[str]],
) -> StageMeasured:
    at_stage = coded.stages == coded.stage_names.index(stage)
    rows = np.flatnonzero(at_stage & coded.is_reviewer)
    required = choices.votes_required.get(stage, 2)
    tie_breakers = find_tie_breakers(votes, coded, rows, kept)
    rows = _without(tie_breakers, coded, rows)
    said = said_independently(votes, coded, rows, kept, required=required, of=choices.of)
    categories, meaning, is_maybe = _vocabulary(coded.decision_names, choices)
    # -1, no vote, is the last meaning.
    ratings = Ratings(meaning[said.matrix], said.reviewers, categories)
    counted = tally(ratings)
    pairs = []
    for (first, second), counts in counted.pairs.items():
        if len(said.reviewers) == 2 or any(map(any, counts)):
            names = said.reviewers[first], said.reviewers[second]
            pairs.append(ReviewerPair(*names, statistics_of_pair(counts, categories)))
    left_out = Counter(coded.role_names[role] for role in coded.roles[at_stage & ~coded.is_reviewer])
    is_of_decisions = not choices.categories
    return StageMeasured(
        stage=stage,
        reviewers=tuple(said.reviewers),
        categories=tuple(categories),
        n_votes=int((said.matrix >= 0).sum()),
        n_maybe=int(is_maybe[said.matrix].sum()),
        n_changed=said.n_changed,
        n_merged_votes_differ=said.n_merged_votes_differ,
        n_order_unknown=said.n_order_unknown,
        n_without_time=int((votes["decided_at"] == "").to_numpy()[rows].sum()),
        left_out=dict(sorted(left_out.items())),
        tie_breakers=tuple(tie_breakers),
        named_like_resolutions=tuple(named_like_resolutions(said.reviewers)),
        pairs=tuple(pairs),
        overall=statistics_of_all(counted, categories, seed=choices.seed, draws=choices.draws),
        reasons=_reasons(votes, rows, kept, required, choices)
        if stage == "full_text" and is_of_decisions
        else None,
        sources=_by_source(said, ratings, coded, sources)
        if stage == "title_abstract" and is_of_decisions
        else None,
        ai=on_trial(
            votes,
            coded,
            np.flatnonzero(at_stage),
            kept,
            stage=stage,
            required=required,
            reasons=choices.reasons,
            maybe=choices.maybe,
            reviewers=choices.reviewers,
        )
        if is_of_decisions
        else None,
    )


def _without(tie_breakers: Sequence[TieBreaker], coded: Coded, rows: np.ndarray) -> np.ndarray:
    names = {each.reviewer for each in tie_breakers if each.is_left_out}
    people = [person for person, name in enumerate(coded.people_names) if name in names]
    return rows[~np.isin(coded.people[rows], people)] if people else rows


def _under_shown_names(measured: StageMeasured, shown: Mapping[str, str]) -> StageMeasured:
    """Return what was measured at a stage with each reviewer under the name to print."""

    def name(reviewer: str) -> str:
        return shown.get(reviewer, reviewer)

    def named(pair: Pair) -> Pair:
        return replace(pair, reviewer_1=name(pair.reviewer_1), reviewer_2=name(pair.reviewer_2))

    reasons, machines = measured.reasons, measured.ai
    return replace(
        measured,
        reviewers=tuple(map(name, measured.reviewers)),
        named_like_resolutions=tuple(map(name, measured.named_like_resolutions)),
        pairs=tuple(map(named, measured.pairs)),
        reasons=None if reasons is None else tuple(map(named, reasons)),
        ai=None
        if machines is None
        else tuple(replace(each, reviewer=name(each.reviewer)) for each in machines),
        tie_breakers=tuple(replace(each, reviewer=name(each.reviewer)) for each in measured.tie_breakers),
    )


def _by_source(
    said: Said, ratings: Ratings, coded: Coded, sources: Mapping[str, Sequence[str]]
) -> tuple[SourceStatistics, ...]:
    """Return agreement on the records of each source; one found in several counts in each."""
    places: dict[str, list[int]] = {}
    for row, record in enumerate(said.records.tolist() if sources else ()):
        for source in sources.get(coded.record_names[record], ()):
            places.setdefault(source, []).append(row)
    if len(places) < 2:
        return ()
    found = []
    for source in sorted(places):
        counted = tally(Ratings(ratings.matrix[places[source]], ratings.reviewers, ratings.categories))
        patterns = counted.patterns
        cohen = None
        if len(counted.pairs) == 1:
            (counts,) = counted.pairs.values()
            cohen = coefficients.cohen_kappa(counts).estimate
        found.append(
            SourceStatistics(
                source,
                n_items=sum(patterns.values()),
                n_pairable=sum(n for pattern, n in patterns.items() if sum(pattern) >= 2),
                pa=coefficients.observed_agreement(patterns),
                ac1=coefficients.gwet_ac1(patterns),
                fleiss=coefficients.fleiss_kappa(patterns),
                cohen=cohen,
            )
        )
    return tuple(map(rounded, found))


def _reasons(
    votes: pd.DataFrame, rows: np.ndarray, kept: Mapping[str, str], required: int, choices: Choices
) -> tuple[ReasonStatistics, ...]:
    """Return, for each two reviewers, how far the primary reasons agree of what both excluded."""
    own = {
        row
        for row, reason, whose in zip(
            rows.tolist(), *(votes[name].iloc[rows] for name in ("reason", "reason_of")), strict=True
        )
        if not is_no_reason(reason) and whose != OF_RECORD
    }
    if not own:
        return ()
    places = {same(reason): place for place, reason in enumerate(choices.reasons)}
    spelled = {same(reason): reason for reason in choices.reasons}
    both: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for by_person in histories(votes, kept, rows.tolist()).values():
        primary = {}
        for reviewer, vote in independent(by_person.values(), required, of=choices.of).items():
            is_own = vote is not None and vote.decision == "exclude" and vote.row in own
            if vote is not None and is_own and (first := first_reason(vote.reason, places)):
                primary[reviewer] = same(first)
                spelled.setdefault(same(first), first)
        named = sorted(primary)
        for place, first in enumerate(named):
            for second in named[place + 1 :]:
                both.setdefault((first, second), Counter())[primary[first], primary[second]] += 1
    found = []
    for (first, second), cells in sorted(both.items()):
        used = {reason for cell in cells for reason in cell}
        categories = sorted(used, key=lambda reason: (places.get(reason, len(places)), reason))
        counts = [[cells[row, column] for column in categories] for row in categories]
        found.append(
            ReasonStatistics(
                first,
                second,
                categories=tuple(spelled[reason] for reason in categories),
                n_both=sum(cells.values()),
                table=counts,
                percent=coefficients.percent_agreement(counts),
                cohen=coefficients.cohen_kappa(counts).estimate,
                specific={
                    spelled[reason]: coefficients.specific_agreement(counts, place)
                    for place, reason in enumerate(categories)
                },
            )
        )
    return tuple(map(rounded, found))


def _vocabulary(decisions: Sequence[str], choices: Choices) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return the categories, each decision's category (-1: none), and which decisions are ``maybe``."""
    if choices.categories:
        categories = choices.categories
        meaning = {category: place for place, category in enumerate(categories)}
    elif choices.maybe == "keep":
        categories = ("include", "maybe", "exclude")
        meaning = {category: place for place, category in enumerate(categories)}
    else:
        categories = ("include", "exclude")
        meaning = {category: place for place, category in enumerate(categories)}
        meaning["maybe"] = meaning.get(choices.maybe, -1)
    found = [meaning.get(decision, -1) for decision in decisions]
    is_maybe = [decision == "maybe" and not choices.categories for decision in decisions]
    return categories, np.array([*found, -1], dtype=np.int16), np.array([*is_maybe, False])
