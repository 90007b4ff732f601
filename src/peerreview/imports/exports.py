"""Several exports, and the searches that they came from, to the records of all."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from peerreview import tables
from peerreview.errors import MOST_SHOWN, InputError, at
from peerreview.imports import records
from peerreview.imports.batches import Collected
from peerreview.imports.collecting import collect
from peerreview.imports.formats import Warned
from peerreview.imports.formats.shared.tableheads import plain
from peerreview.imports.records import Source
from peerreview.tables.spool import Spool
from peerreview.values import dates
from peerreview.values.counts import counted
from peerreview.values.lists import as_one

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.tables.contents import Content

Search = Mapping[str, str]
"""A row of ``sources.csv``."""
Watch = Callable[[str, int, int], None]
"""What is called on the way: of what, how many are done, of how many."""


class Export(NamedTuple):
    """An export: its ``path`` as people named it, and its ``name`` in the review's tables."""

    path: str
    name: str


@dataclass(frozen=True)
class Expected:
    """What a search is known by, and how strictly its exports are read."""

    searches: Sequence[Search] = ()
    file: str = ""
    """Where the searches stand, for messages."""
    source: Source | None = None
    """The source of all exports, in place of what the searches say."""
    n_records: int | None = None
    lenient: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)
    """What people say that columns of tables are: header → column."""
    asked_in: str = ""
    """Where they say it, for messages."""


@dataclass(frozen=True)
class Imported:
    """
    What several exports gave.

    ``placed`` has each one's batch, name and source; ``faults`` are what
    forbids to write a table of them, ``remarks`` what people should see.
    """

    placed: tuple[tuple[Collected, str, Source], ...]
    faults: tuple[InputError, ...]
    remarks: tuple[str, ...]
    undeclared: tuple[Search, ...] = ()
    """Rows of ``sources.csv`` for the exports that have none."""
    unclear: tuple[str, ...] = ()
    """Exports that have none, and of which nobody can tell what databases they hold."""

    @property
    def n_found(self) -> int:
        """Number of records in the exports."""
        return sum(batch.found for batch, _, _ in self.placed)

    @property
    def n_imported(self) -> int:
        """Number of records kept."""
        return sum(batch.imported for batch, _, _ in self.placed)


def read_exports(
    exports: Sequence[Export],
    contents: "Sequence[Content]",
    expected: Expected,
    watch: Watch | None = None,
    *,
    spool: Spool | None = None,
) -> Imported:
    """
    Return the records of several exports, each with its source, and what is wrong with them.

    Parameters
    ----------
    contents : the exports' bytes, in their order.
    watch : called on the way: of what, how many are read, of how many.
    spool : where records are put by; one of its own where it is None.
    """
    faults: list[InputError] = []
    if expected.source and tables.LIST in expected.source.name:
        raise InputError(_two_names(expected.source.name))
    batches = _parse(exports, contents, expected, faults, spool or Spool(), watch)
    faults += _missing_columns(batches, expected)
    # Where all is faulty there is no rest to keep.
    lenient = expected.lenient and any(batch.imported for batch in batches)
    rows = _rows(exports, expected, faults)
    placed = []
    for export, batch, row in zip(exports, batches, rows, strict=True):
        shared = [each for each in expected.searches if row and each["file"] == row["file"]]
        if len(shared) > 1 and not expected.source:
            found, strange = _shared(batch, export, shared, expected.file)
            faults += strange
        else:
            shared = []
            found = expected.source or _declared(row) or records.find_source(batch, export.name)
        if expected.source and row and row["round"]:
            found = replace(found, round=row["round"])
        placed.append((batch, export.name, found))
        faults += _faults(export, batch, None if shared else row, expected, lenient=lenient)
    n_found = sum(batch.found for batch in batches)
    if expected.n_records is not None and expected.n_records != n_found:
        message = (
            f"{counted(n_found, 'record')} found where --expect says {expected.n_records:,}; export it again"
        )
        faults.append(InputError(message, path=", ".join(export.path for export in exports)))
    remarks = [line for export, each in zip(exports, placed, strict=True) for line in _told(export, *each)]
    if not expected.source:
        strange, told = _undeclared(exports, rows, expected)
        faults += strange
        remarks += told
    new = [each for each, row in zip(placed, rows, strict=True) if row is None]
    searches = {name: _searches(batch, name, source) for batch, name, source in new if batch.found}
    undeclared = tuple(search for found in searches.values() for search in found)
    unclear = tuple(name for name, found in searches.items() if not found)
    return Imported(tuple(placed), tuple(faults), tuple(remarks), undeclared, unclear)


