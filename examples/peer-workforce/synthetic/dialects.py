"""How each database writes a work: its spelling of names, titles, pages and DOIs, and its export format."""

import unicodedata
from dataclasses import dataclass
from random import Random

import words
from works import SEED, Copy, Work, chance, sentence, some

NOTE = "Synthetic record, for demonstration"
REAL_NOTE = "Citation as in Reeves et al. 2024 (CC BY 4.0), reference {}; that it was found here is synthetic"
NO_DOI = {
    "medline": 0.12,
    "embase": 0.14,
    "emcare": 0.20,
    "psycinfo": 0.20,
    "nursing": 0.55,
    "scopus": 0.06,
    "wos": 0.10,
}
"""Share of a database's records whose DOI is missing although the work has one."""
SMALL = {
    "a",
    "an",
    "and",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "into",
    "of",
    "on",
    "the",
    "to",
    "with",
    "among",
}
TEX_ACCENTS = {
    "\u0301": "'",
    "\u0300": "`",
    "\u0302": "^",
    "\u0308": '"',
    "\u0303": "~",
    "\u030c": "v",
    "\u0327": "c",
    "\u030a": "r",
}


@dataclass(frozen=True)
class Reference:
    """A work as one database spells it."""

    title: str
    authors: list[str]
    year: str
    journal: str
    short: str
    volume: str
    issue: str
    first: str
    last: str
    article: str
    doi: str
    abstract: str
    keywords: list[str]
    note: str


def without_accents(text: str, *, german: bool = False) -> str:
    """Return text in ASCII letters, as older databases hold it."""
    if text.isascii():
        return text
    if german:
        for letter, pair in (
            ("ä", "ae"),
            ("ö", "oe"),
            ("ü", "ue"),
            ("Ä", "Ae"),
            ("Ö", "Oe"),
            ("Ü", "Ue"),
            ("å", "aa"),
        ):
            text = text.replace(letter, pair)
    for letter, plain in (
        ("ø", "o"),
        ("Ø", "O"),
        ("æ", "ae"),
        ("ß", "ss"),
        ("ı", "i"),
        ("ł", "l"),
        ("đ", "d"),
    ):
        text = text.replace(letter, plain)
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))


def plain_marks(text: str) -> str:
    """Return text with typewriter quotes and dashes."""
    for curly, straight in (("“", '"'), ("”", '"'), ("’", "'"), ("–", "-")):
        text = text.replace(curly, straight)
    return text


def initials(given: str, dot: str) -> str:
    """Return the initials of given names, each with what follows it."""
    if len(given) > 1 and given.isupper():
        letters = given.replace("-", "")
    elif len(given) <= 2:
        # A citation gives initials already, as in "Rh".
        letters = given.upper()
    else:
        letters = "".join(part[0] for part in given.replace("-", " ").split())
    return "".join(letter + dot for letter in letters)


def title_case(text: str) -> str:
    """Return a title with its main words in capitals."""
    parts = text.split(" ")
    return " ".join(
        part if part.lower() in SMALL and place else sentence(part) for place, part in enumerate(parts)
    )


def mistype(random: Random, text: str) -> str:
    """Return text with two letters swapped or one lost."""
    place = 5 + int(random.random() * max(1, len(text) - 8))
    if chance(random, 0.5):
        return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
    return text[:place] + text[place + 1 :]


def spell_name(random: Random, database: str, family: str, given: str) -> str:
    """Return an author's name in a database's form."""
    match database:
        case "embase" | "emcare":
            plain = without_accents(family, german=chance(random, 0.2))
            return f"{plain} {without_accents(initials(given, '.'))}"
        case "scopus":
            particle, _, name = family.rpartition(" ")
            if particle and chance(random, 0.4):
                return f"{name}, {initials(given, '.')}{''.join(word[0] + '.' for word in particle.split())}"
            return f"{family}, {initials(given, '.')}"
        case "nursing":
            return f"{family}, {initials(given, '')}"
        case "medline":
            return f"{family}, {given.replace('.', '')}"
        case _:
            return f"{family}, {given}"


