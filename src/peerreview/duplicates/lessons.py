"""What the records of a review teach: names that are one venue here, and titles that come again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd

from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.normalise.venues import read_journal
from peerreview.duplicates.similarity import DIFFERENT_JOURNAL, Mask, Pairs

FEWEST_WORKS = 3
"""Two names are taken for one venue from so many works on."""
HIGHEST_RISK = 0.2
"""
How likely the next pair of two names may be two works, at most, where they are taken for one venue.

Pairs a year apart count as two works, though some years are mistaken, and are never joined by this: what is
joined agrees in title, authors and year, and is wrong far more seldom.
"""
PRIOR_WORKS = 2
"""What other venues of the review teach counts as much as so many works, as in Laplace's rule."""
ONE_VENUE = 0.95
"""The likeness of two names that the records teach to be one."""
SAME_TITLE = 0.95
"""Titles so alike are one, as far as names of venues go."""
SHORT_TITLE = 4
"""A heading has so many words at most: Chair's message, Reminiscences on influential papers."""
ALIKE_HEADINGS = 0.85
ONCE_WORDS = 4
"""A heading that no source lists twice tells as much as a title of so many words."""
MOST_COPIES = 2
"""So many records of one short title and journal say nothing; more, and nowhere in print, are a column."""
_JOURNAL = re.compile(r"\b(?:journal|j|transactions|trans|letters|lett|magazine|record|review|quarterly)\b")


@dataclass(frozen=True, slots=True)
class VenuePair:
    """
    Two names, as ``normalise`` leaves them: how many works were one under both, and how many were two.

    ``usual`` is how often two names of the review are of two works.
    """

    one: str
    other: str
    n_one: int
    n_two: int
    usual: float = 0.5

    @property
    def risk(self) -> float:
        """
        How likely the next pair is two works: Laplace's rule of succession, begun from what is usual.

        >>> VenuePair("icps", "peer systems", 8, 0).risk
        0.1
        """
        expected = self.n_two + PRIOR_WORKS * self.usual
        return expected / (self.n_one + self.n_two + PRIOR_WORKS)

    def __str__(self) -> str:
        if not self.n_one:
            return f"{self.one!r} is the same venue as {self.other!r}: people say so"
        two = f", two works in {self.n_two:,}" if self.n_two else ""
        return f"{self.one!r} is here the same venue as {self.other!r}: one work in {self.n_one:,} pairs{two}"


@dataclass(frozen=True, slots=True)
class Lessons:
    """
    What is known of a review's venues and titles.

    ``venues`` are pairs of names that are one venue, by name in order of the
    alphabet; ``headings`` titles, journals and years in which they come again; ``spelled``
    has the name that stands for others in ``venues``; ``heads`` has all headings
    and short titles, by their people or else their title and journal.
    """

    venues: Mapping[tuple[str, str], VenuePair]
    headings: frozenset[tuple[str, str, int]]
    spelled: Mapping[str, str]
    heads: Mapping[str, Sequence["_Place"]]


READ = (
    "title", "authors", "journal", "volume", "issue", "doi", "setting", "year", "first_page", "n_words",
    "generic",
)  # fmt: skip
"""The columns of comparable records that teach."""
READ_OF_PAIRS = ("title", "journal", "setting")
"""Those of a record that teaches by its pairs alone, and is no heading."""
NOTHING = Lessons({}, frozenset(), {}, {})


@dataclass(frozen=True, slots=True)
class Teaching:
    """
    What the records taught, by the round that they are of.

    ``rounds`` is the round of each record of the review; where it is None, the one lesson is for every pair.
    """

    learnt: Mapping[int, Lessons]
    rounds: Numbers | None = None

    def of(self, number: int) -> "Teaching":
        """Return the lessons of one round, for every pair."""
        return Teaching({number: self.learnt[number]})

    def apply(self, records: Comparable, rows: Numbers, pairs: Pairs) -> None:
        """
        Change the similarities of pairs to what the lessons say of their venues and titles.

        Parameters
        ----------
        rows : which record of the review each of ``records`` is; ``pairs`` are places among them.
        """
        for number, lesson in self.learnt.items():
            among = np.ones(len(pairs.low), dtype=np.bool_)
            if self.rounds is not None:
                among = self.rounds[rows][pairs.high] == number
            apply(lesson, records, pairs, among)


