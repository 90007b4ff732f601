"""Reporting checklists: what each item asks, and what the review's own tables can say to it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from peerreview.paper.document import Section, Sentence
from peerreview.paper.laid_down import statements
from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.paper.sheets.excluded import NO_REASON
from peerreview.tables import toml
from peerreview.values.counts import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peerreview.protocol import Protocol


@dataclass(frozen=True)
class Item:
    """
    An item of a checklist; ``known`` names the facts that go beside it.

    ``add`` is what only its authors can say to it, told beside the facts.
    """

    item: str
    section: str
    topic: str
    text: str
    known: tuple[str, ...] = ()
    add: str = ""


@dataclass(frozen=True)
class Checklist:
    """A reporting checklist."""

    title: str
    reference: str
    items: tuple[Item, ...]


def shipped(name: str) -> Checklist:
    """Return a checklist that ships: ``prisma-2020``, or ``prisma-2020-abstract``."""
    folder = resources.files("peerreview.paper") / "checklists"
    return parse((folder / f"{name}.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Checklist:
    """Return the checklist that a TOML text describes."""
    raw = toml.parse(text).content
    items = tuple(
        Item(
            each["item"],
            each["section"],
            each["topic"],
            each["text"],
            tuple(each.get("known", ())),
            each.get("add", ""),
        )
        for each in raw["items"]
    )
    return Checklist(raw["title"], raw["reference"], items)


def lay_out(checklist: Checklist, facts: Mapping[str, Sequence[Sentence]]) -> Sheet:
    """
    Return a checklist to fill in: where in the manuscript each item is, is left to its authors.

    Parameters
    ----------
    facts : name → sentences, each with the file it comes from.
    """
    rows = []
    filled = 0
    for each in checklist.items:
        told = [sentence for name in each.known for sentence in facts.get(name, ())]
        filled += bool(told)
        said = " ".join(f"{sentence.text} [{sentence.source}]" for sentence in told)
        said = " ".join(filter(None, [said, each.add and f"Add: {each.add}"]))
        made_up = any(sentence.synthetic for sentence in told)
        rows.append(
            (
                Cell(each.section),
                Cell(each.topic),
                Cell(each.item),
                Cell(each.text),
                Cell(said, made_up),
                Cell(),
            )
        )
    columns = (
        Column("section", "Section"),
        Column("topic", "Topic"),
        Column("item", "Item"),
        Column("text", "Checklist item"),
        Column("known", "What the review's files say"),
        Column("location", "Location where item is reported"),
    )
    notes = (
        f"Pre-filled: {filled} of {len(rows)} items; a blank is for the authors to answer.",
        f"Wording: {checklist.reference} (CC BY 4.0).",
    )
    return Sheet("checklist", checklist.title, columns, tuple(rows), notes)


def facts(sections: Sequence[Section], laid_down: Protocol) -> dict[str, tuple[Sentence, ...]]:
    """
    Return what the review's tables say, by the name under which a checklist asks for it.

    That is each section by its title, and ``title, strategies, included,
    excluded`` and what the protocol says, as ``laid_down.statements`` names it.
    """
    found = {section.title: section.sentences for section in sections}
    sheets = {sheet.name: sheet for section in sections for sheet in section.sheets}
    if laid_down.title:
        found["title"] = (Sentence(f"“{laid_down.title}”.", "peerreview.toml, title"),)
    found |= statements(laid_down)
    if laid_down.registration:
        found["registration"] = (Sentence(f"{laid_down.registration}.", "peerreview.toml, registration"),)
    if "Findings" in found:
        found["certainty"] = found["Findings"]
    if "Included studies" in found:
        found["included"] = found["Included studies"][:1]
    searches = sheets.get("sources")
    if searches and any(column.name == "query" for column in searches.columns):
        place = [column.name for column in searches.columns].index("query")
        told = [row[place] for row in searches.rows if row[place].text]
        n = len(searches.rows)
        sentence = f"A search strategy is given for {len(told)} of {counted(n, 'search', 'searches')}."
        made_up = any(cell.synthetic for cell in told)
        found["strategies"] = (Sentence(sentence, "sources.csv, column query", made_up),)
    if found.get("Search strategies"):
        found["strategies"] = found["Search strategies"][:1]
    gone = sheets.get("excluded")
    if gone and gone.rows:
        n_reasons = sum(row[1].text != NO_REASON for row in gone.rows)
        are = "is" if len(gone.rows) == 1 else "are"
        sentence = (
            f"{counted(len(gone.rows), 'report')} excluded at full text {are} listed, "
            f"{n_reasons:,} with a reason."
        )
        found["excluded"] = (
            Sentence(sentence, "screening.csv, excluded rows of full_text; table excluded", gone.synthetic),
        )
    return found
