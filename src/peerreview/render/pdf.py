"""Figures as PDF: the only door to fpdf."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from peerreview.errors import MissingToolError
from peerreview.paper.figures import LEADING, POINTS, Diagram, Shape, Text
from peerreview.paper.figures.lettering import Word, joined_arabic
from peerreview.render import fonts, seals


def draw(
    figure: Diagram,
    *,
    link: str = "",
    chosen: Mapping[str, Path] | None = None,
    proof: Mapping[str, Any] | None = None,
) -> bytes:
    """
    Return a figure as PDF: vectors, text that can be selected, one page of its size.

    Parameters
    ----------
    link : where a click on a line of a box leads, ``#box`` added to it; blank for nowhere.
    chosen : fonts by style, as ``fonts.find`` returns them, to try before those that ship.
    proof : what the numbers rest on, kept in the file's metadata.

    Raises
    ------
    MissingToolError
        Without fpdf2.
    InputError
        Where no font has a character of the figure.
    """
    try:
        import fpdf
    except ImportError as error:
        raise MissingToolError.of("PDF", "fpdf2") from error
    faces, styles = fonts.styled(figure.texts, chosen or {})
    points = POINTS * figure.scale
    page = fpdf.FPDF(unit="pt", format=(figure.width * points, figure.height * points))
    # A fixed date: the same flow gives the same bytes.
    page.set_creation_date(datetime(1970, 1, 1, tzinfo=UTC))
    page.set_auto_page_break(auto=False)
    page.set_title(figure.title)
    page.set_subject(figure.description)
    page.set_lang(figure.language)
    if proof is not None:
        page.set_xmp_metadata(seals.xmp(proof))
    page.add_page()
    families = []
    for number, (face, files) in enumerate(zip(faces, styles, strict=True)):
        family = f"face{number}"
        for style in ("", "B", "I"):
            page.add_font(family, style, str(files.get(style, face.path)))
        families.append((family, face.characters))
    sheet = _Sheet(page, families, points)
    # Vectors have no alternative text by themselves: the library gives it to what is marked as a figure.
    said = {"title": figure.title, "alt_text": figure.description}
    with page._marked_sequence(**said):  # noqa: SLF001  what the library marks its own pictures with
        _draw(figure, sheet, link)
    return seals.close(bytes(page.output()))


def _draw(figure: Diagram, sheet: "_Sheet", link: str) -> None:
    page, points = sheet.page, sheet.points
    page.set_line_width(1.5 * points)
    for arrow in figure.arrows:
        page.set_draw_color(figure.style.ink)
        page.set_fill_color(figure.style.ink)
        page.polyline([(x * points, y * points) for x, y in arrow.line])
        page.polygon([(x * points, y * points) for x, y in arrow.head], style="F")
    for shape in figure.shapes:
        sheet.shape(shape, figure.style.ink)
        for text in shape.lines:
            if link and text.key:
                left, top = shape.x, text.y - LEADING * 0.75
                box = (left * points, top * points, shape.width * points, LEADING * points)
                page.link(*box, link=f"{link}#{quote(text.key)}")
    for text in figure.notes:
        sheet.text(text, "#404040")
    if figure.stamp:
        middle = (figure.width / 2, figure.height / 2)
        size = figure.stamp_size
        words = (Word(figure.stamp),)
        with (
            page.local_context(fill_opacity=0.16),
            page.rotation(20, middle[0] * points, middle[1] * points),
        ):
            sheet.text(Text(*middle, words, size, bold=True, anchor="middle"), figure.style.stamp)


@dataclass(frozen=True)
class _Sheet:
    """
    A page to draw on.

    ``families`` are fonts with the characters that each has; ``points`` are in a unit of the figure.
    """

    page: Any
    families: Sequence[tuple[str, frozenset[int]]]
    points: float

    def shape(self, shape: Shape, ink: str) -> None:
        """Draw a box with its lines."""
        self.page.set_fill_color(shape.fill)
        self.page.set_draw_color(shape.stroke if shape.stroke != "none" else shape.fill)
        if shape.dashed:
            self.page.set_dash_pattern(6 * self.points, 4 * self.points)
        self.page.rect(
            shape.x * self.points,
            shape.y * self.points,
            shape.width * self.points,
            shape.height * self.points,
            style="F" if shape.stroke == "none" else "DF",
            round_corners=bool(shape.radius),
            corner_radius=shape.radius * self.points,
        )
        self.page.set_dash_pattern()
        for text in shape.lines:
            self.text(text, ink)

    def text(self, text: Text, ink: str) -> None:
        """Draw a line of text; each run in the first font that has its characters."""
        self.page.set_text_color(ink)
        runs = [
            (run, family, "B" if text.bold else "I" if word.italic else "")
            for word in text.words
            for run, family in self._runs(_visual(word.text, rtl=text.rtl))
        ]
        taken = 0.0
        widths = []
        for run, family, style in runs:
            self.page.set_font(family, style, text.size * self.points)
            widths.append(self.page.get_string_width(run))
            taken += widths[-1]
        back = {"start": 0.0, "middle": taken / 2, "end": taken}[text.anchor]
        x, y = text.x * self.points, text.y * self.points
        turn = self.page.rotation(90, x, y) if text.turned else nullcontext()
        with turn:
            x -= back
            for (run, family, style), wide in zip(runs, widths, strict=True):
                self.page.set_font(family, style, text.size * self.points)
                self.page.text(x, y, run)
                x += wide

    def _runs(self, text: str) -> Iterator[tuple[str, str]]:
        def family(character: str) -> str:
            has = (name for name, characters in self.families if ord(character) in characters)
            return next(has, self.families[0][0])

        for name, run in groupby(text, family):
            yield "".join(run), name


_MIRRORED = str.maketrans("()[]{}<>", ")(][}{><")


def _visual(text: str, *, rtl: bool) -> str:
    """Return text in the order and forms in which it is drawn from left to right."""
    if not any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text):
        return text
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    base = TextDirection.RTL if rtl else TextDirection.LTR
    drawn: list[str] = []
    marks = ""
    for each in BidiParagraph(text=joined_arabic(text), base_direction=base).get_reordered_characters():
        turned = each.embedding_level % 2 == 1
        if turned and unicodedata.combining(each.character):
            # A mark is drawn over what stands before it.
            marks += each.character
            continue
        drawn.append((each.character.translate(_MIRRORED) if turned else each.character) + marks)
        marks = ""
    return "".join(drawn) + marks
