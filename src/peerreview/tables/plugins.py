"""
What other packages add by their entry points: formats, screening tools, sheets, instruments, platforms.

The only door to ``importlib.metadata``. Nothing is looked for before a
command asks, and no package's code runs before what it adds is used. What
ships wins over a plug-in of its name; two plug-ins of one name are an error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from peerreview.errors import PeerreviewError, PluginError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from importlib.metadata import Distribution, EntryPoint


class Kind(StrEnum):
    """What a package may add; entry points stand in the group ``peerreview.<kind>s``."""

    FORMAT = "format"
    SCREENER = "screener"
    SHEET = "sheet"
    INSTRUMENT = "instrument"
    PLATFORM = "platform"

    @property
    def group(self) -> str:
        """
        The group of its entry points.

        >>> Kind.FORMAT.group
        'peerreview.formats'
        """
        return f"peerreview.{self}s"


@dataclass(frozen=True)
class Plugin:
    """What a package adds: its kind and name, the package and its version, and where it lies there."""

    kind: Kind
    name: str
    package: str
    version: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r} of {self.package} {self.version}".rstrip()

    def fault(self, message: str) -> PluginError:
        """Return what is wrong with it, in one line that names its package."""
        return PluginError(f"{self}: {' '.join(message.split())}; update or uninstall {self.package}")


_FAILED: dict[Plugin, PluginError] = {}
"""What could not be loaded: it is tried once, and told where the command tells what it read."""


def offered(kind: Kind, built_in: Collection[str]) -> tuple[Plugin, ...]:
    """
    Return what other packages add of a kind, by name, without what is called as something that ships.

    Raises
    ------
    PluginError
        Where two packages add something of one name, or a package's list of entry points is none.
    """
    found = [plugin for plugin in _installed(kind, tuple(sys.path)) if plugin.name not in built_in]
    named: dict[str, Plugin] = {}
    for plugin in found:
        if not plugin.value:
            raise plugin.fault("its entry_points.txt cannot be read")
        other = named.setdefault(plugin.name, plugin)
        if other is not plugin:
            raise PluginError(
                f"two packages have a {kind} {plugin.name!r}: {_versioned(other)} and {_versioned(plugin)};"
                " uninstall one"
            )
    return tuple(found)


def overruled(kind: Kind, built_in: Collection[str]) -> tuple[Plugin, ...]:
    """Return the plug-ins of a kind that are not used, for what ships has their name."""
    return tuple(plugin for plugin in _installed(kind, tuple(sys.path)) if plugin.name in built_in)


def are_there() -> bool:
    """Whether any other package adds something: where none does, nobody need know what ships."""
    return any(_installed(kind, tuple(sys.path)) for kind in Kind)


def in_force(built_in: Mapping[Kind, Collection[str]]) -> tuple[Plugin, ...]:
    """Return all that other packages add and nothing that ships overrules; none of their code is run."""
    return tuple(
        plugin
        for kind, names in built_in.items()
        for plugin in _installed(kind, tuple(sys.path))
        if plugin.name not in names
    )


def versions(package: str) -> dict[str, str]:
    """Return the version of a package, and of each that it cannot do without, by name; none of its extras."""
    from importlib.metadata import PackageNotFoundError, requires, version  # noqa: PLC0415

    found = {}
    try:
        needed = [each for each in requires(package) or () if "extra ==" not in each]
    except PackageNotFoundError:
        return {}
    for name in (package, *sorted(re.split(r"[^A-Za-z0-9._-]", each, maxsplit=1)[0] for each in needed)):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def load(plugin: Plugin, members: Sequence[str], optional: Sequence[str] = ()) -> Any:
    """
    Return a plug-in with these members, each of which fails in one line that names its package.

    Parameters
    ----------
    members : names that it must have. ``NAME`` among them is its entry point's.
    optional : names that it may have.

    Raises
    ------
    PluginError
        Where its code fails, or a member is missing.
    """
    if plugin in _FAILED:
        raise _FAILED[plugin]
    try:
        return _load(plugin, tuple(members), tuple(optional))
    except PluginError as error:
        _FAILED[plugin] = error
        raise


def load_all(
    kind: Kind, built_in: Collection[str], members: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[Plugin, Any]]:
    """Yield each plug-in of a kind that can be loaded; of the others ``remarks`` tells."""
    for plugin in offered(kind, built_in):
        try:
            loaded = load(plugin, members, optional)
        except PluginError:
            continue
        yield plugin, loaded


def recognises(plugin: Plugin, looks_like: Callable[[Any], Any], given: Any) -> bool:
    """Return whether a plug-in knows something as its own; one that fails does not, and ``remarks`` tells."""
    try:
        return plugin not in _FAILED and bool(looks_like(given))
    except PluginError as error:
        _FAILED[plugin] = error
        return False


def remarks(kind: Kind, built_in: Collection[str]) -> list[str]:
    """Return what people are to be told of a kind's plug-ins: which are not used, and which failed."""
    return [
        *(f"{plugin} is not used: peerreview's own {plugin.name} is" for plugin in overruled(kind, built_in)),
        *failures(kind),
    ]


