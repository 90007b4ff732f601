"""Exports → records: ids from a record's own text, sources declared or found, nothing lost without a word."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import itemgetter
from pathlib import PurePath
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.imports import formats
from peerreview.imports.formats import (
    Decoded,
    Format,
    Origin,
    Part,
    Piece,
    RawRecord,
    Stranger,
    Warned,
    mixture,
    registry,
)
from peerreview.imports.formats.openings import strangers
from peerreview.imports.formats.shared import grids, origins
from peerreview.imports.formats.shared.tableheads import Asked, taken_as
from peerreview.tables import CONTENT, RECORDS, REJECTS, writing
from peerreview.tables.memory import uncollected
from peerreview.values.folding import unaccented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

_IDENTIFIERS = ("doi", "pmid", "pmcid", "accession", "isbn", "url")
_DIGITS = 6
_content = itemgetter(*CONTENT)


@dataclass(slots=True)
class Batch:
    """
    What one export gave.

    ``rows`` are the content columns of its records, in their order, as lines of CSV;
    ``keys`` and ``digests`` their ids to be, ``lines`` where they stand,
    ``origins`` where each says it comes from. Every record of the export
    is counted in ``found`` and stands in ``rows`` or in ``rejects``.
    """

    format: str = ""
    encoding: str = ""
    rows: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    rejects: list[Piece] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """What the columns of its tables are called."""
    strange: bool = False
    """Whether a line was seen that may open another export, so that the text has to be cut there."""

    @property
    def imported(self) -> int:
        """Number of records kept."""
        return len(self.keys)

    @property
    def found(self) -> int:
        """Number of records in the export."""
        return self.imported + len(self.rejects)


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    Part of an export that can be read by itself: its format, its text and the number of lines above.

    ``sure`` says that all of it is in that format, ``joined`` that another
    export stands in the same text, ``below`` the format of what stands above it there.
    """

    format: str
    text: str
    above: int = 0
    sure: bool = False
    below: str = ""
    joined: bool = False
    asked: Asked = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """
    An export as text, and the format that this text looks like as a whole.

    ``asked`` is what people say that the columns of a table are.
    """

    text: str
    format: str
    asked: Asked = ()


_LENGTH = 2_000_000
"""Characters of a stretch: few enough for all cores to have some, enough to be worth the sending."""


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


def read_raw(content: bytes) -> tuple[Format, Decoded, list[Part]]:
    """
    Return an export's format, its text, and its raw records, rejects and warnings in order.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    decoded = formats.decode(content)
    first = registry.detect_first(decoded.text)
    found = mixture.expect(decoded.text, first)
    with uncollected():
        parts = list(found.parse(decoded.text))
        if any(isinstance(part, Stranger) for part in parts):
            found = mixture.resolve(decoded.text, first)
            parts = list(found.parse(decoded.text))
    return found, decoded, [part for part in parts if not isinstance(part, Stranger)]


def read_export(content: bytes) -> Batch:
    """
    Return the records of one export, in its own order.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    batch, opened = open_export(content)
    below = [read_stretch(stretch) for stretch in cut(opened)]
    if any(each.strange for each in below):
        below = [read_stretch(stretch) for stretch in cut_surely(opened)]
    for each in below:
        add(batch, each)
    return batch


def open_export(content: bytes, asked: Asked = ()) -> tuple[Batch, Opened]:
    """
    Return an export without its records yet, and its text.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    with taken_as(asked):
        decoded = formats.decode(content)
        found = registry.detect_first(decoded.text)
    batch = Batch(encoding=decoded.encoding, warnings=list(decoded.warnings))
    return batch, Opened(decoded.text, found.NAME, asked)


def cut(opened: Opened) -> Iterator[Stretch]:
    """
    Yield the stretches of an export, one by one, so that others can be read meanwhile.

    Where its format watches for strangers, it is taken to be in that format
    alone; a batch of a stretch says where that is not sure.
    """
    if isinstance(registry.load(opened.format), formats.Watchful):
        yield from _stretches(opened.text, opened.format)
    else:
        yield from cut_surely(opened)


def cut_surely(opened: Opened) -> Iterator[Stretch]:
    """Yield the stretches of an export, none of which holds another format's records."""
    with taken_as(opened.asked):
        segments = list(mixture.cut(opened.text, opened.format))
    for segment in segments:
        below = segment.below
        for stretch in _stretches(segment.text, segment.format):
            above = stretch.above + segment.above
            yield replace(
                stretch, above=above, sure=True, below=below, joined=segment.joined, asked=opened.asked
            )
            below = ""


