"""Figures in Graphviz' language and as what it draws: the only door to Graphviz."""

from itertools import pairwise

import graphviz

from peerreview.errors import MissingToolError
from peerreview.paper.figures import PADDING, POINTS, Diagram, Shape, Text


def draw(figure: Diagram) -> str:
    """
    Return a figure in Graphviz' language, every box pinned where our own layout has it.

    Graphviz lays PRISMA out badly by itself: phases and columns land on the
    wrong side. It cannot turn text either, so phases are stacked letters.
    """
    inch = 96
    graph = graphviz.Digraph("prisma")
    graph.attr(layout="neato", splines="line", outputorder="edgesfirst", bgcolor="white")
    if figure.scale != 1:
        across, down = (length / inch for length in figure.size)
        graph.attr(size=f"{across:.3f},{down:.3f}")
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


def picture(figure: Diagram, form: str) -> bytes:
    """
    Return a figure in any format that Graphviz writes, such as ``eps``; the positions stay ours.

    Raises
    ------
    MissingToolError
        Without Graphviz, or for a format that the Graphviz of this machine cannot write.
    """
    try:
        return bytes(graphviz.Source(draw(figure)).pipe(format=form))
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
