"""
Notices on papers that were published: Retraction Watch's table, as Crossref distributes it.

Columns and words: https://gitlab.com/crossref/retraction-watch-data (a row is a notice on a paper;
``0`` and ``unavailable`` stand for none; several values of a cell are ended by semicolons).
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from peerreview.tables import header_error, places, reading, row_errors
from peerreview.values import dates, identifiers, lists, years

COLUMNS = (
    "line", "kind", "date", "doi", "pmid", "title", "authors", "year", "journal",
    "notice_doi", "notice_pmid", "reason",
)  # fmt: skip
"""Columns of notices; ``line`` is that of the file, ``date`` the notice's, a day or blank."""
RETRACTION, CONCERN, CORRECTION, REINSTATEMENT = "retraction", "concern", "correction", "reinstatement"
_NATURES = {
    "retraction": RETRACTION,
    "expression of concern": CONCERN,
    "correction": CORRECTION,
    "reinstatement": REINSTATEMENT,
}
TAKEN = {
    "nature": "RetractionNature",
    "date": "RetractionDate",
    "notice_doi": "RetractionDOI",
    "notice_pmid": "RetractionPubMedID",
    "doi": "OriginalPaperDOI",
    "pmid": "OriginalPaperPubMedID",
    "published": "OriginalPaperDate",
    "title": "Title",
    "authors": "Author",
    "journal": "Journal",
    "reason": "Reason",
}
"""Columns of Retraction Watch's table."""
_NOTHING = re.compile(r"0|unavailable|none|n/?a|-", re.IGNORECASE)


@dataclass(frozen=True)
class Notices:
    """
    The notices of a file, its SHA-256, and what was odd.

    ``newest`` is the day of the latest notice: the file is no older; blank where no day is plain.
    """

    rows: pd.DataFrame
    sha256: str
    newest: str
    remarks: tuple[str, ...] = ()


def read(content: bytes, path: Path) -> Notices:
    """
    Return the notices in a file's bytes.

    A letter that was damaged in UTF-8 stays a replacement character: the row is
    found by its identifiers, and by its title if that is still like the paper's.

    Raises
    ------
    InputError, InputErrors
        With file and line, where it is no such table, or a kind of notice is unknown.
    """
    raw, n_damaged = reading.read_damaged(content, path)
    remarks = [f"{path}: lines with letters that are not UTF-8: {n_damaged:,}"] if n_damaged else []
    named = {name.strip().casefold(): name for name in map(str, raw.columns)}
    missing = [column for column in TAKEN.values() if column.casefold() not in named]
    if missing:
        raise header_error(
            raw,
            f"column {missing[0]!r} is missing; Retraction Watch's table, as Crossref distributes it, has it",
        )
    taken = {name: raw[named[column.casefold()]].tolist() for name, column in TAKEN.items()}
    kinds = [_NATURES.get(" ".join(cell.split()).casefold(), "") for cell in taken["nature"]]
    unknown = [
        (position, f"RetractionNature {taken['nature'][position]!r} is not one of {', '.join(_NATURES)}")
        for position, kind in enumerate(kinds)
        if not kind
    ]
    if unknown:
        raise row_errors(raw, unknown)
    days, n_odd = _days(taken["date"])
    if n_odd:
        remarks.append(
            f"{path}: dates that can be read in two ways, or in none, and are left blank: {n_odd:,}"
        )
    rows = pd.DataFrame(
        {
            "line": [str(line) for stretch in places.of(raw) for line in stretch.lines],
            "kind": kinds,
            "date": days,
            "doi": [_identifier(cell, identifiers.same_doi) for cell in taken["doi"]],
            "pmid": [_identifier(cell, identifiers.pmid) for cell in taken["pmid"]],
            "title": [" ".join(cell.split()) for cell in taken["title"]],
            "authors": [lists.LIST.join(lists.split(cell)) for cell in taken["authors"]],
            "year": [years.year(cell) for cell in taken["published"]],
            "journal": [" ".join(cell.split()) for cell in taken["journal"]],
            "notice_doi": [_identifier(cell, identifiers.same_doi) for cell in taken["notice_doi"]],
            "notice_pmid": [_identifier(cell, identifiers.pmid) for cell in taken["notice_pmid"]],
            "reason": [
                lists.LIST.join(each.lstrip("+") for each in lists.split(cell)) for cell in taken["reason"]
            ],
        },
        columns=COLUMNS,
        dtype="str",
    )
    return Notices(rows, hashlib.sha256(content).hexdigest(), max(days, default=""), tuple(remarks))


def _identifier(cell: str, read_as: Callable[[str], str]) -> str:
    return "" if _NOTHING.fullmatch(cell.strip()) else read_as(cell)


def _days(cells: Sequence[str]) -> tuple[list[str], int]:
    """
    Return each cell's day, and how many are not plain.

    Crossref's file has the month first. A copy that a spreadsheet saved may
    not: the order that all cells allow is the file's; where none is, a
    cell that can be read in two ways is blank.
    """
    # Many notices are of one day.
    readings = {cell: dates.readings(cell) for cell in dict.fromkeys(cells)}
    read_as = [readings[cell] for cell in cells]
    filled = [
        each for each, cell in zip(read_as, cells, strict=True) if not _NOTHING.fullmatch(cell.strip() or "0")
    ]
    order = next(
        (one for one in (dates.MONTH_FIRST, dates.DAY_FIRST) if all(one in each for each in filled)), ""
    )
    plain = {cell: each.get(order) or dates.one_way(cell) for cell, each in readings.items()}
    days = [plain[cell] for cell in cells]
    n_odd = sum(not day and bool(cell.strip()) for day, cell in zip(days, cells, strict=True))
    return days, n_odd


def none() -> Notices:
    """Return no notices, of no file."""
    return Notices(pd.DataFrame({column: [] for column in COLUMNS}, dtype="str"), "", "")
