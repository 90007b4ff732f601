"""Errors put into strategies as printed, one kind at a time, in the text of the file itself."""

import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from peerreview import tables
from peerreview.flow.strategies import arithmetic
from peerreview.flow.strategies.combinations import find_range, parse
from peerreview.imports.strategies import reading, registry, wording

Row = dict[str, str]


class Seeded(NamedTuple):
    """A strategy with one error more: its kind, the check that must find it, at which line of the search."""

    kind: str
    check: str
    number: str
    text: str


def findings(text: str) -> set[tuple[str, str]]:
    """Return (check, number of the line) of all that is wrong or odd in a strategy."""
    read = reading.read({"s.txt": text.encode()})
    platforms = {each.NAME: each for each in registry.known()}
    parts = [
        arithmetic.check(read.lines, {name: each.SYNTAX.inexact for name, each in platforms.items()}),
        wording.check(read.lines, platforms),
    ]
    return {(row["check"], row["number"]) for part in parts for row in tables.rows(part)}


def errors(text: str) -> list[Row]:
    """Return what is wrong in a strategy by its own numbers and references."""
    read = reading.read({"s.txt": text.encode()})
    return [row for row in tables.rows(arithmetic.check(read.lines)) if row["severity"] == "error"]


def seed(text: str, chance: random.Random | None = None) -> Iterator[Seeded]:
    """Yield a strategy with each kind of error, at the first line where it can be, or at one by chance."""
    rows = tables.rows(reading.read({"s.txt": text.encode()}).lines)
    lines = text.split("\n")
    whole = [row for row in rows if _stands_apart(row["text"], lines[int(row["line"]) - 1])]
    for kind, name, change in KINDS:
        for row in chance.sample(whole, len(whole)) if chance else whole:
            changed = change(row, rows)
            if changed is None:
                continue
            old, new = changed
            line = lines[int(row["line"]) - 1]
            if old not in line:
                continue
            other = [*lines]
            place = line.rindex(old) if old == _shown(row, line) else line.index(old)
            other[int(row["line"]) - 1] = line[:place] + new + line[place + len(old) :]
            yield Seeded(kind, name, _at(kind, row), "\n".join(other))
            break


def _stands_apart(text: str, line: str) -> bool:
    """Whether what was searched stands whole in a row, and no number touches it."""
    return bool(re.search(rf"(?<!\d){re.escape(text)}(?!\d)", line))


def _at(kind: str, row: Row) -> str:
    """Return the number of the line at which an error shows: a line left out shows itself."""
    if kind == "a line left out":
        return _named(row)[-1]
    return row["number"]


def _shown(row: Row, line: str) -> str:
    """Return a line's count as it is printed there."""
    n = int(row["hits"] or 0)
    return next((each for each in (f"{n:,}", str(n)) if each in line), "")


def _named(row: Row) -> list[str]:
    return re.findall(r"\d+", row["combination"])


def _is_last_user(row: Row, rows: list[Row]) -> bool:
    number = _named(row)[-1]
    return sum(number in _named(other) for other in rows) == 1


def _count(
    kind: str, add: Callable[[float, float], float]
) -> Callable[[Row, list[Row]], tuple[str, str] | None]:
    """Return what makes a count one that its lines do not allow."""

    def change(row: Row, rows: list[Row]) -> tuple[str, str] | None:
        node = parse(row["combination"])
        hits = {each["number"]: int(each["hits"]) for each in rows if each["hits"]}
        if (node.number if node.kind == "part" else node.kind) != kind or not row["hits"]:
            return None
        if kind == "limit" and node.parts[0].kind != "line":
            return None
        least, most = find_range(node, hits)
        n = add(least, most)
        return (row["hits"], f"{n:.0f}") if 0 < n < 10**9 and n != int(row["hits"]) else None

    return change


def _reference(row: Row, _: list[Row]) -> tuple[str, str] | None:
    found = re.search(r"(?<=[\dS#] (?:or|OR) )[S#]?\d+", row["text"]) if row["combination"] else None
    return (
        (
            row["text"],
            row["text"][: found.start()] + re.sub(r"\d+", "250", found[0]) + row["text"][found.end() :],
        )
        if found
        else None
    )


def _circular(row: Row, _: list[Row]) -> tuple[str, str] | None:
    found = re.match(r"([S#]?)(\d+)(?= )", row["text"]) if row["combination"] else None
    return (row["text"], f"{found[1]}{row['number']}{row['text'][found.end() :]}") if found else None


def _left_out(row: Row, rows: list[Row]) -> tuple[str, str] | None:
    found = re.search(r"(?i)^(.*\d) or [S#]?\d+$", row["text"]) if row["combination"] else None
    if not found or len(_named(row)) < 3 or not _is_last_user(row, rows):
        return None
    return row["text"], found[1]


def _text(pattern: str, new: str) -> Callable[[Row, list[Row]], tuple[str, str] | None]:
    """Return what changes the first piece of a line's text that a pattern finds."""

    def change(row: Row, _: list[Row]) -> tuple[str, str] | None:
        found = re.search(pattern, row["text"])
        return (
            (row["text"], row["text"][: found.start()] + found.expand(new) + row["text"][found.end() :])
            if found
            else None
        )

    return change


def _lower(row: Row, rows: list[Row]) -> tuple[str, str] | None:
    """PubMed alone reads operators in capitals only."""
    return _text(r"(?<=[\s\])])OR(?= )", "or")(row, rows) if row["platform"] == "pubmed" else None


KINDS: tuple[tuple[str, str, Callable[[Row, list[Row]], tuple[str, str] | None]], ...] = (
    ("a reference to nothing", "reference", _reference),
    ("a line that names itself", "circular", _circular),
    ("OR below its largest part", "or", _count("or", lambda least, _: least - 1)),
    ("OR above the sum", "or", _count("or", lambda _, most: most + 1)),
    ("AND above its smallest part", "and", _count("and", lambda _, most: most + 1)),
    ("NOT above its left", "not", _count("not", lambda _, most: most + 1)),
    ("a limit above what it limits", "limit", _count("limit", lambda _, most: most + 1)),
    ("a limit that takes nothing", "idle", _count("limit", lambda _, most: most)),
    ("a bracket lost", "brackets", _text(r"\)(?=[^)]*$)", "")),
    ("a quotation mark lost", "quotes", _text(r"(\w)\"", r"\1")),
    ("typographic quotes", "typographic", _text(r"\"([^\"]+)\"", r"“\1”")),
    ("an operator twice", "operators", _text(r"(?i)(?<=[a-z*]) or (?=[a-z*])", " or or ")),
    ("an operator in lower case", "operators", _lower),
    ("a truncation of two letters", "truncation", _text(r"\b([a-zA-Z]{2})[a-zA-Z]{3,}\*", r"\1*")),
    ("an explosion of no heading", "explosion", _text(r"\b(exp [A-Za-z ]+)/(?=$| or )", r"\1")),
    ("a line left out", "unused", _left_out),
)
