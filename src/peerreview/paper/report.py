"""A review's tables → the sentences, tables and figures of one document, each with the file it comes from."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.flow.searched import missing_records
from peerreview.flow.unjudged import unjudged
from peerreview.paper import STAGES
from peerreview.paper.document import Sentence
from peerreview.paper.sheets.agreement import tool
from peerreview.paper.sheets.cautions import before_caution
from peerreview.paper.sheets.statistics import interval, number, percentage, share_interval
from peerreview.screening.judging import Judging, count_judging, with_passed
from peerreview.screening.order import RELEVANCE
from peerreview.screening.relevance import METHOD
from peerreview.tables import DATABASE_KINDS, any_synthetic, few, is_synthetic
from peerreview.values.counts import counted
from peerreview.values.lists import series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from peerreview.agreement.estimates import MachineOnTrial
    from peerreview.agreement.measured import Measured
    from peerreview.protocol import Protocol, Reviewer

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""A day in the one order that sorts as text; a spreadsheet may have written it in another."""
_STAGES = {stage: name.lower() for stage, name in STAGES.items()}
AT = {
    "before_screening": "Before screening",
    "title_abstract": "At title and abstract",
    "retrieval": "At retrieval",
    "full_text": "At full text",
}
_REMOVED = {
    "duplicates": ("duplicate", ""),
    "automation": ("record", " by automation tools"),
    "other_reasons": ("record", " for other reasons"),
    "excluded": ("record", " at title and abstract"),
}
_BY = {"consensus": "consensus", "adjudicator": "an adjudicator"}


def search(
    sources: pd.DataFrame, records: pd.DataFrame, laid_down: Protocol | None = None, *, of_round: str = ""
) -> list[Sentence]:
    """
    Return what was searched, when as far as that is told, and what it found.

    Parameters
    ----------
    sources, records : the columns of ``sources.csv``; ``source_kind``, as ``records.csv``.
    laid_down : names the libraries that hold what searches without a file found; they were not searched.
    of_round : the round that all searches and records are of, where there are others.
    """
    told = []
    we, that = (f"In round {of_round}, we", f" of round {of_round}") if of_round else ("We", "")
    made_up = any_synthetic(sources)
    libraries = laid_down.libraries if laid_down else ()
    declared = sources[sources["source_kind"].isin(DATABASE_KINDS) & ~sources["source"].isin(libraries)]
    names = list(dict.fromkeys(declared["source"]))
    if names:
        kinds = dict(zip(declared["source"], declared["source_kind"], strict=True))
        n_of = Counter(kinds[name] for name in names)
        searched = [counted(n_of[kind], kind) for kind in DATABASE_KINDS if n_of[kind]]
        told.append(
            Sentence(
                f"{we} searched {series(searched)}{_when(declared)}: {series(names)}.",
                "sources.csv, rows whose source_kind is database or register",
                made_up,
            )
        )
    others = [kind for kind in dict.fromkeys(sources["source_kind"]) if kind not in DATABASE_KINDS]
    if others:
        ways = series([kind.replace("_", " ") for kind in others])
        was = f"The other method{that} was" if len(others) == 1 else f"Other methods{that} were"
        told.append(Sentence(f"{was} {ways}.", "sources.csv, rows of any other source_kind", made_up))
    if laid_down and libraries and ((declared["file"] == "") & (declared["records"] != "0")).any():
        told += _found_elsewhere(declared, records, laid_down)
    elif len(records):
        n_by_kind = Counter(records["source_kind"])
        left = sum(n_by_kind[kind] for kind in DATABASE_KINDS)
        right = len(records) - left
        of = " and ".join(f"{kind}s" for kind in DATABASE_KINDS if n_by_kind[kind])
        found = [f"{counted(left, 'record')} from {of}"] if left else []
        found += [f"{counted(right, 'record')} by other methods"] if right else []
        told.append(
            Sentence(
                f"The searches{that} gave {series(found)}.",
                f"records.csv, {counted(len(records), 'row')} by source_kind",
                made_up,
            )
        )
    if missing := missing_records(records, sources, libraries=libraries):
        told.append(
            Sentence(
                f"No record is here of searches{that} that found some: {missing}.",
                "sources.csv, column records; records.csv",
                made_up,
            )
        )
    return told


