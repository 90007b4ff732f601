"""
The numbers that a paper prints → whether they add up, under each reading that its words leave open.

A reading is one way to understand the text: which of two numbers a box
holds, whether studies are reports, whether what other methods found was
screened. A paper differs where it does under every reading; what else would
make it add up, of which it says nothing, is ``readings``' to propose.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Protocol

from peerreview.flow import IDENTIFIED, OTHER_METHODS, Box, Flow, Part, gaps, parting, weighing
from peerreview.flow.identities import Verdict, check
from peerreview.flow.readings import Reading, find_readings

HOLDS, DIFFERS, UNKNOWN = "holds", "differs", "cannot be checked"
MOST_READINGS = 96
"""A text that can be read in more ways says nothing for certain."""
_ADDED_UP = ("excluded", "reports_excluded", "duplicates", "not_retrieved")
"""Boxes that a paper may give piece by piece."""
_LATER = ("duplicates", "screened", "excluded", "sought", "assessed", "reports_excluded")
_OTHERS = tuple(OTHER_METHODS.values())


class Statement(Protocol):
    """A number that a paper prints, and a box that it may be in; see ``imports.papers.statements``."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def box(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def sentence(self) -> str: ...  # noqa: D102
    @property
    def is_rest(self) -> bool: ...  # noqa: D102
    @property
    def noun(self) -> str: ...  # noqa: D102
    @property
    def passage(self) -> int: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def is_firm(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True)
class Number:
    """
    A number that a paper prints, with the boxes that it may be in.

    Without a box it stands beside the flow's numbers and was not read as
    one of them. ``of`` are the numbers, counted through the paper, that say the same.
    """

    n: int
    boxes: tuple[str, ...]
    place: str
    sentence: str
    noun: str = ""
    is_rest: bool = False
    passage: int = 0
    number: int = 0
    kind: str = ""
    is_firm: bool = True


@dataclass(frozen=True)
class Option:
    """One way to understand what a text leaves open: the boxes under it."""

    says: str
    counts: Mapping[str, int]
    is_unsaid: bool = False


@dataclass(frozen=True)
class Read:
    """
    A reading of the text: what it takes for granted, the flow, a verdict on each identity.

    ``chosen`` counts the ways to choose among numbers that the text gives
    for one box; ``is_unsaid`` is whether it closes a gap by what no word says.
    """

    says: tuple[str, ...]
    flow: Flow
    verdicts: tuple[Verdict, ...]
    chosen: int = 0
    is_unsaid: bool = False

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """The identities that do not hold under it."""
        return tuple(each for each in self.verdicts if each.status == "fails")


@dataclass(frozen=True)
class Sum:
    """An identity over all readings; ``why`` are the sums, one for each way that it comes out."""

    id: str
    says: str
    status: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """
    What a paper's numbers add up to.

    ``boxes`` are the counts that each box may hold, as printed; ``once`` the
    numbers of them that one passage alone says and nothing bears out; ``assumed``
    what would make a paper add up that differs as it is written.
    """

    status: str
    boxes: Mapping[str, tuple[int, ...]]
    numbers: tuple[Number, ...]
    reads: tuple[Read, ...]
    sums: tuple[Sum, ...]
    assumed: tuple[Reading, ...] = ()
    why: str = ""
    once: Mapping[str, tuple[Number, ...]] = field(default_factory=dict)

    @property
    def exit_status(self) -> int:
        """0 where all adds up, 1 where it does not, 3 where that cannot be told."""
        return {HOLDS: 0, DIFFERS: 1, UNKNOWN: 3}[self.status]


