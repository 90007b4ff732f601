"""Which study a row of people's sheets is of: the column that says so, and the names it may have there."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from peerreview.synthesis.spelling import comparable
from peerreview.tables import row_errors

COLUMNS = (
    "study_id", "study id", "study", "studies", "study name", "study label", "label", "author", "author year",
    "author and year", "authors", "authors year", "first author", "first author year", "lead author",
    "lead author year", "trial", "unique id", "review", "systematic review", "studie", "estudio", "étude",
    "estudo", "studio", "erstautor", "autor", "autores", "primer autor", "auteur", "auteurs",
    "premier auteur", "autore", "autori", "primo autore",
)  # fmt: skip
"""What sheets call the study of a row; the first that is there says it."""
_YEARS = (
    "year",
    "publication year",
    "year of publication",
    "jahr",
    "année",
    "año",
    "anno",
    "ano",
    "jaar",
    "år",
)
_WHOLE = frozenset({
    "study id", "study", "studies", "study name", "study label", "label", "author year", "author and year",
    "authors year", "first author year", "lead author year", "studie", "estudio", "étude", "estudo", "studio",
})  # fmt: skip
"""Those that name a study as a whole, not by an author who may have several."""
_SIGNS = re.compile(r"[^\w ]")


def column_of(columns: Iterable[str]) -> str:
    """
    Return the column that says which study a row is of; blank where none does.

    >>> column_of(["D1", "Author (year)", "Weight"]), column_of(["D1"])
    ('Author (year)', '')
    """
    known = {column: _plain(column) for column in columns}
    return next((column for name in COLUMNS for column in known if known[column] == comparable(name)), "")


def _plain(column: str) -> str:
    return " ".join(_SIGNS.sub(" ", comparable(column)).split())


def by_name(studies: pd.DataFrame) -> dict[str, list[str]]:
    """
    Return the studies that a name may mean: an id or a label, as ``comparable`` makes it, never blank.

    Parameters
    ----------
    studies : ``study_id, label``.
    """
    names: dict[str, list[str]] = {}
    for study_id, label in zip(studies["study_id"], studies["label"], strict=True):
        for name in dict.fromkeys((comparable(study_id), comparable(label))):
            if name:
                names.setdefault(name, []).append(study_id)
    return names


def with_years(raw: pd.DataFrame, column: str, belongs: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """
    Return a sheet whose studies are called by author and year, where these stand in two columns.

    The sheet itself, where that makes no study known.

    Parameters
    ----------
    raw, column, belongs : as ``ids_of`` takes them.
    """
    year = year_of(map(str, raw.columns))
    if not year:
        return raw
    named = [
        f"{author.strip()} {when.strip()}"
        if comparable(author) not in belongs and comparable(f"{author.strip()} {when.strip()}") in belongs
        else author
        for author, when in zip(raw[column], raw[year], strict=True)
    ]
    return raw if named == raw[column].tolist() else raw.assign(**{column: named})


def year_of(columns: Iterable[str]) -> str:
    """Return the column that says when a study was published; blank where none does."""
    return next((column for column in columns if comparable(column) in _YEARS), "")


def ids_of(
    raw: pd.DataFrame,
    column: str,
    belongs: Mapping[str, Sequence[str]],
    *,
    spelled: Callable[[str], Iterable[str]] = lambda cell: (cell,),
    several: str = "study {} may be {}; write the study_id",
    unknown: str = "study {} is not in the studies; add it there or correct it",
) -> list[str]:
    """
    Return the study of each row of a sheet.

    Parameters
    ----------
    raw : the cells as they stand, any columns.
    column : the one that says which study a row is of.
    belongs : the studies that a name may mean, as ``by_name`` has them.
    spelled : the ways to write what stands in a cell; the first that is known counts.
    several, unknown : what is told of a cell, and of the studies that it may be.

    Raises
    ------
    InputErrors
        With the line of each study that is not there, or may be two.
    """
    ids, problems = [], []
    for position, cell in enumerate(raw[column].str.strip()):
        found = next((belongs[name] for name in map(comparable, spelled(cell)) if name in belongs), ())
        if len(found) > 1:
            problems.append((position, several.format(repr(cell), " or ".join(found))))
        elif not found:
            problems.append((position, unknown.format(repr(cell))))
        ids.append("".join(found[:1]))
    if problems:
        raise row_errors(raw, problems)
    check_names(raw, column, ids, belongs)
    return ids


def check_names(
    raw: pd.DataFrame, column: str, ids: Sequence[str], belongs: Mapping[str, Sequence[str]]
) -> None:
    """
    Check that no row names another study beside the one that it is of: two numberings may cross.

    Parameters
    ----------
    raw, column, belongs : as ``ids_of`` takes them.
    ids : the study of each row.

    Raises
    ------
    InputErrors
        With the line of each row that names two studies.
    """
    others = [str(each) for each in raw.columns if each != column and _plain(str(each)) in _WHOLE]
    problems = []
    for other in others:
        for position, (study, cell) in enumerate(zip(ids, raw[other].str.strip(), strict=True)):
            named = belongs.get(comparable(cell), ())
            if study and named and study not in named:
                id_cell = raw[column].iloc[position]
                told = f"{column} {id_cell!r} is the study {study}, {other} {cell!r} is {' or '.join(named)}"
                problems.append((position, f"{told}; correct one"))
    if problems:
        raise row_errors(raw, sorted(problems))
