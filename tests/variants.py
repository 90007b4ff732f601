"""
Labelled sets to measure with: real works as careless bibliographies write them, and big invented sets.

The chances below were fixed before the rules were written, and are not theirs to know.
"""

import random
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

import pandas as pd

from peerreview import tables

Row = dict[str, str]

DROPPED: Mapping[str, float] = MappingProxyType(
    {
        "doi": 0.8,
        "pages": 0.5,
        "volume": 0.4,
        "issue": 0.6,
        "abstract": 0.7,
        "journal": 0.15,
        "year": 0.02,
    }
)
"""How often a bibliography from outside medicine leaves a field out."""
VARIED = 0.3
"""The share of works that another source has too; every third of these stands in a third source as well."""
ABBREVIATED, INITIALS, REORDERED, TRUNCATED, SHOUTED = 0.4, 0.5, 0.1, 0.15, 0.2
MISTYPED, SUBTITLE_LOST, YEAR_OFF, FIRST_PAGE_ONLY = 0.1, 0.05, 0.05, 0.15

STOPWORDS = frozenset(
    {"of", "the", "and", "for", "in", "on", "a", "an", "to", "de", "la", "des", "der", "und", "et"}
)
DATABASES = ("MEDLINE", "Embase", "CINAHL", "Scopus", "Web of Science", "PsycINFO")
SYLLABLES = re.findall("..", "bacedifoguhakilomenaponquirasetoulvewoxiyazebrichodraflegrophastitra")
FIRST_LETTERS = "ABCDEFGHJKLMNPRSTVW"


def vary(
    records: pd.DataFrame, groups: Mapping[str, str], *, seed: int
) -> tuple[pd.DataFrame, dict[str, str]]:
    """
    Return labelled careless variants of a labelled set's works.

    Parameters
    ----------
    records : columns of ``records.csv``.
    groups : record_id to the work it is of.

    Returns
    -------
    Records, and record_id to work; one to three records of each work.
    """
    chance = random.Random(seed)  # noqa: S311  nothing is secret here
    works: dict[str, Row] = {}
    for raw in records.to_dict("records"):
        row = {str(key): str(cell) for key, cell in raw.items()}
        works.setdefault(groups[row["record_id"]], row)
    rows: list[Row] = []
    labels: dict[str, str] = {}
    for group in sorted(works):
        n_copies = 1 + (chance.random() < VARIED)
        n_copies += n_copies == 2 and chance.random() < 1 / 3
        for copy in range(n_copies):
            record_id = f"{works[group]['record_id']}-{copy}"
            varied = _careless(works[group], chance) | {"record_id": record_id, "accession": "", "extra": ""}
            rows.append(varied | {"source": DATABASES[copy], "source_kind": "database", "round": "1"})
            labels[record_id] = group
    chance.shuffle(rows)
    return tables.make(tables.RECORDS, rows), labels


