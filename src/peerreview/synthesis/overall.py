"""Judgements on items → the instrument's own word on the whole, by the rule that its authors give."""

from collections.abc import Mapping

from peerreview.synthesis.instrument import LEVELS, Instrument, Judgement

ORDER = LEVELS[: LEVELS.index("unclear")]
"""Levels from the best to the worst; what is unclear or does not apply has no place among them."""
CONFIDENCE = ("high", "moderate", "low", "critically low")


def by_rule(judgements: Mapping[str, Judgement], instrument: Instrument) -> str:
    """
    Return the whole's judgement by the instrument's rule; blank without one.

    Parameters
    ----------
    judgements : item → what was settled, of all that are asked for.

    References
    ----------
    RoB 2: Sterne et al. (2019), doi:10.1136/bmj.l4898; ROBINS-I: Sterne et
    al. (2016), doi:10.1136/bmj.i4919; AMSTAR 2: Shea et al. (2017),
    doi:10.1136/bmj.j4008.
    """
    overall = instrument.overall
    if overall is None:
        return ""
    if overall.rule == "critical":
        weak = [item for item, each in judgements.items() if each.judgement in overall.weaknesses]
        return confidence(sum(item in overall.critical for item in weak), len(weak))
    domains = [judgements[each.item] for each in instrument.items if each.rated and each.item in judgements]
    worst = _worst(domains)
    if worst is None or (worst.level == ORDER[0] and any(each.level not in ORDER for each in domains)):
        # Low is for what is low in every domain; what it is instead, a rule cannot say.
        return ""
    return worst.judgement


def confidence(n_critical: int, n_weak: int) -> str:
    """
    Return AMSTAR 2's overall confidence.

    Parameters
    ----------
    n_weak : weaknesses in all, the critical ones among them.

    References
    ----------
    Shea et al. (2017), box 2, doi:10.1136/bmj.j4008.

    >>> confidence(0, 1), confidence(0, 2), confidence(1, 5), confidence(2, 2)
    ('high', 'moderate', 'low', 'critically low')
    """
    if n_critical:
        return CONFIDENCE[3 if n_critical > 1 else 2]
    return CONFIDENCE[1 if n_weak > 1 else 0]


def fault(judgements: Mapping[str, Judgement], instrument: Instrument) -> str:
    """
    Return what is wrong with the appraisers' overall judgement, in a sentence; blank where nothing is.

    It is wrong where a domain is worse. It may be worse than every domain:
    several at "some concerns" may be "high" together.
    """
    overall = instrument.overall
    if overall is None or overall.rule != "worst" or overall.item not in judgements:
        return ""
    said = judgements[overall.item]
    domains = {
        each.item: judgements[each.item]
        for each in instrument.items
        if each.rated and each.item in judgements
    }
    worst = _worst(list(domains.values()))
    worse: list[str] = []
    if worst is not None and (
        ORDER.index(said.level) < ORDER.index(worst.level)
        if said.level in ORDER
        else ORDER.index(worst.level) >= ORDER.index("poor")
    ):
        worse = [f"{item} {each.judgement}" for item, each in domains.items() if each == worst]
    elif said.level == ORDER[0]:
        worse = [f"{item} {each.judgement}" for item, each in domains.items() if each.level == "unclear"]
    if not worse:
        return ""
    return (
        f"overall {said.judgement}, with {', '.join(worse)}: it is no better than the worst domain "
        f"({overall.source})"
    )


def sentence(instrument: Instrument) -> str:
    """Return the instrument's rule for the whole as a sentence to print; blank without one."""
    overall = instrument.overall
    if overall is None:
        return ""
    if overall.rule == "worst":
        return f"Overall: the appraisers' judgement, no better than the worst domain ({overall.source})."
    weak = " or ".join(f"“{each}”" for each in overall.weaknesses)
    critical = ", ".join(overall.critical)
    return (
        "Overall confidence: high with one weakness at most that is not critical, moderate with more, "
        f"low with one critical weakness, critically low with more; critical are items {critical}, "
        f"a weakness is {weak} ({overall.source}); only complete appraisals have it."
    )


def _worst(judgements: list[Judgement]) -> Judgement | None:
    placed = [each for each in judgements if each.level in ORDER]
    return max(placed, key=lambda each: ORDER.index(each.level), default=None)
