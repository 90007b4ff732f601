"""Exports → records: ids from a record's own text, sources declared or found, nothing lost without a word."""

import gc
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import PurePath

import pandas as pd

from peerreview import formats, tables
from peerreview.formats import Decoded, Format, Origin, Part, Piece, RawRecord, Warned, origins
from peerreview.tables import CONTENT, RECORDS, REJECTS

_IDENTIFIERS = ("doi", "pmid", "pmcid", "accession", "isbn", "url")
_DIGITS = 6
_content = itemgetter(*CONTENT)


@dataclass(slots=True)
class Batch:
    """
    What one export gave.

    ``rows`` are the content columns of its records, in their order;
    ``keys`` and ``digests`` their ids to be, ``lines`` where they stand,
    ``origins`` where each says it comes from. Every record of the export
    is counted in ``found`` and stands in ``rows`` or in ``rejects``.
    """

    format: str = ""
    encoding: str = ""
    rows: list[tuple[str, ...]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    rejects: list[Piece] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    @property
    def imported(self) -> int:
        """Number of records kept."""
        return len(self.keys)

    @property
    def found(self) -> int:
        """Number of records in the export."""
        return self.imported + len(self.rejects)


@dataclass(frozen=True, slots=True)
class Source:
    """A search: its database or other source, its kind, its round and how that is known."""

    name: str
    kind: str
    round: str = "1"
    how: str = "declared"
    platform: str = ""


def read_raw(content: bytes) -> tuple[Format, Decoded, list[Part]]:
    """
    Return an export's format, its text, and its raw records, rejects and warnings in order.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    decoded = formats.decode(content)
    found = formats.detect(decoded.text)
    with _uncollected():
        return found, decoded, list(found.parse(decoded.text))


def read_export(content: bytes) -> Batch:
    """
    Return the records of one export, in its own order.

    Raises
    ------
    InputError
        Where it is no export that is known, as a whole.
    """
    return read_text(formats.decode(content))


def read_text(decoded: Decoded) -> Batch:
    """Return the records of one decoded export, in its own order; as ``read_export``."""
    found = formats.detect(decoded.text)
    batch = Batch(found.NAME, decoded.encoding)
    batch.warnings += decoded.warnings
    shared: dict[Origin, Origin] = {}
    with _uncollected():
        for part in found.parse(decoded.text):
            if isinstance(part, RawRecord):
                _add(batch, part, found, shared)
            elif isinstance(part, Piece):
                batch.rejects.append(part)
            else:
                batch.warnings.append(part)
    batch.warnings.sort(key=lambda warned: warned.line)
    return batch


def find_text(content: bytes, line: int, record_id: str) -> str:
    """Return the verbatim text of the record in that line of an export, or blank where its id is another."""
    digits = record_id.partition("~")[0].rpartition("-")[2]
    _, _, parts = read_raw(content)
    for part in parts:
        if isinstance(part, RawRecord) and part.line == line and _digest(part.text).startswith(digits):
            return part.text
    return ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare Python the search for cycles: raw records have none, and there are many of them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                # What was made meanwhile counts as old: it is not searched at once.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _add(batch: Batch, raw: RawRecord, found: Format, shared: dict[Origin, Origin]) -> None:
    if "\ufffd" in raw.text:
        batch.rejects.append(
            Piece(raw.line, "bytes that cannot be decoded; export it again as UTF-8", raw.text)
        )
        return
    fields = found.to_fields(raw)
    if not fields["title"] and not any(fields[column] for column in _IDENTIFIERS):
        batch.rejects.append(Piece(raw.line, "neither title nor identifier", raw.text))
        return
    if not fields["title"]:
        batch.warnings.append(Warned(raw.line, "record without a title"))
    origin = found.origin(raw)
    digest = _digest(raw.text)
    batch.keys.append(f"{_key(fields, origin)}-{digest[:_DIGITS]}")
    batch.digests.append(digest)
    batch.lines.append(str(raw.line))
    batch.origins.append(shared.setdefault(origin, origin))
    batch.rows.append(_content(fields))


_NOT_KEY = re.compile(r"[^a-z0-9]+")


def _key(fields: Mapping[str, str], origin: Origin) -> str:
    """
    Return what people recognise a record by: its database and number, else first author and year.

    Examples: ``medline-36522839``, ``reeves2024``.
    """
    number = fields["accession"] or fields["pmid"]
    if number:
        database = _slug(origin.database)
        key = _slug(number)
        return key if not database or key.startswith(database) else f"{database}-{key}"
    family = fields["authors"].split(";", 1)[0].split(",", 1)[0]
    return (_slug(family) or "anonymous") + fields["year"]


def _slug(text: str) -> str:
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_KEY.sub("-", text.lower()).strip("-")[:40].strip("-")


def find_source(batch: Batch, name: str) -> Source:
    """
    Return the source that an export's records name most often; the file's name where they name none.

    A carrier (EndNote, Zotero, Rayyan, Covidence) is never a source.
    """
    named = Counter(origin for origin in batch.origins if origin.database)
    if named:
        origin = min(named, key=lambda each: (-named[each], each.database, each.platform, each.how))
        return Source(
            origin.database, kind_of(origin.database), how=f"found in {origin.how}", platform=origin.platform
        )
    return Source(PurePath(name).stem, "database", how="file name: the export names no database")


def kind_of(database: str) -> str:
    """Return the kind of a source that was found: a register that is known as one, else a database."""
    return "register" if database in origins.REGISTERS else "database"


def carrier_of(batch: Batch) -> str:
    """Return the reference manager or screening tool that most records passed through, or blank."""
    carriers = Counter(origin.carrier for origin in batch.origins if origin.carrier)
    return min(carriers, key=lambda each: (-carriers[each], each)) if carriers else ""


def tabulate(batches: Iterable[tuple[Batch, str, Source]]) -> pd.DataFrame:
    """
    Return the records of several exports as one table, in the order given.

    Parameters
    ----------
    batches : what an export gave, its file, and its source; where that is
        not declared, a record that names another database keeps its own.
    """
    columns: dict[str, list[str]] = {column: [] for column in RECORDS.columns}
    seen: dict[str, dict[str, int]] = {}
    for batch, name, source in batches:
        n_records = batch.imported
        for key, digest in zip(batch.keys, batch.digests, strict=True):
            columns["record_id"].append(_unique(key, digest, seen))
        if source.how == "declared":
            columns["source"] += [source.name] * n_records
            columns["source_kind"] += [source.kind] * n_records
        else:
            named = [origin.database or source.name for origin in batch.origins]
            columns["source"] += named
            columns["source_kind"] += [kind_of(each) for each in named]
        columns["round"] += [source.round] * n_records
        columns["source_file"] += [name] * n_records
        columns["source_line"] += batch.lines
        for column, cells in zip(CONTENT, zip(*batch.rows, strict=True), strict=False):
            columns[column] += cells
    return pd.DataFrame({column: pd.Series(cells, dtype="str") for column, cells in columns.items()})


def _unique(key: str, digest: str, seen: dict[str, dict[str, int]]) -> str:
    """
    Return a record's id.

    The same text once more gets ``~2``; another text whose digits are the
    same by chance gets more of them.
    """
    times = seen.setdefault(key, {})
    record_id = key if digest == next(iter(times), digest) else f"{key[:-_DIGITS]}{digest[: 2 * _DIGITS]}"
    times[digest] = times.get(digest, 0) + 1
    return record_id if times[digest] == 1 else f"{record_id}~{times[digest]}"


def to_spreadsheet(records: pd.DataFrame) -> pd.DataFrame:
    """
    Return records as a spreadsheet that people and other tools read.

    ``source`` becomes ``database`` and ``accession`` ``accession_number``:
    others take the first for the journal. ``extra`` is left out.
    """
    columns = ["record_id", "source", *(column for column in CONTENT if column != "extra")]
    # A comma alone would part "Child, Preschool".
    keywords = [
        f"{cell};" if "," in cell and tables.LIST not in cell else cell for cell in records["keywords"]
    ]
    return (
        records[columns]
        .assign(keywords=pd.Series(keywords, dtype="str", index=records.index))
        .rename(columns={"source": "database", "accession": "accession_number"})
    )


def tabulate_rejects(rejects: Iterable[tuple[str, Sequence[Piece]]]) -> pd.DataFrame:
    """Return pieces that are not records as a table, by file."""
    return tables.make(
        REJECTS,
        (
            {
                "source_file": name,
                "source_line": str(piece.line or ""),
                "problem": piece.problem,
                "text": piece.text,
            }
            for name, pieces in rejects
            for piece in sorted(pieces, key=lambda each: each.line)
        ),
    )


def report(batches: Iterable[tuple[Batch, str, Source]]) -> dict[str, object]:
    """Return what an import found, per file, as ``peerreview/import/1``."""
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
            for batch, name, source in batches
        ],
    }
