"""The command ``import``: exports to records."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peerreview import tables
from peerreview.cli.console import remark, working
from peerreview.cli.options import Output, Quiet, Sources
from peerreview.cli.outputs import alone, as_json, beside, check_table, put, tell
from peerreview.errors import InputError, InputErrors, UsageError
from peerreview.review import name_of

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.imports.exports import Expected, Export, Imported
    from peerreview.review import Review
    from peerreview.tables.contents import Content

Kind = StrEnum("Kind", {kind: kind for kind in tables.SOURCE_KINDS})  # type: ignore[misc]


def import_(
    exports: Annotated[list[Path], typer.Argument(help="Exports, in any format that is known.")],
    output: Output = Path(name_of(tables.RECORDS)),
    sources: Sources = None,
    source: Annotated[str, typer.Option("--source", help="Database or other source of these exports.")] = "",
    kind: Annotated[Kind | None, typer.Option("--kind", help="Kind of that source.")] = None,
    expect: Annotated[
        int | None, typer.Option("--expect", help="Number of records the search found.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            help='What a table\'s columns are, .toml: [columns] with lines as "Paper Name" = "title".',
        ),
    ] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Keep the rest of a faulty export.")] = False,
    write_sources: Annotated[
        bool, typer.Option("--write-sources", help="Add a row for each export that has none.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Take the same export twice.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Drop exports imported before.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write counts and warnings as JSON.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Read exports into one table of records."""
    from peerreview.imports import records
    from peerreview.imports.exports import Export, read_exports
    from peerreview.imports.formats import registry
    from peerreview.review import Review
    from peerreview.tables import STREAM, plugins, writing
    from peerreview.tables.plugins import Kind
    from peerreview.tables.spool import Spool

    if source and not source.strip():
        message = "--source is blank"
        raise UsageError(message)
    if kind and not source:
        message = "--kind goes with --source"
        raise UsageError(message)
    check_table(output)
    # The searches are those of the review that the records go to, wherever its exports lie.
    review = Review(*([] if output == STREAM else [output.parent]), Path())
    review.note_named(*(path for path in exports if path.exists()), mapping)
    for path in (output, beside(output, name_of(tables.REJECTS)), report):
        review.keep_apart(path)
    expected = _expected(review, sources, source, kind, expect, mapping, lenient=lenient)
    named = [Export(str(path), _name(path, output)) for path in exports]
    faults = [*_unnameable(named), *_former(output, named, replace=replace)]
    contents = _open(exports, again=again, faults=faults)
    with working("reading exports") as watch:
        found = read_exports(named, contents, expected, watch, spool=Spool(_folder(output)))
    tell(review)
    for line in (*found.remarks, *plugins.remarks(Kind.FORMAT, registry.names())):
        remark(line)
    rejected = beside(output, name_of(tables.REJECTS))
    if faults or found.faults:
        if lenient and found.n_found and not found.n_imported:
            # Where all was rejected people need to see it most; the records of before stay.
            put(review, [(rejected, records.rejects_to_csv(found.placed))])
        raise InputErrors([*faults, *found.faults])
    is_csv = output.suffix != ".parquet"
    searches = [review.path(tables.SOURCES, sources)] if write_sources else []
    # Another import may have written to the same file since: what it brought is not dropped either.
    with working("writing records"), alone(output, *searches):
        if dropped := list(_former(output, named, replace=replace)):
            raise InputErrors(dropped)
        outputs: list[tuple[Path, Any]] = [(rejected, records.rejects_to_csv(found.placed))]
        if report:
            outputs.append(
                (report, as_json(records.report(found.placed, [each.digest() for each in contents])))
            )
        grown = list(_declared(review, sources, found)) if write_sources else []
        outputs += grown
        parts = records.tabulate_in_parts(found.placed)
        table = records.to_csv(found.placed) if is_csv else writing.in_parts(parts, output)
        outputs.append((output, table))
        put(review, outputs, grown=[path for path, _ in grown])
    _remark_on_doubtful(records.tabulate_doubtful(found.placed))
    n_rejected = found.n_found - found.n_imported
    told = f"{tables.counted(found.n_imported, 'record')} from {tables.counted(len(exports), 'export')}"
    remark(f"{output}: {told}; {n_rejected:,} rejected")


def _folder(output: Path) -> Path | None:
    """Return where to put by what is read: on the disk that takes the output, None where it goes nowhere."""
    folder = output.resolve().parent
    return folder if output.is_file() or (not output.exists() and folder.is_dir()) else None