def failures(kind: Kind) -> list[str]:
    """Return what was wrong with each plug-in of a kind that could not be loaded."""
    return [str(error) for plugin, error in _FAILED.items() if plugin.kind is kind]


def text_of(plugin: Plugin) -> tuple[str, str]:
    """
    Return the text of an instrument's TOML file and what to call it: ``<name>.toml`` in the package named.

    Raises
    ------
    PluginError
        Where the package has no such file.
    """
    from importlib import resources  # noqa: PLC0415

    file = f"{plugin.name}.toml"
    try:
        text = (resources.files(plugin.value) / file).read_text(encoding="utf-8")
    except (Exception, SystemExit) as error:
        raise plugin.fault(f"{plugin.value} has no {file} that can be read: {_said(error)}") from error
    return text, f"{plugin.package}: {file}"


@cache
def _load(plugin: Plugin, members: tuple[str, ...], optional: tuple[str, ...]) -> SimpleNamespace:
    from importlib.metadata import EntryPoint  # noqa: PLC0415

    try:
        found = EntryPoint(plugin.name, plugin.value, plugin.kind.group).load()
    except (Exception, SystemExit) as error:  # another package's code may do anything
        raise plugin.fault(f"cannot be loaded: {_said(error)}") from error
    missing = [member for member in members if not hasattr(found, member)]
    if missing:
        raise plugin.fault(f"has no {', '.join(missing)}")
    if "NAME" in members and plugin.name != found.NAME:
        raise plugin.fault(f"calls itself {found.NAME!r}")
    there = [*members, *(member for member in optional if hasattr(found, member))]
    return SimpleNamespace(**{member: _guarded(plugin, member, getattr(found, member)) for member in there})


def _guarded(plugin: Plugin, member: str, found: Any) -> Any:
    """Return a function that fails as ours do; another value as it is."""
    if not callable(found):
        return found

    def call(*given: Any, **named: Any) -> Any:
        try:
            made = found(*given, **named)
        except PeerreviewError:
            raise  # it speaks as ours do: of a file, and its line
        except (Exception, SystemExit) as error:
            raise plugin.fault(f"{member} failed: {_said(error)}") from error
        return _each(plugin, member, made) if isinstance(made, Iterator) else made

    return call


def _each(plugin: Plugin, member: str, made: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from made
    except PeerreviewError:
        raise
    except (Exception, SystemExit) as error:
        raise plugin.fault(f"{member} failed: {_said(error)}") from error


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _versioned(plugin: Plugin) -> str:
    return f"{plugin.package} {plugin.version}".rstrip()


@cache
def _adding(_path: tuple[str, ...]) -> tuple[tuple[Distribution, str], ...]:
    """Return the packages that add something, with their entry points; most add nothing."""
    from importlib.metadata import distributions  # noqa: PLC0415  most commands ask for no plug-in

    said = ((package, package.read_text("entry_points.txt") or "") for package in distributions())
    return tuple((package, points) for package, points in said if "[peerreview." in points)


@cache
def _installed(kind: Kind, _path: tuple[str, ...]) -> tuple[Plugin, ...]:
    """Return the plug-ins of a kind by name and package; a package that is there twice is the first."""
    listed: dict[str, list[Plugin]] = {}
    for package, points_said in _adding(_path):
        if f"[{kind.group}]" not in points_said:
            continue
        name, version = str(package.metadata["Name"] or "a package without a name"), str(package.version)
        if name in listed:
            continue
        try:
            points: list[EntryPoint] = list(package.entry_points.select(group=kind.group))
        except (TypeError, ValueError):
            listed[name] = [Plugin(kind, "?", name, version)]
            continue
        listed[name] = [Plugin(kind, point.name, name, version, point.value) for point in points]
    found = [plugin for plugins in listed.values() for plugin in plugins]
    return tuple(sorted(found, key=lambda each: (each.name, each.package)))


def members_of(shape: type) -> tuple[str, ...]:
    """Return the names that a protocol asks for."""
    asked: dict[str, Any] = {**getattr(shape, "__annotations__", {}), **vars(shape)}
    return tuple(name for name in asked if not name.startswith("_"))
