"""Appraisals → their tables: by item, by judgement, by rating, agreement between appraisers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.agreement.judgements import Compared, agree
from peerreview.paper.sheets import BLANK, Cell, Column, Sheet, heading_of, percent, rows_of
from peerreview.paper.sheets.statistics import (
    KAPPA_NOTE,
    compared_sentence,
    interval,
    number,
    pair_cells,
    pair_columns,
)
from peerreview.synthesis import appraisal, overall
from peerreview.synthesis.by_design import Appraisal, apart
from peerreview.synthesis.ratings import rule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from peerreview.protocol import Rating
    from peerreview.synthesis.appraisal import Appraised
    from peerreview.synthesis.instrument import Instrument, Item

MISSING, CONFLICT, IN_WORDS = "…", "≠", "¶"
_BY_ORDER = ("cohen_linear", "cohen_quadratic", "alpha_ordinal", "alpha_interval", "alpha_ratio")
UNCOUNTED = "not counted"
"""Stands for the stars of an appraisal that is not complete: a sum of what is there would look like few."""


def all_sheets(appraisals: Sequence[Appraisal], *, summed: bool = True) -> list[Sheet]:
    """Return what is printed of an appraisal: as ``appraisal_sheets``, instrument by instrument."""
    return _apart(
        appraisals,
        lambda each: appraisal_sheets(
            each.appraised, instrument=each.instrument, ratings=each.ratings, summed=summed
        ),
    )


def all_items(appraisals: Sequence[Appraisal]) -> list[Sheet]:
    """Return the judgements on each item of each study, a table for each instrument."""
    return _apart(
        appraisals,
        lambda each: [appraisal_items(each.appraised, instrument=each.instrument, ratings=each.ratings)],
    )


def for_robvis(appraisals: Sequence[Appraisal]) -> list[Sheet]:
    """Return the judgements as robvis reads them, a table for each instrument."""
    return _apart(appraisals, lambda each: [robvis_sheet(each.appraised, instrument=each.instrument)])


def all_json(appraisals: Sequence[Appraisal]) -> dict[str, object]:
    """Return what ``appraise`` writes as JSON; of several instruments, each by itself."""
    told = [
        whole_json(each.appraised, instrument=each.instrument, ratings=each.ratings) for each in appraisals
    ]
    return told[0] if len(told) == 1 else {"schema": "peerreview/appraisals/1", "appraisals": told}


def _apart(appraisals: Sequence[Appraisal], lay_out: Callable[[Appraisal], Sequence[Sheet]]) -> list[Sheet]:
    return [
        replace(sheet, name=f"{sheet.name}{name}", title=f"{sheet.title}{title}")
        for each, name, title in apart(appraisals)
        for sheet in lay_out(each)
    ]


def appraisal_sheets(
    appraised: Sequence[Appraised], *, instrument: Instrument, ratings: Sequence[Rating], summed: bool = True
) -> list[Sheet]:
    """
    Return what is printed of an appraisal: by item, in sum, by rating, and how far appraisers agree.

    Where a figure has the sums, they need no table: ``summed`` False.
    """
    sheets = [appraisal_items(appraised, instrument=instrument, ratings=ratings)]
    sheets += [appraisal_summary(appraised, instrument=instrument)] if summed else []
    if ratings:
        sheets.append(appraisal_ratings(appraised, instrument=instrument, ratings=ratings))
    if has_confidence(instrument):
        sheets.append(appraisal_confidence(appraised, instrument=instrument))
    words = appraisal_words(appraised)
    sheets += [words] if words else []
    agreed = appraiser_agreement(appraised, instrument=instrument)
    return [*sheets, *([agreed] if agreed else [])]


def appraisal_items(
    appraised: Sequence[Appraised], *, instrument: Instrument, ratings: Sequence[Rating] = ()
) -> Sheet:
    """Return the judgement on each item of each study, as symbols, and the rating where there is a rule."""
    asked = [each for each in instrument.items if is_shown(each, appraised)]
    by_result = any(study.result for study in appraised)
    columns = [Column("study", "Study")]
    if by_result:
        columns.append(Column("result", "Result"))
    if instrument.designs:
        columns.append(Column("design", "Design"))
    columns += [Column(each.item, each.item, narrow=True) for each in asked]
    if has_confidence(instrument):
        columns.append(Column("confidence", "Confidence"))
    if instrument.unit:
        columns.append(Column("points", heading_of(instrument.unit), number=True))
    by_set = [each for each in instrument.sets if any(each in dict(step.points) for step in ratings)]
    columns += [Column(each, instrument.sets[each], number=True) for each in by_set]
    if ratings:
        columns += [] if instrument.unit else [Column("favourable", "Share", number=True)]
        columns.append(Column("rating", "Rating"))
    rows = []
    for study in appraised:
        cells = [Cell(study.label)]
        if by_result:
            cells.append(Cell(study.result))
        if instrument.designs:
            cells.append(Cell(study.design))
        cells += [_judgement_cell(study, each.item) for each in asked]
        if has_confidence(instrument):
            cells.append(Cell(study.by_rule or "not judged", study.synthetic))
        if instrument.unit:
            cells.append(Cell(study.total or UNCOUNTED, study.synthetic and bool(study.total)))
        points = {name: f"{given}/{most}" for name, (given, most) in study.points.items()}
        cells += [Cell(points.get(each, ""), study.synthetic and bool(points)) for each in by_set]
        if ratings and not instrument.unit:
            share = f"{study.n_favourable}/{study.n_applicable}" if study.n_applicable else ""
            cells.append(Cell(share, study.synthetic))
        if ratings:
            cells.append(Cell(study.rating or "not rated", study.synthetic))
        rows.append(tuple(cells))
    legend = "; ".join(f"{each.symbol} {each.judgement}" for each in instrument.judgements)
    words = f"; {IN_WORDS} answered in words" if any(said_in_words(study) for study in appraised) else ""
    not_asked = "not asked of this design" if instrument.designs else "not asked"
    notes = [
        f"{instrument.title}.",
        *([instrument.labels_note] if instrument.labels_note else []),
        f"{legend}{words}; {CONFLICT} appraisers differ; {MISSING} not judged; blank: {not_asked}.",
        *(f"{study.name}: {what}" for study in appraised for what in what_is_open(study, instrument)),
        *counting_notes(instrument, rated=bool(ratings)),
        *rule_notes(rule(ratings, instrument), instrument),
        *([overall.sentence(instrument)] if instrument.overall else []),
        *([instrument.reference] if instrument.reference else []),
    ]
    return Sheet("appraisal", "Quality appraisal by item", tuple(columns), tuple(rows), tuple(notes))


def is_shown(item: Item, appraised: Sequence[Appraised]) -> bool:
    """Return whether a study was asked an item, and answered it where it need not be."""
    return any(
        item.item in study.asked and (not item.optional or item.item in study.judged) for study in appraised
    )


def has_confidence(instrument: Instrument) -> bool:
    """Return whether an instrument's own rule gives the judgement of the whole."""
    return instrument.overall is not None and instrument.overall.rule == "critical"


