"""Codes → tallies: in how many studies a theme was found, and in which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from peerreview.errors import UsageError
from peerreview.tables import BASES, OUTSIDE, RESOLUTIONS, SYNTHETIC, row_errors


@dataclass(frozen=True)
class Theme:
    """A theme of the codebook; ``level`` is 0 for a theme without a parent."""

    theme: str
    label: str
    parent: str = ""
    description: str = ""
    level: int = 0


@dataclass(frozen=True)
class Coding:
    """
    Which study was coded with which theme.

    ``rows`` gives, per (study_id, theme), the 0-based positions in
    ``quotes`` of the rows that say so: the evidence behind the cell.
    ``left_out`` counts rows whose basis was not asked for. ``overruled`` are
    the cells that a coder found and the coders' consensus did not take over.
    """

    themes: tuple[Theme, ...]
    studies: Mapping[str, str]
    quotes: pd.DataFrame
    rows: Mapping[tuple[str, str], tuple[int, ...]]
    bases: tuple[str, ...] = ()
    left_out: int = 0
    overruled: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _told(self) -> list[dict[str, str]]:
        columns = ["quote", "location", "coder", "basis"]
        cells = (self.quotes[column].tolist() for column in columns)
        return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]

    def is_synthetic(self, study_id: str, theme: str) -> bool:
        """Return whether the cell rests on synthetic rows alone."""
        positions = self.rows.get((study_id, theme), ())
        return bool(positions) and all(self._told[position]["basis"] == SYNTHETIC for position in positions)

    def is_outside(self, study_id: str, theme: str) -> bool:
        """Return whether the cell rests on what is known from outside the reports alone."""
        positions = self.rows.get((study_id, theme), ())
        return bool(positions) and all(self._told[position]["basis"] == OUTSIDE for position in positions)

    def evidence(self, study_id: str, theme: str) -> str:
        """Return the quotations behind a cell, each with location and coder; blank where there are none."""
        told = []
        for position in self.rows.get((study_id, theme), ()):
            row = self._told[position]
            quote = f"“{row['quote']}”" if row["quote"] else ""
            aside = ", ".join(part for part in (row["location"], row["coder"]) if part)
            told.append(" ".join(part for part in (quote, f"({aside})" if aside else "") if part))
        return " ".join(each for each in told if each)

    def below(self) -> dict[str, tuple[str, ...]]:
        """Return, per theme, the theme itself and all themes under it."""
        found: dict[str, list[str]] = {each.theme: [each.theme] for each in self.themes}
        parents = {each.theme: each.parent for each in self.themes}
        for each in self.themes:
            parent = each.parent
            while parent:
                found[parent].append(each.theme)
                parent = parents[parent]
        return {theme: tuple(under) for theme, under in found.items()}


def arrange(codebook: pd.DataFrame, themes: pd.DataFrame) -> tuple[Theme, ...]:
    """
    Return the themes in the codebook's order, each followed by its subthemes.

    Without a codebook they are those that were coded, in order of their names.

    Parameters
    ----------
    codebook : ``theme, parent, label, description``.
    themes : ``theme``.

    Raises
    ------
    InputErrors
        For a parent that the codebook lacks, or a theme that is under itself.
    """
    if codebook.empty:
        return tuple(Theme(theme, theme) for theme in sorted(set(themes["theme"])))
    rows = {row["theme"]: row for row in codebook.to_dict("records")}
    children: dict[str, list[str]] = {}
    problems = []
    for position, (theme, row) in enumerate(rows.items()):
        if row["parent"] and row["parent"] not in rows:
            problems.append((position, f"parent {row['parent']!r} is not a theme of this codebook"))
            continue
        above = row["parent"]
        seen = {theme}
        while above in rows and above not in seen:
            seen.add(above)
            above = rows[above]["parent"]
        if above in seen:
            problems.append((position, f"theme {theme!r} is among its own parents"))
        children.setdefault(row["parent"], []).append(theme)
    if problems:
        raise row_errors(codebook, problems)
    arranged: list[Theme] = []
    waiting = [(theme, 0) for theme in reversed(children.get("", []))]
    while waiting:
        theme, level = waiting.pop()
        row = rows[theme]
        arranged.append(Theme(theme, row["label"] or theme, row["parent"], row.get("description", ""), level))
        waiting += [(child, level + 1) for child in reversed(children.get(theme, []))]
    return tuple(arranged)


def code(
    themes: pd.DataFrame, codebook: pd.DataFrame, *, studies: pd.DataFrame, bases: Sequence[str] = ()
) -> Coding:
    """
    Return which study was coded with which theme; the unit is the study.

    Parameters
    ----------
    themes, codebook, studies : as in ``tables``; an empty codebook allows any theme.
    bases : keep only rows with one of these bases (``text, title, outside,
        synthetic``); all where empty. A blank basis is none of them.

    Raises
    ------
    InputErrors
        For a study or theme that is not known, or a row that stands there twice.
    UsageError
        For a basis that does not exist.
    """
    for basis in bases:
        if basis not in BASES:
            raise UsageError(f"basis {basis!r} is not one of {', '.join(BASES)}")
    arranged = arrange(codebook, themes)
    labels = dict(zip(studies["study_id"], studies["label"], strict=True))
    known = {each.theme for each in arranged}
    told = themes[["study_id", "theme", "coder", "quote", "location", "basis"]]
    problems = []
    for position, (study_id, theme, again) in enumerate(
        zip(themes["study_id"], themes["theme"], told.duplicated(), strict=True)
    ):
        if study_id not in labels:
            problems.append(
                (position, f"study_id {study_id!r} is not in the studies; add it there or correct it")
            )
        if theme not in known:
            problems.append((position, f"theme {theme!r} is not in the codebook; add it there or correct it"))
        if again:
            problems.append(
                (position, f"study {study_id!r} and theme {theme!r} stand here twice, the same in every cell")
            )
    if problems:
        raise row_errors(themes, problems)
    kept = themes[themes["basis"].isin(list(bases))] if bases else themes
    quotes = kept.reset_index(drop=True)
    rows: dict[tuple[str, str], list[int]] = {}
    for position, cell in enumerate(zip(quotes["study_id"], quotes["theme"], strict=True)):
        rows.setdefault(cell, []).append(position)
    overruled = _overruled(quotes, rows)
    return Coding(
        themes=arranged,
        studies=labels,
        quotes=quotes,
        rows={cell: tuple(positions) for cell, positions in rows.items() if cell not in overruled},
        bases=tuple(bases),
        left_out=len(themes) - len(quotes),
        overruled=tuple(sorted(overruled)),
    )


def _overruled(quotes: pd.DataFrame, rows: Mapping[tuple[str, str], Sequence[int]]) -> set[tuple[str, str]]:
    """
    Return the cells that only some coders of a study found and their consensus did not take over.

    That is of studies where a consensus or an adjudicator has a row. What all
    coders found needs no further word.
    """
    coders = [name.casefold() for name in quotes["coder"]]
    settled = {study for study, coder in zip(quotes["study_id"], coders, strict=True) if coder in RESOLUTIONS}
    everyone: dict[str, set[str]] = {}
    for study, coder in zip(quotes["study_id"], coders, strict=True):
        if coder not in RESOLUTIONS:
            everyone.setdefault(study, set()).add(coder)
    overruled = set()
    for (study, theme), positions in rows.items():
        said = {coders[position] for position in positions}
        if study in settled and said.isdisjoint(RESOLUTIONS) and said != everyone[study]:
            overruled.add((study, theme))
    return overruled


def tally(coding: Coding) -> pd.DataFrame:
    """
    Return the number of studies per theme.

    Returns
    -------
    One row per theme, in the codebook's order: ``theme, parent, label,
    level``; ``n``, the studies coded with the theme itself; ``n_synthetic``,
    those of them that rest on synthetic rows alone; ``n_with_subthemes``,
    the studies coded with it or any theme under it (a subtheme implies its
    theme), ``n_with_subthemes_synthetic`` likewise; ``n_studies``, all studies. Counts are integers.
    """
    below = coding.below()
    real: dict[str, set[str]] = {each.theme: set() for each in coding.themes}
    coded: dict[str, set[str]] = {each.theme: set() for each in coding.themes}
    for study_id, theme in coding.rows:
        coded[theme].add(study_id)
        if not coding.is_synthetic(study_id, theme):
            real[theme].add(study_id)
    rows = []
    for each in coding.themes:
        with_subthemes = set().union(*(coded[theme] for theme in below[each.theme]))
        real_with_subthemes = set().union(*(real[theme] for theme in below[each.theme]))
        rows.append(
            {
                "theme": each.theme,
                "parent": each.parent,
                "label": each.label,
                "level": each.level,
                "n": len(coded[each.theme]),
                "n_synthetic": len(coded[each.theme] - real[each.theme]),
                "n_with_subthemes": len(with_subthemes),
                "n_with_subthemes_synthetic": len(with_subthemes - real_with_subthemes),
                "n_studies": len(coding.studies),
            }
        )
    columns = [
        "theme", "parent", "label", "level", "n", "n_synthetic", "n_with_subthemes",
        "n_with_subthemes_synthetic", "n_studies",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def compare(coding: Coding, stated: pd.DataFrame) -> pd.DataFrame:
    """
    Return the totals that a manuscript states beside those counted.

    Parameters
    ----------
    stated : ``theme, stated``, a whole number of studies; blank where the text gives none.

    Returns
    -------
    ``theme, label, stated, counted, with_subthemes, gap``; ``gap`` is stated minus
    counted, and None where nothing is stated.

    Raises
    ------
    InputErrors
        For a theme that is not known.
    """
    counts = {row["theme"]: row for row in tally(coding).to_dict("records")}
    problems = [
        (position, f"theme {theme!r} is not in the codebook; add it there or correct it")
        for position, theme in enumerate(stated["theme"])
        if theme not in counts
    ]
    if problems:
        raise row_errors(stated, problems)
    rows = []
    for theme, said in zip(stated["theme"], stated["stated"], strict=True):
        row = counts[theme]
        rows.append(
            {
                "theme": theme,
                "label": row["label"],
                "stated": int(said) if said else None,
                "counted": row["n"],
                "with_subthemes": row["n_with_subthemes"],
                "gap": int(said) - row["n"] if said else None,
            }
        )
    columns = ["theme", "label", "stated", "counted", "with_subthemes", "gap"]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def to_json(coding: Coding, stated: pd.DataFrame | None = None) -> dict[str, Any]:
    """
    Return the tally with the evidence behind each cell, schema ``peerreview/themes/1``.

    Each theme has its counts as in ``tally`` and ``studies``: per study coded with it the
    rows that say so. ``stated``, where it is given, are the totals of ``compare``.

    Parameters
    ----------
    coding : what was coded.
    stated : ``theme, stated``, a whole number of studies or blank.
    """
    told = [
        {column: row[column] for column in ("coder", "quote", "location", "basis") if row[column]}
        for row in coding.quotes.to_dict("records")
    ]
    found = []
    for row in tally(coding).to_dict("records"):
        evidence = [
            {
                "study_id": study_id,
                "synthetic": coding.is_synthetic(study_id, row["theme"]),
                "evidence": [told[position] for position in coding.rows[study_id, row["theme"]]],
            }
            for study_id in coding.studies
            if (study_id, row["theme"]) in coding.rows
        ]
        found.append({**row, "studies": evidence})
    return {
        "schema": "peerreview/themes/1",
        "unit": "studies",
        "n_studies": len(coding.studies),
        "bases": list(coding.bases),
        "rows_left_out": coding.left_out,
        "themes": found,
        **({} if stated is None else {"stated": compare(coding, stated).to_dict("records")}),
    }
