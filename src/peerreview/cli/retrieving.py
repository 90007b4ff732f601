"""``form retrieval``: the full texts that nobody has yet, as a list to fill in."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.errors import InputError, UsageError
from peerreview.review import VOTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peerreview.review import Review


def to_fill(
    review: "Review",
    output: Path,
    reviewer: str,
    *,
    unique: Path | None = None,
    screening: Path | None = None,
) -> Any:
    """
    Return the list to write; what people filled in before stays.

    Raises
    ------
    UsageError
        For another suffix than ``.csv`` and ``.xlsx``.
    InputError
        Where another file stands there.
    """
    from peerreview.cli import forms
    from peerreview.screening import checks, selection, votes, worklist

    if output.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{output}: the list is filled in as .xlsx or .csv; name such a file")
    records = review.read(tables.UNIQUE, unique)
    outcomes = review.read(tables.SCREENING, screening)
    files = review.vote_files(None, may_be_none=True)
    kept = votes.follow(review.read_optional(tables.DUPLICATES))
    got = selection.got(review.read_votes(files), kept) if files else set()
    pending = selection.Wanted(selection.RETRIEVAL, ("pending",))
    wanted = selection.with_outcome(outcomes, pending, got=got)
    cells = worklist.list_sought(records, wanted, _filled(output), reviewer)
    review.remark(f"{len(wanted):,} full texts are sought; {len(cells) - len(wanted):,} more rows are kept")
    if len(cells):
        command = ["peerreview", "decisions", str(output), "-o", str(VOTES / f"{output.stem}.csv")]
        review.remark(f"once some are got or given up: {shlex.join(command)}")
    return forms.to_judge(cells, {"decision": checks.LEGAL[selection.RETRIEVAL]}, output)


def _filled(output: Path) -> "Sequence[Mapping[str, str]]":
    """Return the rows of the list as it stands; none where there is none yet."""
    from peerreview.imports import formats
    from peerreview.screening.screeners import grids
    from peerreview.tables import reading
    from peerreview.tables.writing import as_meant

    if not output.is_file():
        return []
    grid = grids.read(formats.decode(reading.read_bytes(output)).text)
    if not {"record_id", "decision", "requested_at"} <= set(grid.names):
        raise InputError("is no list of full texts sought; name another file with -o", path=output)
    return [
        {name: as_meant(cell.strip()) for name, cell in zip(grid.names, row, strict=True)}
        for row in grid.rows
    ]
