"""Lists of authors in which a body (a group, a ministry) is told from a person."""

from collections.abc import Iterable

from peerreview.imports.formats.shared import values
from peerreview.tables import LIST


def join(named: Iterable[tuple[str, bool]]) -> str:
    """
    Return names as a list: persons as ``Family, Given``, bodies as they are.

    Parameters
    ----------
    named : name, and whether it is a body's.

    >>> join([("Verity Example", False), ("Médecins Sans Frontières", True)])
    'Example, Verity; Médecins Sans Frontières'
    """
    people = (_body(name) if is_body else values.author(name) for name, is_body in named)
    return LIST.join(filter(None, people))


def read(cells: Iterable[str]) -> str:
    """
    Return names as a list, where a body's ends with a comma.

    >>> read(["Example, Verity", "NHS England,"])
    'Example, Verity; NHS England'
    """
    return join((name, ends_with_comma(name)) for name in cells)


def ends_with_comma(name: str) -> bool:
    """Whether a name is a body's by EndNote's convention: ``World Health Organization,``."""
    return name.rstrip().endswith(",") and "," not in name.rstrip()[:-1]


def split(cell: str) -> list[tuple[str, bool]]:
    """
    Return the names in a cell of ``authors``, and whether each is a body's.

    >>> split("Example, Verity; Médecins Sans Frontières")
    [('Example, Verity', False), ('Médecins Sans Frontières', True)]
    """
    return [(name, "," not in name) for name in cell.split(LIST) if name]


def _body(name: str) -> str:
    return values.text(name).replace(";", ",").strip(" ,")
