"""
Embase.com's CSV with a row per field: its name, and a cell for each of its values.

The one with a column per field is a spreadsheet.
Unverified, for want of a real file: after public programs that read such files.
"""

import re
from collections.abc import Iterator

from peerreview.imports.formats import Origin, Part, Piece, RawRecord, Tags, Warned, find_lines, spreadsheet
from peerreview.imports.formats.shared import grids, unended

NAME = "embase"

_START = re.compile(r"^\"?TITLE\"?[,;\t](?=\"|[^\n,;\t\"]*(?:\n|\Z)|[^\n]*[^\n,;\t\"]$)", re.MULTILINE)
_NAMES = "AUTHOR NAMES|AUTHOR ADDRESSES|SOURCE|ABSTRACT|PUI|EMBASE LINK|EMBASE ACCESSION [A-Z]+|MEDLINE PMID"
_CONFIRMS = re.compile(rf"^\"?(?:{_NAMES})\"?[,;\t]", re.MULTILINE)
_HEAD = 20_000


def looks_like(text: str) -> bool:
    """Whether a row opens with ``TITLE``, and others with the names that Embase gives its fields."""
    start = text[:_HEAD]
    return next(find_lines(start, _START), None) is not None and _CONFIRMS.search(start) is not None


def parse(text: str) -> Iterator[Part]:
    """Yield the records; each begins with its title, or after a blank line."""
    starts = list(find_lines(text, _START))
    if not starts:
        return
    above = text[: starts[0]].strip()
    if above:
        yield Warned(1, "lines above the records", above)
    line = 1 + text.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        chunk = text[start:end]
        delimiter = chunk[chunk.index("TITLE") + len("TITLE") :].lstrip('"')[0]
        is_cut = end == len(text) and unended.breaks_off(text) and not text.rstrip(" ").endswith('"')
        if chunk.count('"') % 2:
            yield Piece(line, "a quote is missing, so that fields run into each other", chunk.rstrip())
        elif is_cut:
            yield Piece(line, unended.BROKEN_OFF, chunk.rstrip())
        else:
            if end == len(text) and unended.breaks_off(text):
                yield Warned(line, unended.LAST)
            yield from _read(chunk, delimiter, line)
        line += chunk.count("\n")


def _read(chunk: str, delimiter: str, line: int) -> Iterator[RawRecord | Piece]:
    """Yield a record, and those below it that have no title: a blank line stands above each."""
    rows: list[tuple[int, int, list[str]]] = []
    lines = chunk.split("\n")
    for row in [*grids.number_rows(chunk, delimiter), (0, 0, [])]:
        if any(cell.strip() for cell in row[2]):
            rows.append(row)
        elif rows:
            first, last = rows[0][0], rows[-1][1]
            tags: Tags = [
                (cells[0].strip(), cell) for _, _, cells in rows for cell in cells[1:] if cell.strip()
            ]
            text = "\n".join(lines[first:last])
            yield (
                RawRecord(line + first, text, tags)
                if tags
                else Piece(line + first, "the record is empty", text)
            )
            rows = []


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record, as those of a row of Embase's table with a column per field."""
    return spreadsheet.to_fields(raw)


def origin(raw: RawRecord) -> Origin:  # noqa: ARG001
    """Return Embase: nothing else writes such rows; MEDLINE's records in it are its own."""
    return Origin("Embase", "Embase.com", how="TITLE")
