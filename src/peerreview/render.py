"""The only door to Jinja, Graphviz and the picture libraries."""

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import graphviz
import jinja2
from markupsafe import Markup

from peerreview import fonts
from peerreview.errors import InputError, MissingToolError
from peerreview.figures import LEADING, PADDING, SIZE, Diagram, Shape, Text
from peerreview.figures.lettering import Word, joined_arabic, width
from peerreview.tables import escape_cell

_MATHEMATICAL = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi
omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega leq geq neq approx infty rightarrow leftarrow uparrow
downarrow leftrightarrow Rightarrow sim in sum surd partial bullet circ
"""
_TEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r'\string"',
    "`": r"\textasciigrave{}",
    # pdfLaTeX has no letter for these; XeLaTeX and LuaLaTeX take them this way, too.
    **{
        character: rf"\ensuremath{{\{name}}}"
        for character, name in zip(
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ≤≥≠≈∞→←↑↓↔⇒∼∈∑√∂•◦",
            _MATHEMATICAL.split(),
            strict=True,
        )
    },
    "−": r"\ensuremath{-}",
    "′": r"\ensuremath{'}",
    "\u2009": r"\,",
    "\u202f": r"\,",
    "\u00a0": "~",
    "\u00ad": r"\-",
    "\u200b": "",
    "\ufeff": "",
    "‐": "-",
    "‑": "-",
}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~$]|&(?=#?\w+;))")
"""What Markdown would take for its own; an ampersand, only where it opens an entity."""


def escape_tex(text: str) -> str:
    r"""
    Return text that LaTeX prints as it is.

    >>> escape_tex("50% & more_")
    '50\\% \\& more\\_'
    """
    words = re.sub(r"[ \t\n\r\f\v]+", " ", unicodedata.normalize("NFC", text)).strip(" ")
    # Two hyphens would be set as a dash.
    return re.sub("-(?=-)", "-{}", "".join(_TEX.get(character, character) for character in words))


def escape_markdown(text: str) -> str:
    r"""
    Return text that Markdown prints as it is, on one line.

    >>> escape_markdown("a | <b> & c &amp;")
    'a \\| \\<b\\> & c \\&amp;'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _csv_cell(text: str) -> str:
    guarded = escape_cell(text)
    quoted = guarded.replace('"', '""')
    return f'"{quoted}"' if any(mark in guarded for mark in ',"\r\n') else guarded


_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "tex": escape_tex,
    "md": escape_markdown,
    "csv": _csv_cell,
    "txt": str,
}


@cache
def _environment(suffix: str) -> jinja2.Environment:
    escape = _ESCAPES.get(suffix)
    options: dict[str, Any] = {}
    if suffix == "tex":
        # LaTeX is full of braces.
        options = {
            "variable_start_string": "<<",
            "variable_end_string": ">>",
            "block_start_string": "<%",
            "block_end_string": "%>",
            "comment_start_string": "<#",
            "comment_end_string": "#>",
        }
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("peerreview"),
        autoescape=escape is None,  # noqa: S701  what it leaves, finalize escapes
        finalize=None
        if escape is None
        else lambda value: value if isinstance(value, Markup) else escape(str(value)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    environment.filters["n"] = lambda number: f"{number:,}"
    environment.filters["xy"] = lambda length: f"{length:.1f}".removesuffix(".0")
    return environment


def render(name: str, rows: Mapping[str, Any], *, template: Path | None = None) -> str:
    """
    Return a template filled in; every value is escaped for the format its name ends in.

    Parameters
    ----------
    name : of a shipped template without ``.j2``, as in ``tables/themes.md``.
    rows : what the template lays out.
    template : a user's own, in place of the shipped one; the format is still that of ``name``.

    Raises
    ------
    InputError
        With the line of a template that does not work.
    """
    environment = _environment(name.rpartition(".")[2])
    try:
        if template is None:
            chosen = environment.get_template(f"{name}.j2")
        else:
            chosen = environment.from_string(template.read_text(encoding="utf-8-sig"))
        return chosen.render(rows)
    except jinja2.TemplateNotFound as error:
        raise InputError(f"includes {error.name!r}, which is not there", path=template or name) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=template or name) from error
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"{error.message}", path=template or name, line=error.lineno) from error
    except jinja2.UndefinedError as error:
        raise InputError(f"{error.message}", path=template or name) from error
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        # A team's own template may do anything with its rows.
        if template is None:
            raise
        raise InputError(f"does not work: {error}", path=template) from error


