"""Sheets of votes as teams keep them, made up with known votes, and then changed by careless hands."""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

Vote = tuple[str, str, str]
"""Record, reviewer, decision."""
WORDS = (
    ("include", "exclude", "maybe"),
    ("Included", "Excluded", "Unclear"),
    ("yes", "no", "?"),
    ("Y", "N", "unsure"),
    ("1", "0", ""),
    ("in", "out", "maybe"),
)
PEOPLE = ("ana", "Ben", "Cy Doe", "K.L.", "María", "Reviewer 1", "Reviewer 2", "DF")
REASONS = ("Wrong age", "Not on a ward", "No peers", "Other; Wrong design")
FLAGS = (
    "viewed", "further excluded", "from_searches", "Duplicate?", "full text available", "PDF found",
    "retracted", "open access", "Checked", "response",
)  # fmt: skip
FIELDS = (
    "Country",
    "Study design",
    "Sample size",
    "Comments",
    "Source",
    "Language",
    "My thoughts",
    "Date added",
)


@dataclass(frozen=True)
class Sheet:
    """A sheet, how it is called for, and the votes it holds; ``above`` and ``below`` are rows around it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    votes: frozenset[Vote]
    reasons: dict[Vote, str] = field(default_factory=dict)
    reviewers: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()
    delimiter: str = ","
    what: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sheet as CSV."""
        stream = io.StringIO()
        csv.writer(stream, delimiter=self.delimiter, lineterminator="\n").writerows(
            [*self.above, self.header, *self.rows, *self.below]
        )
        return stream.getvalue()


def title(number: int) -> str:
    """Return the title of a record."""
    return f"Study number {number} of {('lamps', 'lifts', 'gardens', 'porters')[number % 4]}"


def make(chance: random.Random) -> Sheet:
    """Return a sheet as it should be: wide, with one column of decisions, or long."""
    words = chance.choice(WORDS)
    kind = chance.choice((_wide, _wide, _single, _long))
    people = chance.sample(PEOPLE, 1 if kind is _single else chance.randint(2, 3))
    said: dict[tuple[int, str], str] = {}
    for number in range(chance.randint(3, 14)):
        for name in people:
            # Each reviewer used each word once, so that a sheet says what its words are.
            some = ("include", "exclude")[number : number + 1] or ("include", "exclude", "maybe", "")
            decision = chance.choice(some)
            said[number, name] = "" if decision == "maybe" and not words[2] else decision
    spelled = {**dict(zip(("include", "exclude", "maybe"), words, strict=True)), "": ""}
    votes = [(f"r{number}", name, decision) for (number, name), decision in said.items() if decision]
    reasons = {
        vote: chance.choice(REASONS) if vote[2] == "exclude" and chance.random() < 0.7 else ""
        for vote in votes
    }
    cells = {
        (f"r{number}", name): (spelled[decision], reasons.get((f"r{number}", name, decision), ""))
        for (number, name), decision in said.items()
    }
    header, rows = kind(cells, people)
    if kind is not _long and chance.random() < 0.5:
        kept = [place for place, name in enumerate(header) if not name.endswith("reason")]
        header, rows = [header[place] for place in kept], [[row[place] for place in kept] for row in rows]
        reasons = dict.fromkeys(votes, "")
    return Sheet(
        tuple(header),
        tuple(map(tuple, rows)),
        frozenset(votes),
        reasons,
        tuple(people) if kind is _single else (),
        what=(kind.__name__,),
    )


Cells = dict[tuple[str, str], tuple[str, str]]
"""What each reviewer wrote on each record: a word, and a reason."""


def _wide(cells: Cells, people: list[str]) -> tuple[list[str], list[list[str]]]:
    header = ["record_id", "title"]
    for name in people:
        header += [name, f"{name} reason"]
    rows = []
    for record_id in dict.fromkeys(each for each, _ in cells):
        row = [record_id, title(int(record_id[1:]))]
        for name in people:
            row += cells[record_id, name]
        rows.append(row)
    return header, rows


