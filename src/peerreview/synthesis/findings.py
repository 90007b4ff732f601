"""Findings of a review: the themes and studies behind each, and the review's own confidence in it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from peerreview.synthesis.spelling import comparable
from peerreview.synthesis.studies import by_name
from peerreview.synthesis.themes import Coding
from peerreview.tables import SYNTHETIC, row_errors
from peerreview.values import lists


@dataclass(frozen=True)
class Finding:
    """
    A finding; ``studies`` are the labels of those it rests on, ``stated`` where the table names them.

    Where it names none, they are the studies that have one of its themes or of their subthemes.
    """

    finding: str
    themes: tuple[str, ...]
    studies: tuple[str, ...]
    confidence: str
    why: str
    stated: bool
    synthetic: bool = False


def gather(
    findings: pd.DataFrame, studies: pd.DataFrame, coding: Coding | None = None
) -> tuple[Finding, ...]:
    """
    Return the findings in their order.

    Parameters
    ----------
    findings, studies : as in ``tables``; a study is named by its id or its label, a theme likewise.

    Raises
    ------
    InputErrors
        For a study or theme that is not known, and a name that two studies share.
    """
    names = by_name(studies)
    labels = dict(zip(studies["study_id"], studies["label"], strict=True))
    themes = {comparable(name): each for each in (coding.themes if coding else ()) for name in (each.label,)}
    themes |= {comparable(each.theme): each for each in (coding.themes if coding else ())}
    found, problems = [], []
    for position, row in enumerate(findings.to_dict("records")):
        chosen: list[str] = []
        for name in lists.split(row["studies"]):
            meant = names.get(comparable(name), [])
            if len(meant) != 1:
                fault = f"may be {' or '.join(meant)}" if meant else "is not in the studies"
                problems.append((position, f"study {name!r} {fault}"))
            chosen += [each for each in meant[:1] if each not in chosen]
        named: list[str] = []
        behind: set[str] = set()
        for name in lists.split(row["themes"]):
            theme = themes.get(comparable(name))
            if theme is None and coding is not None:
                problems.append((position, f"theme {name!r} is not one of the coding"))
            named.append(theme.label if theme else name)
            behind |= set(_studies_with(theme.theme, coding)) if theme and coding else set()
        stated = bool(chosen)
        ordered = [study_id for study_id in labels if study_id in (set(chosen) or behind)]
        found.append(
            Finding(
                " ".join(row["finding"].split()),
                tuple(named),
                tuple(labels[each] for each in ordered),
                row["confidence"],
                row["why"].strip(),
                stated,
                row["basis"] == SYNTHETIC,
            )
        )
    if problems:
        raise row_errors(findings, problems)
    return tuple(found)


def what_is_open(found: tuple[Finding, ...]) -> Iterator[str]:
    """Yield what a statement of confidence needs and lacks, in sentences."""
    for each in found:
        if not each.confidence and any(other.confidence for other in found):
            yield f"no confidence is stated in “{each.finding}”"
        if each.confidence and not each.why:
            yield f"confidence in “{each.finding}” is {each.confidence}, and why is blank"
        if each.confidence and not each.studies:
            yield f"no study is named for “{each.finding}”"


def _studies_with(theme: str, coding: Coding) -> Iterator[str]:
    within = {theme, *coding.below()[theme]}
    return (study_id for study_id, coded in coding.rows if coded in within)
