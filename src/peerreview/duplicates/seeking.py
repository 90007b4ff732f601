"""Papers that somebody knows to the records that are the same, by the rules, or come nearest."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from peerreview.duplicates import judging
from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.engines import meet
from peerreview.duplicates.engines.memory import InMemory
from peerreview.duplicates.normalise import Comparable, Texts, words_in_order
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity.columns import ratio

MOST_NEAR = 5
LEAST_LIKE = {"title": 0.6, "DOI": 0.85}
"""Likeness in [0, 1] from which a record is worth a look; DOIs of one journal differ in few letters."""


@dataclass(frozen=True, slots=True)
class Near:
    """A record, and how like the paper's its ``field`` is, in [0, 1]."""

    record_id: str
    field: str
    likeness: float


@dataclass(frozen=True)
class Sought:
    """
    What the records say of a paper.

    ``same`` and ``possible`` are records with the rule that judged them so;
    ``nearest`` come nearest by title or DOI, the most alike first;
    ``first`` is the place of the first paper sought that is the same one.
    """

    same: tuple[tuple[str, str], ...]
    possible: tuple[tuple[str, str], ...]
    nearest: tuple[Near, ...]
    first: int


def seek(records: pd.DataFrame, known: pd.DataFrame, rules: Rules, *, workers: int = 1) -> tuple[Sought, ...]:
    """
    Return what the records say of each known paper.

    A paper is a record's where the first rule that passes says ``duplicate``,
    as if it had been found by one more search.

    Parameters
    ----------
    records, known : columns of ``records.csv``, of the records and of the papers.
    """
    columns = {column: [*records[column].tolist(), *known[column].tolist()] for column in COLUMNS}
    engine = InMemory(workers)
    prepared = engine.normalise(columns)
    comparable = prepared.records
    ids = records["record_id"].tolist()
    n_records, n_known = len(records), len(known)
    fresh = np.arange(n_records + n_known) >= n_records
    judged = judging.decide(meet(engine, prepared, fresh), rules)
    found: dict[str, list[list[tuple[float, str, str]]]] = {
        verdict: [[] for _ in range(n_known)] for verdict in ("duplicate", "possible")
    }
    together = Clusters(n_known)
    places = zip(
        judged.low.tolist(), judged.high.tolist(), judged.rule.tolist(), judged.score.tolist(), strict=True
    )
    for low, high, number, score in places:
        rule = rules.rules[number]
        if low >= n_records:
            if rule.verdict == "duplicate":
                together.join_all([(low - n_records, high - n_records)])
        elif rule.verdict in found:
            found[rule.verdict][high - n_records].append((-score, ids[low], rule.name))
    named = {
        verdict: [tuple((each, rule) for _, each, rule in sorted(rows)) for rows in told]
        for verdict, told in found.items()
    }
    in_order = words_in_order(comparable.title)
    return tuple(
        Sought(
            named["duplicate"][place],
            named["possible"][place],
            _nearest(comparable, in_order, n_records + place, ids, workers),
            together.kept(place),
        )
        for place in range(n_known)
    )


def _nearest(
    comparable: Comparable, in_order: Texts, row: int, ids: list[str], workers: int
) -> tuple[Near, ...]:
    """Return the records whose title, or DOI where the paper has no title, comes nearest."""
    field, texts = ("title", comparable.title) if comparable.title[row] else ("DOI", comparable.doi)
    others = np.arange(len(ids))
    likeness = ratio(texts, np.full(len(ids), row), others, workers)
    if field == "title":
        likeness = np.fmax(likeness, ratio(in_order, np.full(len(ids), row), others, workers))
    likeness = np.nan_to_num(likeness)
    like = np.flatnonzero(likeness >= LEAST_LIKE[field])
    best = sorted(like.tolist(), key=lambda place: (-float(likeness[place]), ids[place]))
    return tuple(Near(ids[place], field, round(float(likeness[place]), 2)) for place in best)