class Telling(NamedTuple):
    """The records and pairs that may teach: ``rows`` of the review, and pairs of places among those."""

    rows: Numbers
    records: Comparable
    pairs: Pairs


def are_telling(records: Comparable) -> Mask:
    """Return which records may teach by themselves: headings and short titles."""
    return np.asarray(
        ((records.generic == 1) | (records.n_words <= SHORT_TITLE)) & (records.n_words > 0), dtype=np.bool_
    )


def tell_of_names(records: Comparable, pairs: Pairs) -> Mask:
    """Return which pairs may teach that two names are one venue, or two."""
    alike = (pairs.similarities["journal"] >= ONE_VENUE) & (pairs.similarities["title"] >= SAME_TITLE)
    alike &= records.journal[pairs.low] != records.journal[pairs.high]
    return alike | _agree(pairs)


def learn(
    records: Comparable,
    pairs: Pairs,
    sources: Sequence[str],
    known: Mask,
    said: Mapping[tuple[str, str], bool],
    *,
    is_one_source: bool,
) -> Lessons:
    """
    Return what records teach.

    Parameters
    ----------
    pairs : rows of ``records``, lower and higher, and their similarities.
    sources : where each record is from: one source does not list a work twice, as a rule.
    known : the records that may teach, of this round or an earlier one.
    said : people's word on pairs of names, whether they are one venue; it always wins.
    is_one_source : whether all that may teach in the review, also those that are not here, are of one source.
    """
    spelled = _spellings(records.journal, pairs, known)
    venues = _learn_venues(records, pairs, None if is_one_source else sources, known, spelled)
    for names, is_one in said.items():
        one, other = sorted(spelled.get(name, name) for name in names)
        venues.pop((one, other), None)
        if is_one:
            venues[one, other] = VenuePair(one, other, 0, 0)
    return Lessons(
        venues,
        _learn_headings(records, sources, known, spelled),
        spelled,
        _list_heads(records, sources, known, spelled),
    )


def read_venues(table: pd.DataFrame) -> dict[tuple[str, str], bool]:
    """
    Return people's word on pairs of names, as ``normalise`` leaves them: whether they are one venue.

    Parameters
    ----------
    table : ``venue, same_as, verdict`` (``same`` or ``distinct``), as ``venues.csv``.
    """
    rows = zip(table["venue"], table["same_as"], table["verdict"], strict=True)
    said = (((read_journal(one), read_journal(other)), verdict) for one, other, verdict in rows)
    return {names if names[0] < names[1] else names[::-1]: verdict == "same" for names, verdict in said}


def apply(lessons: Lessons, records: Comparable, pairs: Pairs, among: Mask) -> None:
    """Change the similarities of some pairs to what the lessons say of their venues and titles."""
    low, high, found = pairs
    if lessons.headings:
        heads = np.zeros(len(records), dtype=np.float32)
        for row in np.flatnonzero(records.n_words <= SHORT_TITLE).tolist():
            journal = lessons.spelled.get(records.journal[row], records.journal[row])
            heads[row] = (records.title[row], journal, int(records.year[row])) in lessons.headings
        found["generic"][among] = np.maximum(found["generic"], np.maximum(heads[low], heads[high]))[among]
    told = np.flatnonzero(among & (found["generic"] == 1) & (found["title"] >= ALIKE_HEADINGS))
    for place in told[_stand_once(lessons, records, low[told], high[told])].tolist():
        found["generic"][place] = 0
        found["n_words"][place] = max(found["n_words"][place], ONCE_WORDS)
    if lessons.venues:
        for place in np.flatnonzero(among & (found["journal"] < ONE_VENUE) & (found["year"] == 1)):
            names = [
                lessons.spelled.get(name, name)
                for name in (records.journal[low[place]], records.journal[high[place]])
            ]
            if (min(names), max(names)) in lessons.venues:
                found["differ"][place] -= found["journal"][place] < DIFFERENT_JOURNAL
                found["journal"][place] = ONE_VENUE


def _names(journals: Texts, low: int, high: int) -> tuple[str, str]:
    one, other = journals[low], journals[high]
    return (one, other) if one < other else (other, one)


