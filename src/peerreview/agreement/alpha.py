"""Krippendorff's alpha of any number of reviewers, with its bootstrap interval."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from peerreview.agreement.coefficients import NO_PAIR, ONE_CATEGORY, Estimate, Patterns, within_one
from peerreview.agreement.intervals import CONFIDENCE

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")


def krippendorff_alpha(
    patterns: Patterns, *, level: Level = "nominal", values: Sequence[float] | None = None
) -> Estimate:
    """
    Return Krippendorff's alpha, for any number of reviewers and missing judgements.

    Parameters
    ----------
    level : of measurement; what a disagreement costs.
    values : of the categories, for ``interval`` and ``ratio``; 1, 2, 3 … if None.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability, https://repository.upenn.edu/asc_papers/43.

    Examples
    --------
    Krippendorff (2011), part A, prints .095 for ten units of two observers:

    >>> round(krippendorff_alpha({(2, 0): 5, (1, 1): 4, (0, 2): 1}).value, 3)
    0.095
    """
    if not patterns:
        return Estimate(None, why=NO_PAIR)
    # In one order, so that sums are the same to the last digit.
    ordered = sorted(patterns.items())
    table = np.asarray([pattern for pattern, _ in ordered], dtype=float)
    times = np.asarray([n for _, n in ordered], dtype=float)
    alpha = _alphas(table, times[np.newaxis, :], level, values)[0]
    if not math.isnan(alpha):
        return Estimate(float(alpha))
    return Estimate(None, why=ONE_CATEGORY if any(sum(pattern) >= 2 for pattern in patterns) else NO_PAIR)


def alpha_interval(
    patterns: Patterns,
    *,
    level: Level = "nominal",
    values: Sequence[float] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float | None, float | None, int]:
    """
    Return a 95% bootstrap interval of alpha over records, and how many draws were undefined.

    The same seed gives the same interval. None where more than half of the draws are undefined.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13
    (percentiles); records are drawn as multinomial counts of their patterns.
    """
    ordered = sorted(patterns.items())
    n = sum(patterns.values())
    if not n:
        return None, None, draws
    table = np.asarray([pattern for pattern, _ in ordered], dtype=float)
    share = np.asarray([times for _, times in ordered], dtype=float) / n
    # The stream of RandomState never changes between versions of numpy.
    times = np.random.RandomState(seed).multinomial(n, share / share.sum(), size=draws)
    alphas = _alphas(table, times.astype(float), level, values)
    defined = np.sort(alphas[~np.isnan(alphas)])
    n_undefined = draws - len(defined)
    if n_undefined * 2 > draws or not len(defined):
        return None, None, n_undefined
    lo, hi = np.quantile(defined, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return within_one(float(lo)), within_one(float(hi)), n_undefined


def _alphas(table: np.ndarray, times: np.ndarray, level: Level, values: Sequence[float] | None) -> np.ndarray:
    """Return alpha of each row of ``times``: how often each pattern (a row of ``table``) occurs."""
    sizes = table.sum(axis=1)
    pairable = sizes >= 2
    table, times, sizes = table[pairable], times[:, pairable], sizes[pairable]
    k = table.shape[1]
    undefined = np.full(times.shape[0], np.nan)
    if not len(table):
        return undefined
    coincidences = table[:, :, np.newaxis] * table[:, np.newaxis, :]
    coincidences[:, range(k), range(k)] -= table
    coincidences /= (sizes - 1)[:, np.newaxis, np.newaxis]
    observed = (times @ coincidences.reshape(len(table), k * k)).reshape(-1, k, k)
    totals = observed.sum(axis=2)
    n = totals.sum(axis=1)
    costs = _costs(totals, level, values)
    by_chance = (totals[:, :, np.newaxis] * totals[:, np.newaxis, :] * costs).sum(axis=(1, 2))
    defined = (n > 1) & (by_chance > 0)
    differing = (observed * costs).sum(axis=(1, 2))
    undefined[defined] = 1 - (n[defined] - 1) * differing[defined] / by_chance[defined]
    return undefined


def _costs(totals: np.ndarray, level: Level, values: Sequence[float] | None) -> np.ndarray:
    """Return the squared difference of each two categories, for each row of totals."""
    k = totals.shape[1]
    if level == "nominal":
        return np.broadcast_to(1.0 - np.eye(k), (len(totals), k, k))
    if level == "ordinal":
        # Ranks: the judgements up to a category, half of its own.
        ranks = np.cumsum(totals, axis=1) - totals / 2
        return (ranks[:, :, np.newaxis] - ranks[:, np.newaxis, :]) ** 2
    points = np.asarray(values if values is not None else range(1, k + 1), dtype=float)
    apart = points[:, np.newaxis] - points[np.newaxis, :]
    if level == "ratio":
        sums = points[:, np.newaxis] + points[np.newaxis, :]
        apart = np.divide(apart, sums, out=np.zeros_like(apart), where=sums != 0)
    return np.broadcast_to(apart**2, (len(totals), k, k))
