"""The command ``dedupe``: one record of each duplicate kept, every removal explained."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peerreview import tables
from peerreview.cli import console, engines
from peerreview.cli.inputs import read_rules
from peerreview.cli.options import Output, Quiet, a_table
from peerreview.cli.outputs import alone, as_json, beside, check_table, put, tell
from peerreview.errors import InputError, UsageError
from peerreview.review import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from peerreview.duplicates.overlap import Summary
    from peerreview.duplicates.rounds import Found


def dedupe(
    records: Annotated[Path | None, a_table("Records to search for duplicates.", tables.RECORDS)] = None,
    output: Output = Path(name_of(tables.UNIQUE)),
    overrides: Annotated[
        Path | None, a_table("People's word on pairs; it always wins.", tables.OVERRIDE, "--overrides")
    ] = None,
    venues: Annotated[
        Path | None, a_table("People's word on names of venues; it wins.", tables.VENUE, "--venues")
    ] = None,
    rules_file: Annotated[
        Path | None, typer.Option("--rules", help="Rules in place of the protocol's, or peerreview's own.")
    ] = None,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option("--explain", help="Say why two records are one, or not.", metavar="ID1 ID2"),
    ] = None,
    review_pairs: Annotated[
        bool, typer.Option("--review", help="Judge possible pairs in the terminal.")
    ] = False,
    resolve: Annotated[
        Path | None,
        typer.Option("--resolve", help="Take the verdicts in a filled possible.csv into overrides.csv."),
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Who judges, for overrides.csv.")] = "",
    since: Annotated[
        int | None, typer.Option("--since", help="Print what is new to screen since a round.", min=1)
    ] = None,
    possible: Annotated[
        Path | None,
        typer.Option("--possible", help="Pairs to judge, .csv or .xlsx.", show_default="beside the output"),
    ] = None,
    summary: Annotated[
        Path | None, typer.Option("--summary", help="Counts per source, .csv or .json.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", help="Cores to use; 0 for all.", min=0)] = 0,
    engine: Annotated[
        engines.Choice, typer.Option("--engine", help="What compares: dask for more than memory holds.")
    ] = engines.Choice.MEMORY,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="A Dask cluster's address.", metavar="ADDRESS")
    ] = "",
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", help="Folder for Dask's steps: a run that died goes on.", metavar="DIR"),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="Folder that --against needs later, to be written.", metavar="DIR"),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="The unique records before: compare new ones alone.", metavar="FILE"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Find duplicates and keep one record of each."""
    import pandas as pd

    from peerreview.cli import batches
    from peerreview.duplicates import keeping, listing, overlap, rounds
    from peerreview.duplicates.retractions import in_doubt
    from peerreview.review import Review
    from peerreview.tables import STREAM, writing
    from peerreview.tables.writing import for_people, from_people

    _check_options(output, explain=explain, review_pairs=review_pairs, resolve=resolve, since=since)
    _check_suffixes(possible, summary)
    cores = workers or os.cpu_count() or 1
    asked = engines.Asked(engine, cores, scheduler, checkpoint)
    asked.check(explain=explain, review=review_pairs)
    batches.check(
        keys, against, output, explain=explain, review=review_pairs, resolve=resolve, since=since,
        summary=summary, engine=engine is not engines.Choice.MEMORY,
    )  # fmt: skip
    review = Review.around(records)
    review.note_named(overrides, venues, rules_file)
    review.note_named(resolve)
    review.keep_apart(output, summary)
    records_file = review.path(tables.RECORDS, records)
    with asked.folder(output) as folder:
        table = review.read(tables.RECORDS, records, mapped_in=folder)
        rounds.check_titles(table)
        if set(tables.UNIQUE.columns) <= set(table.columns):
            raise InputError("holds unique records; name the records that import wrote", path=records_file)
        rules = read_rules(review, rules_file, review.protocol())
        # Rows are copied from possible.csv, whose cells run nothing.
        words = from_people(review.read_optional(tables.OVERRIDE, overrides))
        names = review.read_optional(tables.VENUE, venues)
        if explain:
            from peerreview.duplicates import explanation

            _check_ids(table, explain, records_file)
            tell(review)
            with console.working("looking for duplicates"):
                told = explanation.tell(
                    table, *explain, rules=rules, overrides=words, venues=names, workers=cores
                )
            typer.echo("\n".join(map(console.shown, told.split("\n"))), nl=False)
            return
        overrides_file = review.path(tables.OVERRIDE, overrides)
        pairs_file = possible or beside(output, name_of(tables.POSSIBLE))
        if against:
            review.keep_apart(pairs_file)
            _keep_verdicts(pairs_file, words, overrides_file)
            folder_of_keys = keys or beside(against, batches.USUAL)
            goes_by = batches.Said(rules, words, names)
            batch = batches.Batch(review, table, against, folder_of_keys, goes_by)
            batch.dedupe(output, pairs_file, cores, lambda pairs: _pairs_for(pairs_file, pairs))
            return
        if (review_pairs or resolve) and overrides_file == STREAM:
            option = "--review" if review_pairs else "--resolve"
            raise UsageError(f"{option} adds to a file of overrides; name one with --overrides")
        if review_pairs:
            from peerreview.cli import reviewing

            tell(review)
            words = reviewing.review(
                table, words, rules, overrides=overrides_file, venues=names, by=by, workers=cores
            )
        # Two who hand in their verdicts at once: the second reads what the first has written.
        with alone(*([overrides_file] if resolve else [])):
            answered = _resolve(resolve, overrides_file, by=by) if resolve else None
            words = answered.words if answered else words
            if not resolve or pairs_file.resolve() != resolve.resolve():
                review.keep_apart(pairs_file)
            _keep_verdicts(pairs_file, words, overrides_file)
            depends_on = records_file, rules, words.to_csv(), names.to_csv()
            written = batches.Keys.anew(keys) if keys else None
            with asked.begun(folder, len(table), depends_on) as chosen:
                further = rounds.find_and_leave(
                    table, rules, overrides=words, venues=names, engine=chosen,
                    shelf=written.shelf() if written else None,
                )  # fmt: skip
            found = further.found
            counted = overlap.summarise(table, found, rules)
            open_pairs = found.duplicates[found.duplicates["verdict"] == "possible"]
            ids = {*open_pairs["record_id"], *open_pairs["duplicate_of"]}
            asked_of = pd.concat(keeping.keep_in_parts(table, found.kept, among=ids), ignore_index=True)
            unique = writing.in_parts(keeping.keep_in_parts(table, found.kept), output)
            contents: list[tuple[Path, Any]] = [
                *(answered.files if answered else ()),
                (beside(output, name_of(tables.DUPLICATES)), found.duplicates),
                (
                    pairs_file,
                    _pairs_for(pairs_file, listing.possible_pairs(asked_of, found.duplicates, rules)),
                ),
            ]
            if summary:
                is_json = summary.suffix == ".json"
                contents.append(
                    (summary, as_json(counted.to_json()) if is_json else for_people(counted.sources))
                )
            if since:
                newer = keeping.keep_since(table, found.kept, since)
                told = tables.counted(len(newer), "record is", "records are")
                review.remark(f"{told} new to screen since round {since}")
                contents.append((STREAM, writing.to_csv(newer)))
            if answered:
                review.remark(f"{tables.counted(answered.n_new, 'verdict')} went to {overrides_file}")
            put(review, [*contents, (output, unique)], grown=[overrides_file, pairs_file] if answered else [])
            if written and further.part:
                written.add(further.part, output, batches.Said(rules, words, names))
            asked.finish()
        _remark(found, counted, pairs_file)
        if said := in_doubt(table):
            console.remark(said)


