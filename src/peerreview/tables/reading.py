"""Tables and text in: encodings, dialects, line numbers; ``-`` for standard input."""

from __future__ import annotations

import csv
import io
import json
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError
from peerreview.tables import dialects, frames, memory, once, parquet, places
from peerreview.tables.schema import STREAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import pandas as pd

    from peerreview.tables.schema import Table

# pandas takes longer to import than a small export to read: it is, only where there is a table.

TEXT, WORKBOOK, PARQUET = "text", "workbook", "parquet"


LARGE = 50_000_000
"""Bytes from which on a text is not held beside its cells."""
_OPENING = 4_000_000
"""Bytes of a large text that are looked at together, the first ones for how it is set."""
ROWS_AT_ONCE = 25_000
"""How many rows of a text are taken apart at a time."""
_ARCHIVES = (b"PK", b"\xd0\xcf")
"""How files begin that may be workbooks."""


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
    with told(path):
        return path.read_bytes()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say why a file cannot be read in our own words."""
    try:
        yield
    except FileNotFoundError:
        message = "no such file"
    except IsADirectoryError:
        message = "is a folder, not a file"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    else:
        return
    raise InputError(message, path=path)


def read_text(path: Path) -> str:
    """Return a file's text, UTF-8 with or without a byte order mark, or UTF-16 with one."""
    return dialects.decode_unicode(read_bytes(path), path).text


def read_json(path: Path, schema: str) -> dict[str, Any]:
    """
    Return what a command wrote as JSON of a schema.

    Raises
    ------
    InputError
        For what is not JSON, or of another schema.
    """
    content = parse_json(read_text(path), path=path)
    found = content.get("schema", "") if isinstance(content, dict) else ""
    if found != schema:
        raise InputError(f"schema {found!r} is not {schema!r}", path=path)
    return dict(content)


def parse_json(text: str, *, path: object = "", line: int = 1) -> Any:
    """
    Return what a JSON text says.

    Parameters
    ----------
    line : the 1-based one where the text begins.

    Raises
    ------
    InputError
        With the line, where it is not JSON, or numbers and lists in it have no end.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = line + error.lineno - 1
        raise InputError(f"is not JSON: {error.msg}", path=path, line=at) from error
    except RecursionError as error:
        raise InputError("is not JSON: lists within lists without end", path=path, line=line) from error
    except ValueError as error:
        raise InputError("is not JSON: a number of thousands of digits", path=path, line=line) from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as hexadecimal digits."""
    return hash_of(read_bytes(path))


def hash_of(content: bytes) -> str:
    """Return the SHA-256 of bytes as hexadecimal digits."""
    import hashlib  # noqa: PLC0415  OpenSSL takes longer to load than help to print

    return hashlib.sha256(content).hexdigest()


def read_raw(path: Path, table: Table | None = None) -> pd.DataFrame:
    """
    Return a spreadsheet's cells as text, unchecked, with the places of its rows.

    CSV as ``dialects`` has it, and workbooks, whatever their suffix;
    ``.parquet`` with the extra of that name. The first row that holds
    anything is the header; rows that hold nothing are none. Of several
    sheets it is the one that holds the columns of ``table``.

    Raises
    ------
    InputError
        With file and line of the fault.
    """
    large = _survey_large(path)
    if large:
        raw = _read_text(large, path, lambda: path.open("rb"))
        memory.give_back()
        return raw
    content = read_bytes(path)
    kept = kind(content, path)
    if kept == WORKBOOK:
        # Which sheet it is depends on the table.
        return _read_workbook(content, path, table)
    read = parquet.read if kept == PARQUET else _read_bytes
    return once.made_once(lambda: (str(path), hash_of(content)), read, partial(read, content, path))


def _read_bytes(content: bytes, path: Path) -> pd.DataFrame:
    return _read_text(_survey(content, path), path, partial(io.BytesIO, content))


def read_damaged(content: bytes, path: Path) -> tuple[pd.DataFrame, int]:
    """
    Return a text table's cells, and in how many lines letters were no UTF-8: they are U+FFFD now.

    For tables that others keep and nobody here can save anew; our own must be sound.

    Raises
    ------
    InputError
        With file and line of any other fault.
    """
    try:
        text, n_damaged = content.decode("utf-8-sig"), 0
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", errors="replace")
        n_damaged = sum("\ufffd" in line for line in text.split("\n"))
    sound = text.encode()
    return _read_text(_survey(sound, path), path, partial(io.BytesIO, sound)), n_damaged


def kind(content: bytes, path: Path) -> str:
    """Return how a table is kept: as text, as a workbook or as a parquet file."""
    if path.suffix.lower() == ".parquet" or content.startswith(b"PAR1"):
        return PARQUET
    return WORKBOOK if is_workbook(content) else TEXT


def is_workbook(content: bytes) -> bool:
    """Return whether a file's bytes are a workbook's."""
    if not content.startswith(_ARCHIVES):
        return False
    from peerreview.tables import workbooks  # noqa: PLC0415  text needs none of it

    return workbooks.looks_like(content)


