"""
A table's file with other rows in some places, written anew: of parquet, what stays is copied as it lies.

A group of rows in a parquet file is a chunk of bytes a column, and the end of the file says where each
begins. A chunk does not depend on what else is in the file. So a column of a group in which no cell has
changed is neither unpacked nor packed again, and the file is the same, byte for byte, as if all had been.
Where the pyarrow that is here writes otherwise, all are.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
import pandas as pd

from peerreview.tables import compact, parquet, writing
from peerreview.tables.compact import Field, Listed, Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

_MAGIC = b"PAR1"
_TAIL = 8
"""Bytes at the end of a file: how long what it says of itself is, and the magic word."""
# The numbers of fields, as parquet.thrift of the Apache Parquet format has them.
_VERSION, _SCHEMA, _N_ROWS, _GROUPS, _NOTES, _WRITTEN_BY, _ORDERS = 1, 2, 3, 4, 5, 6, 7
_COLUMNS, _GROUP_UNPACKED, _GROUP_ROWS, _GROUP_START, _GROUP_PACKED, _GROUP_NUMBER = 1, 2, 3, 5, 6, 7
_CHUNK_START, _CHUNK_ABOUT = 2, 3
_UNPACKED, _PACKED, _DATA, _INDEX, _DICTIONARY = 6, 7, 9, 10, 11
_KNOWN_OF_FILE = {_VERSION, _SCHEMA, _N_ROWS, _GROUPS, _NOTES, _WRITTEN_BY, _ORDERS}
_KNOWN_OF_GROUP = {_COLUMNS, _GROUP_UNPACKED, _GROUP_ROWS, _GROUP_START, _GROUP_PACKED, _GROUP_NUMBER}
_KNOWN_OF_CHUNK = {_CHUNK_START, _CHUNK_ABOUT}
"""No chunk lies in another file, is encrypted or has an index: those have places of their own."""
_ELSEWHERE = {14, 15}
"""Of a chunk's description: where a filter lies."""


@dataclass(frozen=True, slots=True)
class Piece:
    """
    Rows to be written together: those of a file at some ``places``, in order, then further ones.

    The first of ``rows`` stand in place of those at ``changed``, which are among the places; the
    others follow. ``rows`` has the columns of all.
    """

    places: Places
    changed: Places
    rows: pd.DataFrame

    def frame(self, take: Callable[[Places], pd.DataFrame]) -> pd.DataFrame:
        """
        Return the rows.

        Parameters
        ----------
        take : returns rows of the file by their places.
        """
        there = take(self.places)
        order = np.arange(len(there))
        order[np.searchsorted(self.places, self.changed)] = len(there) + np.arange(len(self.changed))
        added = len(there) + np.arange(len(self.changed), len(self.rows))
        both = pd.concat([there, self.rows], ignore_index=True).fillna("")
        return both[self.rows.columns].iloc[np.concatenate([order, added])].reset_index(drop=True)


def spliced(
    path: Path,
    pieces: Iterable[Piece],
    take: Callable[[Places], pd.DataFrame],
    read: Callable[[Places], pd.DataFrame],
) -> Iterator[bytes]:
    """
    Return a parquet file of pieces of another, some bytes at a time; each piece is a group of rows.

    Parameters
    ----------
    path : the other.
    pieces : at least one.
    take : returns rows of it by their places, and keeps them at hand.
    read : the same of many rows, once.
    """
    if not copies():
        yield from writing.in_parts((piece.frame(read) for piece in pieces), path)
        return
    footer: Structure = {}
    groups: list[Structure] = []
    chunks: Iterable[_Chunk]
    with path.open("rb") as stream:
        source: _Source | None = None
        n_bytes = len(_MAGIC)
        yield _MAGIC
        for piece in pieces:
            if source is None:
                _, footer = _packed(piece.rows.iloc[:0])
                source = _Source(path, stream, footer)
            number = source.number_of(piece)
            if number is None:
                group, chunks = _packed_group(piece.frame(read))
            else:
                group = source.groups[number]
                chunks = source.chunks(number, piece, take)
            columns = []
            begin = n_bytes
            for chunk in chunks:
                columns.append(chunk.moved_to(n_bytes))
                yield chunk.packed
                n_bytes += len(chunk.packed)
            groups.append(_group(group, columns, begin, len(groups)))
    n_rows = sum(group[_GROUP_ROWS].value for group in groups)
    told = compact.write(
        footer
        | {_N_ROWS: Field(footer[_N_ROWS].kind, n_rows)}
        | {_GROUPS: Field(footer[_GROUPS].kind, Listed(footer[_GROUPS].value.kind, groups))}
    )
    yield told + len(told).to_bytes(4, "little") + _MAGIC


