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
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates.normalise.authors import read_families
from peerreview.duplicates.normalise.titles import are_headings, read_signs, read_titles
from peerreview.duplicates.similarity.columns import ratio
from peerreview.values import identifiers, lists
from peerreview.values.folding import fold_all
from peerreview.values.years import year

PAPER, NOTICE = "paper", "notice"
CERTAIN, POSSIBLE = "certain", "possible"
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
_START, _END = "start", "end"
_LONGEST_NAME = 3
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_AT_ONCE = 50_000
"""Records that are looked at together: more need more memory, and are no faster."""
_ASKED = ("record_id", "title", "authors", "year", "doi", "pmid")

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
_BY_TITLE = (
    (
        NOTICE,
        "concern",
        (
            r"^\W*(?:editorial\s+)?expressions?\s+of\s+concern\b"
            r"|[:(\[–—]\s*(?:editorial\s+)?expression of concern\W*$"
        ),
    ),
    (
        NOTICE,
        "partial_retraction",
        r"^\W*partial\s+retraction\b(?:\s+(?:note|notice))?(?=\s*[:\-–—.]|\s+(?:of|to|for|in)\b)",
    ),
    (
        NOTICE,
        "retraction",
        (
            r"^\W*(?:(?:notice|statement)\s+of\s+(?:retraction|withdrawal)\b"
            r"|retraction\s+of\s+(?:articles?|papers?|publications?)(?=\W*$|\s*:)"
            r"|(?:statement\s+of\s+)?(?:editorial\s+)?retraction(?:\s+(?:note|notice|statement))(?=\s*[:\-–—.,]|\s+(?:of|to|for)\b)"
            r"|retraction(?=\s*[:–—]|\s+-\s|\s+(?:of|to|for)\s*[:\"“‘'])"
            r"|(?:retraction(?:\s+(?:note|notice|statement))?|retracted(?:\s+(?:article|paper|manuscript))?)\W*$)"
            r"|\s*[:(\[–—]\s*(?:retraction(?: (?:note|notice))?|notice of retraction)\W*$"
        ),
    ),
    (
        NOTICE,
        "correction",
        (
            r"^\W*(?:(?:author|publisher|editorial)\s+corrections?\b|corrections?(?=\s*(?:to\b|:|notice))|corrigend(?:um|a)\b|errat(?:um|a)\b|addendum(?=\s*(?:to\b|:))"
            r"|(?:corrections?|department of error)\W*$)"
            r"|\s*[:(\[–—]\s*(?:erratum|corrigendum|addendum|(?:author |publisher )correction)\W*$"
            # PsycINFO puts the word behind the title in quotation marks.
            r"|[\"”’']\s*:\s*corrections?\W*$"
        ),
    ),
    (
        PAPER,
        "retraction",
        (
            rf"^\W*retracted(?:\s+(?:article|paper|chapter|publication|study|manuscript))?{_MARK}"
            r"|[(\[]\s*retracted(?:\s+(?:article|paper|publication))?\b[^()\[\]]*[)\]]\W*$|\s[–—-]+\s*retracted\W*$"
        ),
    ),
    (
        PAPER,
        "withdrawal",
        (
            rf"^\W*(?:withdrawn(?:\s+(?:article|paper|manuscript))?|removed|(?:temporary|permanent)\s+removal){_MARK}"
            r"|[(\[]\s*withdrawn(?:\s+(?:article|paper))?\b[^()\[\]]*[)\]]\W*$"
        ),
    ),
    # Ovid says behind a title where its notice appeared.
    *(
        (
            PAPER,
            kind,
            rf"[(\[]\s*(?:published\s+)?(?:{words})\s+(?:appears?\s+)?in\b",
        )
        for kind, words in (
            ("retraction", "retraction"),
            ("concern", "expression of concern"),
            ("correction", "erratum|errata|corrigendum|correction"),
        )
    ),
)


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return what titles say, in the order in which it is looked for; compiled once one may say anything."""
    return tuple((about, kind, re.compile(pattern, re.IGNORECASE)) for about, kind, pattern in _BY_TITLE)


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
    return (
        f"records that say of themselves that their paper was retracted, withdrawn or doubted: {len(ids):,} "
        f"({tables.few(ids)}); peerreview retractions says what hangs on them"
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
    for type_ in lists.split(cell):
        if (found := _BY_TYPE.get(type_.casefold())) is not None:
            yield *found, f"type “{type_}”", ""


def _titles(
    title: str, told: Sequence[tuple[str, str, str, str]], *, is_notice: bool
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a title says: the first that fits, for a notice's title quotes the paper's."""
    for about, kind, pattern in _patterns():
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

    Notices are few and records many: what is looked up is made of the
    notices, and the records pass by, some at a time.

    Parameters
    ----------
    records : ``record_id, title, authors, year, doi, pmid``.
    notices : the columns of ``imports.notices``.
    workers : threads that compare titles; the result is the same with any.

    Returns
    -------
    ``record_id, notice, about, certainty, how``, by notice, then record.
    """
    rows: list[tuple[str, int, str, str, str]] = []
    if not notices.empty:
        known, asked = _Known(notices), records[list(_ASKED)]
        for start in range(0, len(asked), _AT_ONCE):
            part = asked.iloc[start : start + _AT_ONCE]
            rows += _find_in({column: part[column].to_numpy().tolist() for column in _ASKED}, known, workers)
    rows.sort(key=lambda each: (each[1], each[0], each[2]))
    return pd.DataFrame(rows, columns=list(FOUND))


def _find_in(
    part: Mapping[str, list[str]], known: "_Known", workers: int
) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield what ``find`` returns, of some of the records."""
    ids, titles = part["record_id"], part["title"]
    dois = [identifiers.same_doi(cell) if cell else "" for cell in part["doi"]]
    pmids = [identifiers.pmid(cell) if cell else "" for cell in part["pmid"]]
    found: dict[tuple[int, int, str], list[str]] = {}
    for about in (PAPER, NOTICE):
        for name, ours in (("DOI", dois), ("PMID", pmids)):
            theirs = known.rows_of[about, name]
            for place, value in enumerate(ours):
                if value in theirs:
                    for row in theirs[value]:
                        found.setdefault((place, row, about), []).append(name)
    for (place, row, about), how in found.items():
        if about == NOTICE and (place, row, PAPER) in found:
            continue  # Some publishers put the notice in the paper's place, under its DOI.
        said, certainty = " and ".join(how), CERTAIN
        if about == PAPER:
            others = [
                name
                for name, mine, other in (
                    ("DOIs", dois[place], known.dois[row]),
                    ("PMIDs", pmids[place], known.pmids[row]),
                )
                if mine and other and mine != other
            ]
            if others:
                said += f"; the {others[0]} differ"
                certainty = CERTAIN if _are_like(titles[place], known.as_written[row]) else POSSIBLE
        yield ids[place], row, about, certainty, said
    themselves = {place for place, _, about in found if about == NOTICE}
    for place, row, agree in _by_title(part, known, workers):
        if (place, row, PAPER) not in found and place not in themselves:
            differ = "; the DOIs differ" if dois[place] and known.dois[row] else ""
            yield ids[place], row, PAPER, POSSIBLE, agree + differ