def _remark_on_doubtful(records: "pd.DataFrame | None") -> None:
    """Name the records that say of themselves that their paper was retracted, or is in doubt."""
    if records is None:
        return
    from peerreview.duplicates.retractions import in_doubt

    if said := in_doubt(records):
        remark(said)


def _declared(review: "Review", sources: Path | None, found: "Imported") -> Iterator[tuple[Path, bytes]]:
    """Yield ``sources.csv`` with a row for each export that has none; what people wrote stays."""
    from peerreview.tables import reading, writing

    path = review.path(tables.SOURCES, sources)
    for name in found.unclear:
        remark(f"{name}: its records do not say of which databases they are; write its rows into {path}")
    declared = set(reading.read_optional(path, tables.SOURCES)["file"])
    new = [row for row in found.undeclared if row["file"] not in declared]
    if new:
        # Columns that a citation search alone fills are left to those who have one.
        rows = tables.make(tables.SOURCES, new).drop(columns=["direction", "seeds"])
        remark(f"{path}: {tables.counted(len(rows), 'row')} added; fill in when each was searched, and how")
        yield path, writing.appended(path, rows, tables.SOURCES)


def _expected(
    review: "Review",
    sources: Path | None,
    source: str,
    kind: Kind | None,
    n_records: int | None,
    mapping: Path | None,
    *,
    lenient: bool,
) -> "Expected":
    """Return what is known of the searches: from ``sources.csv``, where there is one, and from options."""
    from peerreview.imports import mappings
    from peerreview.imports.exports import Expected, check_searches
    from peerreview.imports.records import Source
    from peerreview.tables import reading

    declared_in = review.read_optional(tables.SOURCES, sources)
    check_searches(declared_in)
    searches = tables.rows(declared_in)
    declared = Source(source, str(kind or "database")) if source else None
    file = str(review.path(tables.SOURCES, sources))
    asked = mappings.parse(reading.read_text(mapping), mapping) if mapping else {}
    return Expected(searches, file, declared, n_records, lenient, asked, str(mapping or ""))


def _name(path: Path, output: Path) -> str:
    """Return the name of an export as it stands in the tables: relative, so that folders can move."""
    if not path.is_absolute():
        return path.as_posix()
    folder = output.resolve().parent
    whole = path.resolve()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else path.name


def _unnameable(exports: "Sequence[Export]") -> Iterator[InputError]:
    """Yield the exports that the table could not tell apart, or not name."""
    named: dict[str, str] = {}
    for path, name in exports:
        try:
            name.encode()
        except UnicodeEncodeError:
            message = "its name cannot be written as text; rename it"
            yield InputError(message, path=ascii(name))
        other = named.setdefault(name, path)
        if Path(other).resolve() != Path(path).resolve():
            message = (
                f"is called {name!r} in the table, as {other} is; start in the review's folder, or rename it"
            )
            yield InputError(message, path=path)


def _former(output: Path, exports: "Sequence[Export]", *, replace: bool) -> Iterator[InputError]:
    """Yield the exports that were imported into the same table before, and would be dropped."""
    if replace or not output.is_file():
        return
    from peerreview.tables import reading

    columns = reading.columns_of(output)
    if "source_file" not in columns or set(tables.UNIQUE.columns) <= set(columns):
        yield InputError("is there and is no table of records; name another with -o", path=output)
        return
    names = {export.name for export in exports}
    for name in reading.distinct(output, "source_file"):
        if name not in names:
            message = f"holds records of {name!r}, which is not given now; give it too, or --replace"
            yield InputError(message, path=output)


def _open(paths: Sequence[Path], *, again: bool, faults: list[InputError]) -> "list[Content]":
    """Return the exports' bytes; the same twice is a fault, one that cannot be read ends all."""
    from peerreview.tables.contents import Content, open_content

    contents: list[Content] = []
    unreadable: list[InputError] = []
    for path in paths:
        try:
            content = open_content(path)
        except InputError as error:
            unreadable.append(error)
            content = Content(b"")
        else:
            # Compared as they are: the sizes differ, mostly, and a digest would read them all.
            same = None if again else next((each for each in contents if each.is_same(content)), None)
            if same:
                other = paths[contents.index(same)]
                message = f"is the same export as {other}; leave one out, or --again"
                faults.append(InputError(message, path=path))
        contents.append(content)
    if unreadable:
        raise InputErrors([*faults, *unreadable])
    return contents
