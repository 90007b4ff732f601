"""Searches as they were run → their table, an appendix of all their lines, and what is odd about them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from peerreview import tables
from peerreview.flow.strategies.changes import ADDED, CHANGED, LEFT_OUT, SAME, Change
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of, without_blank_columns
from peerreview.tables import is_synthetic
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
        made_up = any(is_synthetic(row, "records") for row in told)
        n = imported.get(file, 0)
        wrong = checked[checked["file"] == file]["severity"]
        n_errors, n_remarks = int((wrong == "error").sum()), int((wrong == "remark").sum())
        found = [counted(n_errors, "error")] if n_errors else []
        found += [counted(n_remarks, "remark")] if n_remarks else []
        rows.append(
            (
                name_of(file, told, first),
                platforms.get(first["platform"], first["platform"]),
                Cell("; ".join(days) or first["searched_on"], made_up),
                str(len(own)),
                Cell(f"{int(last['hits']):,}" if last["hits"] else "", made_up),
                Cell(f"{sum(map(int, said)):,}" if said and all(said) else "", made_up),
                Cell(f"{n:,}" if n else "", made_up),
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
        made_up = any(is_synthetic(row, "records") for row in told)
        platform = platforms.get(first["platform"], first["platform"])
        searched = name_of(file, told, first)
        title = f"Search strategy {place}: {searched}"
        number = told[0]["round"] if told else ""
        title += f", round {number}" if number not in ("", "1") else ""
        title += f" ({platform})" if platform.casefold() not in searched.casefold() else ""
        cells = [(row["number"], row["text"], _aside(row), Cell(_hits(row), made_up)) for row in rows]
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


def changes(title: str, found: Sequence[Change], *, synthetic: bool = False) -> Sheet:
    """
    Return what changed between a search and the same one run again: each line of either, before and after.

    Lines that are the same are left out, but for the last one; the notes count them.

    References
    ----------
    PRISMA-S, item 12, doi:10.1186/s13643-020-01542-z.
    """
    shown = [each for each in found if each.what != SAME or each.after is found[-1].after]
    rows = [
        (
            each.what,
            each.before["number"] if each.before else "",
            each.before["text"] if each.before else "",
            Cell(_hits(each.before), synthetic),
            each.after["number"] if each.after else "",
            each.after["text"] if each.after else "",
            Cell(_hits(each.after), synthetic),
            each.words,
        )
        for each in shown
    ]
    columns = (
        Column("what", "Line"), Column("number_before", "# before", number=True),
        Column("before", "Search before"), Column("hits_before", "Results before", number=True),
        Column("number_after", "# now", number=True), Column("after", "Search now"),
        Column("hits_after", "Results now", number=True), Column("words", "Terms"),
    )  # fmt: skip
    n_of = {what: sum(each.what == what for each in found) for what in (SAME, CHANGED, ADDED, LEFT_OUT)}
    note = ", ".join(f"{n:,} {what}" for what, n in n_of.items())
    return without_blank_columns(Sheet("changes", title, columns, rows_of(rows), (f"Lines: {note}.",)))


def _hits(line: Line | None) -> str:
    return f"{int(line['hits']):,}" if line and line["hits"] else ""
