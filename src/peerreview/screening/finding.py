"""References of exports to records: found by which name, or why not; and the keys that were learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from peerreview import tables
from peerreview.screening import lookup
from peerreview.screening.lookup import Index
from peerreview.screening.screeners import RawVote, Reference


class Answer(NamedTuple):
    """The record that a reference names, and how it was found; else what is wrong."""

    record_id: str
    how: str = ""
    fault: str = ""
    members: tuple[str, ...] = ()


@dataclass
class Finder:
    """Finds records, and remembers what it found; without records it takes names as they stand."""

    records: Index | None
    articles: Mapping[str, Reference]
    found: dict[Reference, Answer] = field(default_factory=dict)
    failed: list[tuple[str, RawVote, str]] = field(default_factory=list)

    def find(self, reference: Reference) -> Answer:
        """Return the record of a reference, or what is wrong."""
        answer = self.found.get(reference)
        if answer is None:
            answer = self.found[reference] = self._find(self._fuller(reference))
        return answer

    def fail(self, path: str, vote: RawVote, fault: str) -> None:
        """Remember a vote whose record was not found."""
        self.failed.append((path, vote, fault))

    def keys(self) -> pd.DataFrame:
        """Return the tools' own keys of records that were found, sorted."""
        rows = {
            (reference.tool, reference.key, answer.record_id, answer.how)
            for reference, answer in self.found.items()
            if self.records is not None and reference.tool and reference.key and not answer.fault
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
            return Answer("", fault=f"{name!r} could be {' or '.join(found.ids)}; its votes are not taken")
        return Answer("", fault=f"{name!r} matches no record of this review; its votes are not taken")


def unmatched(failed: Sequence[tuple[str, RawVote, str]]) -> pd.DataFrame:
    """Return the references that no record was found for, a row each, with file and line."""
    rows = {
        (path, vote.line): {
            "source_file": path,
            "source_line": str(vote.line),
            "key": vote.reference.key or vote.reference.record_id,
            "doi": vote.reference.doi,
            "pmid": vote.reference.pmid,
            "title": vote.reference.title,
            "year": vote.reference.year,
            "problem": fault,
        }
        for path, vote, fault in failed
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
