"""Records to comparable text: what is left of a reference once each database's habits are taken off."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from peerreview.workers import share

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]

COLUMNS = (
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "type",
    "abstract",
)
"""Columns of a record that are compared."""
MOST_AUTHORS = 6
"""Databases shorten lists of authors after three or six."""
ABSTRACT_LETTERS = 300
ABSTRACT_CELL = 500
"""As much of a cell as those letters take, with a label and mark-up before them."""
LONG_TEXT = 10_000
"""From here on arrays are faster than text."""
MOST_ISSUES = 60
"""A weekly has some 52 issues in a volume; larger numbers count something else."""
STRETCH = 25_000
"""How many records are made comparable at a time."""

_APART = "\x00"
_ASCII: dict[int, str | None] = {code: " " for code in range(1, 128) if not chr(code).isalnum()}
_ASCII |= {ord("'"): None, ord("`"): None}
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i", "α": "alpha", "β": "beta", "γ": "gamma",
        "δ": "delta", "Δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda", "µ": "mu", "μ": "mu",
        "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ω": "omega", "Ω": "omega", "’": "'", "‘": "'",
        "ʼ": "'", "′": "'", "®": " ", "™": " ", "©": " ",
    }
)  # fmt: skip
_SPELLINGS = (
    ("ae", "e"), ("oe", "e"), ("ph", "f"), ("ll", "l"), ("iz", "is"), ("yz", "ys"), ("tre ", "ter "),
    ("mme ", "m "), ("mmes ", "ms "), ("leuco", "leuko"), ("ence ", "ense "), ("sis ", "ses "),
    ("grey", "gray"), *((f"{letter}our", f"{letter}or") for letter in "bdglmnprv"), ("iour", "ior"),
)  # fmt: skip
"""Behaviour and behavior, tumour, anaemia, sulphur, modelling, randomise, centre and programme."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
_UNKNOWN = frozenset(
    {"", "unknown", "untitled", "no title", "no title available", "title not available", "not available",
     "name", "ref", "value", "anonymous", "anon", "no authors listed", "na", "n a", "none", "null", "nan",
     "et al"}
)  # fmt: skip
_GENERIC = frozenset(
    {"editorial", "editorial comment", "editors note", "editor s note", "from the editor", "introduction",
     "preface", "foreword", "book review", "book reviews", "letter", "letter to the editor",
     "letters to the editor", "letters", "correspondence", "news", "abstract", "abstracts", "conclusion",
     "conclusions", "discussion", "commentary", "comment", "comments", "reply", "response", "erratum",
     "corrigendum", "correction", "corrections", "index", "contents", "table of contents", "acknowledgements",
     "acknowledgments", "obituary", "in memoriam", "in this issue", "guest editorial", "overview", "summary",
     "reviews", "review", "notes", "announcements", "announcement", "calendar", "front matter", "back matter",
     "special issue", "guest editors introduction", "introduction to the special issue",
     "editors introduction", "editors comments", "editorial board", "issue information", "masthead", "cover",
     "president s message", "presidents message", "in brief", "research highlights", "case report",
     "case reports", "poster session", "oral presentations", "poster presentations", "authors reply",
     "author reply", "the authors reply", "in reply", "author response", "authors response",
     "invited commentary", "editorial commentary", "letters to editor", "image of the month",
     "images of the month", "picture of the month", "case of the month", "image of the week",
     "clinical image", "clinical images", "clinical picture", "images in clinical medicine",
     "images in medicine", "journal watch", "journal club", "journal scan", "clinical quiz",
     "what s new", "whats new", "new products", "meeting report", "meeting reports", "meeting abstracts",
     "conference report", "conference reports", "conference abstracts", "congress report", "viewpoint",
     "viewpoints", "perspective", "perspectives", "opinion", "point of view", "debate", "interview",
     "research news", "news in brief", "news and views", "news notes", "short reports", "brief reports",
     "book received", "books received", "errata", "corrigenda", "annual report", "annual meeting",
     "profile", "prologue", "epilogue", "afterword", "postscript", "conclusion and outlook", "frontmatter",
     "backmatter", "vorwort", "geleitwort", "einleitung", "buchbesprechung", "buchbesprechungen",
     "mitteilungen", "nachrichten", "avant propos", "lettre a la redaction", "revue de presse",
     "introduccion", "presentacion", "prologo", "presentation", "carta al editor", "cartas al editor",
     "carta al director", "cartas al director", "resena", "resenas", "introducao", "apresentacao",
     "introduzione", "editoriale", "editoriales", "inleiding", "voorwoord", "ledare", "leder"}
)  # fmt: skip
"""Titles that head a part of every issue and name no work."""
_HEADING_WORDS = frozenset(
    {"editorial", "editorials", "editor", "editors", "introduction", "introductory", "preface", "foreword",
     "special", "issue", "section", "note", "notes", "comment", "comments", "remarks", "message", "letter",
     "letters", "book", "review", "reviews", "guest", "overview", "from", "the", "of", "to", "on", "for",
     "by", "a", "an", "and", "in", "this", "s", "track", "minitrack", "president", "presidents", "chair",
     "volume", "vol", "number", "no", "news", "our", "commentary", "board"}
)  # fmt: skip
_HEADINGS = frozenset(
    {"editorial", "editorials", "editor", "editors", "introduction", "preface", "foreword", "special", "book"}
)
_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "erratum or correction",
        re.compile(
            # Scoliosis is corrected, too: a correction of an article says to what, or stops.
            r"^\W*(?:(?:author|publisher|editorial)\s+corrections?\b|corrections?(?=\s*(?:to\b|:|notice|[\[(]))"
            r"|corrigend(?:um|a)\b|errat(?:um|a)\b|addendum(?=\s*(?:to\b|:)))"
            r"(?:\s+(?:to|for|on|in)\b)?(?:\s+the\s+article\b)?\W*(?:to:?\s+)?"
            r"|\s*[:(\[\-–—.]+\s*(?:erratum|corrigendum|author correction|publisher correction)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "retraction notice",
        re.compile(
            r"^\W*(?:notice\s+of\s+(?:retraction|withdrawal)|retraction(?:\s+(?:note|notice))?(?=\s*[:\-–—]|\s+(?:of|to|for)\s*[:\"“‘'])"
            r"|(?:editorial\s+)?expression\s+of\s+concern)(?:\s+(?:of|to|for|on))?\s*[:.,\-–—\"'“‘]*\s*"
            r"|\s*[:(\[\-–—.]+\s*(?:retraction|retraction notice|notice of retraction)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "comment or reply",
        re.compile(
            r"^\W*(?:re:\s+|(?:a\s+)?(?:invited\s+)?(?:comment(?:ary|s)?|remarks?)\s*(?:on|to)?\s*:\s*"
            r"|(?:a\s+)?(?:comments?|commentary|remarks?|discussion)\s+(?:on|of|to)\s+[:\"“‘']\s*"
            r"|(?:the\s+|in\s+)?(?:authors?['’]?s?['’]?\s+)?(?:reply|response|rejoinder|rebuttal)(?:\s+(?:to|from))?(?:\s+(?:the\s+)?(?:authors?|comments?(?:\s+on)?|letter(?:\s+to\s+the\s+editor)?(?:\s+on)?))?\s*[:\"“‘]\s*"
            r"|letters?\s+to\s+the\s+editors?\s*[:.]\s*|correspondence\s*:\s*)"
            r"|(?:\s*[:(\[–—.?!]+\s*|\s+-+\s+)(?:(?:a\s+|the\s+|authors?['’]?s?\s+)*(?:reply|response|comments?|commentary|rejoinder|rebuttal)"
            r"|(?:a\s+)?(?:reply|response|comments?|rejoinder)\s+(?:to|on|by|from)\s+[^:]{2,40})\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "protocol of the study",
        re.compile(
            r"^\W*(?:(?:study|trial|review)\s+)?protocol(?:\s*:\s*|\s+(?:for|of)\s+(?:(?:an?|the)\s+)?"
            r"(?=randomi[sz]ed|systematic|scoping|cluster|cohort|pilot|feasibility|multi|mixed|controlled|study|trial))"
            r"|(?:\s*[:(\[–—.]+\s*|\s+-+\s+)(?:a\s+|the\s+)?(?:(?:study|trial|review|research)\s+)?protocol\b"
            r"(?:\s+(?:for|of)\s.*)?\W*$",
            re.IGNORECASE,
        ),
    ),
    ("withdrawal", re.compile(r"^\W*withdrawn(?:\s+article)?\s*[:.\-–—\])]+\s*", re.IGNORECASE)),
)
_MARK_WORDS = frozenset(
    {"correction", "corrections", "corrigendum", "corrigenda", "erratum", "errata", "addendum", "retraction",
     "retracted", "withdrawal", "withdrawn", "notice", "concern", "comment", "comments", "commentary",
     "remarks", "remark", "discussion", "reply", "response", "rejoinder", "rebuttal", "letter", "letters",
     "re", "correspondence", "protocol"}
)  # fmt: skip
"""Titles without one of these need no closer look."""
_RETRACTED = re.compile(
    r"^\W*(?:retracted(?:\s+(?:article|paper|chapter))?)\s*[:.\-–—\])]+\s*", re.IGNORECASE
)
_LANGUAGES = (
    "Arabic|Bulgarian|Chinese|Croatian|Czech|Danish|Dutch|English|Finnish|French|German|Greek|Hebrew|Hungarian"
    "|Italian|Japanese|Korean|Lithuanian|Norwegian|Persian|Polish|Portuguese|Romanian|Russian|Serbian|Slovak"
    "|Spanish|Swedish|Turkish|Ukrainian"
)
_LANGUAGE_NOTE = re.compile(rf"\.\s+(?:{_LANGUAGES})(?:\s*\.?\s*$|\s+[A-Z]\w.*$)")
"""Some exports append the language, and the title in it, without brackets."""
_TRAILING_NOTE = re.compile(r"\s*(?:\[[^\[\]]*\]|\((?:in )?[A-Z][a-z]+\)|\(author'?s? transl\))\s*\.?\s*$")
_SUBSCRIPT = re.compile(r"(?<=[^\W\d_])\((?![IVX]+\))(\w{1,5}[+-]?)\)")
"""MEDLINE writes what stands lower or higher in brackets: H(2)O, K(ATP); but iron(II) is not iron(III)."""
_APPEARS = re.compile(
    r"\s*[\[(](?:erratum|errata|correction|comment|retraction)[^\[\]]* (?:appears? )?in\b.*$", re.IGNORECASE
)
_PART_NOTE = re.compile(
    r"part|phase|volume|study|\breply\b|comment|erratum|correction|retract", re.IGNORECASE
)
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "first": "1", "second": "2", "third": "3",
} | {letter: f"9{place}" for place, letter in enumerate("abcdefgh")}  # fmt: skip
_NUMERAL = re.compile(
    r"\b(?:ii|iii|iv|vi|vii|viii|ix|xi|xii)\b"
    r"|(?<=\bpart )(?:i|v|x|one|two|three|four|five|[a-h])\b"
    r"|(?:(?<=\bphase )|(?<=\bclass )|(?<=\bgrade )|(?<=\bstage )|(?<=\bstudy )|(?<=\bpaper ))(?:i|v|x)\b"
    r"|(?<= )(?:i|v)$"
)
_NUMBERED = frozenset(
    {"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "part", "phase", "class", "grade", "stage",
     "study", "paper"}
)  # fmt: skip
"""Titles without one of these, or a numeral at their end, have none."""
_LONE_LETTERS = frozenset("bcdfghjklmnpqrstvwxz")
"""Hepatitis B is not hepatitis C; single vowels are words in many languages."""
_LONE = re.compile(r"(?<![^\W\d_])[bcdfghjklmnpqrstvwxz](?![^\W\d_])")
_LETTERED = frozenset({"hepatitis", "influenza", "vitamin", "type", "group", "grade", "class"})
"""Words that a letter follows as a number would: hepatitis A is not hepatitis."""
_GLUED = re.compile(r"\.\s*(?=[^\W\d_][^\W\d_.]+)")
_NAMES_APART = re.compile(r"\s*;\s*|\s+and\s+|\s+&\s+")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DIGITS = re.compile(r"\d+")
_PAGES = re.compile(r"(\d+)(?:[^\d,;]*?(?:-|–|—|to)[^\d,;]*(\d+))?")
_COUNT = re.compile(r"(?:[ivxlc]+,? ?)?\d+ ?p(?:p|gs?|ages)?\.?", re.IGNORECASE)
"""215 p. is how many pages a book or thesis has."""
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTH_NAME = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_MONTH = re.compile(rf"(?<=\d-){_MONTH_NAME}$|^{_MONTH_NAME}(?=-\d)", re.IGNORECASE)
_ROMAN_PAGE = re.compile(r"(?=[ivxlc])(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
_ROMAN_LETTERS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
COCHRANE = "cochrane review"
REGISTRATION = "registration of a trial"
ROMAN_PAGES = 10_000_000
"""Pages i, ii … stand apart from 1, 2 …"""
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_LABELS = frozenset(
    {"abstract", "background", "objective", "objectives", "aim", "aims", "purpose", "introduction", "context",
     "summary", "importance", "and", "of", "the", "study"}
)  # fmt: skip
"""Words before the first sentence of an abstract, which databases print or not."""
_JOURNAL_WORDS = re.compile(
    r"\b(?:the|of|and|for|in|on|a|an|et|de|la|le|des|du|der|die|und|del|di|e|i|y|annual|annu|(?:19|20)\d\d"
    r"|\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
)
"""Small words, and what changes from one meeting of a conference to the next."""
_PLACE = re.compile(r"\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$)")
_SERVER = re.compile(r"\w*rxiv|^corr$|^corr abs|^computing research repository")
"""Servers of preprints have a number of the paper or a motto in their name."""
_REGISTERED = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d+|EUCTR\d{4}-\d{6}-\d\d|ACTRN\d+|ChiCTR[\w-]+|CTRI/[\d/]+|DRKS\d+|IRCT\w+"
    r"|(?:JPRN-)?(?:UMIN\d+|JapicCTI\w+|jRCT\w+)|KCT\d+|NTR\d+|PACTR\d+|RBR-\w+|SLCTR/[\d/]+|TCTR\d+)",
    re.IGNORECASE,
)
"""The number of a trial in its register."""
_REGISTER = re.compile(
    rf"clinicaltrials|trialsearch|isrctn|anzctr|\bictrp\b|clinical trials? regist|{_REGISTERED.pattern}",
    re.IGNORECASE,
)
_TELLING = (
    "rxiv", "corr", "computing res", "ssrn", "preprint", "research sq", "osf", "repec", "thes",
    "dissertation", "cochrane", "conf", "symp", "workshop", "congress", "annual meeting", "lecture notes",
    "trial", "isrctn", "anzctr", "ictrp", "nct", "euctr", "actrn", "chictr", "ctri", "drks", "irct", "umin",
    "japic", "jrct", "kct", "ntr", "pactr", "rbr-", "slctr", "tctr",
)  # fmt: skip
"""What the patterns below and above look for holds one of these."""
_CONFERENCE = re.compile(
    r"\b(?:conference|symposium|workshop|congress|conf|symp|annual meeting|lecture notes)\b"
)
_PREPRINT = re.compile(
    r"rxiv|^corr$|^corr abs|computing research repository|\bssrn\b|preprint|research square|\bosf\b|\brepec\b"
)
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?:20)?\d|48550/|2139/ssrn|21203/|31234/|20944/|31219/|31235/|36227/)"
)
_THESIS = re.compile(r"thes[ie]s|dissertation")
_THESES = re.compile(
    r"dissertation abstracts|dissertations (?:&|and) theses"
    r"|\b(?:doctoral|phd|master'?s?) (?:thesis|dissertation)"
)


