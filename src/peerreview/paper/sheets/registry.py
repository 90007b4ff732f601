"""The sheets that need nothing but the review's tables: those that ship, then other packages'."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from peerreview import tables
from peerreview.paper import sheets
from peerreview.paper.sheets import Sheet
from peerreview.tables import Table, plugins
from peerreview.tables.plugins import Kind, Plugin

WITH_OPTIONS = (
    "characteristics", "counts", "appraisal", "themes", "matrix", "evidence", "sources", "agreement",
    "extraction", "checklist", "abstract", "findings",
)  # fmt: skip
"""Sheets that have options of their own: a command each."""


class Layout(Protocol):
    """
    The shape of a module that lays out a sheet from tables of the review.

    ``HELP`` is a line that begins with a verb. ``TABLES`` names the tables
    that must be there, the one that the sheet is of first; ``OPTIONAL``
    those that may be missing: they come empty. ``lay_out`` takes each by
    its name, as frames of text with all columns of the table.
    """

    NAME: str
    HELP: str
    TABLES: tuple[str, ...]
    OPTIONAL: tuple[str, ...]

    def lay_out(self, *given: Any, **read: Any) -> Sheet: ...  # noqa: D102


_NO_LAYOUTS = {
    "agreement", "appraisal", "audits", "cautions", "extraction", "findings", "firmness", "kept", "ledger",
    "registry", "searches", "statistics", "strategies", "studies", "themes",
}  # fmt: skip
"""Modules here for sheets with options of their own, and what these share."""
READABLE: dict[str, Table] = {
    table.name: table
    for table in vars(tables).values()
    if isinstance(table, Table) and table is not tables.VOTES
}
"""Tables that a sheet may ask for, by name; votes lie in several files."""


def names() -> tuple[str, ...]:
    """Return the names of the sheets that ship."""
    return (*WITH_OPTIONS, *(each.NAME for each in shipped()))


def offered() -> tuple[Plugin, ...]:
    """Return the sheets of other packages."""
    return plugins.offered(Kind.SHEET, names())


def shipped() -> Iterator[Layout]:
    """Yield the sheets that ship and have no options of their own: a module here each."""
    for name in sorted({module.name for module in iter_modules(sheets.__path__)} - _NO_LAYOUTS):
        module = import_module(f"{sheets.__name__}.{name}")
        if all(hasattr(module, member) for member in plugins.members_of(Layout)):
            yield cast("Layout", module)


def load(plugin: Plugin) -> Layout:
    """
    Return another package's sheet.

    Raises
    ------
    PluginError
        Where its code fails, or it asks for a table that no review has.
    """
    own = plugins.load(plugin, plugins.members_of(Layout))
    for asked in (own.TABLES, own.OPTIONAL):
        if not isinstance(asked, tuple | list) or any(name not in READABLE for name in asked):
            raise plugin.fault(f"asks for {asked!r}; tables are {', '.join(READABLE)}")
    if not own.TABLES:
        raise plugin.fault("asks for no table")
    return _Plugged(own.NAME, str(own.HELP), tuple(own.TABLES), tuple(own.OPTIONAL), own.lay_out, plugin)


@dataclass
class _Plugged:
    """Another package's sheet: what it lays out is a sheet as ours are, or one line says that it is not."""

    NAME: str
    HELP: str
    TABLES: tuple[str, ...]
    OPTIONAL: tuple[str, ...]
    _lay_out: Callable[..., Sheet]
    _plugin: Plugin

    def lay_out(self, *given: Any, **read: Any) -> Sheet:
        sheet = self._lay_out(*given, **read)
        is_even = isinstance(sheet, Sheet) and all(len(row) == len(sheet.columns) for row in sheet.rows)
        if not is_even:
            raise self._plugin.fault(
                f"lay_out gave {type(sheet).__name__}, not a Sheet with a cell per column"
            )
        return sheet
