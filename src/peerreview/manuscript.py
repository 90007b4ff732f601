"""Stages' results → the tables that go into the paper."""

import re
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from peerreview import appraisal, findings, themes
from peerreview.appraisal import Appraised
from peerreview.coefficients import Pair, agree_pairwise
from peerreview.errors import InputError
from peerreview.instrument import Instrument
from peerreview.normalise.folding import fold
from peerreview.protocol import Rating
from peerreview.sheets import BLANK, DAGGER, Cell, Column, Sheet, heading_of, percent, rows_of
from peerreview.tables import LIST, SYNTHETIC, is_synthetic
from peerreview.themes import Coding

CODED, BY_SUBTHEME = "•", "◦"
MOST_STUDIES_ACROSS = 12
"""A theme × study matrix with more studies has them as rows."""
MISSING, CONFLICT = "…", "≠"
STAGE_NAMES = {"title_abstract": "Title and abstract", "full_text": "Full text"}


def theme_tally(coding: Coding, *, references: Mapping[str, str] | None = None) -> Sheet:
    """
    Return the tally: per theme, in how many of all studies it was found.

    Parameters
    ----------
    references : study_id → how the studies with a theme are cited beside it; with
        them stand the codebook's descriptions.
    """
    rows = []
    tally = themes.tally(coding)
    nested = bool((tally["level"] > 0).any())
    described = references is not None and any(each.description for each in coding.themes)
    for each, row in zip(coding.themes, tally.to_dict("records"), strict=True):
        n_studies = row["n_studies"]
        cells = [Cell(each.label, indent=each.level)]
        cells += [Cell(each.description)] if described else []
        cells += [
            Cell(str(row["n"]), row["n_synthetic"] > 0),
            Cell(str(n_studies)),
            Cell(percent(row["n"], n_studies), row["n_synthetic"] > 0),
        ]
        if nested:
            cells.append(Cell(str(row["n_with_subthemes"]), row["n_with_subthemes_synthetic"] > 0))
        if references is not None:
            cited = [
                references[study_id] + (DAGGER if coding.is_synthetic(study_id, each.theme) else "")
                for study_id in coding.studies
                if (study_id, each.theme) in coding.rows
            ]
            cells.append(Cell(LIST.join(cited)))
        rows.append(tuple(cells))
    columns = [
        Column("theme", "Theme"),
        *([Column("description", "Description")] if described else []),
        Column("n", "n", number=True),
        Column("n_studies", "of N studies", number=True),
        Column("percent", "%", number=True),
    ]
    notes = [_unit(coding)]
    if nested:
        columns.append(Column("n_with_subthemes", "n with subthemes", number=True))
        notes.append("n with subthemes: studies coded with the theme or with any theme under it.")
    if references is not None:
        columns.append(Column("references", "Studies"))
    return Sheet(
        "themes", "Themes and the number of studies in which they were found",
        tuple(columns), tuple(rows), tuple(notes + _bases(coding)),
    )  # fmt: skip


def theme_matrix(coding: Coding) -> Sheet:
    """Return the study × theme matrix; a long list of studies goes down the page, a short one across."""
    below = coding.below()
    implied = False

    def cell(study_id: str, theme: str) -> Cell:
        nonlocal implied
        if (study_id, theme) in coding.rows:
            return Cell(
                CODED,
                coding.is_synthetic(study_id, theme),
                data="coded",
                tip=coding.evidence(study_id, theme),
            )
        under = [each for each in below[theme] if (study_id, each) in coding.rows]
        if not under:
            return BLANK
        implied = True
        made_up = all(coding.is_synthetic(study_id, each) for each in under)
        return Cell(BY_SUBTHEME, made_up, data="through a subtheme")

    if len(coding.studies) > MOST_STUDIES_ACROSS:
        columns = [Column("study", "Study")]
        columns += [Column(each.theme, each.label, narrow=True) for each in coding.themes]
        rows = [
            (Cell(label), *(cell(study_id, each.theme) for each in coding.themes))
            for study_id, label in coding.studies.items()
        ]
    else:
        columns = [Column("theme", "Theme")]
        columns += [Column(study_id, label, narrow=True) for study_id, label in coding.studies.items()]
        rows = [
            (
                Cell(each.label, indent=each.level),
                *(cell(study_id, each.theme) for study_id in coding.studies),
            )
            for each in coding.themes
        ]
    legend = f"{CODED} coded" + (f"; {BY_SUBTHEME} only through a subtheme" if implied else "")
    notes = [f"{legend}. {_unit(coding)}", *_bases(coding)]
    return Sheet("matrix", "Themes by study", tuple(columns), tuple(rows), tuple(notes))