def _found_elsewhere(
    declared: pd.DataFrame, records: pd.DataFrame, laid_down: Protocol
) -> Iterator[Sentence]:
    """Yield what was found and removed before the review's tables begin, as its authors state it."""
    stated = declared[declared["file"] == ""]
    has_number = stated["records"] != ""
    n_left = int(records["source"].isin(laid_down.libraries).sum())
    searched, unknown = (list(dict.fromkeys(stated.loc[of, "source"])) for of in (has_number, ~has_number))
    found = (
        f"The searches of {series(searched)} found "
        f"{counted(sum(map(int, stated.loc[has_number, 'records'])), 'record')}, as the authors state; "
        if searched
        else ""
    )
    found += f"of {series(unknown)} no number is stated; " if unknown else ""
    yield Sentence(
        f"{found[0].upper()}{found[1:]}{counted(n_left, 'record')} of them "
        f"{'is' if n_left == 1 else 'are'} in {series(list(laid_down.libraries))}.",
        "sources.csv, rows without a file; records.csv; peerreview.toml, elsewhere",
        any_synthetic(declared),
    )
    removed = [
        counted(n, f"{one}{how}", f"{one}s{how}")
        for key, (one, how) in _REMOVED.items()
        if (n := laid_down.elsewhere.get(key, 0))
    ]
    if removed:
        yield Sentence(
            f"Elsewhere, as the authors state, were removed: {series(removed)}.",
            "peerreview.toml, elsewhere",
        )
    if len(records) > n_left:
        yield Sentence(
            f"Other searches gave {counted(len(records) - n_left, 'record')}.", "records.csv, by source"
        )


def _when(declared: pd.DataFrame) -> str:
    """Return when searches were made, and of how many that is told where it is not told of all."""
    given = declared.loc[declared["searched_on"] != "", "searched_on"]
    dates = list(dict.fromkeys(given))
    if not dates:
        return ""
    when = f" on {series(dates)}"
    if len(dates) > 1 and all(_DAY.fullmatch(date) for date in dates):
        when = f" between {min(dates)} and {max(dates)}"
    return when if len(given) == len(declared) else f"{when} (date given for {len(given)} of {len(declared)})"


def deduplication(duplicates: pd.DataFrame, overrides: pd.DataFrame, unique: pd.DataFrame) -> list[Sentence]:
    """
    Return how many duplicates were removed, by which rule.

    Parameters
    ----------
    duplicates, overrides, unique : the columns of ``duplicates.csv``; ``verdict``; a row per record kept.
    """
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    if removed.empty and unique.empty:
        return []
    rules = Counter(rule or "no rule named" for rule in removed["rule"])
    named = [f"“{rule}” {n:,}" for rule, n in sorted(rules.items(), key=lambda each: (-each[1], each[0]))]
    told = [
        Sentence(
            f"Deduplication removed {counted(len(removed), 'record')} and left {len(unique):,}.",
            f"duplicates.csv, {counted(len(removed), 'row')} of duplicates; "
            f"unique.csv, {counted(len(unique), 'row')}",
        )
    ]
    if named:
        told.append(
            Sentence(f"By rule: {series(named)}.", "duplicates.csv, rows whose verdict is duplicate, by rule")
        )
    if len(overrides):
        verdicts = Counter(overrides["verdict"])
        parts = [f"{n:,} {verdict}" for verdict, n in sorted(verdicts.items())]
        told.append(
            Sentence(
                f"{counted(len(overrides), 'pair was', 'pairs were')} settled by hand: {series(parts)}.",
                f"overrides.csv, {counted(len(overrides), 'row')}",
            )
        )
    n_pairs, n_fewer = unjudged(duplicates, overrides)
    if n_pairs:
        were = counted(n_pairs, "pair of records that is", "pairs of records that are")
        told.append(
            Sentence(
                f"Nobody has judged {were} possibly the same: were they all, "
                f"{counted(len(unique) - n_fewer, 'record')} would be left.",
                "duplicates.csv, rows whose verdict is possible; overrides.csv",
            )
        )
    return told


