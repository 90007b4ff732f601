"""What columns are called in tables of references, and where the header of such a table stands."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from peerreview.tables import toml

_LONGEST = 80
"""Characters of a header over several lines; a longer one has lost a quote and runs on into the rows."""
_SHORTEST_GLUED = 8
"""Letters of a name from which its words may stand without blanks between them."""
_NOT_PLAIN = re.compile(r"[\W_]+")


@cache
def names() -> dict[str, Any]:
    """Return what ``headers.toml`` says."""
    text = files("peerreview.imports.formats").joinpath("headers.toml").read_text(encoding="utf-8")
    return toml.parse(text).content


Asked = tuple[tuple[str, str], ...]
"""What people say that columns of their tables are: header and column."""
_asked: ContextVar[Asked] = ContextVar("asked", default=())


@contextmanager
def taken_as(asked: Asked) -> Iterator[None]:
    """Have tables read, within, with columns that are what people say; what they say wins."""
    token = _asked.set(tuple((plain(header), column) for header, column in asked))
    try:
        yield
    finally:
        _asked.reset(token)


def asked() -> Asked:
    """Return what people say that columns are, by plain names."""
    return _asked.get()


def known() -> dict[str, str]:
    """Return each header's plain name → its column; a name that two columns share goes to the first."""
    return _known(_asked.get())


@cache
def _known(asked: Asked) -> dict[str, str]:
    found = {header: column for header, column in asked if column}
    left_out = {header for header, column in asked if not column}
    for column, headers in names()["columns"].items():
        for name in headers:
            found.setdefault(name, column)
    return {name: column for name, column in found.items() if name not in left_out}


@cache
def _others() -> frozenset[str]:
    return frozenset(names()["others"])


def is_name(cell: str) -> bool:
    """Whether a cell is what some database calls a column, of ours or not."""
    name = plain(cell)
    return name in known() or name in _others()


@lru_cache(maxsize=10_000)
def plain(header: str) -> str:
    """
    Return a header as ``headers.toml`` writes it, where that has its words apart, too.

    >>> plain("Source_Title"), plain("PublicationYear"), plain("Zzz Title")
    ('source title', 'publication year', 'zzz title')
    """
    name = _NOT_PLAIN.sub(" ", header).strip().lower()
    return name if len(name) < _SHORTEST_GLUED else _glued().get(name, name)


@cache
def _glued() -> dict[str, str]:
    listed = [name for called in names()["columns"].values() for name in called]
    glued = {name.replace(" ", ""): name for name in reversed(listed) if " " in name}
    return {name: apart for name, apart in glued.items() if name not in listed}


def columns(headers: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the headers of a row by column, in the order of ``headers.toml``."""
    return _columns(headers, _asked.get())


_OF_A_TRIAL = frozenset({"start date", "date registration"})


@lru_cache(maxsize=1_000)
def _columns(headers: tuple[str, ...], asked: Asked) -> Mapping[str, tuple[str, ...]]:
    same: dict[str, list[str]] = {}
    for header in dict.fromkeys(headers):
        same.setdefault(plain(header), []).append(header)
    found = {
        column: tuple(header for name in called for header in same.get(name, ()))
        for column, called in names()["columns"].items()
    }
    if not found["volume"]:
        # Without one it is the number that a team gave the paper.
        found["article_number"] = tuple(
            header for header in found["article_number"] if plain(header) != "article id"
        )
    dates = [header for header in found["year"] if plain(header) not in _OF_A_TRIAL]
    if dates:
        # A paper's date that cannot be read is not the day on which its trial began.
        found["year"] = tuple(dates)
    if "entrezuid" in same:
        # PubMed's table until 2020: what describes a record there are its authors.
        found["authors"] += tuple(same.get("description", ()))
    if "ut" in same:
        # Web of Science: ID are keywords that it adds, not an id; X4 and X5 are of another language.
        found["accession"] = tuple(
            header for header in found["accession"] if header not in same.get("id", ())
        )
        for column, called in (("keywords", ("id", "x5", "y5", "z5")), ("abstract", ("x4", "y4", "z4"))):
            found[column] += tuple(header for name in called for header in same.get(name, ()))
    for name, asked_for in asked:
        mine = tuple(same.get(name, ()))
        for column, taken in found.items():
            found[column] = (
                *(mine if column == asked_for else ()),
                *(each for each in taken if each not in mine),
            )
    return found


def count_known(cells: Sequence[str]) -> int:
    """Return how many cells are what columns are called."""
    there = known()
    return sum(len(cell) < 60 and plain(cell) in there for cell in cells)


def is_header(cells: Sequence[str], hits: int) -> bool:
    """Whether a row names columns: several that are known, or a title alone."""
    filled = [cell for cell in cells if cell.strip()]
    if not {name for name, _ in asked()}.isdisjoint(map(plain, filled)):
        return True
    if any("\n" in cell and len(cell) > _LONGEST for cell in filled):
        return False
    there = {known().get(plain(cell)) for cell in filled}
    if there.isdisjoint({"title", "doi", "pmid", "accession"}):
        return False
    if len(filled) < 3:
        return "title" in there and hits == len(filled)
    # A codebook says of one column what it is called: title, Article title, text.
    names_two = len(there - {None}) > 1
    # A citation report has a column for each year.
    return names_two and (hits >= _SURE or not any(cell.strip().isdigit() for cell in filled))


_LONGEST_OWN = 40
_SURE = 8
"""Known names that stand in no row of a record."""
_MOST_NAMED = 30
_SHORTEST_NEAR = 4


def names_title(cells: Sequence[str]) -> bool:
    """Whether a first row names a title beside columns of a team's own, each in a few words."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    is_named = len({*filled}) == len(filled) and all(len(cell) < _LONGEST_OWN for cell in filled)
    return is_named and len(filled) > 2 and "title" in {known().get(plain(cell)) for cell in filled}


def describe(headers: Sequence[str]) -> str:
    """
    Return the columns of a table, and for each what it is known or may be meant as.

    >>> describe(["Authors", "Paper Name", "Zzz"])
    "'Authors' (authors), 'Paper Name' (perhaps 'paper title': title), 'Zzz'"
    """
    told = [_describe(header) for header in headers[:_MOST_NAMED]]
    more = len(headers) - len(told)
    return ", ".join([*told, *([f"{more} more"] if more else [])])


def _describe(header: str) -> str:
    there = known()
    name = plain(header)
    if name in there:
        return f"{header!r} ({there[name]})"
    near = difflib.get_close_matches(name, [each for each in _known(()) if len(each) >= _SHORTEST_NEAR], 1)
    return f"{header!r} (perhaps {near[0]!r}: {there[near[0]]})" if near else repr(header)
