"""The command ``export``: records to a file for other tools."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli.console import remark, working
from peerreview.cli.options import Duplicates, Protocol, Quiet, Screening, a_table
from peerreview.cli.outputs import put
from peerreview.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    import pandas as pd

    from peerreview.review import Review
    from peerreview.screening.selection import Wanted

WRITERS = {
    ".ris": "ris",
    ".bib": "bibtex",
    ".json": "csl",
    ".xml": "endnote_xml",
    ".nbib": "nbib",
    ".csv": "spreadsheet",
}
"""What a suffix stands for."""
MOST_TOLD = 12
"""Names of fields without a place that are told one by one."""


class Stage(StrEnum):
    """Stages that a record can have an outcome at."""

    before_screening = "before_screening"
    title_abstract = "title_abstract"
    retrieval = "retrieval"
    full_text = "full_text"


class Outcome(StrEnum):
    """What the votes of a stage can add up to."""

    include = "include"
    exclude = "exclude"
    not_retrieved = "not_retrieved"
    conflict = "conflict"
    pending = "pending"


def export(
    records: Annotated[Path | None, a_table("Records to write.", tables.UNIQUE)] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help=f"File to write: {', '.join(WRITERS)}; - for standard output, as RIS.",
        ),
    ] = Path("unique.ris"),
    stage: Annotated[
        Stage | None, typer.Option("--stage", help="Only records that came to this stage.")
    ] = None,
    outcome: Annotated[
        list[Outcome] | None, typer.Option("--outcome", help="With --stage: only those with this outcome.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help="With --stage: only those excluded for this reason.")
    ] = "",
    ids: Annotated[
        Path | None, typer.Option("--ids", help="Only these: ids, a line each or in a column record_id.")
    ] = None,
    since: Annotated[
        int | None, typer.Option("--since", help="Only records of this round and later ones.", min=1)
    ] = None,
    new_to: Annotated[
        Path | None,
        typer.Option("--new-to", help="Only records that this table or export does not have."),
    ] = None,
    screening: Screening = None,
    duplicates: Duplicates = None,
    protocol: Protocol = None,
    quiet: Quiet = False,
) -> None:
    """Write records, or a part of them, for other tools."""
    from peerreview.imports.formats import registry
    from peerreview.imports.formats.writers import meanings
    from peerreview.review import Review
    from peerreview.tables import STREAM

    suffix = ".ris" if output == STREAM else output.suffix.lower()
    if suffix not in WRITERS:
        message = f"{output}: suffix {suffix!r} is not one of {', '.join(WRITERS)}"
        raise UsageError(message)
    wanted = _wanted(stage, outcome or (), reason)
    review = Review.around(records)
    review.note_named(ids, new_to, screening, duplicates)
    review.keep_apart(output)
    # Records as imported are written as well as those to screen.
    found = review.read(tables.UNIQUE, records, rules=tables.RECORDS)
    for name in sorted(set(found["source_file"])):
        review.note(Path(name), told=False)
    writer = registry.load_writer(WRITERS[suffix])
    with working("writing records"):
        n_all = len(found)
        is_chosen = found["round"].astype(int) >= (since or 1)
        if wanted:
            is_chosen &= found["record_id"].isin(_with_outcome(review, wanted, screening, protocol))
        if ids or new_to:
            is_chosen &= found["record_id"].isin(_listed(review, found, ids, new_to, duplicates))
        found = found[is_chosen].reset_index(drop=True)
        left = meanings.count_left(found, writer)
        put(review, [(output, writer.write(found))])
    if left:
        remark(f"{output}: beside the columns, no place for {_told(left)} of the exports")
    is_part = wanted or ids or since or new_to
    told = f"{len(found):,} of {n_all:,} records" if is_part else tables.counted(len(found), "record")
    remark(f"{output}: {told}")


def _wanted(stage: Stage | None, outcomes: "Sequence[Outcome]", reason: str) -> "Wanted | None":
    """Return the outcome that is asked for."""
    from peerreview.screening.selection import Wanted

    if stage is None:
        if outcomes or reason:
            raise UsageError("--outcome and --reason go with --stage: an outcome is one of a stage")
        return None
    if reason and set(outcomes) - {Outcome.exclude}:
        raise UsageError("--reason is that of an exclusion; leave --outcome out, or say exclude")
    return Wanted(str(stage), tuple(map(str, outcomes)), reason)


def _with_outcome(
    review: "Review", wanted: "Wanted", screening: Path | None, protocol: Path | None
) -> set[str]:
    """Return the ids of the records with an outcome."""
    from peerreview.screening import selection, votes

    outcomes = review.read(tables.SCREENING, screening)
    got: set[str] = set()
    if wanted.stage == selection.RETRIEVAL:
        # That a full text came is no outcome of its own: only the votes say so.
        cast = review.read_votes(files) if (files := review.vote_files(None, may_be_none=True)) else None
        kept = votes.follow(review.read_optional(tables.DUPLICATES))
        got = selection.got(cast, kept) if cast is not None else set()
    return selection.with_outcome(outcomes, wanted, reasons=review.protocol(protocol).reasons, got=got)


def _listed(
    review: "Review", everything: "pd.DataFrame", ids: Path | None, new_to: Path | None, named: Path | None
) -> set[str]:
    """Return the ids of the records of a list that another file does not have."""
    from peerreview.screening import selection, votes

    kept = votes.follow(review.read_optional(tables.DUPLICATES, named))
    chosen = set(everything["record_id"])
    if ids:
        listed, n_twice = selection.of_list(_text(ids), everything, kept, path=str(ids))
        chosen &= listed
        if n_twice:
            review.remark(f"{ids}: {n_twice:,} of its ids are of a record named before")
    if new_to:
        try:
            references = selection.references_of(_text(new_to))
        except InputError as error:
            raise InputError(error.message, path=new_to, line=error.line) from error
        fresh, n_unsure = selection.not_in(references, everything, kept)
        chosen &= fresh
        if n_unsure:
            review.remark(f"{new_to}: {n_unsure:,} of its records could be several here, which stay")
    return chosen


def _text(path: Path) -> str:
    """Return the text of a list, of a table (a workbook's, too) or of an export."""
    from peerreview.imports import formats
    from peerreview.tables import reading

    try:
        return formats.decode(reading.read_bytes(path)).text
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error


def _told(left: "Counter[str]") -> str:
    """Return the names of fields, and in how many records each stands, the most frequent first."""
    order = sorted(left, key=lambda name: (-left[name], name))
    told = ", ".join(f"{name} ({left[name]:,})" for name in order[:MOST_TOLD])
    return told if len(order) <= MOST_TOLD else f"{told} and {len(order) - MOST_TOLD:,} more fields"