def _stretches(text: str, name: str) -> Iterator[Stretch]:
    found = registry.load(name)
    parts = found.stretches(text, _LENGTH) if isinstance(found, formats.Cuttable) else [text]
    above = 0
    for part in parts:
        yield Stretch(name, part, above)
        above += part.count("\n")


def read_stretch(stretch: Stretch) -> Batch:
    """Return the records of a stretch, in its own order."""
    found = registry.load(stretch.format)
    batch = Batch(stretch.format)
    batch.strange = not stretch.sure and strangers(stretch.format).hides(stretch.text)
    shared: dict[Origin, Origin] = {}
    with uncollected(), taken_as(stretch.asked):
        if stretch.format == mixture.TABLE:
            batch.columns = list(grids.header_of(stretch.text))
        for part in mixture.read(_segment(stretch), found):
            if isinstance(part, RawRecord):
                _add(batch, part, found, shared)
            elif isinstance(part, Piece):
                batch.rejects.append(part)
            elif isinstance(part, Warned):
                batch.warnings.append(part)
            else:
                batch.strange = not stretch.sure
    return batch


def try_stretch(stretch: Stretch) -> Batch | InputError:
    """Return the records of a stretch, or what is wrong with it as a whole."""
    try:
        return read_stretch(stretch)
    except InputError as error:
        return error


def add(batch: Batch, below: Batch) -> None:
    """Add to an export what its next stretch gave."""
    if below.format not in batch.format.split(mixture.AND):
        batch.format = mixture.AND.join(filter(None, [batch.format, below.format]))
    for name in ("rows", "keys", "digests", "lines", "origins", "rejects", "warnings", "columns"):
        getattr(batch, name).extend(getattr(below, name))
    batch.warnings.sort(key=lambda warned: warned.line)


def find_text(content: bytes, line: int, record_id: str) -> str:
    """Return the verbatim text of the record in that line of an export, or blank where its id is another."""
    digits = record_id.partition("~")[0].rpartition("-")[2]
    _, opened = _open_again(content)
    stretches = list(cut(opened))
    if any(read_stretch(stretch).strange for stretch in stretches):
        stretches = list(cut_surely(opened))
    for stretch in stretches:
        with taken_as(stretch.asked):
            parts = list(mixture.read(_segment(stretch), registry.load(stretch.format)))
        for part in parts:
            if isinstance(part, RawRecord) and part.line == line and _digest(part.text).startswith(digits):
                return part.text
    return ""


def _open_again(content: bytes) -> tuple[Batch, Opened]:
    """Return an export that was read before; a table may have needed to be told what its columns are."""
    try:
        return open_export(content)
    except InputError:
        header = grids.guess_header(formats.decode(content).text)
        if not header:
            raise
        return open_export(content, ((header[0], "title"),))


