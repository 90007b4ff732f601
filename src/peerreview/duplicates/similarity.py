"""Two texts to a number; and the rules, as data, that say which number is enough."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.normalise.spelling import spelled
from peerreview.duplicates.normalise.venues import COCHRANE, REGISTRATION, SUPPLEMENT
from peerreview.values.folding import fold
from peerreview.values.pages import ROMAN_PAGES

Values = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Similarities = dict[str, Values]

FIELDS: Mapping[str, str] = {
    "title": "likeness of the titles, in the order of words or in alphabetical order, whichever is higher",
    "title_within": "1 where one title is the beginning of the other, of at least 25 letters; "
    "0.5 where the other goes on as titles of further reports do (design, follow-up, economic evaluation)",
    "wording": "1 where the titles have the same words, spelling and slips of the pen aside; "
    "0.5 where just one has further words before or behind, 0.25 where it has them in between "
    "or their order differs; else 0",
    "signs": "1 where the titles hold the same digits and lone letters, Roman numerals turned into digits",
    "marker": "1 where both or neither are marked as an erratum, retraction, comment, protocol or withdrawal",
    "generic": "1 where a title only heads a part of an issue (Editorial), 0 elsewhere",
    "n_words": "words in the shorter title",
    "first_author": "likeness of the first authors' family names",
    "authors": "likeness of the authors' family names; a shortened list is no difference",
    "journal": "likeness of the journals, abbreviations followed",
    "year": "1 same, 0.8 one year apart, 0.6 two, else 0",
    "volume": "1 same, 0 different",
    "issue": "1 same, 0 different",
    "pages": "1 the same three pages or more, or article number; 0.9 same first page; "
    "0.5 where ranges overlap, else 0; missing where one numbers pages from 1 and the other articles, "
    "or as many pages from another on",
    "doi": "1 same, 0 different",
    "doi_version": "1 where the DOIs differ in their version only (.pub2, .pub3; v1, v2)",
    "pmid": "1 same, 0 different",
    "abstract": "likeness of the first 300 letters of the abstracts",
    "setting": "1 where neither or both are a conference paper, a preprint or a thesis",
    "preprint": "1 where just one is a preprint",
    "conference": "1 where just one is a conference paper",
    "supplement": "1 where just one is an abstract of a meeting in its journal's supplement",
    "brief": "1 where at least one stands on a single page, as abstracts of a meeting do",
    "cochrane": "1 where both are in the Cochrane Database",
    "registrations": "1 where both are registrations of trials, their journal being their number",
    "theses": "1 where both are theses",
    "thesis": "1 where just one is a thesis",
    "recurrent": "1 where the years differ and the title is of a kind that comes again, as annual reports do",
    "agree": "how many of volume, issue, pages, DOI and PubMed id are the same",
    "ahead_of_print": "1 where just one has a volume, and the other no page or one from page 1 on",
    "differ": "how many of year, volume, pages, DOI and journal are different",
}
"""What rules may ask for. All are in [0, 1] except counts; missing where either record says nothing."""

GATE = 0.7
"""Pairs with titles less alike are compared further only where DOI, PubMed id or place agree."""
ALIKE_TITLES = 0.85
"""Words of titles less alike are not compared one by one."""
CODED_TITLE = 40
"""Letters from which on a title is known behind the number of an abstract."""
CUT_TITLE = 60
"""Letters from which on a title that is the beginning of another may end within a word."""
ARTICLE_NUMBERS = 10_000
"""From here on a lone number is an article's own, not a page's."""
SAME_JOURNAL = 0.8
DIFFERENT_JOURNAL = 0.5
KNOWN_JOURNALS = 50_000
"""How many pairs of journals are kept in mind: the same ones come again and again."""

_SMALL_WORDS = frozenset(
    {"a", "an", "and", "the", "of", "in", "on", "for", "to", "with", "by", "at", "from", "is"}
)
_OTHER_WITHOUT_FIRST = frozenset(
    {"remission", "revolution", "evaluation", "equality", "emotion", "emotional", "emission", "stable"}
)
_IRREGULAR = {"jpn": "japanese", "zbl": "zentralblatt"}
"""Abbreviations in names of journals that leave letters out."""
_DENIALS = frozenset({"no", "not", "non", "off", "without"})
_RECURRENT = re.compile(
    r"\b(?:annual|biennial|yearly|quarterly) (?:\w+ ){0,2}"
    r"(?:report|review|survey|update|meeting|congress|statistics)\b"
    r"|\b(?:report|minutes|proceedings) of (?:the|an?)\b"
    r"|\bhighlights (?:of|from)\b|\byear in review\b|\b(?:yearbook|workshop|minitrack|tutorial)\b"
)
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_CODE = re.compile(r"(?:(?:abstract|poster|paper|oral|presentation) )*(?:[a-z]{1,4} ?)?\d[\d ]{0,8}[a-z]? ")
"""P-123, OP12, Abstract 0123: the number of an abstract at its meeting, before its title."""
_COMPANION = re.compile(
    r" (?:(?:an?|the|its|study|trial|results of|\d+) )*(?:rationale|design|protocols?|methods?|methodology"
    r"|economic|costs?|process evaluation|secondary|post hoc|posthoc|subgroup|ancillary|sub ?study|follow ?up"
    r"|years?|months?|weeks?|long term|baseline|plain language|interim|(?:open label )?extension|updated?"
    r"|repl(?:y|ies)|responses?|comments?|commentary|summary|abridged|editorial|letter|executive"
    r"|supplement(?:ary|al)?|appendix|(?:second|third|fourth|final|preliminary) (?:report|results))\b"
)
"""How titles of further reports of a study go on."""
_ISOTOPE = re.compile(r"\b([a-z]{1,2}) (\d{1,3})\b")
_SIGN = re.compile(r"\d|^.$")
_OPERATORS: Mapping[str, Callable[[Values, float], Mask]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
COMPARATORS = ("same", "different", "blank", "not same", "not different", "known", *_OPERATORS)


@dataclass(frozen=True, slots=True)
class Test:
    """
    What a rule asks of one field.

    ``same`` is 1, ``different`` 0, ``blank`` missing; ``not different`` also
    holds where it is missing; a comparison with a number does not hold where
    it is missing, unless ``or blank`` follows.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class of this name for its own

    field: str
    comparator: str
    number: float = 0.0
    or_blank: bool = False

    def passes(self, similarities: Similarities) -> Mask:
        """Return, per pair, whether it holds."""
        values = similarities[self.field]
        blank = np.isnan(values)
        match self.comparator:
            case "same":
                held = values == 1
            case "different":
                held = values == 0
            case "blank":
                held = blank
            case "known":
                held = ~blank
            case "not same":
                held = values != 1
            case "not different":
                held = values != 0
            case sign:
                held = _OPERATORS[sign](values, self.number)
        return np.asarray(held | blank if self.or_blank else held, dtype=np.bool_)

    def __str__(self) -> str:
        shown = f"{self.comparator} {self.number:g}" if self.comparator in _OPERATORS else self.comparator
        return f"{self.field} {shown}{' or blank' if self.or_blank else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: where all its tests hold, the pair is judged so, because of ``why``."""

    name: str
    verdict: Literal["duplicate", "possible", "related", "distinct"]
    why: str
    tests: tuple[Test, ...]
    relation: str = ""

    def passes(self, similarities: Similarities, open_pairs: Mask) -> Mask:
        """Return which of the open pairs pass."""
        held = open_pairs
        for test in self.tests:
            if not held.any():
                break
            held = held & test.passes(similarities)
        return held


