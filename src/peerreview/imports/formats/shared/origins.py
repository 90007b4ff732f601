"""Where a record comes from: databases, platforms and carriers, by the names and links that exports carry."""

import re
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote

from peerreview.imports.formats import NOWHERE, Origin
from peerreview.values.lists import as_one

_EBSCO = MappingProxyType(
    {
        "aph": "Academic Search Premier",
        "a9h": "Academic Search Complete",
        "asn": "Academic Search Ultimate",
        "psyh": "APA PsycInfo",
        "pdh": "APA PsycArticles",
        "pbh": "Psychology and Behavioral Sciences Collection",
        "rzh": "CINAHL",
        "ccm": "CINAHL",
        "c8h": "CINAHL",
        "cin20": "CINAHL",
        "jlh": "CINAHL",
        "cul": "CINAHL",
        "eric": "ERIC",
        "cmedm": "MEDLINE",
        "mnh": "MEDLINE",
        "mdc": "MEDLINE",
        "ecn": "EconLit",
        "eoh": "EconLit",
        "sih": "SocINDEX",
        "snh": "SocINDEX",
        "swh": "Social Work Abstracts",
        "bth": "Business Source Complete",
        "buh": "Business Source Premier",
        "i3h": "Information Science & Technology Abstracts",
        "egh": "GreenFILE",
        "8gh": "GreenFILE",
        "hch": "Health Source: Nursing/Academic Edition",
        "lxh": "LISTA",
        "s3h": "SPORTDiscus",
        "sph": "SPORTDiscus",
        "ehh": "Education Research Complete",
        "eue": "Education Source",
        "lhh": "Global Health",
        "awn": "AgeLine",
        "agl": "AGRICOLA",
        "edsbas": "BASE",
        "ddu": "Open Dissertations",
    }
)
"""EBSCO's short names of databases, as in ``DB  - aph`` and ``db=aph``."""

_OVID = (
    ("psyc", "APA PsycInfo"),
    ("medp", "MEDLINE"),
    ("medl", "MEDLINE"),
    ("med", "MEDLINE"),
    ("prem", "MEDLINE"),
    ("pmnm", "MEDLINE"),
    ("ppez", "MEDLINE"),
    ("emed", "Embase"),
    ("emcz", "Embase"),
    ("emef", "Embase"),
    ("oemez", "Embase"),
    ("eric", "ERIC"),
    ("amed", "AMED"),
    ("cagh", "Global Health"),
    ("caba", "CAB Abstracts"),
    ("ccnu", "CINAHL"),
    ("cctr", "Cochrane CENTRAL"),
    ("coch", "Cochrane Database of Systematic Reviews"),
    ("hmic", "HMIC"),
    ("joan", "Joanna Briggs Institute EBP Database"),
    ("mwic", "Maternity & Infant Care"),
)
"""Beginnings of Ovid's short names of databases, as in ``D=psyc16``."""

_NAMES = (
    (r"\bmedline\b|\bpre-?medline\b", "MEDLINE"),
    (r"^(?:pmc|pubmed central)$", "PubMed Central"),
    (r"^(?:pubmed|nlm|national library of medicine)$|\bpubmed\b", "PubMed"),
    (r"\bembase\b|\bexcerpta medica\b", "Embase"),
    (r"\bpsyc ?info\b", "APA PsycInfo"),
    (r"\bpsyc ?articles\b", "APA PsycArticles"),
    (r"\bcinahl\b", "CINAHL"),
    (r"\beric\b|\beducation resources information center\b", "ERIC"),
    (r"\bscopus\b", "Scopus"),
    (r"web of science|\bwos\b|citation index(?: expanded)?\b|\bisi web\b|\bssci\b", "Web of Science"),
    (r"\bcentral\b.*\btrials\b|cochrane central|\bcctr\b", "Cochrane CENTRAL"),
    (r"cochrane database of systematic", "Cochrane Database of Systematic Reviews"),
    (r"cochrane library", "Cochrane Library"),
    (r"\bamed\b", "AMED"),
    (r"\bglobal health\b", "Global Health"),
    (r"\bieee\b", "IEEE Xplore"),
    (r"\bacm\b", "ACM Digital Library"),
    (r"\bopenalex\b", "OpenAlex"),
    (r"\bdimensions\b", "Dimensions"),
    (r"^(?:the )?lens(?:\.org)?$", "Lens"),
    (r"clinicaltrials\.gov", "ClinicalTrials.gov"),
    (r"\bictrp\b", "ICTRP"),
    (r"\blilacs\b", "LILACS"),
    (r"^scielo\b", "SciELO"),
    (r"\bgoogle scholar\b", "Google Scholar"),
    (r"\barxiv\b", "arXiv"),
    (r"\bptsdpubs\b", "PTSDpubs"),
    (r"\btrid\b", "TRID"),
)
_DATABASES = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _NAMES)