def _segment(stretch: Stretch) -> mixture.Segment:
    return mixture.Segment(stretch.format, stretch.text, stretch.above, stretch.below, stretch.joined)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _add(batch: Batch, raw: RawRecord, found: Format, shared: dict[Origin, Origin]) -> None:
    if formats.LOST in raw.text:
        batch.rejects.append(
            Piece(raw.line, "bytes that cannot be decoded; export it again as UTF-8", raw.text)
        )
        return
    if "\ufffd" in raw.text:
        batch.warnings.append(Warned(raw.line, "a character was lost before this export (U+FFFD)"))
    fields = found.to_fields(raw)
    if not fields["title"] and not (
        any(fields[column] for column in _IDENTIFIERS) or (fields["authors"] and fields["journal"])
    ):
        # Authors alone name no record.
        message = "neither title nor identifier, nor authors with a source"
        batch.rejects.append(Piece(raw.line, message, raw.text))
        return
    if not fields["title"]:
        batch.warnings.append(Warned(raw.line, "record without a title"))
    try:
        row = f"{writing.csv_line(_content(fields))}\n".encode()
    except UnicodeEncodeError:
        batch.rejects.append(
            Piece(raw.line, "half a character (a lone surrogate); export it again", raw.text)
        )
        return
    origin = found.origin(raw)
    digest = _digest(raw.text)
    batch.keys.append(f"{_key(fields, origin)}-{digest[:_DIGITS]}")
    batch.digests.append(digest)
    batch.lines.append(raw.line)
    batch.origins.append(shared.setdefault(origin, origin))
    batch.rows.append(row)


_NOT_KEY = re.compile(r"[^a-z0-9]+")


def _key(fields: Mapping[str, str], origin: Origin) -> str:
    """
    Return what people recognise a record by: its database and number, else first author and year.

    Examples: ``medline-36522839``, ``reeves2024``.
    """
    number = fields["accession"] or fields["pmid"]
    if number:
        database = _database_slug(origin.database)
        key = _slug(number)
        return key if not database or key.startswith(database) else f"{database}-{key}"
    family = fields["authors"].split(";", 1)[0].split(",", 1)[0]
    return (_slug(family) or "anonymous") + fields["year"]