def said_in_words(study: Appraised) -> dict[str, str]:
    """Return item → what a study's appraisers answered in words."""
    return {item: "; ".join(each.words) for item, each in study.judged.items() if each.words}


def appraisal_words(appraised: Sequence[Appraised]) -> Sheet | None:
    """Return what appraisers answered in words; None where nobody did."""
    rows = [
        (Cell(study.name), Cell(item), Cell(words, study.judged[item].synthetic))
        for study in appraised
        for item, words in said_in_words(study).items()
    ]
    columns = (Column("study", "Study"), Column("item", "Item"), Column("words", "Answer"))
    return Sheet("words", "Items answered in words", columns, tuple(rows), ()) if rows else None


def appraisal_summary(appraised: Sequence[Appraised], *, instrument: Instrument) -> Sheet:
    """Return how often each judgement was given, per item."""
    summary = appraisal.summarise(appraised, instrument=instrument)
    by_result = any(study.result for study in appraised)
    counted = [each.judgement for each in instrument.judgements]
    counted += [each for each in ("conflict", "missing") if (summary[each] > 0).any()]
    columns = [Column("item", "Item"), Column("text", "What it asks")]
    columns += [Column(each, heading_of(each), number=True) for each in counted]
    weighted = appraisal.is_weighted(appraised)
    if weighted:
        columns += [
            Column(f"weight_{each}", f"{heading_of(each)}, % of weight", number=True) for each in counted
        ]
    columns.append(Column("n_asked", "Results asked" if by_result else "Studies asked", number=True))
    items = {each.item: each for each in instrument.items}
    rows = []
    for row in summary.to_dict("records"):
        made_up = row["n_synthetic"] > 0
        cells = [Cell(row["item"]), Cell(row["text"])]
        cells += [Cell(str(row[each]), made_up and row[each] > 0 and each != "missing") for each in counted]
        if weighted:
            shares = appraisal.weigh(appraised, items[row["item"]])
            cells += [Cell(f"{100 * shares.get(each, 0.0):.1f}", made_up) for each in counted]
        rows.append((*cells, Cell(str(row["n_asked"]))))
    notes = [
        f"Counts are {'results of studies' if by_result else 'studies'}.",
        *([instrument.labels_note] if instrument.labels_note else []),
    ]
    return Sheet("summary", "Judgements by item", tuple(columns), tuple(rows), tuple(notes))