def invent(n_records: int, *, seed: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return invented records as databases write them, four in ten of them duplicates, and their works."""
    chance = random.Random(seed)  # noqa: S311  nothing is secret here
    rows = list(_invented(n_records, chance))
    chance.shuffle(rows)
    # A record's id is its work's number, after an x, and which copy it is.
    labels = {row["record_id"]: row["record_id"][1:].partition("-")[0] for row in rows}
    return tables.make(tables.RECORDS, rows), labels


def invent_in_parts(n_records: int, *, seed: int, size: int = 50_000) -> Iterator[pd.DataFrame]:
    """Yield the records of ``invent``, work by work, so many at a time: more of them than memory holds."""
    rows = _invented(n_records, random.Random(seed))  # noqa: S311  nothing is secret here
    while part := list(islice(rows, size)):
        yield tables.make(tables.RECORDS, part)


def _invented(n_records: int, chance: random.Random) -> Iterator[Row]:
    """Yield the records of one work after the other."""
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(30_000)]
    weights = [1 / (rank + 20) ** 0.9 for rank in range(len(words))]
    families = [
        "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize() for _ in range(20_000)
    ]
    journals = [
        " ".join(
            ["Journal of", *(word.capitalize() for word in chance.choices(words, k=chance.randint(1, 3)))]
        )
        for _ in range(4_000)
    ]
    stream = chance.choices(words, weights=weights, k=200_000)
    n_rows = work = 0
    while n_rows < n_records:
        work += 1
        record = _work(work, chance, stream, families, journals)
        n_copies = chance.choices((1, 2, 3, 4), weights=(55, 28, 12, 5))[0]
        for copy in range(min(n_copies, n_records - n_rows)):
            source = DATABASES[(work + copy) % len(DATABASES)]
            row = _as_database(record, source, chance) | {"record_id": f"x{work}-{copy}", "source": source}
            yield row | {"source_kind": "database", "round": "1"}
            n_rows += 1


BEYOND = ("DBLP", "ACM", "Scopus")
"""A list of conference papers, a publisher's library and a database, each with its own names of venues."""
KINDS = ("Conference on", "Symposium on", "Workshop on", "Journal of", "Transactions on")
SWAPPED, WORD_LOST, YEAR_APART, EXTENDED, COLUMN = 0.1, 0.01, 0.02, 0.05, 0.02
"""Authors in another order; a word of the title lost; a year apart; a journal's version; a column's issue."""


def invent_beyond_medicine(n_records: int, *, seed: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """
    Return invented records of computing and social science, and their works.

    None has a volume, pages or a DOI; each source has its own name for a venue. One work in twenty
    has a longer version in a journal a year or two later, which is another work; columns come again.
    """
    chance = random.Random(seed)  # noqa: S311  nothing is secret here
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(8_000)]
    families = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize() for _ in range(5_000)]
    given = ["".join(chance.choices(SYLLABLES, k=2)).capitalize() for _ in range(400)]
    venues = [_venue(chance, words) for _ in range(max(4, n_records // 120))]
    journals = [venue for venue in venues if venue["ACM"].startswith(KINDS[3:])] or venues[:1]
    rows: list[Row] = []
    labels: dict[str, str] = {}
    work = 0

    def add(title: str, names: list[tuple[str, str]], year: int, venue: Mapping[str, str]) -> None:
        nonlocal work
        work += 1
        n_copies = chance.choices((1, 2, 3), weights=(45, 40, 15))[0]
        for source in chance.sample(BEYOND, n_copies):
            written = names[::-1] if chance.random() < SWAPPED else names
            row = {
                "record_id": f"b{work}-{source.lower()}",
                "title": _as_listed(title, source, chance),
                "authors": "; ".join(_as_named(one, source) for one in written),
                "year": str(year + (chance.random() < YEAR_APART)),
                "journal": venue[source],
            }
            rows.append(row | {"source": source, "source_kind": "database", "round": "1"})
            labels[row["record_id"]] = str(work)

    while len(rows) < n_records:
        names = [(chance.choice(given), chance.choice(families)) for _ in range(chance.choice((1, 2, 3, 4)))]
        year, venue = chance.randint(1995, 2020), chance.choice(venues)
        if chance.random() < COLUMN:
            title = f"{chance.choice(words)} column".capitalize()
            for later in range(3):
                add(title, names, year + later, journals[0])
            continue
        title = " ".join(chance.choices(words, k=chance.randint(4, 10))).capitalize()
        add(title, names, year, venue)
        if chance.random() < EXTENDED and venue not in journals:
            add(title, names, year + chance.choice((1, 2)), chance.choice(journals))
    chance.shuffle(rows)
    return tables.make(tables.RECORDS, rows), labels


def _venue(chance: random.Random, words: list[str]) -> Mapping[str, str]:
    """Return a venue's name in each source: its acronym, its name, and the name of its proceedings."""
    kind = chance.choice(KINDS)
    topics = [word.capitalize() for word in chance.sample(words, chance.choice((2, 3)))]
    name = f"{kind} {' '.join(topics)}"
    acronym = "".join(word[0] for word in topics) + chance.choice(("DAYS", "CONF", "X"))
    if kind in KINDS[3:]:
        return {"DBLP": _abbreviate(name), "ACM": name, "Scopus": name.upper()}
    return {"DBLP": acronym, "ACM": name, "Scopus": f"Proceedings of the Annual {name}"}


def _as_listed(title: str, source: str, chance: random.Random) -> str:
    parts = title.split()
    if chance.random() < WORD_LOST and len(parts) > 6:
        del parts[chance.randrange(1, len(parts))]
    written = " ".join(parts)
    if chance.random() < MISTYPED / 4:
        written = _mistype(written, chance)
    return written.title() + "." if source == "DBLP" else written


def _as_named(name: tuple[str, str], source: str) -> str:
    given, family = name
    return f"{family}, {given[0]}." if source == "Scopus" else f"{given} {family}"


def _work(
    number: int, chance: random.Random, stream: list[str], families: list[str], journals: list[str]
) -> Row:
    drawn = chance.choices(stream, k=chance.randint(6, 14))
    authors = "; ".join(
        f"{family}, {chance.choice(FIRST_LETTERS)}. {chance.choice(FIRST_LETTERS)}."
        for family in chance.choices(families, k=chance.choice((1, 2, 3, 3, 4, 5, 6, 9)))
    )
    first = chance.randint(1, 1900)
    return {
        "type": "article",
        "title": " ".join(drawn).capitalize(),
        "authors": authors,
        "year": str(chance.randint(1990, 2025)),
        "journal": chance.choice(journals),
        "volume": str(chance.randint(1, 90)),
        "issue": str(chance.randint(1, 12)),
        "pages": f"{first}-{first + chance.randint(3, 14)}",
        "doi": f"10.5555/work.{number}",
        "abstract": " ".join(chance.choices(stream, k=90)).capitalize() + ".",
    }


def _as_database(record: Row, source: str, chance: random.Random) -> Row:
    """Return a work as a database writes it, with its house style and its slips."""
    row = dict(record)
    if source in {"MEDLINE", "Web of Science"}:
        row["journal"] = _abbreviate(row["journal"])
    if source == "Web of Science":
        row["title"] = row["title"].upper() if chance.random() < 0.5 else row["title"]
    if source == "MEDLINE":
        first, _, last = row["pages"].partition("-")
        if len(first) == len(last) and first[:-1] == last[:-1]:
            row["pages"] = f"{first}-{last[-1]}"
        row["title"] += "."
    if source == "CINAHL":
        row["doi"] = ""
        row["authors"] = "; ".join(name.rstrip(" .").rsplit(" ", 1)[0] for name in row["authors"].split("; "))
    if source == "PsycINFO":
        row["abstract"] = row["abstract"][:300]
    if chance.random() < 0.15:
        row["doi"] = ""
    if chance.random() < 0.1:
        row["pages"] = ""
    if chance.random() < 0.1:
        row["issue"] = ""
    if chance.random() < 0.05:
        row["title"] = _mistype(row["title"], chance)
    if chance.random() < 0.03:
        row["year"] = str(int(row["year"]) + 1)
    return row


def _careless(record: Row, chance: random.Random) -> Row:
    row = dict(record)
    for column, share in DROPPED.items():
        if chance.random() < share:
            row[column] = ""
    if chance.random() < ABBREVIATED:
        row["journal"] = _abbreviate(row["journal"])
    names = [name.strip() for name in row["authors"].split(";") if name.strip()]
    if chance.random() < REORDERED and len(names) > 1:
        place = chance.randrange(len(names) - 1)
        names[place], names[place + 1] = names[place + 1], names[place]
    if chance.random() < TRUNCATED:
        names = names[:3]
    if chance.random() < INITIALS:
        names = [_initials(name) for name in names]
    row["authors"] = "; ".join(names)
    main, colon, _ = row["title"].partition(": ")
    if colon and len(main.split()) > 3 and chance.random() < SUBTITLE_LOST:
        row["title"] = main
    if chance.random() < SHOUTED:
        row["title"] = row["title"].upper()
    if chance.random() < MISTYPED:
        row["title"] = _mistype(row["title"], chance)
    if row["year"].isdigit() and chance.random() < YEAR_OFF:
        row["year"] = str(int(row["year"]) + chance.choice((-1, 1)))
    if chance.random() < FIRST_PAGE_ONLY:
        row["pages"] = row["pages"].partition("-")[0].strip()
    return row


def _abbreviate(journal: str) -> str:
    words = [word for word in journal.split() if word.lower() not in STOPWORDS]
    if len(words) < 2:
        return journal
    return " ".join(word if len(word) < 6 else f"{word[:4]}." for word in words)


def _initials(name: str) -> str:
    family, comma, given = name.partition(",")
    if not comma:
        return name
    return f"{family}, {' '.join(f'{word[0]}.' for word in given.split() if word[0].isalpha())}".rstrip(", ")


def _mistype(text: str, chance: random.Random) -> str:
    letters = [
        place for place, letter in enumerate(text[:-1]) if letter.isalpha() and text[place + 1].isalpha()
    ]
    if not letters:
        return text
    place = chance.choice(letters)
    kind = chance.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + text[place] + text[place:]
