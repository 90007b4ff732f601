"""Tables and text out: whole files or none, cells that run nothing; ``-`` for standard output."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.tables.reading import STREAM, no_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

_ROWS_AT_ONCE = 5_000


_AT_ONCE = 200_000
"""Bytes written at a time: far fewer calls than with Python's 8 kB."""


def write(content: pd.DataFrame | str | bytes, path: Path) -> None:
    """Write one file whole, or leave what stood there."""
    write_all({path: content})


def write_all(contents: Mapping[Path, pd.DataFrame | str | bytes | Iterator[bytes]]) -> None:
    """
    Write files whole, in the order given, or leave all that stood there.

    Bytes may come in pieces: a large file need not be in memory at once.

    Name side outputs first and the main one last, so that a Makefile that
    names the main one never takes half a run for a fresh one.

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


def to_csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV text: UTF-8, LF, header row, the same for the same table."""
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
        cells = [block[column].tolist() for column in frame.columns]
        yield "\n".join([*map(csv_line, zip(*cells, strict=True)), ""])


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
            content.to_parquet(stream, index=False)
        except ImportError as error:
            raise no_parquet() from error
        yield stream.getvalue()
    else:
        yield from (part.encode() for part in _csv_parts(content))


def csv_line(cells: Iterable[str]) -> str:
    """Return a row as a line of CSV; many times faster than the csv module, which goes by characters."""
    return ",".join(
        [
            cell
            # The first two are most cells, and quickly told.
            if not cell or cell.isalnum() or not ("," in cell or '"' in cell or "\n" in cell or "\r" in cell)
            else '"' + cell.replace('"', '""') + '"'
            for cell in cells
        ]
    )


_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?")


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escape_cell(text: str) -> str:
    """
    Return a cell that a spreadsheet shows as text and never runs as a formula.

    A number may have its sign: it runs nothing.

    >>> escape_cell("=cmd()"), escape_cell("-3.5")
    ("'=cmd()", '-3.5')
    """
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def for_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of text that people fill in: what exports wrote runs nothing in their spreadsheet."""
    return frame.map(escape_cell)
