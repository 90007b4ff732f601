"""Parquet files in: whole, in parts, or some of their rows, as text with its places."""

from __future__ import annotations

import io
import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

from peerreview.errors import InputError, MissingToolError
from peerreview.tables import frames, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def read(content: bytes, path: Path) -> pd.DataFrame:
    """
    Return a whole file's rows.

    Raises
    ------
    InputError
        Where it is none.
    """
    import pandas as pd  # noqa: PLC0415

    with _told(path):
        raw = pd.read_parquet(io.BytesIO(content)).reset_index(drop=True)
    for name in raw.columns if raw.columns.is_unique else ():
        raw[name] = frames.in_one_piece(raw[name])
    return _as_text(raw, path, 0)


def parts(path: Path, n_rows: int) -> Iterator[pd.DataFrame]:
    """
    Yield a file's rows, some at a time; a part without rows if it has none.

    Raises
    ------
    InputError
        Where it is none.
    """
    with _told(path):
        from pyarrow import parquet  # noqa: PLC0415

        opened = parquet.ParquetFile(path)
    first = 0
    with opened as file:
        with _told(path):
            batches = file.iter_batches(batch_size=n_rows)
        if not file.metadata.num_rows:
            yield _as_text(file.schema_arrow.empty_table().to_pandas(), path, 0)
        while True:
            with _told(path):
                batch = next(batches, None)
            if batch is None:
                return
            yield _as_text(batch.to_pandas(), path, first)
            first += batch.num_rows


def rows(path: Path, wanted: npt.NDArray[np.int64]) -> pd.DataFrame:
    """
    Return some of a file's rows, read from those groups alone that have one.

    Parameters
    ----------
    wanted : places of rows, from 0 on, in order.

    Raises
    ------
    InputError
        Where it is none.
    """
    with _told(path):
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415

        with parquet.ParquetFile(path) as file:
            found = [file.schema_arrow.empty_table()]
            first = 0
            for group in range(file.num_row_groups):
                end = first + file.metadata.row_group(group).num_rows
                here = wanted[(wanted >= first) & (wanted < end)]
                if len(here):
                    found.append(file.read_row_group(group).take(here - first))
                first = end
        return _as_text(pa.concat_tables(found).to_pandas(), path, 0)


def with_cells(
    path: Path, group: int, is_changed: npt.NDArray[np.bool_], cells: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """
    Return some columns of a group of rows, with other cells in some places.

    Parameters
    ----------
    group : its number, from 0 on.
    is_changed : per row, whether it has other cells.
    cells : those, by column, in the order in which the file has the columns.

    Raises
    ------
    InputError
        Where it is none.
    """
    with _told(path):
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415

        with parquet.ParquetFile(path) as file:
            there = file.read_row_group(group, columns=list(cells))
    columns = {}
    for name, others in cells.items():
        whole = there[name].combine_chunks()
        columns[name] = pc.replace_with_mask(whole, is_changed, pa.array(others.tolist(), whole.type))
    amended: pd.DataFrame = pa.table(columns).to_pandas()
    return amended.astype("str")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what is wrong with a parquet file in our own words."""
    try:
        yield
    except ImportError as error:
        raise missing() from error
    except FileNotFoundError as error:
        raise InputError("no such file", path=path) from error
    except (ValueError, OSError) as error:
        message = "is not a parquet file"
        raise InputError(message, path=path) from error


def _as_text(raw: pd.DataFrame, path: Path, first: int) -> pd.DataFrame:
    """Return the rows of a parquet file, counted on from ``first``, as text."""
    # Whole numbers with blanks among them are kept as 5.0.
    floats = map(str, raw.select_dtypes("float").columns)
    numbers = {column: raw[column].map(_number, na_action="ignore") for column in floats}
    raw = raw.assign(**numbers).astype("str").fillna("")
    rows = range(first + 1, first + 1 + len(raw))
    stretch = places.Stretch(str(path), rows, header=None, counted=True)
    return places.whole(raw, [str(column) for column in raw.columns], stretch, [])


def _number(value: float) -> str:
    from peerreview.tables import workbooks  # noqa: PLC0415

    return (workbooks.shown(value) if math.isfinite(value) else None) or str(value)


def missing() -> MissingToolError:
    """Return what to say where pyarrow is missing."""
    return MissingToolError.of(".parquet", "pyarrow")
