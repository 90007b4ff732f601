"""What a figure is: boxes, arrows and lines of lettering with coordinates; the same for every format."""

from dataclasses import dataclass
from itertools import groupby

from peerreview.paper.figures.lettering import Line, width

SIZE = 16.0
LEADING = 21.0
PADDING = 12.0
ARROW = (12.0, 5.5)
POINTS = 72 / 96
"""Points in a 96th of an inch."""
MILLIMETRES = 25.4 / 96
"""Millimetres in a 96th of an inch."""
DROP = 0.35
"""From the middle of a line to its base line, in em."""


class TooNarrowError(ValueError):
    """A width at which a figure's lettering could not be read; says which width it needs."""


@dataclass(frozen=True)
class Style:
    """Colours are CSS colours; ``font`` is tried before the usual ones."""

    font: str = ""
    database_heading: str = "#ffc125"
    other_heading: str = "#dcdcdc"
    other_fill: str = "#dcdcdc"
    phase_fill: str = "#bdd2ef"
    ink: str = "#000000"
    stamp: str = "#c00000"
    header_totals: bool = False
    reasons_at_title: bool = False
    per_source: bool = True


COLOURS = {
    "heading": "database_heading",
    "other_heading": "other_heading",
    "other": "other_fill",
    "phase": "phase_fill",
    "ink": "ink",
    "stamp": "stamp",
}
"""Colours that may be chosen, and the fields of ``Style`` that they are."""


@dataclass(frozen=True)
class Text:
    """
    A line of lettering.

    ``x`` is where it begins, or its middle or end after ``anchor``; ``y`` is
    the base line. ``turned`` reads upwards. ``rtl`` runs from right to left.
    """

    x: float
    y: float
    words: Line
    size: float = SIZE
    bold: bool = False
    anchor: str = "start"
    turned: bool = False
    rtl: bool = False
    key: str = ""

    @property
    def text(self) -> str:
        """The line without its italics."""
        return "".join(word.text for word in self.words)

    @property
    def width(self) -> float:
        """What it takes at most."""
        return width(self.text, self.size, bold=self.bold)


@dataclass(frozen=True)
class Shape:
    """
    A box, heading or phase; ``key`` is the flow's box behind it, or blank.

    ``words`` are what it says where its lines may break a word.
    """

    key: str
    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str
    lines: tuple[Text, ...] = ()
    radius: float = 0.0
    dashed: bool = False
    words: str = ""

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def entries(self) -> tuple[tuple[str, tuple[Text, ...]], ...]:
        """Its lines, those of one count together under the count's key."""
        return tuple((key, tuple(lines)) for key, lines in groupby(self.lines, lambda line: line.key))

    @property
    def tip(self) -> str:
        """What it says, on one line."""
        return self.words or " ".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Arrow:
    """A line through ``points`` that ends in a head; ``head`` is the head's polygon."""

    points: tuple[tuple[float, float], ...]
    ends: tuple[str, str]

    @property
    def head(self) -> tuple[tuple[float, float], ...]:
        """The three corners of the arrowhead."""
        (x0, y0), (x1, y1) = self.points[-2:]
        length, half = ARROW
        dx = (x1 > x0) - (x1 < x0)
        dy = (y1 > y0) - (y1 < y0)
        back = (x1 - dx * length, y1 - dy * length)
        return (
            (x1, y1),
            (back[0] + dy * half, back[1] + dx * half),
            (back[0] - dy * half, back[1] - dx * half),
        )

    @property
    def line(self) -> tuple[tuple[float, float], ...]:
        """The line, up to the back of its head."""
        _, one, other = self.head
        return (*self.points[:-1], ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2))


@dataclass(frozen=True)
class Diagram:
    """
    A figure in units of its own; ``stamp`` is blank where all is well.

    ``scale`` is how many 96ths of an inch a unit is on paper.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[Text, ...]
    title: str
    description: str
    language: str
    style: Style
    stamp: str = ""
    scale: float = 1.0

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height on paper, in 96ths of an inch."""
        return self.width * self.scale, self.height * self.scale

    @property
    def texts(self) -> list[str]:
        """All that it says, line by line."""
        boxes = [text.text for shape in self.shapes for text in shape.lines]
        return [*boxes, *(text.text for text in self.notes), self.stamp]

    @property
    def stamp_size(self) -> float:
        """The size at which the stamp goes across it."""
        return min(self.height * 0.3, 0.8 * self.width / max(width(self.stamp, 1, bold=True), 1))