def _single(cells: Cells, people: list[str]) -> tuple[list[str], list[list[str]]]:
    _, rows = _wide(cells, people)
    return ["record_id", "title", "decision", "reason"], rows


def _long(cells: Cells, people: list[str]) -> tuple[list[str], list[list[str]]]:
    header = ["record_id", "title", "reviewer", "stage", "decision", "reason", "decided_at", "note"]
    rows = [
        [record_id, title(int(record_id[1:])), name, "title_abstract", word, reason, "", ""]
        for (record_id, name), (word, reason) in cells.items()
        if name in people
    ]
    return header, rows


def _column(sheet: Sheet, chance: random.Random, name: str, cells: list[str]) -> Sheet:
    place = chance.randint(0, len(sheet.header))
    rows = [(*row[:place], cell, *row[place:]) for row, cell in zip(sheet.rows, cells, strict=True)]
    return replace(sheet, header=(*sheet.header[:place], name, *sheet.header[place:]), rows=tuple(rows))


def _renamed(sheet: Sheet, old: str, new: str) -> Sheet:
    return replace(sheet, header=tuple(new if name == old else name for name in sheet.header))


def rename_id(sheet: Sheet, chance: random.Random) -> Sheet:
    return _renamed(
        sheet, "record_id", chance.choice(("ID", "Nr", "Record ID", "key", "Covidence #", "RECORD_ID"))
    )


def rename_title(sheet: Sheet, chance: random.Random) -> Sheet:
    return _renamed(sheet, "title", chance.choice(("Title", "TITLE", "Article Title", "What it is called")))


def rename_votes(sheet: Sheet, chance: random.Random) -> Sheet:
    name = chance.choice(sheet.header)
    forms = {"decision": ("My decision", "Verdict", "Include?", "Decision (title/abstract)", "What I say"),
             "reviewer": ("Screener", "Who", "Name"), "stage": ("Phase", "Level"),
             "reason": ("Why", "Reasons")}  # fmt: skip
    if name in forms:
        return _renamed(sheet, name, chance.choice(forms[name]))
    if name in {vote[1] for vote in sheet.votes}:
        return _renamed(
            sheet,
            name,
            chance.choice((f"{name} decision", f"Decision {name}", f"{name}'s vote", f" {name} ")),
        )
    return sheet


def move(sheet: Sheet, chance: random.Random) -> Sheet:
    order = chance.sample(range(len(sheet.header)), len(sheet.header))
    rows = tuple(tuple(row[place] for place in order) for row in sheet.rows)
    return replace(sheet, header=tuple(sheet.header[place] for place in order), rows=rows)


def add_flag(sheet: Sheet, chance: random.Random) -> Sheet:
    words = chance.choice((("1", "0"), ("1", ""), ("yes", "no"), ("x", "")))
    return _column(sheet, chance, chance.choice(FLAGS), [chance.choice(words) for _ in sheet.rows])


def add_flag_of_a_person(sheet: Sheet, chance: random.Random) -> Sheet:
    name = chance.choice(sorted({vote[1] for vote in sheet.votes}) or ["ana"])
    forms = (f"Viewed by {name}", f"{name} OK", f"Discuss with {name}", f"Uploaded by {name}", f"{name} read")
    words = chance.choice((("1", "0"), ("yes", "no"), ("Included", "Excluded")))
    return _column(sheet, chance, chance.choice(forms), [chance.choice(words) for _ in sheet.rows])


def add_field(sheet: Sheet, chance: random.Random) -> Sheet:
    words = chance.choice(
        (("Norway", "Chile"), ("RCT", "cohort"), ("12", "240"), ("read again", ""), ("yes, but", ""))
    )
    return _column(sheet, chance, chance.choice(FIELDS), [chance.choice(words) for _ in sheet.rows])


