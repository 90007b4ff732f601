"""Codings of other shapes → rows of ``themes.csv``: a wide matrix, and what Taguette exports."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.synthesis.studies import by_name, check_names
from peerreview.tables import BASES, header_error, places, row_errors
from peerreview.values.counts import counted
from peerreview.values.folding import same

TAGUETTE = ("id", "document", "tag", "content")
TAGUETTE_CODEBOOK = ("tag", "description")
YES = ("1", "x", "yes", "true", "✓", "✔", "•", "●")
NO = ("", "0", "no", "false", "-", "–")
# QualCoder and NVivo export how often a theme was coded; pandas writes 2.0 where a cell is blank.
_TIMES = re.compile(r"0*[1-9][0-9]*(?:\.0+)?")
_NEVER = re.compile(r"0+(?:\.0+)?")
_LABELS = ("label", "study", "refs", "references")
_SUMS = frozenset({"total", "totals", "sum", "summe", "gesamt", "suma", "somme", "count", "n"})
_ABOUT = frozenset({
    "year", "publication year", "pub year", "year of publication", "no", "nr", "number", "#", "id", "row",
    "record id", "covidence id", "covidence #", "pmid",
    "sample size", "sample", "n total", "total n", "participants", "number of participants", "n participants",
    "age", "mean age", "weight", "score", "quality score", "total score",
})  # fmt: skip
"""What sheets say of a study in numbers, which are no count of a theme."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:\.0+)?")
_FEWEST_IN_ORDER = 4


@dataclass(frozen=True)
class Codings:
    """A coding as tables of ours, the ``shape`` that it had (long, wide, taguette), and what was odd."""

    themes: pd.DataFrame
    codebook: pd.DataFrame
    studies: pd.DataFrame
    shape: str
    remarks: tuple[str, ...] = ()


def read(
    raw: pd.DataFrame, *, codebook: pd.DataFrame | None, studies: pd.DataFrame, documents: pd.DataFrame
) -> Codings:
    """
    Return a coding of any shape as tables of ours.

    Parameters
    ----------
    studies : ``study_id, label``.
    raw : the coding's cells as they stand.
    codebook : its cells as they stand, ours or Taguette's; None where there is none.
    documents : which study a document of Taguette belongs to, where its name does not say.

    Raises
    ------
    InputError, InputErrors
        Where a table breaks a rule.
    """
    themes_known = tables.empty(tables.CODEBOOK)
    if codebook is not None:
        foreign = set(TAGUETTE_CODEBOOK) <= set(codebook.columns)
        themes_known = tables.check(
            codebook_from_taguette(codebook) if foreign else codebook, tables.CODEBOOK
        )
    shape = shape_of(raw)
    if "study_id" in raw.columns:
        check_names(raw, "study_id", raw["study_id"].str.strip().tolist(), by_name(studies))
    remarks: tuple[str, ...] = ()
    if shape == "wide":
        coded = from_matrix(raw, themes_known)
        remarks = on_numbers(raw)
    elif shape == "taguette":
        belongs = {name: name for name in studies["study_id"]}
        belongs |= dict(zip(studies["label"], studies["study_id"], strict=True))
        belongs |= dict(zip(documents["document"], documents["study_id"], strict=True))
        coded, untagged = from_taguette(raw, belongs)
        if untagged:
            remarks = (f"{untagged:,} of {len(raw):,} highlights have no tag and are not counted",)
    else:
        coded = tables.check(raw, tables.THEMES)
    return Codings(coded, themes_known, studies, shape, (*remarks, *_alike(coded, themes_known)))


def _alike(themes: pd.DataFrame, codebook: pd.DataFrame) -> list[str]:
    """Return what to tell of themes that are written in two ways, where no codebook has them as two."""
    spelled: dict[str, list[str]] = {}
    for theme in sorted(set(themes["theme"]) - set(codebook["theme"])):
        spelled.setdefault(same(theme), []).append(theme)
    return [
        f"themes {' and '.join(map(repr, each))} differ in case or blanks alone and are counted apart; "
        "if they are one, write it one way"
        for each in spelled.values()
        if len(each) > 1
    ]


def shape_of(raw: pd.DataFrame) -> str:
    """
    Return the shape of a coding: ``long``, ``wide`` or ``taguette``, by its columns.

    A long one has columns ``study_id`` and ``theme``; what has ``study_id`` alone is
    wide. Anything else is taken for long, so that the check says what is missing.

    Parameters
    ----------
    raw : the coding's cells as they stand, any columns.
    """
    if set(TAGUETTE[1:]) <= set(raw.columns):
        return "taguette"
    return "wide" if "study_id" in raw.columns and "theme" not in raw.columns else "long"


