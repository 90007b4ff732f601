"""Tagged formats whose records have no end line: one ends where the next begins."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from peerreview.imports.formats import Part, Piece, RawRecord, Stranger, Warned
from peerreview.imports.formats.shared.tagged import Dialect, cut

BROKEN_OFF = "the last record breaks off in the middle of a line; if it is whole, end that line"
LAST = "the file ends without a line end: this last record looks whole; check its end"
YEAR = re.compile(r"(?:19|20)\d\d")
DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S*[\w)]", re.IGNORECASE)
SPAN = re.compile(r"\d-\d|\d\d-\d\d|\d{3}-\d{3}|\d{4}-\d{4}")
"""Values that look whole: a year, a DOI, and pages as many digits long at their end as at their start."""
_NO_FINALS: Mapping[str, re.Pattern[str]] = MappingProxyType({})
_OFTEN = 2
"""Earlier records that must end word for word as the last one does."""


def breaks_off(text: str) -> bool:
    """Whether a text stops in the middle of a line; blanks are no line."""
    return not text.endswith("\n") and not text.rstrip(" \t").endswith("\n")


def parse(
    text: str,
    dialect: Dialect,
    *,
    once: Collection[str],
    finals: Mapping[str, re.Pattern[str]] = _NO_FINALS,
) -> Iterator[Part | Stranger]:
    """
    Yield the records of an export in a dialect without end lines.

    Where the text stops in the middle of a line, the last record breaks
    off, unless earlier ones end in the very same line, or it is a value
    that shows its own end.

    Parameters
    ----------
    once : tags of which each stands once in a record: with a second one, two
        records have run together.
    finals : tags with which records end, and what their whole values match.
    """
    endings = Counter[tuple[str, str]]() if breaks_off(text) else None
    cuts = cut(text, dialect)
    ahead = next(cuts, None)
    while ahead is not None:
        here, ahead = ahead, next(cuts, None)
        if here.strange:
            yield Stranger(here.line)
        for line, junk in here.junk:
            yield Warned(line, "text outside any record", junk)
        tags = [(tag, value) for tag, value in here.tags if tag or value]
        if not tags:
            if here.text:
                yield Piece(here.line, "the record is empty", here.text)
            continue
        names = [tag for tag, _ in tags]
        twice = next((tag for tag in once if names.count(tag) > 1), "")
        if twice:
            yield Piece(here.line, f"{twice!r} stands twice: two records have run together", here.text)
            continue
        if endings is not None:
            tag, value = tags[-1]
            if ahead is None:
                whole = finals.get(tag)
                if endings[tag, value] < _OFTEN and not (whole and whole.fullmatch(value)):
                    yield Piece(here.line, BROKEN_OFF, here.text)
                    continue
                yield Warned(here.line, LAST)
            endings[tag, value] += 1
        if not here.started:
            yield Warned(here.line, "the record's first line is missing")
        yield RawRecord(here.line, here.text, tags)
