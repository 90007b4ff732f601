"""Saved searches, read and checked: what ``search``, ``report`` and ``status`` share."""

from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import InputError
from peerreview.review import SEARCHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from peerreview.library.strategies import Searches
    from peerreview.paper.sheets import Sheet
    from peerreview.review import Review


def files_of(review: "Review", named: "Sequence[Path] | None" = None) -> list[Path]:
    """
    Return the saved searches: those named, all of a folder named, else those of the review's folder.

    Raises
    ------
    InputError
        For one that is not there.
    """
    found: list[Path] = []
    for path in named or [review.folders[0] / SEARCHES]:
        if path.is_dir() or not named:
            review.seek(path / "*")
        if path.is_dir():
            found += _searches_in(path)
        elif named and path.name != "*":
            found.append(review.path("", path))
    folder = review.folders[0] / SEARCHES
    if found and {path.resolve() for path in found} >= {path.resolve() for path in _searches_in(folder)}:
        # Most shells put all files there for the pattern.
        review.seek(folder / "*")
    return found


def _searches_in(folder: Path) -> list[Path]:
    listed = sorted(each for each in folder.glob("*") if each.is_file())
    return [each for each in listed if each.name[0] != "." and each.stem.upper() != "README"]


def read_searches(
    review: "Review",
    files: "Sequence[Path]",
    sources: "pd.DataFrame",
    records: "pd.DataFrame",
    *,
    told: bool = True,
) -> "Searches":
    """
    Return saved searches, checked against themselves and against what was declared and imported.

    Parameters
    ----------
    told : whether what is no line of a search is remarked on.

    Raises
    ------
    InputErrors
        With the file of each that is no search history.
    """
    from peerreview.library.strategies import checked
    from peerreview.tables.reading import read_bytes

    review.note_named(*files)
    found = checked({_name(path, review.folders[0]): read_bytes(path) for path in files}, sources, records)
    for said in found.remarks if told else ():
        review.remark(said)
    return found


def _name(path: Path, folder: Path) -> str:
    """Return what a file is called in the tables: as the review's folder has it, so that it can move."""
    whole, within = path.resolve(), folder.resolve()
    return whole.relative_to(within).as_posix() if whole.is_relative_to(within) else path.as_posix()


def read_all(review: "Review", named: "Sequence[Path] | None" = None, *, told: bool = True) -> "Searches":
    """
    Return a review's saved searches, checked.

    Parameters
    ----------
    told : whether what is no line of a search is remarked on.

    Raises
    ------
    InputError
        Where there are none.
    """
    files = files_of(review, named)
    if not files:
        place = named[0] if named else review.folders[0] / SEARCHES
        raise InputError("no search histories; put them there, a file per source", path=place)
    sources = review.read_optional(tables.SOURCES, without="what was searched is not compared with it")
    return read_searches(review, files, sources, review.read_optional(tables.RECORDS), told=told)


def tables_of(found: "Searches", output: Path) -> list[tuple[Path, object]]:
    """
    Return what ``search`` writes as CSV or JSON, the output last.

    As CSV there are the lines, and beside them what checks found; as JSON all searches, and beside
    them each by itself, as the data standard for searches has it.
    """
    return (_csv if output.suffix.lower() == ".csv" else _json)(found, output)


def sheets(review: "Review", found: "Searches") -> "list[Sheet]":
    """Return the searches as an appendix to print."""
    from peerreview.paper import checklist, report, searching

    sources = review.read_optional(tables.SOURCES)
    removal = []
    if review.has(tables.UNIQUE) and review.has(tables.DUPLICATES):
        parts = (review.read_optional(each) for each in (tables.DUPLICATES, tables.OVERRIDE, tables.UNIQUE))
        removal = report.deduplication(*parts)
    told = searching.facts(sources, found.lines, found.checked, found.titles, removal)
    filled = checklist.lay_out(checklist.shipped("prisma-s"), told)
    return [found.overview(), *found.appendix(), filled, found.checks()]


def _csv(found: "Searches", output: Path) -> list[tuple[Path, object]]:
    from peerreview.tables.writing import for_people

    # A line that looks like a formula runs nothing.
    beside = output.with_name(f"{output.stem}-checks.csv")
    return [(beside, for_people(found.checked)), (output, for_people(found.lines))]


def _json(found: "Searches", output: Path) -> list[tuple[Path, object]]:
    from peerreview.cli.outputs import as_json
    from peerreview.paper.searching import to_json

    searches = to_json(found.lines, found.rows, found.titles)
    if len(searches) == 1:
        return [(output, as_json(next(iter(searches.values()))))]
    beside = (
        (output.with_name(f"{output.stem}-{Path(file).stem}.json"), as_json(each))
        for file, each in searches.items()
    )
    listed = [{"file": file, **each} for file, each in searches.items()]
    return [*beside, (output, as_json({"schema": "peerreview/searches/1", "searches": listed}))]
