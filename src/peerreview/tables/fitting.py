"""
A pandas frame from anywhere to a table of text, as all rooms take it.

What a notebook's frame says otherwise than a file is made the same: NaN is
blank, whole numbers are text, columns that may be missing are added. What
would be a guess is a fault, named by the frame, the row and the column: rows
by the frame's index where that is of whole numbers, as in ``records.loc[3]``,
else counted from 0.
"""

from __future__ import annotations

import datetime as dt
import difflib
import numbers
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from peerreview import tables
from peerreview.errors import MOST_SHOWN, InputError, InputErrors
from peerreview.tables import places
from peerreview.tables.schema import CONTENT, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EXACT = 2**53
"""From here on a float may stand for another whole number than was meant."""
_MOST_COLUMNS = 8
_BLANK_CONTENT = MappingProxyType(
    dict.fromkeys((*CONTENT, "source_file", "source_line"), "") | {"round": "1"}
)
ADDED: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "records": _BLANK_CONTENT,
    "unique": MappingProxyType({**_BLANK_CONTENT, "sources": "", "source_kinds": "", "duplicates": ""}),
    "duplicates": MappingProxyType(dict.fromkeys(("relation", "rule", "score", "similarities"), "")),
    "screening": MappingProxyType(dict.fromkeys(("reason", "reviewers", "resolved_by"), "")),
    "sources": MappingProxyType({"file": ""}),
    "codebook": MappingProxyType({"parent": "", "label": ""}),
})  # fmt: skip
"""Columns that a file of ours always has and a frame need not, by table, and what they then say."""


def fit(frame: object, table: Table, called: str = "") -> pd.DataFrame:
    """
    Return a frame as a sound table of text, its own columns in their order first; the frame stays as it is.

    Parameters
    ----------
    frame : a DataFrame with the columns of the table; those of ``ADDED`` and optional ones may be missing.
        Cells are texts, whole numbers (floats, too, as long as they are whole), dates, or missing.
    called : what messages call it; the table's name where blank.

    Raises
    ------
    InputErrors
        For what is no frame, a column that is missing, and each cell that is no text or breaks a rule
        of the table, with row and column.
    """
    name = called or table.name
    if not isinstance(frame, pd.DataFrame):
        raise _fault(name, f"expected a pandas DataFrame, got {_a(frame)}")
    _check_columns(frame, name)
    labels = _labels(frame.index)
    faults: list[tuple[int, str]] = []
    texts = {}
    for position, column in enumerate(frame.columns):
        cells = _texts(frame.iloc[:, position], column, table, faults)
        texts[str(column)] = pd.Series(cells, dtype="str")
    fitted = tables.named(_placed(pd.DataFrame(texts), name, labels), table)
    if faults:
        raise places.row_errors(fitted, sorted(faults))
    added: dict[str, Any] = {
        column: text for column, text in ADDED.get(table.name, {}).items() if column not in fitted.columns
    }
    if table.name == "unique":
        # Of records that nothing was removed from, each is its own cluster.
        for column in {"sources", "source_kinds"} & added.keys():
            added[column] = fitted.get(column.removesuffix("s"), "")
    fitted = _placed(fitted.assign(**added), name, labels)
    missing = [column for column in table.columns if column not in fitted.columns]
    if missing:
        raise _fault(name, _missing(missing, frame, table))
    return tables.check(fitted, table)


def _placed(frame: pd.DataFrame, name: str, labels: Sequence[int]) -> pd.DataFrame:
    return places.put(frame, [places.Stretch(name, labels, header=None, counted=True)])


def _fault(name: str, message: str) -> InputErrors:
    return InputErrors([InputError(message, path=name)])


def _a(thing: object) -> str:
    kind = type(thing).__name__
    if isinstance(thing, pd.Series):
        return "a Series, a single column; .to_frame() makes it a frame"
    if isinstance(thing, list | dict):
        return f"a {kind}; pd.DataFrame(…) makes a frame of it"
    if isinstance(thing, str):
        return f"the text {thing[:40]!r}; pd.read_csv(…, dtype=str) reads a file"
    return "None" if thing is None else f"a {kind}"