def audit(statements: Sequence[Statement], *, unread: str = "") -> Audit:
    """
    Return whether a paper's numbers add up.

    Parameters
    ----------
    statements : the numbers, in the paper's order.
    unread : why there may be none, as that the paper is in Spanish.
    """
    numbers = _numbers(statements)
    printed = _Printed.of(numbers)
    numbers = printed.numbers
    once = weighing.told_once(printed.sure, numbers)
    questions = list(_questions(printed))
    if not printed.said:
        return Audit(UNKNOWN, {}, numbers, (), (), why=unread or "no number of a flow is read in the text")
    n_readings = 1
    for options in questions:
        n_readings *= len(options)
    if n_readings > MOST_READINGS:
        why = f"the text can be read in {n_readings:,} ways"
        return Audit(UNKNOWN, printed.said, numbers, (), (), why=why, once=once)
    reads = _distinct(
        replace(read, chosen=number)
        for number, chosen in enumerate(product(*questions))
        for read in _understood(printed, chosen)
    )
    sums = tuple(_over(reads))
    status, why = _judged(reads, printed)
    # Where each reading fails by the same sums, what would make the plainest add up is said.
    is_one = len({tuple(str(verdict) for verdict in read.failing) for read in reads}) == 1
    assumed = tuple(find_readings(reads[0].flow)) if status == DIFFERS and is_one else ()
    return Audit(status, printed.said, numbers, reads, sums, assumed, why, once)


def _numbers(statements: Sequence[Statement]) -> tuple[Number, ...]:
    grouped: dict[int, list[Statement]] = defaultdict(list)
    for each in statements:
        grouped[each.number].append(each)
    return tuple(
        Number(
            of[0].n,
            tuple(dict.fromkeys(each.box for each in of if each.box)),
            of[0].place,
            of[0].sentence,
            of[0].noun,
            of[0].is_rest,
            of[0].passage,
            number,
            of[0].kind,
            of[0].is_firm,
        )
        for number, of in sorted(grouped.items())
    )


# ---- what is printed for each box


@dataclass(frozen=True)
class _Printed:
    """The numbers by their boxes: ``sure`` are of one box, ``open`` of one of two."""

    numbers: tuple[Number, ...]
    sure: Mapping[str, tuple[Number, ...]]
    open: tuple[Number, ...]
    said: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    doubted: tuple[Number, ...] = ()

    @staticmethod
    def of(numbers: Sequence[Number]) -> "_Printed":
        sure: dict[str, list[Number]] = defaultdict(list)
        for each in numbers:
            if len(each.boxes) == 1:
                sure[each.boxes[0]].append(each)
        for each in sure.pop("yielded", []):
            if not sure["databases"]:
                sure["databases"].append(each)
            sure["screened"].append(each)
        for each in sure.pop("after_duplicates", []):
            # Records left after duplicates are those that are screened, unless it says how many were.
            told = {other.n for other in sure["screened"] if other.boxes == ("screened",)}
            if not told or each.n in told:
                sure["screened"].append(each)
        for each in sure.pop("chosen", []):
            # What is chosen for full text is sought, and where nothing is said to be missing, assessed.
            told = {other.n for other in sure["assessed"]}
            is_sought = sure["not_retrieved"] or (told and each.n not in told)
            sure["sought" if is_sought else "assessed"].append(each)
        for each in sure.pop("meta_analysis", []):
            if not any(other.boxes[0] in ("studies", "reports") for other in numbers if other.boxes):
                sure["reports" if each.noun[:6] in _OF_REPORTS else "studies"].append(each)
        still_open = []
        for each in (each for each in numbers if len(each.boxes) > 1):
            same = [box for box in each.boxes if each.n in {other.n for other in sure.get(box, ())}]
            free = [box for box in each.boxes if not sure.get(box)]
            if same:
                continue
            # What no word puts before screening is not said to be so because others are behind it.
            if len(free) == 1 and len(each.boxes) == 2 and free != ["other_reasons"]:
                sure[free[0]].append(each)
            else:
                still_open.append(each)
        parting.part_others(sure)
        parting.part_total(sure)
        parting.part_sought(sure)
        found = {each.n for each in sure["databases"]}
        # All that was found may be said to have been assessed for eligibility: that is screened.
        sure["assessed"] = [
            each for each in sure["assessed"] if each.n not in found or "full" in each.sentence.lower()
        ]
        weighed, doubted = weighing.weigh(sure)
        kept = {box: tuple(of) for box, of in weighed.items()}
        taken = {(box, each.number) for box, of in kept.items() for each in of}
        dropped = {
            each.number for box, of in sure.items() for each in of if (box, each.number) not in taken
        } - {number for _, number in taken}
        numbers = [replace(each, boxes=()) if each.number in dropped else each for each in numbers]
        said = {
            box: tuple(dict.fromkeys(each.n for each in _supported(kept[box])))
            for box in kept
            if box not in ("source", "meta_analysis", "identified")
        }
        return _Printed(tuple(numbers), kept, tuple(still_open), said, tuple(doubted))

    def first(self, box: str) -> Number | None:
        return next(iter(self.sure.get(box, ())), None)


