"""Two records to the reasons why they are, or are not, one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from peerreview.duplicates import blocking, keeping, lessons, normalise, rounds, similarity
from peerreview.duplicates.compared import FIELDS
from peerreview.duplicates.lessons import Lessons
from peerreview.duplicates.rules import Rule, Rules
from peerreview.values.folding import fold

COMPARED = (
    "source", "round", "type", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi",
    "pmid", "abstract",
)  # fmt: skip
"""What is shown of two records beside each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """One column of two records: ``same`` whatever the spelling; None where either is blank."""

    column: str
    one: str
    other: str
    same: bool | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rule tried on a pair, and the tests of it that failed; it passed where there are none."""

    rule: Rule
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why a pair is judged as it is.

    ``blocks`` says what the two share that made them worth comparing;
    ``attempts`` are the rules in order, up to the one that decided;
    ``lessons`` are what all records together say of these two.
    """

    ids: tuple[str, str]
    lines: tuple[Line, ...]
    blocks: tuple[str, ...]
    similarities: tuple[tuple[str, float | None], ...]
    attempts: tuple[Attempt, ...]
    lessons: tuple[str, ...] = ()

    @property
    def rule(self) -> Rule | None:
        """The rule that decided, if one did."""
        return self.attempts[-1].rule if self.attempts and not self.attempts[-1].failed else None


def tell(
    records: pd.DataFrame,
    one: str,
    other: str,
    *,
    rules: Rules,
    overrides: pd.DataFrame,
    venues: pd.DataFrame | None = None,
    workers: int = 1,
) -> str:
    """
    Return in words why two records are, or are not, one: by themselves, and in the whole run.

    Parameters
    ----------
    records : columns of ``records.csv``; ``one`` and ``other`` are among them.
    overrides : people's word on pairs.
    venues : people's word on names of venues.
    """
    found = rounds.find_duplicates(records, rules, overrides=overrides, venues=venues, workers=workers)
    told = describe(explain(records, one, other, rules, found.lessons))
    removed = found.duplicates[found.duplicates["verdict"] == "duplicate"]
    kept = dict(zip(removed["record_id"], removed["duplicate_of"], strict=True))
    columns = (overrides[column] for column in ("record_id", "duplicate_of", "verdict"))
    lines = [f"people say: {said}" for a, b, said in zip(*columns, strict=True) if {a, b} == {one, other}]
    stays, other_stays = kept.get(one, one), kept.get(other, other)
    if stays == other_stays:
        lines.append(f"in the run: one work; {stays} is kept")
    else:
        lines.append(f"in the run: {one} is kept as {stays}, {other} as {other_stays}: two works")
    return told + "\n".join(lines) + "\n"


def explain(
    records: pd.DataFrame, one: str, other: str, rules: Rules, learnt: Lessons = lessons.NOTHING
) -> Explanation:
    """
    Return why two records are, or are not, judged one, by themselves.

    Parameters
    ----------
    records : columns of ``records.csv``; ``one`` and ``other`` are among them.
    learnt : what all records taught of venues and headings.
    """
    pair = keeping.in_order_kept(records[records["record_id"].isin([one, other])])
    comparable = normalise.normalise(keeping.read_contents(pair, np.arange(2)))
    keys = blocking.keys(comparable)
    blocks = tuple(meaning for key, meaning in blocking.KEYS.items() if keys[key][0] == keys[key][1] != 0)
    low, high = np.array([0]), np.array([1])
    _, found = similarity.compare(comparable, low, high, gated=False)
    lessons.apply(learnt, comparable, similarity.Pairs(low, high, found), np.array([True]))
    names = {learnt.spelled.get(name, name) for name in comparable.journal}
    taught = [pair for pair in learnt.venues.values() if {pair.one, pair.other} == names]
    attempts = []
    for rule in rules.rules:
        failed = tuple(str(test) for test in rule.tests if not test.passes(found)[0])
        attempts.append(Attempt(rule, failed))
        if not failed:
            break
    return Explanation(
        ids=(pair["record_id"].iloc[0], pair["record_id"].iloc[1]),
        lines=tuple(_lines(pair)),
        blocks=blocks,
        similarities=tuple(
            (field, None if np.isnan(values[0]) else float(values[0])) for field, values in found.items()
        ),
        attempts=tuple(attempts),
        lessons=tuple(map(str, taught)),
    )


def describe(explanation: Explanation) -> str:
    """Return an explanation as text, for people to read."""
    shown = [f"{'':<14}{explanation.ids[0]}", f"{'':<14}{explanation.ids[1]}", ""]
    for line in explanation.lines:
        if line.one or line.other:
            shown += [f"{line.column:<14}{line.one or '–'}", f"{'':<14}{line.other or '–'}"]
    shown += [
        "",
        "shared blocks: " + ("; ".join(explanation.blocks) or "none, so they are never compared"),
        "",
    ]
    for field, value in explanation.similarities:
        meaning = FIELDS[field]
        shown.append(f"{field:<14} {'–' if value is None else f'{value:.2f}':>6}  {meaning}")
    shown += ["", *explanation.lessons] if explanation.lessons else []
    shown.append("")
    for attempt in explanation.attempts:
        outcome = (
            f"no: not {', not '.join(attempt.failed)}" if attempt.failed else f"yes: {attempt.rule.verdict}"
        )
        shown.append(f"{attempt.rule.name}: {outcome}")
    rule = explanation.rule
    shown.append("")
    if rule is None:
        shown.append("verdict: none; no rule passes")
    else:
        shown.append(f"verdict: {rule.verdict}, by the rule {rule.name!r}, because {rule.why}")
    return "\n".join(shown) + "\n"


def is_same(one: str, other: str) -> bool | None:
    """
    Return whether two cells say the same, whatever the spelling; None where either is blank.

    >>> is_same("Peer-support", "PEER SUPPORT."), is_same("Peers", ""), is_same("2019", "2020")
    (True, None, False)
    """
    return fold(one) == fold(other) if one and other else None


def strange_words(cell: str, against: str) -> list[tuple[str, bool]]:
    """
    Return a cell's words, each with whether the other cell lacks it; against a blank one, none is strange.

    >>> strange_words("Peers on wards", "PEERS in wards")
    [('Peers', False), ('on', True), ('wards', False)]
    """
    known = set(fold(against).split())
    return [(word, bool(known) and not set(fold(word).split()) <= known) for word in cell.split()]


def _lines(pair: pd.DataFrame) -> list[Line]:
    lines = []
    for column in COMPARED:
        one, other = pair[column].iloc[0], pair[column].iloc[1]
        lines.append(Line(column, one, other, is_same(one, other)))
    return lines