def appraisal_ratings(
    appraised: Sequence[Appraised], *, instrument: Instrument, ratings: Sequence[Rating]
) -> Sheet:
    """Return the number of studies per rating, under the rule that gave it."""
    names = [each.name for each in ratings]
    rows = []
    for name in [*names, "not rated"]:
        rated = [study for study in appraised if (study.rating or "not rated") == name]
        if name in names or rated:
            made_up = any(study.synthetic for study in rated)
            rows.append(
                (
                    Cell(name),
                    Cell(str(len(rated)), made_up),
                    Cell(percent(len(rated), len(appraised)), made_up),
                )
            )
    columns = (Column("rating", "Rating"), Column("n", "n", number=True), Column("percent", "%", number=True))
    notes = [_of_what(appraised), *rule_notes(rule(ratings, instrument), instrument)]
    return Sheet("ratings", "Studies by rating", columns, tuple(rows), tuple(notes))


def _of_what(appraised: Sequence[Appraised]) -> str:
    """Return of how many studies a table counts, and of how many results of theirs."""
    n_studies = len({study.study_id for study in appraised})
    results = f"{len(appraised)} results of " if len(appraised) > n_studies else ""
    return f"Of {results}{tables.counted(n_studies, 'study', 'studies')}."


def appraisal_confidence(appraised: Sequence[Appraised], *, instrument: Instrument) -> Sheet:
    """Return the number of studies by the judgement of the whole that the instrument's rule gives."""
    rows = []
    for name in (*overall.CONFIDENCE, "not judged"):
        there = [study for study in appraised if (study.by_rule or "not judged") == name]
        if there or name in overall.CONFIDENCE:
            made_up = any(study.synthetic for study in there)
            share = percent(len(there), len(appraised))
            rows.append((Cell(name), Cell(str(len(there)), made_up), Cell(share, made_up)))
    columns = (
        Column("confidence", "Confidence"),
        Column("n", "n", number=True),
        Column("percent", "%", number=True),
    )
    notes = (_of_what(appraised), overall.sentence(instrument))
    return Sheet("confidence", "Studies by overall confidence", columns, tuple(rows), notes)


def robvis_sheet(appraised: Sequence[Appraised], *, instrument: Instrument) -> Sheet:
    """
    Return the judgements as robvis reads them: a row per study, its overall judgement and its weight last.

    The weight is 1 where none is given, as in its manual. What is not settled is blank.
    """
    domains = [each for each in instrument.items if each.rated and is_shown(each, appraised)]
    whole = [each for each in instrument.items if each.item == "Overall" and is_shown(each, appraised)]
    computed = has_confidence(instrument) and not whole
    rows = []
    for study in appraised:
        words = [
            judged.judgement.judgement.capitalize()
            if (judged := study.judged.get(each.item)) is not None and judged.judgement is not None
            else ""
            for each in (*domains, *whole)
        ]
        words += [study.by_rule.capitalize()] if computed else []
        weight = 1.0 if study.weight is None else study.weight
        rows.append((Cell(study.name), *map(Cell, words), Cell(f"{weight:g}")))
    columns = [Column("Study", "Study"), *(Column(each.item, each.item) for each in domains)]
    columns += [Column("Overall", "Overall")] if whole or computed else []
    return Sheet("robvis", "Judgements", (*columns, Column("Weight", "Weight")), tuple(rows), ())


def appraiser_agreement(appraised: Sequence[Appraised], *, instrument: Instrument) -> Sheet | None:
    """Return how far appraisers agree, over all items of all studies; None where fewer than two appraised."""
    compared = compare_appraisers(appraised, instrument=instrument)
    if not compared.pairs:
        return None
    rows = [pair_cells(pair) for pair in compared.pairs]
    columns = pair_columns("Appraisers", "Items judged by both")
    notes = [compared_sentence(compared, "Appraisers", "items"), KAPPA_NOTE]
    if instrument.scale:
        weighted = [pair.statistics.cohen_linear for pair in compared.pairs]
        rows = [
            [*cells, "–" if each.value is None else number(each.value), interval(each) or "–"]
            for cells, each in zip(rows, weighted, strict=True)
        ]
        columns += (
            Column("linear", "Linear kappa", number=True),
            Column("linear_interval", "95% interval", number=True),
        )
        notes.append(f"Linear kappa: weighted by the steps between {', '.join(instrument.scale)}.")
    return Sheet("appraisers", "Agreement between appraisers", columns, rows_of(rows), tuple(notes))


