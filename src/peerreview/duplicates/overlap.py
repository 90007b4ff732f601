"""Records and duplicates to counts per source: found, again within it, again elsewhere, only there."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates.blocking import Crowd, each_once
from peerreview.duplicates.keeping import order_kept
from peerreview.duplicates.lessons import VenuePair
from peerreview.duplicates.normalise import Numbers
from peerreview.duplicates.questions import ask, count_fewest
from peerreview.duplicates.rounds import Found
from peerreview.duplicates.rules import Rules

COUNTS = ("source", "source_kinds", "found", "within", "across", "unique")
SHARED = "shared: "
"""A column of works that a source shares with another begins so."""


def count_sources(records: pd.DataFrame, kept: Numbers) -> pd.DataFrame:
    """
    Return the counts of each source and what it shares with each other one.

    Parameters
    ----------
    records : columns of ``records.csv``.
    kept : the row kept of each record, in the order in which one is kept.

    Returns
    -------
    A row per source, in alphabetical order: ``source``, ``source_kinds``, ``found`` (records),
    ``within`` (records that the source itself has again), ``across`` (works that other sources have,
    too), ``unique`` (works that no other source has); ``found`` is the sum of the three. Then a column
    per source: works that both have; in its own column, the works that it has.
    """
    works = np.empty(len(records), dtype=np.int64)
    works[order_kept(records)] = kept
    codes, names = pd.factorize(records["source"], sort=True)
    sources, n_sources = names.tolist(), len(names)
    kinds = records.groupby("source", sort=False)["source_kind"].unique()
    found = np.bincount(codes, minlength=n_sources).tolist()
    # Each source that has a work, once, work by work.
    having = each_once(works * max(n_sources, 1) + codes)
    of_work, has_it = having // max(n_sources, 1), having % max(n_sources, 1)
    shared = np.diag(np.bincount(has_it, minlength=n_sources))
    is_alone = np.bincount(of_work)[of_work] == 1
    unique = np.bincount(has_it[is_alone], minlength=n_sources).tolist()
    for step in range(1, n_sources):
        is_both = of_work[step:] == of_work[:-step]
        both = has_it[:-step][is_both] * n_sources + has_it[step:][is_both]
        met = np.bincount(both, minlength=n_sources**2).reshape(n_sources, n_sources)
        shared += met + met.T
    rows = []
    for place, source in enumerate(sources):
        works_here = int(shared[place, place])
        counts = {
            "found": found[place],
            "within": found[place] - works_here,
            "across": works_here - unique[place],
            "unique": unique[place],
        }
        row: dict[str, object] = {"source": source, "source_kinds": tables.LIST.join(sorted(kinds[source]))}
        shares = {f"{SHARED}{other}": int(n) for other, n in zip(sources, shared[place], strict=True)}
        rows.append(row | counts | shares)
    return pd.DataFrame(rows, columns=[*COUNTS, *(f"{SHARED}{other}" for other in sources)])


@dataclass(frozen=True, slots=True)
class Summary:
    """
    The counts of a run.

    ``n_questions`` is how many times people are asked, as pairs of one heading or series are judged together;
    ``n_at_least`` is how many records would be kept if every possible pair were a duplicate; ``sources``
    is what ``count_sources`` returns; ``venues`` are names that the records, or people, say are one venue;
    ``crowds`` where more records share a key than could all meet.
    """

    n_records: int
    n_removed: int
    n_possible: int
    n_related: int
    n_at_least: int
    n_questions: int
    sources: pd.DataFrame
    venues: tuple[VenuePair, ...] = ()
    crowds: tuple[Crowd, ...] = ()

    @property
    def n_kept(self) -> int:
        """Records left to screen, with every possible pair taken for two works."""
        return self.n_records - self.n_removed

    @property
    def shared(self) -> list[str]:
        """The columns of ``sources`` that count what two sources both have."""
        return [column for column in self.sources.columns if column not in COUNTS]

    def to_json(self) -> dict[str, object]:
        """Return the document of ``--summary FILE.json``: totals, venues, sources, overlap."""
        return {
            "schema": "peerreview/dedupe/1",
            "records": self.n_records,
            "removed": self.n_removed,
            "kept": self.n_kept,
            "kept_at_least": self.n_at_least,
            "possible": self.n_possible,
            "questions": self.n_questions,
            "related": self.n_related,
            "venues": [_as_row(pair) for pair in self.venues],
            "crowds": [asdict(crowd) for crowd in self.crowds],
            "sources": self.sources[list(COUNTS)].to_dict("records"),
            "overlap": {
                source: {
                    other.removeprefix(SHARED): int(self.sources[other].iloc[row]) for other in self.shared
                }
                for row, source in enumerate(self.sources["source"])
            },
        }


def summarise(records: pd.DataFrame, found: Found, rules: Rules) -> Summary:
    """
    Return the counts of a run.

    Parameters
    ----------
    records : columns of ``records.csv``.
    found : as ``find_duplicates`` returns it for them, by these ``rules``.
    """
    n_verdicts = found.duplicates["verdict"].value_counts()
    removed = int(n_verdicts.get("duplicate", 0))
    return Summary(
        n_records=len(records),
        n_removed=removed,
        n_possible=int(n_verdicts.get("possible", 0)),
        n_related=int(n_verdicts.get("related", 0)),
        n_questions=len(ask(found.duplicates, records, rules)),
        n_at_least=count_fewest(len(records) - removed, found.duplicates),
        sources=count_sources(records, found.kept),
        venues=tuple(found.lessons.venues.values()),
        crowds=found.crowds,
    )


def _as_row(pair: VenuePair) -> dict[str, object]:
    """Return two names that are one venue here, and how likely the next pair of them is two works."""
    return {
        "venue": pair.one,
        "same_as": pair.other,
        "n_one": pair.n_one,
        "n_two": pair.n_two,
        "risk": round(pair.risk, 4),
    }
