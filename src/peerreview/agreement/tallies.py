"""Judgements to counts, and counts to every statistic by its name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

import numpy as np

from peerreview.agreement import coefficients
from peerreview.agreement.alpha import LEVELS, Level, alpha_interval, krippendorff_alpha
from peerreview.agreement.estimates import Alpha, OfTwo, OverallStatistics, PairStatistics

Rounded = TypeVar("Rounded")
_DIGITS, _NOISE = 12, 1e-14


@dataclass(frozen=True)
class Ratings:
    """
    Judgements as integers: a row per record, a column per reviewer.

    ``matrix`` holds positions in ``categories``, and -1 where a reviewer
    did not judge a record.
    """

    matrix: np.ndarray
    reviewers: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """``pairs`` of reviewers (columns) to square tables, and ``patterns``, as ``coefficients`` wants them."""

    pairs: Mapping[tuple[int, int], list[list[int]]]
    patterns: Mapping[tuple[int, ...], int]


def tally(ratings: Ratings) -> Tally:
    """Return each two reviewers' square table, and how many records have which pattern of categories."""
    matrix, k = ratings.matrix, len(ratings.categories)
    n_reviewers = matrix.shape[1]
    rows, times = _distinct(matrix, k)
    counts = np.stack([(rows == category).sum(axis=1) for category in range(k)], axis=1)
    patterns: Counter[tuple[int, ...]] = Counter()
    for pattern, n in zip(counts.tolist(), times.tolist(), strict=True):
        if any(pattern):
            patterns[tuple(pattern)] += n
    pairs = {}
    for first in range(n_reviewers):
        for second in range(first + 1, n_reviewers):
            both = (rows[:, first] >= 0) & (rows[:, second] >= 0)
            cells = rows[both, first].astype(np.int64) * k + rows[both, second]
            square = np.bincount(cells, weights=times[both], minlength=k * k).astype(np.int64)
            pairs[first, second] = square.reshape(k, k).tolist()
    return Tally(pairs, patterns)


def statistics_of_pair(counts: list[list[int]], categories: Sequence[str]) -> PairStatistics:
    """
    Return every statistic of two reviewers; ``why`` names those that are undefined.

    Numbers are rounded to what is the same on every Python.

    Parameters
    ----------
    counts : as many rows and columns as there are categories; rows are the first reviewer's.
    """
    found = PairStatistics(
        n_both=sum(map(sum, counts)),
        table=counts,
        percent=coefficients.percent_agreement(counts),
        specific={
            category: coefficients.specific_agreement(counts, place)
            for place, category in enumerate(categories)
        },
        cohen=coefficients.cohen_kappa(counts),
        cohen_linear=coefficients.cohen_kappa(counts, weights="linear"),
        cohen_quadratic=coefficients.cohen_kappa(counts, weights="quadratic"),
        pabak=coefficients.pabak(counts),
        scott=coefficients.scott_pi(counts).value,
        kappa_max=coefficients.kappa_max(counts).value,
        ac1=coefficients.gwet_ac1(_patterns(counts)),
        of_two=OfTwo(
            ppos=coefficients.specific_agreement(counts, 0),
            pneg=coefficients.specific_agreement(counts, 1),
            prevalence_index=coefficients.prevalence_index(counts),
            bias_index=coefficients.bias_index(counts),
        )
        if len(categories) == 2
        else None,
    )
    why = _why_undefined(found.to_json(), counts, categories)
    return rounded(
        replace(
            found,
            cohen=replace(found.cohen, why=why.get("cohen", "")),
            cohen_linear=replace(found.cohen_linear, why=why.get("cohen_linear", "")),
            cohen_quadratic=replace(found.cohen_quadratic, why=why.get("cohen_quadratic", "")),
            ac1=replace(found.ac1, why=why.get("ac1", "")),
            why=why,
        )
    )


def _why_undefined(
    found: Mapping[str, object], counts: list[list[int]], categories: Sequence[str]
) -> dict[str, str]:
    """Return why each statistic of a pair that is None has no value."""
    n = sum(map(sum, counts))
    alone = coefficients.used_alone(counts)
    why = "" if n else coefficients.NO_PAIR
    if alone is not None:
        why = f"both reviewers always chose {categories[alone]}"
    nobody = {"ppos": f"nobody chose {categories[0]}", "pneg": f"nobody chose {categories[1]}"}
    constant = any(coefficients.is_constant(counts))
    without_z = "a reviewer always chose one category" if constant else "the standard error is 0"
    reasons = {}
    for name, value in found.items():
        if value is not None:
            continue
        if name in nobody and n:
            reasons[name] = nobody[name]
        elif name.startswith("ac1") and n:
            reasons[name] = "one record has no interval"
        elif name.endswith(("_z", "_p")) and not why:
            reasons[name] = without_z
        else:
            reasons[name] = why
    return reasons


