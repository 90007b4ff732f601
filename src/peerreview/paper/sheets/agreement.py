"""What ``agreement`` measured, in words and tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pandas as pd

from peerreview import tables
from peerreview.agreement.coefficients import Estimate
from peerreview.paper import STAGES
from peerreview.paper.sheets import Cell, Column, Sheet, heading_of, rows_of, without_blank_columns
from peerreview.paper.sheets.cautions import before_caution, cautions
from peerreview.paper.sheets.statistics import (
    interval,
    light,
    number,
    percentage,
    share_interval,
    with_interval,
)

if TYPE_CHECKING:
    from peerreview.agreement.estimates import (
        Alpha,
        Json,
        MachineOnTrial,
        PairStatistics,
        ReasonStatistics,
        ReviewerPair,
        Trial,
    )
    from peerreview.agreement.measured import Measured, StageMeasured
    from peerreview.protocol import Protocol
    from peerreview.screening.votes import Which

GRACE_NOTE = (
    "Before discussion: as the vote stood when the others had voted; whoever voted last, or later, may have "
    "mended a slip within ten minutes."
)
VOTES = {
    "standing": "agreement before discussion was",
    "first": "agreement of the votes first cast was",
    "final": "agreement of the final votes was",
}
"""What agreement is of, by which of a reviewer's votes counted."""
_THINGS = {"title_abstract": ("title and abstract", "titles and abstracts"), "full_text": ("full text", "")}

_NOT_STATISTICS = frozenset({
    "reviewer_1", "reviewer_2", "reviewer", "source", "tool", "version", "prompt", "why", "table",
    "categories",
})  # fmt: skip


def agreement_of(
    votes: pd.DataFrame,
    plan: Protocol,
    *,
    kept: Mapping[str, str],
    records: pd.DataFrame | None = None,
    maybe: str = "",
    of: Which | None = None,
    seed: int | None = None,
    categories: Sequence[str] = (),
) -> Measured:
    """
    Return how far reviewers agreed, measured as the protocol says and told in words.

    Parameters
    ----------
    votes, kept : as in ``measure``.
    records : those voted on, for a table by source; none without.
    maybe, of, seed : the protocol's where they are not given.
    categories : words other than decisions.
    """
    from peerreview.agreement.measure import Choices, found_in, measure  # noqa: PLC0415  few lay out what is not measured yet

    choices = Choices(
        maybe=maybe or plan.maybe,
        of=of or cast("Which", plan.of),
        categories=tuple(categories),
        votes_required=plan.votes_required,
        reasons=plan.reasons,
        reviewers=plan.reviewers,
        seed=plan.seed if seed is None else seed,
    )
    sources = {} if records is None else found_in(records)
    measured = measure(votes, kept=kept, choices=choices, sources=sources)
    return told(measured, synthetic=tables.any_synthetic(votes))


def told(measured: Measured, *, synthetic: bool = False) -> Measured:
    """
    Return what was measured with a sentence for the methods section, notes and warnings.

    ``synthetic`` says whether votes were invented, for demonstration.
    """
    of = measured.of
    stages = tuple(
        replace(
            stage,
            sentence=sentence(stage, of),
            notes=tuple(notes(stage, measured.maybe, of)),
            warnings=tuple(cautions(stage, of)),
        )
        for stage in measured.stages
    )
    return replace(measured, synthetic=synthetic, stages=stages)


def sentence(stage: StageMeasured, of: str = "standing") -> str:
    """Return a sentence ready for the methods section; blank where there is nothing to say."""
    pairs = [pair for pair in stage.pairs if pair.statistics.n_both]
    overall = stage.overall
    names = _THINGS.get(stage.stage, (f"record ({stage.stage})", f"records ({stage.stage})"))
    if not pairs:
        return ""
    if len(stage.reviewers) == 2:
        pair = pairs[0]
        found = pair.statistics
        n_differ = found.n_both - sum(found.table[k][k] for k in range(len(found.table)))
        return (
            f"Two reviewers ({pair.reviewer_1}, {pair.reviewer_2}) "
            f"{'' if of == 'final' else 'independently '}judged "
            f"{tables.counted(found.n_both, *names)}; {VOTES[of]} {percentage(found.percent)} "
            f"(Cohen's kappa {with_interval(found.cohen)}; Gwet's AC1 {with_interval(found.ac1)}"
            f"{_positive(stage, found)}); they differed on {n_differ:,}.{_settled(stage)}"
        )
    return (
        f"{len(stage.reviewers)} reviewers judged {tables.counted(overall.n_items, *names)}, "
        f"{overall.n_pairable:,} of them by at least two; {VOTES[of]} {percentage(overall.pa)} "
        f"(Krippendorff's alpha {with_interval(overall.alpha_nominal)}; Fleiss' kappa "
        f"{with_interval(overall.fleiss)}; {light(overall)}"
        f"Gwet's AC1 {with_interval(overall.ac1)}).{_settled(stage)}"
    )


