"""A statistic in print: its number, its interval, and what two people agree on beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview.agreement.coefficients import Estimate, Kappa
from peerreview.paper.sheets import Cell, Column

if TYPE_CHECKING:
    from peerreview.agreement.estimates import Alpha, OverallStatistics, Share
    from peerreview.agreement.judgements import Compared, Pair

KAPPA_NOTE = "Agreement before consensus; Cohen's kappa with its 95% interval, – where it is not defined."


def number(value: float | None, why: str = "") -> str:
    """
    Return a coefficient with two decimals, or ``n/a`` with the reason.

    >>> number(0.4915), number(-0.001), number(None, "no record was judged by two reviewers")
    ('0.49', '0.00', 'n/a (no record was judged by two reviewers)')
    """
    if value is None:
        return f"n/a ({why})" if why else "n/a"
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text


def percentage(share: float | None) -> str:
    """
    Return a share in [0, 1] as a percentage with one decimal.

    >>> percentage(0.923)
    '92.3%'
    """
    return "n/a" if share is None else f"{100 * share:.1f}%"


def interval(found: Estimate | Kappa | Alpha) -> str:
    """
    Return a 95% interval within what a coefficient can be; blank where there is none.

    >>> interval(Estimate(0.92, se=0.08, lo=0.77, hi=1.07))
    '0.77 to 1.00'
    """
    # A standard error of 0 tells nothing: the records at hand happen not to vary.
    if found.lo is None or found.hi is None or (isinstance(found, Estimate | Kappa) and found.se == 0):
        return ""
    return f"{number(max(-1.0, found.lo))} to {number(min(1.0, found.hi))}"


def with_interval(found: Estimate | Kappa | Alpha) -> str:
    """Return a coefficient with its interval, where it has one."""
    value = number(found.value, found.why)
    within = interval(found)
    return f"{value}, 95% CI {within}" if within else value


def light(overall: OverallStatistics) -> str:
    """Return the mean of the pairs' kappas as the part of a sentence; blank where there is none."""
    value = None if overall.light is None else overall.light.value
    return "" if value is None else f"Light's kappa {number(value)}; "


def share_interval(share: Share) -> str:
    """
    Return a share in [0, 1] as a percentage with its interval.

    >>> from peerreview.agreement.estimates import Share
    >>> share_interval(Share(0.95, 0.7513, 0.9987))
    '95.0% (75.1 to 99.9)'
    """
    if share.lo is None or share.hi is None:
        return percentage(share.value)
    return f"{percentage(share.value)} ({100 * share.lo:.1f} to {100 * share.hi:.1f})"


def pair_columns(people: str, units: str) -> tuple[Column, ...]:
    """Return the columns of ``pair_cells``, under what two people are called and what both judged."""
    return (
        Column("pair", people),
        Column("n", units, number=True),
        Column("percent", "Agreement", number=True),
        Column("kappa", "Cohen's kappa", number=True),
        Column("interval", "95% interval", number=True),
        Column("pabak", "PABAK", number=True),
        Column("ac1", "Gwet's AC1", number=True),
    )


def pair_cells(pair: Pair) -> list[Cell | str]:
    """Return how far two people agree, with the interval of kappa."""
    found = pair.statistics
    return [
        f"{pair.first} – {pair.second}",
        str(pair.n),
        "–" if found.percent is None else percentage(found.percent),
        "–" if found.cohen.value is None else number(found.cohen.value),
        interval(found.cohen) or "–",
        "–" if found.pabak is None else number(found.pabak),
        "–" if found.ac1.value is None else number(found.ac1.value),
    ]


def compared_sentence(compared: Compared, people: str, units: str) -> str:
    """
    Return how far all people agree, as a sentence; blank where no two judged the same.

    Parameters
    ----------
    people, units : what they are called, and what they judged, as in "Appraisers" and "items".
    """
    overall = compared.overall
    if not compared.pairs or overall.pa is None:
        return ""
    if len(compared.pairs) == 1:
        (pair,) = compared.pairs
        found = pair.statistics
        return (
            f"{people} {pair.first} and {pair.second} agreed on {percentage(found.percent)} of {pair.n:,} "
            f"{units} before consensus (Cohen's kappa {with_interval(found.cohen)}; "
            f"Gwet's AC1 {with_interval(found.ac1)})."
        )
    return (
        f"{people} agreed on {percentage(overall.pa)} of {overall.n_pairable:,} {units} that two or "
        f"more judged, before consensus (Krippendorff's alpha {with_interval(overall.alpha_nominal)}; "
        f"Fleiss' kappa {with_interval(overall.fleiss)}; {light(overall)}"
        f"Gwet's AC1 {with_interval(overall.ac1)})."
    )
