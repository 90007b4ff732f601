"""The command ``import``: exports to records."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli.console import remark, working
from peerreview.cli.options import Output, Quiet
from peerreview.cli.outputs import as_json, beside, check_table, keep_apart
from peerreview.errors import MOST_SHOWN, InputError, InputErrors, UsageError, at

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.imports.records import Batch, Source, Stretch

Kind = StrEnum("Kind", {kind: kind for kind in tables.SOURCE_KINDS})  # type: ignore[misc]
Search = Mapping[str, str]
"""A row of ``sources.csv``."""
SOURCES = Path("sources.csv")


def import_(
    exports: Annotated[list[Path], typer.Argument(help="Exports, in any format that is known.")],
    output: Output = Path("records.csv"),
    sources: Annotated[
        Path, typer.Option("--sources", help="Searches: which export is from where.")
    ] = SOURCES,
    source: Annotated[str, typer.Option("--source", help="Database or other source of these exports.")] = "",
    kind: Annotated[Kind | None, typer.Option("--kind", help="Kind of that source.")] = None,
    expect: Annotated[
        int | None, typer.Option("--expect", help="Number of records the search found.")
    ] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Keep the rest of a faulty export.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Take the same export twice.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Drop exports imported before.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write counts and warnings as JSON.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Read exports into one table of records."""
    from peerreview.imports import records
    from peerreview.imports.formats import Warned
    from peerreview.tables import writing

    if source and not source.strip():
        message = "--source is blank"
        raise UsageError(message)
    if kind and not source:
        message = "--kind goes with --source"
        raise UsageError(message)
    check_table(output)
    rejects = beside(output, "rejects.csv")
    for path in (output, report, rejects):
        keep_apart(path, *exports, sources)
    _keep_outputs_apart([path for path in (output, report, rejects) if path])
    searches = _searches(sources, given=sources != SOURCES)
    names = [_name(path, output) for path in exports]
    faults: list[InputError] = []
    _keep_names_apart(exports, names, faults)
    _keep_former(output, names, replace=replace, faults=faults)
    contents = _read(exports, again=again, faults=faults)
    with working("Reading exports"):
        batches = _parse(exports, contents, lenient=lenient, faults=faults)
    # Where all is faulty there is no rest to keep.
    lenient = lenient and any(batch.imported for batch in batches)
    placed: list[tuple[Batch, str, Source]] = []
    rows = _rows(exports, names, searches, sources, faults)
    for path, name, batch, row in zip(exports, names, batches, rows, strict=True):
        found = _declared(row, source, kind) or records.find_source(batch, name)
        shared = [] if source or not row else [each for each in searches if each["file"] == row["file"]]
        if len(shared) > 1:
            found, strange = _shared(batch, name, path, shared)
            faults += strange
        placed.append((batch, name, found))
        if not lenient:
            faults += [InputError(piece.problem, path=path, line=piece.line) for piece in batch.rejects]
        wanted = int(row["records"]) if row and row["records"] and len(shared) < 2 else None
        if wanted is not None and wanted != batch.found:
            message = f"{batch.found:,} records found where {sources} says {wanted:,}; export it again"
            faults.append(InputError(message, path=path))
        if not batch.found and wanted is None and expect is None and batch.format != "none":
            message = f"holds no record; leave it out or, if the search found none, say 0 in {sources}"
            if lenient:
                batch.warnings.append(Warned(1, message))
            else:
                faults.append(InputError(message, path=path))
    n_found = sum(batch.found for batch in batches)
    if expect is not None and expect != n_found:
        message = f"{n_found:,} records found where --expect says {expect:,}; export it again"
        faults.append(
            InputError(message, path=exports[0] if len(exports) == 1 else ", ".join(map(str, exports)))
        )
    _tell(exports, placed)
    if not source:
        faults += _tell_undeclared(exports, rows, sources, searches, lenient=lenient)
    if faults:
        raise InputErrors(faults)
    with working("Writing records"):
        outputs: dict[Path, pd.DataFrame | str | Iterator[bytes]] = {rejects: records.rejects_to_csv(placed)}
        if report:
            listed = records.report(placed)
            outputs[report] = as_json(listed)
        is_csv = output.suffix != ".parquet"
        outputs[output] = records.to_csv(placed) if is_csv else records.tabulate(placed)
        writing.write_all(outputs)
    n_imported = sum(batch.imported for batch in batches)
    n_rejected = n_found - n_imported
    remark(f"{output}: {n_imported:,} records from {len(exports):,} exports; {n_rejected:,} rejected")


def _keep_outputs_apart(outputs: Sequence[Path]) -> None:
    """Refuse to write two tables into one file."""
    for path in outputs:
        if [other.resolve() for other in outputs].count(path.resolve()) > 1:
            message = f"{path}: another table is written there too; name another file"
            raise UsageError(message)


