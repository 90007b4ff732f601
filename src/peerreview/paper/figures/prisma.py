"""Counts to the boxes and arrows of the PRISMA 2020 flow diagram, with coordinates; drawn elsewhere."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from peerreview.flow import AWAITING, BOXES, OTHER_METHODS, TYPED, Flow, is_right, marks
from peerreview.paper.figures import (
    DROP,
    LEADING,
    MILLIMETRES,
    PADDING,
    POINTS,
    SIZE,
    Arrow,
    Diagram,
    Shape,
    Style,
    Text,
    TooNarrowError,
)
from peerreview.paper.figures.lettering import BOLD, Line, Word, is_right_to_left, width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from peerreview.flow.labels import Labels

SMALL = 12.0
_SPACED = 1.375
"""From a small line to the next, in its size."""
MARGIN = 18.0
STACKED = 10.0
HEAD_HEIGHT = 42.0
LEAST_POINTS, MOST_POINTS = 7.0, 9.0
"""Sizes of the lettering in a box of a figure as wide as is asked for: what journals take, and no larger."""
_COMFORTABLE, _NARROWEST = 260.0, 150.0
"""Widths of a box: the lettering is as large as leaves the first; below the second words do not fit."""
# XML has no place for control characters, and no font draws them.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class _Room:
    """
    What the boxes, and the space between them, have of a page.

    ``box`` and ``side`` are how wide boxes are, those beside others by themselves; ``scale`` is as in
    ``Diagram``; ``note`` is the size of the lines below.
    """

    box: float = 340.0
    side: float = 340.0
    between: float = 54.0
    gap: float = 36.0
    margin: float = MARGIN
    bar: float = 39.0
    beside: float = 24.0
    indent: float = 21.0
    note: float = SMALL
    scale: float = 1.0

    @property
    def left(self) -> float:
        """Where the first box begins."""
        return self.margin + self.bar + self.beside

    @property
    def aside(self) -> _Room:
        """The room of the boxes that stand beside others."""
        return replace(self, box=self.side)

    def wide(self, column: str) -> float:
        """Return how wide the boxes of a column are."""
        return self.side if column.endswith("side") else self.box

    def with_sides(self, columns: Sequence[str], share: float) -> _Room:
        """Return the same room with side boxes that share times as wide as the others."""
        n_sides = sum(column.endswith("side") for column in columns)
        together = sum(map(self.wide, columns))
        box = together / (len(columns) + n_sides * (share - 1))
        return replace(self, box=box, side=share * box)


_USUAL = _Room()
_TALLEST = 240.0
"""Millimetres of a page that a figure and its caption have; side boxes are wider where it would be taller."""
_SHARES = (1.0, 1.25, 1.5, 1.75)


def _room_of(across: float, n_columns: int) -> _Room:
    """
    Return the room of a figure ``across`` 96ths of an inch wide, its lettering as large as the boxes allow.

    Raises
    ------
    TooNarrowError
        Where so many columns would be too narrow for lettering that can be read.
    """
    tight = _Room(between=28.0, gap=26.0, margin=4.0, bar=30.0, beside=14.0, indent=14.0)
    fixed = tight.left + tight.margin + (n_columns - 1) * tight.between
    least, most = (points / (SIZE * POINTS) for points in (LEAST_POINTS, MOST_POINTS))
    scale = min(max(across / (fixed + n_columns * _COMFORTABLE), least), most)
    box = (across / scale - fixed) / n_columns
    if box < _NARROWEST:
        needed = math.ceil((fixed + n_columns * _NARROWEST) * least * MILLIMETRES)
        message = f"a flow of {n_columns} columns needs a width of {needed}mm for lettering of"
        raise TooNarrowError(f"{message} {LEAST_POINTS:.0f} points, not {across * MILLIMETRES:.0f}mm")
    return replace(tight, box=box, side=box, note=max(SMALL, LEAST_POINTS / POINTS / scale), scale=scale)


@dataclass(frozen=True)
class _Entry:
    """A paragraph of a box, and how wide the box is."""

    key: str
    text: str
    box: float
    indent: float = 0.0
    italics: bool = False

    @cached_property
    def lines(self) -> list[Line]:
        return wrap(_words(self.text, italics=self.italics), self.box - 2 * PADDING - self.indent, SIZE)


@dataclass(frozen=True)
class _Cell:
    """A box before it has a place."""

    key: str
    entries: tuple[_Entry, ...]
    grey: bool = False
    dashed: bool = False

    @cached_property
    def height(self) -> float:
        return sum(len(entry.lines) for entry in self.entries) * LEADING + 2 * PADDING


_COLUMNS = ("previous", "main", "side", "other", "other_side")


@dataclass(frozen=True)
class _Row:
    """Boxes side by side, each column a stack of them."""

    phase: str
    stacks: Mapping[str, Sequence[_Cell]]

    def height(self, column: str) -> float:
        cells = self.stacks.get(column, ())
        return sum(cell.height for cell in cells) + STACKED * max(len(cells) - 1, 0)

    @property
    def tallest(self) -> float:
        return max(map(self.height, _COLUMNS))


@dataclass(frozen=True)
class _Wording:
    """What each box of a flow says."""

    flow: Flow
    labels: Labels
    style: Style
    room: _Room = _USUAL

    def entry(self, key: str, text: str, indents: int = 0, *, italics: bool = False) -> _Entry:
        """Return a paragraph, so many steps from the edge of its box."""
        return _Entry(key, text, self.room.box, indents * self.room.indent, italics)

    def rows(self) -> list[_Row]:
        """Return the template's rows; those without a box are left out."""
        of, aside = self.boxes, replace(self, room=self.room.aside)
        beside = aside.boxes
        rows = [
            _Row(
                "identification",
                {
                    "previous": self.pair("previous_studies", "previous_reports", grey=True),
                    "main": self.listing("identified", ("databases", "registers")),
                    "side": aside.listing("removed", ("duplicates", "automation", "other_reasons")),
                    "other": self.listing("other_identified", tuple(OTHER_METHODS.values())),
                },
            ),
            _Row(
                "screening",
                {"main": of("screened"), "side": [*aside.excluded(), *beside("awaiting_screening")]},
            ),
            _Row(
                "screening",
                {
                    "main": of("sought"),
                    "side": beside("not_retrieved", "awaiting_retrieval"),
                    "other": of("other_sought"),
                    "other_side": beside("other_not_retrieved", "other_awaiting_retrieval"),
                },
            ),
            _Row(
                "screening",
                {
                    "main": of("assessed"),
                    "side": [*aside.reasons("reports_excluded"), *beside("awaiting_assessment")],
                    "other": of("other_assessed"),
                    "other_side": [
                        *aside.reasons("other_reports_excluded"),
                        *beside("other_awaiting_assessment"),
                    ],
                },
            ),
            _Row("included", {"main": self.pair("studies", "reports", "awaiting_study")}),
            _Row("included", {"main": self.pair("total_studies", "total_reports", grey=True)}),
            _Row("included", {"main": self.pair("studies_ma", "reports_ma")}),
        ]
        return [row for row in rows if any(row.stacks.values())]

    def label(self, key: str) -> str:
        """Return a box's name; a new study of an update is called so."""
        plain = self.labels.box(key)
        return self.labels.get(f"boxes.{key}_updated", plain) if self.flow.is_updated else plain

    def count(self, key: str, n: int) -> str:
        """Return a box's count as it stands there, with a dagger where something behind it is made up."""
        return self.labels.count(n) + marks(self.flow[key].basis)

    def boxes(self, *keys: str) -> list[_Cell]:
        """Return boxes of one count each; what awaits a decision only where something does."""
        cells = []
        for key in keys:
            n = self.flow.n(key)
            is_open = key in (*AWAITING, "awaiting_study")
            if n is None or (is_open and not n):
                continue
            entries = (self.entry(key, self.label(key)), self.entry(key, self.count(key, n)))
            cells.append(_Cell(key, entries, grey=is_right(key), dashed=is_open))
        return cells

    def pair(self, *keys: str, grey: bool = False) -> list[_Cell]:
        """Return one box of several counts, or none where all are blank."""
        entries = [entry for key in keys for cell in self.boxes(key) for entry in cell.entries]
        return [_Cell(entries[0].key, tuple(entries), grey)] if entries else []

    def listing(self, heading: str, keys: Sequence[str]) -> list[_Cell]:
        """Return a headed box with a line per count, or none where all are blank."""
        known = [(key, n) for key in keys if (n := self.flow.n(key)) is not None]
        if not known:
            return []
        entries = [self.entry(known[0][0], self.labels[f"headings.{heading}"], italics=True)]
        for key, n in known:
            entries.append(self.entry(key, f"{self.label(key)} {self.count(key, n)}", 1))
            if self.style.per_source:
                entries += self.parts(key, 2)
        return [_Cell(known[0][0], tuple(entries), grey=is_right(known[0][0]))]

    def parts(self, key: str, indents: int = 1) -> list[_Entry]:
        """Return the lines that break a count down."""
        entries = []
        for part in self.flow[key].parts:
            name = self.labels.get(f"reasons.{part.label}", part.label)
            count = self.labels.count(part.n) + marks(part.basis)
            entries.append(self.entry(f"{key}/{part.label}", f"{name} {count}", indents))
        return entries

    def excluded(self) -> list[_Cell]:
        """Return the box of records excluded, by whom and, if wanted, why."""
        cells = self.boxes("excluded")
        if not cells:
            return []
        entries = list(cells[0].entries)
        for key in ("excluded_human", "excluded_automation"):
            n = self.flow.n(key)
            if n is not None:
                entries.append(self.entry(key, f"{self.label(key)} {self.count(key, n)}", 1))
        if self.style.reasons_at_title:
            entries += self.parts("excluded")
        return [_Cell("excluded", tuple(entries))]

    def reasons(self, key: str) -> list[_Cell]:
        """Return the box of reports excluded, with a line per reason."""
        lines = self.parts(key)
        if not lines:
            return self.boxes(key)
        heading = self.labels["headings.reports_excluded"]
        n = self.flow.n(key)
        if self.style.header_totals and n is not None:
            stem = heading.rstrip(" :\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
            heading = f"{stem} {self.count(key, n)}{heading[len(stem) :]}"
        return [_Cell(key, (self.entry(key, heading), *lines), grey=is_right(key))]

    def notes(self, caption: str, stamp: str, identities: str) -> list[str]:
        """Return the lines under the figure."""
        notes = []
        found = sum(self.flow.n(key) or 0 for key in OTHER_METHODS.values()) + (
            self.flow.n("found_again") or 0
        )
        for key in _NOTED:
            if n := self.flow.n(key):
                of = f" {self.labels['page.of']} {self.labels.number(found)}" if key == "found_again" else ""
                notes.append(self.labels[f"notes.{key}"].replace("{n}", self.labels.number(n) + of))
        if shared := len(self.flow.shared_reports):
            notes.append(self.labels["notes.shared_reports"].replace("{n}", self.labels.number(shared)))
        typed = [
            self.labels.full(key, updated=self.flow.is_updated)
            for key in BOXES
            if self.flow[key].basis == TYPED
        ]
        if typed:
            notes.append(self.labels["notes.typed"].replace("{n}", "; ".join(typed)))
        notes.append(self.labels["source"])
        waits = {"draft": self.flow.n_awaiting, "awaiting_study": self.flow.n("awaiting_study")}
        open_ends = [(key, self.labels.number(n)) for key, n in waits.items() if n]
        for key, what in (*open_ends, *self.flow.unfinished):
            notes.append(self.labels[f"notes.{key}"].replace("{n}", what))
        if stamp == INCONSISTENT:
            notes.append(self.labels["notes.inconsistent"].replace("{identities}", identities))
        return [*notes, *filter(None, [caption]), *self.flow.notes]


_NOTED = ("found_again", "other_set_aside", "reports_of_previous", "retired_studies", "corrected_studies")
"""Counts that stand under the figure, where they are not 0."""
DRAFT = "draft"
INCONSISTENT = "inconsistent"


def lay_out(
    flow: Flow,
    labels: Labels,
    style: Style | None = None,
    *,
    caption: str = "",
    title: str = "",
    failing: Sequence[str] = (),
    across: float = 0.0,
) -> Diagram:
    """
    Return the figure of a flow: one of PRISMA 2020's four templates, chosen by what is not blank.

    A blank count is dropped, and a box with it if nothing else is in it; a
    zero is drawn. Boxes grow with their text. A flow in which something is
    still to be done is stamped as a draft.

    Parameters
    ----------
    caption : printed under the figure.
    title : read out to those who cannot see the figure.
    failing : identities that do not hold; the figure is stamped with them.
    across : the width on paper in 96ths of an inch, for lettering of 7 points or more; 0 for what it takes.

    Raises
    ------
    TooNarrowError
        Where it is too narrow for its columns.
    """
    wording = _Wording(flow, labels, style or Style())
    there = {column for row in wording.rows() for column in _COLUMNS if row.stacks.get(column)} | {
        "main",
        "side",
    }
    if "other_side" in there or ("other" in there and not across):
        # Only a page has no room for a column in which nothing stands.
        there |= {"other", "other_side"}
    columns = [column for column in _COLUMNS if column in there]
    draw = partial(_draw, columns=columns, caption=caption, title=title, failing=failing)
    if not across:
        return draw(wording)
    room = _room_of(across, len(columns))
    drawn = draw(replace(wording, room=room))
    if drawn.size[1] * MILLIMETRES <= _TALLEST:
        return drawn
    rooms = [room.with_sides(columns, share) for share in _SHARES]
    others = [draw(replace(wording, room=each)) for each in rooms if each.box >= _NARROWEST]
    return min([drawn, *others], key=lambda each: each.height)


def _draw(
    wording: _Wording, *, columns: Sequence[str], caption: str, title: str, failing: Sequence[str]
) -> Diagram:
    """Return the figure of a flow in some columns, with what its wording has of room."""
    flow, labels, style, room = wording.flow, wording.labels, wording.style, wording.room
    rows = wording.rows()
    stamp = INCONSISTENT if failing else DRAFT if flow.still_open else ""
    x_of: dict[str, float] = {}
    wide = room.left
    for column in columns:
        x_of[column] = wide
        wide += room.wide(column) + room.between
    wide += room.margin - room.between

    kind = "_updated" if flow.is_updated else ""
    titles = [
        ("databases" + kind, ("main", "side"), style.database_heading),
        ("previous", ("previous",), style.other_heading),
        ("other" + kind, ("other", "other_side"), style.other_heading),
    ]
    headings = []
    for key, over, fill in titles:
        if own := [column for column in over if column in x_of]:
            of = x_of[own[-1]] + room.wide(own[-1]) - x_of[own[0]]
            headings.append((_bold(labels[f"headings.{key}"], of), x_of[own[0]], of, fill))
    head = HEAD_HEIGHT + (max(len(lines) for lines, *_ in headings) - 1) * LEADING
    if room.scale != 1 and not any(row.phase == "identification" for row in rows):
        # The name of the phase stands beside the headings alone, and may not be smaller than the rest.
        head = max(head, width(labels["phases.identification"], SIZE, bold=True) + PADDING)
    shapes = [_heading(lines, (x, room.margin), (of, head), fill) for lines, x, of, fill in headings]

    y = room.margin + head + room.beside
    placed: dict[str, list[list[Shape]]] = {column: [] for column in _COLUMNS}
    spans: dict[str, tuple[float, float]] = {"identification": (room.margin, room.margin + head)}
    alone = Counter(row.phase for row in rows)
    for row in rows:
        # A phase of one row is as long as its name.
        name = width(labels[f"phases.{row.phase}"], SIZE, bold=True) + PADDING
        tallest = max(row.tallest, name if alone[row.phase] == 1 else 0)
        for column in _COLUMNS:
            top = y + (tallest - row.height(column)) / 2
            stack = []
            for cell in row.stacks.get(column, ()):
                stack.append(_box(cell, x_of[column], top, room.wide(column), style))
                top += cell.height + STACKED
            placed[column].append(stack)
            shapes += stack
        begins = spans[row.phase][0] if row.phase in spans else y
        spans[row.phase] = (begins, y + tallest)
        y += tallest + room.gap
    for phase, (top, bottom) in spans.items():
        shapes.append(_phase(labels[f"phases.{phase}"], top, bottom - top, room, style))
    lines = wording.notes(caption, stamp, ", ".join(failing))
    notes, bottom = _notes(lines, room, wide, y + 12)
    said = "; ".join(shape.tip for shape in shapes if shape.key)
    return Diagram(
        width=wide,
        height=bottom + room.margin - room.note * _SPACED / 2,
        shapes=tuple(shapes),
        arrows=tuple(_arrows(placed, room.gap, one_column=flow.is_one_column)),
        notes=tuple(notes),
        title=_CONTROLS.sub(" ", title) or labels["title"],
        description=": ".join(filter(None, [labels[stamp] if stamp else "", said])),
        language=labels["language"],
        style=style,
        stamp=labels[stamp] if stamp else "",
        scale=room.scale,
    )


def _words(text: str, *, italics: bool = False) -> list[Word]:
    """Return text as words; shipped wording may have ``_italics_``, a reason keeps its underscores."""
    words, slanted = [], False
    drawable = _CONTROLS.sub(" ", text)
    for run in drawable.split("_") if italics else [drawable]:
        # A mark after the italics stays with its word.
        words += [Word(word, slanted) for word in run.split(" ") if word]
        slanted = not slanted
    if italics and len(words) > 1 and words[-1].text.strip("\N{NO-BREAK SPACE}") in (":", "."):
        mark = words.pop()
        words[-1] = Word(words[-1].text + mark.text, words[-1].italic)
    return words


def _bold(text: str, room: float) -> list[Line]:
    return wrap(_words(text), (room - 2 * PADDING) / BOLD, SIZE)


def _heading(
    lines: Sequence[Line], corner: tuple[float, float], size: tuple[float, float], fill: str
) -> Shape:
    (x, y), (wide, height) = corner, size
    first = y + height / 2 - (len(lines) - 1) * LEADING / 2 + SIZE * DROP
    texts = tuple(
        Text(x + wide / 2, first + row * LEADING, line, bold=True, anchor="middle")
        for row, line in enumerate(lines)
    )
    return Shape("", x, y, wide, height, fill, "none", texts, radius=12)


def _phase(label: str, y: float, height: float, room: _Room, style: Style) -> Shape:
    full = width(label, SIZE, bold=True)
    size = min(SIZE, SIZE * (height - PADDING) / full)
    x = room.margin + room.bar / 2 + size * DROP
    text = Text(x, y + height / 2, (Word(label),), size, bold=True, anchor="middle", turned=True)
    return Shape("", room.margin, y, room.bar, height, style.phase_fill, "none", (text,), radius=10)


def _box(cell: _Cell, x: float, y: float, wide: float, style: Style) -> Shape:
    texts = []
    base = y + PADDING + LEADING / 2 + SIZE * DROP
    for entry in cell.entries:
        rtl = is_right_to_left(entry.text)
        for line in entry.lines:
            start = x + wide - PADDING - entry.indent if rtl else x + PADDING + entry.indent
            texts.append(Text(start, base, line, anchor="end" if rtl else "start", rtl=rtl, key=entry.key))
            base += LEADING
    fill = style.other_fill if cell.grey else "#ffffff"
    stroke = style.ink if cell.dashed or not cell.grey else "none"
    said = " ".join(word.text for entry in cell.entries for word in _words(entry.text, italics=entry.italics))
    return Shape(
        cell.key, x, y, wide, cell.height, fill, stroke, tuple(texts), dashed=cell.dashed, words=said
    )


def _notes(lines: Sequence[str], room: _Room, wide: float, y: float) -> tuple[list[Text], float]:
    texts = []
    across = wide - 2 * room.margin
    for said in lines:
        rtl = is_right_to_left(said)
        for line in wrap(_words(said), across, room.note):
            x, anchor = (room.margin + across, "end") if rtl else (room.margin, "start")
            texts.append(Text(x, y, line, room.note, anchor=anchor, rtl=rtl))
            y += room.note * _SPACED
    return texts, y


def _arrows(
    placed: Mapping[str, Sequence[Sequence[Shape]]], gap: float, *, one_column: bool
) -> Iterator[Arrow]:
    for main, side in (("main", "side"), ("other", "other_side")):
        spine = [stack[0] for stack in placed[main] if stack]
        for above, below in pairwise(spine):
            x, _ = above.middle
            yield Arrow(((x, above.y + above.height), (x, below.y)), (above.key, below.key))
        for stack, beside in zip(placed[main], placed[side], strict=True):
            for box in beside if stack else ():
                x0, y0 = stack[0].x + stack[0].width, stack[0].middle[1]
                y1 = box.middle[1]
                turn = (x0 + box.x) / 2
                bend = ((turn, y0), (turn, y1)) if abs(y1 - y0) > 1 else ()
                yield Arrow(((x0, y0), *bend, (box.x, y1 if bend else y0)), (stack[0].key, box.key))
    boxes = {stack[0].key: stack[0] for stack in placed["main"] if stack}
    found = [stack[0] for stack in placed["other"] if stack]
    into = next((boxes[key] for key in ("studies", "reports") if key in boxes), None)
    if found and one_column and "screened" in boxes:
        # What was screened with the rest joins it from above, beside what databases found.
        screened = boxes["screened"]
        row = next(number for number, stack in enumerate(placed["main"]) if screened in stack)
        level = min(box.y for stacks in placed.values() for box in stacks[row]) - gap / 2
        x, entry = found[-1].middle[0], screened.x + screened.width * 0.75
        last = found[-1].y + found[-1].height
        yield Arrow(
            ((x, last), (x, level), (entry, level), (entry, screened.y)), (found[-1].key, screened.key)
        )
    elif found and into:
        x, y = found[-1].middle[0], into.middle[1]
        last = found[-1].y + found[-1].height
        yield Arrow(((x, last), (x, y), (into.x + into.width, y)), (found[-1].key, into.key))
    earlier = [stack[0] for stack in placed["previous"] if stack]
    total = next((boxes[key] for key in ("total_studies", "total_reports") if key in boxes), None)
    if earlier and total:
        x, y = earlier[0].middle[0], total.middle[1]
        last = earlier[0].y + earlier[0].height
        yield Arrow(((x, last), (x, y), (total.x, y)), (earlier[0].key, total.key))