POINTS = 72 / 96
"""Points in a unit of our layout."""
FONTS = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def svg(figure: Diagram, *, linked: bool = False) -> str:
    """Return a figure as SVG; ``linked`` makes each line of a box a link to ``#box``."""
    return render(
        "prisma/figure.svg",
        {
            "figure": figure,
            "fonts": f"{figure.style.font}, {FONTS}" if figure.style.font else FONTS,
            "base": SIZE,
            "stamp_size": _stamp_size(figure),
            "linked": linked,
        },
    )


def page(figure: Diagram, behind: Mapping[str, Any]) -> str:
    """Return a figure as one self-contained HTML file; each line of a box opens its records."""
    drawing = Markup(svg(figure, linked=bool(behind["records"])))  # noqa: S704  escaped by its own template
    return render("prisma/page.html", {"figure": figure, "drawing": drawing, "behind": behind})


def _stamp_size(figure: Diagram) -> float:
    return min(figure.height * 0.3, 0.8 * figure.width / max(width(figure.stamp, 1, bold=True), 1))


def dot(figure: Diagram) -> str:
    """
    Return a figure in Graphviz' language, every box pinned where our own layout has it.

    Graphviz lays PRISMA out badly by itself: phases and columns land on the
    wrong side. It cannot turn text either, so phases are stacked letters.
    """
    inch = 96
    graph = graphviz.Digraph("prisma")
    graph.attr(layout="neato", splines="line", outputorder="edgesfirst", bgcolor="white")
    graph.attr("node", shape="box", fontname="Arial", fontsize="12", margin="0.1,0.05", penwidth="1.1")
    graph.attr("edge", penwidth="1.1", arrowsize="0.8")

    def place(x: float, y: float) -> str:
        return f"{x / inch:.3f},{(figure.height - y) / inch:.3f}!"

    for number, shape in enumerate(figure.shapes):
        turned = any(text.turned for text in shape.lines)
        said = [f"{graphviz.escape(letter)}\\n" for letter in shape.tip] if turned else []
        said += [] if turned else [_justified(shape, text) for text in shape.lines]
        graph.node(
            shape.key or f"heading{number}",
            "".join(said),
            pos=place(*shape.middle),
            width=f"{shape.width / inch:.3f}",
            height=f"{shape.height / inch:.3f}",
            fixedsize="true",
            fontname="Arial Bold" if shape.radius else "Arial",
            fontsize=f"{min(12, shape.height * POINTS / max(len(said), 1) * 0.8):.1f}" if turned else "12",
            style="rounded,filled" if shape.radius else "filled,dashed" if shape.dashed else "filled",
            fillcolor=shape.fill,
            color=shape.fill if shape.stroke == "none" else shape.stroke,
        )
    for number, arrow in enumerate(figure.arrows):
        stops = [arrow.ends[0]]
        for corner, point in enumerate(arrow.points[1:-1]):
            stops.append(f"corner{number}_{corner}")
            graph.node(stops[-1], shape="point", width="0.01", pos=place(*point))
        stops.append(arrow.ends[1])
        for start, end in pairwise(stops):
            graph.edge(start, end, arrowhead="normal" if end == stops[-1] else "none")
    notes = [*([figure.stamp] if figure.stamp else []), *(text.text for text in figure.notes)]
    below = "\\n" + "".join(graphviz.escape(note) + "\\l" for note in notes)
    graph.attr(label=below, labeljust="l", fontname="Arial", fontsize="9")
    return str(graph.source)