UNKNOWN = "a database's name that is not known"
"""How a record tells where it comes from that names a database by a word of the team's own."""
REGISTERS = frozenset({"ClinicalTrials.gov", "ICTRP", "ISRCTN registry", "EU Clinical Trials Register"})
"""Sources that PRISMA counts as registers, not databases; Cochrane CENTRAL is counted as a database."""

_LINKS = (
    (r"embase\.com/", Origin("Embase", "Embase.com")),
    (r"scopus\.com/", Origin("Scopus", "Scopus")),
    (r"(?:webofscience|webofknowledge)\.com/", Origin("Web of Science", "Web of Science")),
    (r"cochranelibrary\.com/central|/cochrane/clcentral/", Origin("Cochrane CENTRAL", "Cochrane Library")),
    (r"cochranelibrary\.com/cdsr", Origin("Cochrane Database of Systematic Reviews", "Cochrane Library")),
    (r"(?:pubmed\.ncbi\.nlm|ncbi\.nlm)\.nih\.gov/(?:pubmed|\d)", Origin("PubMed", "PubMed")),
    (r"ieeexplore\.ieee\.org/", Origin("IEEE Xplore", "IEEE Xplore")),
    (r"dl\.acm\.org/", Origin("ACM Digital Library", "ACM Digital Library")),
    (r"//(?:www\.)?lens\.org/", Origin("Lens", "Lens")),
    (r"app\.dimensions\.ai/", Origin("Dimensions", "Dimensions")),
    (r"semanticscholar\.org/", Origin("Semantic Scholar", "Semantic Scholar")),
    (r"scholar\.google\.", Origin("Google Scholar", "Google Scholar")),
    (r"bvsalud\.org/", Origin("", "BVS")),
    (r"//(?:research|openurl)\.ebsco\.com/", Origin("", "EBSCOhost")),
    (r"//(?:api\.)?openalex\.org/", Origin("OpenAlex", "OpenAlex")),
    (r"clinicaltrials\.gov/", Origin("ClinicalTrials.gov", "ClinicalTrials.gov")),
    (r"trid\.trb\.org/", Origin("TRID", "TRID")),
    (r"proquest\.com/(?:docview|.*?/docview)", Origin("", "ProQuest")),
)
_PLATFORMS = tuple((re.compile(pattern, re.IGNORECASE), origin) for pattern, origin in _LINKS)
_EBSCO_LINK = re.compile(r"ebscohost\.com/.*?[?&]db=([a-z0-9]+)", re.IGNORECASE)
_OVID_LINK = re.compile(r"ovid(?:sp|web|ds)?.*?[?&]D=([a-z]+)", re.IGNORECASE)


_CARRIERS = (
    (r"endnote.*", "EndNote"),
    (r"zotero.*", "Zotero"),
    (r"rayyan.*", "Rayyan"),
    (r"covidence.*", "Covidence"),
    (r"mendeley(?! data).*", "Mendeley"),
    (r".*\brefworks", "RefWorks"),
    (r"citavi.*", "Citavi"),
    (r"(?:readcube|papers|readcube papers)[\d .]*", "Papers"),
    (r"distiller ?sr.*", "DistillerSR"),
    (r"eppi[- ]?(?:reviewer|centre).*", "EPPI-Reviewer"),
    (r"asreview.*", "ASReview"),
    (r"abstrackr", "Abstrackr"),
    (r"jabref.*", "JabRef"),
    (r"paperpile", "Paperpile"),
    (r"bookends.*", "Bookends"),
    (r"bibdesk", "BibDesk"),
    (r"library catalog(?:ue)?", ""),
    # Zotero names who told it of a DOI; nobody has searched there.
    (r"doi\.org.*", ""),
)
_THROUGH = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _CARRIERS)
"""What stands where a database is named and is none: what a record passed through, if that has a name."""


def carrier(value: str) -> str:
    """
    Return the reference manager or screening tool that a value names, or blank.

    >>> [carrier(name) for name in ("EndNote X9", "Papers", "Library Catalog", "Scopus")]
    ['EndNote', 'Papers', '', '']
    """
    return _carrier(value.strip()) or ""


def _carrier(value: str) -> str | None:
    return next((name for pattern, name in _THROUGH if pattern.fullmatch(value)), None)


@lru_cache(maxsize=10_000)
def database(value: str) -> str:
    """
    Return a database's plain name, or the value itself where it is none that is known.

    What a record only passed through, and who told of its DOI, is no database.

    >>> [database(name) for name in ("Ovid MEDLINE(R) ALL <1946 to June 2024>", "aph", "APA PsycInfo <2021>")]
    ['MEDLINE', 'Academic Search Premier', 'APA PsycInfo']
    >>> database("DOI.org (Crossref)"), database("Zotero"), database("Early Work; Later Work")
    ('', '', 'Early Work, Later Work')
    """
    code = value.strip().lower()
    if _carrier(code) is not None:
        return ""
    if code in _EBSCO:
        return _EBSCO[code]
    for pattern, name in _DATABASES:
        if pattern.search(code):
            return name
    # ProQuest names each of its databases that has the record: one source, and one name in lists of sources.
    return as_one(" ".join(re.sub(r"<[^<>]*>|\(R\)", "", value).split()))


