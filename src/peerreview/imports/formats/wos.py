"""
Web of Science's tagged text (``.ciw``, ``.txt``, ``.isi``): every database of the platform.

Tags: https://webofscience.help.clarivate.com, "Field tags".
"""

import re
from collections.abc import Iterator

from peerreview.imports.formats import Frame, Origin, Part, Piece, RawRecord, Tags, Warned
from peerreview.imports.formats.shared import origins, tagged
from peerreview.imports.formats.shared.fields import Fields
from peerreview.imports.formats.shared.tagged import Cut, Dialect, cut
from peerreview.values import cells, identifiers, names, pages, years

NAME = "wos"

_DIALECT = Dialect(
    starts=re.compile(r"^PT (?=[A-Z]{1,3}\s*$)", re.MULTILINE),
    line=re.compile(r"^([A-Z][A-Z0-9])(?: |$)(.*)$"),
    ends="ER",
    # One name, address or cited reference per line.
    titles=frozenset({"TI"}),
    listed=frozenset({"AU", "AF", "BA", "BF", "BE", "ED", "CA", "C1", "CR"}),
)
_FRAME = frozenset({"FN", "VR", "EF"})
_FRAMED = re.compile(r"(?:FN|VR|EF|ER)(?: |$)|\s*$")
_LOOKS = re.compile(r"^PT [A-Z]{1,3}\s*$", re.MULTILINE)
_CONFIRMS = re.compile(r"^(?:FN|AU|TI|SO|UT) \S", re.MULTILINE)
_OPENS = re.compile(r"\A\s*FN (?:Clarivate|Thomson|ISI) ")
_HEAD = 20_000
_PREFIX = re.compile(r"([A-Z]+):")


def looks_like(text: str) -> bool:
    """Whether text opens with ``FN Clarivate …`` or has a line ``PT J`` and Web of Science's tags."""
    start = text[:_HEAD]
    return bool(_OPENS.match(start) or (_LOOKS.search(start) and _CONFIRMS.search(start)))


def parse(text: str) -> Iterator[Part]:
    """Yield the records; each begins with ``PT`` and ends with ``ER``, and the last line is ``EF``."""
    for part in parse_part(text):
        if not isinstance(part, Frame):
            yield part
        elif part.opens and not part.ends:
            yield Warned(part.line, part.message)


def parse_part(text: str) -> Iterator[Part | Frame]:
    """Yield the records of a stretch, and last whether the export opens and ends in it."""
    ended = False
    cuts = cut(text, _DIALECT)
    ahead = next(cuts, None)
    while ahead is not None:
        here, ahead = ahead, next(cuts, None)
        for line, junk in here.junk:
            yield Warned(line, "text outside any record", junk)
        tags = [(tag, value) for tag, value in here.tags if tag not in _FRAME and tag != "ER"]
        ended = here.tags[-1:] == [("EF", "")] or not here.closed
        if not tags:
            others = [line for line in here.text.split("\n") if not _FRAMED.match(line)]
            if others:
                yield Warned(here.line, "text outside any record", "\n".join(others))
        else:
            yield from _judge(here, tags, cut_off=ahead is None and not text.endswith("\n"))
    message = "the file ends before its last line (EF): records may be missing; export it again"
    yield Frame(text.count("\n") + 1, _OPENS.match(text) is not None, ended, message)


_SEAM = re.compile(r"^ER[ \t]*\n\n+(?=PT [A-Z]{1,3}\n)", re.MULTILINE)


def stretches(text: str, length: int) -> Iterator[str]:
    """Yield a text in parts of about that length, each of which can be read by itself."""
    return tagged.stretches(text, length, _SEAM)


_CUT_OFF = "the last record breaks off before its end line (ER); export it again"