def vary_title(random: Random, database: str, work: Work) -> str:
    """Return a work's title as somebody typed it in once more."""
    title = work.title
    if database in ("embase", "psycinfo", "medline") and chance(random, 0.3):
        for british, american in words.AMERICAN.items():
            title = title.replace(british, american)
    if chance(random, 0.03):
        title = title.replace(" and ", " & ", 1)
    if chance(random, 0.012):
        title = mistype(random, title)
    if database in ("embase", "scopus", "nursing") and not work.twin and chance(random, 0.015):
        title = title.partition(":")[0]
    return title


def add_original(title: str, database: str, work: Work) -> str:
    """Return a translated title with what a database says of the original."""
    match database:
        case "medline":
            return f"[{title}]"
        case "embase" | "emcare":
            return f"{title}. [{work.language}]"
        case "psycinfo":
            return f"{work.original_title}. [{title}]"
        case "scopus":
            return f"{title} [{work.original_title}]"
        case _:
            return title


def spell_title(random: Random, database: str, work: Work, *, again: bool) -> str:
    """Return a work's title in a database's form."""
    title = work.title if work.ref else vary_title(random, database, work)
    if work.original_title:
        title = add_original(title, database, work)
    if database == "wos":
        title = title_case(title)
    if database == "nursing" and work.year < 2000 and chance(random, 0.5):
        title = title.upper()
    if database != "scopus" or chance(random, 0.5):
        title = plain_marks(title)
    if (
        database in ("medline", "embase", "emcare", "psycinfo", "nursing", "jbi")
        and not again
        and title[-1] not in "?."
    ):
        title += "."
    # Ovid's older records count the references of a review in its title, and PsycINFO says that it has them.
    if database == "medline" and work.year < 2009 and "review" in work.title:
        title += f" [Review] [{20 + work.number % 90} refs]"
    if database == "psycinfo" and work.year < 2013 and not work.ref and chance(random, 0.15):
        title += " [References]."
    return title


def spell_pages(random: Random, database: str, work: Work) -> tuple[str, str, str]:
    """Return first page, last page and article number in a database's form."""
    first, last = work.pages
    if not first:
        if work.article and database in ("medline", "embase", "nursing"):
            return work.article, "", ""
        return "", "", work.article
    if work.ref:
        full = first[: len(first) - len(last)] + last if len(last) < len(first) else last
        return first, last if database in ("nursing", "medline") else full, ""
    if chance(random, 0.02):
        return "", "", ""
    if database == "nursing" or (database in ("medline", "emcare") and chance(random, 0.3)):
        keep = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
        last = last[keep:] if len(first) == len(last) and first != last else last
    if chance(random, 0.03):
        last = ""
    return first, last, ""


def spell_doi(random: Random, database: str, work: Work, *, again: bool) -> str:
    """Return a work's DOI in a database's form, or none."""
    if not work.doi or (chance(random, NO_DOI.get(database, 1.0)) and not again):
        return ""
    doi = work.doi.upper() if chance(random, 0.06) else work.doi
    return f"https://dx.doi.org/{doi}" if database not in ("scopus", "wos") else doi


def spell_abstract(random: Random, database: str, work: Work) -> str:
    """Return a work's abstract in a database's form, or none."""
    abstract = work.abstract
    if not abstract or chance(random, 0.08):
        return ""
    if database == "wos":
        abstract = plain_marks(abstract)
    if database in ("medline", "psycinfo", "nursing"):
        for head in ("Background", "Methods", "Results", "Conclusions"):
            abstract = abstract.replace(f"{head}: ", f"{head.upper()}: ")
    if database == "scopus":
        abstract += f" © {work.year} The Author(s)."
    if database in ("embase", "emcare") and chance(random, 0.6):
        abstract += f" Copyright © {work.year} The Authors."
    if database == "psycinfo":
        abstract += f" (PsycInfo Database Record (c) {work.year} APA, all rights reserved)"
    return abstract