def notes(stage: StageMeasured, maybe: str | None, of: str = "standing") -> list[str]:
    """Return how the votes were taken: what a maybe counts as, what was left out."""
    said = []
    meaning = {
        "include": "counts as include", "exclude": "counts as exclude", "keep": "is a category of its own",
        "missing": "counts as not judged",
    }  # fmt: skip
    if maybe is not None:
        said.append(f"A maybe {meaning[maybe]} ({stage.n_maybe:,} vote{'s' * (stage.n_maybe != 1)}).")
    if stage.n_changed:
        counts = {
            "standing": "those before discussion count",
            "first": "the ones first cast count",
            "final": "the latest count",
        }
        said.append(f"Votes changed: {stage.n_changed:,}; {counts[of]}.")
        said += [GRACE_NOTE] if of == "standing" else []
    if stage.n_merged_votes_differ:
        n_merged = stage.n_merged_votes_differ
        said.append(f"Left out because one reviewer judged duplicates differently: {n_merged:,}.")
    if n_unordered := stage.n_order_unknown:
        said.append(f"Left out because a vote was changed within a day, in unknown order: {n_unordered:,}.")
    if stage.left_out:
        told_roles = ", ".join(f"{role} {n:,}" for role, n in stage.left_out.items())
        said.append(f"Votes left out by role: {told_roles}.")
    n_single = stage.overall.n_items - stage.overall.n_pairable
    if n_single:
        said.append(f"Records judged by one reviewer alone: {n_single:,}.")
    return said


def agreement_sheets(measured: Measured) -> list[Sheet]:
    """Return what was measured as tables to print, stage by stage; ``measured`` as ``told`` returns it."""
    shown = []
    for stage in measured.stages:
        title = STAGES.get(stage.stage, stage.stage)
        name = stage.stage.replace("_", "-")
        shown.append(_counts(stage, name, title))
        shown.append(_coefficients(stage, name, title))
        shown.append(_overall(stage, name, title, measured))
        if stage.sources:
            shown.append(_sources(stage, name, title))
        if stage.reasons:
            shown.append(_reasons(stage, name, title))
        if stage.ai:
            shown.append(_ai(stage, name, title))
    if not shown:
        nothing = "No vote at title and abstract or at full text: there is nothing to compare."
        shown.append(Sheet("agreement", "Agreement", (Column("stage", "Stage"),), (), (nothing,)))
    return [_marked(sheet) for sheet in shown] if measured.synthetic else shown


def agreement_rows(measured: Measured) -> pd.DataFrame:
    """Return every statistic as a row; reviewers blank: of all; ``why`` says why a value is undefined."""
    found = []
    for stage in measured.stages:
        for pair in stage.pairs:
            found += _rows(stage.stage, pair.reviewer_1, pair.reviewer_2, pair.to_json())
        found += _rows(stage.stage, "", "", stage.overall.to_json())
        for each in stage.reasons or ():
            found += _rows(f"{stage.stage} reasons", each.reviewer_1, each.reviewer_2, each.to_json())
        for ai in stage.ai or ():
            found += _rows(f"{stage.stage} ai", ai.reviewer, "", ai.to_json())
        for source in stage.sources or ():
            found += _rows(f"{stage.stage} source {source.source}", "", "", source.to_json())
    columns = ["stage", "reviewer_1", "reviewer_2", "statistic", "value", "why"]
    return pd.DataFrame(found, columns=columns, dtype="str")


def _marked(sheet: Sheet) -> Sheet:
    return replace(
        sheet,
        rows=tuple((first, *(cell._replace(synthetic=True) for cell in rest)) for first, *rest in sheet.rows),
    )


