"""Where a table's rows stand: file and line, or sheet and row, known from reading on."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from itertools import groupby
from operator import eq, itemgetter
from typing import TYPE_CHECKING

from peerreview.errors import InputError, InputErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_PLACES = "places"
"""What a frame carries beside its cells: where its rows come from. It goes on to frames made of it."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """
    Rows that one file holds, in their order.

    ``path`` is the file, or the file and its sheet (``studies.xlsx:Sheet1``);
    ``lines`` the 1-based line of each row there: a range wherever one row
    follows the other, so that a million rows cost nothing. Where
    ``counted``, the file has no lines, and rows are counted from 1.
    ``remarks`` are what people are to be told of how the file was read.
    """

    path: str
    lines: Sequence[int]
    header: int | None = 1
    counted: bool = False
    remarks: tuple[str, ...] = ()

    def __deepcopy__(self, memo: object) -> Stretch:
        # pandas copies what a frame carries at each step; nothing here ever changes.
        return self

    def fault(self, row: int, message: str) -> InputError:
        """Return what is wrong with a 0-based row, and where it stands."""
        if self.counted:
            return InputError(f"row {self.lines[row]}: {message}", path=self.path)
        return InputError(message, path=self.path, line=self.lines[row])


def put(table: pd.DataFrame, stretches: Iterable[Stretch]) -> pd.DataFrame:
    """
    Return a table that carries where its rows stand.

    Parameters
    ----------
    table : any.
    stretches : of files, in the order of its rows.
    """
    table.attrs = {_PLACES: tuple(stretches)}
    return table


def of(table: pd.DataFrame) -> tuple[Stretch, ...]:
    """
    Return the stretches of files that a table's rows come from, or none where it came from no file.

    Parameters
    ----------
    table : any.
    """
    return tuple(table.attrs.get(_PLACES, ()))


def remarks(table: pd.DataFrame) -> tuple[str, ...]:
    """
    Return what people are to be told of how a table's files were read, a line each.

    Parameters
    ----------
    table : any.
    """
    return tuple(dict.fromkeys(remark for stretch in of(table) for remark in stretch.remarks))


def kept(lines: Sequence[int], rows: Iterable[bool]) -> Sequence[int]:
    """Return the lines of the rows that are kept."""
    return packed([line for line, is_kept in zip(lines, rows, strict=True) if is_kept])


def packed(lines: list[int]) -> Sequence[int]:
    """
    Return lines in little room: a range where they follow each other.

    >>> packed([2, 3, 4]), list(packed([2, 5]))
    (range(2, 5), [2, 5])
    """
    follow = range(lines[0], lines[0] + len(lines)) if lines else range(0)
    # Rows may be taken in any order, and one several times.
    return follow if all(map(eq, lines, follow)) else array("Q", lines)


def take(raw: pd.DataFrame, positions: Sequence[int]) -> tuple[Stretch, ...]:
    """
    Return where rows of another table stand, by their positions there, in that order.

    Parameters
    ----------
    raw : any.
    positions : 0-based.
    """
    found = [each for position in positions if (each := _find(raw, position))]
    if len(found) < len(positions):
        return ()
    return tuple(
        replace(stretch, lines=packed([stretch.lines[row] for _, row in rows]))
        for stretch, rows in groupby(found, key=itemgetter(0))
    )


def listed(rows: Iterable[tuple[str, int]]) -> tuple[Stretch, ...]:
    """Return where rows stand whose (file, line) are known one by one."""
    return tuple(
        Stretch(path, packed([line for _, line in lines])) for path, lines in groupby(rows, key=itemgetter(0))
    )


def row_errors(table: pd.DataFrame, problems: Iterable[tuple[int, str]]) -> InputErrors:
    """
    Return the error for rows of a table that break a rule, each with its file and line.

    Parameters
    ----------
    table : any, as it was read.
    problems : (0-based position in ``table``, message) each.
    """
    errors = []
    for position, message in problems:
        found = _find(table, position)
        errors.append(
            found[0].fault(found[1], message) if found else InputError(f"row {position + 1}: {message}")
        )
    return InputErrors(errors)


def header_error(table: pd.DataFrame, message: str) -> InputError:
    """
    Return the error for a table whose columns are not what they should be, with its header's line.

    Parameters
    ----------
    table : any, as it was read.
    message : what is wrong with its columns.
    """
    first = next(iter(of(table)), None)
    return InputError(message, path=first.path, line=first.header) if first else InputError(message)


def _find(table: pd.DataFrame, position: int) -> tuple[Stretch, int] | None:
    """Return a row's stretch, and its 0-based row there; None where that is not known."""
    stretches = of(table)
    n_rows = sum(len(stretch.lines) for stretch in stretches)
    if not 0 <= position < len(table) or not n_rows:
        return None
    # A part of a table keeps the numbers of its rows; one that was numbered anew says nothing of them.
    row = position if len(table) == n_rows else _number(table.index, position)
    for stretch in stretches:
        if row < 0:
            break
        if row < len(stretch.lines):
            return stretch, row
        row -= len(stretch.lines)
    return None