def _slug(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text.lower()[:40]
    if not text.isascii():
        text = unaccented(text)
    return _NOT_KEY.sub("-", text.lower()).strip("-")[:40].strip("-")


_database_slug = lru_cache(maxsize=1_000)(_slug)


def find_source(batch: Batch, name: str) -> Source:
    """
    Return the source that half of an export's records or more name, else the file's name.

    A carrier (EndNote, Zotero, Rayyan, Covidence) is never a source.
    """
    named = Counter(origin for origin in batch.origins if origin.database)
    stem = PurePath(name).stem
    if not named:
        return Source(stem, "database", how="file name: the export names no database")
    origin = min(named, key=lambda each: (-named[each], each.database, each.platform, each.how))
    if 2 * sum(named[each] for each in named if each.database == origin.database) < batch.imported:
        return Source(stem, "database", how="file name: its records are not from one database")
    return Source(
        origin.database, kind_of(origin.database), how=f"found in {origin.how}", platform=origin.platform
    )


def share(batch: Batch, name: str, declared: Sequence[Source]) -> tuple[Source, list[Piece]]:
    """
    Return the source of an export that holds several databases' records, and those that are of none of them.

    Ovid exports MEDLINE, Embase and PsycINFO into one file, and each record
    says in its own field from which it came. A declared name is found by the
    database that it means: "Ovid MEDLINE" holds what says "MEDLINE".
    """
    of = {origins.database(each.name): each for each in declared}
    strangers = [
        Piece(line, _not_declared(origin.database, declared), "")
        for line, origin in zip(batch.lines, batch.origins, strict=True)
        if origin.database not in of
    ]
    return Source(PurePath(name).stem, declared[0].kind, declared[0].round, how="shared", of=of), strangers


def _not_declared(database: str, declared: Sequence[Source]) -> str:
    says = f"comes from {database!r}" if database else "does not say from which database it came"
    names = ", ".join(each.name for each in declared)
    return f"the record {says}, and sources.csv has for its file: {names}"


def count_shared(batch: Batch, source: Source) -> dict[str, int]:
    """Return how many records of a shared export each of its declared sources has."""
    found = Counter(origin.database for origin in batch.origins)
    return {each.name: found[database] for database, each in source.of.items()}


def kind_of(database: str) -> str:
    """Return the kind of a source that was found: a register that is known as one, else a database."""
    return "register" if database in origins.REGISTERS else "database"


def carrier_of(batch: Batch) -> str:
    """Return the reference manager or screening tool that most records passed through, or blank."""
    carriers = Counter(origin.carrier for origin in batch.origins if origin.carrier)
    return min(carriers, key=lambda each: (-carriers[each], each)) if carriers else ""


def to_csv(
    batches: Iterable[tuple[Batch, str, Source]], wanted: Callable[[bytes], bool] | None = None
) -> Iterator[bytes]:
    """
    Yield the lines of the table of the records of several exports, in the order given.

    Parameters
    ----------
    batches : what an export gave, its file, and its source; where that is
        not declared, a record that names another database keeps its own.
    wanted : which records to take, by their lines of CSV; all where it is None.
    """
    yield writing.csv_line(RECORDS.columns).encode() + b"\n"
    placed = list(batches)
    for (batch, name, source), ids in zip(placed, _number(placed), strict=True):
        places: dict[Origin, str] = {}
        for record_id, line, origin, row in zip(ids, batch.lines, batch.origins, batch.rows, strict=True):
            if wanted is not None and not wanted(row):
                continue
            place = places.get(origin)
            if place is None:
                own = source.of.get(origin.database)
                named = "" if source.how == "declared" else origin.database
                kind = kind_of(named or source.name) if source.how != "declared" else source.kind
                cells = (own.name, own.kind, own.round) if own else (named or source.name, kind, source.round)
                place = writing.csv_line((*cells, name))
                places[origin] = place
            yield f"{record_id},{place},{line},".encode()
            yield row


def tabulate_doubtful(batches: Sequence[tuple[Batch, str, Source]]) -> pd.DataFrame | None:
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

    if not any(is_wanted(row) for batch, *_ in batches for row in batch.rows):
        return None
    return tabulate(batches, is_wanted)


def tabulate(
    batches: Iterable[tuple[Batch, str, Source]], wanted: Callable[[bytes], bool] | None = None
) -> pd.DataFrame:
    """Return the records of several exports as one table; as ``to_csv``."""
    import pandas as pd  # noqa: PLC0415  processes that read exports need not wait for it

    return pd.read_csv(io.BytesIO(b"".join(to_csv(batches, wanted))), dtype="str", na_filter=False)


def _number(placed: Sequence[tuple[Batch, str, Source]]) -> list[list[str]]:
    """
    Return the ids of the records of each export.

    Of records with the same text the one of the earliest round has the
    plain id, then the first given: what an update finds again renames none
    of those before, wherever its file stands among theirs.
    """
    first: dict[str, str] = {}
    times: Counter[str] = Counter()
    ids: list[list[str]] = [[] for _ in placed]
    for position in sorted(range(len(placed)), key=lambda each: int(placed[each][2].round)):
        batch = placed[position][0]
        ids[position] = [
            _unique(key, digest, first, times) for key, digest in zip(batch.keys, batch.digests, strict=True)
        ]
    return ids


def _unique(key: str, digest: str, first: dict[str, str], times: Counter[str]) -> str:
    """
    Return a record's id.

    The same text once more gets ``~2``; another text whose digits are the
    same by chance gets more of them.
    """
    is_first = first.setdefault(key, digest) == digest
    record_id = key if is_first else f"{key[:-_DIGITS]}{digest[: 2 * _DIGITS]}"
    times[record_id] += 1
    return record_id if times[record_id] == 1 else f"{record_id}~{times[record_id]}"


def rejects_to_csv(batches: Iterable[tuple[Batch, str, Source]]) -> Iterator[bytes]:
    """Yield the lines of the table of pieces that are not records, by file: people open it, nothing runs."""
    yield writing.csv_line(REJECTS.columns).encode() + b"\n"
    for batch, name, _ in batches:
        for piece in sorted(batch.rejects, key=lambda each: each.line):
            cells = (name, str(piece.line or ""), piece.problem, piece.text)
            line = writing.csv_line(map(writing.escape_cell, cells)).replace(formats.LOST, "\ufffd")
            yield line.encode("utf-8", "replace") + b"\n"


def report(batches: Iterable[tuple[Batch, str, Source]], hashes: Sequence[str] = ()) -> dict[str, object]:
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
            for place, (batch, name, source) in enumerate(batches)
        ],
    }
