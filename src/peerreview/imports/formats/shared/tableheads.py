"""What columns are called in tables of references, and where the header of such a table stands."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from peerreview.tables import toml

_LONGEST = 80
"""Characters of a header over several lines; a longer one has lost a quote and runs on into the rows."""
_NOT_PLAIN = re.compile(r"[\W_]+")


@cache
def names() -> dict[str, Any]:
    """Return what ``headers.toml`` says."""
    text = files("peerreview.imports.formats").joinpath("headers.toml").read_text(encoding="utf-8")
    return toml.parse(text).content


@cache
def known() -> dict[str, str]:
    """Return each header's plain name → its column; a name that two columns share goes to the first."""
    found: dict[str, str] = {}
    for column, headers in names()["columns"].items():
        for name in headers:
            found.setdefault(name, column)
    return found


@cache
def _others() -> frozenset[str]:
    return frozenset(names()["others"])


def is_name(cell: str) -> bool:
    """Whether a cell is what some database calls a column, of ours or not."""
    name = plain(cell)
    return name in known() or name in _others()


@lru_cache(maxsize=10_000)
def plain(header: str) -> str:
    """Return a header as ``headers.toml`` writes it."""
    return _NOT_PLAIN.sub(" ", header).strip().lower()


@lru_cache(maxsize=1_000)
def columns(headers: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the headers of a row by column, in the order of ``headers.toml``."""
    same: dict[str, list[str]] = {}
    for header in dict.fromkeys(headers):
        same.setdefault(plain(header), []).append(header)
    found = {
        column: tuple(header for name in called for header in same.get(name, ()))
        for column, called in names()["columns"].items()
    }
    if "ut" in same:
        # Web of Science: ID are keywords that it adds, not an id; X4 and X5 are of another language.
        found["accession"] = tuple(
            header for header in found["accession"] if header not in same.get("id", ())
        )
        for column, called in (("keywords", ("id", "x5", "y5", "z5")), ("abstract", ("x4", "y4", "z4"))):
            found[column] += tuple(header for name in called for header in same.get(name, ()))
    return found


def count_known(cells: Sequence[str]) -> int:
    """Return how many cells are what columns are called."""
    there = known()
    return sum(len(cell) < 60 and plain(cell) in there for cell in cells)


def is_header(cells: Sequence[str], hits: int) -> bool:
    """Whether a row names columns: several that are known, or a title alone."""
    filled = [cell for cell in cells if cell.strip()]
    if any("\n" in cell and len(cell) > _LONGEST for cell in filled):
        return False
    there = {known().get(plain(cell)) for cell in filled}
    if there.isdisjoint({"title", "doi", "pmid", "accession"}):
        return False
    if len(filled) < 3:
        return "title" in there and hits == len(filled)
    return hits >= 2 and not any(cell.strip().isdigit() for cell in filled)
