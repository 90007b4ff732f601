"""Reading a cell takes time by its length, not by its square: an abstract may have 100,000 letters."""

import time
from collections.abc import Callable

import pytest

from peerreview.duplicates.normalise import authors, titles
from peerreview.imports.formats.shared import grids, latex
from peerreview.values import cells, folding, identifiers, names, pages, years

UNITS = (
    "<",
    "<a ",
    "<!--",
    "&#",
    "(",
    "[",
    "{",
    "\\",
    "$",
    "a ",
    "A. ",
    "a, ",
    "\n",
    "\t ",
    " ",
    "1-",
    "PMID: 1 ",
)
READERS: tuple[Callable[[str], object], ...] = (
    cells.text, cells.title, cells.without_tags, folding.fold, identifiers.doi, identifiers.pmid,
    identifiers.pmcid, identifiers.noted_pmid, identifiers.noted_pmcid, identifiers.linked_pmid, names.read,
    names.author, names.split_mixed, pages.pages, years.year, latex.plain, latex.escape, titles.read_titles,
    authors.read_families, grids.find_header,
)  # fmt: skip


def seconds(read: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


@pytest.mark.parametrize("read", READERS, ids=lambda read: f"{read.__module__}.{read.__name__}")
def test_a_cell_takes_time_by_its_length(read: Callable[[str], object]) -> None:
    for unit in UNITS:
        # A hundred thousand letters at a microsecond each, and much room for a busy machine.
        assert seconds(read, (unit * 40_000)[:40_000]) < 1.5, repr(unit)
