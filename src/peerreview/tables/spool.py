"""What cannot be written yet, put by: in memory while it is little, then in a file without a name."""

import pickle
import tempfile
import weakref
from pathlib import Path
from typing import Any

from peerreview.errors import InputError

MOST = 50_000_000
"""Bytes that are held in memory."""


class Spool:
    """
    Objects put by one after the other, and taken back as often as they are asked for.

    The file is gone with the process, however that ends.

    Parameters
    ----------
    folder : where the file lies; the system's own for such files where it is None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file = tempfile.SpooledTemporaryFile(max_size=MOST, dir=str(folder) if folder else None)  # noqa: SIM115  as long as this
        # Not __del__: where both are in one circle, the file may be gone before that is called.
        weakref.finalize(self, self._file.close)

    def put(self, found: Any) -> int:
        """
        Put an object by, and return its place.

        Raises
        ------
        InputError
            Where the disk is full.
        """
        try:
            place = self._file.seek(0, 2)
            pickle.dump(found, self._file, pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            message = f"what is read cannot be kept here: {error.strerror}"
            raise InputError(message, path=self._folder or tempfile.gettempdir()) from error
        return place

    def take(self, place: int) -> Any:
        """Return the object at a place."""
        self._file.seek(place)
        return pickle.load(self._file)  # noqa: S301  what this process put there