def _settled(stage: StageMeasured) -> str:
    ways = {"consensus": "by consensus", "adjudicator": "by an adjudicator"}
    used = [way for role, way in ways.items() if role in stage.left_out]
    settled = f" Conflicts were settled {' or '.join(used)}." if used else ""
    # Their votes settle nothing unless they have the role for it.
    further = [each.reviewer for each in stage.tie_breakers if each.is_left_out]
    one = "A further reviewer" if len(further) == 1 else "Further reviewers"
    return f"{settled} {one} ({', '.join(further)}) voted on conflicts alone." if further else settled


def _positive(stage: StageMeasured, pair: PairStatistics) -> str:
    if pair.of_two is None or stage.categories != ("include", "exclude"):
        return ""
    return f"; positive agreement {percentage(pair.of_two.ppos)}, negative {percentage(pair.of_two.pneg)}"


def _who(pair: ReviewerPair | ReasonStatistics) -> str:
    return f"{pair.reviewer_1} – {pair.reviewer_2}"


def _counts(stage: StageMeasured, name: str, title: str) -> Sheet:
    categories: Sequence[str] = stage.categories
    columns = [Column("reviewers", "Reviewers"), Column("n_both", "Records", number=True)]
    columns += [
        Column(f"{first}_{second}", f"{first} / {second}", number=True)
        for first in categories
        for second in categories
    ]
    columns.append(Column("percent", "Agreement", number=True))
    columns += [Column(f"specific_{each}", f"Agreement on {each}", number=True) for each in categories]
    cells = []
    for pair in stage.pairs:
        found = pair.statistics
        table = [f"{n:,}" for row in found.table for n in row]
        specific = [percentage(found.specific[category]) for category in categories]
        cells.append([_who(pair), f"{found.n_both:,}", *table, percentage(found.percent), *specific])
    cautions = [f"Caution: {warning}." for warning in stage.warnings]
    under = [*([stage.sentence] if stage.sentence else []), *stage.notes, *cautions]
    return Sheet(name, f"{title}: votes of each two reviewers", tuple(columns), rows_of(cells), tuple(under))


def _coefficients(stage: StageMeasured, name: str, title: str) -> Sheet:
    has_two = len(stage.categories) == 2
    names = {"cohen": "Cohen's kappa"}
    if not has_two:
        names |= {"cohen_linear": "Linear kappa", "cohen_quadratic": "Quadratic kappa"}
    columns = [Column("reviewers", "Reviewers")]
    for key, heading in names.items():
        columns += [Column(key, heading, number=True), Column(f"{key}_interval", "95% interval", number=True)]
    plain = {"pabak": "PABAK", "ac1": "Gwet's AC1", "scott": "Scott's pi", "kappa_max": "Highest kappa"}
    if has_two:
        plain |= {"prevalence_index": "Prevalence index", "bias_index": "Bias index"}
    columns += [Column(key, heading, number=True) for key, heading in plain.items()]
    cells: list[list[Cell | str]] = []
    undefined: dict[str, None] = {}
    for pair in stage.pairs:
        row: list[Cell | str] = [_who(pair)]
        found = pair.statistics
        kappas = {
            "cohen": found.cohen,
            "cohen_linear": found.cohen_linear,
            "cohen_quadratic": found.cohen_quadratic,
        }
        for key in names:
            row += [number(kappas[key].value), interval(kappas[key])]
        values = {"pabak": found.pabak, "ac1": found.ac1.value, "scott": found.scott}
        values |= {"kappa_max": found.kappa_max}
        if found.of_two is not None:
            values |= {
                "prevalence_index": found.of_two.prevalence_index,
                "bias_index": found.of_two.bias_index,
            }
        row += [number(values[key]) for key in plain]
        values |= {key: kappa.value for key, kappa in kappas.items()}
        for key, heading in (names | plain).items():
            if values[key] is None:
                undefined.setdefault(f"{heading} of {_who(pair)}: {found.why.get(key, 'undefined')}")
        cells.append(row)
    under = ["Intervals of kappa: Fleiss, Cohen & Everitt (1969). PABAK: prevalence-adjusted, bias-adjusted."]
    under += [f"n/a: {'; '.join(undefined)}."] if undefined else []
    return Sheet(
        f"{name}-kappa",
        f"{title}: coefficients of each two reviewers",
        tuple(columns),
        rows_of(cells),
        tuple(under),
    )


