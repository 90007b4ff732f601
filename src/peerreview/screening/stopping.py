"""
When screening may stop: what a reviewer's votes say of the relevant records that are still unread.

The test of Callaghan & Müller-Hansen (2020), "Statistical stopping criteria for
automated screening in systematic reviews", Systematic Reviews 9:273,
doi:10.1186/s13643-020-01521-4. It asks how likely it is to have found so few
relevant records among the last ones read if enough of them were left unread
to miss the recall wanted. It needs one of two things, and where the votes
bear neither, nothing is said: a random sample of what was left, or records
read in an order at least as good as a random one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.screening.order import shuffle
from peerreview.screening.outcomes import Settled
from peerreview.screening.relevance import Ranker
from peerreview.screening.votes import AUTOMATION, REVIEWER, histories
from peerreview.tables import LIST, WITHDRAWN

SOURCE = "Callaghan & Müller-Hansen 2020, doi:10.1186/s13643-020-01521-4"
TOOL = "stopping rule"
"""Under this name the records set aside stand among the votes, role ``automation``."""
SCHEMA = "peerreview/stopping/1"
SAMPLE, RANKED = "random sample", "ranked order"
"""What the test rests on: the last records read were drawn at random, or all were read as ranked."""
FEWEST_DRAWN = 10
"""A run of the shuffled order that is shorter may be chance, and says next to nothing."""
N_PARTS, MOST_ODD = 10, 2
"""
Parts of the votes that are each compared with the ranking before it, and how many may look unranked, in
the first half alone, where a ranking has few votes to learn from: a random order passes about once in sixty.
"""
FEWEST_RANKED = 2 * N_PARTS


@dataclass(frozen=True)
class Rule:
    """The share of the relevant records that is to be found, and how sure to be of it; both within (0, 1)."""

    recall: Fraction = Fraction(95, 100)
    confidence: Fraction = Fraction(95, 100)

    def __str__(self) -> str:
        return f"recall of at least {percent(self.recall)} with {percent(self.confidence)} confidence"


@dataclass(frozen=True)
class Evidence:
    """
    What one reviewer's votes at a stage say of the records left.

    ``n_seen`` have their vote, ``n_found`` of them to include (or maybe), ``n_left`` have none,
    ``n_aside`` of these because they were set aside.
    ``n_since`` were read since the last that was found, None where the times do not tell.
    ``basis`` is what the test rests on, the last ``n_drawn`` records, or blank where it rests on
    nothing; then ``why`` says so. ``p`` is the chance to have seen this were the recall wanted not
    reached, ``bound`` the recall that is reached with the confidence wanted.
    """

    reviewer: str
    stage: str
    n_seen: int
    n_found: int
    n_left: int
    n_since: int | None
    basis: str = ""
    n_drawn: int = 0
    p: float | None = None
    bound: Fraction | None = None
    why: str = ""
    n_aside: int = 0

    def bears(self, rule: Rule) -> bool:
        """Return whether the recall wanted is reached with the confidence wanted."""
        return self.p is not None and self.p < 1 - rule.confidence

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as JSON has it; the bound is rounded down."""
        return {
            "reviewer": self.reviewer, "stage": self.stage, "n_seen": self.n_seen, "n_found": self.n_found,
            "n_left": self.n_left, "n_aside": self.n_aside, "n_since": self.n_since, "basis": self.basis,
            "n_drawn": self.n_drawn,
            "p": None if self.p is None else float(f"{self.p:.6g}"),
            "recall_at_least": None if self.bound is None else math.floor(self.bound * 10_000) / 10_000,
            "why": self.why,
        }  # fmt: skip


