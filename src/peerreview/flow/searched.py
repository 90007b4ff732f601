"""The searches of ``sources.csv`` and the records that each gave."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import pandas as pd

from peerreview import tables
from peerreview.tables import DATABASE_KINDS, few

_TWO_DATES = re.compile(r"(0?[1-9]|1[0-2])[/-](0?[1-9]|1[0-2])[/-](?:[0-9]{4}|[0-9]{2})")
Search = tuple[str, str]
"""A search by its file and its source: one file may hold what several databases gave."""


def count_by_search(declared: pd.DataFrame, records: pd.DataFrame) -> Counter[Search]:
    """
    Return how many records came from each declared search, and how many from none.

    A file is known by as much of its path as both sides give. What came from
    a file of one search is that search's whatever its records call it; of a
    file with several, each record has the search of its own source. Records
    of no declared file are under a blank file and their source.

    Parameters
    ----------
    declared : ``file, source``, as ``sources.csv``.
    records : ``source_file, source``, as ``records.csv``.
    """
    by_name: dict[str, dict[str, list[str]]] = {}
    for file, source in zip(declared["file"], declared["source"], strict=True):
        if not file:
            continue
        by_name.setdefault(PurePosixPath(file).name, {}).setdefault(file, []).append(source)
    found: Counter[Search] = Counter()
    for (source_file, source), n in Counter(
        zip(records["source_file"], records["source"], strict=True)
    ).items():
        same_name = by_name.get(PurePosixPath(source_file).name, {})
        files = [source_file] if source_file in same_name else _ending_alike(source_file, same_name)
        sources = same_name[files[0]] if len(files) == 1 else []
        if source in sources:
            found[files[0], source] += n
        elif len(sources) == 1:
            found[files[0], sources[0]] += n
        else:
            found["", source] += n
    return found


def _ending_alike(file: str, others: Mapping[str, list[str]]) -> list[str]:
    parts = PurePosixPath(file).parts
    return [
        other
        for other in others
        if (other_parts := PurePosixPath(other).parts)
        and all(one == two for one, two in zip(reversed(parts), reversed(other_parts), strict=False))
    ]


def other_numbers(records: pd.DataFrame, sources: pd.DataFrame) -> Iterator[str]:
    """
    Yield a remark on each search whose database said another number than its export holds.

    Parameters
    ----------
    records : ``source, source_kind``.
    sources : ``file, source, source_kind, records`` (a whole number, or blank).
    """
    # All rounds, on both sides: an update draws the new records alone, but the table has them all.
    there = Counter(zip(records["source"], records["source_kind"], strict=True))
    with_file = sources[sources["file"] != ""]
    for kind in DATABASE_KINDS:
        of_kind = with_file[with_file["source_kind"] == kind]
        for source in dict.fromkeys(of_kind["source"]):
            said = of_kind.loc[of_kind["source"] == source, "records"]
            n = sum(map(int, said[said != ""]))
            if (said != "").all() and n != there[source, kind]:
                said_so = tables.counted(n, "record")
                yield f"{source}: sources.csv says {said_so}, records.csv has {there[source, kind]:,}"


def unclear_dates(sources: pd.DataFrame) -> Iterator[str]:
    """
    Yield a remark on each date that is two dates: 01/02/2026 is a day in January or in February.

    Parameters
    ----------
    sources : ``searched_on``, as ``sources.csv``.
    """
    for date in dict.fromkeys(sources["searched_on"]):
        found = _TWO_DATES.fullmatch(date.strip())
        if found and found[1].zfill(2) != found[2].zfill(2):
            yield f"sources.csv: searched_on {date!r} can be read as two dates; write it as YYYY-MM-DD"


def missing_records(records: pd.DataFrame, sources: pd.DataFrame, *, libraries: Sequence[str] = ()) -> str:
    """
    Return the searches that found records of which none is there: an export was forgotten.

    Parameters
    ----------
    records : ``source_file, source``.
    sources : ``file, source, source_kind, records`` (a whole number, or blank).
    libraries : the sources that hold what searches without a file found, after another program's work.
    """
    there = count_by_search(sources, records)
    missing = []
    for row in tables.rows(sources):
        if not (row["records"] and int(row["records"])):
            continue
        if row["file"]:
            # Records that say nothing of their file may be those.
            is_there = there[row["file"], row["source"]] or there["", row["source"]]
        else:
            is_there = bool(libraries) and row["source_kind"] in DATABASE_KINDS
        if not is_there:
            missing.append(f"{row['source']} ({row['file'] or 'no file'}, {int(row['records']):,})")
    return few(missing)