_ALONE = {
    "title": "title", "words": "title", "signs": "title", "marker": "title", "n_words": "title",
    "first": "authors", "authors": "authors", "names": "authors", "journal": "journal", "issue": "issue",
    "doi": "doi", "pmid": "pmid", "abstract": "abstract", "year": "year",
}  # fmt: skip
"""What is comparable of one column of a record alone."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """
    Records made comparable, a column each; blank (0 in numbers) where a record says nothing.

    ``title`` is without what marks it (an erratum, a reply), which is in
    ``marker``; ``signs`` are the title's digits and lone letters, Roman numerals turned; ``words``
    are the title's in alphabetical order; ``first`` is the first author's
    family name, ``authors`` those of the first six, ``names`` all as they stand; ``setting`` is
    conference, preprint, thesis or blank; ``generic`` is 1 for a heading
    that names no work.
    """

    title: Texts
    words: Texts
    signs: Texts
    marker: Texts
    first: Texts
    authors: Texts
    names: Texts
    journal: Texts
    volume: Texts
    issue: Texts
    doi: Texts
    pmid: Texts
    abstract: Texts
    setting: Texts
    year: Numbers
    first_page: Numbers
    last_page: Numbers
    n_words: Numbers
    generic: Numbers

    def __len__(self) -> int:
        return len(self.title)

    def take(self, positions: Numbers) -> "Comparable":
        """Return these rows."""
        return Comparable(*(getattr(self, column.name)[positions] for column in fields(self)))


def join(parts: Sequence[Comparable]) -> Comparable:
    """Return several stretches of rows as one."""
    if len(parts) == 1:
        return parts[0]
    return Comparable(
        *(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Comparable))
    )


def normalise(columns: Mapping[str, list[str]], *, workers: int = 1) -> Comparable:
    """
    Return records made comparable, row by row; whole columns at a time.

    Parameters
    ----------
    columns : the cells of each of ``COLUMNS``.
    workers : processes; the result is the same with any. Stretches of
        ``STRETCH`` rows bound what is in memory at a time.
    """
    n_records = len(columns["title"])
    stretches = [
        {column: columns[column][start : start + STRETCH] for column in COLUMNS}
        for start in range(0, max(n_records, 1), STRETCH)
    ]
    if workers < 2 or len(stretches) < 2:
        return join([comparable(stretch) for stretch in stretches])
    return join(share("peerreview.normalise", "comparable", stretches, workers))


def comparable(columns: Mapping[str, list[str]]) -> Comparable:
    """Return columns of text, named as in ``COLUMNS``, made comparable."""
    # Databases copy each other: what is seen twice is worked on once.
    distinct, places = _distinct(columns["title"])
    titles, markers = _titles(distinct)
    titles = [_numerals(text) for text in titles]
    titles = ["" if text in _UNKNOWN else text for text in titles]
    split = [text.split() for text in titles]
    title = _texts(titles)[places]
    authors = _families(columns["authors"])
    year = [_year(cell) for cell in columns["year"]]
    pages = [_pages(cell, when) for cell, when in zip(columns["pages"], year, strict=True)]
    doi = [_doi(cell) for cell in columns["doi"]]
    journal = _cached(_journal, columns["journal"])
    return Comparable(
        title=title,
        words=_texts([" ".join(sorted(words)) for words in split])[places],
        signs=_texts([_signs(text, words) for text, words in zip(titles, split, strict=True)])[places],
        marker=_texts(markers)[places],
        first=_texts([names[0] if names else "" for names in authors]),
        authors=_texts([" ".join(names) for names in authors]),
        names=_texts(columns["authors"]),
        journal=_texts(journal),
        volume=_texts([_volume(cell, when) for cell, when in zip(columns["volume"], year, strict=True)]),
        issue=_texts(_cached(_issue, columns["issue"])),
        doi=_texts(doi),
        pmid=_texts([_pmid(cell) for cell in columns["pmid"]]),
        abstract=_abstracts(columns["abstract"]),
        setting=_texts(_settings(columns["type"], columns["journal"], doi)),
        year=np.array(year, dtype=np.int64),
        first_page=np.array([first for first, _ in pages], dtype=np.int64),
        last_page=np.array([last for _, last in pages], dtype=np.int64),
        n_words=np.array([len(words) for words in split], dtype=np.int64)[places],
        generic=_headings(title, journal),
    )


def compose(records: Comparable, rows: Mapping[str, Numbers], cells: Mapping[str, list[str]]) -> Comparable:
    """
    Return rows put together from several: what comes of each column is taken from its own row.

    Parameters
    ----------
    rows : for each of ``COLUMNS``, the row of ``records`` that its cell is from.
    cells : those cells.
    """
    taken = {name: getattr(records, name)[rows[column]] for name, column in _ALONE.items()}
    year = taken["year"]
    journal, title = taken["journal"], taken["title"]
    pages = [_pages(cell, when) for cell, when in zip(cells["pages"], year.tolist(), strict=True)]
    return Comparable(
        **taken,
        volume=_texts(
            [_volume(cell, when) for cell, when in zip(cells["volume"], year.tolist(), strict=True)]
        ),
        first_page=np.array([first for first, _ in pages], dtype=np.int64),
        last_page=np.array([last for _, last in pages], dtype=np.int64),
        setting=_texts(_settings(cells["type"], cells["journal"], taken["doi"])),
        generic=_headings(title, journal),
    )


def fold(text: str) -> str:
    """
    Return text in lower case, without accents, punctuation and mark-up.

    >>> fold("Ärztinnen’s <i>H₂O₂</i> &amp; β-blockers: a Review")
    'arztinnens h2o2 beta blockers a review'
    """
    return _words([text])[0]


def _words(texts: Sequence[str]) -> list[str]:
    plain = [
        text if text.isascii() and "<" not in text and "&" not in text else _plain(text) for text in texts
    ]
    ascii_texts = [text if text.isascii() else "" for text in plain]
    # One pass over all texts at once is ten times as fast as one pass over each.
    joined = _single_spaced(_APART.join(ascii_texts).lower().translate(_ASCII))
    folded = joined.split(_APART) if ascii_texts else []
    if len(folded) != len(texts):
        folded = [
            " ".join(text.replace(_APART, " ").lower().translate(_ASCII).split()) for text in ascii_texts
        ]
    return [
        text.strip() if whole.isascii() else _letters_only(whole)
        for text, whole in zip(folded, plain, strict=True)
    ]


def spelled(texts: Sequence[str]) -> list[str]:
    """
    Return folded texts in one spelling, British and American alike; no word of either, but the same for both.

    >>> spelled(["behaviour in oesophageal tumours of four", "behavior in esophageal tumors of four"])
    ['behavior in esofageal tumors of four', 'behavior in esofageal tumors of four']
    """
    joined = f" {_APART}".join(
        [*texts, ""]
    )  # endings of words stand before a space, at the end of a text, too
    for one, other in _SPELLINGS:
        joined = joined.replace(one, other)
    return [text.removesuffix(" ") for text in joined.split(_APART)][: len(texts)]


def _single_spaced(text: str) -> str:
    """Return ASCII text with one space for several."""
    if len(text) < LONG_TEXT:
        while "  " in text:
            text = text.replace("  ", " ")
        return text
    letters = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    kept = letters != ord(" ")
    kept[1:] |= kept[:-1]
    return str(letters[kept].tobytes(), "ascii")


def _plain(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _letters_only(text: str) -> str:
    kept = "".join(letter if letter.isalnum() else "" if letter in "'`" else " " for letter in text.lower())
    return " ".join(kept.split())


def _texts(values: Iterable[str]) -> Texts:
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def _distinct(cells: Sequence[str]) -> tuple[list[str], Numbers]:
    """Return the distinct cells in the order of their first, and the place among them of each cell."""
    known: dict[str, int] = {}
    places = [known.setdefault(cell, len(known)) for cell in cells]
    return list(known), np.array(places, dtype=np.int64)


def _cached(function: Callable[[str], str], cells: Sequence[str]) -> list[str]:
    known = {cell: function(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _titles(titles: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return titles folded, without notes and marks, and what marks each."""
    folded = _words(titles)
    markers = [""] * len(folded)
    changed: dict[int, str] = {}
    for row, (raw, text) in enumerate(zip(titles, folded, strict=True)):
        marked = not _MARK_WORDS.isdisjoint(text.split())
        if marked or "[" in raw or "(" in raw or (". " in raw and _LANGUAGE_NOTE.search(raw)):
            changed[row], markers[row] = _unmark(raw, marked=marked)
    for row, text in zip(changed, _words(list(changed.values())), strict=True):
        folded[row] = text
    return folded, markers


