"""Records to duplicates: block, compare, decide, cluster, keep one."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import resources
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from peerreview import blocking, normalise, similarity, tables
from peerreview.errors import InputError
from peerreview.normalise import Comparable, Numbers, Texts
from peerreview.similarity import Mask, Rule, Similarities, Values

LARGEST_COMPLETED = 40
"""In provisional clusters up to this size every pair is compared, so that a contradiction shows."""
SHOWN = tuple(
    field
    for field in similarity.FIELDS
    if field not in {"agree", "differ", "n_words", "preprint", "conference"}
)
CONTRADICTED = "contradicted within its cluster"
OVERRIDDEN = "override"
PLACED_SIDE_BY_SIDE = ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "sources")
MARKER = "marker"
"""A relation that stands in the marked title itself."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How pairs are judged, in order; and what each likeness counts for in the score."""

    rules: tuple[Rule, ...]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs of rows, each with the place of the rule that decided; only pairs that some rule decided."""

    low: Numbers
    high: Numbers
    rule: Numbers
    score: Values
    similarities: Similarities


def default_rules() -> Rules:
    """Return the rules that come with peerreview."""
    return parse_rules(
        resources.files("peerreview").joinpath("rules/default.toml").read_text(encoding="utf-8")
    )


def parse_rules(text: str, *, path: object = "") -> Rules:
    """
    Return the rules in a rules file's text.

    Raises
    ------
    InputError
        With file and line, where it is not TOML or names an unknown field, comparator or verdict.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        message = f"is not TOML: {error}"
        raise InputError(message, path=path, line=int(line[1]) if line else None) from error
    unknown = sorted(set(raw) - {"weights", "rule"})
    if unknown:
        message = f"{unknown[0]!r} is not weights or rule"
        raise InputError(message, path=path, line=_line_of(text, unknown[0], 0))
    weights = raw.get("weights", {})
    for field, weight in weights.items():
        if field not in similarity.FIELDS or not isinstance(weight, int | float) or weight < 0:
            message = f"weight {field!r} = {weight!r} is not a field of records with a number"
            raise InputError(message, path=path, line=_line_of(text, field, 0))
    rules = []
    for place, entry in enumerate(raw.get("rule", []), start=1):
        rules.append(_parse_rule(entry, text, place, path))
    if not rules:
        message = "has no [[rule]]"
        raise InputError(message, path=path)
    return Rules(tuple(rules), weights)


def find_duplicates(
    records: pd.DataFrame, rules: Rules, *, overrides: pd.DataFrame | None = None, workers: int = 1
) -> pd.DataFrame:
    """
    Return the pairs of records judged, as ``duplicates.csv``.

    Every record removed stands there once as ``duplicate`` with the record
    kept, which is never removed itself; ``possible`` and ``related`` pairs
    are of records kept. The order of records makes no difference, and a
    second pass over the records kept removes nothing.

    Parameters
    ----------
    records : columns of ``records.csv``.
    overrides : people's word on pairs; it always wins.
    workers : threads for the comparisons; the result is the same with any.

    Raises
    ------
    RowErrors
        Where overrides name unknown records or contradict each other.
    """
    ordered = in_order_kept(records)
    ids = ordered["record_id"].tolist()
    words = _check_overrides(overrides if overrides is not None else tables.empty(tables.OVERRIDE), ids)
    clusters = _Clusters(len(ids))
    for low, high in words.distinct:
        clusters.part(low, high)
    comparable = normalise.normalise(ordered)
    markers = comparable.marker
    first = _complete(judge(comparable, rules, workers=workers), comparable, rules, workers)
    passes = [first]
    contents = {column: ordered[column].tolist() for column in normalise.COLUMNS}
    rounds = ordered["round"].astype("int64").to_numpy() if len(ids) else np.array([], dtype=np.int64)
    for number in np.unique(rounds):
        # Round by round, so that a later search changes no earlier record kept.
        n_reached = int(np.searchsorted(rounds, number, side="right"))
        changed = clusters.join_all([pair for pair in words.duplicate if pair[1] < n_reached])
        newest = rounds[first.high] == number
        _part_contradictions(clusters, first, newest, rules)
        changed |= clusters.join_all(_edges(first, newest, rules))
        while changed:
            # What a cluster knows together may settle what none of its records could alone.
            rows = np.array(sorted({clusters.kept(row) for row in changed}), dtype=np.int64)
            renewed = normalise.comparable(
                {
                    column: [
                        best(column, [contents[column][row] for row in clusters.members(kept)])
                        for kept in rows
                    ]
                    for column in normalise.COLUMNS
                }
            )
            comparable = _replaced(comparable, rows, renewed)
            kept = np.array(clusters.all_kept(n_reached), dtype=np.int64)
            again = judge(comparable.take(kept), rules, fresh=np.isin(kept, rows), workers=workers)
            again = Judged(kept[again.low], kept[again.high], again.rule, again.score, again.similarities)
            passes.append(again)
            changed = clusters.join_all(_edges(again, np.ones(len(again.low), dtype=np.bool_), rules))
    return _table(ids, clusters, passes, rules, words, markers)


