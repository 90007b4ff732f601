"""A living review's versions → their table: what was searched, found and decided for each, and the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview.flow.ledger import LINES, OPEN, Ledger, Version
from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.tables import SYNTHETIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peerreview.flow.labels import Labels

_RARE = (
    *OPEN, "removed", "retired_studies", "retired_reports", "reports_of_previous", "corrected_studies",
)  # fmt: skip
"""Lines that are left out where no version has a number other than 0."""


def lines_of(ledger: Ledger) -> tuple[str, ...]:
    """Return the lines that a ledger has: what is blank in all versions, or never happened, is left out."""
    return tuple(
        line
        for line in LINES
        if any(version.n(line) is not None for version in ledger.versions)
        and (line not in _RARE or any(version.n(line) for version in ledger.versions))
    )


def name_of(line: str, labels: Labels) -> str:
    """Return what a line is called: by the ledger's own wording, else as the flow's box."""
    return labels.get(f"ledger.{line}", "") or labels.full(line)


def heading_of(version: Version, labels: Labels, *, is_base: bool) -> str:
    """Return a version's number, as people print it."""
    named = labels["ledger.base" if is_base else "ledger.version"].replace("{n}", str(version.number))
    return f"{named}: {labels[version.state]}" if version.state != "final" else named


def notes(ledger: Ledger, labels: Labels) -> Iterator[str]:
    """Yield what was retired and corrected, what is still open, and how the totals come about."""
    sums = [said for version in ledger.versions if (said := _sum(version, labels))]
    if sums:
        yield labels["ledger.sum"].replace("{n}", "; ".join(sums))
    for version in ledger.versions:
        for each in version.changes:
            said = labels[f"ledger.{each.change}"].replace("{n}", str(version.number))
            reason = each.reason.rstrip(".")
            yield said.replace("{study}", each.name).replace("{reason}", reason)
    for version in ledger.versions:
        named = labels["ledger.version"].replace("{n}", str(version.number))
        waits = {"draft": version.flow.n_awaiting, "awaiting_study": version.flow.n("awaiting_study")}
        open_ends = [(key, labels.number(n)) for key, n in waits.items() if n]
        for key, what in (*open_ends, *version.flow.unfinished):
            yield f"{named}: {labels[f'notes.{key}'].replace('{n}', what)}"
        if version.waits_for:
            listed = ", ".join(map(str, version.waits_for))
            yield f"{named}: {labels['ledger.waits'].replace('{n}', listed)}"
    if ledger.failing:
        yield labels["notes.inconsistent"].replace("{identities}", "; ".join(ledger.failing))


def _sum(version: Version, labels: Labels) -> str:
    """Return how an update's total of studies comes about, in numbers; blank where one is unknown."""
    terms = (
        ("", "previous_studies"),
        (" + ", "studies"),
        (" − ", "retired_studies"),
        (" = ", "total_studies"),
    )
    if any(version.n(line) is None for _, line in terms):
        return ""
    return "".join(f"{sign}{labels.number(version.n(line) or 0)}" for sign, line in terms)


def versions(ledger: Ledger, labels: Labels) -> Sheet:
    """
    Return the table of a review's versions, a column each; what was there at none of them is left out.

    References
    ----------
    PRISMA-LSR asks for the version's number in the title, and for the results of the search and selection
    in the different versions: Akl et al. (2024), doi:10.1136/bmj-2024-079183 (checklist table 1, as far as
    it could be read: its flow diagram could not).
    """
    columns = [Column("count", "", number=False)]
    columns += [
        Column(f"version_{each.number}", heading_of(each, labels, is_base=not place), number=True)
        for place, each in enumerate(ledger.versions)
    ]
    rows: list[tuple[Cell, ...]] = []
    if any(each.days for each in ledger.versions):
        days = [Cell(" – ".join(each.days)) for each in ledger.versions]
        rows.append((Cell(labels["ledger.searched"], data="searched_on"), *days))
    for line in lines_of(ledger):
        cells = [_cell(version, line, labels) for version in ledger.versions]
        rows.append((Cell(name_of(line, labels), data=line, indent=1 if line in OPEN else 0), *cells))
    return Sheet(
        "versions", labels["ledger.title"], tuple(columns), tuple(rows), tuple(notes(ledger, labels))
    )


def _cell(version: Version, line: str, labels: Labels) -> Cell:
    n = version.n(line)
    if n is None:
        return Cell()
    return Cell(labels.number(n), synthetic=version.counts[line].basis == SYNTHETIC, data=str(n))