def _overall(stage: StageMeasured, name: str, title: str, measured: Measured) -> Sheet:
    overall = stage.overall
    shown: list[tuple[str, Estimate | Alpha]] = [
        ("Gwet's AC1", overall.ac1),
        ("Fleiss' kappa", overall.fleiss),
    ]
    shown += [] if overall.light is None else [("Light's kappa, mean of pairs", overall.light)]
    shown.append(("Brennan–Prediger", Estimate(overall.bp, why=overall.why.get("bp", ""))))
    shown.append(("Krippendorff's alpha", overall.alpha_nominal))
    if len(stage.categories) > 2:
        shown += [
            ("Krippendorff's alpha, ordinal", overall.alpha_ordinal),
            ("Krippendorff's alpha, interval", overall.alpha_interval),
            ("Krippendorff's alpha, ratio", overall.alpha_ratio),
        ]
    cells = [["Records judged", f"{overall.n_items:,}", ""]]
    cells += [["Records judged by two or more", f"{overall.n_pairable:,}", ""]]
    cells += [["Agreement", percentage(overall.pa), ""]]
    cells += [[heading, number(each.value, each.why), interval(each)] for heading, each in shown]
    n_undefined = overall.alpha_nominal.undefined_draws
    note = f"Intervals of alpha: bootstrap over records, {overall.draws:,} draws, seed {measured.seed}"
    note += f", {n_undefined:,} of them undefined." if n_undefined else "."
    columns = (
        Column("statistic", "Statistic"), Column("value", "Value", number=True),
        Column("interval", "95% interval", number=True),
    )  # fmt: skip
    return Sheet(f"{name}-overall", f"{title}: all reviewers", columns, rows_of(cells), (note,))


def _reasons(stage: StageMeasured, name: str, title: str) -> Sheet:
    cells = []
    for pair in stage.reasons or ():
        specific = "; ".join(f"{reason} {percentage(share)}" for reason, share in pair.specific.items())
        cells.append(
            [
                _who(pair),
                f"{pair.n_both:,}",
                percentage(pair.percent),
                number(pair.cohen.value, pair.cohen.why),
                interval(pair.cohen),
                specific,
            ]
        )
    columns = (
        Column("reviewers", "Reviewers"), Column("n_both", "Excluded by both", number=True),
        Column("percent", "Same reason", number=True), Column("cohen", "Cohen's kappa", number=True),
        Column("interval", "95% interval", number=True), Column("specific", "Agreement on each reason"),
    )  # fmt: skip
    return Sheet(f"{name}-reasons", f"{title}: primary reasons of exclusion", columns, rows_of(cells))


def _sources(stage: StageMeasured, name: str, title: str) -> Sheet:
    has_kappa = any(source.cohen is not None for source in stage.sources or ())
    key, heading = ("cohen", "Cohen's kappa") if has_kappa else ("fleiss", "Fleiss' kappa")
    cells = [
        [
            source.source,
            f"{source.n_pairable:,}",
            percentage(source.pa),
            number(kappa.value),
            interval(kappa),
            number(source.ac1.value),
            interval(source.ac1),
        ]
        for source in stage.sources or ()
        for kappa in ((source.cohen or Estimate(None)) if has_kappa else source.fleiss,)
    ]
    columns = (
        Column("source", "Source"), Column("n_pairable", "Records judged by two or more", number=True),
        Column("pa", "Agreement", number=True), Column(key, heading, number=True),
        Column(f"{key}_interval", "95% interval", number=True), Column("ac1", "Gwet's AC1", number=True),
        Column("ac1_interval", "95% interval", number=True),
    )  # fmt: skip
    note = "A record that several sources found counts in each of them."
    return Sheet(f"{name}-sources", f"{title}: agreement by source", columns, rows_of(cells), (note,))


