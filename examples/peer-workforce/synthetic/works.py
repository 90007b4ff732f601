"""What there is to find: the works, which of them are one work, and which database holds a copy."""

import csv
from bisect import bisect_right
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TypeVar

import words

Item = TypeVar("Item")

SEED = 20231121
N_RECORDS = 10_491
N_WORKS = 5_191
HERE = Path(__file__).parent

DATABASES = ("medline", "embase", "emcare", "psycinfo", "nursing", "jbi", "scopus", "wos")
HELD = {
    "medline": 0.46,
    "embase": 0.50,
    "emcare": 0.27,
    "psycinfo": 0.40,
    "nursing": 0.11,
    "scopus": 0.52,
    "wos": 0.34,
}
"""Share of the works in journals that a database holds."""
OTHER_METHODS = ("reference-lists", "grey-literature")

REASONS = {
    "area": "Other lived experience area",
    "integration": "Not about integration of peer roles",
    "effectiveness": "Evaluates effectiveness",
    "review": "Review of literature",
    "proposed": "Proposed study",
    "grey": "Grey literature",
}
"""Why a full text is excluded, in the protocol's words."""
EXCLUDED_AT_FULL_TEXT = {
    "area": 19,
    "integration": 31,
    "effectiveness": 35,
    "review": 22,
    "proposed": 12,
    "grey": 6,
}


@dataclass(frozen=True)
class Journal:
    """A journal of an invented record."""

    name: str
    short: str
    issn: str
    founded: int


@dataclass(frozen=True)
class Work:
    """
    One work as it truly is; a database's copy of it is a variation.

    ``fate`` is ``screened_out``, ``included`` or a key of ``REASONS``;
    ``twin`` says how it differs from the work that it is easily taken for.
    """

    number: int
    kind: str
    title: str
    authors: tuple[tuple[str, str], ...]
    year: int
    journal: Journal | None = None
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: tuple[str, str] = ("", "")
    article: str = ""
    doi: str = ""
    abstract: str = ""
    language: str = "English"
    original_title: str = ""
    keywords: tuple[str, ...] = ()
    fate: str = "screened_out"
    near: bool = False
    twin: str = ""
    twin_of: int = 0
    ref: str = ""
    study_id: str = ""


def pick(random: Random, items: tuple[Item, ...] | list[Item]) -> Item:
    """Return one of the items; ``random()`` alone is the same in every Python."""
    return items[int(random.random() * len(items))]


def some(random: Random, items: tuple[Item, ...] | list[Item], n: int) -> list[Item]:
    """Return ``n`` different items in a random order."""
    left = list(items)
    return [left.pop(int(random.random() * len(left))) for _ in range(min(n, len(left)))]


def chance(random: Random, share: float) -> bool:
    """Return true for this share of the calls."""
    return random.random() < share


def sentence(text: str) -> str:
    """Return text with a capital first letter."""
    return text[:1].upper() + text[1:]


def shorten(name: str) -> str:
    """Return a journal's abbreviated name."""
    kept = [word for word in name.split() if word not in ("of", "and", "in", "the")]
    return " ".join(words.SHORT.get(word, word) for word in kept)


def make_journals(random: Random) -> list[Journal]:
    """Return the journals that invented articles appear in."""
    names = [f"{form} {field}" for form in words.FORMS for field in words.FIELDS]
    names += [f"{scope} Journal of {field}" for scope in words.SCOPES for field in words.FIELDS]
    return [
        Journal(name, shorten(name), f"9999-{number:04d}", 1950 + int(random.random() * 55))
        for number, name in enumerate(some(random, names, 170), start=1)
    ]


def make_authors(random: Random, at_most: int = 9) -> tuple[tuple[str, str], ...]:
    """Return (family, given) of a work's authors."""
    people = []
    for _ in range(1 + int(random.random() ** 1.3 * at_most)):
        if chance(random, 0.03):
            family = pick(random, words.PARTICLE_NAMES)
        elif chance(random, 0.05):
            family = f"{pick(random, words.FAMILY_NAMES)}-{pick(random, words.FAMILY_NAMES)}"
        else:
            family = pick(random, words.FAMILY_NAMES)
        given = pick(random, words.GIVEN_NAMES)
        if chance(random, 0.4):
            given += f" {chr(65 + int(random.random() * 20))}."
        people.append((family, given))
    return tuple(people)


