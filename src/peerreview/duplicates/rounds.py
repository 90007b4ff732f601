"""Records to duplicates: block, compare, decide, cluster, keep one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import resources
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates import blocking, normalise, similarity
from peerreview.duplicates.blocking import Hashes
from peerreview.duplicates.normalise import Comparable, Numbers, Texts
from peerreview.duplicates.similarity import Mask, Rule, Similarities, Values
from peerreview.errors import InputError
from peerreview.tables import toml
from peerreview.workers import uncollected

LARGEST_COMPLETED = 40
"""In provisional clusters up to this size every pair is compared, so that a contradiction shows."""
SHOWN = tuple(
    field
    for field in similarity.FIELDS
    if field
    not in {"agree", "differ", "n_words", "preprint", "conference", "supplement", "brief", "registrations"}
    | {"theses", "thesis"}
)
SHORTENED = frozenset({"authors", "abstract", "keywords", "pages"})
"""Columns that databases shorten: the longest cell is the best."""
CAPITALISED = frozenset({"title", "journal"})
"""Columns that some databases write in capitals: a cell that is not is better."""
CONTRADICTED = "contradicted within its cluster"
OVERRIDDEN = "override"
PRECEDENCE = ("related", "distinct", "duplicate", "possible")
USUAL = {
    "title_within": 0,
    "wording": 1,
    "signs": 1,
    "marker": 1,
    "generic": 0,
    "doi_version": 0,
    "setting": 1,
    "cochrane": 0,
    "recurrent": 0,
    "ahead_of_print": 0,
}
"""Similarities not worth a word where they are so."""
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
        resources.files("peerreview.duplicates").joinpath("rules/default.toml").read_text(encoding="utf-8")
    )


def parse_rules(text: str, *, path: object = "") -> Rules:
    """
    Return the rules in a rules file's text.

    Raises
    ------
    InputError
        With file and line, where it is not TOML or names an unknown field, comparator or verdict.
    """
    document = toml.parse(text, path=path)
    raw = document.content
    unknown = sorted(set(raw) - {"weights", "rule"})
    if unknown:
        raise document.fault(f"{unknown[0]!r} is not weights or rule", unknown[0])
    weights = raw.get("weights", {})
    for field, weight in weights.items():
        if field not in similarity.FIELDS or not isinstance(weight, int | float) or weight < 0:
            message = f"weight {field!r} = {weight!r} is not a field of records with a number"
            raise document.fault(message, field, "weights")
    rules = []
    for place, entry in enumerate(raw.get("rule", []), start=1):
        rules.append(_parse_rule(entry, document, place))
    if not rules:
        message = "has no [[rule]]"
        raise InputError(message, path=path)
    return Rules(tuple(rules), weights)


@uncollected()
def find_duplicates(
    records: pd.DataFrame, rules: Rules, *, overrides: pd.DataFrame | None = None, workers: int = 1
) -> pd.DataFrame:
    """
    Return the pairs of records judged, as ``duplicates.csv``.

    Every record removed stands there once as ``duplicate`` with the record
    kept, which is never removed itself; ``possible`` and ``related`` pairs
    are of records kept. The order of records makes no difference, and a
    second pass over the records kept removes nothing. Where a later round
    joins records that earlier rounds kept, ``attrs["joined"]`` has each with
    the record that is kept now.

    Parameters
    ----------
    records : columns of ``records.csv``.
    overrides : people's word on pairs; it always wins.
    workers : processes and threads to use; the result is the same with any.

    Raises
    ------
    InputErrors
        Where overrides name unknown records or contradict each other.
    """
    order = _order_kept(records)
    ids = _in_order(records["record_id"], order)
    words = check_overrides(overrides if overrides is not None else tables.empty(tables.OVERRIDE), ids)
    clusters = _Clusters(len(ids))
    clusters.keep_apart(words.distinct)
    rounds = records["round"].to_numpy(dtype=np.int64)[order]
    contents = {column: _in_order(records[column], order) for column in normalise.COLUMNS}
    raw = comparable = normalise.normalise(contents, workers=workers)
    keys = blocking.keys(raw)
    first = _complete(judge(raw, rules, keys=keys, workers=workers), raw, rules, workers)
    passes = [first]
    joined: list[tuple[str, str]] = []
    for number in np.unique(rounds):
        n_before = int(np.searchsorted(rounds, number, side="left"))
        before = clusters.all_kept(n_before)
        # Round by round, so that a later search changes no earlier record kept.
        n_reached = int(np.searchsorted(rounds, number, side="right"))
        changed = clusters.join_all([pair for pair in words.duplicate if pair[1] < n_reached])
        newest = rounds[first.high] == number
        clusters.keep_apart(words.distinct + _contradictions(len(ids), first, newest, rules))
        changed |= clusters.join_all(_edges(first, newest, rules))
        # New records have met those of earlier rounds, but not yet the clusters that they form.
        changed |= set(range(n_before, n_reached)) if n_before else set()
        # From here on the merged records speak for themselves; people's word still holds.
        clusters.keep_apart(words.distinct)
        while changed:
            # What a cluster knows together may settle what none of its records could alone.
            rows = np.array(sorted({clusters.kept(row) for row in changed}), dtype=np.int64)
            members = [clusters.members(kept) for kept in rows]
            chosen = {column: best(column, cells, members) for column, cells in contents.items()}
            renewed = normalise.compose(
                raw,
                {column: np.array(places, dtype=np.int64) for column, places in chosen.items()},
                {column: [contents[column][place] for place in places] for column, places in chosen.items()},
            )
            comparable = _replaced(comparable, rows, renewed)
            for name, key in blocking.keys(renewed).items():
                keys[name][rows] = key
            kept = np.array(clusters.all_kept(n_reached), dtype=np.int64)
            again = judge(
                comparable.take(kept),
                rules,
                fresh=np.isin(kept, rows),
                keys={name: key[kept] for name, key in keys.items()},
                workers=workers,
            )
            again = Judged(kept[again.low], kept[again.high], again.rule, again.score, again.similarities)
            passes.append(again)
            changed = clusters.join_all(_edges(again, np.ones(len(again.low), dtype=np.bool_), rules))
        joined += [(ids[row], ids[clusters.kept(row)]) for row in before if clusters.kept(row) != row]
    table = _table(ids, clusters, passes, rules, words, raw.marker)
    table.attrs["joined"] = tuple(joined)
    return table


def check_titles(records: pd.DataFrame) -> None:
    """
    Make sure that there is something to compare.

    Raises
    ------
    InputErrors
        Where no record has a title.
    """
    if len(records) and not (records["title"].str.strip() != "").any():
        message = "no record here has a title; without titles nothing can be compared"
        raise tables.row_errors(records, [(0, message)])


def judge(
    records: Comparable,
    rules: Rules,
    *,
    fresh: Mask | None = None,
    keys: Mapping[str, Hashes] | None = None,
    workers: int = 1,
) -> Judged:
    """
    Return the pairs of rows that some rule decided; with ``fresh``, only those with a fresh row.

    ``keys`` are those of ``blocking.keys``, where they are known already.
    """
    return _judge_pairs(records, *blocking.candidates(records, fresh, keys), rules, workers)


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
    order = _order_kept(records)
    ids = _in_order(records["record_id"], order)
    rows = {record_id: row for row, record_id in enumerate(ids)}
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    members: dict[int, list[int]] = {}
    for record_id, kept in zip(removed["record_id"].tolist(), removed["duplicate_of"].tolist(), strict=True):
        members.setdefault(rows[kept], []).append(rows[record_id])
    clusters = {kept: [kept, *sorted(members[kept])] for kept in sorted(members)}
    gone = np.zeros(len(ids), dtype=np.bool_)
    gone[[row for others in members.values() for row in others]] = True
    stays = np.flatnonzero(~gone)
    place = np.cumsum(~gone) - 1
    unique = records.iloc[order[stays]].reset_index(drop=True)
    for column in tables.CONTENT:
        cells = _in_order(records[column], order)
        if not any(cells):
            continue
        better = {
            place[kept]: cells[row]
            for kept, row in zip(clusters, best(column, cells, clusters.values()), strict=True)
            if row != kept
        }
        if better:
            unique[column] = _with(unique[column].tolist(), better)
    for column, of in (("sources", "source"), ("source_kinds", "source_kind")):
        cells = _in_order(records[of], order)
        joined = {
            place[kept]: tables.LIST.join(sorted({cells[row] for row in rows_}))
            for kept, rows_ in clusters.items()
        }
        unique[column] = _with(unique[of].tolist(), joined)
    unique["duplicates"] = _with(
        [""] * len(unique),
        {
            place[kept]: tables.LIST.join(sorted(ids[row] for row in rows_[1:]))
            for kept, rows_ in clusters.items()
        },
    )
    others = [column for column in unique.columns if column not in tables.UNIQUE.columns]
    return unique[[*tables.UNIQUE.columns, *others]]


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
    return records.iloc[_order_kept(records)].reset_index(drop=True)


def _in_order(cells: pd.Series, order: Numbers) -> list[str]:
    ordered: list[str] = cells.to_numpy()[order].tolist()
    return ordered


def _order_kept(records: pd.DataFrame) -> Numbers:
    order = pd.DataFrame(
        {
            "round": records["round"].astype("int64").to_numpy(),
            "other": ~records["source_kind"].isin(tables.DATABASE_KINDS).to_numpy(),
            "record_id": records["record_id"].to_numpy(),
        }
    ).sort_values(["round", "other", "record_id"], kind="stable")
    return order.index.to_numpy()


def best(column: str, cells: Sequence[str], clusters: Iterable[Sequence[int]]) -> list[int]:
    """
    Return which row of each cluster has the best cell, the first where nothing speaks for another.

    The longest of authors, abstract, keywords and pages, as databases
    shorten those; a title or journal that is not in capitals; else the first not blank.
    """
    if column in SHORTENED:
        return [max(rows, key=lambda row: len(cells[row])) for rows in clusters]
    return [rows[0] if _stands(column, cells[rows[0]]) else _better(column, cells, rows) for rows in clusters]


def _better(column: str, cells: Sequence[str], rows: Sequence[int]) -> int:
    known = [row for row in rows if cells[row]]
    if column in CAPITALISED:
        known = [row for row in known if not cells[row].isupper()] or known
    return known[0] if known else rows[0]


def _stands(column: str, cell: str) -> bool:
    """Return whether no other cell could be better than this one."""
    return cell != "" and (column not in CAPITALISED or not cell.isupper())


def _parse_rule(entry: Mapping[str, Any], document: toml.Document, place: int) -> Rule:
    def wrong(message: str, key: str) -> InputError:
        return document.fault(message, key, "rule", place)

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


def _judge_pairs(records: Comparable, low: Numbers, high: Numbers, rules: Rules, workers: int) -> Judged:
    passed, similarities = similarity.compare(records, low, high, workers=workers)
    decided = np.full(len(passed), -1, dtype=np.int64)
    for place, rule in enumerate(rules.rules):
        decided[rule.passes(similarities, decided == -1)] = place
    told = np.flatnonzero(decided >= 0)
    similarities = {field: similarities[field][told] for field in dict.fromkeys((*SHOWN, *rules.weights))}
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
    return _joined([judged, more])


def _is(judged: Judged, rules: Rules, *verdicts: str) -> Mask:
    return np.isin(judged.rule, [place for place, rule in enumerate(rules.rules) if rule.verdict in verdicts])


def _edges(judged: Judged, among: Mask, rules: Rules) -> list[tuple[int, int]]:
    """Return the pairs judged duplicate, the surest first."""
    chosen = np.flatnonzero(_is(judged, rules, "duplicate") & among)
    order = np.lexsort((judged.high[chosen], judged.low[chosen], -judged.score[chosen]))
    chosen = chosen[order]
    return list(zip(judged.low[chosen].tolist(), judged.high[chosen].tolist(), strict=True))


def _contradictions(n_rows: int, judged: Judged, among: Mask, rules: Rules) -> list[tuple[int, int]]:
    """Return pairs that are no duplicates, or not surely, where a chain of duplicates could join them."""
    together = _Clusters(n_rows)
    together.join_all(_edges(judged, np.ones(len(judged.low), dtype=np.bool_), rules))
    roots = np.array([together.kept(row) for row in range(n_rows)], dtype=np.int64)
    apart = ~_is(judged, rules, "duplicate") & among & (roots[judged.low] == roots[judged.high])
    return list(zip(judged.low[apart].tolist(), judged.high[apart].tolist(), strict=True))


def _replaced(records: Comparable, rows: Numbers, renewed: Comparable) -> Comparable:
    columns = {column.name: getattr(records, column.name).copy() for column in fields(Comparable)}
    for name, values in columns.items():
        values[rows] = getattr(renewed, name)
    return Comparable(**columns)


def _with(cells: list[str], new: Mapping[int, str]) -> pd.Series:
    for row, cell in new.items():
        cells[row] = cell
    return pd.Series(cells, dtype="str")


@dataclass(frozen=True, slots=True)
class _Words:
    """People's word on pairs of rows: lower and higher each."""

    duplicate: list[tuple[int, int]]
    distinct: list[tuple[int, int]]


