"""
One engine for exports in tagged lines; RIS, MEDLINE, Web of Science, Ovid and refer are dialects of it.

It replaces ``rispy.load`` for reading: rispy 0.10 drops an unterminated
last record, fuses two where an end line is missing, keeps the first of a
repeated tag and knows no line numbers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from peerreview.imports.formats import Tags, find_lines
from peerreview.imports.formats.openings import Strangers


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
    plain : how most records are written, where reading those faster pays.
    loose : the dialect of records whose first line is none to ``line``, where there are such.
    strangers : finds what may open another export, where the dialect
        watches for it; but for what ``hides``, no plain record holds one.
    """

    starts: re.Pattern[str]
    line: re.Pattern[str]
    ends: str = ""
    listed: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    blank_ends: bool = False
    plain: "Plain | None" = None
    loose: "Dialect | None" = None
    strangers: Strangers | None = None


class Plain(NamedTuple):
    """
    How records are written in which each line is tagged.

    In a format with end lines, one is the last line and the only one; in
    one without, lines may continue a tagged one.

    Parameters
    ----------
    marks : matches, from the line feed above, each line that may open a
        record and each that a plain record does not hold.
    tags : matches a tagged line, with those that continue it; group 1 is its
        tag, group 2 its value without the blanks around it.
    """

    marks: re.Pattern[str]
    tags: re.Pattern[str]


class Cut(NamedTuple):
    """
    What stands from one start to the next.

    ``text`` is the record verbatim, without what stands after its end.
    ``closed`` says whether an end line, or a blank line where that ends a
    record, was seen; ``late`` lists the lines and tags after it, which
    belong to the record too; ``junk`` is untagged text after it, by line. A cut
    before the first start has ``started`` false. ``strange`` says that a
    line within or below it may open an export of another format.
    """

    line: int
    text: str
    tags: Tags
    closed: bool = False
    started: bool = True
    late: Sequence[tuple[int, str]] = ()
    junk: Sequence[tuple[int, str]] = ()
    strange: bool = False


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
    line = 1
    for begin, end, is_started, is_plain in _find_chunks(text, dialect):
        chunk = text[begin:end]
        plain = _read_plain(chunk, line, dialect) if is_plain else None
        if plain:
            yield plain
        elif is_started or chunk.strip():
            kind = _choose(dialect, text, begin if is_started else end)
            yield from _split(_read(chunk, line, kind, started=is_started), chunk, line, kind)
        if plain and dialect.ends:
            # Each of its tags has a line, the last one its end.
            line += len(plain.tags) - 1 + chunk.count("\n", len(plain.text))
        else:
            line += chunk.count("\n")


_BLANK_LINES = re.compile(r"\n*")


def _find_chunks(text: str, dialect: Dialect) -> Iterator[tuple[int, int, bool, bool]]:
    """Yield begin and end of what is above the records and of each, whether it is one, and may be plain."""
    if not dialect.plain:
        begins = [*find_lines(text, dialect.starts), len(text)]
        yield 0, begins[0], False, False
        for begin, end in pairwise(begins):
            yield begin, end, True, False
        return
    blank = _BLANK_LINES.match(text)
    begin = blank.end() if blank else 0
    yield 0, begin, False, False
    start = dialect.starts.match(text, begin)
    is_started = is_plain = start is not None
    below = start.end() if start else begin
    for mark in dialect.plain.marks.finditer(text, begin):
        here = mark.end()
        if here < below:  # within the start
            continue
        start = dialect.starts.match(text, here)
        if not start:
            is_plain = False
            continue
        yield begin, here, is_started, is_plain
        begin, below, is_started, is_plain = here, start.end(), True, True
    yield begin, len(text), is_started, is_plain


def _choose(dialect: Dialect, text: str, begin: int) -> Dialect:
    """Return the dialect of the record that begins there."""
    if not dialect.loose or begin == len(text):
        return dialect
    end = text.find("\n", begin)
    first = text[begin : end if end >= 0 else len(text)]
    return dialect if dialect.line.match(first) else dialect.loose


def _read_plain(chunk: str, line: int, dialect: Dialect) -> Cut | None:
    """Return a record of plain tagged lines and, last, its end; None for any other."""
    if dialect.plain is None:
        return None
    body = chunk.rstrip()
    tags: Tags = dialect.plain.tags.findall(body)
    # Its first line may be a start of another form.
    if not tags or not chunk.startswith(tags[0][0]):
        return None
    if not dialect.ends:
        tags = [(tag, _unwrap(value) if "\n" in value else value) for tag, value in tags]
        return Cut(line, body, tags)
    return Cut(line, body, tags, closed=True) if tags[-1] == (dialect.ends, "") else None


def _unwrap(value: str) -> str:
    return " ".join([each.strip() for each in value.split("\n")]).strip()


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


def _find_bare_end(chunk: str, ends: str) -> int:
    """Return the number of a last line that is an end line of which the rest is cut off, or -1."""
    body = chunk.rstrip()
    return body.count("\n") if body.endswith(f"\n{ends}") else -1


def _read(chunk: str, line: int, dialect: Dialect, *, started: bool = True) -> Cut:
    lines = chunk.split("\n")
    tags: Tags = []
    wraps: dict[int, list[str]] = {}
    late: list[tuple[int, str]] = []
    junk: list[tuple[int, str]] = []
    # What stands above the first record may be a table, whatever its lines look like.
    strange = dialect.strangers is not None and not (started and not dialect.strangers.search(chunk))
    bare_end = _find_bare_end(chunk, dialect.ends) if dialect.ends else -1
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
        elif number == bare_end:
            tags.append((dialect.ends, ""))
            inside, closed = False, True
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
        return Cut(line + first, "\n".join(lines[first:end]), tags, closed, started, late, junk, strange)
    return Cut(line, "\n".join(lines[:end]).rstrip(), tags, closed, started, late, junk, strange)
