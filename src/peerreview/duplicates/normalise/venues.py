"""Where a text appeared: a journal, a conference, a server of preprints, a register of trials; a thesis."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from peerreview.values.folding import fold
from peerreview.values.missing import UNKNOWN

COCHRANE = "cochrane review"
REGISTRATION = "registration of a trial"
SUPPLEMENT = "abstract in a journal's supplement"
KNOWN_NAMES = 50_000
"""How many names of journals are kept in mind: each is asked about twice."""
_JOURNAL_WORDS = re.compile(
    r"\b(?:the|of|and|for|in|on|to|with|a|an|et|de|la|le|les|des|du|der|die|das|dem|den|und|fur|fuer|im|zur|zum"
    r"|del|dei|della|di|e|i|y|el|los|las|da|do|dos|part|voor|het|een|och|og|[dl](?= [aeiouh])|annual|annu"
    r"|(?:19|20)\d\d"
    r"|\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
)
"""Small words, and what changes from one meeting of a conference to the next."""
_PLACE = re.compile(r"\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$)")
_ACRONYM = re.compile(r"\(([A-Z]{3,8})(?:['’ -]*\d{2,4})?\)\W*$")
_ELISION = re.compile(r"\b(?:[dl]|dell|nell)['’](?=\w)", re.IGNORECASE)
_MAY_GO_ON = re.compile(r"[\d:]")
_ISSUE = re.compile(
    r"[.,]?\s*(?:\bVol\.? ?\d|(?<![\w(])\d+ (?:\([^)]*\) ?)*(?:(?:Suppl|Spec|Pt)\b[^()]*)?\((?:\)|pp|no pag)"
    r"|\bDate of Publication|\bConference:).*$",
    re.IGNORECASE | re.DOTALL,
)
"""Embase and PsycINFO write volume, pages and meeting behind the name of the journal."""
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
    "cold spring", "authorea", "qeios",
    "dissertation", "cochrane", "conf", "symp", "workshop", "congress", "annual meeting", "lecture notes",
    "trial", "isrctn", "anzctr", "ictrp", "nct", "euctr", "actrn", "chictr", "ctri", "drks", "irct", "umin",
    "japic", "jrct", "kct", "ntr", "pactr", "rbr-", "slctr", "tctr",
)  # fmt: skip
"""What the patterns below and above look for holds one of these."""
_CONFERENCE = re.compile(
    r"\b(?:conference|symposium|workshop|congress|conf|symp|annual meeting|lecture notes)\b"
)
_SUPPLEMENT = re.compile(r"\w\W*\bconference:")
_PREPRINT = re.compile(
    r"rxiv|^corr$|^corr abs|computing research repository|\bssrn\b|preprint|research square|\bosf\b|\brepec\b"
    r"|cold spring harbor lab|^authorea|^qeios"
)
_PUBLISHERS = ("PB", "publisher", "institution", "howpublished")
"""Fields of RIS and BibTeX that name a publisher."""
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/\d|48550/|2139/ssrn|21203/|20944/|22541/|26434/|33774/|35542/|36227/|32388/|32942/|51094/"
    r"|312(?:19|2\d|3[0-6])/|3173[01]/|14293/s2199-1006|1590/scielopreprints|7287/peerj\.preprints)"
)
"""What servers of preprints register: bioRxiv, arXiv, SSRN, Research Square, those of the OSF and others."""
_PREPRINT_HOST = re.compile(
    r"//(?:[\w-]+\.)*(?:\w*rxiv\.org|ssrn\.com|osf\.io/preprints|researchsquare\.com|preprints\.org|authorea\.com"
    r"|preprints\.\w+\.\w+|essoar\.org|qeios\.com|repec\.org)",
    re.IGNORECASE,
)
_UNPUBLISHED = frozenset({"unpb", "unpublished", "unpublished work", "posted-content", "posted content"})
"""Types of records that say that a text is not published."""
DISCUSSIONS = (" discussions", " discuss")
"""How a journal's own series of preprints is called, behind the journal's name."""
_THESIS = re.compile(r"thes[ie]s|dissertation")
_THESES = re.compile(
    r"dissertation abstracts|dissertations (?:&|and) theses"
    r"|\b(?:doctoral|phd|master'?s?) (?:thesis|dissertation)"
)


@lru_cache(KNOWN_NAMES)
def read_journal(cell: str) -> str:
    """
    Return a journal's name folded, without small words and places; a server's name; a trial's number.

    >>> read_journal("The Journal of Trials (London)"), read_journal("medRxiv 2020.01.02")
    ('journal trials', 'medrxiv')
    >>> read_journal("https://clinicaltrials.gov/show/NCT00000001"), read_journal("Journal of the …")
    ('nct00000001', '')
    """
    if _is_telling(cell.lower()):
        if server := _SERVER.search(cell.lower()):
            return "arxiv" if server[0].startswith("co") else server[0]
        if _REGISTER.search(cell):
            number = _REGISTERED.search(cell)
            return fold(number[0]) if number else ""
    if "…" in cell or "..." in cell:
        # Google Scholar shows the beginning or the end of a long name.
        return ""
    named = (_ISSUE.sub("", cell) if _MAY_GO_ON.search(cell) else cell) or cell
    if "'" in named or "’" in named:
        named = _ELISION.sub("", named)
    text = fold(_PLACE.sub(" ", named)) or fold(named)
    # Haematology, paediatrics, oedema, oesophagus.
    text = text.replace("ae", "e").replace("oed", "ed").replace("oes", "es")
    short = " ".join(_JOURNAL_WORDS.sub(" ", text).split())
    text = short or text
    if text in UNKNOWN:
        return ""
    return text + _alias(named)


def _alias(name: str) -> str:
    """
    Return the acronym that a name has in brackets behind it, as what follows it.

    >>> _alias("Proc. Int. Conf. on Peer Systems (ICPS)"), _alias("Psychopharmacology (Berl)")
    (' / icps', '')
    """
    found = _ACRONYM.search(name) if "(" in name else None
    if not found:
        return ""
    initials = iter(fold(word)[:1] for word in name[: found.start()].split())
    spelled = found[1].lower()
    return f" / {spelled}" if all(letter in initials for letter in spelled) else ""


def read_settings(
    kinds: Sequence[str], journals: Sequence[str], dois: Iterable[str], links: Iterable[str]
) -> list[str]:
    """
    Return conference, preprint, thesis, blank or one of the constants above for each record.

    >>> journals, dois = ["", "Proc. 3rd Conf. on Work", "", ""], ["", "", "10.1101/2020.01.02", ""]
    >>> read_settings(["thesis", "", "", "UNPB"], journals, dois, [""] * 4)
    ['thesis', 'conference', 'preprint', 'preprint']

    Parameters
    ----------
    kinds : the types of the records.
    journals : their names as the databases gave them.
    dois : as ``identifiers.same_doi`` leaves them.
    links : addresses; a server's tells where no journal is named.
    """
    pairs = list(zip(kinds, journals, strict=True))
    known = {pair: _setting(*pair) for pair in set(pairs)}
    return [
        # A conference may have an arXiv DOI attached to its paper: a venue that is named goes first.
        "preprint"
        if not pair[1] and ((doi and _PREPRINT_DOI.match(doi)) or (link and _PREPRINT_HOST.search(link)))
        else known[pair]
        for pair, doi, link in zip(pairs, dois, links, strict=True)
    ]


def read_server(extra: str) -> str:
    """
    Return the server of preprints that a record names as its publisher; blank where it names none.

    >>> read_server('{"PB": "Research Square"}'), read_server('{"publisher": "Wiley"}'), read_server("")
    ('Research Square', '', '')

    Parameters
    ----------
    extra : JSON of the fields of the export that have no column.
    """
    if not any(f'"{field}"' in extra for field in _PUBLISHERS):
        return ""
    try:
        fields = json.loads(extra)
    except (ValueError, RecursionError):
        return ""
    named = [str(fields.get(field, "")) for field in _PUBLISHERS] if isinstance(fields, dict) else []
    return next((name for name in named if _PREPRINT.search(name.lower())), "")


def _setting(kind: str, journal: str) -> str:
    kind, journal = kind.lower(), journal.lower()
    telling = _is_telling(journal)
    if telling and _REGISTER.search(journal):
        return REGISTRATION
    if telling and "cochrane database" in journal:
        return COCHRANE
    if _THESIS.search(kind) or (telling and _THESES.search(journal)):
        return "thesis"
    if kind in _UNPUBLISHED or "preprint" in kind or (telling and _PREPRINT.search(journal)):
        return "preprint"
    if telling and _SUPPLEMENT.search(journal):
        return SUPPLEMENT
    if kind in {"conf", "cpaper", "inproceedings"} or "conference" in kind:
        return "conference"
    return "conference" if telling and _CONFERENCE.search(journal) else ""


@lru_cache(KNOWN_NAMES)
def _is_telling(journal: str) -> bool:
    """Return whether the name of a journal may say more than a journal's; a quick look before a close one."""
    return any(piece in journal for piece in _TELLING)
