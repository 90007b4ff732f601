"""What ``agreement`` measured, in words and tables for people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pandas as pd

from peerreview import tables
from peerreview.agreement.judgements import Compared, Pair
from peerreview.agreement.measure import Choices, found_in, measure
from peerreview.agreement.measured import Measured, StageMeasured
from peerreview.paper.sheets import Cell, Column, Sheet, heading_of, rows_of, without_blank_columns
from peerreview.paper.sheets.cautions import cautions, undated
from peerreview.protocol import Protocol
from peerreview.screening.votes import Which

GRACE_NOTE = (
    "Before discussion: as the vote stood when the others had voted; whoever voted last, or later, may have "
    "mended a slip within ten minutes."
)
KAPPA_NOTE = "Agreement before consensus; Cohen's kappa with its 95% interval, – where it is not defined."
STAGES = {"title_abstract": "Title and abstract", "full_text": "Full text"}
VOTES = {
    "standing": "agreement before discussion was",
    "first": "agreement of the votes first cast was",
    "final": "agreement of the final votes was",
}
"""What agreement is of, by which of a reviewer's votes counted."""
THINGS = {"title_abstract": "titles and abstracts", "full_text": "full texts"}

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
    pairs = [pair for pair in stage.pairs if pair["n_both"]]
    overall = stage.overall
    things = THINGS.get(stage.stage, f"records ({stage.stage})")
    if not pairs:
        return ""
    if len(stage.reviewers) == 2:
        pair = pairs[0]
        n_differ = pair["n_both"] - sum(pair["table"][k][k] for k in range(len(pair["table"])))
        return (
            f"Two reviewers ({pair['reviewer_1']}, {pair['reviewer_2']}) "
            f"{'' if of == 'final' else 'independently '}judged "
            f"{pair['n_both']:,} {things}; {VOTES[of]} {percentage(pair['percent'])} "
            f"(Cohen's kappa {_with_interval(pair, 'cohen')}; Gwet's AC1 {_with_interval(overall, 'ac1')}"
            f"{_positive(stage, pair)}); they differed on {n_differ:,}.{_settled(stage)}"
        )
    return (
        f"{len(stage.reviewers)} reviewers judged {overall['n_items']:,} {things}, "
        f"{overall['n_pairable']:,} of them by at least two; {VOTES[of]} {percentage(overall['pa'])} "
        f"(Krippendorff's alpha {_with_interval(overall, 'alpha_nominal')}; Fleiss' kappa "
        f"{_with_interval(overall, 'fleiss')}; {_light(overall)}"
        f"Gwet's AC1 {_with_interval(overall, 'ac1')}).{_settled(stage)}"
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
    n_single = stage.overall["n_items"] - stage.overall["n_pairable"]
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
            found += _rows(stage.stage, pair["reviewer_1"], pair["reviewer_2"], pair)
        found += _rows(stage.stage, "", "", stage.overall)
        for pair in stage.reasons or ():
            found += _rows(f"{stage.stage} reasons", pair["reviewer_1"], pair["reviewer_2"], pair)
        for ai in stage.ai or ():
            found += _rows(f"{stage.stage} ai", ai["reviewer"], "", ai)
        for source in stage.sources or ():
            found += _rows(f"{stage.stage} source {source['source']}", "", "", source)
    columns = ["stage", "reviewer_1", "reviewer_2", "statistic", "value", "why"]
    return pd.DataFrame(found, columns=columns, dtype="str")


def number(value: float | None, why: str = "") -> str:
    """
    Return a coefficient with two decimals, or ``n/a`` with the reason.

    >>> number(0.4915), number(-0.001), number(None, "no record was judged by two reviewers")
    ('0.49', '0.00', 'n/a (no record was judged by two reviewers)')
    """
    if value is None:
        return f"n/a ({why})" if why else "n/a"
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text


def percentage(share: float | None) -> str:
    """
    Return a share in [0, 1] as a percentage with one decimal.

    >>> percentage(0.923)
    '92.3%'
    """
    return "n/a" if share is None else f"{100 * share:.1f}%"


def _marked(sheet: Sheet) -> Sheet:
    return replace(
        sheet,
        rows=tuple((first, *(cell._replace(synthetic=True) for cell in rest)) for first, *rest in sheet.rows),
    )


def _with_interval(found: Mapping[str, Any], name: str) -> str:
    value = number(found[name], found["why"].get(name, ""))
    within = interval(found, name)
    return f"{value}, 95% CI {within}" if within else value


def interval(found: Mapping[str, Any], name: str) -> str:
    """
    Return a 95% interval within what a coefficient can be; blank where there is none.

    >>> interval({"cohen_lo": 0.77, "cohen_hi": 1.07}, "cohen")
    '0.77 to 1.00'
    """
    lo, hi = found.get(f"{name}_lo"), found.get(f"{name}_hi")
    # A standard error of 0 tells nothing: the records at hand happen not to vary.
    if lo is None or hi is None or found.get(f"{name}_se") == 0:
        return ""
    return f"{number(max(-1.0, lo))} to {number(min(1.0, hi))}"


def _settled(stage: StageMeasured) -> str:
    ways = {"consensus": "by consensus", "adjudicator": "by an adjudicator"}
    used = [way for role, way in ways.items() if role in stage.left_out]
    further = [each.reviewer for each in stage.tie_breakers if each.is_left_out]
    used += [f"by a further reviewer ({', '.join(further)})"] if further else []
    return f" Conflicts were settled {' or '.join(used)}." if used else ""


def _light(overall: Mapping[str, Any]) -> str:
    value = overall.get("light")
    return "" if value is None else f"Light's kappa {number(value)}; "


def share_interval(found: Mapping[str, Any], name: str) -> str:
    """
    Return a share in [0, 1] as a percentage with its interval.

    >>> share_interval({"recall": 0.95, "recall_lo": 0.7513, "recall_hi": 0.9987}, "recall")
    '95.0% (75.1 to 99.9)'
    """
    lo, hi = found.get(f"{name}_lo"), found.get(f"{name}_hi")
    within = f" ({100 * lo:.1f} to {100 * hi:.1f})" if lo is not None and hi is not None else ""
    return f"{percentage(found[name])}{within}"


def _positive(stage: StageMeasured, pair: Mapping[str, Any]) -> str:
    if "ppos" not in pair or stage.categories != ("include", "exclude"):
        return ""
    return f"; positive agreement {percentage(pair['ppos'])}, negative {percentage(pair['pneg'])}"


def _who(pair: Mapping[str, Any]) -> str:
    return f"{pair['reviewer_1']} – {pair['reviewer_2']}"


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
        table = [f"{n:,}" for row in pair["table"] for n in row]
        specific = [percentage(pair["specific"][category]) for category in categories]
        cells.append([_who(pair), f"{pair['n_both']:,}", *table, percentage(pair["percent"]), *specific])
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
        for key in names:
            row += [number(pair[key]), interval(pair, key)]
        row += [number(pair[key]) for key in plain]
        for key, heading in (names | plain).items():
            if pair[key] is None:
                undefined.setdefault(f"{heading} of {_who(pair)}: {pair['why'].get(key, 'undefined')}")
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
    shown = {"ac1": "Gwet's AC1", "fleiss": "Fleiss' kappa"}
    shown |= {"light": "Light's kappa, mean of pairs"} if "light" in overall else {}
    shown |= {"bp": "Brennan–Prediger"}
    shown["alpha_nominal"] = "Krippendorff's alpha"
    if len(stage.categories) > 2:
        shown |= {
            f"alpha_{level}": f"Krippendorff's alpha, {level}" for level in ("ordinal", "interval", "ratio")
        }
    cells = [["Records judged", f"{overall['n_items']:,}", ""]]
    cells += [["Records judged by two or more", f"{overall['n_pairable']:,}", ""]]
    cells += [["Agreement", percentage(overall["pa"]), ""]]
    cells += [
        [heading, number(overall[key], overall["why"].get(key, "")), interval(overall, key)]
        for key, heading in shown.items()
    ]
    n_undefined = overall["alpha_nominal_undefined_draws"]
    note = f"Intervals of alpha: bootstrap over records, {overall['draws']:,} draws, seed {measured.seed}"
    note += f", {n_undefined:,} of them undefined." if n_undefined else "."
    columns = (
        Column("statistic", "Statistic"), Column("value", "Value", number=True),
        Column("interval", "95% interval", number=True),
    )  # fmt: skip
    return Sheet(f"{name}-overall", f"{title}: all reviewers", columns, rows_of(cells), (note,))


def _reasons(stage: StageMeasured, name: str, title: str) -> Sheet:
    cells = []
    for pair in stage.reasons or ():
        specific = "; ".join(f"{reason} {percentage(share)}" for reason, share in pair["specific"].items())
        kappa = number(pair["cohen"], pair["why"].get("cohen", ""))
        cells.append(
            [
                _who(pair),
                f"{pair['n_both']:,}",
                percentage(pair["percent"]),
                kappa,
                interval(pair, "cohen"),
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
    has_kappa = any("cohen" in source for source in stage.sources or ())
    key, heading = ("cohen", "Cohen's kappa") if has_kappa else ("fleiss", "Fleiss' kappa")
    cells = [
        [
            source["source"],
            f"{source['n_pairable']:,}",
            percentage(source["pa"]),
            number(source.get(key)),
            interval(source, key),
            number(source["ac1"]),
            interval(source, "ac1"),
        ]
        for source in stage.sources or ()
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
            ai["reviewer"], f"{ai['n']:,}", f"{ai['both_include']:,}", f"{ai['only_people_include']:,}",
            f"{ai['only_ai_includes']:,}", f"{ai['both_exclude']:,}",
            *(share_interval(ai, each) for each in ("recall", "precision", "specificity")),
            percentage(ai["work_saved"]),
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
        if ai["n_undecided"]:
            under.append(
                f"{ai['reviewer']}: left out are {ai['n_undecided']:,} of its votes, on records that people "
                "have not decided on."
            )
        under += [described] if (described := tool(ai)) else []
        under += [f"{ai['reviewer']}: {claim}."] if (claim := recall_claim(ai)) else []
    return Sheet(f"{name}-ai", f"{title}: AI and people", columns, rows_of(cells), tuple(under))


def tool(ai: Mapping[str, Any]) -> str:
    """
    Return which tool an AI is, with version and prompt, as a sentence; blank where the protocol does not say.

    >>> tool({"reviewer": "gpt", "tool": "GPT", "version": "4o", "prompt": "prompts/screen.txt"})
    'gpt: tool GPT; version 4o; prompt prompts/screen.txt.'
    """
    told = [f"{key} {ai[key]}" for key in ("tool", "version", "prompt") if ai.get(key)]
    return f"{ai['reviewer']}: {'; '.join(told)}." if told else ""


def recall_claim(ai: Mapping[str, Any]) -> str:
    """Return whether a recall of 95% can be claimed, or what it would take; blank where nothing tells."""
    if ai.get("n_more_includes") is None:
        return ""
    if not ai["n_more_includes"]:
        return "its recall can be claimed to be 95% or more: the interval begins there"
    return (
        f"to claim a recall of 95% or more, it must miss none of the next {ai['n_more_includes']:,} records "
        f"that people include: about {ai['n_more_records']:,} more to screen twice"
    )


def _rows(stage: str, first: str, second: str, found: Mapping[str, Any]) -> list[tuple[str, ...]]:
    listed: list[tuple[str, ...]] = []
    for statistic, value in found.items():
        if statistic in _NOT_STATISTICS:
            continue
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for part, each in parts:
            name = f"{statistic}: {part}" if part else statistic
            why = found.get("why", {}).get(statistic, "") if each is None else ""
            listed.append((stage, first, second, name, "" if each is None else repr(each), why))
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
            statistics = [
                f"{pair.get('n_both', 0):,}",
                "" if pair.get("percent") is None else f"{100 * pair['percent']:.1f}%",
                _decimal(pair.get("cohen")),
                interval(pair, "cohen"),
                _decimal(pair.get("pabak")),
                _decimal(pair.get("ac1")),
            ]
            who = f"{pair.get('reviewer_1', '')} – {pair.get('reviewer_2', '')}"
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


def before_caution(stage: StageMeasured, of: str) -> list[str]:
    """Return what speaks against calling a stage's votes independent of each other; nothing of final ones."""
    return [undated(stage.n_without_time)] if stage.n_without_time and of != "final" else []


def _decimal(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"


def pair_columns(people: str, units: str) -> tuple[Column, ...]:
    """Return the columns of ``pair_cells``, under what two people are called and what both judged."""
    return (
        Column("pair", people),
        Column("n", units, number=True),
        Column("percent", "Agreement", number=True),
        Column("kappa", "Cohen's kappa", number=True),
        Column("interval", "95% interval", number=True),
        Column("pabak", "PABAK", number=True),
        Column("ac1", "Gwet's AC1", number=True),
    )


def pair_cells(pair: Pair) -> list[Cell | str]:
    """Return how far two people agree, with the interval of kappa."""
    found = pair.statistics
    return [
        f"{pair.first} – {pair.second}",
        str(pair.n),
        "–" if found["percent"] is None else percentage(found["percent"]),
        "–" if found["cohen"] is None else number(found["cohen"]),
        interval(found, "cohen") or "–",
        "–" if found["pabak"] is None else number(found["pabak"]),
        "–" if found["ac1"] is None else number(found["ac1"]),
    ]


def compared_sentence(compared: Compared, people: str, units: str) -> str:
    """
    Return how far all people agree, as a sentence; blank where no two judged the same.

    Parameters
    ----------
    people, units : what they are called, and what they judged, as in "Appraisers" and "items".
    """
    overall = compared.overall
    if not compared.pairs or overall["pa"] is None:
        return ""
    if len(compared.pairs) == 1:
        (pair,) = compared.pairs
        found = pair.statistics
        return (
            f"{people} {pair.first} and {pair.second} agreed on {percentage(found['percent'])} of {pair.n:,} "
            f"{units} before consensus (Cohen's kappa {_with_interval(found, 'cohen')}; "
            f"Gwet's AC1 {_with_interval(found, 'ac1')})."
        )
    return (
        f"{people} agreed on {percentage(overall['pa'])} of {overall['n_pairable']:,} {units} that two or "
        f"more judged, before consensus (Krippendorff's alpha {_with_interval(overall, 'alpha_nominal')}; "
        f"Fleiss' kappa {_with_interval(overall, 'fleiss')}; {_light(overall)}"
        f"Gwet's AC1 {_with_interval(overall, 'ac1')})."
    )
