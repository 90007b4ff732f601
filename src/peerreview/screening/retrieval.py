"""Reasons that say that a report could not be had: PRISMA 2020 counts those apart from what was assessed."""

import re

_TEXT = r"(?:full ?texts?|articles?|papers?|reports?|pdfs?)"
_NOT_HAD = re.compile(
    r"\b(?:not|never|unable to|unsuccessful in|(?:could|can) ?no?t|failed to)(?: be)?"
    r" (?:retriev|obtain|locat|access)\w*\b(?! in (?!full))"
    rf"|\bno (?:full ?texts?\b|access to (?:the )?{_TEXT})"
    rf"|\b{_TEXT}\b(?: (?:is|was|were|are|could|be))*"
    r" (?:un(?:available|obtainable)|inaccessible|not (?:be )?(?:available|found|accessible|obtainable))\b"
    r"(?! in (?!full))"
    rf"|\b(?:unavailable|unobtainable|inaccessible|unretrievable|missing) {_TEXT}\b"
)


def says_not_had(reason: str) -> bool:
    """
    Return whether a reason says that the report was not there to be read.

    >>> reasons = "Full text not available", "F4_NOT_RETRIEVED", "no full-text", "Could not access the paper"
    >>> [says_not_had(reason) for reason in reasons]
    [True, True, True, True]
    >>> reasons = "Outcome data not available", "no access to care", "Full text not available in English"
    >>> [says_not_had(reason) for reason in reasons]
    [False, False, False]

    References
    ----------
    Page et al. 2021, PRISMA 2020 explanation and elaboration, item 16a, doi:10.1136/bmj.n160: reports sought
    for retrieval and not retrieved are no full texts that were assessed.
    """
    words = " ".join(re.sub(r"[\W_]+", " ", re.sub("['’]", "", reason.casefold())).split())
    return _NOT_HAD.search(words) is not None