def parse_test(field: str, text: object) -> Test:
    """
    Return a test from its words in a rules file.

    >>> str(parse_test("title", ">= 0.9"))
    'title >= 0.9'

    Raises
    ------
    ValueError
        Where the field or the comparator is unknown.
    """
    if field not in FIELDS:
        message = f"field {field!r} is not {', '.join(FIELDS)}"
        raise ValueError(message)
    words = str(text).strip()
    or_blank = words.endswith(" or blank")
    words = words.removesuffix(" or blank").strip()
    if words in COMPARATORS and words not in _OPERATORS:
        return Test(field, words, or_blank=or_blank)
    sign, _, number = words.partition(" ")
    if sign in _OPERATORS:
        try:
            return Test(field, sign, float(number), or_blank)
        except ValueError:
            pass
    message = f"{field} = {text!r} is not one of {', '.join(COMPARATORS)} with a number after a sign"
    raise ValueError(message)


def compare(
    records: Comparable, low: Numbers, high: Numbers, *, workers: int = 1, gated: bool = True
) -> tuple[Numbers, Similarities]:
    """
    Compare pairs of records, whole columns at a time.

    Parameters
    ----------
    low, high : rows of ``records``, a pair each.
    workers : threads; the numbers are the same with any.
    gated : leave out pairs that no rule could join, as ``GATE`` says.

    Returns
    -------
    The pairs that passed the gate, as positions in ``low``; and for each of
    them every field of ``FIELDS``.
    """
    title = _ratio(records.title, low, high, workers)
    unlike = np.flatnonzero((title < 0.9) & ~np.isnan(title))
    title[unlike] = np.maximum(title[unlike], _ratio(records.words, low[unlike], high[unlike], workers))
    doi, pmid = _same(records.doi, low, high), _same(records.pmid, low, high)
    volume, pages = _same(records.volume, low, high), _same_pages(records, low, high)
    within = np.zeros(len(low), dtype=np.float32)
    within[unlike] = _within(records.title, low[unlike], high[unlike])
    passed = np.flatnonzero(
        (not gated)
        | (title >= GATE)
        | (within > 0)
        | (doi == 1)
        | (pmid == 1)
        | ((volume == 1) & (pages >= 0.9))
    )
    low, high = low[passed], high[passed]
    found: Similarities = {
        "title": title[passed],
        "title_within": within[passed],
        "wording": (wording := _wordings(records.title, low, high, title[passed])),
        "signs": _signs(records, low, high, within[passed], wording),
        "marker": (records.marker[low] == records.marker[high]).astype(np.float32),
        "generic": np.maximum(records.generic[low], records.generic[high]).astype(np.float32),
        "n_words": np.minimum(records.n_words[low], records.n_words[high]).astype(np.float32),
        "first_author": _first_authors(records, low, high, workers),
        "authors": _authors(records.authors, low, high, workers),
        "journal": _journals(records.journal, low, high),
        "year": _years(records.year, low, high),
        "volume": volume[passed],
        "issue": _same(records.issue, low, high),
        "pages": pages[passed],
        "doi": doi[passed],
        "doi_version": _versions(records.doi, low, high),
        "pmid": pmid[passed],
        "abstract": _ratio(records.abstract, low, high, workers),
        "setting": (records.setting[low] == records.setting[high]).astype(np.float32),
        "preprint": _just_one(records.setting, low, high, "preprint"),
        "conference": _just_one(records.setting, low, high, "conference"),
        "supplement": _just_one(records.setting, low, high, SUPPLEMENT),
        "brief": _brief(records, low, high),
        "cochrane": _both_are(records.setting, low, high, COCHRANE),
        "registrations": _both_are(records.setting, low, high, REGISTRATION),
        "theses": _both_are(records.setting, low, high, "thesis"),
        "thesis": _just_one(records.setting, low, high, "thesis"),
    }
    turned = np.flatnonzero((found["authors"] < 0.75) & (found["title"] >= 0.9))
    names = _whole_names(records.names, low[turned], high[turned])
    found["authors"][turned] = np.maximum(found["authors"][turned], names)
    found["first_author"][turned[names >= 0.9]] = 0.9
    unlike = np.flatnonzero(
        (found["first_author"] < 0.85) & (found["authors"] >= 0.85) & (found["title"] >= 0.9)
    )
    found["first_author"][unlike[_double_names(records, low[unlike], high[unlike])]] = 0.9
    found["recurrent"] = _recurrent(records.title, low, found["year"])
    found["ahead_of_print"] = _ahead(records, low, high)
    found["agree"] = sum(
        ((found[field] >= 0.9).astype(np.float32) for field in ("volume", "issue", "pages", "doi", "pmid")),
        start=np.zeros(len(low), dtype=np.float32),
    )
    found["differ"] = sum(
        (
            (found[field] < limit).astype(np.float32)
            for field, limit in (
                ("year", 0.7),
                ("volume", 0.5),
                ("pages", 0.3),
                ("doi", 0.5),
                ("journal", DIFFERENT_JOURNAL),
            )
        ),
        start=np.zeros(len(low), dtype=np.float32),
    )
    return passed, {field: found[field] for field in FIELDS}


