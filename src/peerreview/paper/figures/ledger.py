"""A living review's versions side by side, as PRISMA's phases from top to bottom, each total handed on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peerreview.flow import Box, marks
from peerreview.flow.ledger import OPEN, Ledger, Version
from peerreview.paper.figures import (
    DROP,
    MILLIMETRES,
    POINTS,
    Arrow,
    Diagram,
    Shape,
    Style,
    Text,
    TooNarrowError,
)
from peerreview.paper.figures.lettering import BOLD, Word, is_right_to_left, width, wrap
from peerreview.paper.sheets.ledger import heading_of, lines_of, name_of, versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peerreview.flow.labels import Labels

SIZE, SMALL, LEADING, PADDING = 13.0, 11.0, 16.0, 6.0
ROW, GAP, MARGIN, BAR = 26.0, 24.0, 4.0, 28.0
"""Heights of a row; the room between versions, where an arrow has its place."""
_STRIP = 4.0
"""Between two rows."""
_SIGN = 14.0
_LABELS, _WIDEST_LABELS = 190.0, 260.0
_NARROWEST, _WIDEST = 62.0, 100.0
"""Widths of a version's column."""
_PAGE = 170.0 / MILLIMETRES
"""What a page of A4 has between its margins: a figure takes no more while its lettering can be read."""
_LEAST = 7.0 / (SMALL * POINTS)
"""The scale at which the smallest lettering has 7 points."""

_SUM = re.compile("(?<=[0-9]) ([+−=]) (?=[0-9])")
"""Within a sum no line is broken."""
_PHASES = (
    ("identification", ("identified", "found_before", "duplicates", "removed")),
    (
        "screening",
        (
            "screened", "excluded", "awaiting_screening", "from_other", "sought", "not_retrieved",
            "awaiting_retrieval", "assessed", "reports_excluded", "awaiting_assessment",
        ),
    ),
    (
        "included",
        (
            "awaiting_study", "previous_studies", "studies", "retired_studies", "total_studies",
            "previous_reports", "reports", "reports_of_previous", "retired_reports", "total_reports",
            "corrected_studies",
        ),
    ),
)  # fmt: skip
_LESS = (
    "found_before", "duplicates", "removed", "excluded", "not_retrieved", "reports_excluded",
    "retired_studies", "retired_reports",
)  # fmt: skip
_MORE = ("from_other", "studies", "reports", "reports_of_previous")
_TOTAL = ("total_studies", "total_reports")
_HANDED_ON = (("total_studies", "previous_studies"), ("total_reports", "previous_reports"))
"""What a version takes over from the one before it."""


@dataclass(frozen=True)
class _Plan:
    """Where everything stands: ``columns`` and ``rows`` by where they begin."""

    labels: float
    wide: float
    columns: tuple[float, ...]
    across: float


def lay_out(
    ledger: Ledger,
    labels: Labels,
    style: Style | None = None,
    *,
    caption: str = "",
    title: str = "",
    across: float = 0.0,
) -> Diagram:
    """
    Return the figure of a ledger: a column per version, a row per count, totals handed on.

    Parameters
    ----------
    caption : printed under the figure.
    title : read out to those who cannot see the figure.
    across : the width on paper in 96ths of an inch; 0 for that of a page of A4, as far as it can be read so.

    Raises
    ------
    TooNarrowError
        Where its lettering would be smaller than 7 points.
    """
    look = style or Style()
    plan = _plan(ledger, labels)
    scale = _scale(plan.across, across, len(ledger.versions))
    head, shapes = _headings(ledger, labels, plan, look)
    y = MARGIN + head + 10
    placed: dict[str, float] = {}
    tall: dict[str, float] = {}
    shown = lines_of(ledger)
    for phase, lines in _PHASES:
        here = [line for line in lines if line in shown]
        begins = y
        for line in here:
            named = wrap(_words(name_of(line, labels)), plan.labels - _SIGN, SIZE)
            tall[line] = max(ROW, LEADING * len(named) + PADDING)
            placed[line] = y
            shapes += _row(line, named, y, tall[line], ledger, labels, plan, look)
            y += tall[line] + _STRIP + (6 if line in _TOTAL else 0)
        if here:
            shapes.append(_phase(labels[f"phases.{phase}"], begins, y - begins - _STRIP, look))
            y += 8
    arrows = tuple(_arrows(ledger, placed, tall, plan))
    notes, bottom = _notes(ledger, labels, caption, plan, y + 10)
    stamp = _stamp(ledger, labels)
    said = "; ".join(shape.tip for shape in shapes if shape.key)
    return Diagram(
        width=plan.across,
        height=bottom + MARGIN,
        shapes=tuple(shapes),
        arrows=arrows,
        notes=tuple(notes),
        title=title or labels["ledger.title"],
        description=": ".join(filter(None, [stamp, said])),
        language=labels["language"],
        style=look,
        stamp=stamp,
        scale=scale,
    )