def theme_evidence(coding: Coding) -> Sheet:
    """Return the rows behind each cell of the matrix: study, theme, quotation, location, coder, basis."""
    labels = {each.theme: each.label for each in coding.themes}
    order = {each.theme: position for position, each in enumerate(coding.themes)}
    studies = {study_id: position for position, study_id in enumerate(coding.studies)}
    told = sorted(
        _rows(coding.quotes),
        key=lambda row: (order[row["theme"]], studies[row["study_id"]]),
    )
    used = [
        column for column in ("quote", "location", "coder", "basis") if (coding.quotes[column] != "").any()
    ]
    rows = []
    for row in told:
        made_up = row["basis"] == SYNTHETIC
        cells = [Cell(labels[row["theme"]]), Cell(coding.studies[row["study_id"]], made_up)]
        rows.append((*cells, *(Cell(row[column], made_up) for column in used)))
    columns = [Column("theme", "Theme"), Column("study", "Study")]
    columns += [Column(column, heading_of(column)) for column in used]
    return Sheet("evidence", "Evidence behind the themes", tuple(columns), tuple(rows), tuple(_bases(coding)))


def stated_themes(coding: Coding, stated: pd.DataFrame) -> Sheet:
    """Return the totals that a manuscript states beside those that the rows give."""
    tally = themes.tally(coding).set_index("theme")
    rows = []
    gaps = 0
    for row in themes.compare(coding, stated).to_dict("records"):
        made_up = int(tally["n_synthetic"][row["theme"]]) > 0
        said, gap = row["stated"], row["gap"]
        gaps += bool(gap)
        verdict = "not stated" if said is None else "agrees" if gap == 0 else f"differs by {abs(gap)}"
        rows.append(
            (
                Cell(row["label"]),
                Cell("" if said is None else str(said)),
                Cell(str(row["counted"]), made_up),
                Cell("" if gap is None else f"{gap:+d}" if gap else "0"),
                Cell(verdict),
            )
        )
    columns = (
        Column("theme", "Theme"),
        Column("stated", "Stated", number=True),
        Column("counted", "Counted", number=True),
        Column("gap", "Stated − counted", number=True),
        Column("verdict", "Verdict"),
    )
    stands = f"{gaps} of {int((stated['stated'] != '').sum())} stated totals differ from the rows."
    return Sheet(
        "stated", "Stated totals beside counted ones", columns, tuple(rows),
        (stands, _unit(coding), *_bases(coding)),
    )  # fmt: skip


def coder_agreement(coding: Coding) -> Sheet | None:
    """
    Return how far coders agree on each theme; None where fewer than two coded.

    The unit is the study: a coder says of each study in which they coded
    anything whether it has the theme.
    """
    coded: dict[str, dict[str, set[str]]] = {}
    for row in _rows(coding.quotes):
        coded.setdefault(row["coder"], {}).setdefault(row["study_id"], set()).add(row["theme"])
    rows: list[list[Cell | str]] = []
    for each in coding.themes:
        said = {
            coder: {study: "yes" if each.theme in found else "no" for study, found in studies.items()}
            for coder, studies in coded.items()
        }
        rows += [
            [Cell(each.label, indent=each.level), *_agreement_cells(pair)]
            for pair in agree_pairwise(said, ("yes", "no"))
        ]
    if not rows:
        return None
    columns = (Column("theme", "Theme"), *_agreement_columns("Coders", "Studies coded by both"))
    return Sheet(
        "coders", "Agreement between coders by theme", columns, rows_of(rows), (_KAPPA_NOTE, *_bases(coding))
    )


