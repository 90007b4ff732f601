"""Tables and text out: whole files or none, cells that run nothing; ``-`` for standard output."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.tables import STREAM, dialects, frames, reading
from peerreview.tables.reading import no_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from peerreview.tables.schema import Table

_ROWS_AT_ONCE = 5_000


_AT_ONCE = 200_000
"""Bytes written at a time: far fewer calls than with Python's 8 kB."""


def write(content: pd.DataFrame | str | bytes, path: Path) -> None:
    """
    Write one file whole, or leave what stood there.

    Parameters
    ----------
    content : a table, all text, or what a file is to hold.
    path : ``.csv`` or ``.parquet`` for a table; ``-`` for standard output.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, pd.DataFrame | str | bytes | Iterator[bytes]]) -> None:
    """
    Write files whole, in the order given, or leave all that stood there.

    Bytes may come in pieces: a large file need not be in memory at once.

    Name side outputs first and the main one last, so that a Makefile that
    names the main one never takes half a run for a fresh one.

    Parameters
    ----------
    contents : tables, all text, or what files are to hold, by their paths.

    Raises
    ------
    InputError
        Where one cannot be written; then none has changed.
    """
    parts: list[tuple[Path, Path]] = []
    path = STREAM
    try:
        for path, content in contents.items():
            encoded = _encode(content, path)
            if path == STREAM:
                for piece in encoded:
                    sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
                continue
            if path.is_dir():
                message = "is a folder; name a file"
                raise InputError(message, path=path)
            if path.exists() and not path.is_file():
                # A device or a pipe takes what comes; nothing can stand in its place.
                with path.open("wb") as stream:
                    stream.writelines(encoded)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.{os.getpid()}.part")
            parts.append((part, path))
            with part.open("wb", buffering=_AT_ONCE) as stream:
                stream.writelines(encoded)
                stream.flush()
                os.fsync(stream.fileno())
        for part, path in parts:
            part.replace(path)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise InputError(message, path=path) from error
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)


def to_json(content: object) -> str:
    """Return content as JSON text, indented, letters as they are."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def to_csv(frame: pd.DataFrame) -> str:
    """
    Return a table as CSV text: UTF-8, LF, header row, the same for the same table.

    Parameters
    ----------
    frame : any, all text.
    """
    return "".join(_csv_parts(frame))


def _csv_parts(frame: pd.DataFrame) -> Iterator[str]:
    """Return a table as CSV text, some thousand rows at a time: a large one fits into memory but once."""
    is_text = len(frame.columns) > 1 and frame.columns.is_unique and all(frame.dtypes == "str")
    if not is_text or frame.isna().to_numpy().any():
        yield _to_csv(frame)
        return
    yield csv_line(map(str, frame.columns)) + "\n"
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        block = frame.iloc[start : start + _ROWS_AT_ONCE]
        cells = [_quoted(block[column].tolist()) for column in frame.columns]
        yield "\n".join([*map(",".join, zip(*cells, strict=True)), ""])


def _quoted(cells: list[str]) -> list[str]:
    """Return the cells of a column, in quotes where they need them; most columns are told at one look."""
    written = "".join(cells)
    if not ("," in written or '"' in written or "\n" in written or "\r" in written):
        return cells
    return [csv_line((cell,)) for cell in cells]


def _to_csv(frame: pd.DataFrame) -> str:
    text = frame.to_csv(index=False, lineterminator="\n")
    # A bare carriage return is quoted by the csv module of Python 3.13 only.
    return frame.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_ALL) if "\r" in text else text


def _encode(content: pd.DataFrame | str | bytes | Iterator[bytes], path: Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, str):
        yield content.encode()
    elif isinstance(content, Iterator):
        yield from content
    elif path.suffix == ".parquet":
        stream = io.BytesIO()
        try:
            # pandas would write along what a frame carries: the paths of this machine.
            bare = content.copy(deep=False)
            bare.attrs = {}
            bare.to_parquet(stream, index=False)
        except ImportError as error:
            raise no_parquet() from error
        yield stream.getvalue()
    else:
        yield from (part.encode() for part in _csv_parts(content))


def csv_line(cells: Iterable[str], delimiter: str = ",") -> str:
    """Return a row as a line of CSV; many times faster than the csv module, which goes by characters."""
    return delimiter.join(
        [
            cell
            # The first two are most cells, and quickly told.
            if not cell
            or cell.isalnum()
            or not (delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell)
            else '"' + cell.replace('"', '""') + '"'
            for cell in cells
        ]
    )


