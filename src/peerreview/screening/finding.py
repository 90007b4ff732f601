"""References of exports to records: found by which name, or why not; and the keys that were learnt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from peerreview import tables
from peerreview.screening import lookup
from peerreview.screening.lookup import Index
from peerreview.screening.screeners import Reference
from peerreview.values.folding import same


class Answer(NamedTuple):
    """
    The record that a reference names, and how it was found; else what is wrong.

    ``could_be`` are the records that a name in doubt may be of.
    """

    record_id: str
    how: str = ""
    fault: str = ""
    members: tuple[str, ...] = ()
    could_be: tuple[str, ...] = ()


AT_ONCE = 200
"""Votes after which it is told how many are done."""


@dataclass
class Finder:
    """
    Finds records, and remembers what it found; without records it takes names as they stand.

    ``watch`` is called on the way: of what, how many are done, of how many.
    """

    records: Index | None
    articles: Mapping[str, Reference]
    watch: Callable[[str, int, int], None] | None = None
    found: dict[Reference, Answer] = field(default_factory=dict)
    failed: list[tuple[str, int, Reference, str]] = field(default_factory=list)

    def find(self, reference: Reference) -> Answer:
        """Return the record of a reference, or what is wrong."""
        answer = self.found.get(reference)
        if answer is None:
            answer = self.found[reference] = self._find(self._fuller(reference))
        return answer

    def find_all(self, references: Sequence[Reference]) -> list[Answer]:
        """Return the record of each reference, or what is wrong."""
        by_id = {} if self.records is None else self.records.by_id
        # Our own ids name most of a large sheet's records: one look at each, and no more.
        known: dict[str, Answer] = {}
        for record_id in {reference.record_id for reference in references}:
            ids = by_id.get(same(record_id), ()) if record_id else ()
            if len(ids) == 1:
                (own,) = ids
                known[record_id] = Answer(own, lookup.BY_ID, members=(own,))
        answers = []
        for place, each in enumerate(references):
            if self.watch and place % AT_ONCE == 0:
                self.watch("votes", place, len(references))
            known_one = None if each.tool else known.get(each.record_id)
            answers.append(self.find(each) if known_one is None else known_one)
        return answers

    def fail(self, path: str, line: int, reference: Reference, fault: str) -> None:
        """Remember a vote whose record was not found."""
        self.failed.append((path, line, reference, fault))

    def doubtful(self) -> set[str]:
        """Return the records that names in doubt may be of."""
        return {record_id for answer in self.found.values() for record_id in answer.could_be}

    def keys(self) -> pd.DataFrame:
        """Return the tools' own keys of records that were found, sorted."""
        rows = {
            (reference.tool, reference.key, answer.record_id, answer.how)
            for reference, answer in (self.found.items() if self.records is not None else ())
            if reference.tool and reference.key and not answer.fault
        }
        columns = tables.KEYS.columns
        return tables.make(tables.KEYS, [dict(zip(columns, row, strict=True)) for row in sorted(rows)])

    def _fuller(self, reference: Reference) -> Reference:
        if reference.title or reference.key not in self.articles:
            return reference
        return self.articles[reference.key]._replace(record_id=reference.record_id)

    def _find(self, reference: Reference) -> Answer:
        if self.records is None:
            own = reference.record_id or reference.key or reference.doi or reference.pmid
            if own:
                return Answer(own, "as it stands", members=(own,))
            name = lookup.names(reference)
            return Answer("", fault=f"{name!r} has no id; name the records to find it in with --records")
        found = lookup.find(reference, self.records)
        if len(found.ids) == 1:
            return Answer(found.ids[0], found.how, members=found.members)
        name = lookup.names(reference)
        if found.ids:
            fault = f"{name!r} could be {' or '.join(found.ids)}; its votes are not taken"
            return Answer("", fault=fault, could_be=found.ids)
        return Answer("", fault=f"{name!r} matches no record of this review; its votes are not taken")


def unmatched(failed: Sequence[tuple[str, int, Reference, str]]) -> pd.DataFrame:
    """Return the references that no record was found for, a row each, with file and line."""
    rows = {
        (path, line): {
            "source_file": path,
            "source_line": str(line),
            "key": reference.key or reference.record_id,
            "doi": reference.doi,
            "pmid": reference.pmid,
            "title": reference.title,
            "year": reference.year,
            "problem": fault,
        }
        for path, line, reference, fault in failed
    }
    return tables.make(tables.UNMATCHED, rows.values())


def merged(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """
    Return the keys known before and those found now, each once, sorted.

    Parameters
    ----------
    before, now : ``tool, key, record_id, how``, as ``keys.csv``.
    """
    rows = {
        (tool, key, record_id): how
        for each in (now, before)
        for tool, key, record_id, how in zip(*(each[name] for name in tables.KEYS.columns), strict=True)
    }
    columns = tables.KEYS.columns
    return tables.make(
        tables.KEYS, [dict(zip(columns, (*row, how), strict=True)) for row, how in sorted(rows.items())]
    )
