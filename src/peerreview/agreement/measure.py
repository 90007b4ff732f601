"""Votes to statistics: how far reviewers agreed before anything was discussed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.agreement import coefficients
from peerreview.screening.outcomes import decide
from peerreview.screening.screeners import UNATTRIBUTED
from peerreview.screening.votes import AI, REVIEWER, first_reason, histories, independent
from peerreview.tables import Table
from peerreview.values.folding import same

SCHEMA = "peerreview/agreement/1"
_ALPHA_PARTS = ("", "_lo", "_hi", "_undefined_draws")


@dataclass(frozen=True)
class Ratings:
    """
    Judgements as integers: a row per record, a column per reviewer.

    ``matrix`` holds positions in ``categories``, and -1 where a reviewer
    did not judge a record.
    """

    matrix: np.ndarray
    reviewers: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """``pairs`` of reviewers (columns) to square tables, and ``patterns``, as ``coefficients`` wants them."""

    pairs: Mapping[tuple[int, int], list[list[int]]]
    patterns: Mapping[tuple[int, ...], int]


@dataclass(frozen=True)
class Choices:
    """How agreement is to be measured; ``categories`` other than the decisions are taken verbatim."""

    maybe: str = "include"
    categories: tuple[str, ...] = ()
    votes_required: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    seed: int = 0
    draws: int = 1000


def measure(votes: pd.DataFrame, *, kept: Mapping[str, str], choices: Choices) -> dict[str, Any]:
    """
    Return the agreement of reviewers per stage, on independent votes before resolution.

    A reviewer's independent vote is the one standing when the record had
    its last required first vote (see ``votes.independent``). Votes of
    adjudicators, of a consensus, of automation and of an AI are left out;
    so are a reviewer's different votes on records merged later.

    Parameters
    ----------
    votes : all decisions files as one table.
    kept : the record kept of each one removed as a duplicate.

    Returns
    -------
    What ``agreement.json`` holds, with ``stages``, each with ``pairs`` and
    ``overall``. Undefined statistics are None, and ``why`` says so.

    Raises
    ------
    RowErrors
        For votes whose order is unknown.
    """
    columns = _columns(votes, kept)
    named = columns.stage_names
    wanted = (
        sorted(named) if choices.categories else [stage for stage in tables.REVIEWED_STAGES if stage in named]
    )
    stages = [_measure_stage(votes, columns, stage, kept, choices) for stage in wanted]
    return {
        "schema": SCHEMA,
        "maybe": None if choices.categories else choices.maybe,
        "seed": choices.seed,
        "stages": stages,
    }


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
        return raw.rename(columns=names)
    if {"study_id", "theme", "coder"} <= set(raw.columns) and len(categories) >= 2:
        found = set(zip(raw["study_id"], raw["theme"], raw["coder"], strict=True))
        coded = sorted({(coder, study) for study, _, coder in found if coder})
        rows = [
            (study, coder, theme, categories[0] if (study, theme, coder) in found else categories[1])
            for theme in sorted(set(raw["theme"]))
            for coder, study in coded
        ]
        return pd.DataFrame(rows, columns=["record_id", "reviewer", "stage", "decision"], dtype="str")
    return raw if "stage" in raw.columns else raw.assign(stage="all")


def tally(ratings: Ratings) -> Tally:
    """Return each two reviewers' square table, and how many records have which pattern of categories."""
    matrix, k = ratings.matrix, len(ratings.categories)
    n_reviewers = matrix.shape[1]
    rows, times = _distinct(matrix, k)
    counts = np.stack([(rows == category).sum(axis=1) for category in range(k)], axis=1)
    patterns: Counter[tuple[int, ...]] = Counter()
    for pattern, n in zip(counts.tolist(), times.tolist(), strict=True):
        if any(pattern):
            patterns[tuple(pattern)] += n
    pairs = {}
    for first in range(n_reviewers):
        for second in range(first + 1, n_reviewers):
            both = (rows[:, first] >= 0) & (rows[:, second] >= 0)
            cells = rows[both, first].astype(np.int64) * k + rows[both, second]
            square = np.bincount(cells, weights=times[both], minlength=k * k).astype(np.int64)
            pairs[first, second] = square.reshape(k, k).tolist()
    return Tally(pairs, patterns)