def graphviz_picture(figure: Diagram, form: str) -> bytes:
    """
    Return a figure in any format that Graphviz writes, such as ``eps``; the positions stay ours.

    Raises
    ------
    MissingToolError
        Without Graphviz, or for a format that the Graphviz of this machine cannot write.
    """
    try:
        return bytes(graphviz.Source(dot(figure)).pipe(format=form))
    except graphviz.ExecutableNotFound as error:
        raise MissingToolError(
            f".{form} needs Graphviz's dot: apt-get install graphviz; .svg, .pdf and .png do not"
        ) from error
    except (ValueError, graphviz.CalledProcessError) as error:
        raise MissingToolError(f"Graphviz cannot write .{form} here; write .svg, .pdf or .png") from error


def _justified(shape: Shape, text: Text) -> str:
    """Return a line of a box in Graphviz' own escapes for indented, centred or right-aligned text."""
    if shape.radius or text.rtl:
        return str(graphviz.escape(text.text)) + ("\\n" if shape.radius else "\\r")
    indent = "\N{NO-BREAK SPACE}" * round((text.x - shape.x - PADDING) / 5)
    return indent + str(graphviz.escape(text.text)) + "\\l"


def png(figure: Diagram, *, dpi: int = 300, chosen: Mapping[str, Path] | None = None) -> bytes:
    """
    Return a figure as PNG, with its resolution noted in the file.

    Parameters
    ----------
    dpi : dots per inch; the figure's own units are 1/96 inch.
    chosen : fonts by style, as ``fonts.find`` returns them, to try before those that ship.

    Raises
    ------
    MissingToolError
        Without resvg-py.
    InputError
        Where no font has a character of the figure.
    """
    try:
        import resvg_py  # noqa: PLC0415  an extra
    except ImportError as error:
        raise MissingToolError("PNG needs resvg-py: pip install 'peerreview[png]'") from error
    faces, styles = _faces(figure, chosen or {})
    # resvg draws nothing, and says nothing, where it finds no font: only those named here count.
    files = [*(str(face.path) for face in faces), *(str(path) for each in styles for path in each.values())]
    family = faces[0].family
    drawn = svg(replace(figure, style=replace(figure.style, font=f"'{family}'")))
    picture: bytes = resvg_py.svg_to_bytes(
        svg_string=drawn,
        zoom=dpi / 96,
        skip_system_fonts=True,
        font_files=list(dict.fromkeys(files)),
        font_family=family,
        sans_serif_family=family,
    )
    return _with_resolution(bytes(picture), dpi)


def _faces(figure: Diagram, chosen: Mapping[str, Path]) -> tuple[list[fonts.Face], list[Mapping[str, Path]]]:
    """Return the fonts that a figure's text needs, and the files of each by style."""
    faces = fonts.needed(_lettering(figure), [chosen[""]] if chosen else [])
    known = [each for each in (chosen, fonts.shipped()) if each]
    styles = [next((each for each in known if each[""] == face.path), {"": face.path}) for face in faces]
    return faces, styles


def _with_resolution(picture: bytes, dpi: int) -> bytes:
    """Return a PNG with its pHYs chunk, which goes right after the header's 33 bytes."""
    per_metre = round(dpi / 0.0254)
    said = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    return picture[:33] + struct.pack(">I", 9) + said + struct.pack(">I", zlib.crc32(said)) + picture[33:]


def _lettering(figure: Diagram) -> list[str]:
    boxes = [text.text for shape in figure.shapes for text in shape.lines]
    return [*boxes, *(text.text for text in figure.notes), figure.stamp]