def spell(copy: Copy) -> Reference:
    """Return a database's record of a work; the same work always comes out the same there."""
    work, database = copy.work, copy.database
    random = Random(f"{SEED}/{work.number}/{database}/{copy.again}")
    authors = [spell_name(random, database, family, given) for family, given in work.authors]
    if not work.ref:
        if len(authors) > 3 and chance(random, 0.015):
            authors = authors[:3]
        if database == "nursing" and chance(random, 0.01):
            authors = []
        if database in ("medline", "psycinfo", "wos") and work.year < 2003 and chance(random, 0.6):
            authors = [without_accents(name) for name in authors]
    first, last, article = spell_pages(random, database, work)
    name, short = (work.journal.name, work.journal.short) if work.journal else ("", "")
    if work.container:
        name = f"{name}. Conference: {work.container}" if database == "embase" else name
    if work.journal and not work.ref:
        if database in ("embase", "emcare") and chance(random, 0.25):
            name = short
        elif database == "medline" and chance(random, 0.1):
            name = f"{name} : the official publication of the society"
        elif chance(random, 0.06):
            name = name.replace(" and ", " & ")
    year, volume, issue = str(work.year), work.volume, work.issue
    if copy.again:
        year, volume, issue, first, last = str(work.year - (work.number % 2)), "", "", "", ""
    if not work.ref:
        issue = "" if chance(random, 0.05) else issue
        volume = "" if chance(random, 0.015) else volume
        year = str(work.year - 1) if not work.twin and chance(random, 0.015) else year
    return Reference(
        title=spell_title(random, database, work, again=copy.again),
        authors=authors,
        year=year,
        journal=name.upper() if database == "wos" else name,
        short=short,
        volume=volume,
        issue=issue,
        first=first,
        last=last,
        article=article,
        doi=spell_doi(random, database, work, again=copy.again),
        abstract=spell_abstract(random, database, work),
        keywords=some(random, list(work.keywords), 2 + int(random.random() * 5)),
        note=REAL_NOTE.format(work.ref) if work.ref else NOTE,
    )


def pmid(work: Work) -> str:
    """Return an invented PMID, far above those in use."""
    return f"{90_000_000 + work.number * 10}"


OVID = {
    "medline": ("Ovid MEDLINE(R) <1946 to November 20, 2023>", "medall"),
    "embase": ("Embase <1974 to 2023 November 20>", "emexb"),
    "emcare": ("Ovid Emcare <1995 to 2023 Week 46>", "emcr"),
    "psycinfo": ("APA PsycInfo <{}>", "psyc"),
    "nursing": ("Ovid Nursing Database <1946 to November Week 2 2023>", "ovrn"),
    "jbi": ("JBI EBP Database <Current to November 15, 2023>", "jbi"),
}
ACCESSION = {
    "embase": "2099{:06d}{}",
    "emcare": "6099{:06d}{}",
    "psycinfo": "9999-{:05d}-00{}",
    "nursing": "97{:06d}{}",
    "jbi": "JBI99{:04d}{}",
}


def write_ovid(copies: list[Copy]) -> list[str]:
    """Return records in the RIS dialect of Ovid, each with its number before it."""
    return [_ovid(place, copy) for place, copy in enumerate(copies, start=1)]


