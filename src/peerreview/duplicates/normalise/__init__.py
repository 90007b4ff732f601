"""Records to comparable text: what is left of a reference once each database's habits are taken off."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.normalise.authors import read_people
from peerreview.duplicates.normalise.imprint import (
    is_in_supplement,
    read_issue,
    read_source,
    read_volume,
)
from peerreview.duplicates.normalise.titles import are_headings, read_signs, read_titles
from peerreview.duplicates.normalise.venues import read_journal, read_settings
from peerreview.values.folding import fold_all
from peerreview.values.identifiers import pmid, same_doi
from peerreview.values.pages import page_numbers
from peerreview.values.years import year
from peerreview.workers import share

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]

ABSTRACT_LETTERS = 300
ABSTRACT_CELL = 500
"""As much of a cell as those letters take, with a label and mark-up before them."""
STRETCH = 25_000
"""How many records are made comparable at a time."""
_LABELS = frozenset(
    {"abstract", "background", "objective", "objectives", "aim", "aims", "purpose", "introduction", "context",
     "summary", "importance", "and", "of", "the", "study"}
)  # fmt: skip
"""Words before the first sentence of an abstract, which databases print or not."""
_ALONE = {
    "title": "title", "signs": "title", "marker": "title", "n_words": "title",
    "first": "authors", "authors": "authors", "names": "authors", "n_authors": "authors",
    "journal": "journal", "doi": "doi", "pmid": "pmid", "abstract": "abstract", "year": "year",
    "source": "source",
}  # fmt: skip
"""What is comparable of one column of a record alone."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """
    Records made comparable, a column each; blank (0 in numbers) where a record says nothing.

    ``title`` is without what marks it (an erratum, a reply), which is in
    ``marker``; ``signs`` are the title's digits and lone letters, Roman numerals turned;
    ``first`` is the first author's family name, ``authors`` those of the first six, ``names`` all
    as they stand, ``n_authors`` how many of the first six; ``setting`` is conference, preprint,
    thesis or blank; ``generic`` is 1 for a heading that names no work; ``in_supplement``
    is 1 for a text in a supplement or of a meeting.
    """

    title: Texts
    signs: Texts
    marker: Texts
    first: Texts
    authors: Texts
    names: Texts
    journal: Texts
    volume: Texts
    issue: Texts
    doi: Texts
    pmid: Texts
    abstract: Texts
    setting: Texts
    source: Texts
    year: Numbers
    first_page: Numbers
    last_page: Numbers
    in_supplement: Numbers
    n_words: Numbers
    n_authors: Numbers
    generic: Numbers

    def __len__(self) -> int:
        return len(self.title)

    def take(self, positions: Numbers) -> "Comparable":
        """Return these rows."""
        return Comparable(*(getattr(self, column.name)[positions] for column in fields(self)))


def overlaid(records: Comparable, places: Numbers, others: Comparable) -> Comparable:
    """Return records with others in some of their places."""
    columns = {column.name: getattr(records, column.name).copy() for column in fields(Comparable)}
    for name, values in columns.items():
        values[places] = getattr(others, name)
    return Comparable(**columns)


def join(parts: Sequence[Comparable]) -> Comparable:
    """Return several stretches of rows as one."""
    if len(parts) == 1:
        return parts[0]
    return Comparable(
        *(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Comparable))
    )


def normalise(
    columns: Mapping[str, Sequence[str]],
    *,
    workers: int = 1,
    watch: Callable[[str, int, int], None] | None = None,
) -> Comparable:
    """
    Return records made comparable, row by row; whole columns at a time.

    Parameters
    ----------
    columns : the cells of each of ``COLUMNS``.
    workers : processes; the result is the same with any. Stretches of
        ``STRETCH`` rows bound what is in memory at a time.
    watch : called on the way: of what, how many are done, of how many.
    """
    n_stretches = -(-len(columns["title"]) // STRETCH)
    return join(share(comparable, stretches(columns, watch), min(workers, n_stretches)))


def stretches(
    columns: Mapping[str, Sequence[str]], watch: Callable[[str, int, int], None] | None = None
) -> Iterator[dict[str, Sequence[str]]]:
    """Yield the cells of ``COLUMNS``, ``STRETCH`` rows at a time; at least one stretch, be it of no rows."""
    n_records = len(columns["title"])
    for start in range(0, max(n_records, 1), STRETCH):
        if watch:
            watch("records", start, n_records)
        yield {column: columns[column][start : start + STRETCH] for column in COLUMNS}


def comparable(cells: Mapping[str, Sequence[str]]) -> Comparable:
    """Return columns of text, named as in ``COLUMNS``, made comparable."""
    columns = {column: list(cells[column]) for column in COLUMNS}
    # Databases copy each other: what is seen twice is worked on once.
    distinct, places = _distinct(columns["title"])
    titles, markers = read_titles(distinct)
    split = [text.split() for text in titles]
    title = _texts(titles)[places]
    lists, listed = _distinct(columns["authors"])
    authors, n_authors = read_people(lists)
    years = [int(year(cell) or 0) for cell in columns["year"]]
    volume, issue, pages = _places(columns, years)
    doi = [same_doi(cell) if cell else "" for cell in columns["doi"]]
    journal = _cached(read_journal, columns["journal"])
    return Comparable(
        title=title,
        signs=_texts([read_signs(text, words) for text, words in zip(titles, split, strict=True)])[places],
        marker=_texts(markers)[places],
        first=_texts(_once([names[0] if names else "" for names in authors]))[listed],
        authors=_texts([" ".join(names) for names in authors])[listed],
        names=_texts(lists)[listed],
        journal=_texts(journal),
        volume=volume,
        issue=issue,
        doi=_texts(doi),
        pmid=_texts([pmid(cell) if cell else "" for cell in columns["pmid"]]),
        abstract=_abstracts(columns["abstract"]),
        setting=_texts(read_settings(columns["type"], columns["journal"], doi, columns["url"])),
        source=_texts(_once(columns["source"])),
        year=np.array(years, dtype=np.int64),
        first_page=np.array([first for first, _ in pages], dtype=np.int64),
        last_page=np.array([last for _, last in pages], dtype=np.int64),
        in_supplement=_in_supplement(columns),
        n_words=np.array([len(words) for words in split], dtype=np.int64)[places],
        n_authors=np.array(n_authors, dtype=np.int64)[listed],
        generic=np.array(are_headings(title, journal), dtype=np.int64),
    )


def compose(
    records: Comparable, rows: Mapping[str, Numbers], cells: Mapping[str, Sequence[str]]
) -> Comparable:
    """
    Return rows put together from several: what comes of each column is taken from its own row.

    Parameters
    ----------
    rows : for each of ``COLUMNS``, the row of ``records`` that its cell is from.
    cells : those cells.
    """
    taken = {name: getattr(records, name)[rows[column]] for name, column in _ALONE.items()}
    years = taken["year"].tolist()
    journal, title = taken["journal"], taken["title"]
    volume, issue, pages = _places(cells, years)
    return Comparable(
        **taken,
        volume=volume,
        issue=issue,
        first_page=np.array([first for first, _ in pages], dtype=np.int64),
        last_page=np.array([last for _, last in pages], dtype=np.int64),
        in_supplement=_in_supplement(cells),
        setting=_texts(read_settings(cells["type"], cells["journal"], taken["doi"], cells["url"])),
        generic=np.array(are_headings(title, journal), dtype=np.int64),
    )


def words_in_order(titles: Texts) -> Texts:
    """Return titles with their words in the order of the alphabet."""
    return _texts([" ".join(sorted(title.split())) for title in titles.tolist()])


def _places(
    columns: Mapping[str, Sequence[str]], years: Sequence[int]
) -> tuple[Texts, Texts, list[tuple[int, int]]]:
    """Return volumes, issues and pages; what a cell of its own does not say, the journal's cell may."""
    volumes, issues, pages = (list(columns[column]) for column in ("volume", "issue", "pages"))
    for row, journal in enumerate(columns["journal"]):
        if "(pp" in journal:
            volume, issue, span = read_source(journal)
            volumes[row], issues[row], pages[row] = (
                volumes[row] or volume,
                issues[row] or issue,
                pages[row] or span,
            )
    return (
        _texts(_once([read_volume(cell, year) for cell, year in zip(volumes, years, strict=True)])),
        _texts(_cached(read_issue, issues)),
        [page_numbers(cell, year) for cell, year in zip(pages, years, strict=True)],
    )