def compare_appraisers(appraised: Sequence[Appraised], *, instrument: Instrument) -> Compared:
    """Return the agreement of appraisers before consensus, over all items of all studies."""
    said: dict[str, dict[Hashable, str]] = {}
    for study in appraised:
        for item, judged in study.judged.items():
            for reviewer, judgement in judged.said:
                said.setdefault(reviewer, {})[study.study_id, study.result, item] = judgement
    return agree(said, instrument.scale or [each.judgement for each in instrument.judgements])


def whole_json(
    appraised: Sequence[Appraised], *, instrument: Instrument, ratings: Sequence[Rating]
) -> dict[str, object]:
    """Return what ``appraise`` writes as JSON: the appraisals, and how far appraisers agree."""
    compared = compare_appraisers(appraised, instrument=instrument)
    agreement = {
        "pairs": [
            {"appraiser_1": pair.first, "appraiser_2": pair.second}
            | _with_order(pair.statistics.to_json(), instrument)
            for pair in compared.pairs
        ],
        "overall": _with_order(compared.overall.to_json(), instrument),
    }
    told = appraisal.to_json(appraised, instrument=instrument, ratings=ratings)
    return {**told, "agreement": agreement}


def _with_order(statistics: dict[str, Any], instrument: Instrument) -> dict[str, Any]:
    """Return statistics without those that take the order of judgements, where these have none."""
    if instrument.scale:
        return statistics
    ordered = [name for name in statistics if name.startswith(_BY_ORDER)]
    why = {name: "the judgements have no order" for name in ordered if name in _BY_ORDER}
    return statistics | dict.fromkeys(ordered) | {"why": statistics["why"] | why}


def what_is_open(study: Appraised, instrument: Instrument) -> list[str]:
    """Return what keeps a study's appraisal from being complete, or is odd about it, in sentences."""
    told = []
    if study.unknown_design:
        known = ", ".join(each.design for each in instrument.designs)
        what = (
            f"design {study.design!r} is not one that the instrument knows" if study.design else "no design"
        )
        told.append(f"{what} ({known})")
    told += stopped_notes(study, instrument)
    if study.fault:
        told.append(study.fault)
    if study.undecided_sets:
        told.append(f"a {study.design} study needs one of the sets {', '.join(study.undecided_sets)}")
    if study.missing:
        told.append(f"not judged: {', '.join(study.missing)}")
    if study.conflicts:
        told.append(f"appraisers differ on {', '.join(study.conflicts)}")
    if study.unasked:
        told.append(f"judged but not asked of its design: {', '.join(study.unasked)}")
    return told


def stopped_notes(study: Appraised, instrument: Instrument) -> list[str]:
    """Return why a study that does not pass the screening questions is not rated, in a sentence or none."""
    answers = [
        f"{item} {each.judgement.judgement}"
        for item in study.stopped
        if (each := study.judged[item]).judgement is not None
    ]
    if not answers:
        return []
    advice = f": {instrument.gate_advice}" if instrument.gate_advice else ""
    return [f"screening questions {', '.join(answers)}; not rated{advice}"]


def counting_notes(instrument: Instrument, *, rated: bool) -> list[str]:
    """Return what an instrument counts, and its authors' advice where no rating has it."""
    if not instrument.unit:
        return []
    advice = [instrument.advice] if instrument.advice and not rated else []
    return [
        f"{heading_of(instrument.unit)}: the sum of a complete appraisal, of the most there are.",
        *advice,
    ]


def rule_notes(rule: str, instrument: Instrument) -> list[str]:
    """Return what stands under ratings: the rule, and what the instrument's authors advise."""
    return [rule, *([instrument.advice] if instrument.advice else [])] if rule else []


def _judgement_cell(study: Appraised, item: str) -> Cell:
    if item not in study.asked:
        return BLANK
    judged = study.judged.get(item)
    if judged is None:
        return Cell(MISSING, data="missing")
    if judged.words:
        return Cell(IN_WORDS, judged.synthetic, data="; ".join(judged.words))
    if judged.judgement is None:
        return Cell(CONFLICT, judged.synthetic, data="conflict")
    return Cell(judged.judgement.symbol, judged.synthetic, data=judged.judgement.judgement)
