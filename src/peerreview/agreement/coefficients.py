"""
Agreement between reviewers as functions of counts.

Two reviewers are a square table: ``counts[i][j]`` records that the first put
in category i and the second in j. Any number of reviewers are patterns:
how many put a record in each category, and how many records have that
pattern; a record that a reviewer did not judge has a smaller sum.
An undefined value is None, and ``why`` says so. Limits of an interval are
within what a coefficient can be. Sums are exact (``fsum``), so that they are
the same whatever the order, and on every Python.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import NormalDist
from typing import Literal

from peerreview.agreement.intervals import CONFIDENCE, student_t

Table = Sequence[Sequence[int]]
Patterns = Mapping[tuple[int, ...], int]
Weights = Literal["none", "linear", "quadratic"]

NO_PAIR = "no record was judged by two reviewers"
ONE_CATEGORY = "all judgements are of one category"
OUT_OF_RANGE = "what was judged once has other categories than what was judged twice"
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

    @property
    def estimate(self) -> Estimate:
        """Kappa with its standard error and interval alone."""
        return Estimate(self.value, self.se, self.lo, self.hi, self.why)


def cohen_kappa(counts: Table, *, weights: Weights = "none") -> Kappa:
    """
    Return Cohen's kappa of two reviewers, with its 95% interval.

    Undefined where both always chose the same one category, or share no record.
    Where one reviewer alone is constant, kappa is 0 whatever the other said:
    its standard error is 0, and there is neither z nor p.

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

    Landis & Koch (1977), doi:10.2307/2529310, print .208 for 149 patients of
    two neurologists, and .297 for 69 others (the counts are also MSPatients in R's vcd):

    >>> winnipeg = [[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]]
    >>> new_orleans = [[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]]
    >>> round(cohen_kappa(winnipeg).value, 3), round(cohen_kappa(new_orleans).value, 3)
    (0.208, 0.297)

    Viera & Garrett (2005), Family Medicine 37(5):360-3, print .85 agreement,
    .65 by chance, kappa .57:

    >>> kappa = cohen_kappa([[15, 5], [10, 70]])
    >>> round(percent_agreement([[15, 5], [10, 70]]), 2), round(kappa.pe, 2), round(kappa.value, 2)
    (0.85, 0.65, 0.57)

    The manual of epiR prints 0.67 and z 11.53 for 291 salmon at two laboratories:

    >>> kappa = cohen_kappa([[19, 6], [10, 256]])
    >>> round(kappa.value, 2), round(kappa.z, 2)
    (0.67, 11.53)

    McHugh (2012), doi:10.11613/BM.2012.031, prints .94 agreement of 222, .57 by chance, and goes
    on with these two, rounded: kappa comes out a little lower than it is:

    >>> counts = [[147, 3], [10, 62]]
    >>> round(percent_agreement(counts), 2), round(cohen_kappa(counts).pe, 2)
    (0.94, 0.57)
    >>> round((0.94 - 0.57) / (1 - 0.57), 3), round(cohen_kappa(counts).value, 3)
    (0.86, 0.863)
    """
    n = _total(counts)
    if not n:
        return Kappa(None, why=NO_PAIR)
    size = range(len(counts))
    share = [[counts[i][j] / n for j in size] for i in size]
    rows = [sum(counts[i]) / n for i in size]
    columns = [sum(counts[i][j] for i in size) / n for j in size]
    credit = [[_credit(i, j, len(counts), weights) for j in size] for i in size]
    po = fsum(credit[i][j] * counts[i][j] for i in size for j in size) / n
    pe = fsum(credit[i][j] * rows[i] * columns[j] for i in size for j in size)
    if used_alone(counts) is not None:
        return Kappa(None, pe=1.0, why=ONE_CATEGORY)
    if any(is_constant(counts)):
        # Observed and expected agreement are the same by necessity; rounding would make a hair of it.
        return Kappa(0.0, 0.0, 0.0, 0.0, se0=0.0, pe=pe)
    kappa = (po - pe) / (1 - pe)
    by_row = [fsum(credit[i][j] * columns[j] for j in size) for i in size]
    by_column = [fsum(credit[i][j] * rows[i] for i in size) for j in size]
    spread = fsum(
        share[i][j] * (credit[i][j] - (by_row[i] + by_column[j]) * (1 - kappa)) ** 2
        for i in size
        for j in size
    )
    null = fsum(
        rows[i] * columns[j] * (credit[i][j] - (by_row[i] + by_column[j])) ** 2 for i in size for j in size
    )
    se = _root((spread - (kappa - pe * (1 - kappa)) ** 2) / (n * (1 - pe) ** 2))
    se0 = _root((null - pe**2) / (n * (1 - pe) ** 2))
    half = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * se
    z = kappa / se0 if se0 > 0 else None
    p = math.erfc(abs(z) / math.sqrt(2)) if z is not None else None
    return Kappa(kappa, se, within_one(kappa - half), within_one(kappa + half), se0, z, p, pe)


def is_constant(counts: Table) -> tuple[bool, bool]:
    """
    Return whether the first, and whether the second reviewer put all shared records in one category.

    >>> is_constant([[0, 0], [31, 29]])
    (True, False)
    """
    rows = [any(row) for row in counts]
    columns = [any(column) for column in zip(*counts, strict=True)]
    return sum(rows) == 1, sum(columns) == 1


def used_alone(counts: Table) -> int | None:
    """
    Return the one category that both reviewers chose for every record they share; None where there are more.

    >>> used_alone([[0, 0], [0, 40]])
    1
    """
    n = _total(counts)
    return next((k for k in range(len(counts)) if n and counts[k][k] == n), None)


def within_one(limit: float) -> float:
    """Return a limit of an interval within -1 and 1, which no coefficient leaves."""
    return min(1.0, max(-1.0, limit))


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

    Examples
    --------
    Feinstein & Cicchetti (1990), doi:10.1016/0895-4356(90)90158-L, show two tables with
    85% agreement whose kappas are .70 and .32; what differs is agreement on the rarer category:

    >>> even, uneven = [[40, 9], [6, 45]], [[80, 10], [5, 5]]
    >>> round(cohen_kappa(even).value, 2), round(cohen_kappa(uneven).value, 2)
    (0.7, 0.32)
    >>> round(specific_agreement(even, 1), 2), round(specific_agreement(uneven, 1), 2)
    (0.86, 0.4)
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

    Byrt et al., tables 1 and 2 (which they take from Feinstein & Cicchetti), print kappas of .70
    and .32 for the same 85% agreement. PABAK is the same, and kappa follows from it and from the
    indices of prevalence and bias by their equation 1:

    >>> tables = [[40, 9], [6, 45]], [[80, 10], [5, 5]]
    >>> [round(percent_agreement(counts), 2) for counts in tables]
    [0.85, 0.85]
    >>> [round(pabak(counts), 2) for counts in tables]
    [0.7, 0.7]
    >>> squares = [(prevalence_index(counts) ** 2, bias_index(counts) ** 2) for counts in tables]
    >>> [round((0.7 - prevalence + bias) / (1 - prevalence + bias), 2) for prevalence, bias in squares]
    [0.7, 0.32]
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
    Gwet (2002) prints -.0288, and -.0234 for Cohen's kappa, of the same 94.4% agreement:

    >>> counts = [[118, 5], [2, 0]]
    >>> round(scott_pi(counts).value, 4), round(cohen_kappa(counts).value, 4), percent_agreement(counts)
    (-0.0288, -0.0234, 0.944)
    """
    n = _total(counts)
    if not n:
        return Estimate(None, why=NO_PAIR)
    pe = fsum(((sum(counts[k]) + sum(row[k] for row in counts)) / (2 * n)) ** 2 for k in range(len(counts)))
    if used_alone(counts) is not None:
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
    if any(is_constant(counts)):
        return Estimate(0.0)
    most = sum(min(sum(counts[k]), sum(row[k] for row in counts)) for k in range(len(counts))) / n
    return Estimate((most - kappa.pe) / (1 - kappa.pe))


def light_kappa(tables: Sequence[Table]) -> Estimate:
    """
    Return Light's kappa of three reviewers or more: the mean of Cohen's kappa of each two.

    Undefined where that of any two is who share records.

    References
    ----------
    Light (1971), doi:10.1037/h0031643.

    Examples
    --------
    >>> round(light_kappa([[[40, 9], [6, 45]], [[80, 10], [5, 5]], [[0, 0], [0, 0]]]).value, 2)
    0.51
    """
    kappas = [cohen_kappa(counts) for counts in tables if _total(counts)]
    values = [kappa.value for kappa in kappas if kappa.value is not None]
    if not kappas:
        return Estimate(None, why=NO_PAIR)
    if len(values) < len(kappas):
        n_undefined = len(kappas) - len(values)
        return Estimate(None, why=f"Cohen's kappa of {n_undefined} of {len(kappas)} pairs is undefined")
    return Estimate(fsum(values) / len(values))


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
    return fsum(n * _agreeing(pattern) for pattern, n in pairable.items()) / n_pairable


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

    For 12 units and four raters, some of them missing, it prints .77544, standard error .14295:

    >>> full = {(0, 4, 0, 0, 0): 2, (0, 3, 1, 0, 0): 1, (0, 0, 4, 0, 0): 2, (0, 0, 0, 4, 0): 1}
    >>> full |= {(1, 1, 1, 1, 0): 1, (3, 1, 0, 0, 0): 1}
    >>> missing = {(3, 0, 0, 0, 0): 1, (2, 0, 0, 0, 0): 1, (0, 0, 0, 0, 3): 1, (0, 0, 1, 0, 0): 1}
    >>> round(gwet_ac1(full | missing).value, 5), round(gwet_ac1(full | missing).se, 5)
    (0.77544, 0.14295)
    """
    shares = _shares(patterns)
    if shares is None:
        return Estimate(None, why=NO_PAIR)
    chance = fsum(share * (1 - share) for share in shares) / (len(shares) - 1)
    return _linearised(
        patterns,
        chance,
        lambda pattern: (
            fsum(n * (1 - share) for n, share in zip(pattern, shares, strict=True))
            / (sum(pattern) * (len(shares) - 1))
        ),
    )


def fleiss_kappa(patterns: Patterns) -> Estimate:
    """
    Return Fleiss' kappa; where judgements are missing, by Gwet's estimator.

    That takes agreement from records judged twice, and chance from all: where
    these are of other categories it may fall below -1, and is undefined.

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
    chance = fsum(share**2 for share in shares)
    return _linearised(
        patterns,
        chance,
        lambda pattern: fsum(n * share for n, share in zip(pattern, shares, strict=True)) / sum(pattern),
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
    spread = fsum(share * (1 - share) for share in shares)
    skew = fsum(share * (1 - share) * (1 - 2 * share) for share in shares)
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
    if value < -1 - _ALMOST:
        return Estimate(None, why=OUT_OF_RANGE)
    n = sum(patterns.values())
    if n < 2:
        return Estimate(value, why="one record has no interval")
    n_pairable = sum(times for pattern, times in patterns.items() if sum(pattern) >= 2)
    squares = []
    for pattern, times in patterns.items():
        own = 0.0
        if sum(pattern) >= 2:
            own = (n / n_pairable) * (_agreeing(pattern) - chance) / (1 - chance)
        own -= 2 * (1 - value) * (own_chance(pattern) - chance) / (1 - chance)
        squares.append(times * (own - value) ** 2)
    se = _root(fsum(squares) / (n * (n - 1)))
    half = student_t(0.5 + CONFIDENCE / 2, n - 1) * se
    return Estimate(value, se, within_one(value - half), within_one(value + half))


def _shares(patterns: Patterns) -> list[float] | None:
    """Return each category's share, the mean of its shares over judged records; None of no pair."""
    if not any(sum(pattern) >= 2 for pattern in patterns):
        return None
    n = sum(patterns.values())
    k = len(next(iter(patterns)))
    return [
        fsum(times * pattern[category] / sum(pattern) for pattern, times in patterns.items()) / n
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
