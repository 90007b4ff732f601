"""Codings → the tables of themes: tally, matrix, evidence, stated totals, agreement between coders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.agreement.judgements import Compared, agree, agree_pairwise
from peerreview.paper.sheets import BLANK, DAGGER, Cell, Column, Sheet, heading_of, percent, rows_of
from peerreview.paper.sheets.statistics import KAPPA_NOTE, compared_sentence, pair_cells, pair_columns
from peerreview.screening.people import shown_as
from peerreview.synthesis import themes
from peerreview.tables import LIST, OUTSIDE, RESOLUTIONS, SYNTHETIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from peerreview.synthesis.themes import Coding

_FOUND = ("yes", "no")
CODED, BY_SUBTHEME = "•", "◦"
MOST_STUDIES_ACROSS = 12
"""A theme × study matrix with more studies has them as rows."""


def theme_sheets(coding: Coding) -> list[Sheet]:
    """Return what is printed of themes: the tally, the matrix, and how far coders agree, if there are two."""
    agreed = coder_agreement(coding)
    return [theme_tally(coding), theme_matrix(coding), *([agreed] if agreed else [])]


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
        outside = any(coding.is_outside(study_id, each.theme) for study_id in coding.studies)
        cells = [Cell(each.label, indent=each.level)]
        cells += [Cell(each.description)] if described else []
        cells += [
            Cell(str(row["n"]), row["n_synthetic"] > 0, outside=outside),
            Cell(str(n_studies)),
            Cell(percent(row["n"], n_studies), row["n_synthetic"] > 0, outside=outside),
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
    notes = [_unit(coding), *_by_coders(coding)]
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
                outside=coding.is_outside(study_id, theme),
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
    notes = [f"{legend}. {_unit(coding)}", *_by_coders(coding), *_bases(coding)]
    return Sheet("matrix", "Themes by study", tuple(columns), tuple(rows), tuple(notes))


def theme_evidence(coding: Coding) -> Sheet:
    """Return the rows behind each cell of the matrix: study, theme, quotation, location, coder, basis."""
    labels = {each.theme: each.label for each in coding.themes}
    order = {each.theme: position for position, each in enumerate(coding.themes)}
    studies = {study_id: position for position, study_id in enumerate(coding.studies)}
    told = sorted(
        tables.rows(coding.quotes),
        key=lambda row: (order[row["theme"]], studies[row["study_id"]]),
    )
    used = [
        column for column in ("quote", "location", "coder", "basis") if (coding.quotes[column] != "").any()
    ]
    shown = shown_as(coding.quotes["coder"], ())
    rows = []
    for row in told:
        row["coder"] = shown[row["coder"]]
        made_up, outside = row["basis"] == SYNTHETIC, row["basis"] == OUTSIDE
        cells = [Cell(labels[row["theme"]]), Cell(coding.studies[row["study_id"]], made_up, outside=outside)]
        rows.append((*cells, *(Cell(row[column], made_up, outside=outside) for column in used)))
    columns = [Column("theme", "Theme"), Column("study", "Study")]
    columns += [Column(column, heading_of(column)) for column in used]
    return Sheet("evidence", "Evidence behind the themes", tuple(columns), tuple(rows), tuple(_bases(coding)))


def stated_themes(coding: Coding, stated: pd.DataFrame) -> Sheet:
    """
    Return the totals that a manuscript states beside those that the rows give.

    Parameters
    ----------
    coding : what was coded.
    stated : ``theme, stated``, a whole number of studies or blank.
    """
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
    rows: list[list[Cell | str]] = []
    for each in coding.themes:
        pairs = agree_pairwise(_said_of(coding, each.theme), _FOUND)
        rows += [[Cell(each.label, indent=each.level), *pair_cells(pair)] for pair in pairs]
    if not rows:
        return None
    compared = compare_coders(coding)
    rows += [["All themes", *pair_cells(pair)] for pair in compared.pairs]
    columns = (Column("theme", "Theme"), *pair_columns("Coders", "Studies coded by both"))
    notes = (
        compared_sentence(compared, "Coders", "studies and themes"),
        "All themes: each study counts once for each theme.",
        KAPPA_NOTE,
        *_bases(coding),
    )
    return Sheet("coders", "Agreement between coders by theme", columns, rows_of(rows), notes)


def compare_coders(coding: Coding) -> Compared:
    """Return the agreement of coders before consensus, over all themes of all studies."""
    said: dict[str, dict[tuple[str, str], str]] = {}
    for each in coding.themes:
        for coder, studies in _said_of(coding, each.theme).items():
            for study_id, found in studies.items():
                said.setdefault(coder, {})[study_id, each.theme] = found
    return agree(said, _FOUND)


def _said_of(coding: Coding, theme: str) -> dict[str, dict[str, str]]:
    """Return whether each coder found a theme in each study in which they coded anything."""
    coded: dict[str, dict[str, set[str]]] = {}
    for row in tables.rows(coding.quotes):
        # What was agreed on later is no coder's own word.
        if row["coder"].casefold() in RESOLUTIONS:
            continue
        coded.setdefault(row["coder"], {}).setdefault(row["study_id"], set()).add(row["theme"])
    return {
        coder: {study: "yes" if theme in found else "no" for study, found in studies.items()}
        for coder, studies in coded.items()
    }


def _unit(coding: Coding) -> str:
    return f"Unit: studies (N = {len(coding.studies)}); blank or 0 means not coded, not absent."


def _by_coders(coding: Coding) -> list[str]:
    """Return how several coders' rows make one tally."""
    coders = {coder.casefold() for coder in coding.quotes["coder"]}
    if len(coders - set(RESOLUTIONS)) < 2:
        return []
    said = "A theme counts in a study where at least one coder found it"
    if not coders & set(RESOLUTIONS):
        return [f"{said}."]
    settled = "; where they settled a study by consensus or an adjudicator, as all coders or that word say"
    n = len(coding.overruled)
    gone = f" ({n} that only some found {'is' if n == 1 else 'are'} left out)" if n else ""
    return [f"{said}{settled}{gone}."]


def _bases(coding: Coding) -> list[str]:
    if not coding.bases:
        return []
    whole = len(coding.quotes) + coding.left_out
    return [f"Only rows whose basis is {' or '.join(coding.bases)}: {len(coding.quotes)} of {whole}."]