def _unmark(raw: str, *, marked: bool) -> tuple[str, str]:
    """Return a title without notes in brackets and what marks it, and the mark's name."""
    title = _without_notes(_APPEARS.sub("", _LANGUAGE_NOTE.sub("", _SUBSCRIPT.sub(r"\1", raw))))
    if not marked:
        return title, ""
    retracted = _RETRACTED.match(title)
    if retracted:
        title = title[retracted.end() :]
    for name, pattern in _MARKERS:
        found = pattern.search(title)
        if found and found.end() > found.start():
            rest = title[found.end() :] if found.start() == 0 else title[: found.start()]
            return (rest if len(rest) >= 10 else title), name
    return title, ""


def _without_notes(title: str) -> str:
    text = title.strip()
    if text.startswith("[") and text.rstrip(". ").endswith("]") and text.count("[") == 1:
        return text.rstrip(". ")[1:-1]
    while (note := _TRAILING_NOTE.search(text)) and note.start() >= 10 and not _PART_NOTE.search(note[0]):
        text = text[: note.start()]
    return text


def _numerals(text: str) -> str:
    """Return a folded title with Roman numerals and letters of parts as digits."""
    if _NUMBERED.isdisjoint(text.split()) and not text.endswith((" i", " v")):
        return text
    return _NUMERAL.sub(lambda found: _ROMAN[found[0]], text)


