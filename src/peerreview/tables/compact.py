"""Thrift's compact protocol, in which a parquet file says what it holds: bytes to fields, and back."""

from __future__ import annotations

from typing import Any, NamedTuple

_TRUE, _FALSE, _BYTE, _DOUBLE, _TEXT, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_WHOLE = (4, 5, 6)
"""Whole numbers of 16, 32 and 64 bits."""
_LONG = 15
"""A list of so many, or more, says how many by a number of its own."""


class Field(NamedTuple):
    """A field of a structure: its kind, and its value: a structure, list, number, or bytes as they stand."""

    kind: int
    value: Any


Structure = dict[int, Field]
"""Fields by their numbers, in their order."""


class Listed(NamedTuple):
    """The values of a list, all of one kind."""

    kind: int
    values: list[Any]


def read(content: bytes) -> Structure:
    """
    Return the structure that some bytes hold.

    >>> read(bytes([0x15, 0x06, 0x18, 0x01, 0x61, 0x00]))
    {1: Field(kind=5, value=3), 2: Field(kind=8, value=b'a')}

    Raises
    ------
    ValueError
        Where they hold none.
    """
    try:
        return _Reading(content).structure()
    except IndexError as error:
        message = "a structure ends too soon"
        raise ValueError(message) from error


def write(structure: Structure) -> bytes:
    """
    Return a structure's bytes.

    >>> write({1: Field(5, 3), 2: Field(8, b"a")}).hex()
    '150618016100'
    """
    written = bytearray()
    _write_structure(written, structure)
    return bytes(written)


class _Reading:
    """Bytes, and how far they were read."""

    def __init__(self, content: bytes) -> None:
        self._content, self._place = content, 0

    def structure(self) -> Structure:
        found: Structure = {}
        number = 0
        while (head := self._byte()) != 0:
            kind, step = head & 0x0F, head >> 4
            number = number + step if step else self._whole()
            # Of a truth, the kind is the value.
            found[number] = Field(kind, None if kind in (_TRUE, _FALSE) else self._value(kind))
        return found

    def _value(self, kind: int) -> Any:
        if kind in _WHOLE:
            return self._whole()
        if kind == _TEXT:
            return self._bytes(self._unsigned())
        if kind == _STRUCT:
            return self.structure()
        if kind in (_LIST, _SET):
            head = self._byte()
            n_values = head >> 4 if head >> 4 < _LONG else self._unsigned()
            return Listed(head & 0x0F, [self._value(head & 0x0F) for _ in range(n_values)])
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._bytes(1)
        if kind == _DOUBLE:
            return self._bytes(8)
        message = f"kind {kind} of a field is not known"
        raise ValueError(message)

    def _bytes(self, n_bytes: int) -> bytes:
        found = self._content[self._place : self._place + n_bytes]
        if len(found) < n_bytes:
            raise IndexError
        self._place += n_bytes
        return found

    def _byte(self) -> int:
        found = self._content[self._place]
        self._place += 1
        return found

    def _unsigned(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7

    def _whole(self) -> int:
        found = self._unsigned()
        return (found >> 1) ^ -(found & 1)


def _write_structure(written: bytearray, structure: Structure) -> None:
    before = 0
    for number, (kind, value) in structure.items():
        if 0 < number - before < 0x10:
            written.append((number - before) << 4 | kind)
        else:
            written.append(kind)
            _write_whole(written, number)
        before = number
        if value is not None:
            _write_value(written, kind, value)
    written.append(0)


def _write_value(written: bytearray, kind: int, value: Any) -> None:
    if kind in _WHOLE:
        _write_whole(written, value)
    elif kind == _STRUCT:
        _write_structure(written, value)
    elif kind in (_LIST, _SET):
        n_values = len(value.values)
        written.append(min(n_values, _LONG) << 4 | value.kind)
        if n_values >= _LONG:
            _write_unsigned(written, n_values)
        for each in value.values:
            _write_value(written, value.kind, each)
    else:
        if kind == _TEXT:
            _write_unsigned(written, len(value))
        written += value


def _write_whole(written: bytearray, number: int) -> None:
    _write_unsigned(written, number << 1 if number >= 0 else (-number << 1) - 1)


def _write_unsigned(written: bytearray, number: int) -> None:
    while number >= 0x80:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
