"""A report in the formats that it is written in."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from peerreview.render import svg
from peerreview.render.filling import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peerreview.paper.document import Section


def write(sections: Sequence[Section], title: str, stem: str, suffix: str) -> list[tuple[str, str | bytes]]:
    """
    Return the report in the format of a suffix, last, and the figures that lie beside a Markdown one.

    Each goes with the end of its name behind ``stem``, as in ``-flow.svg``
    and ``.md``.
    """
    if suffix == ".docx":
        from peerreview.render import word

        return [(suffix, word.report(title, sections))]
    beside: list[tuple[str, str | bytes]] = []
    laid_out = []
    for section in sections:
        shown = []
        for name, picture in pictures(section):
            if suffix != ".html":
                beside.append((f"-{name}.svg", picture.pop("drawn")))
                picture["address"] = f"{stem}-{name}.svg"
            shown.append(picture)
        laid_out.append(
            {
                "title": section.title,
                "sentences": [{"text": str(each), "source": each.source} for each in section.sentences],
                "notes": section.notes,
                "pictures": shown,
                "sheets": section.sheets,
            }
        )
    text = render(f"tables/report{suffix}", {"title": title, "sections": laid_out})
    return [*beside, (suffix, text)]


def pictures(section: Section) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the figures of a section by name, each with its title, what it says, and itself as an address."""
    for figure in section.figures:
        diagram = figure.draw()
        drawn = svg.draw(diagram)
        # As pictures of their own, so that ids within them do not meet.
        address = f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
        said = f"{figure.title}: {diagram.description}"
        yield figure.name, {"title": figure.title, "said": said, "address": address, "drawn": drawn}
