"""Saved searches, read and checked: what ``search``, ``report`` and ``status`` share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import InputError
from peerreview.review import SEARCHES

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.paper.sheets import Sheet
    from peerreview.review import Review


@dataclass(frozen=True)
class Searches:
    """
    A review's saved searches: their lines, what is wrong or odd about them, and what each is the search of.

    ``rows`` are those of ``sources.csv`` by the search's file, ``imported``
    the records imported of it; ``titles`` what people call the platforms.
    """

    lines: "pd.DataFrame"
    checked: "pd.DataFrame"
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    imported: Mapping[str, int]
    titles: Mapping[str, str]

    def by_file(self) -> "list[tuple[str, pd.DataFrame]]":
        """Return each search's lines, by its file."""
        files = list(dict.fromkeys(self.lines["file"]))
        return [(file, self.lines[self.lines["file"] == file].reset_index(drop=True)) for file in files]

    def is_of(
        self, file: str, lines: "pd.DataFrame", later: "Searches", other: str, others: "pd.DataFrame"
    ) -> bool:
        """Whether one of these may be a later one's search as it was run before."""
        if len(self.by_file()) == len(later.by_file()) == 1:
            return True
        of_source = [{row["source"] for row in each} for each in (self.rows[file], later.rows[other])]
        same_platform = set(lines["platform"]) == set(others["platform"])
        return same_platform and (of_source[0] == of_source[1] or not all(of_source))

    def overview(self) -> "Sheet":
        """Return the searches as a table."""
        from peerreview.paper.sheets import strategies

        return strategies.overview(self.lines, self.checked, self.rows, self.imported, self.titles)

    def appendix(self) -> "list[Sheet]":
        """Return each search, line by line."""
        from peerreview.paper.sheets import strategies

        return strategies.appendix(self.lines, self.rows, self.titles)


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
        if path.is_dir():
            listed = sorted(each for each in path.glob("*") if each.is_file())
            found += [each for each in listed if each.name[0] != "." and each.stem.upper() != "README"]
        elif named and path.name != "*":
            found.append(review.path("", path))
    return found


def read_searches(
    review: "Review",
    files: "Sequence[Path]",
    sources: "pd.DataFrame",
    records: "pd.DataFrame",
    *,
    told: bool = True,
) -> Searches:
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
    from peerreview.flow.searched import count_by_search
    from peerreview.flow.strategies import arithmetic, searched
    from peerreview.imports.strategies import reading, registry, wording
    from peerreview.tables import plugins
    from peerreview.tables import reading as bytes_of
    from peerreview.tables.plugins import Kind

    review.note_named(*files)
    contents = {_name(path, review.folders[0]): bytes_of.read_bytes(path) for path in files}
    found = reading.read(contents, searched.platforms(list(contents), sources))
    if told:
        for said in (*found.remarks, *plugins.remarks(Kind.PLATFORM, registry.names())):
            review.remark(said)
    platforms = {each.NAME: each for each in registry.known()}
    inexact = {name: each.SYNTAX.inexact for name, each in platforms.items()}
    checked = tables.joined(
        tables.CHECKED,
        arithmetic.check(found.lines, inexact),
        wording.check(found.lines, platforms),
        searched.check(found.lines, sources, records, inexact),
    )
    declared = tables.rows(sources)
    n_of = count_by_search(sources, records)
    rows = {each.file: [declared[at] for at in each.rows] for each in searched.link(found.lines, sources)}
    imported = {file: sum(n_of[row["file"], row["source"]] for row in own) for file, own in rows.items()}
    return Searches(
        found.lines,
        _in_order(checked, list(contents)),
        rows,
        imported,
        {name: each.TITLE for name, each in platforms.items()},
    )


def _name(path: Path, folder: Path) -> str:
    """Return what a file is called in the tables: as the review's folder has it, so that it can move."""
    whole, within = path.resolve(), folder.resolve()
    return whole.relative_to(within).as_posix() if whole.is_relative_to(within) else path.as_posix()


def _in_order(checked: "pd.DataFrame", files: Sequence[str]) -> "pd.DataFrame":
    """Return what was found by file, errors first, and then by line."""
    rows = sorted(
        tables.rows(checked),
        key=lambda row: (files.index(row["file"]), row["severity"], int(row["number"] or 0)),
    )
    return tables.make(tables.CHECKED, rows)


def read_all(review: "Review", named: "Sequence[Path] | None" = None) -> Searches:
    """
    Return a review's saved searches, checked.

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
    return read_searches(review, files, sources, review.read_optional(tables.RECORDS))
