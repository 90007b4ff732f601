"""The command ``decisions``: a screening tool's export to votes."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Duplicates, Output, Quiet
from peerreview.cli.outputs import check_table, put, tell
from peerreview.errors import InputError, InputErrors, UsageError
from peerreview.review import RESOLUTIONS, VOTES, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class Stage(StrEnum):
    """Stages that votes can be of."""

    before_screening = "before_screening"
    title_abstract = "title_abstract"
    retrieval = "retrieval"
    full_text = "full_text"


def decisions(
    exports: Annotated[
        list[Path],
        typer.Argument(
            help="Exports of one tool, or wide tables (one column per reviewer). Checked on real files: "
            "Rayyan, ASReview; not yet: Covidence, Abstrackr, metagear, revtools, CoLRev, colandr, "
            "EPPI-Reviewer."
        ),
    ],
    output: Output = VOTES / "votes.csv",
    stage: Annotated[
        Stage | None,
        typer.Option("--stage", help="Stage, where the export names none.", show_default="title_abstract"),
    ] = None,
    reviewer: Annotated[
        list[str] | None,
        typer.Option(
            "--reviewer", help="Who voted; or a wide table's columns.", show_default="the file's name"
        ),
    ] = None,
    meanings: Annotated[
        list[str] | None, typer.Option("--map", help="What a value means, as in 0=exclude.")
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--records",
            help="Records to match with.",
            show_default=f"{name_of(tables.RECORDS)}, or {name_of(tables.UNIQUE)}",
        ),
    ] = None,
    duplicates: Duplicates = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Leave out votes on records not found.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Drop votes taken before.")] = False,
    quiet: Quiet = False,
) -> None:
    """Turn a screening tool's export into votes."""
    from peerreview.imports import formats
    from peerreview.review import Review
    from peerreview.screening import decisions as stage_of
    from peerreview.screening import lookup, votes
    from peerreview.screening.screeners import Export
    from peerreview.tables import reading

    mapped = {}
    for pair in meanings or []:
        value, equals, meaning = pair.rpartition("=")
        if not equals or meaning not in (*tables.DECISIONS, ""):
            message = f"--map {pair!r} is not VALUE=DECISION; decisions are {', '.join(tables.DECISIONS)}"
            raise UsageError(message)
        mapped[value] = meaning
    check_table(output)
    review = Review.around(records) if records else Review.of_votes([output])
    review.note_named(*exports)
    review.keep_apart(output)
    if output.name == RESOLUTIONS:
        raise UsageError(f"{output}: holds what people settled; name another file with -o")
    columns = tuple(reviewer or ())
    texts = []
    for path in exports:
        try:
            decoded = formats.decode(reading.read_bytes(path))
        except InputError as error:
            raise InputError(error.message, path=path) from error
        for warned in decoded.warnings:
            console.remark(f"{path}:{warned.line}: {warned.message}")
        texts.append(Export(str(path), decoded.text, columns))
    with console.working("matching votes with records"):
        # An export may hold records that dedupe has removed since.
        table = next((each for each in (tables.RECORDS, tables.UNIQUE) if review.has(each, records)), None)
        known, kept = None, {}
        if table:
            kept = votes.follow(review.read_optional(tables.DUPLICATES, duplicates))
            known = lookup.index(review.read(table, records, rules=tables.RECORDS), kept)
            review.remark(f"matched with {review.path(table, records)}")
        else:
            review.remark(f"there is no {name_of(tables.RECORDS)} here: record ids are not checked")
        taken = stage_of.take_votes(
            texts, known, stage=stage or "", reviewer=columns[0] if len(columns) == 1 else "", meanings=mapped
        )
    for remark in taken.remarks:
        review.remark(remark)
    if taken.lost and not lenient:
        tell(review)
        raise InputErrors(taken.lost)
    for fault in taken.lost:
        review.remark(str(fault))
    if not replace:
        _keep_former(output, taken.votes, kept)
    put(review, [(output, taken.votes)])


def _keep_former(output: Path, votes: "pd.DataFrame", kept: "Mapping[str, str]") -> None:
    """Refuse to drop votes that stand in the output, and tell which say otherwise now."""
    from peerreview.tables import reading

    if not output.is_file() or not output.stat().st_size:
        return

    def said(table: "pd.DataFrame") -> dict[tuple[str, str, str], set[str]]:
        found: dict[tuple[str, str, str], set[str]] = {}
        columns = (table[name] for name in ("record_id", "reviewer", "stage", "decision"))
        for record_id, reviewer, stage, decision in zip(*columns, strict=True):
            found.setdefault((kept.get(record_id, record_id), reviewer, stage), set()).add(decision)
        return found

    before, now = said(reading.read(output, tables.VOTES)), said(votes)
    n_lost = len(before.keys() - now.keys())
    if n_lost:
        message = (
            f"holds {n_lost:,} votes that are not in this export; name another file with -o, or --replace"
        )
        raise InputError(message, path=output)
    n_changed = sum(not decisions <= now[vote] for vote, decisions in before.items())
    if n_changed:
        console.remark(
            f"{output}: {n_changed:,} of the votes there said otherwise; "
            "agreement is of first votes: keep those, too, in a file with decided_at"
        )
