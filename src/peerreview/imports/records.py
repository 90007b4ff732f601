"""Exports → records: ids from a record's own text, sources declared or found, nothing lost without a word."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from peerreview.imports import formats, ids
from peerreview.imports.formats import Origin, Piece
from peerreview.imports.formats.shared import origins
from peerreview.tables import RECORDS, REJECTS, writing
from peerreview.values.counts import counted
from peerreview.values.lists import as_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from peerreview.imports.batches import Collected

    Placed = Sequence[tuple[Collected, str, "Source"]]
    """What exports gave, each with its file and its source."""

_OTHERS = 10
AT_ONCE = 20_000
"""Records of a table that comes in parts: some hundred megabytes while they are written."""


@dataclass(frozen=True, slots=True)
class Source:
    """A search: its database or other source, its kind, its round and how that is known."""

    name: str
    kind: str
    round: str = "1"
    how: str = "declared"
    platform: str = ""
    of: Mapping[str, Source] = field(default_factory=dict)
    """Where several searches share an export: the source of each database."""


def find_source(batch: Collected, name: str) -> Source:
    """
    Return the source that half of an export's records or more name, else the file's name.

    A carrier (EndNote, Zotero, Rayyan, Covidence) is never a source, and what it holds may be from
    anywhere: of a library with records that name no database, nine in ten must name it. Nor are
    records that name none of the database that most do, where more than a tenth name another.
    """
    named = Counter({origin: n for origin, n in batch.named.items() if origin.database})
    stem = as_one(PurePath(name).stem)
    if not named:
        return Source(stem, "database", how="file name: the export names no database")
    origin = min(named, key=lambda each: (-named[each], each.database, each.platform, each.how))
    n_named = sum(named[each] for each in named if each.database == origin.database)
    n_other = sum(named.values()) - n_named
    if 2 * n_named < batch.imported and not n_other:
        told = f"{n_named:,} of {batch.imported:,} records name a database, {origin.database}"
        return Source(stem, "database", how=f"file name: {told}")
    n_strange = sum(n for each, n in batch.named.items() if each.how == origins.UNKNOWN)
    if n_strange:
        told = f"{counted(n_strange, 'record names', 'records name')} a database by a word that is not known"
        return Source(stem, "database", how=f"file name: {told}")
    is_of_none = n_named + n_other < batch.imported and _OTHERS * n_other > batch.imported
    if 2 * n_named < batch.imported or is_of_none:
        return Source(stem, "database", how="file name: its records are not from one database")
    if 10 * n_named < 9 * batch.imported and any(each.carrier and not each.database for each in batch.named):
        return Source(stem, "database", how="file name: some of its records name no database")
    of = "" if n_named == batch.imported else f" of {n_named:,} of {batch.imported:,} records"
    return Source(
        origin.database, kind_of(origin.database), how=f"found in {origin.how}{of}", platform=origin.platform
    )


def share(batch: Collected, name: str, declared: Sequence[Source]) -> tuple[Source, list[Piece]]:
    """
    Return the source of an export that holds several databases' records, and those that are of none of them.

    Ovid exports MEDLINE, Embase and PsycINFO into one file, and each record
    says in its own field from which it came. A declared name is found by the
    database that it means: "Ovid MEDLINE" holds what says "MEDLINE".
    """
    of = {origins.database(each.name): each for each in declared}
    strangers = [
        Piece(line, _not_declared(origin.database, declared), "")
        for told in batch.told()
        for line, origin in zip(told.lines, told.origins, strict=True)
        if origin.database not in of
    ]
    return Source(PurePath(name).stem, declared[0].kind, declared[0].round, how="shared", of=of), strangers


def _not_declared(database: str, declared: Sequence[Source]) -> str:
    says = f"comes from {database!r}" if database else "does not say from which database it came"
    names = ", ".join(each.name for each in declared)
    return f"the record {says}, and sources.csv has for its file: {names}"


def count_shared(batch: Collected, source: Source) -> dict[str, int]:
    """Return how many records of a shared export each of its declared sources has."""
    found = Counter[str]()
    for origin, n in batch.named.items():
        found[origin.database] += n
    return {each.name: found[database] for database, each in source.of.items()}


def kind_of(database: str) -> str:
    """Return the kind of a source that was found: a register that is known as one, else a database."""
    return "register" if database in origins.REGISTERS else "database"


def carrier_of(batch: Collected) -> str:
    """Return the reference manager or screening tool that most records passed through, or blank."""
    carriers = Counter[str]()
    for origin, n in batch.named.items():
        if origin.carrier:
            carriers[origin.carrier] += n
    return min(carriers, key=lambda each: (-carriers[each], each)) if carriers else ""


def to_csv(placed: Placed, wanted: Callable[[bytes], bool] | None = None) -> Iterator[bytes]:
    """
    Yield the lines of the table of the records of several exports, in the order given.

    Parameters
    ----------
    placed : where a source is not declared, a record that names another database keeps its own.
    wanted : which records to take, by their lines of CSV; all where it is None.
    """
    yield writing.csv_line(RECORDS.columns).encode() + b"\n"
    for (batch, name, source), changed in zip(placed, ids.number(placed), strict=True):
        places: dict[Origin, str] = {}
        number = 0
        for told, rows in batch.records():
            for key, line, origin, row in zip(told.keys, told.lines, told.origins, rows, strict=True):
                number += 1
                if wanted is not None and not wanted(row):
                    continue
                place = places.get(origin)
                if place is None:
                    place = places[origin] = writing.csv_line((*_source_of(origin, source), name))
                yield f"{changed.get(number - 1, key)},{place},{line},".encode()
                yield row


def _source_of(origin: Origin, source: Source) -> tuple[str, str, str]:
    """Return name, kind and round of the source of a record that says where it comes from."""
    if own := source.of.get(origin.database):
        return own.name, own.kind, own.round
    if source.how == "declared":
        return source.name, source.kind, source.round
    named = origin.database or source.name
    return named, kind_of(named), source.round


def tabulate_doubtful(placed: Placed) -> pd.DataFrame | None:
    """
    Return the few records whose text may put their paper in doubt, as ``to_csv``; None where none may.

    A look at words alone: ``duplicates.retractions`` reads what they say.
    """
    words = (
        b"etract", b"ETRACT", b"ithdrawn", b"WITHDRAWN", b"Removed", b"REMOV", b"emoval",
        b"xpression of ", b"XPRESSION OF ", b"xpressionOf", b'""RIN""', b'""PRIN""', b'""ECI""',
    )  # fmt: skip

    def is_wanted(row: bytes) -> bool:
        return any(word in row for word in words)

    header, *found = to_csv(placed, is_wanted)
    return _table([header, *found]) if found else None


def tabulate(placed: Placed) -> pd.DataFrame:
    """Return the records of several exports as one table; as ``to_csv``."""
    return _table(to_csv(placed))


def tabulate_in_parts(placed: Placed) -> Iterator[pd.DataFrame]:
    """Yield the records of several exports, ``AT_ONCE`` at a time; at least one part. As ``to_csv``."""
    lines = to_csv(placed)
    header = next(lines)
    # A record comes in two pieces.
    part = list(islice(lines, 2 * AT_ONCE))
    yield _table([header, *part])
    while part := list(islice(lines, 2 * AT_ONCE)):
        yield _table([header, *part])


def _table(lines: Iterable[bytes]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  few imports need it

    return pd.read_csv(io.BytesIO(b"".join(lines)), dtype="str", na_filter=False)


def rejects_to_csv(placed: Placed) -> Iterator[bytes]:
    """Yield the lines of the table of pieces that are not records, by file: people open it, nothing runs."""
    yield writing.csv_line(REJECTS.columns).encode() + b"\n"
    for batch, name, _ in placed:
        for piece in sorted(batch.rejects, key=lambda each: each.line):
            cells = (name, str(piece.line or ""), piece.problem, piece.text)
            line = writing.csv_line(map(writing.escape_cell, cells)).replace(formats.LOST, "\ufffd")
            yield line.encode("utf-8", "replace") + b"\n"


def report(placed: Placed, hashes: Sequence[str] = ()) -> dict[str, object]:
    """
    Return what an import found, per file, as ``peerreview/import/1``.

    Parameters
    ----------
    hashes : the SHA-256 of each file, in their order; none where they were not computed.
    """
    return {
        "schema": "peerreview/import/1",
        "files": [
            {
                "file": name,
                "format": batch.format,
                "encoding": batch.encoding,
                "source": source.name,
                "source_kind": source.kind,
                "round": source.round,
                "platform": source.platform,
                "carrier": carrier_of(batch),
                "how": source.how,
                "found": batch.found,
                "imported": batch.imported,
                "rejected": len(batch.rejects),
                "rejects": [{"line": piece.line, "problem": piece.problem} for piece in batch.rejects],
                "warnings": [
                    {"line": warned.line, "message": warned.message}
                    | ({"text": warned.text} if warned.text else {})
                    for warned in batch.warnings
                ],
            }
            | ({"sha256": hashes[place]} if hashes else {})
            for place, (batch, name, source) in enumerate(placed)
        ],
    }
