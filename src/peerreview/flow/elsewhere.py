"""Counts that the authors state, of records that another program removed before the tables begin."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow import TYPED, Box, Part
from peerreview.tables import DATABASE_KINDS

_Counted = TypeVar("_Counted", Box, Part)
_BOXES = {"database": "databases", "register": "registers"}


def add_stated(
    boxes: Mapping[str, Box],
    sources: pd.DataFrame | None,
    *,
    removed: Mapping[str, int],
    libraries: Sequence[str],
) -> dict[str, Box]:
    """
    Return boxes with what is known of records that are in no table.

    A team that removed duplicates in EndNote knows how many each database
    found and how many were removed, and has the records of the rest. A search
    without a file counts as stated; the records of a library are among what
    those searches found and are not counted as found once more; what was
    removed elsewhere is added to what was removed here. That it all adds up
    is for the identities to say, of records and stated counts together.

    Parameters
    ----------
    sources : as in ``tables``; a row with a blank ``file`` has its ``records``.
    removed : box → number of records that ended there elsewhere.
    libraries : sources whose records are those that were left.

    Raises
    ------
    InputError
        For a library that is no source of a record, a search without file
        and number, libraries without such a search, and records removed
        where no library is named.
    """
    without_file = [] if sources is None else [row for row in tables.rows(sources) if not row["file"]]
    for row in without_file:
        if not row["records"]:
            message = f"sources.csv: {row['source']!r} has neither a file nor its number of records"
            raise InputError(message)
    if not libraries:
        if any(removed.values()):
            message = "[elsewhere] removed records, but names no libraries: the sources that hold the rest"
            raise InputError(message)
        # What a search without a file found is missing, then, and told as such.
        return dict(boxes)
    stated = [row for row in without_file if row["source_kind"] in DATABASE_KINDS]
    if not stated:
        message = "[elsewhere] names libraries, but sources.csv has no search without a file"
        raise InputError(f"{message}: say what each database found")
    known = {part.label for key in _BOXES.values() for part in boxes.get(key, Box()).parts if part.n}
    for name in libraries:
        if name not in known:
            raise InputError(f"[elsewhere] library {name!r} is the source of no record of a database")
    return _with_removed(_with_found(boxes, stated, libraries), removed)


def _with_found(
    boxes: Mapping[str, Box], stated: Sequence[Mapping[str, str]], libraries: Sequence[str]
) -> dict[str, Box]:
    """Return boxes with what searches without a file found, in place of the libraries that hold the rest."""
    changed = dict(boxes)
    for kind, key in _BOXES.items():
        own = [row for row in stated if row["source_kind"] == kind]
        found = {row["source"]: 0 for row in own}
        for row in own:
            found[row["source"]] += int(row["records"])
        counted = [part for part in boxes.get(key, Box()).parts if part.label not in libraries]
        parts = [_more(part, found.pop(part.label, 0)) for part in counted]
        parts += [Part(source, n, (), TYPED) for source, n in found.items()]
        if own or len(counted) < len(boxes.get(key, Box()).parts):
            # What a library holds is of what was found, and counted: an update does not count it again.
            ids = boxes.get(key, Box()).ids
            basis = TYPED if any(part.basis == TYPED for part in parts) else ""
            changed[key] = Box(sum(part.n for part in parts), ids, tuple(parts), basis)
    for key in _BOXES.values():
        if key in changed and not changed[key].n and not changed[key].parts and not changed[key].ids:
            del changed[key]
    return changed


def _with_removed(boxes: Mapping[str, Box], removed: Mapping[str, int]) -> dict[str, Box]:
    """Return boxes with the records that ended elsewhere."""
    changed = dict(boxes)
    for key, n in removed.items():
        for box in (key, *(["screened"] if key == "excluded" else [])):
            changed[box] = _more(changed.get(box, Box(0)), n)
    if removed.get("excluded") and "excluded_human" in changed:
        # It is not known who excluded them elsewhere.
        del changed["excluded_human"], changed["excluded_automation"]
    return changed


def _more(counted: _Counted, n: int) -> _Counted:
    return replace(counted, n=(counted.n or 0) + n, basis=TYPED) if n else counted