def make_title(random: Random, fate: str, *, near: bool) -> str:
    """Return the title of an invented work, near to the review's question or not."""
    actor, aspect = pick(random, words.ACTORS), pick(random, words.PEER_ASPECTS)
    setting, place = pick(random, words.SETTINGS), pick(random, words.PLACES)
    design, population = pick(random, words.DESIGNS), pick(random, words.POPULATIONS)
    topic, opening = pick(random, words.OTHER_TOPICS), pick(random, words.OPENINGS)
    saying = pick(random, words.SAYINGS)
    match fate:
        case "effectiveness":
            forms = [f"Effectiveness of {actor} for {topic} in {setting}: a randomised controlled trial"]
            forms += [f"Do {actor} improve {topic}? A controlled trial in {setting} of {place}"]
        case "review":
            forms = [
                f"{aspect} of {actor} in {setting}: a scoping review",
                f"{actor} and {aspect}: a review of reviews",
            ]
        case "proposed":
            forms = [f"{aspect} among {actor} in {setting}: protocol for {pick(random, words.DESIGNS[:12])}"]
        case "area":
            forms = [f"{aspect} of {actor} in {pick(random, words.AREAS)}: {design}"]
        case "summary":
            forms = [f"{topic} for {population}: {setting}"]
        case "grey":
            forms = [f"{aspect} of {actor} in {setting} in {place}: a dissertation"]
        case _ if near or fate == "integration":
            forms = [
                f"{opening} {aspect} among {actor} in {setting}: {design}",
                f"{actor} in {setting}: {design} of {aspect} in {place}",
                f"“{saying}”: {aspect} and {pick(random, words.PEER_ASPECTS)} for {actor}",
                f"{aspect} and the employment of {actor} in {place}",
                f"What do {population} expect of {actor}? {design} in {setting}",
            ]
        case _:
            forms = [
                f"{opening} {topic} among {population} in {setting}: {design}",
                f"{topic} and {pick(random, words.OTHER_TOPICS)} in {population}",
                f"{topic} in {setting}: {design} with {population} in {place}",
                f"{saying}: {population} and {topic} in {place}",
                f"{opening} {topic} in {place}",
                f"The relationship between {topic} and {pick(random, words.OTHER_TOPICS)} in {setting}",
                f"{population} and {topic}: {design}",
            ]
    return sentence(pick(random, forms))


def make_abstract(random: Random) -> str:
    """Return an invented abstract."""
    topic = pick(random, [*words.OTHER_TOPICS, *words.PEER_ASPECTS])
    filled = {
        "topic": topic,
        "Topic": sentence(topic),
        "population": pick(random, [*words.POPULATIONS, *words.ACTORS]),
        "setting": pick(random, words.SETTINGS),
        "place": pick(random, words.PLACES),
        "n": str(8 + int(random.random() * 900)),
        "months": str(3 + int(random.random() * 30)),
    }
    parts = (words.BACKGROUND, words.METHOD, words.RESULT, words.CONCLUSION)
    heads = ("Background: ", "Methods: ", "Results: ", "Conclusions: ") if chance(random, 0.4) else ("",) * 4
    return " ".join(
        head + pick(random, part).format(**filled) for head, part in zip(heads, parts, strict=True)
    )


def make_article(random: Random, number: int, journal: Journal, title: str, fate: str, *, near: bool) -> Work:
    """Return an invented article."""
    year = min(2023, 1980 + int(44 * random.random() ** 0.45))
    year = max(year, journal.founded + 1)
    first = 1 + int(random.random() * 900)
    pages = (str(first), str(first + 3 + int(random.random() * 14)))
    article = ""
    if year > 2010 and chance(random, 0.15):
        pages, article = ("", ""), pick(random, ["e{:05d}", "{:04d}", "{:06d}"]).format(number * 7 % 90_000)
    elif chance(random, 0.03):
        pages = (f"S{first % 90 + 1}", f"S{first % 90 + 7}")
    work = Work(
        number,
        "article",
        title,
        make_authors(random),
        year,
        journal,
        volume=str(year - journal.founded),
        issue=str(1 + int(random.random() * 6)) if chance(random, 0.93) else "",
        pages=pages,
        article=article,
        abstract=make_abstract(random),
        keywords=tuple(some(random, words.KEYWORDS, 3 + int(random.random() * 6))),
        fate=fate,
        near=near,
    )
    return with_doi(random, work)