_OF_REPORTS = frozenset(word[:6] for word in ("articles", "papers", "publications", "reports", "records"))


def _supported(of: Sequence[Number]) -> list[Number]:
    """Return the numbers of a box that most passages say; where each says another, all."""
    places: dict[int, set[int]] = defaultdict(set)
    for each in of:
        places[each.n].add(each.passage)
    most = max(map(len, places.values()))
    return [each for each in of if len(places[each.n]) == most]


# ---- what the text leaves open


def _questions(printed: _Printed) -> Iterator[list[Option]]:
    """Yield, for each thing that is left open, the ways to understand it."""
    for box, counts in printed.said.items():
        if box in ("databases", *_OTHERS):
            continue
        for options in _which(printed, box, counts):
            if box == "excluded" and _is_before_screening(printed):
                options.append(Option("some were excluded before the others were screened", {}))
            yield options
    yield from _identified(printed)
    for each in printed.open:
        yield [Option(f"the {each.n:,} are {_name(box)}", {box: each.n}) for box in each.boxes]


def _is_before_screening(printed: _Printed) -> bool:
    """Whether the text names what was excluded in a sentence before it says how many were screened."""
    out, screened = printed.first("excluded"), printed.first("screened")
    if out is None or screened is None or out.sentence == screened.sentence:
        return False
    return out.passage == screened.passage and out.number < screened.number


def _name(box: str) -> str:
    return box.replace("_", " ")


def _which(printed: _Printed, box: str, counts: Sequence[int]) -> Iterator[list[Option]]:
    if len(counts) == 1:
        yield [Option("", {box: counts[0]})]
        return
    options = [Option(f"{_name(box)} {n:,}", {box: n}) for n in counts]
    in_one = {each.passage for each in printed.sure[box] if each.n in counts}
    if box in _ADDED_UP and len(in_one) == 1:
        total = sum(counts)
        if total - max(counts) == max(counts):
            # The parts of a total that stands with them.
            yield [Option("", {box: max(counts)})]
            return
        options.append(Option(f"{_name(box)} {total:,} in all", {box: total}))
    yield options


def _identified(printed: _Printed) -> Iterator[list[Option]]:
    """Yield how many databases and other methods found, and whether a total counts both."""
    counts = printed.said.get("databases", ())
    sources = _sources(printed)
    others = {box: printed.said[box] for box in _OTHERS if box in printed.said}
    for box, of in others.items():
        yield from _which(printed, box, of)
    if counts:
        yield [Option(f"identified {n:,}" if len(counts) > 1 else "", {"databases": n}) for n in counts]
    elif sources:
        total = sum(each.n for each in sources)
        yield [
            Option(f"the {len(sources)} sources are all", {"databases": total}),
            Option("there are sources without a number", {}),
        ]


def _sources(printed: _Printed) -> tuple[Number, ...]:
    return parting.sources_of(printed.sure.get("source", ()))


