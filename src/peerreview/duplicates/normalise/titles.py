"""Titles without notes and marks, numerals in digits; their signs; and headings, which name no work."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from peerreview.duplicates.normalise.spelling import NUMERALS
from peerreview.values.folding import fold_all
from peerreview.values.missing import UNKNOWN

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
     "introduzione", "editoriale", "editoriales", "inleiding", "voorwoord", "ledare", "leder",
     "keynote", "keynotes", "keynote address", "keynote addresses", "keynote lecture", "keynote lectures",
     "keynote speaker", "keynote speakers", "keynote speech", "keynote speeches", "keynote talk",
     "keynote talks", "plenary lecture", "plenary lectures", "plenary session", "plenary speakers",
     "plenary talk", "plenary talks", "invited lecture", "invited lectures", "invited speakers",
     "invited talk", "invited talks", "author index", "title page", "copyright page", "program committee",
     "programme committee", "technical program committee", "organizing committee", "organising committee",
     "conference committee", "conference organization", "list of reviewers", "welcome message"}
)  # fmt: skip
"""Titles that head a part of every issue and name no work."""
_HEADING_WORDS = frozenset(
    {"editorial", "editorials", "editor", "editors", "introduction", "introductory", "preface", "foreword",
     "special", "issue", "section", "note", "notes", "comment", "comments", "remarks", "message", "letter",
     "letters", "book", "review", "reviews", "guest", "overview", "from", "the", "of", "to", "on", "for",
     "by", "a", "an", "and", "in", "this", "s", "track", "minitrack", "president", "presidents", "chair",
     "chairs", "vice", "treasurer", "treasurers", "secretary", "secretarys", "chairman", "chairmans",
     "messages", "column", "columns", "errata", "volume", "vol", "number", "no", "news",
     "our", "commentary", "board"}
)  # fmt: skip
_HEADINGS = frozenset(
    {
        "editorial",
        "editorials",
        "editor",
        "editors",
        "introduction",
        "preface",
        "foreword",
        "special",
        "book",
        "message",
        "messages",
        "column",
        "columns",
        "errata",
    }
)
ERRATUM = "erratum or correction"
_MARKERS = (
    (
        ERRATUM,
        (
            # Scoliosis is corrected, too: a correction of an article says to what, or stops.
            r"^\W*(?:(?:author|publisher|editorial)\s+corrections?\b|corrections?(?=\s*(?:to\b|:|notice|[\[(]))"
            r"|corrigend(?:um|a)\b|errat(?:um|a)\b|addendum(?=\s*(?:to\b|:)))"
            r"(?:\s+(?:to|for|on|in)\b)?(?:\s+the\s+article\b)?\W*(?:to:?\s+)?"
            r"|\s*[:(\[\-–—.]+\s*(?:erratum|corrigendum|addendum|(?:(?:author|publisher) )?correction)\W*$"
        ),
    ),
    (
        "retraction notice",
        (
            r"^\W*(?:notice\s+of\s+(?:retraction|withdrawal)|retraction(?:\s+(?:note|notice))?(?=\s*[:\-–—]|\s+(?:of|to|for)\s*[:\"“‘'])"
            r"|(?:editorial\s+)?expression\s+of\s+concern)(?:\s+(?:of|to|for|on))?\s*[:.,\-–—\"'“‘]*\s*"
            r"|\s*[:(\[\-–—.]+\s*(?:retraction|retraction notice|notice of retraction)\W*$"
        ),
    ),
    (
        "comment or reply",
        (
            r"^\W*(?:re:\s*|(?:a\s+)?(?:invited\s+)?(?:comment(?:ary|s)?|remarks?)\s*(?:on|to)?\s*:\s*"
            r"|(?:a\s+)?(?:comments?|commentary|remarks?|discussion)\s+(?:on|of|to)\s+[:\"“‘']\s*"
            r"|(?:the\s+|in\s+)?(?:authors?['’]?s?['’]?\s+)?(?:reply|response|rejoinder|rebuttal)(?:\s+(?:to|from))?(?:\s+(?:the\s+)?(?:authors?|comments?(?:\s+on)?|letter(?:\s+to\s+the\s+editor)?(?:\s+on)?))?\s*[:\"“‘]\s*"
            r"|letters?\s+to\s+the\s+editors?\s*[:.]\s*|correspondence\s*:\s*)"
            r"|(?:\s*[:(\[–—.?!]+\s*|\s+-+\s+)(?:(?:a\s+|the\s+|authors?['’]?s?\s+)*(?:reply|response|comments?|commentary|discussion|rejoinder|rebuttal)"
            r"|(?:a\s+)?(?:reply|response|comments?|rejoinder)\s+(?:to|on|by|from)\s+[^:]{2,40})\W*$"
            r"|(?<=[\w”\"'’?])-(?:reply|comments?|rejoinder|rebuttal)\W*$"
        ),
    ),
    (
        "protocol of the study",
        (
            r"^\W*(?:(?:study|trial|review)\s+)?protocol(?:\s*:\s*|\s+(?:for|of)\s+(?:(?:an?|the)\s+)?"
            r"(?=randomi[sz]ed|systematic|scoping|cluster|cohort|pilot|feasibility|multi|mixed|controlled|study|trial))"
            r"|(?:\s*[:(\[–—.]+\s*|\s+-+\s+)(?:a\s+|the\s+)?(?:(?:study|trial|review|research)\s+)?protocol\b"
            r"(?:\s+(?:for|of)\s.*)?\W*$"
        ),
    ),
    ("withdrawal", r"^\W*withdrawn(?:\s+article)?\s*[:.\-–—\])]+\s*"),
)


@cache
def _markers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what marks a title, by name; to compile that takes as long as to read a hundred titles."""
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _MARKERS)


