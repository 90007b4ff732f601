"""Figures as SVG, and as a page that opens the records behind each box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from peerreview.paper.figures import MILLIMETRES, SIZE, Diagram
from peerreview.render.filling import render

if TYPE_CHECKING:
    from peerreview.flow.page import Listing

FONTS = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"


def draw(figure: Diagram, *, linked: bool = False) -> str:
    """Return a figure as SVG; ``linked`` makes each line of a box a link to ``#box``."""
    return render(
        "prisma/figure.svg",
        {
            "figure": figure,
            "size": [_length(figure, each) for each in figure.size],
            "fonts": f"{figure.style.font}, {FONTS}" if figure.style.font else FONTS,
            "base": SIZE,
            "stamp_size": figure.stamp_size,
            "linked": linked,
        },
    )


def _length(figure: Diagram, length: float) -> str:
    """Return a length on paper as SVG takes it: in millimetres where the figure has a width of its own."""
    if figure.scale == 1:
        return f"{length:.1f}".removesuffix(".0")
    return f"{length * MILLIMETRES:.2f}mm"


def page(figure: Diagram, behind: Listing) -> str:
    """Return a figure as one self-contained HTML file; each line of a box opens its records."""
    drawing = Markup(draw(figure, linked=bool(behind.records)))  # noqa: S704  escaped by its own template
    return render(
        "prisma/page.html",
        {
            "figure": figure,
            "across": _length(figure, figure.size[0]),
            "drawing": drawing,
            "behind": behind.to_json(),
        },
    )