def _check_options(
    output: Path,
    *,
    explain: tuple[str, str] | None,
    review_pairs: bool,
    resolve: Path | None,
    since: int | None,
) -> None:
    if sum((bool(explain), review_pairs, bool(resolve))) > 1:
        raise UsageError("--explain, --review and --resolve are one at a time")
    if output == tables.STREAM and (since or review_pairs):
        option = "--since prints on standard output" if since else "--review talks on the terminal"
        raise UsageError(f"{option}; -o names a file")
    if not explain:
        check_table(output)


MOST_SHARED = 1_000
"""Where so many records share one thing that many could not meet, that is remarked on."""


@dataclass(frozen=True)
class _Answered:
    """People's word with what a filled possible.csv adds, and the file of overrides as it is to be."""

    words: "pd.DataFrame"
    files: "Sequence[tuple[Path, bytes]]"
    n_new: int


def _resolve(answers: Path, overrides: Path, *, by: str) -> _Answered:
    """Return people's word as it stands now with what they answered in a filled possible.csv."""
    from peerreview.duplicates import overrides as people
    from peerreview.tables import reading, writing

    words = writing.from_people(reading.read_optional(overrides, tables.OVERRIDE))
    said = writing.from_people(reading.read(answers, tables.POSSIBLE))
    new = people.resolve(said, words, by=by)
    files = [(overrides, writing.appended(overrides, new, tables.OVERRIDE))] if len(new) else []
    return _Answered(people.append(words, new), files, len(new))


