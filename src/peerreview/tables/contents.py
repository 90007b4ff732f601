"""Bytes of files, read when they are asked for: as many files as there are, and larger ones than memory."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from peerreview.tables import STREAM, reading

_AT_ONCE = 4_000_000


class Content:
    """
    A file's bytes.

    Parameters
    ----------
    of : a file that can be read again, or what one held that cannot, such as a pipe.
    """

    def __init__(self, of: Path | bytes) -> None:
        self._of = of
        self.n_bytes = len(of) if isinstance(of, bytes) else of.stat().st_size

    def whole(self) -> bytes:
        """
        Return all of them.

        Raises
        ------
        InputError
            Where the file cannot be read.
        """
        return self._of if isinstance(self._of, bytes) else reading.read_bytes(self._of)

    def parts(self) -> Iterator[bytes]:
        """
        Yield them, some megabytes at a time.

        Raises
        ------
        InputError
            Where the file cannot be read.
        """
        if isinstance(self._of, bytes):
            yield from (self._of[start : start + _AT_ONCE] for start in range(0, len(self._of), _AT_ONCE))
            return
        with reading.told(self._of), self._of.open("rb") as stream:
            left = self.n_bytes
            while left > 0 and (part := stream.read(min(_AT_ONCE, left))):
                yield part
                left -= len(part)

    def digest(self) -> str:
        """Return their SHA-256, in hexadecimal digits."""
        found = hashlib.sha256()
        for part in self.parts():
            found.update(part)
        return found.hexdigest()

    def is_same(self, other: "Content") -> bool:
        """Return whether another file has the same; none is the same as an empty one."""
        if not self.n_bytes or self.n_bytes != other.n_bytes:
            return False
        # Where one was cut short meanwhile, they differ or not by what is left.
        return all(part == same for part, same in zip(self.parts(), other.parts(), strict=False))


def open_content(path: Path) -> Content:
    """
    Return a file's bytes, or standard input's for ``-``.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    if path == STREAM or not path.is_file():
        return Content(reading.read_bytes(path))
    with reading.told(path):
        os.close(os.open(path, os.O_RDONLY))
    return Content(path)
