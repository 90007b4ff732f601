"""
One engine for exports in tagged lines; RIS, MEDLINE, Web of Science, Ovid and refer are dialects of it.

It replaces ``rispy.load`` for reading: rispy 0.10 drops an unterminated
last record, fuses two where an end line is missing, keeps the first of a
repeated tag and knows no line numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from peerreview.formats import Tags, find_lines


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
    plain : matches a tagged line as most are written, but no end line;
        groups as of ``line``. Where it is given, a record of such lines
        and an end line alone is read several times faster.
    """

    starts: re.Pattern[str]
    line: re.Pattern[str]
    ends: str = ""
    listed: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    blank_ends: bool = False
    plain: re.Pattern[str] | None = None


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


def stretches(text: str, length: int, seam: re.Pattern[str] | None) -> Iterator[str]:
    """
    Yield a text in parts of that length and more, each of which can be read by itself.

    Parameters
    ----------
    seam : matches what stands between two records; None where they cannot be told apart so.
    """
    begin = 0
    while seam and (found := seam.search(text, begin + length)) and len(text) - found.end() >= length:
        yield text[begin : found.end()]
        begin = found.end()
    yield text[begin:]


def cut(text: str, dialect: Dialect) -> Iterator[Cut]:
    """
    Return each record of an export, cut at its first line, in order.

    What stands before the first record comes first, as a cut that is not
    started: its tags are those of a record whose start is missing.
    """
    starts = find_lines(text, dialect.starts)
    begin = next(starts, len(text))
    head = text[:begin]
    if head.strip():
        yield from _split(_read(head, 1, dialect, started=False), head, 1, dialect)
    line = 1 + head.count("\n")
    while begin < len(text):
        end = next(starts, len(text))
        chunk = text[begin:end]
        plain = _read_plain(chunk, line, dialect)
        if plain:
            yield plain
            # Each of its tags has a line.
            line += len(plain.tags) - 1 + chunk.count("\n", len(plain.text))
        else:
            yield from _split(_read(chunk, line, dialect), chunk, line, dialect)
            line += chunk.count("\n")
        begin = end


def _read_plain(chunk: str, line: int, dialect: Dialect) -> Cut | None:
    """Return a record of plain tagged lines and, last, its end; None for any other."""
    if dialect.plain is None:
        return None
    body = chunk.rstrip()
    tags = dialect.plain.findall(body)
    if len(tags) != body.count("\n") or body[body.rfind("\n") + 1 :].rstrip(" -") != dialect.ends:
        return None
    tags = [(tag, value.strip()) for tag, value in tags]
    tags.append((dialect.ends, ""))
    return Cut(line, body, tags, closed=True)


def _split(found: Cut, chunk: str, line: int, dialect: Dialect) -> Iterator[Cut]:
    """Return a cut, or several of it where tags after an end are records whose start is missing."""
    if {tag for _, tag in found.late}.isdisjoint(dialect.titles):
        yield found
        return
    parts: list[list[str]] = [[]]
    for each in chunk.split("\n"):
        tagged = dialect.line.match(each)
        parts[-1].append(each)
        if tagged and tagged[1] == dialect.ends:
            parts.append([])
    joined: list[list[str]] = parts[:1]
    for part in parts[1:]:
        tags = {tagged[1] for each in part if (tagged := dialect.line.match(each))}
        # Tags without a title belong to the record before.
        if tags.isdisjoint(dialect.titles):
            joined[-1] += part
        else:
            joined.append(part)
    started = found.started
    for part in joined:
        yield _read("\n".join(part), line, dialect, started=started)
        line += len(part)
        started = False


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