def _ovid(place: int, copy: Copy) -> str:
    work, database, reference = copy.work, copy.database, spell(copy)
    name, code = OVID[database]
    accession = pmid(work) if database == "medline" else ""
    if database in ACCESSION:
        accession = ACCESSION[database].format(work.number, int(copy.again))
    if database == "medline" and copy.again:
        accession = str(int(accession) + 1)
    kind = {"thesis": "THES", "report": "RPRT"}.get(work.kind, "JOUR")
    tags = [("TY", kind), ("DB", name.format(work.year))]
    # A citation that is real gets no number that is not.
    tags += [("ID", accession)] if not work.ref else []
    tags += [("DO", reference.doi), ("T1", reference.title)]
    tags += [("A1", author) for author in reference.authors]
    tags += [("Y1", f"{reference.year}//"), ("N2", reference.abstract)]
    tags += [("KW", f"*{word}" if database == "psycinfo" else word) for word in reference.keywords]
    tags += [("JF", reference.journal)]
    if database in ("medline", "nursing") and not work.ref:
        tags += [("JA", reference.short)]
    tags += [("VL", reference.volume), ("IS", reference.issue)]
    if reference.first:
        tags += [("SP", reference.first), ("EP", reference.last)]
    elif database == "psycinfo" and work.journal and not work.ref:
        # PsycINFO's "No Pagination Specified" is cut at its blank.
        tags += [("SP", "No"), ("EP", "Pagination Specified")]
    tags += [("SP", reference.article)] if database == "emcare" and not reference.first else []
    if work.journal and not work.ref:
        tags += [("SN", work.journal.issn)]
    if not work.ref:
        tags += (
            [("AD", f"{sentence(reference.authors[0])}: University of {words.CITIES[work.number % 8]}")]
            if (reference.authors)
            else []
        )
        link = f"http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D={code}&NEWS=N&AN={accession}"
        tags += [("L2", link)]
    tags += [("N1", reference.note)]
    if not work.ref:
        tags += [("LA", work.language), ("PT", publication_type(work, database))]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\n".join([f"{place}. ", *lines, "ER  -  ", "", "", ""])


def publication_type(work: Work, database: str) -> str:
    """Return what kind of publication a database calls a work."""
    named = {
        "editorial": "Editorial",
        "erratum": "Erratum",
        "letter": "Letter",
        "conference": "Conference Abstract",
        "thesis": "Dissertation Abstract",
        "evidence summary": "Evidence Summaries",
        "report": "Report",
    }
    plain = {"embase": "Article", "emcare": "Article", "psycinfo": "Journal, Peer Reviewed Journal"}
    return named.get(work.kind, plain.get(database, "Journal Article"))


def write_scopus(copies: list[Copy]) -> list[str]:
    """Return records in the RIS dialect of Scopus."""
    return [_scopus(copy) for copy in copies]


def _scopus(copy: Copy) -> str:
    work, reference = copy.work, spell(copy)
    random = Random(f"{SEED}/{work.number}/scopus/numbers")
    tags = [("TY", "JOUR")]
    tags += [("AU", author) for author in reference.authors]
    tags += [("TI", reference.title), ("PY", reference.year), ("T2", reference.journal)]
    tags += [("J2", reference.short)] if not work.ref else []
    tags += [("VL", reference.volume), ("IS", reference.issue), ("C7", reference.article)]
    tags += [("SP", reference.first), ("EP", reference.last), ("DO", reference.doi)]
    if not work.ref:
        eid = f"2-s2.0-99{work.number:09d}"
        tags += [("UR", f"https://www.scopus.com/inward/record.uri?eid={eid}&partnerID=40")]
        tags += [("AD", f"University of {words.CITIES[work.number % 8]}")]
    tags += [("AB", reference.abstract)]
    tags += [("KW", word) for word in reference.keywords]
    if work.journal and not work.ref:
        tags += [("PB", "Invented Press"), ("SN", work.journal.issn.replace("-", "") + " (ISSN)")]
        tags += [("C2", pmid(work))] if work.kind == "article" and chance(random, 0.4) else []
    if not work.ref:
        tags += [("LA", work.language), ("M3", publication_type(work, "embase"))]
    tags += [("DB", "Scopus"), ("N1", f"Export Date: 21 November 2023; {reference.note}")]
    return "\n".join([*(f"{tag}  - {value}" for tag, value in tags if value), "ER  -", "", ""])


def tex(text: str, random: Random) -> str:
    """Return text as Web of Science writes it in BibTeX: escapes, and accents as commands or not at all."""
    for mark, escaped in (("&", "\\&"), ("%", "\\%"), ("[", "{[}"), ("]", "{]}"), ("_", "\\_")):
        text = text.replace(mark, escaped)
    if text.isascii() or chance(random, 0.5):
        return without_accents(text)
    letters = []
    for letter in text:
        base, *marks = unicodedata.normalize("NFD", letter)
        accent = TEX_ACCENTS.get(marks[0]) if marks else None
        letters.append(f"{{\\{accent}{{{base}}}}}" if accent else without_accents(letter))
    return "".join(letters)