def with_doi(random: Random, work: Work) -> Work:
    """Return a work with a DOI that is plainly invented, where works of its year have one."""
    if not chance(random, 0.35 if work.year < 2001 else 0.95):
        return replace(work, doi="")
    letters = "".join(word[0] for word in (work.journal.short if work.journal else "Thesis").split()).lower()
    return replace(work, doi=f"10.5555/{letters}.{work.year}.{work.number:05d}")


def translate(random: Random, work: Work) -> Work:
    """Return a work in another language than English, with its original title."""
    language = pick(random, list(words.FOREIGN))
    topic, place = pick(random, words.OTHER_TOPICS), pick(random, words.PLACES)
    return replace(
        work, language=language, original_title=words.FOREIGN[language].format(topic=topic, place=place)
    )


def make_twin(random: Random, work: Work, number: int, twin: str) -> tuple[Work, Work]:
    """Return a work and another that is easily taken for it."""
    journal = work.journal
    assert journal is not None  # noqa: S101  only articles have twins
    first, last = (int(page) if page.isdigit() else 1 for page in work.pages)
    other = replace(work, number=number, twin=twin, twin_of=work.number)
    later = str(last + 1), str(last + 8)
    match twin:
        case "part":
            stem = work.title.partition(":")[0]
            work = replace(
                work, title=f"{stem}. Part I: {pick(random, ['concepts', 'background', 'methods'])}"
            )
            other = replace(
                other, title=f"{stem}. Part II: {pick(random, ['findings', 'implications', 'results'])}"
            )
            other = replace(other, pages=later, abstract=make_abstract(random))
        case "part_bare":
            stem = work.title.partition(":")[0]
            work, other = (
                replace(work, title=f"{stem} (part 1)"),
                replace(other, title=f"{stem} (part 2)", pages=later),
            )
        case "erratum":
            mark = pick(random, ["Correction to: {}", "Erratum: {}", "Corrigendum to “{}”", "Erratum to: {}"])
            page = str(last + 90)
            other = replace(
                other,
                kind="erratum",
                title=mark.format(work.title),
                abstract="",
                pages=(page, page),
                issue=str(int(work.issue or 1) + 1),
                keywords=(),
            )
        case "reply":
            mark = pick(random, ["Reply to: {}", "Commentary on “{}”", "{}: authors’ response"])
            other = replace(
                other, kind="letter", title=mark.format(work.title), abstract="", pages=later, keywords=()
            )
            other = other if "response" in mark else replace(other, authors=make_authors(random, 3))
        case "editorial":
            work = replace(
                work,
                kind="editorial",
                title=pick(random, words.EDITORIALS),
                authors=work.authors[:1],
                abstract="",
                pages=("1", "2"),
                issue="1",
                article="",
                keywords=(),
            )
            other = replace(
                work, number=number, twin=twin, twin_of=work.number, issue="2", pages=("81", "83")
            )
            if chance(random, 0.5):
                year = min(2023, work.year + 1)
                other = replace(
                    other, year=year, volume=str(year - journal.founded), issue="1", pages=("1", "3")
                )
        case "conference":
            year = max(work.year - int(random.random() * 2), journal.founded + 1)
            page = f"S{1 + int(random.random() * 400)}"
            other = replace(
                other,
                kind="conference",
                container=f"{pick(random, words.SCOPES)} Congress of Mental Health, {year}",
                year=year,
                volume=str(year - journal.founded),
                issue="Suppl 1",
                pages=(page, page),
                article="",
                abstract=make_abstract(random),
            )
        case "wave":
            stem = work.title.partition(":")[0]
            work = replace(work, title=f"{stem}: results of the {work.year} survey")
            year = min(2023, work.year + 2) if work.year < 2022 else work.year - 2
            other = replace(
                other,
                title=f"{stem}: results of the {year} survey",
                year=year,
                volume=str(year - journal.founded),
                pages=(str(first + 40), str(last + 41)),
                abstract=make_abstract(random),
            )
        case "protocol":
            stem = work.title.partition(":")[0]
            work = replace(work, title=f"{stem}: a randomised controlled trial")
            other = replace(other, title=f"{stem}: study protocol for a randomised controlled trial")
            other = replace(
                other, year=work.year - 1, volume=str(work.year - 1 - journal.founded), pages=later
            )
        case _:
            raise ValueError(twin)
    return with_doi(random, work), with_doi(random, other)