def _read_workbook(content: bytes, path: Path, table: Table | None) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    from peerreview.tables import workbooks  # noqa: PLC0415

    columns = [column.casefold() for column in table.columns] if table else []
    try:
        sheet = workbooks.choose(workbooks.read(content), columns)
    except InputError as error:
        raise InputError(error.message, path=path) from error
    line = next(line for line, row in enumerate(sheet.rows, start=1) if any(cell.strip() for cell in row))
    header, rows = sheet.rows[line - 1], sheet.rows[line:]
    raw = pd.DataFrame({place: [row[place] for row in rows] for place in range(len(header))}, dtype="str")
    name = f"{path}:{sheet.name}"
    stretch = places.Stretch(name, range(line + 1, line + 1 + len(rows)), line)
    return places.whole(raw, header, stretch, [f"{name}:{row}: {message}" for row, message in sheet.remarks])


@dataclass(frozen=True)
class _Survey:
    """
    How a text table is set, known before its cells are read.

    ``line`` is the header's, ``start`` where the letters before it end, ``n_lines`` counts those from there
    on; ``cells`` is the text from there on as UTF-8, where the file is something else.
    """

    layout: dialects.Layout
    line: int
    header: list[str]
    start: int
    n_lines: int
    remark: str
    cells: bytes | None


def _survey(content: bytes, path: Path) -> _Survey:
    decoded = dialects.decode(content, path)
    text = decoded.text
    layout = dialects.sniff(text)
    line, header = dialects.header(text, layout)
    if not header:
        message = "is empty; give it a header row, or delete it"
        raise InputError(message, path=path)
    start = dialects.skip(text, line - 1 - layout.above, layout.start)
    is_as_it_stands = decoded.encoding == "utf-8" and not start
    cells = None if is_as_it_stands else text[start:].encode()
    return _Survey(layout, line, header, start, dialects.n_lines(text, start), decoded.remark, cells)


def _survey_large(path: Path) -> _Survey | None:
    """Return how a large table is set; None for a small one, and where all its text must be seen at once."""
    try:
        if path == STREAM or not path.is_file() or path.stat().st_size < LARGE:
            return None
        with path.open("rb") as stream:
            opening = stream.read(_OPENING)
            if kind(opening, path) != TEXT:
                return None
            n_lines = dialects.count_plain_lines(chain([opening], iter(partial(stream.read, _OPENING), b"")))
    except OSError:
        # Whoever reads it whole tells why it cannot be.
        return None
    if n_lines is None:
        return None
    # The last line may be cut off, in the middle of a letter too.
    head = opening[: opening.rfind(b"\n") + 1].decode("utf-8-sig")
    layout = dialects.sniff(head)
    line, header = dialects.header(head, layout)
    start = dialects.skip(head, line - 1 - layout.above, layout.start)
    # A header that ends with what was seen may be cut off.
    is_whole = dialects.header(head[: head.rfind("\n", 0, -1) + 1], layout) == (line, header)
    return (
        _Survey(layout, line, header, start, n_lines, "", None) if header and is_whole and not start else None
    )


def _read_text(survey: _Survey, path: Path, opened: Callable[[], BinaryIO]) -> pd.DataFrame:
    """
    Return a text table's cells.

    Parameters
    ----------
    opened : returns the whole file from its beginning, each time anew.
    """
    import pandas as pd  # noqa: PLC0415

    def text() -> str:
        with opened() as stream:
            return dialects.decode(stream.read(), path).text

    start, line, delimiter = survey.start, survey.line, survey.layout.delimiter
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            cells = opened if survey.cells is None else partial(io.BytesIO, survey.cells)
            raw = _read_cells(cells, delimiter, survey.n_lines)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise _uneven(text(), start, line, delimiter, path) from error
    lines: Sequence[int] = range(line + 1, line + 1 + len(raw))
    if survey.n_lines != len(raw) + 1:
        lines = _lines(text(), start, line, delimiter)
    stretch = places.Stretch(str(path), lines, line)
    if len(lines) != len(raw):
        # Blanks alone, in quotes, in a table of one column: which line they stand in is not known.
        stretch = places.Stretch(str(path), range(1, len(raw) + 1), line, counted=True)
    return places.whole(raw, survey.header, stretch, [survey.remark] if survey.remark else [])


def _lines(text: str, start: int, header: int, delimiter: str) -> Sequence[int]:
    """Return the line where each row below the header begins; empty lines are no rows."""
    begins = [
        line
        for line, cells in dialects.records(text, delimiter, start, header - 1)
        # pandas takes a line of blanks for none, but not a cell in quotes.
        if len(cells) > 1 or (cells and (cells[0].strip(" \t") or not cells[0]))
    ]
    return places.packed(begins[1:])


_FEW_LINES = 500
"""Fewer are read sooner as the text that they are than by guessing first what their columns hold."""