def _searches(path: Path, *, given: bool) -> Sequence[Search]:
    """Return the searches in ``sources.csv``; none where there is no such file and none was named."""
    from peerreview.tables import reading

    if not given and not path.exists():
        return []
    if not given:
        remark(f"read {path}")
    return tables.rows(reading.read(path, tables.SOURCES))


def _name(path: Path, output: Path) -> str:
    """Return the name of an export as it stands in the tables: relative, so that folders can move."""
    if not path.is_absolute():
        return path.as_posix()
    folder = output.resolve().parent
    whole = path.resolve()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else path.name


def _keep_names_apart(exports: Sequence[Path], names: Sequence[str], faults: list[InputError]) -> None:
    """Refuse exports that the table could not tell apart, or not name."""
    named: dict[str, Path] = {}
    for path, name in zip(exports, names, strict=True):
        try:
            name.encode()
        except UnicodeEncodeError:
            message = "its name cannot be written as text; rename it"
            faults.append(InputError(message, path=ascii(name)))
        other = named.setdefault(name, path)
        if other.resolve() != path.resolve():
            message = (
                f"is called {name!r} in the table, as {other} is; start in the review's folder, or rename it"
            )
            faults.append(InputError(message, path=path))


def _keep_former(output: Path, names: Sequence[str], *, replace: bool, faults: list[InputError]) -> None:
    """Refuse to drop an export that was imported into the same table before."""
    if replace or not output.is_file():
        return
    try:
        former = _former_exports(output)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=output) from error
    if former is None:
        faults.append(InputError("is there and is no table of records; name another with -o", path=output))
        return
    for name in former:
        if name not in names:
            message = f"holds records of {name!r}, which is not given now; give it too, or --replace"
            faults.append(InputError(message, path=output))


def _former_exports(output: Path) -> list[str] | None:
    """Return the exports of which a table holds records; None where it is no table of records."""
    import csv

    from peerreview.tables import reading

    with output.open("rb") as stream:
        is_ours = stream.readline().rstrip() == ",".join(tables.RECORDS.columns).encode()
    if not is_ours:  # saved by a spreadsheet, or parquet
        frame = reading.read_raw(output)
        is_table = "source_file" in frame.columns and not set(tables.UNIQUE.columns) <= set(frame.columns)
        return list(dict.fromkeys(frame["source_file"])) if is_table else None
    # A line at a time: the table may be larger than all exports given now.
    csv.field_size_limit(2**31 - 1)
    with output.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = csv.reader(lines)
        column = next(rows).index("source_file")
        return list(dict.fromkeys(row[column] for row in rows if len(row) > column))


def _read(paths: Sequence[Path], *, again: bool, faults: list[InputError]) -> list[bytes]:
    from peerreview.tables import reading

    contents: list[bytes] = []
    unreadable: list[InputError] = []
    for path in paths:
        try:
            content = reading.read_bytes(path)
        except InputError as error:
            unreadable.append(error)
            content = b""
        else:
            # Compared as they are: the sizes differ, mostly, and a digest would read them all.
            if content and content in contents and not again:
                message = f"is the same export as {paths[contents.index(content)]}; leave one out, or --again"
                faults.append(InputError(message, path=path))
        contents.append(content)
    if unreadable:
        raise InputErrors([*faults, *unreadable])
    return contents


def _parse(
    paths: Sequence[Path], contents: list[bytes], *, lenient: bool, faults: list[InputError]
) -> list["Batch"]:
    from peerreview.imports import records
    from peerreview.imports.formats import Warned

    batches = []
    parsed = _parse_all(contents)
    keeps_a_rest = lenient and not all(isinstance(found, InputError) for found in parsed)
    for path, found in zip(paths, parsed, strict=True):
        if not isinstance(found, InputError):
            batches.append(found)
            continue
        batch = records.Batch("none")
        batches.append(batch)
        if keeps_a_rest:
            batch.warnings.append(Warned(found.line or 0, found.message))
        else:
            faults.append(InputError(found.message, path=path, line=found.line))
    return batches


_LARGE = 4_000_000
"""Bytes from which starting a second process takes less time than it saves."""


def _parse_all(contents: list[bytes]) -> "list[Batch | InputError]":
    """Return what each export gave, in their order; large ones are read on all cores."""
    import os

    from peerreview.imports import records
    from peerreview.workers import share

    n_cores = (os.cpu_count() or 1) if sum(map(len, contents)) >= _LARGE else 1
    exports: list[Batch | InputError] = []
    owners: list[int] = []

    def cut() -> "Iterator[Stretch]":
        # Each is dropped once it is text: a large export fits into memory but once.
        contents.reverse()
        while contents:
            try:
                batch, stretches = records.cut(contents.pop())
            except InputError as error:
                exports.append(error)
                continue
            exports.append(batch)
            for stretch in stretches:
                owners.append(len(exports) - 1)
                yield stretch

    read = share("peerreview.imports.records", "try_stretch", cut(), n_cores)
    for owner, found in zip(owners, read, strict=True):
        export = exports[owner]
        if isinstance(found, InputError):
            exports[owner] = found
        elif not isinstance(export, InputError):
            records.add(export, found)
    return exports