TWINS = {
    "part": 26,
    "part_bare": 6,
    "erratum": 30,
    "reply": 12,
    "editorial": 28,
    "conference": 24,
    "wave": 12,
    "protocol": 10,
}
"""Pairs of different works that look alike."""
N_JBI, N_NEAR, N_CONFERENCE, N_FOREIGN, N_THESES = 148, 560, 160, 130, 40


def read_included() -> list[Work]:
    """Return the reports that the review included: their citations, nothing else."""
    with (HERE / "included-reports.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    works = []
    for number, row in enumerate(rows, start=1):
        people = [name for name in row["authors"].split("; ") if name != "et al"]
        first, dash, last = row["pages"].partition("–")
        works.append(
            Work(
                number,
                row["type"],
                row["title"],
                tuple((name.rpartition(" ")[0], name.rpartition(" ")[2]) for name in people),
                int(row["year"]),
                Journal(row["journal"], row["journal"], "", 0) if row["journal"] else None,
                volume=row["volume"],
                issue=row["issue"],
                pages=(first, last) if dash else ("", ""),
                article="" if dash else first,
                fate="included",
                near=True,
                ref=row["ref"],
                study_id=row["study_id"],
            )
        )
    return works


def make_works() -> tuple[list[Work], list[Work]]:
    """Return the works that databases hold, and those that only other methods found."""
    random = Random(f"{SEED}/works")
    journals = make_journals(random)
    included = read_included()
    held = [work for work in included if work.ref not in ("37", "49")]
    others = [work for work in included if work.ref in ("37", "49")]
    titles: set[str] = set()
    number = len(included)

    def article(fate: str = "screened_out", *, near: bool = False) -> Work:
        nonlocal number
        number += 1
        title = make_title(random, fate, near=near)
        while title in titles:
            title = make_title(random, fate, near=near)
        titles.add(title)
        return make_article(random, number, pick(random, journals), title, fate, near=near)

    for fate, n_works in EXCLUDED_AT_FULL_TEXT.items():
        for _ in range(n_works):
            work = article(fate, near=True)
            held.append(to_thesis(work) if fate == "grey" else work)
    held += [article(near=True) for _ in range(N_NEAR)]
    for twin, n_pairs in TWINS.items():
        for _ in range(n_pairs):
            base = article(near=chance(random, 0.2))
            while len(base.title.partition(":")[0].split()) < 5:
                base = article(near=chance(random, 0.2))
            base = replace(base, issue="2", article="")
            base = base if base.pages[0] else replace(base, pages=("33", "45"))
            number += 1
            held += make_twin(random, base, number, twin)
    held += [to_evidence_summary(article("summary")) for _ in range(N_JBI)]
    held += [to_conference(random, article()) for _ in range(N_CONFERENCE)]
    held += [translate(random, article()) for _ in range(N_FOREIGN)]
    held += [to_thesis(article()) for _ in range(N_THESES)]
    held += [article() for _ in range(N_WORKS - len(held))]
    for place in range(12):
        fate = "grey" if place < 7 else pick(random, ["review", "integration"])
        work = to_thesis(article(fate, near=True))
        others.append(replace(work, kind="report" if fate == "grey" else "article"))
    return held, others


def to_thesis(work: Work) -> Work:
    """Return a work as a dissertation."""
    return replace(
        work,
        kind="thesis",
        journal=None,
        volume="",
        issue="",
        pages=("", ""),
        article="",
        authors=work.authors[:1],
        doi="",
    )


def to_evidence_summary(work: Work) -> Work:
    """Return a work as one of the Joanna Briggs Institute's kinds, with an invented content."""
    return replace(
        work,
        kind="evidence summary",
        journal=None,
        volume="",
        issue="",
        pages=("", ""),
        article="",
        doi="",
        authors=work.authors[:1],
        fate="screened_out",
    )


def to_conference(random: Random, work: Work) -> Work:
    """Return a work as a conference abstract in a supplement."""
    page = f"S{1 + int(random.random() * 400)}"
    container = f"{pick(random, words.SCOPES)} Congress of Mental Health, {work.year}"
    return replace(
        work, kind="conference", container=container, issue="Suppl 1", pages=(page, page), article=""
    )


@dataclass(frozen=True)
class Copy:
    """A database's record of a work; ``again`` where the database holds it twice."""

    work: Work
    database: str
    again: bool = False


def hold(works: list[Work]) -> list[Copy]:
    """Return the databases' records of the works: each work at least once, 10,491 in all."""
    random = Random(f"{SEED}/copies")
    held: dict[int, list[str]] = {}
    twice: set[int] = set()
    for work in works:
        held[work.number] = [
            name for name in may_hold(work) if chance(random, HELD.get(name, 1.0) * reach(work))
        ]
        if not held[work.number]:
            held[work.number] = [pick(random, may_hold(work))]
    journal_works = [work for work in works if work.journal and not work.ref]
    for work in some(random, journal_works, 64):
        if held[work.number][0] in ("medline", "embase", "psycinfo"):
            twice.add(work.number)
    surplus = sum(map(len, held.values())) + len(twice) - N_RECORDS
    while surplus:
        work = pick(random, journal_works)
        names = held[work.number]
        if surplus > 0 and len(names) > 1 and work.number not in twice:
            names.remove(pick(random, names))
            surplus -= 1
        elif surplus < 0:
            missing = [name for name in may_hold(work) if name not in names]
            if missing:
                names.append(pick(random, missing))
                surplus += 1
    copies = []
    for work in works:
        for place, name in enumerate(sorted(held[work.number], key=DATABASES.index)):
            copies.append(Copy(work, name))
            if place == 0 and work.number in twice:
                copies.append(Copy(work, name, again=True))
    return copies


def may_hold(work: Work) -> list[str]:
    """Return the databases that hold this kind of work."""
    match work.kind:
        case "evidence summary":
            return ["jbi"]
        case "thesis":
            return ["psycinfo"]
        case "conference":
            return ["embase", "wos"]
        case _:
            return ["medline", "embase", "emcare", "psycinfo", "nursing", "scopus", "wos"]


def reach(work: Work) -> float:
    """Return how far above others a work's chance is to be held."""
    if work.ref:
        return 1.6
    return {"erratum": 0.8, "editorial": 0.7, "letter": 0.8, "conference": 0.9}.get(
        work.kind, 0.87 if work.near else 0.8
    )


def read_truth(truth: Path, records: list[dict[str, str]]) -> dict[str, Work]:
    """
    Return the work that each record is truly of, by record id.

    Parameters
    ----------
    truth : what ``make_exports.py`` wrote.
    records : rows with ``record_id``, ``source_file`` and ``source_line``.
    """
    numbered = {work.number: work for works in make_works() for work in works}
    begins: dict[str, list[tuple[int, Work]]] = {}
    with truth.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            begins.setdefault(row["file"], []).append((int(row["line"]), numbered[int(row["work"])]))
    lines = {name: [line for line, _ in listed] for name, listed in begins.items()}
    found = {}
    for row in records:
        name = Path(row["source_file"]).name
        # A record may be said to begin at its number or at its first tag.
        place = bisect_right(lines[name], int(row["source_line"])) - 1
        found[row["record_id"]] = begins[name][place][1]
    return found
