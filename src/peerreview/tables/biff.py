"""
Records of an old Excel workbook (.xls): the sectors of its stream put together, and what stands in them.

The bytes of one record may stand within others: a cell in row 513 and
column O has those with which a sheet says how far it reaches. So they are
read from the first on, as a spreadsheet does.

References
----------
[MS-CFB], version 12.0, 2.2 to 2.6; [MS-XLS], version 12.2, 2.1.4.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DIMENSIONS, BOOL_ERR, FORMULA = 0x0200, 0x0205, 0x0006
_BOUND_SHEET = 0x0085
"""Says where a sheet begins."""
_ENDS = frozenset({0x000A, 0x002F})
"""EOF, and FilePass: what follows is enciphered."""
_HEADER, _ENTRY, _SMALL = 512, 128, 64
_HIGHEST_SECTOR = 0xFFFFFFFA
_N_IN_HEADER = 109
_NAMES = ("Workbook", "Book")


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """
    Yield the number and the bytes of each record of a workbook and of its sheets, in order.

    None where its stream is not found.

    Raises
    ------
    ValueError
        Where its sectors follow each other without end.
    """
    stream = _stream(content) if len(content) >= _HEADER else b""
    sheets = []
    for number, body in _part(stream, 0):
        if number == _BOUND_SHEET and len(body) >= 4:
            sheets.append(int.from_bytes(body[:4], "little"))
        yield number, body
    for begin in dict.fromkeys(sheets):
        yield from _part(stream, begin)


def _part(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from a place on, as far as the part that begins there goes."""
    number = 0
    while at + 4 <= len(stream) and number not in _ENDS:
        number, length = struct.unpack_from("<HH", stream, at)
        yield number, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(content: bytes) -> bytes:
    """Return the stream of a workbook, from wherever its sectors lie; blank where there is none."""
    (shift,) = struct.unpack_from("<H", content, 30)
    first_entry, _, cutoff, first_mini = struct.unpack_from("<4I", content, 48)
    (more,) = struct.unpack_from("<I", content, 68)
    size = 1 << min(shift, 12)

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    listed = list(struct.unpack_from(f"<{_N_IN_HEADER}I", content, 76))
    while more <= _HIGHEST_SECTOR and (found := _numbers(sector(more))):
        listed += found[:-1]
        more = found[-1]
        if len(listed) > _N_IN_HEADER + len(content) // size:
            raise ValueError("its sectors run in a circle")
    table = _numbers(b"".join(sector(number) for number in listed if number <= _HIGHEST_SECTOR))
    entries = _chain(first_entry, table, sector)
    for begin in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[begin : begin + _ENTRY]
        (n_bytes,) = struct.unpack_from("<H", entry, 64)
        if entry[: max(0, n_bytes - 2)].decode("utf-16-le", "replace") not in _NAMES:
            continue
        first, length = struct.unpack_from("<II", entry, 116)
        if length >= cutoff:
            return _chain(first, table, sector)[:length]
        # What is short lies in small sectors of the root's stream.
        root = _chain(_numbers(entries[116:120])[0], table, sector)
        small = [root[at : at + _SMALL] for at in range(0, len(root), _SMALL)]
        return _chain(first, _numbers(_chain(first_mini, table, sector))[: len(small)], small.__getitem__)
    return b""


def _numbers(sectors: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4])


def _chain(number: int, table: Sequence[int], sector: Callable[[int], bytes]) -> bytes:
    """Return the sectors that follow each other from one on, as the table says which is next."""
    found: list[bytes] = []
    while number < len(table):
        found.append(sector(number))
        number = table[number]
        if len(found) > len(table):
            raise ValueError("its sectors run in a circle")
    return b"".join(found)
