"""Machines on trial: how an AI's votes compare with what people decided; it is never one of the people."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from peerreview.agreement.estimates import MachineOnTrial, Share, Trial
from peerreview.agreement.intervals import clopper_pearson
from peerreview.agreement.tallies import rounded
from peerreview.screening.outcomes import decide
from peerreview.screening.people import Reviewer
from peerreview.screening.votes import AI, histories
from peerreview.values.folding import same

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.agreement.independence import Coded

TARGET = 0.95
"""The recall that a tool for screening is usually asked for."""


def on_trial(
    votes: pd.DataFrame,
    coded: Coded,
    rows: np.ndarray,
    kept: Mapping[str, str],
    *,
    stage: str,
    required: int,
    reasons: Sequence[str] = (),
    maybe: str = "include",
    reviewers: Sequence[Reviewer] = (),
) -> tuple[MachineOnTrial, ...]:
    """
    Return, for each AI, how its latest votes compare with what people decided on the same records.

    Parameters
    ----------
    votes : the columns of a decisions file, a row per vote.
    rows : positions of all votes at the stage.
    required, reasons : as ``outcomes.decide`` wants them.
    maybe : what an AI's maybe counts as; other than include and exclude, such votes are counted apart.
    reviewers : the protocol's, for the tool, its version and its prompt.
    """
    ai_codes = [number for number, role in enumerate(coded.role_names) if role == AI]
    judged = np.isin(coded.roles[rows], ai_codes)
    if not judged.any():
        return ()
    concerned = rows[np.isin(coded.records[rows], coded.records[rows[judged]])]
    order = {same(reason): reason for reason in reasons}
    cells: dict[str, Counter[tuple[str, str]]] = {}
    for people in histories(votes, kept, concerned.tolist()).values():
        decided = decide(
            {who: history for who, history in people.items() if who[0] != AI},
            stage,
            required=required,
            reasons=order,
        ).outcome
        for (role, name), history in people.items():
            if role != AI:
                continue
            latest = history.latest
            said = latest.decision if latest is not None else ""
            said = maybe if said == "maybe" and maybe in ("include", "exclude") else said
            cells.setdefault(name, Counter())[said, decided] += 1
    told = {each.name: each for each in reviewers}
    found = []
    for name, counts in sorted(cells.items()):
        both, missed = counts["include", "include"], counts["exclude", "include"]
        extra, neither = counts["include", "exclude"], counts["exclude", "exclude"]
        trial = compare(both=both, missed=missed, extra=extra, neither=neither)
        tool = told.get(name, Reviewer(name))
        n_undecided = sum(n for (_, decided), n in counts.items() if decided not in ("include", "exclude"))
        n_unclear = sum(counts.values()) - trial.n - n_undecided
        told_of = (name, tool.tool, tool.version, tool.prompt)
        found.append(MachineOnTrial(*told_of, n_undecided, trial, n_unclear))
    return tuple(found)


def compare(*, both: int, missed: int, extra: int, neither: int) -> Trial:
    """
    Return recall, precision and specificity with exact 95% intervals, and the work that a tool saves.

    ``work_saved`` is the share of records that the tool excludes, which
    people would not have had to read; ``wss`` is what of it a random sample of
    the same recall would not have saved. ``n_more_includes`` is how many more
    of the records that people include the tool has to find, missing none,
    before its recall can be claimed to be 95% or more (the interval's lower
    limit reaches it); ``n_more_records`` how many people have to screen beside it
    for that, if as many of them are to be included as so far.

    Parameters
    ----------
    both, missed, extra, neither : records that tool and people include, people
        alone, the tool alone, and neither.

    References
    ----------
    Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404; work saved over
    sampling: Cohen et al. (2006), doi:10.1197/jamia.M1929.

    Examples
    --------
    >>> found = compare(both=19, missed=1, extra=30, neither=150)
    >>> [round(each, 3) for each in (found.recall.value, found.recall.lo, found.recall.hi)]
    [0.95, 0.751, 0.999]
    >>> found.n_more_includes, found.n_more_records
    (90, 900)
    """
    n, n_relevant, n_irrelevant = both + missed + extra + neither, both + missed, extra + neither
    why = {}
    if not n_relevant:
        why["recall"] = "people include none of the records that it judged"
    if not both + extra:
        why["precision"] = "it includes none of the records that people judged"
    if not n_irrelevant:
        why["specificity"] = "people exclude none of the records that it judged"
    if not n:
        why["work_saved"] = "people decided on none of the records that it judged"
    if not n_relevant:
        why |= dict.fromkeys(("wss", "n_more_includes", "n_more_records"), why["recall"])
    saved = (missed + neither) / n if n else None
    more = further_includes(both, n_relevant) if n_relevant else None
    return rounded(
        Trial(
            n,
            both_include=both,
            only_people_include=missed,
            only_ai_includes=extra,
            both_exclude=neither,
            recall=_share(both, n_relevant),
            precision=_share(both, both + extra),
            specificity=_share(neither, n_irrelevant),
            work_saved=saved,
            wss=saved - missed / n_relevant if saved is not None and n_relevant else None,
            n_more_includes=more,
            n_more_records=math.ceil(more * n / n_relevant) if more is not None else None,
            why=why,
        )
    )


def _share(part: int, whole: int) -> Share:
    return Share(part / whole, *clopper_pearson(part, whole)) if whole else Share()


def further_includes(n_found: int, n: int, target: float = TARGET) -> int:
    """
    Return how many more includes must be found, and none missed, until recall is ``target`` or more for sure.

    That is until the lower limit of its exact 95% interval reaches the target.

    >>> further_includes(0, 0), further_includes(500, 500)
    (72, 0)
    """

    def suffices(more: int) -> bool:
        return n + more > 0 and clopper_pearson(n_found + more, n + more)[0] >= target

    if suffices(0):
        return 0
    too_few, enough = 0, 1
    while not suffices(enough):
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if suffices(middle) else (middle, enough)
    return enough
