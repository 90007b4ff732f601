"""Counts to the boxes and arrows of the PRISMA 2020 flow diagram, with coordinates; drawn elsewhere."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from peerreview.flow import AWAITING, BOXES, OTHER_METHODS, TYPED, Flow, is_right, marks
from peerreview.flow.labels import Labels
from peerreview.paper.figures import DROP, LEADING, PADDING, SIZE, Arrow, Diagram, Shape, Style, Text
from peerreview.paper.figures.lettering import BOLD, Line, Word, is_right_to_left, width, wrap

SMALL = 12.0
SMALL_LEADING = 16.5
MARGIN = 18.0
INDENT = 21.0
BOX_WIDTH = 340.0
BETWEEN = 54.0
GAP = 36.0
STACKED = 10.0
BAR_WIDTH = 39.0
HEAD_HEIGHT = 42.0
# XML has no place for control characters, and no font draws them.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class _Entry:
    """A paragraph of a box."""

    key: str
    text: str
    indent: float = 0.0
    italics: bool = False

    @cached_property
    def lines(self) -> list[Line]:
        return wrap(_words(self.text, italics=self.italics), BOX_WIDTH - 2 * PADDING - self.indent, SIZE)


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

    def rows(self) -> list[_Row]:
        """Return the template's rows; those without a box are left out."""
        of = self.boxes
        rows = [
            _Row(
                "identification",
                {
                    "previous": self.pair("previous_studies", "previous_reports", grey=True),
                    "main": self.listing("identified", ("databases", "registers")),
                    "side": self.listing("removed", ("duplicates", "automation", "other_reasons")),
                    "other": self.listing("other_identified", tuple(OTHER_METHODS.values())),
                },
            ),
            _Row(
                "screening",
                {"main": of("screened"), "side": [*self.excluded(), *of("awaiting_screening")]},
            ),
            _Row(
                "screening",
                {
                    "main": of("sought"),
                    "side": of("not_retrieved", "awaiting_retrieval"),
                    "other": of("other_sought"),
                    "other_side": of("other_not_retrieved", "other_awaiting_retrieval"),
                },
            ),
            _Row(
                "screening",
                {
                    "main": of("assessed"),
                    "side": [*self.reasons("reports_excluded"), *of("awaiting_assessment")],
                    "other": of("other_assessed"),
                    "other_side": [*self.reasons("other_reports_excluded"), *of("other_awaiting_assessment")],
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
            entries = (_Entry(key, self.label(key)), _Entry(key, self.count(key, n)))
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
        entries = [_Entry(known[0][0], self.labels[f"headings.{heading}"], italics=True)]
        for key, n in known:
            entries.append(_Entry(key, f"{self.label(key)} {self.count(key, n)}", INDENT))
            if self.style.per_source:
                entries += self.parts(key, 2 * INDENT)
        return [_Cell(known[0][0], tuple(entries), grey=is_right(known[0][0]))]

    def parts(self, key: str, indent: float = INDENT) -> list[_Entry]:
        """Return the lines that break a count down."""
        entries = []
        for part in self.flow[key].parts:
            name = self.labels.get(f"reasons.{part.label}", part.label)
            count = self.labels.count(part.n) + marks(part.basis)
            entries.append(_Entry(f"{key}/{part.label}", f"{name} {count}", indent))
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
                entries.append(_Entry(key, f"{self.label(key)} {self.count(key, n)}", INDENT))
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
        return [_Cell(key, (_Entry(key, heading), *lines), grey=is_right(key))]

    def notes(self, caption: str, stamp: str, identities: str) -> list[str]:
        """Return the lines under the figure."""
        notes = []
        found = sum(self.flow.n(key) or 0 for key in OTHER_METHODS.values()) + (
            self.flow.n("found_again") or 0
        )
        for key in ("found_again", "other_set_aside", "reports_of_previous"):
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
    """
    style = style or Style()
    wording = _Wording(flow, labels, style)
    rows = wording.rows()
    stamp = INCONSISTENT if failing else DRAFT if flow.still_open else ""
    there = {column for row in rows for column in _COLUMNS if row.stacks.get(column)}
    left = MARGIN + BAR_WIDTH + 24 + (BOX_WIDTH + BETWEEN if "previous" in there else 0)
    step = BOX_WIDTH + BETWEEN
    x_of = {"previous": left - step, "main": left, "side": left + step}
    x_of |= {"other": left + 2 * step, "other_side": left + 3 * step}
    has_other = bool(there & {"other", "other_side"})
    across = left + (4 if has_other else 2) * step - BETWEEN + MARGIN

    kind = "_updated" if flow.is_updated else ""
    wide = 2 * BOX_WIDTH + BETWEEN
    titles = [("databases" + kind, "main", wide, style.database_heading)]
    titles += [("previous", "previous", BOX_WIDTH, style.other_heading)] if "previous" in there else []
    titles += [("other" + kind, "other", wide, style.other_heading)] if has_other else []
    headings = [
        (_bold(labels[f"headings.{key}"], room), x_of[column], room, fill)
        for key, column, room, fill in titles
    ]
    head = HEAD_HEIGHT + (max(len(lines) for lines, *_ in headings) - 1) * LEADING
    shapes = [_heading(lines, x, room, head, fill) for lines, x, room, fill in headings]

    y = MARGIN + head + 24
    placed: dict[str, list[list[Shape]]] = {column: [] for column in _COLUMNS}
    spans: dict[str, tuple[float, float]] = {"identification": (MARGIN, MARGIN + head)}
    alone = Counter(row.phase for row in rows)
    for row in rows:
        # A phase of one row is as long as its name.
        name = width(labels[f"phases.{row.phase}"], SIZE, bold=True) + PADDING
        tallest = max(row.tallest, name if alone[row.phase] == 1 else 0)
        for column in _COLUMNS:
            top = y + (tallest - row.height(column)) / 2
            stack = []
            for cell in row.stacks.get(column, ()):
                stack.append(_box(cell, x_of[column], top, style))
                top += cell.height + STACKED
            placed[column].append(stack)
            shapes += stack
        begins = spans[row.phase][0] if row.phase in spans else y
        spans[row.phase] = (begins, y + tallest)
        y += tallest + GAP
    for phase, (top, bottom) in spans.items():
        shapes.append(_phase(labels[f"phases.{phase}"], top, bottom - top, style))
    lines = wording.notes(caption, stamp, ", ".join(failing))
    notes, bottom = _notes(lines, across - 2 * MARGIN, y + 12)
    said = "; ".join(shape.tip for shape in shapes if shape.key)
    return Diagram(
        width=across,
        height=bottom + MARGIN - SMALL_LEADING / 2,
        shapes=tuple(shapes),
        arrows=tuple(_arrows(placed, one_column=flow.is_one_column)),
        notes=tuple(notes),
        title=_CONTROLS.sub(" ", title) or labels["title"],
        description=": ".join(filter(None, [labels[stamp] if stamp else "", said])),
        language=labels["language"],
        style=style,
        stamp=labels[stamp] if stamp else "",
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


def _heading(lines: Sequence[Line], x: float, room: float, height: float, fill: str) -> Shape:
    first = MARGIN + height / 2 - (len(lines) - 1) * LEADING / 2 + SIZE * DROP
    texts = tuple(
        Text(x + room / 2, first + row * LEADING, line, bold=True, anchor="middle")
        for row, line in enumerate(lines)
    )
    return Shape("", x, MARGIN, room, height, fill, "none", texts, radius=12)


def _phase(label: str, y: float, height: float, style: Style) -> Shape:
    full = width(label, SIZE, bold=True)
    size = min(SIZE, SIZE * (height - PADDING) / full)
    x = MARGIN + BAR_WIDTH / 2 + size * DROP
    text = Text(x, y + height / 2, (Word(label),), size, bold=True, anchor="middle", turned=True)
    return Shape("", MARGIN, y, BAR_WIDTH, height, style.phase_fill, "none", (text,), radius=10)


def _box(cell: _Cell, x: float, y: float, style: Style) -> Shape:
    texts = []
    base = y + PADDING + LEADING / 2 + SIZE * DROP
    for entry in cell.entries:
        rtl = is_right_to_left(entry.text)
        for line in entry.lines:
            start = x + BOX_WIDTH - PADDING - entry.indent if rtl else x + PADDING + entry.indent
            texts.append(Text(start, base, line, anchor="end" if rtl else "start", rtl=rtl, key=entry.key))
            base += LEADING
    fill = style.other_fill if cell.grey else "#ffffff"
    stroke = style.ink if cell.dashed or not cell.grey else "none"
    return Shape(cell.key, x, y, BOX_WIDTH, cell.height, fill, stroke, tuple(texts), dashed=cell.dashed)


def _notes(lines: Sequence[str], room: float, y: float) -> tuple[list[Text], float]:
    texts = []
    for said in lines:
        rtl = is_right_to_left(said)
        for line in wrap(_words(said), room, SMALL):
            x, anchor = (MARGIN + room, "end") if rtl else (MARGIN, "start")
            texts.append(Text(x, y, line, SMALL, anchor=anchor, rtl=rtl))
            y += SMALL_LEADING
    return texts, y


def _arrows(placed: Mapping[str, Sequence[Sequence[Shape]]], *, one_column: bool) -> Iterator[Arrow]:
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
        level = min(box.y for stacks in placed.values() for box in stacks[row]) - GAP / 2
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