def appraiser_agreement(appraised: Sequence[Appraised], *, instrument: Instrument) -> Sheet | None:
    """Return how far appraisers agree, over all items of all studies; None where fewer than two appraised."""
    said: dict[str, dict[Hashable, str]] = {}
    for study in appraised:
        for item, judged in study.judged.items():
            for reviewer, judgement in judged.said:
                said.setdefault(reviewer, {})[study.study_id, item] = judgement
    pairs = agree_pairwise(said, [each.judgement for each in instrument.judgements])
    if not pairs:
        return None
    rows = rows_of([_agreement_cells(pair) for pair in pairs])
    columns = _agreement_columns("Appraisers", "Items judged by both")
    return Sheet("appraisers", "Agreement between appraisers", columns, rows, (_KAPPA_NOTE,))


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
    columns = [Column("item", "Item"), Column("text", "Question")]
    columns += [Column(each, heading_of(each), number=True) for each in counted]
    columns.append(Column("n_asked", "Studies asked", number=True))
    rows = []
    for row in summary.to_dict("records"):
        made_up = row["n_synthetic"] > 0
        cells = [Cell(row["item"]), Cell(row["text"])]
        cells += [Cell(str(row[each]), made_up and row[each] > 0 and each != "missing") for each in counted]
        rows.append((*cells, Cell(str(row["n_asked"]))))
    return Sheet("summary", "Judgements by item", tuple(columns), tuple(rows), ("Counts are studies.",))


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


def characteristics(
    studies: pd.DataFrame, *, citations: Mapping[str, str] | None = None, columns: Sequence[str] = ()
) -> Sheet:
    """
    Return the characteristics of the included studies, a row each.

    Parameters
    ----------
    studies : ``study_id, label`` and what was extracted. A cell is synthetic where
        the row's ``basis`` or the cell's ``<column>_basis`` says so.
    citations : study_id → its reports' references.
    columns : those to show; all without their ``_basis`` where empty.

    Raises
    ------
    InputError
        For a column that is not there.
    """
    shown = list(columns) or extracted(studies)
    for column in shown:
        must_have(studies, column)
    headings = [Column("label", "Study"), *(Column(column, heading_of(column)) for column in shown)]
    rows = []
    for row in _rows(studies):
        cells = [Cell(row["label"])]
        cells += [Cell(row[column], is_synthetic(row, column)) for column in shown]
        if citations:
            cells.append(Cell(citations.get(row["study_id"], "")))
        rows.append(tuple(cells))
    if citations:
        headings.append(Column("references", "References"))
    return Sheet(
        "characteristics", "Characteristics of the included studies", tuple(headings), tuple(rows),
        (f"{len(studies)} studies.",),
    )  # fmt: skip


def counts(studies: pd.DataFrame, column: str) -> Sheet:
    """
    Return how many studies have each value of a column, the most frequent first.

    Raises
    ------
    InputError
        For a column that is not there.
    """
    must_have(studies, column)
    found: dict[str, list[bool]] = {}
    for row in _rows(studies):
        found.setdefault(row[column], []).append(is_synthetic(row, column))
    rows = []
    for value, made_up in sorted(found.items(), key=lambda each: (not each[0], -len(each[1]), each[0])):
        n, whole = len(made_up), len(studies)
        mark = any(made_up)
        rows.append((Cell(value or "not reported"), Cell(str(n), mark), Cell(percent(n, whole), mark)))
    heading = heading_of(column)
    columns = (Column(column, heading), Column("n", "n", number=True), Column("percent", "%", number=True))
    return Sheet(
        f"by-{column}", f"Studies by {heading[:1].lower()}{heading[1:]}", columns, tuple(rows),
        (f"Unit: studies (N = {len(studies)}).",),
    )  # fmt: skip