def _check_columns(frame: pd.DataFrame, name: str) -> None:
    if frame.columns.nlevels > 1:
        raise _fault(name, f"its columns have {frame.columns.nlevels} levels; name each by one text")
    strange = [column for column in frame.columns if not isinstance(column, str)]
    if strange:
        cure = "is the first row the header? frame.columns = [...] names them"
        raise _fault(name, f"column {strange[0]!r} has no name that is text; {cure}")
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise _fault(
            name, f"column {twice[0]!r} stands there twice; frame.loc[:, ~frame.columns.duplicated()]"
        )


def _missing(missing: Sequence[str], frame: pd.DataFrame, table: Table) -> str:
    index = [str(level) for level in frame.index.names if level]
    there = [str(column) for column in frame.columns]
    if missing[0] in index:
        return f"column {missing[0]!r} is the index; frame.reset_index() makes it a column"
    named = ", ".join(map(repr, missing))
    is_are = f"column {named} is missing" if len(missing) == 1 else f"columns {named} are missing"
    shown = ", ".join(there[:_MOST_COLUMNS]) + (", …" if len(there) > _MOST_COLUMNS else "")
    like = difflib.get_close_matches(
        missing[0], [each for each in there if each not in table.all_columns], n=1
    )
    meant = f"; frame.rename(columns={{{like[0]!r}: {missing[0]!r}}}) if that is meant" if like else ""
    return f"{is_are}; there are {shown or 'none'}{meant}"


def _labels(index: pd.Index) -> Sequence[int]:
    """Return what rows are called: their labels where these are whole numbers, else their places from 0."""
    if isinstance(index, pd.RangeIndex):
        return range(index.start, index.start + index.step * len(index), index.step)
    if not index.is_unique or not pd.api.types.is_integer_dtype(index.dtype):
        return range(len(index))
    return [int(label) for label in index]


def _texts(cells: pd.Series, column: str, table: Table, faults: list[tuple[int, str]]) -> list[str]:
    """Return a column's cells as text, and add what is none to the faults."""
    is_blank = cells.isna().to_numpy(dtype=bool)
    if isinstance(cells.dtype, pd.StringDtype):
        return ["" if blank else cell for cell, blank in zip(cells.tolist(), is_blank, strict=True)]
    # What is a fraction elsewhere is a measurement; here it is an id or a word that was taken for one.
    ours = {*table.filled, *table.key, *table.names, *table.numbers, *table.values, *CONTENT}
    texts = []
    n_before = len(faults)
    for row, (cell, blank) in enumerate(zip(cells.astype(object).tolist(), is_blank, strict=True)):
        text, fault = (
            ("", "") if blank else _text(cell, may_be_fraction=column.strip().casefold() not in ours)
        )
        texts.append(text)
        if fault.endswith("whole number") and column.strip().casefold() in {*table.filled, *table.key}:
            fault += "; a name or an id is read as text (dtype=str)"
        if fault and len(faults) - n_before <= MOST_SHOWN:
            faults.append((row, f"column {column!r} holds {fault}"))
    return texts


def _text(cell: object, *, may_be_fraction: bool) -> tuple[str, str]:
    """Return a cell as text, and what is wrong with it."""
    if isinstance(cell, str):
        return cell, ""
    if isinstance(cell, dt.datetime):
        is_day = cell.time() == dt.time() and cell.tzinfo is None
        return (cell.date() if is_day else cell).isoformat(), ""
    if isinstance(cell, dt.date):
        return cell.isoformat(), ""
    if isinstance(cell, bool) or type(cell).__name__ == "bool":
        return "", f"{cell}, which is no text; write the word that is meant"
    if isinstance(cell, numbers.Integral):
        return str(int(cell)), ""
    if isinstance(cell, numbers.Real):
        return _number(cell, may_be_fraction=may_be_fraction)
    if isinstance(cell, list | tuple | set | frozenset):
        return "", f"{_short(cell)}, a {type(cell).__name__}; a cell is one text: '; '.join(…)"
    return "", f"{_short(cell)}, a {type(cell).__name__} and no text"


def _number(cell: numbers.Real, *, may_be_fraction: bool) -> tuple[str, str]:
    number = float(cell)
    if not number.is_integer():
        shown = str(cell)
        is_finite = number - number == 0
        return (shown, "") if may_be_fraction and is_finite else ("", f"{shown}, which is no whole number")
    if abs(number) >= _EXACT:
        return "", f"{cell}, too large for a float to be exact; read the column as text (dtype=str)"
    return str(int(number)), ""


def _short(cell: object) -> str:
    shown = repr(cell)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