def statistics_of_pair(counts: list[list[int]], categories: Sequence[str]) -> dict[str, Any]:
    """Return every statistic of two reviewers, by name; ``why`` names those that are undefined."""
    n = sum(map(sum, counts))
    kappa = coefficients.cohen_kappa(counts)
    scott = coefficients.scott_pi(counts)
    highest = coefficients.kappa_max(counts)
    found: dict[str, Any] = {
        "n_both": n,
        "table": counts,
        "percent": coefficients.percent_agreement(counts),
        "specific": {
            category: coefficients.specific_agreement(counts, place)
            for place, category in enumerate(categories)
        },
        "pe": kappa.pe,
    }
    for suffix, weighted in (
        ("", kappa),
        ("_linear", coefficients.cohen_kappa(counts, weights="linear")),
        ("_quadratic", coefficients.cohen_kappa(counts, weights="quadratic")),
    ):
        found[f"cohen{suffix}"] = weighted.value
        for part in ("se", "lo", "hi", "se0", "z", "p"):
            found[f"cohen{suffix}_{part}"] = getattr(weighted, part)
    found |= {"pabak": coefficients.pabak(counts), "scott": scott.value, "kappa_max": highest.value}
    if len(categories) == 2:
        found |= {
            "ppos": coefficients.specific_agreement(counts, 0),
            "pneg": coefficients.specific_agreement(counts, 1),
            "prevalence_index": coefficients.prevalence_index(counts),
            "bias_index": coefficients.bias_index(counts),
        }
    why = coefficients.NO_PAIR if not n else kappa.why
    if why == coefficients.ONE_CATEGORY:
        used = next(category for place, category in enumerate(categories) if counts[place][place])
        why = f"both reviewers always chose {used}"
    found["why"] = {}
    for name, value in found.items():
        if value is not None or name == "why":
            continue
        nobody = {"ppos": f"nobody chose {categories[0]}", "pneg": f"nobody chose {categories[1]}"}
        if name in nobody and n:
            found["why"][name] = nobody[name]
        elif name.endswith(("_z", "_p")) and not why:
            found["why"][name] = "the standard error is 0"
        else:
            found["why"][name] = why
    return found


def statistics_of_all(
    patterns: Mapping[tuple[int, ...], int], categories: Sequence[str], *, seed: int, draws: int
) -> dict[str, Any]:
    """Return every statistic of any number of reviewers, by name; ``why`` names those that are undefined."""
    values = _numbers(categories)
    found: dict[str, Any] = {
        "n_items": sum(patterns.values()),
        "n_pairable": sum(n for pattern, n in patterns.items() if sum(pattern) >= 2),
        "pa": coefficients.observed_agreement(patterns),
    }
    why: dict[str, str] = {}
    if found["pa"] is None:
        why["pa"] = why["bp"] = coefficients.NO_PAIR
    for name, estimate in (
        ("ac1", coefficients.gwet_ac1(patterns)),
        ("fleiss", coefficients.fleiss_kappa(patterns)),
    ):
        found |= {name: estimate.value, f"{name}_se": estimate.se}
        found |= {f"{name}_lo": estimate.lo, f"{name}_hi": estimate.hi}
        if estimate.why:
            why[name] = estimate.why
    found["fleiss_z"] = coefficients.fleiss_z(patterns)
    found["bp"] = coefficients.brennan_prediger(patterns)
    for level in coefficients.LEVELS:
        name = f"alpha_{level}"
        if len(categories) == 2 and values is None and level != "nominal":
            # There is one way to differ, whatever it costs.
            found |= {f"{name}{part}": found[f"alpha_nominal{part}"] for part in _ALPHA_PARTS}
            why |= {name: why["alpha_nominal"]} if "alpha_nominal" in why else {}
            continue
        alpha = coefficients.krippendorff_alpha(patterns, level=level, values=values)
        lo, hi, n_undefined = (
            (None, None, 0)
            if alpha.value is None
            else coefficients.alpha_interval(patterns, level=level, values=values, draws=draws, seed=seed)
        )
        found |= dict(
            zip((f"{name}{part}" for part in _ALPHA_PARTS), (alpha.value, lo, hi, n_undefined), strict=True)
        )
        if alpha.why:
            why[name] = alpha.why
    found["draws"] = draws
    found["why"] = why
    return found


@dataclass(frozen=True)
class _Columns:
    """The votes as integers, each with its names; ``records`` are the records kept."""

    stages: np.ndarray
    stage_names: list[str]
    is_reviewer: np.ndarray
    roles: np.ndarray
    role_names: list[str]
    records: np.ndarray
    record_names: Any
    people: np.ndarray
    people_names: list[str]
    decisions: np.ndarray
    decision_names: list[str]