def _understood(printed: _Printed, chosen: Sequence[Option]) -> Iterator[Read]:
    """Yield the flows under some options, and under what no number says."""
    counts: dict[str, int] = {}
    for option in chosen:
        for box, n in option.counts.items():
            # What is open may be a further piece of a box that has a number already.
            counts[box] = counts.get(box, 0) + n
    says = tuple(option.says for option in chosen if option.says)
    sources = _sources(printed)
    parts = tuple(Part("", each.n) for each in sources)
    for columns in _columns(printed, counts):
        for retrieved in _retrieval(printed, columns.counts):
            for included in _inclusion(printed, retrieved.counts):
                steps = (columns, retrieved, included)
                boxes = {box: Box(n) for box, n in included.counts.items()}
                if parts and "databases" in boxes and _are_all(sources, included.counts["databases"]):
                    boxes["databases"] = replace(boxes["databases"], parts=parts)
                flow = Flow(boxes)
                verdicts = tuple(each for each in check(flow) if each.level == "error" and each.id != "R1")
                told = (*says, *(step.says for step in steps if step.says))
                yield Read(told, flow, verdicts, is_unsaid=any(step.is_unsaid for step in steps))


_FEWEST_SOURCES = 3


def _are_all(shares: Sequence[Number], total: int) -> bool:
    """Whether shares are to add up: two that are less than the total, or that it includes, may be some."""
    n_parts = sum(each.n for each in shares)
    is_some = len(shares) < _FEWEST_SOURCES or any("includ" in each.sentence for each in shares)
    # Far more than the total are hits of another count.
    return n_parts < 2 * total and (not is_some or n_parts >= total)


_Counts = Mapping[str, int]


def _columns(printed: _Printed, counts: _Counts) -> Iterator[Option]:
    """Yield where the reports of other methods went, if the text names them after screening has begun."""
    later = [found for box in _LATER if (found := printed.first(box))]
    late = {
        box: n
        for box, n in counts.items()
        if box in _OTHERS
        and (first := printed.first(box))
        and any(each.passage == first.passage and each.number < first.number for each in later)
    }
    n_late = sum(late.values())
    if late:
        early = {box: n for box, n in counts.items() if box in _OTHERS and box not in late}
        # What other methods found before is screened with what databases found: it is one column for them.
        rest = {box: n for box, n in counts.items() if box not in early}
        if early and "databases" in rest:
            rest["databases"] += sum(early.values())
        # One number of excluded reports counts both columns.
        right = {
            "other_sought": n_late,
            "other_not_retrieved": 0,
            "other_assessed": n_late,
            "other_reports_excluded": 0,
        }
        own = f"the {n_late:,} of other methods skip screening"
        if counts.get("assessed", 0) >= n_late:
            left = {**rest, **right, "assessed": counts["assessed"] - n_late}
            yield Option(f"{own}, and are among those assessed", left)
        yield Option(f"{own}, and are not among those assessed", {**rest, **right})
    yield Option("the other methods' records were screened with the rest" if late else "", counts)


def _retrieval(printed: _Printed, counts: _Counts) -> Iterator[Option]:
    """Yield what was sought, not retrieved and assessed, where the text goes from one to the next."""
    assessed, missing, sought = counts.get("assessed"), counts.get("not_retrieved"), counts.get("sought")
    if assessed is None or sought is not None:
        if assessed is None and sought is not None and missing is not None and sought >= missing:
            counts = {**counts, "assessed": sought - missing}
        yield Option("", _assessed_at_once(counts) if assessed is None and sought is None else counts)
    elif missing:
        yield Option("those assessed were retrieved", {**counts, "sought": assessed + missing})
        # Who says first how many, and then that some were missing, may count these in.
        one, other = printed.first("assessed"), printed.first("not_retrieved")
        if assessed >= missing and one and other and one.number < other.number:
            within = {**counts, "sought": assessed, "assessed": assessed - missing}
            yield Option("those assessed include what was not retrieved", within)
    elif "screened" not in counts or "excluded" not in counts:
        yield Option("", counts)
    else:
        gap = counts["screened"] - counts["excluded"] - assessed
        is_rest = any(each.is_rest and each.n == assessed for each in printed.sure.get("assessed", ()))
        is_open = gap > 0 and not is_rest and missing is None
        told = "all reports were retrieved" if is_open else ""
        yield Option(told, {**counts, "sought": assessed, "not_retrieved": 0})
        if is_open:
            some = {**counts, "sought": assessed + gap, "not_retrieved": gap}
            yield Option(f"{gap:,} reports were not retrieved", some, is_unsaid=True)