def _are_like(one: str, other: str) -> bool:
    """Return whether two titles can be one: it may be cut, or lack its subtitle."""
    folded, _ = read_titles([one, other])
    shorter, longer = sorted(folded, key=len)
    like = ratio(np.array(folded, dtype=object), np.array([0]), np.array([1]), 1)[0]
    return bool(shorter) and (longer.startswith(shorter) or float(like) >= LEAST_ALIKE)


def _by_title(
    part: Mapping[str, Sequence[str]], known: "_Known", workers: int
) -> Iterator[tuple[int, int, str]]:
    """Yield record, notice and how they agree, where title, authors and year speak for one paper."""
    ours, markers = read_titles(part["title"])
    theirs = known.titles
    # A reply to a paper, or its protocol, bears its title.
    pairs = [(place, row) for place, row in known.near(ours) if _plain(markers[place]) == known.markers[row]]
    if not pairs:
        return
    low, high = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    left = np.array([ours[place] for place in low], dtype=object)
    right = np.array([theirs[row] for row in high], dtype=object)
    places = np.arange(len(pairs))
    likeness = np.nan_to_num(ratio(np.concatenate([left, right]), places, places + len(pairs), workers))
    near = [
        each
        for each, (place, row) in enumerate(pairs)
        if likeness[each] >= LEAST_LIKE or _is_cut(ours[place], theirs[row])
    ]
    named_in = read_families([part["authors"][pairs[each][0]] for each in near])
    named_by = known.families([pairs[each][1] for each in near])
    headings = are_headings([ours[pairs[each][0]] for each in near], [""] * len(near))
    for each, mine, others, is_heading in zip(near, named_in, named_by, headings, strict=True):
        place, row = pairs[each]
        title, other = ours[place], theirs[row]
        is_cut = likeness[each] < LEAST_LIKE
        signs = [read_signs(text, text.split()) for text in (title, other)]
        if is_heading or (signs[0] != signs[1] and not is_cut):
            continue
        agree = _agree(set(mine), others, year(part["year"][place]), known.years[row])
        if agree is None or (not agree and (title != other or len(title.split()) <= _KEY_WORDS)):
            continue
        if is_cut and len(agree) < len(("authors", "year")):
            continue
        likely = "title, without its subtitle" if is_cut else "title, nearly"
        yield place, row, ", ".join(["title" if title == other else likely, *agree])


