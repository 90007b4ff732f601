"""Appraisals → their tables: by item, by judgement, by rating, agreement between appraisers."""

from collections.abc import Hashable, Sequence

from peerreview.agreement.judgements import Compared, agree
from peerreview.paper.sheets import BLANK, Cell, Column, Sheet, heading_of, percent, rows_of
from peerreview.paper.sheets.agreement import KAPPA_NOTE, compared_sentence, pair_cells, pair_columns
from peerreview.protocol import Rating
from peerreview.synthesis import appraisal
from peerreview.synthesis.appraisal import Appraised
from peerreview.synthesis.instrument import Instrument

MISSING, CONFLICT = "…", "≠"


def appraisal_items(
    appraised: Sequence[Appraised], *, instrument: Instrument, ratings: Sequence[Rating] = ()
) -> Sheet:
    """Return the judgement on each item of each study, as symbols, and the rating where there is a rule."""
    asked = [each for each in instrument.items if any(each.item in study.asked for study in appraised)]
    columns = [Column("study", "Study")]
    if instrument.designs:
        columns.append(Column("design", "Design"))
    columns += [Column(each.item, each.item, narrow=True) for each in asked]
    if ratings:
        columns += [Column("favourable", "Share", number=True), Column("rating", "Rating")]
    rows = []
    for study in appraised:
        cells = [Cell(study.label)]
        if instrument.designs:
            cells.append(Cell(study.design))
        cells += [_judgement_cell(study, each.item) for each in asked]
        if ratings:
            share = f"{study.n_favourable}/{study.n_applicable}" if study.n_applicable else ""
            cells += [Cell(share, study.synthetic), Cell(study.rating or "not rated", study.synthetic)]
        rows.append(tuple(cells))
    legend = "; ".join(f"{each.symbol} {each.judgement}" for each in instrument.judgements)
    notes = [
        f"{instrument.title}.",
        *([instrument.labels_note] if instrument.labels_note else []),
        f"{legend}; {CONFLICT} appraisers differ; {MISSING} not judged; blank: not asked of this design.",
        *(f"{study.label}: {what}" for study in appraised for what in what_is_open(study, instrument)),
        *rule_notes(appraisal.rule(ratings, instrument), instrument),
        *([instrument.reference] if instrument.reference else []),
    ]
    return Sheet("appraisal", "Quality appraisal by item", tuple(columns), tuple(rows), tuple(notes))


def appraisal_summary(appraised: Sequence[Appraised], *, instrument: Instrument) -> Sheet:
    """Return how often each judgement was given, per item."""
    summary = appraisal.summarise(appraised, instrument=instrument)
    counted = [each.judgement for each in instrument.judgements]
    counted += [each for each in ("conflict", "missing") if (summary[each] > 0).any()]
    columns = [Column("item", "Item"), Column("text", "What it asks")]
    columns += [Column(each, heading_of(each), number=True) for each in counted]
    columns.append(Column("n_asked", "Studies asked", number=True))
    rows = []
    for row in summary.to_dict("records"):
        made_up = row["n_synthetic"] > 0
        cells = [Cell(row["item"]), Cell(row["text"])]
        cells += [Cell(str(row[each]), made_up and row[each] > 0 and each != "missing") for each in counted]
        rows.append((*cells, Cell(str(row["n_asked"]))))
    notes = ["Counts are studies.", *([instrument.labels_note] if instrument.labels_note else [])]
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
    notes = [f"Of {len(appraised)} studies.", *rule_notes(appraisal.rule(ratings, instrument), instrument)]
    return Sheet("ratings", "Studies by rating", columns, tuple(rows), tuple(notes))


def appraiser_agreement(appraised: Sequence[Appraised], *, instrument: Instrument) -> Sheet | None:
    """Return how far appraisers agree, over all items of all studies; None where fewer than two appraised."""
    compared = compare_appraisers(appraised, instrument=instrument)
    if not compared.pairs:
        return None
    rows = rows_of([pair_cells(pair) for pair in compared.pairs])
    columns = pair_columns("Appraisers", "Items judged by both")
    notes = (compared_sentence(compared, "Appraisers", "items"), KAPPA_NOTE)
    return Sheet("appraisers", "Agreement between appraisers", columns, rows, notes)


def compare_appraisers(appraised: Sequence[Appraised], *, instrument: Instrument) -> Compared:
    """Return the agreement of appraisers before consensus, over all items of all studies."""
    said: dict[str, dict[Hashable, str]] = {}
    for study in appraised:
        for item, judged in study.judged.items():
            for reviewer, judgement in judged.said:
                said.setdefault(reviewer, {})[study.study_id, item] = judgement
    return agree(said, [each.judgement for each in instrument.judgements])


def what_is_open(study: Appraised, instrument: Instrument) -> list[str]:
    """Return what keeps a study's appraisal from being complete, or is odd about it, in sentences."""
    told = []
    if study.unknown_design:
        known = ", ".join(each.design for each in instrument.designs)
        what = (
            f"design {study.design!r} is not one that the instrument knows" if study.design else "no design"
        )
        told.append(f"{what} ({known})")
    if study.undecided_sets:
        told.append(f"a {study.design} study needs one of the sets {', '.join(study.undecided_sets)}")
    if study.missing:
        told.append(f"not judged: {', '.join(study.missing)}")
    if study.conflicts:
        told.append(f"appraisers differ on {', '.join(study.conflicts)}")
    if study.unasked:
        told.append(f"judged but not asked of its design: {', '.join(study.unasked)}")
    return told


def rule_notes(rule: str, instrument: Instrument) -> list[str]:
    """Return what stands under ratings: the rule, and what the instrument's authors advise."""
    return [rule, *([instrument.advice] if instrument.advice else [])] if rule else []


def _judgement_cell(study: Appraised, item: str) -> Cell:
    if item not in study.asked:
        return BLANK
    judged = study.judged.get(item)
    if judged is None:
        return Cell(MISSING, data="missing")
    if judged.judgement is None:
        return Cell(CONFLICT, judged.synthetic, data="conflict")
    return Cell(judged.judgement.symbol, judged.synthetic, data=judged.judgement.judgement)