def _signs(text: str, words: Sequence[str]) -> str:
    """Return the digits and lone letters of a folded title, which is of these words."""
    digits = letters = ""
    if not "".join(words).isalpha():
        digits = "".join(_DIGITS.findall(text))
        letters = "".join(_LONE.findall(text))  # B12 is B 12
    elif not _LONE_LETTERS.isdisjoint(words):
        letters = "".join(word for word in words if word in _LONE_LETTERS)
    if "a" in words and (
        words[-1] == "a" or any(word == "a" and before in _LETTERED for before, word in pairwise(words))
    ):
        letters += "a"
    return digits + letters


def _headings(titles: Iterable[str], journals: Iterable[str]) -> Numbers:
    known = list(titles)
    headings = {title for title in set(known) if title in _GENERIC or not _HEADINGS.isdisjoint(title.split())}
    return np.array(
        [
            title in headings and _is_heading(title, journal)
            for title, journal in zip(known, journals, strict=True)
        ],
        dtype=np.int64,
    )


def _is_heading(title: str, journal: str) -> bool:
    """Return whether a folded title only heads a part of an issue, its journal's name aside."""
    if title in _GENERIC:
        return True
    own = {word for word in title.split() if not word.isdigit()} - _HEADING_WORDS
    return all(any(word.startswith(name) for name in journal.split()) for word in own)