class _Chunk(NamedTuple):
    """A column of a group: its bytes, and what its file says of it."""

    packed: bytes
    told: Structure

    @classmethod
    def read(cls, stream: BinaryIO, told: Structure) -> _Chunk:
        """Return the one that a file says this of."""
        stream.seek(_start(told))
        return cls(stream.read(told[_CHUNK_ABOUT].value[_PACKED].value), told)

    def moved_to(self, place: int) -> Structure:
        """Return what is said of it where it begins at another place."""
        step = place - _start(self.told)
        about = _moved(self.told[_CHUNK_ABOUT].value, (_DATA, _INDEX, _DICTIONARY), step)
        moved = _moved(self.told, (_CHUNK_START,), step)
        return moved | {_CHUNK_ABOUT: Field(self.told[_CHUNK_ABOUT].kind, about)}


def _start(told: Structure) -> int:
    """Return where a chunk begins in its file."""
    about = told[_CHUNK_ABOUT].value
    # Where there are no rows, there are no data, and they begin nowhere.
    starts = [about[number].value for number in (_DATA, _DICTIONARY) if number in about]
    return int(min(start for start in starts if start > 0))


def _moved(told: Structure, places: Sequence[int], step: int) -> Structure:
    """Return a structure with these places of a file moved; 0 and less are none."""
    moved = {number: told[number] for number in places if number in told and told[number].value > 0}
    return told | {number: Field(kind, place + step) for number, (kind, place) in moved.items()}


class _Source:
    """
    A file that is copied from, as far as it was written as it would be now.

    Parameters
    ----------
    footer : what a file of the same columns says of itself that is written now.
    """

    def __init__(self, path: Path, stream: BinaryIO, footer: Structure) -> None:
        self._path, self._stream = path, stream
        told = _footer(stream)
        # Another version packs in another way; the whole is then packed anew.
        same = told is not None and all(
            told.get(each) == footer.get(each) for each in _KNOWN_OF_FILE - {_N_ROWS, _GROUPS}
        )
        self.groups: list[Structure] = told[_GROUPS].value.values if told and same else []
        sizes = [group[_GROUP_ROWS].value for group in self.groups]
        ends = np.cumsum(sizes, dtype=np.int64).tolist()
        self._numbers = {
            (end - size, end): number for number, (size, end) in enumerate(zip(sizes, ends, strict=True))
        }

    def number_of(self, piece: Piece) -> int | None:
        """Return the number of the group that a piece is, be it with other cells; None where it is none."""
        if len(piece.rows) > len(piece.changed) or not len(piece.places):
            return None
        stretch = int(piece.places[0]), int(piece.places[-1]) + 1
        if stretch[1] - stretch[0] != len(piece.places):
            return None
        return self._numbers.get(stretch)

    def chunks(self, number: int, piece: Piece, take: Callable[[Places], pd.DataFrame]) -> Iterator[_Chunk]:
        """Yield the columns of a group, those anew in which a cell has changed."""
        anew = self._anew(number, piece, take) if len(piece.changed) else {}
        for place, told in enumerate(self.groups[number][_COLUMNS].value.values):
            yield anew[place] if place in anew else _Chunk.read(self._stream, told)

    def _anew(self, number: int, piece: Piece, take: Callable[[Places], pd.DataFrame]) -> dict[int, _Chunk]:
        """Return those columns of a group in which a cell has changed, by their places."""
        before, now = take(piece.changed), piece.rows
        names = [name for name in now.columns if before[name].tolist() != now[name].tolist()]
        if not names:
            return {}
        is_changed = np.zeros(len(piece.places), dtype=np.bool_)
        is_changed[piece.changed - piece.places[0]] = True
        cells = {name: now[name] for name in names}
        _, chunks = _packed_group(parquet.with_cells(self._path, number, is_changed, cells))
        places = [list(now.columns).index(name) for name in names]
        return dict(zip(places, chunks, strict=True))