def excluded(screening: pd.DataFrame, unique: pd.DataFrame, declared: pd.DataFrame) -> Sheet:
    """
    Return the full texts that were excluded, each with its reason and citation.

    Parameters
    ----------
    declared : the sources; what a source declared synthetic found is synthetic.

    References
    ----------
    PRISMA 2020, item 16b, doi:10.1136/bmj.n71.
    """
    records = {row["record_id"]: row for row in _rows(unique)}
    made_up_sources = {row["source"] for row in _rows(declared) if is_synthetic(row, "source")}
    gone = screening[(screening["stage"] == "full_text") & (screening["outcome"] == "exclude")]
    rows = []
    for row in _rows(gone):
        record = records.get(row["record_id"])
        text = cite(record) if record else "not among the records"
        made_up = record is not None and _is_invented(record, made_up_sources)
        rows.append((row["reason"] or "no reason given", text, made_up, row["record_id"]))
    rows.sort(key=lambda each: (each[0], _by_name(each[1]), each[3]))
    columns = (
        Column("reference", "Reference"),
        Column("reason", "Reason for exclusion"),
        Column("record_id", "Record"),
    )
    return Sheet(
        "excluded", "Full texts excluded, with reasons", columns,
        tuple(
            (Cell(text, made_up), Cell(reason, made_up), Cell(record_id))
            for reason, text, made_up, record_id in rows
        ),
        (f"{len(rows):,} report{'' if len(rows) == 1 else 's'} excluded at full text.",),
    )  # fmt: skip


def sources(declared: pd.DataFrame, records: pd.DataFrame) -> Sheet:
    """
    Return the searches: source, platform, date, records found and imported, query.

    References
    ----------
    PRISMA-S, doi:10.1186/s13643-020-01542-z.
    """
    imported = _imported(declared, records)
    is_updated = set(declared["round"]) - {"", "1"}
    rows = []
    for row in _rows(declared):
        n = imported[row["file"]]
        found = f"{int(row['records']):,}" if row["records"] else ""
        texts = {
            **row,
            "round": (row["round"] or "1") if is_updated else "",
            "source_kind": row["source_kind"].replace("_", " "),
            "records": found,
            "imported": f"{n:,}" if n else "",
        }
        rows.append(
            [
                Cell(
                    texts[column],
                    is_synthetic(row, column) and column in ("searched_on", "records", "imported", "query"),
                )
                for column in (
                    "source",
                    "source_kind",
                    "platform",
                    "searched_on",
                    "round",
                    "records",
                    "imported",
                    "query",
                )
            ]
        )
    columns = (
        Column("source", "Source"), Column("source_kind", "Kind"), Column("platform", "Platform"),
        Column("searched_on", "Searched on"), Column("round", "Round", number=True),
        Column("records", "Records found", number=True),
        Column("imported", "Imported", number=True), Column("query", "Search strategy"),
    )  # fmt: skip
    return _without_blank_columns(Sheet("sources", "Sources searched", columns, rows_of(rows)))


def _imported(declared: pd.DataFrame, records: pd.DataFrame) -> Counter[str]:
    """Return how many records came from each declared file, which import knows by its name alone, too."""
    by_name: dict[str, list[str]] = {}
    for file in declared["file"]:
        by_name.setdefault(PurePosixPath(file).name, []).append(file)
    found: Counter[str] = Counter()
    for source_file, n in Counter(records["source_file"]).items():
        same_name = by_name.get(PurePosixPath(source_file).name, [])
        if source_file in same_name or len(same_name) == 1:
            found[source_file if source_file in same_name else same_name[0]] += n
    return found