def _learn_venues(
    records: Comparable,
    pairs: Pairs,
    sources: Sequence[str] | None,
    known: Mask,
    spelled: Mapping[str, str],
) -> dict[tuple[str, str], VenuePair]:
    """Return the names under which works are one, seldom two: they agree in all but the venue."""
    low, high, found = pairs
    agree = known[low] & known[high] & _agree(pairs)
    alike = found["year"] == 1
    for field in ("volume", "issue", "pages", "doi"):
        alike &= found[field] != 0
    if sources is not None:
        codes, _ = pd.factorize(np.array(sources, dtype=object))
        alike &= codes[low] != codes[high]
    works: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for place in np.flatnonzero(agree).tolist():
        rows = int(low[place]), int(high[place])
        if _are_conference_and_journal(records, *rows):
            continue
        one, other = (spelled.get(name, name) for name in _names(records.journal, *rows))
        told = works.setdefault((one, other) if one < other else (other, one), (set(), set()))
        told[0 if alike[place] else 1].add(records.title[rows[0]])
    counts = {names: (len(one - two), len(two)) for names, (one, two) in works.items()}
    n_one, n_two = (sum(side) for side in zip((0, 0), *counts.values(), strict=True))
    usual = (n_two + 1) / (n_one + n_two + 2)
    told_pairs = (VenuePair(*names, *told, usual) for names, told in counts.items())
    return {
        (pair.one, pair.other): pair
        for pair in told_pairs
        if pair.n_one >= FEWEST_WORKS and pair.risk <= HIGHEST_RISK
    }


def _agree(pairs: Pairs) -> Mask:
    """Return which pairs agree in all but the venue."""
    found = pairs.similarities
    agree = found["journal"] < ONE_VENUE
    for field, least in (("title", SAME_TITLE), ("authors", 0.9), ("first_author", 0.85), ("n_words", 4)):
        agree &= found[field] >= least
    for field in ("wording", "signs", "marker"):
        agree &= found[field] == 1
    # A preprint, a thesis or an abstract and the article that came of it are two reports under one title.
    for field in ("generic", "preprint", "thesis", "supplement", "registrations", "cochrane"):
        agree &= found[field] == 0
    return agree


def _spellings(journals: Texts, pairs: Pairs, known: Mask) -> dict[str, str]:
    """Return a name that stands for those spelled in other ways: their works teach together."""
    low, high, found = pairs
    alike = known[low] & known[high] & (found["journal"] >= ONE_VENUE) & (found["title"] >= SAME_TITLE)
    codes, distinct = pd.factorize(journals)
    # Two names come again and again: each pair of them is looked at once.
    both = np.unique(codes[low[alike]] * len(distinct) + codes[high[alike]])
    names = sorted({_names(distinct, *divmod(pair, len(distinct))) for pair in both.tolist()})
    spelled: dict[str, str] = {}
    stand: set[str] = set()
    for one, other in names:
        first = spelled.get(one, one)
        # A name that was put to another one already stays there: no chains.
        if one != other and spelled.get(first, first) == first and other not in stand:
            stand.add(spelled.setdefault(other, first))
    return spelled


def _are_conference_and_journal(records: Comparable, low: int, high: int) -> bool:
    """Return whether just one is a conference paper, and the other's venue is called as journals are."""
    settings = records.setting[low], records.setting[high]
    if (settings[0] == "conference") == (settings[1] == "conference"):
        return False
    other = records.journal[high if settings[0] == "conference" else low]
    return _JOURNAL.search(other) is not None


def _learn_headings(
    records: Comparable, sources: Sequence[str], known: Mask, spelled: Mapping[str, str]
) -> frozenset[tuple[str, str, int]]:
    """
    Return short titles that come again in a journal, with the years in which there are several.

    What comes once a year in each source is the same in all.
    """
    places: dict[tuple[str, str], list[_Place]] = {}
    short = known & (records.n_words <= SHORT_TITLE) & (records.n_words > 0) & (records.journal != "")
    for row in np.flatnonzero(short).tolist():
        place = _place(records, row, sources[row])
        journal = records.journal[row]
        places.setdefault((records.title[row], spelled.get(journal, journal)), []).append(place)
    return frozenset(
        (*key, year)
        for key, found in places.items()
        if len(found) > 1 and _come_again(found)
        for year in {place.year for place in found}
        if _are_several([place for place in found if place.year == year])
    )


class _Place(NamedTuple):
    source: str
    year: int
    volume: str
    issue: str
    page: int
    doi: str


_PLACED = range(2, len(_Place._fields))
"""Which of its fields say where it stands."""


