"""Possible pairs to questions for people: what may be one work together, what is worth most first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.rules import AS_LIKELY_AS_NOT, Rules, Test
from peerreview.values.folding import fold

COME_AGAIN = frozenset({"generic", "recurrent"})
"""Fields of the rules that are about headings and series."""
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Question:
    """
    Records that may be one work, and are judged at once.

    Parameters
    ----------
    sets : records joined by chains of pairs; several where a heading or
        series comes again, each set a year or an issue of it.
    pairs : (record_id, duplicate_of) of ``duplicates.csv``, the most alike
        first: what an answer settles.
    rule : that of the first pair.
    worth : records that an answer is expected to take away, for each that has to be read.
    """

    sets: tuple[tuple[str, ...], ...]
    pairs: tuple[tuple[str, str], ...]
    rule: str
    score: float
    worth: float

    @property
    def ids(self) -> tuple[str, ...]:
        """The records, set by set."""
        return tuple(record_id for each in self.sets for record_id in each)

    @property
    def n_fewer(self) -> int:
        """How many records there are fewer if each set is one work."""
        return sum(len(each) - 1 for each in self.sets)

    @property
    def apart(self) -> list["Question"]:
        """Each pair as a question by itself."""
        return [
            Question((tuple(sorted(pair)),), (pair,), self.rule, self.score, self.worth)
            for pair in self.pairs
        ]

    def settling(self, verdict: str) -> list[tuple[str, str]]:
        """Return the pairs that one verdict for all settles: every pair, or as many as join each set."""
        if verdict != "duplicate":
            return list(self.pairs)
        rows = {record_id: row for row, record_id in enumerate(self.ids)}
        clusters = Clusters(len(rows))
        return [pair for pair in self.pairs if clusters.join_all([(rows[pair[0]], rows[pair[1]])])]


def ask(
    duplicates: pd.DataFrame, records: pd.DataFrame | None = None, rules: Rules | None = None
) -> tuple[Question, ...]:
    """
    Return the questions that possible pairs leave, those worth most first.

    Records joined by a chain of pairs are one question, and so are all
    records of a heading or series that comes again, whatever the year. Its
    worth is how many records an answer is expected to take away, for each
    record that has to be read for it: as likely as the rules say that such
    pairs are one work. Ties go by the pairs' likeness, then by id.

    Parameters
    ----------
    duplicates : columns of ``duplicates.csv``.
    records : ``record_id`` and ``title``; without them no heading is known by its name.
    rules : those that judged; without them every pair is as likely one work as not.
    """
    possible = duplicates[duplicates["verdict"] == "possible"]
    columns = (possible[column].tolist() for column in ("record_id", "duplicate_of", "rule", "score"))
    found = sorted(zip(*columns, strict=True), key=lambda row: (-float(row[3] or 0), row[:2]))
    ids = sorted({record_id for row in found for record_id in row[:2]})
    rows = {record_id: row for row, record_id in enumerate(ids)}
    clusters = Clusters(len(ids))
    clusters.join_all([(rows[row[0]], rows[row[1]]) for row in found])
    names = {} if records is None or rules is None else _names(records, ids)
    heading = {rule.name for rule in rules.rules if _comes_again(rule.tests)} if rules else set()
    pairs: dict[int, list[tuple[str, str, str, str]]] = {}
    for row in found:
        pairs.setdefault(clusters.kept(rows[row[0]]), []).append(row)
    together: dict[str, list[int]] = {}
    for kept, listed in pairs.items():
        is_heading = all(rule in heading for _, _, rule, _ in listed)
        name = names.get(ids[kept], "") if is_heading else ""
        together.setdefault(f"title {name}" if name else f"id {ids[kept]}", []).append(kept)
    likely = {rule.name: rule.likely for rule in rules.rules if rule.verdict == "possible"} if rules else {}
    questions = []
    place = {row: number for number, row in enumerate(found)}
    for several in together.values():
        listed = sorted((row for kept in several for row in pairs[kept]), key=place.__getitem__)
        sets = tuple(tuple(ids[row] for row in clusters.members(kept)) for kept in sorted(several))
        n_records = sum(map(len, sets))
        chance = sum(likely.get(rule, AS_LIKELY_AS_NOT) for _, _, rule, _ in listed) / len(listed)
        questions.append(
            Question(
                sets=sets,
                pairs=tuple((record_id, kept_id) for record_id, kept_id, _, _ in listed),
                rule=listed[0][2],
                score=float(listed[0][3] or 0),
                worth=chance * (n_records - len(sets)) / n_records,
            )
        )
    return tuple(sorted(questions, key=lambda one: (-one.worth, -one.score, one.sets)))


def count_fewest(n_unique: int, duplicates: pd.DataFrame) -> int:
    """
    Return how many unique records would be left if every possible pair were a duplicate.

    Parameters
    ----------
    n_unique : records kept.
    duplicates : the columns of ``duplicates.csv``.
    """
    return n_unique - sum(question.n_fewer for question in ask(duplicates))


def is_settled(question: Question, overrides: pd.DataFrame) -> bool:
    """
    Return whether what people said of other pairs says whether this one's records are one work.

    Parameters
    ----------
    question : pairs judged together.
    overrides : ``record_id, duplicate_of, verdict``, as ``overrides.csv``.
    """
    columns = (overrides[column].tolist() for column in ("record_id", "duplicate_of", "verdict"))
    said = list(zip(*columns, strict=True))
    ids = sorted({record_id for row in said for record_id in row[:2]} | set(question.ids))
    rows = {record_id: row for row, record_id in enumerate(ids)}
    clusters = Clusters(len(ids))
    clusters.join_all([(rows[one], rows[other]) for one, other, verdict in said if verdict == "duplicate"])
    kept = {clusters.kept(rows[record_id]) for record_id in question.ids}
    apart = [
        {clusters.kept(rows[one]), clusters.kept(rows[other])}
        for one, other, verdict in said
        if verdict == "distinct"
    ]
    return len(kept) == 1 or kept in apart


def _names(records: pd.DataFrame, ids: list[str]) -> Mapping[str, str]:
    """Return what each heading is called, without the numbers of its years and issues."""
    chosen = records[records["record_id"].isin(ids)]
    titles = zip(chosen["record_id"].tolist(), chosen["title"].tolist(), strict=True)
    return {record_id: " ".join(_DIGITS.sub(" ", fold(title)).split()) for record_id, title in titles}


def _comes_again(tests: tuple[Test, ...]) -> bool:
    return any(test.field in COME_AGAIN and test.comparator == "same" for test in tests)