_MARK_WORDS = frozenset(
    {"correction", "corrections", "corrigendum", "corrigenda", "erratum", "errata", "addendum", "retraction",
     "retracted", "withdrawal", "withdrawn", "notice", "concern", "comment", "comments", "commentary",
     "remarks", "remark", "discussion", "reply", "response", "rejoinder", "rebuttal", "letter", "letters",
     "re", "correspondence", "protocol"}
)  # fmt: skip
"""Titles without one of these need no closer look."""
_RETRACTED = re.compile(
    r"^\W*(?:retracted(?:\s+(?:article|paper|chapter))?|被撤回的出版物)\s*[:.\-–—\])]+\s*", re.IGNORECASE
)
_LANGUAGES = (
    "Arabic|Bulgarian|Chinese|Croatian|Czech|Danish|Dutch|English|Finnish|French|German|Greek|Hebrew|Hungarian"
    "|Italian|Japanese|Korean|Lithuanian|Norwegian|Persian|Polish|Portuguese|Romanian|Russian|Serbian|Slovak"
    "|Spanish|Swedish|Turkish|Ukrainian"
)
_ENGLISH = (
    "the|of|and|for|with|from|by|among|group|study|studies|trial|cohort|experience|society|association|network"
    "|registry|cooperative|collaborative|force|committee|survey|consensus|guidelines?|perspectives?|version"
    "|validation|patients|children|women|population|multicent(?:er|re)|national|college|federation|institute"
    "|schools?|language|investigators"
)
_LANGUAGE_NOTE = re.compile(
    rf"\.\s+(?:(?:{_LANGUAGES}|{_LANGUAGES.upper()})\s*\.?\s*$"
    rf"|\[?(?:{_LANGUAGES})\]?\s+(?=[A-Z]\w)(?!(?s:.*)\b(?i:{_ENGLISH})\b).*$)"
)
"""Some exports append the language, and the title in it, without brackets; Spanish Experience is none."""
_TRAILING_NOTE = re.compile(
    r"\s*(?:(?<=\s)[-–—]\s*(?i:book reviews?)|[:–—-]\s*(?i:(?:talk[- ])?slides available)[^():]*"
    r"|\[[^\[\]]*\]|\((?:in )?[A-Z][a-z]+\)|\(author'?s? transl\)"
    r"|\((?i:(?:(?:provisional|structured|meeting|conference|extended|panel) )?abstract"
    r"|panel(?: session)?|keynote(?: talk)?|tutorial|invited (?:talk|paper)"
    r"|short (?:paper|version)"
    r"|(?:talk[- ])?slides available[^()]*)\))\s*\.?\s*$"
)
_NOTES = (" book review", " book reviews")
"""What some append to a title without brackets."""
_RUBRIC = re.compile(
    r"^(?!(?:\S+\s+){0,2}?(?:technical|working|discussion|position|conference|companion|supplement\w*)\b)"
    r"(?:[^\W\d][\w'’&-]*\s+){0,3}(?:(?:papers?|articles?|essays?|communications?|lectures?|column|features?"
    r"|competitions?|awards?|(?:panel|tutorial|keynote)(?:\s+session)?)(?:\s+(?:competitions?|awards?|winners?))?|(?:research|technical|brief|short)\s+(?:notes?|reports?)"
    r"|case\s+reports?)\s*(?::|\s[-–—]|[–—])\s+(?=\S+\s+\S+\s+\S)",
    re.IGNORECASE,
)
"""Invited article: …, Best paper award - …: the rubric that one database prints before a title."""
_TRACK = re.compile(
    r"\s*\((?:panel|tutorial|keynote|invited|industr(?:y|ial)|experience)"
    r"(?: (?:session|abstract|summary|discussion|talk|paper|track))?\)(?=\s*(?:[:–—-]|\.?\s*$))",
    re.IGNORECASE,
)
"""… (panel session): …: the kind of a contribution, wherever one source prints it; a demo is another text."""
_LOST_LETTER = re.compile(r"(?<=[^\W\d_])\?(?=[a-zà-ÿ])")
"""Th?mis: an accented letter that an export could not write."""
_RUBRICS = frozenset(
    {"tutorial", "panel", "keynote",
     "paper", "papers", "article", "articles", "essay", "essays", "communication", "communications",
     "lecture", "lectures", "column", "feature", "features", "competition", "competitions", "award",
     "awards", "note", "notes", "report", "reports"}
)  # fmt: skip
"""Titles without one of these among their first words have no rubric."""
_FORMAT = re.compile(r"^(?:\[(?:PDF|HTML|DOC|BOOK|CITATION|[BC])\]\s*)+")
"""Google Scholar says first in what form there is a text."""
_SUBSCRIPT = re.compile(r"(?<=[^\W\d_])\((?![IVX]+\))(\w{1,5}[+-]?)\)")
"""MEDLINE writes what stands lower or higher in brackets: H(2)O, K(ATP); but iron(II) is not iron(III)."""
_RETRACTED_NOTE = re.compile(
    r"\s*[(\[](?:retracted|withdrawn)(?: article| paper)?\b[^()\[\]]*[)\]]\s*\.?\s*$", re.IGNORECASE
)
"""The Web of Science says that an article was retracted before its title, and again behind it."""
_CORRECTED_PLACE = re.compile(
    r"\s*\((?:vol\.? ?\w{1,8}[, ]+(?!no\b|number|issue)[^()]{1,30}[, ]+(?:19|20)\d\d"
    r"|[^()]{3,120}\([^()]{0,20}(?:19|20)\d\d\)[,:\s]*(?:\(?[a-z]?\d|doi)(?:[^()]|\([^()]*\))*\)?)\)\s*\.?\s*$",
    re.IGNORECASE,
)
"""
The place of what is corrected, often all that says that a text is an erratum.

(vol 360, pg 542, 2009) in the Web of Science, (Journal (2009) 360 (542-544)) in Embase and Scopus.
"""
_APPEARS = re.compile(
    r"\s*[\[(](?:erratum|errata|correction|comment|retraction)[^\[\]]* (?:appears? )?in\b.*$", re.IGNORECASE
)
_PART_NOTE = re.compile(
    r"part|phase|volume|study|protocol|\breply\b|response|comment|discussion|erratum|correction|retract|withdraw",
    re.IGNORECASE,
)
_NUMERAL = frozenset(
    {"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "two", "three", "four", "five", "six",
     "seven", "eight", "nine", "ten", "twelve"}
)  # fmt: skip
_AFTER = dict.fromkeys(("phase", "class", "grade", "stage", "study", "paper"), frozenset({"i", "v", "x"})) | {
    "part": frozenset({"i", "v", "x", "one", *"abcdefgh"})
}
"""Words that are numerals behind these only."""
_ORDINALS = {
    word: f"{number}th"
    for number, word in enumerate(
        ("fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"), start=4
    )
}
"""The fourth workshop is the 4th; first, second and third are words of many other meanings."""
_NUMBERED = _NUMERAL | _AFTER.keys() | {"v", "vs"} | _ORDINALS.keys()
_LAST_NUMERALS = (" i", " v")
"""Titles without one of these words, or such an end, have no numerals."""
_TELLING = _NUMBERED | _MARK_WORDS | _RUBRICS
_LONE_LETTERS = frozenset("bcdfghjklmnpqrstvwxz")
"""Hepatitis B is not hepatitis C; single vowels are words in many languages."""
_LONE = re.compile(r"(?<![^\W\d_])[bcdfghjklmnpqrstvwxz](?![^\W\d_])")
_LETTERED = frozenset({"hepatitis", "influenza", "vitamin", "type", "group", "grade", "class"})
"""Words that a letter follows as a number would: hepatitis A is not hepatitis."""
_DIGITS = re.compile(r"\d+")


