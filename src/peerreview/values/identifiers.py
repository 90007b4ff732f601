"""
Identifiers: DOI, PubMed and PubMed Central numbers, ISSN and ISBN.

Each is exact or blank. A number counts where the whole cell is one, or
where it stands in a place of its own: behind its name, or in a link. What
a table has rounded (3.1E+07), grouped (31,234,567) or glued to something
else is no number.
"""

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from urllib.parse import unquote

from peerreview.values import cells, numbers
from peerreview.values.lists import LIST

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+")
_PLAIN_DOI = re.compile(r"10\.\d{4,9}/[a-z0-9./-]*[a-z0-9]")
# "#" is a check character where it ends a SICI: "3.0.CO;2-#".
_DOI_STOPS = re.compile(r"</|[?&|]|(?<!;\d-)#|\[doi\]|;(?:\s|$)|,https?:|https?:")
_DOI_PAGES = re.compile(r"(?:[/.](?:full|fulltext|abstract|summary|e?pdf|meta|html?))+$", re.IGNORECASE)
"""What addresses of articles have behind the DOI."""
_MAY_END_IN_PAGES = ("full", "fulltext", "abstract", "summary", "pdf", "meta", "htm", "html")
_PAIRS: Mapping[str, str] = MappingProxyType({")": "(", "]": "[", "}": "{", ">": "<"})
_MOST_ESCAPES = 5


def doi(value: str) -> str:
    """
    Return the first DOI in a value, bare and in lower case, or blank.

    >>> doi("https://dx.doi.org/10.5555/ABC(2)1."), doi("link?id=doi:10.5555%2Fs-1&atitle=On+it")
    ('10.5555/abc(2)1', '10.5555/s-1')
    """
    if _PLAIN_DOI.fullmatch(value):
        return value
    if "10." not in value:
        return ""
    if "&" in value:
        value = _unescape(value)
    if "%" in value:
        value = unquote(value)
    if "<" in value:
        value = cells.without_tags(value)
    match = _DOI.search(value)
    if not match:
        return ""
    found = _DOI_STOPS.split(match[0], maxsplit=1)[0]
    while found and (found[-1] in ".,;:'*\\" or _unpaired(found)):
        found = found[:-1]
    if match.start() and "doi.org" not in value:
        found = _DOI_PAGES.sub("", found)
    found = found.lower()
    # The address of a record of CENTRAL looks like a DOI, and is none.
    return found if "/" in found.rstrip("/") and not found.startswith("10.1002/central/") else ""


def same_doi(value: str) -> str:
    """
    Return what makes two DOIs the same: as ``doi``, without what an address has behind it.

    A DOI by itself may end in ``/full``, so that ``doi`` leaves it; next to
    one without it is the same.

    >>> doi("10.5555/abc.1/full"), same_doi("10.5555/abc.1/full")
    ('10.5555/abc.1/full', '10.5555/abc.1')
    """
    found = doi(value)
    return _DOI_PAGES.sub("", found) if found.endswith(_MAY_END_IN_PAGES) else found


def _unescape(value: str) -> str:
    """Return a value without entities, those too that were escaped again."""
    for _ in range(_MOST_ESCAPES):
        before, value = value, html.unescape(value)
        if value == before or "&" not in value:
            break
    return value


def _unpaired(value: str) -> bool:
    opening = _PAIRS.get(value[-1])
    return opening is not None and value.count(value[-1]) > value.count(opening)


