"""
Agreement between reviewers as functions of counts.

Two reviewers are a square table: ``counts[i][j]`` records that the first put
in category i and the second in j. Any number of reviewers are patterns:
how many put a record in each category, and how many records have that
pattern; a record that a reviewer did not judge has a smaller sum.
An undefined value is None, and ``why`` says so.
``agree_pairwise`` counts what people said of other things than records.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from statistics import NormalDist
from typing import Literal, TypeVar

import numpy as np

from peerreview.tables import RESOLUTIONS

Table = Sequence[Sequence[int]]
Patterns = Mapping[tuple[int, ...], int]
Weights = Literal["none", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")

NO_PAIR = "no record was judged by two reviewers"
ONE_CATEGORY = "all judgements are of one category"
CONFIDENCE = 0.95
_ALMOST = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its standard error and 95% interval; None where undefined, and ``why``."""

    value: float | None
    se: float | None = None
    lo: float | None = None
    hi: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Kappa:
    """
    Cohen's kappa.

    ``pe`` is agreement by chance in [0, 1]. ``se0``, ``z`` and ``p`` are of
    the hypothesis that kappa is 0, which is of little use.
    """

    value: float | None
    se: float | None = None
    lo: float | None = None
    hi: float | None = None
    se0: float | None = None
    z: float | None = None
    p: float | None = None
    pe: float | None = None
    why: str = ""


def cohen_kappa(counts: Table, *, weights: Weights = "none") -> Kappa:
    """
    Return Cohen's kappa of two reviewers, with its 95% interval.

    Undefined where both always chose the same one category, or share no record.

    Parameters
    ----------
    counts : k x k; rows are the first reviewer's categories.
    weights : partial credit for near categories, in the order of the table.

    References
    ----------
    Cohen (1960), doi:10.1177/001316446002000104; weights: Cohen (1968),
    doi:10.1037/h0026256; interval: Fleiss, Cohen & Everitt (1969),
    doi:10.1037/h0028106.

    Examples
    --------
    Cohen (1960), table 1, prints .492:

    >>> kappa = cohen_kappa([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    >>> round(kappa.value, 3)
    0.492
    """
    n = _total(counts)
    if not n:
        return Kappa(None, why=NO_PAIR)
    size = range(len(counts))
    share = [[counts[i][j] / n for j in size] for i in size]
    rows = [sum(share[i]) for i in size]
    columns = [sum(share[i][j] for i in size) for j in size]
    credit = [[_credit(i, j, len(counts), weights) for j in size] for i in size]
    po = sum(credit[i][j] * share[i][j] for i in size for j in size)
    pe = sum(credit[i][j] * rows[i] * columns[j] for i in size for j in size)
    if 1 - pe < _ALMOST:
        return Kappa(None, pe=pe, why=ONE_CATEGORY)
    kappa = (po - pe) / (1 - pe)
    by_row = [sum(credit[i][j] * columns[j] for j in size) for i in size]
    by_column = [sum(credit[i][j] * rows[i] for i in size) for j in size]
    spread = sum(
        share[i][j] * (credit[i][j] - (by_row[i] + by_column[j]) * (1 - kappa)) ** 2
        for i in size
        for j in size
    )
    null = sum(
        rows[i] * columns[j] * (credit[i][j] - (by_row[i] + by_column[j])) ** 2 for i in size for j in size
    )
    se = _root((spread - (kappa - pe * (1 - kappa)) ** 2) / (n * (1 - pe) ** 2))
    se0 = _root((null - pe**2) / (n * (1 - pe) ** 2))
    half = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * se
    z = kappa / se0 if se0 > 0 else None
    p = math.erfc(abs(z) / math.sqrt(2)) if z is not None else None
    return Kappa(kappa, se, kappa - half, kappa + half, se0, z, p, pe)


def percent_agreement(counts: Table) -> float | None:
    """Return the share of records on which two reviewers agree, in [0, 1]; None of no record."""
    n = _total(counts)
    return sum(counts[k][k] for k in range(len(counts))) / n if n else None


def specific_agreement(counts: Table, category: int) -> float | None:
    """
    Return how often both chose a category, of the records where either did, in [0, 1].

    Positive and negative agreement are those of include and exclude; None
    where nobody chose the category.

    References
    ----------
    Cicchetti & Feinstein (1990), doi:10.1016/0895-4356(90)90159-M.
    """
    chosen = sum(counts[category]) + sum(row[category] for row in counts)
    return 2 * counts[category][category] / chosen if chosen else None


def pabak(counts: Table) -> float | None:
    """
    Return prevalence- and bias-adjusted kappa: kappa, had all categories been as frequent.

    References
    ----------
    Byrt, Bishop & Carlin (1993), doi:10.1016/0895-4356(93)90018-V; for
    more than two categories: Brennan & Prediger (1981), doi:10.1177/001316448104100307.

    Examples
    --------
    Sim & Wright (2005), doi:10.1093/ptj/85.3.257, table 1, print .69:

    >>> round(pabak([[22, 2], [4, 11]]), 2)
    0.69
    """
    percent = percent_agreement(counts)
    k = len(counts)
    return None if percent is None else (k * percent - 1) / (k - 1)


