"""``dedupe --review``: what may be one work, question by question in the terminal, one key per answer."""

import html
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from peerreview.cli import console
from peerreview.cli.outputs import alone
from peerreview.errors import InputErrors, UsageError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.text import Text

    from peerreview.duplicates.keeping import Cells
    from peerreview.duplicates.rules import Rules

Row = Mapping[str, str]

KEYS = {"d": "duplicate", "n": "distinct"}
PAIR_KEYS = "d one work · n two works · s skip · u undo · q quit"
GROUP_KEYS = "d all one work · n all different · p pairs · s skip · u undo · q quit"
SETS_KEYS = "d each set one · n all different · p pairs · s skip · u undo · q quit"
MORE_KEY = " · space"
"""Shows the next records of a long list."""
MARK = "bold red"
"""How what the other record does not say is shown."""
LINES = {"title": 5, "authors": 3, "year": 1, "journal": 2}
"""What is shown first, and on how many lines at most; the abstract stands last, in what is left."""
FURTHER = ("place", "doi", "pmid", "type", "sources", "abstract")
LABEL = 10
"""Letters of a label, and a sign for whether the cells differ."""


@dataclass(frozen=True)
class _Answer:
    """An answer given: at which question, and the file before and after."""

    at: int
    before: bytes | None
    after: bytes


def review(
    records: "pd.DataFrame",
    words: "pd.DataFrame",
    rules: "Rules",
    *,
    overrides: Path,
    by: str,
    workers: int,
    venues: "pd.DataFrame | None" = None,
) -> "pd.DataFrame":
    """
    Ask about what may be one work; return the overrides with what was said.

    What is worth most is asked first, and a heading or series that comes
    again at once. Each answer is written at once, so that it can be broken
    off and taken up again; ``u`` takes the last one back.

    Raises
    ------
    UsageError
        Without a terminal.
    InputError
        Where no answer could be written, before any is asked for.
    """
    from peerreview.duplicates import keeping, questions, rounds
    from peerreview.duplicates.engines.memory import InMemory
    from peerreview.tables import rows

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("--review asks questions and needs a terminal; without one, judge possible.csv")
    with alone(overrides):
        # Nobody answers for nothing; and a lock that a killed run left is gone, even if nothing is written.
        pass
    with console.working("looking for duplicates") as watch:
        engine = InMemory(workers, watch)
        found = rounds.find_duplicates(records, rules, overrides=words, venues=venues, engine=engine)
        unique = keeping.keep_one(records, found.duplicates)
    ids = keeping.Cells(records["record_id"], keeping.order_kept(records))
    asked = list(questions.ask(found.duplicates, unique, rules))
    concerned = unique["record_id"].isin({record_id for question in asked for record_id in question.ids})
    listed = rows(unique[concerned])
    shown = {row["record_id"]: _readable(row) for row in listed}
    why = {rule.name: rule.why for rule in rules.rules}
    given: list[_Answer] = []
    at, said = 0, ""
    while at < len(asked) or given:
        if at == len(asked):
            if _ask("that was all · u undo · q done: ", "uq") == "q":
                break
            at, words, said = _take_back(given, overrides, at)
            if at == len(asked):
                console.tell(said)
            continue
        question = asked[at]
        if len(question.pairs) == 1 and questions.is_settled(question, words):
            at += 1
            continue
        title = f"{at + 1} of {len(asked)}: {question.rule}"
        sets = [[shown[record_id] for record_id in each] for each in question.sets]
        key = _put(title, why.get(question.rule, ""), sets, said)
        said = ""
        if key == "q":
            break
        if key == "u":
            at, words, said = _take_back(given, overrides, at)
        elif key == "p":
            asked[at : at + 1] = question.apart
        elif key == "s":
            at += 1
        else:
            with alone(overrides):
                pairs = question.settling(KEYS[key])
                words, said = _take(pairs, KEYS[key], by, ids, overrides, at, given)
            at += 1
    return words


def _said(overrides: Path) -> "pd.DataFrame":
    """Return people's word as it stands in the file now: another may have judged meanwhile."""
    from peerreview import tables
    from peerreview.tables import reading, writing

    return writing.from_people(reading.read_optional(overrides, tables.OVERRIDE))


def with_verdict(
    words: "pd.DataFrame", pairs: Sequence[tuple[str, str]], verdict: str, by: str
) -> "pd.DataFrame":
    """Return overrides with one more row for each pair, below all others."""
    from peerreview import tables
    from peerreview.duplicates import overrides as people

    said = {"verdict": verdict, "by": by}
    rows = [{"record_id": record_id, "duplicate_of": kept} | said for record_id, kept in pairs]
    return people.append(words, tables.make(tables.OVERRIDE, rows))


