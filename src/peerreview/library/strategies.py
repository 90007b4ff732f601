"""Saved search histories to their lines, what is wrong or odd about them, and the appendix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import UsageError
from peerreview.library.results import Sheet, Strategies
from peerreview.tables import plugins, reading
from peerreview.tables.fitting import fit
from peerreview.tables.plugins import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.paper.sheets import Sheet as Laid


@dataclass(frozen=True)
class Searches:
    """
    A review's saved searches: their lines, what is wrong or odd about them, and what each is the search of.

    ``rows`` are those of ``sources.csv`` by the search's file, ``imported``
    the records imported of it; ``titles`` what people call the platforms;
    ``remarks`` what is no line of a search.
    """

    lines: pd.DataFrame
    checked: pd.DataFrame
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    imported: Mapping[str, int]
    titles: Mapping[str, str]
    remarks: Sequence[str]

    def by_file(self) -> list[tuple[str, pd.DataFrame]]:
        """Return each search's lines, by its file."""
        files = list(dict.fromkeys(self.lines["file"]))
        return [(file, self.lines[self.lines["file"] == file].reset_index(drop=True)) for file in files]

    def is_of(
        self, file: str, lines: pd.DataFrame, later: Searches, other: str, others: pd.DataFrame
    ) -> bool:
        """
        Whether one of these may be a later one's search as it was run before.

        Parameters
        ----------
        lines, others : as in ``tables.STRATEGIES``.
        """
        if len(self.by_file()) == len(later.by_file()) == 1:
            return True
        of_source = [{row["source"] for row in each} for each in (self.rows[file], later.rows[other])]
        same_platform = set(lines["platform"]) == set(others["platform"])
        return same_platform and (of_source[0] == of_source[1] or not all(of_source))

    def overview(self) -> Laid:
        """Return the searches as a table."""
        from peerreview.paper.sheets import strategies

        return strategies.overview(self.lines, self.checked, self.rows, self.imported, self.titles)

    def appendix(self) -> list[Laid]:
        """Return each search, line by line."""
        from peerreview.paper.sheets import strategies

        return strategies.appendix(self.lines, self.rows, self.titles)

    def checks(self) -> Laid:
        """Return what is wrong or odd about them."""
        from peerreview.paper.sheets import strategies

        return strategies.checks(self.checked)


def read_strategies(
    *paths: str | Path,
    sources: pd.DataFrame | None = None,
    records: pd.DataFrame | None = None,
) -> Strategies:
    """
    Return the lines of saved search histories, checked against themselves and against what came of them.

    Parameters
    ----------
    paths : histories of Ovid, PubMed, EBSCOhost, Web of Science, Scopus, the Cochrane Library, ProQuest and
        Embase.com, or of another package's platform; text, RTF, HTML, CSV, Word or a workbook, one search
        each.
    sources : the searches, as in ``read_exports``: whose a history is, and how many records it gave.
    records : what was imported of them, as in ``find_duplicates``.

    Returns
    -------
    Strategies(lines, checks, sheets, remarks).

    Raises
    ------
    InputErrors
        For a file that is no search history, or holds several; and for a frame that does not fit, by row.

    References
    ----------
    PRISMA-S, doi:10.1186/s13643-020-01542-z; PRESS 2015, doi:10.1016/j.jclinepi.2016.01.021.
    """
    if not paths:
        raise UsageError("read_strategies takes the paths of search histories")
    found = checked(
        {Path(path).as_posix(): reading.read_bytes(Path(path)) for path in paths},
        tables.empty(tables.SOURCES) if sources is None else fit(sources, tables.SOURCES),
        tables.empty(tables.RECORDS) if records is None else fit(records, tables.RECORDS),
    )
    laid_out = (found.overview(), *found.appendix(), found.checks())
    return Strategies(
        lines=found.lines,
        checks=found.checked,
        sheets=tuple(Sheet(each) for each in laid_out),
        remarks=tuple(found.remarks),
    )


def checked(contents: Mapping[str, bytes], sources: pd.DataFrame, records: pd.DataFrame) -> Searches:
    """
    Return saved searches, checked against themselves and against what was declared and imported.

    Parameters
    ----------
    contents : what each file holds, by its name in the tables.
    sources, records : as in ``tables.SOURCES`` and ``tables.RECORDS``.

    Raises
    ------
    InputErrors
        With the file of each that is no search history.
    """
    from peerreview.flow.searched import count_by_search
    from peerreview.flow.strategies import arithmetic, searched
    from peerreview.imports.strategies import reading as histories
    from peerreview.imports.strategies import registry, wording

    found = histories.read(contents, searched.platforms(list(contents), sources))
    platforms = {each.NAME: each for each in registry.known()}
    inexact = {name: each.SYNTAX.inexact for name, each in platforms.items()}
    checks = tables.joined(
        tables.CHECKED,
        arithmetic.check(found.lines, inexact),
        wording.check(found.lines, platforms),
        searched.check(found.lines, sources, records, inexact),
    )
    declared = tables.rows(sources)
    n_of = count_by_search(sources, records)
    rows = {each.file: [declared[at] for at in each.rows] for each in searched.link(found.lines, sources)}
    return Searches(
        lines=found.lines,
        checked=_in_order(checks, list(contents)),
        rows=rows,
        imported={file: sum(n_of[row["file"], row["source"]] for row in own) for file, own in rows.items()},
        titles={name: each.TITLE for name, each in platforms.items()},
        remarks=(*found.remarks, *plugins.remarks(Kind.PLATFORM, registry.names())),
    )


def _in_order(checked: pd.DataFrame, files: Sequence[str]) -> pd.DataFrame:
    """Return what was found by file, errors first, and then by line."""
    rows = sorted(
        tables.rows(checked),
        key=lambda row: (files.index(row["file"]), row["severity"], int(row["number"] or 0)),
    )
    return tables.make(tables.CHECKED, rows)
