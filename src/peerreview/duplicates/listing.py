"""Pairs judged to tables: ``duplicates.csv``, and ``possible.csv`` for people to judge."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.duplicates.clusters import Clusters
from peerreview.duplicates.judging import SHOWN, Judged, have_verdict
from peerreview.duplicates.normalise import Numbers, Texts
from peerreview.duplicates.overrides import Words
from peerreview.duplicates.questions import ask
from peerreview.duplicates.rules import Rules

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
"""Pairs put into words at a time."""
MARKER = "marker"
"""A relation that stands in the marked title itself."""


def list_judged(
    ids: Sequence[str],
    clusters: Clusters,
    passes: Sequence[Judged],
    rules: Rules,
    words: Words,
    markers: Texts,
) -> pd.DataFrame:
    """Return the pairs judged as ``duplicates.csv``, the removed records first."""
    number = np.repeat(np.arange(len(passes)), [len(judged.low) for judged in passes])
    kept = clusters.roots()
    low, high = (np.concatenate([getattr(each, side) for each in passes]) for side in ("low", "high"))
    score, decided = (np.concatenate([getattr(each, name) for each in passes]) for name in ("score", "rule"))
    one, other = np.minimum(kept[low], kept[high]), np.maximum(kept[low], kept[high])
    rows: list[tuple[str, ...]] = []

    # Of what speaks for a removed record: a pair with the record kept first, then the surest.
    within = np.flatnonzero((one == other) & have_verdict(decided, rules, "duplicate"))
    row, twin, pair = (
        np.concatenate(sides)
        for sides in ((low[within], high[within]), (high[within], low[within]), (within, within))
    )
    order = np.lexsort((number[pair], twin, -score[pair], twin != kept[row], row))
    row, twin, pair = row[order], twin[order], pair[order]
    _, first = np.unique(row, return_index=True)
    speaks, by = np.full(len(ids), -1), np.full(len(ids), -1)
    speaks[row[first]], by[row[first]] = twin[first], pair[first]
    by[[place for places in words.duplicate for place in places]] = -1
    removed = np.flatnonzero(kept != np.arange(len(ids)))
    shown = _shown(passes, by[removed[by[removed] >= 0]])
    for place in removed.tolist():
        names = ids[place], ids[kept[place]], "duplicate", ""
        if by[place] < 0:
            rows.append((*names, OVERRIDDEN, "", ""))
            continue
        described = next(shown)
        if speaks[place] != kept[place]:
            described = f"with={ids[speaks[place]]}{tables.LIST}{described}"
        rows.append((*names, rules.rules[decided[by[place]]].name, f"{score[by[place]]:.3f}", described))

    # Of what stands between two records kept: the last pass first, then what relates them.
    between = np.flatnonzero(one != other)
    precedence = np.array([PRECEDENCE.index(rule.verdict) for rule in rules.rules], dtype=np.int64)
    order = np.lexsort(
        (high[between], low[between], -score[between], precedence[decided[between]], -number[between],
         other[between], one[between])
    )  # fmt: skip
    between = between[order]
    _, first = np.unique(one[between] * len(ids) + other[between], return_index=True)
    settled = {tuple(sorted((kept[a], kept[b]))) for a, b in words.distinct}
    open_pairs = [
        place
        for place in between[first].tolist()
        if rules.rules[decided[place]].verdict == "related"
        or (rules.rules[decided[place]].verdict != "distinct" and (one[place], other[place]) not in settled)
    ]
    for place, described in zip(
        open_pairs, _shown(passes, np.array(open_pairs, dtype=np.int64)), strict=True
    ):
        rule = rules.rules[decided[place]]
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


def _shown(passes: Sequence[Judged], places: Numbers) -> Iterator[str]:
    """Yield the similarities of pairs, counted over all passes, in words, but for missing and usual ones."""
    for start in range(0, len(places), _AT_ONCE):
        yield from _shown_at_once(passes, places[start : start + _AT_ONCE])


def _shown_at_once(passes: Sequence[Judged], places: Numbers) -> list[str]:
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
