"""The platforms that are known, and which of them a saved history is of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from peerreview.errors import InputError
from peerreview.imports import strategies
from peerreview.imports.strategies import Entry, Platform, Row, Strategy, Syntax
from peerreview.imports.strategies.documents import joined, read_text
from peerreview.imports.strategies.shared import combining
from peerreview.tables import LIST, plugins
from peerreview.tables.plugins import Kind, Plugin

_NO_PLATFORMS = {"documents", "reading", "registry", "wording"}
_NAMED = re.compile(r"\s*(?:platform|interface|provider|host)\s*[:\t]\s*(?P<name>.+?)\s*", re.IGNORECASE)
_HEAD = 200_000
_HEADING_WORDS = 5
"""Words of a heading that names a platform and says no more: ``PubMed search strategy``."""
_MEMBERS = plugins.members_of(Platform)


def names() -> tuple[str, ...]:
    """Return the names of the platforms that ship: a module here each."""
    return _names(tuple(strategies.__path__))


@cache
def _names(folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        sorted({module.name for module in iter_modules(folders) if not module.ispkg} - _NO_PLATFORMS)
    )


def known() -> Iterator[Platform]:
    """Yield every platform, those of other packages last; one that does not work is told of and left out."""
    for name in names():
        yield cast("Platform", import_module(f"{strategies.__name__}.{name}"))
    for plugin, own in plugins.load_all(Kind.PLATFORM, names(), _MEMBERS):
        yield _Plugged(own.NAME, own.TITLE, own.SYNTAX, own, plugin)


@dataclass
class _Plugged:
    """Another package's platform: what it gives is what ours give, or one line says that it is not."""

    NAME: str
    TITLE: str
    SYNTAX: Syntax
    _own: Platform
    _plugin: Plugin

    def __post_init__(self) -> None:
        if not isinstance(self.SYNTAX, Syntax) or not isinstance(self.TITLE, str):
            raise self._plugin.fault("has no TITLE that is text, or no SYNTAX that is a Syntax")

    def count_signs(self, text: str) -> int:
        n = self._own.count_signs(text)
        if not isinstance(n, int):
            raise self._plugin.fault(f"count_signs gave {n!r}, which is no number")
        return n

    def parse(self, rows: Sequence[Row]) -> Strategy:
        strategy = self._own.parse(rows)
        if not isinstance(strategy, Strategy) or not all(map(_is_sound, strategy.entries)):
            raise self._plugin.fault("parse gave what is no Strategy of numbered lines")
        return strategy


def _is_sound(entry: object) -> bool:
    """Whether a line is one: its number and its count are digits, or there is no count."""
    return (
        isinstance(entry, Entry)
        and entry.number.isdecimal()
        and (not entry.hits or entry.hits.isdecimal())
        and isinstance(entry.line, int)
    )


def detect(rows: Sequence[Row], called: str = "") -> Platform:
    """
    Return the platform that a history is of: the one that it names above its lines, or has most signs of.

    Parameters
    ----------
    called : what else says whose it is, in people's words; it decides where the history does not.

    Raises
    ------
    InputError
        Where it has signs of none, or as many of two.
    """
    there = list(known())
    for row in rows[:12]:
        told = _NAMED.fullmatch(row.text)
        if told and (named := [each for each in there if _is_called(each, told["name"])]):
            return named[0]
    text = joined(rows)
    signs = {each.NAME: each.count_signs(text) for each in there}
    most = max(signs.values())
    best = [each for each in there if signs[each.NAME] == most]
    if len(best) == 1:
        return best[0]
    if (said := named_by(rows, called)) and said.NAME in {each.NAME for each in best}:
        return said
    listed = ", ".join(each.TITLE for each in there)
    if not most:
        raise InputError(
            f"is no search history of a platform that is known ({listed}); name it in a first line, as in"
            " Platform: Ovid, or in the column platform of sources.csv"
        )
    either = " or ".join(each.TITLE for each in best)
    raise InputError(
        f"may be a search of {either}; name it in a first line, as in Platform: {best[0].TITLE}, or in the"
        " column platform of sources.csv"
    )


def named_by(rows: Sequence[Row], called: str = "") -> Platform | None:
    """
    Return the platform that people name: in a line of the file, in a heading above the search, or elsewhere.

    Parameters
    ----------
    called : what it is called elsewhere, most telling first, parted as lists are.
    """
    there = list(known())
    told = [found["name"] for row in rows[:12] if (found := _NAMED.fullmatch(row.text))]
    heads = [row.text for row in rows[:3] if len(row.text.split()) <= _HEADING_WORDS]
    for name in (*told, *called.split(LIST), *heads):
        if named := [each for each in there if _is_called(each, name)]:
            return named[0]
    return None


def history_of(text: str) -> str:
    """
    Return the platform that a text is a saved search of, as people call it; blank where it is none.

    It is one where lines are numbered in order and have its signs.
    """
    try:
        rows = read_text(text[:_HEAD])
        platform = detect(rows)
        entries = platform.parse(rows).entries
    except InputError:
        return ""
    n_signed = sum(platform.count_signs(entry.text) > 0 for entry in entries)
    n_combined = sum(bool(combining.combination(entry.text, platform.SYNTAX)) for entry in entries)
    is_history = len(entries) > 1 and (n_signed + n_combined) * 3 >= len(entries)
    return platform.TITLE if is_history else ""


def _is_called(platform: Platform, name: str) -> bool:
    said = re.sub(r"[\W_]+", "", name).casefold()
    return said.startswith((re.sub(r"[\W_]+", "", platform.TITLE).casefold(), platform.NAME.replace("_", "")))
