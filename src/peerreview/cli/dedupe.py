"""The command ``dedupe``: one record of each duplicate kept, every removal explained."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Output, Quiet
from peerreview.cli.outputs import as_json, beside, check_table, keep_apart
from peerreview.errors import InputError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from peerreview import tables

OVERRIDES = Path("overrides.csv")
VENUES = Path("venues.csv")

MOST_CROSSED = 12
"""Sources whose overlap fits a terminal's lines."""


def dedupe(
    records: Annotated[Path, typer.Argument(help="Records to search for duplicates.")] = Path("records.csv"),
    output: Output = Path("unique.csv"),
    overrides: Annotated[
        Path, typer.Option("--overrides", help="People's word on pairs; it always wins.")
    ] = OVERRIDES,
    venues: Annotated[
        Path, typer.Option("--venues", help="People's word on names of venues; it wins.")
    ] = VENUES,
    rules_file: Annotated[
        Path | None, typer.Option("--rules", help="Rules in place of peerreview's own.")
    ] = None,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option("--explain", help="Say why two records are one, or not.", metavar="ID1 ID2"),
    ] = None,
    review: Annotated[bool, typer.Option("--review", help="Judge possible pairs in the terminal.")] = False,
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
    quiet: Quiet = False,
) -> None:
    """Find duplicates and keep one record of each."""
    import os

    from peerreview import tables
    from peerreview.duplicates import explanation, keeping, listing, overlap, rounds
    from peerreview.duplicates import rules as judged_by
    from peerreview.tables import reading, writing

    if since and output == reading.STREAM:
        raise UsageError("--since prints on standard output; -o names a file")
    if not explain:
        check_table(output)
    for option, named, suffixes in (
        ("--possible", possible, (".csv", ".xlsx")),
        ("--summary", summary, (".csv", ".json")),
    ):
        if named and named.suffix not in suffixes:
            raise UsageError(f"{named}: {option} is written as {' or '.join(suffixes)}; name such a file")
    for path in (output, possible, summary):
        keep_apart(path, records, overrides, venues, rules_file)
    table = reading.read(records, tables.RECORDS)
    rules = (
        judged_by.parse_rules(reading.read_text(rules_file), path=rules_file)
        if rules_file
        else judged_by.default_rules()
    )
    rounds.check_titles(table)
    if set(tables.UNIQUE.columns) <= set(table.columns):
        raise InputError("holds unique records; name the records that import wrote", path=records)
    words = _read_words(overrides, tables.OVERRIDE, OVERRIDES)
    names = _read_words(venues, tables.VENUE, VENUES)
    cores = workers or os.cpu_count() or 1
    if explain:
        _check_ids(table, explain, records)
        with console.working("looking for duplicates"):
            duplicates = rounds.find_duplicates(table, rules, overrides=words, venues=names, workers=cores)
        why = explanation.explain(table, *explain, rules, duplicates.attrs["lessons"])
        typer.echo(explanation.describe(why) + _outcome(duplicates, words, explain), nl=False)
        return
    if review:
        from peerreview.cli import reviewing

        if output == reading.STREAM:
            raise UsageError("--review talks on the terminal; -o names a file")
        words = reviewing.review(table, words, rules, overrides=overrides, venues=names, by=by, workers=cores)
    pairs_file = possible or beside(output, "possible.csv")
    _keep_verdicts(pairs_file, words, overrides)
    with console.working("looking for duplicates"):
        duplicates = rounds.find_duplicates(table, rules, overrides=words, venues=names, workers=cores)
        unique = keeping.keep_one(table, duplicates)
    pairs = listing.possible_pairs(unique, duplicates)
    counts = overlap.count_sources(table, duplicates)
    contents: dict[Path, pd.DataFrame | str | bytes] = {beside(output, "duplicates.csv"): duplicates}
    contents[pairs_file] = _pairs_for(pairs_file, pairs)
    if summary:
        said = overlap.summarise(table, duplicates, counts)
        contents[summary] = as_json(said) if summary.suffix == ".json" else counts
    if since:
        newer = unique[unique["round"].astype("int64") >= since]
        console.remark(f"{len(newer):,} records are new to screen since round {since}")
        contents[reading.STREAM] = writing.to_csv(newer)
    contents[output] = unique
    writing.write_all(contents)
    _remark(len(table), len(unique), duplicates, counts, pairs_file)


def _read_words(path: Path, table: "tables.Table", usual: Path) -> "pd.DataFrame":
    """Return what people said, nothing where the usual file is not there."""
    from peerreview import tables
    from peerreview.tables import reading

    if path.exists():
        console.remark(f"read {path}")
        return reading.read(path, table)
    if path != usual:
        raise InputError("no such file", path=path)
    return tables.empty(table)