def screening(
    outcomes: pd.DataFrame,
    votes: pd.DataFrame | None = None,
    *,
    kept: Mapping[str, str] | None = None,
    reviewers: Sequence[Reviewer] = (),
    order: str = "",
) -> list[Sentence]:
    """
    Return who screened what, and what came of it.

    Parameters
    ----------
    outcomes : the columns of ``screening.csv``.
    votes : the decisions; without them it is told what the outcomes alone say.
    kept : the record kept of each one removed as a duplicate.
    reviewers : the protocol's.
    order : the protocol's, in which records came to them; a ranking is an automation tool (PRISMA 2020,
        item 8).
    """
    told = []
    if order == RELEVANCE and len(outcomes):
        told.append(
            Sentence(
                "Records came to each reviewer in an order of relevance, learned from that reviewer's own "
                f"votes by {METHOD} (scikit-learn); it decided nothing.",
                "peerreview.toml, order of [screening]",
            )
        )
    listed = Counter(outcomes["stage"])
    if votes is not None:
        outcomes = with_passed(outcomes, votes, kept=kept, reviewers=reviewers)
    for judging in count_judging(outcomes, votes, kept=kept, reviewers=reviewers):
        stage, words = judging.stage, AT[judging.stage]
        what = "report" if stage in ("retrieval", "full_text") else "record"
        rows = f"screening.csv, {counted(listed[stage], 'row')} of {stage}"
        source = rows if votes is None else f"decisions, votes at {stage}; {rows}"
        at_stage = outcomes[outcomes["stage"] == stage]
        if judging.n_judged:
            of_all = f"{judging.n_judged:,} of " if judging.n_judged < judging.n_records else ""
            told.append(
                Sentence(
                    f"{words}, {counted(len(judging.reviewers), 'reviewer')} judged "
                    f"{of_all}{counted(judging.n_records, what)}: {_how_many(judging)}.",
                    source,
                )
            )
        if judging.n_not_known:
            told.append(
                Sentence(
                    f"Of {counted(judging.n_not_known, what)} settled by one person it is not known "
                    "who had voted.",
                    source,
                )
            )
        told += [
            Sentence(
                f"{words}, the automation tool {name} settled {counted(n, what)} on which no reviewer voted"
                f"{_grounds(at_stage, name)}.",
                f"screening.csv, rows of {stage} whose resolved_by is automation",
            )
            for name, n in judging.tools.items()
        ]
        told += [
            Sentence(
                f"{words}, {name} (AI) voted on {counted(n, what)}; its votes settled none.",
                f"decisions, votes at {stage} whose role is ai",
            )
            for name, n in judging.ai.items()
        ]
        counts = Counter(at_stage["outcome"])
        parts = [f"{n:,} {outcome.replace('_', ' ')}" for outcome, n in sorted(counts.items())]
        by_people = [f"{n:,} by {_BY[way]}" for way, n in judging.by_resolution.items()]
        settled = f"; settled {series(by_people)}" if by_people else ""
        told.append(
            Sentence(
                f"Outcomes {words[0].lower()}{words[1:]}: {series(parts)}{settled}.",
                f"{_beside(listed[stage], at_stage)}screening.csv, "
                f"rows of {stage} by outcome and resolved_by",
            )
        )
        if stage == "full_text":
            told += _reasons(at_stage)
    return told


def _beside(n_listed: int, at_stage: pd.DataFrame) -> str:
    """Return that votes, too, say what came of a stage, where screening.csv does not list all of it."""
    return "decisions; " if len(at_stage) > n_listed else ""


def _grounds(at_stage: pd.DataFrame, tool: str) -> str:
    """Return the grounds that an automation tool gave: PRISMA 2020, item 8, wants its rule told."""
    is_own = (at_stage["resolved_by"] == "automation") & (at_stage["reviewers"] == tool)
    given = sorted({reason for reason in at_stage.loc[is_own, "reason"].tolist() if reason})
    return f": {series(given)}" if given else ""