@lru_cache(KNOWN_JOURNALS)
def same_journal(one: str, other: str) -> float:
    """
    Return how alike two journal names are, in [0, 1]; both as ``normalise`` leaves them.

    >>> same_journal("j am coll cardiol", "journal american college cardiology")
    1.0
    """
    if one == other:
        return 1.0
    left, right = (_without_acronym(name.split()) for name in (one, other))
    if left == right:
        return 1.0
    shorter, longer = sorted((left, right), key=len)
    # JAMA and what JAMA stands for; JAMA Surgery is another journal.
    n_words = 9 if len(left) + len(right) == len(one.split()) + len(other.split()) else 1
    if any(_is_acronym(words, name, n_words) for words, name in ((shorter, longer), (longer, shorter))):
        return 0.95
    if (
        len(shorter) == 1
        and len(shorter[0]) > max(6, len(longer[0]) + 2)
        and _abbreviates(shorter[0], "".join(longer))
    ):
        # Jthoraccardiovascsurg: the spaces were lost.
        return 0.85
    places = _places(shorter, longer)
    if places is not None:
        n_taken = sum(n_words for _, n_words in places)
        if n_taken == len(longer):
            return 1.0
        # A long name that goes on has a section, place or motto; a short one may be another journal.
        is_start = n_taken == sum(places[-1])
        goes_on = is_start and (
            shorter[-1] != f"{longer[n_taken - 1]}s" if len(shorter) > 2 else _has_motto(shorter, longer)
        )
        # Half of a double word is lost in short: Hum Interact, Human-Computer Interaction.
        is_short = len(shorter) > 3 and len(set(shorter) - set(longer)) > len(shorter) / 2
        is_cut = is_short and places[0][0] == 0 and len(longer) - n_taken == 1
        return 0.8 if goes_on or is_cut else 0.5 + 0.25 * n_taken / len(longer)
    plain, other_plain = " ".join(left), " ".join(right)
    alike = float(max(fuzz.ratio(plain, other_plain), fuzz.token_sort_ratio(plain, other_plain)) / 100)
    # The European Heart Journal is not the European Journal of Heart Failure.
    return alike if alike >= 0.9 else min(alike, 0.75)