_LONGEST_PMID = 8
_PMID = re.compile(
    r"(?:(?:PMID|PubMed(?:[ _-]?(?:ID|number))?|MEDLINE)\s*[:#]?\s*)?(\S+?)"
    r"(?:\s*\[(?:pmid|pubmed|medline|uid|ui)\])?[.;]?",
    re.IGNORECASE,
)
# Embase: "36522839 [http://www.ncbi.nlm.nih.gov/pubmed/?term=36522839]".
_ADDRESS = re.compile(r"(?<=\d)\s+(?:\[https?://[^\s\[\]]*\]|\(https?://[^\s()]*\))$")
_NAMED_PMID = re.compile(r"(?<![^\W_])(?:PUBMED|PMID)[\s:]\s*(\d{1,8})(?![\w.-]*\d)", re.IGNORECASE)
_NOTED_PMID = re.compile(r"^[^\S\n]*PMID: ?(\d{1,8})\b", re.MULTILINE)
_LINKED_PMID = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/(?:pubmed/)?|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/|europepmc\.org/(?:abstract|article)/MED/"
    r"|ncbi\.nlm\.nih\.gov/entrez/\S*?[?&]list_uids=(?=\d+(?![\d,]))"
    r"|bvsalud\.org/\S*/resource/(?:[a-z]{2}/)?mdl-|ebscohost\.com/\S*[?&]db=(?:cmedm|mdc|mnh)&AN="
    r"|ovidweb\.cgi\?\S*&D=(?:med|prem|pmnm|ppez)[a-z0-9]*&(?:\S*&)?AN=)(\d{1,8})\b"
)
_MAY_LINK_PMID = ("ncbi.nlm", "europepmc", "ebscohost", "bvsalud", "ovidweb")


def pmid(value: str) -> str:
    """
    Return the PubMed number that a cell is, or blank: one to eight digits, not all zero.

    Its name, its tag and its address may stand around it, and the zeros
    of a table that took it for a measure behind it.

    >>> pmid("PMID: 36522839"), pmid("36522839 [pubmed]"), pmid("https://pubmed.ncbi.nlm.nih.gov/36522839/")
    ('36522839', '36522839', '36522839')
    >>> pmid("36522839 [http://www.ncbi.nlm.nih.gov/pubmed/?term=36522839]")
    '36522839'
    >>> pmid("36522839.0"), pmid("3.1E+07"), pmid("36,522,839"), pmid("0")
    ('36522839', '', '', '')
    """
    if len(value) <= _LONGEST_PMID and value.isascii() and value.isdigit():
        return value.lstrip("0")
    value = _ADDRESS.sub("", value)
    if "://" in value or "ncbi.nlm" in value:
        return linked_pmid(value)
    found = _PMID.fullmatch(value.strip())
    number = numbers.whole(found[1]).lstrip("0") if found else ""
    return number if len(number) <= _LONGEST_PMID else ""


def named_pmid(value: str) -> str:
    """
    Return the PubMed number that a text names, or blank where it names none or several.

    >>> named_pmid("PUBMED 21314913,EMBASE 51"), named_pmid("PUBMED 21314913,PUBMED 21314914")
    ('21314913', '')
    """
    found = {number.lstrip("0") for number in _NAMED_PMID.findall(value)}
    return found.pop() if len(found) == 1 else ""


EMBASE_LINK = re.compile(r"embase\.com/.*?[?&]id=(L\d+)", re.IGNORECASE)
"""The number of a record in Embase, as its links have it."""


def linked_pmid(value: str) -> str:
    """
    Return the PubMed number in a link to PubMed, or to MEDLINE elsewhere, or blank.

    >>> linked_pmid("http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?db=PubMed&list_uids=36522839")
    '36522839'
    >>> linked_pmid("https://search.ebscohost.com/login.aspx?direct=true&db=cmedm&AN=36522839&site=ehost-live")
    '36522839'
    """
    for host in _MAY_LINK_PMID:
        if host in value:
            found = _LINKED_PMID.search(value)
            return found[1].lstrip("0") if found else ""
    return ""


def noted_pmid(value: str) -> str:
    """
    Return the PubMed number with which a line of a note begins, or blank; others are of other works.

    >>> noted_pmid("PMID: 36522839"), noted_pmid("Erratum in: PMID: 36522840")
    ('36522839', '')
    """
    found = _NOTED_PMID.search(value)
    return found[1].lstrip("0") if found else ""


