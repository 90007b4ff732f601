"""
Records of papers that were retracted, doubted or corrected: what they say of themselves, what notices say.

A record is of the ``paper`` itself, or of the ``notice`` that another paper was
retracted or corrected. An erratum is no retraction, and neither is a notice.

PubMed's words: https://www.nlm.nih.gov/mesh/pubtypes.html and, of comments and corrections,
https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates.normalise.authors import read_families
from peerreview.duplicates.normalise.titles import are_headings, read_signs, read_titles
from peerreview.duplicates.similarity.columns import ratio
from peerreview.values import identifiers
from peerreview.values.lists import split
from peerreview.values.years import year

PAPER, NOTICE = "paper", "notice"
CERTAIN, POSSIBLE = "certain", "possible"
_MOST_NAMED = 5
SAID = ("record_id", "about", "kind", "says", "notice_pmid")
"""Columns of what records say of themselves."""
FOUND = ("record_id", "notice", "about", "certainty", "how")
"""Columns of notices found: ``notice`` is the row of the notices, from 0."""
LEAST_LIKE = 0.93
"""Likeness of two titles, in [0, 1], from which they may be one: a letter in fourteen."""
_CROWD = 30
"""Titles of one key from which it says too little."""
LEAST_ALIKE = 0.6
"""Likeness of two titles from which an identifier that differs is taken for a slip."""
_KEY_WORDS = 4
"""Words at the start or the end of a title by which it is looked up: chance agreement of four is rare."""

_BY_TYPE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "retracted publication": (PAPER, "retraction"),
        "retracted article": (PAPER, "retraction"),
        "retracted": (PAPER, "retraction"),
        "retraction of publication": (NOTICE, "retraction"),
        "retraction notice": (NOTICE, "retraction"),
        "retraction": (NOTICE, "retraction"),
        "expression of concern": (NOTICE, "concern"),
        "editorial expression of concern": (NOTICE, "concern"),
        "published erratum": (NOTICE, "correction"),
        "erratum": (NOTICE, "correction"),
        "corrigendum": (NOTICE, "correction"),
        "correction": (NOTICE, "correction"),
        "corrected and republished article": (PAPER, "correction"),
        "withdrawn publication": (PAPER, "withdrawal"),
    }
)
"""What a type says, a whole one, its letters in lower case."""
_BY_LINK: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "RIN": (PAPER, "retraction"),
        "RetractionIn": (PAPER, "retraction"),
        "ROF": (NOTICE, "retraction"),
        "RetractionOf": (NOTICE, "retraction"),
        "PRIN": (PAPER, "partial_retraction"),
        "PartialRetractionIn": (PAPER, "partial_retraction"),
        "PROF": (NOTICE, "partial_retraction"),
        "PartialRetractionOf": (NOTICE, "partial_retraction"),
        "ECI": (PAPER, "concern"),
        "ExpressionOfConcernIn": (PAPER, "concern"),
        "ECF": (NOTICE, "concern"),
        "ExpressionOfConcernFor": (NOTICE, "concern"),
        "EIN": (PAPER, "correction"),
        "ErratumIn": (PAPER, "correction"),
        "EFR": (NOTICE, "correction"),
        "ErratumFor": (NOTICE, "correction"),
        "CRI": (PAPER, "correction"),
        "CorrectedandRepublishedIn": (PAPER, "correction"),
    }
)
"""PubMed's links to a notice (In) and to what a notice is of (Of, For): MEDLINE's tags, the XML's words."""
_LINKS = "MedlineCitation/CommentsCorrectionsList/CommentsCorrections"
_PMID_OF_LINK = re.compile(r"\bPMID:?\s*(\d{1,8})\W*$")
_MAY_LINK = "|".join(f'"{word}"' for word in _BY_LINK)