def _places(shorter: list[str], longer: list[str]) -> list[tuple[int, int]] | None:
    """Return where each word stands in the longer name, and as how many words; None where one does not."""
    place = 0
    places = []
    for word in shorter:
        for ahead in range(place, len(longer)):
            if ahead + 1 < len(longer) and _is_two(word, longer[ahead], longer[ahead + 1]):
                n_words = 2
            elif _abbreviates(word, longer[ahead]) or _abbreviates(longer[ahead], word):
                n_words = 1
            else:
                continue
            places.append((ahead, n_words))
            place = ahead + n_words
            break
        else:
            return None
    return places


def _is_two(word: str, first: str, second: str) -> bool:
    """Return whether a word is two in one: gastroenterol, gastro enterologica; nz, New Zealand."""
    if len(word) == 2:
        return len(first) > 2 and word == first[0] + second[0]
    rest = word[len(first) :]
    return len(first) > 2 and len(rest) > 2 and word.startswith(first) and second.startswith(rest)


def _without_acronym(words: list[str]) -> list[str]:
    """Return a name without its own initials before it, as in AJNR American Journal of Neuroradiology."""
    if len(words) < 4 or not 3 <= len(words[0]) <= 5 or words[0][0] != words[1][0]:
        return words
    initials = iter([word[0] for word in words[1:]])
    begins = all(letter in initials for letter in words[0][:-1])
    return words[1:] if begins and words[0][-1] in " ".join(words[2:]) else words


