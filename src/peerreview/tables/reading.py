"""Tables and text in: encodings, dialects, line numbers; ``-`` for standard input."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from peerreview.errors import InputError, InputErrors, MissingToolError, RowErrors
from peerreview.tables import frames

if TYPE_CHECKING:
    from _csv import Reader as _Reader
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from peerreview.tables.schema import Table

# pandas takes longer to import than a small export to read: it is, only where there is a table.

STREAM = Path("-")


DELIMITERS = (",", ";", "\t")


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_bytes(path: Path) -> bytes:
    """
    Return a file's bytes, or standard input's for ``-``.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    if path == STREAM:
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = "no such file"
    except IsADirectoryError:
        message = "is a folder, not a file"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    raise InputError(message, path=path)


def read_text(path: Path) -> str:
    """Return a file's text, UTF-8 with or without a byte order mark, or UTF-16 with one."""
    return _decode(read_bytes(path), path)


def _decode(content: bytes, path: Path) -> str:
    encoding = "utf-16" if content[:2] in _UTF_16 else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8 text; save it as CSV UTF-8"
        raise InputError(message, path=path, line=line) from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as hexadecimal digits."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def read_raw(path: Path) -> pd.DataFrame:
    """
    Return a spreadsheet's cells as text, unchecked; ``attrs["files"]`` says whence.

    CSV with commas, semicolons or tabs, ``.parquet`` with the extra of that name.
    """
    if path.suffix == ".parquet":
        return _placed(_read_parquet(path), path)
    import pandas as pd  # noqa: PLC0415

    content = read_bytes(path)
    text = _decode(content, path)
    rows, delimiter, above = _find_rows(text)
    if not rows or rows.isspace():
        message = "is empty; a table has a header row"
        raise InputError(message, path=path)
    header = next(_reader(rows, delimiter), [])
    twice = sorted({name for name in header if name.strip() and header.count(name) > 1})
    if twice:
        message = f"column {twice[0]!r} stands here twice"
        raise InputError(message, path=path, line=above + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            raw = _read_cells(rows.encode() if above or content[:2] in _UTF_16 else content, delimiter)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise _uneven(text, len(header), path) from error
    unnamed = [position for position, name in enumerate(header[: len(raw.columns)]) if not name.strip()]
    for position in unnamed:
        if raw.iloc[:, position].str.strip().any():
            message = f"column {position + 1} holds cells and has no name"
            raise InputError(message, path=path, line=above + 1)
    return _placed(_without_blank_rows(raw.drop(columns=raw.columns[unnamed])), path)


_FIRST_LINE = re.compile(r"[^\r\n]*(?:\r?\n|\r)?")


_SEPARATOR = re.compile(r"\"?sep=([,;:|\t])\"?\s*", re.IGNORECASE)


def _find_rows(text: str) -> tuple[str, str, int]:
    """Return a table's text from its header on, its delimiter, and the lines above: Excel's ``sep=;``."""
    first = cast("re.Match[str]", _FIRST_LINE.match(text))[0]
    told = _SEPARATOR.fullmatch(first)
    if told:
        return text[len(first) :], told[1], 1
    return text, max(DELIMITERS, key=first.count), 0


def _reader(text: str, delimiter: str) -> _Reader:
    csv.field_size_limit(2**31 - 1)
    # A Macintosh ends lines with a carriage return.
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _without_blank_rows(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that say anything: a spreadsheet saves rows once used and emptied since."""
    import pandas as pd  # noqa: PLC0415

    blank = pd.Series(data=True, index=raw.index)
    for column in raw.columns:
        if not blank.any():
            return raw
        blank &= raw[column].str.strip() == ""
    return raw[~blank].reset_index(drop=True)


def _read_cells(content: bytes, delimiter: str) -> pd.DataFrame:
    """
    Return a table's cells as text, a missing one as "".

    pandas reads text four times faster where it may guess: only the columns
    that it takes for numbers or truths are then read again, as they stand.
    """
    import pandas as pd  # noqa: PLC0415

    def read(**options: Any) -> pd.DataFrame:
        stream = io.BytesIO(content)
        common: dict[str, Any] = {
            "sep": delimiter,
            "index_col": False,
            "skip_blank_lines": True,
            "keep_default_na": False,
        }
        read_csv: Callable[..., pd.DataFrame] = pd.read_csv
        return read_csv(stream, **common, **options)

    guessed = read(na_values=[""], low_memory=False)
    wrong = [column for column in guessed.columns if guessed[column].dtype != "str"]
    blank = [column for column in wrong if guessed[column].isna().all()]
    others = [column for column in wrong if column not in blank]
    again = read(dtype="str", na_filter=False, usecols=others) if others else guessed
    nothing = pd.Series([""], dtype="str").repeat(len(guessed)).set_axis(guessed.index) if blank else None
    columns = {}
    for column in guessed.columns:
        cells = again[column] if column in others else guessed[column]
        columns[column] = nothing if column in blank else cells.fillna("") if cells.hasnans else cells
    return pd.DataFrame(columns, index=guessed.index)


def read(path: Path, table: Table) -> pd.DataFrame:
    """
    Return the table in a file, checked; columns in their order, all cells text.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    return read_all([path], table)


def read_all(
    paths: Sequence[Path], table: Table, *, prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return several files of one table as one, checked, in the order given; ``prepare`` renames columns."""
    import pandas as pd  # noqa: PLC0415

    raws = []
    for path in paths:
        raw = read_raw(path)
        raws.append(_checked(_placed(prepare(raw), path) if prepare else raw, table))
    if not raws:
        return frames.empty(table)
    whole = pd.concat(raws, ignore_index=True).fillna("") if len(raws) > 1 else raws[0]
    whole.attrs["files"] = tuple((str(path), len(raw)) for path, raw in zip(paths, raws, strict=True))
    if len(raws) > 1 and table.key:
        _checked(whole, table)
    return whole


def read_optional(path: Path, table: Table) -> pd.DataFrame:
    """Return the table in a file, or an empty one where there is no such file."""
    return read(path, table) if path.exists() else frames.empty(table)


@contextmanager
def lines_for_rows() -> Iterator[None]:
    """Turn the rows of a ``RowErrors`` raised inside into the lines of their files."""
    try:
        yield
    except RowErrors as error:
        lines: dict[str, list[int]] = {}
        placed = []
        for path, row, message in error.problems:
            if path not in lines:
                lines[path] = _lines(Path(path)) if path and Path(path) != STREAM else []
            known = lines[path]
            placed.append(InputError(message, path=path, line=known[row] if row < len(known) else None))
        raise InputErrors(placed) from None


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    try:
        raw = pd.read_parquet(io.BytesIO(read_bytes(path)))
    except ImportError as error:
        raise no_parquet() from error
    except (ValueError, OSError) as error:
        message = "is not a parquet file"
        raise InputError(message, path=path) from error
    return raw.astype("str").fillna("")


def no_parquet() -> MissingToolError:
    """Return what to say where pyarrow is missing."""
    return MissingToolError.of(".parquet", "pyarrow")


def _placed(raw: pd.DataFrame, path: Path) -> pd.DataFrame:
    raw.attrs["files"] = ((str(path), len(raw)),)
    return raw


def _checked(raw: pd.DataFrame, table: Table) -> pd.DataFrame:
    with lines_for_rows():
        return frames.check(raw, table)


def _uneven(text: str, n_columns: int, path: Path) -> InputError:
    rows, delimiter, above = _find_rows(text)
    reader = _reader(rows, delimiter)
    line = above + 1
    for cells in reader:
        if len(cells) > n_columns:
            message = (
                f"{len(cells)} cells in a table of {n_columns} columns; quote cells that hold {delimiter!r}"
            )
            return InputError(message, path=path, line=line)
        line = above + reader.line_num + 1
    return InputError("is not a table; a quote may be missing", path=path, line=line)


def _lines(path: Path) -> list[int]:
    """Return the 1-based line where each row of a CSV file begins, its header aside."""
    rows, delimiter, above = _find_rows(read_text(path))
    reader = _reader(rows, delimiter)
    starts = []
    line = above + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            starts.append(line)
        line = above + reader.line_num + 1
    return starts[1:]