def _check_ids(table: "pd.DataFrame", ids: tuple[str, str], path: Path) -> None:
    known = set(table["record_id"])
    for record_id in ids:
        if record_id not in known:
            raise InputError(f"record_id {record_id!r} is not in the records", path=path)
    if ids[0] == ids[1]:
        raise UsageError("--explain takes two records")


def _outcome(duplicates: "pd.DataFrame", words: "pd.DataFrame", ids: tuple[str, str]) -> str:
    """Return what came of two records in the whole run; others and people may have had their say."""
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    kept = dict(zip(removed["record_id"], removed["duplicate_of"], strict=True))
    lines = []
    for one, other, verdict in zip(words["record_id"], words["duplicate_of"], words["verdict"], strict=True):
        if {one, other} == set(ids):
            lines.append(f"people say: {verdict}")
    one, other = (kept.get(record_id, record_id) for record_id in ids)
    if one == other:
        lines.append(f"in the run: one work; {one} is kept")
    else:
        lines += [f"in the run: {ids[0]} is kept as {one}, {ids[1]} as {other}: two works"]
    return "\n".join(lines) + "\n"


def _keep_verdicts(path: Path, words: "pd.DataFrame", overrides: Path) -> None:
    """Refuse to write over pairs that people have judged and not yet copied."""
    from peerreview import tables
    from peerreview.tables import reading

    if not path.is_file():
        return
    if path.suffix == ".xlsx":
        import csv

        from peerreview.imports.formats import xlsx

        text = xlsx.to_text(reading.read_bytes(path))
        rows = list(csv.DictReader(text.splitlines()))
    else:
        rows = tables.rows(reading.read_raw(path))
    said = {frozenset(pair) for pair in zip(words["record_id"], words["duplicate_of"], strict=True)}
    judged = [row for row in rows if (row.get("verdict") or "").strip()]
    left = [row for row in judged if frozenset((row.get("record_id"), row.get("duplicate_of"))) not in said]
    if left:
        message = f"{len(left):,} verdicts stand here and not in {overrides}; copy those rows there first"
        raise InputError(message, path=path)


def _pairs_for(path: Path, pairs: "pd.DataFrame") -> "pd.DataFrame | bytes":
    from peerreview import tables
    from peerreview.tables import writing

    if path.suffix != ".xlsx":
        return writing.for_people(pairs)
    from peerreview.render.excel import form

    return form(pairs, {"verdict": tables.OVERRIDES})


def _remark(
    n_records: int, n_unique: int, duplicates: "pd.DataFrame", counts: "pd.DataFrame", pairs_file: Path
) -> None:
    from peerreview.duplicates import listing

    n_verdicts = duplicates["verdict"].value_counts()
    console.remark(
        f"{n_records:,} records: {n_verdicts.get('duplicate', 0):,} duplicates removed, {n_unique:,} kept; "
        f"{n_verdicts.get('related', 0):,} related pairs"
    )
    n_possible = n_verdicts.get("possible", 0)
    if n_possible:
        fewest = listing.count_fewest(n_unique, duplicates)
        console.remark(f"{n_possible:,} possible pairs to judge in {pairs_file}, or with --review")
        console.remark(f"unique records: {fewest:,} to {n_unique:,}, as these are judged")
    for names in duplicates.attrs["lessons"].venues.values():
        console.remark(str(names))
    for record_id, kept in duplicates.attrs.get("joined", ()):
        console.remark(f"{record_id} is now a duplicate of {kept}: its votes count for that")
    shared = [column for column in counts.columns if column.startswith("shared: ")]
    if len(shared) > MOST_CROSSED:
        console.remark(f"{len(shared)} sources: --summary FILE has what each shares with the others")
        shared = []
    width = max([6, *(len(source) for source in counts["source"])])
    numbers = "".join(f"{f'[{place}]':>8}" for place in range(1, len(shared) + 1))
    console.remark(
        f"{'source':<{width + 5}}{'found':>8}{'within':>8}{'across':>8}{'unique':>8}"
        + (f"   shared with{numbers}" if shared else "")
    )
    for place, row in enumerate(counts.to_dict("records"), start=1):
        cells = "".join(f"{row[column]:>8,}" for column in ("found", "within", "across", "unique"))
        cells += " " * 14 + "".join(f"{row[column]:>8,}" for column in shared)
        console.remark(f"{f'[{place}]':<5}{row['source']:<{width}}{cells}")