def agreement(found: Mapping[str, Any], *, synthetic: bool = False) -> Sheet:
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
                findings.interval(pair, "cohen"),
                _decimal(pair.get("pabak")),
            ]
            rows.append(
                [
                    STAGE_NAMES.get(str(stage.get("stage", "")), heading_of(str(stage.get("stage", "")))),
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
    return _without_blank_columns(
        Sheet(
            "agreement",
            "Agreement between reviewers before resolution",
            columns,
            rows_of(rows),
            ("PABAK: prevalence-adjusted, bias-adjusted kappa.",),
        )
    )


def cite(record: Mapping[str, str]) -> str:
    """
    Return a record's reference, author–year: authors, year, title, journal, volume, pages, DOI.

    >>> cite({"authors": "Berry, C; Hayward, MI", "year": "2011", "title": "Another rather than other",
    ...       "journal": "J Public Ment Health", "volume": "", "issue": "", "pages": "", "doi": ""})
    'Berry C, Hayward MI (2011). Another rather than other. J Public Ment Health.'
    """
    names = [_with_initials(name.strip()) for name in record["authors"].split(";") if name.strip()]
    told = [name for name in names if name.casefold().rstrip(".") != "et al"]
    people = ", ".join(told[:3]) + (", et al." if len(told) > 3 or len(told) < len(names) else "")
    year = f"({record['year']})" if record["year"] else "(no date)"
    title = record["title"] or "No title"
    where = record["journal"]
    if record["volume"]:
        where += f" {record['volume']}" + (f"({record['issue']})" if record["issue"] else "")
    if record["pages"]:
        where += (": " if record["volume"] else ", " if where else "") + record["pages"]
    # What nobody signed, as a registered trial, stands under its title.
    lead = [f"{people} {year}", title] if people else [f"{title.removesuffix('.')} {year}"]
    parts = [*lead, where.strip()]
    text = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    return f"{text} doi:{record['doi']}" if record["doi"] else text


def _with_initials(name: str) -> str:
    """
    Return a person's family name and initials; a group's name as it is.

    >>> _with_initials("Müller-Lüdenscheidt, Anna-Lena M."), _with_initials("WHO")
    ('Müller-Lüdenscheidt ALM', 'WHO')
    """
    family, comma, given = name.partition(",")
    if not comma:
        return name
    parts = [part for part in re.split(r"[\s.\-]+", given) if part]
    # "MA" are initials already; "Ma" and "Anna" are names.
    letters = [part if part.isupper() and len(part) <= 3 else part[0].upper() for part in parts]
    return f"{family.strip()} {''.join(letters)}".strip()


def citations(reports: pd.DataFrame, unique: pd.DataFrame) -> dict[str, str]:
    """Return each study's references, from its reports, by study_id; one removed is cited as the one kept."""
    records: dict[str, dict[str, str]] = {}
    for row in _rows(unique):
        for record_id in (row["record_id"], *row["duplicates"].split(LIST)):
            records[record_id] = row
    found: dict[str, dict[str, str]] = {}
    for report in _rows(reports):
        record = records.get(report["record_id"])
        if record is not None:
            found.setdefault(report["study_id"], {})[record["record_id"]] = cite(record)
    return {study_id: _in_a_row(sorted(texts.values(), key=_by_name)) for study_id, texts in found.items()}


def _in_a_row(texts: Sequence[str]) -> str:
    """Return citations one after the other; the DOI that ends one would run into the next."""
    return LIST.join([*(text.removesuffix(".") for text in texts[:-1]), texts[-1]])


def _by_name(text: str) -> tuple[str, str]:
    """Return by what a reference list is ordered: accents stand with their letters."""
    return fold(text), text


def numbers(reports: pd.DataFrame, studies: pd.DataFrame) -> dict[str, str]:
    """
    Return each study's numbers in the list of references, as in ``[37, 48]``, by study_id.

    They are the column ``ref`` of the reports where there is one; else the
    studies count from 1 in their order.
    """
    found: dict[str, list[str]] = {}
    if "ref" in reports.columns:
        for report in _rows(reports):
            if report["ref"]:
                found.setdefault(report["study_id"], []).append(report["ref"])
    return {
        study_id: f"[{', '.join(sorted(found.get(study_id, [str(place)]), key=_by_number))}]"
        for place, study_id in enumerate(studies["study_id"], start=1)
    }


def _by_number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdecimal() else 0, text)


def extracted(studies: pd.DataFrame) -> list[str]:
    """Return the columns that hold what was extracted: no ids, no column on where a cell comes from."""
    return [
        column
        for column in studies.columns
        if column not in ("study_id", "label", "basis") and not column.endswith("_basis")
    ]


def must_have(studies: pd.DataFrame, column: str) -> None:
    """
    Check that the studies have a column.

    Raises
    ------
    InputError
        Where they do not, with those there are.
    """
    if column not in studies.columns:
        files = studies.attrs.get("files", (("", 0),))
        there = ", ".join(studies.columns)
        raise InputError(f"column {column!r} is missing; found {there}", path=files[0][0], line=1)


def rule_notes(rule: str, instrument: Instrument) -> list[str]:
    """Return what stands under ratings: the rule, and what the instrument's authors advise."""
    return [rule, *([instrument.advice] if instrument.advice else [])] if rule else []


_KAPPA_NOTE = "Agreement before consensus; Cohen's kappa with its 95% interval, – where it is not defined."


def _agreement_columns(people: str, units: str) -> tuple[Column, ...]:
    return (
        Column("pair", people),
        Column("n", units, number=True),
        Column("percent", "Agreement", number=True),
        Column("kappa", "Cohen's kappa", number=True),
        Column("interval", "95% interval", number=True),
    )


def _agreement_cells(pair: Pair) -> list[Cell | str]:
    kappa = pair.kappa
    bounds = {"kappa_lo": kappa.lo, "kappa_hi": kappa.hi, "kappa_se": kappa.se}
    return [
        f"{pair.first} – {pair.second}",
        str(pair.n),
        "–" if pair.percent is None else f"{100 * pair.percent:.1f}%",
        "–" if kappa.value is None else findings.number(kappa.value),
        findings.interval(bounds, "kappa") or "–",
    ]


def _judgement_cell(study: Appraised, item: str) -> Cell:
    if item not in study.asked:
        return BLANK
    judged = study.judged.get(item)
    if judged is None:
        return Cell(MISSING, data="missing")
    if judged.judgement is None:
        return Cell(CONFLICT, judged.synthetic, data="conflict")
    return Cell(judged.judgement.symbol, judged.synthetic, data=judged.judgement.judgement)


def _unit(coding: Coding) -> str:
    return f"Unit: studies (N = {len(coding.studies)}); blank or 0 means not coded, not absent."


def _bases(coding: Coding) -> list[str]:
    if not coding.bases:
        return []
    whole = len(coding.quotes) + coding.left_out
    return [f"Only rows whose basis is {' or '.join(coding.bases)}: {len(coding.quotes)} of {whole}."]


def _is_invented(record: Mapping[str, str], made_up_sources: Collection[str]) -> bool:
    # 10.5555 is the DOI prefix that is kept free for invented examples.
    return record["doi"].startswith("10.5555/") or record["source"] in made_up_sources


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(column): str(cell) for column, cell in row.items()} for row in frame.to_dict("records")]


def _decimal(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"


def _without_blank_columns(sheet: Sheet) -> Sheet:
    kept = [
        position
        for position in range(len(sheet.columns))
        if not sheet.rows or any(row[position].text for row in sheet.rows)
    ]
    return Sheet(
        sheet.name,
        sheet.title,
        tuple(sheet.columns[position] for position in kept),
        tuple(tuple(row[position] for position in kept) for row in sheet.rows),
        sheet.notes,
    )
