"""Searches as they were run → their table, an appendix of all their lines, and what is odd about them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from peerreview import tables
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of, without_blank_columns
from peerreview.values.counts import counted

Line = Mapping[str, str]


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


def overview(
    lines: pd.DataFrame,
    checked: pd.DataFrame,
    searches: Mapping[str, Sequence[Line]],
    imported: Mapping[str, int],
    platforms: Mapping[str, str],
) -> Sheet:
    """
    Return the searches, a row each: source, platform, date, lines, what the last one found and was imported.

    Parameters
    ----------
    lines, checked : the columns of ``strategies.csv`` and of ``strategy_checks``.
    searches : file → the rows of ``sources.csv`` that it is the search of.
    imported : file → records imported of it.
    platforms : platform → what people call it.

    References
    ----------
    PRISMA-S, items 1, 8, 9, 13 and 15, doi:10.1186/s13643-020-01542-z.
    """
    rows = []
    for file, own in by_file(lines).items():
        told = searches.get(file, ())
        first, last = own[0], own[-1]
        days = dict.fromkeys(row["searched_on"] for row in told if row["searched_on"])
        said = [row["records"] for row in told]
        n = imported.get(file, 0)
        wrong = checked[checked["file"] == file]["severity"]
        n_errors, n_remarks = int((wrong == "error").sum()), int((wrong == "remark").sum())
        found = [counted(n_errors, "error")] if n_errors else []
        found += [counted(n_remarks, "remark")] if n_remarks else []
        rows.append(
            (
                name_of(file, told, first),
                platforms.get(first["platform"], first["platform"]),
                "; ".join(days) or first["searched_on"],
                str(len(own)),
                f"{int(last['hits']):,}" if last["hits"] else "",
                f"{sum(map(int, said)):,}" if said and all(said) else "",
                f"{n:,}" if n else "",
                "; ".join(dict.fromkeys(row["limits"] for row in own if row["limits"])),
                ", ".join(found) or "none",
                file,
            )
        )
    columns = (
        Column("source", "Source"), Column("platform", "Platform"), Column("searched_on", "Searched on"),
        Column("lines", "Lines", number=True), Column("hits", "Last line found", number=True),
        Column("records", "In sources.csv", number=True), Column("imported", "Imported", number=True),
        Column("limits", "Limits"), Column("found", "Checks found"), Column("file", "File"),
    )  # fmt: skip
    return without_blank_columns(Sheet("searches", "Searches", columns, rows_of(rows)))


def name_of(file: str, told: Sequence[Line], first: Line) -> str:
    """Return what was searched: as ``sources.csv`` calls it, else as the history does, else the file."""
    return told[0]["source"] if told else first["database"] or file


def appendix(
    lines: pd.DataFrame, searches: Mapping[str, Sequence[Line]], platforms: Mapping[str, str]
) -> list[Sheet]:
    """
    Return each search as a table: the lines exactly as they were run, numbered, with what each found.

    Parameters
    ----------
    lines : the columns of ``strategies.csv``.
    searches : file → the rows of ``sources.csv`` that it is the search of.
    platforms : platform → what people call it.

    References
    ----------
    PRISMA-S, item 8, doi:10.1186/s13643-020-01542-z.
    """
    sheets = []
    for place, (file, rows) in enumerate(by_file(lines).items(), start=1):
        first, told = rows[0], searches.get(file, ())
        platform = platforms.get(first["platform"], first["platform"])
        searched = name_of(file, told, first)
        title = f"Search strategy {place}: {searched}"
        title += f" ({platform})" if platform.casefold() not in searched.casefold() else ""
        cells = [
            (row["number"], Cell(row["text"]), _aside(row), f"{int(row['hits']):,}" if row["hits"] else "")
            for row in rows
        ]
        notes = []
        if first["database"] and first["database"] != searched:
            notes.append(f"Database: {first['database'].rstrip('.')}.")
        if day := next((row["searched_on"] for row in told if row["searched_on"]), first["searched_on"]):
            notes.append(f"Searched on {day}.")
        columns = (
            Column("number", "#", number=True), Column("text", "Search"), Column("limits", "Limits"),
            Column("hits", "Results", number=True),
        )  # fmt: skip
        sheet = Sheet(f"strategy-{place}", title, columns, rows_of(cells), tuple(notes))
        sheets.append(without_blank_columns(sheet))
    return sheets


def _aside(row: Line) -> str:
    """Return the limits that stood beside a line, not in what was searched."""
    return "; ".join(part for part in row["limits"].split(tables.LIST) if part not in row["text"])


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
    n = int((found["severity"] == "error").sum())
    said = f"{counted(n, 'error')}, {counted(len(rows) - n, 'remark')}." if rows else "Nothing was found."
    return Sheet("checks", "Checks of the search strategies", columns, rows_of(rows), (said,))