def _has_motto(shorter: list[str], longer: list[str]) -> bool:
    """Return whether a name goes on as in Arthroscopy: the journal of arthroscopic surgery."""
    motto = longer[len(shorter) :]
    begins = all(word.startswith(short) for short, word in zip(shorter, longer, strict=False))
    return begins and len(motto) > 2 and motto[0] == "journal" and motto[1] != "official"


def _is_acronym(words: list[str], name: list[str], n_words: int) -> bool:
    """Return whether a name of so many words begins with the initials of the other, as ICIS: … or JAMA do."""
    return (
        len(words) <= n_words
        and len(name) > 2
        and len(words[0]) > 2
        and words[0] == "".join(word[0] for word in name[: len(words[0])])
    )


def _abbreviates(short: str, word: str) -> bool:
    if word.startswith(short) or word == _IRREGULAR.get(short):
        return True
    if short[0] != word[0] or len(short) < 2 or len(short) >= len(word):
        return False
    letters = iter(word)
    return all(letter in letters for letter in short) and (len(short) > 3 or short[-1] == word[-1])


def _likeness(left: Texts, right: Texts, scorer: Callable[..., float], workers: int) -> Values:
    """Return a scorer's likeness of two columns, 1 where they are the same."""
    values: Values = np.ones(len(left), dtype=np.float32)
    unlike = np.flatnonzero(left != right)
    if len(unlike):
        values[unlike] = cpdist(
            left[unlike].tolist(),
            right[unlike].tolist(),
            scorer=scorer,
            dtype=np.float32,
            workers=workers,
        )
    return values


def _ratio(texts: Texts, low: Numbers, high: Numbers, workers: int) -> Values:
    """Return the likeness of two columns of text; missing where either is blank."""
    left, right = texts[low], texts[high]
    blank = (left == "") | (right == "")
    values = _likeness(left, right, Indel.normalized_similarity, workers)
    values[blank] = np.nan
    return values


def _same(texts: Texts, low: Numbers, high: Numbers) -> Values:
    left, right = texts[low], texts[high]
    values = np.asarray(left == right, dtype=np.float32)
    values[(left == "") | (right == "")] = np.nan
    return values


def _signs(records: Comparable, low: Numbers, high: Numbers, within: Values, wording: Values) -> Values:
    values = np.asarray(records.signs[low] == records.signs[high], dtype=np.float32)
    for place in np.flatnonzero((values == 0) & (wording == 1)):
        # Parkinson s disease, and what is left of a small word; but vitamin A is not vitamin.
        one, other = (records.signs[rows[place]].endswith("a") for rows in (low, high))
        values[place] = one == other
    for place in np.flatnonzero((values == 0) & (within > 0)):
        # A number deep in a subtitle is no contradiction; "part 2" after the shorter title is.
        shorter, longer = sorted((records.title[low[place]], records.title[high[place]]), key=len)
        values[place] = not any(_SIGN.search(word) for word in longer[len(shorter) :].split()[:3])
    for place in np.flatnonzero((values == 0) & (wording == 0.5)):
        shorter, longer = sorted((records.title[low[place]], records.title[high[place]]), key=len)
        if len(shorter) >= CODED_TITLE and longer.endswith(" " + shorter):
            values[place] = _CODE.fullmatch(longer[: -len(shorter)]) is not None
    return values


