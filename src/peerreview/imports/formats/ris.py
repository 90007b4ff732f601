"""
RIS, in the dialects of databases, reference managers and screening tools.

Our own engine reads it: rispy 0.10 loses records without a word where an
end line is missing or a byte order mark stands (see ``tagged``). rispy
writes it, in ``writers``, and is the oracle of the tests.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from peerreview.imports.formats import (
    NOWHERE,
    Origin,
    Part,
    Piece,
    RawRecord,
    Stranger,
    Tags,
    Warned,
    find_lines,
)
from peerreview.imports.formats.openings import strangers
from peerreview.imports.formats.shared import origins, tagged
from peerreview.imports.formats.shared.fields import Fields, group
from peerreview.imports.formats.shared.rejoining import rejoin
from peerreview.tables import LIST
from peerreview.values import cells, identifiers, names, pages, years

NAME = "ris"
_LISTED = frozenset(
    {"AU", "A1", "A2", "A3", "A4", "ED", "KW", "SN", "UR", "L1", "L2", "DB", "M1", "N1", "AD"}
)
_TITLES = frozenset({"TI", "T1"})
# Some tools write "TY - JOUR"; where they do not, "CI - 95%" may be a wrapped line of an abstract.
_LOOSE = tagged.Dialect(
    starts=re.compile(r"^[ \t]*TY[ \t]{1,3}-", re.MULTILINE),
    line=re.compile(r"^[ \t]*([A-Z][A-Z0-9])[ \t]{1,3}-(.*)$"),
    ends="ER",
    listed=_LISTED,
    titles=_TITLES,
    strangers=strangers(NAME),
)
DIALECT = replace(
    _LOOSE,
    # "ER -" ends a record; "ER-positive" goes on with an abstract.
    line=re.compile(r"^[ \t]*([A-Z][A-Z0-9])(?:(?: {2,3}| ?\t ?)-|(?<=ER) ?-[ -]*$)(.*)$"),
    plain=tagged.Plain(
        marks=re.compile(
            r"\n\n*(?!(?!TY|ER)[A-Z][A-Z0-9]  -|ER  -[ \t]*\n*(?:\nTY|\Z)|\Z)",
        ),
        tags=re.compile(r"^([A-Z][A-Z0-9])  -[^\S\n]*(.*\S|)[^\S\n]*$", re.MULTILINE),
    ),
    loose=_LOOSE,
)
_SKIP = frozenset({"ER"})
WATCHES = True
"""Strangers are among the lines that no plain record holds, and found with them."""


SEARCHES = True
"""Wherever a record opens, the text is of this format."""


def looks_like(text: str) -> bool:
    """Return whether a line opens a RIS record."""
    return next(find_lines(text, DIALECT.starts), None) is not None


def parse(text: str) -> Iterator[Part | Stranger]:
    """Return each RIS record; one that is cut off at the end of the file is rejected."""
    held: tagged.Cut | None = None
    for cut in rejoin(tagged.cut(text, DIALECT)):
        if held is not None:
            yield from _judge(held, last=False, complete=True)
            held = None
        if cut.strange:
            yield Stranger(cut.line)
        if cut.closed and cut.started and not cut.late and not cut.junk:
            yield RawRecord(cut.line, cut.text, cut.tags)
        else:
            held = cut
    if held is not None:
        yield from _judge(held, last=True, complete=text.endswith("\n"))


def _judge(cut: tagged.Cut, *, last: bool, complete: bool) -> Iterator[Part]:
    tags = {tag for tag, value in cut.tags if value}
    if not cut.started and not tags - _SKIP:
        yield from _junk(cut)
        return
    if not cut.started:
        yield Warned(cut.line, "TY line is missing; what stands here is read as a record")
    if not cut.closed and last and not (complete and tags & _TITLES):
        yield Piece(cut.line, "the file ends within this record; export it again", cut.text)
        yield from _junk(cut)
        return
    if not cut.closed:
        yield Warned(cut.line, "ER line is missing at the end of this record")
    for line, _ in cut.late:
        yield Warned(line, "tag after the ER line; kept with the record before it")
    # Some of Ovid's exports name the database in the link below the record alone.
    links = [("LK", found[1]) for _, text in cut.junk if (found := _OVID_LINK.search(text))]
    yield RawRecord(cut.line, cut.text, [*cut.tags, *links])
    yield from _junk(cut)


_OVID_LINK = re.compile(r"Link to the Ovid Full Text[^:]*: (http\S+?)(?=Link to|\s|$)")
_PLAIN_JUNK = re.compile(
    r"\d{1,6}\.|<\d+>|Record #\d+ of \d+|Link to .*|(?:Provider|Database|Content|Content-Type): ?.*",
    re.IGNORECASE,
)


_SEAM = re.compile(rf"^ER  -[ \t]*\n(?:(?>(?i:{_PLAIN_JUNK.pattern})?[ \t]*)\n)*+(?=TY  - )", re.MULTILINE)
"""A whole record above, another one below: what stands here is read the same if the text is cut."""


def stretches(text: str, length: int) -> Iterator[str]:
    """Yield a text in parts of about that length, each of which can be read by itself."""
    return tagged.stretches(text, length, _SEAM)


def _junk(cut: tagged.Cut) -> Iterator[Part]:
    for line, text in cut.junk:
        # Ovid numbers its records, Cochrane and publishers head them; neither is news.
        if not _PLAIN_JUNK.fullmatch(text):
            shown = text if len(text) <= 60 else text[:57] + "…"
            yield Warned(line, f"text between records: {shown!r}", text)


_TITLE = ("TI", "T1", "CT", "BT", "ST")
_AUTHORS = ("AU", "A1", "ED", "A2")
"""Editors stand for the authors of a book that has none."""
_EDITORS = frozenset({"ED", "A2"})
_YEAR = ("PY", "Y1", "YR", "DA")
_JOURNAL = ("JF", "T2", "JO", "JA", "J2", "J1", "BT")
_EBSCO_JOURNAL = ("JF", "JO", "JA", "T2")
_ABSTRACT = ("AB", "N2")
_BARE_DOI = re.compile(r"\s*(?:doi\s*:?\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+\s*", re.IGNORECASE)
_DOI_ELSEWHERE = ("L3", "M3", "ID", "AN", "N1", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "LA")
_LINK_TAGS = ("UR", "L2", "LK", "L1", "L4")
_ISSUE = re.compile(r"\d{1,5}(?:[-/]\d{1,5})?")
_NUMBER = re.compile(r"\d{6,8}")
_EID = re.compile(r"[?&]eid=(2-s2\.0-\d+)")
_OVID_AN = re.compile(r"ovidweb\.cgi\?\S*&AN=([^&\s]+)")
_EBSCO_AN = re.compile(r"[?&]AN=([^&]+)")
_NOTED_DOI = re.compile(r"(?:^|; )DOI: (10\.\d{4,9}/\S+)", re.IGNORECASE | re.MULTILINE)
_NOTED_AN = re.compile(r"Accession (?:Number|No\.?): ([^;]+)", re.IGNORECASE)
_BVS_LINK = re.compile(r"bvsalud\.org/.*/resource/(?:[a-z]{2}/)?([a-z]+-\d+)")


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a RIS record."""
    is_own = ("DP", OWN) in raw.tags
    fields = Fields(raw.tags, _SKIP, own=is_own, only=OWN_TAGS if is_own else None)
    left = fields.left
    links = [value for tag in _LINK_TAGS for value in left.get(tag, ())]
    provider = left.get("DP")
    is_ebsco = provider == ["EBSCOhost"]
    if provider == [OWN]:
        _take_as_written(fields)
    else:
        _identify(fields, links)
        fields.first("type", ("TY",))
    fields.first("title", _TITLE)
    if "AU" in left and "A1" in left:
        _take_both(fields, raw.tags)
    fields.every("authors", _AUTHORS, _authors, lent=_EDITORS)
    fields.first("year", _YEAR, years.year)
    fields.first("journal", _EBSCO_JOURNAL if is_ebsco else _JOURNAL)
    fields.first("volume", ("VL", "VO"))
    fields.first("issue", ("IS", "IP"), _issue_number)
    fields.first("issue", ("CP",), _issue)  # the Web of Science: a conference
    if "M1" in left:
        fields.first("issue", ("M1",), _issue)
    _page(fields)
    fields.every("issn", ("SN",), identifiers.issns)
    fields.every("isbn", ("SN",), identifiers.isbns)
    fields.first("abstract", _ABSTRACT)
    fields.every("keywords", ("KW", "DE"))
    fields.first("language", ("LA", "LG"))
    fields.first("url", _LINK_TAGS, cells.link)
    return fields.finish()


