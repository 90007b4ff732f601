"""What the records of a review teach: names that are one venue here, and titles that come again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.normalise.venues import read_journal
from peerreview.duplicates.similarity import DIFFERENT_JOURNAL, Mask, Similarities

HIGHEST_RISK = 0.1
"""
How likely the next pair of two names may be two works, at most, where they are taken for one venue.

Such pairs agree in title, authors and year already; one in ten of few is left is as sure as an abbreviation.
"""
ONE_VENUE = 0.95
"""The likeness of two names that the records teach to be one."""
SHORT_TITLE = 4
"""A heading has so many words at most: Chair's message, Reminiscences on influential papers."""
MOST_COPIES = 2
"""So many records of one short title and journal say nothing; more, and nowhere in print, are a column."""
_JOURNAL = re.compile(r"\b(?:journal|j|transactions|trans|letters|lett|magazine|record|review|quarterly)\b")


@dataclass(frozen=True, slots=True)
class VenuePair:
    """Two names, as ``normalise`` leaves them: how many works were one under both, and how many were two."""

    one: str
    other: str
    n_one: int
    n_two: int

    @property
    def risk(self) -> float:
        """
        How likely the next pair is two works, by Laplace's rule of succession.

        >>> VenuePair("icps", "peer systems", 8, 0).risk
        0.1
        """
        return (self.n_two + 1) / (self.n_one + self.n_two + 2)

    def __str__(self) -> str:
        if not self.n_one:
            return f"{self.one!r} is the same venue as {self.other!r}: people say so"
        two = f", two works in {self.n_two:,}" if self.n_two else ""
        return f"{self.one!r} is here the same venue as {self.other!r}: one work in {self.n_one:,} pairs{two}"


@dataclass(frozen=True, slots=True)
class Lessons:
    """Pairs of names that are one venue, by name in order of the alphabet; title and journal of headings."""

    venues: Mapping[tuple[str, str], VenuePair]
    headings: frozenset[tuple[str, str]]


NOTHING = Lessons({}, frozenset())


def learn(
    records: Comparable,
    pairs: tuple[Numbers, Numbers, Similarities],
    sources: Sequence[str],
    known: Mask,
    said: Mapping[tuple[str, str], bool],
) -> Lessons:
    """
    Return what records teach.

    Parameters
    ----------
    pairs : rows of ``records``, lower and higher, and their similarities.
    sources : where each record is from: one source does not list a work twice, as a rule.
    known : the records that may teach, of this round or an earlier one.
    said : people's word on pairs of names, whether they are one venue; it always wins.
    """
    venues = _learn_venues(records, pairs, sources, known)
    venues = {names: pair for names, pair in venues.items() if said.get(names, True)}
    venues |= {names: VenuePair(*names, 0, 0) for names, is_one in said.items() if is_one}
    return Lessons(venues, _learn_headings(records, sources, known))


def read_venues(table: pd.DataFrame) -> dict[tuple[str, str], bool]:
    """Return people's word on pairs of names, as ``normalise`` leaves them: whether they are one venue."""
    rows = zip(table["venue"], table["same_as"], table["verdict"], strict=True)
    said = (((read_journal(one), read_journal(other)), verdict) for one, other, verdict in rows)
    return {names if names[0] < names[1] else names[::-1]: verdict == "same" for names, verdict in said}


def apply(
    lessons: Lessons, records: Comparable, pairs: tuple[Numbers, Numbers, Similarities], among: Mask
) -> None:
    """Change the similarities of some pairs to what the lessons say of their venues and titles."""
    low, high, found = pairs
    if lessons.headings:
        heads = np.zeros(len(records), dtype=np.float32)
        for row in np.flatnonzero(records.n_words <= SHORT_TITLE).tolist():
            heads[row] = (records.title[row], records.journal[row]) in lessons.headings
        found["generic"][among] = np.maximum(found["generic"], np.maximum(heads[low], heads[high]))[among]
    if lessons.venues:
        for place in np.flatnonzero(among & (found["journal"] < ONE_VENUE)):
            names = _names(records.journal, int(low[place]), int(high[place]))
            if names in lessons.venues:
                found["differ"][place] -= found["journal"][place] < DIFFERENT_JOURNAL
                found["journal"][place] = ONE_VENUE