def _same_pages(records: Comparable, low: Numbers, high: Numbers) -> Values:
    start, end, other_start, other_end = (
        pages[rows] for rows in (low, high) for pages in (records.first_page, records.last_page)
    )
    values = np.zeros(len(low), dtype=np.float32)
    values[np.maximum(start, other_start) <= np.minimum(end, other_end)] = 0.5
    first = start == other_start
    values[first] = 0.9
    # Abstracts of a meeting share a page or two, and articles of proceedings begin at page 1.
    values[first & (end == other_end) & (end - start > 1) & (start > 1)] = 1
    numbered = (start >= ARTICLE_NUMBERS) & (start < ROMAN_PAGES)
    # CD006273 is the number of one Cochrane review.
    cochrane = records.setting == COCHRANE
    numbered |= cochrane[low] & cochrane[high]
    values[first & (end == start) & (other_end == start) & numbered] = 1
    # 1-14 counts the pages of an article that is e455 elsewhere.
    counted, number = (start == 1) & (end > 1), start == end
    other_counted, other_number = (other_start == 1) & (other_end > 1), other_start == other_end
    values[
        (counted & other_number & (other_start > end)) | (other_counted & number & (start > other_end))
    ] = np.nan
    # 1-14 counts the pages of what is 566-579 in print.
    length, other_length = end - start, other_end - other_start
    values[((start == 1) != (other_start == 1)) & (length == other_length) & (length > 1)] = np.nan
    values[(start == 0) | (other_start == 0)] = np.nan
    return values


def _ahead(records: Comparable, low: Numbers, high: Numbers) -> Values:
    unplaced = (records.volume == "") & (records.first_page <= 1)
    placed = records.volume != ""
    return np.asarray((unplaced[low] & placed[high]) | (unplaced[high] & placed[low]), dtype=np.float32)


def _brief(records: Comparable, low: Numbers, high: Numbers) -> Values:
    single = (records.first_page > 0) & (records.first_page == records.last_page)
    single &= (records.first_page < ARTICLE_NUMBERS) | (records.first_page >= ROMAN_PAGES)
    return np.asarray(single[low] | single[high], dtype=np.float32)


def _wordings(titles: Texts, low: Numbers, high: Numbers, alike: Values) -> Values:
    values: Values = np.asarray(titles[low] == titles[high], dtype=np.float32)
    for place in np.flatnonzero((values == 0) & (alike >= ALIKE_TITLES)):
        values[place] = same_wording(titles[low[place]], titles[high[place]])
    values[np.isnan(alike)] = np.nan
    return values


def same_wording(one: str, other: str) -> float:
    """
    Return how well the words of two folded titles match, spelling and single slips of the pen aside.

    1 where they are the same, small words aside; 0.5 where one title has
    further words before or behind, 0.25 where it has them in between, or the
    words stand in another order; 0 where each has a word that the other has
    not, or just one says not or without.

    >>> same_wording("the behaviour of adults at work", "behavior of adults in work")
    1.0
    >>> same_wording("care of adults at home", "care of adults at home in wales")
    0.5
    >>> same_wording("care of adults at home", "care of older adults at home")
    0.25
    >>> same_wording("hypertension in men", "hypotension in men")
    0.0
    """
    if one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    left, right = one.split(), other.split()
    _take_pairs(left, right, operator.eq)
    if not left and not right:
        return 1.0 if _same_order(one, other) else 0.25
    words = left + right
    plain = dict(zip(words, spelled(words), strict=True))
    _take_pairs(left, right, lambda word, known: plain[word] == plain[known] or _is_slip(word, known))
    left, right = ([word for word in words if word not in _SMALL_WORDS] for words in (left, right))
    for words, others in ((left, right), (right, left)):
        _take_halves(words, others)
    rests = ["".join(plain[word] for word in words) for words in (left, right)]
    if rests[0] == rests[1]:
        return 1.0
    if left and right and not rests[0].isalpha():
        # 90Y is Y-90, and F-18-FDG is 18F-FDG.
        pieces = [sorted(_PIECE.findall(rest)) for rest in rests]
        if pieces[0] == pieces[1]:
            return 1.0
    if (left and right) or not _DENIALS.isdisjoint(left + right):
        return 0.0
    return 0.5 if _goes_on(*sorted((one.split(), other.split()), key=len)) else 0.25


