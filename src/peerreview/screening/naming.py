"""What people type for a record, an id, a DOI or words of its title, to the records that it may be."""

import re
from dataclasses import dataclass

import pandas as pd

from peerreview.screening.lookup import Index
from peerreview.values import folding, identifiers
from peerreview.values.folding import same

_WHOLE = ("record id", "DOI", "PMID", "accession number", "title")
_NAMED_PMID = re.compile(r"(?:pmid|pubmed)\b.*|[0-9]{1,8}", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """
    The records that a name may mean, and by what they were found; blank where nothing bears it.

    ``ids`` are records kept, except where an id names one that was removed;
    ``bearers`` those that bear the name themselves, removed ones among them.
    """

    ids: tuple[str, ...] = ()
    how: str = ""
    bearers: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the whole name is a record's, and not words of it or a beginning."""
        return self.how in _WHOLE


def find_named(text: str, records: pd.DataFrame, index: Index) -> Named:
    """
    Return the records that a person may mean by a text.

    The first reading that the text admits decides: a record's id, a DOI, a
    PubMed number, another database's number, the beginning of an id, a
    whole title, words of a title, words of title, authors and year. A DOI
    is no words: one that no record has names none.

    Parameters
    ----------
    records : all records; ``index`` the same, with the record kept of each one removed.
    """
    name = same(text)
    if not name:
        return Named()
    own = index.by_id.get(name, set())
    if own:
        return Named(tuple(sorted(own)), "record id", tuple(sorted(own)))
    if doi := identifiers.same_doi(text):
        return _kept(index.by_doi.get(doi, set()), "DOI", index)
    if _NAMED_PMID.fullmatch(name) and (number := identifiers.pmid(text)):
        found = index.by_pmid.get(number, set())
        if found:
            return _kept(found, "PMID", index)
    if found := index.by_key.get(name, set()):
        return _kept(found, "accession number", index)
    if begun := {each for key, ids in index.by_id.items() if key.startswith(name) for each in ids}:
        how = "beginning of a record id"
        return Named(tuple(begun), how, tuple(begun)) if len(begun) == 1 else _kept(begun, how, index)
    if title := index.by_title.get(folding.plain_title(text), set()):
        return _kept(title, "title", index)
    words = folding.fold(text).split()
    for columns, how in ((("title",), "words of the title"), (("title", "authors", "year"), "words")):
        if found := _with_words(words, records, columns):
            return _kept(found, how, index)
    return Named()


def says(text: str) -> dict[str, str]:
    """
    Return what a text says of a paper: its DOI where it holds one, else its title.

    >>> says("doi:10.5555/ABC"), says("Peers in wards")
    ({'doi': '10.5555/abc'}, {'title': 'Peers in wards'})
    """
    doi = identifiers.same_doi(text)
    return {"doi": doi} if doi else {"title": text}


def _with_words(words: list[str], records: pd.DataFrame, columns: tuple[str, ...]) -> set[str]:
    """Return the records that have each word, whole, in one of the columns."""
    if not words:
        return set()
    texts = folding.fold_all(
        [" ".join(cells) for cells in zip(*(records[each] for each in columns), strict=True)]
    )
    return {
        record_id
        for record_id, text in zip(records["record_id"].tolist(), texts, strict=True)
        if words[0] in text and set(words) <= set(text.split())
    }


def _kept(found: set[str], how: str, index: Index) -> Named:
    kept = sorted({index.kept.get(each, each) for each in found})
    return Named(tuple(kept), how if found else "", tuple(sorted(found)))