def platform(database: str, linked: Origin) -> str:
    """Return the platform of a link, but not that of another database which has one of its own."""
    return linked.platform if linked.database in {"", database} or linked.platform != linked.database else ""


WEB_OF_SCIENCE = MappingProxyType(
    {
        "WOS": "Web of Science",
        "ISI": "Web of Science",
        "MEDLINE": "MEDLINE",
        "BIOSIS": "BIOSIS Previews",
        "BCI": "BIOSIS Citation Index",
        "CABI": "CAB Abstracts",
        "FSTA": "FSTA",
        "INSPEC": "Inspec",
        "ZOOREC": "Zoological Record",
        "KJD": "KCI-Korean Journal Database",
        "SCIELO": "SciELO Citation Index",
        "RSCI": "Russian Science Citation Index",
        "CSCD": "Chinese Science Citation Database",
        "CCC": "Current Contents Connect",
        "DRCI": "Data Citation Index",
        "PPRN": "Preprint Citation Index",
        "DIIDW": "Derwent Innovations Index",
        "PQDT": "ProQuest Dissertations & Theses Citation Index",
    }
)
"""What accession numbers on the platform begin with → the database."""


def web_of_science(number: str) -> str:
    """
    Return the database on Web of Science's platform that an accession number names, or blank.

    >>> web_of_science("ZOOREC:ZOOR90000000001"), web_of_science("L2029")
    ('Zoological Record', '')
    """
    prefix, colon, _ = number.partition(":")
    return WEB_OF_SCIENCE.get(prefix, "") if colon else ""


def is_known(value: str) -> bool:
    """Return whether a value names a database that is known."""
    code = value.strip().lower()
    return code in _EBSCO or any(pattern.search(code) for pattern, _ in _DATABASES)


_WHOLE = re.compile(
    r"(?:ovid|pubmed|medline|embase|scopus|cinahl|web of science|(?:apa )?psyc ?info)\b.*"
    r"|eric|ieee ?xplore|acm digital library|cochrane (?:central|library)|google scholar|openalex|lens"
    r"|ictrp|clinicaltrials\.gov|lilacs|amed|trid|ptsdpubs|dimensions",
    re.IGNORECASE,
)


def is_name(value: str) -> bool:
    """
    Return whether a value is the name of a database, and no journal's.

    >>> is_name("Scopus"), is_name("Global Health Action"), is_name("IEEE Access")
    (True, False, False)
    """
    return _WHOLE.fullmatch(value.strip()) is not None


_HOSTS = re.compile(
    r"embase|scopus|webof|cochrane|ncbi\.nlm|ieee|acm|lens|openalex|clinicaltrials|trid|proquest|ebsco|ovid"
    r"|dimensions|scholar|bvsalud",
    re.IGNORECASE,
)


@lru_cache(maxsize=10_000)
def _may_be_known(host: str) -> bool:
    return _HOSTS.search(host) is not None


_PROXIED = re.compile(r"(https?://)([^/]*?[.-](?:com|org|gov))[.-][^/]*proxy[^/]*")


def _unproxied(link: str) -> str:
    """
    Return a link into a database without the library's proxy.

    >>> _unproxied("https://proxy.example.edu/login?url=https://www.proquest.com/docview/1")
    'https://www.proquest.com/docview/1'
    >>> _unproxied("https://www-proquest-com.ezproxy.example.edu/docview/1")
    'https://www.proquest.com/docview/1'
    """
    _, marked, target = link.partition("url=http")
    link = unquote(f"http{target}") if marked else link
    return _PROXIED.sub(lambda found: found[1] + found[2].replace("-", "."), link)


def from_link(link: str, tag: str) -> Origin:
    """Return where a record comes from by a link into a database, which stood in ``tag``."""
    if "proxy" in link or "url=http" in link:
        link = _unproxied(link)
    host = link.partition("://")[2].partition("/")[0].lower()
    if not _may_be_known(host):
        return NOWHERE
    ebsco = _EBSCO_LINK.search(link) if "ebsco" in host else None
    if ebsco:
        code = ebsco[1].lower()
        return Origin(_EBSCO.get(code, code), "EBSCOhost", how=tag)
    ovid = _OVID_LINK.search(link) if "ovid" in host else None
    if ovid:
        code = ovid[1].lower()
        name = next((name for begin, name in _OVID if code.startswith(begin)), "")
        return Origin(name, "Ovid", how=tag)
    for pattern, origin in _PLATFORMS:
        if pattern.search(link):
            return Origin(origin.database, origin.platform, how=tag)
    return NOWHERE
