"""
PubMed's XML: articles (``PubmedArticle``) and books (``PubmedBookArticle``).

Elements: https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html.
"""

import re
from collections.abc import Iterator

from peerreview.imports.formats import Origin, Part, RawRecord, Tags
from peerreview.imports.formats.shared import markup
from peerreview.imports.formats.shared.fields import Fields
from peerreview.values import cells, identifiers, names, pages, years

NAME = "pubmed_xml"

_LOOKS = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle)[\s>]")
_HEAD = 20_000
_ARTICLE = "MedlineCitation/Article/"
_BOOK = "BookDocument/"
_IDS = ("PubmedData/ArticleIdList/ArticleId", "PubmedBookData/ArticleIdList/ArticleId")
_HOUSEKEEPING = re.compile(
    r"/@(?:ValidYN|CompleteYN|MajorTopicYN|UI|Version|CitedMedium|NlmCategory|book|part)$"
)
_KEYWORD = "MedlineCitation/KeywordList/Keyword"
_DESCRIPTOR = "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName"
_QUALIFIER = "MedlineCitation/MeshHeadingList/MeshHeading/QualifierName"


def looks_like(text: str) -> bool:
    """Whether text holds one of PubMed's own elements."""
    start = text[:_HEAD]
    return "<" in start and bool(_LOOKS.search(start))


def parse(text: str) -> Iterator[Part]:
    """Yield the articles and books."""
    return markup.parse_records(
        text, ("PubmedArticle", "PubmedBookArticle"), skipped=("DeleteCitation", "DeleteDocument")
    )


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of an article, a book, or a chapter of one."""
    tags = [(path, value) for path, value in raw.tags if not _HOUSEKEEPING.search(path)]
    fields = Fields(tags)
    top = _ARTICLE if any(path.startswith(_ARTICLE) for path, _ in tags) else _BOOK
    book = f"{_BOOK}Book/"
    fields.first("pmid", ("MedlineCitation/PMID", "BookDocument/PMID"), identifiers.pmid)
    fields.set("accession", fields.columns["pmid"])
    ids = _typed(tags, _IDS, "IdType")
    fields.set(
        "doi", identifiers.doi(next(iter(_typed(tags, (f"{top}ELocationID",), "EIdType").get("doi", [])), ""))
    )
    fields.set("doi", identifiers.doi(next(iter(ids.get("doi", [])), "")))
    fields.set("pmcid", identifiers.pmcid(next(iter(ids.get("pmc", [])), "")))
    if f"{top}VernacularTitle" in fields.left:
        fields.first("title", (f"{top}ArticleTitle", f"{top}VernacularTitle"), cells.title)
    fields.first("title", (f"{top}ArticleTitle", f"{book}BookTitle", f"{top}VernacularTitle"))
    people = _names(tags, f"{top}AuthorList/Author") or _names(tags, f"{book}AuthorList/Author")
    fields.set("authors", names.join(people))
    for part in ("LastName", "ForeName", "Initials", "Suffix", "CollectiveName"):
        for above in (top, book) if people else ():
            fields.left.pop(f"{above}AuthorList/Author/{part}", None)
    issue = f"{top}Journal/JournalIssue/"
    dates = (f"{issue}PubDate/Year", f"{issue}PubDate/MedlineDate", f"{book}PubDate/Year")
    fields.first("year", (*dates, f"{book}PubDate/MedlineDate", f"{top}ArticleDate/Year"), years.year)
    journals = (
        f"{top}Journal/Title",
        f"{top}Journal/ISOAbbreviation",
        "MedlineCitation/MedlineJournalInfo/MedlineTA",
    )
    fields.first("journal", (*journals, f"{book}BookTitle"))
    fields.first("volume", (f"{issue}Volume", f"{book}Volume"))
    fields.first("issue", (f"{issue}Issue",))
    fields.first("pages", (f"{top}Pagination/MedlinePgn",), pages.pages)
    start, end = (
        next(iter(fields.left.get(f"{top}Pagination/{edge}Page", [])), "") for edge in ("Start", "End")
    )
    fields.set("pages", pages.pages(start, end))
    fields.every(
        "issn", (f"{top}Journal/ISSN", "MedlineCitation/MedlineJournalInfo/ISSNLinking"), identifiers.issns
    )
    fields.every("isbn", (f"{book}Isbn",), identifiers.isbns)
    for path in (f"{top}Abstract", "MedlineCitation/OtherAbstract"):
        fields.set("abstract", _abstract(tags, path), f"{path}/AbstractText", f"{path}/AbstractText/@Label")
    terms = [value for path, value in tags if path == _KEYWORD]
    fields.set("keywords", cells.texts([*terms, *_headings(tags)]), _KEYWORD, _DESCRIPTOR, _QUALIFIER)
    fields.every("language", (f"{top}Language",))
    fields.every("type", (f"{top}PublicationTypeList/PublicationType", f"{top}PublicationType"))
    return fields.finish()


def origin(raw: RawRecord) -> Origin:  # noqa: ARG001
    """Return PubMed: nothing else writes these elements."""
    return Origin(database="PubMed", platform="PubMed", how="PMID")


def _typed(tags: Tags, paths: tuple[str, ...], attribute: str) -> dict[str, list[str]]:
    """Return the texts of elements by what their attribute, which stands before the text, calls them."""
    found: dict[str, list[str]] = {}
    kind = ""
    for path, value in tags:
        if path.endswith(f"/@{attribute}"):
            kind = value
        elif path in paths:
            found.setdefault(kind, []).append(value)
    return found


def _names(tags: Tags, path: str) -> list[tuple[str, bool]]:
    """Return each author, and whether it is a body; a last name or a collective one begins the next."""
    found: list[tuple[str, bool]] = []
    more = {f"{path}/ForeName", f"{path}/Suffix"}
    for tag, value in tags:
        if tag in {f"{path}/LastName", f"{path}/CollectiveName"}:
            found.append((value, tag.endswith("/CollectiveName")))
        elif found and not found[-1][1]:
            name = found[-1][0]
            if tag in more or (tag == f"{path}/Initials" and "," not in name):
                found[-1] = (f"{name}, {value}", False)
    return found


def _abstract(tags: Tags, path: str) -> str:
    """Return the sections of a structured abstract, each behind its label."""
    sections = []
    label = ""
    for tag, value in tags:
        if tag == f"{path}/AbstractText/@Label":
            label = value
        elif tag == f"{path}/AbstractText":
            sections.append(f"{label}: {value}" if label and label != "UNLABELLED" else value)
            label = ""
    return cells.text(" ".join(sections))


def _headings(tags: Tags) -> list[str]:
    """Return MeSH headings as MEDLINE prints them: descriptor/qualifier/qualifier."""
    headings: list[str] = []
    for path, value in tags:
        if path == _DESCRIPTOR:
            headings.append(value)
        elif path == _QUALIFIER and headings:
            headings[-1] += f"/{value}"
    return headings