def rounded(found: Rounded, *, noise: float = _NOISE) -> Rounded:
    """
    Return numbers without the last digits, which differ between machines; small ones keep theirs.

    >>> rounded({"a": 0.1 + 0.2, "b": [-1e-17, 3]})
    {'a': 0.3, 'b': [0.0, 3]}

    A p value may be smaller than any noise:

    >>> rounded(coefficients.Kappa(0.1 + 0.2, se=1e-30, p=1e-30))
    Kappa(value=0.3, se=0.0, lo=None, hi=None, se0=None, z=None, p=1e-30, pe=None, why='')
    """
    return cast("Rounded", _rounded(found, noise))


def _rounded(found: object, noise: float) -> object:
    if isinstance(found, float):
        return 0.0 if abs(found) < noise else float(f"{found:.{_DIGITS}g}")
    if isinstance(found, dict):
        return {name: _rounded(value, noise) for name, value in found.items()}
    if isinstance(found, list):
        return [_rounded(value, noise) for value in found]
    if is_dataclass(found) and not isinstance(found, type):
        parts = ((each.name, getattr(found, each.name)) for each in fields(found))
        return replace(
            found, **{name: _rounded(value, 0.0 if name == "p" else noise) for name, value in parts}
        )
    return found


def _patterns(counts: list[list[int]]) -> dict[tuple[int, ...], int]:
    """Return the patterns of two reviewers' square table."""
    patterns: Counter[tuple[int, ...]] = Counter()
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            if n:
                patterns[tuple((k == i) + (k == j) for k in range(len(counts)))] += n
    return dict(patterns)


def statistics_of_all(
    counted: Tally, categories: Sequence[str], *, seed: int = 0, draws: int = 1000
) -> OverallStatistics:
    """
    Return every statistic of any number of reviewers; ``why`` names those that are undefined.

    Parameters
    ----------
    categories : in their order; where all are numbers, they are the values of alpha's levels.
    seed, draws : of the bootstrap of alpha.
    """
    patterns = counted.patterns
    pa = coefficients.observed_agreement(patterns)
    ac1, fleiss = coefficients.gwet_ac1(patterns), coefficients.fleiss_kappa(patterns)
    light = coefficients.light_kappa(list(counted.pairs.values())) if len(counted.pairs) > 1 else None
    alphas = _alphas(patterns, categories, seed=seed, draws=draws)
    why = dict.fromkeys(("pa", "bp"), coefficients.NO_PAIR if pa is None else "")
    why |= {"ac1": ac1.why, "fleiss": fleiss.why, "light": light.why if light else ""}
    why |= {f"alpha_{level}": alpha.why for level, alpha in alphas.items()}
    return rounded(
        OverallStatistics(
            n_items=sum(patterns.values()),
            n_pairable=sum(n for pattern, n in patterns.items() if sum(pattern) >= 2),
            pa=pa,
            ac1=ac1,
            fleiss=fleiss,
            fleiss_z=coefficients.fleiss_z(patterns),
            bp=coefficients.brennan_prediger(patterns),
            light=light,
            alpha_nominal=alphas["nominal"],
            alpha_ordinal=alphas["ordinal"],
            alpha_interval=alphas["interval"],
            alpha_ratio=alphas["ratio"],
            draws=draws,
            why={name: each for name, each in why.items() if each},
        )
    )


def _alphas(
    patterns: coefficients.Patterns, categories: Sequence[str], *, seed: int, draws: int
) -> dict[Level, Alpha]:
    """Return Krippendorff's alpha at each level of measurement."""
    values = _numbers(categories)
    found: dict[Level, Alpha] = {}
    for level in LEVELS:
        if len(categories) == 2 and values is None and level != "nominal":
            # There is one way to differ, whatever it costs.
            found[level] = found["nominal"]
            continue
        alpha = krippendorff_alpha(patterns, level=level, values=values)
        lo, hi, n_undefined = (
            (None, None, 0)
            if alpha.value is None
            else alpha_interval(patterns, level=level, values=values, draws=draws, seed=seed)
        )
        found[level] = Alpha(alpha.value, lo, hi, n_undefined, alpha.why)
    return found


def _distinct(matrix: np.ndarray, n_categories: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct rows of a matrix, and how often each occurs."""
    base = n_categories + 1
    n_reviewers = matrix.shape[1]
    n_codes = base**n_reviewers
    if n_codes >= 2**62:
        rows, times = np.unique(matrix, axis=0, return_counts=True)
        return rows, times
    codes = np.zeros(len(matrix), dtype=np.int64)
    for reviewer in range(n_reviewers):
        codes *= base
        codes += matrix[:, reviewer]
        codes += 1
    if n_codes <= max(1_000_000, len(matrix)):
        times = np.bincount(codes)
        distinct = np.flatnonzero(times)
        times = times[distinct]
    else:
        distinct, times = np.unique(codes, return_counts=True)
    rows = np.empty((len(distinct), n_reviewers), dtype=np.int64)
    rest = distinct.copy()
    for reviewer in reversed(range(n_reviewers)):
        rest, digit = np.divmod(rest, base)
        rows[:, reviewer] = digit - 1
    return rows, times


def _numbers(categories: Sequence[str]) -> list[float] | None:
    """Return categories as numbers where all of them are."""
    try:
        return [float(category) for category in categories]
    except ValueError:
        return None
