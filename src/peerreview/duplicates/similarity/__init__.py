"""Two records to numbers: how alike their titles, authors and places in print are."""

import numpy as np

from peerreview.duplicates.compared import FIELDS
from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.normalise.venues import COCHRANE, DISCUSSIONS, REGISTRATION, SUPPLEMENT
from peerreview.duplicates.similarity.columns import Mask, Pairs, Similarities, Values, ratio, same
from peerreview.duplicates.similarity.journals import same_journal
from peerreview.duplicates.similarity.people import (
    compare_authors,
    compare_first_authors,
    compare_whole_names,
    have_double_names,
    have_each_other,
)
from peerreview.duplicates.similarity.titles import (
    are_recurrent,
    compare_beginnings,
    compare_in_order,
    compare_signs,
    compare_wordings,
)
from peerreview.values.pages import ROMAN_PAGES

__all__ = ["DIFFERENT_JOURNAL", "Mask", "Pairs", "Similarities", "Values", "compare"]

GATE = 0.7
"""Pairs with titles less alike are compared further only where DOI, PubMed id or place agree."""
ARTICLE_NUMBERS = 10_000
"""From here on a lone number is an article's own, not a page's."""
FRONT_PAGES = 5
"""Editorials and welcome messages stand on one of so many first pages in every issue."""
DIFFERENT_JOURNAL = 0.5


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
    title = ratio(records.title, low, high, workers)
    unlike = np.flatnonzero((title < 0.9) & ~np.isnan(title))
    in_order = compare_in_order(records.title, low[unlike], high[unlike], workers)
    title[unlike] = np.maximum(title[unlike], in_order)
    doi, pmid = same(records.doi, low, high), same(records.pmid, low, high)
    volume, pages = same(records.volume, low, high), _same_pages(records, low, high)
    within = np.zeros(len(low), dtype=np.float32)
    shorter = np.flatnonzero(title < 1)
    within[shorter] = compare_beginnings(records.title, low[shorter], high[shorter])
    passed = np.flatnonzero(
        (not gated)
        | (title >= GATE)
        | (within > 0)
        | (doi == 1)
        | (pmid == 1)
        | _are_headings_by_the_same(records, low, high)
        | ((volume == 1) & (pages >= 0.9))
    )
    low, high = low[passed], high[passed]
    found: Similarities = {
        "title": title[passed],
        "title_within": within[passed],
        "wording": (wording := compare_wordings(records.title, low, high, title[passed])),
        "signs": compare_signs(records, low, high, within[passed], wording),
        "marker": (records.marker[low] == records.marker[high]).astype(np.float32),
        "generic": np.maximum(records.generic[low], records.generic[high]).astype(np.float32),
        "n_words": np.minimum(records.n_words[low], records.n_words[high]).astype(np.float32),
        "n_authors": np.minimum(records.n_authors[low], records.n_authors[high]).astype(np.float32),
        "first_author": compare_first_authors(records, low, high, workers),
        "authors": compare_authors(records.authors, low, high, workers),
        "journal": compare_journals(records.journal, low, high),
        "year": _years(records.year, low, high),
        "volume": volume[passed],
        "issue": same(records.issue, low, high),
        "pages": pages[passed],
        "doi": doi[passed],
        "doi_version": _versions(records.doi, low, high),
        "pmid": pmid[passed],
        "abstract": ratio(records.abstract, low, high, workers),
        "source": same(records.source, low, high),
        "setting": (records.setting[low] == records.setting[high]).astype(np.float32),
        "preprint": np.maximum(
            _just_one(records.setting, low, high, "preprint"), _discussions(records.journal, low, high)
        ),
        "conference": _just_one(records.setting, low, high, "conference"),
        "supplement": _just_one(records.setting, low, high, SUPPLEMENT),
        "in_supplement": ((records.in_supplement[low] + records.in_supplement[high]) / 2).astype(np.float32),
        "brief": _brief(records, low, high),
        "front": _front(records, low, high),
        "cochrane": _both_are(records.setting, low, high, COCHRANE),
        "registrations": _both_are(records.setting, low, high, REGISTRATION),
        "theses": _both_are(records.setting, low, high, "thesis"),
        "thesis": _just_one(records.setting, low, high, "thesis"),
    }
    turned = np.flatnonzero((found["authors"] < 0.75) & (found["title"] >= 0.9))
    names = compare_whole_names(records.names, low[turned], high[turned])
    found["authors"][turned] = np.maximum(found["authors"][turned], names)
    found["first_author"][turned[names >= 0.9]] = 0.9
    unlike = np.flatnonzero(
        (found["first_author"] < 0.85) & (found["authors"] >= 0.85) & (found["title"] >= 0.9)
    )
    found["first_author"][unlike[have_double_names(records, low[unlike], high[unlike])]] = 0.9
    unlike = np.flatnonzero(
        (found["first_author"] < 0.85) & (found["authors"] >= 0.7) & (found["title"] >= 0.9)
    )
    turned = unlike[have_each_other(records, low[unlike], high[unlike])]
    found["first_author"][turned] = 0.9
    names = compare_whole_names(records.names, low[turned], high[turned])
    found["authors"][turned] = np.maximum(found["authors"][turned], names)
    found["recurrent"] = are_recurrent(records.title, low, found["year"])
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


def _are_headings_by_the_same(records: Comparable, low: Numbers, high: Numbers) -> Mask:
    """Return where the same people are the authors, and one title only heads a part of an issue."""
    held = np.zeros(len(low), dtype=np.bool_)
    places = np.flatnonzero((records.generic[low] == 1) | (records.generic[high] == 1))
    held[places] = same(records.authors, low[places], high[places]) == 1
    return held


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


def _front(records: Comparable, low: Numbers, high: Numbers) -> Values:
    pages = records.first_page
    front = (pages > 0) & ((pages <= FRONT_PAGES) | (pages >= ROMAN_PAGES))
    return np.asarray(front[low] | front[high], dtype=np.float32)


def compare_journals(texts: Texts, low: Numbers, high: Numbers) -> Values:
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


def _just_one(texts: Texts, low: Numbers, high: Numbers, word: str) -> Values:
    return np.asarray((texts[low] == word) != (texts[high] == word), dtype=np.float32)


def _discussions(journals: Texts, low: Numbers, high: Numbers) -> Values:
    """Return 1 where just one is in the journal's own series of preprints, called X Discussions."""
    values = np.zeros(len(low), dtype=np.float32)
    discussed = np.array([name.endswith(DISCUSSIONS) for name in journals.tolist()], dtype=np.bool_)
    for place in np.flatnonzero(discussed[low] != discussed[high]):
        one, other = journals[low[place]], journals[high[place]]
        series, journal = (one, other) if discussed[low[place]] else (other, one)
        values[place] = journal != "" and same_journal(*sorted((series.rpartition(" ")[0], journal))) >= 0.95
    return values


def _both_are(texts: Texts, low: Numbers, high: Numbers, word: str) -> Values:
    return np.asarray((texts[low] == word) & (texts[high] == word), dtype=np.float32)