def _two_names(name: str) -> str:
    return f"source {name!r} would be two in a list; write {as_one(name)!r}"


def check_searches(sources: "pd.DataFrame") -> None:
    """
    Refuse a search whose date is none, or two: 01/02/2026 is a day in January or in February.

    Refuse a source whose name would be two in a list of sources, too.

    Parameters
    ----------
    sources : ``source, searched_on``, as ``sources.csv``.

    Raises
    ------
    InputErrors
        Naming each row.
    """
    wrong = [
        (place, f"searched_on {date!r} is not one day or month; write it as YYYY-MM-DD or YYYY-MM")
        for place, date in enumerate(sources["searched_on"])
        if date.strip() and not dates.one_way(date)
    ]
    wrong += [
        (place, _two_names(name)) for place, name in enumerate(sources["source"]) if tables.LIST in name
    ]
    if wrong:
        raise tables.row_errors(sources, sorted(wrong))


def _searches(batch: Collected, name: str, source: Source) -> list[Search]:
    """
    Return rows of ``sources.csv`` for an export: one, or one for each of several databases.

    None where some of its records are of several databases and others do
    not say of which: a row would say more than the export does.
    """
    named = Counter[str]()
    for origin, n in batch.named.items():
        named[origin.database] += n
    others = {database for database in named if database and database != source.name}
    if not others or source.how == "declared":
        found = [(source, batch.found)]
    elif "" in named or batch.rejects:
        return []
    else:
        platforms = {origin.database: origin.platform for origin in batch.named}
        found = [
            (Source(database, records.kind_of(database), source.round, platform=platforms[database]), n)
            for database, n in sorted(named.items())
        ]
    return [
        {
            "file": name,
            "source": each.name,
            "source_kind": each.kind,
            "platform": each.platform,
            "round": each.round,
            "records": str(n),
        }
        for each, n in found
    ]


def _missing_columns(batches: Sequence[Collected], expected: Expected) -> list[InputError]:
    """Return what people say of columns that no table has: a misspelt one would else be passed over."""
    there = list(dict.fromkeys(column for batch in batches for column in batch.columns))
    same = set(map(plain, there))
    return [
        InputError(
            f"no export has a column {header!r}; their columns: {', '.join(map(repr, there)) or 'none'}",
            path=expected.asked_in,
        )
        for header in expected.asked
        if plain(header) not in same
    ]


def _parse(
    exports: Sequence[Export],
    contents: "Sequence[Content]",
    expected: Expected,
    faults: list[InputError],
    spool: Spool,
    watch: Watch | None,
) -> list[Collected]:
    batches = []
    parsed = collect(contents, tuple(expected.asked.items()), spool, watch)
    keeps_a_rest = expected.lenient and not all(isinstance(found, InputError) for found in parsed)
    for export, found in zip(exports, parsed, strict=True):
        if not isinstance(found, InputError):
            batches.append(found)
            continue
        batch = Collected(spool, "none")
        batches.append(batch)
        if keeps_a_rest:
            batch.warnings.append(Warned(found.line or 0, found.message))
        else:
            faults.append(InputError(found.message, path=export.path, line=found.line))
    return batches


def _declared(row: Search | None) -> Source | None:
    if row is None:
        return None
    return Source(row["source"], row["source_kind"], row["round"] or "1", platform=row["platform"])


def _faults(
    export: Export, batch: Collected, row: Search | None, expected: Expected, *, lenient: bool
) -> list[InputError]:
    """Return what is wrong with one export; with ``lenient``, what can be kept is warned of instead."""
    faults = []
    if not lenient:
        faults += [InputError(piece.problem, path=export.path, line=piece.line) for piece in batch.rejects]
    wanted = int(row["records"]) if row and row["records"] else None
    if wanted is not None and wanted != batch.found:
        message = (
            f"{counted(batch.found, 'record')} found where {expected.file} says {wanted:,}; export it again"
        )
        faults.append(InputError(message, path=export.path))
    if not batch.found and wanted is None and expected.n_records is None and batch.format != "none":
        message = f"holds no record; leave it out or, if the search found none, say 0 in {expected.file}"
        if lenient:
            batch.warnings.append(Warned(1, message))
        else:
            faults.append(InputError(message, path=export.path))
    return faults


def _rows(exports: Sequence[Export], expected: Expected, faults: list[InputError]) -> list[Search | None]:
    """Return the search that each export came from; one search has not two."""
    rows = [_row(export, expected.searches) for export in exports]
    claimed: dict[str, Export] = {}
    for export, row in zip(exports, rows, strict=True):
        other = claimed.setdefault(row["file"], export) if row else export
        if row and other.name != export.name:
            message = f"{row['file']!r} may be {other.path} or {export.path}; write the folder, too"
            faults.append(InputError(message, path=expected.file))
    return rows