def write_wos(copies: list[Copy]) -> list[str]:
    """Return records in the BibTeX of Web of Science."""
    return [_wos(copy) for copy in copies]


def _wos(copy: Copy) -> str:
    work, reference = copy.work, spell(copy)
    random = Random(f"{SEED}/{work.number}/wos/tex")
    unique = f"WOS:9999{work.number:011d}"
    key = f"Reference-{work.ref}" if work.ref else unique
    kind = {"conference": "Meeting Abstract", "erratum": "Correction", "editorial": "Editorial Material"}
    pages = "-".join(page for page in (reference.first, reference.last) if page)
    fields = [
        ("Author", " and\n   ".join(tex(author, random) for author in reference.authors)),
        ("Title", tex(reference.title, random)),
        ("Journal", tex(reference.journal, random)),
        ("Year", reference.year),
        ("Volume", reference.volume),
        ("Number", reference.issue),
        ("Pages", pages),
        ("Abstract", tex(reference.abstract, random)),
        ("Type", "" if work.ref else kind.get(work.kind, "Article")),
        ("Language", "" if work.ref else work.language),
        ("DOI", reference.doi),
        ("Article-Number", reference.article),
        ("ISSN", work.journal.issn if work.journal and not work.ref else ""),
        ("Keywords", "; ".join(reference.keywords)),
        ("Note", tex(reference.note, random)),
        ("Unique-ID", "" if work.ref else unique),
    ]
    lines = [f"{name} = {{{value}}}," for name, value in fields if value]
    return "\n".join([f"@article{{ {key},", *lines, "}", "", ""])


def write_zotero_ris(copies: list[Copy]) -> list[str]:
    """Return records in the RIS dialect of Zotero, line ends and all."""
    records = []
    for copy in copies:
        work = copy.work
        kind = {"report": "RPRT", "thesis": "THES"}.get(work.kind, "JOUR")
        full = work.pages[1]
        if work.ref and full:
            full = work.pages[0][: len(work.pages[0]) - len(full)] + full
        tags = [("TY", kind), ("TI", work.title)]
        tags += [("AU", f"{family}, {given}") for family, given in work.authors]
        tags += [
            ("T2", work.journal.name if work.journal else ""),
            ("DA", f"{work.year}///"),
            ("PY", str(work.year)),
        ]
        tags += [("VL", work.volume), ("IS", work.issue), ("SP", work.pages[0]), ("EP", full)]
        tags += [("AB", work.abstract), ("LA", work.language if not work.ref else "")]
        tags += [("N1", REAL_NOTE.format(work.ref) if work.ref else NOTE)]
        lines = [f"{tag}  - {value}" for tag, value in tags if value]
        records.append("\r\n".join([*lines, "ER  - ", "", ""]))
    return records


def write_zotero_bib(copies: list[Copy]) -> list[str]:
    """Return records in the BibTeX of Zotero, which guards capitals with braces."""
    records = []
    for copy in copies:
        work = copy.work
        family = without_accents(work.authors[0][0]).lower().replace(" ", "_").replace("'", "")
        key = f"{family}_{work.title.split()[0].lower()}_{work.year}"
        title = " ".join(
            f"{{{word}}}" if place and word[:1].isupper() else word
            for place, word in enumerate(work.title.split())
        )
        fields = [
            ("type", "Report"),
            ("title", title),
            ("author", " and ".join(", ".join(name) for name in work.authors)),
            ("institution", f"University of {words.CITIES[work.number % 8]}"),
            ("year", str(work.year)),
            ("abstract", work.abstract),
            ("language", "en"),
            ("note", NOTE),
        ]
        lines = [f"\t{name} = {{{value}}}," for name, value in fields if value]
        records.append("\n".join([f"@techreport{{{key},", *lines, "}", "", ""]))
    return records


def order(copies: list[Copy], name: str) -> list[Copy]:
    """Return a database's records as it lists them: newest first, then as it happens."""
    random = Random(f"{SEED}/{name}/order")
    drawn = [(-copy.work.year, random.random(), place) for place, copy in enumerate(copies)]
    return [copies[place] for _, _, place in sorted(drawn)]
