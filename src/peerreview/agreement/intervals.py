"""Quantiles behind 95% intervals: Student's t, and the exact limits of a share."""

import math
from collections.abc import Callable
from functools import cache

CONFIDENCE = 0.95


@cache
def student_t(p: float, df: int) -> float:
    """
    Return the quantile of Student's t distribution.

    >>> round(student_t(0.975, 11), 6)
    2.200985

    References
    ----------
    Abramowitz & Stegun (1964), 26.5.8 and 26.7.1: the incomplete beta function.
    """
    hi = 1.0
    while _t_below(hi, df) < p:
        hi *= 2
    return _where(lambda t: _t_below(t, df), p, hi)


@cache
def clopper_pearson(n_found: int, n: int) -> tuple[float, float]:
    """
    Return the exact 95% interval of a share, in [0, 1].

    Its coverage is at least 95% however few there are: a share of 19 of 20
    goes with anything from three quarters up.

    >>> [round(limit, 4) for limit in clopper_pearson(19, 20)]
    [0.7513, 0.9987]

    References
    ----------
    Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    tail = (1 - CONFIDENCE) / 2
    lo = _where(lambda x: _beta_share(x, n_found, n - n_found + 1), tail, 1.0) if n_found else 0.0
    hi = _where(lambda x: _beta_share(x, n_found + 1, n - n_found), 1 - tail, 1.0) if n_found < n else 1.0
    return lo, hi


def _where(share: Callable[[float], float], p: float, hi: float) -> float:
    """Return where in [0, hi] a rising share reaches p."""
    lo = 0.0
    for _ in range(200):
        middle = (lo + hi) / 2
        if middle in (lo, hi):
            break
        lo, hi = (middle, hi) if share(middle) < p else (lo, middle)
    return (lo + hi) / 2


def _t_below(t: float, df: int) -> float:
    """Return P(T <= t) for t >= 0."""
    return 1 - _beta_share(df / (df + t * t), df / 2, 0.5) / 2


def _beta_share(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), by Lentz's continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 10_000):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + top * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + top / c
            c = c if abs(c) > tiny else tiny
            result *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * result / a
