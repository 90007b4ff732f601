"""Tables that several parts of a command ask for, taken apart once."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    import pandas as pd

_kept: ContextVar[dict[Hashable, tuple[object, pd.DataFrame]] | None] = ContextVar("kept", default=None)


@contextmanager
def keeping_tables() -> Iterator[None]:
    """
    Keep each table that is read within, until this ends: ``@keeping_tables()`` above a command's function.

    What is kept goes by the bytes of a file: one that is written anew is read anew. For a command that reads
    the same tables for several parts of what it writes, not for one that stays open while people work.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def made_once(
    key: Callable[[], tuple[Hashable, ...]], of: object, make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """
    Return the table that is kept under a key, made now where there is none; where nothing is kept, made now.

    Parameters
    ----------
    key : returns what it is made from; not asked for where nothing is kept.
    of : what else it is made from, which is the same only where it is the same object.
    make : makes it, any table.
    """
    kept = _kept.get()
    if kept is None:
        return make()
    whole = (*key(), id(of))
    if whole not in kept:
        # An id is another's once its object is gone: it stays.
        kept[whole] = of, make()
    return kept[whole][1].copy(deep=False)