def _check_ids(table: "pd.DataFrame", ids: tuple[str, str], path: Path) -> None:
    known = set(table["record_id"])
    for record_id in ids:
        if record_id not in known:
            raise InputError(f"record_id {record_id!r} is not in the records", path=path)
    if ids[0] == ids[1]:
        raise UsageError("--explain takes two records")


def _check_suffixes(possible: Path | None, summary: Path | None) -> None:
    for option, named, suffixes in (
        ("--possible", possible, (".csv", ".xlsx")),
        ("--summary", summary, (".csv", ".json")),
    ):
        if named and named.suffix not in suffixes:
            raise UsageError(f"{named}: {option} is written as {' or '.join(suffixes)}; name such a file")


def _keep_verdicts(path: Path, words: "pd.DataFrame", overrides: Path) -> None:
    """Refuse to write over pairs that people have judged and that were not taken yet."""
    from peerreview.duplicates import overrides as people
    from peerreview.tables import reading, writing

    if not path.is_file():
        return
    left = len(people.resolve(writing.from_people(reading.read(path, tables.POSSIBLE)), words))
    if left:
        stand = "1 verdict stands" if left == 1 else f"{left:,} verdicts stand"
        message = f"{stand} here and not in {overrides}; run dedupe --resolve with this file, or copy "
        raise InputError(message + ("that row" if left == 1 else "those rows") + " there", path=path)


def _pairs_for(path: Path, pairs: "pd.DataFrame") -> "pd.DataFrame | bytes":
    from peerreview.cli import forms

    return forms.to_judge(pairs, {"verdict": tuple(filter(None, tables.POSSIBLE.values["verdict"]))}, path)


def _remark(found: "Found", counted: "Summary", pairs_file: Path) -> None:
    from peerreview.cli import overlapping

    console.remark(
        f"{tables.counted(counted.n_records, 'record')}: "
        f"{tables.counted(counted.n_removed, 'duplicate')} removed, {counted.n_kept:,} kept; "
        f"{tables.counted(counted.n_related, 'related pair')}"
    )
    if counted.n_possible:
        console.remark(
            f"{tables.counted(counted.n_possible, 'possible pair')} to judge in {pairs_file}, "
            f"or with --review: {tables.counted(counted.n_questions, 'question')}"
        )
        console.remark(f"unique records: {counted.n_at_least:,} to {counted.n_kept:,}, as these are judged")
    for crowd in counted.crowds:
        if crowd.largest >= MOST_SHARED:
            console.remark(str(crowd))
    for names in counted.venues:
        console.remark(str(names))
    for record_id, kept in found.joined:
        console.remark(f"{record_id} is now a duplicate of {kept}: its votes count for that")
    if len(counted.shared) > overlapping.MOST_CROSSED:
        console.remark(f"{len(counted.shared)} sources: --summary FILE has what each shares with the others")
    for line in overlapping.lines(counted, across=shutil.get_terminal_size().columns):
        console.remark(line)