def _assessed_at_once(counts: _Counts) -> _Counts:
    """Return counts with what was assessed, where records were judged once and all that were left are in."""
    included = counts.get("reports", counts.get("studies"))
    screened = counts.get("screened")
    if screened is None and "databases" in counts and "duplicates" in counts:
        # How many were screened follows, where no number says it.
        screened = sum(counts.get(box, 0) for box in IDENTIFIED) - counts["duplicates"]
    if included is None or screened is None or "excluded" not in counts or "not_retrieved" in counts:
        return counts
    left = screened - counts["excluded"]
    if left - counts.get("reports_excluded", 0) != included:
        return counts
    return {
        "reports_excluded": 0,
        **counts,
        "screened": screened,
        "sought": left,
        "not_retrieved": 0,
        "assessed": left,
    }


def _inclusion(printed: _Printed, counts: _Counts) -> Iterator[Option]:
    """Yield whether the studies are as many reports, where the text has a number of studies alone."""
    studies, reports = counts.get("studies"), counts.get("reports")
    if studies is None or reports is not None:
        yield Option("", counts)
        if studies is not None and studies != reports and not _are_left_of_those_assessed(printed):
            # Screening tools count studies once a study is made of its reports.
            yield Option("reports are counted as their studies", {**counts, "reports": studies})
        return
    left = None
    if "assessed" in counts and "reports_excluded" in counts:
        left = counts["assessed"] - counts["reports_excluded"] + counts.get("other_assessed", 0)
    has_several = left is not None and left > studies
    yield Option("each study has one report" if has_several else "", {**counts, "reports": studies})
    if has_several:
        yield Option("some studies have several reports", counts, is_unsaid=True)
    elif left != studies and not _counts_studies(printed):
        yield Option("some reports tell of several studies", counts, is_unsaid=True)
    if counts.get("assessed") == studies and counts.get("reports_excluded"):
        # As many are in as were assessed: what was excluded may have been so on the way there.
        before = {box: n for box, n in counts.items() if box != "reports_excluded"}
        yield Option("what was excluded was so before", {**before, "reports": studies}, is_unsaid=True)


def _are_left_of_those_assessed(printed: _Printed) -> bool:
    """Whether the sentence of how many reports were excluded says how many are left: the sum counts these."""
    out, left = printed.first("reports_excluded"), printed.first("reports")
    return bool(out and left and out.sentence == left.sentence)


def _counts_studies(printed: _Printed) -> bool:
    """Whether the text counts studies already where it says what was assessed or excluded."""
    before = (printed.first("assessed"), printed.first("reports_excluded"))
    return any(each is not None and each.noun.startswith("stud") for each in before)


def _distinct(reads: Iterable[Read]) -> tuple[Read, ...]:
    """Return each flow once, under the reading that takes least for granted."""
    found: dict[tuple[tuple[str, int | None], ...], Read] = {}
    for each in reads:
        key = tuple(sorted((box, each.flow.n(box)) for box in each.flow.boxes))
        if key not in found or len(each.says) < len(found[key].says):
            found[key] = each
    kept = tuple(found.values())
    holding = {each.chosen for each in kept if not each.is_unsaid and not each.failing}
    # What no word says is not asked for where all adds up without.
    return tuple(each for each in kept if not each.is_unsaid or each.chosen not in holding)


# ---- what comes out


