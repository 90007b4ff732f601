"""A package's page for readers: the whole review in one file that needs nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup, escape

from peerreview.flow.proofs import Proof, to_data
from peerreview.render import seals, svg
from peerreview.render.filling import htmlsafe, render
from peerreview.render.report import pictures
from peerreview.tables import LIST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from peerreview.flow.page import Listing
    from peerreview.paper.document import Section
    from peerreview.paper.figures import Diagram
    from peerreview.render.crate import About

_DROPPED = ("title", "authors", "year", "doi", "abstract")
"""What is not said again of a duplicate: its page leads to the record kept."""
_REPEATED = ("source", "reason", "study", "year")


def page(
    about: About,
    sections: Sequence[Section],
    files: Mapping[str, int],
    *,
    flow: tuple[Diagram, Listing, Proof] | None = None,
) -> str:
    """
    Return the page: the flow with the records behind each number, then the sections of the report.

    Parameters
    ----------
    about : the review. files : bytes of each file of the package, by name.
    flow : its figure, the records behind it and their proof; None where nothing was counted.
    """
    laid_out = [
        {
            "id": _slug(section.title),
            "title": section.title,
            "sentences": [
                {"text": str(each), "source": _linked(each.source, files)} for each in section.sentences
            ],
            "notes": section.notes,
            # The flow is drawn above, with its records.
            "pictures": [picture for name, picture in pictures(section) if name != "flow"],
            # A box of the flow may be called as a table is.
            "sheets": [replace(sheet, name=f"table-{sheet.name}") for sheet in section.sheets],
        }
        for section in sections
    ]
    said: dict[str, Any] = {
        "title": about.title,
        "authors": about.authors,
        "about": [*_facts(about)],
        "sections": laid_out,
        "files": [(name, quote(name), about.described.get(name, ""), size) for name, size in files.items()],
        "drawing": "",
        "across": "none",
    }
    if flow is None:
        return render("package/index.html", said)
    figure, listing, proof = flow
    drawing = Markup(svg.draw(figure, linked=True))  # noqa: S704  escaped by its own template
    content = render(
        "package/index.html",
        said
        | {
            "drawing": drawing,
            "across": f"{figure.size[0]:.0f}px",
            "behind": {"words": listing.words},
            "packed": _packed(listing, proof),
            "numbers": [(key, box) for key, box in listing.boxes.items() if "/" not in key],
        },
    )
    sealed = seals.put(content, ".html", to_data(proof))
    return sealed if isinstance(sealed, str) else sealed.decode()


def _packed(listing: Listing, proof: Proof) -> Markup:
    """
    Return the records behind each number as the page's script reads them, and the rows they stand in.

    In little room, for a page has all records of a review: what repeats is a
    place in ``values``, a duplicate's record the place of that, and the
    records of a box are told by how far each is from the one before.
    """
    said = listing.to_json()
    columns = list(listing.columns)
    dropped = [columns.index(key) for key in _DROPPED if key in columns]
    repeated = [columns.index(key) for key in _REPEATED]
    duplicate_of, authors = columns.index("duplicate_of"), columns.index("authors")
    place = {row[0]: number for number, row in enumerate(listing.records)}
    values = {"": 0}
    records = []
    for row in listing.records:
        cells: list[str | int] = [cell or 0 for cell in row]
        cells[authors] = _few_authors(row[authors]) or 0
        for column in repeated:
            cells[column] = values.setdefault(row[column], len(values))
        if row[duplicate_of]:
            cells[duplicate_of] = place.get(row[duplicate_of], row[duplicate_of])
            for column in dropped:
                cells[column] = 0
        while not cells[-1]:
            cells.pop()
        records.append(cells)
    boxes = {}
    for key, box in listing.boxes.items():
        rows = proof.boxes[key].rows if key in proof.boxes else {}
        apart = [each - before for before, each in pairwise([0, *box.records])]
        boxes[key] = {
            **vars(box),
            "records": apart,
            "from": [[f"{name}.csv", of.n] for name, of in rows.items()],
        }
    content = said | {"records": records, "boxes": boxes, "values": list(values), "packed": True}
    return htmlsafe(content)


def _few_authors(text: str) -> str:
    """
    Return the first three authors of a list.

    >>> _few_authors("Ade, A; Bo, B; Cy, C; Dee, D")
    'Ade, A; Bo, B; Cy, C; et al.'
    """
    names = text.split(LIST)
    return LIST.join([*names[:3], "et al."]) if len(names) > 3 else text


def _facts(about: About) -> Iterator[tuple[str, str, str]]:
    """Yield what is said of the review: name, text, address where the text is one."""
    for name, text in (
        ("Registration", about.registration),
        ("Published", about.published),
        ("Last day of a search or a vote", about.last_day if not about.published else ""),
        ("Licence", about.license or "none is stated: ask the authors"),
        ("Funding", about.funding),
    ):
        if text:
            yield name, text, text if re.fullmatch(r"https?://[^\s\"'<>]+", text) else ""


def _linked(source: str, files: Mapping[str, int]) -> Markup:
    """Return where a sentence comes from, the names of files leading to these files in the package."""
    known = sorted(files, key=lambda name: (-len(name), name))
    named = re.compile("|".join(rf"(?<![\w./-]){re.escape(name)}(?![\w/-])" for name in known) or r"(?!)")
    parts, end = Markup(), 0
    for found in named.finditer(source):
        link = Markup('<a href="{}">{}</a>').format(quote(found[0]), found[0])
        parts += escape(source[end : found.start()]) + link
        end = found.end()
    return parts + escape(source[end:])


def _slug(title: str) -> str:
    """
    Return a heading as the address of its section.

    >>> _slug("Differences from the protocol")
    'part-differences-from-the-protocol'
    """
    return "part-" + "-".join(re.findall(r"[a-z0-9]+", title.lower()))