_PMCID = re.compile(
    r"(?:PMCID\s*:?\s*)?PMC ?([1-9]\d{0,8})(?:\.\d)?(?:\s*\[pmc(?:id)?\])?[.;]?", re.IGNORECASE
)
_LINKED_PMCID = re.compile(r"/PMC([1-9]\d{0,8})\b", re.IGNORECASE)
_NOTED_PMCID = re.compile(
    r"^[^\S\n]*(?:PMID: ?\d{1,8}\b\W{1,40})?(?:PMCID: ?)?PMC([1-9]\d{0,8})\b(?!\.\d{2})", re.MULTILINE
)


def pmcid(value: str) -> str:
    """
    Return the PubMed Central number that a cell is, or that its link leads to, or blank.

    >>> pmcid("PMC9753309 [pmc]"), pmcid("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9753309/")
    ('PMC9753309', 'PMC9753309')
    >>> pmcid("9753309"), pmcid("9.75E+06")
    ('', '')
    """
    if "pmc" not in value.lower():
        return ""
    found = _LINKED_PMCID.search(value) if "://" in value else _PMCID.fullmatch(value.strip())
    return f"PMC{found[1]}" if found else ""


def noted_pmcid(value: str) -> str:
    """
    Return the PubMed Central number with which a line of a note begins, or blank.

    >>> noted_pmcid("PMID: 36522839 PMCID: PMC9753309"), noted_pmcid("PMC9753309 The authors declare …")
    ('PMC9753309', 'PMC9753309')
    """
    found = _NOTED_PMCID.search(value)
    return f"PMC{found[1]}" if found else ""


# Not within a longer number: "9.7831614841E+12" holds no ten digits of their own.
_ALONE = r"(?<![\dXx])(?<!\d[-.,])"
_NO_MORE = r"(?!-?[\dXx])(?!\.\d*[1-9]|[eE][+-]?\d)"
_ISSN = re.compile(rf"{_ALONE}(\d{{4}})([-\u2010-\u2015]?)(\d{{3}}[\dXx]){_NO_MORE}")
_ISBN = re.compile(rf"{_ALONE}(97[89](?:[- ]?\d){{10}}|\d(?:[- ]?\d){{8}}[- ]?[\dXx]){_NO_MORE}")


def issns(values: Iterable[str]) -> str:
    """
    Return the ISSNs in some values as a list, each with its hyphen.

    Eight digits without a hyphen are one where their check digit says so;
    with it they are what the export calls an ISSN, even if misprinted.

    >>> issns(["20411723 (Electronic)", "1932-8494"]), issns(["20240131", "1.932849E+07"])
    ('2041-1723; 1932-8494', '')
    """
    return LIST.join(dict.fromkeys(chain.from_iterable(map(_issns_in, values))))


@lru_cache(maxsize=100_000)
def _issns_in(value: str) -> tuple[str, ...]:
    return tuple(
        f"{first}-{last.upper()}"
        for first, hyphen, last in _ISSN.findall(_ISBN.sub(" ", value))
        if hyphen or _checks(first + last)
    )


def isbns(values: Iterable[str]) -> str:
    """
    Return the ISBNs in some values as a list, without hyphens.

    Ten digits without a hyphen or blank are one where their check digit says so.

    >>> isbns(["978-3-16-148410-0 (hbk)", "1932-8494"]), isbns(["2024013113", "9.7831614841E+12"])
    ('9783161484100', '')
    """
    long = [value for value in values if len(value) > 9]
    found = [match[0] for value in long for match in _ISBN.finditer(value)]
    plain = [(each, re.sub(r"[- ]", "", each).upper()) for each in found]
    return LIST.join(
        dict.fromkeys(
            number for each, number in plain if len(number) > 10 or each.upper() != number or _checks(number)
        )
    )


def _checks(number: str) -> bool:
    """
    Return whether the last digit of an ISSN or a short ISBN follows from those before; X is ten.

    References
    ----------
    ISO 3297:2020, annex A; ISO 2108:2005, annex.
    """
    digits = [10 if letter in "Xx" else int(letter) for letter in number]
    return sum(weight * digit for weight, digit in enumerate(reversed(digits), start=1)) % 11 == 0