def weigh(
    settled: Settled,
    reviewer: str,
    stage: str,
    left: Sequence[str],
    *,
    rule: Rule,
    aside: Sequence[str] = (),
    seed: int | None = None,
    ranker: Ranker | None = None,
) -> Evidence:
    """
    Return what a reviewer's votes say of the records that are left for them.

    Of a random sample it is enough that the records read last are those
    that come first in the shuffled order of what was left then; that can be
    seen. A ranked order is taken as shown where in tenth after tenth of the
    votes more than half stood in the upper half of what was left, ranked by
    the votes before; the first five may have two exceptions.

    Parameters
    ----------
    left : the records that the reviewer has no vote on and is to judge.
    aside : those that were set aside before: nobody has read them either.
    seed : of the shuffled order, as for a form.
    ranker : of the words of all records; None where there is no scikit-learn.
    """
    read = _read(settled, reviewer, stage)
    is_found = [said for _, said, _ in read]
    n_found = sum(is_found)
    timed = _in_time(read)
    left = [*left, *aside]
    n_since = None if timed is None else _since_last(timed)
    about = Evidence(reviewer, stage, len(read), n_found, len(left), n_since, n_aside=len(aside))
    if not read or not left:
        return _silent(about, "no record has a vote yet" if not read else "no record is left")
    if not n_found:
        return _silent(about, "cannot be said: none was found yet, and a share of none is none")
    drawn = _drawn_last(read, timed, left, reviewer=reviewer, stage=stage, seed=seed)
    if drawn >= FEWEST_DRAWN:
        labels = _last_labels(read, timed, drawn)
        return _tested(about, SAMPLE, rule, [(drawn, sum(labels))])
    why = _not_ranked(timed, left, ranker)
    if why or timed is None:
        return _silent(about, f"cannot be said: the records read last are no random sample, and {why}")
    labels = [said for _, said in reversed(timed)]
    return _tested(about, RANKED, rule, list(enumerate(np.cumsum(labels).tolist(), start=1)))


def _silent(about: Evidence, why: str) -> Evidence:
    return replace(about, why=why)


def _tested(about: Evidence, basis: str, rule: Rule, urns: Sequence[tuple[int, int]]) -> Evidence:
    """
    Return the evidence with its test.

    Parameters
    ----------
    urns : how many records were read last, and how many of them were found.
    """
    sizes, found = (np.array(each, dtype=np.int64) for each in zip(*urns, strict=True))
    n_missed = fewest_missed(about.n_found, rule.recall)
    p = chance(sizes, found, about.n_left, n_missed)
    # The chance falls as more are missed: the first number that it does not allow bounds the recall.
    low, high = 1, about.n_left + 1
    while low < high:
        middle = (low + high) // 2
        if chance(sizes, found, about.n_left, middle) < 1 - rule.confidence:
            high = middle
        else:
            low = middle + 1
    bound = Fraction(about.n_found, about.n_found + low - 1)
    return replace(about, basis=basis, n_drawn=int(sizes.max()), p=p, bound=bound)


def fewest_missed(n_found: int, recall: Fraction) -> int:
    """
    Return the smallest number of relevant records whose lack makes the recall fall short.

    That is ⌊found / recall⌋ + 1 relevant ones in all, less those found.

    >>> fewest_missed(95, Fraction(95, 100)), fewest_missed(10, Fraction(95, 100))
    (6, 1)
    """
    return math.floor(n_found / recall) + 1 - n_found


def chance(sizes: "np.ndarray", found: "np.ndarray", n_left: int, n_missed: int) -> float:
    """
    Return the chance to find so few in an urn were ``n_missed`` relevant records left; the least of all.

    An urn is the last records read and all that are left; drawing from it
    at random without putting back, what is found is hypergeometric.

    Parameters
    ----------
    sizes : how many were drawn from each urn. found : how many of them were relevant.
    n_left : records that were not read. n_missed : relevant ones among them, were the recall not reached.

    References
    ----------
    Callaghan & Müller-Hansen (2020): ``P(X ≤ k)``, ``X ~ Hypergeometric(N, K, n)``; over the last 1, 2, 3 …
    records for an order that is ranked; as the authors' buscarpy has it.

    >>> round(chance(np.array([100]), np.array([0]), 200, 6), 4)
    0.0856
    """
    if n_missed > n_left:
        return 0.0
    whole, relevant = sizes + n_left, found + n_missed
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, whole.max() + 1)))])

    def choose(n: "np.ndarray", k: "np.ndarray | int") -> "np.ndarray":
        return np.asarray(logs[n] - logs[k] - logs[n - k])

    below = choose(whole, sizes)
    total = np.zeros(len(sizes))
    for k in range(int(found.max()) + 1):
        # So many of those drawn are relevant; the others come out of what is irrelevant.
        fits = (k <= found) & (k <= sizes) & (sizes - k <= whole - relevant)
        if fits.any():
            total[fits] += np.exp(
                choose(relevant[fits], k) + choose((whole - relevant)[fits], (sizes - k)[fits]) - below[fits]
            )
    return float(min(total.min(), 1.0))


