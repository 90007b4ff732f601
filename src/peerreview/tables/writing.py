"""Tables and text out: whole files or none, cells that run nothing; ``-`` for standard output."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from peerreview.errors import InputError
from peerreview.tables import STREAM, dialects, frames, locking, parquet, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from peerreview.tables.schema import Table

_ROWS_AT_ONCE = 5_000


_AT_ONCE = 200_000
"""Bytes written at a time: far fewer calls than with Python's 8 kB."""
_COMPRESSION: Literal["zstd"] = "zstd"
"""Of parquet: abstracts take a third less room than with snappy, and are read in two thirds of the time."""
_BINARY = getattr(os, "O_BINARY", 0)
"""Windows has line ends of its own unless told."""


def write(content: pd.DataFrame | str | bytes, path: Path) -> None:
    """
    Write one file whole, or leave what stood there.

    Parameters
    ----------
    content : a table, all text, or what a file is to hold.
    path : ``.csv`` or ``.parquet`` for a table; ``-`` for standard output.
    """
    write_all({path: content})


def write_all(
    contents: Mapping[Path, pd.DataFrame | str | bytes | Iterator[bytes]],
    *,
    waiting: Callable[[Path], None] | None = None,
) -> None:
    """
    Write files whole, in the order given, or leave all that stood there.

    Bytes may come in pieces: a large file need not be in memory at once.
    Where a link is named, the file that it leads to is written; a file that
    is there keeps its mode and, as far as we may, its owner and group. Two
    processes that write one file take turns, each with all its files; what
    one that was killed had begun to write is removed.

    Name side outputs first and the main one last, so that a Makefile that
    names the main one never takes half a run for a fresh one.

    Parameters
    ----------
    contents : tables, all text, or what files are to hold, by their paths.
    waiting : told once of each file that another process is writing.

    Raises
    ------
    InputError
        Where one cannot be written; then none has changed.
    """
    files = {path: locking.real(path) for path in contents if path != STREAM}
    for path, file in files.items():
        if file.is_dir():
            raise InputError("is a folder; name a file", path=path)
    # A device or a pipe takes what comes; nothing can stand in its place.
    replaced = {path: file for path, file in files.items() if file.is_file() or not file.exists()}
    parts: list[tuple[Path, Path]] = []
    path = STREAM
    with locking.alone(*replaced.values(), waiting=waiting):
        try:
            for path, content in contents.items():
                encoded = _encode(content, path)
                if path == STREAM:
                    _write_out(encoded)
                elif path not in replaced:
                    with path.open("wb") as stream:
                        stream.writelines(encoded)
                else:
                    locking.remove_parts(replaced[path])
                    part = replaced[path].with_name(f".{replaced[path].name}.{os.getpid()}.part")
                    parts.append((part, replaced[path]))
                    _write_part(encoded, part, replaced[path])
            for part, file in parts:
                part.replace(file)
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            raise InputError(message, path=path) from error
        finally:
            for part, _ in parts:
                part.unlink(missing_ok=True)


def _write_out(encoded: Iterator[bytes]) -> None:
    if sys.__stdout__ is None:
        raise OSError(errno.EBADF, "standard output is closed")
    for piece in encoded:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _write_part(encoded: Iterator[bytes], part: Path, file: Path) -> None:
    """Write what is to take a file's place: on the disk, not only on its way, and for the same people."""
    before = file.stat() if file.exists() else None
    # Nobody reads private votes in the moment before they have their mode.
    made = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600 if before else 0o666)
    with os.fdopen(made, "wb", buffering=_AT_ONCE) as stream:
        if before and hasattr(os, "fchown"):
            for owner, group in ((-1, before.st_gid), (before.st_uid, -1)):
                with suppress(OSError):
                    os.fchown(stream.fileno(), owner, group)
        if before and hasattr(os, "fchmod"):
            os.fchmod(stream.fileno(), stat.S_IMODE(before.st_mode))
        stream.writelines(encoded)
        stream.flush()
        os.fsync(stream.fileno())


def is_passing(path: Path) -> bool:
    """
    Return whether a file is there only while another is written, or because whoever wrote that was killed.

    >>> from pathlib import Path
    >>> [is_passing(Path(name)) for name in (".votes.csv.lock", ".votes.csv.71.part", ".gitignore", "a.lock")]
    [True, True, False, False]
    """
    return re.fullmatch(r"\..+\.(?:lock|[0-9]+\.part)", path.name) is not None


_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def to_json(content: object) -> str:
    r"""
    Return content as JSON text, indented, letters as they are; what a terminal would obey is spelled out.

    >>> print(to_json(["é \x9b31m"]), end="")
    [
      "é \u009b31m"
    ]
    """
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def to_csv(frame: pd.DataFrame) -> str:
    """
    Return a table as CSV text: UTF-8, LF, header row, the same for the same table.

    Parameters
    ----------
    frame : any, all text.
    """
    return "".join(_csv_parts(frame))


def in_parts(parts: Iterator[pd.DataFrame], path: Path) -> Iterator[bytes]:
    """
    Return a table that comes in parts as the bytes of its file, a part at a time.

    Parameters
    ----------
    parts : all text, of the same columns; at least one.
    path : ``.parquet``, where each part is a group of rows; any other is CSV.
    """
    if path.suffix == ".parquet":
        yield from _parquet_parts(parts)
        return
    for number, part in enumerate(parts):
        yield from (text.encode() for text in _csv_parts(part, with_header=not number))


def _parquet_parts(parts: Iterator[pd.DataFrame]) -> Iterator[bytes]:
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise parquet.missing() from error
    sink = io.BytesIO()
    written = None
    for part in parts:
        bare = part.copy(deep=False)
        bare.attrs = {}
        # In one piece: the same rows are the same bytes, however they came together.
        group = pa.Table.from_pandas(bare, preserve_index=False).combine_chunks()
        written = written or parquet.ParquetWriter(_Appended(sink), group.schema, compression=_COMPRESSION)
        written.write_table(group)
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()
    if written:
        written.close()
        yield sink.getvalue()


class _Appended(io.RawIOBase):
    """A file that knows how much was written, though what was written is taken away meanwhile."""

    def __init__(self, sink: io.BytesIO) -> None:
        super().__init__()
        self._sink, self._n_bytes = sink, 0

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def tell(self) -> int:
        """Return how much was written."""
        return self._n_bytes

    def write(self, content: Any) -> int:
        """Write more."""
        n_bytes = self._sink.write(content)
        self._n_bytes += n_bytes
        return n_bytes


def _csv_parts(frame: pd.DataFrame, *, with_header: bool = True) -> Iterator[str]:
    """Return a table as CSV text, some thousand rows at a time: a large one fits into memory but once."""
    is_text = len(frame.columns) > 1 and frame.columns.is_unique and all(frame.dtypes == "str")
    if not is_text or frame.isna().to_numpy().any():
        text = _to_csv(frame)
        yield text if with_header else text.partition("\n")[2]
        return
    if with_header:
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
    return [
        '"' + cell.replace('"', '""') + '"'
        if "," in cell or '"' in cell or "\n" in cell or "\r" in cell
        else cell
        for cell in cells
    ]


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
            bare.to_parquet(stream, index=False, compression=_COMPRESSION)
        except ImportError as error:
            raise parquet.missing() from error
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


_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*(?:[eE][+-]?[0-9]+|%)?")


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Signs with which a formula begins; the wide ones are the same to a spreadsheet in Japanese or Chinese."""


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