def double(sheet: Sheet, chance: random.Random) -> Sheet:
    place = chance.randrange(len(sheet.header))
    cells = [row[place] for row in sheet.rows]
    if chance.random() < 0.5:
        cells = chance.sample(cells, len(cells))
    name = sheet.header[place] + chance.choice(("", ".1", " (2)", " copy"))
    return _column(sheet, chance, name, cells)


def odd_word(sheet: Sheet, chance: random.Random) -> Sheet:
    place, at = chance.randrange(len(sheet.header)), chance.randrange(len(sheet.rows))
    # In a column of names it would be another person's, and among reasons another reason.
    people = {vote[1] for vote in sheet.votes} | {"decision", "stage"}
    if sheet.header[place] not in people:
        return sheet
    odd = chance.choice(
        ("perhaps", "include?", "see above", "yes/no", "2", "check", "in or out", "-", "exclude, no?")
    )
    rows = list(sheet.rows)
    rows[at] = (*rows[at][:place], odd, *rows[at][place + 1 :])
    return replace(sheet, rows=tuple(rows))


def own_words(sheet: Sheet, chance: random.Random) -> Sheet:
    people = {vote[1] for vote in sheet.votes} | {"decision"}
    places = [place for place, name in enumerate(sheet.header) if name in people]
    if not places:
        return sheet
    place = chance.choice(places)
    known = sorted({row[place] for row in sheet.rows})
    own = dict(zip(known, chance.sample(("keep", "drop", "A", "B", "weg"), len(known)), strict=True))
    rows = [(*row[:place], own[row[place]] if row[place] else "", *row[place + 1 :]) for row in sheet.rows]
    return replace(sheet, rows=tuple(rows))


def totals(sheet: Sheet, chance: random.Random) -> Sheet:
    label = chance.choice(("Total", "Sum", "Totals:", "n", "", "TOTAL INCLUDED"))
    cells = [label, *(chance.choice(("1", "7", "0", "")) for _ in sheet.header[1:])]
    return replace(sheet, below=(*sheet.below, tuple(cells)))


def blank_rows(sheet: Sheet, chance: random.Random) -> Sheet:
    rows = list(sheet.rows)
    for _ in range(chance.randint(1, 3)):
        rows.insert(chance.randint(0, len(rows)), ("",) * len(sheet.header))
    return replace(sheet, rows=tuple(rows))


def section(sheet: Sheet, chance: random.Random) -> Sheet:
    rows = list(sheet.rows)
    rows.insert(chance.randint(0, len(rows)), ("Batch 2", *[""] * (len(sheet.header) - 1)))
    return replace(sheet, rows=tuple(rows))


def heading(sheet: Sheet, chance: random.Random) -> Sheet:
    if sheet.above:
        return sheet
    n = len(sheet.header)
    over = (
        ["Screening of our review", *[""] * (n - 1)] if chance.random() < 0.5 else ["", *["Votes"] * (n - 1)]
    )
    return replace(sheet, above=(tuple(over),))


def repeat_row(sheet: Sheet, chance: random.Random) -> Sheet:
    row = chance.choice(sheet.rows)
    return replace(sheet, rows=(*sheet.rows, row))


def semicolons(sheet: Sheet, chance: random.Random) -> Sheet:
    return replace(sheet, delimiter=chance.choice((";", "\t")))


CHANGES: tuple[Callable[[Sheet, random.Random], Sheet], ...] = (
    rename_id, rename_title, rename_votes, move, add_flag, add_flag_of_a_person, add_field, double, odd_word,
    own_words, totals, blank_rows, section, heading, repeat_row, semicolons,
)  # fmt: skip


def changed(seed: int) -> Sheet:
    """Return a sheet that up to four careless hands have changed; its votes are what they were."""
    chance = random.Random(seed)  # noqa: S311  made up, not secret
    sheet = make(chance)
    for change in chance.sample(CHANGES, chance.randint(1, 4)):
        sheet = replace(change(sheet, chance), what=(*sheet.what, change.__name__))
    return sheet
