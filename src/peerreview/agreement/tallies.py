"""Judgements to counts, and counts to every statistic by its name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from peerreview.agreement import coefficients
from peerreview.agreement.alpha import LEVELS, alpha_interval, krippendorff_alpha

_ALPHA_PARTS = ("", "_lo", "_hi", "_undefined_draws")
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


def statistics_of_pair(counts: list[list[int]], categories: Sequence[str]) -> dict[str, Any]:
    """
    Return every statistic of two reviewers, by name; ``why`` names those that are undefined.

    Numbers are rounded to what is the same on every Python.
    """
    n = sum(map(sum, counts))
    kappa = coefficients.cohen_kappa(counts)
    scott = coefficients.scott_pi(counts)
    highest = coefficients.kappa_max(counts)
    found: dict[str, Any] = {
        "n_both": n,
        "table": counts,
        "percent": coefficients.percent_agreement(counts),
        "specific": {
            category: coefficients.specific_agreement(counts, place)
            for place, category in enumerate(categories)
        },
        "pe": kappa.pe,
    }
    for suffix, weighted in (
        ("", kappa),
        ("_linear", coefficients.cohen_kappa(counts, weights="linear")),
        ("_quadratic", coefficients.cohen_kappa(counts, weights="quadratic")),
    ):
        found[f"cohen{suffix}"] = weighted.value
        for part in ("se", "lo", "hi", "se0", "z", "p"):
            found[f"cohen{suffix}_{part}"] = getattr(weighted, part)
    found |= {"pabak": coefficients.pabak(counts), "scott": scott.value, "kappa_max": highest.value}
    ac1 = coefficients.gwet_ac1(_patterns(counts))
    found |= {"ac1": ac1.value, "ac1_se": ac1.se, "ac1_lo": ac1.lo, "ac1_hi": ac1.hi}
    if len(categories) == 2:
        found |= {
            "ppos": coefficients.specific_agreement(counts, 0),
            "pneg": coefficients.specific_agreement(counts, 1),
            "prevalence_index": coefficients.prevalence_index(counts),
            "bias_index": coefficients.bias_index(counts),
        }
    found["why"] = _why_undefined(found, counts, categories)
    return dict(rounded(found))


def _why_undefined(
    found: Mapping[str, Any], counts: list[list[int]], categories: Sequence[str]
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


def rounded(found: Any, *, noise: float = _NOISE) -> Any:
    """
    Return numbers without the last digits, which differ between machines; small ones keep theirs.

    >>> rounded({"a": 0.1 + 0.2, "b": [-1e-17, 3], "b_p": 1e-30})
    {'a': 0.3, 'b': [0.0, 3], 'b_p': 1e-30}
    """
    if isinstance(found, float):
        return 0.0 if abs(found) < noise else float(f"{found:.{_DIGITS}g}")
    if isinstance(found, dict):
        # A p value may be smaller than any noise.
        return {
            name: rounded(value, noise=0.0 if str(name).endswith("_p") else noise)
            for name, value in found.items()
        }
    return [rounded(value, noise=noise) for value in found] if isinstance(found, list) else found


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
) -> dict[str, Any]:
    """Return every statistic of any number of reviewers, by name; ``why`` names those that are undefined."""
    patterns = counted.patterns
    values = _numbers(categories)
    found: dict[str, Any] = {
        "n_items": sum(patterns.values()),
        "n_pairable": sum(n for pattern, n in patterns.items() if sum(pattern) >= 2),
        "pa": coefficients.observed_agreement(patterns),
    }
    why: dict[str, str] = {}
    if found["pa"] is None:
        why["pa"] = why["bp"] = coefficients.NO_PAIR
    for name, estimate in (
        ("ac1", coefficients.gwet_ac1(patterns)),
        ("fleiss", coefficients.fleiss_kappa(patterns)),
    ):
        found |= {name: estimate.value, f"{name}_se": estimate.se}
        found |= {f"{name}_lo": estimate.lo, f"{name}_hi": estimate.hi}
        if estimate.why:
            why[name] = estimate.why
    found["fleiss_z"] = coefficients.fleiss_z(patterns)
    found["bp"] = coefficients.brennan_prediger(patterns)
    if len(counted.pairs) > 1:
        light = coefficients.light_kappa(list(counted.pairs.values()))
        found["light"] = light.value
        if light.why:
            why["light"] = light.why
    for level in LEVELS:
        name = f"alpha_{level}"
        if len(categories) == 2 and values is None and level != "nominal":
            # There is one way to differ, whatever it costs.
            found |= {f"{name}{part}": found[f"alpha_nominal{part}"] for part in _ALPHA_PARTS}
            why |= {name: why["alpha_nominal"]} if "alpha_nominal" in why else {}
            continue
        alpha = krippendorff_alpha(patterns, level=level, values=values)
        lo, hi, n_undefined = (
            (None, None, 0)
            if alpha.value is None
            else alpha_interval(patterns, level=level, values=values, draws=draws, seed=seed)
        )
        found |= dict(
            zip((f"{name}{part}" for part in _ALPHA_PARTS), (alpha.value, lo, hi, n_undefined), strict=True)
        )
        if alpha.why:
            why[name] = alpha.why
    found["draws"] = draws
    found["why"] = why
    return dict(rounded(found))


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