def _columns(votes: pd.DataFrame, kept: Mapping[str, str]) -> _Columns:
    stages, stage_names = _factors(votes["stage"])
    roles, role_names = _factors(votes["role"])
    role_names = [role or REVIEWER for role in role_names]
    # Half a million ids stay where pandas has them: few of their names are ever asked for.
    records, ids = pd.factorize(votes["record_id"])
    record_names: Any = ids
    if kept:
        own = np.array([kept.get(each, each) for each in ids], dtype=object)
        to_kept, record_names = pd.factorize(own)
        records = to_kept[records]
    people, people_names = _factors(votes["reviewer"])
    decisions, decision_names = _factors(votes["decision"])
    return _Columns(
        stages, stage_names,
        np.array([role == REVIEWER for role in role_names] or [True])[roles], roles, role_names,
        records, record_names, people, people_names, decisions, decision_names,
    )  # fmt: skip


def _factors(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    codes, names = pd.factorize(column)
    return codes, [str(name) for name in names]


def _measure_stage(
    votes: pd.DataFrame, columns: _Columns, stage: str, kept: Mapping[str, str], choices: Choices
) -> dict[str, Any]:
    at_stage = columns.stages == columns.stage_names.index(stage)
    rows = np.flatnonzero(at_stage & columns.is_reviewer)
    required = choices.votes_required.get(stage, 2)
    said, names, changes = _independent(votes, columns, rows, kept, required)
    categories, meaning, is_maybe = _vocabulary(columns.decision_names, choices)
    matrix = meaning[said]  # -1, no vote, is the last meaning
    ratings = Ratings(matrix, names, categories)
    counted = tally(ratings)
    pairs = []
    for (first, second), counts in counted.pairs.items():
        if len(names) == 2 or any(map(any, counts)):
            found = statistics_of_pair(counts, categories)
            pairs.append({"reviewer_1": names[first], "reviewer_2": names[second], **found})
    overall = statistics_of_all(counted.patterns, categories, seed=choices.seed, draws=choices.draws)
    left_out = Counter(columns.role_names[role] for role in columns.roles[at_stage & ~columns.is_reviewer])
    n_without_time = int((votes["decided_at"] == "").to_numpy()[rows].sum())
    measured: dict[str, Any] = {
        "stage": stage,
        "reviewers": list(names),
        "categories": list(categories),
        "n_votes": int((said >= 0).sum()),
        "n_maybe": int(is_maybe[said].sum()),
        **changes,
        "n_without_time": n_without_time,
        "left_out": dict(sorted(left_out.items())),
        "pairs": pairs,
        "overall": overall,
    }
    if stage == "full_text" and not choices.categories:
        measured["reasons"] = _reasons(votes, rows, kept, required, choices)
    if not choices.categories:
        at_stage_rows = np.flatnonzero(at_stage)
        measured["ai"] = _against_people(votes, columns, at_stage_rows, kept, stage, required, choices)
    return measured


def _reasons(
    votes: pd.DataFrame, rows: np.ndarray, kept: Mapping[str, str], required: int, choices: Choices
) -> list[dict[str, Any]]:
    """Return, for each two reviewers, how far the primary reasons agree of what both excluded."""
    own = np.array(
        [
            bool(reason.strip()) and UNATTRIBUTED not in note
            for reason, note in zip(votes["reason"].iloc[rows], votes["note"].iloc[rows], strict=True)
        ],
        dtype=bool,
    )
    if not own.any():
        return []
    places = {same(reason): place for place, reason in enumerate(choices.reasons)}
    spelled = {same(reason): reason for reason in choices.reasons}
    both: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for by_person in histories(votes, kept, rows[own].tolist()).values():
        primary = {}
        for reviewer, vote in independent(by_person.values(), required).items():
            given = vote.reason if vote is not None and vote.decision == "exclude" else ""
            if first := first_reason(given, places):
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
        kappa = coefficients.cohen_kappa(counts)
        found.append(
            {
                "reviewer_1": first,
                "reviewer_2": second,
                "categories": [spelled[reason] for reason in categories],
                "n_both": sum(cells.values()),
                "table": counts,
                "percent": coefficients.percent_agreement(counts),
                "cohen": kappa.value,
                "cohen_lo": kappa.lo,
                "cohen_hi": kappa.hi,
                "specific": {
                    spelled[reason]: coefficients.specific_agreement(counts, place)
                    for place, reason in enumerate(categories)
                },
                "why": {"cohen": kappa.why} if kappa.why else {},
            }
        )
    return found


def _against_people(
    votes: pd.DataFrame,
    columns: _Columns,
    rows: np.ndarray,
    kept: Mapping[str, str],
    stage: str,
    required: int,
    choices: Choices,
) -> list[dict[str, Any]]:
    """Return, for each AI, how its votes compare with what people decided."""
    ai_codes = [code for code, role in enumerate(columns.role_names) if role == AI]
    judged = np.isin(columns.roles[rows], ai_codes)
    if not judged.any():
        return []
    concerned = rows[np.isin(columns.records[rows], columns.records[rows[judged]])]
    order = {same(reason): reason for reason in choices.reasons}
    cells: dict[str, Counter[tuple[str, str]]] = {}
    for people in histories(votes, kept, concerned.tolist()).values():
        decided = decide(
            {who: history for who, history in people.items() if who[0] != AI},
            stage,
            required=required,
            reasons=order,
        ).outcome
        for (role, name), history in people.items():
            if role != AI:
                continue
            latest = history.latest
            said = latest.decision if latest is not None else ""
            said = choices.maybe if said == "maybe" and choices.maybe in ("include", "exclude") else said
            cells.setdefault(name, Counter())[said, decided] += 1
    found = []
    for name, counts in sorted(cells.items()):
        both, missed = counts["include", "include"], counts["exclude", "include"]
        extra, neither = counts["include", "exclude"], counts["exclude", "exclude"]
        found.append(
            {
                "reviewer": name,
                "n": both + missed + extra + neither,
                "n_undecided": sum(counts.values()) - both - missed - extra - neither,
                "both_include": both,
                "only_people_include": missed,
                "only_ai_includes": extra,
                "both_exclude": neither,
                "recall": both / (both + missed) if both + missed else None,
                "precision": both / (both + extra) if both + extra else None,
            }
        )
    return found


def _independent(
    votes: pd.DataFrame, columns: _Columns, rows: np.ndarray, kept: Mapping[str, str], required: int
) -> tuple[np.ndarray, tuple[str, ...], dict[str, int]]:
    """
    Return the matrix of each record's independent votes, its reviewers, and what was changed or left out.

    Most records have one vote of a reviewer, and need no history.
    """
    is_present = np.zeros(len(columns.record_names), dtype=bool)
    is_present[columns.records[rows]] = True
    record_codes = np.flatnonzero(is_present)
    records = (np.cumsum(is_present) - 1)[columns.records[rows]]
    # In the order in which they come: the sign of the bias index tells the first from the second.
    present = pd.unique(columns.people[rows]).tolist()
    place = np.full(max(1, len(columns.people_names)), -1)
    place[present] = range(len(present))
    names = tuple(columns.people_names[code] for code in present)
    people = place[columns.people[rows]]
    kind = np.int8 if len(columns.decision_names) < 127 else np.int32
    said = np.full((len(record_codes), len(names)), -1, dtype=kind)
    said[records, people] = columns.decisions[rows]
    changes = {"n_changed": 0, "n_merged_votes_differ": 0}
    if int((said >= 0).sum()) == len(rows):
        return said, names, changes
    # A record with a changed vote needs all of its votes: their times tell what was independent.
    cells = np.bincount(records * len(names) + people, minlength=said.size)
    involved: np.ndarray = np.any(cells.reshape(said.shape) > 1, axis=1)
    said[involved] = -1
    where = {columns.record_names[code]: place for place, code in enumerate(record_codes.tolist())}
    column = {name: place for place, name in enumerate(names)}
    code_of = {decision: code for code, decision in enumerate(columns.decision_names)}
    for (record_id, _), by_person in histories(votes, kept, rows[involved[records]].tolist()).items():
        changes["n_changed"] += sum(history.has_changed for history in by_person.values())
        for reviewer, vote in independent(by_person.values(), required).items():
            if vote is None:
                changes["n_merged_votes_differ"] += 1
            else:
                said[where[record_id], column[reviewer]] = code_of[vote.decision]
    return said, names, changes


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


def _distinct(matrix: np.ndarray, n_categories: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct rows of a matrix, and how often each occurs."""
    base = n_categories + 1
    n_reviewers = matrix.shape[1]
    n_codes = base**n_reviewers
    if n_codes >= 2**62:
        rows, times = np.unique(matrix, axis=0, return_counts=True)
        return rows, times
    codes = np.zeros(len(matrix), dtype=np.int64)
    for reviewer in range(n_reviewers):
        codes *= base
        codes += matrix[:, reviewer]
        codes += 1
    if n_codes <= max(1_000_000, len(matrix)):
        times = np.bincount(codes)
        distinct = np.flatnonzero(times)
        times = times[distinct]
    else:
        distinct, times = np.unique(codes, return_counts=True)
    rows = np.empty((len(distinct), n_reviewers), dtype=np.int64)
    rest = distinct.copy()
    for reviewer in reversed(range(n_reviewers)):
        rest, digit = np.divmod(rest, base)
        rows[:, reviewer] = digit - 1
    return rows, times


def _numbers(categories: Sequence[str]) -> list[float] | None:
    """Return categories as numbers where all of them are."""
    try:
        return [float(category) for category in categories]
    except ValueError:
        return None
