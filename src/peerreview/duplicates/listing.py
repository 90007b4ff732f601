"""Pairs judged to tables: ``duplicates.csv``, and ``possible.csv`` for people to judge."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.judging import SHOWN, Judged, have_verdict
from peerreview.duplicates.keeping import Cells
from peerreview.duplicates.normalise import Numbers, Texts
from peerreview.duplicates.overrides import Words
from peerreview.duplicates.questions import ask
from peerreview.duplicates.rules import Rules
from peerreview.duplicates.similarity import Values
from peerreview.tables.lines import Lines

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
_AT_ONCE = 50_000
"""Removed records put into words at a time."""
MARKER = "marker"
"""A relation that stands in the marked title itself."""


def list_judged(
    ids: Cells,
    clusters: Clusters,
    passes: Sequence[Judged],
    rules: Rules,
    words: Words,
    markers: Texts,
    before: Numbers | None = None,
) -> pd.DataFrame:
    """
    Return the pairs judged as ``duplicates.csv``, the removed records first.

    Parameters
    ----------
    before : the row kept of each of the first rows in earlier searches: those removed then are not listed.
    """
    pairs = _AllPairs.of(passes, clusters.roots())
    parts = [*_list_removed(ids, pairs, passes, rules, words, before)]
    parts.append(_list_between(ids, pairs, passes, rules, words, markers))
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True, slots=True)
class _AllPairs:
    """
    The pairs of all passes: of which ``number`` each is, its rows, rule and score.

    ``kept`` is the row kept of each row; ``one`` and ``other`` are those of the rows of each pair.
    """

    number: Numbers
    low: Numbers
    high: Numbers
    rule: Numbers
    score: Values
    kept: Numbers
    one: Numbers
    other: Numbers

    @classmethod
    def of(cls, passes: Sequence[Judged], kept: Numbers) -> "_AllPairs":
        number = np.repeat(np.arange(len(passes)), [len(judged.low) for judged in passes])
        low, high = (np.concatenate([getattr(each, side) for each in passes]) for side in ("low", "high"))
        rule, score = (np.concatenate([getattr(each, name) for each in passes]) for name in ("rule", "score"))
        one, other = np.minimum(kept[low], kept[high]), np.maximum(kept[low], kept[high])
        return cls(number, low, high, rule, score, kept, one, other)


def _list_removed(
    ids: Cells,
    pairs: _AllPairs,
    passes: Sequence[Judged],
    rules: Rules,
    words: Words,
    before: Numbers | None,
) -> Iterator[pd.DataFrame]:
    """Yield the removed records in the order of their ids, some thousand at a time."""
    # Of what speaks for one: a pair with the record kept first, then the surest.
    kept = pairs.kept
    within = np.flatnonzero((pairs.one == pairs.other) & have_verdict(pairs.rule, rules, "duplicate"))
    low, high = pairs.low[within], pairs.high[within]
    row, twin, pair = (np.concatenate(sides) for sides in ((low, high), (high, low), (within, within)))
    order = np.lexsort((pairs.number[pair], twin, -pairs.score[pair], twin != kept[row], row))
    row, twin, pair = row[order], twin[order], pair[order]
    _, first = np.unique(row, return_index=True)
    speaks, by = np.full(len(ids), -1), np.full(len(ids), -1)
    speaks[row[first]], by[row[first]] = twin[first], pair[first]
    by[[place for places in words.duplicate for place in places]] = -1
    is_removed = kept != np.arange(len(ids))
    if before is not None:
        is_removed[: len(before)] &= before == np.arange(len(before))
    removed = np.flatnonzero(is_removed)
    removed = removed[ids.column(removed).array.argsort()]
    names = np.array([rule.name for rule in rules.rules], dtype=object)
    for start in range(0, len(removed), _AT_ONCE):
        rows = removed[start : start + _AT_ONCE]
        told = np.flatnonzero(by[rows] >= 0)
        places = by[rows[told]]
        named = np.full(len(rows), OVERRIDDEN, dtype=object)
        sure, described = np.full((2, len(rows)), "", dtype=object)
        named[told] = names[pairs.rule[places]]
        sure[told] = [f"{score:.3f}" for score in pairs.score[places].tolist()]
        described[told] = _shown(passes, places)
        others = told[speaks[rows[told]] != kept[rows[told]]]
        described[others] = [
            f"with={record_id}{tables.LIST}{text}"
            for record_id, text in zip(ids.some(speaks[rows[others]]), described[others], strict=True)
        ]
        yield pd.DataFrame(
            {
                "record_id": ids.column(rows),
                "duplicate_of": ids.column(kept[rows]),
                "verdict": "duplicate",
                "relation": "",
                "rule": named,
                "score": sure,
                "similarities": described,
            },
            dtype="str",
        )


def _list_between(
    ids: Cells,
    pairs: _AllPairs,
    passes: Sequence[Judged],
    rules: Rules,
    words: Words,
    markers: Texts,
) -> pd.DataFrame:
    """Return what stands between two records kept: the last pass first, then what relates them."""
    one, other = pairs.one, pairs.other
    between = np.flatnonzero(one != other)
    precedence = np.array([PRECEDENCE.index(rule.verdict) for rule in rules.rules], dtype=np.int64)
    order = np.lexsort(
        (pairs.high[between], pairs.low[between], -pairs.score[between], precedence[pairs.rule[between]],
         -pairs.number[between], other[between], one[between])
    )  # fmt: skip
    between = between[order]
    _, first = np.unique(one[between] * len(ids) + other[between], return_index=True)
    settled = {tuple(sorted((pairs.kept[a], pairs.kept[b]))) for a, b in words.distinct}
    open_pairs = [
        place
        for place in between[first].tolist()
        if rules.rules[pairs.rule[place]].verdict == "related"
        or (
            rules.rules[pairs.rule[place]].verdict != "distinct" and (one[place], other[place]) not in settled
        )
    ]
    rows: list[tuple[str, ...]] = []
    for place, described in zip(
        open_pairs, _shown(passes, np.array(open_pairs, dtype=np.int64)), strict=True
    ):
        rule = rules.rules[pairs.rule[place]]
        marked = markers[pairs.high[place]] or markers[pairs.low[place]]
        relation = marked if rule.relation == MARKER else rule.relation
        verdict = "related" if rule.verdict == "related" else "possible"
        name = CONTRADICTED if rule.verdict == "duplicate" else rule.name
        named = ids[other[place]], ids[one[place]]
        rows.append((*named, verdict, relation, name, f"{pairs.score[place]:.3f}", described))
    place_of = {verdict: place for place, verdict in enumerate(tables.VERDICTS)}
    rows.sort(key=lambda row: (place_of[row[2]], row[0], row[1]))
    return pd.DataFrame(
        {column: [row[place] for row in rows] for place, column in enumerate(tables.DUPLICATES.columns)},
        dtype="str",
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """
    The pairs that earlier searches listed, and those of a later one.

    ``there`` is ``duplicates.csv`` as it was, of which the rows ``gone`` stand no more, and none of two
    records kept. ``duplicates`` has its columns: what stands in their place, and what is new.
    """

    there: Lines
    gone: frozenset[int]
    duplicates: pd.DataFrame

    def written(self) -> Iterator[bytes]:
        """Yield ``duplicates.csv``, some bytes at a time."""
        n_removed = n_removed_in(self.there)
        columns = (self.duplicates[name].tolist() for name in tables.DUPLICATES.columns)
        added = [
            (_place_of(self.there, cells[0], n_removed) if cells[2] == "duplicate" else n_removed, cells)
            for cells in zip(*columns, strict=True)
        ]
        return self.there.spliced(n_removed, self.gone, added)


def n_removed_in(listed: Lines) -> int:
    """Return how many records ``duplicates.csv`` says are removed; their rows come first."""
    return bisect_left(range(len(listed)), x=True, key=lambda row: listed[row][2] != "duplicate")


def _place_of(listed: Lines, record_id: str, n_removed: int) -> int:
    """Return the row of a removed record in ``duplicates.csv``, or that before which it would stand."""
    return bisect_left(range(n_removed), record_id, key=listed.first)


def follow(
    earlier: Lines,
    found: pd.DataFrame,
    ids: Cells,
    clusters: Clusters,
    passes: Sequence[Judged],
    words: Words,
    before: Numbers,
) -> Followed:
    """
    Return the pairs that earlier searches listed, as they stand now, with those that a later one found.

    What was said of a removed record holds, with the record kept now. Of two records kept, the later search
    has the last word where it met them.

    Parameters
    ----------
    earlier : ``duplicates.csv``, as they left it.
    found : its columns, as ``list_judged`` returns them for the later search.
    before : the row kept of each row in the earlier searches.
    """
    kept = clusters.roots()
    now = kept[before]
    moved = {ids[row]: ids[kept[row]] for row in np.flatnonzero(now != before).tolist() if before[row] == row}
    met = {
        frozenset((ids[one], ids[other]))
        for judged in passes
        for one, other in zip(kept[judged.low].tolist(), kept[judged.high].tolist(), strict=True)
        if one != other
    }
    told_apart = {frozenset((ids[kept[one]], ids[kept[other]])) for one, other in words.distinct}
    n_removed = n_removed_in(earlier)
    handed_on = [
        _place_of(earlier, ids[row], n_removed)
        for row in np.flatnonzero(now != before).tolist()
        if before[row] != row
    ]
    again: dict[tuple[str, ...], dict[str, str]] = {}
    for cells in map(earlier.__getitem__, handed_on):
        row = dict(zip(tables.DUPLICATES.columns, cells, strict=True))
        again[row["record_id"],] = _handed_on(row, moved[row["duplicate_of"]])
    between = earlier[n_removed:]
    rows = ids.find({*moved.values(), *(name for cells in between for name in cells[:2])}) if moved else {}
    for cells in between:
        row = dict(zip(tables.DUPLICATES.columns, cells, strict=True))
        one, other = (moved.get(row[side], row[side]) for side in ("record_id", "duplicate_of"))
        if rows and rows[one] < rows[other]:
            one, other = other, one
        pair = frozenset((one, other))
        is_settled = row["verdict"] == "possible" and pair in told_apart
        if one != other and pair not in met and not is_settled and (one, other) not in again:
            again[one, other] = row | {"record_id": one, "duplicate_of": other}
    more = tables.joined(tables.DUPLICATES, tables.make(tables.DUPLICATES, again.values()), found)
    place_of = {verdict: place for place, verdict in enumerate(tables.VERDICTS)}
    keys = zip(more["verdict"].map(place_of), more["record_id"], more["duplicate_of"], strict=True)
    order = [row for row, _ in sorted(enumerate(keys), key=lambda each: each[1])]
    return Followed(earlier, frozenset(handed_on), more.iloc[order].reset_index(drop=True))


def _handed_on(row: Mapping[str, str], kept: str) -> dict[str, str]:
    """Return what was said of a removed record, which now is a duplicate of another record."""
    told = row["similarities"]
    if row["duplicate_of"] == kept or row["rule"] == OVERRIDDEN or told.startswith("with="):
        return {**row, "duplicate_of": kept}
    with_whom = f"with={row['duplicate_of']}"
    return {**row, "duplicate_of": kept, "similarities": tables.LIST.join(filter(None, (with_whom, told)))}


def _shown(passes: Sequence[Judged], places: Numbers) -> list[str]:
    """Return the similarities of pairs, counted over all passes, in words, but for missing and usual ones."""
    ends = np.cumsum([len(judged.low) for judged in passes])
    number = np.searchsorted(ends, places, side="right")
    columns = []
    for field in SHOWN:
        values = np.empty(len(places), dtype=np.float32)
        for of, judged in enumerate(passes):
            here = number == of
            values[here] = judged.similarities[field][places[here] - ends[of] + len(judged.low)]
        usual = np.isnan(values) | (values == USUAL.get(field, np.nan))
        words = np.array([f"{field}={n / 100:.2f}".removesuffix(".00") for n in range(101)], dtype=object)
        column = words[np.where(usual, 0, np.rint(np.nan_to_num(values) * 100)).astype(np.int64)]
        column[usual] = ""
        columns.append(column)
    return [tables.LIST.join(filter(None, cells)) for cells in zip(*columns, strict=True)]


def possible_pairs(
    unique: pd.DataFrame, duplicates: pd.DataFrame, rules: Rules | None = None
) -> pd.DataFrame:
    """
    Return the pairs that people are to judge as ``possible.csv``, both records beside each other.

    The first columns are those of ``overrides.csv``, ``verdict`` to ``why``
    blank: a row that is filled in can be copied there as it is. What is
    worth most stands first; pairs of one ``group`` are one question, see
    ``questions.ask``.

    Parameters
    ----------
    unique : the columns of ``unique.csv``.
    duplicates : those of ``duplicates.csv``.
    rules : say how sure a pair is.
    """
    possible = duplicates[duplicates["verdict"] == "possible"]
    pairs_there = zip(possible["record_id"].tolist(), possible["duplicate_of"].tolist(), strict=True)
    by_pair = {pair: row for row, pair in enumerate(pairs_there)}
    questions = enumerate(ask(duplicates, unique, rules), start=1)
    asked = [(number, pair) for number, question in questions for pair in question.pairs]
    chosen = possible.iloc[[by_pair[pair] for _, pair in asked]]
    named = unique[unique["record_id"].isin({record_id for _, pair in asked for record_id in pair})]
    rows = {record_id: row for row, record_id in enumerate(named["record_id"].tolist())}
    sides = [
        named.iloc[[rows[record_id] for record_id in chosen[side]]] for side in ("record_id", "duplicate_of")
    ]
    pairs = {column: chosen[column].tolist() for column in ("record_id", "duplicate_of")}
    pairs |= {column: [""] * len(chosen) for column in ("verdict", "by", "why")}
    pairs["group"] = [str(number) for number, _ in asked]
    pairs |= {column: chosen[column].tolist() for column in ("rule", "score")}
    for column in PLACED_SIDE_BY_SIDE:
        pairs[column] = sides[0][column].tolist()
        pairs[f"{column}_of_duplicate_of"] = sides[1][column].tolist()
    return pd.DataFrame(pairs, dtype="str")