def _goes_on(shorter: list[str], longer: list[str]) -> bool:
    """Return whether the longer title begins or ends as the shorter does, but for slips of the pen."""
    n_words = len(shorter)
    return any(
        all(
            word == known or word in _SMALL_WORDS or _is_slip(word, known)
            for word, known in zip(shorter, part, strict=True)
        )
        for part in (longer[:n_words], longer[-n_words:])
    )


def _take_pairs(left: list[str], right: list[str], alike: Callable[[str, str], bool]) -> None:
    """Take words out of both lists that have a like word in the other."""
    for word in left.copy():
        twin = next((known for known in right if alike(word, known)), None)
        if twin is not None:
            left.remove(word)
            right.remove(twin)


def _take_halves(words: list[str], others: list[str]) -> None:
    """Take words out of both lists that are two words in the other: nonimmune, non immune."""
    for place in range(len(others) - 1, 0, -1):
        if place < len(others) and (double := others[place - 1] + others[place]) in words:
            words.remove(double)
            del others[place - 1 : place + 1]


def _same_order(one: str, other: str) -> bool:
    """Return whether words stand in the same order, or one title begins in the midst of the other."""
    left, right = (
        _ISOTOPE.sub(r"\2 \1", " ".join(word for word in text.split() if word not in _SMALL_WORDS))
        for text in (one, other)
    )
    return left in f"{right} {right}"


def _is_slip(word: str, other: str) -> bool:
    """Return whether a word is the other with a letter lost, doubled or swapped, or its last letters lost."""
    if abs(len(word) - len(other)) > 2 or not (word.isalpha() and other.isalpha()):
        return False
    if word in _DENIALS or other in _DENIALS:
        return False
    near = OSA.distance(word, other, score_cutoff=1) <= 1
    if word in _SMALL_WORDS or other in _SMALL_WORDS:
        return near and (len(word) != len(other) or sorted(word) == sorted(other))
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) < 3 or len(longer) < 4:
        return False
    if near and len(shorter) < len(longer):
        # Asymptomatic is not symptomatic, nor prehabilitation rehabilitation.
        is_other = longer.startswith(("a", "pre")) or longer in _OTHER_WITHOUT_FIRST
        return longer[1:] != shorter or not is_other
    # Nitrate is not nitrite, nor injection infection.
    return (near and sorted(word) == sorted(other)) or (len(shorter) > 5 and longer.startswith(shorter))


def _within(texts: Texts, low: Numbers, high: Numbers) -> Values:
    values = np.zeros(len(low), dtype=np.float32)
    left, right = texts[low].tolist(), texts[high].tolist()
    for place in [place for place, one in enumerate(left) if one[:25] == right[place][:25]]:
        shorter, longer = sorted((left[place], right[place]), key=len)
        # What is cut off in the midst of a word was cut off by a machine.
        whole = " " if len(shorter) < CUT_TITLE else ""
        if len(longer) > len(shorter) >= 25 and longer.startswith(shorter + whole):
            values[place] = 0.5 if _COMPANION.match(longer[len(shorter) :]) else 1
    return values


def _first_authors(records: Comparable, low: Numbers, high: Numbers, workers: int) -> Values:
    left, right = records.first[low], records.first[high]
    values = _likeness(left, right, JaroWinkler.similarity, workers)
    for place in np.flatnonzero(values < 0.9):
        one, other = left[place], right[place]
        # A name in the other order, or a double name of which one database kept half.
        if (
            one
            and other
            and (
                one in records.authors[high[place]].split()[:2]
                or other in records.authors[low[place]].split()[:2]
                or (min(len(one), len(other)) >= 4 and (one in other or other in one))
                or _same_people(records.authors[low[place]], records.authors[high[place]])
            )
        ):
            values[place] = 0.9
    values[(left == "") | (right == "")] = np.nan
    return values