def _read(settled: Settled, reviewer: str, stage: str) -> list[tuple[str, bool, datetime | None]]:
    """Return the records with a reviewer's vote, whether it sends them on, and when each was first read."""
    votes, known = settled.ballots.votes, set(settled.ballots.records.tolist())
    # Ballots that say the same are one there, with one of their times; here each has its own.
    is_own = (votes["reviewer"] == reviewer) & (votes["stage"] == stage) & votes["role"].isin([REVIEWER, ""])
    rows = np.flatnonzero(is_own.to_numpy()).tolist()
    found = []
    for (record_id, _), people in histories(votes, settled.ballots.kept, rows).items():
        history = people[REVIEWER, reviewer] if people else None
        vote = history.latest if history is not None else None
        if history is not None and vote is not None and record_id in known:
            first = history.first
            at = None if first is None or first.is_day else history.first_at
            found.append((record_id, vote.decision in ("include", "maybe"), at))
    return sorted(found)


def _in_time(read: Sequence[tuple[str, bool, datetime | None]]) -> list[tuple[str, bool]] | None:
    """Return records in the order in which they were read; None where their times do not tell."""
    # Of records read at one moment those found count as the later, which says the least.
    known = sorted((at, said, record_id) for record_id, said, at in read if at is not None)
    return [(record_id, said) for _, said, record_id in known] if len(known) == len(read) else None


def _since_last(timed: Sequence[tuple[str, bool]]) -> int:
    return next((n for n, (_, said) in enumerate(reversed(timed)) if said), len(timed))


def _drawn_last(
    read: Sequence[tuple[str, bool, datetime | None]],
    timed: Sequence[tuple[str, bool]] | None,
    left: Sequence[str],
    *,
    reviewer: str,
    stage: str,
    seed: int | None,
) -> int:
    """Return how many records, read last, are the first of the shuffled order of what was left then."""
    ids = [record_id for record_id, _, _ in read]
    places = {
        record_id: place
        for place, record_id in enumerate(shuffle([*ids, *left], reviewer=reviewer, stage=stage, seed=seed))
    }
    first_left = min(places[record_id] for record_id in left)
    if all(places[record_id] < first_left for record_id in ids):
        return len(ids)
    if timed is None:
        return 0
    return next(n for n, (record_id, _) in enumerate(reversed(timed)) if places[record_id] > first_left)


def _last_labels(
    read: Sequence[tuple[str, bool, datetime | None]], timed: Sequence[tuple[str, bool]] | None, n: int
) -> list[bool]:
    if n == len(read) or timed is None:
        return [said for _, said, _ in read]
    return [said for _, said in timed[-n:]]


