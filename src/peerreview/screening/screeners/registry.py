"""The screening tools that are known, by name: an export is of the first whose it looks like."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import cast

from peerreview.errors import InputError
from peerreview.screening import screeners
from peerreview.screening.screeners import (
    WIDE,
    Export,
    RawVote,
    Reference,
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
    ticks,
    wide,
)
from peerreview.tables import plugins
from peerreview.tables.plugins import Kind, Plugin

_ASKED: tuple[Screener, ...] = (
    rayyan_log, rayyan, covidence, abstrackr, metagear, revtools, colrev, colandr, eppi, asreview, ticks,
    long, wide,
)  # fmt: skip
_ANY_TABLE = (ticks, long, wide)
"""Any table of votes may be one of these: they are asked last."""
_MEMBERS = plugins.members_of(Screener)


def _shipped(folders: Iterable[str]) -> tuple[Screener, ...]:
    """Return the tools that ship, in the order in which they are asked: a module here each, new ones too."""
    listed = {each.__name__.rpartition(".")[2] for each in _ASKED}  # type: ignore[attr-defined]
    there = sorted({module.name for module in iter_modules(list(folders))} - listed - {"registry"})
    new = [import_module(f"{screeners.__name__}.{name}") for name in there]
    # What several tools share lies here, too.
    tools = [cast("Screener", each) for each in new if all(hasattr(each, name) for name in _MEMBERS)]
    return (*(each for each in _ASKED if each not in _ANY_TABLE), *tools, *_ANY_TABLE)


SCREENERS: Mapping[str, Screener] = MappingProxyType(
    {each.NAME: each for each in _shipped(screeners.__path__)}
)
"""Tools by name, in the order in which they are asked whether an export looks like theirs."""


def known() -> Iterator[Screener]:
    """
    Yield every tool, those of other packages before any table of votes.

    One that cannot be loaded is left out, and told (``plugins.remarks``).
    """
    yield from (each for each in SCREENERS.values() if each not in _ANY_TABLE)
    for plugin, own in plugins.load_all(Kind.SCREENER, SCREENERS, _MEMBERS):
        yield _Plugged(plugin.name, own.VERIFIED, own.ZERO, own.INDEPENDENT, own, plugin)
    yield from _ANY_TABLE


@dataclass
class _Plugged:
    """Another package's screening tool: what it casts are votes as ours cast, or one line says that not."""

    NAME: str
    VERIFIED: bool
    ZERO: str
    INDEPENDENT: bool
    _own: Screener
    _plugin: Plugin

    def looks_like(self, export: Export) -> bool:
        return plugins.recognises(self._plugin, self._own.looks_like, export)

    def cast(self, export: Export) -> Iterator[RawVote]:
        for vote in self._own.cast(export):
            if not isinstance(vote, RawVote) or not _is_sound(vote):
                raise self._plugin.fault(f"cast gave {vote!r}, which is no RawVote of texts")
            yield vote


def _is_sound(vote: RawVote) -> bool:
    line, reference, *texts = vote
    is_named = isinstance(reference, Reference)
    return isinstance(line, int) and is_named and all(isinstance(each, str) for each in (*reference, *texts))


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
    for found in known():
        if found in (long, wide) and not export.format:
            columns.check_form(export)
        if found.looks_like(export):
            return found
    if export.text.lstrip("\ufeff \t\r\n")[:15].lower().startswith(("<!doctype html", "<html")):
        # A form of ours as a page holds no answers: the browser saves them in a file of their own.
        message = "is a web page, and holds no votes; of a form, give the file that its page saves"
        raise InputError(message, path=export.name)
    if not export.format and not export.grid.lines:
        raise InputError("has no row below its header, and so no votes; export it again", path=export.name)
    header = (
        f"{', '.join(name[:40] for name in columns.likeliest(export.grid)[:8])}; {WIDE}; "
        "--list what standing in a list of records means"
        if not export.format
        else export.format
    )
    message = f"is no export of a screening tool that is known, and no table of votes; found {header}"
    raise InputError("; ".join([message, *plugins.failures(Kind.SCREENER)]), path=export.name)