def read_titles(titles: Sequence[str]) -> tuple[list[str], list[str]]:
    """
    Return titles folded, without notes and marks, numerals in digits, blank where unknown; what marks each.

    >>> read_titles(["Peer work. Part II [Dutch]", "Erratum to: Wages of peers", "Untitled"])
    (['peer work part 2', 'wages of peers', ''], ['', 'erratum or correction', ''])
    """
    folded = fold_all(titles)
    markers = [""] * len(folded)
    changed: dict[int, str] = {}
    numbered = []
    for row, (cell, text) in enumerate(zip(titles, folded, strict=True)):
        words = text.split()
        raw = cell
        if "?" in cell and _LOST_LETTER.search(cell):
            changed[row] = raw = _LOST_LETTER.sub("", cell)
        marked = False
        if not _TELLING.isdisjoint(words):
            # Most titles have none of these words.
            numbered.append(row)
            marked = not _MARK_WORDS.isdisjoint(words)
            if not _RUBRICS.isdisjoint(words[:5]) and (rubric := _RUBRIC.match(raw)):
                changed[row] = raw = raw[rubric.end() :]
        elif text.endswith(_LAST_NUMERALS):
            numbered.append(row)
        noted = "[" in raw or "(" in raw or text.endswith(_NOTES) or "slides" in words
        if marked or noted or (". " in raw and _LANGUAGE_NOTE.search(raw)):
            changed[row], markers[row] = _unmark(raw, marked=marked)
    for row, text in zip(changed, fold_all(list(changed.values())), strict=True):
        folded[row] = text
    for row in {*numbered, *changed}:
        folded[row] = _numerals(folded[row])
    return ["" if text in UNKNOWN else text for text in folded], markers


