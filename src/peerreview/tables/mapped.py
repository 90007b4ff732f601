"""Tables larger than memory: cells lie in files and are mapped, so that the machine may let go of them."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from peerreview.errors import InputError
from peerreview.tables import frames, parquet, places, reading
from peerreview.tables.schema import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

AT_ONCE = 50_000
"""Rows that are in memory at a time while a table is laid out."""


def read(path: Path, table: Table, folder: Path) -> "pd.DataFrame":
    """
    Return the table in a file, checked, its cells in files of a folder; of parquet, never all in memory.

    Parameters
    ----------
    folder : keeps the cells as long as the table is used.

    Raises
    ------
    InputError, InputErrors
        With file and line, or row, of each fault.
    """
    if path.suffix.lower() != ".parquet":
        return lay_out(reading.read(path, table), folder)
    stretches: list[places.Stretch] = []

    def checked() -> "Iterator[pd.DataFrame]":
        for part in parquet.parts(path, AT_ONCE):
            stretches.extend(places.of(part))
            yield frames.check(part, table)

    whole = places.put(_laid_out(checked(), folder), stretches)
    if problems := frames.repeated(whole, table):
        raise places.row_errors(whole, problems)
    return whole


def lay_out(table: "pd.DataFrame", folder: Path) -> "pd.DataFrame":
    """
    Return a table whose cells are in files of a folder.

    Parameters
    ----------
    table : any, all text.
    """
    starts = range(0, max(len(table), 1), AT_ONCE)
    laid = _laid_out((table.iloc[start : start + AT_ONCE] for start in starts), folder)
    laid.attrs = table.attrs
    return laid


def _laid_out(parts: "Iterator[pd.DataFrame]", folder: Path) -> "pd.DataFrame":
    """Return parts of a table as one: of each column a file of letters, and one where each cell ends."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    columns: list[str] = []
    ends: list[int] = []
    n_rows = 0
    with ExitStack() as opened:
        files: list[tuple[BinaryIO, BinaryIO]] = []
        for part in parts:
            if not files:
                columns = list(part.columns)
                ends = [0] * len(columns)
                try:
                    files = [_files(opened, folder, place) for place in range(len(columns))]
                except OSError as error:
                    raise InputError(f"cannot be written: {error.strerror}", path=folder) from error
                for offsets, _ in files:
                    offsets.write(np.zeros(1, dtype=np.int64).tobytes())
            n_rows += len(part)
            for place, (offsets, letters) in enumerate(files):
                stops, text = _buffers(part[columns[place]])
                offsets.write((stops + ends[place]).tobytes())
                letters.write(text)
                ends[place] += len(text)
    return pd.DataFrame(
        {column: _mapped(folder, place, n_rows) for place, column in enumerate(columns)}, copy=False
    )


def _paths(folder: Path, place: int) -> tuple[Path, Path]:
    return folder / f"column-{place}-ends", folder / f"column-{place}-letters"


def _files(opened: ExitStack, folder: Path, place: int) -> tuple[BinaryIO, BinaryIO]:
    offsets, letters = (opened.enter_context(path.open("wb")) for path in _paths(folder, place))
    return offsets, letters


def _buffers(cells: "pd.Series") -> tuple[Any, bytes]:
    """Return where each cell of a column ends, and all their letters."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    whole = pa.array(cells.array, pa.large_string())
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.combine_chunks()
    _, offsets, letters = whole.buffers()
    stops = np.frombuffer(offsets, dtype=np.int64)[whole.offset : whole.offset + len(whole) + 1]
    if not len(stops) or letters is None:
        return np.zeros(len(whole), dtype=np.int64), b""
    return stops[1:] - stops[0], memoryview(letters)[stops[0] : stops[-1]].tobytes()


def _mapped(folder: Path, place: int, n_rows: int) -> "pd.Series":
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    buffers = [
        pa.memory_map(str(path)).read_buffer() if path.stat().st_size else pa.py_buffer(b"")
        for path in _paths(folder, place)
    ]
    cells = pa.LargeStringArray.from_buffers(n_rows, *buffers)
    kind: Any = pd.StringDtype("pyarrow", na_value=np.nan)
    # The one way that copies nothing.
    return pd.Series(kind.__from_arrow__(cells))