def _plain(marker: str) -> str:
    """Return what marks a title, but for the withdrawal that is looked for."""
    return "" if marker == "withdrawal" else marker


def _is_cut(one: str, other: str) -> bool:
    """Return whether one title is the beginning of the other: databases leave subtitles out."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(f"{shorter} ") and shorter.count(" ") + 1 >= _KEY_WORDS


class _Known:
    """
    Notices by their identifiers, and by the words at the start and at the end of their titles.

    "A randomized controlled trial" ends thousands: where a key has more than
    ``_CROWD`` titles, twice as many words are looked up. Keys are numbers of
    64 bits in sorted arrays; two that are the same by chance bring together
    titles that are then compared, and differ.
    """

    def __init__(self, notices: pd.DataFrame) -> None:
        self.dois, self.pmids, self.years, self.as_written, self._authors = (
            notices[name].to_numpy().tolist() for name in ("doi", "pmid", "year", "title", "authors")
        )
        self.titles, markers = read_titles(self.as_written)
        self.markers = [_plain(marker) for marker in markers]
        self.rows_of: dict[tuple[str, str], dict[str, list[int]]] = {}
        for about, name, column in (
            (PAPER, "DOI", "doi"),
            (PAPER, "PMID", "pmid"),
            (NOTICE, "DOI", "notice_doi"),
            (NOTICE, "PMID", "notice_pmid"),
        ):
            rows = self.rows_of[about, name] = {}
            for row, value in enumerate(notices[column].to_numpy()):
                if value:
                    rows.setdefault(value, []).append(row)
        self._sorted: dict[tuple[str, int], tuple[np.ndarray, np.ndarray]] = {}
        for end in (_START, _END):
            for n_words in (_KEY_WORDS, 2 * _KEY_WORDS):
                keys = _keys(self.titles, end, n_words)
                order = np.argsort(keys, kind="stable")
                self._sorted[end, n_words] = keys[order], order

    def near(self, titles: Sequence[str]) -> list[tuple[int, int]]:
        """Return place and row of titles that begin or end as a notice's does, each pair once."""
        pairs: set[tuple[int, int]] = set()
        for end in (_START, _END):
            low, high = self._runs(titles, end, _KEY_WORDS)
            crowded = np.flatnonzero(high - low > _CROWD).tolist()
            few = np.flatnonzero((high > low) & (high - low <= _CROWD)).tolist()
            order = self._sorted[end, _KEY_WORDS][1]
            pairs |= {(place, int(row)) for place in few for row in order[low[place] : high[place]]}
            if crowded:
                low, high = self._runs([titles[place] for place in crowded], end, 2 * _KEY_WORDS)
                order = self._sorted[end, 2 * _KEY_WORDS][1]
                pairs |= {
                    (place, int(row))
                    for place, first, last in zip(crowded, low, high, strict=True)
                    for row in order[first:last]
                }
        return sorted((place, row) for place, row in pairs if titles[place] and self.titles[row])

    def _runs(self, titles: Sequence[str], end: str, n_words: int) -> tuple[np.ndarray, np.ndarray]:
        """Return where in the sorted keys those of each title begin and end."""
        known, asked = self._sorted[end, n_words][0], _keys(titles, end, n_words)
        return np.searchsorted(known, asked, "left"), np.searchsorted(known, asked, "right")

    def families(self, rows: Sequence[int]) -> list[set[str]]:
        """Return what may be family names in notices: Retraction Watch has given names first."""
        cells = [self._authors[row] for row in rows]
        return [
            {*either, *_last_words(cell)} for either, cell in zip(read_families(cells), cells, strict=True)
        ]


def _keys(titles: Sequence[str], end: str, n_words: int) -> np.ndarray:
    """Return a number for the words at one end of each title."""
    if end == _START:
        keys = (hash(" ".join(title.split(" ", n_words)[:n_words])) for title in titles)
    else:
        keys = (hash(" ".join(title.rsplit(" ", n_words)[-n_words:])) for title in titles)
    return np.fromiter(keys, dtype=np.int64, count=len(titles))


def _last_words(names: str) -> Iterator[str]:
    """Yield the last one, two and three words of each name: Ann van der Ade may be Ade or van der Ade."""
    for words in fold_all(_IN_BRACKETS.sub(" ", names).split(";")):
        known = words.split()
        yield from ("".join(known[-n_words:]) for n_words in range(1, min(len(known), _LONGEST_NAME) + 1))


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
