"""One at a time: who writes a file holds a lock beside it that ends with the process, however that ends."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from peerreview.errors import InputError

try:
    import fcntl
except ImportError:  # pragma: no cover  Windows has locks of its own
    fcntl = None  # type: ignore[assignment]
    import msvcrt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_OFTEN = 0.005
"""Seconds between two looks at a lock that another holds."""
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}

_one_thread = threading.RLock()
"""A lock of a file is its process's: threads of one take turns here."""
_ours: dict[Path, int] = {}
"""Files that this process holds, each with its open lock."""


def real(path: Path) -> Path:
    """
    Return the file that is written where a path names it: that to which a link leads, not the link.

    Raises
    ------
    InputError
        For links that lead to each other.
    """
    try:
        found = path.resolve()
        with suppress(FileNotFoundError, NotADirectoryError):
            found.stat()
    except (OSError, RuntimeError) as error:
        # Python 3.11 and 3.12 raise RuntimeError for a loop, 3.13 leaves it as it is.
        reason = getattr(error, "strerror", None) or os.strerror(errno.ELOOP)
        raise InputError(f"cannot be read: {reason}", path=path) from error
    return found


@contextmanager
def alone(*paths: Path, waiting: Callable[[Path], None] | None = None) -> Iterator[None]:
    """
    Hold files alone: nobody else who asks so reads them to write them meanwhile.

    What is read within is what is written over. The lock is the operating
    system's on ``.NAME.lock`` beside the file (of a link, beside the file it
    leads to): it ends with the process, by kill -9, too, and the file is
    gone once nobody holds it. Whoever holds one may ask again. Several are
    taken in one order, so that no two wait for each other; who holds one
    asks for more only of files that nobody takes first.

    Where a file system knows no locks (some network drives) this goes on without.

    Parameters
    ----------
    paths : files, there or not; their folders are made.
    waiting : told once of each file that another process holds.

    Raises
    ------
    InputError
        Where no file can be made beside one.
    """
    with _one_thread:
        # What is held already is given back by whoever took it first.
        taken = [path for path in sorted({real(path) for path in paths}) if path not in _ours]
        try:
            for path in taken:
                _take(path, waiting)
            yield
        finally:
            # Ctrl-C while one is given back keeps none: those left are given back then.
            try:
                _give_back(taken)
            finally:
                _give_back(taken)


@contextmanager
def passing_folder(beside: Path, name: str) -> Iterator[Path]:
    """
    Yield a folder that is there only meanwhile; ``clear`` removes one whose process was killed.

    Parameters
    ----------
    beside : the folder in which it lies.
    name : with which its own, hidden one begins.

    Raises
    ------
    InputError
        Where none can be made there.
    """
    clear(beside)
    made = real(beside) / f".{name}-{secrets.token_hex(4)}"
    # Its lock comes first and goes last: without one it would look left.
    with alone(made):
        try:
            made.mkdir()
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", path=made) from error
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def clear(folder: Path) -> None:
    """
    Remove what killed processes left in a folder: locks, what they had begun, folders made for a moment.

    What a process still works on it holds, and that stays; so does all where
    a file system knows no locks, and on Windows, which removes what nobody
    has open when the next one writes it.
    """
    if not fcntl:  # pragma: no cover  Windows
        return
    with _one_thread, suppress(OSError):
        for beside in sorted(folder.glob(".?*.lock")):
            path = real(folder) / beside.name[1 : -len(".lock")]
            # Other programs' locks name no file, or say something.
            is_like_ours = path.suffix or (path.name.startswith(".") and path.is_dir())
            if is_like_ours and path not in _ours:
                with suppress(OSError):
                    _clear(path, _beside(path))


def _clear(path: Path, beside: Path) -> None:
    """Remove what was left of one file, where nobody holds it."""
    if beside.is_symlink() or beside.stat().st_size:
        return
    lock = os.open(beside, os.O_RDWR)
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_still(lock, beside):
            remove_parts(path)
            if path.name.startswith(".") and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            _remove(beside)
    finally:
        os.close(lock)


def remove_parts(path: Path) -> None:
    """Remove what killed processes had begun to write of a file that is held alone."""
    begun = re.compile(re.escape(f".{path.name}.") + r"[0-9]+\.part")
    for each in path.parent.iterdir():
        if begun.fullmatch(each.name):
            each.unlink(missing_ok=True)


def _take(path: Path, waiting: Callable[[Path], None] | None) -> None:
    beside = _beside(path)
    is_told = False
    while True:
        lock = -1
        try:
            lock = _open(beside, path)
            if _is_locked(lock):
                # Its last holder may have removed the file between our two steps.
                if _is_still(lock, beside):
                    _ours[path] = lock
                    return
            elif waiting and not is_told:
                waiting(path)
                is_told = True
        except BaseException:
            # Ctrl-C, be it before we know the file that was opened: it was made for nothing.
            _ours.pop(path, None)
            if lock >= 0:
                with suppress(OSError):
                    os.close(lock)
            _remove_unheld(beside)
            raise
        os.close(lock)
        time.sleep(_OFTEN)


def _remove_unheld(beside: Path) -> None:
    """Remove a lock's file where nobody holds it."""
    if not fcntl:  # pragma: no cover  Windows: the next one to write removes it
        return
    with suppress(OSError):
        lock = os.open(beside, os.O_RDWR)
        try:
            if _is_locked(lock) and _is_still(lock, beside):
                _remove(beside)
        finally:
            os.close(lock)


def _open(beside: Path, path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(beside, os.O_RDWR | os.O_CREAT, 0o666)
        if fcntl and os.fstat(lock).st_uid == os.getuid():
            # Whoever shares the folder can open what a killed process left, whatever our mask.
            os.fchmod(lock, 0o666)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=path) from error
    return lock


def _is_locked(lock: int) -> bool:
    """Return whether the lock is ours now, and not another process's."""
    try:
        if fcntl:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:  # pragma: no cover  Windows
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _NO_LOCKS:
            raise
    return True


def _is_still(lock: int, beside: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock), beside.stat())
    except FileNotFoundError:
        return False


def _give_back(paths: Sequence[Path]) -> None:
    """Give back those of some files that are held."""
    for path in paths:
        lock = _ours.get(path)
        if lock is None:
            continue
        beside = _beside(path)
        if fcntl:
            # While it is held: who waits for it looks whether it is still there.
            _remove(beside)
            _close(path, lock)
        else:  # pragma: no cover  Windows removes no file that is open, and none that another has opened
            _close(path, lock)
            _remove(beside)


def _close(path: Path, lock: int) -> None:
    with suppress(OSError):
        # Ctrl-C once it was closed had this come again.
        os.close(lock)
    _ours.pop(path, None)


def _remove(beside: Path) -> None:
    try:
        beside.unlink(missing_ok=True)
    except OSError:
        # An empty file more; the next one to write removes it.
        return


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")