def _in_supplement(columns: Mapping[str, Sequence[str]]) -> Numbers:
    cells = (columns[column] for column in ("journal", "volume", "issue", "pages"))
    return np.array([is_in_supplement(*row) for row in zip(*cells, strict=True)], dtype=np.int64)


def _texts(values: Iterable[str]) -> Texts:
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def _distinct(cells: Sequence[str]) -> tuple[list[str], Numbers]:
    """Return the distinct cells in the order of their first, and the place among them of each cell."""
    known: dict[str, int] = {}
    places = [known.setdefault(cell, len(known)) for cell in cells]
    return list(known), np.array(places, dtype=np.int64)


def _once(texts: Sequence[str]) -> list[str]:
    """Return texts of which each is in memory but once: few words are written in many cells."""
    known: dict[str, str] = {}
    return [known.setdefault(text, text) for text in texts]


def _cached(function: Callable[[str], str], cells: Sequence[str]) -> list[str]:
    known = {cell: function(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _abstracts(cells: Sequence[str]) -> Texts:
    distinct, places = _distinct([cell[:ABSTRACT_CELL] for cell in cells])
    return _texts([_abstract(folded) for folded in fold_all(distinct)])[places]


def _abstract(folded: str) -> str:
    text = folded
    while text.partition(" ")[0] in _LABELS:
        text = text.partition(" ")[2]
    return text[:ABSTRACT_LETTERS] if len(text) >= 80 else ""
