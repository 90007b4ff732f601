"""Where a number of agreement misleads: a line for each kind of caution, with its count and of whom it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from peerreview.agreement.estimates import ReviewerPair
    from peerreview.agreement.measured import StageMeasured

FEW_RECORDS, FEW_INCLUDES, FEW_SHARED = 50, 10, 20
HIGH_PERCENT, LOW_KAPPA = 0.9, 0.4
MOST_NAMED = 12


def cautions(stage: StageMeasured, of: str = "standing") -> list[str]:
    """
    Return where a number misleads, a line for each kind.

    Parameters
    ----------
    stage : as ``measure`` returns it.
    of : which votes were measured; final ones claim no independence.
    """
    return [*_of_votes(stage, of), *_of_pairs(stage)]


def undated(n_without_time: int) -> str:
    """Return the caution of votes without a time."""
    return (
        f"votes without a time: {n_without_time:,}; they may have been changed "
        "after discussion, so that agreement reads too high"
    )


def before_caution(stage: StageMeasured, of: str) -> list[str]:
    """Return what speaks against calling a stage's votes independent of each other; nothing of final ones."""
    return [undated(stage.n_without_time)] if stage.n_without_time and of != "final" else []


def _of_votes(stage: StageMeasured, of: str) -> Iterator[str]:
    if of == "final":
        yield "final votes: where conflicts were settled by changing votes, agreement reads too high"
    elif stage.n_without_time:
        yield undated(stage.n_without_time)
    ties = stage.tie_breakers
    for has_times, how in (
        (True, "after both others"),
        (False, "without times, but more often than chance would choose them"),
    ):
        if told := [each for each in ties if each.is_left_out and each.has_times == has_times]:
            named = _named([f"{each.reviewer} ({_records(each.n_records)})" for each in told])
            yield (
                f"left out, for they voted on conflicts alone, {how}, and so broke ties: {named}; "
                "with the role adjudicator screen takes their word, too"
            )
    if unsure := [each.reviewer for each in ties if not each.is_left_out]:
        yield (
            f"voted on conflicts alone, and no time tells whether after both others: {_named(unsure)}; "
            "if they broke ties, fill in the role adjudicator"
        )
    if names := stage.named_like_resolutions:
        yield (
            f"reviewers named as a resolution is: {_named(names)}; "
            "if their votes settle conflicts, fill in the role consensus or adjudicator"
        )


def _of_pairs(stage: StageMeasured) -> Iterator[str]:
    pairs = stage.pairs
    apart = [_who(pair) for pair in pairs if not pair.statistics.n_both]
    if apart:
        yield (
            f"{apart[0]} share no record" if len(apart) == 1 else f"pairs that share no record: {_few(apart)}"
        )
    shared = [pair for pair in pairs if pair.statistics.n_both]
    for lowest, most, one, more in (
        (0, FEW_SHARED, ", too few to tell", "too few to tell"),
        (FEW_SHARED, FEW_RECORDS, "; intervals are wide", "so that intervals are wide"),
    ):
        few = {
            _who(pair): pair.statistics.n_both for pair in shared if lowest <= pair.statistics.n_both < most
        }
        if len(few) == 1:
            who, n = next(iter(few.items()))
            yield f"records that {who} share: {n}{one}"
        elif few:
            yield f"pairs that share fewer than {most} records, {more}: {_few(_counted(few))}"
    rare = {
        _who(pair): n
        for pair in shared
        if pair.statistics.of_two is not None
        for n in (pair.statistics.n_both - pair.statistics.table[1][1],)
        if n < FEW_INCLUDES
    }
    first = stage.categories[0]
    if len(rare) == 1:
        who, n = next(iter(rare.items()))
        yield f"{first} by {who} or either: {n}; kappa's interval is too narrow"
    elif rare:
        yield (
            f"pairs with {first} by both or either on fewer than {FEW_INCLUDES} records, so that kappa's "
            f"interval is too narrow: {_few(_counted(rare))}"
        )
    yield from _constant(stage, shared)
    low = [
        _who(pair)
        for pair in shared
        for percent, kappa in ((pair.statistics.percent, pair.statistics.cohen.value),)
        if percent is not None and kappa is not None and percent >= HIGH_PERCENT and kappa < LOW_KAPPA
    ]
    if low:
        who = low[0] if len(low) == 1 else f"pairs, {_few(low)}"
        yield f"{who}: high agreement, low kappa: one category is rare; read AC1 and PABAK"


def _constant(stage: StageMeasured, pairs: Sequence[ReviewerPair]) -> Iterator[str]:
    """Yield who chose one category throughout; their kappa is 0, or undefined, by necessity."""
    partners: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        table, n_both = pair.statistics.table, pair.statistics.n_both
        for name, other, totals in (
            (pair.reviewer_1, pair.reviewer_2, [sum(row) for row in table]),
            (pair.reviewer_2, pair.reviewer_1, [sum(column) for column in zip(*table, strict=True)]),
        ):
            if n_both in totals:
                category = stage.categories[totals.index(n_both)]
                partners.setdefault((name, category), []).append(other)
    if len(partners) == 1:
        (name, category), others = next(iter(partners.items()))
        yield f"{name} chose {category} throughout (with {_named(others)})"
    elif partners:
        told = [f"{name} {category}, with {_named(others)}" for (name, category), others in partners.items()]
        yield f"reviewers who chose one category throughout: {_few(told)}"


def _who(pair: ReviewerPair) -> str:
    return f"{pair.reviewer_1} and {pair.reviewer_2}"


def _records(n: int) -> str:
    return f"{n:,} record{'s' * (n != 1)}"


def _counted(found: Mapping[str, int]) -> list[str]:
    return [f"{who} {n}" for who, n in found.items()]


def _few(told: Sequence[str]) -> str:
    """Return how many there are, and who they are."""
    return f"{len(told)} ({_named(told, '; ')})"


def _named(told: Sequence[str], between: str = ", ") -> str:
    more = len(told) - MOST_NAMED
    return between.join(told) if more < 2 else f"{between.join(told[:MOST_NAMED])} and {more} more"