def scott_pi(counts: Table) -> Estimate:
    """
    Return Scott's pi: kappa, were both reviewers' shares of categories the same.

    References
    ----------
    Scott (1955), doi:10.1086/266577.

    Examples
    --------
    Gwet (2002) prints -.0288:

    >>> round(scott_pi([[118, 5], [2, 0]]).value, 4)
    -0.0288
    """
    n = _total(counts)
    if not n:
        return Estimate(None, why=NO_PAIR)
    pe = sum(((sum(counts[k]) + sum(row[k] for row in counts)) / (2 * n)) ** 2 for k in range(len(counts)))
    if 1 - pe < _ALMOST:
        return Estimate(None, why=ONE_CATEGORY)
    return Estimate((sum(counts[k][k] for k in range(len(counts))) / n - pe) / (1 - pe))


def kappa_max(counts: Table) -> Estimate:
    """
    Return the highest kappa that two reviewers can reach with their own shares of categories.

    References
    ----------
    Cohen (1960), doi:10.1177/001316446002000104; Umesh, Peterson &
    Sauber (1989), doi:10.1177/001316448904900407.
    """
    kappa = cohen_kappa(counts)
    if kappa.pe is None or kappa.value is None:
        return Estimate(None, why=kappa.why)
    n = _total(counts)
    most = sum(min(sum(counts[k]), sum(row[k] for row in counts)) / n for k in range(len(counts)))
    return Estimate((most - kappa.pe) / (1 - kappa.pe))


def prevalence_index(counts: Table) -> float | None:
    """Return the share of both-first less both-second category, in [-1, 1]: Byrt et al. (1993)."""
    n = _total(counts)
    return (counts[0][0] - counts[1][1]) / n if n else None


def bias_index(counts: Table) -> float | None:
    """Return how much oftener the first reviewer chose the first category, in [-1, 1]: Byrt et al. (1993)."""
    n = _total(counts)
    return (counts[0][1] - counts[1][0]) / n if n else None


def observed_agreement(patterns: Patterns) -> float | None:
    """
    Return the share of agreeing pairs of reviewers, averaged over records with two judgements or more.

    References
    ----------
    Fleiss (1971), doi:10.1037/h0031619; Gwet (2008), doi:10.1348/000711006X126600.
    """
    pairable = {pattern: n for pattern, n in patterns.items() if sum(pattern) >= 2}
    n_pairable = sum(pairable.values())
    if not n_pairable:
        return None
    return sum(n * _agreeing(pattern) for pattern, n in pairable.items()) / n_pairable


def gwet_ac1(patterns: Patterns) -> Estimate:
    """
    Return Gwet's AC1, which keeps its value where nearly all judgements are of one category.

    The number of categories declared counts, used or not.

    References
    ----------
    Gwet (2008), doi:10.1348/000711006X126600; interval by linearisation
    with n - 1 and Student's t: Gwet (2014), Handbook of Inter-Rater
    Reliability, 4th ed.

    Examples
    --------
    Gwet (2014) prints .84933 for 100 patients and two abstractors:

    >>> patterns = {(2, 0, 0): 13, (0, 2, 0): 20, (0, 1, 1): 11, (0, 0, 2): 56}
    >>> round(gwet_ac1(patterns).value, 5)
    0.84933
    """
    shares = _shares(patterns)
    if shares is None:
        return Estimate(None, why=NO_PAIR)
    chance = sum(share * (1 - share) for share in shares) / (len(shares) - 1)
    return _linearised(
        patterns,
        chance,
        lambda pattern: (
            sum(n * (1 - share) for n, share in zip(pattern, shares, strict=True))
            / (sum(pattern) * (len(shares) - 1))
        ),
    )


def fleiss_kappa(patterns: Patterns) -> Estimate:
    """
    Return Fleiss' kappa; where judgements are missing, by Gwet's estimator.

    References
    ----------
    Fleiss (1971), doi:10.1037/h0031619; missing judgements and interval: Gwet
    (2014), Handbook of Inter-Rater Reliability, 4th ed.

    Examples
    --------
    For two reviewers it is Scott's pi:

    >>> round(fleiss_kappa({(2, 0): 118, (1, 1): 7}).value, 4)
    -0.0288
    """
    shares = _shares(patterns)
    if shares is None:
        return Estimate(None, why=NO_PAIR)
    chance = sum(share**2 for share in shares)
    return _linearised(
        patterns,
        chance,
        lambda pattern: sum(n * share for n, share in zip(pattern, shares, strict=True)) / sum(pattern),
    )


