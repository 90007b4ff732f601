"""
Records of RIS whose TY line does not come first, or comes twice, put together.

Some programs sort the tags of a record or write ``DB`` above ``TY``; some
write ``TY`` twice. A record is what stands between two end lines, so what
was cut at each ``TY`` is joined again where no end line stands between.
"""

from collections.abc import Iterator

from peerreview.imports.formats.shared.tagged import Cut

_OPENS, _ENDS = "TY", "ER"
_NAMES = frozenset({"TI", "T1", "CT", "BT"})
"""Tags of a title: two parts that have one each are two records."""


def rejoin(cuts: Iterator[Cut]) -> Iterator[Cut]:
    """Yield cuts: parts of one record joined, and tags below an end line with the record that they open."""
    held: Cut | None = None
    opens_above = False
    for cut in cuts:
        found = cut
        if held is not None:
            if cut.started and (opened := _tags_above(held, cut.line, always=opens_above)):
                yield _without(held, opened)
                held = opened
            if _is_one(held, cut):
                opens_above = opens_above or not held.started
                found = _join(held, cut)
            else:
                yield held
        is_whole = found.closed and found.started and not found.late
        held = None if is_whole else found
        if is_whole:
            yield found
    if held is not None:
        yield held


def _tags_above(cut: Cut, below: int, *, always: bool) -> Cut | None:
    """
    Return the tags below a record's end that open the next record; None where they are its own.

    They open the next one where a blank line parts them from the end
    above and none from the line ``below``, or where the export ``always``
    writes tags above the first.
    """
    if not (cut.closed and cut.late) or cut.junk:
        return None
    ends = [place for place, (tag, _) in enumerate(cut.tags) if tag == _ENDS]
    if len(ends) != 1:
        return None
    lines = cut.text.split("\n")
    first = cut.late[0][0] - cut.line
    is_apart = not lines[first - 1].strip()
    is_near = cut.line + len(lines) == below
    if not (is_apart or is_near if always else is_apart and is_near):
        return None
    return Cut(cut.late[0][0], "\n".join(lines[first:]), cut.tags[ends[0] + 1 :], started=False)


def _without(cut: Cut, opened: Cut) -> Cut:
    """Return a record without the tags below its end that open the next one."""
    text = "\n".join(cut.text.split("\n")[: opened.line - cut.line]).rstrip()
    return cut._replace(text=text, tags=cut.tags[: -len(opened.tags)], late=())


def _is_one(above: Cut, below: Cut) -> bool:
    """Whether two cuts, one below the other, are parts of one record."""
    if above.closed or above.junk or not below.started:
        return False
    first = {tag for tag, value in above.tags if value} - {_OPENS}
    if above.started:
        return not first
    second = {tag for tag, _ in below.tags}
    return bool(first) and (first.isdisjoint(_NAMES) or second.isdisjoint(_NAMES))


def _join(above: Cut, below: Cut) -> Cut:
    gap = "\n" * max(1, below.line - above.line - above.text.count("\n"))
    return below._replace(
        line=above.line,
        text=f"{above.text}{gap}{below.text}",
        tags=[*above.tags, *below.tags],
        strange=above.strange or below.strange,
    )
