"""A review's tables → the sentences, tables and figures of one document, each with the file it comes from."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from peerreview import tables
from peerreview.paper.sheets import DAGGER, Sheet, percent
from peerreview.paper.sheets.agreement import (
    STAGES,
    before_caution,
    compared_sentence,
    interval,
    number,
    percentage,
    share_interval,
)
from peerreview.paper.sheets.appraisal import compare_appraisers
from peerreview.paper.sheets.themes import compare_coders
from peerreview.protocol import Protocol
from peerreview.synthesis import appraisal, themes
from peerreview.synthesis.appraisal import Appraised
from peerreview.synthesis.instrument import Instrument
from peerreview.synthesis.themes import Coding
from peerreview.tables import (
    DATABASE_KINDS,
    LIST,
    SYNTHETIC,
    SYNTHETIC_NOTE,
    any_synthetic,
    is_synthetic,
)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""A day in the one order that sorts as text; a spreadsheet may have written it in another."""
_STAGES = {stage: name.lower() for stage, name in STAGES.items()}


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the file and rows that its numbers come from."""

    text: str
    source: str
    synthetic: bool = False

    def __str__(self) -> str:
        return f"{self.text}{DAGGER}" if self.synthetic else self.text


@dataclass(frozen=True)
class Figure:
    """A figure by its name; ``draw`` gives a ``figures.Diagram``."""

    name: str
    title: str
    draw: Callable[[], Any]


@dataclass(frozen=True)
class Section:
    """A part of the document: sentences first, then figures, then tables."""

    title: str
    sentences: tuple[Sentence, ...] = ()
    figures: tuple[Figure, ...] = ()
    sheets: tuple[Sheet, ...] = field(default=())

    @property
    def notes(self) -> tuple[str, ...]:
        """What the dagger of a sentence means."""
        return (SYNTHETIC_NOTE,) if any(each.synthetic for each in self.sentences) else ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.sentences or self.figures or self.sheets)


def marked(sentences: Sequence[Sentence], *, synthetic: bool) -> tuple[Sentence, ...]:
    """Return sentences as synthetic ones, where what they rest on is."""
    return tuple(replace(each, synthetic=each.synthetic or synthetic) for each in sentences)


def facts(sections: Sequence[Section], laid_down: Protocol) -> dict[str, tuple[Sentence, ...]]:
    """
    Return what the review's tables say, by the name under which a checklist asks for it.

    That is each section by its title, and ``title, registration, strategies,
    included, excluded``.
    """
    found = {section.title: section.sentences for section in sections}
    sheets = {sheet.name: sheet for section in sections for sheet in section.sheets}
    if laid_down.title:
        found["title"] = (Sentence(f"“{laid_down.title}”.", "peerreview.toml, title"),)
    if laid_down.registration:
        found["registration"] = (Sentence(f"{laid_down.registration}.", "peerreview.toml, registration"),)
    if "Included studies" in found:
        found["included"] = found["Included studies"][:1]
    searches = sheets.get("sources")
    if searches and any(column.name == "query" for column in searches.columns):
        place = [column.name for column in searches.columns].index("query")
        told = [row[place] for row in searches.rows if row[place].text]
        sentence = f"{_number(len(told), 'search strategy', 'search strategies')} recorded in full."
        made_up = any(cell.synthetic for cell in told)
        found["strategies"] = (Sentence(sentence, "sources.csv, column query", made_up),)
    gone = sheets.get("excluded")
    if gone and gone.rows:
        sentence = f"{_number(len(gone.rows), 'report')} cited with the reason for exclusion."
        found["excluded"] = (
            Sentence(sentence, "screening.csv, excluded rows of full_text; table excluded", gone.synthetic),
        )
    return found


def search(sources: pd.DataFrame, records: pd.DataFrame) -> list[Sentence]:
    """Return what was searched and what it found."""
    told = []
    made_up = any_synthetic(sources)
    declared = sources[sources["source_kind"].isin(DATABASE_KINDS)]
    names = list(dict.fromkeys(declared["source"]))
    if names:
        databases = f"{_number(len(names), 'database or register', 'databases and registers')}"
        dates = list(dict.fromkeys(date for date in declared["searched_on"] if date))
        when = f" on {_series(dates)}" if dates else ""
        if len(dates) > 1 and all(_DAY.fullmatch(date) for date in dates):
            when = f" between {min(dates)} and {max(dates)}"
        told.append(
            Sentence(
                f"We searched {databases}{when}: {_series(names)}.",
                "sources.csv, rows whose source_kind is database or register",
                made_up,
            )
        )
    others = [kind for kind in dict.fromkeys(sources["source_kind"]) if kind not in DATABASE_KINDS]
    if others:
        ways = _series([kind.replace("_", " ") for kind in others])
        told.append(
            Sentence(f"Other methods were {ways}.", "sources.csv, rows of any other source_kind", made_up)
        )
    if len(records):
        left = int(records["source_kind"].isin(DATABASE_KINDS).sum())
        right = len(records) - left
        further = f" and {right:,} by other methods" if right else ""
        told.append(
            Sentence(
                f"They gave {_number(left, 'record')} from databases and registers{further}.",
                f"records.csv, {len(records):,} rows by source_kind",
                made_up,
            )
        )
    return told


def deduplication(duplicates: pd.DataFrame, overrides: pd.DataFrame, unique: pd.DataFrame) -> list[Sentence]:
    """Return how many duplicates were removed, by which rule."""
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    if removed.empty and unique.empty:
        return []
    rules = Counter(rule or "no rule named" for rule in removed["rule"])
    named = [f"“{rule}” {n:,}" for rule, n in sorted(rules.items(), key=lambda each: (-each[1], each[0]))]
    told = [
        Sentence(
            f"Deduplication removed {_number(len(removed), 'record')} and left {len(unique):,}.",
            f"duplicates.csv, {len(removed):,} rows of duplicates; unique.csv, {len(unique):,} rows",
        )
    ]
    if named:
        told.append(
            Sentence(
                f"By rule: {_series(named)}.", "duplicates.csv, rows whose verdict is duplicate, by rule"
            )
        )
    if len(overrides):
        verdicts = Counter(overrides["verdict"])
        parts = [f"{n:,} {verdict}" for verdict, n in sorted(verdicts.items())]
        told.append(
            Sentence(
                f"Reviewers settled {_number(len(overrides), 'pair')} themselves: {_series(parts)}.",
                f"overrides.csv, {len(overrides):,} rows",
            )
        )
    return told


def screening(outcomes: pd.DataFrame, laid_down: Protocol) -> list[Sentence]:
    """Return who screened what, and what came of it."""
    told = []
    by_tools = outcomes[outcomes["resolved_by"] == "automation"]
    n_before = int((by_tools["stage"] == "before_screening").sum())
    if n_before:
        told.append(
            Sentence(
                f"Before screening, automation tools marked {_number(n_before, 'record')} as ineligible.",
                "screening.csv, rows of before_screening whose resolved_by is automation",
            )
        )
    for stage, words in _STAGES.items():
        at_stage = outcomes[outcomes["stage"] == stage]
        if at_stage.empty:
            continue
        # A tool is no reviewer.
        judged = at_stage.loc[at_stage["resolved_by"] != "automation", "reviewers"]
        people = sorted({name for cell in judged for name in cell.split(LIST) if name})
        n_judged = int((judged != "").sum())
        of_all = f"{n_judged:,} of " if n_judged < len(at_stage) else ""
        required = laid_down.votes_required[stage]
        votes = "one vote was" if required == 1 else "two independent votes were"
        told.append(
            Sentence(
                f"At {words}, {_number(len(people), 'reviewer')} judged "
                f"{of_all}{_number(len(at_stage), 'record')}; "
                f"{votes} required of each.",
                f"screening.csv, {len(at_stage):,} rows of {stage}; peerreview.toml, votes_required",
            )
        )
        counts = Counter(at_stage["outcome"])
        parts = [f"{n:,} {outcome.replace('_', ' ')}" for outcome, n in sorted(counts.items())]
        settled = Counter(at_stage["resolved_by"])
        by_people = [f"{settled[way]:,} by {way}" for way in ("consensus", "adjudicator") if settled[way]]
        conflicts = f"; conflicts settled: {_series(by_people)}" if by_people else ""
        told.append(
            Sentence(
                f"Outcomes: {_series(parts)}{conflicts}.",
                f"screening.csv, rows of {stage} by outcome and resolved_by",
            )
        )
        if settled["automation"]:
            told.append(
                Sentence(
                    f"Automation tools settled {settled['automation']:,} of them, which no reviewer judged.",
                    f"screening.csv, rows of {stage} whose resolved_by is automation",
                )
            )
        if stage == "full_text":
            reasons = Counter(
                reason or "no reason given"
                for reason, outcome in zip(at_stage["reason"], at_stage["outcome"], strict=True)
                if outcome == "exclude"
            )
            if reasons:
                parts = [
                    f"{reason} ({n:,})"
                    for reason, n in sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
                ]
                told.append(
                    Sentence(
                        f"Reasons for exclusion: {_series(parts)}.",
                        "screening.csv, excluded rows of full_text, by reason",
                    )
                )
    return told


def agreement(found: Mapping[str, Any]) -> list[Sentence]:
    """Return how far reviewers agreed before they talked; ``found`` is what ``agreement.json`` holds."""
    told = []
    of = str(found.get("of", "standing"))
    when = "in their final votes" if of == "final" else "before resolution"
    for stage in found.get("stages", []):
        name = str(stage.get("stage", ""))
        words = _STAGES.get(name, name.replace("_", " "))
        for pair in stage.get("pairs", []):
            if pair.get("percent") is None:
                continue
            kappa = pair.get("cohen")
            bounds = interval(pair, "cohen")
            within = f" (95% interval {bounds})" if bounds else ""
            with_kappa = f", Cohen's kappa {number(kappa)}{within}" if kappa is not None else ""
            told.append(
                Sentence(
                    f"At {words}, {pair['reviewer_1']} and "
                    f"{pair['reviewer_2']} agreed on {100 * pair['percent']:.1f}% of {pair['n_both']:,} "
                    f"records {when}{with_kappa}.",
                    f"agreement.json, stage {name}, pair {pair['reviewer_1']} and {pair['reviewer_2']}",
                )
            )
        left_out = [each for each in stage.get("tie_breakers", []) if each["is_left_out"]]
        told += [
            Sentence(
                f"{each['reviewer']} voted on conflicts alone ({each['n_records']:,} at {words}), which "
                "settles them and is no part of this agreement.",
                f"agreement.json, stage {name}, tie_breakers",
            )
            for each in left_out
        ]
        told += [
            Sentence(f"At {words}, {caution}.", f"agreement.json, stage {name}, n_without_time")
            for caution in before_caution(stage, of)
        ]
        told += [_machine(ai, words, name) for ai in stage.get("ai", []) if ai.get("n")]
    return told


def _machine(ai: Mapping[str, Any], words: str, stage: str) -> Sentence:
    """Return how an AI on trial compares with the people, and that it decided nothing."""
    which = ", ".join(f"{key} {ai[key]}" for key in ("tool", "version", "prompt") if ai.get(key))
    shares = [
        f"{name} {share_interval(ai, name)}"
        for name in ("recall", "precision", "specificity")
        if ai.get(name) is not None
    ]
    saved = f"; it excluded {percentage(ai['work_saved'])}" if ai.get("work_saved") is not None else ""
    return Sentence(
        f"At {words}, {ai['reviewer']}{f' ({which})' if which else ''}, an AI, judged {ai['n']:,} records "
        f"beside the reviewers and decided none. Against their decision: {_series(shares)} "
        f"(exact 95% intervals){saved}.",
        f"agreement.json, stage {stage}, ai {ai['reviewer']}",
    )


def included(
    studies: pd.DataFrame, reports: pd.DataFrame, columns: Sequence[str], *, kept: Mapping[str, str]
) -> list[Sentence]:
    """
    Return what was included, and how the studies are spread over some columns.

    ``kept`` names the record kept for each record removed as a duplicate: two of them are one report.
    """
    told = []
    n_reports = len({kept.get(record_id, record_id) for record_id in reports["record_id"]})
    of_reports = f" in {_number(n_reports, 'report')}" if n_reports else ""
    files = f"studies.csv, {len(studies):,} rows" + (
        f"; reports.csv, {len(reports):,} rows" if len(reports) else ""
    )
    told.append(
        Sentence(f"The review includes {_number(len(studies), 'study', 'studies')}{of_reports}.", files)
    )
    rows = tables.rows(studies)
    for column in columns:
        counts = Counter(row[column] or "not reported" for row in rows)
        parts = [
            f"{value} ({n:,})" for value, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ]
        made_up = any(is_synthetic(row, column) for row in rows)
        words = column.replace("_", " ")
        told.append(Sentence(f"By {words}: {_series(parts)}.", f"studies.csv, column {column}", made_up))
    return told


def quality(appraised: Sequence[Appraised], instrument: Instrument, laid_down: Protocol) -> list[Sentence]:
    """Return what the studies were appraised with, and how they were rated."""
    told = [
        Sentence(
            f"{_number(len(appraised), 'study was', 'studies were')} appraised with the {instrument.title}.",
            "appraisal.csv; peerreview.toml, instrument",
        )
    ]
    if laid_down.ratings:
        counts = Counter(study.rating or "not rated" for study in appraised)
        parts = [f"{each.name} {counts[each.name]:,}" for each in laid_down.ratings]
        parts += [f"not rated {counts['not rated']:,}"] if counts["not rated"] else []
        made_up = any(study.synthetic for study in appraised)
        told.append(Sentence(f"Ratings: {_series(parts)}.", "appraisal.csv, rated by the rule", made_up))
        told.append(Sentence(appraisal.rule(laid_down.ratings, instrument), "peerreview.toml, ratings"))
    agreed = compared_sentence(compare_appraisers(appraised, instrument=instrument), "Appraisers", "items")
    if agreed:
        made_up = any(study.synthetic for study in appraised)
        told.append(Sentence(agreed, "appraisal.csv, rows by reviewer", made_up))
    return told


def findings(coding: Coding) -> list[Sentence]:
    """Return in how many studies each theme was found."""
    told = []
    for row in themes.tally(coding).to_dict("records"):
        told.append(
            Sentence(
                f"{row['label']}: {row['n']} of {row['n_studies']} studies "
                f"({percent(row['n'], row['n_studies'])}).",
                f"themes.csv, rows of theme {row['theme']}",
                row["n_synthetic"] > 0,
            )
        )
    agreed = compared_sentence(compare_coders(coding), "Coders", "studies and themes")
    if agreed:
        made_up = (coding.quotes["basis"] == SYNTHETIC).any()
        told.append(Sentence(agreed, "themes.csv, rows by coder", bool(made_up)))
    return told


def _number(n: int, one: str, more: str = "") -> str:
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def _series(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
