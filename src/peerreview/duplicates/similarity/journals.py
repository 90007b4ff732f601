"""Two names of journals to a number: abbreviations, acronyms and mottos followed."""

from functools import lru_cache

from rapidfuzz import fuzz

KNOWN_JOURNALS = 50_000
"""How many pairs of journals are kept in mind: the same ones come again and again."""
ALIAS = " / "
"""Stands between a name and the acronym that it has of its own."""
_PUBLISHERS = frozenset({"acm", "ieee", "ifip", "usenix", "aaai"})
"""Societies that stand before the names of what they publish, or not."""
_PROCEEDINGS = frozenset({"proceedings", "proc"})
_MEETINGS = frozenset(
    {"conference", "conf", "symposium", "symp", "workshop", "congress", "meeting", "colloquium"}
)
_IRREGULAR = {"jpn": "japanese", "zbl": "zentralblatt"}
"""Abbreviations in names of journals that leave letters out."""


@lru_cache(KNOWN_JOURNALS)
def same_journal(one: str, other: str) -> float:
    """
    Return how alike two journal names are, in [0, 1]; both as ``normalise`` leaves them.

    >>> same_journal("j am coll cardiol", "journal american college cardiology")
    1.0
    """
    if one == other:
        return 1.0
    if ALIAS in one or ALIAS in other:
        return _same_alias(one, other)
    left, right = (_without_acronym(name.split()) for name in (one, other))
    for words, others in ((left, right), (right, left)):
        # ACM Computing Surveys, and Computing Surveys; but the ACM's is not the IEEE's.
        if len(words) > 2 and words[0] in _PUBLISHERS and others[0] not in _PUBLISHERS:
            del words[0]
    if (left[0] in _PROCEEDINGS) != (right[0] in _PROCEEDINGS):
        # Proceedings of a symposium, and the symposium; an academy is not its proceedings.
        named = left if left[0] in _PROCEEDINGS else right
        if not _MEETINGS.isdisjoint(named):
            del named[0]
    if left == right:
        return 1.0
    if _is_journal_of(left, right) or _is_journal_of(right, left):
        return 0.4
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


def _same_alias(one: str, other: str) -> float:
    """Return how alike two names are of which one has an acronym: ICPS, and … on Peer Systems (ICPS)."""
    (name, _, alias), (other_name, _, other_alias) = (each.partition(ALIAS) for each in (one, other))
    alike = same_journal(*sorted((name, other_name)))
    named = {alias, name} & {other_alias, other_name} - {""}
    return max(alike, 0.95) if named else alike


def _is_journal_of(conference: list[str], journal: list[str]) -> bool:
    """
    Return whether a journal is called for a conference: Very Large Data Bases, or VLDB; and the VLDB Journal.

    JAMA is the Journal of the American Medical Association itself, as its first letter says.
    """
    own = {"journal", "j"}
    rest = [word for word in journal if word not in own and word != "international"]
    if len(rest) == len(journal) or own & set(conference) or not rest:
        return False
    initials = "".join(word[0] for word in conference)
    spelled_out = ["".join(word[0] for word in rest[place:]) for place in range(len(rest))]
    if len(conference) == 1:
        # The journal names the acronym, and what it stands for without a word for journal.
        acronym = conference[0]
        return rest[0] == acronym and len(acronym) > 2 and any(each == acronym for each in spelled_out[1:])
    return len(conference) > 2 and rest[0] == initials and (len(rest) == 1 or rest[1:] == conference)


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