def _take_as_written(fields: Fields) -> None:
    """Fill columns from a record of ours, in which no field holds what is of another."""
    told = [value for value in fields.left.pop("U5", ()) if value.startswith(OWN_TYPE)]
    if told:
        fields.left["U5"] = [told[0].removeprefix(OWN_TYPE)]
        fields.first_type(("U5",))
        fields.left.pop("U5", None)
        fields.left.pop("TY", None)
    else:
        fields.first_type(("M3", "TY"))
    fields.every("authors", ("AU", "ED"), names.read, lent=_EDITORS)
    fields.first("issue", ("IS",))
    fields.first("doi", ("DO",), identifiers.doi)
    fields.first("pmid", ("N1",), _noted_pmid)
    fields.first("pmcid", ("N1",), _noted_pmcid)
    notes = [value for value in fields.left.pop("N1", ()) if not _NOTED.fullmatch(value)]
    if notes:
        fields.left["N1"] = notes
    fields.first("accession", ("AN",))
    fields.first("url", ("UR",), str.strip)


_NOTED = re.compile(r"PMID: \d+|PMCID: PMC\d+")


def _take_both(fields: Fields, tags: Tags) -> None:
    """Fill in the authors of a record that has some in A1 and some in AU, in the order of the file."""
    named = {tag: _authors(fields.left[tag]).split(LIST) for tag in ("A1", "AU")}
    others = {name.casefold() for name in named["AU"]}
    # Who stands in both is one author.
    firsts = {name for name in named["A1"] if name.casefold() not in others}
    people = [
        name
        for tag, value in tags
        if tag in named
        for name in _authors([value]).split(LIST)
        if tag == "AU" or name in firsts
    ]
    spent = named if people == [value for tag, value in tags if tag in named and value] else ()
    fields.set("authors", LIST.join(filter(None, people)), *spent)


