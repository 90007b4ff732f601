"""Ways to read printed numbers that do not add up under which they would."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from peerreview.flow import OTHER_METHODS, Flow, is_right
from peerreview.flow.bounds import sides
from peerreview.flow.identities import IDENTITIES, Verdict, applies, check, fails

MOST_ASSUMED = 3
MOST_FOUND = 8
_UNREPORTED = {
    "D1": (("other_reasons", "records were removed before screening for other reasons"),),
    "D2": (("excluded", "more records were excluded than reported"),),
    "D3": (("not_retrieved", "reports were not retrieved"),),
    "O2": (("other_not_retrieved", "reports of other methods were not retrieved"),),
    "I1": (("reports_excluded", "more reports were excluded than reported"),),
}
"""What may have been left out of a paper, by the identity that fails without it."""
_BOTH_COLUMNS = ("sought", "not_retrieved", "assessed", "reports_excluded")


@dataclass(frozen=True)
class Assumption:
    """One thing that a paper does not say; ``counts`` are what boxes hold if it is so."""

    says: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Reading:
    """
    Assumptions under which every identity that can be checked holds.

    ``implied`` are the counts that follow for blank boxes; those that only
    follow if all reports were retrieved are in ``implied_if_retrieved``.
    """

    assumptions: tuple[Assumption, ...]
    implied: Mapping[str, int]
    implied_if_retrieved: Mapping[str, int]

    def __str__(self) -> str:
        text = "; ".join(assumption.says for assumption in self.assumptions)
        for given, counts in (
            ("implied", self.implied),
            ("implied if all reports were retrieved", self.implied_if_retrieved),
        ):
            if counts:
                text += f"; {given}: " + ", ".join(f"{key} {n:,}" for key, n in counts.items())
        return text


def find_readings(flow: Flow) -> list[Reading]:
    """
    Return the readings of a flow that fails, those with the fewest assumptions first.

    A general search: each failing identity proposes what would mend it (a
    count that belongs in the other column, records merged before the
    duplicates were removed, a removal that was not reported, studies counted
    for reports), and so on from there, up to three assumptions deep. A
    reading that holds is not extended, and none is listed that needs all the
    assumptions of another.
    """
    found: list[Reading] = []
    known: list[frozenset[str]] = []
    level: list[tuple[Flow, tuple[Assumption, ...]]] = [(flow, ())]
    for _ in range(MOST_ASSUMED):
        deeper = []
        for current, assumed in level:
            for assumption in _propose(current, fails(check(current))):
                says = frozenset(each.says for each in (*assumed, assumption))
                if len(says) <= len(assumed) or any(other <= says for other in known):
                    continue
                changed = current.with_counts(**assumption.counts)
                path = (*assumed, assumption)
                if fails(check(changed)):
                    deeper.append((changed, path))
                    continue
                reading = _complete(changed, path)
                if reading is not None:
                    found.append(reading)
                    known.append(says)
        level = deeper
    return found[:MOST_FOUND]


def _propose(flow: Flow, failing: list[Verdict]) -> Iterator[Assumption]:
    """Yield what would mend the first identity that fails."""
    if not failing:
        return
    first = failing[0]
    d = first.d or 0
    if first.id == "D1":
        yield from _in_another_column(flow, d)
    if first.id == "D1" and d:
        duplicates = (flow.n("duplicates") or 0) + d
        if duplicates >= 0:
            merged = _made_of(flow, d)
            how = f"{merged} were merged before duplicates were removed, and " if merged else ""
            yield Assumption(f"{how}the duplicates are {duplicates:,}", {"duplicates": duplicates})
    if d > 0:
        for key, what in _UNREPORTED.get(first.id, ()):
            yield Assumption(f"{d:,} {what}, and this was not reported", {key: (flow.n(key) or 0) + d})
    if first.id in ("I1", "I2"):
        yield from _reports_for_studies(flow)
    if first.id in ("D2", "D3", "I1"):
        yield from _of_both_columns(flow, d)


def _in_another_column(flow: Flow, d: int) -> Iterator[Assumption]:
    known = [(key, n) for key in OTHER_METHODS.values() if (n := flow.n(key))]
    if flow.is_one_column:
        v = sum(n for _, n in known)
        names = ", ".join(key for key, _ in known)
        own = f"the {v:,} of {names} skip screening, in a column of their own"
        column = {"other_sought": v, "other_not_retrieved": 0, "other_assessed": v}
        yield Assumption(f"{own}, and later counts leave them out", column)
        later = {key: n - v for key in ("sought", "assessed") if (n := flow.n(key)) is not None and n >= v}
        if later:
            counts = "counts" if len(later) == 1 else "count"
            yield Assumption(f"{own}, and {' and '.join(later)} {counts} them in", {**column, **later})
        return
    for size in range(1, len(known) + 1):
        for some in combinations(known, size):
            if d and sum(n for _, n in some) == d:
                names = ", ".join(key for key, _ in some)
                databases = (flow.n("databases") or 0) - d
                yield Assumption(f"databases count the {d:,} of {names} in", {"databases": databases})


def _made_of(flow: Flow, d: int) -> str:
    known = [(key, n) for key in OTHER_METHODS.values() if (n := flow.n(key))]
    for size in range(1, len(known) + 1):
        for some in combinations(known, size):
            if sum(n for _, n in some) == abs(d):
                return f"the {abs(d):,} of {', '.join(key for key, _ in some)}"
    return ""


def _reports_for_studies(flow: Flow) -> Iterator[Assumption]:
    studies, reports = flow.n("studies"), flow.n("reports")
    if studies is None or reports is None or studies == reports:
        return
    if studies > reports:
        yield Assumption(
            f"the {studies:,} studies are reports, of {reports:,} studies",
            {"studies": reports, "reports": studies},
        )
    else:
        yield Assumption(
            f"the {studies:,} studies are reports, of as many studies or fewer", {"reports": studies}
        )


def _of_both_columns(flow: Flow, d: int) -> Iterator[Assumption]:
    for key in _BOTH_COLUMNS:
        n, right = flow.n(key), flow.n(f"other_{key}")
        if n is not None and right and n >= right and abs(d) == right:
            yield Assumption(f"{key} counts both columns, {right:,} of it the other one", {key: n - right})


def _complete(flow: Flow, assumed: tuple[Assumption, ...]) -> Reading | None:
    """Return a reading with what follows from it; None where a count would be below zero."""
    implied = _implied(flow)
    whole = flow.with_counts(**implied)
    retrieved: dict[str, int] = {}
    if whole.n("not_retrieved") is None:
        with_zero = whole.with_counts(not_retrieved=0)
        retrieved = _implied(with_zero)
        if any(n < 0 for n in retrieved.values()) or fails(check(with_zero.with_counts(**retrieved))):
            retrieved = {}
    if any(n < 0 for n in implied.values()) or fails(check(whole)):
        return None
    return Reading(assumed, implied, retrieved)


def _implied(flow: Flow) -> dict[str, int]:
    """Return the blank counts that identities determine, one after the other."""
    implied: dict[str, int] = {}
    while True:
        current = flow.with_counts(**implied)
        solved = _solve_one(current)
        if solved is None:
            return implied
        implied[solved[0]] = solved[1]


def _solve_one(flow: Flow) -> tuple[str, int] | None:
    for identity in IDENTITIES:
        relation, left, right = sides(identity.formula)
        if relation != "=" or "[]" in identity.formula or not applies(flow, identity):
            continue
        if flow.is_one_column and any(is_right(term.key) for term in right):
            continue
        terms = [(term, term.sign) for term in left] + [(term, -term.sign) for term in right]
        blank = [(term, sign) for term, sign in terms if not term.optional and flow.n(term.key) is None]
        if len(blank) == 1:
            term, sign = blank[0]
            rest = sum(each * (flow.n(other.key) or 0) for other, each in terms)
            return term.key, -sign * rest
    return None
