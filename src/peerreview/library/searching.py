"""Exports to records, and records to those to screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import InputError, InputErrors, UsageError
from peerreview.library.frames import bare, fit_optional, pairs_of
from peerreview.library.results import (
    Duplicates,
    Exports,
)
from peerreview.tables import plugins, reading, writing
from peerreview.tables.fitting import fit
from peerreview.tables.plugins import Kind

if TYPE_CHECKING:
    import pandas as pd


def read_exports(
    *paths: str | Path,
    sources: pd.DataFrame | None = None,
    source: str = "",
    kind: str = "database",
    expect: int | None = None,
    lenient: bool = False,
) -> Exports:
    """
    Return the records of exports, in any format that is known, in the order given.

    Parameters
    ----------
    paths : exports of databases, registers and reference managers.
    sources : the searches, a row each: ``source, source_kind`` and optionally ``file, platform, round,
        searched_on, records, query``; ``file`` says which export is whose, ``records`` how many it must hold.
    source, kind : the database or other source of all these exports, in place of ``sources``.
    expect : the number of records that the search found.
    lenient : keep the rest of a faulty export; what is lost is in ``rejects``.

    Returns
    -------
    Exports(records, rejects, remarks). ``records`` has the columns of ``records.csv``: ``record_id, source,
    source_kind, round, source_file, source_line``, then ``accession, type, title, authors, year, journal,
    volume, issue, pages, doi, pmid, pmcid, isbn, issn, abstract, keywords, language, url, extra``.

    Raises
    ------
    InputErrors
        With file and line of each piece that would be lost, and where counts differ.
    """
    from peerreview.imports import records
    from peerreview.imports.exports import Expected, Export, check_searches
    from peerreview.imports.exports import read_exports as stage
    from peerreview.imports.formats import registry
    from peerreview.imports.records import Source
    from peerreview.tables.contents import open_content

    if not paths:
        raise UsageError("read_exports takes the paths of exports")
    if kind not in tables.SOURCE_KINDS:
        raise UsageError(f"kind {kind!r} is not one of {', '.join(tables.SOURCE_KINDS)}")
    named = [Export(str(path), _name(Path(path))) for path in paths]
    contents = [open_content(Path(path)) for path in paths]
    for place, export in enumerate(named):
        if export.name in [other.name for other in named[:place]]:
            raise InputError(f"another export is called {export.name!r}, too; rename it", path=export.path)
        same = next((each for each in contents[:place] if each.is_same(contents[place])), None)
        if same:
            other = named[contents.index(same)].path
            raise InputError(f"is the same export as {other}; leave one out", path=export.path)
    searched = tables.empty(tables.SOURCES) if sources is None else fit(sources, tables.SOURCES)
    check_searches(searched)
    declared = Source(source, kind) if source.strip() else None
    found = stage(named, contents, Expected(tables.rows(searched), "sources", declared, expect, lenient))
    if found.faults:
        raise InputErrors(found.faults)
    rejects = [
        {
            "source_file": name,
            "source_line": str(piece.line or ""),
            "problem": piece.problem,
            "text": piece.text,
        }
        for batch, name, _ in found.placed
        for piece in sorted(batch.rejects, key=lambda each: each.line)
    ]
    return Exports(
        records=records.tabulate(found.placed),
        rejects=tables.make(tables.REJECTS, rejects),
        remarks=(*found.remarks, *plugins.remarks(Kind.FORMAT, registry.names())),
        _report=records.report(found.placed, [each.digest() for each in contents]),
    )


def find_duplicates(
    records: pd.DataFrame,
    *,
    overrides: pd.DataFrame | None = None,
    venues: pd.DataFrame | None = None,
    rules: str | Path | None = None,
    workers: int = 1,
) -> Duplicates:
    """
    Return the pairs of records judged: which are duplicates, which people are to judge.

    Parameters
    ----------
    records : ``record_id, source, source_kind`` and, blank where missing, the columns of ``records.csv``;
        ``round`` is 1 where missing.
    overrides : people's word on pairs, which always wins: ``record_id, duplicate_of, verdict`` (``duplicate``
        or ``distinct``), optionally ``by, why``.
    venues : people's word on names of venues: ``venue, same_as, verdict`` (``same`` or ``distinct``).
    rules : a TOML file of rules in place of peerreview's own.
    workers : processes to use; the result is the same with any.

    Returns
    -------
    Duplicates(pairs, joined, summary). ``pairs`` has the columns of ``duplicates.csv``: ``record_id,
    duplicate_of, verdict, relation, rule, score`` (in [0, 1]) and ``similarities``.

    Raises
    ------
    InputErrors
        For a frame that does not fit, records without any title, and overrides that name unknown records or
        contradict each other; by row.
    """
    from peerreview.duplicates import overlap, rounds
    from peerreview.duplicates import rules as rules_

    fitted = fit(records, tables.RECORDS)
    rounds.check_titles(fitted)
    chosen = rules_.default_rules()
    if rules is not None:
        chosen = rules_.parse_rules(reading.read_text(Path(rules)), path=Path(rules))
    found = rounds.find_duplicates(
        fitted,
        chosen,
        overrides=fit_optional(overrides, tables.OVERRIDE),
        venues=fit_optional(venues, tables.VENUE),
        workers=workers,
    )
    return Duplicates(bare(found.duplicates), found.joined, overlap.summarise(fitted, found, chosen))


def keep_one(records: pd.DataFrame, duplicates: Duplicates | pd.DataFrame) -> pd.DataFrame:
    """
    Return one record of each cluster of duplicates, with the best of its content: the records to screen.

    Parameters
    ----------
    records : as in ``find_duplicates``.
    duplicates : what that returned, or its ``pairs``: ``record_id, duplicate_of, verdict``.

    Returns
    -------
    The columns of ``records.csv``, then ``sources, source_kinds, duplicates`` of the whole cluster, each
    joined by ``; ``; a row per record kept.

    Raises
    ------
    InputErrors
        For a frame that does not fit, and a pair of records that are not there; by row.
    """
    from peerreview.duplicates import keeping

    fitted, pairs = fit(records, tables.RECORDS), pairs_of(duplicates)
    known = set(fitted["record_id"])
    strange = [
        (row, f"{column} {record_id!r} is not in the records")
        for column in ("record_id", "duplicate_of")
        for row, record_id in enumerate(pairs[column])
        if record_id not in known
    ]
    if strange:
        raise tables.row_errors(pairs, sorted(strange))
    return bare(keeping.keep_one(fitted, pairs))


def to_references(records: pd.DataFrame, format: str = "ris") -> str:  # noqa: A002  as pandas has it
    """
    Return records as references for another tool.

    Parameters
    ----------
    records : as in ``find_duplicates``. format : ``ris``, ``bibtex``, ``csl``, ``endnote_xml``, ``nbib`` or
        ``spreadsheet`` (CSV).

    Raises
    ------
    UsageError
        For another format.
    InputErrors
        For a frame that does not fit, by row and column.
    """
    from peerreview.imports.formats import registry

    if format not in registry.WRITTEN:
        raise UsageError(f"format {format!r} is not one of {', '.join(registry.WRITTEN)}")
    written = registry.load_writer(format).write(fit(records, tables.RECORDS))
    return written if isinstance(written, str) else writing.to_csv(written)


def _name(path: Path) -> str:
    """Return what an export is called in the table: relative to the working folder, where it lies there."""
    if not path.is_absolute():
        return path.as_posix()
    whole = path.resolve()
    return whole.relative_to(Path.cwd()).as_posix() if whole.is_relative_to(Path.cwd()) else path.name
