"""What ``agreement`` measured, in words and tables for people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from peerreview.agreement.coefficients import Pair
from peerreview.paper.sheets import Cell, Column, Sheet, heading_of, rows_of, without_blank_columns

FEW_RECORDS, FEW_INCLUDES, FEW_SHARED = 50, 10, 20
HIGH_PERCENT, LOW_KAPPA = 0.9, 0.4
KAPPA_NOTE = "Agreement before consensus; Cohen's kappa with its 95% interval, – where it is not defined."
STAGES = {"title_abstract": "Title and abstract", "full_text": "Full text"}
THINGS = {"title_abstract": "titles and abstracts", "full_text": "full texts"}

Stage = Mapping[str, Any]


def told(measured: Mapping[str, Any], *, synthetic: bool = False) -> dict[str, Any]:
    """
    Return what was measured with a sentence for the methods section, notes and warnings.

    ``synthetic`` says whether votes were invented, for demonstration.
    """
    maybe = measured["maybe"]
    stages = [
        {
            **stage,
            "sentence": sentence(stage),
            "notes": notes(stage, maybe),
            "warnings": warnings(stage),
        }
        for stage in measured["stages"]
    ]
    return {**measured, "synthetic": synthetic, "stages": stages}


def sentence(stage: Stage) -> str:
    """Return a sentence ready for the methods section; blank where there is nothing to say."""
    pairs = [pair for pair in stage["pairs"] if pair["n_both"]]
    overall = stage["overall"]
    things = THINGS.get(stage["stage"], f"records ({stage['stage']})")
    if not pairs:
        return ""
    if len(stage["reviewers"]) == 2:
        pair = pairs[0]
        n_differ = pair["n_both"] - sum(pair["table"][k][k] for k in range(len(pair["table"])))
        return (
            f"Two reviewers ({pair['reviewer_1']}, {pair['reviewer_2']}) independently judged "
            f"{pair['n_both']:,} {things}; agreement before discussion was {percentage(pair['percent'])} "
            f"(Cohen's kappa {_with_interval(pair, 'cohen')}; Gwet's AC1 {_with_interval(overall, 'ac1')}"
            f"{_positive(stage, pair)}); they differed on {n_differ:,}.{_settled(stage)}"
        )
    return (
        f"{len(stage['reviewers'])} reviewers judged {overall['n_items']:,} {things}, "
        f"{overall['n_pairable']:,} of them by at least two; agreement before discussion was "
        f"{percentage(overall['pa'])} "
        f"(Krippendorff's alpha {_with_interval(overall, 'alpha_nominal')}; Fleiss' kappa "
        f"{_with_interval(overall, 'fleiss')}; Gwet's AC1 {_with_interval(overall, 'ac1')}).{_settled(stage)}"
    )


def notes(stage: Stage, maybe: str | None) -> list[str]:
    """Return how the votes were taken: what a maybe counts as, what was left out."""
    said = []
    meaning = {
        "include": "counts as include", "exclude": "counts as exclude", "keep": "is a category of its own",
        "missing": "counts as not judged",
    }  # fmt: skip
    if maybe is not None:
        said.append(f"A maybe {meaning[maybe]} ({stage['n_maybe']:,} vote{'s' * (stage['n_maybe'] != 1)}).")
    if stage["n_changed"]:
        said.append(f"Votes changed: {stage['n_changed']:,}; those before discussion count.")
    if stage["n_merged_votes_differ"]:
        n_merged = stage["n_merged_votes_differ"]
        said.append(f"Left out because one reviewer judged duplicates differently: {n_merged:,}.")
    if stage["left_out"]:
        told_roles = ", ".join(f"{role} {n:,}" for role, n in stage["left_out"].items())
        said.append(f"Votes left out by role: {told_roles}.")
    n_single = stage["overall"]["n_items"] - stage["overall"]["n_pairable"]
    if n_single:
        said.append(f"Records judged by one reviewer alone: {n_single:,}.")
    return said


def warnings(stage: Stage) -> list[str]:
    """Return where a number misleads."""
    said = []
    if stage["n_without_time"] and not stage["n_changed"]:
        said.append(
            f"votes without a time: {stage['n_without_time']:,}; they may have been changed "
            "after discussion, so that agreement reads too high"
        )
    for pair in stage["pairs"]:
        who = f"{pair['reviewer_1']} and {pair['reviewer_2']}"
        n = pair["n_both"]
        if not n:
            said.append(f"{who} share no record")
            continue
        if n < FEW_SHARED:
            said.append(f"records that {who} share: {n}, too few to tell")
        elif n < FEW_RECORDS:
            said.append(f"records that {who} share: {n}; intervals are wide")
        table = pair["table"]
        if "ppos" in pair:
            n_chosen = n - table[1][1]
            if n_chosen < FEW_INCLUDES:
                first = stage["categories"][0]
                said.append(f"{first} by {who} or either: {n_chosen}; kappa's interval is too narrow")
        for name, totals in (
            (pair["reviewer_1"], [sum(row) for row in table]),
            (pair["reviewer_2"], [sum(column) for column in zip(*table, strict=True)]),
        ):
            if n in totals:
                said.append(f"{name} chose {stage['categories'][totals.index(n)]} throughout (with {who})")
        kappa = pair["cohen"]
        if kappa is not None and pair["percent"] >= HIGH_PERCENT and kappa < LOW_KAPPA:
            said.append(f"{who}: high agreement, low kappa: one category is rare; read AC1 and PABAK")
    return said


def agreement_sheets(measured: Mapping[str, Any]) -> list[Sheet]:
    """Return what was measured as tables to print, stage by stage; ``measured`` as ``told`` returns it."""
    shown = []
    for stage in measured["stages"]:
        title = STAGES.get(stage["stage"], stage["stage"])
        name = stage["stage"].replace("_", "-")
        shown.append(_counts(stage, name, title))
        shown.append(_coefficients(stage, name, title))
        shown.append(_overall(stage, name, title, measured))
        if stage.get("reasons"):
            shown.append(_reasons(stage, name, title))
        if stage.get("ai"):
            shown.append(_ai(stage, name, title))
    if not shown:
        nothing = "No vote at title and abstract or at full text: there is nothing to compare."
        shown.append(Sheet("agreement", "Agreement", (Column("stage", "Stage"),), (), (nothing,)))
    return [_marked(sheet) for sheet in shown] if measured.get("synthetic") else shown


def agreement_rows(measured: Mapping[str, Any]) -> pd.DataFrame:
    """Return every statistic as a row; reviewers blank: of all; ``why`` says why a value is undefined."""
    found = []
    for stage in measured["stages"]:
        for pair in stage["pairs"]:
            found += _rows(stage["stage"], pair["reviewer_1"], pair["reviewer_2"], pair)
        found += _rows(stage["stage"], "", "", stage["overall"])
        for pair in stage.get("reasons", []):
            found += _rows(f"{stage['stage']} reasons", pair["reviewer_1"], pair["reviewer_2"], pair)
        for ai in stage.get("ai", []):
            found += _rows(f"{stage['stage']} ai", ai["reviewer"], "", ai)
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


def _settled(stage: Stage) -> str:
    ways = {"consensus": "by consensus", "adjudicator": "by an adjudicator"}
    used = [way for role, way in ways.items() if role in stage["left_out"]]
    return f" Conflicts were settled {' or '.join(used)}." if used else ""


def _positive(stage: Stage, pair: Mapping[str, Any]) -> str:
    if "ppos" not in pair or stage["categories"] != ["include", "exclude"]:
        return ""
    return f"; positive agreement {percentage(pair['ppos'])}, negative {percentage(pair['pneg'])}"


def _who(pair: Mapping[str, Any]) -> str:
    return f"{pair['reviewer_1']} – {pair['reviewer_2']}"


def _counts(stage: Stage, name: str, title: str) -> Sheet:
    categories: Sequence[str] = stage["categories"]
    columns = [Column("reviewers", "Reviewers"), Column("n_both", "Records", number=True)]
    columns += [
        Column(f"{first}_{second}", f"{first} / {second}", number=True)
        for first in categories
        for second in categories
    ]
    columns.append(Column("percent", "Agreement", number=True))
    columns += [Column(f"specific_{each}", f"Agreement on {each}", number=True) for each in categories]
    cells = []
    for pair in stage["pairs"]:
        table = [f"{n:,}" for row in pair["table"] for n in row]
        specific = [percentage(pair["specific"][category]) for category in categories]
        cells.append([_who(pair), f"{pair['n_both']:,}", *table, percentage(pair["percent"]), *specific])
    cautions = [f"Caution: {warning}." for warning in stage["warnings"]]
    under = [*([stage["sentence"]] if stage["sentence"] else []), *stage["notes"], *cautions]
    return Sheet(name, f"{title}: votes of each two reviewers", tuple(columns), rows_of(cells), tuple(under))


def _coefficients(stage: Stage, name: str, title: str) -> Sheet:
    has_two = len(stage["categories"]) == 2
    names = {"cohen": "Cohen's kappa"}
    if not has_two:
        names |= {"cohen_linear": "Linear kappa", "cohen_quadratic": "Quadratic kappa"}
    columns = [Column("reviewers", "Reviewers")]
    for key, heading in names.items():
        columns += [Column(key, heading, number=True), Column(f"{key}_interval", "95% interval", number=True)]
    plain = {"pabak": "PABAK", "scott": "Scott's pi", "kappa_max": "Highest kappa"}
    if has_two:
        plain |= {"prevalence_index": "Prevalence index", "bias_index": "Bias index"}
    columns += [Column(key, heading, number=True) for key, heading in plain.items()]
    cells: list[list[Cell | str]] = []
    undefined: dict[str, None] = {}
    for pair in stage["pairs"]:
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


def _overall(stage: Stage, name: str, title: str, measured: Mapping[str, Any]) -> Sheet:
    overall = stage["overall"]
    shown = {"ac1": "Gwet's AC1", "fleiss": "Fleiss' kappa", "bp": "Brennan–Prediger"}
    shown["alpha_nominal"] = "Krippendorff's alpha"
    if len(stage["categories"]) > 2:
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
    note = f"Intervals of alpha: bootstrap over records, {overall['draws']:,} draws, seed {measured['seed']}"
    note += f", {n_undefined:,} of them undefined." if n_undefined else "."
    columns = (
        Column("statistic", "Statistic"), Column("value", "Value", number=True),
        Column("interval", "95% interval", number=True),
    )  # fmt: skip
    return Sheet(f"{name}-overall", f"{title}: all reviewers", columns, rows_of(cells), (note,))


def _reasons(stage: Stage, name: str, title: str) -> Sheet:
    cells = []
    for pair in stage["reasons"]:
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


def _ai(stage: Stage, name: str, title: str) -> Sheet:
    cells = [
        [
            ai["reviewer"], f"{ai['n']:,}", f"{ai['both_include']:,}", f"{ai['only_people_include']:,}",
            f"{ai['only_ai_includes']:,}", f"{ai['both_exclude']:,}", percentage(ai["recall"]),
            percentage(ai["precision"]),
        ]
        for ai in stage["ai"]
    ]  # fmt: skip
    columns = (
        Column("reviewer", "AI"), Column("n", "Records", number=True),
        Column("both_include", "Both include", number=True),
        Column("only_people_include", "Only people include", number=True),
        Column("only_ai_includes", "Only AI includes", number=True),
        Column("both_exclude", "Both exclude", number=True), Column("recall", "Recall", number=True),
        Column("precision", "Precision", number=True),
    )  # fmt: skip
    note = "Against the people's decision; an AI's votes enter no agreement between reviewers."
    return Sheet(f"{name}-ai", f"{title}: AI and people", columns, rows_of(cells), (note,))


def _rows(stage: str, first: str, second: str, found: Mapping[str, Any]) -> list[tuple[str, ...]]:
    listed: list[tuple[str, ...]] = []
    for statistic, value in found.items():
        if statistic in ("reviewer_1", "reviewer_2", "reviewer", "why", "table", "categories"):
            continue
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for part, each in parts:
            name = f"{statistic}: {part}" if part else statistic
            why = found.get("why", {}).get(statistic, "") if each is None else ""
            listed.append((stage, first, second, name, "" if each is None else repr(each), why))
    return listed


def reviewer_agreement(found: Mapping[str, Any], *, synthetic: bool = False) -> Sheet:
    """
    Return the agreement of each pair of reviewers, stage by stage.

    Parameters
    ----------
    found : what ``agreement`` writes as JSON, schema ``peerreview/agreement/1``.
    synthetic : whether the records that were judged are synthetic.
    """
    rows: list[list[Cell | str]] = []
    for stage in found.get("stages", []):
        for pair in stage.get("pairs", []):
            statistics = [
                f"{pair.get('n_both', 0):,}",
                "" if pair.get("percent") is None else f"{100 * pair['percent']:.1f}%",
                _decimal(pair.get("cohen")),
                interval(pair, "cohen"),
                _decimal(pair.get("pabak")),
            ]
            rows.append(
                [
                    STAGES.get(str(stage.get("stage", "")), heading_of(str(stage.get("stage", "")))),
                    f"{pair.get('reviewer_1', '')} – {pair.get('reviewer_2', '')}",
                    *(Cell(text, synthetic) for text in statistics),
                ]
            )
    columns = (
        Column("stage", "Stage"), Column("reviewers", "Reviewers"),
        Column("n", "Records judged by both", number=True),
        Column("percent", "Agreement", number=True), Column("kappa", "Cohen's kappa", number=True),
        Column("interval", "95% interval", number=True), Column("pabak", "PABAK", number=True),
    )  # fmt: skip
    return without_blank_columns(
        Sheet(
            "agreement",
            "Agreement between reviewers before resolution",
            columns,
            rows_of(rows),
            ("PABAK: prevalence-adjusted, bias-adjusted kappa.",),
        )
    )


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
    )


def pair_cells(pair: Pair) -> list[Cell | str]:
    """Return how far two people agree, with the interval of kappa."""
    kappa = pair.kappa
    bounds = {"kappa_lo": kappa.lo, "kappa_hi": kappa.hi, "kappa_se": kappa.se}
    return [
        f"{pair.first} – {pair.second}",
        str(pair.n),
        "–" if pair.percent is None else f"{100 * pair.percent:.1f}%",
        "–" if kappa.value is None else number(kappa.value),
        interval(bounds, "kappa") or "–",
    ]
