"""A search's lines → what their numbers and references contradict, and what they leave to ask."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow.strategies.combinations import MOST, Node, find_range, lines_of, parse
from peerreview.tables import CHECKED, PRESS

OPERATORS, SYNTAX, LIMITS = PRESS[2], PRESS[5], PRESS[6]
ERROR, REMARK = "error", "remark"
Line = Mapping[str, str]


def finding(line: Line, severity: str, check: str, element: str, message: str) -> dict[str, str]:
    """Return a row of ``strategy_checks`` on a line."""
    place = {name: line[name] for name in ("file", "line", "number")}
    return {**place, "severity": severity, "check": check, "element": element, "message": message}


def check(lines: pd.DataFrame, inexact: Mapping[str, str] | None = None) -> pd.DataFrame:
    """
    Return what is wrong with a search's numbers and references, and what is odd about them.

    Parameters
    ----------
    lines : the columns of ``strategies.csv``.
    inexact : platform → why its numbers need not add up; what they contradict is a remark there.
    """
    found = []
    by_file: dict[str, list[dict[str, str]]] = {}
    for row in tables.rows(lines):
        by_file.setdefault(row["file"], []).append(row)
    for rows in by_file.values():
        found += list(_check_one(rows, (inexact or {}).get(rows[0]["platform"], "")))
    return tables.make(CHECKED, found)


def _check_one(rows: Sequence[Line], inexact: str) -> Iterator[dict[str, str]]:
    there = {row["number"]: row for row in rows}
    hits = {number: int(row["hits"]) for number, row in there.items() if row["hits"]}
    seen: set[str] = set()
    read: dict[str, Node] = {}
    for row in rows:
        if row["number"] in seen:
            yield finding(row, ERROR, "number", SYNTAX, f"line {row['number']} stands here twice")
        seen.add(row["number"])
        try:
            read[row["number"]] = parse(row["combination"])
        except InputError as error:
            yield finding(row, ERROR, "combination", SYNTAX, error.message)
    named = {number: lines_of(node) for number, node in read.items()}
    circular = _circular(named)
    for row in rows:
        number = row["number"]
        for other in named.get(number, ()):
            if other not in there:
                yield finding(row, ERROR, "reference", SYNTAX, f"names line {other}, which is not there")
            elif other == number:
                yield finding(row, ERROR, "circular", SYNTAX, "names itself")
            elif number in circular and other in circular:
                yield finding(
                    row,
                    ERROR,
                    "circular",
                    SYNTAX,
                    f"names line {other}, which rests on line {number} in turn",
                )
        if number in read and {"and", "or"} <= set(read[number].operators):
            message = "AND and OR stand side by side without brackets: platforms differ in which goes first"
            yield finding(row, REMARK, "mixed", OPERATORS, message)
        if number in read and number not in circular and number in hits:
            yield from _check_hits(row, read[number], hits, inexact)
    yield from _missing_hits(rows, hits)
    yield from _unused(rows, named)


def _circular(named: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the lines that rest on themselves, through whatever other lines."""
    found = set()
    for number in named:
        reached: set[str] = set()
        ahead = list(named[number])
        while ahead:
            other = ahead.pop()
            if other == number:
                found.add(number)
                break
            if other not in reached:
                reached.add(other)
                ahead += named.get(other, ())
    return found


_RULES = {
    "or": ("or", OPERATORS, "OR finds no fewer than its largest part and no more than all of them"),
    "and": ("and", OPERATORS, "AND finds no more than its smallest part"),
    "not": (
        "not",
        OPERATORS,
        "NOT finds no more than what stands before it, and no fewer than what it can leave",
    ),
    "mixed": ("mixed", OPERATORS, "its lines allow no such number, whichever operator goes first"),
    "limit": ("limit", LIMITS, "a limit finds no more than what it limits"),
    "dedupe": ("limit", LIMITS, "without duplicates there are no more than with them"),
    "line": ("or", OPERATORS, "it is that line again"),
}


def _check_hits(row: Line, node: Node, hits: Mapping[str, int], inexact: str) -> Iterator[dict[str, str]]:
    n = hits[row["number"]]
    least, most = find_range(node, hits)
    kind = node.number if node.kind == "part" else node.kind
    if kind in _RULES and not least <= n <= most:
        name, element, rule = _RULES[kind]
        of = "; ".join(f"line {number}: {hits[number]:,}" for number in lines_of(node) if number in hits)
        bound = f"at least {least:,.0f}" if n < least else f"at most {most:,.0f}"
        message = f"found {n:,}, and could find {bound} ({of}): {rule}"
        if inexact:
            yield finding(row, REMARK, name, element, f"{message}; {inexact}")
        else:
            yield finding(row, ERROR, name, element, message)
        return
    yield from _check_idle(row, node, hits, kind)


def _check_idle(row: Line, node: Node, hits: Mapping[str, int], kind: str) -> Iterator[dict[str, str]]:
    """Yield a remark on a line that changed nothing: a part that adds or takes no record."""
    n = hits[row["number"]]
    parts = [part.number for part in node.parts if part.kind == "line" and part.number in hits]
    if kind in ("limit", "dedupe") and parts and n == hits[parts[0]] and n:
        if kind == "limit":
            yield finding(
                row, REMARK, "idle", LIMITS, f"the limit takes none of the {n:,} records of line {parts[0]}"
            )
    elif kind == "or" and len(parts) == len(node.parts) > 1:
        largest = max(parts, key=lambda number: hits[number])
        others = [number for number in parts if number != largest and hits[number]]
        if others and hits[largest] == n:
            yield finding(
                row,
                REMARK,
                "idle",
                PRESS[4],
                f"line {_series(others)} add{'s' * (len(others) == 1)} no record to line {largest}",
            )
        empty = [number for number in parts if not hits[number]]
        if empty:
            yield finding(row, REMARK, "idle", PRESS[4], f"line {_series(empty)} found nothing")
    elif kind in ("and", "not") and len(parts) == len(node.parts) == 2 and n and n == hits[parts[0]]:
        what = "takes none of" if kind == "not" else "leaves all of"
        yield finding(
            row, REMARK, "idle", OPERATORS, f"line {parts[1]} {what} the {n:,} records of line {parts[0]}"
        )


def _series(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"


def _missing_hits(rows: Sequence[Line], hits: Mapping[str, int]) -> Iterator[dict[str, str]]:
    without = [row for row in rows if not row["hits"]]
    if not hits and rows:
        yield finding(rows[-1], REMARK, "hits", SYNTAX, "no line has the number of records that it found")
        return
    for row in without:
        yield finding(row, REMARK, "hits", SYNTAX, "has no number of records found, as other lines have")


def _unused(rows: Sequence[Line], named: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """Yield the lines that no line after them uses, and that are not the last one."""
    if len(rows) < 2 or not any(named.values()):
        return
    used = {other for number in named for other in named[number] if other != number}
    for row in rows[:-1]:
        if row["number"] not in used:
            yield finding(row, REMARK, "unused", SYNTAX, "is used by no other line")


__all__ = ["ERROR", "MOST", "REMARK", "check", "finding"]