def _authors(cells: Iterable[str]) -> str:
    people = list(cells)
    joined = ";".join(people)
    # citationchaser and others write all authors in one line; "&" may open an entity.
    if joined.count(";") >= len(people) and "&" not in joined:
        people = joined.split(";")
    if " and " in joined:
        people = [name for each in people for name in _split_and(each)]
    return names.authors(people)


def _split_and(names_of: str) -> list[str]:
    """Return the names that " and " joins, as in BibTeX; "Example and Sample" have no commas or initials."""
    parts = names_of.split(" and ")
    return parts if all("," in part or _INITIALS_LAST.search(part) for part in parts) else [names_of]


_INITIALS_LAST = re.compile(r"\w [A-Z]{1,3}$")


def _noted_pmid(value: str) -> str:
    return identifiers.pmid(value) if value.startswith("PMID") else ""


def _scielo_number(value: str) -> str:
    return value if _SCIELO.fullmatch(value) else ""


_SCIELO = re.compile(r"S\d{4}-\d{3}[\dX]\d{13}-[a-z]+")


def _is_from_medline(provider: str, databases: Sequence[str]) -> bool:
    """Whether an accession number is the PMID, as EndNote keeps it."""
    return provider.upper() == "NLM" or (provider.startswith(("Ovid", "EBSCO")) and _has_medline(databases))


def _marked_pmid(value: str) -> str:
    # PubMed Central: "90000001[pmid]".
    return identifiers.pmid(value) if value.endswith("[pmid]") else ""


def _noted_pmcid(value: str) -> str:
    return identifiers.pmcid(value) if value.startswith("PMCID") else ""


def _issue_number(value: str) -> str:
    # Zotero takes the number that MEDLINE gives a journal, which Ovid writes in M1, for the issue.
    return "" if len(value) > 6 and _JOURNAL_NUMBER.fullmatch(value) else cells.text(value)


_JOURNAL_NUMBER = re.compile(r"(?:\w{3}, )?(?:\d{7}|\d{9})(?:, \w{3})?")


def _issue(value: str) -> str:
    return value if _ISSUE.fullmatch(value) else ""


def _page(fields: Fields) -> None:
    left = fields.left
    first, last = left.get("SP", [""]), left.get("EP", [""])
    found = pages.pages(first[0], last[0])
    if not found:
        fields.first("pages", ("C7", "PG"), pages.pages)
        return
    fields.columns["pages"] = found
    if len(first) == len(last) == 1 and found in (first[0], f"{first[0]}-{last[0]}", last[0]):
        left.pop("SP", None)
        left.pop("EP", None)