def _not_ranked(timed: Sequence[tuple[str, bool]] | None, left: Sequence[str], ranker: Ranker | None) -> str:
    """Return why the order of the votes is not shown to be ranked; blank where it is."""
    if timed is None:
        return "without the time of each vote their order is not known"
    if ranker is None:
        return "whether the order was ranked is not known without scikit-learn"
    start = next((n for n in range(1, len(timed)) if len({said for _, said in timed[:n]}) == 2), len(timed))
    n_ranked = len(timed) - start
    if n_ranked < FEWEST_RANKED:
        return f"there are fewer than {FEWEST_RANKED} votes after the first of both kinds"
    edges = [start + n_ranked * part // N_PARTS for part in range(N_PARTS + 1)]
    odd = []
    for part, (begin, end) in enumerate(pairwise(edges)):
        own: Mapping[str, bool] = dict(timed[:begin])
        waiting = [record_id for record_id, _ in timed[begin:]] + list(left)
        if not _looks_ranked(ranker, own, waiting, {record_id for record_id, _ in timed[begin:end]}):
            odd.append(part)
    if len(odd) > MOST_ODD or any(part >= N_PARTS // 2 for part in odd):
        told = f"in {len(odd)} of {N_PARTS} parts it was no better than a random one"
        return f"their order was not ranked: {told}"
    return ""


def _looks_ranked(ranker: Ranker, own: Mapping[str, bool], waiting: Sequence[str], read: set[str]) -> bool:
    if ranker.weights is None:
        return False
    scores, _ = ranker.scores(own)
    order = sorted(waiting, key=lambda each: (-scores[ranker.places[each]], each))
    upper = set(order[: len(order) // 2])
    return 2 * len(upper & read) > len(read)


def voters(settled: Settled, stage: str) -> list[str]:
    """Return who has a vote of their own at a stage, sorted."""
    here = (
        people
        for people, at in zip(settled.ballots.people, settled.ballots.stages, strict=True)
        if at == stage
    )
    return sorted({name for people in here for role, name in people if role == REVIEWER})


def is_judged(settled: Settled, record_id: str, stage: str) -> bool:
    """Return whether anybody has a vote of their own on a record at a stage."""
    return any(role == REVIEWER for role, _ in settled.ballots.of(record_id, stage))


def stands_aside(settled: Settled) -> list[str]:
    """Return the records that the rule set aside, and that nobody took back."""
    records = settled.ballots.records.tolist()
    return [each for each in records if (AUTOMATION, TOOL) in settled.ballots.of(each, "before_screening")]


def set_aside(
    records: Sequence[str], evidence: Sequence[Evidence], rule: Rule, *, decided_at: str
) -> pd.DataFrame:
    """
    Return the votes that set records aside as no longer to be screened, by the rule, as a decisions file.

    They are exclusions before screening by automation: PRISMA 2020 counts
    them as records marked as ineligible by automation tools.

    Parameters
    ----------
    evidence : that of the reviewers whose votes bear the rule.
    decided_at : when somebody asked for it.
    """
    note = LIST.join(
        f"{each.reviewer}: p = {each.p:.3g} after {each.n_seen:,} read, {each.basis} of {each.n_drawn:,}"
        for each in evidence
    )
    own = {
        "reviewer": TOOL, "stage": "before_screening", "decision": "exclude", "role": AUTOMATION,
        "reason": f"{rule} (Callaghan & Müller-Hansen 2020)", "decided_at": decided_at, "note": note,
    }  # fmt: skip
    return tables.make(tables.VOTES, [{"record_id": record_id} | own for record_id in records])


def take_back(votes: pd.DataFrame, *, decided_at: str) -> pd.DataFrame:
    """
    Return the votes that take back what the rule set aside, as a decisions file.

    Parameters
    ----------
    votes : the decisions, all files as one table.
    decided_at : when somebody asked for it.
    """
    is_own = (votes["reviewer"] == TOOL) & (votes["role"] == AUTOMATION)
    standing = histories(votes, {}, np.flatnonzero(is_own.to_numpy()).tolist())
    own = {
        "reviewer": TOOL, "stage": "before_screening", "decision": WITHDRAWN, "role": AUTOMATION,
        "decided_at": decided_at,
    }  # fmt: skip
    records = [record_id for (record_id, _), people in standing.items() if people]
    return tables.make(tables.VOTES, [{"record_id": record_id} | own for record_id in records])


def percent(share: Fraction) -> str:
    """
    Return a share in per cent, as short as it can be exact; rounded down, for it is a bound.

    >>> percent(Fraction(95, 100)), percent(Fraction(2, 3)), percent(Fraction(1))
    ('95 %', '66.6 %', '100 %')
    """
    tenths = math.floor(share * 1000)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} %"
