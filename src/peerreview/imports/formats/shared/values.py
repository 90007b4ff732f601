"""Values as exports deliver them → clean values, the same for every format."""

import html
import re
from collections.abc import Callable, Container, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from json.encoder import encode_basestring
from types import MappingProxyType
from urllib.parse import unquote

from peerreview.imports.formats import Tags
from peerreview.tables import CONTENT, LIST

_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|small|sc|scp|span|font|p|br|div|h[1-6]|ul|ol|li|a|abstract|title|sec|style|"
    r"italic|bold|underline|tt|inf|jats:[a-z-]+|mml:[a-z]+|math|mi|mn|mo|mrow|msub|msup|mtext|semantics)"
    r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|sec|title|abstract|jats:p|jats:sec|jats:title)\b", re.IGNORECASE
)


_MOST_ESCAPES = 5
"""Times that entities and tags are looked for in a value: what was escaped oftener is no export's."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def text(value: str) -> str:
    """
    Return a value without HTML entities and tags, in one line.

    >>> text("Peer&amp;nbsp;support of <i>E. coli</i> &lt; 5")
    'Peer support of E. coli < 5'
    """
    if value.isalnum():
        return value
    if not (
        "<" in value or "&" in value or "  " in value or "\n" in value or "\t" in value or "\r" in value
    ) and (value.isascii() or value.isprintable()):
        return value.strip()
    # Again and again: exports that went through two web pages are escaped twice.
    for _ in range(_MOST_ESCAPES):
        if "<" not in value and "&" not in value:
            break
        before = value
        value = _ENTITY.sub(lambda entity: html.unescape(entity[0]), value)
        value = _MARKUP.sub(lambda tag: " " if _BLOCK.match(tag[0]) else "", value)
        if value == before:
            break
    return " ".join(value.split())


NO_TYPE = "no type"
"""Stands for a blank type in formats in which each record must have one."""
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?=\d{4}(?!\d)|(?!\d))")


def year(value: str) -> str:
    """
    Return the year in a date of any form, or blank.

    >>> [year(date) for date in ("2019//", "2020 Feb 3", "4-8 Aug. 2020", "20170812", "SEP 22")]
    ['2019', '2020', '2020', '2017', '']
    """
    if len(value) == 4 and value.isdigit():
        return value if "1500" <= value <= "2099" else ""
    found = _YEAR.search(value)
    return found[1] if found else ""


_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+")
_PLAIN_DOI = re.compile(r"10\.\d{4,9}/[a-z0-9./-]*[a-z0-9]")
_DOI_STOPS = re.compile(r"</|[?&#|]|\[doi\]|;(?:\s|$)|,https?:|https?:")
_DOI_PAGES = re.compile(r"(?:/(?:full|abstract|pdf|epdf|meta|html|fulltext)|\.pdf)+$", re.IGNORECASE)
_PAIRS = MappingProxyType({")": "(", "]": "[", "}": "{", ">": "<"})


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
        value = html.unescape(value)
    if "%" in value:
        value = unquote(value)
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


def _unpaired(value: str) -> bool:
    opening = _PAIRS.get(value[-1])
    return opening is not None and value.count(value[-1]) > value.count(opening)


_DASHES = re.compile(r"\s*(?:[-\u2010-\u2015\u2212]+)\s*")
_PAGE_WORDS = re.compile(r"^\s*(?:pp?|pages?|pgs?)\b[.:]?\s*", re.IGNORECASE)
# "100-1-100-9" is no range of two pages, and "e2023-45" is the number of one article.
_RANGE = re.compile(
    r"(?<![\w./-])(?![eE]\d+-\d)([A-Za-z]*)(\d+)([A-Za-z]*)-([A-Za-z]*)(\d+)([A-Za-z]*)(?![\w/-])"
)
_NO_PAGES = frozenset(
    {"", "-", "no", "no-specified", "n/a", "na", "n.pag", "no pagination", "none", "n.pag."}
)


def pages(first: str, last: str = "") -> str:
    """
    Return a range of pages, completed, or a single page or article number.

    >>> pages("123-30"), pages("S12", "8"), pages("783-801", "801"), pages("No", "Specified")
    ('123-130', 'S12-S18', '783-801', '')
    """
    first, last = first.strip(), last.strip()
    start, _, end = (first, "", last) if last else first.replace("–", "-").partition("-")
    if start.isdigit() and (not end or (end.isdigit() and len(end) >= len(start))):
        return f"{start}-{end}" if end and end != start else start
    if last and last != first and not _DASHES.search(first):
        first = f"{first}-{last}" if first else last
    joined = _DASHES.sub("-", _PAGE_WORDS.sub("", first)).strip(" .;,-")
    if joined.lower() in _NO_PAGES:
        return ""
    return _RANGE.sub(_complete, joined)


def _complete(match: re.Match[str]) -> str:
    prefix, start, suffix, end_prefix, end, end_suffix = match.groups()
    if end_prefix and end_prefix != prefix:
        return match[0]
    full = start[: len(start) - len(end)] + end if len(end) < len(start) else end
    if _size(full) < _size(start):
        return match[0]
    if full == start and suffix == end_suffix:
        return f"{prefix}{start}{suffix}"
    return f"{prefix}{start}{suffix}-{prefix}{full}{end_suffix}"


def _size(digits: str) -> tuple[int, str]:
    """Return by what numbers of any length compare: Python makes an ``int`` of 4,300 digits at most."""
    counting = digits.lstrip("0")
    return len(counting), counting


_CAPITALS = re.compile(r"(?:(?:Mc|Mac|De|St)?[^\W\d_a-zß-öø-ÿ]\.?-?){1,4}")
_PARTICLES = frozenset(
    {
        "af", "al", "d'", "da", "das", "de", "del", "dela", "della", "den", "der", "des", "di", "do", "dos",
        "du", "el", "la", "las", "le", "los", "of", "op", "'t", "te", "ten", "ter", "van", "vom", "von",
        "y", "zu", "zum", "zur",
    }
)  # fmt: skip
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "2nd", "3rd"})
_BODIES = re.compile(
    r"\b(?:academy|agency|association|authority|bureau|centers?|centres?|collaborat(?:ion|ive|ors)|college|commission|"
    r"committee|community|company|consortium|corporation|council|department|foundation|government|groups?|hospital|"
    r"initiative|institute|investigators|ltd|inc|ministry|network|office|organi[sz]ation|panel|partners|programme|"
    r"program|project|service|society|task force|team|trial|trialists|union|university|unit|workgroup"
    r"|instituto?|universidade?|université|universität|minist[eéè]ri?[eo]|fundação|fundación|associação|asociación"
    r"|sociedade?|société|gesellschaft|conselho|consejo|grupo|groupe)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=100_000)
def author(name: str) -> str:
    """
    Return a person's name as ``Family, Given``; a body's name, and what stands for more names, as it is.

    >>> [author(name) for name in ("Reeves, V", "Yang Z.", "Vincent van Gogh", "Médecins Sans Frontières,")]
    ['Reeves, V', 'Yang, Z.', 'van Gogh, Vincent', 'Médecins Sans Frontières']
    """
    name = text(name).replace(";", ",").strip()
    if name.endswith(",") and name.count(",") == 1:
        # EndNote's way to say that a body has no given name.
        return name.strip(" ,")
    name = name.strip(" ,")
    if name.endswith(("et al.", "et al")):
        told, mark, rest = name.rpartition("et al")
        before = told.rstrip(" ,")
        if not before or before != told:
            return LIST.join(filter(None, (author(before) if before else "", mark + rest)))
    if "," in name:
        family, _, given = name.partition(",")
        return (
            f"{family.rstrip()}, {given.lstrip()}" if family.strip() and given.strip() else name.strip(" ,")
        )
    words = name.split()
    # In Chinese, Japanese and Korean script the family name comes first.
    if len(words) < 2 or name[0] >= "\u2e80" or _BODIES.search(name) or "and" in words or "&" in words:
        return name
    suffix = ""
    if words[-1].lower() in _SUFFIXES and len(words) > 2:
        suffix = ", " + words.pop()
    # "Yang Z." and "Reeves SA": the initials come last.
    if _CAPITALS.fullmatch(words[-1]) and not (
        _CAPITALS.fullmatch(words[0]) and len(words[0].strip(".")) == 1
    ):
        start = len(words) - 1
        while start > 1 and _CAPITALS.fullmatch(words[start - 1]) and len(words[start - 1].strip(".")) == 1:
            start -= 1
        return f"{' '.join(words[:start])}, {' '.join(words[start:])}{suffix}"
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}{suffix}"


def authors(names: Iterable[str]) -> str:
    """
    Return names as a list of ``Family, Given``.

    >>> authors(["Reeves, Verity", "Loughhead M", ""])
    'Reeves, Verity; Loughhead, M'
    """
    return LIST.join(filter(None, map(author, names)))


_term = lru_cache(maxsize=100_000)(text)
"""Keywords come again and again."""


def texts(values: Iterable[str]) -> str:
    """Return values, cleaned, as a list; each stands there once."""
    return LIST.join(dict.fromkeys(filter(None, map(_term, values))))


def link(value: str) -> str:
    """
    Return a link as it is, without HTML entities and what is glued to it.

    >>> link("https://example.org/a?b=1&amp;c=2     LK  - https://example.org/b")
    'https://example.org/a?b=1&c=2'
    """
    words = value.replace("&amp;", "&").split()
    return words[0] if words and "://" in words[0] else " ".join(words)


_ISSN = re.compile(r"(?<![\dXx-])(\d{4})[-\u2010-\u2015]?(\d{3}[\dXx])(?![\dXx-])")
_ISBN = re.compile(r"(?<!\d)(97[89](?:[- ]?\d){10}|\d(?:[- ]?\d){8}[- ]?[\dXx])(?![\dXx])")


def issns(values: Iterable[str]) -> str:
    """
    Return the ISSNs in some values as a list, each with its hyphen.

    >>> issns(["20411723 (Electronic)", "1932-8494"])
    '2041-1723; 1932-8494'
    """
    return LIST.join(dict.fromkeys(chain.from_iterable(map(_issns_in, values))))


@lru_cache(maxsize=100_000)
def _issns_in(value: str) -> tuple[str, ...]:
    return tuple(f"{a}-{b.upper()}" for a, b in _ISSN.findall(_ISBN.sub(" ", value)))


def isbns(values: Iterable[str]) -> str:
    """
    Return the ISBNs in some values as a list, without hyphens.

    >>> isbns(["978-3-16-148410-0 (hbk)", "1932-8494"])
    '9783161484100'
    """
    long = [value for value in values if len(value) > 9]
    found = [re.sub(r"[- ]", "", match[0]).upper() for value in long for match in _ISBN.finditer(value)]
    return LIST.join(dict.fromkeys(found))


_PMID = re.compile(r"(?<!\d)\d{1,8}(?!\d)")
_PMCID = re.compile(r"\bPMC ?(\d{2,9})\b", re.IGNORECASE)


def pmid(value: str) -> str:
    """
    Return the PubMed number in a value, or blank.

    >>> pmid("PMID: 36522839"), pmid("PUBMED 21314913,EMBASE 51")
    ('36522839', '21314913')
    """
    found = _PMID.search(value)
    return found[0].lstrip("0") if found else ""


def pmcid(value: str) -> str:
    """
    Return the PubMed Central number in a value, or blank.

    >>> pmcid("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9753309/")
    'PMC9753309'
    """
    found = _PMCID.search(value)
    return f"PMC{found[1]}" if found else ""


_NOTED_PMID = re.compile(r"^\s*PMID: ?(\d{1,8})\b", re.MULTILINE)
_NOTED_PMCID = re.compile(r"^\s*(?:PMID: ?\d{1,8}\W+)?PMCID: ?(PMC\d{1,9})\b", re.MULTILINE)


_LINKED_PMID = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|europepmc\.org/(?:abstract|article)/MED/"
    r"|bvsalud\.org/\S*/resource/(?:[a-z]{2}/)?mdl-|ebscohost\.com/\S*[?&]db=(?:cmedm|mdc|mnh)&AN="
    r"|ovidweb\.cgi\?\S*&D=(?:med|prem|pmnm|ppez)[a-z0-9]*&(?:\S*&)?AN=)(\d{1,8})\b"
)
_MAY_LINK_PMID = ("ncbi.nlm", "europepmc", "ebscohost", "bvsalud", "ovidweb")


def linked_pmid(value: str) -> str:
    """
    Return the PubMed number in a link to PubMed, or to MEDLINE elsewhere, or blank.

    >>> linked_pmid("https://search.ebscohost.com/login.aspx?direct=true&db=cmedm&AN=36522839&site=ehost-live")
    '36522839'
    """
    for host in _MAY_LINK_PMID:
        if host in value:
            found = _LINKED_PMID.search(value)
            return found[1] if found else ""
    return ""


def noted_pmid(value: str) -> str:
    """
    Return the PubMed number with which a line of a note begins, or blank; others are of other works.

    >>> noted_pmid("PMID: 36522839"), noted_pmid("Erratum in: PMID: 36522840")
    ('36522839', '')
    """
    found = _NOTED_PMID.search(value)
    return found[1] if found else ""


def noted_pmcid(value: str) -> str:
    """Return the PubMed Central number with which a line of a note begins, or blank."""
    found = _NOTED_PMCID.search(value)
    return found[1] if found else ""


_LONG = 200
"""Characters from which replacing what JSON escapes is faster than looking at each."""


def _quote(value: str) -> str:
    if len(value) < _LONG or not value.isprintable():
        return encode_basestring(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def to_json(kept: Mapping[str, str | list[str]]) -> str:
    r"""
    Return texts, and lists of texts, as a JSON object; several times faster than ``json.dumps``.

    >>> to_json({"DB": "Scopus", "N1": ['"a"', "é"]})
    '{"DB": "Scopus", "N1": ["\\"a\\"", "é"]}'
    """
    members = []
    for tag, value in kept.items():
        told = _quote(value) if isinstance(value, str) else f"[{', '.join(map(_quote, value))}]"
        members.append(f"{_quote(tag)}: {told}")
    return "{" + ", ".join(members) + "}"


def _has_gaps(value: str) -> bool:
    is_plain = value.isascii() or value.isprintable()
    return not is_plain or "  " in value or "\n" in value or "\t" in value or value != value.strip()


def group(tags: Tags, only: Container[str] | None = None) -> dict[str, list[str]]:
    """Return the values of each tag, or of some tags ``only``; those that are not blank."""
    grouped: dict[str, list[str]] = {}
    for tag, value in tags:
        if not value or (only is not None and tag not in only):
            continue
        if tag in grouped:
            grouped[tag].append(value)
        else:
            grouped[tag] = [value]
    return grouped


_BLANK = dict.fromkeys(CONTENT, "")


class Fields:
    """
    The tags of one raw record on their way to the columns of ``records.csv``.

    A value that fills a column unchanged leaves ``left``; what no column
    took, and each value that cleaning changed, stays there as delivered
    and becomes ``extra``. White space alone is no change.
    """

    __slots__ = ("columns", "left")

    def __init__(self, tags: Tags, skip: frozenset[str] = frozenset()) -> None:
        self.columns = _BLANK.copy()
        self.left = group(tags)
        for tag in skip:
            self.left.pop(tag, None)

    def first(self, column: str, tags: Iterable[str], clean: Callable[[str], str] = text) -> None:
        """Fill a column, if it is blank, from the first value of these tags that is not blank once clean."""
        if self.columns[column]:
            return
        left = self.left
        for tag in tags:
            if tag not in left:
                continue
            for value in left[tag]:
                cleaned = clean(value)
                if cleaned:
                    self.columns[column] = cleaned
                    if cleaned == value or (_has_gaps(value) and cleaned == " ".join(value.split())):
                        self._spend(tag, value)
                    return

    def first_type(self, tags: Iterable[str], clean: Callable[[str], str] = text) -> None:
        """Fill the type as ``first`` does, where ``NO_TYPE`` says that it is blank."""
        self.first("type", tags, clean)
        if self.columns["type"] == NO_TYPE:
            self.columns["type"] = ""

    def _spend(self, tag: str, value: str) -> None:
        values = self.left[tag]
        if len(values) == 1:
            del self.left[tag]
        else:
            place = values.index(value)
            self.left[tag] = values[:place] + values[place + 1 :]

    def every(self, column: str, tags: Iterable[str], clean: Callable[[Iterable[str]], str] = texts) -> None:
        """Fill a column, if it is blank, with all values of the first of these tags that has any."""
        if self.columns[column]:
            return
        for tag in tags:
            values = self.left.get(tag)
            if not values:
                continue
            cleaned = clean(values)
            if cleaned:
                self.columns[column] = cleaned
                if cleaned == LIST.join(values):
                    del self.left[tag]
                return

    def set(self, column: str, value: str, *tags: str) -> None:
        """Fill a column, if it is blank, from values already clean; what stood in these tags is spent."""
        if value and not self.columns[column]:
            self.columns[column] = value
            for tag in tags:
                self.left.pop(tag, None)

    def finish(self) -> dict[str, str]:
        """Return the columns, with ``extra`` as JSON: a tag's one value, or the list of its values."""
        if self.left:
            kept = {tag: values[0] if len(values) == 1 else values for tag, values in self.left.items()}
            self.columns["extra"] = to_json(kept)
        return self.columns