def _identify(fields: Fields, links: Sequence[str]) -> None:
    """Fill in DOI, PMID, PMCID and accession number, from wherever a database hides them."""
    joined = "\n".join(links)
    notes = "\n".join(fields.left.get("N1", ()))
    databases = fields.left.get("DB", ())
    _identify_doi(fields, links, notes)
    _identify_pmid(fields, joined, databases)
    _identify_pmcid(fields, joined)
    fields.first("accession", ("AN", "U2"))
    number = fields.columns["accession"]
    if not number:
        _identify_accession(fields, joined, notes, databases)
    elif number.startswith("MEDLINE:"):
        fields.set("pmid", identifiers.pmid(number))  # Web of Science.


def _identify_doi(fields: Fields, links: Sequence[str], notes: str) -> None:
    left = fields.left
    fields.first("doi", ("DO",), identifiers.doi)
    if not fields.columns["doi"]:
        bare = (value for tag in _DOI_ELSEWHERE for value in left.get(tag, ()) if "10." in value)
        fields.set("doi", next((identifiers.doi(value) for value in bare if _BARE_DOI.fullmatch(value)), ""))
    if not fields.columns["doi"]:
        # EBSCO: "Accession Number: 123; DOI: 10.5555/peer.1; Publication Type: Article".
        _find(fields, "doi", _NOTED_DOI, notes, identifiers.doi)
    if not fields.columns["doi"]:
        fields.set("doi", next(filter(None, map(identifiers.doi, links)), ""))


def _identify_pmid(fields: Fields, links: str, databases: Sequence[str]) -> None:
    """Fill in the PMID; each database has another place for it."""
    left = fields.left
    is_embase = "embase.com/" in links
    if links:
        fields.set("pmid", identifiers.linked_pmid(links))
    if is_embase:
        _set_number(fields, "C5")
    if "C2" in left:
        if "scopus.com/" in links or "Scopus" in databases:
            _set_number(fields, "C2")
        fields.first("pmid", ("C2",), _noted_pmid)
    if "C3" in left:
        fields.set("pmid", identifiers.named_pmid("\n".join(left["C3"])))
    if "ID" in left and "AN" not in left and not is_embase and _has_medline(databases):
        fields.set("pmid", _number(left["ID"][0]))  # Ovid.
    if "DP" in left and "AN" in left and _is_from_medline(left["DP"][0], databases):
        fields.set("pmid", _number(left["AN"][0]))  # EndNote, from PubMed.
    if "U1" in left:
        fields.first("pmid", ("U1",), _marked_pmid)
    if "N1" in left:
        fields.first("pmid", ("N1",), _noted_pmid)


def _identify_pmcid(fields: Fields, links: str) -> None:
    left = fields.left
    if "/PMC" in links.upper():
        fields.set("pmcid", identifiers.pmcid(links))
    if "C2" in left:
        fields.set("pmcid", identifiers.pmcid(left["C2"][0]))
    if "N1" in left:
        fields.first("pmcid", ("N1",), _noted_pmcid)


def _identify_accession(fields: Fields, links: str, notes: str, databases: Sequence[str]) -> None:
    """Fill in the accession number where no tag of its own has it."""
    if links:
        _find(fields, "accession", identifiers.EMBASE_LINK, links)
        _find(fields, "accession", _EID, links)
        _find(fields, "accession", _BVS_LINK, links)
    is_ovid = "ovidweb.cgi?" in links
    if any("<" in name for name in databases) or ("LK" in fields.left and is_ovid):
        fields.first("accession", ("ID",))
    if "ID" in fields.left:
        is_bvs = any("bvsalud.org" in provider for provider in fields.left.get("DP", ()))
        fields.first("accession", ("ID",), str.strip if is_bvs else _scielo_number)
    _find(fields, "accession", _NOTED_AN, notes)
    if "ebscohost.com/" in links:
        _find(fields, "accession", _EBSCO_AN, links)
    if is_ovid:
        _find(fields, "accession", _OVID_AN, links)


def _number(value: str) -> str:
    return identifiers.pmid(value) if _NUMBER.fullmatch(value) else ""


def _set_number(fields: Fields, tag: str) -> None:
    """Take the PMID from where one database writes it alone."""
    fields.set("pmid", _number(fields.left.get(tag, [""])[0]), tag)


def _has_medline(databases: Sequence[str]) -> bool:
    return any("medline" in name.lower() for name in databases)