def _take(
    pairs: Sequence[tuple[str, str]],
    verdict: str,
    by: str,
    ids: "Cells",
    overrides: Path,
    at: int,
    given: list[_Answer],
) -> "tuple[pd.DataFrame, str]":
    """Write an answer, where nothing that anybody said speaks against it; return people's word then."""
    from peerreview import tables
    from peerreview.duplicates import overrides as people
    from peerreview.tables import writing

    words = _said(overrides)
    answer = with_verdict(words, pairs, verdict, by)
    try:
        people.check(answer, ids)
    except InputErrors as error:
        return words, f"left out: {error}"
    added = answer.iloc[len(words) :][[*tables.OVERRIDE.all_columns]]
    before = overrides.read_bytes() if overrides.exists() else None
    after = writing.appended(overrides, added, tables.OVERRIDE)
    writing.write(after, overrides)
    given.append(_Answer(at, before, after))
    return answer, ""


def _take_back(given: list[_Answer], overrides: Path, at: int) -> "tuple[int, pd.DataFrame, str]":
    """Take the last answer back, from the file too, unless somebody changed what stood there with it."""
    from peerreview.tables import writing

    if not given:
        return at, _said(overrides), "nothing to undo"
    with alone(overrides):
        there = overrides.read_bytes() if overrides.exists() else b""
        left = _without(given[-1], there)
        if left is None:
            said = f"nothing is undone, for this was changed elsewhere: {overrides}"
            return at, _said(overrides), said
        if left:
            writing.write(left, overrides)
        else:
            overrides.unlink()
        return given.pop().at, _said(overrides), "the last answer is undone"


def _without(answer: _Answer, there: bytes) -> bytes | None:
    """Return a file without an answer's rows, with what others wrote below; None where that is unclear."""
    if not there.startswith(answer.after):
        return None
    below = there[len(answer.after) :]
    if not below:
        return answer.before or b""
    before = answer.before or answer.after[: answer.after.find(b"\n") + 1]
    return before + below if before.endswith(b"\n") and answer.after.startswith(before) else None