def judge(records: Comparable, rules: Rules, *, fresh: Mask | None = None, workers: int = 1) -> Judged:
    """Return the pairs of rows that some rule decided; with ``fresh``, only those with a fresh row."""
    return _judge_pairs(records, *blocking.candidates(records, fresh), rules, workers)


def keep_one(records: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """
    Return one record of each cluster, with the best of its content, as ``unique.csv``.

    Where it came from and its round are those of the record kept;
    ``sources``, ``source_kinds`` and ``duplicates`` are of the whole cluster.

    Parameters
    ----------
    records : columns of ``records.csv``.
    duplicates : as ``find_duplicates`` returns them; rows that are not ``duplicate`` do not matter.
    """
    ordered = in_order_kept(records)
    ids = ordered["record_id"].tolist()
    rows = {record_id: row for row, record_id in enumerate(ids)}
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    members: dict[int, list[int]] = {}
    for record_id, kept in zip(removed["record_id"], removed["duplicate_of"], strict=True):
        members.setdefault(rows[kept], []).append(rows[record_id])
    clusters = {kept: [kept, *sorted(others)] for kept, others in members.items()}
    gone = {row for others in members.values() for row in others}
    unique = ordered.copy()
    for column in tables.CONTENT:
        cells = ordered[column].tolist()
        unique[column] = _replaced_cells(
            cells, {kept: best(column, [cells[row] for row in rows_]) for kept, rows_ in clusters.items()}
        )
    for column, of in (("sources", "source"), ("source_kinds", "source_kind")):
        cells = ordered[of].tolist()
        unique[column] = _replaced_cells(
            cells,
            {
                kept: tables.LIST.join(sorted({cells[row] for row in rows_}))
                for kept, rows_ in clusters.items()
            },
        )
    unique["duplicates"] = _replaced_cells(
        [""] * len(ids),
        {kept: tables.LIST.join(sorted(ids[row] for row in others)) for kept, others in members.items()},
    )
    stays = np.array([row not in gone for row in range(len(ids))], dtype=np.bool_)
    others = [column for column in unique.columns if column not in tables.UNIQUE.columns]
    return unique.loc[stays, [*tables.UNIQUE.columns, *others]].reset_index(drop=True)


def possible_pairs(unique: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """
    Return the pairs that people are to judge, both records beside each other.

    The first columns are those of ``overrides.csv``, ``verdict`` to ``why``
    blank: a row that is filled in can be copied there as it is.
    """
    chosen = duplicates[duplicates["verdict"] == "possible"]
    rows = {record_id: row for row, record_id in enumerate(unique["record_id"])}
    sides = [
        unique.iloc[[rows[record_id] for record_id in chosen[side]]] for side in ("record_id", "duplicate_of")
    ]
    pairs = {column: chosen[column].tolist() for column in ("record_id", "duplicate_of")}
    pairs |= {column: [""] * len(chosen) for column in ("verdict", "by", "why")}
    pairs |= {column: chosen[column].tolist() for column in ("rule", "score")}
    for column in PLACED_SIDE_BY_SIDE:
        pairs[column] = sides[0][column].tolist()
        pairs[f"{column}_of_duplicate_of"] = sides[1][column].tolist()
    return pd.DataFrame(pairs, dtype="str")


def in_order_kept(records: pd.DataFrame) -> pd.DataFrame:
    """Return records in the order in which one is kept: by round, left column first, then by id."""
    order = pd.DataFrame(
        {
            "round": records["round"].astype("int64"),
            "other": ~records["source_kind"].isin(tables.DATABASE_KINDS),
            "record_id": records["record_id"],
        }
    ).sort_values(["round", "other", "record_id"], kind="stable")
    return records.loc[order.index].reset_index(drop=True)


def best(column: str, cells: Sequence[str]) -> str:
    """
    Return the best of a cluster's cells, the kept record's first where nothing speaks for another.

    The longest of authors, abstract, keywords and pages, as databases
    shorten those; a title that is not in capitals; else the first not blank.
    """
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or filled[0] == filled[1] == filled[-1]:
        return filled[0] if filled else ""
    if column in {"authors", "abstract", "keywords", "pages"}:
        return max(filled, key=len)
    if column == "title":
        return next((cell for cell in filled if not cell.isupper()), filled[0])
    return filled[0]


def _parse_rule(entry: Mapping[str, Any], text: str, place: int, path: object) -> Rule:
    def wrong(message: str, key: str) -> InputError:
        return InputError(message, path=path, line=_line_of(text, key, place))

    named = {key: entry.get(key, "") for key in ("name", "verdict", "why", "relation")}
    for key in ("name", "verdict", "why"):
        if not isinstance(named[key], str) or not named[key]:
            message = f"rule {named['name'] or place!r} has no {key}"
            raise wrong(message, "name")
    verdicts = ("duplicate", "possible", "related", "distinct")
    if named["verdict"] not in verdicts:
        message = f"verdict {named['verdict']!r} is not {', '.join(verdicts)}"
        raise wrong(message, "verdict")
    tests = []
    for field, words in entry.items():
        if field in named:
            continue
        try:
            tests.append(similarity.parse_test(field, words))
        except ValueError as error:
            raise wrong(str(error), field) from error
    if not tests:
        message = f"rule {named['name']!r} has no test"
        raise wrong(message, "name")
    return Rule(named["name"], named["verdict"], named["why"], tuple(tests), str(named["relation"]))


def _line_of(text: str, key: str, place: int) -> int | None:
    """Return the line of a key, after the place-th [[rule]]."""
    n_rules = 0
    for number, line in enumerate(text.splitlines(), start=1):
        n_rules += line.strip() == "[[rule]]"
        if n_rules == place and re.match(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*(=|\])", line):
            return number
        if n_rules == place and place and line.strip() == "[[rule]]":
            found = number
        elif n_rules > place:
            return found if place else None
    return None


def _judge_pairs(records: Comparable, low: Numbers, high: Numbers, rules: Rules, workers: int) -> Judged:
    passed, similarities = similarity.compare(records, low, high, workers=workers)
    decided = np.full(len(passed), -1, dtype=np.int64)
    for place, rule in enumerate(rules.rules):
        decided[rule.passes(similarities, decided == -1)] = place
    told = np.flatnonzero(decided >= 0)
    similarities = {field: values[told] for field, values in similarities.items()}
    total, weight = np.zeros(len(told), dtype=np.float64), np.zeros(len(told), dtype=np.float64)
    for field, counts in rules.weights.items():
        known = ~np.isnan(similarities[field])
        total[known] += counts * similarities[field][known]
        weight[known] += counts
    score = np.round(total / np.maximum(weight, 1e-9), 4).astype(np.float32)
    return Judged(low[passed][told], high[passed][told], decided[told], score, similarities)


def _complete(judged: Judged, records: Comparable, rules: Rules, workers: int) -> Judged:
    """Return the pairs judged, and those within provisional clusters that shared no block."""
    together = _Clusters(len(records))
    together.join_all(_edges(judged, np.ones(len(judged.low), dtype=np.bool_), rules))
    seen = set(zip(judged.low.tolist(), judged.high.tolist(), strict=True))
    missing = [
        pair
        for members in together.groups()
        if 2 < len(members) <= LARGEST_COMPLETED
        for pair in combinations(members, 2)
        if pair not in seen
    ]
    if not missing:
        return judged
    low, high = (np.array(side, dtype=np.int64) for side in zip(*missing, strict=True))
    more = _judge_pairs(records, low, high, rules, workers)
    return Judged(
        np.concatenate([judged.low, more.low]),
        np.concatenate([judged.high, more.high]),
        np.concatenate([judged.rule, more.rule]),
        np.concatenate([judged.score, more.score]),
        {
            field: np.concatenate([judged.similarities[field], more.similarities[field]])
            for field in judged.similarities
        },
    )


def _is(judged: Judged, rules: Rules, *verdicts: str) -> Mask:
    return np.isin(judged.rule, [place for place, rule in enumerate(rules.rules) if rule.verdict in verdicts])


def _edges(judged: Judged, among: Mask, rules: Rules) -> list[tuple[int, int]]:
    """Return the pairs judged duplicate, the surest first."""
    chosen = np.flatnonzero(_is(judged, rules, "duplicate") & among)
    order = np.lexsort((judged.high[chosen], judged.low[chosen], -judged.score[chosen]))
    chosen = chosen[order]
    return list(zip(judged.low[chosen].tolist(), judged.high[chosen].tolist(), strict=True))


def _part_contradictions(clusters: "_Clusters", judged: Judged, among: Mask, rules: Rules) -> None:
    """Keep apart what rules call distinct or related, where a chain of duplicates could join it."""
    together = _Clusters(len(clusters))
    together.join_all(_edges(judged, np.ones(len(judged.low), dtype=np.bool_), rules))
    roots = np.array([together.kept(row) for row in range(len(clusters))], dtype=np.int64)
    apart = _is(judged, rules, "distinct", "related") & among & (roots[judged.low] == roots[judged.high])
    for low, high in zip(judged.low[apart].tolist(), judged.high[apart].tolist(), strict=True):
        clusters.part(low, high)


def _replaced(records: Comparable, rows: Numbers, renewed: Comparable) -> Comparable:
    columns = {column.name: getattr(records, column.name).copy() for column in fields(Comparable)}
    for name, values in columns.items():
        values[rows] = getattr(renewed, name)
    return Comparable(**columns)


def _replaced_cells(cells: list[str], new: Mapping[int, str]) -> list[str]:
    replaced = cells.copy()
    for row, cell in new.items():
        replaced[row] = cell
    return replaced


@dataclass(frozen=True, slots=True)
class _Words:
    """People's word on pairs of rows: lower and higher each."""

    duplicate: list[tuple[int, int]]
    distinct: list[tuple[int, int]]


def _check_overrides(overrides: pd.DataFrame, ids: Sequence[str]) -> _Words:
    rows = {record_id: row for row, record_id in enumerate(ids)}
    problems: list[tuple[int, str]] = []
    said: list[tuple[int, int, int, str]] = []
    for line, (one, other, verdict) in enumerate(
        zip(overrides["record_id"], overrides["duplicate_of"], overrides["verdict"], strict=True)
    ):
        unknown = [record_id for record_id in (one, other) if record_id not in rows]
        if unknown:
            problems += [(line, f"record_id {record_id!r} is not in the records") for record_id in unknown]
        elif one == other:
            problems.append((line, f"record {one!r} cannot be judged against itself"))
        else:
            low, high = sorted((rows[one], rows[other]))
            said.append((line, low, high, verdict))
    together = _Clusters(len(ids))
    together.join_all([(low, high) for _, low, high, verdict in said if verdict == "duplicate"])
    for line, low, high, verdict in said:
        if verdict == "distinct" and together.kept(low) == together.kept(high):
            problems.append(
                (
                    line,
                    f"{ids[low]!r} and {ids[high]!r} are distinct here, but other rows make them duplicates",
                )
            )
    if problems:
        raise tables.row_errors(overrides, sorted(problems))
    return _Words(
        [(low, high) for _, low, high, verdict in said if verdict == "duplicate"],
        [(low, high) for _, low, high, verdict in said if verdict == "distinct"],
    )


class _Clusters:
    """Which rows are one, and which must not become one; the lowest row of each is kept."""

    def __init__(self, n_rows: int) -> None:
        self._parent = list(range(n_rows))
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = {}

    def __len__(self) -> int:
        return len(self._parent)

    def kept(self, row: int) -> int:
        """Return the row kept of a row's cluster."""
        parent = self._parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    def members(self, row: int) -> list[int]:
        """Return the rows of a cluster, the one kept first."""
        kept = self.kept(row)
        return sorted(self._members.get(kept, [kept]))

    def groups(self) -> list[list[int]]:
        """Return every cluster of more than one row."""
        return [sorted(self._members[kept]) for kept in sorted(self._members)]

    def all_kept(self, n_rows: int) -> list[int]:
        """Return the rows kept among the first ``n_rows``."""
        return [row for row in range(n_rows) if self._parent[row] == row]

    def part(self, one: int, other: int) -> None:
        """Say that two rows must not become one, unless they are already."""
        one, other = self.kept(one), self.kept(other)
        if one != other:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def join_all(self, pairs: Iterable[tuple[int, int]]) -> set[int]:
        """Join pairs in this order, but for those kept apart; return the rows kept of changed clusters."""
        changed: set[int] = set()
        for one, other in pairs:
            low, high = sorted((self.kept(one), self.kept(other)))
            if low == high or high in self._apart.get(low, ()):
                continue
            self._parent[high] = low
            self._members[low] = self._members.get(low, [low]) + self._members.pop(high, [high])
            for stranger in self._apart.pop(high, ()):
                self._apart[stranger].discard(high)
                self._apart[stranger].add(low)
                self._apart.setdefault(low, set()).add(stranger)
            changed.add(low)
        return changed


def _table(
    ids: Sequence[str],
    clusters: _Clusters,
    passes: Sequence[Judged],
    rules: Rules,
    words: _Words,
    markers: Texts,
) -> pd.DataFrame:
    """Return the pairs judged as ``duplicates.csv``, the removed records first."""
    evidence: dict[int, tuple[tuple[bool, float, int, int], Judged, int]] = {}
    others: dict[tuple[int, int], tuple[tuple[int, int, float, int, int], Judged, int]] = {}
    order = {"related": 0, "distinct": 1, "duplicate": 2, "possible": 3}
    verdicts = [rule.verdict for rule in rules.rules]
    roots = [clusters.kept(row) for row in range(len(ids))]
    for number, judged in enumerate(passes):
        pairs = zip(
            judged.low.tolist(),
            judged.high.tolist(),
            judged.rule.tolist(),
            judged.score.tolist(),
            strict=True,
        )
        for place, (low, high, rule, score) in enumerate(pairs):
            one, other = roots[low], roots[high]
            if one == other:
                if verdicts[rule] == "duplicate":
                    for row, twin in ((low, high), (high, low)):
                        if row != one:
                            key = (twin != one, -score, twin, number)
                            if row not in evidence or key < evidence[row][0]:
                                evidence[row] = (key, judged, place)
                continue
            pair = (one, other) if one < other else (other, one)
            rank = (-number, order[verdicts[rule]], -score, low, high)
            if pair not in others or rank < others[pair][0]:
                others[pair] = (rank, judged, place)
    told = {row for pair in words.duplicate for row in pair}
    rows: list[tuple[str, ...]] = []
    for row, kept in enumerate(roots):
        if row == kept:
            continue
        if row not in evidence or row in told:
            rows.append((ids[row], ids[kept], "duplicate", "", OVERRIDDEN, "", ""))
            continue
        (_, _, twin, _), judged, place = evidence[row]
        rule = rules.rules[int(judged.rule[place])]
        with_ = "" if twin == kept else f"with={ids[twin]}"
        score, similarities = f"{judged.score[place]:.3f}", _shown(judged.similarities, place)
        shown = tables.LIST.join(filter(None, (with_, similarities)))
        rows.append((ids[row], ids[kept], "duplicate", "", rule.name, score, shown))
    settled = {tuple(sorted((roots[low], roots[high]))) for low, high in words.distinct}
    for (one, other), (_, judged, place) in others.items():
        rule = rules.rules[int(judged.rule[place])]
        if rule.verdict == "distinct" or (rule.verdict != "related" and (one, other) in settled):
            continue
        verdict = "related" if rule.verdict == "related" else "possible"
        name = CONTRADICTED if rule.verdict == "duplicate" else rule.name
        relation = rule.relation
        if relation == MARKER:
            relation = markers[judged.high[place]] or markers[judged.low[place]]
        score, similarities = f"{judged.score[place]:.3f}", _shown(judged.similarities, place)
        rows.append((ids[other], ids[one], verdict, relation, name, score, similarities))
    place_of = {verdict: place for place, verdict in enumerate(tables.VERDICTS)}
    rows.sort(key=lambda row: (place_of[row[2]], row[0], row[1]))
    return pd.DataFrame(
        {column: [row[place] for row in rows] for place, column in enumerate(tables.DUPLICATES.columns)},
        dtype="str",
    )


def _shown(similarities: Similarities, place: int) -> str:
    """Return the similarities of a pair in words, what is missing left out."""
    return tables.LIST.join(
        f"{field}={float(similarities[field][place]):.2f}".replace("=1.00", "=1").replace("=0.00", "=0")
        for field in SHOWN
        if not np.isnan(similarities[field][place])
    )