def _families(cells: Sequence[str]) -> list[list[str]]:
    """Return the family names of the first authors, folded and without spaces, of each cell."""
    split = [_names(cell) if cell else [] for cell in cells]
    distinct = list(dict.fromkeys(name for names in split for name in names))
    families = [_family(name) for name in distinct]
    folded = _words([part for parts in families for part in parts])
    squeezed = iter(_APART.join(folded).replace(" ", "").split(_APART))
    known = {
        name: [part for _ in parts if (part := next(squeezed)) not in _UNKNOWN]
        for name, parts in zip(distinct, families, strict=True)
    }
    return [[part for name in names for part in known[name]] for names in split]


def _names(cell: str) -> list[str]:
    """Return the first names from ``Family, Given; …``, ``Given Family and …``, ``Family G, …`` or glued."""
    if ";" in cell and " and " not in cell and "&" not in cell:
        names = [name.strip() for name in cell.split(";", MOST_AUTHORS)]
    elif ";" in cell or " and " in cell or " & " in cell:
        names = _NAMES_APART.split(cell, MOST_AUTHORS)
    elif cell.count(",") > 1 or ("," in cell and _is_list(cell)):
        names = cell.split(",", MOST_AUTHORS)
    elif "." in cell[:-2]:
        names = _GLUED.split(cell, MOST_AUTHORS)
    else:
        names = [] if cell.lower().strip("[](). ") in _UNKNOWN else [cell]
    return names[:MOST_AUTHORS]