def _declared(row: Search | None, source: str, kind: Kind | None) -> "Source | None":
    from peerreview.imports.records import Source

    if source:
        return Source(
            source, str(kind or (row or {}).get("source_kind", "database")), (row or {}).get("round") or "1"
        )
    if row:
        return Source(row["source"], row["source_kind"], row["round"] or "1", platform=row["platform"])
    return None


def _shared(
    batch: "Batch", name: str, path: Path, rows: Sequence[Search]
) -> "tuple[Source, list[InputError]]":
    """Return the source of a file that several searches share, and what is not as they say."""
    from peerreview.imports import records

    declared = [source for row in rows if (source := _declared(row, "", None))]
    found, strangers = records.share(batch, name, declared)
    if len(found.of) < len(declared):
        message = f"two sources of {name} mean the same database: {', '.join(each.name for each in declared)}"
        return found, [InputError(message, path="sources.csv")]
    faults = [InputError(piece.problem, path=path, line=piece.line) for piece in strangers]
    n_found = records.count_shared(batch, found)
    for row in rows:
        n = n_found[row["source"]]
        if row["records"] and int(row["records"]) != n:
            message = f"{n:,} records of {row['source']} found where sources.csv says {int(row['records']):,}"
            faults.append(InputError(f"{message}; export it again", path=path))
    return found, faults


def _rows(
    paths: Sequence[Path],
    names: Sequence[str],
    searches: Sequence[Search],
    sources: Path,
    faults: list[InputError],
) -> list[Search | None]:
    """Return the search that each export came from; one search has not two."""
    rows = [_row(path, name, searches) for path, name in zip(paths, names, strict=True)]
    claimed: dict[str, Path] = {}
    for path, row in zip(paths, rows, strict=True):
        other = claimed.setdefault(row["file"], path) if row else path
        if row and other.resolve() != path.resolve():
            message = f"{row['file']!r} may be {other} or {path}; write the folder, too"
            faults.append(InputError(message, path=sources))
    return rows


def _row(path: Path, name: str, searches: Sequence[Search]) -> Search | None:
    """Return the search that an export came from: by its path, or as much of it as either gives."""
    exact = [row for row in searches if row["file"] in (name, str(path), path.as_posix())]
    found = exact or [row for row in searches if _ends_alike(Path(row["file"]).parts, path.parts)]
    # A file that holds several databases has a row for each.
    return found[0] if len({row["file"] for row in found}) == 1 else None


def _ends_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    least = min(len(one), len(other))
    return least > 0 and tuple(one[-least:]) == tuple(other[-least:])


def _tell_undeclared(
    paths: Sequence[Path],
    rows: Sequence[Search | None],
    sources: Path,
    searches: Sequence[Search],
    *,
    lenient: bool,
) -> list[InputError]:
    """
    Name what only one of the two has: a misspelt file would else go under a name and kind of its own.

    A search that found records and whose export is not given is a fault, for
    every number after it would miss them; to a lenient import it is none.
    """
    faults: list[InputError] = []
    if not searches:
        return faults
    for path, row in zip(paths, rows, strict=True):
        if row is None:
            remark(at(str(path), None, f"is not in {sources}; its source and kind there are missing"))
    found = {row["file"] for row in rows if row}
    for search in searches:
        # A search without a file has its number alone: its records are in a library, or in none.
        if not search["file"] or search["file"] in found:
            continue
        n = int(search["records"] or 0)
        message = f"{search['file']!r} is not among the exports given"
        if n and not lenient:
            of = f"the {n:,} records of {search['source']} are missing"
            faults.append(InputError(f"{message}: {of}; give it, or --lenient", path=sources))
        else:
            remark(at(str(sources), None, message))
    return faults


def _tell(paths: Sequence[Path], placed: "Sequence[tuple[Batch, str, Source]]") -> None:
    for path, (batch, _, source) in zip(paths, placed, strict=True):
        if batch.format == "none" and not batch.warnings:
            continue  # told as a fault
        for warned in batch.warnings[:MOST_SHOWN]:
            remark(at(str(path), warned.line, f"warning: {warned.message}"))
        if len(batch.warnings) > MOST_SHOWN:
            remark(at(str(path), None, f"… and {len(batch.warnings) - MOST_SHOWN:,} more warnings"))
        counts = (
            f"found {batch.found:,}, imported {batch.imported:,}, rejected {len(batch.rejects):,}, "
            f"warnings {len(batch.warnings):,}"
        )
        origin = f"{source.name} ({source.kind}, {source.how})"
        remark(at(str(path), None, f"{batch.format}, {batch.encoding or 'no text'}; {origin}; {counts}"))
