"""Tables in memory: frames of text, made, and checked at the door against the schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputErrors
from peerreview.tables.places import header_error, row_errors
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


def in_one_piece(column: pd.Series) -> pd.Series:
    """
    Return a column whose cells lie behind one another in memory.

    Where they are in many pieces, these are laid together again each time rows are taken of it.
    """
    import pandas as pd  # noqa: PLC0415

    if getattr(column.dtype, "storage", "") != "pyarrow":
        return column
    whole: Any = pd.array(column.array.__arrow_array__().combine_chunks(), dtype=column.dtype)
    return pd.Series(whole, index=column.index)


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


def joined(table: Table, *parts: pd.DataFrame) -> pd.DataFrame:
    """
    Return the rows of several tables of one kind, one after the other.

    Parameters
    ----------
    parts : the columns of ``table``.
    """
    return make(table, [row for part in parts for row in rows(part)])


def check(raw: pd.DataFrame, table: Table) -> pd.DataFrame:
    """
    Return a raw table as a sound one: its columns first, in their order, all text.

    Ids, names, numbers and words lose the blanks around them. A word of the
    table's is its own whatever its case (``Include``), and so is the name of
    a column; a whole number may be written ``1204.0`` or ``1,204``.

    Parameters
    ----------
    raw : the table's columns, optional ones or not, in any case and order, all text.
    table : its rules.

    Raises
    ------
    InputErrors
        Where a column is missing, or rows break a rule of the table, each with its file and line.
    """
    raw = named(raw, table)
    missing = [column for column in table.columns if column not in raw.columns]
    if missing:
        raise InputErrors([header_error(raw, _missing(missing, list(raw.columns), table))])
    added: dict[str, Any] = {column: "" for column in table.optional if column not in raw.columns}
    # A blank that a spreadsheet left at the end of an id or a name makes no other record and no other person.
    words = {*table.filled, *table.key, *table.values, *table.numbers, *table.names}
    stripped = {column: raw[column].str.strip() for column in sorted(words) if column in raw.columns}
    for column in {*table.values, *table.numbers} & stripped.keys():
        stripped[column] = _as_meant(stripped[column], table.values.get(column))
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
    problems += repeated(checked, table)
    if problems:
        raise row_errors(checked, sorted(problems))
    return checked


def repeated(checked: pd.DataFrame, table: Table) -> list[tuple[int, str]]:
    """
    Return the rows whose key another row has already, and what to say of each.

    Parameters
    ----------
    checked : the columns of the table.
    """
    problems = []
    for row in _rows(checked.duplicated(list(table.key))) if table.key else ():
        again = " ".join(_short(checked[column].iloc[row]) for column in table.key)
        problems.append((row, f"{' and '.join(table.key)} {again} stands here twice"))
    return problems


def named(raw: pd.DataFrame, table: Table) -> pd.DataFrame:
    """
    Return a raw table whose columns are called as the schema has them: ``Record_ID`` is ``record_id``.

    Case and the blanks around do not count; a name that differs otherwise is another column's.

    Parameters
    ----------
    raw : any columns.
    table : the one whose names they may be.

    Raises
    ------
    InputErrors
        Where two columns then have one name.
    """
    ours = {column.casefold(): column for column in table.all_columns}
    names = {column: ours.get(str(column).strip().casefold(), column) for column in raw.columns}
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    for name in sorted(twice):
        spelled = " and ".join(repr(column) for column in names if names[column] == name)
        raise InputErrors([header_error(raw, f"column {name!r} stands here twice, as {spelled}")])
    changed = {column: name for column, name in names.items() if column != name}
    return raw.rename(columns=changed) if changed else raw


_WHOLE = re.compile(r"([0-9]{1,12})(?:\.0+)?")
_GROUPED = re.compile(r"([0-9]{1,3}(?:([,'’\u0020\u00a0\u2009\u202f])[0-9]{3})(?:\2[0-9]{3}){0,2})(?:\.0+)?")


def whole_number(cell: str) -> str | None:
    """
    Return the digits of a whole number as spreadsheets and people write it; None where a cell is none.

    What groups its digits is a comma, an apostrophe or a blank, in threes. A
    point before three digits could be either sign, and is refused.

    >>> [whole_number(cell) for cell in ("1204", "1204.0", "1,204", "1.204", "12,04", "1.2E+03")]
    ['1204', '1204', '1204', None, None, None]
    """
    whole = _WHOLE.fullmatch(cell)
    if whole:
        return whole[1]
    grouped = _GROUPED.fullmatch(cell)
    return re.sub(r"\D", "", grouped[1]) if grouped else None


def _as_meant(cells: pd.Series, legal: Sequence[str] | None) -> pd.Series:
    """Return cells of words, or of whole numbers, in the table's own spelling; others as they stand."""
    strange = ~cells.isin(legal) if legal is not None else ~cells.str.fullmatch(r"[0-9]*")
    if not strange.any():
        return cells
    ours = {word.casefold(): word for word in legal or ()}
    meant = {
        cell: whole_number(cell) if legal is None else ours.get(cell.casefold())
        for cell in cells[strange].unique()
    }
    return cells.map(lambda cell: meant.get(cell) or cell).astype("str")


def rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """
    Return a table's rows, each as its cells by their columns.

    Parameters
    ----------
    table : any, all text.
    """
    return [{str(column): str(cell) for column, cell in row.items()} for row in table.to_dict("records")]


def is_synthetic(row: Mapping[str, str], column: str) -> bool:
    """Return whether a cell is synthetic: by its ``<column>_basis`` where there is one, else its row's."""
    return row.get(f"{column}_basis", row.get("basis", "")) == SYNTHETIC


def is_outside(row: Mapping[str, str], column: str) -> bool:
    """Return whether a cell is known from outside the reports: by its own basis, else its row's."""
    return row.get(f"{column}_basis", row.get("basis", "")) == OUTSIDE


def any_synthetic(table: pd.DataFrame) -> bool:
    """
    Return whether a row of a table says by its ``basis`` that it is synthetic.

    Parameters
    ----------
    table : any, with an optional column ``basis``.
    """
    return "basis" in table and bool((table["basis"] == SYNTHETIC).any())


def _missing(missing: Sequence[str], there: Sequence[str], table: Table) -> str:
    if len(missing) == 1:
        return f"column {missing[0]!r} is missing; found {', '.join(there) or 'nothing'}"
    named, found = (
        ", ".join(" ".join(name.split())[:_LONGEST] for name in names[:_MOST_NAMED])
        + (", …" if len(names) > _MOST_NAMED else "")
        for names in (missing, there)
    )
    # A command that reads its own table, for what people filled in, writes over none that it cannot read.
    again = ", once one that is damaged is deleted" if table.cure.endswith("writes this table") else ""
    cure = f"; {table.cure}{again}" if table.cure else ""
    return f"columns {named} are missing; found {found or 'nothing'}{cure}"


def _short(cell: str) -> str:
    """Return a cell for a message: where columns have shifted, it may be a whole abstract."""
    return repr(cell if len(cell) <= 2 * _LONGEST else f"{cell[: 2 * _LONGEST]}…")


def _rows(wrong: pd.Series) -> list[int]:
    return [int(position) for position in wrong.to_numpy().nonzero()[0]]


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def few(words: Sequence[str], most: int = 5) -> str:
    """
    Return words as a list that stays short.

    >>> few(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    rest = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + rest
