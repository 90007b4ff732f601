import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peerreview import coefficients as co

Ratings = Sequence[Sequence[str]]


def _square(ratings: Ratings, categories: Sequence[str], pair: tuple[str, str]) -> list[list[int]]:
    said: dict[str, dict[str, str]] = {}
    for item, reviewer, value in ratings:
        said.setdefault(item, {})[reviewer] = value
    counts = [[0] * len(categories) for _ in categories]
    for votes in said.values():
        if pair[0] in votes and pair[1] in votes:
            counts[categories.index(votes[pair[0]])][categories.index(votes[pair[1]])] += 1
    return counts


def _patterns(ratings: Ratings, categories: Sequence[str]) -> Counter[tuple[int, ...]]:
    said: dict[str, Counter[str]] = {}
    for item, _, value in ratings:
        said.setdefault(item, Counter())[value] += 1
    return Counter(tuple(votes[category] for category in categories) for votes in said.values())


def _measured(case: dict[str, Any]) -> dict[str, Any]:
    categories = case["categories"]
    ratings = [rating for rating in case["ratings"] if rating[1] != case["adjudicator"]]
    reviewers = list(dict.fromkeys(rating[1] for rating in ratings))
    patterns = _patterns(ratings, categories)
    numeric = all(category.isdigit() for category in categories)
    values = [float(category) for category in categories] if numeric else None
    found: dict[str, Any] = {
        "n_items": sum(patterns.values()),
        "n_pairable": sum(n for pattern, n in patterns.items() if sum(pattern) > 1),
        "pa": co.observed_agreement(patterns),
        "bp": co.brennan_prediger(patterns),
        "fleiss_z": co.fleiss_z(patterns),
    }
    for name, estimate in (("ac1", co.gwet_ac1(patterns)), ("fleiss", co.fleiss_kappa(patterns))):
        found |= {name: estimate.value, f"{name}_se": estimate.se}
        found |= {f"{name}_lo": estimate.lo, f"{name}_hi": estimate.hi}
    for level in co.LEVELS:
        found[f"alpha_{level}"] = co.krippendorff_alpha(patterns, level=level, values=values).value
    pairs = [(a, b) for place, a in enumerate(reviewers) for b in reviewers[place + 1 :]]
    squares = {pair: _square(ratings, categories, pair) for pair in pairs}
    found["pairs"] = {
        "|".join(pair): [sum(map(sum, table)), co.percent_agreement(table), co.cohen_kappa(table).value]
        for pair, table in squares.items()
    }
    if len(reviewers) == 2:
        counts = (
            squares[tuple(sorted(reviewers))] if tuple(sorted(reviewers)) in squares else squares[pairs[0]]
        )
        found |= {"n_both": sum(map(sum, counts)), "percent": co.percent_agreement(counts)}
        found |= {"pabak": co.pabak(counts), "scott": co.scott_pi(counts).value}
        found |= {"kappa_max": co.kappa_max(counts).value, "pe": co.cohen_kappa(counts).pe}
        for suffix, weights in (("", "none"), ("_linear", "linear"), ("_quadratic", "quadratic")):
            kappa = co.cohen_kappa(counts, weights=weights)  # type: ignore[arg-type]
            found[f"cohen{suffix}"] = kappa.value
            for part in ("se", "lo", "hi", "se0", "z", "p"):
                found[f"cohen{suffix}_{part}"] = getattr(kappa, part)
        if len(categories) == 2:
            found |= {"prevalence_index": co.prevalence_index(counts), "bias_index": co.bias_index(counts)}
            found |= {"ppos": co.specific_agreement(counts, 0), "pneg": co.specific_agreement(counts, 1)}
    return found


def _close(found: object, expected: object, tolerance: float) -> bool:
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(
            _close(found[key], expected[key], tolerance) for key in expected
        )
    if isinstance(expected, list) and isinstance(found, list):
        return all(_close(*both, tolerance) for both in zip(found, expected, strict=True))
    if found is None or expected is None:
        return found is expected
    assert isinstance(found, float | int)
    assert isinstance(expected, float | int)
    return math.isclose(found, expected, rel_tol=0, abs_tol=tolerance)


def test_every_worked_case_has_its_value(corpus: Path) -> None:
    cases = json.loads((corpus / "agreement" / "cases.json").read_text(encoding="utf-8"))
    wrong = []
    for case in cases:
        found = _measured(case)
        for name, expected in case["expected"].items():
            if not _close(found.get(name), expected["value"], expected["tol"]):
                wrong.append((case["name"], name, found.get(name), expected["value"]))

    assert cases
    assert wrong == []


def test_every_published_value_is_found_to_its_printed_digits(corpus: Path) -> None:
    cases = json.loads((corpus / "agreement" / "cases.json").read_text(encoding="utf-8"))
    wrong = []
    for case in cases:
        found = _measured(case)
        for name, (value, tolerance) in case["published"].items():
            if not _close(found[name], value, tolerance):
                wrong.append((case["name"], name, found[name], value))

    assert wrong == []