def _how_many(judging: Judging) -> str:
    """Return how many records had the votes of how many reviewers, of those that had any."""
    one = judging.n_votes.get(1, 0)
    if not one:
        return (
            "two reviewers voted on each"
            if judging.n_with_two == judging.n_votes.get(2, 0)
            else ("two reviewers or more voted on each")
        )
    if not judging.n_with_two:
        return "one reviewer voted on each"
    return f"two or more voted on {judging.n_with_two:,}, one on {one:,}"


def _reasons(at_stage: pd.DataFrame) -> list[Sentence]:
    reasons = Counter(
        reason or "no reason given"
        for reason, outcome in zip(at_stage["reason"], at_stage["outcome"], strict=True)
        if outcome == "exclude"
    )
    if not reasons:
        return []
    parts = [
        f"{reason} ({n:,})" for reason, n in sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    ]
    return [
        Sentence(
            f"Reasons for exclusion: {series(parts)}.",
            "screening.csv, excluded rows of full_text, by reason",
        )
    ]


def agreement(found: Measured) -> list[Sentence]:
    """Return how far reviewers agreed before they talked."""
    told = []
    when = "in their final votes" if found.of == "final" else "before resolution"
    for stage in found.stages:
        name = stage.stage
        words = _STAGES.get(name, name.replace("_", " "))
        things = "report" if name == "full_text" else "record"
        for pair in stage.pairs:
            said = pair.statistics
            if said.percent is None:
                continue
            kappa = said.cohen.value
            bounds = interval(said.cohen)
            within = f" (95% interval {bounds})" if bounds else ""
            with_kappa = f", Cohen's kappa {number(kappa)}{within}" if kappa is not None else ""
            told.append(
                Sentence(
                    f"At {words}, {pair.reviewer_1} and {pair.reviewer_2} agreed on "
                    f"{percentage(said.percent)} of {counted(said.n_both, things)} {when}{with_kappa}.",
                    f"agreement.json, stage {name}, pair {pair.reviewer_1} and {pair.reviewer_2}",
                )
            )
        left_out = [each for each in stage.tie_breakers if each.is_left_out]
        told += [
            Sentence(
                f"{each.reviewer} voted on conflicts alone ({each.n_records:,} at {words}); these votes "
                "are no part of this agreement.",
                f"agreement.json, stage {name}, tie_breakers",
            )
            for each in left_out
        ]
        told += [
            Sentence(f"At {words}, {caution}.", f"agreement.json, stage {name}, n_without_time")
            for caution in before_caution(stage, found.of)
        ]
        told += [_machine(ai, words, name, things) for ai in stage.ai or () if ai.trial.n]
    return told


def _machine(ai: MachineOnTrial, words: str, stage: str, things: str) -> Sentence:
    """Return how an AI on trial compares with the people, and that it decided nothing."""
    which = tool(ai, ", ")
    trial = ai.trial
    compared = {"recall": trial.recall, "precision": trial.precision, "specificity": trial.specificity}
    shares = [
        f"{name} {share_interval(share)}" for name, share in compared.items() if share.value is not None
    ]
    saved = f"; it excluded {percentage(trial.work_saved)}" if trial.work_saved is not None else ""
    return Sentence(
        f"At {words}, {ai.reviewer}{f' ({which})' if which else ''}, an AI, judged "
        f"{counted(trial.n, things)} beside the reviewers and decided none. Against their decision: "
        f"{series(shares)} (exact 95% intervals){saved}.",
        f"agreement.json, stage {stage}, ai {ai.reviewer}",
    )


