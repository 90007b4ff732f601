"""
One engine for exports in tagged lines; RIS, MEDLINE, Web of Science, Ovid and refer are dialects of it.

It replaces ``rispy.load`` for reading: rispy 0.10 drops an unterminated
last record, fuses two where an end line is missing, keeps the first of a
repeated tag and knows no line numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from peerreview.formats import Tags


@dataclass(frozen=True)
class Dialect:
    """
    How a format writes tagged lines.

    Patterns are matched line by line, with MULTILINE and ``^``.

    Parameters
    ----------
    starts : matches the line that opens a record, a tagged line or not.
    line : matches a tagged line; group 1 is its tag, group 2 its value.
    ends : the tag of the line that closes a record, blank where none does.
    listed : tags of which an untagged line is one more value; for all
        others it continues the value, joined by a space.
    titles : tags of which one, after a record's end, shows that a new
        record begins there whose start is missing.
    blank_ends : a blank line closes a record.
    mark : what stands between tag and value where columns are fixed
        (``"  - "``); reads a record without wraps several times faster.
    width : the width of the tag where columns are fixed.
    """

    starts: re.Pattern[str]
    line: re.Pattern[str]
    ends: str = ""
    listed: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    blank_ends: bool = False
    mark: str = ""
    width: int = 2


@dataclass(slots=True)
class Cut:
    """
    What stands from one start to the next.

    ``text`` is the record verbatim, without what stands after its end.
    ``closed`` says whether an end line, or a blank line where that ends a
    record, was seen; ``late`` lists the lines and tags after it, which
    belong to the record too; ``junk`` is untagged text after it, by line. A cut
    before the first start has ``started`` false.
    """

    line: int
    text: str
    tags: Tags
    closed: bool = False
    started: bool = True
    late: list[tuple[int, str]] = field(default_factory=list)
    junk: list[tuple[int, str]] = field(default_factory=list)


def cut(text: str, dialect: Dialect) -> Iterator[Cut]:
    """
    Return each record of an export, cut at its first line, in order.

    What stands before the first record comes first, as a cut that is not
    started: its tags are those of a record whose start is missing.
    """
    begins = dialect.starts.finditer(text)
    begin = 0
    line = 1
    match = next(begins, None)
    first = match.start() if match else len(text)
    if text[:first].strip():
        head = text[:first]
        yield from _split(_read(head, 1, dialect, started=False), head, 1, dialect)
    line += text.count("\n", 0, first)
    while match is not None:
        begin = match.start()
        match = next(begins, None)
        chunk = text[begin : match.start() if match else len(text)]
        whole = _read_fixed(chunk, line, dialect)
        if whole:
            yield whole
        else:
            yield from _split(_read(chunk, line, dialect), chunk, line, dialect)
        line += chunk.count("\n")


def _read_fixed(chunk: str, line: int, dialect: Dialect) -> Cut | None:
    """Return a record all of whose lines are tagged in fixed columns, the last one its end."""
    mark, width = dialect.mark, dialect.width
    if not mark:
        return None
    body = chunk.rstrip()
    bare = mark.rstrip()
    if not body.endswith(dialect.ends + bare):
        return None
    lines = body.split("\n")
    last = lines.pop()
    value = width + len(mark)
    tags = [(each[:width], each[value:].strip()) for each in lines if each[width:value] == mark]
    if len(tags) != len(lines) or last != dialect.ends + bare:
        return None
    for tag, _ in tags:
        if tag not in _PLAIN or tag == dialect.ends:
            return None
    tags.append((dialect.ends, ""))
    return Cut(line, body, tags, closed=True)


def _split(found: Cut, chunk: str, line: int, dialect: Dialect) -> Iterator[Cut]:
    """Return a cut, or two of it where tags after its end are a record whose start is missing."""
    late = {tag for _, tag in found.late}
    if not found.late or late.isdisjoint(dialect.titles):
        yield found
        return
    lines = chunk.split("\n")
    split = found.late[0][0] - line
    yield _read("\n".join(lines[:split]), line, dialect, started=found.started)
    rest = "\n".join(lines[split:])
    yield from _split(_read(rest, line + split, dialect, started=False), rest, line + split, dialect)


def _read(chunk: str, line: int, dialect: Dialect, *, started: bool = True) -> Cut:
    lines = chunk.split("\n")
    tags: Tags = []
    wraps: dict[int, list[str]] = {}
    late: list[tuple[int, str]] = []
    junk: list[tuple[int, str]] = []
    closed = False
    inside = started
    end = 0
    for number, each in enumerate(lines):
        tagged = dialect.line.match(each)
        if tagged:
            tag, value = tagged[1], tagged[2].strip()
            if closed and tag != dialect.ends:
                late.append((line + number, tag))
            tags.append((tag, value))
            inside = tag != dialect.ends or not dialect.ends
            closed = closed or not inside
        elif not each.strip():
            if dialect.blank_ends and inside and tags:
                inside, closed = False, True
            continue
        elif not inside:
            junk.append((line + number, each.strip()))
            continue
        elif tags and tags[-1][0] in dialect.listed:
            tags.append((tags[-1][0], each.strip()))
        elif tags:
            wraps.setdefault(len(tags) - 1, []).append(each.strip())
        elif number:
            # A start line that is no tag, such as Ovid's "<1. >", is followed by text of its own.
            tags.append(("", each.strip()))
        end = number + 1
    for position, more in wraps.items():
        tag, value = tags[position]
        tags[position] = (tag, " ".join([value, *more]).strip())
    if not started:
        first = next((n for n, each in enumerate(lines) if dialect.line.match(each)), 0)
        return Cut(line + first, "\n".join(lines[first:end]), tags, closed, started, late, junk)
    return Cut(line, "\n".join(lines[:end]).rstrip(), tags, closed, started, late, junk)


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLAIN = frozenset(first + second for first in _LETTERS for second in _LETTERS + "0123456789")
"""Two-character tags: a capital, then a capital or a digit."""