def _row(export: Export, searches: Sequence[Search]) -> Search | None:
    """Return the search that an export came from: by its path, or as much of it as either gives."""
    path = PurePath(export.path)
    exact = [row for row in searches if row["file"] in (export.name, export.path, path.as_posix())]
    found = exact or [row for row in searches if _ends_alike(PurePath(row["file"]).parts, path.parts)]
    # A file that holds several databases has a row for each.
    return found[0] if len({row["file"] for row in found}) == 1 else None


def _ends_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    least = min(len(one), len(other))
    return least > 0 and tuple(one[-least:]) == tuple(other[-least:])


def _undeclared(
    exports: Sequence[Export], rows: Sequence[Search | None], expected: Expected
) -> tuple[list[InputError], list[str]]:
    """
    Name what only one of the two has: a misspelt file would else go under a name and kind of its own.

    A search that found records and whose export is not given is a fault, for
    every number after it would miss them; to a lenient import it is none.
    """
    faults: list[InputError] = []
    told: list[str] = []
    if not expected.searches:
        return faults, told
    for export, row in zip(exports, rows, strict=True):
        if row is None:
            message = f"is not in {expected.file}; its source and kind there are missing"
            told.append(at(export.path, None, message))
    found = {row["file"] for row in rows if row}
    for search in expected.searches:
        # A search without a file has its number alone: its records are in a library, or in none.
        if not search["file"] or search["file"] in found:
            continue
        n = int(search["records"] or 0)
        message = f"{search['file']!r} is not among the exports given"
        if n and not expected.lenient:
            of = f"the {counted(n, 'record')} of {search['source']} {'is' if n == 1 else 'are'} missing"
            faults.append(InputError(f"{message}: {of}; give it, or --lenient", path=expected.file))
        else:
            told.append(at(expected.file, None, message))
    return faults, told


def _shared(
    batch: Collected, export: Export, rows: Sequence[Search], file: str
) -> tuple[Source, list[InputError]]:
    """Return the source of a file that several searches share, and what is not as they say."""
    declared = [source for row in rows if (source := _declared(row))]
    found, strangers = records.share(batch, export.name, declared)
    if len(found.of) < len(declared):
        named = ", ".join(each.name for each in declared)
        message = f"two sources of {export.name} mean the same database: {named}"
        return found, [InputError(message, path=file)]
    faults = [InputError(piece.problem, path=export.path, line=piece.line) for piece in strangers]
    n_found = records.count_shared(batch, found)
    for row in rows:
        n = n_found[row["source"]]
        if row["records"] and int(row["records"]) != n:
            message = (
                f"{counted(n, 'record')} of {row['source']} found where {file} says {int(row['records']):,}"
            )
            faults.append(InputError(f"{message}; export it again", path=export.path))
    return found, faults


def _told(export: Export, batch: Collected, _name: str, source: Source) -> Iterator[str]:
    """Yield what people should see of one export: its warnings, what it was taken for, its counts."""
    if batch.format == "none" and not batch.warnings:
        return  # told as a fault
    same: dict[str, list[int]] = {}
    for warned in batch.warnings:
        same.setdefault(warned.message, []).append(warned.line)
    for message, lines in islice(same.items(), MOST_SHOWN):
        yield at(export.path, lines[0], f"warning: {message}{_times(lines)}")
    if len(same) > MOST_SHOWN:
        n_more = sum(map(len, islice(same.values(), MOST_SHOWN, None)))
        yield at(export.path, None, f"… and {n_more:,} more warnings")
    counts = (
        f"found {batch.found:,}, imported {batch.imported:,}, rejected {len(batch.rejects):,}, "
        f"warnings {len(batch.warnings):,}"
    )
    origin = f"{source.name} ({source.kind}, {source.how})"
    yield at(export.path, None, f"{batch.format}, {batch.encoding or 'no text'}; {origin}; {counts}")


_MOST_LINES = 5


def _times(lines: Sequence[int]) -> str:
    """
    Return how often, and where else, the same is told of a file.

    >>> _times([3]), _times([3, 9]), _times(range(1, 135))
    ('', ' (2 times, also in line 9)', ' (134 times, also in lines 2, 3, 4, 5, 6, …)')
    """
    if len(lines) < 2:
        return ""
    shown = ", ".join(map(str, lines[1 : _MOST_LINES + 1])) + (", …" if len(lines) > _MOST_LINES + 1 else "")
    return f" ({len(lines):,} times, also in line{'s' * (len(lines) > 2)} {shown})"