def _unmark(raw: str, *, marked: bool) -> tuple[str, str]:
    """Return a title without notes in brackets and what marks it, and the mark's name."""
    title = _FORMAT.sub("", raw) if raw.startswith("[") else raw
    if "(" in title:
        title = _TRACK.sub("", title)
    title = _without_notes(_APPEARS.sub("", _LANGUAGE_NOTE.sub("", _SUBSCRIPT.sub(r"\1", title))))
    if marked:
        title = _RETRACTED_NOTE.sub("", title)
    marker = ""
    if title.endswith((")", ").")) and (place := _CORRECTED_PLACE.search(title)) and place.start() >= 10:
        title, marker = title[: place.start()], ERRATUM
    if not marked:
        return title, marker
    retracted = _RETRACTED.match(title)
    if retracted:
        title = title[retracted.end() :]
    for name, pattern in _markers():
        found = pattern.search(title)
        if found and found.end() > found.start():
            rest = title[found.end() :] if found.start() == 0 else title[: found.start()]
            # Re: “…” - Reply; Erratum: Author Correction: …
            rest = pattern.sub("", rest)
            return (rest if len(rest) >= 10 else title), name
    return title, marker


def _without_notes(title: str) -> str:
    text = title.strip()
    if text.startswith("[") and text.rstrip(". ").endswith("]") and text.count("[") == 1:
        return text.rstrip(". ")[1:-1]
    while (note := _TRAILING_NOTE.search(text)) and note.start() >= 10 and not _PART_NOTE.search(note[0]):
        text = text[: note.start()]
    return text


def _numerals(text: str) -> str:
    """Return a folded title with Roman numerals, numbers and letters of parts as digits, and vs as versus."""
    if _NUMBERED.isdisjoint(text.split()) and not text.endswith(_LAST_NUMERALS):
        return text
    words = text.split()
    before = ""
    for place, word in enumerate(words):
        is_last = place + 1 == len(words)
        if word in _ORDINALS:
            words[place] = _ORDINALS[word]
        elif word in _NUMERAL or word in _AFTER.get(before, ()) or (is_last and place and word in {"i", "v"}):
            words[place] = NUMERALS[word]
        elif word == "vs" or (word == "v" and place and not is_last and "a" <= words[place + 1][0] <= "z"):
            words[place] = "versus"
        before = word
    return " ".join(words)


def read_signs(text: str, words: Sequence[str]) -> str:
    """
    Return the digits and lone letters of a folded title, which is of these words.

    >>> read_signs("hepatitis c part 2", ["hepatitis", "c", "part", "2"])
    '2c'
    """
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


def are_headings(titles: Iterable[str], journals: Iterable[str]) -> list[bool]:
    """
    Return whether each folded title only heads a part of an issue, its journal's name aside.

    >>> are_headings(["editorial", "from the gut editor", "peer work"], ["", "gut", "gut"])
    [True, True, False]
    """
    known = list(titles)
    headings = {title for title in set(known) if title in _GENERIC or not _HEADINGS.isdisjoint(title.split())}
    return [
        title in headings and _is_heading(title, journal)
        for title, journal in zip(known, journals, strict=True)
    ]


def _is_heading(title: str, journal: str) -> bool:
    """Return whether a folded title only heads a part of an issue, its journal's name aside."""
    if title in _GENERIC:
        return True
    own = {word for word in title.split() if not word.isdigit()} - _HEADING_WORDS
    return all(any(word.startswith(name) for name in journal.split()) for word in own)
