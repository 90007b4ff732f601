"""Tables in memory: frames of text, made, and checked at the door against the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError, InputErrors, RowErrors
from peerreview.tables.schema import OUTSIDE, SYNTHETIC, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

_MOST_NAMED, _LONGEST = 8, 40
"""Columns named in one line, and letters of each: where there is no header, they are a row."""


def empty(table: Table) -> pd.DataFrame:
    """Return the table with its columns and no rows."""
    import pandas as pd  # noqa: PLC0415  commands need the words here without waiting for pandas

    return pd.DataFrame({column: pd.Series([], dtype="str") for column in table.all_columns})


def make(table: Table, rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Return rows as a table of text: its columns in their order, blank where a row has none."""
    import pandas as pd  # noqa: PLC0415

    listed = list(rows)
    return pd.DataFrame(
        {
            column: pd.Series([row.get(column, "") for row in listed], dtype="str")
            for column in table.all_columns
        }
    )


def check(raw: pd.DataFrame, table: Table) -> pd.DataFrame:
    """
    Return a raw table as a sound one: its columns first, in their order, all text.

    Ids, names, numbers and words lose the blanks around them.

    Raises
    ------
    InputErrors
        Where a column is missing.
    RowErrors
        Where rows break a rule of the table, each with its file and row.
    """
    path = raw.attrs.get("files", (("", 0),))[0][0]
    missing = [column for column in table.columns if column not in raw.columns]
    if missing:
        raise InputErrors([InputError(_missing(missing, list(raw.columns), table), path=path, line=1)])
    added: dict[str, Any] = {column: "" for column in table.optional if column not in raw.columns}
    # A blank that a spreadsheet left at the end of an id or a name makes no other record and no other person.
    words = {*table.filled, *table.key, *table.values, *table.numbers, *table.names}
    stripped = {column: raw[column].str.strip() for column in sorted(words) if column in raw.columns}
    checked = raw.assign(**added, **stripped)
    others = [column for column in checked.columns if column not in table.all_columns]
    checked = checked[[*table.all_columns, *others]]
    problems: list[tuple[int, str]] = []
    for column in table.filled:
        problems += [(row, f"{column} is blank") for row in _rows(checked[column] == "")]
    for column, legal in table.values.items():
        wrong = ~checked[column].isin(legal)
        if column in table.filled:
            wrong &= checked[column] != ""
        allowed = _either([value for value in legal if value])
        problems += [
            (row, f"{column} {_short(checked[column].iloc[row])} is not {allowed}") for row in _rows(wrong)
        ]
    for column in table.numbers:
        wrong = (checked[column] != "") & ~checked[column].str.fullmatch(r"[0-9]{1,12}")
        problems += [
            (row, f"{column} {_short(checked[column].iloc[row])} is not a whole number")
            for row in _rows(wrong)
        ]
    if table.key:
        for row in _rows(checked.duplicated(list(table.key))):
            again = " ".join(_short(checked[column].iloc[row]) for column in table.key)
            problems.append((row, f"{' and '.join(table.key)} {again} stands here twice"))
    if problems:
        raise row_errors(checked, sorted(problems))
    return checked


def rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """Return a table's rows, each as its cells by their columns."""
    return [{str(column): str(cell) for column, cell in row.items()} for row in table.to_dict("records")]


def is_synthetic(row: Mapping[str, str], column: str) -> bool:
    """Return whether a cell is synthetic: by its ``<column>_basis`` where there is one, else its row's."""
    return row.get(f"{column}_basis", row.get("basis", "")) == SYNTHETIC


def is_outside(row: Mapping[str, str], column: str) -> bool:
    """Return whether a cell is known from outside the reports: by its own basis, else its row's."""
    return row.get(f"{column}_basis", row.get("basis", "")) == OUTSIDE


def any_synthetic(table: pd.DataFrame) -> bool:
    """Return whether a row of a table says by its ``basis`` that it is synthetic."""
    return "basis" in table and bool((table["basis"] == SYNTHETIC).any())


def row_errors(table: pd.DataFrame, problems: Iterable[tuple[int, str]]) -> RowErrors:
    """
    Return the error for rows of a table that break a rule.

    Parameters
    ----------
    table : as it was read; ``table.attrs["files"]`` names its files and their numbers of rows.
    problems : (0-based position in ``table``, message) each.
    """
    files: Sequence[tuple[str, int]] = table.attrs.get("files", ())
    placed = []
    for position, message in problems:
        row = position
        path = ""
        for name, n_rows in files:
            path = name
            if row < n_rows:
                break
            row -= n_rows
        placed.append((path, row, message))
    return RowErrors(placed)


def _missing(missing: Sequence[str], there: Sequence[str], table: Table) -> str:
    if len(missing) == 1:
        return f"column {missing[0]!r} is missing; found {', '.join(there) or 'nothing'}"
    named, found = (
        ", ".join(" ".join(name.split())[:_LONGEST] for name in names[:_MOST_NAMED])
        + (", …" if len(names) > _MOST_NAMED else "")
        for names in (missing, there)
    )
    cure = f"; {table.cure}" if table.cure else ""
    return f"columns {named} are missing; found {found or 'nothing'}{cure}"


def _short(cell: str) -> str:
    """Return a cell for a message: where columns have shifted, it may be a whole abstract."""
    return repr(cell if len(cell) <= 2 * _LONGEST else f"{cell[: 2 * _LONGEST]}…")


def _rows(wrong: pd.Series) -> list[int]:
    return [int(position) for position in wrong.to_numpy().nonzero()[0]]


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