def appended(path: Path, rows: pd.DataFrame, table: Table) -> bytes:
    """
    Return a file of people's with rows below its own, as it is written: its bytes, then the new ones.

    Encoding, delimiter, line ends, the order of columns, and columns that
    are no part of the table stay. A column that only the new rows fill is
    added at the end. A file that is not there yet is made.

    Parameters
    ----------
    rows : the table's columns, all text.
    table : its rules.

    Raises
    ------
    InputError
        For a workbook, or letters that the file's encoding lacks; whatever reading it raises.
    """
    if not path.exists():
        return to_csv(rows).encode()
    content = reading.read_bytes(path)
    if not content.strip():
        return content + to_csv(rows).encode()
    if reading.kind(content, path) != reading.TEXT:
        raise InputError("rows are appended to CSV only; save it as CSV UTF-8", path=path)
    there = frames.named(reading.read_raw(path), table)
    decoded = dialects.decode(content, path)
    text, end = decoded.text, dialects.line_end(decoded.text)
    layout = dialects.sniff(text)
    ours = {column.casefold(): column for column in table.all_columns}
    header = [ours.get(name.strip().casefold(), name.strip()) for name in dialects.header(text, layout)[1]]
    more = [column for column in rows.columns if column not in there.columns and (rows[column] != "").any()]
    if more:
        text = _with_columns(text, layout, more)
    if not text.endswith(("\n", "\r")):
        text += end
    cells = rows.reindex(columns=[*header, *more], fill_value="")
    columns = [cells.iloc[:, place].tolist() for place in range(len(cells.columns))]
    text += "".join(csv_line(row, layout.delimiter) + end for row in zip(*columns, strict=True))
    try:
        return decoded.mark + text.encode(decoded.encoding)
    except UnicodeEncodeError as error:
        lacking = error.object[error.start]
        message = f"is Windows-1252, which has no {lacking!r}; save it as CSV UTF-8"
        raise InputError(message, path=path) from error


def _with_columns(text: str, layout: dialects.Layout, more: Sequence[str]) -> str:
    """Return a table's text with further columns at its end, blank in each row that is there."""
    begin, named = dialects.header(text, layout)
    above, lines = text[: layout.start], dialects.lines(text[layout.start :])
    found = list(dialects.records(text, layout.delimiter, layout.start, layout.above))
    ends = [line for line, _ in found[1:]] + [layout.above + len(lines) + 1]
    for (line, cells), end in zip(found, ends, strict=True):
        if not any(cell.strip() for cell in cells):
            continue
        last = lines[end - layout.above - 2]
        bare = last.rstrip("\r\n")
        added = (
            layout.delimiter + csv_line(more, layout.delimiter)
            if line == begin
            else layout.delimiter * (len(named) - len(cells) + len(more))
        )
        lines[end - layout.above - 2] = bare + added + last[len(bare) :]
    return above + "".join(lines)


_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?")


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escape_cell(text: str) -> str:
    """
    Return a cell that a spreadsheet shows as text and never runs as a formula.

    A number may have its sign: it runs nothing. ``as_meant`` gives each cell
    back to the letter; so what looks escaped is escaped once more.

    >>> escape_cell("=cmd()"), escape_cell("-3.5"), escape_cell("'=cmd()")
    ("'=cmd()", '-3.5', "''=cmd()")
    """
    return f"'{text}" if _runs(text) else text


def as_meant(text: str) -> str:
    """
    Return a cell as it was before ``escape_cell``, and any other as it stands.

    >>> as_meant("'=cmd()"), as_meant("'t Hooft"), as_meant("''=cmd()")
    ('=cmd()', "'t Hooft", "'=cmd()")
    """
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_FORMULA) and not _NUMBER.fullmatch(bare)


def for_people(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Return a table that people open or fill in: what exports wrote runs nothing in their spreadsheet.

    Parameters
    ----------
    frame : any, all text.
    """
    # Few cells begin with such a sign, and one look finds them all.
    return _changed(frame, (*_FORMULA, "'"), escape_cell)


def from_people(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Return a table that people filled in with its cells as they were meant.

    Parameters
    ----------
    frame : any, all text.
    """
    return _changed(frame, ("'",), as_meant)


def _changed(frame: pd.DataFrame, signs: tuple[str, ...], change: Callable[[str], str]) -> pd.DataFrame:
    """Return a table with each cell of text changed that begins with one of these signs."""
    changed = frame.copy(deep=False)
    for column in frame.columns:
        if frame[column].dtype == "str" and (odd := frame[column].str.startswith(signs)).any():
            cells = zip(frame[column].tolist(), odd.tolist(), strict=True)
            found = [change(cell) if is_odd else cell for cell, is_odd in cells]
            changed[column] = type(frame[column])(found, index=frame.index, dtype="str")
    return changed
