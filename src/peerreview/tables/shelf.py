"""Arrays in files of a folder: written whole, read a few rows at a time, more of them than memory holds."""

import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError
from peerreview.tables import parquet

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Array = npt.NDArray[Any]
    Rows = npt.NDArray[np.int64]

_ENDS = b"ends"


class Kept:
    """The columns that one file of a shelf holds, left on the disk until rows of them are asked for."""

    def __init__(self, table: Any) -> None:
        self._table = table
        ends = (table.schema.metadata or {}).get(_ENDS)
        self.ends: list[int] = json.loads(ends) if ends else []
        """Where each stretch of rows ends, where the file has stretches."""

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @property
    def names(self) -> list[str]:
        """The names of its columns."""
        return list(self._table.column_names)

    def whole(self, name: str) -> "Array":
        """Return a column: text as objects, numbers as they lie on the disk, not to be changed."""
        return _array(self._table[name])

    def texts(self, name: str) -> "pd.Series":
        """Return a column of text, left on the disk."""
        import numpy as np  # noqa: PLC0415
        import pandas as pd  # noqa: PLC0415

        kind: Any = pd.StringDtype("pyarrow", na_value=np.nan)
        return pd.Series(kind.__from_arrow__(self._table[name]))

    def take(self, name: str, rows: "Rows") -> "Array":
        """Return some rows of a column, in their order."""
        if _is_text(self._table[name]):
            return _array(self._table[name].take(rows))
        return self.whole(name)[rows]

    def stretch(self, number: int, *names: str) -> "list[Array]":
        """Return a stretch of rows of some columns."""
        start = self.ends[number - 1] if number else 0
        return [_array(self._table[name].slice(start, self.ends[number] - start)) for name in names]


@dataclass(frozen=True)
class Shelf:
    """
    A folder of named columns, which several processes share; a file stands there whole or not at all.

    Files are Arrow's, mapped into memory as they are read: the machine may forget what it read.
    """

    folder: Path

    def has(self, name: str) -> bool:
        """Return whether a name stands here."""
        return self._path(name).exists()

    def put(self, name: str, columns: "Mapping[str, Array | pd.Series]", ends: Sequence[int] = ()) -> None:
        """
        Write columns under a name.

        Parameters
        ----------
        columns : text, as objects or a column of a table, or numbers; of one length.
        ends : where each stretch of rows ends.

        Raises
        ------
        InputError
            Where the disk is full, or is not ours to write to.
        """
        arrow = _arrow()
        table = arrow.table(
            {
                key: arrow.array(values, arrow.large_string()) if values.dtype in (object, "str") else values
                for key, values in columns.items()
            }
        )
        if len(ends):
            table = table.replace_schema_metadata({_ENDS: json.dumps(list(map(int, ends)))})
        part = self._path(f".{name}-{os.getpid()}-{uuid.uuid4().hex}")
        try:
            with part.open("wb") as sink, arrow.ipc.new_file(sink, table.schema) as written:
                written.write_table(table)
            part.replace(self._path(name))
        except OSError as error:
            part.unlink(missing_ok=True)
            raise InputError(f"cannot be written: {error.strerror}", path=part.parent) from error

    def get(self, name: str) -> Kept:
        """Return the columns under a name."""
        arrow = _arrow()
        return Kept(arrow.ipc.open_file(arrow.memory_map(str(self._path(name)))).read_all())

    def lend(self, name: str, other: "Shelf") -> None:
        """
        Have a name stand on another shelf, too, with the same columns.

        Raises
        ------
        InputError
            Where the disk is full, or is not ours to write to.
        """
        path = other.folder / self._path(name).name
        path.unlink(missing_ok=True)
        try:
            try:
                path.hardlink_to(self._path(name))
            except OSError:
                # Another disk, or one without links.
                shutil.copyfile(self._path(name), path)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", path=path.parent) from error

    def remove(self, name: str) -> None:
        """Remove a name; it may be gone already."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.arrow"


def _arrow() -> Any:
    try:
        import pyarrow.ipc  # noqa: PLC0415  only large reviews need it
    except ImportError as error:
        raise parquet.missing() from error
    return pyarrow


def _is_text(column: Any) -> bool:
    return bool(_arrow().types.is_large_string(column.type))


def _array(column: Any) -> "Array":
    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    # pyarrow may give back a chunked array where there are no rows at all.
    found: Array = whole.to_numpy(zero_copy_only=False)
    return found
