"""The only door to Jinja, Graphviz and the picture libraries."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import graphviz
import jinja2
from markupsafe import Markup

from peerreview.diagram import PADDING, SIZE, Diagram, Shape, Text
from peerreview.errors import InputError
from peerreview.lettering import width

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
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    # pdfLaTeX has no letter for these; XeLaTeX and LuaLaTeX take them this way, too.
    **{
        character: rf"\ensuremath{{\{name}}}"
        for character, name in zip(
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ≤≥≠≈∞→←↑↓↔⇒∼∈∑√∂•◦",
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi "
            "chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega leq geq neq approx infty rightarrow "
            "leftarrow uparrow downarrow leftrightarrow Rightarrow sim in sum surd partial bullet circ".split(),
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
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~$&])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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

    >>> escape_markdown("a | <b>")
    'a \\| \\<b\\>'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def escape_cell(text: str) -> str:
    """
    Return a cell that a spreadsheet shows as text and never runs as a formula.

    >>> escape_cell("=cmd()")
    "'=cmd()"
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


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
    environment = jinja2.Environment(  # noqa: S701  what autoescape leaves, finalize escapes
        loader=jinja2.PackageLoader("peerreview"),
        autoescape=escape is None,
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
            chosen = environment.from_string(template.read_text(encoding="utf-8"))
        return chosen.render(rows)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=template or name) from error
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"{error.message}", path=template or name, line=error.lineno) from error
    except jinja2.UndefinedError as error:
        raise InputError(f"{error.message}", path=template or name) from error


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
        ends = "\\n" if shape.radius else "\\l"
        turned = any(text.turned for text in shape.lines)
        said = list(shape.tip) if turned else [_indented(shape, text) for text in shape.lines]
        graph.node(
            shape.key or f"heading{number}",
            "".join(graphviz.escape(text) + ends for text in said),
            pos=place(*shape.middle),
            width=f"{shape.width / inch:.3f}",
            height=f"{shape.height / inch:.3f}",
            fixedsize="true",
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
    graph.attr(label="".join(graphviz.escape(note) + "\\l" for note in notes), labeljust="l", fontsize="9")
    return str(graph.source)


def _indented(shape: Shape, text: Text) -> str:
    room = 0 if shape.radius or text.rtl else text.x - shape.x - PADDING
    return "\N{NO-BREAK SPACE}" * round(room / 5) + text.text
