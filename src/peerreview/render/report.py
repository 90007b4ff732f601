"""A report in the formats that it is written in."""

from base64 import b64encode
from collections.abc import Sequence

from peerreview.paper.report import Section
from peerreview.render import render, svg, word


def write(sections: Sequence[Section], title: str, stem: str, suffix: str) -> list[tuple[str, str | bytes]]:
    """
    Return the report in the format of a suffix, last, and the figures that lie beside a Markdown one.

    Each goes with the end of its name behind ``stem``, as in ``-flow.svg``
    and ``.md``.
    """
    if suffix == ".docx":
        return [(suffix, word.report(title, sections))]
    beside: list[tuple[str, str | bytes]] = []
    laid_out = []
    for section in sections:
        pictures = []
        for figure in section.figures:
            diagram = figure.draw()
            drawn = svg.draw(diagram)
            address = f"{stem}-{figure.name}.svg"
            if suffix == ".html":
                # As pictures of their own, so that ids within them do not meet.
                address = f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
            else:
                beside.append((f"-{figure.name}.svg", drawn))
            said = f"{figure.title}: {diagram.description}"
            pictures.append({"title": figure.title, "said": said, "address": address})
        laid_out.append(
            {
                "title": section.title,
                "sentences": [{"text": str(each), "source": each.source} for each in section.sentences],
                "notes": section.notes,
                "pictures": pictures,
                "sheets": section.sheets,
            }
        )
    text = render(f"tables/report{suffix}", {"title": title, "sections": laid_out})
    return [*beside, (suffix, text)]
