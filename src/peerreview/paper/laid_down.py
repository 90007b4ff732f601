"""The protocol → the sentences of a report and of checklists, and where what was done differs from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview.paper.document import Sentence
from peerreview.values.folding import fold
from peerreview.values.lists import series

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from peerreview.protocol import Protocol

INCLUDE, EXCLUDE = "include", "exclude"
"""The headings of the criteria that say what goes in and what stays out."""
GREY = ("grey_literature", "website", "organisation")
"""Kinds of sources that hold what no publisher publishes."""
_GREY_WORDS = ("grey literature", "gray literature", "unpublished")


def statements(laid_down: Protocol) -> Mapping[str, tuple[Sentence, ...]]:
    """
    Return what the protocol says, by what it is about; what it does not say is not there.

    ``question, criteria, planned, registration, protocol, amendments, funding, competing_interests``.
    """
    found: dict[str, list[Sentence]] = {}

    def tell(about: str, text: str, key: str) -> None:
        found.setdefault(about, []).append(Sentence(text, f"peerreview.toml, {key}"))

    question = dict(laid_down.question)
    framework = question.pop("framework", "")
    if asked := question.pop("question", ""):
        tell("question", f"Question: {ended(asked)}", "question")
    if question:
        parts = "; ".join(
            f"{part.replace('_', ' ')}: {words.rstrip('.')}" for part, words in question.items()
        )
        tell("question", f"By {framework}: {parts}." if framework else f"{parts.capitalize()}.", "question")
    for heading, lines in laid_down.criteria.items():
        if lines:
            named = {INCLUDE: "Included are", EXCLUDE: "Excluded are"}.get(heading.casefold(), heading)
            tell("criteria", f"{named}: {ended('; '.join(line.rstrip('.') for line in lines))}", "criteria")
    if laid_down.planned:
        tell("planned", f"Sources to search: {series(list(laid_down.planned))}.", "sources, planned")
    if laid_down.registration:
        tell("registration", f"Registration: {ended(laid_down.registration)}", "registration")
    if laid_down.registered.protocol:
        tell("protocol", f"The protocol can be read ({laid_down.registered.protocol}).", "registration")
    for each in laid_down.amendments:
        why = f" Reason: {ended(each.why)}" if each.why else ""
        tell("amendments", f"Amended {each.date}: {ended(each.what)}{why}", "amendments")
    if laid_down.funding:
        tell("funding", f"Funding: {ended(laid_down.funding)}", "funding")
    if laid_down.competing_interests:
        text = f"Competing interests: {ended(laid_down.competing_interests)}"
        tell("competing_interests", text, "competing_interests")
    return {about: tuple(sentences) for about, sentences in found.items()}


def departures(laid_down: Protocol, sources: pd.DataFrame, outcomes: pd.DataFrame) -> list[Sentence]:
    """
    Return where what was done differs from the protocol, as far as tables can tell.

    A source that was planned and is in no search, and one searched that was not
    planned; reasons for exclusion that no criterion has, where criteria are
    given under ``exclude``; grey literature that is searched and excluded.

    Parameters
    ----------
    sources, outcomes : as ``sources.csv`` and ``screening.csv``; with none of their rows nothing is told.
    """
    told = []
    searched = list(dict.fromkeys(sources["source"]))
    if laid_down.planned and searched:
        platforms = [f"{row['source']} {row['platform']}" for row in sources.to_dict("records")]
        never = [each for each in laid_down.planned if not any(_is_same(each, name) for name in platforms)]
        more = [
            each
            for each in searched
            if each not in laid_down.libraries and not any(_is_same(name, each) for name in laid_down.planned)
        ]
        told += [f"Planned, and in no search: {series(never)}."] if never else []
        told += [f"Searched, and not planned: {series(more)}."] if more else []
    sentences = [Sentence(each, "peerreview.toml, sources; sources.csv") for each in told]
    criteria = _lines(laid_down, EXCLUDE)
    if criteria:
        at_full_text = outcomes[(outcomes["stage"] == "full_text") & (outcomes["outcome"] == EXCLUDE)]
        given = [reason for reason in dict.fromkeys(at_full_text["reason"]) if reason]
        without = [
            reason
            for reason in dict.fromkeys([*laid_down.reasons, *given])
            if not any(_is_same(reason, line) for line in (*criteria, *_lines(laid_down, INCLUDE)))
        ]
        if without:
            text = f"Reasons for exclusion in the words of no criterion: {series(without)}."
            sentences.append(Sentence(text, "peerreview.toml, criteria and reasons; screening.csv"))
    grey = list(dict.fromkeys(sources.loc[sources["source_kind"].isin(GREY), "source"]))
    out = [
        line for line in (*criteria, *laid_down.reasons) if any(words in fold(line) for words in _GREY_WORDS)
    ]
    if grey and out:
        text = f"Grey literature is excluded (“{out[0]}”), and was searched: {series(grey)}."
        sentences.append(Sentence(text, "peerreview.toml; sources.csv, column source_kind"))
    return sentences


def ended(text: str) -> str:
    """
    Return a text with a full stop at its end, where it has no sign there.

    >>> ended("None declared"), ended("Why?")
    ('None declared.', 'Why?')
    """
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _lines(laid_down: Protocol, heading: str) -> tuple[str, ...]:
    return next((lines for name, lines in laid_down.criteria.items() if name.casefold() == heading), ())


def _is_same(one: str, other: str) -> bool:
    """
    Return whether two names are of one thing: the words of one are all in the other.

    >>> _is_same("MEDLINE", "Ovid MEDLINE(R)"), _is_same("Embase", "Emcare")
    (True, False)
    """
    words, others = set(fold(one).split()), set(fold(other).split())
    return bool(words and others) and (words <= others or others <= words)