def _same_people(one: str, other: str) -> bool:
    """Return whether two lists have the same three names or more, in whatever order."""
    names = one.split()
    return len(names) > 2 and len(one) == len(other) and sorted(names) == sorted(other.split())


def _authors(texts: Texts, low: Numbers, high: Numbers, workers: int) -> Values:
    left, right = texts[low], texts[high]
    values: Values = np.ones(len(low), dtype=np.float32)
    unlike = np.flatnonzero(left != right)
    if len(unlike):
        values[unlike] = (
            cpdist(
                left[unlike].tolist(),
                right[unlike].tolist(),
                scorer=fuzz.token_set_ratio,
                dtype=np.float32,
                workers=workers,
            )
            / 100
        )
    values[(left == "") | (right == "")] = np.nan
    return values


def _whole_names(texts: Texts, low: Numbers, high: Numbers) -> Values:
    """Return the likeness of whole names: some databases take given names for family names."""
    values = np.zeros(len(low), dtype=np.float32)
    for place, pair in enumerate(zip(texts[low], texts[high], strict=True)):
        one, other = (" ".join(word for word in fold(text).split() if len(word) > 2) for text in pair)
        values[place] = fuzz.token_set_ratio(one, other) / 100 if one and other else 0
    return values


def _double_names(records: Comparable, low: Numbers, high: Numbers) -> Mask:
    """Return where one first author is the second half of a double name: Ek Bo, C.; Bo, C. E.; Ek, Bo C."""
    held = np.zeros(len(low), dtype=np.bool_)
    for place, rows in enumerate(zip(low, high, strict=True)):
        firsts = [fold(records.names[row].partition(";")[0]).split() for row in rows]
        families = [records.first[row] for row in rows]
        held[place] = any(
            len(family) > 3 and family in words for family, words in zip(families, firsts[::-1], strict=True)
        )
    return held


def _journals(texts: Texts, low: Numbers, high: Numbers) -> Values:
    values = np.ones(len(low), dtype=np.float32)
    left, right = texts[low], texts[high]
    for place in np.flatnonzero(left != right):
        one, other = left[place], right[place]
        if not one or not other:
            continue
        values[place] = same_journal(*((one, other) if one < other else (other, one)))
    values[(left == "") | (right == "")] = np.nan
    return values


def _years(years: Numbers, low: Numbers, high: Numbers) -> Values:
    left, right = years[low], years[high]
    apart = np.minimum(np.abs(left - right), 3)
    values: Values = np.array([1, 0.8, 0.6, 0], dtype=np.float32)[apart]
    values[(left == 0) | (right == 0)] = np.nan
    return values


def _versions(texts: Texts, low: Numbers, high: Numbers) -> Values:
    values = np.zeros(len(low), dtype=np.float32)
    left, right = texts[low], texts[high]
    for place in np.flatnonzero((left != right) & (left != "") & (right != "")):
        one, other = _unversioned(left[place]), _unversioned(right[place])
        values[place] = one == other
    return values


def _unversioned(doi: str) -> str:
    stem = doi.rstrip("0123456789")
    return (
        stem.removesuffix(".pub").removesuffix("v").removesuffix("/")
        if stem.endswith((".pub", "v", "/v"))
        else doi
    )


def _recurrent(titles: Texts, rows: Numbers, years: Values) -> Values:
    values = np.zeros(len(rows), dtype=np.float32)
    for place in np.flatnonzero(years < 1):
        values[place] = _RECURRENT.search(titles[rows[place]]) is not None
    return values


def _just_one(texts: Texts, low: Numbers, high: Numbers, word: str) -> Values:
    return np.asarray((texts[low] == word) != (texts[high] == word), dtype=np.float32)


def _both_are(texts: Texts, low: Numbers, high: Numbers, word: str) -> Values:
    return np.asarray((texts[low] == word) & (texts[high] == word), dtype=np.float32)