def _names(journals: Texts, low: int, high: int) -> tuple[str, str]:
    one, other = journals[low], journals[high]
    return (one, other) if one < other else (other, one)


def _learn_venues(
    records: Comparable, pairs: tuple[Numbers, Numbers, Similarities], sources: Sequence[str], known: Mask
) -> Mapping[tuple[str, str], VenuePair]:
    """Return the names under which works are one, seldom two: they agree in all but the venue."""
    low, high, found = pairs
    agree = known[low] & known[high] & (found["journal"] < ONE_VENUE)
    for field, least in (("title", 0.95), ("authors", 0.9), ("first_author", 0.85), ("n_words", 5)):
        agree &= found[field] >= least
    for field in ("wording", "signs", "marker"):
        agree &= found[field] == 1
    # A preprint, a thesis or an abstract and the article that came of it are two reports under one title.
    for field in ("generic", "preprint", "thesis", "supplement", "registrations", "cochrane"):
        agree &= found[field] == 0
    alike = found["year"] == 1
    for field in ("volume", "issue", "pages", "doi"):
        alike &= found[field] != 0
    codes = np.unique(np.array(sources, dtype=object).astype(str), return_inverse=True)[1]
    if len(set(codes[known].tolist())) > 1:
        alike &= codes[low] != codes[high]
    works: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for place in np.flatnonzero(agree).tolist():
        rows = int(low[place]), int(high[place])
        if _are_conference_and_journal(records, *rows):
            continue
        told = works.setdefault(_names(records.journal, *rows), (set(), set()))
        told[0 if alike[place] else 1].add(records.title[rows[0]])
    told_pairs = (VenuePair(*names, len(one - two), len(two)) for names, (one, two) in works.items())
    return {(pair.one, pair.other): pair for pair in told_pairs if pair.risk <= HIGHEST_RISK}


def _are_conference_and_journal(records: Comparable, low: int, high: int) -> bool:
    """Return whether just one is a conference paper, and the other's venue is called as journals are."""
    settings = records.setting[low], records.setting[high]
    if (settings[0] == "conference") == (settings[1] == "conference"):
        return False
    other = records.journal[high if settings[0] == "conference" else low]
    return _JOURNAL.search(other) is not None


def _learn_headings(records: Comparable, sources: Sequence[str], known: Mask) -> frozenset[tuple[str, str]]:
    """Return short titles that stand in several places of one journal, or often without any place."""
    places: dict[tuple[str, str], list[_Place]] = {}
    short = known & (records.n_words <= SHORT_TITLE) & (records.n_words > 0)
    for row in np.flatnonzero(short).tolist():
        key = records.title[row], records.journal[row]
        place = _Place(
            sources[row],
            int(records.year[row]),
            records.volume[row],
            records.issue[row],
            int(records.first_page[row]),
            records.doi[row],
        )
        places.setdefault(key, []).append(place)
    return frozenset(key for key, found in places.items() if key[1] and len(found) > 1 and _come_again(found))


class _Place(NamedTuple):
    source: str
    year: int
    volume: str
    issue: str
    page: int
    doi: str


def _come_again(places: Sequence[_Place]) -> bool:
    """Return whether records of one title are surely several works."""
    nowhere = [place for place in places if not (place.volume or place.issue or place.page or place.doi)]
    if len(nowhere) > max(MOST_COPIES, len({place.source for place in nowhere})):
        return True
    years = [place.year for place in places if place.year]
    if years and max(years) - min(years) > 1:
        return True
    whole = [place for place in places if place.volume and place.issue and place.page]
    return len({place[2:4] for place in whole}) > 1 and len({place.page for place in whole}) > 1
