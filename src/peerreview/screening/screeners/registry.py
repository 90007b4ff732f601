"""The screening tools that are known, by name: an export is of the first whose it looks like."""

from collections.abc import Mapping
from types import MappingProxyType

from peerreview.errors import InputError
from peerreview.screening.screeners import (
    WIDE,
    Export,
    Screener,
    abstrackr,
    asreview,
    colandr,
    colrev,
    columns,
    covidence,
    eppi,
    long,
    metagear,
    rayyan,
    rayyan_log,
    revtools,
    wide,
)

_ASKED: tuple[Screener, ...] = (
    rayyan_log, rayyan, covidence, abstrackr, metagear, revtools, colrev, colandr, eppi, asreview, long, wide,
)  # fmt: skip
SCREENERS: Mapping[str, Screener] = MappingProxyType({each.NAME: each for each in _ASKED})
"""Tools by name, in the order in which they are asked whether an export looks like theirs."""


def detect(export: Export) -> Screener:
    """
    Return the screener whose export this is.

    Raises
    ------
    InputError
        Where no tool that is known writes such a file.
    """
    if export.asked.votes and export.format:
        raise InputError(f"--votes names columns, and this is {export.format}", path=export.name)
    if export.asked.votes:
        # Who names a sheet's columns knows what it is.
        return wide
    for found in SCREENERS.values():
        if found in (long, wide) and not export.format:
            columns.check_form(export)
        if found.looks_like(export):
            return found
    header = (
        f"{', '.join(name[:40] for name in export.table[0][:8] if name)}; {WIDE}"
        if not export.format
        else export.format
    )
    message = f"is no export of a screening tool that is known, and no table of votes; found {header}"
    raise InputError(message, path=export.name)