def _ai(stage: StageMeasured, name: str, title: str) -> Sheet:
    cells = [
        [
            ai.reviewer, f"{ai.trial.n:,}", f"{ai.trial.both_include:,}", f"{ai.trial.only_people_include:,}",
            f"{ai.trial.only_ai_includes:,}", f"{ai.trial.both_exclude:,}",
            *map(share_interval, (ai.trial.recall, ai.trial.precision, ai.trial.specificity)),
            percentage(ai.trial.work_saved),
        ]
        for ai in stage.ai or ()
    ]  # fmt: skip
    columns = (
        Column("reviewer", "AI"), Column("n", "Records", number=True),
        Column("both_include", "Both include", number=True),
        Column("only_people_include", "Only people include", number=True),
        Column("only_ai_includes", "Only AI includes", number=True),
        Column("both_exclude", "Both exclude", number=True),
        Column("recall", "Recall (95% interval)", number=True),
        Column("precision", "Precision (95% interval)", number=True),
        Column("specificity", "Specificity (95% interval)", number=True),
        Column("work_saved", "Work saved", number=True),
    )  # fmt: skip
    under = [
        "Against the people's decision; an AI's votes enter no agreement between reviewers.",
        "Intervals are exact (Clopper & Pearson 1934). Work saved: the share of records that it excludes.",
    ]
    for ai in stage.ai or ():
        for n, which in (
            (ai.n_undecided, ", on records that people have not decided on"),
            (ai.n_unclear, " that say neither include nor exclude (maybe, or two that differ)"),
        ):
            under += [f"{ai.reviewer}: left out are {n:,} of its votes{which}."] if n else []
        under += [f"{ai.reviewer}: {described}."] if (described := tool(ai)) else []
        under += [f"{ai.reviewer}: {claim}."] if (claim := recall_claim(ai.trial)) else []
    return Sheet(f"{name}-ai", f"{title}: AI and people", columns, rows_of(cells), tuple(under))


def tool(ai: MachineOnTrial, between: str = "; ") -> str:
    """Return which tool an AI is, with version and prompt; blank where the protocol does not say."""
    told = {"tool": ai.tool, "version": ai.version, "prompt": ai.prompt}
    return between.join(f"{key} {each}" for key, each in told.items() if each)


def recall_claim(trial: Trial) -> str:
    """Return whether a recall of 95% can be claimed, or what it would take; blank where nothing tells."""
    if trial.n_more_includes is None:
        return ""
    if not trial.n_more_includes:
        return "its recall can be claimed to be 95% or more: the interval begins there"
    return (
        f"to claim a recall of 95% or more, it must miss none of the next {trial.n_more_includes:,} records "
        f"that people include: about {trial.n_more_records:,} more to screen twice"
    )


def _rows(stage: str, first: str, second: str, found: Json) -> list[tuple[str, ...]]:
    listed: list[tuple[str, ...]] = []
    why = found["why"]
    reasons = why if isinstance(why, Mapping) else {}
    for statistic, value in found.items():
        if statistic in _NOT_STATISTICS:
            continue
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for part, each in parts:
            name = f"{statistic}: {part}" if part else statistic
            told = reasons.get(statistic, "") if each is None else ""
            listed.append((stage, first, second, name, "" if each is None else repr(each), told))
    return listed


def reviewer_agreement(found: Measured, *, synthetic: bool = False) -> Sheet:
    """
    Return the agreement of each pair of reviewers, stage by stage.

    Parameters
    ----------
    found : what ``agreement`` measured.
    synthetic : whether the records that were judged are synthetic.
    """
    rows: list[list[Cell | str]] = []
    under = ["PABAK: prevalence-adjusted, bias-adjusted kappa."]
    for stage in found.stages:
        name = STAGES.get(stage.stage, heading_of(stage.stage))
        for pair in stage.pairs:
            told = pair.statistics
            statistics = [
                f"{told.n_both:,}",
                "" if told.percent is None else percentage(told.percent),
                _decimal(told.cohen.value),
                interval(told.cohen),
                _decimal(told.pabak),
                _decimal(told.ac1.value),
            ]
            who = _who(pair)
            rows.append([name, who, *(Cell(text, synthetic) for text in statistics)])
        under += [f"{name}: {each}." for each in before_caution(stage, found.of)]
    columns = (
        Column("stage", "Stage"), Column("reviewers", "Reviewers"),
        Column("n", "Records judged by both", number=True),
        Column("percent", "Agreement", number=True), Column("kappa", "Cohen's kappa", number=True),
        Column("interval", "95% interval", number=True), Column("pabak", "PABAK", number=True),
        Column("ac1", "Gwet's AC1", number=True),
    )  # fmt: skip
    when = "of final votes" if found.of == "final" else "before resolution"
    return without_blank_columns(
        Sheet("agreement", f"Agreement between reviewers {when}", columns, rows_of(rows), tuple(under))
    )


def _decimal(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"
