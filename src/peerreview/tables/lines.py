"""The rows of a large CSV file of ours, read one at a time, and written with others among them."""

from collections.abc import Collection, Iterator, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from peerreview.tables import dialects
from peerreview.tables.writing import csv_line

_AT_ONCE = 1 << 24
"""Bytes looked at together."""
_END, _QUOTE = ord("\n"), ord('"')


class Lines(Sequence[list[str]]):
    """
    The rows of a table as ``dedupe`` writes it, each as its cells: UTF-8, LF, commas, a header.

    Of a file no more is in memory than where each row ends; the machine may forget what was read of it.

    Parameters
    ----------
    content : a file, or its bytes.
    """

    def __init__(self, content: Path | bytes) -> None:
        self._content: bytes | mmap = content if isinstance(content, bytes) else _mapped(content)
        self._ends = _ends(np.frombuffer(self._content, dtype=np.uint8))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, row: int) -> list[str]: ...

    @overload
    def __getitem__(self, row: slice) -> list[list[str]]: ...

    def __getitem__(self, row: int | slice) -> list[str] | list[list[str]]:
        """Return a row, or a stretch of rows; only its first and last are asked for."""
        if isinstance(row, slice):
            start, end, _ = row.indices(len(self))
            return [cells for _, cells in dialects.records(self._bytes(start, end).decode(), ",")]
        text = self._bytes(row, row + 1).decode()
        return text[:-1].split(",") if '"' not in text else next(dialects.records(text, ","))[1]

    def first(self, row: int) -> str:
        """Return the first cell of a row, which is quickly read."""
        line = self._bytes(row, row + 1)
        return self[row][0] if line.startswith(b'"') else line[: line.index(b",")].decode()

    def spliced(
        self, end: int, gone: Collection[int], added: Sequence[tuple[int, Sequence[str]]]
    ) -> Iterator[bytes]:
        """
        Yield the table without some rows and with others, some bytes at a time.

        Parameters
        ----------
        end : rows from there on go.
        gone : rows before it that go, too.
        added : before which row each is to stand, in order, and its cells.
        """
        steps = sorted(
            [*((row, 0, cells) for row, cells in added), *((row, 1, ()) for row in gone)], key=_first
        )
        yield self._content[: self._ends[0]]
        done = 0
        held: list[bytes] = []
        for row, is_gone, cells in steps:
            if row > done:
                yield b"".join(held)
                yield self._bytes(done, row)
                done, held = row, []
            if is_gone:
                done = row + 1
            else:
                held.append((csv_line(cells) + "\n").encode())
        yield b"".join(held)
        yield self._bytes(done, end)

    def _bytes(self, start: int, end: int) -> bytes:
        return self._content[self._ends[start] : self._ends[end]]


def _mapped(path: Path) -> mmap:
    with path.open("rb") as stream:
        return mmap(stream.fileno(), 0, access=ACCESS_READ)


def _first(step: tuple[int, int, Sequence[str]]) -> tuple[int, int]:
    return step[:2]


def _ends(content: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return where the header and each row end; a quoted cell may have lines of its own."""
    found = [np.empty(0, dtype=np.int64)]
    n_quotes = 0
    for start in range(0, len(content), _AT_ONCE):
        here = content[start : start + _AT_ONCE]
        ends = np.flatnonzero(here == _END)
        quotes = np.flatnonzero(here == _QUOTE)
        found.append(ends[(n_quotes + np.searchsorted(quotes, ends)) % 2 == 0] + start + 1)
        n_quotes += len(quotes)
    return np.concatenate(found)