def included(
    studies: pd.DataFrame,
    reports: pd.DataFrame,
    columns: Sequence[str],
    *,
    kept: Mapping[str, str],
    outcomes: pd.DataFrame | None = None,
    n_in_all: int | None = None,
) -> list[Sentence]:
    """
    Return what was included, and how the studies are spread over some columns.

    Parameters
    ----------
    studies, reports : ``study_id`` and the columns to spread; ``record_id, study_id``.
    n_in_all : how many studies an update includes, where those of the earlier version are not listed.
    kept : names the record kept for each record removed as a duplicate: two of them are one report.
    outcomes : as ``screening.csv``, to tell which included reports are in no study yet, and which studies
        have none but reports that await a decision: those are not included, as in the flow.
    """
    told = []
    known = set(studies["study_id"])
    waits = set() if outcomes is None else still_open(outcomes)
    left_out = set() if outcomes is None else not_included(outcomes)
    linked: set[str] = set()
    strays: set[str] = set()
    of_linked, of_waiting = set(), set()
    for name, study in zip(reports["record_id"], reports["study_id"], strict=True):
        record_id = kept.get(name, name)
        if study in known and record_id in left_out:
            strays.add(record_id)
        elif study in known and record_id in waits:
            of_waiting.add(study)
        elif study in known:
            linked.add(record_id)
            of_linked.add(study)
    later = of_waiting - of_linked
    of_reports = f" in {counted(len(linked), 'report')}" if linked else ""
    files = f"studies.csv, {counted(len(studies), 'row')}" + (
        f"; reports.csv, {counted(len(reports), 'row')}" if len(reports) else ""
    )
    n_listed = f"{counted(len(studies) - len(later), 'study', 'studies')}{of_reports}"
    if n_in_all is None:
        told.append(Sentence(f"The review includes {n_listed}.", files))
    else:
        said = f"This version adds {n_listed}; with the earlier ones the review includes {n_in_all:,}."
        told.append(Sentence(said, f"{files}; flow.json, box total_studies"))
    if later:
        more = counted(len(later), "study more is", "studies more are")
        told.append(Sentence(f"{more} listed, whose reports await a decision.", f"{files}; screening.csv"))
    if strays:
        are = counted(len(strays), "report of these is", "reports of these are")
        told.append(
            Sentence(
                f"{are} named, and not included: {few(sorted(strays))}.",
                "reports.csv; screening.csv, rows of exclude and not_retrieved",
            )
        )
    if outcomes is not None:
        is_in = (outcomes["stage"] == "full_text") & (outcomes["outcome"] == "include")
        unlinked = set(outcomes.loc[is_in, "record_id"]) - linked
        if unlinked:
            told.append(
                Sentence(
                    f"{counted(len(unlinked), 'included report is', 'included reports are')} "
                    "not assigned to a study of these.",
                    "screening.csv, included rows of full_text; reports.csv",
                )
            )
    without = known - set(reports["study_id"])
    if without and len(reports):
        told.append(
            Sentence(
                f"Of {counted(len(without), 'study', 'studies')} no report is named.",
                "studies.csv; reports.csv",
            )
        )
    rows = tables.rows(studies)
    for column in columns:
        counts = Counter(row[column] or "not reported" for row in rows)
        parts = [
            f"{value} ({n:,})" for value, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ]
        made_up = any(is_synthetic(row, column) for row in rows)
        words = column.replace("_", " ")
        told.append(Sentence(f"By {words}: {series(parts)}.", f"studies.csv, column {column}", made_up))
    return told


def not_included(outcomes: pd.DataFrame) -> set[str]:
    """
    Return the records that were excluded or not retrieved.

    Parameters
    ----------
    outcomes : ``record_id, outcome``, as ``screening.csv``.
    """
    return set(outcomes.loc[outcomes["outcome"].isin(["exclude", "not_retrieved"]), "record_id"])


def still_open(outcomes: pd.DataFrame) -> set[str]:
    """
    Return the records that await a decision.

    Parameters
    ----------
    outcomes : ``record_id, stage, outcome``, as ``screening.csv``.
    """
    waits = outcomes["outcome"].isin(tables.OPEN)
    is_settled = (outcomes["stage"] == "full_text") & ~waits
    return set(outcomes.loc[waits, "record_id"]) - set(outcomes.loc[is_settled, "record_id"])
