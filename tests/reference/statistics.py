"""The statistics of agreement, each by the docstring of the function that calculates it."""

import inspect
import re
from collections.abc import Callable

import numpy as np

from peerreview.agreement import alpha, coefficients, intervals, machines, tallies
from peerreview.agreement.tallies import Ratings, tally
from tests.reference.pipes import table

EXPLAINED: dict[str, tuple[str, Callable[..., object]]] = {
    "percent": ("Agreement", coefficients.percent_agreement),
    "ppos, pneg, specific": ("Agreement on include, on exclude", coefficients.specific_agreement),
    "cohen": ("Cohen's kappa", coefficients.cohen_kappa),
    "pabak": ("PABAK", coefficients.pabak),
    "scott": ("Scott's pi", coefficients.scott_pi),
    "kappa_max": ("Highest kappa", coefficients.kappa_max),
    "prevalence_index": ("Prevalence index", coefficients.prevalence_index),
    "bias_index": ("Bias index", coefficients.bias_index),
    "pa": ("Agreement of any number of reviewers", coefficients.observed_agreement),
    "ac1": ("Gwet's AC1", coefficients.gwet_ac1),
    "fleiss": ("Fleiss' kappa", coefficients.fleiss_kappa),
    "fleiss_z": ("z of Fleiss' kappa", coefficients.fleiss_z),
    "bp": ("Brennan–Prediger", coefficients.brennan_prediger),
    "light": ("Light's kappa", coefficients.light_kappa),
    "alpha_…": ("Krippendorff's alpha", alpha.krippendorff_alpha),
    "alpha_…_lo, alpha_…_hi": ("Interval of alpha", alpha.alpha_interval),
    "recall, precision, specificity, wss": ("An AI beside people", machines.compare),
    "recall_lo, recall_hi": ("Exact interval of a share", intervals.clopper_pearson),
}
"""Names in ``agreement.json`` → what the tables call it, and its function."""


def statistics() -> str:
    """Return each statistic under a heading: what it is, when it is undefined, where it is published."""
    return "\n\n".join(_told(name, *each) for name, each in EXPLAINED.items()) + "\n"


def names() -> str:
    """Return every name of a pair's and of all reviewers' statistics in ``agreement.json``."""
    counted = tally(
        Ratings(np.array([[0, 0, 1], [1, 1, 1], [0, 1, 0]]), ("a", "b", "c"), ("include", "exclude"))
    )
    pair = tallies.statistics_of_pair(counted.pairs[0, 1], ("include", "exclude"))
    overall = tallies.statistics_of_all(counted, ("include", "exclude"), draws=2)
    rows = [
        (of, ", ".join(f"`{name}`" for name in found.to_json()))
        for of, found in (("each pair", pair), ("all", overall))
    ]
    return table(("of", "names"), rows) + "\n"


def _told(name: str, called: str, function: Callable[..., object]) -> str:
    text = inspect.cleandoc(str(function.__doc__))
    said, *sections = re.split(r"^(\w[\w ]*)\n-{3,}\n", text, flags=re.MULTILINE)
    by_name = dict(zip(sections[::2], sections[1::2], strict=True))
    said = re.split(r"^>>> ", said, maxsplit=1, flags=re.MULTILINE)[0]
    first, *rest = [" ".join(each.split()) for each in said.strip().split("\n\n")]
    first = first.removeprefix("Return ")
    said_all = [_plain(each) for each in (first[0].upper() + first[1:], *rest)]
    lines = [f"## {called}", f"`{name}` in `agreement.json`.", *said_all]
    if "References" in by_name:
        lines.append(f"Source: {' '.join(by_name['References'].split())}")
    if examples := _printed(by_name.get("Examples", "")):
        lines.append(f"Published values that the tests reproduce: {examples}")
    return "\n\n".join(lines).replace("``", "`")


def _plain(text: str) -> str:
    """Return a docstring's sentence in the words of a table: what is None in Python is blank there."""
    return re.sub(r"\bNone\b", "blank", re.sub(r"(?<=\. )None\b", "Blank", text))


def _printed(examples: str) -> str:
    """Return the sentences between the doctests: who prints which value."""
    told = [each for each in examples.strip().split("\n\n") for each in [_words(each)] if each]
    return " ".join(f"{each.rstrip(':.')}." for each in told)


def _words(block: str) -> str:
    return " ".join(re.split(r"^>>> ", block, maxsplit=1, flags=re.MULTILINE)[0].split())
