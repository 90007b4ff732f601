"""A wide table: one row per record, one column per reviewer, as teams keep it in a spreadsheet."""

import re
from collections.abc import Iterator

from peerreview.screening.screeners import UNATTRIBUTED, Export, RawVote, cell, referred
from peerreview.screening.screeners.words import fold

NAME = "wide"
VERIFIED = True
ZERO = ""
INDEPENDENT = False

_ABOUT = frozenset({
    "record_id", "id", "key", "study_id", "ref", "refid", "number", "no", "no.", "#", "doi", "pmid",
    "pmcid", "pubmed_id", "title", "year", "published_year", "publication_year", "py", "authors",
    "author", "abstract", "journal", "source", "volume", "issue", "pages", "issn", "isbn", "url",
    "link", "language", "keywords", "type", "month", "day", "publisher", "location", "database",
    "notes", "note", "comment", "comments", "reason", "reasons", "exclusion_reason", "stage", "date",
    "decided_at", "labels", "tags", "accession", "round", "source_kind",
})  # fmt: skip
_REASON = re.compile(r"^(?:exclusion[ _])?reason[ _](?:for[ _])?(.+)$|^(.+?)[ _](?:exclusion[ _])?reasons?$")
_FINAL = frozenset({"final", "final decision", "consensus", "resolution", "resolved", "agreed"})
_ADJUDICATED = frozenset({"adjudicator", "adjudication", "adjudicated", "tie breaker"})
_SHARE = 0.5


def looks_like(export: Export) -> bool:
    """Return whether the table has a column that holds decisions."""
    return not export.format and bool(_voters(export))


def cast(export: Export) -> Iterator[RawVote]:
    """Return each reviewer's vote on each record; ``reason`` from ``NAME_reason`` or ``reason``."""
    voters = _voters(export)
    for line, row in export.table[1]:
        reference = referred(row, key=cell(row, "key", "id", "study_id", "ref", "refid"))
        for name in voters:
            column = name.casefold()
            folded = " ".join(column.replace("_", " ").split())
            role = (
                "consensus" if folded in _FINAL else "adjudicator" if folded in _ADJUDICATED else "reviewer"
            )
            reasons = [each for each in row if column in _named_in(each)]
            decision = cell(row, column)
            excludes = fold(decision) == "exclude" or decision == "0"
            own = cell(row, *reasons)
            shared = cell(row, "reason", "reasons", "exclusion_reason", "exclusion reason")
            yield RawVote(
                line,
                reference,
                decision,
                "" if len(voters) == 1 and folded in ("decision", "vote") else name,
                stage=cell(row, "stage"),
                reason=(own or shared) if excludes else "",
                role=role,
                note=UNATTRIBUTED if excludes and shared and not own and len(voters) > 1 else "",
            )


def not_read(export: Export) -> list[str]:
    """Return the columns that hold something and were taken neither for votes nor for what they are about."""
    if export.reviewers:
        return []
    header, rows = export.table
    voters = _voters(export)
    about = {name.casefold() for name in voters} | _ABOUT
    return [
        name
        for name in header
        if name.casefold().replace(" ", "_") not in about
        and name.casefold() not in about
        and not _named_in(name.casefold())
        and any(cell(row, name.casefold()) for _, row in rows)
    ]


def _voters(export: Export) -> list[str]:
    header, rows = export.table
    if export.reviewers:
        wanted = {name.casefold().strip() for name in export.reviewers}
        named = [name for name in header if name.casefold() in wanted]
        if named:
            return named
    voters = []
    for name in header:
        column = name.casefold()
        if not name or column.replace(" ", "_") in _ABOUT or _named_in(column):
            continue
        filled = [value for _, row in rows if (value := cell(row, column))]
        decided = [value for value in filled if fold(value) or value == "0"]
        known = [value for value in filled if fold(value) is not None or value == "0"]
        if decided and len(known) > _SHARE * len(filled):
            voters.append(name)
    return voters


def _named_in(column: str) -> tuple[str, ...]:
    found = _REASON.match(column)
    return tuple(name for name in found.groups() if name) if found else ()