def _is_list(cell: str) -> bool:
    """Return whether the comma stands between people, as in Family G, Family G or G Family, G Family."""
    first, second = (part.split() or ["?"] for part in cell.split(",", 1))
    return _is_initials(first[-1]) or (
        len(first) > 1 and len(second) > 1 and _is_initials(first[0]) and _is_initials(second[0])
    )


def _family(name: str) -> list[str]:
    """Return what may be the family name of one person."""
    family, comma, _ = name.partition(",")
    if comma and family.strip():
        return [family]
    tokens = name.replace(",", " ").split()
    n_tokens = len(tokens)
    while len(tokens) > 1 and (len(tokens[-1]) < 2 or _is_initials(tokens[-1])):
        tokens.pop()
    while len(tokens) > 1 and (len(tokens[0]) < 2 or _is_initials(tokens[0])):
        del tokens[0]
    if len(tokens) == n_tokens and n_tokens in (2, 3):
        # Given Family or Family Given: nobody can tell, so both stand in for the family.
        return [tokens[-1], *tokens[:-1]]
    return ["".join(tokens)] if tokens else []


def _is_initials(token: str) -> bool:
    if len(token) < 3 and token[-1] == ".":
        return True
    letters = token.replace(".", "").replace("-", "")
    return (
        len(letters) < 2 or (len(letters) < 4 and letters.isupper()) or letters.lower() in {"jr", "sr", "iii"}
    )