def _plan(ledger: Ledger, labels: Labels) -> _Plan:
    """Return the columns as wide as a page has room for, and no narrower than what stands in them."""
    n = len(ledger.versions)
    fixed = MARGIN + BAR + 8 + n * GAP + MARGIN
    least = max([_NARROWEST, *(_least(version, labels) for version in ledger.versions)])
    wide = min(max((_PAGE - fixed - _LABELS) / n, least), max(_WIDEST, least))
    named = min(max(_PAGE - fixed - n * wide, _LABELS), _WIDEST_LABELS)
    first = MARGIN + BAR + 8 + named + GAP
    columns = tuple(first + number * (wide + GAP) for number in range(n))
    return _Plan(named, wide, columns, columns[-1] + wide + MARGIN)


def _least(version: Version, labels: Labels) -> float:
    """Return how wide the longest word and number of a version are."""
    words = heading_of(version, labels, is_base=version.number == 1).split()
    counts = [labels.number(box.n or 0) + marks(box.basis) for box in version.counts.values()]
    lettered = [width(each, SIZE, bold=True) for each in (*words, *counts)]
    return max([*lettered, *(width(day, SMALL) for day in version.days)]) + 2 * PADDING


def _scale(natural: float, across: float, n_versions: int) -> float:
    scale = (across or min(natural, _PAGE)) / natural
    if scale >= _LEAST:
        return min(scale, 1.0) if not across else scale
    if across:
        needed = round(natural * _LEAST * MILLIMETRES + 0.5)
        message = f"a ledger of {n_versions} versions needs a width of {needed}mm for lettering of"
        raise TooNarrowError(f"{message} 7 points, not {across * MILLIMETRES:.0f}mm")
    return _LEAST


def _headings(ledger: Ledger, labels: Labels, plan: _Plan, look: Style) -> tuple[float, list[Shape]]:
    """Return how tall the headings are, and a box per version: its number, and when it was searched."""
    told = [
        (
            wrap(
                _words(heading_of(version, labels, is_base=not place)),
                (plan.wide - 2 * PADDING) / BOLD,
                SIZE,
            ),
            _days(version, plan.wide),
        )
        for place, version in enumerate(ledger.versions)
    ]
    tall = max(LEADING * (len(named) + len(days)) for named, days in told) + 2 * PADDING
    shapes = []
    for x, version, (named, days) in zip(plan.columns, ledger.versions, told, strict=True):
        middle = x + plan.wide / 2
        y = MARGIN + (tall - LEADING * (len(named) + len(days))) / 2 + LEADING / 2 + SIZE * DROP
        texts = []
        for line in named:
            texts.append(Text(middle, y, line, SIZE, bold=True, anchor="middle"))
            y += LEADING
        for day in days:
            texts.append(Text(middle, y, (Word(day),), SMALL, anchor="middle"))
            y += LEADING
        fill = look.database_heading if version.number == ledger.versions[0].number else look.other_heading
        shapes.append(Shape("", x, MARGIN, plan.wide, tall, fill, "none", tuple(texts), radius=10))
    return tall, shapes


def _days(version: Version, wide: float) -> list[str]:
    together = " – ".join(version.days)
    if width(together, SMALL) <= wide - 2 * PADDING:
        return [together] if together else []
    return [*(f"{day} –" for day in version.days[:-1]), *version.days[-1:]]


