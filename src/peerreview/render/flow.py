"""A counted flow in every format that it is written in: pictures, pages, and the numbers for other tools."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from peerreview.flow import Flow, exchange, proofs
from peerreview.flow.page import list_behind
from peerreview.render import seals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from peerreview.flow.identities import Verdict
    from peerreview.flow.labels import Labels
    from peerreview.flow.proofs import Proof
    from peerreview.paper.figures import Diagram

GRAPHVIZ_SUFFIXES = (".eps", ".ps", ".gif", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")


@dataclass(frozen=True)
class Drawing:
    """
    A flow, its figure, and what the formats need beside them.

    ``records`` and ``duplicates`` are listed behind the boxes of the page;
    ``fonts`` are those chosen for pictures, by style; ``proof`` is what the
    numbers rest on, None where they were typed.
    """

    counted: Flow
    verdicts: Sequence[Verdict]
    figure: Diagram
    labels: Labels
    records: pd.DataFrame
    duplicates: pd.DataFrame
    fonts: Mapping[str, Path] = field(default_factory=dict)
    dpi: int = 300
    link: str = ""
    proof: Proof | None = None


def write(drawing: Drawing, suffix: str) -> str | bytes:
    """Return a flow in the format of a suffix, as ``.svg``; those of Graphviz need its program."""
    said = proofs.to_data(drawing.proof) if drawing.proof else None
    content = _unsealed(drawing, suffix, said)
    return seals.put(content, suffix, said) if said else content


def _unsealed(drawing: Drawing, suffix: str, said: Mapping[str, Any] | None) -> str | bytes:
    figure, counted = drawing.figure, drawing.counted
    match suffix:
        case ".svg":
            from peerreview.render import svg

            return svg.draw(figure)
        case ".html":
            return _page(drawing)
        case ".md":
            return _markdown(drawing)
        case ".json":
            return exchange.to_json(counted, drawing.verdicts, drawing.labels, drawing.proof)
        case ".csv":
            return exchange.to_r(counted, drawing.labels)
        case ".pdf":
            from peerreview.render import pdf

            return pdf.draw(figure, link=drawing.link, chosen=drawing.fonts, proof=said)
        case ".png":
            from peerreview.render import png

            return png.draw(figure, dpi=drawing.dpi, chosen=drawing.fonts)
        case ".docx":
            from peerreview.render import word

            return word.picture(figure, dpi=drawing.dpi, chosen=drawing.fonts)
        case _:
            from peerreview.render import dot

            return dot.draw(figure) if suffix == ".dot" else dot.picture(figure, suffix[1:])


def _page(drawing: Drawing) -> str:
    from peerreview.render import svg

    behind = list_behind(drawing.counted, drawing.records, drawing.duplicates, drawing.labels)
    return svg.page(drawing.figure, behind)


def _markdown(drawing: Drawing) -> str:
    from peerreview.render.filling import render

    rows = [{"id": each.id, "says": each.says, "said": str(each)} for each in drawing.verdicts]
    said = {
        "title": drawing.figure.title,
        "stamp": drawing.figure.stamp,
        "lines": exchange.lines(drawing.counted, drawing.labels),
        "verdicts": rows,
        "notes": [text.text for text in drawing.figure.notes],
    }
    return render("prisma/flow.md", said)