def fleiss_z(patterns: Patterns) -> float | None:
    """
    Return Fleiss' kappa over its standard error were it 0; None where numbers of judgements differ.

    References
    ----------
    Fleiss, Nee & Landis (1979), doi:10.1037/0033-2909.86.5.974.
    """
    kappa = fleiss_kappa(patterns).value
    sizes = {sum(pattern) for pattern in patterns}
    shares = _shares(patterns)
    if kappa is None or len(sizes) != 1 or shares is None:
        return None
    m, n = sizes.pop(), sum(patterns.values())
    spread = sum(share * (1 - share) for share in shares)
    skew = sum(share * (1 - share) * (1 - 2 * share) for share in shares)
    variance = 2 * (spread**2 - skew) / (n * m * (m - 1) * spread**2)
    return kappa / math.sqrt(variance) if variance > 0 else None


def brennan_prediger(patterns: Patterns) -> float | None:
    """
    Return agreement corrected for chance, were all categories as likely.

    References
    ----------
    Brennan & Prediger (1981), doi:10.1177/001316448104100307.
    """
    observed = observed_agreement(patterns)
    k = len(next(iter(patterns), ()))
    return None if observed is None else (k * observed - 1) / (k - 1)


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
    table = np.asarray([*patterns], dtype=float)
    times = np.asarray([*patterns.values()], dtype=float)
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
    return float(lo), float(hi), n_undefined


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
    lo, hi = 0.0, 1.0
    while _t_below(hi, df) < p:
        hi *= 2
    for _ in range(200):
        middle = (lo + hi) / 2
        if middle in (lo, hi):
            break
        lo, hi = (middle, hi) if _t_below(middle, df) < p else (lo, middle)
    return (lo + hi) / 2


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


def _linearised(
    patterns: Patterns, chance: float, own_chance: Callable[[tuple[int, ...]], float]
) -> Estimate:
    """Return (pa - pe) / (1 - pe) with Gwet's variance: each record's own share in pa and pe."""
    observed = observed_agreement(patterns)
    if observed is None:
        return Estimate(None, why=NO_PAIR)
    if 1 - chance < _ALMOST:
        return Estimate(None, why=ONE_CATEGORY)
    value = (observed - chance) / (1 - chance)
    n = sum(patterns.values())
    if n < 2:
        return Estimate(value, why="one record has no interval")
    n_pairable = sum(times for pattern, times in patterns.items() if sum(pattern) >= 2)
    spread = 0.0
    for pattern, times in patterns.items():
        own = 0.0
        if sum(pattern) >= 2:
            own = (n / n_pairable) * (_agreeing(pattern) - chance) / (1 - chance)
        own -= 2 * (1 - value) * (own_chance(pattern) - chance) / (1 - chance)
        spread += times * (own - value) ** 2
    se = math.sqrt(spread / (n * (n - 1)))
    half = student_t(0.5 + CONFIDENCE / 2, n - 1) * se
    return Estimate(value, se, value - half, min(1.0, value + half))


def _shares(patterns: Patterns) -> list[float] | None:
    """Return each category's share, the mean of its shares over judged records; None of no pair."""
    if not any(sum(pattern) >= 2 for pattern in patterns):
        return None
    n = sum(patterns.values())
    k = len(next(iter(patterns)))
    return [
        sum(times * pattern[category] / sum(pattern) for pattern, times in patterns.items()) / n
        for category in range(k)
    ]


def _agreeing(pattern: Sequence[int]) -> float:
    m = sum(pattern)
    return sum(n * (n - 1) for n in pattern) / (m * (m - 1))


def _credit(i: int, j: int, k: int, weights: Weights) -> float:
    if weights == "none":
        return float(i == j)
    apart = abs(i - j) / (k - 1)
    return 1 - (apart if weights == "linear" else apart**2)


def _total(counts: Table) -> int:
    return sum(sum(row) for row in counts)


def _root(variance: float) -> float:
    # Rounding leaves a variance of zero a hair below it.
    return math.sqrt(variance) if variance > 1e-18 else 0.0


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


Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True)
class Pair:
    """Two people's agreement on ``n`` things that both judged; ``percent`` in [0, 1], None of nothing."""

    first: str
    second: str
    n: int
    percent: float | None
    kappa: Kappa


def agree_pairwise(said: Mapping[str, Mapping[Thing, str]], categories: Sequence[str]) -> list[Pair]:
    """
    Return the agreement of each pair of people who judged something in common.

    Parameters
    ----------
    said : person → thing → one of ``categories``. What settled a difference
        (``consensus``, ``adjudicator``) is no independent judgement and is left out.

    References
    ----------
    Cohen (1960), doi:10.1177/001316446002000104.
    """
    place = {category: position for position, category in enumerate(categories)}
    people = sorted(person for person in said if person and person.casefold() not in RESOLUTIONS)
    pairs = []
    for first, second in combinations(people, 2):
        common = [thing for thing in said[first] if thing in said[second]]
        if not common:
            continue
        counts = [[0] * len(categories) for _ in categories]
        for thing in common:
            counts[place[said[first][thing]]][place[said[second][thing]]] += 1
        pairs.append(Pair(first, second, len(common), percent_agreement(counts), cohen_kappa(counts)))
    return pairs