def _over(reads: Sequence[Read]) -> Iterator[Sum]:
    """Yield each identity with what becomes of it under the readings."""
    grouped: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for read in reads:
        for each in read.verdicts:
            if each.id != "P1":
                grouped[each.id, each.says].append(each)
    for (id_, says), verdicts in grouped.items():
        statuses = {each.status for each in verdicts}
        status = UNKNOWN
        if len(verdicts) == len(reads) and statuses == {"holds"}:
            status = HOLDS
        elif len(verdicts) == len(reads) and statuses == {"fails"}:
            status = DIFFERS
        told = [f"{each.status} {each.why}" if len(statuses) > 1 else each.why for each in verdicts]
        yield Sum(id_, says, status, tuple(dict.fromkeys(told)))


_NO: frozenset[str] = frozenset()
_SUMS = {"D0": {"databases"}, "D1": _NO, "D2": _NO, "D3": {"sought", "not_retrieved", "assessed"}, "I1": _NO}
"""Identities of two equal sides, with the boxes that a text must print: else they hold of themselves."""
_PARTS = (
    ("excluded", "screened"), ("sought", "screened"), ("assessed", "sought"), ("not_retrieved", "sought"),
    ("reports_excluded", "assessed"),
)  # fmt: skip


def _judged(reads: Sequence[Read], printed: _Printed) -> tuple[str, str]:
    """Return the verdict on a paper, and why where that is not plain."""
    groups: dict[int, list[Read]] = defaultdict(list)
    for each in reads:
        groups[each.chosen].append(each)
    statuses = {_status_of(group) for group in groups.values()}
    if printed.doubted and statuses <= {HOLDS, DIFFERS}:
        told = ", ".join(dict.fromkeys(f"{each.n:,}" for each in printed.doubted))
        return UNKNOWN, f"{told} in the text does not fit the others, and is not read as a number of the flow"
    if statuses == {DIFFERS}:
        by, pieces = gaps.explained(reads, printed.numbers), parting.in_pieces(printed.sure)
        failing = {verdict.id for each in reads for verdict in each.failing if verdict.d is not None}
        if failing <= set(pieces):
            told = " and ".join(_name(pieces[id_]) for id_ in sorted(failing))
            return UNKNOWN, f"{told} are given in pieces, which may not be all"
        if by:
            return UNKNOWN, f"{by} in the text is not read as a number of the sum, and would make it add up"
        sums = [(each.flow, verdict) for each in reads for verdict in each.failing]
        if all(verdict.id in pieces or gaps.is_told_in_part(flow, verdict) for flow, verdict in sums):
            return UNKNOWN, "more is missing from a sum than the text tells of"
        if not all(parting.is_told_together(printed.sure, id_) for id_ in failing):
            return UNKNOWN, "what does not add up stands in several places of the text"
        return DIFFERS, ""
    if statuses == {HOLDS}:
        if any(_adds_up(each, printed.said) for each in reads):
            return HOLDS, ""
        return UNKNOWN, "the text does not say enough numbers that belong to one sum"
    n_holding = sum(not each.failing for each in reads)
    if not n_holding:
        return UNKNOWN, "a later number is larger than an earlier one: one may be of something else"
    return UNKNOWN, f"adds up under {n_holding} of {len(reads)} readings of the text"


def _adds_up(read: Read, said: Mapping[str, object]) -> bool:
    """Whether two sides of a reading are equal, of numbers that are printed, and none is not."""
    told = {id_ for id_, boxes in _SUMS.items() if boxes <= said.keys()}
    return not read.failing and any(each.status == "holds" and each.id in told for each in read.verdicts)


def _status_of(group: Sequence[Read]) -> str:
    """Return what becomes of one choice of printed numbers: one way to place them that adds up is enough."""
    if any(not each.failing and not each.is_unsaid for each in group):
        return HOLDS
    return DIFFERS if all(map(_is_firm, group)) else UNKNOWN


def _is_firm(read: Read) -> bool:
    """
    Whether a reading fails in a sum, and not just because a later box is larger than an earlier one.

    Where it is, one of them is of something else.
    """
    n = read.flow.n
    is_sane = all((n(part) or 0) <= (n(whole) or 0) for part, whole in _PARTS if n(whole) is not None)
    return is_sane and any(each.d is not None for each in read.failing)
