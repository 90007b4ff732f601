"""A review's searches → sentences, each with the file it comes from: for the report and for PRISMA-S."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from peerreview import tables
from peerreview.flow.strategies.searched import link
from peerreview.paper.document import Sentence
from peerreview.paper.sheets.strategies import by_file
from peerreview.tables import DATABASE_KINDS, any_synthetic
from peerreview.values.counts import counted
from peerreview.values.lists import series

_SOURCES = "sources.csv"
_BROWSED = ("website", "organisation", "hand_searching")
_OTHERS = ("grey_literature", "other")


def sentences(lines: pd.DataFrame, checked: pd.DataFrame, sources: pd.DataFrame) -> list[Sentence]:
    """
    Return what there is of the searches' strategies, and what checks of them found.

    Parameters
    ----------
    lines, checked : the columns of ``strategies.csv`` and of ``strategy_checks``.
    sources : the columns of ``sources.csv``.
    """
    return [*_strategies(lines, sources), *_checks(lines, checked)]


def _strategies(lines: pd.DataFrame, sources: pd.DataFrame) -> Iterator[Sentence]:
    searches = by_file(lines)
    if searches:
        n = counted(len(searches), "search strategy is", "search strategies are")
        told = f"{n} given in full, {counted(len(lines), 'line')} in all"
        yield Sentence(f"{told}.", "strategies/", any_synthetic(sources))
        if lacking := _lacking(lines, sources):
            yield Sentence(
                f"None is given for {series(lacking)}.", f"strategies/; {_SOURCES}", any_synthetic(sources)
            )


def _lacking(lines: pd.DataFrame, sources: pd.DataFrame) -> list[str]:
    """Return the databases and registers of which no strategy is kept; none where one could be of any."""
    linked = link(lines, sources)
    if not all(each.rows for each in linked):
        return []
    given = {sources["source"].iloc[at] for each in linked for at in each.rows}
    searched = sources[sources["source_kind"].isin(DATABASE_KINDS)]["source"]
    return [source for source in dict.fromkeys(searched) if source not in given]


def _checks(lines: pd.DataFrame, checked: pd.DataFrame) -> Iterator[Sentence]:
    if lines.empty:
        return
    n = int((checked["severity"] == "error").sum())
    found = "no contradiction" if not n else counted(n, "contradiction")
    told = f"A check of references, counts and syntax of each line found {found}"
    told += f" and made {counted(len(checked) - n, 'remark')}" if len(checked) > n else ""
    yield Sentence(f"{told}.", "peerreview search")


def odd(checked: pd.DataFrame) -> Iterator[str]:
    """
    Yield what contradicts itself in searches, a line for each file.

    Parameters
    ----------
    checked : the columns of ``strategy_checks``.
    """
    wrong = tables.rows(checked[checked["severity"] == "error"])
    for file in dict.fromkeys(row["file"] for row in wrong):
        own = [row for row in wrong if row["file"] == file]
        more = f" (and {counted(len(own) - 1, 'more error')})" if len(own) > 1 else ""
        yield f"{file}:{own[0]['line']}: line {own[0]['number']}: {own[0]['message']}{more}"


def facts(
    sources: pd.DataFrame,
    lines: pd.DataFrame,
    checked: pd.DataFrame,
    titles: Mapping[str, str],
    removal: Sequence[Sentence] = (),
) -> dict[str, tuple[Sentence, ...]]:
    """
    Return what the review's files say to the items of PRISMA-S, by the name that the checklist has.

    Parameters
    ----------
    sources : the columns of ``sources.csv``.
    lines, checked : the columns of ``strategies.csv`` and of ``strategy_checks``.
    titles : platform → what people call it.
    removal : what is told of deduplication.
    """
    made_up = any_synthetic(sources)
    rows = tables.rows(sources)

    def of_kinds(*kinds: str) -> tuple[Sentence, ...]:
        named = dict.fromkeys(_named(row) for row in rows if row["source_kind"] in kinds)
        return (Sentence(f"{series(list(named))}.", f"{_SOURCES}, by source_kind", made_up),) if named else ()

    found = {
        "databases": of_kinds("database"),
        "registers": of_kinds("register"),
        "browsing": of_kinds(*_BROWSED),
        "citations": tuple(_citations(rows, made_up=made_up)),
        "others": of_kinds(*_OTHERS),
        "strategies": tuple(_strategies(lines, sources)),
        "together": tuple(_together(lines, titles)),
        "limits": tuple(_limits(lines)),
        "updates": tuple(_updates(rows, made_up=made_up)),
        "dates": tuple(_dates(rows, made_up=made_up)),
        "checks": tuple(_checks(lines, checked)),
        "records": tuple(_records(rows, made_up=made_up)),
        "Deduplication": tuple(removal),
    }
    return {name: told for name, told in found.items() if told}


def _citations(rows: Sequence[Mapping[str, str]], *, made_up: bool) -> Iterator[Sentence]:
    """Yield by what, in which direction and from which references citations were searched."""
    told = []
    for row in rows:
        if row["source_kind"] == "citation_searching":
            how = filter(None, (row.get("direction", ""), row.get("seeds", "") and f"from {row['seeds']}"))
            said = " ".join(how)
            told.append(f"{_named(row)}: {said}" if said else _named(row))
    if told:
        yield Sentence(f"{'; '.join(dict.fromkeys(told))}.", f"{_SOURCES}, by source_kind", made_up)


def _named(row: Mapping[str, str]) -> str:
    has_own = not row["platform"] or row["platform"].casefold() in row["source"].casefold()
    return row["source"] if has_own else f"{row['source']} ({row['platform']})"


def _together(lines: pd.DataFrame, titles: Mapping[str, str]) -> Iterator[Sentence]:
    for file, rows in by_file(lines).items():
        databases = [part.strip() for part in rows[0]["database"].split(",") if part.strip()]
        if rows[0]["platform"] in ("proquest", "ebsco") and len(databases) > 1:
            platform = titles.get(rows[0]["platform"], rows[0]["platform"])
            yield Sentence(f"{platform}: {series(databases)} at once.", file)


def _limits(lines: pd.DataFrame) -> Iterator[Sentence]:
    for file, rows in by_file(lines).items():
        limits = dict.fromkeys(row["limits"] for row in rows if row["limits"])
        if limits:
            yield Sentence(f"{'; '.join(limits)}.", file)


def _updates(rows: Sequence[Mapping[str, str]], *, made_up: bool) -> Iterator[Sentence]:
    rounds = sorted({row["round"] for row in rows} - {"", "1"}, key=int)
    if rounds:
        told = f"The searches were run again: round {series(rounds)} of {counted(len(rounds) + 1, 'round')}."
        yield Sentence(told, f"{_SOURCES}, column round", made_up)


def _dates(rows: Sequence[Mapping[str, str]], *, made_up: bool) -> Iterator[Sentence]:
    dated = [row for row in rows if row["searched_on"]]
    if dated:
        last: dict[str, str] = {row["source"]: row["searched_on"] for row in dated}
        listed = series([f"{source} {day}" for source, day in last.items()])
        given = "" if len(dated) == len(rows) else f" (given for {len(dated)} of {len(rows)})"
        yield Sentence(f"{listed}{given}.", f"{_SOURCES}, column searched_on", made_up)


def _records(rows: Sequence[Mapping[str, str]], *, made_up: bool) -> Iterator[Sentence]:
    n_of: dict[str, int] = {}
    for row in rows:
        if row["records"]:
            n_of[row["source"]] = n_of.get(row["source"], 0) + int(row["records"])
    if n_of:
        listed = series([f"{source} {n:,}" for source, n in n_of.items()])
        yield Sentence(f"{listed}.", f"{_SOURCES}, column records", made_up)


def to_json(
    lines: pd.DataFrame, searches: Mapping[str, Sequence[Mapping[str, str]]], titles: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """
    Return each search by its file, as the data standard for searches has it, and our lines beside that.

    A search of several lines is one text, a line each with its number, as
    the Python package ``search-query`` reads it.

    Parameters
    ----------
    lines : the columns of ``strategies.csv``.
    searches : file → the rows of ``sources.csv`` that it is the search of.
    titles : platform → what people call it.

    References
    ----------
    Haddaway, Rethlefsen, Davies et al. (2022), doi:10.1002/cl2.1288.
    """
    found = {}
    for file, rows in by_file(lines).items():
        first, told = rows[0], searches.get(file, ())
        days = [row["searched_on"] for row in told if row["searched_on"]] or [first["searched_on"]]
        source = told[0]["source"] if told else ""
        text = "\n".join(f"{row['number']}. {row['text']}" for row in rows)
        found[file] = {
            "record_info": {},
            "authors": [],
            "date": {"search_conducted": days[0].replace("-", ".")} if days[0] else {},
            "platform": titles.get(first["platform"], first["platform"]),
            "database": [each for each in (source or first["database"],) if each],
            "search_string": text if len(rows) > 1 else first["text"],
            "lines": [
                {
                    "number": int(row["number"]),
                    "text": row["text"],
                    "results": int(row["hits"]) if row["hits"] else None,
                    "limits": row["limits"],
                }
                for row in rows
            ],
        }
    return found
