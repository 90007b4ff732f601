"""revtools (R): ``screened_titles`` and ``screened_abstracts``, a file per reviewer."""

from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, cell, referred
from peerreview.screening.screeners.words import fold

NAME = "revtools"
VERIFIED = False
ZERO = ""
INDEPENDENT = False


def looks_like(export: Export) -> bool:
    """Return whether a column of revtools is there."""
    return bool(export.columns & {"screened_titles", "screened_abstracts"})


def cast(export: Export) -> Iterator[RawVote]:
    """Return the vote on each record: that on its abstract, where one was made, else on its title."""
    for line, row in export.table[1]:
        on_abstract, on_title = cell(row, "screened_abstracts"), cell(row, "screened_titles")
        yield RawVote(
            line,
            referred(row, key=cell(row, "label")),
            on_abstract if fold(on_abstract) != "" else on_title,
            cell(row, "reviewer"),
            note=cell(row, "notes"),
        )