_MARK = r"(?:\s*[:.\])]+\s*|\s+[-–—]+\s+|\s*[–—]+\s*)"
"""What stands between such a word and the title: withdrawn-behaviour scales are none."""
_BY_TITLE: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        NOTICE,
        "concern",
        re.compile(
            r"^\W*(?:editorial\s+)?expressions?\s+of\s+concern\b"
            r"|[:(\[–—]\s*(?:editorial\s+)?expression of concern\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        NOTICE,
        "partial_retraction",
        re.compile(
            r"^\W*partial\s+retraction\b(?:\s+(?:note|notice))?(?=\s*[:\-–—.]|\s+(?:of|to|for|in)\b)",
            re.IGNORECASE,
        ),
    ),
    (
        NOTICE,
        "retraction",
        re.compile(
            r"^\W*(?:(?:notice|statement)\s+of\s+(?:retraction|withdrawal)\b"
            r"|retraction\s+of\s+(?:articles?|papers?|publications?)(?=\W*$|\s*:)"
            r"|(?:statement\s+of\s+)?(?:editorial\s+)?retraction(?:\s+(?:note|notice|statement))(?=\s*[:\-–—.,]|\s+(?:of|to|for)\b)"
            r"|retraction(?=\s*[:–—]|\s+-\s|\s+(?:of|to|for)\s*[:\"“‘'])"
            r"|(?:retraction(?:\s+(?:note|notice|statement))?|retracted(?:\s+(?:article|paper|manuscript))?)\W*$)"
            r"|\s*[:(\[–—]\s*(?:retraction(?: (?:note|notice))?|notice of retraction)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        NOTICE,
        "correction",
        re.compile(
            r"^\W*(?:(?:author|publisher|editorial)\s+corrections?\b|corrections?(?=\s*(?:to\b|:|notice))|corrigend(?:um|a)\b|errat(?:um|a)\b|addendum(?=\s*(?:to\b|:))"
            r"|(?:corrections?|department of error)\W*$)"
            r"|\s*[:(\[–—]\s*(?:erratum|corrigendum|addendum|(?:author |publisher )correction)\W*$"
            # PsycINFO puts the word behind the title in quotation marks.
            r"|[\"”’']\s*:\s*corrections?\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        PAPER,
        "retraction",
        re.compile(
            rf"^\W*retracted(?:\s+(?:article|paper|chapter|publication|study|manuscript))?{_MARK}"
            r"|[(\[]\s*retracted(?:\s+(?:article|paper|publication))?\b[^()\[\]]*[)\]]\W*$|\s[–—-]+\s*retracted\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        PAPER,
        "withdrawal",
        re.compile(
            rf"^\W*(?:withdrawn(?:\s+(?:article|paper|manuscript))?|removed|(?:temporary|permanent)\s+removal){_MARK}"
            r"|[(\[]\s*withdrawn(?:\s+(?:article|paper))?\b[^()\[\]]*[)\]]\W*$",
            re.IGNORECASE,
        ),
    ),
    # Ovid says behind a title where its notice appeared.
    *(
        (
            PAPER,
            kind,
            re.compile(rf"[(\[]\s*(?:published\s+)?(?:{words})\s+(?:appears?\s+)?in\b", re.IGNORECASE),
        )
        for kind, words in (
            ("retraction", "retraction"),
            ("concern", "expression of concern"),
            ("correction", "erratum|errata|corrigendum|correction"),
        )
    ),
)
_MAY_SAY = re.compile(
    r"retract|withdrawn|withdrawal|removed|removal|concern|correct|corrigend|errat|addend|of error",
    re.IGNORECASE,
)


def in_doubt(records: pd.DataFrame) -> str:
    """
    Return which records say of themselves that their paper is in doubt, in a sentence; blank where none does.

    Parameters
    ----------
    records : ``record_id, type, title, extra``.
    """
    said = what_they_say(records)
    ids = (
        said.loc[(said["about"] == PAPER) & said["kind"].isin(tables.DOUBTED), "record_id"].unique().tolist()
    )
    if not ids:
        return ""
    rest = f" and {len(ids) - _MOST_NAMED:,} more" if len(ids) > _MOST_NAMED else ""
    return (
        f"records that say of themselves that their paper was retracted, withdrawn or doubted: {len(ids):,} "
        f"({', '.join(ids[:_MOST_NAMED])}{rest}); peerreview retractions says what hangs on them"
    )


def what_they_say(records: pd.DataFrame, known_notices: Collection[str] = ()) -> pd.DataFrame:
    """
    Return what records say of themselves, a row for each record and kind.

    A title quotes: "Retracted: …" heads the paper at one publisher, and the
    notice at another. What a database says, in a type or a link, goes before.

    Parameters
    ----------
    records : ``record_id, type, title, extra``.
    known_notices : records that are notices by their identifiers, as ``are_notices`` returns them.

    Returns
    -------
    ``record_id, about, kind, says, notice_pmid``; ``says`` names the field and its words.
    """
    rows: list[tuple[str, str, str, str, str]] = []
    types = records["type"].str.contains(
        "retract|concern|errat|corri|correct|withdrawn", case=False, regex=True
    )
    titles = records["title"].str.contains(_MAY_SAY)
    links = records["extra"].str.contains(_MAY_LINK, regex=True)
    asked = records[types | titles | links]
    columns = (asked[column].tolist() for column in ("record_id", "type", "title", "extra"))
    for record_id, type_, title, extra in zip(*columns, strict=True):
        said: dict[tuple[str, str], tuple[str, str]] = {}
        told = [*_links(extra), *_types(type_)]
        is_notice = record_id in known_notices or any(about == NOTICE for about, *_ in told)
        for about, kind, says, notice_pmid in (*told, *_titles(title, told, is_notice=is_notice)):
            before = said.get((about, kind))
            said[about, kind] = (
                (says, notice_pmid) if before is None else (f"{before[0]}, {says}", before[1] or notice_pmid)
            )
        rows += [(record_id, *key, *value) for key, value in said.items()]
    return pd.DataFrame(rows, columns=list(SAID), dtype="str")


def _types(cell: str) -> Iterator[tuple[str, str, str, str]]:
    for type_ in split(cell):
        if (found := _BY_TYPE.get(type_.casefold())) is not None:
            yield *found, f"type “{type_}”", ""


def _titles(
    title: str, told: Sequence[tuple[str, str, str, str]], *, is_notice: bool
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a title says: the first that fits, for a notice's title quotes the paper's."""
    for about, kind, pattern in _BY_TITLE:
        if found := pattern.search(title):
            is_paper = not is_notice and any(each[:2] == (PAPER, kind) for each in told)
            of = NOTICE if is_notice else PAPER if is_paper else about
            yield of, kind, f"title “{found[0].strip()}”", ""
            return


def _links(extra: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield what PubMed's links say; the notice's PMID where it is plain which one is its."""
    if not any(f'"{word}"' in extra for word in _BY_LINK):
        return
    fields = json.loads(extra)
    for tag, (about, kind) in _BY_LINK.items():
        values = fields.get(tag, [])
        for value in [values] if isinstance(values, str) else values:
            cited = _PMID_OF_LINK.search(value)
            yield about, kind, tag, identifiers.pmid(cited[1]) if cited else ""
    words, pmids = fields.get(f"{_LINKS}/@RefType", []), fields.get(f"{_LINKS}/PMID", [])
    words, pmids = ([each] if isinstance(each, str) else each for each in (words, pmids))
    for place, word in enumerate(words):
        if word in _BY_LINK:
            # A link without a PMID shifts the rest: then none is known to be its.
            pmid = identifiers.pmid(pmids[place]) if len(pmids) == len(words) else ""
            yield *_BY_LINK[word], word, pmid


def are_notices(found: pd.DataFrame) -> frozenset[str]:
    """
    Return the records that are notices by their identifiers.

    Parameters
    ----------
    found : as ``find`` returns it.
    """
    return frozenset(found.loc[found["about"] == NOTICE, "record_id"])


def find(records: pd.DataFrame, notices: pd.DataFrame, *, workers: int = 1) -> pd.DataFrame:
    """
    Return which notices are of which records: by DOI and PMID certain, by title, authors and year possible.

    A record with the identifiers of the notice itself is that notice. Where one
    identifier agrees and the other differs, the titles tell which is wrong:
    the match is certain if they are alike, else possible.

    Parameters
    ----------
    records : ``record_id, title, authors, year, doi, pmid``.
    notices : the columns of ``imports.notices``.
    workers : threads that compare titles; the result is the same with any.

    Returns
    -------
    ``record_id, notice, about, certainty, how``, by notice, then record.
    """
    dois = [identifiers.same_doi(cell) for cell in records["doi"]]
    pmids = [identifiers.pmid(cell) for cell in records["pmid"]]
    ids = records["record_id"].tolist()
    found: dict[tuple[int, int, str], list[str]] = {}
    for about, doi, pmid in ((PAPER, "doi", "pmid"), (NOTICE, "notice_doi", "notice_pmid")):
        for name, ours, theirs in (("DOI", dois, notices[doi]), ("PMID", pmids, notices[pmid])):
            by_name: dict[str, list[int]] = {}
            for row, value in enumerate(theirs):
                if value:
                    by_name.setdefault(value, []).append(row)
            for place, value in enumerate(ours):
                for row in by_name.get(value, ()) if value else ():
                    found.setdefault((place, row, about), []).append(name)
    rows = []
    for (place, row, about), how in found.items():
        if about == NOTICE and (place, row, PAPER) in found:
            continue  # Some publishers put the notice in the paper's place, under its DOI.
        said, certainty = " and ".join(how), CERTAIN
        if about == PAPER:
            others = [
                name
                for name, mine, other in (
                    ("DOIs", dois[place], notices["doi"].iloc[row]),
                    ("PMIDs", pmids[place], notices["pmid"].iloc[row]),
                )
                if mine and other and mine != other
            ]
            if others:
                said += f"; the {others[0]} differ"
                alike = _are_like(records["title"].iloc[place], notices["title"].iloc[row])
                certainty = CERTAIN if alike else POSSIBLE
        rows.append((ids[place], row, about, certainty, said))
    themselves = {place for place, _, about in found if about == NOTICE}
    rows += [
        (ids[place], row, PAPER, POSSIBLE, how)
        for place, row, how in _by_title(records, notices, dois, workers)
        if (place, row, PAPER) not in found and place not in themselves
    ]
    rows.sort(key=lambda each: (each[1], each[0], each[2]))
    return pd.DataFrame(rows, columns=list(FOUND))


def _are_like(one: str, other: str) -> bool:
    """Return whether two titles can be one: it may be cut, or lack its subtitle."""
    folded, _ = read_titles([one, other])
    shorter, longer = sorted(folded, key=len)
    like = ratio(np.array(folded, dtype=object), np.array([0]), np.array([1]), 1)[0]
    return bool(shorter) and (longer.startswith(shorter) or float(like) >= LEAST_ALIKE)


def _by_title(
    records: pd.DataFrame, notices: pd.DataFrame, dois: Sequence[str], workers: int
) -> Iterator[tuple[int, int, str]]:
    """Yield record, notice and how they agree, where title, authors and year speak for one paper."""
    if notices.empty:
        return
    theirs, _ = read_titles(notices["title"].tolist())
    ours, markers = read_titles(records["title"].tolist())
    known = _Known(theirs)
    pairs = [
        (place, row)
        for place, (title, marker) in enumerate(zip(ours, markers, strict=True))
        # A reply to a paper, or its protocol, bears its title.
        if title and marker in ("", "withdrawal")
        for row in known.near(title)
    ]
    if not pairs:
        return
    low, high = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    texts = np.array([*ours, *theirs], dtype=object)
    likeness = np.nan_to_num(ratio(texts, low, high + len(ours), workers))
    near = [
        each
        for each, (place, row) in enumerate(pairs)
        if likeness[each] >= LEAST_LIKE or _is_cut(ours[place], theirs[row])
    ]
    named_in = read_families([records["authors"].iloc[pairs[each][0]] for each in near])
    named_by = read_families([notices["authors"].iloc[pairs[each][1]] for each in near])
    headings = are_headings([ours[pairs[each][0]] for each in near], [""] * len(near))
    for each, mine, others, is_heading in zip(near, named_in, named_by, headings, strict=True):
        place, row = pairs[each]
        title, other = ours[place], theirs[row]
        is_cut = likeness[each] < LEAST_LIKE
        signs = [read_signs(text, text.split()) for text in (title, other)]
        if is_heading or (signs[0] != signs[1] and not is_cut):
            continue
        agree = _agree(set(mine), set(others), year(records["year"].iloc[place]), notices["year"].iloc[row])
        if agree is None or (not agree and (title != other or len(title.split()) < 2 * _KEY_WORDS)):
            continue
        if is_cut and len(agree) < len(("authors", "year")):
            continue
        likely = "title, without its subtitle" if is_cut else "title, nearly"
        how = ", ".join(["title" if title == other else likely, *agree])
        if dois[place] and notices["doi"].iloc[row]:
            how += "; the DOIs differ"
        yield place, row, how


def _is_cut(one: str, other: str) -> bool:
    """Return whether one title is the beginning of the other: databases leave subtitles out."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(f"{shorter} ") and shorter.count(" ") + 1 >= _KEY_WORDS


class _Known:
    """
    Titles by the words at their start and at their end.

    "A randomized controlled trial" ends thousands: where a key has more than
    ``_CROWD`` titles, twice as many words are looked up.
    """

    def __init__(self, titles: Sequence[str]) -> None:
        self._short: dict[str, list[int]] = {}
        self._long: dict[str, list[int]] = {}
        for row, title in enumerate(titles):
            for kept, n_words in ((self._short, _KEY_WORDS), (self._long, 2 * _KEY_WORDS)):
                for key in _ends(title, n_words):
                    kept.setdefault(key, []).append(row)

    def near(self, title: str) -> list[int]:
        """Return the rows of titles that begin or end as this one does."""
        rows: set[int] = set()
        for place, key in enumerate(_ends(title, _KEY_WORDS)):
            found = self._short.get(key, ())
            if len(found) > _CROWD:
                found = self._long.get(_ends(title, 2 * _KEY_WORDS)[place], ())
            rows.update(found)
        return sorted(rows)


def _ends(title: str, n_words: int) -> tuple[str, ...]:
    """Return the words at a title's start, and at its end."""
    words = title.split()
    return (f"{' '.join(words[:n_words])} …", f"… {' '.join(words[-n_words:])}") if words else ()


def _agree(mine: set[str], others: set[str], one: str, another: str) -> list[str] | None:
    """Return what agrees besides the title; None where something differs: a year is one off online first."""
    agree = []
    if mine and others:
        if mine.isdisjoint(others):
            return None
        agree.append("authors")
    if one and another:
        if abs(int(one) - int(another)) > 1:
            return None
        agree.append("year")
    return agree