def _read_cells(opened: Callable[[], BinaryIO], delimiter: str, n_lines: int) -> pd.DataFrame:
    """
    Return a table's cells as text, a missing one as "".

    pandas reads many lines four times faster where it may guess: only the columns
    that it takes for numbers or truths are then read again, as they stand.
    ``ROWS_AT_ONCE`` bound what is in memory beside the table.
    """
    import pandas as pd  # noqa: PLC0415

    def read(**options: Any) -> Iterator[pd.DataFrame]:
        common: dict[str, Any] = {
            "sep": delimiter,
            "index_col": False,
            "skip_blank_lines": True,
            "keep_default_na": False,
            "chunksize": ROWS_AT_ONCE,
        }
        read_csv: Callable[..., Iterator[pd.DataFrame]] = pd.read_csv
        with opened() as stream:
            yield from read_csv(stream, **common, **options)

    if n_lines < _FEW_LINES:
        # A blank cell beyond the last column is let go as missing, here as below.
        return next(read(dtype="str", na_values=[""])).fillna("")
    names: list[Any] = []
    numbers: set[Any] = set()
    parts = []
    for guessed in read(na_values=[""], low_memory=False):
        names = names or list(guessed.columns)
        wrong = [column for column in names if guessed[column].dtype != "str"]
        blank = {column for column in wrong if guessed[column].isna().all()}
        numbers.update(set(wrong) - blank)
        nothing = pd.Series([""], dtype="str").repeat(len(guessed)).set_axis(guessed.index) if blank else None
        columns: dict[Any, pd.Series] = {}
        for column in names:
            if column not in numbers:
                cells = guessed[column]
                filled: Any = nothing if column in blank else cells.fillna("") if cells.hasnans else cells
                columns[column] = filled
        parts.append(pd.DataFrame(columns, index=guessed.index))
    whole = _joined(parts, [name for name in names if name not in numbers])
    if numbers:
        again = [*read(dtype="str", na_filter=False, usecols=[*numbers])]
        whole |= _joined(again, [name for name in names if name in numbers])
    return pd.DataFrame({name: whole.pop(name) for name in names}, copy=False)


def _joined(parts: Sequence[pd.DataFrame], names: Iterable[Any]) -> dict[Any, pd.Series]:
    """
    Return columns of several stretches of rows as one.

    The stretches lose them: they are in memory but once.
    """
    import pandas as pd  # noqa: PLC0415

    columns: dict[Any, pd.Series] = {}
    for name in names:
        pieces = [part.pop(name) for part in parts]
        column = pd.concat(pieces) if len(pieces) > 1 else pieces[0]
        pieces.clear()
        columns[name] = frames.in_one_piece(column)
    return columns


def columns_of(path: Path) -> list[str]:
    """Return the columns of a table, of one of ours without reading it whole."""
    lines = _our_lines(path)
    return next(lines) if lines is not None else list(read_raw(path).columns)


def distinct(path: Path, column: str) -> list[str]:
    """Return what stands in a column, each once, in order; a table of ours is read a line at a time."""
    lines = _our_lines(path)
    if lines is None:
        return list(dict.fromkeys(read_raw(path)[column]))
    place = next(lines).index(column)
    return list(dict.fromkeys(row[place] for row in lines if len(row) > place))


def _our_lines(path: Path) -> Iterator[list[str]] | None:
    """Return the rows of a table as we write it, None of another: it may be larger than memory."""
    try:
        with path.open("rb") as stream:
            opening = stream.readline()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    first = opening.decode("utf-8", "replace").removesuffix("\n")
    if not first.startswith("record_id,") or '"' in first:
        return None
    return _rows_of(path)


def _rows_of(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        yield from csv.reader(lines)


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
    """
    Return several files of one table as one, checked, in the order given.

    Parameters
    ----------
    paths : files of the table.
    table : its rules.
    prepare : makes a file's raw cells into the table's columns.
    """
    import pandas as pd  # noqa: PLC0415

    raws = []
    for path in paths:
        raw = read_raw(path, None if prepare else table)
        if prepare:
            prepared = prepare(raw)
            prepared.attrs = raw.attrs
            raws.append(frames.check(prepared, table))
        else:
            raws.append(once.made_once(partial(places.of, raw), table, partial(frames.check, raw, table)))
    if not raws:
        return frames.empty(table)
    if len(raws) == 1:
        return raws[0]
    whole = pd.concat(raws, ignore_index=True).fillna("")
    places.put(whole, [stretch for raw in raws for stretch in places.of(raw)])
    return frames.check(whole, table) if table.key else whole


def read_optional(path: Path, table: Table) -> pd.DataFrame:
    """Return the table in a file, or an empty one where there is no such file."""
    return read(path, table) if path.exists() else frames.empty(table)


def _uneven(text: str, start: int, header: int, delimiter: str, path: Path) -> InputError:
    """Return which row of a table is broken, and why."""
    n_columns = 0
    line = header
    for line, cells in dialects.records(text, delimiter, start, header - 1):
        n_columns = n_columns or len(cells)
        if len(cells) > n_columns:
            message = (
                f"{len(cells)} cells in a table of {n_columns} columns; quote cells that hold {delimiter!r}"
            )
            return InputError(message, path=path, line=line)
    return InputError("is not a table; a quote may be missing", path=path, line=line)