def _row(
    line: str,
    named: Sequence[tuple[Word, ...]],
    y: float,
    tall: float,
    ledger: Ledger,
    labels: Labels,
    plan: _Plan,
    look: Style,
) -> list[Shape]:
    """Return a count's name with its sign, and its box in each version that has it."""
    base = y + (tall - LEADING * len(named)) / 2 + LEADING / 2 + SIZE * DROP
    sign = "−" if line in _LESS else "+" if line in _MORE else "=" if line in _TOTAL else ""
    x = MARGIN + BAR + 8
    is_total = line in _TOTAL
    texts = [Text(x, base, (Word(sign),), SIZE, bold=is_total)] if sign else []
    rtl = any(is_right_to_left(word.text) for words in named for word in words)
    for number, words in enumerate(named):
        start, anchor = (x + plan.labels, "end") if rtl else (x + _SIGN, "start")
        texts.append(Text(start, base + number * LEADING, words, SIZE, bold=False, anchor=anchor, rtl=rtl))
    shapes = [Shape("", x, y, plan.labels, tall, "#ffffff", "none", tuple(texts))]
    for place, (left, version) in enumerate(zip(plan.columns, ledger.versions, strict=True)):
        box = version.counts.get(line)
        if box is not None and box.n is not None and not (line in OPEN and not box.n):
            heading = heading_of(version, labels, is_base=not place)
            shapes.append(_cell(line, version, box, (left, y, plan.wide, tall), heading, labels, look))
    return shapes


def _cell(
    line: str,
    version: Version,
    box: Box,
    frame: tuple[float, float, float, float],
    heading: str,
    labels: Labels,
    look: Style,
) -> Shape:
    x, y, wide, tall = frame
    said = labels.number(box.n or 0) + marks(box.basis)
    key = f"{line}/{version.number}"
    base = y + tall / 2 + SIZE * DROP
    is_total = line in _TOTAL
    text = Text(x + wide / 2, base, (Word(said),), SIZE, bold=is_total, anchor="middle", key=key)
    fill = look.phase_fill if is_total else "#ffffff" if line not in _LESS else "#f0f0f0"
    stroke = look.ink if line not in _LESS else "none"
    return Shape(
        key, x, y, wide, tall, fill, stroke, (text,), dashed=line in OPEN,
        words=f"{heading}: {name_of(line, labels)} {said}",
    )  # fmt: skip


def _phase(label: str, y: float, tall: float, look: Style) -> Shape:
    size = min(SIZE, SIZE * (tall - PADDING) / width(label, SIZE, bold=True))
    x = MARGIN + BAR / 2
    text = Text(x + size * DROP, y + tall / 2, (Word(label),), size, bold=True, anchor="middle", turned=True)
    return Shape("", MARGIN, y, BAR, tall, look.phase_fill, "none", (text,), radius=8)


def _arrows(ledger: Ledger, placed: dict[str, float], tall: dict[str, float], plan: _Plan) -> Iterator[Arrow]:
    for total, taken in _HANDED_ON:
        if total not in placed or taken not in placed:
            continue
        y0, y1 = (placed[line] + tall[line] / 2 for line in (total, taken))
        for number, version in enumerate(ledger.versions[1:]):
            if version.n(taken) is None:
                continue
            x0, x1 = plan.columns[number] + plan.wide, plan.columns[number + 1]
            turn = x0 + 6
            ends = (f"{total}/{ledger.versions[number].number}", f"{taken}/{version.number}")
            yield Arrow(((x0, y0), (turn, y0), (turn, y1), (x1, y1)), ends)


def _notes(ledger: Ledger, labels: Labels, caption: str, plan: _Plan, y: float) -> tuple[list[Text], float]:
    texts = []
    across = plan.across - 2 * MARGIN
    for said in (*versions(ledger, labels).all_notes, *filter(None, [caption])):
        rtl = is_right_to_left(said)
        for words in wrap(_words(_SUM.sub("\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", said)), across, SMALL):
            x, anchor = (MARGIN + across, "end") if rtl else (MARGIN, "start")
            texts.append(Text(x, y, words, SMALL, anchor=anchor, rtl=rtl))
            y += LEADING
    return texts, y - LEADING / 2


def _stamp(ledger: Ledger, labels: Labels) -> str:
    return labels["inconsistent"] if ledger.failing else labels["draft"] if ledger.still_open else ""


def _words(text: str) -> list[Word]:
    return [Word(word) for word in text.split(" ") if word]