def _judge(here: Cut, tags: Tags, *, cut_off: bool) -> Iterator[Part]:
    if not here.closed and cut_off and here.tags[-1][0] != "EF":
        yield Piece(here.line, _CUT_OFF, here.text)
        return
    if cut_off and here.late and tags[-1] == ("PT", ""):
        whole, _, begun = here.text.rpartition("\n")
        yield from _judge(here._replace(text=whole.rstrip()), tags[:-1], cut_off=False)
        yield Piece(here.late[-1][0], _CUT_OFF, begun)
        return
    names_of = [tag for tag, _ in tags]
    if any(names_of.count(tag) > 1 for tag in ("TI", "UT")):
        yield Piece(here.line, "TI or UT stands twice: two records have run together", here.text)
        return
    if not here.closed:
        yield Warned(here.line, "the record has no end line (ER)")
    if tags[0][0] != "PT":
        yield Warned(here.line, "the record has no first line (PT)")
    yield RawRecord(here.line, here.text, tags)


_TERMS = ("DE", "ID", "MH", "X5", "Y5", "Z5")
"""Keywords; X5 to Z5 are those in other languages, as X4 to Z4 are abstracts (SciELO)."""


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a record."""
    fields = Fields(raw.tags)
    fields.first("accession", ("UT",))
    fields.first("type", ("DT", "PT"))
    fields.first("title", ("TI",))
    full = next((tag for tag in ("AF", "AU", "BF", "BA", "BE") if tag in fields.left), "AU")
    named = [
        (_EMAIL.sub("", each), tag == "CA")
        for tag, value in raw.tags
        if tag in {full, "CA"}
        # Older exports write all authors in one line.
        for each in (value.split("; ") if tag == full else [value])
    ]
    has_emails = any("@" in value for value in fields.left.get(full, ()))
    # An editor is one, though a book has no author.
    fields.set("authors", names.join(named), *(() if has_emails or full == "BE" else (full, "CA")))
    fields.first("year", ("PY", "PD", "EA"), years.year)
    fields.first("journal", ("SO", "JI", "J9"))
    fields.first("volume", ("VL",))
    fields.first("issue", ("IS",))
    first, last = (next(iter(fields.left.get(tag, [])), "") for tag in ("BP", "EP"))
    fields.set("pages", pages.pages(first, last), "BP", "EP")
    fields.first("pages", ("PS", "AR"), pages.pages)
    fields.first("doi", ("DI", "D2"), identifiers.doi)
    fields.first("pmid", ("PM",), identifiers.pmid)
    if raw_ut := fields.columns["accession"].partition("MEDLINE:")[2]:
        fields.set("pmid", identifiers.pmid(raw_ut))
    fields.every("isbn", ("BN", "SN"), identifiers.isbns)
    printed = fields.left.get("SN", [])
    fields.set("issn", identifiers.issns([*printed, *fields.left.get("EI", [])]), "EI")
    if identifiers.issns(printed) == "; ".join(printed):
        fields.left.pop("SN", None)
    fields.first("abstract", ("AB", "X4", "Y4", "Z4"))
    terms = [term for tag in _TERMS for value in fields.left.get(tag, []) for term in _NEXT.split(value)]
    fields.set("keywords", cells.texts(term.strip(" ;") for term in terms), *_TERMS)
    fields.first("language", ("LA",))
    fields.first("url", ("DL", "UR"))
    return fields.finish()


_NEXT = re.compile(r"; |;(?=[^\x00-\x7f])")
"""What stands between two keywords; CNKI's records as CiteSpace takes them have no blank there."""
# BIOSIS: "Example, Verity (verity@example.org)".
_EMAIL = re.compile(r" *\([^()\s]*@[^()]*\)")


def origin(raw: RawRecord) -> Origin:
    """Return the database that the accession number's prefix (``UT WOS:…``) names."""
    number = next((value for tag, value in raw.tags if tag == "UT"), "")
    prefix = _PREFIX.match(number)
    if prefix:
        database = origins.WEB_OF_SCIENCE.get(prefix[1], prefix[1])
        return Origin(database=database, platform="Web of Science", how="UT")
    return Origin(database="Web of Science", platform="Web of Science", how="PT")
