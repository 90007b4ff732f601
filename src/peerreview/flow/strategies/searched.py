"""What a search found, what ``sources.csv`` says of it, and what was imported: each difference by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.flow.searched import count_by_search
from peerreview.flow.strategies.arithmetic import ERROR, REMARK, finding
from peerreview.tables import CHECKED, PRESS, counted

_BATCHES = (500, 1000, 2000, 2500, 5000, 10000, 20000, 25000, 50000)
"""How many records platforms give at most in one export: a file of so many was cut off, or is a part."""


@dataclass(frozen=True)
class Linked:
    """
    A saved search and the rows of ``sources.csv`` that it is the search of.

    ``rows`` are their places there: of several exports of one search, each;
    ``how`` says by what they were found, or, without any, why there are none.
    """

    file: str
    rows: tuple[int, ...] = ()
    how: str = ""


def link(lines: pd.DataFrame, sources: pd.DataFrame) -> tuple[Linked, ...]:
    """
    Return which searches of ``sources.csv`` each saved search is of.

    By what a row's ``query`` names, else by the name of its export, its
    source, or the database that the history names; where two sources are
    meant equally, by none.

    Parameters
    ----------
    lines : ``file, database, platform``, as ``strategies.csv``.
    sources : ``file, source, platform, round, query``.
    """
    rows = tables.rows(sources)
    found = []
    for file, first in {row["file"]: row for row in tables.rows(lines)}.items():
        found.append(_link(file, first, rows))
    return tuple(found)


def platforms(files: Sequence[str], sources: pd.DataFrame) -> dict[str, str]:
    """
    Return what ``sources.csv`` calls the platform of each saved search, its source behind it.

    Parameters
    ----------
    files : saved searches, which need not have been read.
    sources : ``file, source, platform, round, query``.
    """
    rows = tables.rows(sources)
    said = {}
    for file in files:
        linked = _link(file, {"database": ""}, rows)
        names = [rows[at][column] for column in ("platform", "source") for at in linked.rows]
        said[file] = tables.LIST.join(dict.fromkeys(filter(None, names)))
    return said


def _link(file: str, first: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Linked:
    stem, name = _stem(file), file.rpartition("/")[2]
    by_query = [at for at, row in enumerate(rows) if row["query"].strip() in (file, name) and name]
    if by_query:
        return Linked(file, tuple(by_query), "query")
    plain = _plain(stem)
    ways = (
        (
            "export",
            [at for at, row in enumerate(rows) if row["file"] and _plain(_stem(row["file"])) == plain],
        ),
        ("source", [at for at, row in enumerate(rows) if _plain(row["source"]) == plain]),
        (
            "source",
            [at for at, row in enumerate(rows) if len(row["source"]) > 3 and _plain(row["source"]) in plain],
        ),
        ("database", [at for at, row in enumerate(rows) if _is_named(row, first)]),
    )
    for how, places in ways:
        searched = {(rows[at]["source"], rows[at]["round"] or "1") for at in places}
        if len(searched) == 1:
            return Linked(file, tuple(places), how)
        if searched:
            listed = ", ".join(f"{source} (round {number})" for source, number in sorted(searched))
            return Linked(file, (), f"may be the search of {listed}; write {file} into the query of one")
    return Linked(file, (), "is the search of no row of sources.csv; write its name into the query of one")


def _stem(file: str) -> str:
    return file.rpartition("/")[2].partition(".")[0]


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _is_named(row: Mapping[str, str], first: Mapping[str, str]) -> bool:
    source, said = _plain(row["source"]), _plain(first["database"])
    return len(source) > 3 and bool(said) and (source in said or said in source)


def check(
    lines: pd.DataFrame,
    sources: pd.DataFrame,
    records: pd.DataFrame,
    inexact: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """
    Return where a search's last line, ``sources.csv`` and the records imported say different numbers.

    What the difference may be is said with it: a limit that an earlier line
    had not yet, an export that was cut off at as many records as a platform
    gives at once, or one of several.

    Parameters
    ----------
    lines : the columns of ``strategies.csv``.
    sources : the columns of ``sources.csv``.
    records : ``source_file, source``, as ``records.csv``; empty where none was imported yet.
    inexact : platform → why its numbers need not add up.
    """
    by_file: dict[str, list[dict[str, str]]] = {}
    for row in tables.rows(lines):
        by_file.setdefault(row["file"], []).append(row)
    declared = tables.rows(sources)
    imported = count_by_search(sources, records)
    found = []
    for linked in link(lines, sources):
        rows = by_file[linked.file]
        if not linked.rows:
            if len(declared):
                found.append(finding(rows[-1], REMARK, "source", PRESS[0], linked.how))
            continue
        told = [declared[at] for at in linked.rows]
        counts = [imported[row["file"], row["source"]] for row in told] if len(records) else []
        severity = REMARK if (inexact or {}).get(rows[-1]["platform"]) else ERROR
        found += list(_compare(rows, told, counts, severity))
        found += list(_compare_dates(rows, told))
    return tables.make(CHECKED, found)


def _compare(
    rows: Sequence[Mapping[str, str]], told: Sequence[Mapping[str, str]], counts: Sequence[int], severity: str
) -> Iterator[dict[str, str]]:
    last = rows[-1]
    if not last["hits"]:
        return
    n = int(last["hits"])
    said = [row["records"] for row in told]
    source = told[0]["source"]
    total = sum(map(int, said)) if all(said) else None
    if total is not None and total != n:
        message = f"the last line found {n:,}, sources.csv says {counted(total, 'record')} of {source}"
        why, is_harmless = _why(rows, total)
        yield finding(last, REMARK if is_harmless else severity, "records", PRESS[0], message + why)
    n_imported = sum(counts)
    if counts and n_imported and n_imported not in (n, total):
        message = f"the last line found {n:,}, {counted(n_imported, 'record')} of {source} were imported"
        why, is_harmless = _why(rows, n_imported, counts)
        yield finding(last, REMARK if is_harmless else severity, "imported", PRESS[0], message + why)


def _why(rows: Sequence[Mapping[str, str]], other: int, counts: Sequence[int] = ()) -> tuple[str, bool]:
    """Return what the difference to the last line may be, and whether it is one that loses no record."""
    n = int(rows[-1]["hits"])
    for row in reversed(rows[:-1]):
        if row["hits"] and int(row["hits"]) == other:
            return f": as line {row['number']} did, before {_what(rows[-1])}", other > n
    for count in counts or [other]:
        if count in _BATCHES and other < n:
            given = f"an export of exactly {count:,} is as much as a platform gives at once"
            return f": {given}; is a part missing?", False
    if other < n and len(counts) > 1:
        return (
            f": {len(counts)} exports hold {' + '.join(f'{count:,}' for count in counts)}; is one missing?",
            False,
        )
    return "", False


def _what(line: Mapping[str, str]) -> str:
    if line["combination"].startswith("DEDUPE"):
        return "duplicates were removed"
    if line["limits"]:
        return f"the limit {line['limits']!r}"
    return f"line {line['number']}"


def _compare_dates(
    rows: Sequence[Mapping[str, str]], told: Sequence[Mapping[str, str]]
) -> Iterator[dict[str, str]]:
    day = rows[0]["searched_on"]
    for row in told:
        said = row["searched_on"].strip()
        # In another spelling than ours it is compared by people.
        if (
            day
            and said[:4].isdigit()
            and said[4:5] == "-"
            and not day.startswith(said)
            and not said.startswith(day)
        ):
            message = f"the history was run on {day}, sources.csv says {said} of {row['source']}"
            yield finding(rows[-1], REMARK, "date", PRESS[0], message)