def _list_heads(
    records: Comparable, sources: Sequence[str], known: Mask, spelled: Mapping[str, str]
) -> dict[str, list["_Place"]]:
    """Return headings and short titles with where they stand, by their people or else title and journal."""
    heads: dict[str, list[_Place]] = {}
    short = known & ((records.generic == 1) | (records.n_words <= SHORT_TITLE)) & (records.n_words > 0)
    for row in np.flatnonzero(short).tolist():
        if who := _who(records, row, spelled):
            heads.setdefault(who, []).append(_place(records, row, sources[row]))
    return heads


def _who(records: Comparable, row: int, spelled: Mapping[str, str]) -> str:
    """Return by what a heading is told: its people, else its title and journal; blank where it is not."""
    people, journal = " ".join(sorted(records.authors[row].split())), records.journal[row]
    return people or (f"{records.title[row]}, {spelled.get(journal, journal)}" if journal else "")


def _place(records: Comparable, row: int, source: str = "") -> "_Place":
    return _Place(
        source,
        int(records.year[row]),
        records.volume[row],
        records.issue[row],
        int(records.first_page[row]),
        records.doi[row],
    )


def _stand_once(lessons: Lessons, records: Comparable, low: Numbers, high: Numbers) -> Mask:
    """
    Return where no source lists a second heading that could be either of the two.

    A source that lists four editorials of one year by the same people shows that there are four: where a
    record does not say which of them it is, nobody can tell. What each source has once is the same in all.
    """
    known: dict[tuple[str, _Place], bool] = {}
    listed: dict[str, _Listed] = {}

    def is_lone(who: str, place: _Place) -> bool:
        if (who, place) not in known:
            if who not in listed:
                listed[who] = _Listed(lessons.heads.get(who, ()))
            known[who, place] = listed[who].is_lone(place)
        return known[who, place]

    held = np.zeros(len(low), dtype=np.bool_)
    for place, rows in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        who, other = (_who(records, row, lessons.spelled) for row in rows)
        where = [_place(records, row) for row in rows]
        held[place] = (
            who != "" and who == other and _may_be(*where) and all(is_lone(who, each) for each in where)
        )
    return held


class _Listed:
    """
    The headings by some people, or of a title and journal, by what they say of where they stand.

    Of one column in one year there may be thousands.
    """

    def __init__(self, heads: Sequence[_Place]) -> None:
        self._heads = heads
        self._by: list[dict[str | int, list[_Place]]] = [{} for _ in _PLACED]
        for head in heads:
            for by, value in zip(self._by, head[_PLACED.start :], strict=True):
                by.setdefault(value, []).append(head)

    def is_lone(self, place: _Place) -> bool:
        """Return whether no source has two headings that could be in a place."""
        fewest: Sequence[Sequence[_Place]] = [self._heads]
        for by, value in zip(self._by, place[_PLACED.start :], strict=True):
            if value:
                found: Sequence[Sequence[_Place]] = [by.get(value, []), by.get(type(value)(), [])]
                fewest = min(fewest, found, key=_n_heads)
        sources = set()
        for head in chain(*fewest):
            if _may_be(head, place):
                if head.source in sources:
                    return False
                sources.add(head.source)
        return True


def _n_heads(lists: Sequence[Sequence[_Place]]) -> int:
    return sum(map(len, lists))


def _may_be(one: "_Place", other: "_Place") -> bool:
    """Return whether nothing in two places speaks against their being one."""
    years = not one.year or not other.year or abs(one.year - other.year) <= (one.volume == other.volume != "")
    return years and all(
        not left or not right or left == right for left, right in zip(one[2:], other[2:], strict=True)
    )


def _come_again(places: Sequence[_Place]) -> bool:
    """Return whether records of one title are surely several works."""
    nowhere = [place for place in places if not (place.volume or place.issue or place.page or place.doi)]
    if len(nowhere) > max(MOST_COPIES, len({place.source for place in nowhere})):
        return True
    years = [place.year for place in places if place.year]
    return bool(years and max(years) - min(years) > 1) or _stand_apart(places)


def _are_several(places: Sequence[_Place]) -> bool:
    """Return whether records of one year may be several works: a source has two, or their places differ."""
    return len({place.source for place in places}) < len(places) or _stand_apart(places)


def _stand_apart(places: Sequence[_Place]) -> bool:
    """Return whether some stand in two issues, on two pages."""
    whole = [place for place in places if place.volume and place.issue and place.page]
    return len({place[2:4] for place in whole}) > 1 and len({place.page for place in whole}) > 1