def _find(
    fields: Fields, column: str, pattern: re.Pattern[str], text: str, clean: Callable[[str], str] = str.strip
) -> None:
    found = None if fields.columns[column] else pattern.search(text)
    if found:
        fields.set(column, clean(found[1]))


_TELLING = frozenset({*_LINK_TAGS, "DB", "DP", "AN", "WE", "ID", "M1", "N1", "DA", "PY", "ST", "TI"})


def origin(raw: RawRecord) -> Origin:
    """Return the database, the platform and the carrier that a RIS record names."""
    tags = group(raw.tags, only=_TELLING)
    carrier = _carrier(tags)
    if asked := [value for value in tags.get("M1", ()) if _QUERIED.match(value)]:
        # Publish or Perish: its links lead to where a paper was published.
        cited = (origins.from_link(value.partition("cites: ")[2], "M1") for value in asked)
        found = next((each for each in cited if each.database), NOWHERE)
        return Origin(found.database, "Publish or Perish", carrier, found.how)
    linked = NOWHERE
    for tag in _LINK_TAGS:
        for value in tags.get(tag, ()):
            found = origins.from_link(value, tag)
            # Lens and others link to PubMed, too.
            if found.platform and (not linked.platform or linked.database == "PubMed"):
                linked = found
        if linked.platform:
            break
    provider = tags.get("DP", [""])[0]
    if provider == OWN:
        return Origin(tags.get("DB", [""])[0], "", carrier, "DB")
    for value in tags.get("DB", ()):
        # Embase.com says "Embase" and "Medline" of one record: coverage, not two sources.
        if linked.database == "Embase":
            return Origin("Embase", "Embase.com", carrier, "DB")
        name = origins.database(value)
        if not name:
            carrier = carrier or origins.carrier(value)
            continue
        platform = origins.platform(name, linked) or (
            "Ovid"
            if "<" in value or provider.startswith("Ovid")
            else provider
            if provider == "EBSCOhost"
            else ""
        )
        return Origin(name, platform, carrier, "DB")
    accessions = tags.get("AN", ())
    # Web of Science leaves out the line feed between the two.
    glued = any("AN  - WOS:" in value for value in tags.get("WE", ()))
    name = "Web of Science" if glued else origins.web_of_science(accessions[0] if accessions else "")
    if name:
        return Origin(name, "Web of Science", carrier, "AN")
    if accessions and accessions[0].startswith("pub.1"):
        return Origin("Dimensions", "Dimensions", carrier, "AN")
    if accessions and accessions[0].startswith("CN-"):
        return Origin("Cochrane CENTRAL", "Cochrane Library", carrier, "AN")
    if provider.upper() == "NLM":
        return Origin("PubMed", "PubMed", carrier, "DP")
    return Origin(linked.database, linked.platform, carrier, linked.how)


_QUERIED = re.compile(r"Query date: |\d+ cites: ")
_ZOTERO_DATE = re.compile(r"\d{4}(?:/\d\d)?//?/?")


def _carrier(tags: dict[str, list[str]]) -> str:
    for tag in ("AN", "ID"):
        for value in tags.get(tag, ()):
            if value.startswith("rayyan-"):
                return "Rayyan"
    if "N1" in tags and "RAYYAN-" in "".join(tags["N1"]):
        return "Rayyan"
    if "L4" in tags and any("zotero" in value.lower() for value in tags["L4"]):
        return "Zotero"
    if "DA" in tags and "PY" in tags and _ZOTERO_DATE.fullmatch(tags["DA"][0]):
        return "Zotero"
    if "ID" in tags and tags["ID"][0].isdigit() and tags.get("ST", ["x"]) == tags.get("TI", [""]):
        return "EndNote"
    return ""


OWN = "peerreview"
"""Stands in ``DP`` of what ``writers`` wrote, where ``M3`` is the type as it was, unless ``U5`` says that."""
OWN_TYPE = "peerreview-type: "
"""How the type as it was begins in ``U5``, where ``M3`` is a type of work."""
OWN_TAGS = frozenset(
    {
        "TY", "TI", "AU", "ED", "PY", "T2", "VL", "IS", "SP", "EP", "DO", "SN", "AB", "KW", "LA", "UR", "AN",
        "N1", "M3", "U5", "DB", "DP", "ID",
    }
)  # fmt: skip
"""The tags of what ``writers`` wrote that hold columns; ``ED`` does where there are no authors."""
