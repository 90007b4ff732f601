"""Tagged formats whose records have no end line: one ends where the next begins."""

from collections.abc import Collection, Iterator

from peerreview.formats import Part, Piece, RawRecord, Stranger, Warned
from peerreview.formats.shared.tagged import Dialect, cut


def parse(
    text: str, dialect: Dialect, *, once: Collection[str], finals: Collection[str] = ()
) -> Iterator[Part | Stranger]:
    """
    Yield the records of an export in a dialect without end lines.

    The last record breaks off where the text stops in the middle of a line,
    unless that line's tag is one of ``finals``, or one with which an earlier
    record ended. A record in which a tag of ``once`` stands twice is two of
    which the second has lost its first line.
    """
    ending = set(finals)
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
        if ahead is None and not text.endswith("\n") and tags[-1][0] not in ending:
            problem = "the last record breaks off in the middle of a line; if it is whole, end that line"
            yield Piece(here.line, problem, here.text)
            continue
        ending.add(tags[-1][0])
        if not here.started:
            yield Warned(here.line, "the record's first line is missing")
        yield RawRecord(here.line, here.text, tags)
