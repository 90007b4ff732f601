"""References of exports to records: found by which name, or why not; and the keys that were learnt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.screening import lookup
from peerreview.screening.coded import Coded
from peerreview.screening.lookup import Index
from peerreview.screening.screeners import Reference, References

AS_IT_STANDS = "as it stands"
"""How a record is found where there are none to look in."""


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


@dataclass(frozen=True, eq=False)
class Answers:
    """The records of many references: ``others`` are the answers, by place, that our own id did not give."""

    record_id: Coded[str]
    others: Mapping[int, Answer]
    usual: str

    @property
    def is_lost(self) -> np.ndarray:
        """Whether no record is known for sure."""
        return Coded.alike("", len(self.record_id)).changed(self._said("fault")).which(bool)

    @property
    def how(self) -> Coded[str]:
        """How each record was found."""
        return Coded.alike(self.usual, len(self.record_id)).changed(self._said("how"))

    @property
    def members(self) -> Coded[tuple[str, ...]]:
        """The records of the name that each was found by; none where that is itself alone."""
        nothing: Coded[tuple[str, ...]] = Coded.alike((), len(self.record_id))
        return nothing.changed(self._said("members"))

    def _said(self, name: str) -> dict[int, Any]:
        return {place: getattr(answer, name) for place, answer in self.others.items()}


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

    def find_all(self, references: References, rows: np.ndarray) -> "Answers":
        """Return the records of some rows' references, or what is wrong."""
        ids = references.column("record_id", rows)
        if self.records is None:
            names, how = Coded.of(ids), AS_IT_STANDS
            is_plain = names.which(bool)
        else:
            # Our own ids name most of a large sheet's records: one look at each, and no more.
            names, is_plain = self.records.by_own_id(ids)
            how = lookup.BY_ID
            is_plain &= ~Coded.of(references.column("tool", rows)).which(bool)
        others: dict[int, Answer] = {}
        for place, row in zip(np.flatnonzero(~is_plain).tolist(), rows[~is_plain].tolist(), strict=True):
            if self.watch and len(others) % AT_ONCE == 0:
                self.watch("votes", place, len(rows))
            others[place] = self.find(references[row])
        names = names.changed({place: answer.record_id for place, answer in others.items()})
        return Answers(names, others, how)

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
                return Answer(own, AS_IT_STANDS, members=(own,))
            name = lookup.names(reference)
            return Answer("", fault=f"{name!r} has no id; name the records to find it in with --records")
        found = lookup.find(reference, self.records)
        if len(found.ids) == 1:
            return Answer(found.ids[0], found.how, members=found.members)
        name = lookup.names(reference)
        if found.ids:
            fault = f"{name!r} could be {' or '.join(found.ids)}; its votes are not taken"
            return Answer("", fault=fault, could_be=found.ids)
        if name == lookup.NAMELESS:
            fault = "names no record: a column called title, doi or pmid would; its votes are not taken"
            return Answer("", fault=fault)
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