@cache
def copies() -> bool:
    """Return whether anything is copied: older pyarrows write more than columns, between those."""
    _, told = _packed(pd.DataFrame({"one": ["a"], "other": ["b"]}, dtype="str"))
    (group,) = told[_GROUPS].value.values
    one, other = group[_COLUMNS].value.values
    return _start(other) == _start(one) + int(one[_CHUNK_ABOUT].value[_PACKED].value)


def _group(group: Structure, columns: Sequence[Structure], start: int, number: int) -> Structure:
    """Return what is said of a group whose columns are these."""
    about = [column[_CHUNK_ABOUT].value for column in columns]
    changed: dict[int, Any] = {
        _COLUMNS: Listed(group[_COLUMNS].value.kind, list(columns)),
        _GROUP_UNPACKED: sum(each[_UNPACKED].value for each in about),
        _GROUP_START: start,
        _GROUP_PACKED: sum(each[_PACKED].value for each in about),
        _GROUP_NUMBER: number,
    }
    return {each: Field(kind, changed.get(each, value)) for each, (kind, value) in group.items()}


def _packed(rows: pd.DataFrame) -> tuple[BinaryIO, Structure]:
    """Return rows as a parquet file of one group, and what it says of itself."""
    content = b"".join(writing.in_parts(iter([rows]), Path("packed.parquet")))
    n_bytes = int.from_bytes(content[-_TAIL : -len(_MAGIC)], "little")
    return io.BytesIO(content), compact.read(content[-_TAIL - n_bytes : -_TAIL])


def _packed_group(rows: pd.DataFrame) -> tuple[Structure, Iterable[_Chunk]]:
    """Return rows as a group: what is said of it, and its columns."""
    stream, told = _packed(rows)
    (group,) = told[_GROUPS].value.values
    return group, (_Chunk.read(stream, each) for each in group[_COLUMNS].value.values)


def _footer(stream: BinaryIO) -> Structure | None:
    """Return what a file says of itself; None where that is more than is known here."""
    size = stream.seek(0, 2)
    stream.seek(max(size - _TAIL, 0))
    tail = stream.read()
    n_bytes = int.from_bytes(tail[: -len(_MAGIC)], "little")
    if not tail.endswith(_MAGIC) or n_bytes > size - _TAIL:
        return None
    stream.seek(size - _TAIL - n_bytes)
    content = stream.read(n_bytes)
    try:
        told = compact.read(content)
    except ValueError:
        return None
    return told if compact.write(told) == content and _is_known(told) else None


def _is_known(told: Structure) -> bool:
    groups = told[_GROUPS].value.values
    chunks = [chunk for group in groups for chunk in group[_COLUMNS].value.values]
    return (
        told.keys() <= _KNOWN_OF_FILE
        and all(group.keys() <= _KNOWN_OF_GROUP for group in groups)
        and all(chunk.keys() == _KNOWN_OF_CHUNK for chunk in chunks)
        and not any(chunk[_CHUNK_ABOUT].value.keys() & _ELSEWHERE for chunk in chunks)
    )
