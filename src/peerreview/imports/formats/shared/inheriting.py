"""BibTeX entries that lend fields to others: ``crossref``, and ``xdata`` of biblatex."""

from collections.abc import Iterable, Iterator, Mapping

from peerreview.imports.formats import Part, RawRecord, Stranger, Tags, Warned

_SPELLINGS = ("crossref", "Crossref", "CROSSREF", "xdata")  # each costs a hundredth of the time of reading
_LENDER = "xdata"
_LENT = frozenset(
    {
        "booktitle", "booksubtitle", "editor", "publisher", "address", "location", "year", "date", "month",
        "series", "volume", "number", "edition", "organization", "institution", "school", "isbn", "issn",
        "journal", "journaltitle", "eventtitle", "venue", "language", "langid",
    }
)  # fmt: skip
"""What a chapter has from its book, a paper from its proceedings; links and text are the book's own."""
_SAME = {"year": "date", "date": "year", "journal": "journaltitle", "journaltitle": "journal"}
"""Fields of which an entry that has one needs not the other."""
_DEEPEST = 5


def lends(text: str) -> bool:
    """Whether entries of a text may lend fields to others."""
    return any(word in text for word in _SPELLINGS)


def inherit(parts: Iterable[Part | Stranger], type_tag: str, key_tag: str) -> Iterator[Part | Stranger]:
    """
    Yield parts, records with the fields that they lack and entries they name have.

    BibTeX: what an entry lacks comes from the one that ``crossref`` names;
    biblatex, appendix B: its title is a ``booktitle``; 3.14: an entry of
    type xdata is no reference of its own. A name that no entry has is told.
    """
    read = list(parts)
    entries: dict[str, Tags] = {}
    for part in read:
        if isinstance(part, RawRecord):
            entries.setdefault(dict(part.tags)[key_tag].lower(), part.tags)
    for part in read:
        if not isinstance(part, RawRecord):
            yield part
            continue
        own = dict(part.tags)
        if own[type_tag] == _LENDER:
            continue
        named = [*_names(own.get(_LENDER, "")), *_names(own.get("crossref", ""))]
        if not named:
            yield part
            continue
        yield part._replace(tags=[*part.tags, *_borrow(own, entries, type_tag, key_tag, _DEEPEST).items()])
        for name in named:
            if name.lower() not in entries:
                yield Warned(part.line, f"it refers to {name!r}, which is no entry of this file")


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def _borrow(
    own: Mapping[str, str], entries: Mapping[str, Tags], type_tag: str, key_tag: str, depth: int
) -> dict[str, str]:
    """Return the fields that an entry lacks, from those it names and those that they name."""
    borrowed: dict[str, str] = {}
    for tag in (_LENDER, "crossref"):
        for name in _names(own.get(tag, "")) if depth else ():
            parent = dict(entries.get(name.lower(), ()))
            if not parent:
                continue
            whole = {**_borrow(parent, entries, type_tag, key_tag, depth - 1), **parent}
            if tag == "crossref":
                if whole.get("title"):
                    whole.setdefault("booktitle", whole["title"])
                whole = {field: value for field, value in whole.items() if field in _LENT}
            for field, value in whole.items():
                has = {*own, *borrowed}
                if field not in has and _SAME.get(field) not in own and field not in {"crossref", _LENDER}:
                    borrowed[field] = value
    return borrowed