def check_overrides(overrides: pd.DataFrame, ids: Sequence[str]) -> _Words:
    """
    Return people's word on pairs, as rows of ``ids``.

    Raises
    ------
    InputErrors
        Where overrides name unknown records or contradict each other.
    """
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

    def keep_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Say which rows must not become one, in place of what was said before."""
        self._apart = {}
        for pair in pairs:
            one, other = (self.kept(row) for row in pair)
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
    judged = _joined(passes)
    number = np.repeat(np.arange(len(passes)), [len(judged.low) for judged in passes])
    kept = np.array([clusters.kept(row) for row in range(len(ids))], dtype=np.int64)
    low, high, score = judged.low, judged.high, judged.score
    one, other = np.minimum(kept[low], kept[high]), np.maximum(kept[low], kept[high])
    rows: list[tuple[str, ...]] = []

    # Of what speaks for a removed record: a pair with the record kept first, then the surest.
    within = np.flatnonzero((one == other) & _is(judged, rules, "duplicate"))
    row, twin, pair = (
        np.concatenate(sides)
        for sides in ((low[within], high[within]), (high[within], low[within]), (within, within))
    )
    order = np.lexsort((number[pair], twin, -score[pair], twin != kept[row], row))
    row, twin, pair = row[order], twin[order], pair[order]
    _, first = np.unique(row, return_index=True)
    told = {place for places in words.duplicate for place in places}
    speaking = {
        place: by
        for place, *by in zip(row[first].tolist(), twin[first].tolist(), pair[first].tolist(), strict=True)
        if place not in told
    }
    removed = [place for place in range(len(ids)) if kept[place] != place]
    shown = dict(
        zip(
            (place for place in removed if place in speaking),
            _shown(judged.similarities, [speaking[place][1] for place in removed if place in speaking]),
            strict=True,
        )
    )
    for place in removed:
        names = ids[place], ids[kept[place]], "duplicate", ""
        if place not in speaking:
            rows.append((*names, OVERRIDDEN, "", ""))
            continue
        with_, by = speaking[place]
        described = shown[place] if with_ == kept[place] else f"with={ids[with_]}{tables.LIST}{shown[place]}"
        rows.append((*names, rules.rules[judged.rule[by]].name, f"{score[by]:.3f}", described))

    # Of what stands between two records kept: the last pass first, then what relates them.
    between = np.flatnonzero(one != other)
    precedence = np.array([PRECEDENCE.index(rule.verdict) for rule in rules.rules], dtype=np.int64)
    order = np.lexsort(
        (high[between], low[between], -score[between], precedence[judged.rule[between]], -number[between],
         other[between], one[between])
    )  # fmt: skip
    between = between[order]
    _, first = np.unique(one[between] * len(ids) + other[between], return_index=True)
    settled = {tuple(sorted((kept[a], kept[b]))) for a, b in words.distinct}
    open_pairs = [
        place
        for place in between[first].tolist()
        if rules.rules[judged.rule[place]].verdict == "related"
        or (
            rules.rules[judged.rule[place]].verdict != "distinct"
            and (one[place], other[place]) not in settled
        )
    ]
    for place, described in zip(open_pairs, _shown(judged.similarities, open_pairs), strict=True):
        rule = rules.rules[judged.rule[place]]
        relation = (markers[high[place]] or markers[low[place]]) if rule.relation == MARKER else rule.relation
        verdict = "related" if rule.verdict == "related" else "possible"
        name = CONTRADICTED if rule.verdict == "duplicate" else rule.name
        pair_names = ids[other[place]], ids[one[place]]
        rows.append((*pair_names, verdict, relation, name, f"{score[place]:.3f}", described))
    place_of = {verdict: place for place, verdict in enumerate(tables.VERDICTS)}
    rows.sort(key=lambda row: (place_of[row[2]], row[0], row[1]))
    return pd.DataFrame(
        {column: [row[place] for row in rows] for place, column in enumerate(tables.DUPLICATES.columns)},
        dtype="str",
    )


def _joined(parts: Sequence[Judged]) -> Judged:
    """Return several stretches of judged pairs as one."""
    return Judged(
        low=np.concatenate([part.low for part in parts]),
        high=np.concatenate([part.high for part in parts]),
        rule=np.concatenate([part.rule for part in parts]),
        score=np.concatenate([part.score for part in parts]),
        similarities={
            field: np.concatenate([part.similarities[field] for part in parts])
            for field in parts[0].similarities
        },
    )


def _shown(similarities: Similarities, places: Sequence[int]) -> list[str]:
    """Return the similarities of pairs in words; what is missing or as usual is left out."""
    chosen = np.array(places, dtype=np.int64)
    columns = []
    for field in SHOWN:
        values = similarities[field][chosen]
        usual = np.isnan(values) | (values == USUAL.get(field, np.nan))
        words = np.array([f"{field}={n / 100:.2f}".removesuffix(".00") for n in range(101)], dtype=object)
        column = words[np.where(usual, 0, np.rint(np.nan_to_num(values) * 100)).astype(np.int64)]
        column[usual] = ""
        columns.append(column)
    return [tables.LIST.join(filter(None, cells)) for cells in zip(*columns, strict=True)]