def _year(cell: str) -> int:
    if len(cell) == 4 and cell.isdigit():
        return int(cell)
    found = _YEAR.search(cell)
    return int(found[0]) if found else 0


def _number(cell: str) -> str:
    if cell.isascii() and cell.isdigit():
        return cell.lstrip("0")
    found = _DIGITS.search(cell)
    if found:
        return found[0].lstrip("0")
    text = fold(cell)
    return "" if text in _UNKNOWN else _ROMAN.get(text, text)


def _issue(cell: str) -> str:
    """Return an issue's number; blank for a running number of the whole series or an article's."""
    number = _number(cell) if cell else ""
    return "" if number.isdecimal() and int(number) > MOST_ISSUES else number


def _volume(cell: str, year: int) -> str:
    """Return a volume's number; blank where it has none or repeats the year."""
    number = _number(cell) if cell else ""
    return "" if number == str(year) or not number.isdigit() else number


def _pages(cell: str, year: int) -> tuple[int, int]:
    """
    Return first and last page; 0 where a record says nothing. Letters in a page number do not count.

    >>> _pages("H971-6", 2004), _pages("e43268", 2012), _pages("30-Jun", 2004), _pages("ii-iv", 2015)
    ((971, 976), (43268, 43268), (30, 36), (10000002, 10000004))
    """
    if not cell:
        return 0, 0
    first, _, last = cell.partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not last)):
        # Spreadsheets take 30-6 for the 30th of June and 10-15 for a day in October.
        dated = cell
        if cell[0].isalpha() or cell[-1].isalpha():
            dated = _MONTH.sub(lambda month: f"{_MONTHS.index(month[0].lower()) // 3 + 1}", cell)
        found = _PAGES.search(dated)
        if "p" in cell and _COUNT.fullmatch(cell.strip()):
            return 0, 0
        if found is None:
            return _roman_pages(cell)
        first, last = found[1], found[2] or ""
    first, last = first.lstrip("0")[:9], last.lstrip("0")[:9]
    if 0 < len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if not last and first == str(year):
        # Some exports write the year where a page is missing.
        return 0, 0
    return int(first or 0), int(last or first or 0)