def _put(title: str, why: str, sets: Sequence[Sequence[Row]], said: str) -> str:
    """Show a question on one screen, page by page where it is a long one; return the key of the answer."""
    from rich.console import Console

    width, height = shutil.get_terminal_size((80, 24))
    shown = Console(stderr=True, markup=False, emoji=False, highlight=False, width=width, height=height)
    records = [row for each in sets for row in each]
    first = 0
    while True:
        shown.clear()
        lines = [_cut(console.shown(text), width) for text in (said, title, why) if text]
        is_pair = len(records) == 2
        room = height - len(lines) - 1
        if is_pair:
            lines += pair_lines(shown, *records, room=room)
        else:
            n_page = max(1, (room - 1) // 2)
            lines += group_lines(sets, first, n_page, width)
        shown.print(*lines, sep="\n", no_wrap=True, overflow="crop")
        more = not is_pair and len(records) > n_page
        keys = PAIR_KEYS if is_pair else (SETS_KEYS if len(sets) > 1 else GROUP_KEYS)
        keys += (MORE_KEY if more else "") + ": "
        key = _ask(keys, "dnsuq" if is_pair else f"dnpsuq{' ' * more}")
        if key != " ":
            return key
        first = first + n_page if first + n_page < len(records) else 0


def _ask(keys: str, legal: str) -> str:
    typer.echo(keys, err=True, nl=False)
    while True:
        key = typer.getchar().lower()
        if key and key in legal:
            typer.echo(key, err=True)
            return key
        if key in {"\x03", "\x04"}:
            return "q"


def pair_lines(shown: "Console", one: Row, other: Row, *, room: int) -> "list[Text]":
    """
    Return two records beside each other on so many lines, what differs marked.

    Title, authors, year and venue come first and have most room; the
    abstract has what is left.
    """
    from rich.text import Text

    width = (shown.width - LABEL - 3) // 2
    blocks = []
    for column in (*LINES, *FURTHER):
        cells = [console.shown(" ".join(row.get(column, "").split())) for row in (one, other)]
        if not any(cells):
            continue
        wrapped = [
            list(marked(cell, against).wrap(shown, width)) or [Text()]
            for cell, against in zip(cells, cells[::-1], strict=True)
        ]
        blocks.append((column, _sign(*cells), wrapped))
    left = room - len(blocks)
    lines = []
    for column, sign, wrapped in blocks[: max(room, 1)]:
        n_full = max(map(len, wrapped))
        most = n_full if column == "abstract" else LINES.get(column, 1)
        n_lines = max(1, min(n_full, most, 1 + max(left, 0)))
        left -= n_lines - 1
        sides = [_cut_lines(side, n_lines, width) for side in wrapped]
        for number, (left_side, right_side) in enumerate(zip(*sides, strict=True)):
            label = f"{column:<{LABEL - 2}}{sign} " if not number else " " * LABEL
            line = Text(label, style=MARK if sign == "≠" else "dim")
            line.append_text(_padded(left_side, width)).append(" │ ", style="dim")
            lines.append(line.append_text(right_side))
    return lines


def group_lines(sets: Sequence[Sequence[Row]], first: int, n_shown: int, width: int) -> "list[Text]":
    """
    Return records below each other, two lines each; what not all of them say is marked.

    Where a heading comes again, each set of records that may be one work has a number, its records letters.
    """
    from rich.text import Text

    from peerreview.duplicates.explanation import is_same

    records = [row for each in sets for row in each]
    numbers = [
        f"{number}{_letters(place)}" if len(sets) > 1 else f"{place + 1}"
        for number, each in enumerate(sets, start=1)
        for place in range(len(each))
    ]
    told = ("title", "authors", "year", "journal", "place", "sources")
    first_of_all = records[0]
    common = {
        column
        for column in told
        if not any(is_same(first_of_all[column], row[column]) is False for row in records)
    }
    last = min(first + n_shown, len(records))
    several = f" in {len(sets)} sets" if len(sets) > 1 else ""
    lines = [_cut(f"{len(records)} records{several}; here {numbers[first]} to {numbers[last - 1]}:", width)]
    for number, row in zip(numbers[first:last], records[first:last], strict=True):
        head = Text(f"{number:>4} ")
        head.append(console.shown(row.get("title", "")), style="" if "title" in common else MARK)
        below = Text("     ")
        for column in told[1:]:
            cell = console.shown(row.get(column, "")) or "–"
            short = cell if len(cell) <= width // 3 else f"{cell[: width // 3]}…"
            below.append(" · " if column != "authors" else "")
            below.append(short, style="" if column in common else MARK)
        for line in (head, below):
            line.truncate(width, overflow="ellipsis")
        lines += [head, below]
    return lines


def _letters(place: int) -> str:
    """
    Return a to z, then aa, ab and on.

    >>> _letters(0), _letters(25), _letters(26)
    ('a', 'z', 'aa')
    """
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("a") + last)


def marked(cell: str, against: str) -> "Text":
    """Return a cell whose words that the other does not have are marked; of a blank cell, nothing is."""
    from rich.text import Text

    from peerreview.duplicates.explanation import strange_words

    if not cell:
        return Text("–", style="dim")
    text = Text()
    for word, is_strange in strange_words(cell, against):
        text.append(" " if text else "").append(word, style=MARK if is_strange else "")
    return text


def _sign(one: str, other: str) -> str:
    from peerreview.duplicates.explanation import is_same

    return {None: " ", True: "=", False: "≠"}[is_same(one, other)]


def _readable(row: Row) -> dict[str, str]:
    """Return a record's cells as people read them: no HTML, and its place in print in one."""
    return {column: html.unescape(cell) for column, cell in row.items()} | {"place": _place(row)}


def _place(row: Row) -> str:
    """
    Return where a record stands in print.

    >>> _place({"volume": "12", "issue": "3", "pages": "45-52"}), _place({"pages": "45"})
    ('12(3):45-52', ':45')
    """
    volume, issue, pages = (row.get(column, "") for column in ("volume", "issue", "pages"))
    return volume + (f"({issue})" if issue else "") + (f":{pages}" if pages else "")


def _cut(text: str, width: int) -> "Text":
    from rich.text import Text

    line = Text(text)
    line.truncate(width, overflow="ellipsis")
    return line


def _cut_lines(lines: "Sequence[Text]", n_lines: int, width: int) -> "list[Text]":
    """Return so many lines, blank ones below a short text, and a sign where it goes on."""
    from rich.text import Text

    kept = [line.copy() for line in lines[:n_lines]]
    if len(lines) > n_lines:
        kept[-1].rstrip()
        kept[-1].truncate(width - 1)
        kept[-1].append("…")
    return kept + [Text()] * (n_lines - len(kept))


def _padded(line: "Text", width: int) -> "Text":
    from rich.cells import cell_len

    whole = line.copy()
    whole.rstrip()
    return whole.append(" " * max(0, width - cell_len(whole.plain)))