def _number(index: pd.Index, position: int) -> int:
    numbers = index.tolist()
    if not all(isinstance(number, int) for number in numbers) or numbers == list(range(len(numbers))):
        return -1
    return int(numbers[position])


def whole(raw: pd.DataFrame, header: Sequence[str], stretch: Stretch, remarks: Sequence[str]) -> pd.DataFrame:
    """
    Return a table's named columns and filled rows: a spreadsheet saves what was once used and emptied since.

    Parameters
    ----------
    raw : its cells as text, columns in the file's order, rows numbered from 0.
    header : what each column is called there; blank where nothing stands.
    stretch : where its rows stand.
    remarks : what to tell of the file.

    Raises
    ------
    InputError
        Where two columns have one name, or one that holds cells has none.
    """
    names = [name.strip() for name in header]
    below = _second_header(raw, names)
    if below is not None:
        names = below
        raw = raw.iloc[1:].reset_index(drop=True)
        stretch = replace(stretch, lines=stretch.lines[1:])
        remarks = [*remarks, f"{stretch.path}: the header has two rows"]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        message = f"column {twice[0]!r} stands here twice"
        raise InputError(message, path=stretch.path, line=stretch.header)
    unnamed = [position for position, name in enumerate(names[: len(raw.columns)]) if not name]
    for position in unnamed:
        if raw.iloc[:, position].str.strip().any():
            message = f"column {position + 1} holds cells and has no name"
            raise InputError(message, path=stretch.path, line=stretch.header)
    raw.columns = [name or position for position, name in enumerate(names)]
    raw = raw.drop(columns=unnamed)
    filled = _filled_rows(raw)
    if filled is not None:
        raw = raw[filled].reset_index(drop=True)
        lines = kept(stretch.lines, filled.tolist())
        stretch = replace(stretch, lines=lines)
    return put(raw, [replace(stretch, remarks=tuple(remarks))])


def _second_header(raw: pd.DataFrame, names: Sequence[str]) -> list[str] | None:
    """
    Return the names of columns whose header has two rows, groups above names; None where it has one.

    It has two where columns that hold cells have no name but in the first row below, and that row names no
    first column of its own: a name there is a row's, and a column's is missing. A name that stands in two
    groups is called with its group.
    """
    if not len(raw) or not names or str(raw.iloc[0, 0]).strip():
        return None
    first = [str(cell).strip() for cell in raw.iloc[0]]
    unnamed = [
        place
        for place, name in enumerate(names[: len(first)])
        if not name and (raw.iloc[:, place] != "").any()
    ]
    if not unnamed or not names[0] or not all(any(map(str.isalpha, first[place])) for place in unnamed):
        return None
    groups: list[str] = []
    for name in names[: len(first)]:
        groups.append(name or (groups[-1] if groups else ""))
    return [
        (f"{group}: {cell}" if first.count(cell) > 1 else cell) if cell else name
        for name, group, cell in zip(names, groups, first, strict=False)
    ]


def _filled_rows(raw: pd.DataFrame) -> pd.Series | None:
    """Return which rows say anything; None where all do."""
    import pandas as pd  # noqa: PLC0415

    blank = pd.Series(data=True, index=raw.index)
    for column in raw.columns:
        if not blank.any():
            return None
        blank &= raw[column].str.strip() == ""
    return ~blank if blank.any() else None
