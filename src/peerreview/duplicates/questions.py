"""Possible pairs to questions for people: what may be one work together, what is worth most first."""

from dataclasses import dataclass

import pandas as pd

from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.rules import AS_LIKELY_AS_NOT, Rules


@dataclass(frozen=True, slots=True)
class Question:
    """
    Records that may be one work: a pair, or a heading or series that comes again, judged at once.

    ``ids`` are the records, in order of the alphabet; ``pairs`` (record_id,
    duplicate_of) of ``duplicates.csv``, the most alike first, which an
    answer settles; ``rule`` is that of the first.
    """

    ids: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    rule: str
    score: float
    worth: float


def ask(duplicates: pd.DataFrame, rules: Rules | None = None) -> tuple[Question, ...]:
    """
    Return the questions that possible pairs leave, those worth most first.

    Records joined by a chain of pairs are one question. Its worth is how
    many records an answer is expected to take away, for each record that
    has to be read for it: of n records n - 1 at most, as likely as the
    rules say that such pairs are one work. Ties go by the pairs' likeness,
    then by id.

    Parameters
    ----------
    duplicates : columns of ``duplicates.csv``.
    rules : those that judged; without them every pair is as likely one work as not.
    """
    possible = duplicates[duplicates["verdict"] == "possible"]
    columns = (possible[column].tolist() for column in ("record_id", "duplicate_of", "rule", "score"))
    found = sorted(zip(*columns, strict=True), key=lambda row: (-float(row[3] or 0), row[:2]))
    ids = sorted({record_id for row in found for record_id in row[:2]})
    rows = {record_id: row for row, record_id in enumerate(ids)}
    clusters = Clusters(len(ids))
    clusters.join_all([(rows[row[0]], rows[row[1]]) for row in found])
    pairs: dict[int, list[tuple[str, str, str, str]]] = {}
    for row in found:
        pairs.setdefault(clusters.kept(rows[row[0]]), []).append(row)
    likely = {rule.name: rule.likely for rule in rules.rules if rule.verdict == "possible"} if rules else {}
    questions = []
    for kept, listed in pairs.items():
        members = clusters.members(kept)
        chance = sum(likely.get(rule, AS_LIKELY_AS_NOT) for _, _, rule, _ in listed) / len(listed)
        questions.append(
            Question(
                ids=tuple(ids[row] for row in members),
                pairs=tuple((record_id, kept_id) for record_id, kept_id, _, _ in listed),
                rule=listed[0][2],
                score=float(listed[0][3] or 0),
                worth=chance * (len(members) - 1) / len(members),
            )
        )
    return tuple(sorted(questions, key=lambda one: (-one.worth, -one.score, one.ids)))


def count_fewest(n_unique: int, duplicates: pd.DataFrame) -> int:
    """Return how many unique records would be left if every possible pair were a duplicate."""
    return n_unique - sum(len(question.ids) - 1 for question in ask(duplicates))