def from_matrix(raw: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """
    Return themes from a study × theme matrix.

    Parameters
    ----------
    codebook : ``theme, label``; empty where there is none.
    raw : ``study_id`` and a column per theme, named as in the codebook or by
        its label; cells say 1, x or yes where the study has the theme, or how
        often it was coded there; 0, no or nothing where it was not coded; or
        the basis of the coding.

    Returns
    -------
    Themes, each in the place of the row of ``raw`` behind it.

    Raises
    ------
    InputError
        For a column that is no theme of the codebook, and where no column is a theme.
    InputErrors
        For a cell that says something else, and a study with two rows.
    """
    names = {row["label"]: row["theme"] for row in codebook.to_dict("records") if row["label"]}
    names |= {theme: theme for theme in codebook["theme"]}
    columns: dict[str, str] = {}
    for column in raw.columns:
        if column == "study_id" or (column in _LABELS and column not in names):
            continue
        if column.strip().casefold() in _SUMS and column not in names:
            raise header_error(raw, f"column {column!r} is called as a sum, and no theme; take it out")
        if column not in names and (held := _no_theme(column, raw[column])):
            message = f"column {column!r} {held}, and no theme; take it out, or give it another name"
            raise header_error(raw, message)
        if len(codebook) and column not in names:
            message = f"column {column!r} is not a theme of the codebook; add it there or take it out"
            raise header_error(raw, message)
        columns[column] = names.get(column, column)
    if not columns:
        message = "holds no theme; add a column 'theme' with a row per theme found, or a column per theme"
        raise header_error(raw, message)
    problems, rows, positions = [], [], []
    seen: set[str] = set()
    for position, row in enumerate(raw.to_dict("records")):
        study_id = row["study_id"].strip()
        if study_id in seen:
            problems.append((position, f"study_id {study_id!r} stands here twice"))
        seen.add(study_id)
        for column, theme in columns.items():
            cell = row[column].strip().casefold()
            if cell in YES or cell in BASES or _TIMES.fullmatch(cell):
                rows.append({"study_id": study_id, "theme": theme, "basis": cell if cell in BASES else ""})
                positions.append(position)
            elif cell not in NO and not _NEVER.fullmatch(cell):
                problems.append((position, f"{column} {row[column]!r} is not a count, 1, 0 or blank"))
    if problems:
        raise row_errors(raw, problems)
    return _placed(tables.make(tables.THEMES, rows), raw, positions)


def on_numbers(matrix: pd.DataFrame) -> tuple[str, ...]:
    """
    Return what to tell of numbers in a matrix: what they are taken for, where scores would look alike.

    Parameters
    ----------
    matrix : as ``from_matrix`` takes it.
    """
    numbers = [
        (column, cell.strip())
        for column in matrix.columns
        if column != "study_id" and column not in _LABELS
        for cell in matrix[column]
        if _TIMES.fullmatch(cell.strip())
    ]
    above = [cell for _, cell in numbers if float(cell) > 1]
    if not above:
        return ()
    cells = counted(len(above), "cell is", "cells are")
    told = (
        f"{cells} above 1, as '{above[0]}': each number but 0 says that a theme was coded, and how often; "
        "where yours are scores, write 1 and 0"
    )
    return (told,)


def _no_theme(column: str, cells: "pd.Series[str]") -> str:
    """
    Return what a column holds that says something else of a study than how often a theme was coded.

    >>> _no_theme("Published", pd.Series(["2019", "2020"]))
    'holds years'
    >>> _no_theme("Trust", pd.Series(["1", "2", "0"]))
    ''
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    # Blanks of a matrix are studies without the theme; a year is there for each.
    if filled and all(map(_YEAR.fullmatch, filled)):
        return "holds years"
    if " ".join(re.sub(r"[^\w#]+|_", " ", column).casefold().split()) in _ABOUT and any(
        cell not in YES and _TIMES.fullmatch(cell) for cell in filled
    ):
        return "is called as something else of a study"
    if len(filled) >= _FEWEST_IN_ORDER and filled == [str(n) for n in range(1, len(cells) + 1)]:
        return "numbers the rows"
    return ""


def from_taguette(raw: pd.DataFrame, documents: Mapping[str, str]) -> tuple[pd.DataFrame, int]:
    """
    Return themes from Taguette's ``highlights.csv``, and the number of highlights without a tag.

    Parameters
    ----------
    raw : ``id, document, tag, content``, a row per highlight and tag.
    documents : document → study_id.

    Returns
    -------
    Themes, the highlight as ``quote`` and its document and number as
    ``location``, each in the place of the row of ``raw`` behind it.

    Raises
    ------
    InputErrors
        For a document of no study.
    """
    problems, rows, positions = [], [], []
    untagged = 0
    for position, row in enumerate(raw.to_dict("records")):
        if row["document"] not in documents:
            problems.append(
                (position, f"document {row['document']!r} belongs to no study; add it to the documents")
            )
        elif not row["tag"].strip():
            untagged += 1
        else:
            location = ", highlight ".join(part for part in (row["document"], row.get("id", "")) if part)
            rows.append(
                {
                    "study_id": documents[row["document"]],
                    "theme": row["tag"].strip(),
                    "quote": row["content"],
                    "location": location,
                }
            )
            positions.append(position)
    if problems:
        raise row_errors(raw, problems)
    return _placed(tables.make(tables.THEMES, rows), raw, positions), untagged


def codebook_from_taguette(raw: pd.DataFrame) -> pd.DataFrame:
    """
    Return a codebook from Taguette's ``codebook.csv``; dots in a tag make it a subtheme.

    The parent of ``readiness.roles`` is ``readiness`` where that is a tag, too.

    Parameters
    ----------
    raw : ``tag, description``, as Taguette exports it.
    """
    tags = {row["tag"] for row in raw.to_dict("records")}
    rows = []
    for row in raw.to_dict("records"):
        parent, _, label = row["tag"].rpartition(".")
        while parent and parent not in tags:
            above, _, last = parent.rpartition(".")
            parent, label = above, f"{last}.{label}"
        rows.append(
            {"theme": row["tag"], "parent": parent, "label": label, "description": row["description"]}
        )
    return places.put(tables.make(tables.CODEBOOK, rows), places.of(raw))


def _placed(themes: pd.DataFrame, raw: pd.DataFrame, positions: list[int]) -> pd.DataFrame:
    return places.put(themes, places.take(raw, positions))