def _roman_pages(cell: str) -> tuple[int, int]:
    pages = []
    for text in fold(cell).split():
        if not _ROMAN_PAGE.fullmatch(text):
            return 0, 0
        values = [_ROMAN_LETTERS[letter] for letter in text]
        following = [*values[1:], 0]
        pages.append(sum(-one if one < after else one for one, after in zip(values, following, strict=True)))
    return (ROMAN_PAGES + pages[0], ROMAN_PAGES + pages[-1]) if pages else (0, 0)


def _pmid(cell: str) -> str:
    return cell if cell.isdecimal() or not cell else "".join(_DIGITS.findall(cell))


def _doi(cell: str) -> str:
    """
    Return a DOI in lower case without resolver, escapes and trailing stops.

    >>> _doi("https://doi.org/10.1002%2Fabc.123.")
    '10.1002/abc.123'
    """
    if not cell:
        return ""
    text = cell.lower()
    if "%" in text:
        text = text.replace("%2f", "/").replace("%28", "(").replace("%29", ")").replace("%3c", "<")
        text = text.replace("%3e", ">").replace("%3a", ":").replace("%3b", ";")
    found = _DOI.search(text)
    return found[0].rstrip(".,;") if found else ""


def _journal(cell: str) -> str:
    if _is_telling(cell.lower()):
        if server := _SERVER.search(cell.lower()):
            return "arxiv" if server[0].startswith("co") else server[0]
        if _REGISTER.search(cell):
            number = _REGISTERED.search(cell)
            return fold(number[0]) if number else ""
    if "…" in cell or "..." in cell:
        # Google Scholar shows the beginning or the end of a long name.
        return ""
    text = fold(_PLACE.sub(" ", cell)) or fold(cell)
    short = " ".join(_JOURNAL_WORDS.sub(" ", text).split())
    text = short or text
    return "" if text in _UNKNOWN else text


def _settings(kinds: Sequence[str], journals: Sequence[str], dois: Iterable[str]) -> list[str]:
    pairs = list(zip(kinds, journals, strict=True))
    known = {pair: _setting(*pair) for pair in set(pairs)}
    return [
        "preprint" if not pair[1] and _PREPRINT_DOI.match(doi) else known[pair]
        for pair, doi in zip(pairs, dois, strict=True)
    ]


def _setting(kind: str, journal: str) -> str:
    kind, journal = kind.lower(), journal.lower()
    telling = _is_telling(journal)
    if telling and _REGISTER.search(journal):
        return REGISTRATION
    if telling and "cochrane database" in journal:
        return COCHRANE
    if _THESIS.search(kind) or (telling and _THESES.search(journal)):
        return "thesis"
    if "preprint" in kind or (telling and _PREPRINT.search(journal)):
        return "preprint"
    if kind in {"conf", "cpaper", "inproceedings"} or "conference" in kind:
        return "conference"
    return "conference" if telling and _CONFERENCE.search(journal) else ""


def _is_telling(journal: str) -> bool:
    """Return whether the name of a journal may say more than a journal's; a quick look before a close one."""
    return any(piece in journal for piece in _TELLING)


def _abstracts(cells: Sequence[str]) -> Texts:
    distinct, places = _distinct([cell[:ABSTRACT_CELL] for cell in cells])
    return _texts([_abstract(folded) for folded in _words(distinct)])[places]


def _abstract(folded: str) -> str:
    text = folded
    while text.partition(" ")[0] in _LABELS:
        text = text.partition(" ")[2]
    return text[:ABSTRACT_LETTERS] if len(text) >= 80 else ""
