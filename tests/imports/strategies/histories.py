"""Search histories for tests, read in one line."""

from peerreview import tables
from peerreview.imports.strategies import reading


def read(text: str, name: str = "search.txt") -> list[dict[str, str]]:
    """Return the lines of one history."""
    return tables.rows(reading.read({name: text.encode()}).lines)


def cells(text: str, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns of its lines."""
    return [tuple(row[column] for column in columns or ("number", "text", "hits")) for row in read(text)]
