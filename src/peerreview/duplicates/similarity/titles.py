"""Two titles to numbers: their words, their signs, and how one goes on where the other ends."""

import operator
import re
from collections import Counter
from collections.abc import Callable

import numpy as np
from rapidfuzz.distance import OSA

from peerreview.duplicates.normalise import Comparable, Numbers, Texts, words_in_order
from peerreview.duplicates.normalise.spelling import spelled
from peerreview.duplicates.similarity.columns import Values, ratio

ALIKE_TITLES = 0.85
"""Words of titles less alike are not compared one by one."""
CODED_TITLE = 40
"""Letters from which on a title is known behind the number of an abstract."""
LONG_WORD = 8
SAME_BEGINNING = 5
"""Letters of a word from which on it may have two slips, and of its beginning, which has none of them."""
CUT_TITLE = 60
"""Letters from which on a title that is the beginning of another may end within a word."""
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "the", "of", "in", "on", "for", "to", "with", "by", "at", "from", "is"}
)
_OTHER_WITHOUT_FIRST = frozenset(
    {"remission", "revolution", "evaluation", "equality", "emotion", "emotional", "emission", "stable"}
)
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
    r"|repl(?:y|ies)|responses?|comments?|commentary|summary|abridged|editorial|letter|executive|demo(?:nstration)?"
    r"|guest editors?|introduction"
    r"|supplement(?:ary|al)?|appendix|(?:second|third|fourth|final|preliminary) (?:report|results))\b"
)
"""How titles of further reports of a study go on."""
_ISOTOPE = re.compile(r"\b([a-z]{1,2}) (\d{1,3})\b")
_APPENDED = re.compile(
    r"(?:(?:\w+ ){0,3}?(?:working|discussion|research|technical|staff) (?:paper|report)s?(?: series)?"
    r"|article|art|artn|unsp|abstract|poster)(?: (?:no|nr|number|id))? (?:[a-z]{1,4} ?)?\d{2,9}[a-z]?"
    r"|(?:e|cd)\d{4,9}"
)
"""… Article No. e1204, … IZA Discussion Paper No. 1204: a number that a database appends, and no part's."""
_SIGN = re.compile(r"\d|^.$")


def compare_signs(
    records: Comparable, low: Numbers, high: Numbers, within: Values, wording: Values
) -> Values:
    """Return 1 where two titles hold the same digits and lone letters, as far as both go."""
    values = np.asarray(records.signs[low] == records.signs[high], dtype=np.float32)
    for place in np.flatnonzero((values == 0) & (wording == 1)):
        # Parkinson s disease, and what is left of a small word; but vitamin A is not vitamin.
        one, other = (records.signs[rows[place]].endswith("a") for rows in (low, high))
        # p16INK4A and p16(INK4A).
        run_together = {records.title[rows[place]].replace(" ", "") for rows in (low, high)}
        values[place] = one == other or len(run_together) == 1
    for place in np.flatnonzero((values == 0) & (within > 0)):
        # A number deep in a subtitle is no contradiction; "part 2" after the shorter title is.
        shorter, longer = sorted((records.title[low[place]], records.title[high[place]]), key=len)
        rest = longer[len(shorter) :].strip()
        values[place] = not any(map(_SIGN.search, rest.split()[:3])) or bool(_APPENDED.fullmatch(rest))
    for place in np.flatnonzero((values == 0) & (wording == 0.5)):
        shorter, longer = sorted((records.title[low[place]], records.title[high[place]]), key=len)
        if len(shorter) >= CODED_TITLE and longer.endswith(" " + shorter):
            values[place] = _CODE.fullmatch(longer[: -len(shorter)]) is not None
    return values


def compare_wordings(titles: Texts, low: Numbers, high: Numbers, alike: Values) -> Values:
    """Return how well the words of titles match; missing where either is blank."""
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
    far = OSA.distance(word, other, score_cutoff=2)
    near = far <= 1
    if word in _SMALL_WORDS or other in _SMALL_WORDS:
        return near and (len(word) != len(other) or sorted(word) == sorted(other))
    shorter, longer = sorted((word, other), key=len)
    if near and (_is_doubled(shorter, longer) or (len(shorter) > 2 and sorted(word) == sorted(other))):
        return True
    if len(shorter) < 3 or len(longer) < 4:
        return False
    if near and len(shorter) < len(longer):
        # Asymptomatic is not symptomatic, nor prehabilitation rehabilitation.
        is_other = longer.startswith(("a", "pre")) or longer in _OTHER_WITHOUT_FIRST
        return longer[1:] != shorter or not is_other
    # Nitrate is not nitrite, nor injection infection.
    return (len(shorter) > 5 and longer.startswith(shorter)) or (far == 2 and _are_two_slips(shorter, longer))


def _is_doubled(shorter: str, longer: str) -> bool:
    """Return whether the longer word is the other with one letter doubled: bbe, aanatomy."""
    return len(longer) == len(shorter) + 1 and any(
        longer[place] == longer[place - 1] and longer[:place] + longer[place + 1 :] == shorter
        for place in range(1, len(longer))
    )


def _are_two_slips(word: str, other: str) -> bool:
    """
    Return whether two words, two letters apart, are one that was mistyped twice, or in each in another place.

    >>> _are_two_slips("classifcation", "classificatin"), _are_two_slips("hypotension", "hypertension")
    (True, False)
    """
    if len(word) < LONG_WORD:
        return False
    if sorted(word) == sorted(other):
        return True
    # Preoperative is not perioperative: beginnings tell words apart.
    lost, more = Counter(word) - Counter(other), Counter(other) - Counter(word)
    return (
        word[:SAME_BEGINNING] == other[:SAME_BEGINNING]
        and lost.total() <= 1
        and more.total() <= 2 - lost.total()
    )


def compare_in_order(titles: Texts, low: Numbers, high: Numbers, workers: int) -> Values:
    """Return the likeness of titles whose words are put in the order of the alphabet."""
    rows, places = np.unique(np.concatenate([low, high]), return_inverse=True)
    left, right = np.split(places, 2)
    return ratio(words_in_order(titles[rows]), left, right, workers)


def compare_beginnings(texts: Texts, low: Numbers, high: Numbers) -> Values:
    """Return 1 where one title is the beginning of the other, 0.5 where the other names a further report."""
    values = np.zeros(len(low), dtype=np.float32)
    left, right = texts[low].tolist(), texts[high].tolist()
    for place in [place for place, one in enumerate(left) if one[:25] == right[place][:25]]:
        shorter, longer = sorted((left[place], right[place]), key=len)
        # What is cut off in the midst of a word was cut off by a machine.
        whole = " " if len(shorter) < CUT_TITLE else ""
        if len(longer) > len(shorter) >= 25 and longer.startswith(shorter + whole):
            values[place] = 0.5 if _COMPANION.match(longer[len(shorter) :]) else 1
    return values


def are_recurrent(titles: Texts, rows: Numbers, years: Values) -> Values:
    """Return 1 where years differ and the title is of a kind that comes again."""
    values = np.zeros(len(rows), dtype=np.float32)
    for place in np.flatnonzero(years < 1):
        values[place] = _RECURRENT.search(titles[rows[place]]) is not None
    return values
