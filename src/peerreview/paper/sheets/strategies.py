"""Searches as they were run → an appendix: each line with its number and what it found; and what is odd."""

from collections.abc import Mapping

import pandas as pd

from peerreview import tables
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of, without_blank_columns


def by_file(lines: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """
    Return each search's lines, by its file.

    Parameters
    ----------
    lines : the columns of ``strategies.csv``.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for row in tables.rows(lines):
        found.setdefault(row["file"], []).append(row)
    return found


def appendix(lines: pd.DataFrame, titles: Mapping[str, str], platforms: Mapping[str, str]) -> list[Sheet]:
    """
    Return each search as a table: the lines exactly as they were run, numbered, with what each found.

    Parameters
    ----------
    lines : the columns of ``strategies.csv``.
    titles : file → the source that was searched, where that is known.
    platforms : platform → what people call it.

    References
    ----------
    PRISMA-S, item 8, doi:10.1186/s13643-020-01542-z.
    """
    sheets = []
    for place, (file, rows) in enumerate(by_file(lines).items(), start=1):
        first = rows[0]
        platform = platforms.get(first["platform"], first["platform"])
        searched = titles.get(file) or first["database"] or file
        title = f"Search strategy {place}: {searched}"
        title += f" ({platform})" if platform.casefold() not in searched.casefold() else ""
        cells = [
            (row["number"], Cell(row["text"]), f"{int(row['hits']):,}" if row["hits"] else "") for row in rows
        ]
        notes = []
        if first["database"] and first["database"] != searched:
            notes.append(f"Database: {first['database']}.")
        if first["searched_on"]:
            notes.append(f"Searched on {first['searched_on']}.")
        columns = (
            Column("number", "#", number=True),
            Column("text", "Search"),
            Column("hits", "Results", number=True),
        )
        sheets.append(
            without_blank_columns(Sheet(f"strategy-{place}", title, columns, rows_of(cells), tuple(notes)))
        )
    return sheets


def checks(found: pd.DataFrame) -> Sheet:
    """
    Return what is wrong with the searches, and what is odd, by PRESS 2015's elements.

    Parameters
    ----------
    found : the columns of ``strategy_checks``.

    References
    ----------
    McGowan et al. (2016), doi:10.1016/j.jclinepi.2016.01.021.
    """
    rows = [
        (f"{row['file']}:{row['line']}", row["number"], row["severity"], row["element"], row["message"])
        for row in tables.rows(found)
    ]
    columns = (
        Column("place", "File and line"), Column("number", "#", number=True), Column("severity", "Weight"),
        Column("element", "PRESS 2015 element"), Column("message", "What was found"),
    )  # fmt: skip
    n = sum(row["severity"] == "error" for row in tables.rows(found))
    said = (
        f"{tables.counted(n, 'error')}, {tables.counted(len(rows) - n, 'remark')}."
        if rows
        else "Nothing was found."
    )
    return Sheet("checks", "Checks of the search strategies", columns, rows_of(rows), (said,))