def pdf(figure: Diagram, *, link: str = "", chosen: Mapping[str, Path] | None = None) -> bytes:
    """
    Return a figure as PDF: vectors, text that can be selected, one page of its size.

    Parameters
    ----------
    link : where a click on a line of a box leads, ``#box`` added to it; blank for nowhere.
    chosen : fonts by style, as ``fonts.find`` returns them, to try before those that ship.

    Raises
    ------
    MissingToolError
        Without fpdf2.
    InputError
        Where no font has a character of the figure.
    """
    try:
        import fpdf  # noqa: PLC0415  an extra
    except ImportError as error:
        raise MissingToolError("PDF needs fpdf2: pip install 'peerreview[pdf]'") from error
    faces, styles = _faces(figure, chosen or {})
    page = fpdf.FPDF(unit="pt", format=(figure.width * POINTS, figure.height * POINTS))
    # A fixed date: the same flow gives the same bytes.
    page.set_creation_date(datetime(1970, 1, 1, tzinfo=UTC))
    page.set_auto_page_break(auto=False)
    page.set_title(figure.title)
    page.set_subject(figure.description)
    page.set_lang(figure.language)
    page.add_page()
    families = []
    for number, (face, files) in enumerate(zip(faces, styles, strict=True)):
        family = f"face{number}"
        for style in ("", "B", "I"):
            page.add_font(family, style, str(files.get(style, face.path)))
        families.append((family, face.characters))
    sheet = _Sheet(page, families)
    page.set_line_width(1.5 * POINTS)
    for arrow in figure.arrows:
        page.set_draw_color(figure.style.ink)
        page.set_fill_color(figure.style.ink)
        page.polyline([(x * POINTS, y * POINTS) for x, y in arrow.line])
        page.polygon([(x * POINTS, y * POINTS) for x, y in arrow.head], style="F")
    for shape in figure.shapes:
        sheet.shape(shape, figure.style.ink)
        for text in shape.lines:
            if link and text.key:
                left, top = shape.x, text.y - LEADING * 0.75
                box = (left * POINTS, top * POINTS, shape.width * POINTS, LEADING * POINTS)
                page.link(*box, link=f"{link}#{quote(text.key)}")
    for text in figure.notes:
        sheet.text(text, "#404040")
    if figure.stamp:
        middle = (figure.width / 2, figure.height / 2)
        size = _stamp_size(figure)
        words = (Word(figure.stamp),)
        with (
            page.local_context(fill_opacity=0.16),
            page.rotation(20, middle[0] * POINTS, middle[1] * POINTS),
        ):
            sheet.text(Text(*middle, words, size, bold=True, anchor="middle"), figure.style.stamp)
    return bytes(page.output())


@dataclass(frozen=True)
class _Sheet:
    """A page to draw on; ``families`` are fonts with the characters that each has."""

    page: Any
    families: Sequence[tuple[str, frozenset[int]]]

    def shape(self, shape: Shape, ink: str) -> None:
        """Draw a box with its lines."""
        self.page.set_fill_color(shape.fill)
        self.page.set_draw_color(shape.stroke if shape.stroke != "none" else shape.fill)
        if shape.dashed:
            self.page.set_dash_pattern(6 * POINTS, 4 * POINTS)
        self.page.rect(
            shape.x * POINTS,
            shape.y * POINTS,
            shape.width * POINTS,
            shape.height * POINTS,
            style="F" if shape.stroke == "none" else "DF",
            round_corners=bool(shape.radius),
            corner_radius=shape.radius * POINTS,
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
            self.page.set_font(family, style, text.size * POINTS)
            widths.append(self.page.get_string_width(run))
            taken += widths[-1]
        back = {"start": 0.0, "middle": taken / 2, "end": taken}[text.anchor]
        x, y = text.x * POINTS, text.y * POINTS
        turn = self.page.rotation(90, x, y) if text.turned else nullcontext()
        with turn:
            x -= back
            for (run, family, style), wide in zip(runs, widths, strict=True):
                self.page.set_font(family, style, text.size * POINTS)
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
    from fpdf.bidi import BidiParagraph  # noqa: PLC0415  an extra
    from fpdf.enums import TextDirection  # noqa: PLC0415  an extra

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
